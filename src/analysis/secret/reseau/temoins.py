"""Which withheld cells are known too well, looked for near each of them first.

All that is farther has its true value then: a world that is found so is possible. A cell is followed to the
end of what it is bound to only where nothing nearer makes it wide enough.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from typing import Final

import numpy as np

from analysis.secret.reseau.bornes import Etendue, Intervalle, Programme
from analysis.secret.reseau.systeme import PROCHE, Bloc, Nom, Reels, Systeme

TAILLE: Final = 5_000
"""How many unknowns are looked at together at first; then all those that are bound together."""

ESSAIS: Final = 6
"""How many directions are tried at most near one cell, as long as each shows one more to be wide enough."""

GRAINE: Final = 20261129


class Temoins:
    """The withheld cells of a system, and the possible worlds found for them so far.

    >>> from analysis.secret.reseau.systeme import Cellule, Lien
    >>> a, b = ("a",), ("b",)
    >>> known = Systeme([Cellule(a, 1, exigence=5), Cellule(b, 2)], [Lien(((a, 1), (b, 1)))])
    >>> Temoins(known, {a, b}).etroites([0])
    {0: Intervalle(bas=0.0, haut=3.0)}
    """

    def __init__(self, systeme: Systeme, retenues: Collection[Nom]) -> None:
        self.systeme = systeme
        self.masque = systeme.masque(retenues)
        self.etendue = Etendue(systeme)
        self._rng = np.random.default_rng(GRAINE)
        free = self.masque.copy()
        free[systeme.matrice.indices] = False
        self.etendue.bas[free] = -systeme.vers_le_bas[free]
        self.etendue.haut[free] = systeme.vers_le_haut[free]

    @property
    def largeurs(self) -> Reels:
        """The width that the interval of each cell has at least."""
        return self.etendue.largeurs

    def etroites(self, cibles: Iterable[int]) -> dict[int, Intervalle]:
        """The intervals of those of these withheld cells that are known too well, by rank."""
        asked = list(cibles)
        found: dict[int, Intervalle] = {}
        for taille in (TAILLE, len(self.masque) + 1):
            for rang in asked:
                if rang not in found and self.etendue.est_etroite(rang):
                    bloc = self._autour(rang, taille)
                    programme = Programme(self.systeme, bloc)
                    exigences = self.systeme.exigences[bloc.cellules]
                    self.etendue.bouge(programme, exigences, self._au_hasard(bloc, exigences))
                    if self.etendue.suit(programme, rang) and len(bloc.cellules) < taille:
                        found[rang] = self._intervalle(rang)
        return {rang: found[rang] for rang in asked if rang in found}

    def _intervalle(self, rang: int) -> Intervalle:
        valeur = self.systeme.cellules[rang].valeur
        bas, haut = valeur + self.etendue.bas[rang], valeur + self.etendue.haut[rang]
        return Intervalle(round(float(bas), 6) + 0.0, round(float(haut), 6) + 0.0)

    def _au_hasard(self, bloc: Bloc, exigences: Reels) -> Iterator[Reels]:
        """Directions drawn for the cells of a block, until some pair of worlds serves none."""
        narrow = len(exigences) + 1
        for _ in range(ESSAIS):
            before, narrow = narrow, int((self.largeurs[bloc.cellules] < exigences - PROCHE).sum())
            if narrow == before:
                return
            yield self._rng.choice((-1.0, 1.0), len(exigences))

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
        return Bloc.un(np.array(sorted(seen), np.int64), np.array(sorted(bonds), np.int64))
