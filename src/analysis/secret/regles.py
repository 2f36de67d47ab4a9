"""The rules of secrecy on computed measures, all behind one function: :func:`decider`."""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

from analysis.noyau.mesures import ENSEMBLE, RATIOS, SUMS, Accord, Definitions, Mesure
from analysis.noyau.periods import Period
from analysis.noyau.plan_comptable import LUS_DANS_LES_COMPTES
from analysis.secret.categories import (
    Reunies,
    choisir,
    formes_dites,
    over_unions,
    ratios_of_unions,
    reunir,
    told_rows,
)
from analysis.secret.intervalles import Groupes, trop_etroites
from analysis.secret.release import Released, Rule
from analysis.secret.resolution import Inconnues, Row, determined
from analysis.secret.seuils import (
    COALITION,
    DOMINANCE,
    ESTIMATION,
    SEUIL_EBE,
    SEUIL_EFFECTIF,
    SEUIL_TAUX,
    TROP_PEU_D_EBE,
    UNE_EBE_DOMINE,
)
from analysis.secret.sommes import (
    COMPTES_EBE,
    SEPAREES,
    Cle,
    Decided,
    Effectif,
    Held,
    Loi,
    Ratio,
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
    nearest,
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

_PERSONNES: Final = "trop peu de personnes, ou de quoi les déduire"

MOTIFS: Final[Mapping[Rule, str]] = {
    "seuil-effectif": _PERSONNES,
    "seuil-taux": _PERSONNES,
    "petit-cote": _PERSONNES,
    "groupe-entier": _PERSONNES,
    "difference": _PERSONNES,
    "addition": _PERSONNES,
    "intervalle": _PERSONNES,
    "sans-protection": _PERSONNES,
    "composante": _PERSONNES,
    "accord": "comptes d'une seule EBE, sans son accord",
    "trop-peu-d-ebe": TROP_PEU_D_EBE,
    "edition": _PERSONNES,
    "dominance": UNE_EBE_DOMINE,
}
"""Why a rule withholds a value, as a page says it: which rule on people it was would narrow it down."""


def decider(
    mesures: Iterable[Mesure],
    definitions: Definitions,
    accords: frozenset[Accord],
    retenues: Iterable[Cle] = (),
    unies: Reunies | None = None,
) -> tuple[Released[Mesure], ...]:
    """Each measure as it may be published, and the rule that let it through or withheld it.

    A withheld measure keeps its name, place, period and source; its numbers are gone, its ``motif`` says
    why. A missing one passes as it is, unless its reason is read in accounts that may not be shown.
    ``accords`` are the exercices (territory, EBE, closing day) whose accounts the EBE publishes or agreed to
    show. ``retenues`` are measures that a past edition forbids to tell as they are now; ``unies`` the
    categories that are told together, those of :func:`unir` unless they are given. A union stands in the
    place of its categories (:func:`telles_que_dites`).

    A number of people or of ETP of a month is told to the nearest multiple of five, and taken for known.

    First each measure by itself: counts of 1 to 4 people and ETP under 5; rates, shares, means, medians,
    incidences, estimated shares, coefficients and differences of profile on fewer than 11; shares with 1 to
    4 people on either side, or of a whole group; accounts of one EBE without its agreement; national
    accounts of fewer than three EBE, in which one or two are withheld, or that one EBE nearly makes. Then,
    until nothing changes, what the released ones would give away together: two values of a stock or of a
    curve that differ by 1 to 4 people, a withheld category, territory or year that a sum gives back, the
    count that a share gives back, the people by whom a measure divides where another counts them,
    what the law ties to withheld ETP; last, what all the sums determine when they are solved together, or
    tell within less than five people.

    Extremes are no form of measure: none can be built. Real and invented deposits go through the same
    rules.
    """
    found = tuple(mesures)
    ordered = sorted(found, key=lambda m: m.cle)
    united = unir(ordered, definitions, accords) if unies is None else unies
    scene = _scene(ordered, definitions, accords, united)
    held = _withheld(scene, definitions, accords, retenues)
    held |= _told_by_accounts(found, accords)
    return tuple(
        _released(mesure, held.get(mesure.cle), united) for mesure in telles_que_dites(found, united)
    )


def unir(
    mesures: Iterable[Mesure],
    definitions: Definitions,
    accords: frozenset[Accord],
    dites: Iterable[Cle] = (),
) -> Reunies:
    """The categories that are told together, and the measures that are told rounded: what loses least.

    A row that an edition told before, as ``dites`` names its measures, keeps the categories that it had: the
    difference of a union and of its categories told apart would be known.
    """
    ordered = sorted(mesures, key=lambda m: m.cle)

    def essayer(some: Sequence[Mesure], united: Reunies) -> Held:
        return _withheld(_scene(some, definitions, accords, united), definitions, accords, is_trial=True)

    formes = choisir(ordered, definitions, essayer) | formes_dites(dites, definitions)
    return reunir(ordered, definitions, formes)


def telles_que_dites(mesures: Iterable[Mesure], united: Reunies) -> Iterator[Mesure]:
    """The measures in their order, each union where its first category stood."""
    first = {cells[0]: one for one, cells in united.parts.items()}
    unions = {m.cle: m for m in united.mesures}
    for m in mesures:
        if m.cle in first:
            yield unions[first[m.cle]]
        elif m.cle not in united.tues:
            yield m


def _withheld(
    scene: _Scene,
    definitions: Definitions,
    accords: frozenset[Accord],
    retenues: Iterable[Cle] = (),
    *,
    is_trial: bool = False,
) -> Held:
    """The measures that are withheld: by themselves, then for what the others would give away.

    A trial, of some measures alone, looks at what is given back exactly, not at bounds.
    """
    held: Held = {cle: "regroupement" for cle in scene.united.tues if cle in scene.by_cle}
    held |= {cle: "edition" for cle in retenues if cle in scene.by_cle}
    held |= dict(_primary(scene, definitions, accords))
    alone = _alone(held)
    close = {cle for series in scene.stocks for cle, _ in _close_values(series, scene, alone)}
    scene.libres = frozenset(cle for cle, rule in held.items() if rule == "regroupement") - close
    _settle(scene, held, range(len(scene.bonds)))
    _until_nothing_is_known(scene, held, is_exact_only=is_trial)
    return held


def sommes(
    mesures: Iterable[Mesure], definitions: Definitions, accords: frozenset[Accord], unies: Reunies
) -> tuple[Sum, ...]:
    """All that the gate knows to add up among these measures, for who attacks what it let through."""
    return _scene(sorted(mesures, key=lambda m: m.cle), definitions, accords, unies).sums


def _alone(held: Held) -> Held:
    """What is withheld but for what a union tells."""
    return {cle: rule for cle, rule in held.items() if rule != "regroupement"}


def _until_nothing_is_known(scene: _Scene, held: Held, *, is_exact_only: bool) -> None:
    """Withhold more as long as all the sums together give a number back, exactly or within its threshold."""
    exact, near = set(held), set(held) - scene.libres
    inconnues = Inconnues()
    touched: Iterable[int] = range(len(scene.sums))
    while True:
        before = set(held)
        inconnues.change((rank, _row(scene, scene.sums[rank], held)) for rank in touched)
        exact = _known(scene, inconnues, exact)
        _withhold(scene, held, _solved(scene, held, exact))
        if len(held) == len(before) and not is_exact_only:
            _withhold(scene, held, _widened(scene, held, near))
        if len(held) == len(before):
            return
        more = held.keys() - before
        touched = {rank for cle in more for rank in scene.sums_of.get(cle, ())}
        exact |= more
        near |= more


def _withhold(scene: _Scene, held: Held, decided: Decided) -> None:
    """Withhold these, one after another, each with what its bonds ask."""
    for cle, rule in decided:
        held[cle] = rule
        _settle(scene, held, scene.bonds_of[cle])


def _widened(scene: _Scene, held: Held, near: set[Cle]) -> Decided:
    """One more measure for each withheld one that is known within less than its threshold.

    ``near`` are those that may be; the others, which are known less well, leave it.
    """
    narrow = trop_etroites(scene.groupes, held, near)
    near.intersection_update(cle for cle, levers in narrow.items() if levers)
    for narrow_one, levers in narrow.items():
        if not levers:
            yield narrow_one, "sans-protection"
        elif not held.keys() & set(levers):
            shown = list(levers)
            shown.sort(key=lambda cle: (scene.ties[cle], scene.people(cle), cle))
            yield _cheapest_first(shown, scene, held)[0], "intervalle"


def _settle(scene: _Scene, held: Held, ranks: Iterable[int], most: float = math.inf) -> list[Cle]:
    """Withhold with what is held all that its bonds ask, one bond after another, until none asks more.

    The cells that it took; it stops beyond ``most`` measures.
    """
    waiting = sorted(ranks)
    queued, measures = set(waiting), 0
    taken: list[Cle] = []
    while waiting and measures <= most:
        rank = heapq.heappop(waiting)
        queued.discard(rank)
        for cle, rule in tuple(scene.bonds[rank].secondary(held)):
            if cle not in held:
                held[cle] = rule
                taken.append(cle)
                measures += cle in scene.by_cle
                for other in scene.bonds_of[cle]:
                    if other not in queued:
                        queued.add(other)
                        heapq.heappush(waiting, other)
    return taken


def _told_by_accounts(mesures: Iterable[Mesure], accords: frozenset[Accord]) -> Held:
    """The missing measures whose reason tells what the accounts of an EBE hold, without its agreement."""
    return {
        m.cle: "accord"
        for m in mesures
        if m.etat == "absente" and m.ebe and m.accord not in accords and m.motif in LUS_DANS_LES_COMPTES
    }


def withheld(mesure: Mesure, rule: Rule) -> Mesure:
    """A measure without its numbers, and why, as a page says it."""
    return replace(
        mesure,
        valeur=None,
        numerateur=None,
        denominateur=None,
        n=None,
        etat="masquee",
        motif=MOTIFS[rule],
        bas=None,
        haut=None,
    )


def _released(mesure: Mesure, rule: Rule | None, united: Reunies) -> Released[Mesure]:
    if rule is not None:
        return Released(withheld(mesure, rule), rule)
    if mesure.etat != "calculee":
        return Released(mesure, "diffusable")
    if is_rounded(mesure) or mesure.cle in united.arrondies:
        return Released(rounded(mesure), "arrondi")
    return Released(mesure, "regroupement" if mesure.cle in united.parts else "diffusable")


def rounded(mesure: Mesure) -> Mesure:
    """A measure at the nearest multiple of the base, the higher of two; so is the number of its people."""
    value = nearest(mesure.valeur)
    if mesure.forme == "compte":
        return replace(mesure, valeur=value, n=value)
    return replace(mesure, valeur=float(value), n=nearest(mesure.n))


@dataclass(frozen=True)
class _Bond:
    """Measures that are bound together, and what must also be withheld of them when some are."""

    cells: tuple[Cle, ...]
    secondary: Callable[[Held], Decided]


@dataclass
class _Scene:
    """The computed measures and what binds them to one another.

    ``libres`` are categories that their union alone tells, and that no rule would withhold: nobody minds that
    they are found.
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
    libres: frozenset[Cle] = frozenset()
    is_simulated: bool = False

    @cached_property
    def groupes(self) -> Groupes:
        """The same, by groups of territories whose withheld measures are bounded together."""
        return Groupes(self.by_cle, self.own, self.sums, self.ratios, self.laws)

    @cached_property
    def bonds(self) -> tuple[_Bond, ...]:
        """The series, the sums, the ratios, the weights: looked at again when one of theirs is withheld."""
        return (
            *(_Bond(series, partial(_close_values, series, self)) for series in self.stocks),
            *(_Bond(addition.cells, partial(_given_back, addition, self)) for addition in self.sums),
            *(_Bond(ratio.cells, partial(_parts_given_back, ratio, self)) for ratio in self.ratios),
            *(_Bond(cells, partial(_with_its_margins, cells)) for cells in self.weighed),
            *(_Bond((one.cle, *one.told_by), partial(_with_its_people, one)) for one in self.own.values()),
            *(_Bond((law.etp, *law.petits), partial(_with_its_etp, law)) for law in self.laws),
        )

    @cached_property
    def bonds_of(self) -> Mapping[Cle, list[int]]:
        """The ranks of the bonds of each measure."""
        found: dict[Cle, list[int]] = defaultdict(list)
        for rank, bond in enumerate(self.bonds):
            for cle in bond.cells:
                found[cle].append(rank)
        return found

    @cached_property
    def sums_of(self) -> Mapping[Cle, list[int]]:
        """The ranks of the sums of each measure."""
        return ranks_of(self.sums)

    @cached_property
    def ties(self) -> Mapping[Cle, int]:
        """In how many totals each measure is a term: the two sums of one total count once."""
        named = enumerate(self.sums)
        return Counter(cle for cle, _ in {(cle, s.total or rank) for rank, s in named for cle in s.parts})

    def people(self, cle: Cle) -> float:
        """The people behind a measure: its value, the events of an incidence, the whole of a share."""
        if cle in self.own:
            return self.own[cle].people
        m = self.by_cle[cle]
        if m.forme == "incidence":
            return m.numerateur or 0.0
        return (m.denominateur if m.forme in RATIOS else m.valeur) or 0.0

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


def _scene(
    mesures: Sequence[Mesure],
    definitions: Definitions,
    accords: frozenset[Accord],
    united: Reunies = Reunies(),  # noqa: B008 - frozen
) -> _Scene:
    by_cle = {m.cle: m for m in mesures if m.etat == "calculee"}
    unions = {m.cle: m for m in united.mesures if m.etat == "calculee"}
    people = [m for m in by_cle.values() if is_of_people(m)]
    breakdowns = grouped(m for m in people if m.modalite and m.mesure not in SEPAREES)
    own = own_people(by_cle, definitions)
    sums = tuple(_sums(mesures, by_cle, own, breakdowns, definitions, accords))
    every = {**by_cle, **unions}
    rows = (*breakdowns.values(), *told_rows(every, united))
    series = (
        *stocks((*people, *filter(is_of_people, unions.values()))),
        *horizons(by_cle.values(), definitions),
    )
    return _Scene(
        by_cle=every,
        own=own,
        stocks=tuple(tuple(cle for cle in one if cle not in united.arrondies) for one in series),
        breakdowns=tuple(terms for terms in rows if definitions.of(terms[0][0]).sensible),
        sums=(*sums, *(one for one in over_unions(sums, united) if set(one.cells) <= every.keys())),
        ratios=(
            *ratios(mesures, by_cle, definitions),
            *means_of_months(by_cle),
            *ratios_of_unions(united, definitions),
        ),
        weighed=tuple(weighed_answers(by_cle)),
        laws=tuple(laws(by_cle, definitions)),
        united=united,
    )


def _sums(
    mesures: Sequence[Mesure],
    by_cle: Mapping[Cle, Mesure],
    own: Mapping[Cle, Effectif],
    breakdowns: Mapping[tuple[str, str, str, str], tuple[Cle, ...]],
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


def _primary(scene: _Scene, definitions: Definitions, accords: frozenset[Accord]) -> Decided:
    """The measures that are withheld for what they are."""
    for cle, m in scene.by_cle.items():
        rule = _rule_of(m, is_sensitive=definitions.of(m.mesure).sensible, accords=accords)
        if rule is not None:
            yield cle, rule
    for cle, one in scene.own.items():
        if 0 < one.people < SEUIL_EFFECTIF:
            yield cle, "seuil-effectif"
    yield from _too_few_ebe(scene, definitions, accords)
    for terms in scene.breakdowns:
        values = [scene.people(cle) for cle in terms]
        if 0 < max(values) == sum(values):
            yield from ((cle, "groupe-entier") for cle in terms)


def _rule_of(m: Mesure, *, is_sensitive: bool, accords: frozenset[Accord]) -> Rule | None:
    """The rule that withholds a measure whatever the others are, None when none does."""
    if m.ebe and m.accord not in accords:
        return "accord"
    if is_of_people(m):
        return "seuil-effectif" if 0 < (m.valeur or 0) < SEUIL_EFFECTIF else None
    if m.forme in SUMS | {"duree", "rapport", "part_quantite"}:
        return None
    if (m.n or 0) < SEUIL_TAUX or (m.denominateur is not None and m.denominateur < SEUIL_TAUX):
        return "seuil-taux"
    if m.forme in ("part", "taux", "incidence"):
        return _rule_of_sides(m, is_sensitive=is_sensitive)
    return None


def _rule_of_sides(m: Mesure, *, is_sensitive: bool) -> Rule | None:
    """The rule on the people whom a share counts, and on those whom it leaves."""
    numerator, others = m.numerateur or 0, (m.denominateur or 0) - (m.numerateur or 0)
    if 0 < numerator < SEUIL_EFFECTIF or 0 < others < SEUIL_EFFECTIF:
        return "petit-cote"
    return "groupe-entier" if is_sensitive and 0 in (numerator, others) else None


def _too_few_ebe(scene: _Scene, definitions: Definitions, accords: frozenset[Accord]) -> Decided:
    """National accounts that rest on fewer than three EBE, that would give one or two of them back, or that
    one EBE nearly makes."""
    shown: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    weights: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for m in scene.by_cle.values():
        if m.ebe:
            key = (m.mesure, m.modalite, str(Period(m.periode).end.year))
            if m.accord in accords:
                shown[key].add((m.lieu, m.ebe))
            else:
                weights[key].append(abs((m.numerateur if m.forme in RATIOS else m.valeur) or 0))
    for cle, m in scene.by_cle.items():
        if m.lieu == ENSEMBLE and definitions.of(m.mesure).famille == COMPTES_EBE:
            key = (m.mesure, m.modalite, m.periode)
            hidden = (m.n or 0) - len(shown[key])
            if (m.n or 0) < SEUIL_EBE or 0 < hidden < SEUIL_EBE:
                yield cle, "trop-peu-d-ebe"
            elif hidden > 0 and dominated(weights[key]):
                yield cle, "dominance"


def dominated(weights: Iterable[float]) -> bool:
    """Whether a sum of these amounts tells the largest: dominance (n, k), or the p % rule.

    They are those of the EBE whose accounts are not shown: anybody can take the others out of the sum. By the
    first rule, the largest make more than their share of it; by the second, the next one, who knows its own,
    is left with less than p % of the largest to be wrong by.

    >>> dominated([860, 70, 70]), dominated([800, 110, 90]), dominated([700, 240, 60])
    (True, False, True)
    """
    ordered = sorted(weights, reverse=True)
    number, share = DOMINANCE
    total = math.fsum(ordered)
    if total == 0:
        return False
    left = math.fsum(ordered[2:])
    return math.fsum(ordered[:number]) > share / 100 * total or left < ESTIMATION / 100 * ordered[0]


def _close_values(series: Sequence[Cle], scene: _Scene, held: Held) -> Decided:
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


def _given_back(addition: Sum, scene: _Scene, held: Held) -> Decided:
    """One more term, or the total, as long as a subtraction gives something back.

    With the total known, what is withheld must be of two terms at least, and of five people at least. The
    term is the one that is in the fewest sums, then the smallest: it takes the fewest others with it.
    """
    hidden = _hidden(addition, scene, held)
    is_total_known = addition.total is None or addition.total not in held
    if is_total_known and not scene.gives_back(addition, hidden):
        return
    if not is_total_known and (hidden or addition.reste or addition.side):
        return
    yield from _one_more(addition, scene, held)


def _hidden(addition: Sum, scene: _Scene, held: Held) -> list[Cle]:
    """The withheld terms of a sum, as many of them as it takes to see that nothing is given back.

    Among territories: when two of them and five people are left without the largest, which know themselves.
    """
    found: list[Cle] = []
    people, most = 0.0, 0.0
    for cle in addition.parts:
        if cle in held:
            found.append(cle)
            if addition.is_share:
                continue
            people, most = people + scene.people(cle), max(most, scene.people(cle))
            if len(found) >= COALITION + 2 and people - COALITION * most >= SEUIL_EFFECTIF:
                break
    return found


def _one_more(addition: Sum, scene: _Scene, held: Held) -> Decided:
    """The term of a sum that is withheld with the others, or its total when no term is left."""
    shown = sorted(
        (cle for cle in addition.parts if cle not in held and not scene.is_month(cle)),
        key=lambda cle: (scene.people(cle) == 0, scene.ties[cle], scene.people(cle), cle),
    )
    if not scene.is_simulated and len(shown) > 1:
        shown = _cheapest_first(shown, scene, held)
    if shown and scene.people(shown[0]) > 0:
        yield shown[0], "addition"
    elif addition.total is not None and addition.total not in held:
        yield addition.total, "addition"
    else:
        yield from ((cle, "addition") for cle in shown)


def _cheapest_first(shown: Sequence[Cle], scene: _Scene, held: Held) -> list[Cle]:
    """These terms, first the one that takes the fewest others with it, as far as its bonds tell."""
    scene.is_simulated = True
    try:
        best, least = shown[0], math.inf
        for cle in [cle for cle in shown if scene.people(cle) > 0][:6]:
            held[cle] = "addition"
            tried = [cle, *_settle(scene, held, scene.bonds_of[cle], most=least)]
            taken = sum(one in scene.by_cle for one in tried)
            for one in tried:
                del held[one]
            if taken < least:
                best, least = cle, taken
    finally:
        scene.is_simulated = False
    return [best, *(cle for cle in shown if cle != best)]


def _row(scene: _Scene, addition: Sum, held: Held) -> Row:
    """What a reader does not know of a sum; one whose total is told rounded determines nothing."""
    if addition.is_open and scene.is_told_rounded(addition.total) and addition.total not in held:
        return {}
    return addition.unknowns(held)


def _known(scene: _Scene, inconnues: Inconnues, suspects: set[Cle]) -> set[Cle]:
    """Of these withheld measures, those that all the sums together determine; zeros are left to be known.

    A measure that they did not determine before stays so when others are withheld: only what was determined
    at the last look, or was withheld since, is a suspect.
    """
    found = suspects & determined(inconnues.connected(suspects))
    return {cle for cle in found - scene.libres if scene.people(cle) > 0}


def _solved(scene: _Scene, held: Held, known: set[Cle]) -> Decided:
    """One more term of a sum of each of these measures, which the sums determine: one at a time, where what
    was withheld for another has not touched its sum."""
    left = set(known)
    for rank in sorted({rank for cle in known for rank in scene.sums_of.get(cle, ())}):
        addition = scene.sums[rank]
        found = left.intersection(addition.cells)
        more = tuple(_one_more(addition, scene, held)) if found else ()
        if more:
            left -= found
            yield from more


def _with_its_margins(cells: Sequence[Cle], held: Held) -> Decided:
    """A weighted measure falls with any count of people that its weights were made of."""
    weighted, *margins = cells
    if weighted not in held and any(cle in held for cle in margins):
        yield weighted, "composante"


def _with_its_people(one: Effectif, held: Held) -> Decided:
    """The measures that tell by how many people they divide fall with that number."""
    if one.cle in held:
        yield from ((cle, "composante") for cle in one.told_by if cle not in held)


def _with_its_etp(law: Loi, held: Held) -> Decided:
    """What the law ties to withheld ETP, where it would give them back within less than their threshold."""
    if law.etp in held and law.width < SEUIL_EFFECTIF:
        yield from ((cle, "composante") for cle in law.petits if cle not in held)


def _parts_given_back(ratio: Ratio, scene: _Scene, held: Held) -> Decided:
    """A ratio whose terms are withheld, and the count that would give back the other side of a share."""
    if ratio.cle not in held and (ratio.numerateur in held or ratio.denominateur in held):
        yield ratio.cle, "composante"
    part = scene.by_cle.get(ratio.cle)
    if part is None:
        return
    if ratio.is_part and held.get(ratio.cle) == "groupe-entier" and ratio.numerateur in scene.by_cle:
        yield ratio.numerateur, "groupe-entier"
    others = (part.denominateur or 0) - (part.numerateur or 0)
    is_given_back = ratio.is_part and 0 < others < SEUIL_EFFECTIF and ratio.denominateur not in held
    if is_given_back and ratio.numerateur in scene.by_cle and ratio.numerateur not in held:
        yield ratio.numerateur, "petit-cote"
