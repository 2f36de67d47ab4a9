"""What a set of sums determines of its unknowns, when a reader solves them all together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import count, islice

Name = tuple[str, ...]

Row = dict[Name, float]
"""The unknowns of one sum whose other terms are known, with their coefficients."""

_Row = Mapping[int, float]

_ZERO = 1e-9


def determined(rows: Iterable[Row]) -> set[Name]:
    """The unknowns that have a single possible value, by elimination (Gauss and Jordan).

    Unknowns are told apart by their names; the values themselves are not needed. An unknown that a bound
    alone would give (people are never fewer than zero) is not seen.

    >>> x, y, z = ("x",), ("y",), ("z",)
    >>> determined([{x: 1, y: 1}, {x: 1, y: -1}, {y: 1, z: 1, ("t",): 1}]) == {x, y}
    True
    """
    every = list(rows)
    sums = Inconnues()
    sums.change(enumerate(every))
    return sums.determined({name for row in every for name in row})


class Inconnues:
    """The unknowns of sums, each sum by its rank: only those that changed are told again.

    A sum that has an unknown alone tells nothing of the others: it is set apart, with that one for its own,
    then those that have an unknown alone among the sums that are left, and so on. What is unknown later
    brings none of them back. Within, a number stands for the name of each unknown: it is looked for faster.
    ``some`` are a part of these sums, solved by themselves: their rows and their numbers are taken there.
    """

    def __init__(self, some: Inconnues | None = None) -> None:
        self._rows: dict[int, _Row] = {}
        self._of_some: Mapping[int, _Row] = some._rows if some else {}
        self._number: dict[Name, int] = some._number if some else defaultdict(count().__next__)
        self._left: dict[int, list[int]] = {}
        self._apart: dict[int, int] = {}
        self._order: dict[int, int] = {}

    def change(self, rows: Iterable[tuple[int, Row]], of_some: Iterable[int] = ()) -> None:
        """What these sums leave unknown now: no less than before; those ``of_some``, what they do there."""
        number = self._number
        told: dict[int, _Row] = {rank: {number[name]: one for name, one in row.items()} for rank, row in rows}
        told |= {rank: self._of_some[rank] for rank in of_some}
        before = self._rows
        new = [(rank, one) for rank, row in told.items() if row for one in row.keys() - before.get(rank, ())]
        self._rows.update(told)
        known = len(self._left)
        if any(one in self._left for _, one in new):
            self._bring_back()
            known = 0
        else:
            for rank, one in new:
                ranks = self._left.setdefault(one, [])
                if rank not in self._order:
                    ranks.append(rank)
        self._set_apart(islice(self._left, known, None))

    def determined(self, wanted: Collection[Name]) -> set[Name]:
        """Of these unknowns, those that all the sums together determine.

        >>> x, y, z, t = ("x",), ("y",), ("z",), ("t",)
        >>> sums = Inconnues()
        >>> sums.change(enumerate([{x: 1, y: 1}, {y: 1}, {t: 1}]))
        >>> sums.determined({x, z}) == {x}
        True
        """
        found = ((self._number.get(name, -1), name) for name in wanted)
        numbers = {number: name for number, name in found if number in self._left}
        apart, reached = self._needed(numbers)
        solution = _Solution()
        for row in sorted(self._connected(reached), key=len):
            solution.take(row)
        for own in apart:
            solution.take(self._rows[self._apart[own]], own)
        return {name for number, name in numbers.items() if solution.is_single(number)}

    def _bring_back(self) -> None:
        """A sum tells an unknown that others told before: none is set apart any more."""
        self._apart.clear()
        self._order.clear()
        for ranks in self._left.values():
            ranks.clear()
        for rank, row in self._rows.items():
            for number in row:
                self._left.setdefault(number, []).append(rank)

    def _set_apart(self, numbers: Iterable[int]) -> None:
        """The sums that have one of these unknowns alone, then those that this leaves with one alone."""
        waiting = [number for number in numbers if len(self._left[number]) == 1]
        while waiting:
            own = waiting.pop()
            for rank in tuple(self._left[own]):
                self._apart[own], self._order[rank] = rank, len(self._order)
                for number in self._rows[rank]:
                    self._left[number].remove(rank)
                    if len(self._left[number]) == 1:
                        waiting.append(number)

    def _needed(self, wanted: Iterable[int]) -> tuple[list[int], set[int]]:
        """The sums set apart that it takes to know whether these unknowns are known, by their own ones, the
        last set apart before; and all that they hold."""
        found, reached = list[int](), set(wanted)
        waiting = list(reached)
        while waiting:
            own = waiting.pop()
            if own in self._apart:
                found.append(own)
                more = self._rows[self._apart[own]].keys() - reached
                reached |= more
                waiting.extend(more)
        return sorted(found, key=lambda own: -self._order[self._apart[own]]), reached

    def _connected(self, numbers: Iterable[int]) -> list[_Row]:
        """The sums left that hold these unknowns, those that share an unknown with one of them, and so on."""
        taken: set[int] = set()
        seen = set(numbers)
        waiting = list(seen)
        while waiting:
            for rank in self._left[waiting.pop()]:
                if rank not in taken:
                    taken.add(rank)
                    more = self._rows[rank].keys() - seen
                    seen |= more
                    waiting.extend(more)
        return [self._rows[rank] for rank in sorted(taken)]


class _Solution:
    """Sums solved one after the other: each gives one of its unknowns, its pivot, by others."""

    def __init__(self) -> None:
        self._by_pivot: dict[int, dict[int, float]] = {}
        self._users: dict[int, set[int]] = defaultdict(set)

    def take(self, row: _Row, own: int | None = None) -> None:
        """One more sum; ``own`` is an unknown of it that no sum before has, and is its pivot then."""
        left = dict(row)
        for number in [number for number in left if number in self._by_pivot]:
            _subtract(left, self._by_pivot[number], left[number])
        if not left:
            return
        pivot = min(left) if own is None else own
        scale = left[pivot]
        new = {number: coefficient / scale for number, coefficient in left.items()}
        for other in [other for other in self._users[pivot] if pivot in self._by_pivot[other]]:
            _subtract(self._by_pivot[other], new, self._by_pivot[other][pivot])
            for number in self._by_pivot[other]:
                self._users[number].add(other)
        self._by_pivot[pivot] = new
        for number in new:
            self._users[number].add(pivot)

    def is_single(self, number: int) -> bool:
        """Whether the sums give that unknown by no other."""
        return len(self._by_pivot.get(number, ())) == 1


def _subtract(row: dict[int, float], other: Mapping[int, float], times: float) -> None:
    for number, coefficient in other.items():
        left = row.get(number, 0.0) - times * coefficient
        if abs(left) > _ZERO:
            row[number] = left
        else:
            row.pop(number, None)
