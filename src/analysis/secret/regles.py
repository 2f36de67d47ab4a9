"""The rules of secrecy on computed measures, all behind one function: :func:`decider`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from analysis.noyau.mesures import ENSEMBLE, SUMS, Accord, Definitions, Mesure
from analysis.noyau.periods import Period
from analysis.secret.release import Released, Rule

SEUIL_EFFECTIF: Final = 5
"""A count of people, a quantity of ETP, a difference between two of them is withheld under it, zero apart."""

SEUIL_TAUX: Final = 11
"""A rate, a share, a mean, a median, an incidence on fewer people is withheld."""

SEUIL_EBE: Final = 3
"""A sum of accounts of fewer EBE is withheld."""

MOTIFS: Final[Mapping[Rule, str]] = {
    "seuil-effectif": "de 1 à 4 personnes",
    "seuil-taux": "moins de 11 personnes",
    "un-a-quatre": "de 1 à 4 personnes d'un côté du rapport",
    "groupe-entier": "la même réponse pour tout le groupe",
    "difference": "de 1 à 4 personnes d'écart avec la valeur publiée précédente",
    "addition": "se déduirait des autres par soustraction",
    "composante": "le rapport donnerait un effectif retenu",
    "accord": "comptes d'une seule EBE, sans son accord",
    "trop-peu-d-ebe": "moins de trois EBE, publiées ou retenues",
}
"""Why a rule withholds a value, as a page says it."""

Cle = tuple[str, str, str, str, str]
Held = dict[Cle, Rule]
Decided = Iterator[tuple[Cle, Rule]]


def decider(
    mesures: Iterable[Mesure], definitions: Definitions, accords: frozenset[Accord]
) -> tuple[Released[Mesure], ...]:
    """Each measure as it may be published, and the rule that let it through or withheld it.

    A withheld measure keeps its name, place, period and source; its numbers are gone, its ``motif`` says
    why. A missing one passes as it is. ``accords`` are the exercices (territory, EBE, closing day) whose
    accounts the EBE publishes or agreed to show.

    First each measure by itself: counts of 1 to 4 people and ETP under 5; rates, shares, means, medians,
    incidences and differences of profile on fewer than 11; shares with 1 to 4 people on either side, or
    of a whole group; accounts of one EBE without its agreement; national accounts of fewer than three
    EBE, or in which one or two are withheld. Then, until nothing changes, what the released ones would
    give away together: two values of a stock or of a curve that differ by 1 to 4 people, a withheld
    category or territory that its total gives back, the count that a share gives back.

    Extremes are no form of measure: none can be built. Real and invented deposits go through the same
    rules.
    """
    found = tuple(mesures)
    scene = _scene(found, definitions)
    held: Held = dict(_primary(scene, definitions, accords))
    while more := dict(_secondary(scene, held)):
        held |= more
    return tuple(_released(mesure, held.get(mesure.cle)) for mesure in found)


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
    )
    return Released(withheld, rule)


@dataclass(frozen=True)
class _Sum:
    """Terms that add up to a total, None when anyone can know it; ``reste`` are the others that it counts."""

    total: Cle | None
    terms: tuple[Cle, ...]
    reste: float = 0.0


@dataclass(frozen=True)
class _Ratio:
    """A ratio and the measures that it divides; ``hidden_side`` are the people of its other side."""

    cle: Cle
    numerateur: Cle
    denominateur: Cle
    is_part: bool


@dataclass(frozen=True)
class _Scene:
    """The computed measures and what binds them to one another."""

    by_cle: Mapping[Cle, Mesure]
    stocks: tuple[tuple[Cle, ...], ...]
    breakdowns: tuple[tuple[Cle, ...], ...]
    sums: tuple[_Sum, ...]
    ratios: tuple[_Ratio, ...]

    @cached_property
    def ties(self) -> Mapping[Cle, int]:
        """In how many sums each measure is a term."""
        return Counter(cle for addition in self.sums for cle in addition.terms)

    def people(self, cle: Cle) -> float:
        """The people behind a measure: its value, the events of an incidence."""
        m = self.by_cle[cle]
        return (m.numerateur if m.forme == "incidence" else m.valeur) or 0.0


def _scene(mesures: Sequence[Mesure], definitions: Definitions) -> _Scene:
    by_cle = {m.cle: m for m in mesures if m.etat == "calculee"}
    people = [m for m in by_cle.values() if _counts_people(m)]
    breakdowns = _grouped(m for m in people if m.modalite)
    return _Scene(
        by_cle=by_cle,
        stocks=(*_stocks(people), *_horizons(by_cle.values(), definitions)),
        breakdowns=tuple(terms for (name, *_), terms in breakdowns.items() if definitions.of(name).sensible),
        sums=(
            *_declared_sums(by_cle, definitions),
            *_undeclared_sums(breakdowns, definitions),
            *_wholes(by_cle, definitions),
            *_sums_over_places(people),
        ),
        ratios=tuple(_ratios(by_cle, definitions)),
    )


def _counts_people(mesure: Mesure) -> bool:
    """Whether a measure is a number of people or of their ETP, not the economics of EBE."""
    return mesure.forme == "compte" or mesure.unite == "etp"


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
    """The categories of a measure at one place and period."""
    groups: dict[tuple[str, str, str, str], tuple[Cle, ...]] = {}
    for m in people:
        key = (m.mesure, m.lieu, m.ebe, m.periode)
        groups[key] = (*groups.get(key, ()), m.cle)
    return groups


def _declared_sums(by_cle: Mapping[Cle, Mesure], definitions: Definitions) -> Iterator[_Sum]:
    """The sums of the dictionary, wherever the total and all its terms are computed."""
    for addition in definitions.additions:
        for cle, whole in by_cle.items():
            if whole.mesure != addition.total:
                continue
            _, lieu, ebe, _, periode = cle
            terms = tuple((addition.mesure, lieu, ebe, modalite, periode) for modalite in addition.modalites)
            if set(terms) <= by_cle.keys():
                others = (whole.valeur or 0) - sum(by_cle[term].valeur or 0 for term in terms)
                yield _Sum(cle, terms, max(others, 0.0) if addition.reste else 0.0)


def _undeclared_sums(
    breakdowns: Mapping[tuple[str, str, str, str], tuple[Cle, ...]], definitions: Definitions
) -> Iterator[_Sum]:
    """A breakdown of which no total is declared: its total is taken for known."""
    declared = {
        addition.mesure
        for addition in definitions.additions
        if len(addition.modalites) == len(definitions.of(addition.mesure).modalites)
    }
    for (name, *_), terms in breakdowns.items():
        if name not in declared:
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


def _sums_over_places(people: Iterable[Mesure]) -> Iterator[_Sum]:
    """What all the territories together are the sum of."""
    places: dict[tuple[str, str, str], list[Cle]] = defaultdict(list)
    totals: dict[tuple[str, str, str], Cle] = {}
    for m in people:
        key = (m.mesure, m.modalite, m.periode)
        if m.lieu == ENSEMBLE:
            totals[key] = m.cle
        else:
            places[key].append(m.cle)
    for key, total in totals.items():
        yield _Sum(total, tuple(places[key]))


def _ratios(by_cle: Mapping[Cle, Mesure], definitions: Definitions) -> Iterator[_Ratio]:
    for cle, m in by_cle.items():
        definition = definitions.of(m.mesure)
        if definition.numerateur:
            rest = (m.lieu, m.ebe, m.modalite, m.periode)
            yield _Ratio(
                cle,
                (definition.numerateur, *rest),
                (definition.denominateur, *rest),
                is_part=m.forme == "part",
            )


def _primary(scene: _Scene, definitions: Definitions, accords: frozenset[Accord]) -> Decided:
    """The measures that are withheld for what they are."""
    for cle, m in scene.by_cle.items():
        rule = _rule_of(m, is_sensitive=definitions.of(m.mesure).sensible, accords=accords)
        if rule is not None:
            yield cle, rule
    yield from _too_few_ebe(scene, accords)
    for terms in scene.breakdowns:
        values = [scene.people(cle) for cle in terms]
        if 0 < max(values) == sum(values):
            yield from ((cle, "groupe-entier") for cle in terms)


def _rule_of(m: Mesure, *, is_sensitive: bool, accords: frozenset[Accord]) -> Rule | None:
    """The rule that withholds a measure whatever the others are, None when none does."""
    if m.ebe:
        return None if m.accord in accords else "accord"
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
        return "un-a-quatre"
    return "groupe-entier" if is_sensitive and 0 in (numerator, others) else None


def _too_few_ebe(scene: _Scene, accords: frozenset[Accord]) -> Decided:
    """National accounts that rest on fewer than three EBE, or that would give one or two of them back."""
    agreed: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    for m in scene.by_cle.values():
        if m.ebe and m.accord in accords:
            agreed[(m.mesure, m.modalite, str(Period(m.periode).end.year))].add((m.lieu, m.ebe))
    for cle, m in scene.by_cle.items():
        if m.lieu == ENSEMBLE and not _counts_people(m) and m.forme in SUMS | {"rapport", "part_quantite"}:
            hidden = (m.n or 0) - len(agreed[(m.mesure, m.modalite, m.periode)])
            if (m.n or 0) < SEUIL_EBE or 0 < hidden < SEUIL_EBE:
                yield cle, "trop-peu-d-ebe"


def _secondary(scene: _Scene, held: Held) -> Decided:
    """What must also be withheld for what is withheld already to stay so."""
    for series in scene.stocks:
        yield from _close_values(series, scene, held)
    for addition in scene.sums:
        yield from _given_back(addition, scene, held)
    for ratio in scene.ratios:
        yield from _parts_given_back(ratio, scene, held)


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
    hidden = [cle for cle in addition.terms if cle in held]
    is_total_known = addition.total is None or addition.total not in held
    withheld = sum(scene.people(cle) for cle in hidden) + addition.reste
    is_alone = len(hidden) == 1 and not addition.reste
    if is_total_known and not is_alone and not 0 < withheld < SEUIL_EFFECTIF:
        return
    if not is_total_known and (hidden or addition.reste):
        return
    shown = sorted(
        (cle for cle in addition.terms if cle not in held),
        key=lambda cle: (scene.people(cle) == 0, scene.ties[cle], scene.people(cle), cle),
    )
    if shown and scene.people(shown[0]) > 0:
        yield shown[0], "addition"
    elif addition.total is not None and is_total_known:
        yield addition.total, "addition"
    else:
        yield from ((cle, "addition") for cle in shown)


def _parts_given_back(ratio: _Ratio, scene: _Scene, held: Held) -> Decided:
    """A ratio whose terms are withheld, and the count that would give back the other side of a share."""
    if ratio.cle not in held and (ratio.numerateur in held or ratio.denominateur in held):
        yield ratio.cle, "composante"
    part = scene.by_cle[ratio.cle]
    others = (part.denominateur or 0) - (part.numerateur or 0)
    is_given_back = ratio.is_part and 0 < others < SEUIL_EFFECTIF and ratio.denominateur not in held
    if is_given_back and ratio.numerateur in scene.by_cle and ratio.numerateur not in held:
        yield ratio.numerateur, "un-a-quatre"
