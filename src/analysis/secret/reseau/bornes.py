"""What a reader knows of a withheld cell: its least and its greatest value, by linear programs.

The programs of one block share their bonds and differ by what is maximised: HiGHS goes from one to the next
without starting anew. A count is a whole number: where the world that a program finds is not made of whole
numbers, an integer program takes over, so that the bounds are those of the integers.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from analysis.secret.reseau.systeme import PROCHE, Bloc, Nom, Reels, Systeme

_SANS_BORNE: Final = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)

SENS: Final = (1, -1)
"""Upwards, downwards."""


@dataclass(frozen=True)
class Intervalle:
    """The bounds that a reader can put around a cell; ``haut`` is infinite where there is no upper one."""

    bas: float
    haut: float

    @property
    def largeur(self) -> float:
        return self.haut - self.bas


@dataclass(frozen=True)
class Coupe:
    """Why a withheld cell is known too well, and the cells whose withholding would widen its interval.

    Withheld, cell ``i`` widens it by ``leviers[i]`` at most: those that are withheld must bring ``manque``
    together. It holds for any set of withheld cells, not only for the present one.
    """

    rang: int
    manque: float
    leviers: Mapping[int, float]

    @property
    def est_tenable(self) -> bool:
        """Whether withholding everything would do."""
        return sum(self.leviers.values()) >= self.manque - PROCHE


def intervalles(
    systeme: Systeme, retenues: Collection[Nom], cibles: Iterable[Nom] | None = None
) -> dict[Nom, Intervalle]:
    """The interval of each of these withheld cells (of all by default) for who knows all the others.

    Raises KeyError for a name that is none of the system.

    >>> from analysis.secret.reseau.systeme import Cellule, Lien
    >>> a, b = ("a",), ("b",)
    >>> together = Systeme([Cellule(a, 3), Cellule(b, 4)], [Lien(((a, 1), (b, 1)))])
    >>> intervalles(together, {a, b})[a]
    Intervalle(bas=0.0, haut=7.0)
    """
    masque = systeme.masque(retenues)
    wanted = {systeme.rang[nom] for nom in (retenues if cibles is None else cibles)}
    found: dict[int, tuple[float, float]] = {}
    for bloc in systeme.blocs(masque):
        programme: Programme | None = None
        for rang in (int(rang) for rang in bloc.cellules):
            if rang in wanted:
                programme = programme or Programme(systeme, bloc)
                up, down = (programme.extreme(rang, sens)[0] for sens in SENS)
                found[rang] = (down, up)
    for rang in wanted - found.keys():
        found[rang] = (float(systeme.vers_le_bas[rang]), float(systeme.vers_le_haut[rang]))
    return {systeme.cellules[rang].nom: _autour(systeme, rang, *found[rang]) for rang in sorted(wanted)}


def _autour(systeme: Systeme, rang: int, down: float, up: float) -> Intervalle:
    valeur = systeme.cellules[rang].valeur
    return Intervalle(round(valeur - down, 6) + 0.0, round(valeur + up, 6) + 0.0)


def trop_connues(
    systeme: Systeme, masque: NDArray[np.bool_], cibles: Collection[int] | None = None
) -> Iterator[Coupe]:
    """The withheld cells whose interval is narrower than they ask, each with what would widen it.

    ``cibles`` are the ranks of those that are looked at, all the sensitive ones by default.
    """
    is_looked_at = masque & (systeme.exigences > 0)
    if cibles is not None:
        asked = np.zeros(len(masque), bool)
        asked[list(cibles)] = True
        is_looked_at &= asked
    left = is_looked_at.copy()
    for bloc in systeme.blocs(masque):
        left[bloc.cellules] = False
        if is_looked_at[bloc.cellules].any():
            yield from _du_bloc(systeme, bloc, masque, is_looked_at)
    alone = systeme.vers_le_bas + systeme.vers_le_haut
    for rang in np.flatnonzero(left & (alone < systeme.exigences - PROCHE)):
        yield Coupe(int(rang), float(systeme.exigences[rang] - alone[rang]), {})


def _du_bloc(
    systeme: Systeme, bloc: Bloc, masque: NDArray[np.bool_], is_looked_at: NDArray[np.bool_]
) -> Iterator[Coupe]:
    """A cell that two worlds found before already put far enough from itself is not looked for again."""
    programme = Programme(systeme, bloc)
    highest, lowest = np.zeros(len(bloc.cellules)), np.zeros(len(bloc.cellules))
    for place in np.flatnonzero(is_looked_at[bloc.cellules]):
        rang = int(bloc.cellules[place])
        asked = systeme.exigences[rang] - PROCHE
        for sens in SENS:
            if highest[place] - lowest[place] >= asked:
                break
            width, world = programme.extreme(rang, sens)
            if world is None:
                highest[place] = math.inf
            else:
                highest, lowest = np.maximum(highest, world), np.minimum(lowest, world)
        if highest[place] - lowest[place] < asked:
            yield programme.coupe(rang, masque)


class Programme:
    """The worlds that a reader cannot tell from the real one, within one block of unknowns.

    A world is told by how far each cell of the block is from its true value.
    """

    def __init__(self, systeme: Systeme, bloc: Bloc) -> None:
        self.systeme, self.bloc = systeme, bloc
        self.place = {int(rang): place for place, rang in enumerate(bloc.cellules)}
        self._entieres = systeme.entieres[bloc.cellules]
        self._lineaire = _modele(systeme, bloc)
        self._entier: highspy.Highs | None = None

    def extreme(self, rang: int, sens: int) -> tuple[float, Reels | None]:
        """How far a cell can be upwards (``sens`` 1) or downwards (-1), and a world that has it so.

        There is no such world where there is no end.
        """
        world, _ = _resolu(self._lineaire, self.place[rang], sens)
        if world is not None and not self._est_entier(world):
            if self._entier is None:
                self._entier = _modele(self.systeme, self.bloc)
                for place in np.flatnonzero(self._entieres):
                    self._entier.changeColIntegrality(int(place), highspy.HighsVarType.kInteger)
            world, _ = _resolu(self._entier, self.place[rang], sens)
        if world is None:
            return math.inf, None
        return float(world[self.place[rang]]) * sens + 0.0, world

    def monde(self, sens: Reels, portees: Reels) -> Reels | None:
        """A world that moves cells all at once, each in its direction (0: left free) and by at most so far.

        None where the one that is found is not made of whole numbers.
        """
        modele, moved = self._lineaire, np.flatnonzero(sens).astype(np.int32)
        cells = self.bloc.cellules[moved]
        low, high, far = -self.systeme.vers_le_bas[cells], self.systeme.vers_le_haut[cells], portees[moved]
        modele.changeColsCost(len(moved), moved, -sens[moved])
        modele.changeColsBounds(len(moved), moved, np.maximum(low, -far), np.minimum(high, far))
        modele.run()
        is_found = modele.getModelStatus() == highspy.HighsModelStatus.kOptimal
        world = np.asarray(modele.getSolution().col_value)
        modele.changeColsCost(len(moved), moved, np.zeros(len(moved)))
        modele.changeColsBounds(len(moved), moved, low, high)
        return world if is_found and self._est_entier(world) else None

    def _est_entier(self, world: Reels) -> bool:
        moved = world[self._entieres]
        return bool(np.all(np.abs(moved - np.round(moved)) < PROCHE))

    def coupe(self, rang: int, masque: NDArray[np.bool_]) -> Coupe:
        """What would widen the interval of a cell, read in the dual values of its two programs."""
        systeme = self.systeme
        weights, known = np.zeros(len(systeme.cellules)), 0.0
        for sens in SENS:
            gains, free = self._duaux(rang, sens)
            weights += gains
            known += free
        is_always_hidden = ~systeme.publiables
        is_always_hidden[rang] = True
        known += float(weights[is_always_hidden].sum())
        missing = float(systeme.exigences[rang]) - known
        weights[is_always_hidden] = 0.0
        if weights[masque].sum() > missing - PROCHE:  # only whole numbers make it too narrow
            weights, missing = self._voisines(rang, masque).astype(float), 1.0
        useful = np.flatnonzero(weights > PROCHE)
        return Coupe(rang, missing, {int(i): min(float(weights[i]), missing) for i in useful})

    def _duaux(self, rang: int, sens: int) -> tuple[Reels, float]:
        """How far each cell of the system, once free, could push this one; what bonds leave by themselves."""
        systeme = self.systeme
        duals = -_resolu(self._lineaire, self.place[rang], sens)[1]
        moins, plus = systeme.moins[self.bloc.liens], systeme.plus[self.bloc.liens]
        up: NDArray[np.bool_] = duals > PROCHE
        down: NDArray[np.bool_] = duals < -PROCHE
        free = float((duals[up] * plus[up]).sum() - (duals[down] * moins[down]).sum())
        gains = -(systeme.matrice[self.bloc.liens].T @ duals) * 1.0
        gains[rang] += sens
        up, down = gains > PROCHE, gains < -PROCHE
        weights = np.zeros(len(gains))
        weights[up] = gains[up] * systeme.vers_le_haut[up]
        weights[down] = -gains[down] * systeme.vers_le_bas[down]
        return weights, free

    def _voisines(self, rang: int, masque: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The cells shown that are nearest to this one, bond after bond."""
        systeme, around = self.systeme, np.zeros(len(masque), bool)
        around[rang] = True
        shown = around & False
        while not shown.any():
            bonds = np.unique(systeme.colonnes[:, np.flatnonzero(around)].indices)
            wider = around.copy()
            wider[systeme.matrice[bonds].indices] = True
            shown = wider & ~masque & systeme.publiables
            if (wider == around).all():
                break
            around = wider & masque
        return shown


