"""Generate the deposit of an invented territory: coherent, calibrated on published figures, repeatable.

Lieu → people and their steps → stays → contracts → months → exercices → accounts, surveys, collective life →
rows and files. To change a published figure or an assumption open ``reperes``, a territory ``lieux``, a table
the module of its name, the form of a file ``fec`` or ``enquetes``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.demonstration.agendas import benevolat, calendriers, decisions
from analysis.demonstration.avis.enquetes import Interroges, Questionnaires, enquetes
from analysis.demonstration.avis.questions import questions
from analysis.demonstration.contrats import contrats, mois, rows_contrats, rows_etp
from analysis.demonstration.ebe.comptes import comptes
from analysis.demonstration.ebe.economie import (
    Exercice,
    exercices,
    rows_activites,
    rows_exercices,
    rows_financements,
)
from analysis.demonstration.ebe.fec import write_comptes
from analysis.demonstration.lieux import Lieu
from analysis.demonstration.parcours import emplois, etapes, propositions
from analysis.demonstration.personnes import Row, naissances, rows_personnes
from analysis.demonstration.vie import rows_depenses, rows_estimations, rows_instances
from analysis.depot.enquetes.questions import last_version
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.declared.dictionary import Field
from analysis.noyau.paths import Project


@dataclass(frozen=True)
class Depot:
    """What an invented territory deposits.

    ``tables`` maps each table of the workbook to its rows, by field, as a spreadsheet's cells hold them:
    labels for closed lists, ``date`` for days and months (the first day), int, float, None for a blank.
    ``fichiers`` maps the name of each file beside the workbook (accounts, answers, a calendar) to its bytes.
    """

    lieu: Lieu
    graine: int
    tables: dict[str, list[Row]]
    fichiers: dict[str, bytes]


@dataclass(frozen=True, eq=False)
class _Dictionnaire:
    """What the rows are written with: the version of the workbook, its fields, the lists, the questions."""

    version: str
    fields: Mapping[str, tuple[Field, ...]]
    asked: Questionnaires


def generer(
    lieu: Lieu, graine: int, *, referentiel: Referentiel | None = None, lignes_fec: int | None = None
) -> Depot:
    """The deposit of an invented territory, entirely drawn from ``[graine, lieu.rang]``.

    It is written as ``referentiel`` declares (what this project declares where that is None).
    ``lignes_fec`` is about the number of lines of each file of accounts (by default 300 to 1,500, with the
    size of the EBE); it changes nothing else. Amounts are euros rounded to the cent, ETP to the hundredth.
    The same place, seed and dictionary give the same rows and the same bytes. Raises ValueError for a
    negative seed.

    >>> from analysis.demonstration.lieux import lieux
    >>> depot = generer(lieux()[2], 1)
    >>> [row["personne"] for row in depot.tables["personnes"]], sorted(depot.fichiers)[0]
    (['P-001', 'P-002', 'P-003'], 'comptes-le-trio-d-orbesson-2018.txt')
    """
    dictionary = _du_projet(Project.here()) if referentiel is None else _dictionnaire(referentiel)
    draws = np.random.default_rng([graine, lieu.rang]).spawn(11)
    steps, profile, work, books, money, life, polls, offered, guesses, asks, talks = draws
    people = etapes(steps, lieu)
    births = naissances(profile, len(people))
    stays = emplois(steps, lieu, people, births)
    lines = contrats(work, lieu, stays)
    by_ebe = mois(lieu, lines)
    closed = exercices(money, lieu, by_ebe)
    met = rows_personnes(profile, lieu, people, births, stays, propositions(offered, lieu, people, stays))
    waves, exports = enquetes(polls, lieu, Interroges(people, stays, lines, met), dictionary.asked)
    meetings = rows_instances(life, lieu, lines)
    agenda, calendar = calendriers(talks, lieu)
    tables = {
        "depot": _depot(lieu, dictionary.version),
        "personnes": met,
        "contrats": rows_contrats(lines),
        "etp": rows_etp(lieu, by_ebe),
        "exercices": rows_exercices(money, lieu, closed),
        "activites": rows_activites(closed),
        "instances": meetings,
        "estimations": rows_estimations(guesses, lieu),
        "financements": rows_financements(closed),
        "depenses": rows_depenses(life, lieu, lines),
        "enquetes": waves,
        **questions(asks, lieu),
        "calendriers": agenda,
        "decisions": decisions(talks, lieu, meetings),
        "benevolat": benevolat(talks, lieu),
    }
    labelled = {table: _labelled(dictionary, table, rows) for table, rows in tables.items()}
    accounts = _fichiers_comptes(books, closed, lignes_fec)
    return Depot(lieu, graine, labelled, {**accounts, **exports, **calendar})


def _dictionnaire(referentiel: Referentiel) -> _Dictionnaire:
    posed = {enquete: last_version(questions) for enquete, questions in referentiel.questions.items()}
    asked = Questionnaires(posed, referentiel.nomenclatures)
    return _Dictionnaire(referentiel.layout.version, referentiel.fields, asked)


@cache
def _du_projet(project: Project) -> _Dictionnaire:
    """The declared tables of a project, read once."""
    return _dictionnaire(load_referentiel(project))


def _depot(lieu: Lieu, version: str) -> list[Row]:
    return [
        {
            "version": version,
            "territoire": lieu.code,
            "date_arrete": lieu.date_arrete,
            "deposant": "chef_projet_cle",
            "information_personnes": "oui",
        }
    ]


def _labelled(dictionary: _Dictionnaire, table: str, rows: Sequence[Row]) -> list[Row]:
    """The rows in the dictionary's order of fields, the codes of closed lists replaced by their labels.

    Raises KeyError for a code that its list does not have.
    """
    labels = {
        field.champ: _labels(dictionary, field.valeurs[0])
        for field in dictionary.fields[table]
        if field.type == "liste" and field.valeurs[0].startswith("nomenclatures.")
    }
    return [
        {
            field.champ: labels[field.champ][row[field.champ]]
            if field.champ in labels and row[field.champ] is not None
            else row[field.champ]
            for field in dictionary.fields[table]
        }
        for row in rows
    ]


def _labels(dictionary: _Dictionnaire, reference: str) -> dict[object, str]:
    name = reference.partition(".")[2]
    return {choix.code: choix.libelle for choix in dictionary.asked.nomenclatures[name]}


def _fichiers_comptes(
    rng: np.random.Generator, closed: Sequence[Exercice], lignes_fec: int | None
) -> dict[str, bytes]:
    """The files of accounts by name; each exercice opens on the balance sheet that the one before left."""
    files: dict[str, bytes] = {}
    balance: dict[str, int] = {}
    for exercice in closed:
        opening = balance if exercice.rang else {}
        entries, balance = comptes(rng, exercice, opening, lignes_fec)
        files[exercice.fichier] = write_comptes(entries, exercice.entreprise.comptes, exercice.fin)
    return files
