"""Charts of one row a place, a period or a category: bars, pairs of dots, shares, clouds of dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.presentation.numbers import decimal
from analysis.presentation.style import (
    ACCENT,
    AMBER,
    BLUE,
    GREY,
    INK,
    PALE,
    PLUM,
    SKY,
    Frame,
    drawn,
)

SHADES = (ACCENT, BLUE, AMBER, SKY, PLUM, PALE)
"""The colours of the parts of a bar, of different lightness when printed in grey."""

_DARK = frozenset({ACCENT, BLUE, PLUM})
_ROW = 0.27
"""Inches of a row."""


@dataclass(frozen=True)
class Bar:
    """One value of a row: its length (None where there is none) and the words beside it."""

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


@drawn
def diverging_svg(
    frame: Frame, rows: Sequence[str], divides: Sequence[Divide], names: tuple[str, str]
) -> Figure:
    """One bar a row on each side of zero, the left and the right share, with the interval of the right one.

    ``names`` are what is on the left and on the right.
    """
    figure, (axes,) = _figure(frame, len(rows), 1, extra=0.5)
    for number, divide in enumerate(divides):
        _draw_divide(axes, number, divide)
    for name, colour in zip(names, (ACCENT, BLUE), strict=True):
        axes.barh([0], [0], color=colour, label=name)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_xlim(-112, 112)
    axes.set_xticks([-100, -50, 0, 50, 100])
    _number_axis(axes, "%")
    axes.xaxis.set_major_formatter(lambda value, _: decimal(abs(value), 0))
    _name_rows([axes], rows, ())
    return figure


@drawn
def bars_svg(
    frame: Frame, rows: Sequence[str], panels: Sequence[Bars], *, emphasis: Sequence[str] = ()
) -> Figure:
    """Panels of horizontal bars, the rows named on the left, values at the ends.

    On a page they stand side by side and the rows are named once; on a phone one under another.

    The rows of ``emphasis`` (all the territories together) have another colour.
    """
    figure, all_axes = _figure(frame, len(rows), len(panels))
    per_line = 1 if frame.is_narrow else len(panels)
    for axes, panel in zip(all_axes, panels, strict=True):
        lengths = [bar.value or 0.0 for bar in panel.bars]
        colours = [BLUE if row in emphasis else ACCENT for row in rows]
        axes.barh(range(len(rows)), lengths, height=0.66, color=colours)
        low, high = min(0.0, *lengths), max(0.0, *lengths)
        span = (high - low) or 1.0
        room = span * (0.42 if per_line < 4 else 0.85)
        axes.set_xlim(low - (room if low < 0 else 0), high + (room if high > 0 else 0))
        axes.axvline(0, color=GREY, linewidth=0.8)
        for number, bar in enumerate(panel.bars):
            _write_end(axes, number, bar)
        axes.set_title(fill(panel.title, 48 // per_line), fontsize=9)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
    _name_rows(all_axes, rows, emphasis)
    return figure


@drawn
def pairs_svg(
    frame: Frame, rows: Sequence[str], pairs: Sequence[Pair], names: tuple[str, str], *, unit: str
) -> Figure:
    """Two dots a row, joined: a disc and a diamond, named above, with their values."""
    figure, (axes,) = _figure(frame, len(rows), 1, extra=0.45)
    known = [value for pair in pairs for value in (pair.first, pair.second) if value is not None]
    low, high = min(0.0, *known, 0.0), max(1.0, *known, 1.0)
    for number, pair in enumerate(pairs):
        _draw_pair(axes, number, pair)
    for name, colour, marker in zip(names, (ACCENT, BLUE), ("o", "D"), strict=True):
        axes.plot([], [], linestyle="none", marker=marker, color=colour, label=name)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    axes.set_xlim(low - 0.12 * (high - low), high + 0.12 * (high - low))
    _number_axis(axes, unit)
    _name_rows([axes], rows, ())
    return figure


@drawn
def shares_svg(
    frame: Frame, rows: Sequence[str], names: Sequence[str], shares: Sequence[Sequence[float]]
) -> Figure:
    """One bar of a hundred percent a row, cut in its parts; a part is told inside where it has the room."""
    columns = 3 if max(len(name) for name in names) < 24 else 2
    figure, (axes,) = _figure(frame, len(rows), 1, extra=0.3 + 0.22 * -(-len(names) // columns))
    starts = [0.0] * len(rows)
    for position, name in enumerate(names):
        values = [row[position] for row in shares]
        colour = SHADES[position % len(SHADES)]
        axes.barh(
            range(len(rows)),
            values,
            left=starts,
            height=0.72,
            color=colour,
            edgecolor="white",
            linewidth=0.8,
            label=name,
        )
        for number, value in enumerate(values):
            if value >= 7:
                axes.text(
                    starts[number] + value / 2,
                    number,
                    decimal(value, 0),
                    ha="center",
                    va="center",
                    fontsize=8,
                    color="white" if colour in _DARK else INK,
                )
        starts = [start + value for start, value in zip(starts, values, strict=True)]
    figure.legend(loc="outside upper left", ncols=columns, frameon=False, fontsize=8.5)
    axes.set_xlim(0, 100)
    _number_axis(axes, "%")
    _name_rows([axes], rows, ())
    return figure


@drawn
def clouds_svg(frame: Frame, rows: Sequence[str], clouds: Sequence[Sequence[float]], *, unit: str) -> Figure:
    """One dot a value on each row, around zero."""
    figure, (axes,) = _figure(frame, len(rows), 1, extra=0.2)
    widest = max((abs(value) for cloud in clouds for value in cloud), default=1.0)
    for number, cloud in enumerate(clouds):
        axes.plot([-widest, widest], [number, number], color=PALE, linewidth=1, zorder=0)
        axes.plot(
            cloud,
            [number] * len(cloud),
            linestyle="none",
            marker="o",
            markersize=6,
            color=ACCENT,
            alpha=0.55,
        )
        if not cloud:
            axes.text(0, number, "  secret ou absent", va="center", fontsize=8, color=GREY)
    axes.axvline(0, color=INK, linewidth=1)
    axes.set_xlim(-1.1 * widest, 1.1 * widest)
    _number_axis(axes, unit)
    _name_rows([axes], rows, ())
    return figure


def _figure(frame: Frame, rows: int, panels: int, *, extra: float = 0.0) -> tuple[Figure, list[Axes]]:
    lines, columns = (panels, 1) if frame.is_narrow else (1, panels)
    height = lines * (0.75 + _ROW * max(rows, 2)) + extra
    figure = Figure(figsize=(frame.width, height), layout="constrained")
    grid = figure.subplots(lines, columns, squeeze=False, sharey=columns > 1)
    return figure, list(grid.flat)


def _name_rows(all_axes: Sequence[Axes], rows: Sequence[str], emphasis: Sequence[str]) -> None:
    """The names of the rows on the left, the first row at the top."""
    for axes in all_axes:
        axes.tick_params(length=0, labelsize=8.5)
        axes.spines["left"].set_visible(False)
        axes.set_yticks(range(len(rows)), rows)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        for label in axes.get_yticklabels():
            if label.get_text() in emphasis:
                label.set_fontweight("semibold")


def _number_axis(axes: Axes, unit: str) -> None:
    axes.xaxis.set_major_formatter(lambda value, _: decimal(value, 2))
    axes.set_xlabel(unit, fontsize=8.5, color=GREY)
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)


def _write_end(axes: Axes, number: int, bar: Bar) -> None:
    is_negative = bar.value is not None and bar.value < 0
    axes.annotate(
        bar.text,
        (bar.value or 0.0, number),
        (-3 if is_negative else 3, 0),
        textcoords="offset points",
        ha="right" if is_negative else "left",
        va="center",
        fontsize=8,
        color=GREY if bar.value is None else INK,
    )


def _draw_divide(axes: Axes, number: int, divide: Divide) -> None:
    sides = ((divide.left, -1, ACCENT), (divide.right, 1, BLUE))
    for (value, side, colour), missing in zip(sides, divide.missing, strict=True):
        end = value or 0.0
        if side > 0 and divide.low is not None and divide.high is not None:
            end = divide.high
            axes.plot([divide.low, end], [number, number], color=INK, linewidth=1.6, marker="|", zorder=3)
        axes.barh([number], [side * (value or 0.0)], height=0.66, color=colour)
        axes.annotate(
            missing if value is None else decimal(value, 0),
            (side * end, number),
            (3 * side, 0),
            textcoords="offset points",
            ha="left" if side > 0 else "right",
            va="center",
            fontsize=8,
            color=GREY if value is None else INK,
        )


def _draw_pair(axes: Axes, number: int, pair: Pair) -> None:
    known = [value for value in (pair.first, pair.second) if value is not None]
    if pair.missing:
        axes.annotate(
            pair.missing,
            (max(known, default=0.0), number),
            (7, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=GREY,
        )
    if len(known) > 1:
        axes.plot(known, [number, number], color=GREY, linewidth=1.2, zorder=1)
    for value, colour, marker in ((pair.first, ACCENT, "o"), (pair.second, BLUE, "D")):
        if value is not None:
            axes.plot(value, number, marker=marker, markersize=6.5, color=colour, zorder=2)
