"""Charts of values as sources print them: dots over time, and the last count of each place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from analysis.presentation.drawing.canvas import lay_out
from analysis.presentation.drawing.labels import Label, place_labels
from analysis.presentation.drawing.style import (
    ACCENT,
    GREY,
    INK,
    PALE,
    PLUM,
    WHITE,
    Frame,
    drawn,
    french_axes,
)
from analysis.presentation.numbers import NBSP, decimal

_GROUPS = ((ACCENT, "o"), (GREY, "D"), (INK, "s"), (PLUM, "^"))
"""The colour and the mark of each group of dots: the first is what the chart is about."""


_TIP = 8.0
"""Points from an open mark to the tip that shows its open side."""


@dataclass(frozen=True)
class Extent:
    """Where a published value is: exact (``low`` equals ``high``), within bounds, or beyond the only one printed.

    ``opens`` is 1 for « at least », −1 for « at most », 0 where nothing is open.
    """

    low: float
    high: float
    opens: int = 0

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Dot:
    """A published value at a date (decimal year), with its words."""

    group: str
    x: float
    extent: Extent
    text: str


@dataclass(frozen=True)
class Event:
    """A date that a chart marks: decimal year and words."""

    x: float
    label: str


@dataclass(frozen=True)
class Cloud:
    """The dots of one quantity in order of time, under its name and its unit."""

    title: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Counts:
    """The published values of one place in order of time, the last one told in words beside it."""

    name: str
    values: tuple[Extent, ...]
    told: str


@drawn
def clouds_over_time_svg(frame: Frame, clouds: Sequence[Cloud], *, events: Sequence[Event] = ()) -> Figure:
    """Dots over the same years, one quantity above the other, each from zero; nothing joins them.

    A group keeps its colour and its mark in all of them and is named above when there are several.
    """
    groups = tuple(dict.fromkeys(dot.group for cloud in clouds for dot in cloud.dots))
    heads = 0.26 * (len(groups) > 1) + 0.17 * len(events)
    height = (1.35 if len(clouds) > 1 else 2.3) * len(clouds) + heads + 0.3
    figure = Figure(figsize=(frame.width, height), layout="constrained")
    grid = list(figure.subplots(len(clouds), 1, squeeze=False, sharex=True).flat)
    xs = [dot.x for cloud in clouds for dot in cloud.dots] + [event.x for event in events]
    room = 0.08 * max(max(xs) - min(xs), 3)
    grid[0].set_xlim(min(xs) - room, max(*xs, min(xs) + 3) + room)
    for axes, cloud in zip(grid, clouds, strict=True):
        axes.set_ylim(0, 1.3 * max(dot.extent.high for dot in cloud.dots) or 1)
        french_axes(axes, years=5 if frame.is_narrow else 8)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
        axes.set_title(fill(cloud.title, 44 if frame.is_narrow else 90), fontsize=9.5)
        _draw(axes, cloud.dots, groups)
    mark_events(grid, events)
    if len(groups) > 1:
        _name_groups(figure, groups)
    lay_out(figure)
    for axes, cloud in zip(grid, clouds, strict=True):
        _tell(axes, cloud.dots, groups)
    return figure


def _draw(axes: Axes, dots: Sequence[Dot], groups: Sequence[str]) -> None:
    """Each dot with its bounds as a bar."""
    for dot in dots:
        colour, mark = _GROUPS[groups.index(dot.group) % len(_GROUPS)]
        low, high = dot.extent.low, dot.extent.high
        if low != high:
            axes.plot([dot.x, dot.x], [low, high], color=colour, linewidth=3, alpha=0.5)
        _mark(axes, dot.x, dot.extent.middle, colour, mark, 5.5, (0, dot.extent.opens))


def _mark(
    axes: Axes, x: float, y: float, colour: str, mark: str, size: float, open_to: tuple[int, int]
) -> None:
    """A full mark for a value; for a bound an empty one, and a tip on its open side (across, up)."""
    is_open = open_to != (0, 0)
    face = WHITE if is_open else colour
    axes.plot(x, y, linestyle="none", marker=mark, markersize=size, color=colour, markerfacecolor=face)
    if is_open:
        tip = {(1, 0): ">", (-1, 0): "<", (0, 1): "^", (0, -1): "v"}[open_to]
        across, up = (_TIP * side / 72 for side in open_to)
        moved = axes.transData + ScaledTranslation(across, up, axes.figure.dpi_scale_trans)
        axes.plot(x, y, linestyle="none", marker=tip, markersize=4.5, color=colour, transform=moved)


def _tell(axes: Axes, dots: Sequence[Dot], groups: Sequence[str]) -> None:
    """The value of each dot, the first and the last of each group before the others."""
    of_groups = [[dot for dot in dots if dot.group == group] for group in groups]
    ends = {of_group[end] for of_group in of_groups if of_group for end in (0, -1)}
    ordered = sorted(dots, key=lambda dot: (dot not in ends, dot.x, dot.extent.high))
    labels = [
        Label(dot.x, dot.extent.high, dot.text, _GROUPS[groups.index(dot.group) % len(_GROUPS)][0])
        for dot in ordered
    ]
    points = [(dot.x, dot.extent.middle) for dot in dots]
    to_data, pixels = axes.transData.inverted(), _TIP * axes.figure.dpi / 72
    for dot in dots:
        if dot.extent.opens:
            x, y = axes.transData.transform((dot.x, dot.extent.middle))
            points.append(tuple(to_data.transform((x, y + dot.extent.opens * pixels))))
    place_labels(axes, labels, points=points)


def _name_groups(figure: Figure, groups: Sequence[str]) -> None:
    for number, group in enumerate(groups):
        colour, mark = _GROUPS[number % len(_GROUPS)]
        figure.axes[0].plot([], [], linestyle="none", marker=mark, markersize=5.5, color=colour, label=group)
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9, handletextpad=0.2)


def mark_events(all_axes: Sequence[Axes], events: Sequence[Event], *, named: bool = True) -> None:
    """A dotted line at each event, its words above the first axes, on the side that has the room."""
    for axes in all_axes:
        for event in events:
            axes.axvline(event.x, color=GREY, linewidth=0.9, linestyle=(0, (2, 2)), zorder=0)
    if not named:
        return
    first, (left, right) = all_axes[0], all_axes[0].get_xlim()
    for number, event in enumerate(events):
        is_late = event.x > (left + right) / 2
        first.annotate(
            event.label,
            (event.x, 1),
            (-3 if is_late else 3, 2 + 11.5 * (len(events) - 1 - number)),
            fontsize=8.5,
            color=GREY,
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right" if is_late else "left",
            va="bottom",
        )
    title = first.get_title(loc="left")
    if events and title:
        first.set_title(title, fontsize=first.title.get_fontsize(), pad=6 + 11.5 * len(events))


@drawn
def last_counts_svg(frame: Frame, rows: Sequence[Counts], *, unit: str) -> Figure:
    """One row a place: its last value in red and told beside it, the ones before in grey.

    On a narrow frame the name and the words stand above the dots.
    """
    words = [_words(row, frame) for row in rows]
    heights = [_LINE * (text.count("\n") + 1) + (0.24 if frame.is_narrow else 0.12) for text in words]
    tops = [sum(heights[:number]) for number in range(len(rows))]
    places = [
        top + (height - 0.12 if frame.is_narrow else height / 2)
        for top, height in zip(tops, heights, strict=True)
    ]
    figure = Figure(figsize=(frame.width, 0.55 + sum(heights)), layout="constrained")
    axes = figure.subplots()
    top = max(extent.high for row in rows for extent in row.values) or 1
    axes.set_xlim(-0.03 * top, (1.08 if frame.is_narrow else 1.9) * top)
    axes.set_ylim(sum(heights) + 0.02, -0.05)
    for y, row, text in zip(places, rows, words, strict=True):
        _draw_counts(axes, y, row)
        _name_counts(axes, y, row, text, frame)
    axes.set_yticks([] if frame.is_narrow else places, [] if frame.is_narrow else words)
    axes.set_xticks([tick for tick in MaxNLocator(6, integer=True).tick_values(0, top) if tick <= 1.05 * top])
    axes.xaxis.set_major_formatter(lambda value, _: decimal(value, 0))
    axes.set_xlabel(unit, fontsize=9, color=GREY)
    axes.grid(axis="x", color=PALE)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0, labelsize=9)
    return figure


_LINE = 0.155
"""Inches of a line of words."""


def _words(row: Counts, frame: Frame) -> str:
    """What names a row: on a narrow frame with its last value."""
    return fill(f"{row.name}{NBSP}: {row.told}", 50) if frame.is_narrow else fill(row.name, 34)


def _draw_counts(axes: Axes, y: float, row: Counts) -> None:
    """The span of a row, its earlier values in grey, the last in red."""
    ends = [value for extent in row.values for value in (extent.low, extent.high)]
    axes.plot([min(ends), max(ends)], [y, y], color=GREY, linewidth=1.2, zorder=1)
    *before, last = row.values
    for extent, colour, size in (*((e, GREY, 5.0) for e in before), (last, ACCENT, 7.5)):
        if extent.low != extent.high:
            axes.plot([extent.low, extent.high], [y, y], color=colour, linewidth=4, alpha=0.5)
        _mark(axes, extent.middle, y, colour, "o", size, (extent.opens, 0))


def _name_counts(axes: Axes, y: float, row: Counts, words: str, frame: Frame) -> None:
    end = max(extent.high for extent in row.values)
    away = 8 + _TIP * any(extent.opens > 0 and extent.high == end for extent in row.values)
    text, x, offset, stand = (
        (words, 0.0, (0, 6), "bottom") if frame.is_narrow else (row.told, end, (away, 0), "center")
    )
    axes.annotate(text, (x, y), offset, textcoords="offset points", fontsize=8.5, va=stand)
