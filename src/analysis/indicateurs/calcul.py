"""Run the indicators: base modules make records of a deposit's tables, derived ones of records."""

from __future__ import annotations

import sys
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import PlainSerializer

from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.impact.individus import mesures as individus
from analysis.indicateurs import economie_ebe, exhaustivite, parcours, vie_associative
from analysis.indicateurs.depenses_passives import personnes
from analysis.indicateurs.depenses_passives.declarations import declarations_of
from analysis.indicateurs.depenses_passives.personnes import Joints, joindre
from analysis.indicateurs.donnees import Donnees, charger
from analysis.indicateurs.ensemble import ensemble
from analysis.indicateurs.participation import enquetes, locaux, textes
from analysis.indicateurs.participation.demandes import QuestionLocale, Verbatim
from analysis.indicateurs.participation.ensemble import (
    Reponses,
    avec_intervalles,
    effets_plan,
    en_commun,
    nombres_en_commun,
    reponses,
)
from analysis.noyau.definitions import load_definitions
from analysis.noyau.mesures import (
    PLUS_PETIT,
    Accord,
    Definition,
    Definitions,
    Mesure,
    de_colonnes,
    en_colonnes,
    trop_petits,
)
from analysis.noyau.paths import Project
from analysis.stations.cycles import seldom
from analysis.stations.forks import forked

_A = TypeVar("_A")
_B = TypeVar("_B")

_CLE = attrgetter("mesure", "lieu", "ebe", "modalite", "periode")
"""What names a measure, when it is asked once: nothing of it is kept."""

BASE = (
    exhaustivite.mesures,
    parcours.mesures,
    economie_ebe.mesures,
    vie_associative.mesures,
    enquetes.mesures,
    textes.mesures,
    locaux.mesures,
)
"""The modules that compute on tables, in the order of the dictionary's families."""


@dataclass(frozen=True)
class Resultats:
    """All that was computed of the deposits in force, before any rule of secrecy.

    ``definitions`` hold those of the territories' own indicators too; ``accords`` are told in their order:
    what is kept of the same deposits has the same bytes. ``questions`` are what they ask, ``verbatims`` what
    people wrote and accepted to see quoted. ``empeches`` says of each territory whose deposit could not be
    computed why, as a clause: it has no measure, and keeps its place.
    Raises ValueError when two measures have one name, or when the categories of one do not add up to the
    total that the dictionary declares.
    """

    definitions: Definitions
    mesures: tuple[Mesure, ...]
    accords: Annotated[frozenset[Accord], PlainSerializer(sorted)]
    questions: tuple[QuestionLocale, ...] = ()
    verbatims: tuple[Verbatim, ...] = ()
    empeches: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = [*_twice(self.mesures), *_wrong_sums(self.mesures, self.definitions)]
        if faults:
            raise ValueError("; ".join(faults))


class Garde(Protocol):
    """Who keeps the measures of one territory, and gives them back where nothing that they are made of
    moved."""

    def famille(
        self, donnees: Donnees, mesures: Callable[[Donnees], Iterable[Mesure]]
    ) -> tuple[Mesure, ...]: ...

    def simulees(
        self, joints: Sequence[Joints], simuler: Callable[[Sequence[Joints]], Iterable[Mesure]]
    ) -> tuple[Mesure, ...]: ...


