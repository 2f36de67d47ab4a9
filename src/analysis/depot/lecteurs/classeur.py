"""Read the workbook of a deposit: text with its address, nothing repaired, every fault of form found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from analysis.depot.formes import feuilles
from analysis.depot.formes.coffre import Refused, Walk, is_error, open_safely
from analysis.depot.formes.constats import Constat, file_name, is_file
from analysis.depot.formes.feuilles import (
    REMEDY_MODEL,
    Colonnes,
    Grid,
    find_sheets,
    header_columns,
    header_row,
    is_quotable,
)
from analysis.depot.formes.hors_cellules import hors_cellules
from analysis.depot.formes.layout import OPTIONAL, Layout, RawSheet, Sheet, migrate, text_of
from analysis.depot.formes.texte_plat import plain
from analysis.depot.lecteurs.grilles import read_grids
from analysis.depot.referentiel import Referentiel
from analysis.noyau.errors import UnknownName
from analysis.noyau.french import in_quotes

WORKBOOKS = (".xlsx", ".ods")
"""The forms of a workbook that are read."""

OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm")
"""Those that are not, and are told to be saved in one that is."""

_REMEDY_FORMULA = (
    "Ouvrez le classeur dans Excel ou LibreOffice, laissez-le calculer, enregistrez ; ou collez la valeur."
)
_MOST_MERGED = 10_000
"""Merged rows that are told at most: a workbook of people has none."""

LIGNE_DE_TOTAL = "ligne de total, non lue"


@dataclass(frozen=True)
class Classeur:
    """What a workbook says: for which territory, at which version, and its sheets as text.

    ``suspects`` are the cells that already have a finding of form, by table: line and field. ``formes`` counts
    what was written otherwise than in the model and read all the same. ``ailleurs`` are the findings of what
    stands outside the cells: they hinder no reading.
    """

    fichier: str
    territoire: str
    version: str
    sheets: tuple[RawSheet, ...]
    suspects: Mapping[str, frozenset[tuple[int, str]]]
    constats: tuple[Constat, ...]
    formes: Counter[str] = field(default_factory=Counter)
    ailleurs: tuple[Constat, ...] = ()


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
    ailleurs = tuple(hors_cellules(path, coffre, referentiel.layouts.get(version, referentiel.layout)))
    if not (version and territoire):
        return Classeur(fichier, territoire, version, (), {}, tuple(constats), ailleurs=ailleurs)
    layout = referentiel.layouts[version]
    trouvees = find_sheets(fichier, grids, layout)
    constats += trouvees.constats
    formes = Counter(trouvees.formes)
    sheets: list[RawSheet] = []
    suspects: dict[str, frozenset[tuple[int, str]]] = {}
    for sheet in layout.sheets:
        optional = {field.champ for field in referentiel.fields.get(sheet.table, ()) if not field.obligatoire}
        name = trouvees.noms.get(sheet.table)
        if name is None:
            sheets.append(_absent_sheet(fichier, sheet))
            continue
        shown = replace(sheet, feuille=name) if is_quotable(name, layout) else sheet
        lue = _read_sheet(fichier, shown, optional, grids[name], coffre.sheets[name])
        sheets.append(lue.raw)
        suspects[sheet.table] = lue.suspects
        constats += lue.constats
        formes += lue.formes
    if version != referentiel.layout.version:
        current = f"« {referentiel.layout.version} »"
        constats.append(
            Constat("version_ancienne", fichier, f"« {version} »", f"{current}, le modèle actuel")
        )
        if not any(referentiel.regles[constat.regle].portee == "depot" for constat in constats):
            older = {sheet.table: sheet for sheet in sheets}
            sheets = migrate(sheets, version, referentiel.layouts, referentiel.migrations)
            for raw in sheets:
                if raw.table in suspects:
                    suspects[raw.table] = _renamed(suspects[raw.table], older[raw.table], raw)
    return Classeur(fichier, territoire, version, tuple(sheets), suspects, tuple(constats), formes, ailleurs)


def _renamed(
    marked: frozenset[tuple[int, str]], before: RawSheet, after: RawSheet
) -> frozenset[tuple[int, str]]:
    """The same cells by the names that their fields have after the migration."""
    champs = {letters: champ for champ, (letters, _) in after.places.items()}
    return frozenset((line, champs.get(before.places[champ][0], champ)) for line, champ in marked)


def is_model(path: Path, referentiel: Referentiel) -> bool:
    """Whether a workbook is one of a version of the model; one that cannot be opened is not."""
    try:
        grids = read_grids(open_safely(path))
    except Refused:
        return False
    return any(feuilles.is_model(grids, layout) for layout in referentiel.layouts.values())


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
    newest_first = list(reversed(list(referentiel.layouts.values())))
    told = (layout for layout in newest_first if _told(grids, layout, "version") in referentiel.layouts)
    layout = next(told, newest_first[0])
    sheet = layout.sheet("depot")
    version, territoire = (_told(grids, layout, champ) for champ in ("version", "territoire"))
    if version not in referentiel.layouts:
        known = in_quotes(referentiel.layouts)
        found = "une autre version" if version else "aucune version"
        if sheet.table not in find_sheets(fichier, grids, layout).noms:
            found = "aucune feuille de ce nom"
        place = f"dans la feuille « {sheet.feuille} », sous « {sheet.columns[0].entete} » : {known}"
        return "", "", [Constat("version_inconnue", fichier, found, place, REMEDY_MODEL, sheet.feuille)]
    try:
        referentiel.territoire(territoire)
    except UnknownName:
        expected = f"un code de territoire ({', '.join(t.code for t in referentiel.territoires)})"
        found = f"« {territoire} »" if len(territoire) <= 40 and territoire else "aucun code"
        return (
            version,
            "",
            [Constat("territoire_different", fichier, found, expected, REMEDY_MODEL, sheet.feuille)],
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


def _told(grids: Mapping[str, Grid], layout: Layout, champ: str) -> str:
    """The text under the header of a field of the first sheet, wherever the sheet and the header stand."""
    sheet = layout.sheet("depot")
    grid = grids.get(find_sheets("", grids, layout).noms.get(sheet.table, ""), ())
    head, _ = header_row("", sheet, grid)
    if head is None or head + 1 >= len(grid):
        return ""
    index = header_columns("", sheet, grid[head], head + 1, ()).read.get(champ)
    return "" if index is None else text_of(grid[head + 1][index]).strip()


@dataclass(frozen=True)
class _Lue:
    """One sheet as text, its findings of form, the cells that these are about, what was written otherwise."""

    raw: RawSheet
    constats: tuple[Constat, ...]
    suspects: frozenset[tuple[int, str]] = frozenset()
    formes: Counter[str] = field(default_factory=Counter)


def _absent_sheet(fichier: str, sheet: Sheet) -> RawSheet:
    """A sheet that the workbook has not: without a row, and without a column where it must be there."""
    places = {column.champ: ("", column.entete) for column in sheet.columns}
    return RawSheet(sheet.table, fichier, sheet.feuille, {}, places if sheet.table in OPTIONAL else {})


def _read_sheet(fichier: str, sheet: Sheet, optional: AbstractSet[str], grid: Grid, walk: Walk) -> _Lue:
    """One sheet as text; ``optional`` are the fields whose column may be absent."""
    constats = []
    if walk.hidden:
        remedy = "Affichez-la et vérifiez-la : elle a été lue."
        told = ("une feuille masquée", "une feuille visible", remedy, sheet.feuille)
        constats.append(Constat("feuille_masquee", fichier, *told))
    head, found = header_row(fichier, sheet, grid)
    constats += found
    if head is None:
        return _Lue(RawSheet(sheet.table, fichier, sheet.feuille, {}, {}), tuple(constats))
    columns = header_columns(fichier, sheet, grid[head], head + 1, optional)
    constats += columns.constats
    rows, textes, totals = _rows(sheet, grid, head, columns)
    places = {
        champ: ("" if index is None else xl_col_to_name(index), entete)
        for champ, (index, entete) in columns.places.items()
    }
    raw = RawSheet(sheet.table, fichier, sheet.feuille, rows, places, textes)
    constats += _stray_columns(raw, sheet, grid, head, columns.read)
    if not rows and sheet.table not in OPTIONAL:
        expected, remedy = "au moins une ligne sous l'en-tête", "S'il n'y a rien à déclarer, confirmez-le."
        constats.append(Constat("feuille_vide", fichier, "aucune ligne", expected, remedy, sheet.feuille))
    of_cells, marked = _cell_findings(raw, walk, columns.read)
    formes = columns.formes + Counter({LIGNE_DE_TOTAL: totals})
    return _Lue(raw, (*constats, *of_cells), marked, formes)


def _rows(
    sheet: Sheet, grid: Grid, head: int, columns: Colonnes
) -> tuple[dict[int, dict[str, str]], frozenset[tuple[int, str]], int]:
    """The rows under the headers by line number, their cells that are text, and how many lines of total were passed.

    Blank lines and the untouched example are no rows, nor is a line that begins with « Total ».
    """
    example = {champ: sheet.example[champ] for champ in columns.read}
    unread = dict.fromkeys((champ for champ, (index, _) in columns.places.items() if index is None), "")
    rows, textes, totals = {}, set(), 0
    for line, cells in enumerate(grid[head + 1 :], start=head + 2):
        row = {champ: text_of(cells[index]) for champ, index in columns.read.items()}
        if not any(text.strip() for text in row.values()) or row == example:
            continue
        if _is_total(cells):
            totals += 1
            continue
        rows[line] = row | unread
        textes |= {(line, champ) for champ, index in columns.read.items() if isinstance(cells[index], str)}
    return rows, frozenset(textes), totals


def _is_total(cells: Sequence[Any]) -> bool:
    """Whether the first cell of a line that holds something says that the line adds up those above."""
    first = next((text for cell in cells if (text := text_of(cell).strip())), "")
    return plain(first) in ("total", "totaux", "soustotal", "totalgeneral", "somme")


def _stray_columns(
    raw: RawSheet, sheet: Sheet, grid: Grid, head: int, columns: Mapping[str, int]
) -> list[Constat]:
    """A finding for each column without a header that holds something under the headers."""
    read = set(columns.values())
    headed = {index for index, cell in enumerate(grid[head]) if text_of(cell).strip()}
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
    raw: RawSheet, walk: Walk, columns: Mapping[str, int]
) -> tuple[list[Constat], frozenset[tuple[int, str]]]:
    """Formulas without value, errors and merged cells among the rows that are read, and their cells."""
    fields = {index + 1: champ for champ, index in columns.items()}
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
            first = min(covered, key=lambda champ: columns[champ])
            constats.append(
                constat_at(raw, "cellules_fusionnees", line, first, told, "une cellule par valeur", remedy)
            )
            marked |= {(line, champ) for champ in covered}
    return constats, frozenset(marked)


def _shown_errors(raw: RawSheet, fields: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """The cells that hold the text of an error, as when it was pasted as a value."""
    numbers = {champ: column for column, champ in fields.items()}
    for line, row in raw.rows.items():
        yield from (
            (line, numbers[champ]) for champ, text in row.items() if champ in numbers and is_error(text)
        )


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
