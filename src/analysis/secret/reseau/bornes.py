"""What a reader knows of a withheld cell: its least and its greatest value, by linear programs.

The programs of one block share their bonds and differ by what is maximised: HiGHS goes from one to the next
without starting anew. A count is a whole number: where the world that a program finds is not made of whole
numbers, an integer program takes over, so that the bounds are those of the integers.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from analysis.secret.reseau.systeme import PROCHE, Bloc, Nom, Rangs, Reels, Systeme

_PRIMAL: Final = 4
"""What HiGHS calls the primal simplex."""

_SANS_BORNE: Final = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)

SENS: Final = (1, -1)
"""Upwards, downwards."""

PLUSIEURS: Final = 3
"""How many cells it takes to look for worlds in which they move together."""


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
    blocs: list[Bloc] = []
    for bloc in systeme.blocs(masque):
        left[bloc.cellules] = False
        blocs += [bloc] if is_looked_at[bloc.cellules].any() else []
    etendue = Etendue(systeme)
    if blocs:
        every = Bloc.de(blocs)
        asked = np.where(is_looked_at[every.cellules], systeme.exigences[every.cellules], 0.0)
        ranks = np.concatenate([np.arange(len(bloc.cellules)) for bloc in blocs])
        etendue.bouge(Programme(systeme, every), asked, par_rangs(ranks))
    for bloc in blocs:
        cells = bloc.cellules[is_looked_at[bloc.cellules]].tolist()
        if narrow := [rang for rang in cells if etendue.est_etroite(rang)]:
            programme = Programme(systeme, bloc)
            for rang in narrow:
                if etendue.suit(programme, rang):
                    yield programme.coupe(rang, masque)
    alone = systeme.vers_le_bas + systeme.vers_le_haut
    for rang in np.flatnonzero(left & (alone < systeme.exigences - PROCHE)):
        yield Coupe(int(rang), float(systeme.exigences[rang] - alone[rang]), {})


class Etendue:
    """The possible worlds found so far: how far below and above its true value each cell is in one of them.

    A world that puts one cell far from its value tells how far all the others are in it: most cells are shown
    to be wide enough by worlds that were found for others.
    """

    def __init__(self, systeme: Systeme) -> None:
        self.systeme = systeme
        self.bas, self.haut = np.zeros(len(systeme.cellules)), np.zeros(len(systeme.cellules))

    @property
    def largeurs(self) -> Reels:
        """How far apart two worlds put each cell."""
        return self.haut - self.bas

    def bouge(self, programme: Programme, asked: Reels, directions: Iterable[Reels]) -> None:
        """Look for worlds in which many cells of a block move at once, each by what is asked of it at most.

        ``directions`` tell which way each of them goes; then all go the other way. It ends with those that
        serve none.
        """
        cells = programme.bloc.cellules
        narrow = len(asked) + 1
        for one in directions:
            before, narrow = narrow, int((self.haut[cells] - self.bas[cells] < asked - PROCHE).sum())
            if narrow < PLUSIEURS or narrow == before:
                return
            for sens in SENS:
                left = self.haut[cells] - self.bas[cells] < asked - PROCHE
                self._avec(programme, programme.monde(one * sens * left, asked))

    def suit(self, programme: Programme, rang: int) -> bool:
        """Whether a cell is known too well; it is followed to its ends where no world shows it is not."""
        for sens in SENS:
            if not self.est_etroite(rang):
                return False
            _, world = programme.extreme(rang, sens)
            self._avec(programme, world)
            if world is None:
                self.haut[rang] = math.inf
        return self.est_etroite(rang)

    def est_etroite(self, rang: int) -> bool:
        """Whether no two worlds put a cell as far apart as it asks."""
        return bool(self.haut[rang] - self.bas[rang] < self.systeme.exigences[rang] - PROCHE)

    def _avec(self, programme: Programme, world: Reels | None) -> None:
        """One more world, if there is one."""
        if world is not None:
            cells = programme.bloc.cellules
            self.bas[cells] = np.minimum(self.bas[cells], world)
            self.haut[cells] = np.maximum(self.haut[cells], world)


def par_rangs(ranks: Rangs) -> Iterator[Reels]:
    """The directions of cells: all one way; then those of which the rank has a bit of a power of two one way
    and the others the other way, power after power.

    >>> [one.tolist() for one in par_rangs(np.arange(2))]
    [[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]]
    """
    odd = 2 * ranks + 1
    yield from (np.where(odd >> bit & 1, 1.0, -1.0) for bit in range(1 + int(ranks.max() + 1).bit_length()))


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
        self._duaux: dict[tuple[int, int], Reels] = {}

    def extreme(self, rang: int, sens: int) -> tuple[float, Reels | None]:
        """How far a cell can be upwards (``sens`` 1) or downwards (-1), and a world that has it so.

        There is no such world where there is no end.
        """
        place = self.place[rang]
        world, self._duaux[rang, sens] = _resolu(self._lineaire, [place], [sens])
        if world is not None and not _sont_entiers(world[self._entieres]):
            if self._entier is None:
                self._entier = _modele(self.systeme, self.bloc)
                for one in np.flatnonzero(self._entieres):
                    self._entier.changeColIntegrality(int(one), highspy.HighsVarType.kInteger)
            world, _ = _resolu(self._entier, [place], [sens])
        if world is None:
            return math.inf, None
        return float(world[place]) * sens + 0.0, world

    def monde(self, sens: Reels, portees: Reels) -> Reels | None:
        """A world that moves cells all at once, each in its direction (0: left free) and by at most so far.

        In each block of which the one that is found is not made of whole numbers, nothing moves; None where
        there is none.
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
        if not is_found:
            return None
        broken = self._entieres & (np.abs(world - np.round(world)) >= PROCHE)
        if broken.any():
            world[np.isin(self.bloc.parts, self.bloc.parts[broken])] = 0.0
        return world

    def coupe(self, rang: int, masque: NDArray[np.bool_]) -> Coupe:
        """What would widen the interval of a cell, read in the dual values of both its programs."""
        systeme = self.systeme
        weights, known = np.zeros(len(systeme.cellules)), 0.0
        for sens in SENS:
            gains, free = self._poussees(rang, sens)
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

    def _poussees(self, rang: int, sens: int) -> tuple[Reels, float]:
        """How far each cell of the system, once free, could push this one; what bonds leave by themselves."""
        systeme = self.systeme
        felt = np.flatnonzero(np.abs(self._duaux[rang, sens]) > PROCHE)
        duals, bonds = -self._duaux[rang, sens][felt], self.bloc.liens[felt]
        free = float(np.where(duals > 0, duals * systeme.plus[bonds], -duals * systeme.moins[bonds]).sum())
        gains: Reels = -(systeme.matrice[bonds].T @ duals)
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


