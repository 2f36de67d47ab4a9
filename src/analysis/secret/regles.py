"""The rules of secrecy on computed measures, all behind one function: :func:`decider`."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from analysis.noyau.mesures import Accord, Definitions, Mesure
from analysis.noyau.plan_comptable import LUS_DANS_LES_COMPTES
from analysis.secret.categories import Reunies, choisir, formes_dites, reunir
from analysis.secret.intervalles import trop_etroites
from analysis.secret.primaires import primaires
from analysis.secret.release import Released, Rule
from analysis.secret.resolution import Inconnues, Row
from analysis.secret.scene import Connues, Scene
from analysis.secret.secondaires import Liaisons, close_values
from analysis.secret.seuils import TROP_PEU_D_EBE, UNE_EBE_DOMINE
from analysis.secret.sommes import Cle, Decided, Held, Redite, Sum, is_rounded, nearest

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


@contextmanager
def _sans_cycles() -> Iterator[None]:
    """Nobody looks for cycles of objects meanwhile: the gate makes millions of objects and no cycle, and the
    search would take a sixth of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_sans_cycles()
def decider(
    mesures: Iterable[Mesure],
    definitions: Definitions,
    accords: frozenset[Accord],
    retenues: Iterable[Cle] = (),
    unies: Reunies | None = None,
    redites: Mapping[Cle, Redite] = MappingProxyType({}),
) -> tuple[Released[Mesure], ...]:
    """Each measure as it may be published, and the rule that let it through or withheld it.

    A withheld measure keeps its name, place, period and source; its numbers are gone, its ``motif`` says
    why. A missing one passes as it is, unless its reason is read in accounts that may not be shown.
    ``accords`` are the exercices (territory, EBE, closing day) whose accounts the EBE publishes or agreed to
    show. ``retenues`` are measures that a past edition forbids to tell as they are now; ``unies`` the
    categories that are told together, those of :func:`unir` unless they are given. A union stands in the
    place of its categories (:func:`telles_que_dites`). ``redites`` are measures that are told again as a past
    edition told them where they are withheld: a reader knows about where they are, and loses nothing.

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
    held = _withheld(
        Connues.de(ordered, definitions, accords).telles(united, redites), definitions, accords, retenues
    )
    held |= _told_by_accounts(found, accords)
    return tuple(
        _released(mesure, held.get(mesure.cle), united) for mesure in telles_que_dites(found, united)
    )


@_sans_cycles()
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

    def essayer(some: Sequence[Mesure]) -> Callable[[Reunies], Held]:
        known = Connues.de(some, definitions, accords)
        return lambda united: _withheld(known.telles(united), definitions, accords, is_trial=True)

    formes = choisir(ordered, definitions, essayer) | formes_dites(dites, definitions)
    return reunir(ordered, definitions, formes)


def telles_que_dites(mesures: Iterable[Mesure], united: Reunies) -> Iterator[Mesure]:
    """The measures in their order, each union where its first category stood."""
    unions = {m.cle: m for m in united.mesures}
    first = {cells[0]: unions[one] for one, cells in united.parts.items()}
    tues = united.tues
    for m in mesures:
        if m.cle not in tues:
            yield m
        elif m.cle in first:
            yield first[m.cle]


def _withheld(
    scene: Scene,
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
    held |= dict(primaires(scene, definitions, accords))
    alone = _alone(held)
    close = {cle for series in scene.stocks for cle, _ in close_values(series, scene, alone)}
    scene.libres = frozenset(cle for cle, rule in held.items() if rule == "regroupement") - close
    liaisons = Liaisons(scene)
    liaisons.settle(held, range(len(liaisons.toutes)))
    _until_nothing_is_known(liaisons, held, is_exact_only=is_trial)
    return held


def sommes(
    mesures: Iterable[Mesure], definitions: Definitions, accords: frozenset[Accord], unies: Reunies
) -> tuple[Sum, ...]:
    """All that the gate knows to add up among these measures, for who attacks what it let through."""
    ordered = sorted(mesures, key=lambda m: m.cle)
    return Connues.de(ordered, definitions, accords).telles(unies).sums


def _alone(held: Held) -> Held:
    """What is withheld but for what a union tells."""
    return {cle: rule for cle, rule in held.items() if rule != "regroupement"}


def _until_nothing_is_known(liaisons: Liaisons, held: Held, *, is_exact_only: bool) -> None:
    """Withhold more as long as all the sums together give a number back, exactly or within its threshold."""
    scene = liaisons.scene
    exact, near = set(held), set(held) - scene.libres
    inconnues = Inconnues()
    touched: Iterable[int] = range(len(scene.sums))
    while True:
        inconnues.change((rank, _row(scene, scene.sums[rank], held)) for rank in touched)
        exact = _known(scene, inconnues, exact)
        more = liaisons.withhold(held, _solved(liaisons, held, exact))
        if not more and not is_exact_only:
            more = liaisons.withhold(held, _widened(liaisons, held, near))
        if not more:
            return
        touched = {rank for cle in more for rank in scene.sums_of.get(cle, ())}
        exact.update(more)
        near.update(more)


def _widened(liaisons: Liaisons, held: Held, near: set[Cle]) -> Decided:
    """One more measure for each withheld one that is known within less than its threshold, those that the
    fewest would widen before the others, which may have no need of one more then.

    ``near`` are those that may be; the others, which are known less well, leave it.
    """
    scene = liaisons.scene
    narrow = trop_etroites(scene.groupes, held, near)
    near.intersection_update(cle for cle, levers in narrow.items() if levers)
    for narrow_one, levers in sorted(narrow.items(), key=lambda item: (len(item[1]), item[0])):
        if not levers:
            yield narrow_one, "sans-protection"
        elif not held.keys() & set(levers):
            shown = sorted(
                levers, key=lambda cle: (cle not in scene.redites, scene.ties[cle], scene.people(cle), cle)
            )
            yield liaisons.cheapest(shown, held), "intervalle"


def _told_by_accounts(mesures: Iterable[Mesure], accords: frozenset[Accord]) -> Held:
    """The missing measures whose reason tells what the accounts of an EBE hold, without its agreement."""
    return {
        m.cle: "accord"
        for m in mesures
        if m.etat == "absente" and m.ebe and m.accord not in accords and m.motif in LUS_DANS_LES_COMPTES
    }


def withheld(mesure: Mesure, rule: Rule) -> Mesure:
    """A measure without its numbers, and why, as a page says it."""
    return Mesure(
        mesure.mesure,
        mesure.lieu,
        mesure.periode,
        mesure.forme,
        mesure.unite,
        mesure.nature,
        mesure.source,
        ebe=mesure.ebe,
        modalite=mesure.modalite,
        prix=mesure.prix,
        etat="masquee",
        motif=MOTIFS[rule],
        sans_objet=mesure.sans_objet,
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


def _row(scene: Scene, addition: Sum, held: Held) -> Row:
    """What a reader does not know of a sum; one whose total is told rounded determines nothing."""
    if addition.is_open and scene.is_told_rounded(addition.total) and addition.total not in held:
        return {}
    return addition.unknowns(held)


def _known(scene: Scene, inconnues: Inconnues, suspects: set[Cle]) -> set[Cle]:
    """Of these withheld measures, those that all the sums together determine; zeros are left to be known.

    A measure that they did not determine before stays so when others are withheld: only what was determined
    at the last look, or was withheld since, is a suspect.
    """
    found = suspects & inconnues.determined(suspects)
    return {cle for cle in found - scene.libres if scene.people(cle) > 0}


def _solved(liaisons: Liaisons, held: Held, known: set[Cle]) -> Decided:
    """One more term of a sum of each of these measures, which the sums determine: one at a time, where what
    was withheld for another has not touched its sum."""
    scene, left = liaisons.scene, set(known)
    for rank in sorted({rank for cle in known for rank in scene.sums_of.get(cle, ())}):
        addition = scene.sums[rank]
        found = left.intersection(addition.cells)
        more = tuple(liaisons.one_more(addition, held)) if found else ()
        if more:
            left -= found
            yield from more
    known -= left
