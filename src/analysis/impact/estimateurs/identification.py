"""What the years before leave open: every gap that some exact mixture of donors gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from analysis.impact.estimateurs.poids import projeter
from analysis.impact.estimateurs.refus import Array, Motif, Refus, verifier


@dataclass(frozen=True)
class Identifie:
    """The least and the greatest mean gap after, over all weights that reproduce the years before exactly.

    ``donneurs``: how many donors could weigh. In the unit of the values. ``change_de_sens``: the two ends are
    on either side of nothing, so the data before do not say which way the gap goes.
    """

    bas: float
    haut: float
    donneurs: int

    def __post_init__(self) -> None:
        if self.bas > self.haut + 1e-9:
            raise ValueError(f"{self.bas} is above {self.haut}")

    @property
    def largeur(self) -> float:
        return self.haut - self.bas

    @property
    def change_de_sens(self) -> bool:
        return self.bas < 0 < self.haut


def ensemble_identifie(cible: Array, donneurs: Array, avant: int) -> Identifie:
    """The identified set of the mean gap after, by two linear programs.

    min and max over w of ȳ − Σ wⱼ ȳⱼ, subject to Σ wⱼ yⱼₜ = yₜ in each period before, Σw = 1, w ≥ 0; ȳ is the
    mean over the periods after. Any synthetic control with an exact fit is inside, whatever its penalty as it
    vanishes. ``cible`` (T,), ``donneurs`` (J, T). Raises `Refus`: what `verifier` refuses, and a place
    outside the donors' hull, where no weights are exact.

    The two ends are those of the linear programs of partial identification (C. Manski, « Partial
    Identification of Probability Distributions », 2003, ch. 1), solved by HiGHS.

    >>> donors = np.array([[0.0, 5.0], [2.0, 5.0], [1.0, 9.0], [4.0, 4.0]])
    >>> found = ensemble_identifie(np.array([1.0, 6.0]), donors, 1)
    >>> found.bas, found.haut, found.change_de_sens
    (-3.0, 1.25, True)
    """
    one, many = verifier(cible, donneurs, avant)
    if not projeter(one[:avant], many[:, :avant]).exacte:
        raise Refus(Motif.HORS_ENVELOPPE)
    middle = many[:, :avant].mean(axis=0)
    scale = float(np.abs(many[:, :avant] - middle).max()) or 1.0
    equal = np.vstack([((many[:, :avant] - middle) / scale).T, np.ones(len(many))])
    aim = np.append((one[:avant] - middle) / scale, 1.0)
    after, own = many[:, avant:].mean(axis=1), float(one[avant:].mean())
    ends = []
    for sign in (1.0, -1.0):
        solved = linprog(sign * after, A_eq=equal, b_eq=aim, bounds=(0, None), method="highs")
        if solved.status != 0:
            raise Refus(Motif.HORS_ENVELOPPE)
        ends.append(own - sign * float(solved.fun))
    return Identifie(min(ends), max(ends), len(many))


def exiger_enveloppe(cible: Array, donneurs: Array, avant: int) -> None:
    """Refuse to extrapolate: `Refus` unless some mean of donors reproduces the place in each period before.

    >>> exiger_enveloppe(np.array([3.0, 0.0]), np.array([[0.0, 0.0], [2.0, 0.0]]), 1)
    Traceback (most recent call last):
    ...
    analysis.impact.estimateurs.refus.Refus: aucune moyenne des communes de comparaison n'atteint ce niveau...
    """
    one, many = verifier(cible, donneurs, avant, apres=False)
    if not projeter(one[:avant], many[:, :avant]).exacte:
        raise Refus(Motif.HORS_ENVELOPPE)
