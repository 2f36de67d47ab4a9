"""Read the workbook of a deposit: text with its address, nothing repaired, every fault of form found."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_col_to_name

from analysis.depot.coffre import Coffre, Refused, Walk, is_error, open_safely
from analysis.depot.constats import Constat, file_name, is_file
from analysis.depot.layout import LISEZ_MOI, LISTES, OPTIONAL, Layout, RawSheet, Sheet, migrate
from analysis.depot.personnel import is_personal_header
from analysis.depot.referentiel import Referentiel
from analysis.noyau.errors import UnknownName

WORKBOOKS = (".xlsx", ".ods")
"""The forms of a workbook that are read."""

OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm")
"""Those that are not, and are told to be saved in one that is."""

_DEEPEST_HEADER = 30
_REMEDY_MODEL = "Repartez du modèle vierge et recopiez-y vos lignes, ou rétablissez ce qui a été changé."

_REMEDY_FORMULA = (
    "Ouvrez le classeur dans Excel ou LibreOffice, laissez-le calculer, enregistrez ; ou collez la valeur."
)
_MOST_MERGED = 10_000
"""Merged rows that are told at most: a workbook of people has none."""

Grid = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Classeur:
    """What a workbook says: for which territory, at which version, and its sheets as text.

    ``suspects`` are the cells that already have a finding of form, by table: line and field.
    """

    fichier: str
    territoire: str
    version: str
    sheets: tuple[RawSheet, ...]
    suspects: Mapping[str, frozenset[tuple[int, str]]]
    constats: tuple[Constat, ...]


def read_classeur(path: Path, referentiel: Referentiel, *, attendu: str | None = None) -> Classeur:
    """The sheets of a workbook as the current version names them, with every finding of form.

    ``attendu`` is the territory whose folder the workbook stands in, None when it stands elsewhere. A
    workbook that cannot be read has no sheet and a finding whose rule refuses the deposit.
    """
    fichier = file_name(path)
    try:
        coffre = open_safely(path)
        grids = read_grids(coffre)
    except Refused as refused:
        constat = Constat(refused.rule, fichier, refused.found, refused.expected, refused.remedy)
        return Classeur(fichier, "", "", (), {}, (constat,))
    constats = _opened_elsewhere(path)
    version, territoire, identity = _identity(fichier, grids, referentiel, attendu)
    constats += identity
    if not (version and territoire):
        return Classeur(fichier, territoire, version, (), {}, tuple(constats))
    layout = referentiel.layouts[version]
    constats += _unknown_sheets(fichier, grids, layout)
    sheets: list[RawSheet] = []
    suspects: dict[str, frozenset[tuple[int, str]]] = {}
    for sheet in layout.sheets:
        raw, found, marked = _read_sheet(fichier, sheet, grids, coffre)
        sheets.append(raw)
        suspects[sheet.table] = marked
        constats += found
    if version != referentiel.layout.version:
        current = f"« {referentiel.layout.version} »"
        constats.append(
            Constat("version_ancienne", fichier, f"« {version} »", f"{current}, le modèle actuel")
        )
        if not any(referentiel.regles[constat.regle].portee == "depot" for constat in constats):
            older = {sheet.table: sheet for sheet in sheets}
            sheets = migrate(sheets, version, referentiel.layouts, referentiel.migrations)
            for raw in sheets:
                if raw.table in older:
                    suspects[raw.table] = _renamed(suspects[raw.table], older[raw.table], raw)
    return Classeur(fichier, territoire, version, tuple(sheets), suspects, tuple(constats))


def _renamed(
    marked: frozenset[tuple[int, str]], before: RawSheet, after: RawSheet
) -> frozenset[tuple[int, str]]:
    """The same cells by the names that their fields have after the migration."""
    champs = {letters: champ for champ, (letters, _) in after.places.items()}
    return frozenset((line, champs.get(before.places[champ][0], champ)) for line, champ in marked)


def is_model(path: Path, referentiel: Referentiel) -> bool:
    """Whether a workbook has the first sheet of a version of the model; one that cannot be opened has not."""
    try:
        sheets = open_safely(path).sheets
    except Refused:
        return False
    return any(layout.sheet("depot").feuille in sheets for layout in referentiel.layouts.values())


def read_grids(coffre: Coffre) -> dict[str, Grid]:
    """The values of every sheet, from its first cell; raises Refused when the library cannot read it."""
    try:
        book = CalamineWorkbook.from_filelike(coffre.content)
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
            if name in coffre.sheets or not coffre.sheets
        }
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise Refused(
            "fichier_abime",
            "un classeur dont l'intérieur est abîmé",
            "un classeur .xlsx ou .ods",
            "Ouvrez-le dans Excel ou LibreOffice, enregistrez-le à nouveau, et renvoyez-le.",
        ) from None


def _opened_elsewhere(path: Path) -> list[Constat]:
    """A finding when the lock file of Excel or LibreOffice stands beside the workbook."""
    locks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    if not any(is_file(lock) for lock in locks):
        return []
    remedy = "Fermez-le, puis relancez : ce qui n'est pas enregistré n'a pas été lu."
    found = "un classeur ouvert dans Excel ou LibreOffice"
    return [Constat("fichier_ouvert", file_name(path), found, "un classeur fermé", remedy)]


def _identity(
    fichier: str, grids: Mapping[str, Grid], referentiel: Referentiel, attendu: str | None
) -> tuple[str, str, list[Constat]]:
    """The version and the territory that the first sheet tells, empty when they are not known ones."""
    newest_first = [layout.sheet("depot") for layout in reversed(list(referentiel.layouts.values()))]
    told = (sheet for sheet in newest_first if _told(grids, sheet, "version") in referentiel.layouts)
    sheet = next(told, newest_first[0])
    version, territoire = (_told(grids, sheet, champ) for champ in ("version", "territoire"))
    if version not in referentiel.layouts:
        known = ", ".join(f"« {name} »" for name in referentiel.layouts)
        found = "une autre version" if version else "aucune version"
        place = f"dans la feuille « {sheet.feuille} », sous « {sheet.columns[0].entete} » : {known}"
        return "", "", [Constat("version_inconnue", fichier, found, place, _REMEDY_MODEL, sheet.feuille)]
    try:
        referentiel.territoire(territoire)
    except UnknownName:
        expected = f"un code de territoire ({', '.join(t.code for t in referentiel.territoires)})"
        found = f"« {territoire} »" if len(territoire) <= 40 and territoire else "aucun code"
        return (
            version,
            "",
            [Constat("territoire_different", fichier, found, expected, _REMEDY_MODEL, sheet.feuille)],
        )
    if attendu not in (None, territoire):
        remedy = "Placez chaque dépôt dans le dossier de son territoire."
        constat = Constat(
            "territoire_different",
            fichier,
            f"« {territoire} »",
            f"« {attendu} », le dossier du dépôt",
            remedy,
            sheet.feuille,
        )
        return version, "", [constat]
    return version, territoire, []


def _told(grids: Mapping[str, Grid], sheet: Sheet, champ: str) -> str:
    """The text under the header of a field of the first sheet, wherever the header stands."""
    header = next(column.entete for column in sheet.columns if column.champ == champ)
    grid = grids.get(sheet.feuille, ())
    for row, below in zip(grid[:_DEEPEST_HEADER], grid[1:], strict=False):
        if header in row:
            return text_of(below[list(row).index(header)])
    return ""


def _unknown_sheets(fichier: str, grids: Mapping[str, Grid], layout: Layout) -> list[Constat]:
    known = {LISEZ_MOI, LISTES, *(sheet.feuille for sheet in layout.sheets)}
    remedy = "Elle n'est pas lue. Supprimez-la, surtout si elle contient des noms."
    return [
        Constat(
            "feuille_inconnue",
            fichier,
            f"une feuille de plus, la {rank}e du classeur",
            "les seules feuilles du modèle",
            remedy,
        )
        for rank, name in enumerate(grids, start=1)
        if name not in known
    ]


def _read_sheet(
    fichier: str, sheet: Sheet, grids: Mapping[str, Grid], coffre: Coffre
) -> tuple[RawSheet, list[Constat], frozenset[tuple[int, str]]]:
    """One sheet as text, its findings of form, and the cells that these are about."""
    empty = RawSheet(sheet.table, fichier, sheet.feuille, {}, {})
    if sheet.feuille not in grids:
        constat = Constat(
            "feuille_absente",
            fichier,
            "aucune feuille de ce nom",
            "la feuille du modèle",
            _REMEDY_MODEL,
            sheet.feuille,
        )
        return empty, [constat], frozenset()
    grid, walk = grids[sheet.feuille], coffre.sheets[sheet.feuille]
    constats = []
    if walk.hidden:
        remedy = "Affichez-la et vérifiez-la : elle a été lue."
        constats.append(
            Constat(
                "feuille_masquee",
                fichier,
                "une feuille masquée",
                "une feuille visible",
                remedy,
                sheet.feuille,
            )
        )
    head, found = _header_row(fichier, sheet, grid)
    constats += found
    if head is None:
        return empty, constats, frozenset()
    columns, found = _header_columns(fichier, sheet, grid[head], head + 1)
    constats += found
    rows = _rows(sheet, grid, head, columns)
    raw = RawSheet(
        sheet.table,
        fichier,
        sheet.feuille,
        rows,
        {champ: (xl_col_to_name(index), entete) for champ, (index, entete) in columns.items()},
    )
    constats += _stray_columns(raw, sheet, grid, head, columns)
    if not rows and sheet.table not in OPTIONAL:
        expected, remedy = "au moins une ligne sous l'en-tête", "S'il n'y a rien à déclarer, confirmez-le."
        constats.append(Constat("feuille_vide", fichier, "aucune ligne", expected, remedy, sheet.feuille))
    of_cells, marked = _cell_findings(raw, walk, columns)
    return raw, [*constats, *of_cells], marked


def _header_row(fichier: str, sheet: Sheet, grid: Grid) -> tuple[int | None, list[Constat]]:
    """The index of the row that bears most headers: the declared one, another one told, or none."""
    declared = sheet.ligne_entete - 1
    scores = [sum(text_of(cell) in sheet.by_header for cell in row) for row in grid[:_DEEPEST_HEADER]]
    best = max(range(len(scores)), key=lambda index: (scores[index], index == declared), default=None)
    if best is None or scores[best] * 2 < len(sheet.columns):
        found, expected = "aucune ligne d'en-têtes", f"les en-têtes du modèle à la ligne {sheet.ligne_entete}"
        return None, [Constat("entete_absent", fichier, found, expected, _REMEDY_MODEL, sheet.feuille)]
    if best == declared:
        return best, []
    expected = f"les en-têtes à la ligne {sheet.ligne_entete}"
    remedy = "Les lignes qui suivent les en-têtes ont été lues ; retirez ce qui a été inséré au-dessus."
    found = f"les en-têtes à la ligne {best + 1}"
    return best, [Constat("entete_deplace", fichier, found, expected, remedy, sheet.feuille, best + 1)]


def _header_columns(
    fichier: str, sheet: Sheet, row: Sequence[Any], line: int
) -> tuple[dict[str, tuple[int, str]], list[Constat]]:
    """The column index and header of each field, and what is missing, double or unknown."""
    columns: dict[str, tuple[int, str]] = {}
    constats = []
    for index, cell in enumerate(row):
        header, letters = text_of(cell), xl_col_to_name(index)
        column = sheet.by_header.get(header)
        if column is not None and column.champ in columns:
            first = xl_col_to_name(columns[column.champ][0])
            expected = f"une seule colonne de cet en-tête (il est déjà en {first})"
            constats.append(
                Constat(
                    "entete_double",
                    fichier,
                    f"« {header} »",
                    expected,
                    _REMEDY_MODEL,
                    sheet.feuille,
                    line,
                    letters,
                )
            )
        elif column is not None:
            columns[column.champ] = (index, header)
        elif header:
            constats.append(_unknown_header(fichier, sheet.feuille, header, line, letters))
    for column in sheet.columns:
        if column.champ not in columns:
            found, expected = "aucune colonne de cet en-tête", f"« {column.entete} »"
            constats.append(
                Constat(
                    "entete_absent",
                    fichier,
                    found,
                    expected,
                    _REMEDY_MODEL,
                    sheet.feuille,
                    line,
                    "",
                    column.entete,
                )
            )
    return columns, constats


def _unknown_header(fichier: str, feuille: str, header: str, line: int, letters: str) -> Constat:
    if is_personal_header(header):
        rule, found = "entete_personnel", "une colonne dont l'en-tête annonce une donnée personnelle"
        remedy = "Elle n'a pas été lue. Supprimez-la avant tout nouvel envoi."
    else:
        rule, found = "entete_inconnu", "une colonne que le modèle n'a pas"
        remedy = "Elle n'a pas été lue. Supprimez-la, ou rétablissez l'en-tête du modèle."
    return Constat(rule, fichier, found, "les seules colonnes du modèle", remedy, feuille, line, letters)


def _rows(
    sheet: Sheet, grid: Grid, head: int, columns: Mapping[str, tuple[int, str]]
) -> dict[int, dict[str, str]]:
    """The rows under the headers by line number: blank ones and the untouched example are no rows."""
    example = {champ: sheet.example[champ] for champ in columns}
    rows = {}
    for line, cells in enumerate(grid[head + 1 :], start=head + 2):
        row = {champ: text_of(cells[index]) for champ, (index, _) in columns.items()}
        if any(text.strip() for text in row.values()) and row != example:
            rows[line] = row
    return rows


def _stray_columns(
    raw: RawSheet, sheet: Sheet, grid: Grid, head: int, columns: Mapping[str, tuple[int, str]]
) -> list[Constat]:
    """A finding for each column without a header that holds something under the headers."""
    read = {index for index, _ in columns.values()}
    headed = {index for index, cell in enumerate(grid[head]) if text_of(cell)}
    constats = []
    for index in range(len(grid[head])):
        if index in read | headed:
            continue
        line = next(
            (
                line
                for line, cells in enumerate(grid[head + 1 :], start=head + 2)
                if text_of(cells[index]).strip()
            ),
            None,
        )
        if line is not None:
            remedy = (
                "Ce qui est écrit là n'a pas été lu : supprimez-le, ou mettez-le dans une colonne du modèle."
            )
            found, letters = "une colonne sans en-tête qui n'est pas vide", xl_col_to_name(index)
            constats.append(
                Constat(
                    "hors_colonnes",
                    raw.fichier,
                    found,
                    "rien hors des colonnes du modèle",
                    remedy,
                    sheet.feuille,
                    line,
                    letters,
                )
            )
    return constats


def _cell_findings(
    raw: RawSheet, walk: Walk, columns: Mapping[str, tuple[int, str]]
) -> tuple[list[Constat], frozenset[tuple[int, str]]]:
    """Formulas without value, errors and merged cells among the rows that are read, and their cells."""
    fields = {index + 1: champ for champ, (index, _) in columns.items()}
    constats, marked = [], set()
    for rule, places, told, remedy in (
        (
            "formule_sans_valeur",
            walk.formulas,
            "une formule dont la valeur n'est pas enregistrée",
            _REMEDY_FORMULA,
        ),
        (
            "formule_en_erreur",
            dict.fromkeys((*walk.errors, *_shown_errors(raw, fields))),
            "une formule en erreur",
            "Corrigez-la ou remplacez-la par sa valeur.",
        ),
    ):
        for line, column in places:
            if line in raw.rows and column in fields:
                constats.append(constat_at(raw, rule, line, fields[column], told, "une valeur", remedy))
                marked.add((line, fields[column]))
    for line, left, right in islice(_merged_rows(walk.merged, sorted(raw.rows)), _MOST_MERGED):
        covered = [champ for column, champ in fields.items() if left <= column <= right]
        if covered:
            told, remedy = (
                "une cellule fusionnée avec une autre",
                "Défusionnez, puis remplissez chaque cellule.",
            )
            first = min(covered, key=lambda champ: columns[champ][0])
            constats.append(
                constat_at(raw, "cellules_fusionnees", line, first, told, "une cellule par valeur", remedy)
            )
            marked |= {(line, champ) for champ in covered}
    return constats, frozenset(marked)


def _shown_errors(raw: RawSheet, fields: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """The cells that hold the text of an error, as when it was pasted as a value."""
    numbers = {champ: column for column, champ in fields.items()}
    for line, row in raw.rows.items():
        yield from ((line, numbers[champ]) for champ, text in row.items() if is_error(text))


def _merged_rows(
    ranges: Iterable[tuple[int, int, int, int]], lines: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """The line and the first and last column of each merged range, for every line that is read."""
    for top, left, bottom, right in ranges:
        for line in lines[bisect_left(lines, top) : bisect_right(lines, bottom)]:
            yield line, left, right


def constat_at(
    raw: RawSheet, rule: str, line: int, champ: str, found: str, expected: str, remedy: str = ""
) -> Constat:
    """A finding at a field of a row of a sheet."""
    letters, header = raw.places[champ]
    return Constat(rule, raw.fichier, found, expected, remedy, raw.feuille, line, letters, header)


def text_of(value: Any) -> str:
    """A cell's value as text, the same for the same value: nothing is trimmed, rounded or guessed.

    >>> text_of(35.0), text_of(0.8), text_of(datetime(2018, 9, 3)), text_of(" Oui"), text_of(True)
    ('35', '0.8', '2018-09-03', ' Oui', 'VRAI')
    """
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float):
        whole = math.isfinite(value) and value.is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
