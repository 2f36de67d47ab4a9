"""How strong something nobody wrote down would have to be to make an effect vanish."""

from __future__ import annotations

from math import sqrt

from analysis.impact.individus.estimation import Effet


def valeur_e(rapport: float) -> float:
    """The E-value of a ratio of risks above 1: RR + √(RR(RR − 1)); 1 for a ratio of 1 or less.

    An unknown characteristic would have to multiply by that much both the chance of being hired and the
    chance of the outcome for the effect to be its doing alone. Source: T. VanderWeele and P. Ding, «
    Sensitivity analysis in observational research: introducing the E-value », Annals of Internal Medicine,
    167(4), 2017.

    >>> round(valeur_e(3.9), 2), valeur_e(0.8)
    (7.26, 1.0)
    """
    return rapport + sqrt(rapport * (rapport - 1)) if rapport > 1 else 1.0


def valeurs_e(effet: Effet) -> tuple[float, float] | None:
    """The E-values of an effect and of the bound of its interval that is nearer to nothing.

    The share observed among those hired is held for known; the share without the hire is what the effect, or
    the bound, leaves of it. A fall is read the other way round. The second is 1 where the interval holds
    zero. None where a share is zero or less: a ratio to nothing has no measure.
    """
    observed = effet.sans + effet.effet
    near = effet.bas if effet.effet >= 0 else effet.haut
    if (near > 0) != (effet.effet > 0):
        near = 0.0
    without, bound = observed - effet.effet, observed - near
    if min(observed, without, bound) <= 0:
        return None
    ratios = (observed / without, observed / bound)
    first, second = ratios if effet.effet >= 0 else (1 / ratios[0], 1 / ratios[1])
    return valeur_e(first), valeur_e(second)
