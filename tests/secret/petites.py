"""Small tables of counts, and every table of whole numbers that a reader cannot tell from them."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence

from analysis.secret.reseau.systeme import Cellule, Lien, Nom, Systeme

Table = Mapping[Nom, int]


def nom(row: int, column: int) -> Nom:
    return (f"l{row}", f"c{column}")


def table(rows: Sequence[Sequence[int]]) -> dict[Nom, int]:
    return {nom(i, j): value for i, row in enumerate(rows) for j, value in enumerate(row)}


def bonds(cells: Table) -> list[Lien]:
    """Each line and each column adds up to a total that is published."""
    return [
        Lien(tuple((cell, 1.0) for cell in cells if cell[side] == head))
        for side in (0, 1)
        for head in dict.fromkeys(cell[side] for cell in cells)
    ]


def system(cells: Table, seuil: int = 5) -> Systeme:
    """The table, whose counts of one to four ask for an interval of five."""
    return Systeme(
        [Cellule(n, v, exigence=seuil if 0 < v < seuil else 0, poids=1 + v / 100) for n, v in cells.items()],
        bonds(cells),
    )


def drawn(rng: random.Random, rows: int, columns: int, most: int = 9) -> dict[Nom, int]:
    return table([[rng.randint(0, most) for _ in range(columns)] for _ in range(rows)])


def possible(cells: Table, hidden: Collection[Nom]) -> dict[Nom, set[int]]:
    """The values that each hidden cell takes over all tables of whole numbers with the same totals."""
    names, found = sorted(hidden), {name: set[int]() for name in hidden}
    sums = [(tuple(n for n, _ in bond.termes if n in hidden)) for bond in bonds(cells)]
    left = [sum(cells[n] for n in terms) for terms in sums]

    def worlds(rank: int, told: dict[Nom, int]) -> Iterator[dict[Nom, int]]:
        if rank == len(names):
            yield told
            return
        for value in range(
            min(rest for terms, rest in zip(sums, left, strict=True) if names[rank] in terms) + 1
        ):
            with_it = told | {names[rank]: value}
            parts = [
                (sum(with_it.get(n, 0) for n in terms), all(n in with_it for n in terms), rest)
                for terms, rest in zip(sums, left, strict=True)
            ]
            if all(part == rest if whole else part <= rest for part, whole, rest in parts):
                yield from worlds(rank + 1, with_it)

    for world in worlds(0, {}):
        for name, value in world.items():
            found[name].add(value)
    return found
