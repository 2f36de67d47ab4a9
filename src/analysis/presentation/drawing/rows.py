"""Charts of one row a place, a period or a category: bars, pairs of dots, shares, opinions on two sides.

What has no value is drawn as a word with its own look, and never as a length: « secret » is hatched, « absent »
is an empty box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.presentation.drawing.style import (
    ACCENT,
    AMBER,
    ASH,
    BLUE,
    GREY,
    INK,
    PALE,
    PLUM,
    SKY,
    WHITE,
    Frame,
    drawn,
)
from analysis.presentation.numbers import decimal

SHADES = (ACCENT, BLUE, AMBER, SKY, PLUM, PALE)
"""The colours of the parts of a bar, of different lightness when printed in grey."""

HATCH: Final = "/////"
"""The look of what is withheld."""

SIZE: Final = 8.5
"""The points of the smallest text."""

_DARK = frozenset({ACCENT, BLUE, PLUM})
_BAR = 0.18
"""Inches of the height of a bar."""
_LINE = 0.152
"""Inches of a line of text."""
_LETTER = 0.064
"""Inches of a letter, on average."""
_LONGEST = 3
"""The lines of a name or a title, at most."""


@dataclass(frozen=True)
class Bar:
    """One value of a row: its length, None where there is none, and the words beside it."""

    value: float | None
    text: str


@dataclass(frozen=True)
class Bars:
    """One set of bars, a row each, under its title."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Pair:
    """Two values of a row, None where one is missing, and the words for what is missing."""

    first: float | None
    second: float | None
    missing: str = ""


@dataclass(frozen=True)
class Divide:
    """A row of a diverging chart: the percents on each side, the interval of the right one.

    A side that is missing (None) says so in a word.
    """

    left: float | None
    right: float | None
    low: float | None = None
    high: float | None = None
    missing: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Split:
    """A row of a hundred percent: each part's percent, None where it is not known.

    ``rest`` names what is left of a hundred: it is drawn hatched, without a number. A row without any part
    has no bar, and ``rest`` stands in its place. ``span`` is the interval of the first part, drawn under its
    end. Raises ValueError for a part that is negative, for parts of
    more than a hundred, and for a row that does not name what it lacks.
    """

    parts: tuple[float | None, ...]
    rest: str = ""
    span: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if any(part < 0 for part in self.known) or sum(self.known) > 100.01:
            raise ValueError(f"no parts of a hundred: {self.parts}")
        if None in self.parts and not self.rest:
            raise ValueError("a part is not known, and nothing says so")

    @property
    def known(self) -> tuple[float, ...]:
        return tuple(part for part in self.parts if part is not None)


@dataclass(frozen=True)
class Margin:
    """Where the names of rows stand: beside them, or above them where a phone has no room beside.

    ``pitch`` is the height of a row and ``width`` what the names take of the width, in inches.
    """

    names: tuple[str, ...]
    is_above: bool
    pitch: float
    width: float

    @property
    def bar(self) -> float:
        """The height of a bar, in rows."""
        return _BAR / self.pitch


def margin_of(frame: Frame, rows: Sequence[str]) -> Margin:
    """The margin that these names take in a frame."""
    beside = 20 if frame.is_narrow else 40
    is_above = frame.is_narrow and any(len(row) > 2 * beside for row in rows)
    names = tuple(folded(row, 46 if is_above else beside) for row in rows)
    lines = max(name.count("\n") + 1 for name in names)
    if is_above:
        return Margin(names, is_above, _BAR + _LINE * lines + 0.14, 0)
    widest = max(len(line) for name in names for line in name.split("\n"))
    return Margin(names, is_above, max(0.27, _LINE * lines + 0.08), _LETTER * widest + 0.1)


def folded(text: str, width: int, *, breaks_words: bool = True) -> str:
    """A text on a few lines, cut with an ellipsis where it is longer."""
    lines = [line for part in text.split("\n") for line in wrap(part, width, break_long_words=breaks_words)]
    if len(lines) > _LONGEST:
        lines = [*lines[: _LONGEST - 1], f"{lines[_LONGEST - 1][: width - 1]}…"]
    return "\n".join(lines)


