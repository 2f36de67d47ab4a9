"""The HTML of an article as Typst markup: a closed set of elements, an unknown one is an error."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from matplotlib.ft2font import FT2Font
from pydantic import ConfigDict

from analysis.livre.article.arbre import tree
from analysis.livre.article.typesetting import typeset
from analysis.livre.imprime.balises import Grid
from analysis.livre.imprime.colonnes import cells_of, column_widths
from analysis.noyau.errors import BilanError
from analysis.presentation.drawing.fonts import FONTS

_DROPPED = {"details", "svg", "script", "style", "nav", "noscript"}
_TRANSPARENT = {"body", "main", "thead", "tbody"}
_HEADINGS = ("h1", "h2", "h3", "h4")
_BLOCKS = (*_HEADINGS, "p", "ul", "ol", "dl", "table", "figure", "blockquote")
_INLINE = {"em": "emph", "i": "emph", "strong": "strong", "b": "strong", "s": "strike"}

FULL_WIDTH, FULL_HEIGHT, ALONE_HEIGHT = 465, 660, 440
"""Points: the width of the text, the height that an image shares with the words around it, and the same for
a figure that does not float: pushed to the next page, it leaves a good part of this one filled."""

SHORTEST = 220
"""Points: an image is not made lower than this for the words around it."""

ZERO_WIDTH_SPACE = "\u200b"
Labels = frozenset[tuple[str, str]]
"""Places of a book: a page, and an anchor of it."""

_ENDLESS = re.compile(r"\S{80}(?=\S)")

SIZES = ((8, 7.0), (6, 7.5), (0, 8.5))
"""The size of a table's text, in points, from a number of columns on."""

LAST_ROWS, LAST_LINES, NOTE_LINES = 2, 22, 24
"""The rows that stay together with the note under a table, and the lines that they and it may hold."""

SHORT_TABLE = 5
"""A table of as many rows, if they are no longer than that, is not cut."""


_SILENT: Final = frozenset("\n\t\r\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff")
"""Signs that show nothing by themselves, and need no drawing."""


@cache
def _drawn() -> frozenset[str]:
    """The signs that one of the book's fonts can draw."""
    charmaps = (FT2Font(str(path)).get_charmap() for path in FONTS.glob("*.ttf"))
    return frozenset(chr(code) for charmap in charmaps for code in charmap) | _SILENT


def displayed(text: str) -> str:
    """A text whose every sign can be printed: one that no font draws is told by its number.

    Someone's words may hold any sign of any writing, and Typst refuses the whole book for one that it cannot
    draw.

    >>> displayed("Très bien 👍"), displayed("e\\u0301te\\u0301")
    ('Très bien ‹U+1F44D›', 'été')
    """
    if _drawn().issuperset(text):
        return text
    composed = unicodedata.normalize("NFC", text)
    return "".join(sign if sign in _drawn() else f"‹U+{ord(sign):04X}›" for sign in composed)


def string(text: str) -> str:
    """A Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


@dataclass(frozen=True)
class Written:
    """An article as Typst: its markup, its images by their files' names, its tables in order."""

    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    text: str
    images: Mapping[str, bytes]
    tables: tuple[Grid, ...]


def written(name: str, html: str, rank: str, labels: Labels, fills_page: bool) -> Written:
    """An article as Typst, ``labels`` the places of the book that its links find."""
    return _Writer(name, labels, fills_page=fills_page).written(html, rank)


Write = Callable[[str, str, str, Labels, bool], Written]
"""What gives an article as Typst: :func:`written`, or what keeps what it gave."""


