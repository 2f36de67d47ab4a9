"""What a chapter's cell shows: a block of accessible HTML, in JupyterLab as on the site."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.noyau.french import NBSP, THIN_NBSP
from analysis.noyau.periods import Period

if TYPE_CHECKING:  # what shows a drawing draws nothing
    from analysis.presentation.drawing.style import Drawing

NARROW_SCREEN = "screen and (max-width: 40rem)"
"""The screens on which a chart is drawn for a phone."""

FEWEST_POINTS = 4
"""A chart of fewer points says less than a sentence: see ``too_few``."""


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

    ``anchor`` is made from what the table is. ``note`` is HTML under the table: sources, limits. The numbers
    of a column that are of one unit show as many decimals; those that a source prints stay as they are.
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
        columns = [_even(column) for column in zip(*self.rows, strict=True)]
        body = "".join(f"<tr>{self._cells(row)}</tr>" for row in zip(*columns, strict=True))
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


def dated(period: Period, shown: str = "") -> str:
    """HTML of a period that a program can read and sort too, by its days; ``shown`` is HTML, else its label.

    >>> dated(Period("2017-T1"))
    '<time datetime="2017-01-01" data-fin="2017-03-31">1er trimestre 2017</time>'
    """
    return f'<time datetime="{period.start}" data-fin="{period.end}">{shown or period.label}</time>'


def ranked(text: str, key: float) -> str:
    """HTML of words that a table sorts by what they mean: their rank, the low end of what they say.

    >>> ranked("une quarantaine", 35)
    '<span data-tri="35">une quarantaine</span>'
    """
    return f'<span data-tri="{key:.15g}">{text}</span>'


_NUMBER = re.compile(
    rf'<data value="(?P<value>[^"]*)" data-unite="(?P<unit>[^"]*)">(?:<a (?![^>]*registre\.html)[^>]*>)?'
    rf"[+−]?\d[\d{THIN_NBSP}]*(?:,(?P<decimals>\d+))?"
)


def _even(cells: Sequence[str]) -> list[str]:
    """The cells of a column, the numbers of each unit with as many decimals as the longest of them.

    A unit that has a number of a thousand or more stays as it is: large numbers are told whole.

    >>> _even([number("10", 10, "%"), number("9,9", 9.9, "%"), "secret"])[0]
    '<data value="10" data-unite="%">10,0</data>'
    """
    most: dict[str, int] = {}
    found = [match for cell in cells for match in _NUMBER.finditer(cell)]
    large = {match["unit"] for match in found if abs(float(match["value"])) >= 1000}
    for match in found:
        if match["unit"] not in large:
            most[match["unit"]] = max(most.get(match["unit"], 0), len(match["decimals"] or ""))

    def completed(match: re.Match[str]) -> str:
        decimals = match["decimals"] or ""
        missing = "0" * (most.get(match["unit"], 0) - len(decimals))
        return match[0] + ("," if missing and not decimals else "") + missing

    return [_NUMBER.sub(completed, cell) for cell in cells]


def _numeric(column: Column) -> str:
    return ' class="nombre"' if column.numeric else ""


@dataclass(frozen=True)
class Chart:
    """A chart, with what a reader needs to read it, or to do without seeing it.

    ``caption`` states the finding, made from released numbers; ``subtitle`` says what is drawn, its unit and
    of whom. ``lecture`` reads one of its points in a sentence, ``champ`` names the population (both HTML).
    ``alt`` describes the chart in words, the finding first (the image's short alternative is its first
    sentence; the whole stands under the figure); ``data`` holds the values that it draws; ``note`` (HTML)
    tells its limits and its sources.
    """

    anchor: str
    caption: str
    drawing: Drawing
    alt: str
    note: str
    data: Table
    subtitle: str = ""
    lecture: str = ""
    champ: str = ""

    def block(self) -> Block:
        return Block(
            f'<figure id="{self.anchor}">'
            f"<figcaption>{html.escape(self.caption, quote=False)}</figcaption>"
            f"{_said('sous-titre', html.escape(self.subtitle, quote=False))}"
            f"{self._picture()}"
            f"{_said('lecture', self.lecture)}{_said('champ', self.champ)}{_said('note', self.note)}"
            f'<details class="donnees"><summary>Description et données de la figure</summary>'
            f'<p class="description">{html.escape(self.alt, quote=False)}</p>'
            f'<div class="tableau" role="region" tabindex="0"'
            f' aria-label="{html.escape(self.data.caption)}">{self.data.inner()}</div></details>'
            f"</figure>"
        )

    def _picture(self) -> str:
        """The drawing for a page, and the one that takes its place on a narrow screen."""
        alt = f"{self.alt.partition('. ')[0].removesuffix('.')}. La description complète suit la figure."
        return (
            f'<picture><source media="{NARROW_SCREEN}" srcset="{inline_svg(self.drawing.narrow)}">'
            f'<img src="{inline_svg(self.drawing.wide)}" alt="{html.escape(alt)}"></picture>'
        )


def inline_svg(svg: bytes) -> str:
    """A picture as the address of itself."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode('ascii')}"


def too_few(what: str, points: Sequence[str], *, anchor: str, note: str = "") -> Block:
    """The sentence that stands for a chart of fewer than ``FEWEST_POINTS``: what is counted, every value.

    ``points`` (HTML, one at least) each tell a value with its date; ``note`` (HTML) tells limits and sources.
    Raises ValueError without any point: what is missing has a sentence of its own.

    >>> block = too_few("Salariés", ["25 (février 2017)", "87 (février 2021)"], anchor="effectifs")
    >>> block.html.replace(NBSP, " ")
    '<p class="peu-de-points" id="effectifs">Salariés : 25 (février 2017) ; 87 (février 2021).</p>'
    """
    if not points:
        raise ValueError(f"{anchor}: no point to tell")
    said = f"{html.escape(what, quote=False)}{NBSP}: {f'{NBSP}; '.join(points)}."
    return Block(f'<p class="peu-de-points" id="{anchor}">{said}</p>{_said("note", note)}')


def _said(kind: str, words: str) -> str:
    """A paragraph of a figure, or nothing where there are no words."""
    return f'<p class="{kind}">{words}</p>' if words else ""