@seldom()
def calculer(project: Project, codes: Iterable[str], garde: Garde | None = None) -> Resultats:
    """The measures of these territories and of them all together; ``garde`` gives back those that it keeps.

    A territory that deposited nothing has no measure: its chapter says that it is awaited. One whose
    deposit makes a step fail has none either, with the reason, and the others are computed without it.
    Territories are computed by as many processes as there are processors, each after another: the tables of
    one are let go before those of the next are read.
    """
    common = load_definitions(project)
    ledger, referentiel = Ledger(project), load_referentiel(project)
    own = Isoles(_tell)
    made = own.each(
        {code: code for code in codes}, partial(_calcule, project, ledger, referentiel, common, garde)
    )
    places = {code: place for code, place in made.items() if place is not None}
    joints = {code: place.joints for code, place in places.items()}
    simulated = own.together(joints, partial(_depenses_passives, project, common, garde))
    kept = {code: places[code] for code in own.left(places)}
    base = (*(mesure for place in kept.values() for mesure in place.mesures), *simulated)
    locales = {name: definition for place in places.values() for name, definition in place.locales.items()}
    definitions = locaux.avec_locales(common, locales)
    agreed = frozenset((code, *accord) for code, place in kept.items() for accord in place.accords)
    petits = trop_petits(base)
    together = [place.reponses for code, place in kept.items() if code not in petits]
    derived = _en_commun(
        [m for m in base if m.lieu not in petits],
        together,
        definitions,
        agreed,
        {code: place.nom for code, place in kept.items()},
        sans=[place.nom for code, place in kept.items() if code in petits],
    )
    compared = individus.mesures(project, definitions, [place.code for place in referentiel.territoires])
    return Resultats(
        definitions,
        avec_intervalles((*base, *derived, *compared), nombres_en_commun(together)),
        agreed,
        tuple(question for place in kept.values() for question in place.questions),
        tuple(verbatim for place in kept.values() for verbatim in place.verbatims),
        own.empeches,
    )


@dataclass(frozen=True)
class Calcule:
    """What was made of the deposit of one territory, and what the sums of all of them need: no table."""

    nom: str
    locales: Mapping[str, Definition]
    mesures: tuple[Mesure, ...]
    accords: frozenset[tuple[str, str]]
    questions: tuple[QuestionLocale, ...]
    verbatims: tuple[Verbatim, ...]
    reponses: Reponses
    joints: Joints

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "mesures": en_colonnes(self.mesures)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, mesures=de_colonnes(state["mesures"]))


def _calcule(
    project: Project,
    ledger: Ledger,
    referentiel: Referentiel,
    common: Definitions,
    garde: Garde | None,
    code: str,
) -> Calcule | None:
    """What is made of the deposit in force of a territory, None where nothing was received."""
    read = charger(ledger, referentiel, common, project.nature, code)
    if read is None:
        return None
    locales = locaux.definitions(read)
    donnees = read.avec_definitions(locaux.avec_locales(common, locales))
    return Calcule(
        nom=donnees.territoire.nom,
        locales=locales,
        mesures=_checked(donnees, garde),
        accords=donnees.accords,
        questions=locaux.questions(donnees),
        verbatims=tuple(textes.verbatims(donnees)),
        reponses=reponses(donnees),
        joints=joindre(read),
    )


def _en_commun(
    base: Sequence[Mesure],
    reponses: Sequence[Reponses],
    definitions: Definitions,
    accords: frozenset[Accord],
    names: Mapping[str, str],
    *,
    sans: Sequence[str],
) -> Iterator[Mesure]:
    """The measures of all the territories together but those that are too small, whom each source names."""
    found = (
        *ensemble(base, definitions, accords, names),
        *effets_plan(base, definitions, names),
        *en_commun(reponses, definitions),
    )
    left_out = f", sans {', '.join(sans)} (moins de {PLUS_PETIT} volontaires)" if sans else ""
    for mesure in found:
        yield replace(mesure, source=f"{mesure.source}{left_out}")


@dataclass(frozen=True)
class Echec:
    """Where a step failed on a deposit, without the message of the error: it may quote data."""

    where: str


def _tried(step: Callable[[_A], _B], deposit: _A) -> _B | Echec:
    """What a step makes of a deposit, or where it fails: whatever data may do to a computation."""
    try:
        return step(deposit)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return Echec(f"{type(error).__name__}, {Path(place.filename).stem}.{place.name}")


