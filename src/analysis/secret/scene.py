"""The measures as they are told and all that binds them, before any is withheld."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from types import MappingProxyType

from analysis.noyau.mesures import RATIOS, TAILLE, Accord, Definitions, Mesure, trop_petits
from analysis.noyau.periods import fin, precision
from analysis.secret.categories import Reunies, over_unions, ratios_of_unions, told_rows
from analysis.secret.intervalles import Groupes
from analysis.secret.seuils import COALITION, SEUIL_EFFECTIF, SEUIL_TAUX
from analysis.secret.sommes import (
    SEPAREES,
    Breakdowns,
    Cle,
    Ecrites,
    Effectif,
    Loi,
    Noms,
    Ratio,
    Redite,
    Sum,
    by_name,
    declared_sums,
    ecrites,
    flows,
    grouped,
    included,
    is_across,
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
    undeclared_sums,
    weighed_answers,
    wholes,
)
from analysis.secret.sommes_des_lieux import sides_over_places, sums_over_ebe, sums_over_places


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
        return Groupes(
            self.by_cle,
            self.own,
            self.sums,
            self.sums_of,
            self.told,
            self.across,
            self.ratios,
            self.laws,
            self.redites,
        )

    @cached_property
    def across(self) -> frozenset[int]:
        """The ranks of the sums over several territories."""
        return frozenset(rank for rank, addition in enumerate(self.sums) if is_across(addition))

    @cached_property
    def sums_of(self) -> Mapping[Cle, list[int]]:
        """The ranks of the sums of each measure."""
        return ranks_of(self.sums)

    @cached_property
    def told(self) -> frozenset[int]:
        """The ranks of the sums that tell something: not those whose total is known by another one, as far as
        that is, or by nobody."""
        return frozenset(rank for rank, addition in enumerate(self.sums) if self._is_told(addition))

    def _is_told(self, addition: Sum) -> bool:
        if addition.total is not None or addition.less or addition.is_share:
            return True
        terms = addition.terms
        others = (self.sums[rank] for rank in self.sums_of[terms[0]])
        same = (one.terms for one in others if one.total is not None and len(one.terms) == len(terms))
        if any(set(its) == set(terms) for its in same):
            return False
        people = sum(self.own[c].people if c in self.own else self.by_cle[c].valeur or 0.0 for c in terms)
        return people >= SEUIL_EFFECTIF

    @cached_property
    def ties(self) -> Mapping[Cle, int]:
        """In how many totals each measure is a term: the two sums of one total count once."""
        of_total: dict[Cle | int, set[Cle]] = defaultdict(set)
        for rank, addition in enumerate(self.sums):
            of_total[addition.total or rank].update(addition.parts)
        return Counter(chain.from_iterable(of_total.values()))

    @cached_property
    def people(self) -> Callable[[Cle], float]:
        """The people behind a measure: its value, the events of an incidence, the whole of a share."""
        found = {cle: _people(m) for cle, m in self.by_cle.items()}
        found.update((cle, one.people) for cle, one in self.own.items())
        return found.__getitem__

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
    stocks: tuple[tuple[Cle, ...], ...]
    horizons: tuple[tuple[Cle, ...], ...]
    breakdowns: tuple[tuple[Cle, ...], ...]
    sums: tuple[Sum, ...]
    ratios: tuple[Ratio, ...]
    weighed: tuple[tuple[Cle, ...], ...]
    laws: tuple[Loi, ...]

    @classmethod
    def de(cls, mesures: Sequence[Mesure], definitions: Definitions, accords: frozenset[Accord]) -> Connues:
        """What these measures, in the order of their keys, are bound by."""
        by_cle = {m.cle: m for m in mesures if m.etat == "calculee"}
        named, written = by_name(by_cle), ecrites(mesures)
        people = [name for name, cles in named.items() if is_of_people(by_cle[cles[0]])]
        rows = grouped(cle for name in people if name not in SEPAREES for cle in named[name] if cle[3])
        own = own_people(by_cle, named, definitions)
        return cls(
            definitions,
            by_cle,
            own,
            stocks=tuple(_stocks(cle for name in people for cle in named[name])),
            horizons=tuple(_horizons(by_cle, named, definitions)),
            breakdowns=tuple(terms for terms in rows.values() if definitions.of(terms[0][0]).sensible),
            sums=tuple(_sums(written, by_cle, named, own, rows, definitions, accords)),
            ratios=(*ratios(written, by_cle, definitions), *means_of_months(by_cle, named)),
            weighed=tuple(weighed_answers(named)),
            laws=tuple(laws(by_cle, named, definitions)),
        )

    def telles(self, united: Reunies, redites: Mapping[Cle, Redite] = MappingProxyType({})) -> Scene:
        """The same, some categories being told together, some measures as a past edition told them."""
        more = {m.cle: m for m in united.mesures if m.etat == "calculee"}
        every = {**self.by_cle, **more}
        rows = (terms for terms in told_rows(every, united) if self.definitions.of(terms[0][0]).sensible)
        people = (cle for cle, m in more.items() if is_of_people(m))
        series = (*self.stocks, *_stocks(people), *self.horizons)
        if united.arrondies:
            series = tuple(tuple(cle for cle in one if cle not in united.arrondies) for one in series)
        unions = (one for one in over_unions(self.sums, united) if set(one.cells) <= every.keys())
        return Scene(
            by_cle=every,
            own=self.own,
            stocks=series,
            breakdowns=(*self.breakdowns, *rows),
            sums=(*self.sums, *unions),
            ratios=(*self.ratios, *ratios_of_unions(united, self.definitions)),
            weighed=self.weighed,
            laws=self.laws,
            united=united,
            redites=redites,
        )


def _stocks(people: Iterable[Cle]) -> Iterator[tuple[Cle, ...]]:
    """A measure of one place and category at successive days, the last first."""
    series: dict[tuple[str, ...], list[Cle]] = defaultdict(list)
    for cle in people:
        if precision(cle[4]) == "jour":
            series[cle[:4]].append(cle)
    for group in series.values():
        yield tuple(sorted(group, key=lambda cle: fin(cle[4]), reverse=True))


def _horizons(
    by_cle: Mapping[Cle, Mesure], named: Noms, definitions: Definitions
) -> Iterator[tuple[Cle, ...]]:
    """An incidence at its successive horizons, in the order of their list."""
    curves: dict[tuple[str, str, str], dict[str, Cle]] = defaultdict(dict)
    for name, cles in named.items():
        if by_cle[cles[0]].forme == "incidence":
            for cle in cles:
                curves[(name, cle[1], cle[4])][cle[3]] = cle
    for (name, *_), curve in curves.items():
        yield tuple(curve[h.code] for h in definitions.of(name).modalites if h.code in curve)


def _sums(
    written: Ecrites,
    by_cle: Mapping[Cle, Mesure],
    named: Noms,
    own: Mapping[Cle, Effectif],
    breakdowns: Breakdowns,
    definitions: Definitions,
    accords: frozenset[Accord],
) -> Iterator[Sum]:
    """All that adds up among the measures, before any category is united."""
    declared = tuple(declared_sums(by_cle, named, definitions))
    left_out = trop_petits(by_cle[cle] for cle in named.get(TAILLE, ()))
    over_places = tuple(sums_over_places(written, left_out, definitions))
    yield from declared
    yield from parts_of(by_cle, named, definitions, declared)
    yield from rolled_up(by_cle, named, definitions)
    yield from undeclared_sums(breakdowns, declared)
    yield from wholes(named, definitions)
    yield from over_places
    yield from sides_over_places(written, left_out, by_cle, definitions, over_places)
    yield from included(by_cle, named, own, definitions)
    yield from sums_over_ebe(by_cle, left_out, accords, definitions)
    yield from flows(named, breakdowns)
    yield from month_ends(named, breakdowns)
