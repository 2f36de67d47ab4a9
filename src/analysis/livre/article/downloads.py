"""The tables of an article as files: CSV and XLSX of what the page shows, and the dictionary of them all."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import xlsxwriter
from pydantic_core import to_json

from analysis.livre.adresse import page_address
from analysis.livre.article.dataset import FOLDER, MISSING, Dataset, Field, Value
from analysis.noyau.files.classeur import workbook

DESCRIPTOR = f"{FOLDER}/datapackage.json"
"""The dictionary of the files, which stands beside them."""

NOTE, WARNING = "Source et limites", "Avertissement"
"""The columns that a CSV has after its data: its note, once; of invented territories, that they are."""

_RUN = frozenset("=+-@")
"""What a text begins with when a spreadsheet would run it, once its signs have their plain form."""


def csv_bytes(data: Dataset, mark: str) -> bytes:
    """UTF-8 with its mark, semicolons, decimal commas: what a French spreadsheet opens by a double click.

    A last column tells the note once, on the first row. The ``mark`` of a demonstration is on every row: one
    that is copied elsewhere still says that it is invented.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(_written, (*data.columns, *_after(data, mark))))
    for rank, row in enumerate(data.rows):
        after = {NOTE: "" if rank else data.note, WARNING: mark}
        writer.writerow(map(_written, (*row, *(after[name] for name in _after(data, mark)))))
    return text.getvalue().encode("utf-8-sig")


def _after(data: Dataset, mark: str) -> list[str]:
    """The columns after the data: those that have something to say."""
    return [name for name, words in ((NOTE, data.note), (WARNING, mark)) if words]


def descriptor(
    data: Iterable[Dataset], publisher: Mapping[str, str], *, title: str, status: str, mark: str
) -> bytes:
    """The dictionary of the CSV files, a Frictionless Data Package: columns, types, units, missing values."""
    return _descriptor(tuple(data), tuple(publisher.items()), title, status, mark)


