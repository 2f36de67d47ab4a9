"""What a figure or a table of a page shows, as typed columns: numbers, dates, codes, sources."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

from lxml import etree, html
from pydantic import TypeAdapter

from analysis.livre.article.arbre import has_class, of_class, tree
from analysis.noyau.paths import Project
from analysis.stations.modules import code_of
from analysis.stations.store import UNKEPT, Store, sha256
from analysis.stations.team import Product

if TYPE_CHECKING:  # with it comes nbconvert, that who writes a workbook has no use for
    from analysis.livre.article.articles import Article

FOLDER = "donnees"
"""The folder of the site that holds the files."""

SECRET, ABSENT = "secret", "absent"
MISSING = {
    "": "rien n'est dit, ou les mots sont dans la colonne « précision »",
    SECRET: "le nombre existe, il est retenu : le publier ferait reconnaître quelqu'un",
    ABSENT: "le nombre n'existe pas, ou n'a pas été transmis",
}
"""What stands where there is no number, and what it means: never a zero."""

Value = str | float
Type = Literal["string", "number", "integer", "date"]


@dataclass(frozen=True)
class Field:
    """A column of a file: its head, what it holds, its unit; ``is_shown`` is False for what a page does not
    print (days, codes, addresses); ``codes`` name the series of a column that holds one."""

    name: str
    type: Type = "string"
    unit: str = ""
    is_shown: bool = True
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Dataset:
    """What one figure or table of a page shows: ``fields`` say their unit, ``note`` tells the sources.

    No number is in it that the page does not show: a withheld one is the word « secret », a missing one
    « absent ». ``sources`` are the documents that it cites: code, title, address.
    """

    page: str
    page_title: str
    anchor: str
    number: str
    title: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str
    sources: tuple[tuple[str, str, str], ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.fields) for row in self.rows):
            raise ValueError(f"{self.page}#{self.anchor}: a row has not as many cells as there are columns")
        if len(set(self.columns)) != len(self.fields):
            raise ValueError(f"{self.page}#{self.anchor}: two columns have one name")

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @property
    def file(self) -> str:
        """The name of its files without their ending."""
        return f"{FOLDER}/{self.page}--{self.anchor}"

    @property
    def address(self) -> str:
        """Where the site shows it."""
        return f"{self.page}.html#{self.anchor}"

    @property
    def as_shown(self) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]:
        """The columns and the rows that the page prints, without what is made for programs."""
        kept = [place for place, field in enumerate(self.fields) if field.is_shown]
        rows = tuple(tuple(row[place] for place in kept) for row in self.rows)
        return tuple(self.fields[place].name for place in kept), rows


@lru_cache(maxsize=1024)
def datasets(page: str, article: Article) -> tuple[Dataset, ...]:
    """The data of every numbered figure and table of an article, in the order of the page."""
    found = []
    for caption in tree(article.html).iter("figcaption", "caption"):
        number, place = _first(caption, "numero"), _around(caption)
        table = None if place is None else _table_of(caption, place)
        if number is None or place is None or table is None:
            continue
        note = _note(place)
        fields, rows = _contents(table)
        found.append(
            Dataset(
                page=page,
                page_title=article.title,
                anchor=place.attrib["id"],
                number="".join(number.itertext()).strip(" ."),
                title=_text(caption, without="numero"),
                fields=fields,
                rows=rows,
                note="" if note is None else _text(note),
                sources=_sources(table, *(() if note is None else (note,))),
            )
        )
    return tuple(found)


@lru_cache(maxsize=64)
def cards(page: str, article: Article) -> tuple[Dataset, ...]:
    """The entries of an article that is a list of definitions or of sources, as one table; none elsewhere."""
    rows = tuple(
        (term.get("id") or "", _text(term), _text(definition))
        for term in tree(article.html).iterfind(".//dl/dt")
        if has_class(term.getparent(), "fiches")
        and (definition := next(term.itersiblings("dd"), None)) is not None
    )
    fields = (Field("Code"), Field("Intitulé"), Field("Fiche"))
    found = Dataset(page, article.title, "fiches", "Fiches", article.title, fields, rows, "")
    return (found,) if rows else ()


_DATASETS = TypeAdapter(tuple[Dataset, ...])


@dataclass(frozen=True)
class Tables:
    """The data of articles, read once of each: ``kept`` gives back those of an article that is as it was,
    where the ``code`` is."""

    kept: Store = UNKEPT
    code: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def of(self, page: str, article: Article) -> tuple[Dataset, ...]:
        """What :func:`datasets` finds."""
        asked = self._asked(page, article)
        made = self.kept.take(asked.place, asked.inputs, partial(asked.make, *asked.arguments))
        return _DATASETS.validate_json(made)

    def asked(self, articles: Iterable[tuple[str, Article]]) -> list[Product]:
        """What is to be read of these articles, each with its page's name: :meth:`of` then finds it kept."""
        return [self._asked(page, article) for page, article in articles]

    def _asked(self, page: str, article: Article) -> Product:
        inputs = {"son article": sha256(article.title.encode(), article.html.encode()), **self.code}
        return Product(f"donnees/{page}", inputs, _written, (page, article))