@drawn
def bars_svg(
    frame: Frame, rows: Sequence[str], panels: Sequence[Bars], *, emphasis: Sequence[str] = ()
) -> Figure:
    """Panels of horizontal bars, the rows named on the left, values at the ends.

    On a page they stand side by side and the rows are named once; on a phone one under another. All have the
    same unit and the same scale. The rows of ``emphasis`` are in colour and the others in grey; without any,
    all are in colour.
    """
    margin = margin_of(frame, rows)
    per_line = 1 if frame.is_narrow else len(panels)
    figure, all_axes = figure_of(frame, margin, panels=len(panels))
    width = (frame.width - margin.width) / per_line - 0.2
    span = max(sum(_reach(panel.bars, side, width) for side in (-1, 1)) for panel in panels)
    for axes, panel in zip(all_axes, panels, strict=True):
        for number, (row, bar) in enumerate(zip(rows, panel.bars, strict=True)):
            _draw_bar(axes, number, bar, margin, ACCENT if not emphasis or row in emphasis else ASH)
        left = _reach(panel.bars, -1, width)
        axes.set_xlim(-left, (span or 1.0) - left)
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_title(folded(panel.title, int((width + 0.25) / _LETTER)), fontsize=9)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
    name_rows(all_axes, margin, rows, emphasis)
    return figure


@drawn
def diverging_svg(
    frame: Frame, rows: Sequence[str], divides: Sequence[Divide], names: tuple[str, str]
) -> Figure:
    """One bar a row on each side of zero, the left and the right share, with the interval of the right one.

    ``names`` are what is on the left and on the right. Each side is as long as its longest bar asks.
    """
    margin = margin_of(frame, rows)
    figure, (axes,) = figure_of(frame, margin, extra=_legend_height(frame, names) + 0.25)
    for number, divide in enumerate(divides):
        _draw_divide(axes, number, divide, margin)
    for name, colour in zip(names, (ACCENT, BLUE), strict=True):
        axes.barh([0], [0], color=colour, label=name)
    _legend(figure, frame, names)
    axes.axvline(0, color=INK, linewidth=1)
    left = max((d.left for d in divides if d.left is not None), default=10.0)
    ends = [end for d in divides for end in (d.right, d.high) if end is not None]
    axes.set_xlim(-1.12 * left - 12, 1.12 * max(ends, default=10.0) + 4)
    axes.set_xticks([tick for tick in range(-100, 101, 25) if -left - 12 <= tick <= max(ends, default=10.0)])
    number_axis(axes, "%")
    axes.xaxis.set_major_formatter(lambda value, _: decimal(abs(value), 0))
    name_rows([axes], margin, rows)
    return figure


@drawn
def pairs_svg(
    frame: Frame,
    rows: Sequence[str],
    pairs: Sequence[Pair],
    names: tuple[str, str],
    *,
    unit: str,
    emphasis: Sequence[str] = (),
) -> Figure:
    """Two dots a row, joined: a disc and a diamond, named above; a missing one says so in a word."""
    margin = margin_of(frame, rows)
    figure, (axes,) = figure_of(frame, margin, extra=_legend_height(frame, names) + 0.25)
    known = [value for pair in pairs for value in (pair.first, pair.second) if value is not None]
    low, high = _span(known)
    for number, pair in enumerate(pairs):
        _draw_pair(axes, number, pair)
    for name, colour, marker in zip(names, (ACCENT, BLUE), ("o", "D"), strict=True):
        axes.plot([], [], linestyle="none", marker=marker, color=colour, label=name)
    _legend(figure, frame, names)
    axes.set_xlim(low - 0.05 * (high - low), high + 0.05 * (high - low))
    number_axis(axes, unit)
    name_rows([axes], margin, rows, emphasis)
    return figure


@drawn
def shares_svg(
    frame: Frame,
    rows: Sequence[str],
    names: Sequence[str],
    splits: Sequence[Split],
    *,
    emphasis: Sequence[str] = (),
) -> Figure:
    """One bar of a hundred percent a row, cut in its parts; a part is told inside where it has the room.

    What is left of a hundred is hatched and has no number.
    """
    margin = margin_of(frame, rows)
    rests = list(dict.fromkeys(split.rest for split in splits if split.known and split.rest))
    legend = [*names, *rests]
    figure, (axes,) = figure_of(frame, margin, extra=_legend_height(frame, legend) + 0.1)
    for position, name in enumerate(names):
        axes.barh([0], [0], color=SHADES[position % len(SHADES)], label=name)
    for rest in rests:
        axes.barh([0], [0], label=rest, **_look(rest))
    roomy = 100 * 0.2 / (frame.width - margin.width - 0.2)
    for number, split in enumerate(splits):
        _draw_split(axes, number, split, margin, roomy)
    _legend(figure, frame, legend)
    axes.set_xlim(0, 100)
    number_axis(axes, "%")
    name_rows([axes], margin, rows, emphasis)
    return figure


