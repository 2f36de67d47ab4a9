"""The synthetic control: a place beside the mean of donors that is most like it before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.impact.estimateurs.poids import RIDGE, partager, projeter
from analysis.impact.estimateurs.refus import Alerte, Array, Motif, Refus, verifier

ALONE: Final = 0.9
"""The weight from which one donor is nearly the whole comparison."""

SIZES: Final = (30, 100, 300, 1000, 3000)
RIDGES: Final = (1e-6, 1e-4, 1e-2, 1.0)


@dataclass(frozen=True, eq=False)
class Synthetique:
    """A place and its synthetic control, in the unit of the values.

    ``poids`` (J,) sum to one; ``comparaison`` and ``ecart`` (T,): the mean of donors, the place less it;
    ``ajustement``: root mean square of the gap before, for the weights kept (the ridge leaves a little);
    ``distance``: the same for the nearest mean of donors that there is; ``effectifs``: 1/Σw², how many donors
    of equal weight would be as spread; ``alertes``: what must be said beside it.
    """

    poids: Array
    comparaison: Array
    ecart: Array
    avant: int
    ajustement: float
    distance: float
    effectifs: float
    alertes: tuple[Alerte, ...]

    def __post_init__(self) -> None:
        if not np.isclose(self.poids.sum(), 1) or self.poids.min() < 0:
            raise ValueError("weights are shares of a whole")
        if self.ajustement < 0 or self.effectifs < 1 - 1e-9:
            raise ValueError("a fit is not negative, and at least one donor weighs")

    @property
    def effet(self) -> float:
        """The mean gap after, less nothing: a synthetic control stands at the level of its place."""
        return float(self.ecart[self.avant :].mean())

    def rapport(self) -> float:
        """The root mean square of the gap after, over that before (Abadie, Diamond and Hainmueller 2010, p.
        502).

        Raises `Refus` where the fit before is exact: it would divide by rounding.
        """
        if Alerte.AJUSTEMENT_EXACT in self.alertes:
            raise Refus(Motif.AJUSTEMENT_EXACT)
        return float(np.sqrt((self.ecart[self.avant :] ** 2).mean())) / self.ajustement


def synthetique(cible: Array, donneurs: Array, avant: int, *, ridge: float = RIDGE) -> Synthetique:
    """A place beside its synthetic control on the years before, with the declared weights of `partager`.

    ``cible`` (T,), ``donneurs`` (J, T), ``avant`` periods first. The place may be outside the donors' hull:
    the control is then the nearest that there is, and the alert says so. Raises `Refus` (see `verifier`).

    A. Abadie, A. Diamond and J. Hainmueller, « Synthetic control methods for comparative case studies », JASA
    105 (2010), pp. 493-505, with outcomes before as the only predictors.

    >>> donors = np.array([[0.0, 2.0, 5.0], [2.0, 0.0, 5.0], [4.0, 4.0, 9.0]])
    >>> found = synthetique(np.array([1.0, 1.0, 6.0]), donors, 2)
    >>> found.poids.round(2).tolist(), round(found.effet, 2), [str(a) for a in found.alertes]
    ([0.5, 0.5, 0.0], 1.0, ['ajustement_exact'])
    """
    one, many = verifier(cible, donneurs, avant)
    if np.ptp(many[:, :avant]) == 0:
        raise Refus(Motif.CONSTANTE)
    nearest = projeter(one[:avant], many[:, :avant])
    weights = partager(one[None, :avant], many[:, :avant], ridge=ridge)[0]
    comparison = weights @ many
    gap = one - comparison
    fit = float(np.sqrt((gap[:avant] ** 2).mean()))
    told = [Alerte.AJUSTEMENT_EXACT if nearest.exacte else Alerte.HORS_ENVELOPPE]
    if weights.max() >= ALONE:
        told.append(Alerte.UN_SEUL_POIDS)
    spread = float(1 / (weights @ weights))
    return Synthetique(weights, comparison, gap, avant, fit, nearest.distance, spread, tuple(told))


def ecarts_synthetiques(
    valeurs: Array, avant: int, *, voisins: npt.NDArray[np.intp] | None = None, ridge: float = RIDGE
) -> Array:
    """The gap of each unit to its synthetic control among the others: the placebos, all at once, (n, T).

    ``valeurs`` (n, T); ``voisins`` (n, k): the rows of the pool of each unit, all the others without it.
    Raises `Refus` for a value that is missing, fewer than two donors, no period before or after, constants.
    """
    verifier(valeurs[0], valeurs[1:], avant)
    if voisins is None:
        own = np.arange(len(valeurs))
        weights = partager(valeurs[:, :avant], valeurs[:, :avant], ridge=ridge, propres=own)
        return valeurs - weights @ valeurs
    if voisins.shape[1] < 2:
        raise Refus(Motif.UN_DONNEUR)
    pools = valeurs[voisins]
    weights = partager(valeurs[:, :avant], pools[:, :, :avant], ridge=ridge)
    return valeurs - np.matmul(weights[:, None, :], pools)[:, 0, :]


def plus_proches(tailles: Array, nombre: int) -> npt.NDArray[np.intp]:
    """For each unit, the rows of the others nearest in size, (n, nombre), nearest first.

    Ties go to the unit that comes first. Raises `Refus` where there are not so many others, or two at least.

    >>> plus_proches(np.array([1.0, 2.0, 4.0, 8.0]), 2).tolist()
    [[1, 2], [0, 2], [1, 0], [2, 1]]
    """
    if nombre < 2 or len(tailles) <= nombre:
        raise Refus(Motif.UN_DONNEUR)
    if not np.isfinite(tailles).all():
        raise Refus(Motif.MANQUANT)
    found = np.empty((len(tailles), nombre), np.intp)
    order = np.argsort(tailles, kind="stable")
    ranked = tailles[order]
    ranks = np.arange(len(order))
    lows = np.searchsorted(ranked, ranked[np.maximum(ranks - nombre, 0)], side="left")
    highs = np.searchsorted(ranked, ranked[np.minimum(ranks + nombre, len(order) - 1)], side="right")
    for place, (row, low, high) in enumerate(zip(order, lows, highs, strict=True)):
        others = np.delete(np.arange(low, high), place - low)
        apart = np.abs(ranked[others] - tailles[row])
        found[row] = order[others[np.lexsort((order[others], apart))[:nombre]]]
    return found


def semblables(taille: float, tailles: Array, nombre: int) -> npt.NDArray[np.intp]:
    """The rows of the donors nearest in size to one place, nearest first; ties to the one that comes first.

    >>> semblables(3.0, np.array([1.0, 2.0, 4.0, 8.0]), 2).tolist()
    [1, 2]
    """
    if not np.isfinite(taille) or not np.isfinite(tailles).all():
        raise Refus(Motif.MANQUANT)
    if nombre < 2 or len(tailles) < nombre:
        raise Refus(Motif.UN_DONNEUR)
    return np.argsort(np.abs(tailles - taille), kind="stable")[:nombre]


@dataclass(frozen=True)
class Variante:
    """The effect under another choice: how many donors of near size, which ridge, and whether the fit is
    exact."""

    donneurs: int
    ridge: float
    effet: float
    effectifs: float
    exact: bool


def sensibilite(
    cible: Array,
    donneurs: Array,
    avant: int,
    *,
    tailles: Sequence[int] = SIZES,
    ridges: Sequence[float] = RIDGES,
) -> tuple[Variante, ...]:
    """The effect for each size of the pool (donors nearest at the last period before) and each ridge.

    A size that the donors do not reach is taken once, as all of them. Raises `Refus` (see `verifier`).
    """
    one, many = verifier(cible, donneurs, avant)
    found = []
    for size in sorted({min(asked, len(many)) for asked in tailles}):
        pool = many[semblables(one[avant - 1], many[:, avant - 1], size)]
        for ridge in ridges:
            made = synthetique(one, pool, avant, ridge=ridge)
            exact = Alerte.AJUSTEMENT_EXACT in made.alertes
            found.append(Variante(size, ridge, made.effet, made.effectifs, exact))
    return tuple(found)
