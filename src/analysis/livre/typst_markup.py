"""The HTML of an article as Typst markup: a closed set of elements, an unknown one is an error."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag

from analysis.livre.typesetting import typeset
from analysis.noyau.errors import BilanError

_DROPPED = {"details", "svg", "script", "style", "nav", "noscript"}
_TRANSPARENT = {"body", "main", "thead", "tbody"}
_INLINE = {"em": "emph", "i": "emph", "strong": "strong", "b": "strong", "s": "strike"}

WIDE_COLUMNS, WIDE_TEXT = 8, 260
"""A table with as many columns and as many characters across stands on a page of its own, turned."""

FULL_WIDTH, TALLEST = 465, 560
"""Points: the width of the text, and the tallest image that leaves room for its caption."""

ZERO_WIDTH_SPACE = "\u200b"
_ENDLESS = re.compile(r"\S{80}(?=\S)")

DENSE_COLUMNS = 6
"""From this number of columns on, a table is set smaller."""


def string(text: str) -> str:
    """A Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


class Markup:
    """Turns articles into Typst; keeps the labels that links of the whole book may lead to.

    ``articles`` maps each page's name to its HTML; images are written into ``folder``.
    """

    def __init__(self, articles: dict[str, str], folder: Path) -> None:
        self.folder = folder
        self.images = 0
        self.soups = {name: BeautifulSoup(typeset(text), "lxml") for name, text in articles.items()}
        self.labels = {
            (f"{name}.html", str(tag["id"]))
            for name, soup in self.soups.items()
            for tag in soup.find_all(id=True)
            if tag.find_parent(["svg", "details"]) is None and tag.name not in ("svg", "title")
        }
        self.page = ""
        self.rank = ""
        self.notes: dict[str, Tag] = {}
        self.called: set[str] = set()

    def article(self, name: str, *, rank: str = "") -> str:
        """The Typst markup of one page; its ``rank`` in the book stands before its title."""
        self.page, self.rank = f"{name}.html", rank
        body = self.soups[name].body
        self.notes = {str(li["id"]): li for li in body.select("section.notes li")} if body else {}
        self.called = set()
        return self.blocks(body.children) if body else ""

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
            **dict.fromkeys(("h1", "h2", "h3", "h4"), self.heading),
        }
        if node.name in makers:
            return makers[node.name](node)
        return self.inline(node)

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
        if _has_class(tag, "note", "absence", "signature"):
            return f"#note[{self.inlines(tag)}]\n\n"
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
        self.images += 1
        name = f"figure-{self.images}.svg"
        content = str(image["src"]).partition("base64,")[2]
        (self.folder / name).write_bytes(base64.b64decode(content))
        description = tag.find("p", class_="description")
        alt = string(description.get_text() if isinstance(description, Tag) else str(image["alt"]))
        width = _share_of_page(base64.b64decode(content))
        notes = "".join(self.paragraph(p) for p in tag.find_all("p", recursive=False))
        return (
            f"#figure(image({string(name)}, alt: {alt}, width: {width}), "
            f"caption: [{self.inlines(caption)}]){self.label(tag)}\n{notes}"
        )

    def table(self, tag: Tag) -> str:
        rows = tag.find_all("tr")
        widths = column_widths(rows)
        columns = ", ".join(f"{width}fr" for width in widths)
        aligns = ", ".join("right" if _has_class(cell, "nombre") else "left" for cell in _cells(rows[-1]))
        head = ", ".join(f"[{self.inlines(cell)}]" for cell in _cells(rows[0]))
        cells = ", ".join(
            f"[{self.anchor(row) if position == 0 else ''}{self.inlines(cell)}]"
            for row in rows[1:]
            for position, cell in enumerate(_cells(row))
        )
        caption = tag.caption
        words = f"[{self.inlines(caption)}]" if caption else "none"
        size = "7.5pt" if len(widths) >= DENSE_COLUMNS else "8.5pt"
        table = (
            f"#figure(kind: table, caption: {words}, text(size: {size}, table(columns: ({columns}), "
            f"align: ({aligns},), table.header({head}), {cells})))\n\n"
        )
        return f"#page(flipped: true)[\n{table}]\n" if _is_wide(rows) else table

    def items(self, tag: Tag, kind: str) -> str:
        if _has_class(tag, "liste-figures"):
            return "".join(self.reference(item) for item in tag.find_all("li", recursive=False)) + "\n"
        items = ", ".join(f"[{self.inlines(item)}]" for item in tag.find_all("li", recursive=False))
        return f"#{kind}({items})\n\n"

    def reference(self, item: Tag) -> str:
        """A line of the list of figures and tables, with the page of what it names."""
        link = item.a
        parts = urlsplit(str(link["href"])) if link else None
        target = (parts.path, parts.fragment) if parts else ("", "")
        if target not in self.labels:
            return f"{self.inlines(item)}\n\n"
        return f"#renvoi(<{_label(*target)}>)[#{string(item.get_text())}]\n\n"

    def definitions(self, tag: Tag) -> str:
        items = []
        for term in tag.find_all("dt", recursive=False):
            description = term.find_next_sibling("dd")
            text = self.inlines(description) if isinstance(description, Tag) else ""
            items.append(f"terms.item([{self.inlines(term)}], [{self.anchor(term)}{text}])")
        return f"#terms({', '.join(items)})\n\n"

    def inlines(self, tag: Tag) -> str:
        return "".join(self.inline(node) for node in tag.children)

    def inline(self, node: PageElement) -> str:
        if isinstance(node, NavigableString):
            return f"#{string(_breakable(str(node)))};" if str(node) else ""
        if not isinstance(node, Tag) or node.name in _DROPPED:
            return ""
        if node.name == "a":
            return self.link(node)
        if node.name == "sup":
            return self.note_call(node) if node.a else f"#super[{self.inlines(node)}];"
        if node.name in ("data", "time"):
            return self.inlines(node)
        if node.name == "br":
            return "#linebreak();"
        if node.name == "code":
            return f"#raw({string(node.get_text())});"
        if node.name in _INLINE:
            return f"#{_INLINE[node.name]}[{self.inlines(node)}];"
        if node.name == "span":
            if _has_class(node, "numero"):
                return f"#numero[{self.inlines(node)}];"
            return self.inlines(node)
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
        target = (parts.path or self.page, parts.fragment or "titre")
        if target in self.labels:
            return f"#link(<{_label(*target)}>)[{words}];"
        return words

    def label(self, tag: Tag) -> str:
        anchor = tag.get("id")
        return f" <{_label(self.page, str(anchor))}>" if anchor else ""

    def anchor(self, tag: Tag) -> str:
        """An invisible place that a link may lead to."""
        return f"#[#metadata(none){self.label(tag)}]" if tag.get("id") else ""