def figure_of(
    frame: Frame, margin: Margin, *, panels: int = 1, extra: float = 0.0
) -> tuple[Figure, list[Axes]]:
    """A figure as high as its rows ask, and its axes: panels one under another on a phone."""
    lines, columns = (panels, 1) if frame.is_narrow else (1, panels)
    height = lines * (0.75 + margin.pitch * max(len(margin.names), 2)) + extra
    figure = Figure(figsize=(frame.width, height), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharey=columns > 1)
    return figure, list(grid.flat)


def name_rows(
    all_axes: Sequence[Axes], margin: Margin, rows: Sequence[str], emphasis: Sequence[str] = ()
) -> None:
    """The names of the rows, the first row at the top."""
    above = (margin.pitch - _BAR) / margin.pitch if margin.is_above else 0
    strong = {name for name, row in zip(margin.names, rows, strict=True) if row in emphasis}
    for axes in all_axes:
        axes.tick_params(length=0, labelsize=SIZE)
        axes.spines["left"].set_visible(False)
        axes.set_yticks(range(len(rows)), [""] * len(rows) if margin.is_above else margin.names)
        axes.set_ylim(len(rows) - 0.4, -0.6 - above / 2)
        labels = _named_above(axes, margin) if margin.is_above else axes.get_yticklabels()
        for label in labels:
            if label.get_text() in strong:
                label.set_fontweight("semibold")


def _named_above(axes: Axes, margin: Margin) -> list[Any]:
    return [
        axes.annotate(
            name,
            (0, number),
            (0, 36 * _BAR + 2),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="bottom",
            fontsize=SIZE,
            bbox={"facecolor": WHITE, "edgecolor": "none", "boxstyle": "square,pad=0.1"},
        )
        for number, name in enumerate(margin.names)
    ]


def number_axis(axes: Axes, unit: str) -> None:
    """French numbers below, their unit under them, pale lines up."""
    axes.xaxis.set_major_formatter(lambda value, _: decimal(value, 2))
    axes.set_xlabel(unit, fontsize=SIZE, color=GREY)
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)


def write_gap(axes: Axes, x: float, y: float, words: str, *, side: int = 1, in_margin: bool = False) -> None:
    """A word where a value is missing, after the box that tells why: hatched for what is withheld, empty else.

    ``in_margin`` is for rows of dots on an axis of numbers, where what has no value has no place: ``x`` is then
    a share of the width, 1 its right end.
    """
    away = 4
    look = {**_look(words), "boxstyle": "square,pad=0"}
    for text, distance, box in (("   ", away, look), (words, away + 13, None)):
        axes.annotate(
            text,
            (x, y),
            (side * distance, 0),
            xycoords=("axes fraction" if in_margin else "data", "data"),
            textcoords="offset points",
            ha="left" if side > 0 else "right",
            va="center",
            fontsize=SIZE,
            color=GREY,
            bbox=box,
        )


def gap_cell(axes: Axes, column: int, row: int, words: str) -> None:
    """A cell of a table of shades that has no number: its look, and its word on a clear ground."""
    axes.add_patch(Rectangle((column + 0.03, row + 0.08), 0.94, 0.84, **_look(words)))
    clear = {"facecolor": WHITE, "edgecolor": "none", "boxstyle": "square,pad=0.15"}
    axes.text(column + 0.5, row + 0.5, words, ha="center", va="center", fontsize=SIZE, color=GREY, bbox=clear)


def _look(words: str) -> dict[str, Any]:
    """How what has no number looks: hatched where some of it is withheld."""
    is_withheld = "secret" in words
    return {
        "facecolor": WHITE,
        "edgecolor": GREY,
        "linewidth": 0.8,
        "hatch": HATCH if is_withheld else None,
        "linestyle": "-" if is_withheld else (0, (1, 1)),
    }


