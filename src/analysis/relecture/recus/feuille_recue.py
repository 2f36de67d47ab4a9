"""Read a contribution sheet that came back from Excel or LibreOffice: its remarks, each with its passage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.depot.formes.coffre import Refused, Walk, open_safely
from analysis.depot.formes.layout import text_of
from analysis.depot.lecteurs.grilles import read_grids
from analysis.noyau.errors import Finding
from analysis.relecture.ancres import Version, flat
from analysis.relecture.remarques import (
    Lecture,
    Listes,
    Remarque,
    cleaned,
    consent_of,
    genre_of,
    is_clear_consent,
    of_person,
    refuse_too_many,
)
from analysis.relecture.remis.feuille import COLUMNS, IDENTITY, SHEET, shown_passage


@dataclass(frozen=True)
class Feuille:
    """A sheet that came back: what it says of itself, its cells, and the walk that found its faults."""

    identite: Mapping[str, str]
    grid: Sequence[Sequence[Any]]
    walk: Walk
    tete: int


def anchor_of(text: str, version: Version) -> str:
    """The anchor that a person chose or typed: from the list, by its name or its title; empty otherwise."""
    told = flat(text)
    for passage in version.passages:
        if told in (flat(shown_passage(passage)), flat(passage.ancre), flat(f"[{passage.ancre}]")):
            return passage.ancre
    titled = [passage.ancre for passage in version.passages if flat(passage.titre) == told]
    return titled[0] if told and len(titled) == 1 else ""


def open_feuille(path: Path) -> Feuille:
    """The sheet of a workbook, measured; raises Refused for one that cannot be trusted or is another."""
    coffre = open_safely(path)
    grids = read_grids(coffre)
    grid = grids.get(SHEET, ())
    head = next((row for row, cells in enumerate(grid) if COLUMNS[3] in map(text_of, cells)), None)
    if head is None:
        raise Refused(
            "feuille_absente",
            f"aucune feuille « {SHEET} » avec ses en-têtes",
            "la feuille de contribution remise, ses en-têtes compris",
            "Repartez de la feuille remise et recopiez-y les remarques.",
        )
    rows = ([text_of(cell).strip() for cell in cells[:2]] for cells in grid[:head] if len(cells) > 1)
    return Feuille(
        {name: value for name, value in rows if name in IDENTITY}, grid, coffre.sheets[SHEET], head
    )


def read_feuille(sheet: Feuille, version: Version, listes: Listes, *, fichier: str, cle: str) -> Lecture:
    """The remarks of a sheet, with every finding; a row without a remark is refused where it says more.

    ``cle`` names the file: two people may well write the same words on two sheets.
    """
    remarks, findings, refused = [], [], 0
    told = sheet.identite.get("Collège", "")
    role = listes.college(told)
    if told and not role:
        known = ", ".join(choix.libelle for choix in listes.colleges)
        findings.append(Finding(fichier, None, "Collège", "un collège hors de la liste", known))
    rows = list(_rows(sheet))
    refuse_too_many(len(rows))
    for line, row in rows:
        if _is_computed(sheet, line):
            remedy = "Tapez le texte, sans « = » devant, puis renvoyez la feuille."
            findings.append(Finding(fichier, line, COLUMNS[3], "une formule", "un texte", remedy))
            refused += 1
        elif not row["remarque"]:
            findings.append(Finding(fichier, line, COLUMNS[3], "une cellule vide", "une remarque"))
            refused += 1
        else:
            remark = _remark(row, version, listes)
            findings += _row_findings(row, remark, line, fichier)
            remarks.append(replace(remark, role=role, cle=cle, ligne=line))
    return Lecture("feuille", tuple(remarks), len(remarks) + refused, tuple(findings), refused)


def _rows(sheet: Feuille) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that say something, by their line number."""
    heads = [text_of(cell).strip() for cell in sheet.grid[sheet.tete]]
    names = dict(zip(COLUMNS, ("passage", "citation", "genre", "remarque", "publier"), strict=True))
    for line, cells in enumerate(sheet.grid[sheet.tete + 1 :], start=sheet.tete + 2):
        row = dict.fromkeys(names.values(), "")
        for head, cell in zip(heads, cells, strict=False):
            if head in names:
                row[names[head]] = text_of(cell).strip()
        if any(row.values()) or _is_computed(sheet, line):
            yield line, row


def _is_computed(sheet: Feuille, line: int) -> bool:
    """Whether the remark of a row is a formula without a value, or an error."""
    heads = [text_of(cell).strip() for cell in sheet.grid[sheet.tete]]
    place = (line, heads.index(COLUMNS[3]) + 1)
    return place in sheet.walk.formulas or place in sheet.walk.errors


def _remark(row: Mapping[str, str], version: Version, listes: Listes) -> Remarque:
    text, brut = of_person(row["remarque"])
    return Remarque(
        text,
        ancre=anchor_of(row["passage"], version),
        citation=cleaned(row["citation"])[0],
        genre=listes.genre(row["genre"]) or genre_of(text),
        consentement=consent_of(row["publier"]),
        typed=True,
        brut=brut,
    )


def _row_findings(row: Mapping[str, str], remark: Remarque, line: int, fichier: str) -> Iterator[Finding]:
    """What a row says that is not in the lists; nothing of it is quoted."""
    if not remark.ancre:
        found = "un passage hors de la liste" if row["passage"] else "aucun passage"
        yield Finding(
            fichier,
            line,
            COLUMNS[0],
            found,
            "un passage de la liste",
            "La remarque est gardée, au titre du chapitre.",
        )
    if row["genre"] and not remark.genre:
        yield Finding(fichier, line, COLUMNS[2], "un genre hors de la liste", "un genre de la liste, ou rien")
    if row["publier"] and not is_clear_consent(row["publier"]):
        remedy = "Sans réponse claire, rien n'est publié."
        yield Finding(fichier, line, COLUMNS[4], "une réponse peu claire", "« Oui » ou « Non »", remedy)
