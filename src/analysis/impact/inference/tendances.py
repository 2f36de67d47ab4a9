"""Whether a place moved like its comparison before, and whether that test could have seen that it did not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np

from analysis.impact.estimateurs.refus import Array, Motif, Refus
from analysis.impact.inference.placebos import Rang, rang

_FINEST: Final = 60
"""Halvings of the slope that is looked for."""


@dataclass(frozen=True)
class Tendance:
    """The test of parallel years before, and its power.

    ``statistique``: the squared distance of the gaps before from nothing, in the covariance of the placebos;
    ``rang`` its rank. ``puissance``: by slope a year, how often a trend of that slope is found;
    ``pente_detectable``: the least slope found eight times in ten, in the unit of the values a period.
    """

    statistique: float
    rang: Rang
    niveau: float
    puissance: tuple[tuple[float, float], ...]
    pente_detectable: float


def tendance(
    ecarts: Array,
    placebos: Array,
    *,
    pentes: Sequence[float] = (),
    niveau: float = 0.05,
    visee: float = 0.8,
) -> Tendance:
    """The joint test that the gaps before are those of a place like the others, with what it can see.

    ``ecarts`` (T₀,) are gaps from the last period before, which is nothing and is left out; ``placebos`` (n,
    T₀). The statistic is g′S⁻¹g with S the placebos' mean product; its rank among theirs is the test. The
    power for a slope s is the share of placebos that it moves past the threshold once s × (periods to the
    base) is added: a test that does not reject and could not have seen anything says nothing (J. Roth, «
    Pretest with caution », AER: Insights 4 (2022), pp. 305-322). Raises `Refus`: fewer than two periods
    before, missing values, too few placebos.

    >>> draw = np.random.default_rng(1).normal(0, 1, (200, 3)) * [1, 1, 0]
    >>> found = tendance(np.array([-8.0, -4.0, 0.0]), draw, pentes=(0.0, 4.0))
    >>> found.rang.rang, [round(power, 2) for _, power in found.puissance]
    (1, [0.05, 1.0])
    """
    own, others = np.asarray(ecarts, float)[:-1], np.asarray(placebos, float)[:, :-1]
    if not len(own):
        raise Refus(Motif.SANS_AVANT)
    if others.shape[1] != len(own):
        raise Refus(Motif.FORME)
    if not (np.isfinite(own).all() and np.isfinite(others).all()):
        raise Refus(Motif.MANQUANT)
    allowed = floor(niveau * (len(others) + 1) + 1e-9)
    if allowed < 1 or len(others) <= len(own):
        raise Refus(Motif.TROP_PEU)
    inverse = np.linalg.pinv(others.T @ others / len(others))

    def far(gaps: Array) -> Array:
        return np.asarray(np.einsum("...i,ij,...j->...", gaps, inverse, gaps))

    distances = far(others)
    threshold = np.sort(distances)[len(others) - allowed]
    steps = np.arange(-len(own), 0, dtype=float)

    def power(slope: float) -> float:
        return float((far(others + slope * steps) >= threshold).mean())

    statistic = float(far(own))
    return Tendance(
        statistic,
        rang(statistic, distances),
        niveau,
        tuple((float(slope), power(slope)) for slope in pentes),
        _least(lambda slope: min(power(slope), power(-slope)), visee, float(np.abs(others).max())),
    )


def _least(power: Callable[[float], float], aim: float, scale: float) -> float:
    """The least slope from which the power reaches an aim, either way, by halving."""
    low, high = 0.0, scale
    while power(high) < aim:
        high *= 2
    for _ in range(_FINEST):
        middle = (low + high) / 2
        low, high = (low, middle) if power(middle) >= aim else (middle, high)
    return high
