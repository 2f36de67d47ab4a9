"""The questions that surveys ask, as ``data/dictionary/questions.csv`` declares them, version after version."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from analysis.depot.enquetes.limesurvey import flat
from analysis.noyau.declared.nomenclatures import Choix, load_nomenclatures
from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.paths import Project

_CHOSEN = ("choix", "oui_non")
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)")
_CODE = re.compile(r"(?P<tableau>[A-Za-z][A-Za-z0-9]{0,19})(?:\[[A-Za-z0-9]{1,20}\])?")
_RESERVED = ("lang", "sid", "savedid", "token", "qid", "gid", "sgq", "self", "that", "this")

CONSENTEMENT, CITATION = "consentement", "citation"
"""The question without whose « oui » nothing is kept, and that which lets a text be quoted."""

SMALLEST_SCALE = 3
"""Questions that a scale has at least: fewer have no reliability to speak of."""

LONGEST_ANSWER_CODE = 5
"""Characters that LimeSurvey keeps of the code of an answer."""


@dataclass(frozen=True)
class Question:
    """A question that a survey asks.

    ``question`` names it in the tables and ``code_limesurvey`` in the export. ``valeurs`` is the list of
    its answers (``choix``, ``oui_non``) or its range « 0..10 » (``nombre``), else empty. ``groupe`` is the
    title of its page, ``aide`` what helps to answer, ``echelle`` the scale that it is an item of; both are
    empty where there is none. A ``tableau`` is the stem of the sub-questions whose code begins as its own:
    nobody answers it, and ``enonce`` repeats what it asks in each of them. ``depuis`` is the version of the
    questionnaire that first asks it, ``jusqua`` the last one that does, None while it is asked.
    """

    enquete: str
    question: str
    code_limesurvey: str
    nature: str
    valeurs: str
    libelle: str
    groupe: str = ""
    obligatoire: bool = False
    aide: str = ""
    echelle: str = ""
    enonce: str = ""
    depuis: int = 1
    jusqua: int | None = None

    def is_asked_by(self, version: int) -> bool:
        """Whether a version of the questionnaire asks it."""
        return self.depuis <= version and (self.jusqua is None or version <= self.jusqua)

    @property
    def tableau(self) -> str:
        """The code of the question that this one is a part of: its own when it is whole.

        >>> Question("e", "utile", "avis[SQ001]", "choix", "accord", "Utile.").tableau
        'avis'
        """
        return self.code_limesurvey.partition("[")[0]


def versions(questions: Iterable[Question]) -> list[int]:
    """The versions of a questionnaire, the last one first: each that asks something new, or no longer asks something.

    >>> asked = Question("e", "utile", "utile", "choix", "accord", "Utile.")
    >>> versions([asked, replace(asked, depuis=3), replace(asked, jusqua=1)])
    [3, 2, 1]
    """
    asked = tuple(questions)
    ends = {question.jusqua + 1 for question in asked if question.jusqua is not None}
    return sorted({question.depuis for question in asked} | ends, reverse=True)


def of_version(questions: Iterable[Question], version: int) -> tuple[Question, ...]:
    """What a version of a questionnaire asks, in its order."""
    return tuple(question for question in questions if question.is_asked_by(version))


def last_version(questions: Iterable[Question]) -> tuple[Question, ...]:
    """What the questionnaire asks today."""
    asked = tuple(questions)
    return of_version(asked, versions(asked)[0])


def load_questions(project: Project) -> dict[str, tuple[Question, ...]]:
    """The questions of each survey that somebody answered, of all its versions, in the questionnaire's order.

    Raises InvalidData as ``load_structure`` does.
    """
    found = {}
    for enquete, questions in load_structure(project).items():
        stems = {stem.code_limesurvey: stem.libelle for stem in questions if stem.nature == "tableau"}
        asked = (question for question in questions if question.nature != "tableau")
        found[enquete] = tuple(replace(q, enonce=stems.get(q.tableau, "")) for q in asked)
    return found


def load_structure(project: Project) -> dict[str, tuple[Question, ...]]:
    """All that each version of the questionnaire of each survey asks, the stems of its tables included, in its order.

    Raises InvalidData, with every finding, for a faulty table, a list or a range of answers that is not
    declared, a code that LimeSurvey would change, two questions of one survey under one code, a
    sub-question without its table, a page cut in two, or a scale too short.
    """
    rows = load_written(project, "questions", key=("enquete", "question"))
    questions = [_declared(row) for row in rows]
    shown = project.shown(project.dictionary / "questions.csv")
    nomenclatures = load_nomenclatures(project)
    findings = [finding for q in questions for finding in _question_findings(q, nomenclatures, shown)]
    surveys: dict[str, tuple[Question, ...]] = {}
    for question in questions:
        surveys[question.enquete] = (*surveys.get(question.enquete, ()), question)
    for enquete, asked in surveys.items():
        findings += _survey_findings(enquete, asked, shown)
    if findings:
        raise InvalidData(findings)
    return surveys


def _declared(row: Mapping[str, str]) -> Question:
    return Question(
        **{name: row[name] for name in row if name not in ("obligatoire", "depuis", "jusqua")},
        obligatoire=row["obligatoire"] == "oui",
        depuis=int(row["depuis"]),
        jusqua=int(row["jusqua"]) if row["jusqua"] else None,
    )


def _question_findings(
    question: Question, known: Mapping[str, tuple[Choix, ...]], shown: str
) -> Iterator[Finding]:
    """What is wrong with the answers of a question, with its code or with its versions."""
    if question.jusqua is not None and question.jusqua < question.depuis:
        found = f"{question.jusqua} pour la question « {question.question} », posée depuis la version {question.depuis}"
        yield Finding(shown, None, "jusqua", found, f"{question.depuis} ou plus, ou rien")
    found = f"« {question.valeurs} » pour la question « {question.question} »"
    if question.nature in (*_CHOSEN, "tableau") and question.valeurs not in known:
        yield Finding(shown, None, "valeurs", found, "une liste de la table « nomenclatures »")
    elif question.nature in (*_CHOSEN, "tableau"):
        codes = [choix.code_limesurvey for choix in known[question.valeurs]]
        if any(not 0 < len(code) <= LONGEST_ANSWER_CODE for code in codes) or len({*codes}) < len(codes):
            expected = f"des codes LimeSurvey distincts, de 1 à {LONGEST_ANSWER_CODE} caractères"
            yield Finding(shown, None, "valeurs", found, expected)
    if question.nature == "nombre" and _RANGE.fullmatch(question.valeurs) is None:
        yield Finding(shown, None, "valeurs", found, "des bornes comme « 0..10 »")
    if question.nature == "jeton":
        return
    code = _CODE.fullmatch(question.code_limesurvey)
    if code is None or code["tableau"].lower() in _RESERVED:
        expected = (
            "une lettre puis des lettres ou des chiffres sans accent ni trait, 20 caractères au plus, qui ne "
            "soit pas un mot réservé de LimeSurvey"
        )
        found = f"« {question.code_limesurvey} » pour la question « {question.question} »"
        yield Finding(shown, None, "code_limesurvey", found, expected)


def _survey_findings(enquete: str, questions: Sequence[Question], shown: str) -> Iterator[Finding]:
    """What is wrong between the questions of one survey."""
    codes = Counter(flat(question.code_limesurvey) for question in questions)
    for code in (code for code, count in codes.items() if count > 1):
        found = f"deux fois la question « {code} » de l'enquête « {enquete} »"
        yield Finding(shown, None, "code_limesurvey", found, "un code par question")
    tables = {q.code_limesurvey: q for q in questions if q.nature == "tableau"}
    for question in (q for q in questions if "[" in q.code_limesurvey):
        parent = tables.get(question.tableau)
        if parent is None or (parent.valeurs, parent.groupe) != (question.valeurs, question.groupe):
            found = f"la sous-question « {question.question} » de l'enquête « {enquete} »"
            expected = f"une ligne « tableau » de code « {question.tableau} », mêmes valeurs, même groupe"
            yield Finding(shown, None, "code_limesurvey", found, expected)
    pages = [page for page, _ in groupby(q.groupe for q in questions if q.nature != "jeton")]
    if "" in pages or len({*pages}) < len(pages):
        found = f"une page sans titre ou coupée en deux dans l'enquête « {enquete} »"
        yield Finding(shown, None, "groupe", found, "les questions d'un même groupe, à la suite")
    for echelle, asked in groupby(sorted(questions, key=lambda q: q.echelle), key=lambda q: q.echelle):
        if echelle and len({(q.depuis, q.jusqua) for q in asked}) > 1:
            found = f"« {echelle} » dans l'enquête « {enquete} », dont les questions ne sont pas des mêmes versions"
            yield Finding(
                shown, None, "echelle", found, "un autre nom d'échelle quand ses questions changent"
            )
    scales = Counter(question.echelle for question in questions if question.echelle)
    for echelle in (echelle for echelle, count in scales.items() if count < SMALLEST_SCALE):
        found = f"« {echelle} » dans l'enquête « {enquete} »"
        yield Finding(shown, None, "echelle", found, f"au moins {SMALLEST_SCALE} questions par échelle")