def _modele(systeme: Systeme, bloc: Bloc) -> highspy.Highs:
    """The program of a block, without anything to maximise yet; always the same way through it."""
    part = systeme.matrice[bloc.liens][:, bloc.cellules].tocsc()
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = part.shape
    lp.col_cost_ = np.zeros(part.shape[1])
    lp.col_lower_, lp.col_upper_ = -systeme.vers_le_bas[bloc.cellules], systeme.vers_le_haut[bloc.cellules]
    lp.row_lower_, lp.row_upper_ = -systeme.moins[bloc.liens], systeme.plus[bloc.liens]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = part.indptr, part.indices, part.data
    return charge(lp)


class _Silencieux(highspy.Highs):
    """HiGHS without a word: highspy 1.16 prints its name on the standard output at the first one made."""

    def enableCallbacks(self) -> None:
        self.silent()
        super().enableCallbacks()


def charge(lp: highspy.HighsLp) -> highspy.Highs:
    """HiGHS with a program, silent, on one thread, always the same way through it."""
    modele = _Silencieux()
    for option, value in (("threads", 1), ("random_seed", 0), ("presolve", "off")):
        modele.setOptionValue(option, value)
    modele.passModel(lp)
    return modele


def _resolu(modele: highspy.Highs, place: int, sens: int) -> tuple[Reels | None, Reels]:
    """The world in which a cell is farthest on one side, None when there is no end to it; the dual values."""
    modele.changeColCost(place, float(-sens))
    modele.run()
    status = modele.getModelStatus()
    solution = modele.getSolution()
    world, duals = np.asarray(solution.col_value), np.asarray(solution.row_dual)
    modele.changeColCost(place, 0.0)
    if status in _SANS_BORNE:
        return None, duals
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS ended with {modele.modelStatusToString(status)}")
    return world, duals
