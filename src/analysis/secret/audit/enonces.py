"""Every file of an edition read as statements: a number, and the words that it stands among."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pikepdf
import pypdfium2
from bs4 import BeautifulSoup, Tag
from lxml import etree
from python_calamine import CalamineWorkbook

NOMBRE: Final = re.compile(
    r"(?<![\w.,])[-−]?\d{1,3}(?:[\u202f\u00a0 ]\d{3})+(?:[.,]\d+)?|[-−]?\d+(?:[.,]\d+)?"
)
"""A number as a page or a program writes it."""

AVANT, APRES = 120, 40
"""How far before and after a number its words may stand, in characters."""

EN_SUITE: Final = (60, 0)
"""The same in a text that runs through tables, where the words of a column stand far from its numbers."""

EN_FACE: Final = 14.0
"""How far the label of a number that is drawn may begin from its line or its column, in points."""

_PLACE: Final = re.compile(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)")
_CLAUSE: Final = re.compile(r"\s*(?:;|\n|(?<=[^\d])\.\s|\.\s(?=[A-ZÉÀ]))\s*")
_TOLD: Final = ("aria-label", "alt", "title", "content", "aria-description")
_SPOKEN: Final = ["p", "li", "figcaption", "summary", "title", "desc", "text", "h1", "h2", "h3", "dd", "dt"]


@dataclass(frozen=True)
class Enonce:
    """A number that a file tells: where, among which words, and where it stands in them.

    ``mots`` are plain words (:func:`simple`), most general first: the page, the table, the row, the column,
    or the clause; ``nombres`` as they are written, without blanks, with a point. ``is_serre``: in a text that
    runs through tables, where only the words just before a number are its own.
    """

    fichier: str
    place: str
    mots: tuple[str, ...]
    nombres: tuple[str, ...]
    is_serre: bool = False

    @cached_property
    def tout(self) -> str:
        """All its words."""
        return " ".join(self.mots)

    @cached_property
    def dedans(self) -> str:
        """Its words, those of its page or file left out."""
        return " ".join(self.mots[1:])

    @cached_property
    def precis(self) -> str:
        """Those of its row and column, nearer than those of its page and table."""
        return " ".join(self.mots[2:])


def enonces(folder: Path) -> Iterator[Enonce]:
    """What every file of an edition tells, in the order of their names."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield from lus(path.relative_to(folder).as_posix(), path.read_bytes())


def lus(name: str, content: bytes) -> Iterator[Enonce]:
    """What one file tells; a file of another kind than those of an edition is read as text."""
    reader = _READERS.get(PurePosixPath(name).suffix.lower())
    if reader is not None:
        yield from reader(name, content)


def simple(text: str) -> str:
    """A text in plain small words: no accent, no punctuation, one blank between two.

    >>> simple("Femmes, RQTH\\u00a0: à l'arrêté")
    'femmes rqth a l arrete'
    """
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(filter(_is_base, decomposed)).lower()))


def _is_base(character: str) -> bool:
    return not unicodedata.combining(character)


def numbers(text: str) -> tuple[str, ...]:
    """The numbers of a text, as :class:`Enonce` holds them.

    >>> numbers("1\\u202f234,5 sur 12 personnes")
    ('1234.5', '12')
    """
    return tuple(_plain(found) for found in NOMBRE.findall(text))


def _plain(number: str) -> str:
    return re.sub(r"\s", "", number).replace("−", "-").replace(",", ".")


def _said(
    name: str, place: str, head: Sequence[str], text: str, before: int = AVANT, after: int = APRES
) -> Iterator[Enonce]:
    """The numbers of a text, each with the words of its clause that are near it."""
    for clause in _CLAUSE.split(text):
        for found in NOMBRE.finditer(clause):
            end = found.end() + after if after else found.start()
            near = simple(clause[max(0, found.start() - before) : end])
            words = (*head, near) if near else tuple(head)
            yield Enonce(name, place, words, (_plain(found[0]),), not after)


def _page(name: str, content: bytes) -> Iterator[Enonce]:
    soup = BeautifulSoup(content, "lxml")
    heading = soup.h1 or soup.title
    head = (simple(heading.get_text(" ")) if heading else simple(PurePosixPath(name).stem),)
    for table in soup.find_all("table"):
        yield from _table(name, head, table)
    for tag in soup.find_all(True):
        place = _place(tag)
        for attribute in _TOLD:
            if isinstance(told := tag.get(attribute), str):
                yield from _said(name, place, head, told)
        if tag.name in _SPOKEN and not tag.find_parent(["table", "script", "style"]):
            yield from _said(name, place, head, tag.get_text(" "))


def _place(tag: Tag) -> str:
    """The nearest anchor of the page."""
    holder = tag if tag.get("id") else tag.find_parent(id=True)
    return f"#{holder['id']}" if holder else ""


def _table(name: str, head: Sequence[str], table: Tag) -> Iterator[Enonce]:
    caption = table.caption.get_text(" ") if table.caption else ""
    figure = table.find_parent("figure")
    if figure and figure.figcaption:
        caption = f"{caption} {figure.figcaption.get_text(' ')}"
    rows = [row.find_all(["th", "td"], recursive=False) for row in table.find_all("tr")]
    columns = [cell.get_text(" ") for cell in rows[0]] if rows else []
    for cells in rows[1:]:
        for rank, cell in enumerate(cells[1:], start=1):
            values = [str(data["value"]) for data in cell.find_all("data") if data.get("value")]
            texts = [cell.get_text(" "), *values]
            found = tuple(dict.fromkeys(number for text in texts for number in numbers(text)))
            if found:
                column = columns[rank] if rank < len(columns) else ""
                words = (*head, simple(caption), simple(cells[0].get_text(" ")), simple(column))
                yield Enonce(name, f"{_place(table)} {cells[0].get_text(' ')} / {column}", words, found)