class Markup:
    """Turns articles into Typst; keeps the labels that links of the whole book may lead to, and the tables.

    ``articles`` maps each page's name to its HTML; images are written into ``folder``. A drawing
    takes what is left of its page where ``fills_page`` says so. ``write`` makes
    Typst of each.
    """

    def __init__(
        self,
        articles: dict[str, str],
        folder: Path,
        *,
        fills_page: bool = False,
        write: Write = written,
    ) -> None:
        self.folder = folder
        self.tables: list[Grid] = []
        self._articles = articles
        self._fills_page = fills_page
        self._write = write
        self._labels = {(f"{name}.html", place) for name, html in articles.items() for place in _places(html)}

    def article(self, name: str, *, rank: str = "") -> str:
        """The Typst markup of one page; its ``rank`` in the book stands before its title."""
        html = self._articles[name]
        reached = frozenset(self._labels & _targets(f"{name}.html", html))
        made = self._write(name, html, rank, reached, self._fills_page)
        for image, content in made.images.items():
            (self.folder / image).write_bytes(content)
        self.tables += made.tables
        return made.text


@lru_cache(maxsize=128)
def _places(html: str) -> frozenset[str]:
    """The places of an article that a link of the book may lead to."""
    inside = "not(ancestor::svg or ancestor::details or self::svg or self::title)"
    return frozenset(map(str, tree(html).xpath(f"//*[{inside}]/@id")))


@lru_cache(maxsize=128)
def _targets(page: str, html: str) -> Labels:
    """The places that the links of a page lead to: a page, its anchor."""
    followed = (urlsplit(str(address)) for address in tree(html).xpath("//a/@href"))
    return frozenset(_target(page, parts) for parts in followed if not parts.scheme)


def _target(page: str, parts: SplitResult) -> tuple[str, str]:
    return parts.path or page, parts.fragment or "titre"


