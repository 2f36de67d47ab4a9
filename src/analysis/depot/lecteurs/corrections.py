"""Corrections of deposited cells: declared one by one, applied on reading, stopped once the source is mended.

They are kept in ``data/depot/corrections.csv``, with the deposits: a cell may say something of someone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from analysis.depot.formes.constats import Constat
from analysis.depot.formes.layout import RawSheet
from analysis.depot.lecteurs.classeur import Classeur
from analysis.noyau.declared.written import load_written
from analysis.noyau.paths import Project


@dataclass(frozen=True)
class Correction:
    """One cell to read otherwise: « Contrats!E14 », the false value, the right one, why, when, who."""

    territoire: str
    table: str
    cellule: str
    valeur_trouvee: str
    valeur_corrigee: str
    raison: str
    date: str
    auteur: str


def load_corrections(project: Project, territoires: Iterable[str]) -> tuple[Correction, ...]:
    """The declared corrections, none when the file does not exist; raises InvalidData with every finding."""
    path = project.depots / "corrections.csv"
    if not path.exists():
        return ()
    known = {"territoires.territoire": tuple(territoires)}
    key = ("territoire", "cellule")
    rows = load_written(project, "corrections", key=key, known=known, may_be_empty=True, path=path)
    return tuple(Correction(**row) for row in rows)


def corrected(classeur: Classeur, corrections: Iterable[Correction]) -> Classeur:
    """The workbook with the corrections of its territory applied.

    A correction whose cell no longer holds the false value is a finding that stops the deposit: either
    the source was mended, and the correction must go, or its rows have moved, and it must follow.
    """
    for correction in corrections:
        if correction.territoire == classeur.territoire and classeur.sheets:
            classeur = _applied(classeur, correction)
    return classeur


def _applied(classeur: Classeur, correction: Correction) -> Classeur:
    for index, sheet in enumerate(classeur.sheets):
        place = _place(sheet, correction)
        if place is None:
            continue
        line, champ = place
        if sheet.rows[line][champ] == correction.valeur_trouvee:
            rows = {**sheet.rows, line: {**sheet.rows[line], champ: correction.valeur_corrigee}}
            sheets = list(classeur.sheets)
            sheets[index] = replace(sheet, rows=rows, textes=sheet.textes - {place})
            suspects: Mapping[str, frozenset[tuple[int, str]]] = {
                **classeur.suspects,
                sheet.table: classeur.suspects.get(sheet.table, frozenset()) - {place},
            }
            told = tuple(c for c in classeur.constats if f"{c.feuille}!{c.cellule}" != correction.cellule)
            return replace(classeur, sheets=tuple(sheets), suspects=suspects, constats=told)
    found = f"{correction.cellule} ne porte plus la valeur corrigée le {correction.date}"
    remedy = "Retirez la correction de data/depot/corrections.csv, ou donnez-lui sa nouvelle cellule."
    constat = Constat("correction_perimee", classeur.fichier, found, "la valeur fausse déclarée", remedy)
    return replace(classeur, constats=(*classeur.constats, constat))


def _place(sheet: RawSheet, correction: Correction) -> tuple[int, str] | None:
    """The line and field of the corrected cell when it stands in this sheet."""
    feuille, _, cell = correction.cellule.rpartition("!")
    if (feuille, correction.table) != (sheet.feuille, sheet.table):
        return None
    for champ, (letters, _) in sheet.places.items():
        digits = cell.removeprefix(letters)
        if digits.isdecimal() and int(digits) in sheet.rows and cell == f"{letters}{digits}":
            return int(digits), champ
    return None