def _sont_entiers(moved: Reels) -> bool:
    return bool(np.all(np.abs(moved - np.round(moved)) < PROCHE))


def _modele(systeme: Systeme, bloc: Bloc) -> highspy.Highs:
    """The program of a block, without anything to maximise yet; always the same way through it.

    The true world is one of those that it looks among, and stays so whatever is maximised: the primal simplex
    goes from one to the next.
    """
    part = systeme.matrice[bloc.liens][:, bloc.cellules].tocsc()
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = part.shape
    lp.col_cost_ = np.zeros(part.shape[1])
    lp.col_lower_, lp.col_upper_ = -systeme.vers_le_bas[bloc.cellules], systeme.vers_le_haut[bloc.cellules]
    lp.row_lower_, lp.row_upper_ = -systeme.moins[bloc.liens], systeme.plus[bloc.liens]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = part.indptr, part.indices, part.data
    modele = charge(lp)
    modele.setOptionValue("simplex_strategy", _PRIMAL)
    return modele


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


def _resolu(
    modele: highspy.Highs, places: Sequence[int] | Rangs, weights: Sequence[float] | Reels
) -> tuple[Reels | None, Reels]:
    """The world in which the weighted sum of these cells is greatest, None when there is no end to it; the
    dual values."""
    columns = np.asarray(places, np.int32)
    modele.changeColsCost(len(columns), columns, -np.asarray(weights, float))
    modele.run()
    status = modele.getModelStatus()
    solution = modele.getSolution()
    world, duals = np.asarray(solution.col_value), np.asarray(solution.row_dual)
    modele.changeColsCost(len(columns), columns, np.zeros(len(columns)))
    if status in _SANS_BORNE:
        return None, duals
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS ended with {modele.modelStatusToString(status)}")
    return world, duals