class _Writer:
    """Writes one article; ``labels`` are the places of the book that its links find."""

    def __init__(self, name: str, labels: Collection[tuple[str, str]], *, fills_page: bool) -> None:
        self.name = name
        self.page = f"{name}.html"
        self.labels = labels
        self.fills_page = fills_page
        self.rank = ""
        self.images: dict[str, bytes] = {}
        self.notes: dict[str, Tag] = {}
        self.called: set[str] = set()
        self.in_tables: set[int] = set()
        self.tables: list[Grid] = []

    def written(self, html: str, rank: str) -> Written:
        """The article of this HTML, with what goes with it."""
        self.rank = rank
        body = BeautifulSoup(typeset(html), "lxml").body
        self.notes = {str(li["id"]): li for li in body.select("section.notes li")} if body else {}
        text = self.blocks(body.children) if body else ""
        return Written(text, self.images, tuple(self.tables))

    def blocks(self, nodes: Iterable[PageElement]) -> str:
        return "".join(self.block(node) for node in nodes)

    def block(self, node: PageElement) -> str:
        """A block element; text between blocks is only white space."""
        if isinstance(node, NavigableString):
            return self.inline(node) if node.strip() else ""
        if not isinstance(node, Tag) or node.name in _DROPPED:
            return ""
        if node.name in _TRANSPARENT:
            return self.blocks(node.children)
        makers: dict[str, Callable[[Tag], str]] = {
            "p": self.paragraph,
            "div": self.division,
            "section": self.section,
            "figure": self.figure,
            "table": self.table,
            "ul": lambda tag: self.items(tag, "list"),
            "ol": lambda tag: self.items(tag, "enum"),
            "dl": self.definitions,
            "blockquote": lambda tag: f"#quote(block: true)[{self.blocks(tag.children)}]\n\n",
            **dict.fromkeys(_HEADINGS, self.heading),
        }
        if node.name not in makers:
            return self.inline(node)
        made = makers[node.name](node)
        is_placed = not node.get("id") or self.label(node).strip() in made
        return made if is_placed else f"{self.anchor(node)}{made}"

    def heading(self, tag: Tag) -> str:
        rank = f"#rang[{self.rank}]" if tag.name == "h1" and self.rank else ""
        return f"#heading(level: {tag.name[1]})[{rank}{self.inlines(tag)}]{self.label(tag)}\n\n"

    def section(self, tag: Tag) -> str:
        """Its blocks; the notes of the page are at the foot of the pages that call them."""
        if _has_class(tag, "notes"):
            return ""
        body = self.blocks(tag.children)
        return f"#bref[{body}]\n\n" if _has_class(tag, "en-bref") else body

    def paragraph(self, tag: Tag) -> str:
        """A paragraph; the notes of a table are set with its last rows."""
        if id(tag) in self.in_tables:
            return ""
        if _has_class(tag, "note", "lecture", "champ"):
            return f"#note[{self.inlines(tag)}]\n\n"
        if _has_class(tag, "absence", "signature"):
            return f"#mention[{self.inlines(tag)}]\n\n"
        if _has_class(tag, "juge"):
            return f"#juge[{self.inlines(tag)}]\n\n"
        if _has_class(tag, "points"):
            return f"#block(sticky: true)[{self.anchor(tag)}{self.inlines(tag)}]\n\n"
        return f"{self.inlines(tag)}\n\n"

    def division(self, tag: Tag) -> str:
        if _has_class(tag, "lignes"):
            return "#lignes\n\n"
        if _has_class(tag, "saut"):
            return "#pagebreak()\n\n"
        return f"{self.anchor(tag)}{self.blocks(tag.children)}"

    def figure(self, tag: Tag) -> str:
        image, caption = tag.img, tag.figcaption
        if image is None or caption is None:
            raise BilanError(f"Figure sans image ou sans légende dans {self.page}.")
        name, content = self.image(image)
        description = tag.find("p", class_="description")
        alt = string(description.get_text() if isinstance(description, Tag) else str(image["alt"]))
        told = tag.find_all("p", recursive=False)
        words = sum(_lines(p.get_text(), FULL_WIDTH, 8.5) for p in (caption, *told))
        is_alone = _is_alone(tag)
        height = (ALONE_HEIGHT if is_alone else FULL_HEIGHT) - 13 * words
        width = _share_of_page(content, tallest=max(height, SHORTEST))
        subtitles = [f"#sous-titre[{self.inlines(p)}]" for p in told if _has_class(p, "sous-titre")]
        notes = [f"#detail[{self.inlines(p)}]\n" for p in told if not _has_class(p, "sous-titre")]
        place = string(_label(self.page, str(tag.get("id") or name)))
        if self.fills_page:
            return (
                f"#reste([{self.inlines(caption)}{''.join(subtitles)}], [{''.join(notes)}], "
                f"{string(name)}, {alt})\n\n"
            )
        return (
            f"#ensemble({place}, flotte: false, seule: {str(is_alone).lower()})["
            f"#figure(image({string(name)}, alt: {alt}, width: {width}), "
            f"caption: [{self.inlines(caption)}{''.join(subtitles)}]){self.label(tag)}\n{''.join(notes)}]\n\n"
        )

    def image(self, tag: Tag) -> tuple[str, bytes]:
        """The drawing of an image, and the file that it is written in."""
        name = f"{self.name}-{len(self.images) + 1}.svg"
        self.images[name] = base64.b64decode(str(tag["src"]).partition("base64,")[2])
        return name, self.images[name]

    def table(self, tag: Tag) -> str:
        """A table that goes on from page to page under its head; its last rows stay with its note.

        A short one stands on one page.
        """
        head, *body = tag.find_all("tr")
        widths = column_widths([head, *body])
        size = next(size for columns, size in SIZES if len(widths) >= columns)
        notes = _notes_under(tag)
        self.in_tables |= {id(note) for note in notes}
        is_short = len(body) <= SHORT_TABLE and _rows_kept_together(body, widths, size=size) == len(body)
        last = 0 if is_short else _rows_kept_together(body[-LAST_ROWS:], widths, size=size)
        foot = [self.row(row) for row in body[len(body) - last :]]
        if notes:
            words = "".join(self.inlines(note) + "#parbreak();" for note in notes)
            foot.append(f"sous-tableau({len(widths)}, [{words}])")
        given = [
            f"columns: ({', '.join(f'{width}fr' for width in widths)})",
            f"align: ({', '.join(map(_alignment, cells_of([head, *body][-1])))},)",
            f"table.header({', '.join(f'[{self.inlines(cell)}]' for cell in cells_of(head))})",
            *(self.row(row) for row in body[: len(body) - last]),
            *([f"table.footer(repeat: false, {', '.join(foot)})"] if foot else []),
        ]
        self.tables.append(Grid(len(body), bool(body) and all(map(_is_named, body)), bool(notes)))
        caption = f"[{self.inlines(tag.caption)}]" if tag.caption else "none"
        figure = f"figure(kind: table, caption: {caption}, text(size: {size}pt, table({', '.join(given)})))"
        return f"#block(breakable: false, width: 100%, {figure})\n\n" if is_short else f"#{figure}\n\n"

    def row(self, row: Tag) -> str:
        """The cells of a row; the first one is a place that links lead to."""
        return ", ".join(
            f"[{self.anchor(row) if position == 0 else ''}{self.anchor(cell)}{self.inlines(cell)}]"
            for position, cell in enumerate(cells_of(row))
        )

    def items(self, tag: Tag, kind: str) -> str:
        items = ", ".join(
            f"[{self.anchor(item)}{self.inlines(item)}]" for item in tag.find_all("li", recursive=False)
        )
        return f"#{kind}({items})\n\n"

    def definitions(self, tag: Tag) -> str:
        items = []
        for term in tag.find_all("dt", recursive=False):
            description = term.find_next_sibling("dd")
            text = self.inlines(description) if isinstance(description, Tag) else ""
            items.append(f"terms.item([{self.inlines(term)}], [{self.anchor(term)}{text}])")
        half = (len(items) + 1) // 2
        if _has_class(tag, "sigles"):
            return f"#deux-colonnes(terms({', '.join(items[:half])}), terms({', '.join(items[half:])}))\n\n"
        return f"#terms({', '.join(items)})\n\n"

    def inlines(self, tag: Tag) -> str:
        return "".join(self.inline(node) for node in tag.children)

    def inline(self, node: PageElement) -> str:
        if isinstance(node, NavigableString):
            return f"#{string(_breakable(displayed(str(node))))};" if str(node) else ""
        if not isinstance(node, Tag) or node.name in _DROPPED:
            return ""
        if node.get("lang"):
            language = str(node.attrs.pop("lang"))
            return f"#text(lang: {string(language)})[{self.inline(node)}];"
        if node.name == "a":
            return f"{self.anchor(node)}{self.link(node)}"
        if node.name == "sup":
            return self.note_call(node) if node.a else f"#super[{self.inlines(node)}];"
        if node.name in ("data", "time"):
            return self.inlines(node)
        if node.name == "img":
            name, _ = self.image(node)
            return f"#vignette({string(name)}, {string(str(node['alt']))});"
        if node.name == "br":
            return "#linebreak();"
        if node.name == "code":
            return f"#raw({string(displayed(node.get_text()))});"
        if node.name in _INLINE:
            return f"{self.anchor(node)}#{_INLINE[node.name]}[{self.inlines(node)}];"
        if node.name == "span":
            if _has_class(node, "numero"):
                return f"#numero[{self.inlines(node)}];"
            return f"{self.anchor(node)}{self.inlines(node)}"
        if node.name in ("p", "ul", "ol", "dl", "div", "table"):
            return self.block(node)
        raise BilanError(f"Élément « {node.name} » sans équivalent dans le PDF ({self.page}).")

    def note_call(self, tag: Tag) -> str:
        """A footnote where it is called first, its number again where it is called after."""
        name = str(tag.a["href"]).removeprefix("#") if tag.a else ""
        note = self.notes[name]
        label = f"<{_label(self.page, name)}-note>"
        if name in self.called:
            return f"#footnote({label});"
        self.called.add(name)
        words = "".join(
            self.inline(node)
            for node in note.children
            if not (isinstance(node, Tag) and _has_class(node, "retour"))
        )
        return f"#[#footnote[{words}]{label}]"

    def link(self, tag: Tag) -> str:
        """A link to another site, to a place of the book, or its text alone."""
        words, parts = self.inlines(tag), urlsplit(str(tag.get("href") or ""))
        if parts.scheme:
            return f"#link({string(str(tag['href']))})[{words}];"
        target = _target(self.page, parts)
        if target in self.labels:
            return f"#link(<{_label(*target)}>)[{words}];"
        return words

    def label(self, tag: Tag) -> str:
        anchor = tag.get("id")
        return f" <{_label(self.page, str(anchor))}>" if anchor else ""

    def anchor(self, tag: Tag) -> str:
        """An invisible place that a link may lead to."""
        return f"#[#metadata(none){self.label(tag)}]" if tag.get("id") else ""


