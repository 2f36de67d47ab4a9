"""The tables of places by categories that the gate tells, as a reader has them and as another engine takes them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.noyau.paths import Project
from analysis.secret.regles import withheld

TOTALS = {"situation_volontaires": "volontaires_eligibles", "attente_duree": "liste_attente"}
TOTALS |= {"attente_age": "liste_attente"}
"""Tables of places by categories, and the count that the categories of a place add up to."""

SMALLEST = "orbesson"
"""The territory of three people: no sum of all together counts it."""

FEW, WIDE = 5, 5

Case = tuple[str, str]
"""A place and a category (or several that are told together), empty for the total of the place."""

Sum = tuple[Sequence[Case], Case]
"""Some numbers, and the one that they add up to."""


def _unions() -> Mapping[str, tuple[str, ...]]:
    path = Project.here().dictionary / "regroupements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: tuple(row["modalites"].split()) for row in csv.DictReader(file)}


UNIONS = _unions()


@dataclass(frozen=True)
class Table:
    """One table at one day: what each number of it is, and what a reader is told, None where it is withheld."""

    name: str
    day: str
    true: Mapping[Case, float]
    told: Mapping[Case, float | None]

    @classmethod
    def of(cls, whole: Sequence[Mesure], told: Sequence[Mesure], name: str, day: str) -> Table:
        names = (name, TOTALS[name])
        true = {
            (m.lieu, m.modalite): m.valeur
            for m in whole
            if m.mesure in names and m.periode == day and m.valeur is not None
        }
        found = {
            (m.lieu, m.modalite): m.valeur
            for m in told
            if m.mesure in names and m.periode == day and (m.valeur is not None or m.etat == "masquee")
        }
        return cls(name, day, true, found)

    @property
    def names(self) -> tuple[str, str]:
        """The measures that make it: what is broken down, and its total."""
        return self.name, TOTALS[self.name]

    @cached_property
    def categories(self) -> list[str]:
        return sorted({category for _, category in self.true if category})

    @cached_property
    def places(self) -> list[str]:
        """Those of which the whole is made, by name."""
        return sorted({lieu for lieu, _ in self.true} - {ENSEMBLE, SMALLEST})

    @cached_property
    def unions(self) -> Mapping[str, tuple[str, ...]]:
        """The categories of this table that may be told together, the largest unions first."""
        mine = {code: parts for code, parts in UNIONS.items() if set(parts) <= set(self.categories)}
        return dict(sorted(mine.items(), key=lambda union: -len(union[1])))

    def parts(self, case: Case) -> list[Case]:
        """The categories that a number is made of: itself, or those that it unites."""
        if case in self.true:
            return [case]
        return [(case[0], c) for c in self.unions[case[1]] if (case[0], c) in self.true]

    def value(self, case: Case) -> float:
        """What a number truly is, told or not."""
        return sum(self.true[part] for part in self.parts(case))

    @cached_property
    def withheld(self) -> set[Case]:
        """What a reader is not told: withheld, or told with others alone."""
        return {case for case in {**self.true, **self.told} if self.told.get(case) is None}

    @cached_property
    def few(self) -> list[Case]:
        """The numbers of one to four people that are withheld."""
        return [case for case, told in self.told.items() if told is None and 0 < self.value(case) < FEW]

    @cached_property
    def sums(self) -> list[Sum]:
        """What adds up to what: the categories of a place, the places of the whole, those that are united."""
        united = [(self.parts(case), case) for case in self.told if case not in self.true]
        return [*self._over_categories(), *self._over_places(), *united]

    def _over_categories(self) -> Iterator[Sum]:
        for lieu in sorted({lieu for lieu, _ in self.true}):
            cells = [case for case in self.true if case[0] == lieu and case[1]]
            if cells and (lieu, "") in self.true:
                yield cells, (lieu, "")

    def _over_places(self) -> Iterator[Sum]:
        for lieu, category in [case for case in self.true if case[0] == ENSEMBLE]:
            cells = [(place, category) for place in self.places if (place, category) in self.true]
            if cells:
                yield cells, (lieu, category)


def tables(whole: Sequence[Mesure], told: Sequence[Mesure]) -> list[Table]:
    """All the tables of all the days; what is said to add up does."""
    days: dict[str, set[str]] = defaultdict(set)
    for m in whole:
        if m.mesure in TOTALS:
            days[m.mesure].add(m.periode)
    found = [Table.of(whole, told, name, day) for name in TOTALS for day in sorted(days[name])]
    for table in found:
        for parts, total in table.sums:
            assert sum(table.value(part) for part in parts) == table.value(total)
    return found


def small_alone(mesures: Sequence[Mesure]) -> list[Mesure]:
    """What would be told if each number under five were withheld by itself."""
    return [withheld(m, "seuil-effectif") if 0 < (m.valeur or 0) < FEW else m for m in mesures]
