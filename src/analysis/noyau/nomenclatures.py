"""The closed lists: what a table keeps, what a person chooses or reads, what LimeSurvey writes."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.noyau.paths import Project
from analysis.noyau.written import load_written


@dataclass(frozen=True)
class Choix:
    """One value of a closed list.

    ``code`` stands in the tables, ``libelle`` in the workbook and on the pages, ``code_limesurvey`` in a
    survey's export (empty where the list is not one of a survey).
    """

    code: str
    libelle: str
    code_limesurvey: str


def load_nomenclatures(project: Project) -> dict[str, tuple[Choix, ...]]:
    """The choices of each list, in the dictionary's order; raises InvalidData for a faulty file."""
    nomenclatures: dict[str, tuple[Choix, ...]] = {}
    for row in load_written(project, "nomenclatures", key=("nomenclature", "code")):
        choix = Choix(row["code"], row["libelle"], row["code_limesurvey"])
        nomenclatures[row["nomenclature"]] = (*nomenclatures.get(row["nomenclature"], ()), choix)
    return nomenclatures