def _span(known: Sequence[float]) -> tuple[float, float]:
    """Where an axis of dots begins and ends: at zero, or near the lowest where all are far from it."""
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    if 0 < high < 2 * low and low < high:
        return low - 0.25 * (high - low), high
    return min(0.0, low), max(1.0, high)


def _reach(bars: Sequence[Bar], side: int, width: float) -> float:
    """How far an axis of that width goes on one side for the bars and the words at their ends."""
    reached = [
        abs(bar.value) / max(0.2, 1 - (_LETTER * len(bar.text) + 0.1) / width)
        for bar in bars
        if bar.value is not None and bar.value * side > 0
    ]
    return max(reached, default=0.0)


def _draw_bar(axes: Axes, number: int, bar: Bar, margin: Margin, colour: str) -> None:
    if bar.value is None:
        write_gap(axes, 0, number, bar.text)
        return
    axes.barh([number], [bar.value], height=margin.bar, color=colour)
    side = -1 if bar.value < 0 else 1
    axes.annotate(
        bar.text,
        (bar.value, number),
        (3 * side, 0),
        textcoords="offset points",
        ha="left" if side > 0 else "right",
        va="center",
        fontsize=SIZE,
    )


def _draw_divide(axes: Axes, number: int, divide: Divide, margin: Margin) -> None:
    sides = ((divide.left, -1, ACCENT), (divide.right, 1, BLUE))
    for (value, side, colour), missing in zip(sides, divide.missing, strict=True):
        if value is None:
            write_gap(axes, 0, number, missing, side=side)
            continue
        end = value
        if side > 0 and divide.low is not None and divide.high is not None:
            end = divide.high
            axes.plot([divide.low, end], [number, number], color=INK, linewidth=1.6, marker="|", zorder=3)
        axes.barh([number], [side * value], height=margin.bar, color=colour)
        axes.annotate(
            decimal(value, 0),
            (side * end, number),
            (4 * side, 0),
            textcoords="offset points",
            ha="left" if side > 0 else "right",
            va="center",
            fontsize=SIZE,
        )


def _draw_pair(axes: Axes, number: int, pair: Pair) -> None:
    known = [value for value in (pair.first, pair.second) if value is not None]
    if pair.missing:
        write_gap(axes, 1, number, pair.missing, in_margin=True)
    if len(known) > 1:
        axes.plot(known, [number, number], color=GREY, linewidth=1.2, zorder=1)
    for value, colour, marker in ((pair.first, ACCENT, "o"), (pair.second, BLUE, "D")):
        if value is not None:
            axes.plot(value, number, marker=marker, markersize=6.5, color=colour, zorder=2)


def _draw_split(axes: Axes, number: int, split: Split, margin: Margin, roomy: float) -> None:
    """The known parts one after another, those of at least ``roomy`` percent with their number, then the rest."""
    if not split.known:
        write_gap(axes, 0, number, split.rest)
        return
    start = 0.0
    for position, value in enumerate(split.parts):
        if value is None:
            continue
        colour = SHADES[position % len(SHADES)]
        axes.barh([number], [value], left=start, height=1.1 * margin.bar, color=colour, edgecolor=WHITE)
        if value >= roomy:
            axes.text(
                start + value / 2,
                number,
                decimal(value, 0),
                ha="center",
                va="center",
                fontsize=SIZE,
                color=WHITE if colour in _DARK else INK,
            )
        start += value
    if None in split.parts:
        axes.barh([number], [100 - start], left=start, height=1.1 * margin.bar, **_look(split.rest))
    if split.span:
        under = number + 0.68 * margin.bar
        axes.plot(split.span, [under, under], color=INK, linewidth=1.4, marker="|", markersize=5, zorder=3)


def _legend(figure: Figure, frame: Frame, names: Sequence[str]) -> None:
    figure.legend(loc="outside upper left", ncols=_legend_columns(frame, names), frameon=False, fontsize=SIZE)


def _legend_height(frame: Frame, names: Sequence[str]) -> float:
    return 0.2 * -(-len(names) // _legend_columns(frame, names))


def _legend_columns(frame: Frame, names: Sequence[str]) -> int:
    """As many names a line as the frame has room for."""
    widest = max(len(name) for name in names)
    return min(len(names), max(1, int(frame.width / (_LETTER * widest + 0.5))))
