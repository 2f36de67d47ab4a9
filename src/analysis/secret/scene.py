"""The measures as they are told and all that binds them, before any is withheld."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from analysis.noyau.mesures import RATIOS, Accord, Definitions, Mesure
from analysis.secret.categories import Reunies, over_unions, ratios_of_unions, told_rows
from analysis.secret.intervalles import Groupes
from analysis.secret.seuils import COALITION, SEUIL_EFFECTIF, SEUIL_TAUX
from analysis.secret.sommes import (
    SEPAREES,
    Cle,
    Effectif,
    Loi,
    Ratio,
    Redite,
    Sum,
    declared_sums,
    flows,
    grouped,
    horizons,
    included,
    is_of_people,
    is_rounded,
    laws,
    means_of_months,
    month_ends,
    own_people,
    parts_of,
    ranks_of,
    ratios,
    rolled_up,
    sides_over_places,
    stocks,
    sums_over_ebe,
    sums_over_places,
    undeclared_sums,
    weighed_answers,
    wholes,
)

Breakdowns = Mapping[tuple[str, str, str, str], tuple[Cle, ...]]
"""The categories of each count of people, by measure, place, EBE and period."""


def _people(m: Mesure) -> float:
    if m.forme == "incidence":
        return m.numerateur or 0.0
    return (m.denominateur if m.forme in RATIOS else m.valeur) or 0.0


@dataclass
class Scene:
    """The computed measures and what binds them to one another.

    ``libres`` are categories that their union alone tells, and that no rule would withhold: nobody minds that
    they are found. ``redites`` are told as a past edition told them where they are withheld.
    """

    by_cle: Mapping[Cle, Mesure]
    own: Mapping[Cle, Effectif]
    stocks: tuple[tuple[Cle, ...], ...]
    breakdowns: tuple[tuple[Cle, ...], ...]
    sums: tuple[Sum, ...]
    ratios: tuple[Ratio, ...]
    weighed: tuple[tuple[Cle, ...], ...]
    laws: tuple[Loi, ...]
    united: Reunies
    redites: Mapping[Cle, Redite]
    libres: frozenset[Cle] = frozenset()

    @cached_property
    def groupes(self) -> Groupes:
        """The same, by groups of territories whose withheld measures are bounded together."""
        return Groupes(self.by_cle, self.own, self.sums, self.sums_of, self.ratios, self.laws, self.redites)

    @cached_property
    def sums_of(self) -> Mapping[Cle, list[int]]:
        """The ranks of the sums of each measure."""
        return ranks_of(self.sums)

    @cached_property
    def ties(self) -> Mapping[Cle, int]:
        """In how many totals each measure is a term: the two sums of one total count once."""
        named = enumerate(self.sums)
        return Counter(cle for cle, _ in {(cle, s.total or rank) for rank, s in named for cle in s.parts})

    @cached_property
    def people(self) -> Callable[[Cle], float]:
        """The people behind a measure: its value, the events of an incidence, the whole of a share."""
        found = {cle: _people(m) for cle, m in self.by_cle.items()}
        return (found | {cle: one.people for cle, one in self.own.items()}).__getitem__

    def are_many(self, hidden: Sequence[Cle]) -> bool:
        """Whether withheld shares are together no small group without the largest: nor are more of them."""
        smallest = sorted(hidden, key=lambda cle: (self.people(cle), cle))
        return not self._is_small_group(smallest[: len(hidden) - COALITION])

    def is_lost(self, cle: Cle) -> bool:
        """Whether a reader loses something where it is withheld: a measure, not told again as it was."""
        return cle in self.by_cle and cle not in self.redites

    def gives_back(self, addition: Sum, hidden: Sequence[Cle]) -> bool:
        """Whether a sum whose total is known leaves one unknown, or a group of too few people."""
        if hidden and not addition.reste and self.libres.issuperset(hidden):
            return False
        if addition.is_over_places and not addition.is_open:
            smallest = sorted(hidden, key=lambda cle: (self.people(cle), cle))
            hidden = smallest[: max(1, len(hidden) - COALITION)]
        if addition.is_share:
            return bool(hidden) and (len(hidden) == 1 or self._is_small_group(hidden))
        if addition.is_open:
            is_exact = not addition.reste and not self.is_told_rounded(addition.total)
            return len(hidden) == 1 and is_exact
        withheld = sum(map(self.people, hidden)) + addition.reste
        return (len(hidden) == 1 and not addition.reste) or 0 < withheld < SEUIL_EFFECTIF

    def is_told_rounded(self, cle: Cle | None) -> bool:
        """Whether a reader knows a number within the base of its rounding only."""
        return cle in self.united.arrondies or self.is_month(cle)

    def is_month(self, cle: Cle | None) -> bool:
        """Whether it is a number of people or of ETP of a month, never withheld to protect another."""
        return cle is not None and cle in self.by_cle and is_rounded(self.by_cle[cle])

    def _is_small_group(self, hidden: Sequence[Cle]) -> bool:
        """Whether the share of these together would be withheld itself."""
        cells = [self.by_cle[cle] for cle in hidden]
        whole = sum(m.denominateur or 0 for m in cells)
        part = sum(m.numerateur or 0 for m in cells)
        is_uneven = cells[0].forme == "part" and min(part, whole - part) < SEUIL_EFFECTIF
        return whole < SEUIL_TAUX or is_uneven


@dataclass(frozen=True)
class Connues:
    """The computed measures and what binds them, whichever categories are told together."""

    definitions: Definitions
    by_cle: Mapping[Cle, Mesure]
    own: Mapping[Cle, Effectif]
    breakdowns: Breakdowns
    sums: tuple[Sum, ...]
    ratios: tuple[Ratio, ...]
    weighed: tuple[tuple[Cle, ...], ...]
    laws: tuple[Loi, ...]

    @classmethod
    def de(cls, mesures: Sequence[Mesure], definitions: Definitions, accords: frozenset[Accord]) -> Connues:
        """What these measures, in the order of their keys, are bound by."""
        by_cle = {m.cle: m for m in mesures if m.etat == "calculee"}
        people = (m for m in by_cle.values() if is_of_people(m))
        breakdowns = grouped(m for m in people if m.modalite and m.mesure not in SEPAREES)
        own = own_people(by_cle, definitions)
        return cls(
            definitions,
            by_cle,
            own,
            breakdowns,
            sums=tuple(_sums(mesures, by_cle, own, breakdowns, definitions, accords)),
            ratios=(*ratios(mesures, by_cle, definitions), *means_of_months(by_cle)),
            weighed=tuple(weighed_answers(by_cle)),
            laws=tuple(laws(by_cle, definitions)),
        )

    def telles(self, united: Reunies, redites: Mapping[Cle, Redite] = MappingProxyType({})) -> Scene:
        """The same, some categories being told together, some measures as a past edition told them."""
        every = {**self.by_cle, **{m.cle: m for m in united.mesures if m.etat == "calculee"}}
        rows = (*self.breakdowns.values(), *told_rows(every, united))
        series = (
            *stocks(filter(is_of_people, every.values())),
            *horizons(self.by_cle.values(), self.definitions),
        )
        unions = (one for one in over_unions(self.sums, united) if set(one.cells) <= every.keys())
        return Scene(
            by_cle=every,
            own=self.own,
            stocks=tuple(tuple(cle for cle in one if cle not in united.arrondies) for one in series),
            breakdowns=tuple(terms for terms in rows if self.definitions.of(terms[0][0]).sensible),
            sums=(*self.sums, *unions),
            ratios=(*self.ratios, *ratios_of_unions(united, self.definitions)),
            weighed=self.weighed,
            laws=self.laws,
            united=united,
            redites=redites,
        )


def _sums(
    mesures: Sequence[Mesure],
    by_cle: Mapping[Cle, Mesure],
    own: Mapping[Cle, Effectif],
    breakdowns: Breakdowns,
    definitions: Definitions,
    accords: frozenset[Accord],
) -> Iterator[Sum]:
    """All that adds up among the measures, before any category is united."""
    declared = tuple(declared_sums(by_cle, definitions))
    over_places = tuple(sums_over_places(mesures, by_cle, definitions))
    yield from declared
    yield from parts_of(by_cle, definitions, declared)
    yield from rolled_up(by_cle, definitions)
    yield from undeclared_sums(breakdowns, declared)
    yield from wholes(by_cle, definitions)
    yield from over_places
    yield from sides_over_places(mesures, by_cle, definitions, over_places)
    yield from included(by_cle, own, definitions)
    yield from sums_over_ebe(by_cle, accords, definitions)
    yield from flows(by_cle, breakdowns)
    yield from month_ends(by_cle, breakdowns)