def _share_of_page(svg: bytes, *, tallest: float) -> str:
    """The width of an image in the text: a small one keeps its size, a tall one is made lower."""
    sizes = {
        name: float(value)
        for name, value in re.findall(r'(width|height)="([\d.]+)pt"', svg[:2000].decode("utf-8"))
    }
    if set(sizes) != {"width", "height"}:
        return "100%"
    share = min(1.0, sizes["width"] / FULL_WIDTH, tallest / sizes["height"] * sizes["width"] / FULL_WIDTH)
    return f"{100 * share:.0f}%"


def _is_alone(figure: Tag) -> bool:
    """Whether a figure is all that its heading announces: it then stays under it."""
    before = figure.find_previous(_BLOCKS)
    *_, last = figure.descendants
    after = last.find_next(_BLOCKS)
    return all(not isinstance(tag, Tag) or tag.name in _HEADINGS for tag in (before, after))


def _lines(text: str, width: float, size: float) -> int:
    """The lines that a text takes, at least: a letter is half as wide as it is high."""
    return ceil(len(text) * size / 2 / max(width, 1)) if text else 0


def _notes_under(table: Tag) -> list[Tag]:
    """The notes that follow a table, as far as they may share a page with its last rows."""
    region = table.find_parent("div", class_="tableau")
    notes: list[Tag] = []
    following = region.find_next_sibling() if region else None
    while isinstance(following, Tag) and following.name == "p" and _has_class(following, "note"):
        notes.append(following)
        following = following.find_next_sibling()
    return notes if sum(_lines(note.get_text(), FULL_WIDTH, 8.5) for note in notes) <= NOTE_LINES else []


