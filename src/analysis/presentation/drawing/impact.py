"""Charts of what would have happened otherwise: a place in the band of chance, a forest of effects, what can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.presentation.drawing.points import Event, mark_events
from analysis.presentation.drawing.style import (
    ACCENT,
    ASH,
    BLUE,
    DEW,
    GREY,
    INK,
    PALE,
    WHITE,
    Frame,
    drawn,
    french_axes,
)
from analysis.presentation.numbers import decimal

_ROW = 0.34
"""Inches of a row."""


@dataclass(frozen=True)
class Bande:
    """A year: what was observed, what the comparison gives, and where chance alone leaves 19 places in 20.

    None where nothing is known; the two ends of the band are there together.
    """

    annee: int
    observe: float | None
    comparaison: float | None
    bas: float | None
    haut: float | None


@dataclass(frozen=True)
class Trait:
    """A row of a forest: an effect and its interval, how much it weighs in the whole (0 to 1), its words.

    ``is_total`` is the whole itself. Without ``weight`` its dot is of one size.
    """

    name: str
    effet: float
    bas: float
    haut: float
    told: str
    weight: float | None = None
    is_total: bool = False


@dataclass(frozen=True)
class Visible:
    """A row of what can be seen: how many times the least visible effect the EBE employs (low, high), in words."""

    name: str
    bas: float
    haut: float
    told: str


@drawn
def bande_svg(
    frame: Frame, annees: Sequence[Bande], *, place: str, comparison: str, events: Sequence[Event] = ()
) -> Figure:
    """The place in red, its comparison dashed, the band of chance behind them; a legend above."""
    figure = Figure(figsize=(frame.width, 2.5 if frame.is_narrow else 3.1), layout="constrained")
    axes = figure.subplots()
    banded = [(a.annee, a.bas, a.haut) for a in annees if a.bas is not None and a.haut is not None]
    if banded:
        years, low, high = zip(*banded, strict=True)
        axes.fill_between(
            years, low, high, color=DEW, linewidth=0, label="ce que fait le hasard, 19 fois sur 20"
        )
    expected = [(a.annee, a.comparaison) for a in annees if a.comparaison is not None]
    axes.plot(
        *zip(*expected, strict=True), color=BLUE, linewidth=1.8, linestyle=(0, (4, 2)), label=comparison
    )
    seen = [(a.annee, a.observe) for a in annees if a.observe is not None]
    axes.plot(*zip(*seen, strict=True), color=ACCENT, linewidth=2.4, marker="o", markersize=4, label=place)
    axes.margins(y=0.16)
    french_axes(axes, years=4 if frame.is_narrow else 8)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: decimal(value, 0)))
    handles, names = axes.get_legend_handles_labels()
    order = range(len(names))[::-1]
    width = 44 if frame.is_narrow else 90
    figure.legend(
        [handles[rank] for rank in order],
        [fill(names[rank], width) for rank in order],
        loc="outside upper left",
        frameon=False,
        fontsize=8.5,
        handlelength=1.6,
    )
    mark_events([axes], events)
    return figure


@drawn
def foret_svg(frame: Frame, rows: Sequence[Trait], *, unit: str) -> Figure:
    """One row a place, its effect and its interval around zero; the whole in red below a rule."""
    height = _ROW * 1.45 if frame.is_narrow else _ROW
    figure = Figure(figsize=(frame.width, 0.62 + height * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    for y, row in enumerate(rows):
        colour = ACCENT if row.is_total else BLUE
        size = 8 if row.is_total else 4 + 6 * (row.weight if row.weight is not None else 0.25) ** 0.5
        axes.plot([row.bas, row.haut], [y, y], color=colour, linewidth=2 if row.is_total else 1.5, zorder=2)
        axes.plot(row.effet, y, "D" if row.is_total else "o", color=colour, markersize=size, zorder=3)
        if row.is_total and y:
            axes.axhline(y - 0.5, color=ASH, linewidth=0.8)
    _rows(axes, [row.name for row in rows], [row.told for row in rows], frame)
    axes.set_xlabel(unit, fontsize=9, color=GREY)
    return figure


@drawn
def visible_svg(frame: Frame, rows: Sequence[Visible], *, unit: str) -> Figure:
    """One row a place: the size of its EBE over the least effect that could be seen; from 1 on it could be."""
    height = _ROW * 1.45 if frame.is_narrow else _ROW
    figure = Figure(figsize=(frame.width, 0.72 + height * len(rows)), layout="constrained")
    axes = figure.subplots()
    for y, row in enumerate(rows):
        colour = ACCENT if row.bas >= 1 else ASH
        axes.barh(y, row.bas, height=0.42, color=colour, zorder=2)
        if row.haut > row.bas:
            axes.plot([row.bas, row.haut], [y, y], color=GREY, linewidth=2.5, zorder=3)
    axes.axvline(1, color=INK, linewidth=1.1, zorder=4)
    axes.set_xlim(0, 1.12 * max(1.0, *(row.haut for row in rows)))
    _rows(axes, [row.name for row in rows], [row.told for row in rows], frame)
    axes.set_xlabel(fill(unit, 48 if frame.is_narrow else 90), fontsize=9, color=GREY)
    return figure


def _rows(axes: Axes, names: Sequence[str], told: Sequence[str], frame: Frame) -> None:
    """The name of each row on its left and its words on its right; above it on a narrow frame."""
    count = len(names)
    axes.set_ylim(count - 0.5, -0.85 if frame.is_narrow else -0.6)
    if frame.is_narrow:
        axes.set_yticks([])
        for y, (name, words) in enumerate(zip(names, told, strict=True)):
            axes.annotate(
                f"{name} : {words}",
                *((0, y), (0, 6)),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                fontsize=8,
                va="bottom",
                bbox={"facecolor": WHITE, "edgecolor": "none", "pad": 0.8},
                zorder=5,
            )
    else:
        axes.set_yticks(range(count), [fill(name, 30) for name in names])
        for y, words in enumerate(told):
            axes.annotate(
                words,
                *((1, y), (6, 0)),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                fontsize=8.5,
                va="center",
                annotation_clip=False,
            )
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: decimal(value, 1)))
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0, labelsize=9)
