"""The closed lists: what a table keeps, what a person chooses or reads, what LimeSurvey writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.noyau.declared.written import load_written
from analysis.noyau.paths import Project


@dataclass(frozen=True)
class Choix:
    """One value of a closed list.

    ``code`` stands in the tables, ``libelle`` in the workbook and on the pages, ``code_limesurvey`` in a
    survey's export (empty where the list is not one of a survey).
    """

    code: str
    libelle: str
    code_limesurvey: str


@dataclass(frozen=True)
class Position:
    """On which side an answer of an ordered list stands, and its rank, None for one outside of the scale."""

    position: Literal["favorable", "neutre", "defavorable"]
    score: float | None


def load_positions(project: Project) -> dict[str, dict[str, Position]]:
    """The position of each answer, by list then by code: a list that is not ordered has none.

    Raises InvalidData for a faulty file.
    """
    lists = load_nomenclatures(project)
    rows = load_written(
        project, "positions", key=("nomenclature", "code"), known={"nomenclatures.nomenclature": lists}
    )
    found: dict[str, dict[str, Position]] = {}
    for row in rows:
        score = float(row["score"]) if row["score"] else None
        position = Position(row["position"], score)  # type: ignore[arg-type]
        found.setdefault(row["nomenclature"], {})[row["code"]] = position
    return found


def load_nomenclatures(project: Project) -> dict[str, tuple[Choix, ...]]:
    """The choices of each list, in the dictionary's order; raises InvalidData for a faulty file."""
    nomenclatures: dict[str, tuple[Choix, ...]] = {}
    for row in load_written(project, "nomenclatures", key=("nomenclature", "code")):
        choix = Choix(row["code"], row["libelle"], row["code_limesurvey"])
        nomenclatures[row["nomenclature"]] = (*nomenclatures.get(row["nomenclature"], ()), choix)
    return nomenclatures


def load_derived_lists(project: Project) -> dict[str, tuple[Choix, ...]]:
    """The lists that other tables of the dictionary make: what a measure of surveys may be broken down by.

    ``question_enquete`` has each question of each survey (« salaries_ebe-utile »), ``reponse_enquete`` each
    answer that one may choose, ``echelle_enquete`` each scale, ``theme`` each theme of the codebook.
    """
    lists = load_nomenclatures(project)
    surveys = {choix.code: choix.libelle for choix in lists.get("enquete", ())}
    scales = {choix.code: choix.libelle for choix in lists.get("echelle", ())}
    questions = load_written(project, "questions", key=("enquete", "question"))
    named = dict.fromkeys((row["enquete"], row["echelle"]) for row in questions if row["echelle"])
    themes = load_written(project, "themes", key=("theme",))
    return {
        "question_enquete": tuple(
            Choix(f"{row['enquete']}-{row['question']}", row["libelle"], "") for row in questions
        ),
        "reponse_enquete": tuple(
            Choix(f"{row['enquete']}-{row['question']}-{choix.code}", f"{row['libelle']} {choix.libelle}", "")
            for row in questions
            if row["nature"] in ("choix", "oui_non")
            for choix in lists.get(row["valeurs"], ())
        ),
        "echelle_enquete": tuple(
            Choix(f"{enquete}-{echelle}", f"{scales[echelle]} ({surveys[enquete]})", "")
            for enquete, echelle in named
        ),
        "theme": tuple(Choix(row["theme"], row["libelle"], "") for row in themes),
    }
