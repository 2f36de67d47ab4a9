"""What a set of sums determines of its unknowns, when a reader solves them all together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

Name = tuple[str, ...]

_N = TypeVar("_N", Name, int)
_Row = dict[_N, float]

Row = _Row[Name]
"""The unknowns of one sum whose other terms are known, with their coefficients."""

_ZERO = 1e-9


def determined(rows: Iterable[_Row[_N]], wanted: Collection[_N] | None = None) -> set[_N]:
    """The unknowns that have a single possible value, by elimination (Gauss and Jordan).

    Unknowns are told apart by their names; the values themselves are not needed. An unknown that a bound
    alone would give (people are never fewer than zero) is not seen. Of those that are not ``wanted`` (all are
    by default), some may be left out.

    >>> x, y, z = ("x",), ("y",), ("z",)
    >>> determined([{x: 1, y: 1}, {x: 1, y: -1}, {y: 1, z: 1, ("t",): 1}]) == {x, y}
    True
    """
    solved: dict[_N, _Row[_N]] = {}
    users: dict[_N, set[_N]] = defaultdict(set)
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


def _in_order(
    rows: Sequence[_Row[_N]], wanted: Collection[_N] | None
) -> Iterator[tuple[_Row[_N], _N | None]]:
    """The rows with the unknown that no row before has, which is to be its pivot: none is solved anew for it.

    A row that has an unknown alone comes after all the others, and so on among these; the rest, first, the
    shortest before, has no such unknown. A row whose own unknown no wanted one is bound to is left.
    """
    of_name: dict[_N, set[int]] = defaultdict(set)
    for rank, row in enumerate(rows):
        for name in row:
            of_name[name].add(rank)
    last: dict[int, _N] = {}
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
    rows: Sequence[_Row[_N]], last: Mapping[int, _N], wanted: Collection[_N] | None
) -> list[tuple[int, _N]]:
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
    """The unknowns of sums, each sum by its rank: only those that changed are told again.

    Within, a number stands for the name of each unknown: it is looked for faster.
    """

    def __init__(self) -> None:
        self._rows: dict[int, _Row[int]] = {}
        self._of: list[list[int]] = []
        self._number: dict[Name, int] = {}

    def change(self, rows: Iterable[tuple[int, Row]]) -> None:
        """What these sums leave unknown now: no less than before."""
        for rank, row in rows:
            numbered = {self._number_of(name): coefficient for name, coefficient in row.items()}
            for number in numbered.keys() - self._rows.get(rank, {}).keys():
                self._of[number].append(rank)
            self._rows[rank] = numbered

    def _number_of(self, name: Name) -> int:
        number = self._number.setdefault(name, len(self._of))
        if number == len(self._of):
            self._of.append([])
        return number

    def determined(self, wanted: Collection[Name]) -> set[Name]:
        """Of these unknowns, those that all the sums together determine.

        >>> x, y, z, t = ("x",), ("y",), ("z",), ("t",)
        >>> sums = Inconnues()
        >>> sums.change(enumerate([{x: 1, y: 1}, {y: 1}, {t: 1}]))
        >>> sums.determined({x, z}) == {x}
        True
        """
        numbers = {self._number[name]: name for name in wanted if name in self._number}
        found = determined(self._connected(numbers), numbers)
        return {numbers[number] for number in found & numbers.keys()}

    def _connected(self, numbers: Iterable[int]) -> list[_Row[int]]:
        """The rows that these unknowns are in, those that share an unknown with one of them, and so on."""
        taken: set[int] = set()
        seen = set(numbers)
        waiting = list(seen)
        while waiting:
            for rank in self._of[waiting.pop()]:
                if rank not in taken:
                    taken.add(rank)
                    more = self._rows[rank].keys() - seen
                    seen |= more
                    waiting.extend(more)
        return [self._rows[rank] for rank in sorted(taken)]


def _subtract(row: _Row[_N], other: _Row[_N], times: float) -> None:
    for name, coefficient in other.items():
        left = row.get(name, 0.0) - times * coefficient
        if abs(left) > _ZERO:
            row[name] = left
        else:
            row.pop(name, None)
