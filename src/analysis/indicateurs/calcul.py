"""Run the indicators: base modules make records of a deposit's tables, derived ones of records."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.depot.ledger import Ledger
from analysis.depot.referentiel import load_referentiel
from analysis.indicateurs import economie_ebe, exhaustivite, parcours
from analysis.indicateurs.depenses_passives import personnes
from analysis.indicateurs.depenses_passives.declarations import declarations_of
from analysis.indicateurs.donnees import Donnees, charger
from analysis.indicateurs.ensemble import ensemble
from analysis.indicateurs.participation import enquetes, locaux, textes
from analysis.indicateurs.participation.ensemble import avec_intervalles, effets_plan, en_commun
from analysis.indicateurs.participation.records import QuestionLocale, Verbatim
from analysis.noyau.mesures import Accord, Definitions, Mesure, load_definitions
from analysis.noyau.paths import Project

BASE = (
    exhaustivite.mesures,
    parcours.mesures,
    economie_ebe.mesures,
    enquetes.mesures,
    textes.mesures,
    locaux.mesures,
)
"""The modules that compute on tables, in the order of the dictionary's families."""

DERIVED = (ensemble,)
"""The modules that compute on records."""


@dataclass(frozen=True)
class Resultats:
    """All that was computed of the deposits in force, before any rule of secrecy.

    ``definitions`` hold those of the territories' own indicators too; ``questions`` are what they
    ask, ``verbatims`` what people wrote and accepted to see quoted.
    Raises ValueError when two measures have one name, or when the categories of one do not add up to the
    total that the dictionary declares.
    """

    definitions: Definitions
    mesures: tuple[Mesure, ...]
    accords: frozenset[Accord]
    questions: tuple[QuestionLocale, ...] = ()
    verbatims: tuple[Verbatim, ...] = ()

    def __post_init__(self) -> None:
        faults = [*_twice(self.mesures), *_wrong_sums(self.mesures, self.definitions)]
        if faults:
            raise ValueError("; ".join(faults))


def calculer(project: Project, codes: Iterable[str]) -> Resultats:
    """The measures of these territories and of them all together.

    A territory that deposited nothing has no measure: its chapter says that it is awaited.
    """
    definitions = load_definitions(project)
    ledger, referentiel = Ledger(project), load_referentiel(project)
    deposits = (charger(ledger, referentiel, definitions, project.nature, code) for code in codes)
    received = [donnees for donnees in deposits if donnees is not None]
    definitions = _avec_locales(definitions, received)
    received = [donnees.avec_definitions(definitions) for donnees in received]
    base = tuple(mesure for donnees in received for mesure in de_base(donnees))
    agreed = frozenset(
        (donnees.territoire.code, ebe, cloture) for donnees in received for ebe, cloture in donnees.accords
    )
    base += _depenses_passives(project, received)
    derived = tuple(mesure for module in DERIVED for mesure in module(base, definitions, agreed))
    derived += (*effets_plan(base, definitions), *en_commun(received, definitions))
    derived += tuple(textes.accord_en_commun(received, definitions))
    asked = tuple(question for donnees in received for question in locaux.questions(donnees))
    quoted = tuple(verbatim for donnees in received for verbatim in textes.verbatims(donnees))
    return Resultats(definitions, avec_intervalles((*base, *derived)), agreed, asked, quoted)


def _avec_locales(definitions: Definitions, received: Iterable[Donnees]) -> Definitions:
    """The common definitions, and those of the territories' own indicators."""
    own = [locaux.definitions(donnees) for donnees in received]
    return locaux.avec_locales(definitions, {name: d for found in own for name, d in found.items()})


def _depenses_passives(project: Project, depots: Sequence[Donnees]) -> tuple[Mesure, ...]:
    """The measures of passive expenditure: the case types of all the deposits are simulated together."""
    declarations = declarations_of(project) if depots else None
    if declarations is None:
        return ()
    return tuple(personnes.mesures(project, declarations, depots, progress=_tell))


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def de_base(donnees: Donnees) -> Iterator[Mesure]:
    """The measures of one territory."""
    for module in BASE:
        yield from module(donnees)


def _twice(mesures: Iterable[Mesure]) -> list[str]:
    return [f"{cle} is measured twice" for cle, count in Counter(m.cle for m in mesures).items() if count > 1]


def _wrong_sums(mesures: Iterable[Mesure], definitions: Definitions) -> list[str]:
    """The categories that do not add up to their declared total, where all are computed."""
    by_place: dict[tuple[str, str, str], dict[tuple[str, str], float]] = defaultdict(dict)
    for m in mesures:
        if m.valeur is not None:
            by_place[(m.lieu, m.ebe, m.periode)][(m.mesure, m.modalite)] = m.valeur
    faults = []
    for place, values in by_place.items():
        for addition in (a for a in definitions.additions if not a.reste):
            terms = [values.get((addition.mesure, modalite)) for modalite in addition.modalites]
            total = values.get((addition.total, ""))
            known = [term for term in terms if term is not None]
            if total is not None and len(known) == len(terms) and sum(known) != total:
                faults.append(f"{addition.mesure} adds up to {sum(known)}, not {addition.total}, {place}")
    return faults