def _written(page: str, article: Article) -> bytes:
    return _DATASETS.dump_json(datasets(page, article))


def kept_tables(project: Project, kept: Store) -> Tables:
    """The tables of a project's articles."""
    return Tables(kept, code_of(project, __name__))


@dataclass(frozen=True)
class _Cell:
    """A cell: its words and what specifies them, its number and unit, its days, the codes of its links."""

    text: str
    precision: str = ""
    value: float | None = None
    unit: str = ""
    missing: str = ""
    days: tuple[str, str] = ("", "")
    codes: tuple[tuple[str, str], ...] = ()

    def code(self, name: str) -> str:
        return next((code for kind, code in self.codes if kind == name), "")


_Column = tuple[Field, list[Value]]


def _first(element: etree._Element, *classes: str) -> etree._Element | None:
    """The first element inside another that is of one of these classes."""
    return next((one for one in element.iterdescendants(etree.Element) if has_class(one, *classes)), None)


def _around(caption: etree._Element) -> etree._Element | None:
    """What a caption is of: the nearest element around it that has a name."""
    return next((one for one in caption.iterancestors() if one.get("id") is not None), None)


def _table_of(caption: etree._Element, place: etree._Element) -> etree._Element | None:
    """The table that a caption stands in, or the first one of what it is of."""
    around = next(caption.iterancestors("table"), None)
    return next(place.iterdescendants("table"), None) if around is None else around


def _contents(table: etree._Element) -> tuple[tuple[Field, ...], tuple[tuple[Value, ...], ...]]:
    """Typed columns: each column of the page, then its unit, its precision, its days and its codes."""
    head, *body = table.iter("tr")
    titles = [_text(cell) for cell in head.iter("th", "td")]
    rows = [line for row in body for line in _lines(list(row.iter("th", "td")))]
    columns: list[_Column] = []
    for place, title in enumerate(titles):
        columns += _columns(title, [_cell(row[place]) for row in rows], is_first=place == 0)
    fields = tuple(_named_apart([field for field, _ in columns]))
    return fields, tuple(zip(*(values for _, values in columns), strict=True)) if rows else ()


def _lines(cells: Sequence[etree._Element]) -> Iterator[list[etree._Element]]:
    """A row, or as many as a cell lists numbers: one value a cell."""
    listed = [_listed(cell) for cell in cells]
    most = max((len(pieces) for pieces in listed), default=1)
    for rank in range(most):
        yield [
            pieces[0] if len(pieces) == 1 else (pieces[rank] if rank < len(pieces) else _fragment(""))
            for pieces in listed
        ]


def _listed(cell: etree._Element) -> list[etree._Element]:
    """The numbers that a cell lists one under another, each with its words; else the cell itself."""
    if cell.find(".//br") is None:
        return [cell]
    written = etree.tostring(cell, encoding="unicode", method="html", with_tail=False)
    inside = written.partition(">")[2].rpartition("<")[0]
    pieces = [_fragment(piece) for piece in inside.split("<br>")]
    is_list = len(pieces) > 1 and all(_has_number(piece) for piece in pieces)
    return pieces if is_list else [cell]


def _fragment(written: str) -> etree._Element:
    return html.document_fromstring(f"<body>{written}</body>").body


def _has_number(piece: etree._Element) -> bool:
    return any(one.tag == "data" or has_class(one, "chiffre") for one in piece.iter("data", "a"))


