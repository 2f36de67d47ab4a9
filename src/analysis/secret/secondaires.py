"""What else is withheld with a measure: what the released ones would give away together, bond by bond."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from typing import Any, Final

from analysis.secret.scene import Scene
from analysis.secret.seuils import COALITION, SEUIL_EFFECTIF
from analysis.secret.sommes import Cle, Decided, Effectif, Held, Loi, Ratio, Sum

MANY: Final = (8, 32, 128)
"""The numbers of withheld shares of a sum at which it is asked whether the others need be looked for."""

TRIED: Final = 6
"""How many terms are tried at most, to see which takes the fewest others with it."""


class Liaisons:
    """The series, the sums, the ratios, the weights: looked at again when a measure of theirs is withheld."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.toutes: list[tuple[Demande, Any]] = []
        self._others: dict[Cle, list[int]] = defaultdict(list)
        for rank, (cells, demande, bond) in enumerate(self._bonds()):
            self.toutes.append((demande, bond))
            for cle in cells:
                self._others[cle].append(rank)
        self._first_sum = len(scene.stocks)
        self._is_simulated = False
        self._in_order: dict[int, Sequence[Cle]] = {}
        self._enough: set[int] = set()
        self._terms: dict[int, dict[Cle, None]] = {}

    def _bonds(self) -> Iterator[tuple[Sequence[Cle], Demande, Any]]:
        """The measures of each bond, those of a sum left to its scene, what asks more of it, and the bond."""
        scene = self.scene
        yield from ((series, _close, series) for series in scene.stocks)
        yield from (((), _given_back, addition) for addition in scene.sums)
        yield from ((ratio.cells, _parts_given_back, ratio) for ratio in scene.ratios)
        yield from ((cells, _with_its_margins, cells) for cells in scene.weighed)
        yield from (((o.cle, *o.told_by), _with_its_people, o) for o in scene.own.values())
        yield from (((law.etp, *law.petits), _with_its_etp, law) for law in scene.laws)

    def of(self, cle: Cle) -> list[int]:
        """The ranks of the bonds of a measure."""
        sums = self.scene.sums_of.get(cle, ())
        return [*self._others.get(cle, ()), *(self._first_sum + rank for rank in sums)]

    def asking(self, held: Held) -> set[int]:
        """The ranks of the bonds that may ask something: those of what is withheld, and those that ask where
        nothing is, the series, the sums that count few others, the shares."""
        scene, first_ratio = self.scene, self._first_sum + len(self.scene.sums)
        found = set(range(self._first_sum))
        of_others = (rank for rank, one in enumerate(scene.sums) if one.reste and scene.gives_back(one, ()))
        found.update(self._first_sum + rank for rank in of_others)
        found.update(first_ratio + rank for rank, one in enumerate(scene.ratios) if one.is_part)
        for cle in held:
            found.update(self.of(cle))
        return found

    def withhold(self, held: Held, decided: Decided) -> list[Cle]:
        """Withhold these, one after another, each with what its bonds ask: the cells that it took."""
        taken: list[Cle] = []
        for cle, rule in decided:
            if cle not in held:
                taken.append(cle)
                self._note_term(cle)
            held[cle] = rule
            taken += self.settle(held, self.of(cle))
        return taken

    def settle(self, held: Held, ranks: Iterable[int], most: float = math.inf) -> list[Cle]:
        """Withhold with what is held all that its bonds ask, one bond after another, until none asks more.

        The cells that it took; it stops at ``most`` measures.
        """
        waiting = sorted(ranks)
        queued, measures = set(waiting), 0
        taken: list[Cle] = []
        while waiting and measures < most:
            rank = heapq.heappop(waiting)
            queued.discard(rank)
            demande, bond = self.toutes[rank]
            for cle, rule in tuple(demande(bond, self, held)):
                if cle not in held:
                    held[cle] = rule
                    taken.append(cle)
                    self._note_term(cle)
                    measures += self.scene.is_lost(cle)
                    for other in self.of(cle):
                        if other not in queued:
                            queued.add(other)
                            heapq.heappush(waiting, other)
        return taken

    def one_more(self, addition: Sum, held: Held) -> Decided:
        """The term of a sum that is withheld with the others, or its total when no term is left."""
        shown = (cle for cle in self.in_order(addition) if cle not in held)
        first = list(itertools.islice(shown, 1 if self._is_simulated else TRIED))
        if first and self.scene.people(first[0]) > 0:
            yield self.cheapest(first, held) if len(first) > 1 else first[0], "addition"
        elif addition.total is not None and addition.total not in held:
            yield addition.total, "addition"
        else:
            yield from ((cle, "addition") for cle in (*first, *shown))

    def in_order(self, addition: Sum) -> Sequence[Cle]:
        """The terms of a sum as they are withheld with others: first the one that is in the fewest sums, then
        the smallest, zeros last; without months."""
        found = self._in_order.get(id(addition))
        if found is None:
            scene = self.scene
            found = sorted(
                (cle for cle in addition.parts if not scene.is_month(cle)),
                key=lambda cle: (scene.people(cle) == 0, scene.ties[cle], scene.people(cle), cle),
            )
            self._in_order[id(addition)] = found
        return found

    def apart(self) -> Liaisons:
        """The same bonds, for who withholds more by itself."""
        other = copy(self)
        other._enough, other._terms = set(self._enough), {}
        return other

    def withheld_terms(self, addition: Sum, held: Held) -> Iterable[Cle]:
        """The terms of a sum that are withheld; of a sum over places, which has many, looked for once."""
        if not addition.is_over_places:
            return filter(held.__contains__, addition.parts)
        if id(addition) not in self._terms:
            self._terms[id(addition)] = dict.fromkeys(filter(held.__contains__, addition.parts))
        return iter(self._terms[id(addition)])

    def _sums_with_terms(self, cle: Cle) -> Iterator[dict[Cle, None]]:
        """The withheld terms of each sum over places that this measure is a term of, where they are known."""
        for rank in self.scene.sums_of.get(cle, ()):
            addition = self.scene.sums[rank]
            if id(addition) in self._terms and addition.total != cle:
                yield self._terms[id(addition)]

    def _note_term(self, cle: Cle) -> None:
        for terms in self._sums_with_terms(cle):
            terms[cle] = None

    def is_enough(self, addition: Sum) -> bool:
        """Whether so much of a sum is withheld that it gives nothing back, whatever else is."""
        return id(addition) in self._enough

    def note_enough(self, addition: Sum) -> None:
        if not self._is_simulated:
            self._enough.add(id(addition))

    def cheapest(self, shown: Sequence[Cle], held: Held) -> Cle:
        """Of the first of these terms, the one that takes the fewest others with it, as far as its bonds
        tell."""
        self._is_simulated = True
        try:
            best, least = shown[0], math.inf
            for cle in [cle for cle in shown if self.scene.people(cle) > 0][:TRIED]:
                held[cle] = "addition"
                self._note_term(cle)
                tried = [cle, *self.settle(held, self.of(cle), most=least - self.scene.is_lost(cle))]
                taken = sum(map(self.scene.is_lost, tried))
                for one in tried:
                    del held[one]
                    for terms in self._sums_with_terms(one):
                        del terms[one]
                if taken < least:
                    best, least = cle, taken
        finally:
            self._is_simulated = False
        return best


