"""The gaps of a plan and of its placebos, by each method: what all that is told of a territory is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.impact.estimateurs.differences import Base
from analysis.impact.estimateurs.poids import projeter
from analysis.impact.estimateurs.refus import Motif, Refus, verifier
from analysis.impact.estimateurs.sdid import ecarts_sdid, synthetique_differences
from analysis.impact.estimateurs.synthetique import (
    Synthetique,
    ecarts_synthetiques,
    plus_proches,
    synthetique,
)
from analysis.impact.plan import Plan, Semblables
from analysis.sources.ouvertes.panels import Array

DIFFERENCES: Final = "differences"
CONTROLE: Final = "controle_synthetique"
SDID: Final = "differences_synthetiques"


@dataclass(frozen=True, eq=False)
class Ecarts:
    """The gap of a place (T,) on the outcome's scale by a method from a base, and of its placebos (n, T)."""

    methode: str
    base: str
    ecart: Array
    placebos: Array
    donneurs: int

    def effet(self, horizon: slice) -> float:
        """The mean gap over the years of a horizon."""
        return float(self.ecart[horizon].mean())

    def hasard(self, horizon: slice) -> Array:
        """The same of each placebo, (n,)."""
        return np.asarray(self.placebos[:, horizon].mean(axis=1))


def differences(plan: Plan, base: Base) -> Ecarts:
    """Gaps from a base: the change of the place less the mean change of its donors; each donor in turn is
    held against the others.

    Raises `Refus` as `verifier` does, and where chance does nothing to any donor.
    """
    own, many = verifier(plan.echelle(plan.serie), plan.echelle(plan.donneurs), plan.avant)
    change = own - base.de(own, plan.avant)
    changes = many - base.de(many, plan.avant)[:, None]
    chance = ecarts_placebos(plan, base)
    return Ecarts(DIFFERENCES, base.value, change - changes.mean(axis=0), chance, len(changes))


def ecarts_placebos(like: Semblables, base: Base) -> Array:
    """The gaps from a base of each of the zones of like size, held against the others, (J, T).

    Nothing of the treated zone is in them. Raises `Refus` where chance does nothing to any of them.
    """
    many = like.echelle(like.donneurs)
    changes = many - base.de(many, like.avant)[:, None]
    if not np.ptp(changes, axis=0).any():
        raise Refus(Motif.CONSTANTE)
    others = (changes.sum(axis=0) - changes) / (len(changes) - 1)
    return np.asarray(changes - others)


@dataclass(frozen=True, eq=False)
class Reserve:
    """The donors nearest in size that the synthetic methods use, and those of each placebo.

    ``voisins`` (J, k): for each donor of the plan, the rows of the donors nearest to it in size.
    """

    cible: Array
    donneurs: Array
    zones: tuple[str, ...]
    tous: Array
    voisins: npt.NDArray[np.intp]


def reserve(plan: Plan, nombre: int) -> Reserve:
    """The ``nombre`` donors nearest in size, all of them where there are no more; likewise for placebos."""
    own, many = plan.echelle(plan.serie), plan.echelle(plan.donneurs)
    count = min(nombre, len(many) - 1)
    near = plus_proches(np.log(plan.tailles), count)
    return Reserve(own, many[: min(nombre, len(many))], plan.zones[:nombre], many, near)


def controle(plan: Plan, near: Reserve) -> tuple[Ecarts, Synthetique]:
    """Gaps to the synthetic control on the donors nearest in size, and the control itself.

    Raises `Refus` as `synthetique` does.
    """
    made = synthetique(near.cible, near.donneurs, plan.avant)
    placebos = ecarts_synthetiques(near.tous, plan.avant, voisins=near.voisins)
    return Ecarts(CONTROLE, "aucune", made.ecart, placebos, len(near.donneurs)), made


def est_dans_l_enveloppe(plan: Plan, near: Reserve) -> bool:
    """Some mean of the donors reproduces the years before: what is beyond would be extrapolation."""
    return projeter(near.cible[: plan.avant], near.donneurs[:, : plan.avant]).exacte


def sdid(plan: Plan, near: Reserve, horizon: slice) -> Ecarts:
    """Gaps by synthetic differences in differences on the same donors, over the years of a horizon.

    Its weights of years and its penalty depend on the years after, so each horizon is made anew. Raises
    `Refus` as `synthetique_differences` does.
    """
    end = horizon.stop
    made = synthetique_differences(near.cible[:end], near.donneurs[:, :end], plan.avant)
    placebos = ecarts_sdid(near.tous[:, :end], plan.avant, near.voisins)
    return Ecarts(SDID, "aucune", made.ecart, placebos, len(near.donneurs))