@dataclass
class Isoles:
    """Steps made of each deposit by itself: the one that fails is named, and left out of the next steps."""

    tell: Callable[[str], None]
    empeches: dict[str, str] = field(default_factory=dict)

    def left(self, deposits: Iterable[str]) -> list[str]:
        """The territories whose every step succeeded so far."""
        return [code for code in deposits if code not in self.empeches]

    def each(self, deposits: Mapping[str, _A], step: Callable[[_A], _B]) -> dict[str, _B]:
        """What a step makes of each deposit that is left, those that it fails on apart."""
        left, made = self.left(deposits), {}
        for code, found in zip(
            left, forked(partial(_tried, step), [deposits[code] for code in left]), strict=True
        ):
            if isinstance(found, Echec):
                self._leave_out(code, found)
            else:
                made[code] = found
        return made

    def together(
        self, deposits: Mapping[str, _A], step: Callable[[Sequence[_A]], tuple[_B, ...]]
    ) -> tuple[_B, ...]:
        """What a step makes of all the deposits at once, without those on which it fails by itself."""
        try:
            return step([deposits[code] for code in self.left(deposits)])
        except Exception:  # whoever it is of, the step says it alone
            before = len(self.empeches)
            self.each(deposits, lambda donnees: step([donnees]))
            if len(self.empeches) == before:
                raise
        return step([deposits[code] for code in self.left(deposits)])

    def _leave_out(self, code: str, echec: Echec) -> None:
        """Name a territory and tell where its computation failed."""
        self.empeches[code] = "mais le calcul de ses mesures a échoué"
        self.tell(
            f"{code} : le calcul des mesures du dépôt en vigueur a échoué ({echec.where}). "
            "Ce n'est pas le territoire qui est en cause : signalez-le. Les autres territoires sont calculés."
        )


def _checked(donnees: Donnees, garde: Garde | None) -> tuple[Mesure, ...]:
    """The measures of one territory, which say each thing once and add up; raises ValueError otherwise."""
    found = tuple(de_base(donnees, garde))
    faults = [*_twice(found), *_wrong_sums(found, donnees.cadre.definitions)]
    if faults:
        raise ValueError("; ".join(faults))
    return found


def _depenses_passives(
    project: Project, common: Definitions, garde: Garde | None, joints: Sequence[Joints]
) -> tuple[Mesure, ...]:
    """The measures of passive expenditure: the case types of all the deposits are simulated together."""
    declarations = declarations_of(project) if joints else None
    if declarations is None:
        return ()
    simuler = partial(personnes.mesures, project, common, declarations, progress=_tell)
    return tuple(simuler(joints)) if garde is None else garde.simulees(joints, simuler)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def de_base(donnees: Donnees, garde: Garde | None = None) -> Iterator[Mesure]:
    """The measures of one territory."""
    for module in BASE:
        yield from module(donnees) if garde is None else garde.famille(donnees, module)


def _twice(mesures: Iterable[Mesure]) -> list[str]:
    cles = [*map(_CLE, mesures)]
    if len(set(cles)) == len(cles):
        return []
    return [f"{cle} is measured twice" for cle, count in Counter(cles).items() if count > 1]


def _wrong_sums(mesures: Iterable[Mesure], definitions: Definitions) -> list[str]:
    """The categories that do not add up to their declared total, where all are computed."""
    by_place: dict[tuple[str, str, str], dict[tuple[str, str], float]] = defaultdict(dict)
    bound = {name for addition in definitions.additions for name in (addition.mesure, addition.total)}
    for m in mesures:
        if m.valeur is not None and m.mesure in bound:
            by_place[(m.lieu, m.ebe, m.periode)][(m.mesure, m.modalite)] = m.valeur
    faults = []
    for place, values in by_place.items():
        for addition in definitions.additions:
            total = values.get((addition.total, ""))
            if total is None:
                continue
            terms = [values.get((addition.mesure, modalite)) for modalite in addition.modalites]
            known = [term for term in terms if term is not None]
            if len(known) == len(terms) and sum(known) != total:
                faults.append(f"{addition.mesure} adds up to {sum(known)}, not {addition.total}, {place}")
    return faults
