"""Synthetic differences in differences: weights on donors and on years, and both differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.impact.estimateurs.poids import partager, projeter
from analysis.impact.estimateurs.refus import Array, Motif, Refus, verifier

_LEAST_RIDGE = 1e-6


@dataclass(frozen=True, eq=False)
class SyntheticDid:
    """The effect, in the unit of the values, and what it leans on.

    ``poids`` (J,) of donors and ``periodes`` (T₀,) of the periods before each sum to one; ``ecart`` (T,): the
    gap of the place to its donors, less the mean of its gaps before in the weights of periods; ``effet`` is
    its mean after; ``zeta``: the penalty; ``ajustement``: root mean square of that gap before.
    """

    effet: float
    ecart: Array
    poids: Array
    periodes: Array
    zeta: float
    ajustement: float

    def __post_init__(self) -> None:
        if not (np.isclose(self.poids.sum(), 1) and np.isclose(self.periodes.sum(), 1)):
            raise ValueError("weights are shares of a whole")


def synthetique_differences(cible: Array, donneurs: Array, avant: int, *, traites: int = 1) -> SyntheticDid:
    """The synthetic difference in differences of a place, or of the mean of ``traites`` places begun
    together.

    τ = Σ over j of ωⱼ-weighted gaps, after less λ-weighted before. ω solves min Σₜ (ω₀ + Σ ωⱼ yⱼₜ − yₜ)² +
    ζ²T₀‖ω‖² on the simplex, with ζ = (N₁T₁)^¼ σ and σ the standard deviation of the donors' yearly changes
    before; λ makes the mean of donors after from their periods before, and a constant. Both are solved to the
    end, where the authors' program stops its descent earlier: the last digits differ. ``cible`` (T,),
    ``donneurs`` (J, T). Raises `Refus`: see `verifier`; one period before alone, where no change is seen;
    donors that never change.

    D. Arkhangelsky et al., « Synthetic difference-in-differences », American Economic Review 111 (2021), pp.
    4088-4118, algorithm 1 and eq. (4)-(6).

    >>> donors = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 5.0, 6.0, 6.0], [2.0, 2.0, 2.0, 3.0]])
    >>> found = synthetique_differences(donors.mean(axis=0) + [0, 0, 0, 2.0], donors, 3)
    >>> found.periodes.round(2).tolist(), round(found.effet, 1)
    ([0.0, 0.5, 0.5], 2.0)
    """
    one, many = verifier(cible, donneurs, avant)
    if avant < 2:
        raise Refus(Motif.SANS_AVANT)
    before, after = many[:, :avant], many.shape[1] - avant
    noise = float(np.diff(before, axis=1).std(ddof=1))
    if noise == 0:
        raise Refus(Motif.CONSTANTE)
    zeta = (traites * after) ** 0.25 * noise
    around = before - before.mean(axis=1, keepdims=True)
    target = one[:avant] - one[:avant].mean()
    ridge = max(zeta**2 * avant / float(around.var()), _LEAST_RIDGE)
    weights = partager(target[None, :], around, ridge=ridge)[0]
    periods = _periods(before, many[:, avant:].mean(axis=1))
    gap = one - weights @ many
    gap = gap - gap[:avant] @ periods
    fit = float(np.sqrt((gap[:avant] ** 2).mean()))
    return SyntheticDid(float(gap[avant:].mean()), gap, weights, periods, zeta, fit)


def _periods(before: Array, after: Array) -> Array:
    """The weights of the periods before that make the donors' mean after, up to a constant, (T₀,).

    The donors are as many dimensions: a rotation (QR) leaves one a period and one more, and every distance.
    """
    columns = np.column_stack([before - before.mean(axis=0), after - after.mean()])
    small = np.linalg.qr(columns).R
    return projeter(small[:, -1], small[:, :-1].T).poids


def ecarts_sdid(valeurs: Array, avant: int, voisins: npt.NDArray[np.intp]) -> Array:
    """The gap of each unit to the donors of its pool, by `synthetique_differences`: the placebos, (n, T).

    ``valeurs`` (n, T), ``voisins`` (n, k): the rows of the pool of each unit. Raises `Refus` as it does.
    """
    return np.stack(
        [
            synthetique_differences(valeurs[row], valeurs[pool], avant).ecart
            for row, pool in enumerate(voisins)
        ]
    )