def _share_of_page(svg: bytes) -> str:
    """The width of an image in the text: a small one keeps its size, a tall one fits on its page."""
    sizes = {
        name: float(value)
        for name, value in re.findall(r'(width|height)="([\d.]+)pt"', svg[:2000].decode("utf-8"))
    }
    if set(sizes) != {"width", "height"}:
        return "100%"
    share = min(1.0, sizes["width"] / FULL_WIDTH, TALLEST / sizes["height"] * sizes["width"] / FULL_WIDTH)
    return f"{100 * share:.0f}%"


def _label(page: str, anchor: str) -> str:
    return f"{page.removesuffix('.html')}:{anchor}"


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["th", "td"], recursive=False)


def _has_class(tag: Tag, *names: str) -> bool:
    return any(name in tag.get_attribute_list("class") for name in names)


def _longest(rows: list[Tag]) -> list[int]:
    """The longest text of each column, the heads left out where there are rows."""
    columns = zip(*map(_cells, rows[1:] or rows), strict=True)
    return [max(len(cell.get_text()) for cell in column) for column in columns]


def _is_wide(rows: list[Tag]) -> bool:
    lengths = _longest(rows)
    return len(lengths) >= WIDE_COLUMNS and sum(lengths) >= WIDE_TEXT


def _breakable(text: str) -> str:
    """A text whose endless words may be cut between two lines: a PDF holds no string of any length.

    >>> _breakable("a" * 100).split(ZERO_WIDTH_SPACE) == ["a" * 80, "a" * 20]
    True
    """
    return _ENDLESS.sub(lambda match: match[0] + ZERO_WIDTH_SPACE, text)


def column_widths(rows: list[Tag]) -> list[int]:
    """Widths of columns that grow with the square root of their longest text, within bounds."""
    heads = [max((len(word) for word in cell.get_text().split()), default=0) for cell in _cells(rows[0])]
    lengths = [max(longest, 3 * head) for longest, head in zip(_longest(rows), heads, strict=True)]
    return [round(10 * min(max(length, 9), 120) ** 0.5) for length in lengths]
