"""Where each field stands in the workbook, version by version: data of ``data/dictionary``, not code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from analysis.depot.formes.texte_plat import plain
from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

LISEZ_MOI, LISTES = "Lisez-moi", "Listes"
"""The sheets of a workbook that hold no data: what explains, and what the dropdowns choose from."""

OPTIONAL = (
    *("questions_locales", "indicateurs_locaux", "mesures_locales"),
    *("calendriers", "decisions", "benevolat"),
)
"""The tables of which a territory may have no row: nothing is asked about an empty sheet."""


TELLING_BLANKS = (("contrats", "date_fin"),)
"""The optional columns where a blank says something, that a contract goes on: their absence is asked about."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the field that it fills, its header, the value of the example line."""

    champ: str
    entete: str
    exemple: str


@dataclass(frozen=True)
class Sheet:
    """A sheet of one version: its table, the row of its headers, the fields that name a row."""

    table: str
    feuille: str
    ligne_entete: int
    cle: tuple[str, ...]
    explication: str
    columns: tuple[Column, ...]

    @cached_property
    def by_header(self) -> dict[str, Column]:
        """The columns by the letters and digits of their header: blanks, case and accents do not count."""
        return {plain(column.entete): column for column in self.columns}

    @cached_property
    def example(self) -> dict[str, str]:
        return {column.champ: column.exemple for column in self.columns}


@dataclass(frozen=True)
class Layout:
    """All the sheets of one version of the workbook."""

    version: str
    sheets: tuple[Sheet, ...]

    def sheet(self, table: str) -> Sheet:
        return next(sheet for sheet in self.sheets if sheet.table == table)


@dataclass(frozen=True)
class Operation:
    """One step of a migration, on one field of one table."""

    de: str
    vers: str
    table: str
    operation: str
    champ: str
    ancien: str
    nouveau: str


@dataclass(frozen=True)
class RawSheet:
    """The cells of a sheet as text: rows by line number, and where each field was read.

    ``places`` gives for each field the column's letters (none for a column that is read as empty) and its
    header. ``textes`` are the cells, by line and field, that the workbook holds as text: « 1.234 » typed as text
    may be a thousand, a number is what it is.
    """

    table: str
    fichier: str
    feuille: str
    rows: Mapping[int, dict[str, str]]
    places: Mapping[str, tuple[str, str]]
    textes: frozenset[tuple[int, str]] = frozenset()


def load_layouts(project: Project, modele: str = "depot") -> dict[str, Layout]:
    """The versions of a workbook, oldest first; the last is the one that is handed out.

    ``modele`` names its files: ``depot_feuilles.csv`` and ``depot_colonnes.csv`` are those of a territory's deposit.
    """
    feuilles, colonnes = (project.dictionary / f"{modele}_{part}.csv" for part in ("feuilles", "colonnes"))
    sheets = load_written(project, "depot_feuilles", key=("version", "table"), path=feuilles)
    columns = load_written(project, "depot_colonnes", key=("version", "table", "champ"), path=colonnes)
    return {
        version: Layout(version, tuple(_sheet(row, columns) for row in sheets if row["version"] == version))
        for version in dict.fromkeys(row["version"] for row in sheets)
    }


def current(layouts: Mapping[str, Layout]) -> Layout:
    """The version that is handed out today."""
    return list(layouts.values())[-1]


def load_migrations(project: Project) -> tuple[Operation, ...]:
    """The steps from each version to the next, in the order of the file."""
    key = ("de", "table", "operation", "champ", "ancien")
    rows = load_written(project, "depot_migrations", key=key, may_be_empty=True)
    return tuple(Operation(**row) for row in rows)


