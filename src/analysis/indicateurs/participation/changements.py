"""What is followed from one wave to the next, and scales: the numbers behind means, reliability, change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from analysis.depot.enquetes.questions import Question
from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.participation.estimation import Vector
from analysis.indicateurs.participation.vagues import Vague, par_enquete, vagues

EMPREINTE: Final = re.compile(r"[0-9a-f]{20}")
"""How the name of a respondent who gave a token is written."""


@dataclass(frozen=True)
class Echantillon:
    """The numbers that a mean is of, one a person: a mark, a score on a scale, a change between two waves."""

    mesure: str
    periode: str
    modalite: str
    valeurs: Vector

    @property
    def cle(self) -> tuple[str, str, str]:
        """What names it among those of a territory."""
        return (self.mesure, self.periode, self.modalite)


def echantillons(donnees: Donnees) -> tuple[Echantillon, ...]:
    """The numbers behind each mean of the surveys of a territory, taken once for it and for all together."""
    return donnees.une_fois(_echantillons)


def _echantillons(donnees: Donnees) -> tuple[Echantillon, ...]:
    return tuple(_moyennes(donnees))


def _moyennes(donnees: Donnees) -> Iterator[Echantillon]:
    for enquete, waves in par_enquete(donnees).items():
        questions = donnees.questions[enquete]
        for vague in waves:
            for question in (q for q in questions if q.nature == "nombre" and vague.asks(q.question)):
                marks = np.array(vague.donnees(question.question), float)
                yield Echantillon("note_moyenne", vague.periode, f"{enquete}-{question.question}", marks)
            for modalite, scores in scores_par_echelle(donnees, vague).items():
                yield Echantillon("echelle_score", vague.periode, modalite, scores.mean(axis=1))
        for before, after in pairwise(waves):
            periode, changes = changements(donnees, before, after)
            for modalite, change in changes.items():
                yield Echantillon("evolution_moyenne", periode, modalite, change)


def scores_par_echelle(donnees: Donnees, vague: Vague) -> Mapping[str, Vector]:
    """The ranks of the answers to each scale, by its name among the measures: a row a person, no blank.

    A wave that did not ask all the questions of a scale has no score on it: on fewer, it is another scale.
    """
    return donnees.une_fois(_scores_par_vague)[vague.enquete, vague.vague]


def _scores_par_vague(donnees: Donnees) -> Mapping[tuple[str, int], Mapping[str, Vector]]:
    return {(vague.enquete, vague.vague): _scores_de(donnees, vague) for vague in vagues(donnees)}


def _scores_de(donnees: Donnees, vague: Vague) -> Mapping[str, Vector]:
    questions, found = donnees.questions[vague.enquete], {}
    for echelle in dict.fromkeys(question.echelle for question in questions if question.echelle):
        items = [question for question in questions if question.echelle == echelle]
        if vague.asks(*(item.question for item in items)):
            scores = np.array([_scores(vague.reponses[item.question], donnees, item) for item in items])
            found[f"{vague.enquete}-{echelle}"] = scores[:, ~np.isnan(scores).any(axis=0)].T
    return found


def _scores(answers: Sequence[Any], donnees: Donnees, question: Question) -> Vector:
    """The rank of each answer, NaN for a blank and for « ne sait pas »; a number is its own rank."""
    if question.nature == "nombre":
        return np.array(answers, float)
    ranks = {code: place.score for code, place in donnees.positions[question.valeurs].items()}
    return np.array([ranks.get(answer) for answer in answers], float)


def changements(donnees: Donnees, before: Vague, after: Vague) -> tuple[str, Mapping[str, Vector]]:
    """The period of two waves, and by question how far the rank of each answer moved, a person a number.

    Only those who answered the question both times are there, joined by the hash of their token; an anonymous
    survey joins nobody, and has no question here, nor has one that a wave did not ask.
    """
    moved = donnees.une_fois(_changements_des_vagues)[before.enquete, before.vague, after.vague]
    return f"{before.periode}/{after.periode}", moved


def _changements_des_vagues(donnees: Donnees) -> Mapping[tuple[str, int, int], Mapping[str, Vector]]:
    return {
        (enquete, before.vague, after.vague): _changements_de(donnees, before, after)
        for enquete, waves in par_enquete(donnees).items()
        for before, after in pairwise(waves)
    }


def _changements_de(donnees: Donnees, before: Vague, after: Vague) -> Mapping[str, Vector]:
    questions = donnees.questions[after.enquete]
    if not any(question.nature == "jeton" for question in questions):
        return {}
    later = _joignables(after)
    ranks = [(rank, later[name]) for name, rank in _joignables(before).items() if name in later]
    changes = {}
    for question in questions:
        if question.nature != "nombre" and not donnees.positions.get(question.valeurs):
            continue
        if question.nature in ("jeton", "tableau"):
            continue
        if not (before.asks(question.question) and after.asks(question.question)):
            continue
        first, second = (
            _scores([wave.reponses[question.question][pair[side]] for pair in ranks], donnees, question)
            for side, wave in enumerate((before, after))
        )
        moved = second - first
        changes[f"{after.enquete}-{question.question}"] = moved[~np.isnan(moved)]
    return changes


def _joignables(vague: Vague) -> dict[str, int]:
    """The ranks of the answers that bear the hash of a token, by it: the number of an answer names nobody in
    the next wave."""
    return {name: rank for rank, name in enumerate(vague.repondants) if EMPREINTE.fullmatch(name)}
