"""The rules of secrecy on computed measures, all behind one function: :func:`decider`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial
from typing import Final

from analysis.noyau.mesures import ENSEMBLE, RATIOS, SUMS, TOUT, Accord, Definitions, Mesure, counts_people
from analysis.noyau.periods import Period
from analysis.noyau.plan_comptable import LUS_DANS_LES_COMPTES
from analysis.noyau.rencontres import is_told, reunir
from analysis.secret.release import Released, Rule
from analysis.secret.resolution import Row, connected, determined
from analysis.secret.seuils import SEUIL_EBE, SEUIL_EFFECTIF, SEUIL_TAUX, TROP_PEU_D_EBE

_PERSONNES: Final = "trop peu de personnes, ou de quoi les déduire"

MOTIFS: Final[Mapping[Rule, str]] = {
    "seuil-effectif": _PERSONNES,
    "seuil-taux": _PERSONNES,
    "petit-cote": _PERSONNES,
    "groupe-entier": _PERSONNES,
    "difference": _PERSONNES,
    "addition": _PERSONNES,
    "composante": _PERSONNES,
    "accord": "comptes d'une seule EBE, sans son accord",
    "trop-peu-d-ebe": TROP_PEU_D_EBE,
}
"""Why a rule withholds a value, as a page says it: which rule on people it was would narrow it down."""

FLUX: Final[Mapping[str, tuple[tuple[str, str, int], ...]]] = {
    "embauchees": (("entrees", "premiere", 1),),
    "effectif_fin_mois": (("entrees", "", 1), ("sorties_ebe", "", -1)),
}
"""The flows that lead a stock from one date to another: measure, category (all when empty), sign."""

EFFECTIF: Final = "effectif_fin_mois"
EFFECTIF_DU_JOUR: Final = "quotite_effectif"
MOYENNE_DU_JOUR: Final = "quotite_moyenne"
"""The headcount of a month, and the two measures of the same people on its last day."""

MARGES: Final[Mapping[str, tuple[str, ...]]] = {
    enquete: tuple(
        f"{kind}_{margin}_{who}" for kind in ("population", "repondants") for margin in ("sexe", "age")
    )
    for enquete, who in (("salaries_ebe", "salaries"), ("volontaires", "volontaires"))
}
"""By survey, the counts that its weights are made of."""

SEPAREES: Final = frozenset(
    {"enquete_invites", "enquete_reponses", "enquete_pesees", "avis_reponses", "evolution_personnes"}
)
"""The counts whose categories are different surveys or questions: nobody knows what they add up to."""

PESEES: Final = frozenset({"enquete_effet_plan", "avis_favorable_redresse"})
"""The measures that weights make: with the raw ones, they tell the weights."""

COMPTES_EBE: Final = "economie_ebe"
"""The family of the measures that are of EBE, not of people."""

Cle = tuple[str, str, str, str, str]
Held = dict[Cle, Rule]
Decided = Iterator[tuple[Cle, Rule]]


def decider(
    mesures: Iterable[Mesure], definitions: Definitions, accords: frozenset[Accord]
) -> tuple[Released[Mesure], ...]:
    """Each measure as it may be published, and the rule that let it through or withheld it.

    A withheld measure keeps its name, place, period and source; its numbers are gone, its ``motif`` says
    why. A missing one passes as it is, unless its reason is read in accounts that may not be shown.
    ``accords`` are the exercices (territory, EBE, closing day) whose accounts the EBE publishes or agreed to
    show.

    First each measure by itself: counts of 1 to 4 people and ETP under 5; rates, shares, means, medians,
    incidences, estimated shares, coefficients and differences of profile on fewer than 11; shares with 1 to
    4 people on either side, or of a whole group; accounts of one EBE without its agreement; national
    accounts of fewer than three EBE, or in which one or two are withheld. Then, until nothing changes, what
    the released ones would give away together: two values of a stock or of a curve that differ by 1 to 4
    people, a withheld category, territory or year that a sum gives back, the count that a share gives back;
    last, what all the sums determine when they are solved together.

    Extremes are no form of measure: none can be built. Real and invented deposits go through the same
    rules.
    """
    found = tuple(mesures)
    scene = _scene(found, definitions, accords)
    held: Held = dict(_primary(scene, definitions, accords))
    waiting, suspects = list(range(len(scene.bonds))), set(held)
    while waiting:
        more = {cle: rule for rank in waiting for cle, rule in scene.bonds[rank].secondary(held)}
        if not more:
            suspects = _known(scene, held, suspects)
            more = dict(_solved(scene, held, suspects))
        held |= more
        suspects |= more.keys()
        waiting = sorted({rank for cle in more for rank in scene.bonds_of[cle]})
    held |= _told_by_accounts(found, accords)
    return tuple(_released(mesure, held.get(mesure.cle)) for mesure in found)


def _told_by_accounts(mesures: Iterable[Mesure], accords: frozenset[Accord]) -> Held:
    """The missing measures whose reason tells what the accounts of an EBE hold, without its agreement."""
    return {
        m.cle: "accord"
        for m in mesures
        if m.etat == "absente" and m.ebe and m.accord not in accords and m.motif in LUS_DANS_LES_COMPTES
    }


def _released(mesure: Mesure, rule: Rule | None) -> Released[Mesure]:
    if rule is None:
        return Released(mesure, "diffusable")
    withheld = replace(
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
    return Released(withheld, rule)


@dataclass(frozen=True)
class _Sum:
    """Terms that add up to a total, None when anyone can know it; ``reste`` are the others that it counts.

    Those of ``less`` are subtracted. With ``is_share`` each of them is a share or a mean, and it is their
    numerators, then their denominators, that add up. With ``side``, a measure's name, the total is a rate
    and the terms, counts of that name, add up to one of its sides.
    """

    total: Cle | None
    terms: tuple[Cle, ...]
    reste: float = 0.0
    less: tuple[Cle, ...] = ()
    is_share: bool = False
    side: str = ""

    @property
    def parts(self) -> tuple[Cle, ...]:
        return (*self.terms, *self.less)

    @property
    def cells(self) -> tuple[Cle, ...]:
        return self.parts if self.total is None else (*self.parts, self.total)

    def unknowns(self, held: Held) -> Row:
        """What a reader does not know of it, with its sign; the others that it counts are one unknown."""
        signs = {**dict.fromkeys(self.terms, 1.0), **dict.fromkeys(self.less, -1.0)}
        row: Row = {cle: sign for cle, sign in signs.items() if cle in held}
        if self.total in held:
            row[(*self.total, self.side) if self.side else self.total] = -1.0
        if self.reste:
            row["reste", *(self.total or ()), *self.terms[0]] = 1.0
        return row


@dataclass(frozen=True)
class _Ratio:
    """A measure and those that it is made of: a part and its whole, the count of a median."""

    cle: Cle
    numerateur: Cle
    denominateur: Cle
    is_part: bool

    @property
    def cells(self) -> tuple[Cle, ...]:
        return (self.cle, self.numerateur, self.denominateur)


@dataclass(frozen=True)
class _Bond:
    """Measures that are bound together, and what must also be withheld of them when some are."""

    cells: tuple[Cle, ...]
    secondary: Callable[[Held], Decided]


@dataclass(frozen=True)
class _Scene:
    """The computed measures and what binds them to one another."""

    by_cle: Mapping[Cle, Mesure]
    stocks: tuple[tuple[Cle, ...], ...]
    breakdowns: tuple[tuple[Cle, ...], ...]
    sums: tuple[_Sum, ...]
    ratios: tuple[_Ratio, ...]
    weighed: tuple[tuple[Cle, ...], ...]

    @cached_property
    def bonds(self) -> tuple[_Bond, ...]:
        """The series, the sums, the ratios, the weights: looked at again when one of theirs is withheld."""
        return (
            *(_Bond(series, partial(_close_values, series, self)) for series in self.stocks),
            *(_Bond(addition.cells, partial(_given_back, addition, self)) for addition in self.sums),
            *(_Bond(ratio.cells, partial(_parts_given_back, ratio, self)) for ratio in self.ratios),
            *(_Bond(cells, partial(_with_its_margins, cells)) for cells in self.weighed),
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
    def ties(self) -> Mapping[Cle, int]:
        """In how many totals each measure is a term: the two sums of one total count once."""
        named = enumerate(self.sums)
        return Counter(cle for cle, _ in {(cle, s.total or rank) for rank, s in named for cle in s.parts})

    def people(self, cle: Cle) -> float:
        """The people behind a measure: its value, the events of an incidence, the whole of a share."""
        m = self.by_cle[cle]
        if m.forme == "incidence":
            return m.numerateur or 0.0
        return (m.denominateur if m.forme in RATIOS else m.valeur) or 0.0

    def gives_back(self, addition: _Sum, hidden: Sequence[Cle]) -> bool:
        """Whether a sum whose total is known leaves one unknown, or a group of too few people."""
        if addition.is_share:
            return bool(hidden) and (len(hidden) == 1 or self._is_small_group(hidden))
        withheld = sum(map(self.people, hidden)) + addition.reste
        return (len(hidden) == 1 and not addition.reste) or 0 < withheld < SEUIL_EFFECTIF

    def _is_small_group(self, hidden: Sequence[Cle]) -> bool:
        """Whether the share of these together would be withheld itself."""
        cells = [self.by_cle[cle] for cle in hidden]
        whole = sum(m.denominateur or 0 for m in cells)
        part = sum(m.numerateur or 0 for m in cells)
        is_uneven = cells[0].forme == "part" and min(part, whole - part) < SEUIL_EFFECTIF
        return whole < SEUIL_TAUX or is_uneven


def _scene(mesures: Sequence[Mesure], definitions: Definitions, accords: frozenset[Accord]) -> _Scene:
    by_cle = {m.cle: m for m in mesures if m.etat == "calculee"}
    people = [m for m in by_cle.values() if _counts_people(m)]
    breakdowns = _grouped(m for m in people if m.modalite and m.mesure not in SEPAREES)
    declared = tuple(_declared_sums(by_cle, definitions))
    over_places = tuple(_sums_over_places(mesures, by_cle, definitions))
    return _Scene(
        by_cle=by_cle,
        stocks=(*_stocks(people), *_horizons(by_cle.values(), definitions)),
        breakdowns=tuple(terms for terms in breakdowns.values() if definitions.of(terms[0][0]).sensible),
        sums=(
            *declared,
            *_parts(by_cle, definitions, declared),
            *_rolled_up(by_cle, definitions),
            *_undeclared_sums(breakdowns, declared),
            *_wholes(by_cle, definitions),
            *over_places,
            *_sides_over_places(mesures, by_cle, definitions, over_places),
            *_sums_over_ebe(by_cle, accords),
            *_flows(by_cle, breakdowns),
            *_month_ends(by_cle, breakdowns),
        ),
        ratios=(*_ratios(mesures, by_cle, definitions), *_means_of_months(by_cle)),
        weighed=tuple(_weighed(by_cle)),
    )


def _counts_people(mesure: Mesure) -> bool:
    """Whether a measure is a number of people or of their ETP, not the economics of EBE."""
    return counts_people(mesure.forme, mesure.unite)


def _stocks(people: Iterable[Mesure]) -> tuple[tuple[Cle, ...], ...]:
    """A measure of one place and category at successive days or months, the last first."""
    series: dict[tuple[str, ...], list[Mesure]] = defaultdict(list)
    for m in people:
        if Period(m.periode).precision in ("jour", "mois"):
            series[(m.mesure, m.lieu, m.ebe, m.modalite)].append(m)
    return tuple(
        tuple(m.cle for m in sorted(group, key=lambda m: Period(m.periode).end, reverse=True))
        for group in series.values()
    )


def _horizons(mesures: Iterable[Mesure], definitions: Definitions) -> Iterator[tuple[Cle, ...]]:
    """An incidence at its successive horizons, in the order of their list."""
    curves: dict[tuple[str, str, str], dict[str, Cle]] = defaultdict(dict)
    for m in mesures:
        if m.forme == "incidence":
            curves[(m.mesure, m.lieu, m.periode)][m.modalite] = m.cle
    for (name, *_), curve in curves.items():
        yield tuple(curve[h.code] for h in definitions.of(name).modalites if h.code in curve)


def _grouped(people: Iterable[Mesure]) -> dict[tuple[str, str, str, str], tuple[Cle, ...]]:
    """The categories of a measure at one place and period; those of a survey, question by question."""
    groups: dict[tuple[str, str, str, str], tuple[Cle, ...]] = {}
    for m in people:
        question = m.modalite.rpartition("-")[0]
        key = (f"{m.mesure}/{question}" if question else m.mesure, m.lieu, m.ebe, m.periode)
        groups[key] = (*groups.get(key, ()), m.cle)
    return groups


def _declared_sums(by_cle: Mapping[Cle, Mesure], definitions: Definitions) -> Iterator[_Sum]:
    """The exact sums of the dictionary, wherever the total and all its terms are computed."""
    for addition in definitions.additions:
        for cle in [cle for cle in by_cle if cle[0] == addition.total]:
            _, lieu, ebe, _, periode = cle
            terms = tuple((addition.mesure, lieu, ebe, modalite, periode) for modalite in addition.modalites)
            if set(terms) <= by_cle.keys():
                yield _Sum(cle, terms)


def _parts(by_cle: Mapping[Cle, Mesure], definitions: Definitions, exact: Sequence[_Sum]) -> Iterator[_Sum]:
    """A count and the larger one that it is part of, at one place and at the end of one period.

    The difference counts the others.

    All the categories of a count add up within a whole that has none; where both are broken down, each is a
    part of its own category. What a declared sum already says exactly is not said again.
    """
    summed = {(addition.total, addition.terms) for addition in exact}
    at_the_end = {(*cle[:4], Period(cle[4]).end): cle for cle in by_cle}
    parts: dict[tuple[Cle, str], tuple[Cle, ...]] = defaultdict(tuple)
    for cle in by_cle:
        mesure, lieu, ebe, modalite, periode = cle
        larger = definitions.of(mesure).partie_de
        if larger and larger != TOUT:
            category = modalite if definitions.of(larger).modalites else ""
            whole = at_the_end.get((larger, lieu, ebe, category, Period(periode).end))
            if whole is not None:
                parts[(whole, mesure)] += (cle,)
    for (whole, _), terms in parts.items():
        others = (by_cle[whole].valeur or 0) - sum(by_cle[term].valeur or 0 for term in terms)
        if others >= 0 and (whole, terms) not in summed:
            yield _Sum(whole, terms, others)


def _rolled_up(by_cle: Mapping[Cle, Mesure], definitions: Definitions) -> Iterator[_Sum]:
    """A breakdown in which the categories that have a total of their own are replaced by that total.

    Volunteers = those out + those who wait + the others.
    """
    for whole in definitions.additions:
        parts = [
            a
            for a in definitions.additions
            if a.mesure == whole.mesure and set(a.modalites) < set(whole.modalites)
        ]
        covered = {modalite for part in parts for modalite in part.modalites}
        others = [modalite for modalite in whole.modalites if modalite not in covered]
        for cle in [cle for cle in by_cle if parts and cle[0] == whole.total]:
            _, lieu, ebe, _, periode = cle
            terms = (
                *((part.total, lieu, ebe, "", periode) for part in parts),
                *((whole.mesure, lieu, ebe, modalite, periode) for modalite in others),
            )
            if set(terms) <= by_cle.keys():
                yield _Sum(cle, terms)


def _undeclared_sums(
    breakdowns: Mapping[tuple[str, str, str, str], tuple[Cle, ...]], declared: Sequence[_Sum]
) -> Iterator[_Sum]:
    """A breakdown of which no total is declared and computed: its total is taken for known."""
    totalled = {frozenset(addition.terms) for addition in declared}
    for terms in breakdowns.values():
        if frozenset(terms) not in totalled:
            yield _Sum(None, terms)


def _wholes(by_cle: Mapping[Cle, Mesure], definitions: Definitions) -> Iterator[_Sum]:
    """The probabilities that make a hundred percent together, at one place, period and horizon."""
    wholes: dict[tuple[str, ...], tuple[Cle, ...]] = {}
    for cle, m in by_cle.items():
        if tout := definitions.of(m.mesure).tout:
            key = (tout, *cle[1:])
            wholes[key] = (*wholes.get(key, ()), cle)
    for terms in wholes.values():
        yield _Sum(None, terms)


def _sums_over_places(
    mesures: Sequence[Mesure], by_cle: Mapping[Cle, Mesure], definitions: Definitions
) -> Iterator[_Sum]:
    """What all the territories together are the sum of: people, and both sides of a share or a mean of them.

    A value of a day near the common one is a term of it: the same meeting as that which made the sum.

    The sides of a rate whose two terms are measures are these measures.
    """
    places: dict[tuple[str, str], list[Mesure]] = defaultdict(list)
    totals: dict[tuple[str, str], list[Cle]] = defaultdict(list)
    for m in mesures:
        if m.ebe or not (_counts_people(m) or _has_sides(m, definitions)):
            continue
        if m.lieu != ENSEMBLE:
            places[(m.mesure, m.modalite)].append(m)
        elif m.cle in by_cle:
            totals[(m.mesure, m.modalite)].append(m.cle)
    for key, found in totals.items():
        met = reunir(places[key], definitions.fenetre(key[0]))
        for total in found:
            terms = tuple(m.cle for m in met.get(total[4], ()) if m.cle in by_cle)
            yield _Sum(total, terms, is_share=by_cle[total].forme in RATIOS)


def _sides_over_places(
    mesures: Sequence[Mesure], by_cle: Mapping[Cle, Mesure], definitions: Definitions, whole: Sequence[_Sum]
) -> Iterator[_Sum]:
    """The sides of a rate of all the territories together: the counts of the places that have the rate.

    Where a place has no rate, no count of all together is that sum: the rate alone tells it. ``whole`` are
    the sums over places of the counts themselves.
    """
    terms_of = {addition.total: set(addition.terms) for addition in whole}
    places: dict[tuple[str, str], list[Mesure]] = defaultdict(list)
    for m in mesures:
        if m.lieu != ENSEMBLE and not m.ebe and _named_sides(m, definitions):
            places[(m.mesure, m.modalite)].append(m)
    for (name, modalite), rates in places.items():
        for periode, here in reunir(rates, definitions.fenetre(name)).items():
            total = (name, ENSEMBLE, "", modalite, periode)
            for side in _named_sides(here[0], definitions) if total in by_cle else ():
                category = modalite if definitions.of(side).modalites else ""
                cells = [(side, m.lieu, "", category, m.periode) for m in here if is_told(m)]
                terms = tuple(cle for cle in cells if cle in by_cle)
                if terms_of.get((side, ENSEMBLE, "", category, periode)) != set(terms):
                    yield _Sum(total, terms, side=side)


def _named_sides(mesure: Mesure, definitions: Definitions) -> tuple[str, ...]:
    """The counts that the two sides of a share or a rate are, none where it keeps sides of its own."""
    definition = definitions.of(mesure.mesure)
    names = (definition.numerateur, definition.denominateur)
    return names if mesure.forme in ("part", "taux") and all(names) else ()


def _has_sides(mesure: Mesure, definitions: Definitions) -> bool:
    """Whether a share keeps sides that no other measure is: those of an estimated one are estimates, and what
    a mean sums over people is no measure."""
    if mesure.forme in ("part_estimee", "moyenne"):
        return True
    return mesure.forme in ("part", "taux") and not definitions.of(mesure.mesure).numerateur


def _sums_over_ebe(by_cle: Mapping[Cle, Mesure], accords: frozenset[Accord]) -> Iterator[_Sum]:
    """The ETP of the EBE that show their accounts, year by year: national ratios give their sum."""
    years: dict[tuple[str, int], list[Cle]] = defaultdict(list)
    for cle, m in by_cle.items():
        if m.ebe and m.accord in accords and _counts_people(m):
            years[(m.mesure, Period(m.periode).end.year)].append(cle)
    yield from (_Sum(None, tuple(cells)) for cells in years.values() if len(cells) > 1)


def _flows(
    by_cle: Mapping[Cle, Mesure], breakdowns: Mapping[tuple[str, str, str, str], tuple[Cle, ...]]
) -> Iterator[_Sum]:
    """A stock at the end of a year less that of its beginning: the flows of the year (:data:`FLUX`).

    A stock that is not computed at the beginning had not begun.
    """
    stocks = {(cle[0], cle[1], Period(cle[4]).end): cle for cle in by_cle if cle[0] in FLUX}
    for stock, flows in FLUX.items():
        for lieu, periode in [(lieu, t) for name, lieu, _, t in breakdowns if name == flows[0][0]]:
            year = Period(periode)
            after = stocks.get((stock, lieu, year.end))
            before = stocks.get((stock, lieu, year.start - timedelta(days=1)))
            signed = [
                (cle, sign)
                for name, modalite, sign in flows
                for cle in breakdowns.get((name, lieu, "", periode), ())
                if modalite in ("", cle[3])
            ]
            if after is not None:
                added = (*((before,) if before else ()), *(cle for cle, sign in signed if sign > 0))
                yield _Sum(None, (*added,), less=(after, *(cle for cle, sign in signed if sign < 0)))


def _month_ends(
    by_cle: Mapping[Cle, Mesure], breakdowns: Mapping[tuple[str, str, str, str], tuple[Cle, ...]]
) -> Iterator[_Sum]:
    """The headcount of a month is the sum of what is told of the same people on its last day."""
    for cle in by_cle:
        day = Period(cle[4]).end.isoformat()
        terms = breakdowns.get((EFFECTIF_DU_JOUR, cle[1], cle[2], day))
        if cle[0] == EFFECTIF and terms:
            yield _Sum(cle, terms)


def _means_of_months(by_cle: Mapping[Cle, Mesure]) -> Iterator[_Ratio]:
    """The mean of a day tells of how many people it is: those of the month that ends that day."""
    for cle in by_cle:
        mean = (MOYENNE_DU_JOUR, cle[1], cle[2], "", Period(cle[4]).end.isoformat())
        if cle[0] == EFFECTIF and mean in by_cle:
            yield _Ratio(mean, cle, cle, is_part=False)


def _ratios(
    mesures: Sequence[Mesure], by_cle: Mapping[Cle, Mesure], definitions: Definitions
) -> Iterator[_Ratio]:
    """The measures that are made of others; a missing one too, where it is missing for what these are."""
    for m in mesures:
        definition = definitions.of(m.mesure)
        names = [name for name in (definition.numerateur, definition.denominateur) if name]
        parts = [
            (name, m.lieu, m.ebe, m.modalite if definitions.of(name).modalites else "", m.periode)
            for name in names
        ]
        is_told_of_them = set(parts) <= by_cle.keys() and m.motif not in LUS_DANS_LES_COMPTES
        if names and (m.etat == "calculee" or is_told_of_them):
            is_part = m.forme == "part" and bool(definition.numerateur)
            yield _Ratio(m.cle, parts[0], parts[-1], is_part=is_part)


def _primary(scene: _Scene, definitions: Definitions, accords: frozenset[Accord]) -> Decided:
    """The measures that are withheld for what they are."""
    for cle, m in scene.by_cle.items():
        rule = _rule_of(m, is_sensitive=definitions.of(m.mesure).sensible, accords=accords)
        if rule is not None:
            yield cle, rule
    yield from _too_few_ebe(scene, definitions, accords)
    for terms in scene.breakdowns:
        values = [scene.people(cle) for cle in terms]
        if 0 < max(values) == sum(values):
            yield from ((cle, "groupe-entier") for cle in terms)


def _rule_of(m: Mesure, *, is_sensitive: bool, accords: frozenset[Accord]) -> Rule | None:
    """The rule that withholds a measure whatever the others are, None when none does."""
    if m.ebe and m.accord not in accords:
        return "accord"
    if _counts_people(m):
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
    """National accounts that rest on fewer than three EBE, or that would give one or two of them back."""
    agreed: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    for m in scene.by_cle.values():
        if m.ebe and m.accord in accords:
            agreed[(m.mesure, m.modalite, str(Period(m.periode).end.year))].add((m.lieu, m.ebe))
    for cle, m in scene.by_cle.items():
        if m.lieu == ENSEMBLE and definitions.of(m.mesure).famille == COMPTES_EBE:
            hidden = (m.n or 0) - len(agreed[(m.mesure, m.modalite, m.periode)])
            if (m.n or 0) < SEUIL_EBE or 0 < hidden < SEUIL_EBE:
                yield cle, "trop-peu-d-ebe"


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


def _given_back(addition: _Sum, scene: _Scene, held: Held) -> Decided:
    """One more term, or the total, as long as a subtraction gives something back.

    With the total known, what is withheld must be of two terms at least, and of five people at least. The
    term is the one that is in the fewest sums, then the smallest: it takes the fewest others with it.
    """
    hidden = [cle for cle in addition.parts if cle in held]
    is_total_known = addition.total is None or addition.total not in held
    if is_total_known and not scene.gives_back(addition, hidden):
        return
    if not is_total_known and (hidden or addition.reste or addition.side):
        return
    yield from _one_more(addition, scene, held)


def _one_more(addition: _Sum, scene: _Scene, held: Held) -> Decided:
    """The term of a sum that is withheld with the others, or its total when no term is left."""
    shown = sorted(
        (cle for cle in addition.parts if cle not in held),
        key=lambda cle: (scene.people(cle) == 0, scene.ties[cle], scene.people(cle), cle),
    )
    if shown and scene.people(shown[0]) > 0:
        yield shown[0], "addition"
    elif addition.total is not None and addition.total not in held:
        yield addition.total, "addition"
    else:
        yield from ((cle, "addition") for cle in shown)


def _known(scene: _Scene, held: Held, suspects: set[Cle]) -> set[Cle]:
    """Of these withheld measures, those that all the sums together determine; zeros are left to be known.

    A measure that they did not determine before stays so when others are withheld: only what was determined
    at the last look, or was withheld since, is a suspect.
    """
    rows = [row for addition in scene.sums if (row := addition.unknowns(held))]
    found = suspects & determined(connected(rows, suspects))
    return {cle for cle in found if scene.people(cle) > 0}


def _solved(scene: _Scene, held: Held, known: set[Cle]) -> Decided:
    """One more term of a sum of each of these measures, which the sums determine."""
    left = set(known)
    for addition in scene.sums:
        found = left.intersection(addition.cells)
        more = tuple(_one_more(addition, scene, held)) if found else ()
        if more:
            left -= found
            yield from more


def _weighed(by_cle: Mapping[Cle, Mesure]) -> Iterator[tuple[Cle, ...]]:
    """Each weighted measure of a survey, then the people of each category that its weights come from."""
    margins: dict[tuple[str, str, str], list[Cle]] = defaultdict(list)
    for cle in by_cle:
        for enquete, names in MARGES.items():
            if cle[0] in names:
                margins[(enquete, cle[1], cle[4])].append(cle)
    for cle in by_cle:
        if cle[0] in PESEES:
            yield (cle, *margins[(cle[3].partition("-")[0], cle[1], cle[4])])


def _with_its_margins(cells: Sequence[Cle], held: Held) -> Decided:
    """A weighted measure falls with any count of people that its weights were made of."""
    weighted, *margins = cells
    if weighted not in held and any(cle in held for cle in margins):
        yield weighted, "composante"


def _parts_given_back(ratio: _Ratio, scene: _Scene, held: Held) -> Decided:
    """A ratio whose terms are withheld, and the count that would give back the other side of a share."""
    if ratio.cle not in held and (ratio.numerateur in held or ratio.denominateur in held):
        yield ratio.cle, "composante"
    part = scene.by_cle.get(ratio.cle)
    if part is None:
        return
    others = (part.denominateur or 0) - (part.numerateur or 0)
    is_given_back = ratio.is_part and 0 < others < SEUIL_EFFECTIF and ratio.denominateur not in held
    if is_given_back and ratio.numerateur in scene.by_cle and ratio.numerateur not in held:
        yield ratio.numerateur, "petit-cote"