def _rows(name: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[Enonce]:
    """The cells of a sheet, each with its row and its column; a long text is read by its clauses."""
    columns = [str(cell or "") for cell in rows[0]] if rows else []
    for row in rows[1:]:
        first = str(row[0] or "") if row else ""
        for rank, cell in enumerate(row[1:], start=1):
            column = columns[rank] if rank < len(columns) else ""
            text, place = _written(cell), f"{first} / {column}"
            words = (*head, simple(first), simple(column))
            if len(text) > 40:
                yield from _said(name, place, head, text)
            elif found := numbers(text):
                yield Enonce(name, place, words, found)


def _written(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return "" if cell is None else str(cell)


def _head(name: str) -> tuple[str, ...]:
    """The words of a file's name: the page, the table."""
    return tuple(simple(part) for part in PurePosixPath(name).stem.split("--"))


def _csv(name: str, content: bytes) -> Iterator[Enonce]:
    text = content.decode("utf-8-sig", errors="replace")
    first = text.split("\n", 1)[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ","))
    yield from _rows(name, _head(name), rows)


def _xlsx(name: str, content: bytes) -> Iterator[Enonce]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for title in book.sheet_names:
        rows = book.get_sheet_by_name(title).to_python()
        yield from _rows(name, (*_head(name), simple(title)), rows)


def _pdf(name: str, content: bytes) -> Iterator[Enonce]:
    document = pypdfium2.PdfDocument(content)
    for number, page in enumerate(document, start=1):
        text = page.get_textpage().get_text_bounded()
        yield from _said(name, f"page {number}", _head(name), text)
    document.close()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for attached, spec in pdf.attachments.items():
            for one in lus(f"{name}/{attached}", spec.get_file().read_bytes()):
                yield replace(one, mots=(*_head(name), *one.mots))


def _svg(name: str, content: bytes) -> Iterator[Enonce]:
    """Texts, descriptions and data of a drawing; a comment says what is drawn as outlines after it."""
    root = etree.fromstring(content, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    head = _head(name)
    drawn: list[_Dessine] = []
    for tag in () if root is None else root.iter():
        if tag.tag is etree.Comment:
            drawn.append(_Dessine.of(tag))
            continue
        if not isinstance(tag.tag, str):
            continue
        kind = etree.QName(tag).localname
        for attribute, told in tag.attrib.items():
            if attribute in _TOLD or attribute.startswith("data-"):
                yield from _said(name, attribute, head, told)
        if kind in _SPOKEN:
            yield from _said(name, kind, head, " ".join(tag.itertext()))
    for one in drawn:
        if found := numbers(one.texte):
            near = " ".join(other.texte for other in drawn if other.is_near(one))
            yield Enonce(name, one.texte, (*head, simple(near)), found)


@dataclass(frozen=True)
class _Dessine:
    """A text that is drawn, and where it begins."""

    texte: str
    x: float
    y: float

    @classmethod
    def of(cls, comment: etree._Comment) -> _Dessine:
        outlines = comment.getnext()
        placed = _PLACE.search("" if outlines is None else outlines.get("transform", ""))
        x, y = map(float, placed.groups()) if placed else (math.inf, math.inf)
        return cls((comment.text or "").strip(), x, y)

    def is_near(self, other: _Dessine) -> bool:
        """Whether it is on the line or in the column of another text, or is that text."""
        return self == other or abs(self.y - other.y) <= EN_FACE or abs(self.x - other.x) <= EN_FACE


def _text(name: str, content: bytes) -> Iterator[Enonce]:
    for line in content.decode("utf-8", errors="replace").split("\n"):
        yield from _said(name, "", _head(name), line)


def _script(name: str, content: bytes) -> Iterator[Enonce]:
    """The data that a script holds: the entries of an index, each under its page."""
    text = content.decode("utf-8", errors="replace")
    start, _, rest = text.partition("=")
    try:
        data = json.loads(rest.strip().rstrip(";"))
    except ValueError:
        data = None
    if isinstance(data, list | dict):
        yield from _nested(name, _head(name), data)
    else:
        for string in re.findall(r'"((?:[^"\\]|\\.)*)"', text):
            yield from _said(name, "", _head(name), string, *EN_SUITE)


def _json(name: str, content: bytes) -> Iterator[Enonce]:
    yield from _nested(name, _head(name), json.loads(content))


def _nested(name: str, head: tuple[str, ...], data: Any, place: str = "") -> Iterator[Enonce]:
    """The strings and numbers of nested data, under the words of their keys and of their first strings."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _nested(name, (*head, simple(str(key))), value, f"{place}/{key}")
    elif isinstance(data, list):
        titles = tuple(simple(one) for one in data[:3] if isinstance(one, str))
        for one in data:
            yield from _nested(name, (*head, *titles), one, place or str(data[0])[:60])
    elif isinstance(data, str):
        yield from _said(name, place, head, data, *EN_SUITE)
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield Enonce(name, place, head, (f"{data:.15g}",))


_READERS: Final[Mapping[str, Callable[[str, bytes], Iterator[Enonce]]]] = {
    ".html": _page,
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".pdf": _pdf,
    ".svg": _svg,
    ".js": _script,
    ".json": _json,
    ".md": _text,
    ".txt": _text,
    ".ics": _text,
    ".bib": _text,
}
