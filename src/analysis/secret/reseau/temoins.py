"""Which withheld cells are known too well, shown by possible worlds that serve many cells at once.

A world that puts one cell far from its value tells how far all the others are in it: most cells are shown to
be wide enough by worlds that were found for others. They are looked for near a cell first, where all that is
farther has its true value: such a world is possible. A cell is followed to the end of what it is bound to
only where nothing nearer makes it wide enough.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.secret.reseau.bornes import SENS, Intervalle, Programme
from analysis.secret.reseau.systeme import PROCHE, Bloc, Nom, Reels, Systeme

TAILLE: Final = 5_000
"""How many unknowns are looked at together at first; then all those that are bound together."""

ESSAIS: Final = 6
"""How many pairs of worlds that move all the cells are looked for at most, near one cell."""

GRAINE: Final = 20261129


class Temoins:
    """The possible worlds found so far: how far below and above its true value each cell is in one of them.

    >>> from analysis.secret.reseau.systeme import Cellule, Lien
    >>> a, b = ("a",), ("b",)
    >>> known = Systeme([Cellule(a, 1, exigence=5), Cellule(b, 2)], [Lien(((a, 1), (b, 1)))])
    >>> Temoins(known, {a, b}).etroites([0])
    {0: Intervalle(bas=0.0, haut=3.0)}
    """

    def __init__(self, systeme: Systeme, retenues: Collection[Nom]) -> None:
        self.systeme = systeme
        self.masque = systeme.masque(retenues)
        self.bas, self.haut = np.zeros(len(self.masque)), np.zeros(len(self.masque))
        bound = np.zeros(len(self.masque), bool)
        bound[systeme.matrice.indices] = True
        free = self.masque & ~bound
        self.bas[free], self.haut[free] = -systeme.vers_le_bas[free], systeme.vers_le_haut[free]
        self._rng = np.random.default_rng(GRAINE)

    @property
    def largeurs(self) -> Reels:
        """The width that the interval of each cell has at least."""
        return self.haut - self.bas

    def etroites(self, cibles: Iterable[int]) -> dict[int, Intervalle]:
        """The intervals of those of these withheld cells that are known too well, by rank."""
        asked = list(cibles)
        found: dict[int, Intervalle] = {}
        for taille in (TAILLE, len(self.masque) + 1):
            for rang in asked:
                if rang not in found and self._est_etroite(rang):
                    bloc = self._autour(rang, taille)
                    self._regarde(bloc, rang)
                    if len(bloc.cellules) < taille and self._est_etroite(rang):
                        found[rang] = self._intervalle(rang)
        return {rang: found[rang] for rang in asked if rang in found}

    def _est_etroite(self, rang: int) -> bool:
        return bool(self._etroites(np.array([rang]))[0])

    def _etroites(self, cellules: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these cells no world showed yet to be wide enough."""
        asked = self.systeme.exigences[cellules]
        return (asked > 0) & (self.haut[cellules] - self.bas[cellules] < asked - PROCHE)

    def _intervalle(self, rang: int) -> Intervalle:
        valeur = self.systeme.cellules[rang].valeur
        bas, haut = valeur + self.bas[rang], valeur + self.haut[rang]
        return Intervalle(round(float(bas), 6) + 0.0, round(float(haut), 6) + 0.0)

    def _autour(self, rang: int, taille: int) -> Bloc:
        """The unknowns nearest to a cell, at most so many, and all the bonds that they are in."""
        matrice, colonnes = self.systeme.matrice, self.systeme.colonnes
        seen, bonds, waiting = {rang}, set[int](), deque([rang])
        while waiting:
            here = waiting.popleft()
            for bond in colonnes.indices[colonnes.indptr[here] : colonnes.indptr[here + 1]].tolist():
                if bond in bonds:
                    continue
                bonds.add(bond)
                for there in matrice.indices[matrice.indptr[bond] : matrice.indptr[bond + 1]].tolist():
                    if len(seen) < taille and self.masque[there] and there not in seen:
                        seen.add(there)
                        waiting.append(there)
        return Bloc(np.array(sorted(seen), np.int64), np.array(sorted(bonds), np.int64))

    def _regarde(self, bloc: Bloc, rang: int) -> None:
        """Look for worlds in a block: those that move all its cells at once, then those of this one."""
        programme = Programme(self.systeme, bloc)
        asked, narrow = self.systeme.exigences[bloc.cellules], self._etroites(bloc.cellules)
        for _ in range(ESSAIS):
            before = int(narrow.sum())
            if before < 2:
                break
            sens = np.where(narrow, self._rng.choice((-1.0, 1.0), len(narrow)), 0.0)
            for one in (sens, -sens):
                self._retient(bloc, programme.monde(one, asked))
            narrow = self._etroites(bloc.cellules)
            if narrow.sum() == before:
                break
        for side in SENS:
            if self._est_etroite(rang):
                _, world = programme.extreme(rang, side)
                self._retient(bloc, world)
                if world is None:
                    self.haut[rang] = np.inf

    def _retient(self, bloc: Bloc, world: Reels | None) -> None:
        if world is not None:
            self.bas[bloc.cellules] = np.minimum(self.bas[bloc.cellules], world)
            self.haut[bloc.cellules] = np.maximum(self.haut[bloc.cellules], world)
