"""Which categories of a closed list may be told together, from the least united to the most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.noyau.declared.nomenclatures import Choix
from analysis.noyau.declared.written import read_written
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.paths import Project


@dataclass(frozen=True)
class Reunion:
    """Categories of a list that are told together: the code and the words of the one that they make."""

    code: str
    libelle: str
    modalites: tuple[str, ...]


Niveau = tuple[Reunion, ...]
"""The unions of one level: a category that is in none of them is told by itself."""


def load_regroupements(
    project: Project, lists: Mapping[str, tuple[Choix, ...]]
) -> Mapping[str, tuple[Niveau, ...]]:
    """The levels of each list in order; raises InvalidData for unions that do not make an ordered tree."""
    rows = read_written(
        project,
        "regroupements",
        key=("liste", "niveau", "code"),
        known={"nomenclatures.nomenclature": lists},
    ).rows
    shown = project.shown(project.dictionary / "regroupements.csv")
    levels: dict[str, dict[int, list[Reunion]]] = {}
    findings: list[Finding] = []
    for line, row in rows.items():
        union = Reunion(row["code"], row["libelle"], tuple(row["modalites"].split()))
        of_list = levels.setdefault(row["liste"], {})
        codes = [choix.code for choix in lists[row["liste"]]]
        findings += (
            Finding(shown, line, column, found, expected)
            for column, found, expected in _faults(int(row["niveau"]), union, of_list, codes)
        )
        of_list.setdefault(int(row["niveau"]), []).append(union)
    if findings:
        raise InvalidData(findings)
    return {
        liste: tuple(tuple(of_list[rank]) for rank in sorted(of_list)) for liste, of_list in levels.items()
    }


def _faults(
    rank: int, union: Reunion, before: Mapping[int, list[Reunion]], codes: list[str]
) -> Iterator[tuple[str, str, str]]:
    """What is wrong in one union, beside those of the lines above: column, found, expected."""
    unknown = [code for code in union.modalites if code not in codes]
    if unknown or len(set(union.modalites)) < 2:
        yield "modalites", f"« {' '.join(union.modalites)} »", "deux codes de la liste au moins"
    if union.code in codes:
        yield "code", f"« {union.code} », qui est une catégorie de la liste", "un code à elle"
    if rank > max(before, default=0) + 1 or rank < max(before, default=0):
        yield "niveau", f"{rank}", "les niveaux dans l'ordre, à partir de 1"
    taken = {code for other in before.get(rank, ()) for code in other.modalites}
    if taken & set(union.modalites):
        yield (
            "modalites",
            f"« {' '.join(union.modalites)} »",
            "chaque code dans une réunion du niveau au plus",
        )
    for other in (other for level in before.values() for other in level):
        if other.code == union.code and other.modalites != union.modalites:
            yield (
                "code",
                f"« {union.code} », qui réunit d'autres codes plus haut",
                "un code pour chaque réunion",
            )
    for finer in before.get(rank - 1, ()):
        common = set(finer.modalites) & set(union.modalites)
        if common and common != set(finer.modalites):
            yield (
                *("modalites", f"« {' '.join(union.modalites)} »"),
                f"toute la réunion « {finer.code} » du niveau d'avant, ou rien d'elle",
            )
