"""The survey waves of an invented territory, as LimeSurvey exports them.

Whoever answers has an opinion of its own, which colours all that it answers: so the items of a scale agree,
and so do the waves of one person. That, the response rates and every share below are hypothèses de
démonstration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import NormalDist
from typing import Final

import numpy as np

from analysis.demonstration.avis.opinions import COLLEGES, PARTS, PARTS_OUI, TEXTES
from analysis.demonstration.contrats import Contrat
from analysis.demonstration.lieux import Lieu
from analysis.demonstration.parcours import Emploi, Etapes
from analysis.demonstration.personnes import Row, identifiant
from analysis.demonstration.vie import salaries
from analysis.depot.enquetes.questions import CITATION, CONSENTEMENT, Question
from analysis.noyau.declared.nomenclatures import Choix

VAGUES: Final = (
    ("salaries_ebe", 1, date(2018, 11, 15)),
    ("salaries_ebe", 2, date(2020, 2, 15)),
    ("salaries_ebe", 3, date(2021, 5, 31)),
    ("volontaires", 1, date(2019, 5, 31)),
    ("habitants", 1, date(2020, 10, 15)),
    ("entreprises", 1, date(2020, 11, 30)),
    ("membres_cle", 1, date(2019, 6, 20)),
    ("membres_cle", 2, date(2021, 4, 15)),
)
"""Survey, wave, last day of collection: the staff has the three waves of the published inquiry (373); the
other waves and the days are a hypothèse de démonstration."""

FICHIERS: Final = {
    "salaries_ebe": "salaries",
    "volontaires": "volontaires",
    "habitants": "habitants",
    "entreprises": "entreprises",
    "membres_cle": "membres-cle",
}
"""What the name of an export calls its survey."""

ENTETE: Final = ("id", "submitdate", "lastpage", "startlanguage", "seed")
ENTETE_SUIVIE: Final = (*ENTETE, "token", "startdate", "datestamp")
"""The columns that LimeSurvey puts before the questions: code and times only where people are followed."""

ANONYME: Final = "1980-01-01 00:00:00"
"""The day of sending that LimeSurvey writes of all the answers to an anonymous survey."""

INVITES: Final = {"habitants": (80, 320), "entreprises": (20, 60), "membres_cle": (14, 34)}
"""Fewest and most people invited to an anonymous survey (hypothèse de démonstration)."""

TAUX: Final = {
    "salaries_ebe": 0.72,
    "volontaires": 0.6,
    "habitants": 0.3,
    "entreprises": 0.4,
    "membres_cle": 0.65,
}
ECART_FEMME, ECART_JEUNE, ECART_AINE = 0.1, -0.15, 0.1
JEUNE, AINE = 30, 50
"""Response rate of each survey, what a woman, someone under 30 and someone of 50 or more add to it
(hypothèse de démonstration): those who answer are not like those who do not."""

PART_REFUS, PART_INACHEVEE, PART_SANS_REPONSE = 0.03, 0.04, 0.03
"""Shares of those who do not agree to answer, of answers not sent, of questions left blank (hypothèse de
démonstration)."""

COLLECTE: Final = 40
"""Days of a collection (hypothèse de démonstration)."""

SATURATION, PERMANENCE = 0.75, 0.8
"""Correlation of an item with its author's opinion on that wave, and of that opinion with the lasting one
(hypothèse de démonstration): with four items the alpha of Cronbach is then near 0.8."""

PROGRES: Final = 0.15
"""What the opinion of the staff gains from a wave to the next, in standard deviations (hypothèse de
démonstration)."""

NOTE: Final = {
    "salaries_ebe": 6.6,
    "volontaires": 5.3,
    "habitants": 6.4,
    "entreprises": 5.9,
    "membres_cle": 6.0,
}
ECART_NOTE: Final = 2.0
"""Mean and standard deviation of the marks from 0 to 10 (hypothèse de démonstration)."""

PART_TEXTES: Final = 0.3
"""Share of respondents who write something (hypothèse de démonstration)."""

_NORMALE: Final = NormalDist()


@dataclass(frozen=True)
class Questionnaires:
    """The questions of each survey and the closed lists of their answers."""

    questions: Mapping[str, Sequence[Question]]
    nomenclatures: Mapping[str, Sequence[Choix]]


@dataclass(frozen=True)
class Interroges:
    """Who is there to ask: the steps of the people by rank, their stays, contracts and rows ``personnes``."""

    people: Sequence[Etapes]
    stays: Sequence[Emploi]
    lines: Sequence[Contrat]
    rows: Sequence[Row]

    def taux(self, enquete: str, rank: int, day: date) -> float:
        """How likely a person is to answer: by survey, sex and age."""
        row = self.rows[rank]
        age = day.year - int(str(row["annee_naissance"]))
        gap = ECART_JEUNE if age < JEUNE else ECART_AINE if age >= AINE else 0.0
        return TAUX[enquete] + gap + (ECART_FEMME if row["sexe"] == "femme" else 0.0)


def enquetes(
    rng: np.random.Generator, lieu: Lieu, interroges: Interroges, asked: Questionnaires
) -> tuple[list[Row], dict[str, bytes]]:
    """The rows of the table ``enquetes`` and the exports; a wave that nobody answers is not told.

    The token is the person's identifier, the same from a wave to the next; the other surveys are anonymous.
    Where no EBE opened, nobody is asked about it.
    """
    opinions = rng.normal(size=len(interroges.people))
    rows: list[Row] = []
    files = {}
    for enquete, vague, day in VAGUES:
        if enquete in ("habitants", "entreprises") and not lieu.entreprises:
            continue
        wave = _Vague(rng, lieu, asked, enquete, vague, day)
        if enquete in INVITES:
            low, high = INVITES[enquete]
            invited = int(rng.integers(low, high + 1))
            count = int(rng.binomial(invited, TAUX[enquete]))
            lasting: list[tuple[str | None, float]] = [(None, float(o)) for o in rng.normal(size=count)]
        else:
            ranks = (
                salaries(interroges.lines, day)
                if enquete == "salaries_ebe"
                else _attente(interroges.people, interroges.stays, day)
            )
            invited = len(ranks)
            answered = [rank for rank in ranks if rng.random() < interroges.taux(enquete, rank, day)]
            lasting = [(identifiant(rank), float(opinions[rank])) for rank in answered]
        if not lasting:
            continue
        name = f"enquete-{FICHIERS[enquete]}-{vague}.csv"
        files[name] = wave.export(lasting)
        rows.append(
            {"enquete": enquete, "vague": vague, "date_collecte": day, "fichier": name, "invites": invited}
        )
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


@dataclass(frozen=True)
class _Vague:
    """One wave as it is drawn and written."""

    rng: np.random.Generator
    lieu: Lieu
    asked: Questionnaires
    enquete: str
    vague: int
    day: date

    @property
    def questions(self) -> Sequence[Question]:
        return self.asked.questions[self.enquete]

    def export(self, lasting: Sequence[tuple[str | None, float]]) -> bytes:
        """The file: LimeSurvey's columns, then one column per question; what was not shown has no quotes.

        ``lasting`` gives the token, None in an anonymous survey, and the lasting opinion of each respondent.
        Answers are numbered in the order in which they were begun.
        """
        is_followed = lasting[0][0] is not None
        asked = [question for question in self.questions if question.nature != "jeton"]
        drawn = [(self._passage(), self._reponses(asked, opinion)) for _, opinion in lasting]
        begun = sorted((passage.debut, passage.duree) for passage, _ in drawn)
        header = ENTETE_SUIVIE if is_followed else ENTETE
        rows: list[list[str | None]] = [[*header, *(question.code_limesurvey for question in asked)]]
        for number, ((token, _), (passage, answers), times) in enumerate(
            zip(lasting, drawn, begun, strict=True), start=1
        ):
            rows.append([*self._horodatage(number, token, passage.is_sent, passage.graine, times), *answers])
        return f"\ufeff{''.join(map(_ligne, rows))}".encode()

    def _passage(self) -> _Passage:
        """When somebody answers, how long, whether to the end."""
        rng = self.rng
        back, minute, spent = int(rng.integers(COLLECTE)), int(rng.integers(480)), int(rng.integers(4, 25))
        started = datetime.combine(self.day - timedelta(days=back), time(9)) + timedelta(minutes=minute)
        is_sent = bool(rng.random() >= PART_INACHEVEE)
        return _Passage(started, timedelta(minutes=spent), is_sent, int(rng.integers(10**8, 10**9)))

    def _horodatage(
        self,
        number: int,
        token: str | None,
        is_sent: bool,
        graine: int,
        times: tuple[datetime, timedelta],
    ) -> list[str | None]:
        """The cells that LimeSurvey fills: number, day of sending, page reached, language, seed, code, times.

        An anonymous survey has no times, and the same day of sending for all.
        """
        started, ended = (f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (times[0], times[0] + times[1]))
        sent = ANONYME if token is None else ended
        pages = len({question.groupe for question in self.questions if question.groupe})
        page = str(pages if is_sent else pages - 1)
        filled = [str(number), sent if is_sent else None, page, "fr", str(graine)]
        return filled if token is None else [*filled, token, started, ended]

    def _reponses(self, asked: Sequence[Question], opinion: float) -> list[str | None]:
        """The answers of one person; nothing more than a « non » for someone who does not agree."""
        level = PERMANENCE * opinion + (1 - PERMANENCE**2) ** 0.5 * float(self.rng.normal())
        if self.enquete == "salaries_ebe":
            level += PROGRES * (self.vague - 1)
        agrees = self.rng.random() >= PART_REFUS
        return [self._cellule(question, level, agrees=agrees) for question in asked]

    def _cellule(self, question: Question, level: float, *, agrees: bool) -> str | None:
        if question.question == CONSENTEMENT:
            return self._shown(question, int(not agrees))
        if agrees:
            return self._reponse(question, level)
        return "N/A" if self.lieu.reponses_completes and question.nature == "oui_non" else None

    def _reponse(self, question: Question, level: float) -> str:
        """One answer as the export writes it: code or full answer, whole number, text."""
        rng = self.rng
        if question.nature == "texte_libre":
            texts = TEXTES[self.enquete]
            return texts[int(rng.integers(len(texts)))][0] if rng.random() < PART_TEXTES else ""
        if rng.random() < PART_SANS_REPONSE:
            return ""
        item = SATURATION * level + (1 - SATURATION**2) ** 0.5 * float(rng.normal())
        if question.nature == "nombre":
            low, high = map(float, question.valeurs.split(".."))
            mark = NOTE[self.enquete] + ECART_NOTE * item
            return f"{min(max(round(mark), low), high):.0f}"
        return self._shown(question, self._rang(question, item))

    def _rang(self, question: Question, item: float) -> int:
        """The rank of the answer chosen: the first ones for who thinks best of it.

        The last answer of « accord » is « ne sait pas », which no opinion leads to.
        """
        name = question.question
        if question.nature == "oui_non":
            shares: Sequence[float] = (PARTS_OUI[name], 1 - PARTS_OUI[name])
            return int(self.rng.choice(2, p=shares)) if name == CITATION else _quantile(item, shares)
        if question.valeurs == "college":
            return int(self.rng.choice(len(COLLEGES), p=COLLEGES))
        shares = PARTS[question.valeurs][self.enquete]
        if question.valeurs != "accord":
            return _quantile(item, shares)
        *ordered, unsure = shares
        return len(ordered) if self.rng.random() < unsure else _quantile(item, ordered)

    def _shown(self, question: Question, rank: int) -> str:
        chosen = self.asked.nomenclatures[question.valeurs][rank]
        return chosen.libelle if self.lieu.reponses_completes else chosen.code_limesurvey


@dataclass(frozen=True)
class _Passage:
    """How somebody answers: from when, for how long, whether to the end, under which seed."""

    debut: datetime
    duree: timedelta
    is_sent: bool
    graine: int


def _ligne(cells: Sequence[str | None]) -> str:
    """A record as LimeSurvey writes it: every cell quoted, none where there is nothing."""
    told = ("" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in cells)
    return ",".join(told) + "\r\n"


def _quantile(item: float, shares: Sequence[float]) -> int:
    """The answer that an opinion leads to, so that each answer has its share; the highest opinion, the first.

    >>> [_quantile(item, (0.2, 0.5, 0.3)) for item in (1.0, 0.0, -1.0)]
    [0, 1, 2]
    """
    below = 1 - _NORMALE.cdf(item)
    bounds = np.cumsum(shares) / sum(shares)
    return min(int(np.searchsorted(bounds, below, side="right")), len(shares) - 1)
