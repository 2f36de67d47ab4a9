"""Cells, the linear bonds between them, and the unknowns that are left once some are withheld."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

Nom = tuple[str, ...]
Reels = NDArray[np.float64]
Rangs = NDArray[np.int64]

PROCHE: Final = 1e-6
"""Two numbers nearer than this are the same: solvers work within it."""


@dataclass(frozen=True)
class Cellule:
    """One number of the tables, and what anyone knows of it before reading them.

    ``bas`` and ``haut``: its bounds for a reader to whom nothing tells it (a count is not negative; a
    rounded one is within half its base). ``exigence``: how wide the interval that a reader can put around it
    must be when it is withheld, 0 where it is not sensitive. ``poids``: what withholding it costs.
    ``entiere``: everybody knows that it is a whole number. ``publiable``: it can be published; the others
    are always unknown. ``sacrifiable``: it may be withheld to protect another.

    Raises ValueError when the bounds do not hold the value, or a whole number is none.
    """

    nom: Nom
    valeur: float
    bas: float = 0.0
    haut: float = math.inf
    exigence: float = 0.0
    poids: float = 1.0
    entiere: bool = True
    publiable: bool = True
    sacrifiable: bool = True

    def __post_init__(self) -> None:
        if not self.bas - PROCHE <= self.valeur <= self.haut + PROCHE:
            raise ValueError(f"{self.nom}: {self.valeur} is not within {self.bas} and {self.haut}")
        if self.entiere and abs(self.valeur - round(self.valeur)) > PROCHE:
            raise ValueError(f"{self.nom}: {self.valeur} is no whole number")


@dataclass(frozen=True)
class Lien:
    """What a reader knows of some cells together: coefficients, and how far the sum may be from the truth.

    Without ``moins`` and ``plus`` the sum is known exactly. With them, it is known within that much below
    and above its true value: 0 and infinity say « at most the truth, or more ».
    """

    termes: tuple[tuple[Nom, float], ...]
    moins: float = 0.0
    plus: float = 0.0


@dataclass(frozen=True)
class Bloc:
    """The withheld cells that bonds put together, and these bonds, in ranks of the whole system.

    ``parts``: of each cell, which of the blocks it is in that are looked at together; of one, zeros.
    """

    cellules: Rangs
    liens: Rangs
    parts: Rangs

    @classmethod
    def un(cls, cellules: Rangs, liens: Rangs) -> Bloc:
        """A block by itself."""
        return cls(cellules, liens, np.zeros(len(cellules), np.int64))

    @classmethod
    def de(cls, blocs: Sequence[Bloc]) -> Bloc:
        """Several blocks, which share nothing, looked at together."""
        parts = np.repeat(np.arange(len(blocs)), [len(bloc.cellules) for bloc in blocs])
        cellules, liens = ([getattr(bloc, name) for bloc in blocs] for name in ("cellules", "liens"))
        return cls(np.concatenate(cellules), np.concatenate(liens), parts)


class Systeme:
    """The cells of linked tables with their bonds, as a sparse matrix: one row a bond, one column a cell.

    Everything is told in deviations from the truth: the worlds that a reader cannot tell from the real one.

    Raises KeyError for a bond that names no cell, ValueError for two cells of one name.
    """

    def __init__(self, cellules: Iterable[Cellule], liens: Iterable[Lien]) -> None:
        self.cellules: Sequence[Cellule] = tuple(cellules)
        self.liens: Sequence[Lien] = tuple(liens)
        self.rang = {cellule.nom: rang for rang, cellule in enumerate(self.cellules)}
        if len(self.rang) != len(self.cellules):
            raise ValueError("two cells have one name")
        lengths = [len(lien.termes) for lien in self.liens]
        columns = np.fromiter(
            (self.rang[nom] for lien in self.liens for nom, _ in lien.termes), np.int64, sum(lengths)
        )
        values = np.fromiter((c for lien in self.liens for _, c in lien.termes), float, sum(lengths))
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self.matrice = csr_matrix((values, columns, starts), (len(lengths), len(self.cellules)))

    @cached_property
    def colonnes(self) -> csc_matrix:
        """The same matrix, cell by cell."""
        return self.matrice.tocsc()

    @cached_property
    def vers_le_bas(self) -> Reels:
        """How far below its value a cell can be, for who knows nothing else: whole if it is one."""
        room = np.array([c.valeur - c.bas for c in self.cellules])
        return np.where(self.entieres, np.floor(room + PROCHE), np.maximum(room, 0.0))

    @cached_property
    def vers_le_haut(self) -> Reels:
        room = np.array([c.haut - c.valeur for c in self.cellules])
        return np.where(self.entieres, np.floor(room + PROCHE), np.maximum(room, 0.0))

    @cached_property
    def exigences(self) -> Reels:
        return np.array([c.exigence for c in self.cellules])

    @cached_property
    def poids(self) -> Reels:
        return np.array([c.poids for c in self.cellules])

    @cached_property
    def entieres(self) -> NDArray[np.bool_]:
        return np.array([c.entiere for c in self.cellules], bool)

    @cached_property
    def publiables(self) -> NDArray[np.bool_]:
        return np.array([c.publiable for c in self.cellules], bool)

    @cached_property
    def moins(self) -> Reels:
        return np.array([lien.moins for lien in self.liens])

    @cached_property
    def plus(self) -> Reels:
        return np.array([lien.plus for lien in self.liens])

    @cached_property
    def exacts(self) -> NDArray[np.bool_]:
        """The bonds that are equalities."""
        return (self.moins == 0) & (self.plus == 0)

    def masque(self, retenues: Collection[Nom]) -> NDArray[np.bool_]:
        """Which cells a reader does not know when these are withheld."""
        held = np.array([c.nom in retenues for c in self.cellules], bool)
        return held | ~self.publiables

    def ensemble(self, masque: NDArray[np.bool_], liens: NDArray[np.bool_]) -> Bloc:
        """The unknowns of at least one of these bonds, all together."""
        bonds = np.flatnonzero(liens)
        is_bound = np.zeros(len(self.cellules), bool)
        is_bound[self.matrice[bonds].indices] = True
        return Bloc.un(np.flatnonzero(masque & is_bound), bonds)

    def blocs(self, masque: NDArray[np.bool_], liens: NDArray[np.bool_] | None = None) -> Iterator[Bloc]:
        """The unknowns that these bonds (all of them by default) put together, those of one bond at least.

        >>> a, b, c = (("a",), ("b",), ("c",))
        >>> s = Systeme([Cellule(n, 3) for n in (a, b, c)], [Lien(((a, 1), (b, 1))), Lien(((c, 1),))])
        >>> [bloc.cellules.tolist() for bloc in s.blocs(s.masque({a, b, c}))]
        [[0, 1], [2]]
        """
        here = np.flatnonzero(masque)
        kept = np.arange(len(self.liens)) if liens is None else np.flatnonzero(liens)
        part = self.matrice[kept][:, here]
        rows, columns = part.nonzero()
        size = len(kept) + len(here)
        graph = csr_matrix((np.ones(len(rows)), (rows, columns + len(kept))), (size, size))
        number, of = connected_components(graph, directed=False)
        order = np.argsort(of, kind="stable")
        starts = np.searchsorted(of[order], np.arange(number + 1))
        for begin, end in zip(starts[:-1], starts[1:], strict=True):
            members = order[begin:end]
            cells, bonds = members[members >= len(kept)] - len(kept), members[members < len(kept)]
            if len(cells) and len(bonds):
                yield Bloc.un(here[cells], kept[bonds])