def migrate(
    sheets: Sequence[RawSheet], de: str, layouts: Mapping[str, Layout], operations: Iterable[Operation]
) -> list[RawSheet]:
    """The sheets of an older version as the current one names them; every value keeps its address.

    A sheet that the current version has no more is left out. Raises BilanError when the result has not the
    fields of the current version: a migration is missing.
    """
    versions, steps = list(layouts), list(operations)
    for before, after in zip(
        versions[versions.index(de) :], versions[versions.index(de) + 1 :], strict=False
    ):
        for step in steps:
            if (step.de, step.vers) == (before, after):
                sheets = [_applied(step, sheet) if sheet.table == step.table else sheet for sheet in sheets]
    kept = {sheet.table for sheet in current(layouts).sheets}
    sheets = [*(sheet for sheet in sheets if sheet.table in kept), *_new_sheets(sheets, current(layouts))]
    for sheet in sheets:
        expected = {column.champ for column in current(layouts).sheet(sheet.table).columns}
        if set(sheet.places) != expected:
            fields = ", ".join(sorted(set(sheet.places) ^ expected))
            raise BilanError(
                f"data/dictionary/depot_migrations.csv : de la version {de}, la table « {sheet.table} » ne "
                f"retrouve pas les champs de la version {versions[-1]} ({fields}). Complétez la migration."
            )
    return list(sheets)


def _new_sheets(sheets: Sequence[RawSheet], layout: Layout) -> Iterator[RawSheet]:
    """The sheets that the older version had not: without a row."""
    had = {sheet.table for sheet in sheets}
    for sheet in layout.sheets:
        if sheet.table not in had:
            places = {column.champ: ("", column.entete) for column in sheet.columns}
            yield RawSheet(sheet.table, sheets[0].fichier, sheet.feuille, {}, places)


def _applied(step: Operation, sheet: RawSheet) -> RawSheet:
    rows, places, textes = dict(sheet.rows), dict(sheet.places), sheet.textes
    if step.operation != "ajouter" and step.champ not in places:
        raise BilanError(
            f"data/dictionary/depot_migrations.csv : « {step.operation} » nomme le champ « {step.champ} », que la "
            f"table « {step.table} » n'a pas à cette étape de {step.de} vers {step.vers}. Corrigez la migration."
        )
    if step.operation == "renommer":
        places = {step.nouveau if champ == step.champ else champ: place for champ, place in places.items()}
        rows = {
            line: {step.nouveau if champ == step.champ else champ: text for champ, text in row.items()}
            for line, row in rows.items()
        }
        textes = frozenset((line, step.nouveau if champ == step.champ else champ) for line, champ in textes)
    elif step.operation == "ajouter":
        places[step.champ] = ("", step.champ)
        rows = {line: {**row, step.champ: step.nouveau} for line, row in rows.items()}
    elif step.operation == "retirer":
        places.pop(step.champ, None)
        rows = {
            line: {champ: text for champ, text in row.items() if champ != step.champ}
            for line, row in rows.items()
        }
    else:
        rows = {
            line: {**row, step.champ: step.nouveau} if row[step.champ] == step.ancien else row
            for line, row in rows.items()
        }
    return replace(sheet, rows=rows, places=places, textes=textes)


def _sheet(row: Mapping[str, str], columns: Iterable[Mapping[str, str]]) -> Sheet:
    return Sheet(
        table=row["table"],
        feuille=row["feuille"],
        ligne_entete=int(row["ligne_entete"]),
        cle=tuple(row["cle"].split()),
        explication=row["explication"],
        columns=tuple(
            Column(column["champ"], column["entete"], column["exemple"])
            for column in columns
            if (column["version"], column["table"]) == (row["version"], row["table"])
        ),
    )


def text_of(value: Any) -> str:
    """A cell's value as text, the same for the same value: nothing is trimmed, rounded or guessed.

    >>> text_of(35.0), text_of(0.8), text_of(datetime(2018, 9, 3)), text_of(" Oui"), text_of(True)
    ('35', '0.8', '2018-09-03', ' Oui', 'VRAI')
    >>> text_of(timedelta(hours=35))
    '35:00:00'
    """
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float):
        whole = math.isfinite(value) and value.is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return value.isoformat() if isinstance(value, date) else str(value)
