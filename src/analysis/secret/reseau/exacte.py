"""What is given back exactly: the withheld cells that the bonds alone determine.

Where the unknowns of a block are the edges of a graph (each in two bonds at most, once with each sign), they
are flows: one is determined when it is a bridge. Elsewhere they are found by elimination.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.secret.reseau.systeme import Bloc, Nom, Systeme
from analysis.secret.resolution import determined

Arete = tuple[int, int]
"""The two ends of an edge; a cell of one bond only goes to :data:`DEHORS`."""

DEHORS = -1


def determinees(systeme: Systeme, retenues: Collection[Nom]) -> set[Nom]:
    """The withheld cells of which one value alone is possible, whatever bounds are known.

    >>> from analysis.secret.reseau.systeme import Cellule, Lien
    >>> a, b, c = ("a",), ("b",), ("c",)
    >>> known = Systeme([Cellule(n, 3) for n in (a, b, c)], [Lien(((a, 1), (b, 1))), Lien(((c, 1),))])
    >>> determinees(known, {a, b, c})
    {('c',)}
    """
    masque = systeme.masque(retenues)
    return {systeme.cellules[rang].nom for rang in rangs_determines(systeme, masque)}


def rangs_determines(systeme: Systeme, masque: NDArray[np.bool_]) -> list[int]:
    """The ranks of the cells that are determined, in order."""
    whole = systeme.ensemble(masque, systeme.exacts)
    ends = aretes(systeme, whole)
    blocs = [whole] if ends is not None else systeme.blocs(masque, systeme.exacts)
    return sorted(rang for bloc in blocs for rang in _du_bloc(systeme, bloc))


def _du_bloc(systeme: Systeme, bloc: Bloc) -> Iterator[int]:
    ends = aretes(systeme, bloc)
    if ends is None:
        yield from _par_elimination(systeme, bloc)
    else:
        yield from (int(bloc.cellules[rank]) for rank in ponts(ends))


def aretes(systeme: Systeme, bloc: Bloc) -> list[Arete] | None:
    """The cells of a block as edges between its bonds; None where they are none.

    The sign of a bond is free: bonds are given signs so that each cell leaves one and enters another.
    """
    part = systeme.matrice[bloc.liens][:, bloc.cellules].tocsc()
    if np.diff(part.indptr).max(initial=0) > 2 or not np.all(np.abs(part.data) == 1):
        return None
    uses: list[list[tuple[int, float]]] = [
        list(zip(part.indices[a:b].tolist(), part.data[a:b].tolist(), strict=True))
        for a, b in zip(part.indptr[:-1], part.indptr[1:], strict=True)
    ]
    signs = _signes(uses, len(bloc.liens))
    if signs is None:
        return None
    return [_oriented([(bond, c * signs[bond]) for bond, c in used]) for used in uses]


def _oriented(used: Sequence[tuple[int, float]]) -> Arete:
    if len(used) == 1:
        ((bond, sign),) = used
        return (bond, DEHORS) if sign > 0 else (DEHORS, bond)
    (first, sign), (second, _) = used
    return (first, second) if sign > 0 else (second, first)


def _signes(uses: Sequence[Sequence[tuple[int, float]]], bonds: int) -> list[float] | None:
    """A sign for each bond such that each cell has one of each; None where there is none."""
    next_to: list[list[tuple[int, float]]] = [[] for _ in range(bonds)]
    for used in uses:
        if len(used) == 2:
            (first, a), (second, b) = used
            next_to[first].append((second, -a * b))
            next_to[second].append((first, -a * b))
    signs = [0.0] * bonds
    for start in range(bonds):
        if signs[start]:
            continue
        signs[start], waiting = 1.0, deque([start])
        while waiting:
            here = waiting.popleft()
            for there, turn in next_to[here]:
                if not signs[there]:
                    signs[there] = signs[here] * turn
                    waiting.append(there)
                elif signs[there] != signs[here] * turn:
                    return None
    return signs


def ponts(ends: Sequence[Arete]) -> Iterator[int]:
    """The ranks of the edges whose removal cuts their graph in two (Tarjan, without recursion).

    >>> sorted(ponts([(0, 1), (1, 2), (2, 0), (2, 3)]))
    [3]
    """
    next_to: dict[int, list[tuple[int, int]]] = {}
    for rank, (first, second) in enumerate(ends):
        next_to.setdefault(first, []).append((second, rank))
        next_to.setdefault(second, []).append((first, rank))
    seen: dict[int, int] = {}
    low: dict[int, int] = {}
    for root in next_to:
        if root in seen:
            continue
        seen[root] = low[root] = len(seen)
        stack = [(root, -1, iter(next_to[root]))]
        while stack:
            here, by, others = stack[-1]
            for there, rank in others:
                if rank == by:
                    continue
                if there in seen:
                    low[here] = min(low[here], seen[there])
                    continue
                seen[there] = low[there] = len(seen)
                stack.append((there, rank, iter(next_to[there])))
                break
            else:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[here])
                    if low[here] > seen[above]:
                        yield by


def _par_elimination(systeme: Systeme, bloc: Bloc) -> Iterator[int]:
    part = systeme.matrice[bloc.liens][:, bloc.cellules]
    names = [(str(rang),) for rang in bloc.cellules]
    rows = [
        {names[column]: float(value) for column, value in zip(row.indices, row.data, strict=True)}
        for row in part
    ]
    yield from (int(name) for (name,) in determined(rows))
