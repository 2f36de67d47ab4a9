"""The survey waves of an invented territory, as LimeSurvey exports them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np

from analysis.demonstration.contrats import Contrat
from analysis.demonstration.lieux import Lieu
from analysis.demonstration.parcours import Emploi, Etapes
from analysis.demonstration.personnes import Row, identifiant
from analysis.demonstration.vie import salaries
from analysis.depot.enquete import Question
from analysis.noyau.nomenclatures import Choix

VAGUES: Final = (
    ("salaries_ebe", 1, date(2018, 11, 15)),
    ("salaries_ebe", 2, date(2020, 2, 15)),
    ("salaries_ebe", 3, date(2021, 5, 31)),
    ("volontaires", 1, date(2019, 5, 31)),
)
"""Survey, wave, last day of collection: the staff has the three waves of the published inquiry (373); the
wave of the volunteers and the days are a hypothèse de démonstration."""

FICHIERS: Final = {"salaries_ebe": "salaries", "volontaires": "volontaires"}
"""What the name of an export calls its survey."""

ENTETE: Final = ("id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp")
"""The columns that LimeSurvey puts before the token and the questions."""

TAUX_REPONSE, PART_INACHEVEE, PART_SANS_REPONSE = 0.7, 0.04, 0.03
"""Response rate, share of answers not sent, share of questions left blank (hypothèse de démonstration)."""

PAGES, COLLECTE = 2, 40
"""Pages of a questionnaire; days of a collection (hypothèse de démonstration)."""

REPONSES: Final[dict[str, dict[str, tuple[float, ...]]]] = {
    "sante_percue": {
        "salaries_ebe": (0.14, 0.36, 0.32, 0.14, 0.04),
        "volontaires": (0.09, 0.28, 0.33, 0.21, 0.09),
    },
    "accord": {
        "salaries_ebe": (0.36, 0.38, 0.13, 0.07, 0.06),
        "volontaires": (0.2, 0.34, 0.22, 0.15, 0.09),
    },
    "oui_non_limesurvey": {"salaries_ebe": (0.82, 0.18), "volontaires": (0.5, 0.5)},
}
"""Shares of the answers of each list, in its order (hypothèse de démonstration)."""

SATISFACTION: Final = {"salaries_ebe": 6.6, "volontaires": 5.3}
ECART_SATISFACTION: Final = 2.0
"""Mean and standard deviation of the satisfaction, from 0 to 10 (hypothèse de démonstration)."""

TEXTES: Final = {
    "salaries_ebe": (
        "J'ai retrouvé un rythme.",
        "On me dit bonjour dans la rue, je me sens utile.",
        "Le travail est physique, mais l'équipe est solide.",
        "Je peux enfin prévoir la rentrée des enfants.",
    ),
    "volontaires": ("Savoir quand ce sera mon tour.", "Être tenu au courant, même quand rien ne bouge."),
}
PART_TEXTES: Final = 0.3
"""Invented free texts and the share of respondents who write one (hypothèse de démonstration)."""


@dataclass(frozen=True)
class Questionnaires:
    """The questions of each survey and the closed lists of their answers."""

    questions: Mapping[str, Sequence[Question]]
    nomenclatures: Mapping[str, Sequence[Choix]]


def enquetes(
    rng: np.random.Generator,
    lieu: Lieu,
    people: Sequence[Etapes],
    stays: Sequence[Emploi],
    lines: Sequence[Contrat],
    asked: Questionnaires,
) -> tuple[list[Row], dict[str, bytes]]:
    """The rows of the table ``enquetes`` and the exports; a wave that nobody answers is not told.

    The token is the person's identifier, the same from a wave to the next.
    """
    rows: list[Row] = []
    files = {}
    for enquete, vague, day in VAGUES:
        invited = salaries(lines, day) if enquete == "salaries_ebe" else _attente(people, stays, day)
        answered = [rank for rank in invited if rng.random() < TAUX_REPONSE]
        if not answered:
            continue
        name = f"enquete-{FICHIERS[enquete]}-{vague}.csv"
        files[name] = _export(rng, lieu, enquete, day, answered, asked)
        rows.append({"enquete": enquete, "vague": vague, "date_collecte": day, "fichier": name})
    return rows, files


def _attente(people: Sequence[Etapes], stays: Sequence[Emploi], day: date) -> list[int]:
    """The volunteers who wait on a day, by rank: not hired yet, not gone."""
    hired = {stay.personne for stay in stays if stay.debut <= day}
    return [
        rank
        for rank, steps in enumerate(people)
        if steps.volontariat
        and steps.volontariat <= day
        and rank not in hired
        and not (steps.depart and steps.depart <= day)
    ]


def _export(
    rng: np.random.Generator,
    lieu: Lieu,
    enquete: str,
    day: date,
    answered: Sequence[int],
    asked: Questionnaires,
) -> bytes:
    """The file of one wave: LimeSurvey's columns, then one column per question, every cell quoted."""
    questions = asked.questions[enquete]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([*ENTETE, *(question.code_limesurvey for question in questions)])
    for answer_id, rank in enumerate(answered, 1):
        token = identifiant(rank)
        cells = [
            token if question.nature == "jeton" else _reponse(rng, lieu, question, asked)
            for question in questions
        ]
        writer.writerow([*_horodatage(rng, answer_id, day), *cells])
    return text.getvalue().encode("utf-8")


def _horodatage(rng: np.random.Generator, answer_id: int, day: date) -> list[str]:
    """The cells that LimeSurvey fills: number, times, page reached, language, seed."""
    back, minute, spent = int(rng.integers(COLLECTE)), int(rng.integers(480)), int(rng.integers(4, 25))
    started = datetime.combine(day - timedelta(days=back), time(9)) + timedelta(minutes=minute)
    ended = f"{started + timedelta(minutes=spent):%Y-%m-%d %H:%M:%S}"
    is_sent = rng.random() >= PART_INACHEVEE
    return [
        str(answer_id),
        ended if is_sent else "",
        str(PAGES if is_sent else 1),
        "fr",
        str(int(rng.integers(10**8, 10**9))),
        f"{started:%Y-%m-%d %H:%M:%S}",
        ended,
    ]


def _reponse(rng: np.random.Generator, lieu: Lieu, question: Question, asked: Questionnaires) -> str:
    """One answer as the export writes it: code or full answer, number with ten decimals, text."""
    if question.nature == "texte_libre":
        texts = TEXTES[question.enquete]
        return texts[int(rng.integers(len(texts)))] if rng.random() < PART_TEXTES else ""
    if rng.random() < PART_SANS_REPONSE:
        return ""
    if question.nature == "nombre":
        low, high = map(float, question.valeurs.split(".."))
        drawn = rng.normal(SATISFACTION[question.enquete], ECART_SATISFACTION)
        return f"{min(max(round(drawn), low), high):.10f}"
    choices = asked.nomenclatures[question.valeurs]
    chosen = choices[int(rng.choice(len(choices), p=REPONSES[question.valeurs][question.enquete]))]
    return chosen.libelle if lieu.reponses_completes else chosen.code_limesurvey
