"""Load one table that people write, validated by its declared columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from analysis.noyau.declared.csv_files import RawTable, read_csv
from analysis.noyau.declared.dictionary import load_fields
from analysis.noyau.declared.validation import duplicate_findings, validate
from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project


def read_written(
    project: Project,
    table: str,
    *,
    key: tuple[str, ...],
    known: Mapping[str, Collection[str]] | None = None,
    may_be_empty: bool = False,
    path: Path | None = None,
) -> RawTable:
    """A written table as text, each row by its line in the file.

    The file is ``data/dictionary/<table>.csv`` unless ``path`` says otherwise. ``key`` names the columns
    whose values together name a row; ``known`` gives the values that a reference « table.champ » may
    take. Of a deposit nothing is noted outside of its folder. Raises InvalidData with every finding.
    """
    path = path or project.dictionary / f"{table}.csv"
    fields = load_fields(project)[table]
    columns = tuple(field.champ for field in fields)
    raw, findings = read_csv(path, shown=project.shown(path), columns=columns)
    if not findings and (raw.rows or not may_be_empty):
        stations = None if path.is_relative_to(project.depots) else project.stations
        found = validate(raw, fields, known or {}, stations=stations)
        findings = [*found, *duplicate_findings(raw, key)]
    if findings:
        raise InvalidData(findings)
    return raw


def load_written(
    project: Project,
    table: str,
    *,
    key: tuple[str, ...],
    known: Mapping[str, Collection[str]] | None = None,
    may_be_empty: bool = False,
    path: Path | None = None,
) -> list[dict[str, str]]:
    """The rows of a written table in the file's order: see :func:`read_written`."""
    raw = read_written(project, table, key=key, known=known, may_be_empty=may_be_empty, path=path)
    return list(raw.rows.values())