def _columns(title: str, cells: Sequence[_Cell], *, is_first: bool) -> Iterator[_Column]:
    if not is_first or title == "N°":
        cells = _read_as_numbers(title, cells)
    if any(cell.value is not None for cell in cells):
        units = sorted({cell.unit for cell in cells if cell.value is not None})
        shared = units[0] if len(units) == 1 else ""
        numbers: list[Value] = [cell.missing if cell.value is None else cell.value for cell in cells]
        yield Field(_headed(title, shared), "number", shared, codes=_of_one_series(cells)), numbers
        if len(units) > 1:
            yield Field(f"{title} : unité"), [cell.unit for cell in cells]
        precisions = [
            _joined(cell.text if cell.text not in (cell.missing, "–") else "", cell.precision)
            for cell in cells
        ]
    else:
        yield Field(title), [cell.text or cell.missing for cell in cells]
        precisions = [cell.precision for cell in cells]
    if any(precisions):
        yield Field(f"{title} : précision"), list(precisions)
    if any(cell.days[0] for cell in cells):
        yield Field(f"{title} : début", "date", is_shown=False), [cell.days[0] for cell in cells]
        yield Field(f"{title} : fin", "date", is_shown=False), [cell.days[1] for cell in cells]
    told = dict(_of_one_series(cells))
    for name in dict.fromkeys(name for cell in cells for name, _ in cell.codes if name not in told):
        kind: Type = "integer" if name == REGISTER_NUMBER else "string"
        codes = [cell.code(name) for cell in cells]
        numbered: list[Value] = [float(code) if kind == "integer" and code else code for code in codes]
        yield Field(f"{title} : {name}", kind, is_shown=False), numbered


def _of_one_series(cells: Sequence[_Cell]) -> tuple[tuple[str, str], ...]:
    """The indicator and the zone of a column that holds one series: said once, of the column."""
    zones = {cell.code(ZONE) for cell in cells if cell.value is not None}
    indicators = {cell.code(INDICATOR) for cell in cells if cell.value is not None}
    if len(zones) != 1 or len(indicators) != 1 or zones == {""}:
        return ()
    return ((INDICATOR, indicators.pop()), (ZONE, zones.pop()))


def _headed(title: str, unit: str) -> str:
    """A head that names its unit once.

    >>> _headed("Coût par ETP et par an", "€ par ETP et par an"), _headed("Personnes", "personnes")
    ('Coût par ETP et par an (€)', 'Personnes')
    """
    sign, _, rest = unit.partition(" ")
    if not unit or unit.casefold() in title.casefold():
        return title
    return f"{title} ({sign})" if rest and rest.casefold() in title.casefold() else f"{title} ({unit})"


def _named_apart(fields: Sequence[Field]) -> Iterator[Field]:
    """The columns, those of one name told apart by their rank."""
    seen: dict[str, int] = {}
    for field in fields:
        seen[field.name] = seen.get(field.name, 0) + 1
        name = f"{field.name} ({seen[field.name]})" if seen[field.name] > 1 else field.name
        yield Field(name, field.type, field.unit, field.is_shown, field.codes)


REGISTER_NUMBER, INDICATOR, ZONE = "n° du registre", "code de l'indicateur", "code de la zone"
"""What the columns of codes are called."""

_CODES = {
    "registre.html": REGISTER_NUMBER,
    "definitions.html": INDICATOR,
    "sources.html": "code de la source",
}
"""What a link to a row of one of these pages gives the code of."""

_ROWS = {
    "registre.html": re.compile(r"chiffre-(\d+)$"),
    "definitions.html": re.compile(r"(?!titre$)(?:mesure-)?(.+)$"),
    "sources.html": re.compile(r"(?!titre$)(.+)$"),
}
"""The anchors of their rows: their titles and their other sections have no code."""

_NUMBER = re.compile(r"([+\u2212-]?)(\d{1,3}(?: \d{3})+|\d+)(?:,(\d+))?(?: ?([^\d\s(][^\d(]{0,30}))?")


def _read_as_numbers(title: str, cells: Sequence[_Cell]) -> Sequence[_Cell]:
    """The cells of a column whose texts are all numbers of one unit, as numbers; codes stay texts."""
    told = [cell for cell in cells if cell.text and not cell.missing]
    if any(cell.days[0] for cell in told):
        return cells
    matches = [_NUMBER.fullmatch(cell.text) for cell in told if cell.value is None]
    if not matches or any(match is None or _is_code(match, title) for match in matches):
        return cells
    units = {match[4] or "" for match in matches if match}
    if len(units) > 1 or any(cell.value is not None for cell in told):
        return cells
    return [_as_number(cell) if cell in told else cell for cell in cells]


def _is_code(match: re.Match[str], title: str) -> bool:
    return (len(match[2]) > 1 and match[2][0] == "0") or "code" in title.casefold()


