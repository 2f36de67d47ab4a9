"""The effects of the territories brought together: how they differ beyond chance, and their mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtrc, stdtrit

from analysis.impact.estimateurs.refus import Array, Motif, Refus


@dataclass(frozen=True)
class Synthese:
    """The mean of effects that differ from place to place, in their unit.

    ``bas`` and ``haut``: its 95 % interval; ``prediction``: where the effect of one more territory would be,
    95 % of the time; ``tau2``: the variance between territories beyond chance; ``i2``: its share, 0 to 1;
    ``q`` and ``p``: the test that there is none; ``poids``: the share of each, in order.
    """

    effet: float
    bas: float
    haut: float
    prediction: tuple[float, float]
    tau2: float
    i2: float
    q: float
    p: float
    poids: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.bas <= self.effet <= self.haut:
            raise ValueError("a mean is inside its interval")
        if abs(sum(self.poids) - 1) > 1e-9 or self.tau2 < 0:
            raise ValueError("weights are shares of a whole, a variance is not negative")


def synthetiser(effets: Sequence[float], variances: Sequence[float]) -> Synthese:
    """The random-effects mean of effects (m,) whose variances by chance are known (m,).

    τ² by Paule and Mandel, wᵢ = 1/(vᵢ + τ²); the interval by Hartung, Knapp, Sidik and Jonkman with m − 1
    degrees of freedom, made for few places (J. IntHout, J. Ioannidis and G. Borm, BMC Medical Research
    Methodology 14 (2014), 25), but never narrower than that of known variances with the same Student quantile
    (C. Röver, G. Knapp and T. Friede, *ibid.* 15 (2015), 99). Prediction: Student with m − 2 (J. Higgins, S.
    Thompson and D. Spiegelhalter, JRSS A 172 (2009), eq. 12). For v give the variance of placebo gaps among
    like places. Raises `Refus`: fewer than three effects, a value that is missing, a variance that is not
    positive.

    >>> found = synthetiser([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    >>> round(found.effet, 3), found.tau2, [round(w, 3) for w in found.poids]
    (2.0, 0.0, [0.333, 0.333, 0.333])
    """
    effects, known = np.asarray(effets, float), np.asarray(variances, float)
    if len(effects) != len(known):
        raise Refus(Motif.FORME)
    if len(effects) < 3:
        raise Refus(Motif.TROP_PEU)
    if not (np.isfinite(effects).all() and np.isfinite(known).all()):
        raise Refus(Motif.MANQUANT)
    if not (known > 0).all():
        raise Refus(Motif.CONSTANTE)
    q, degrees = _excess(effects, known, 0.0), len(effects) - 1
    between = _between(effects, known)
    weights = 1 / (known + between)
    mean = float(weights @ effects / weights.sum())
    plain = 1 / weights.sum()
    adjusted = float(weights @ (effects - mean) ** 2 / weights.sum() / (len(effects) - 1))
    error = max(plain, adjusted) ** 0.5
    reach = float(stdtrit(len(effects) - 1, 0.975)) * error
    far = float(stdtrit(len(effects) - 2, 0.975)) * (between + plain) ** 0.5
    return Synthese(
        mean,
        mean - reach,
        mean + reach,
        (mean - far, mean + far),
        between,
        max(0.0, 1 - degrees / q) if q > 0 else 0.0,
        q,
        float(chdtrc(degrees, q)),
        tuple(float(weight) for weight in weights / weights.sum()),
    )


def _excess(effects: Array, known: Array, between: float) -> float:
    """The weighted sum of squares of effects around their mean: Q, for a variance between places."""
    weights = 1 / (known + between)
    mean = weights @ effects / weights.sum()
    return float(weights @ (effects - mean) ** 2)


def _between(effects: Array, known: Array) -> float:
    """The variance between places for which Q is its degrees of freedom, nothing where it is under them."""
    degrees = len(effects) - 1
    if _excess(effects, known, 0.0) <= degrees:
        return 0.0
    most = float(np.ptp(effects) ** 2) * len(effects)
    return float(brentq(lambda t2: _excess(effects, known, t2) - degrees, 0.0, most, xtol=1e-15))


def variance_du_hasard(placebos: Array) -> float:
    """The variance of placebo gaps (n,) around nothing: what chance alone does to one place.

    Raises `Refus` for fewer than two, or a value that is missing.

    >>> variance_du_hasard(np.array([1.0, -1.0, 2.0, -2.0]))
    2.5
    """
    if len(placebos) < 2:
        raise Refus(Motif.TROP_PEU)
    if not np.isfinite(placebos).all():
        raise Refus(Motif.MANQUANT)
    return float((placebos**2).mean())
