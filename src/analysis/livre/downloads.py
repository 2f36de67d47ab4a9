"""The tables of an article as files: CSV and XLSX of what the page shows, with units and source."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

import xlsxwriter
from bs4 import BeautifulSoup, Tag

from analysis.livre.articles import Article
from analysis.noyau.etat import NO_DAY

FOLDER = "donnees"
"""The folder of the site that holds the files."""

Value = str | float | None

_RUN = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with when a spreadsheet would run it."""


@dataclass(frozen=True)
class Dataset:
    """What one figure or table of a page shows: ``columns`` name their unit, ``note`` tells the sources.

    Nothing is in it that the page does not show: a withheld number is the word « secret ».
    """

    page: str
    page_title: str
    anchor: str
    number: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.page}#{self.anchor}: a row has not as many cells as there are columns")

    @property
    def file(self) -> str:
        """The name of its files without their ending."""
        return f"{FOLDER}/{self.page}--{self.anchor}"


@dataclass(frozen=True)
class _Cell:
    """A cell: its text, and where it holds one number, the number, its unit and the words around it."""

    text: str
    value: float | None = None
    unit: str = ""
    around: str = ""


@lru_cache(maxsize=1024)
def datasets(page: str, article: Article) -> tuple[Dataset, ...]:
    """The data of every numbered figure and table of an article, in the order of the page."""
    found = []
    for caption in BeautifulSoup(article.html, "lxml").select("figcaption, caption"):
        number, place = caption.select_one(".numero"), caption.find_parent(id=True)
        table = caption.find_parent("table") or (place.table if place is not None else None)
        if number is None or place is None or table is None:
            continue
        words = number.extract().get_text().strip(" .")
        columns, rows = _contents(table)
        found.append(
            Dataset(
                page=page,
                page_title=article.title,
                anchor=str(place["id"]),
                number=words,
                title=_text(caption),
                columns=columns,
                rows=rows,
                note=_note(place),
            )
        )
    return tuple(found)


def cards(page: str, article: Article) -> tuple[Dataset, ...]:
    """The entries of an article that is a list of definitions or of sources, as one table; none elsewhere."""
    soup = BeautifulSoup(article.html, "lxml")
    rows = [
        (str(term.get("id") or ""), _text(term), _text(definition))
        for term in soup.select("dl.fiches > dt")
        if isinstance(definition := term.find_next_sibling("dd"), Tag)
    ]
    columns = ("Code", "Intitulé", "Fiche")
    return (
        (Dataset(page, article.title, "fiches", "Fiches", article.title, columns, tuple(rows), ""),)
        if rows
        else ()
    )


def csv_bytes(data: Dataset, mark: str) -> bytes:
    """UTF-8 with its mark, semicolons, decimal commas: what a French spreadsheet opens by a double click.

    The last column repeats the note, after the ``mark`` of a demonstration: a row that is copied elsewhere
    keeps its source.
    """
    note = f"{mark}. {data.note}" if mark else data.note
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in ((*data.columns, "Source et limites"), *((*row, note) for row in data.rows)):
        writer.writerow(map(_written, row))
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(data: Dataset, about: Sequence[tuple[str, str]]) -> bytes:
    """A workbook of two sheets: the data, and what to know before using them."""

    def fill(book: xlsxwriter.Workbook) -> None:
        _data_sheet(book, "Données", data)
        _about_sheet(book, [*_about(data), *about])

    return workbook(fill)


def workbook_bytes(data: Sequence[Dataset], about: Sequence[tuple[str, str]]) -> bytes:
    """All the tables of a book in one workbook: a contents sheet, then one sheet each."""

    def fill(book: xlsxwriter.Workbook) -> None:
        names = [f"{position:03d}" for position in range(1, len(data) + 1)]
        named = list(zip(names, data, strict=True))
        contents = ((f"Feuille {n}", f"{d.page_title}. {d.number}. {d.title}") for n, d in named)
        _about_sheet(book, [*about, *contents])
        for name, dataset in named:
            _data_sheet(book, name, dataset)

    return workbook(fill)


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """The bytes of a workbook that ``fill`` writes: its clock is fixed, no text becomes a formula or a
    link."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:  # its clock is fixed: the same bytes twice
        book.set_properties({"created": datetime.combine(NO_DAY, time())})
        fill(book)
    return buffer.getvalue()


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


def _about(data: Dataset) -> Iterator[tuple[str, str]]:
    yield "Titre", f"{data.number}. {data.title}"
    yield "Page", data.page_title
    yield "Lien permanent", f"{data.page}.html#{data.anchor}"
    yield "Source et limites", data.note
    yield "Lecture", "Une colonne nomme son unité. « secret » : un nombre retenu ; jamais un zéro."


def _contents(table: Tag) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]:
    """Heads and rows; a column of numbers is followed by their units and the words around them."""
    head, *body = table.find_all("tr")
    titles = [_text(cell) for cell in head.find_all(["th", "td"])]
    cells = [[_cell(cell) for cell in row.find_all(["th", "td"])] for row in body]
    columns: list[str] = []
    parts: list[list[Value]] = []
    for title, column in zip(titles, zip(*cells, strict=True) if cells else [()] * len(titles), strict=True):
        units = sorted({cell.unit for cell in column if cell.value is not None})
        shared = units[0] if len(units) == 1 else ""
        named = shared and shared not in title
        columns.append(f"{title} ({shared})" if named else title)
        parts.append([cell.text if cell.value is None else cell.value for cell in column])
        if len(units) > 1:
            columns.append(f"{title} : unité")
            parts.append([cell.unit for cell in column])
        if any(cell.around for cell in column):
            columns.append(f"{title} : précision")
            parts.append([cell.around for cell in column])
    return tuple(columns), tuple(zip(*parts, strict=True)) if cells else ()


def _cell(cell: Tag) -> _Cell:
    numbers = cell.find_all("data")
    text = _text(cell)
    if len(numbers) != 1:
        return _Cell(text)
    number = numbers[0]
    around = " ".join(text.replace(_text(number), "", 1).split())
    return _Cell(text, float(str(number["value"])), str(number["data-unite"]), around)


def _note(place: Tag) -> str:
    """The words under a figure or a table."""
    note = place.find("p", class_="note") if place.name == "figure" else place.find_next_sibling()
    return _text(note) if isinstance(note, Tag) and "note" in note.get_attribute_list("class") else ""


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ", strip=True).replace(" ,", ",").replace(" .", ".").split(" "))


def _written(value: Value) -> str:
    """A value in a CSV cell; a text that a spreadsheet would run as a formula is quoted as text."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    return f"'{value}" if value[:1] in _RUN else value