def _as_number(cell: _Cell) -> _Cell:
    match = _NUMBER.fullmatch(cell.text)
    assert match is not None
    value = float(f"{match[2].replace(' ', '')}.{match[3] or 0}")
    sign = -1 if match[1] in ("-", "\u2212") else 1
    return _Cell("", cell.precision, sign * value, match[4] or "", days=cell.days, codes=cell.codes)


def _cell(cell: etree._Element) -> _Cell:
    if not len(cell):
        words = _text(cell)
        return _Cell(words, missing=ABSENT if words == "–" else "")
    numbers, times = list(cell.iter("data")), list(cell.iter("time"))
    precision = _joined(*(_bare(_text(tag)) for tag in cell.xpath(_PRECISIONS)))
    text = _text(cell, without="precision")
    value, unit, missing = None, "", ""
    if len(numbers) == 1 and _is_of(numbers[0], text):
        value, unit = float(numbers[0].attrib["value"]), numbers[0].attrib["data-unite"]
        text = _bare(text.removeprefix(_text(numbers[0])).strip())
    elif _first(cell, "secret") is not None:
        missing = SECRET
    elif _first(cell, "absent") is not None or text == "–":
        missing = ABSENT
    days = (times[0].attrib["datetime"], times[-1].attrib["data-fin"]) if times else ("", "")
    links = cell.findall(".//a[@href]")
    outside = next((a.attrib["href"] for a in links if urlsplit(a.attrib["href"]).scheme), "")
    return _Cell(outside or text, precision, value, unit, missing, days, tuple(_codes(links)))


_PRECISIONS = f".//*[{of_class('precision')}]"

_AROUND = 60
"""The letters that may follow the number of a cell: with more, the cell is a sentence."""


def _is_of(number: etree._Element, text: str) -> bool:
    """Whether a cell is that number, and not a sentence that holds it."""
    words = _text(number)
    return text.startswith(words) and len(text) - len(words) <= _AROUND


def _bare(words: str) -> str:
    """Words without the parentheses that hold them all."""
    inside = words[1:-1]
    return inside if words == f"({inside})" and not set("()") & set(inside) else words


def _codes(links: Sequence[etree._Element]) -> Iterator[tuple[str, str]]:
    """The codes that the links of a cell lead to, the first of each kind."""
    for link in links:
        parts = urlsplit(link.attrib["href"])
        anchor = unquote(parts.fragment)
        row = _ROWS.get(parts.path)
        if row is not None and (code := row.match(anchor)):
            yield _CODES[parts.path], code[1]
        elif parts.path == "series.html" and anchor.count("-") >= 2:
            indicator, zone, _ = anchor.split("-", 2)
            yield from ((INDICATOR, indicator), (ZONE, zone))
        elif parts.path.endswith(".html") and not anchor and not parts.scheme:
            yield "code", parts.path.removesuffix(".html")
        if link.get("data-adresse"):
            yield "adresse", link.attrib["data-adresse"]


def _sources(*places: etree._Element) -> tuple[tuple[str, str, str], ...]:
    """The documents that these places cite, each once: code, title, address."""
    links = [link for place in places for link in place.findall(".//a[@href]")]
    cited: dict[str, tuple[str, str, str]] = {}
    for link in links:
        page, sign, code = link.attrib["href"].partition("#")
        if page == "sources.html" and sign:
            title = link.get("title") or ""
            words = f"{_text(link)} : {title}" if title else _text(link)
            cited.setdefault(code, (code, words, link.get("data-adresse") or ""))
    return tuple(cited.values())


def _note(place: etree._Element) -> etree._Element | None:
    """The words under a figure or a table."""
    if place.tag == "figure":
        return next((one for one in place.iterdescendants("p") if has_class(one, "note")), None)
    following = next(place.itersiblings(etree.Element), None)
    return following if following is not None and has_class(following, "note") else None


def _text(element: etree._Element, *, without: str = "") -> str:
    """The words of an element, a line break being a space; without those of a class."""

    def pieces(node: etree._Element) -> Iterator[str]:
        yield node.text or ""
        for child in node:
            if child.tag == "br":
                yield " "
            elif isinstance(child.tag, str) and not (without and has_class(child, without)):
                yield from pieces(child)
            yield child.tail or ""

    return " ".join("".join(pieces(element)).split())


def _joined(*parts: str) -> str:
    return " ; ".join(part for part in parts if part)
