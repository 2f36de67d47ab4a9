"""What a set of sums determines of its unknowns, when a reader solves them all together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

Name = tuple[str, ...]

Row = dict[Name, float]
"""The unknowns of one sum whose other terms are known, with their coefficients."""

_ZERO = 1e-9


def determined(rows: Iterable[Row], wanted: Collection[Name] | None = None) -> set[Name]:
    """The unknowns that have a single possible value, by elimination (Gauss and Jordan).

    Unknowns are told apart by their names; the values themselves are not needed. An unknown that a bound
    alone would give (people are never fewer than zero) is not seen. Of those that are not ``wanted`` (all are
    by default), some may be left out.

    >>> x, y, z = ("x",), ("y",), ("z",)
    >>> determined([{x: 1, y: 1}, {x: 1, y: -1}, {y: 1, z: 1, ("t",): 1}]) == {x, y}
    True
    """
    solved: dict[Name, Row] = {}
    users: dict[Name, set[Name]] = defaultdict(set)
    for row, own in _in_order([row for row in rows if row], wanted):
        left = dict(row)
        for name in [name for name in left if name in solved]:
            _subtract(left, solved[name], left[name])
        if not left:
            continue
        pivot = min(left) if own is None else own
        scale = left[pivot]
        new = {name: coefficient / scale for name, coefficient in left.items()}
        for other in [other for other in users[pivot] if pivot in solved[other]]:
            _subtract(solved[other], new, solved[other][pivot])
            for name in solved[other]:
                users[name].add(other)
        solved[pivot] = new
        for name in new:
            users[name].add(pivot)
    return {pivot for pivot, row in solved.items() if len(row) == 1}


def _in_order(rows: Sequence[Row], wanted: Collection[Name] | None) -> Iterator[tuple[Row, Name | None]]:
    """The rows with the unknown that no row before has, which is to be its pivot: none is solved anew for it.

    A row that has an unknown alone comes after all the others, and so on among these; the rest, first, the
    shortest before, has no such unknown. A row whose own unknown no wanted one is bound to is left.
    """
    of_name: dict[Name, set[int]] = defaultdict(set)
    for rank, row in enumerate(rows):
        for name in row:
            of_name[name].add(rank)
    last: dict[int, Name] = {}
    waiting = [name for name, ranks in of_name.items() if len(ranks) == 1]
    while waiting:
        own = waiting.pop()
        for rank in tuple(of_name[own]):
            last[rank] = own
            for name in rows[rank]:
                of_name[name].discard(rank)
                if len(of_name[name]) == 1:
                    waiting.append(name)
    rest = [row for rank, row in enumerate(rows) if rank not in last]
    yield from ((row, None) for row in sorted(rest, key=len))
    yield from ((rows[rank], own) for rank, own in reversed(_needed(rows, last, wanted)))


def _needed(
    rows: Sequence[Row], last: Mapping[int, Name], wanted: Collection[Name] | None
) -> list[tuple[int, Name]]:
    """The rows of these, each with its own unknown, that it takes to know whether the wanted ones are known.

    The own unknown of a row is in those that stand before it, and in no other.
    """
    if wanted is None:
        return list(last.items())
    names, found = set(wanted), []
    for rank, own in last.items():
        if own in names:
            names.update(rows[rank])
            found.append((rank, own))
    return found


class Inconnues:
    """The unknowns of sums, each sum by its rank: only those that changed are told again."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self._of_name: dict[Name, list[int]] = defaultdict(list)

    def change(self, rows: Iterable[tuple[int, Row]]) -> None:
        """What these sums leave unknown now: no less than before."""
        for rank, row in rows:
            for name in row.keys() - self.rows.get(rank, {}).keys():
                self._of_name[name].append(rank)
            self.rows[rank] = row

    def connected(self, names: Iterable[Name]) -> list[Row]:
        """The rows that these unknowns are in, and those that share an unknown with one of them, and so on.

        >>> x, y, z, t = ("x",), ("y",), ("z",), ("t",)
        >>> sums = Inconnues()
        >>> sums.change(enumerate([{x: 1, y: 1}, {y: 1, z: 1}, {t: 1}]))
        >>> sums.connected({x}) == [{x: 1, y: 1}, {y: 1, z: 1}]
        True
        """
        seen: set[Name] = set()
        taken: set[int] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            for rank in self._of_name.get(name, ()):
                if rank not in taken:
                    taken.add(rank)
                    waiting.extend(self.rows[rank])
        return [self.rows[rank] for rank in sorted(taken)]


def _subtract(row: Row, other: Row, times: float) -> None:
    for name, coefficient in other.items():
        left = row.get(name, 0.0) - times * coefficient
        if abs(left) > _ZERO:
            row[name] = left
        else:
            row.pop(name, None)