Demande = Callable[[Any, Liaisons, Held], Decided]
"""What must also be withheld of measures that a bond holds together, when some of them are."""


def close_values(series: Sequence[Cle], scene: Scene, held: Held) -> Decided:
    """What differs by 1 to 4 people from the released value that comes before it in the series."""
    last: float | None = None
    for cle in series:
        if cle in held:
            continue
        value = scene.people(cle)
        if last is not None and 0 < abs(value - last) < SEUIL_EFFECTIF:
            yield cle, "difference"
        else:
            last = value


def _close(series: Sequence[Cle], liaisons: Liaisons, held: Held) -> Decided:
    """What comes too near to the released value before it."""
    yield from close_values(series, liaisons.scene, held)


def _given_back(addition: Sum, liaisons: Liaisons, held: Held) -> Decided:
    """One more term, or the total, as long as a subtraction gives something back.

    With the total known, what is withheld must be of two terms at least, and of five people at least. The
    term is the one that is in the fewest sums, then the smallest: it takes the fewest others with it.
    """
    if liaisons.is_enough(addition):
        return
    if addition.total in held:
        is_told = not (addition.reste or addition.side or any(liaisons.withheld_terms(addition, held)))
    else:
        is_told = liaisons.scene.gives_back(addition, _hidden(addition, liaisons, held))
    if is_told:
        yield from liaisons.one_more(addition, held)


def _hidden(addition: Sum, liaisons: Liaisons, held: Held) -> list[Cle]:
    """The withheld terms of a sum, as many of them as it takes to see that nothing is given back.

    Among territories: when two of them and five people are left without the largest, which know themselves;
    of shares, when those that are left would not be withheld for what they are, as some numbers are reached.
    """
    scene, found = liaisons.scene, list[Cle]()
    terms = liaisons.withheld_terms(addition, held)
    if addition.is_share:
        for number in MANY:
            found += itertools.islice(terms, number - len(found))
            if len(found) == number and scene.are_many(found):
                liaisons.note_enough(addition)
                return found
        return [*found, *terms]
    people = most = 0.0
    for cle in terms:
        found.append(cle)
        one = scene.people(cle)
        people += one
        most = max(most, one)
        if len(found) >= COALITION + 2 and people - COALITION * most >= SEUIL_EFFECTIF:
            liaisons.note_enough(addition)
            break
    return found


def _with_its_margins(cells: Sequence[Cle], _: Liaisons, held: Held) -> Decided:
    """A weighted measure falls with any count of people that its weights were made of."""
    weighted, *margins = cells
    if weighted not in held and any(cle in held for cle in margins):
        yield weighted, "composante"


def _with_its_people(one: Effectif, _: Liaisons, held: Held) -> Decided:
    """The measures that tell by how many people they divide fall with that number."""
    if one.cle in held:
        yield from ((cle, "composante") for cle in one.told_by if cle not in held)


def _with_its_etp(law: Loi, _: Liaisons, held: Held) -> Decided:
    """What the law ties to withheld ETP, where it would give them back within less than their threshold."""
    if law.etp in held and law.width < SEUIL_EFFECTIF:
        yield from ((cle, "composante") for cle in law.petits if cle not in held)


def _parts_given_back(ratio: Ratio, liaisons: Liaisons, held: Held) -> Decided:
    """A ratio whose terms are withheld, and the count that would give back the other side of a share."""
    if ratio.cle not in held and (ratio.numerateur in held or ratio.denominateur in held):
        yield ratio.cle, "composante"
    scene = liaisons.scene
    part = scene.by_cle.get(ratio.cle)
    if part is None:
        return
    if ratio.is_part and held.get(ratio.cle) == "groupe-entier" and ratio.numerateur in scene.by_cle:
        yield ratio.numerateur, "groupe-entier"
    others = (part.denominateur or 0) - (part.numerateur or 0)
    is_given_back = ratio.is_part and 0 < others < SEUIL_EFFECTIF and ratio.denominateur not in held
    if is_given_back and ratio.numerateur in scene.by_cle and ratio.numerateur not in held:
        yield ratio.numerateur, "petit-cote"
