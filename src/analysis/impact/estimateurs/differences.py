"""Differences in differences: the change of a place less the mean change of like places, from two base
years."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from analysis.impact.estimateurs.refus import Alerte, Array, Motif, Refus, verifier


class Base(StrEnum):
    """From where change is counted: the last period before, or the mean of all those before."""

    DERNIERE = "last"
    MOYENNE = "mean"

    def de(self, valeurs: Array, avant: int) -> Array:
        """The value of the base, along the last axis."""
        return valeurs[..., avant - 1] if self is Base.DERNIERE else valeurs[..., :avant].mean(axis=-1)


@dataclass(frozen=True, eq=False)
class Differences:
    """The change of a place less the mean change of its donors, in the unit of the values, from both bases.

    ``ecarts`` (T,) by base: the gap in each period; ``effets`` by base: its mean after; ``donneurs``: how
    many. ``alertes`` has `Alerte.RETOURNEMENT` where the two effects have opposite signs.
    """

    ecarts: dict[Base, Array]
    effets: dict[Base, float]
    donneurs: int
    avant: int
    alertes: tuple[Alerte, ...]


def differences(cible: Array, donneurs: Array, avant: int) -> Differences:
    """The difference in differences of one place on its donors, from the last period before and from their
    mean.

    (yₜ − y₀) − mean over j of (yⱼₜ − yⱼ₀), with 0 the base. Both bases are made: a place that fell before
    regains from one and not from the other. ``cible`` (T,), ``donneurs`` (J, T). Raises `Refus` (see
    `verifier`).

    O. Ashenfelter, « Estimating the effect of training programs on earnings », Review of Economics and
    Statistics 60 (1978), pp. 47-57, for the dip before that makes the base matter.

    >>> found = differences(np.array([10.0, 6.0, 8.0]), np.array([[5.0, 5.0, 5.0], [1.0, 1.0, 3.0]]), 2)
    >>> found.effets[Base.DERNIERE], found.effets[Base.MOYENNE], [str(told) for told in found.alertes]
    (1.0, -1.0, ['retournement'])
    """
    one, many = verifier(cible, donneurs, avant)
    gaps = {base: _gap(one, base, avant) - _gap(many, base, avant).mean(axis=0) for base in Base}
    effects = {base: float(gap[avant:].mean()) for base, gap in gaps.items()}
    turned = effects[Base.DERNIERE] * effects[Base.MOYENNE] < 0
    return Differences(gaps, effects, len(many), avant, (Alerte.RETOURNEMENT,) if turned else ())


def ecarts_differences(
    valeurs: Array, avant: int, base: Base, *, voisins: npt.NDArray[np.intp] | None = None
) -> Array:
    """The gap of each unit to the mean change of the others, or of its pool: the placebos, all at once, (n,
    T).

    ``valeurs`` (n, T); ``voisins`` (n, k): the rows of the pool of each unit. Raises `Refus` (see
    `verifier`).
    """
    verifier(valeurs[0], valeurs[1:], avant)
    change = _gap(valeurs, base, avant)
    if voisins is None:
        return (change - change.mean(axis=0)) * (len(change) / (len(change) - 1))
    if voisins.shape[1] < 2:
        raise Refus(Motif.UN_DONNEUR)
    return change - change[voisins].mean(axis=1)


def _gap(values: Array, base: Base, before: int) -> Array:
    """Change from the base."""
    return values - base.de(values, before)[..., None]
