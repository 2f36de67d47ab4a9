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
from analysis.secret.categories import Essai, Reunies, choisir, formes_dites, par_lieu, reunies, reunir
from analysis.secret.elargissement import Elargissement
from analysis.secret.primaires import primaires
from analysis.secret.release import Released, Rule
from analysis.secret.resolution import Inconnues, Row
from analysis.secret.scene import Connues, Scene
from analysis.secret.secondaires import Liaisons, close_values
from analysis.secret.seuils import TROP_PEU_D_EBE, UNE_EBE_DOMINE
from analysis.secret.sommes import Cle, Decided, Held, Redite, Sum, is_rounded, nearest
from analysis.stations.forks import begun

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
    united, held = _held(found, definitions, accords, retenues, unies, redites)
    return tuple(
        _released(mesure, held.get(mesure.cle), united) for mesure in telles_que_dites(found, united)
    )


def _held(
    mesures: Sequence[Mesure],
    definitions: Definitions,
    accords: frozenset[Accord],
    retenues: Iterable[Cle],
    unies: Reunies | None,
    redites: Mapping[Cle, Redite],
) -> tuple[Reunies, Held]:
    """How categories are told, and what is withheld; all that binds the measures is let go."""
    scene = _scene(mesures, definitions, accords, unies, redites)
    held = _withheld(scene, definitions, accords, retenues) | _told_by_accounts(mesures, accords)
    return scene.united, held


def _scene(
    mesures: Iterable[Mesure],
    definitions: Definitions,
    accords: frozenset[Accord],
    unies: Reunies | None,
    redites: Mapping[Cle, Redite],
) -> Scene:
    """What binds these measures, their categories told as ``unies`` says, or as loses least."""
    ordered = sorted(mesures, key=lambda m: m.cle)
    if unies is not None:
        return Connues.de(ordered, definitions, accords).telles(unies, redites)
    choices = begun(par_lieu(ordered, definitions, _essai(definitions, accords)))
    known = Connues.de(ordered, definitions, accords)  # while other processes choose
    return known.telles(reunir(ordered, definitions, reunies(choices)), redites)


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
    formes = choisir(ordered, definitions, _essai(definitions, accords)) | formes_dites(dites, definitions)
    return reunir(ordered, definitions, formes)


def _essai(definitions: Definitions, accords: frozenset[Accord]) -> Essai:
    """The gate, as it is tried on some measures, one way of telling their categories after another."""

    def essayer(some: Sequence[Mesure]) -> Callable[[Reunies], Held]:
        known = Connues.de(some, definitions, accords)
        return lambda united: _withheld(known.telles(united), definitions, accords, is_trial=True)

    return essayer


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
    liaisons.settle(held, liaisons.asking(held))
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
    """Withhold more as long as the sums together give a number back, exactly or within its threshold.

    First the sums of one place: what they determine by themselves, no number of another place protects, and
    is left to be known where none of them has one more to withhold. Then all the sums.
    """
    scene = liaisons.scene
    here = _Resolues(liaisons, held, {*scene.told - scene.across})
    together = _Resolues(liaisons, held, {*scene.told & scene.across}, here) if scene.across else None
    near = set(held) - scene.libres
    wider = None if is_exact_only else Elargissement(liaisons, held, near)  # at work from now on
    while True:
        more = here.withhold(held)
        if not more and together is not None:
            together.suspects -= here.given_up
            more = together.withhold(held)
        near.update(more)
        if not more and not is_exact_only:
            wider = wider or Elargissement(liaisons, held, near)
            more, wider = wider.withhold(held, near), None
        if not more and (is_exact_only or not near):
            return
        here.look_again(more)
        if together is not None:
            together.look_again(more)


class _Resolues:
    """Some of the sums, solved together as more is withheld: what they determine asks for one more term.

    A measure that they did not determine before stays so when others are withheld: only what was determined
    at the last look, or was withheld since, is a suspect. ``given_up`` are those for which none of these sums
    has one more to withhold. ``some`` are solved with them: they were looked at just before, and what they
    leave unknown is taken there.
    """

    def __init__(
        self, liaisons: Liaisons, held: Held, ranks: set[int], some: _Resolues | None = None
    ) -> None:
        self._liaisons = liaisons
        self._of_some: set[int] = some._ranks if some else set()
        self._ranks: set[int] = ranks | self._of_some
        self._inconnues: Inconnues = Inconnues(some._inconnues if some else None)
        self._touched = set(self._ranks)
        self.suspects: set[Cle] = set(some.suspects if some else self._minded(held))
        self.given_up: set[Cle] = set()

    def look_again(self, more: Iterable[Cle]) -> None:
        """These are withheld too."""
        sums_of = self._liaisons.scene.sums_of
        self._touched.update(rank for cle in more for rank in sums_of.get(cle, ()) if rank in self._ranks)
        self.suspects.update(self._minded(more))

    def withhold(self, held: Held) -> list[Cle]:
        """One more term for each measure that these sums determine: what was taken."""
        sums = self._liaisons.scene.sums
        ranks = sorted(self._touched - self._of_some)
        rows = ((rank, _row(self._liaisons.scene, sums[rank], held)) for rank in ranks)
        self._inconnues.change(rows, self._touched & self._of_some)
        self._touched.clear()
        known = self.suspects & self._inconnues.determined(self.suspects)
        self.suspects = set(known)
        return self._liaisons.withhold(held, self._one_more_for(known, held))

    def _minded(self, some: Iterable[Cle]) -> Iterator[Cle]:
        """Those of these that a sum may give back and somebody minds: zeros are left to be known."""
        scene = self._liaisons.scene
        summed = (cle for cle in some if cle in scene.sums_of and cle not in scene.libres)
        return (cle for cle in summed if scene.people(cle) > 0)

    def _one_more_for(self, known: set[Cle], held: Held) -> Decided:
        """One more term of a sum of each of these measures: one at a time, where what was withheld for
        another has not touched its sum."""
        scene, left = self._liaisons.scene, set(known)
        for rank in sorted({rank for cle in known for rank in scene.sums_of.get(cle, ())} & self._ranks):
            addition = scene.sums[rank]
            found = left.intersection(addition.cells)
            more = tuple(self._liaisons.one_more(addition, held)) if found else ()
            if more:
                left -= found
                yield from more
        self.suspects -= left
        self.given_up |= left


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
