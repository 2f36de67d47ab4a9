"""What a book published, as tables: its cells, its anchors, its texts; kept in git for the next edition."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import TypeVar

from bs4 import BeautifulSoup, Tag

from analysis.livre.article.articles import Article
from analysis.livre.article.dataset import Dataset, datasets
from analysis.livre.imprime.deux_pages import key_figures
from analysis.livre.pages import Site
from analysis.noyau.declared.csv_files import read_csv
from analysis.noyau.errors import InvalidData
from analysis.presentation.numbers import decimal
from analysis.sources.fiches import Erratum

_ERRATA = "errata"

KEY = "en-bref"
"""The anchor of the key figures that open a chapter."""


@dataclass(frozen=True)
class Cellule:
    """One cell of a published figure or table, as it reads; or one key figure of a chapter."""

    page: str
    ancre: str
    ligne: str
    colonne: str
    texte: str


@dataclass(frozen=True)
class Ancre:
    """One place of the book that can be cited: a page, a section, a figure, a table."""

    page: str
    ancre: str
    sorte: str
    titre: str


@dataclass(frozen=True)
class Passage:
    """The prose of one section of a page."""

    page: str
    ancre: str
    texte: str


@dataclass(frozen=True)
class Correction:
    """One erratum as an edition printed it: its day, the page that it corrects, its words."""

    date: str
    page: str
    texte: str


@dataclass(frozen=True)
class Releve:
    """All that an edition published, and its label; editions of before errata were kept have none."""

    edition: str
    cellules: tuple[Cellule, ...]
    ancres: tuple[Ancre, ...]
    passages: tuple[Passage, ...]
    corrections: tuple[Correction, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        """The title of each page."""
        return {ancre.page: ancre.titre for ancre in self.ancres if ancre.sorte == "page"}


def releve(site: Site, errata: Iterable[Erratum]) -> Releve:
    """What the chapters of a book show, and its errata; git keeps the register and the methods."""
    cells: list[Cellule] = []
    anchors: list[Ancre] = []
    passages: list[Passage] = []
    for entry, article in site.articles:
        if entry.is_chapter or entry.part == "avant-propos":
            data = datasets(entry.name, article)
            cells += _key_cells(entry.name, article)
            cells += [cell for dataset in data for cell in _cells(dataset)]
            anchors += _anchors(entry.name, article, data)
            passages += _passages(entry.name, article)
    corrections = tuple(Correction(str(e.date), e.page, e.correction) for e in errata)
    return Releve(site.edition or "copie", tuple(cells), tuple(anchors), tuple(passages), corrections)


def write_releve(found: Releve, folder: Path) -> None:
    """Write the tables of an edition."""
    tables: tuple[tuple[str, Sequence[Cellule | Ancre | Passage | Correction], type], ...] = (
        ("cellules", found.cellules, Cellule),
        ("ancres", found.ancres, Ancre),
        ("passages", found.passages, Passage),
        (_ERRATA, found.corrections, Correction),
    )
    for name, rows, record in tables:
        (folder / f"{name}.csv").write_text(_csv(rows, record), encoding="utf-8", newline="\n")


def read_releve(folder: Path) -> Releve:
    """The record of an edition; raises InvalidData with what is wrong in its tables."""
    errata = folder / f"{_ERRATA}.csv"
    return Releve(
        folder.name,
        tuple(_read(folder / "cellules.csv", Cellule)),
        tuple(_read(folder / "ancres.csv", Ancre)),
        tuple(_read(folder / "passages.csv", Passage)),
        tuple(_read(errata, Correction)) if errata.is_file() else (),
    )


_Row = TypeVar("_Row", Cellule, Ancre, Passage, Correction)


def _csv(rows: Sequence[Cellule | Ancre | Passage | Correction], record: type) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields(record)])
    writer.writerows(map(astuple, rows))
    return text.getvalue()


def _read(path: Path, record: type[_Row]) -> Iterable[_Row]:
    columns = tuple(field.name for field in fields(record))
    raw, findings = read_csv(path, shown=f"{path.parent.name}/{path.name}", columns=columns)
    if findings:
        raise InvalidData(findings)
    return [record(**row) for row in raw.rows.values()]


def _key_cells(page: str, article: Article) -> list[Cellule]:
    return [
        Cellule(page, KEY, figure.label, "chiffre clé", f"{figure.value} ({figure.when} ; {figure.source})")
        for figure in key_figures(article)
    ]


def _cells(data: Dataset) -> list[Cellule]:
    """One record a cell; rows of one name are told apart by their rank."""
    seen: dict[str, int] = {}
    cells = []
    columns, rows = data.as_shown
    for name, *values in rows:
        seen[str(name)] = seen.get(str(name), 0) + 1
        line = f"{name} ({seen[str(name)]})" if seen[str(name)] > 1 else str(name)
        for column, value in zip(columns[1:], values, strict=True):
            text = _read_number(value) if isinstance(value, float) else value or ""
            cells.append(Cellule(data.page, data.anchor, line, column, text))
    return cells


def _read_number(value: float) -> str:
    """A number as a page reads, with the decimals that it has.

    >>> _read_number(89.7), _read_number(1042132.0) == decimal(1042132, 0)
    ('89,7', True)
    """
    return decimal(value, len(f"{value:.15g}".partition(".")[2]))


def _anchors(page: str, article: Article, data: Iterable[Dataset]) -> list[Ancre]:
    sections = [
        Ancre(page, str(tag["id"]), "section", tag.get_text())
        for tag in BeautifulSoup(article.html, "lxml").find_all(["h2", "h3"], id=True)
    ]
    numbered = [
        Ancre(page, d.anchor, "figure" if d.number.startswith("Figure") else "tableau", d.title) for d in data
    ]
    return [Ancre(page, "titre", "page", article.title), *sections, *numbered]


def _passages(page: str, article: Article) -> list[Passage]:
    """The paragraphs and lists of each section, without its figures and tables."""
    soup = BeautifulSoup(article.html, "lxml")
    for tag in soup.select("figure, table, .en-bref, section.parole, section.verbatims"):
        tag.decompose()
    texts: dict[str, list[str]] = {"titre": []}
    current = "titre"
    for tag in soup.find_all(["h2", "h3", "p", "li"]):
        if tag.name in ("h2", "h3"):
            current = str(tag.get("id") or current)
            texts.setdefault(current, [])
        elif not tag.find_parent("li"):
            texts[current].append(_words(tag))
    return [Passage(page, anchor, " ".join(words)) for anchor, words in texts.items() if words]


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())