def _rows_kept_together(rows: list[Tag], widths: list[int], *, size: float) -> int:
    """How many of these rows, from the last one on, may stay on one page: fewer where they are long."""
    total, kept = 0, 0
    for row in reversed(rows):
        texts = [cell.get_text() for cell in cells_of(row)]
        shares = [FULL_WIDTH * width / sum(widths) - 8 for width in widths]
        total += max(_lines(text, share, size) for text, share in zip(texts, shares, strict=True))
        if total > LAST_LINES:
            break
        kept += 1
    return kept


def _label(page: str, anchor: str) -> str:
    return f"{page.removesuffix('.html')}:{anchor}"


def _has_class(tag: Tag, *names: str) -> bool:
    return any(name in tag.get_attribute_list("class") for name in names)


def _alignment(cell: Tag) -> str:
    return "right" if _has_class(cell, "nombre") else "left"


def _is_named(row: Tag) -> bool:
    """Whether the first cell of a row is its head."""
    first = row.find(["th", "td"])
    return isinstance(first, Tag) and first.name == "th"


def _breakable(text: str) -> str:
    """A text whose endless words may be cut between two lines: a PDF holds no string of any length.

    >>> _breakable("a" * 100).split(ZERO_WIDTH_SPACE) == ["a" * 80, "a" * 20]
    True
    """
    return _ENDLESS.sub(lambda match: match[0] + ZERO_WIDTH_SPACE, text)