@lru_cache(maxsize=2)
def _descriptor(
    data: tuple[Dataset, ...], publishing: tuple[tuple[str, str], ...], title: str, status: str, mark: str
) -> bytes:
    """The same, once for the same data: no value of theirs is in it."""
    publisher = dict(publishing)
    package = {
        "profile": "tabular-data-package",
        "name": "donnees",
        "title": title,
        "description": f"{status}. {mark}" if mark else status,
        "licenses": [{"title": publisher["licence"], "path": publisher["licence_url"]}],
        "contributors": [{"title": publisher["nom"], "path": publisher["url"], "role": "publisher"}],
        "missing": {value or "(vide)": meaning for value, meaning in MISSING.items()},
        "resources": [_resource(dataset, publisher, mark) for dataset in data],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _resource(data: Dataset, publisher: Mapping[str, str], mark: str) -> dict[str, Any]:
    path = PurePosixPath(f"{data.file}.csv").relative_to(FOLDER)
    described = [_described(field) for field in data.fields]
    after = [_described(Field(name)) for name in _after(data, mark)]
    sources = [
        {"title": title, **({"path": address} if address else {})} for _, title, address in data.sources
    ]
    return {
        "profile": "tabular-data-resource",
        "name": path.stem.lower().replace("_", "-"),
        "path": str(path),
        "title": f"{data.page_title}. {data.number}. {data.title}",
        "description": data.note,
        "homepage": permanent(data, publisher),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ";", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
        **({"sources": sources} if sources else {}),
        "schema": {"fields": described + after, "missingValues": list(MISSING)},
    }


def _described(field: Field) -> dict[str, Any]:
    """A column as the dictionary tells it: a number has a decimal comma, a series its codes."""
    comma = {"decimalChar": ","} if field.type == "number" else {}
    unit = {"unit": field.unit} if field.unit else {}
    return {"name": _written(field.name), "type": field.type, **comma, **unit, **dict(field.codes)}


def permanent(data: Dataset, publisher: Mapping[str, str]) -> str:
    """The address that never changes: whole once the publication declares where it stands."""
    return page_address(publisher, data.address) or data.address


def xlsx_bytes(data: Dataset, about: Sequence[tuple[str, str]], *, link: str) -> bytes:
    """A workbook of two sheets: the data, and what to know before using them; ``link`` leads to its page."""
    return _of_one(to_json((data, about, link)), data, tuple(about), link)


@lru_cache(maxsize=1024)
def _of_one(_content: bytes, data: Dataset, about: tuple[tuple[str, str], ...], link: str) -> bytes:
    """The same, once for the same content, signs and types of numbers included."""

    def fill(book: xlsxwriter.Workbook) -> None:
        _data_sheet(book, "Données", data)
        _about_sheet(book, [*_about(data, link), *about])

    return workbook(fill)


def workbook_bytes(data: Sequence[Dataset], about: Sequence[tuple[str, str]]) -> bytes:
    """All the tables of a book in one workbook: a contents sheet, then one sheet each."""
    return _workbook(to_json((data, about)), tuple(data), tuple(about))


@lru_cache(maxsize=4)
def _workbook(_content: bytes, data: tuple[Dataset, ...], about: tuple[tuple[str, str], ...]) -> bytes:
    """The same, once for the same content, signs and types of numbers included."""

    def fill(book: xlsxwriter.Workbook) -> None:
        names = [f"{position:03d}" for position in range(1, len(data) + 1)]
        named = list(zip(names, data, strict=True))
        contents = ((f"Feuille {n}", f"{d.page_title}. {d.number}. {d.title}") for n, d in named)
        _about_sheet(book, [*about, *contents])
        for name, dataset in named:
            _data_sheet(book, name, dataset)

    return workbook(fill)


def _data_sheet(book: xlsxwriter.Workbook, name: str, data: Dataset) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    number = book.add_format({"num_format": "#,##0.######"})
    for column, title in enumerate(data.columns):
        sheet.write_string(0, column, title, head)
        longest = max((len(str(row[column])) for row in data.rows), default=0)
        sheet.set_column(column, column, min(max(longest, 10), 48))
    for line, row in enumerate(data.rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, float):
                sheet.write_number(line, column, value, number)
            elif value:
                sheet.write_string(line, column, value)
    sheet.write_string(len(data.rows) + 2, 0, data.note)
    sheet.freeze_panes(1, 1)


def _about_sheet(book: xlsxwriter.Workbook, lines: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("À lire")
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    for line, (name, words) in enumerate(lines):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, words, wrapped)


def _about(data: Dataset, link: str) -> Iterator[tuple[str, str]]:
    yield "Titre", f"{data.number}. {data.title}"
    yield "Page", data.page_title
    yield "Lien permanent", link
    yield NOTE, data.note
    for _, title, address in data.sources:
        yield "Source", f"{title}. {address}" if address else title
    yield "Lecture", "Une colonne nomme son unité ; une case sans nombre n'est jamais un zéro."
    for value, meaning in MISSING.items():
        yield f"« {value} »" if value else "Case vide", meaning


def _written(value: Value) -> str:
    """A value in a CSV cell; a text that a spreadsheet would run as a formula is quoted as text."""
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    return f"'{value}" if _runs(value) else value


def _runs(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula, or cut it into another cell.

    Blanks, tabulations and ends of lines before the sign are dropped by some, and a wide sign is read as
    the plain one.

    >>> [_runs(text) for text in ("=1+1", " =1+1", "\\n@A1", "＝1+1", "\\ufeff-2", "a=b", "", "−2")]
    [True, True, True, True, True, False, False, False]
    """
    if text[:1] in ("\t", "\r", "\n"):
        return True
    bare = "".join(sign for sign in text if sign.isprintable() or sign.isspace()).lstrip()
    return unicodedata.normalize("NFKC", bare[:1])[:1] in _RUN if bare else False
