"""What could be seen at all: the least effect that the placebo test would find, before any outcome is
opened."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, floor, log1p

import numpy as np

from analysis.impact.estimateurs.refus import Array, Motif, Refus


@dataclass(frozen=True)
class Detectable:
    """The least rise and the least fall that the test finds as often as ``puissance``, in the unit of the
    placebos.

    Both are distances, positive. ``seuil``: how far from nothing a gap must be for the test to reject at
    ``niveau``.
    """

    hausse: float
    baisse: float
    seuil: float
    niveau: float
    puissance: float
    placebos: int

    def __post_init__(self) -> None:
        if self.seuil < 0 or not 0 < self.niveau < 1 or not 0 < self.puissance < 1:
            raise ValueError("a threshold is not negative, a level and a power are shares")


def effet_detectable(placebos: Array, *, niveau: float = 0.05, puissance: float = 0.8) -> Detectable:
    """The least effect that the rank test of `rang` finds, with placebo gaps (n,) for what chance does.

    The test rejects when fewer than α(n + 1) places are as far from nothing: beyond c, the ⌊α(n + 1)⌋-th
    greatest |gap|. An effect δ is found by the share of placebos with g + δ > c, so the least rise is c − q,
    q the (1 − power) quantile of the gaps, and the least fall c + q′, q′ their quantile at the power. No
    shape is assumed: gaps of communes have long tails. Raises `Refus`: too few placebos for the level, a
    value that is missing.

    H. Bloom, « Minimum detectable effects », Evaluation Review 19 (1995), pp. 547-556, with measured
    quantiles for those of Student.

    >>> found = effet_detectable(np.arange(-50.0, 50.0), niveau=0.1, puissance=0.8)
    >>> found.seuil, found.hausse, found.baisse
    (45.0, 75.0, 74.0)
    """
    if not np.isfinite(placebos).all():
        raise Refus(Motif.MANQUANT)
    count = len(placebos)
    allowed = floor(niveau * (count + 1) + 1e-9)
    if allowed < 1:
        raise Refus(Motif.TROP_PEU)
    threshold = float(np.sort(np.abs(placebos))[count - allowed])
    ordered, found = np.sort(placebos), ceil(puissance * count - 1e-9)
    rise, fall = threshold - ordered[count - found], threshold + ordered[found - 1]
    return Detectable(float(rise), float(fall), threshold, niveau, puissance, count)


def en_unites(effet: float, base: float) -> float:
    """An effect on the logarithm as so many units of a level: base × (e^effect − 1).

    >>> round(en_unites(0.1, 200.0), 1)
    21.0
    """
    return base * (exp(effet) - 1)


def en_pour_cent(effet: float) -> float:
    """An effect on the logarithm in per cent of the level.

    >>> round(en_pour_cent(0.1), 1)
    10.5
    """
    return 100 * (exp(effet) - 1)


def en_logarithme(unites: float, base: float) -> float:
    """So many units added to a level, as an effect on its logarithm; the inverse of `en_unites`.

    >>> round(en_logarithme(21.0, 200.0), 2)
    0.1
    """
    return log1p(unites / base)
