"""What a chapter's cell shows: a block of accessible HTML, in JupyterLab as on the site."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Block:
    """A fragment of HTML that a notebook displays and the book takes in."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __add__(self, other: Block) -> Block:
        return Block("\n".join(part for part in (self.html, other.html) if part))


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, and whether it holds numbers (aligned on the right)."""

    head: str
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of HTML cells; the first cell of each row names it.

    ``anchor`` is made from what the table is. ``note`` is HTML under the table: sources, limits.
    """

    anchor: str
    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]] = field(default_factory=tuple)
    note: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.anchor}: a row of {len(row)} cells for {len(self.columns)}")

    def block(self) -> Block:
        """The table in a region that scrolls by itself on a narrow screen."""
        note = f'<p class="note">{self.note}</p>' if self.note else ""
        return Block(
            f'<div class="tableau" id="{self.anchor}" role="region" tabindex="0"'
            f' aria-label="{html.escape(self.caption)}">{self.inner()}</div>{note}'
        )

    def inner(self) -> str:
        """The bare table element."""
        heads = "".join(
            f'<th scope="col"{_numeric(column)}>{html.escape(column.head, quote=False)}</th>'
            for column in self.columns
        )
        body = "".join(f"<tr>{self._cells(row)}</tr>" for row in self.rows)
        caption = html.escape(self.caption, quote=False)
        return (
            f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _cells(self, row: Sequence[str]) -> str:
        first, *others = row
        cells = [f'<th scope="row">{first}</th>']
        for column, cell in zip(self.columns[1:], others, strict=True):
            cells.append(f"<td{_numeric(column)}>{cell}</td>")
        return "".join(cells)


def number(text: str, value: float | None, unit: str) -> str:
    """HTML whose number a program can read too: the value as it is shown, and its unit; escaped already.

    >>> number("21 203,5", 21203.5, "euros")
    '<data value="21203.5" data-unite="euros">21 203,5</data>'
    """
    if value is None:
        return text
    return f'<data value="{value:.15g}" data-unite="{html.escape(unit)}">{text}</data>'


def _numeric(column: Column) -> str:
    return ' class="nombre"' if column.numeric else ""


@dataclass(frozen=True)
class Chart:
    """A chart as SVG, with what a reader who does not see it needs.

    ``alt`` describes it in words, its kind in the first sentence (the image's short alternative is that
    kind and the caption; the whole stands under the figure), ``data`` holds the values that it draws, ``note`` (HTML) tells the
    zone shown, its limits and the sources.
    """

    anchor: str
    caption: str
    svg: bytes
    alt: str
    note: str
    data: Table

    def block(self) -> Block:
        image = base64.b64encode(self.svg).decode("ascii")
        kind = self.alt.partition(". ")[0].removesuffix(".")
        alt = f"{kind} : {self.caption}. La description complète suit la figure."
        return Block(
            f'<figure id="{self.anchor}">'
            f'<img src="data:image/svg+xml;base64,{image}" alt="{html.escape(alt)}">'
            f"<figcaption>{html.escape(self.caption, quote=False)}</figcaption>"
            f'<p class="note">{self.note}</p>'
            f'<details class="donnees"><summary>Description et données de la figure</summary>'
            f'<p class="description">{html.escape(self.alt, quote=False)}</p>'
            f'<div class="tableau" role="region" tabindex="0"'
            f' aria-label="{html.escape(self.data.caption)}">{self.data.inner()}</div></details>'
            f"</figure>"
        )
