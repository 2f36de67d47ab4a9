"""The kinds of charts that chapters share: lines of zones over time, dots as published, the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.noyau.territoires import Territoire
from analysis.presentation.france_map import named_on_the_left, outline, place
from analysis.presentation.style import (
    ACCENT,
    BLUE,
    GREY,
    INK,
    PALE,
    Frame,
    drawn,
    french_axes,
)

_LINE_STYLES: dict[str, dict[str, Any]] = {
    "commune": {"color": ACCENT, "linewidth": 2.4, "marker": "o", "markersize": 4},
    "epci": {
        "color": ACCENT,
        "linewidth": 2.4,
        "linestyle": (0, (5, 1.5)),
        "marker": "s",
        "markersize": 4,
    },
    "zone_emploi": {"color": BLUE, "linewidth": 1.8, "linestyle": (0, (4, 2))},
    "departement": {"color": INK, "linewidth": 1.2, "linestyle": (0, (1, 1.5))},
    "france": {"color": GREY, "linewidth": 1.4},
}
_MARKERS = ("o", "s", "D", "^", "v", "P")
_DOT_COLOURS = (ACCENT, BLUE, INK, GREY, ACCENT, BLUE)


@dataclass(frozen=True)
class Line:
    """A zone's values: ``points`` are (decimal year, value); ``notes`` label some of them."""

    label: str
    zone_type: str
    points: tuple[tuple[float, float], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dot:
    """A published value at a date: exact (``low`` equals ``high``), or within bounds."""

    group: str
    x: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Event:
    """A date that a chart marks: decimal year and words."""

    x: float
    label: str


@dataclass(frozen=True)
class Panel:
    """One set of axes: what it shows and its title."""

    title: str
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()


@drawn
def panels_svg(
    frame: Frame,
    panels: Sequence[Panel],
    *,
    events: Sequence[Event] = (),
    columns: int = 1,
    y_label: str = "",
    share_y: bool = False,
    from_zero: bool = False,
    year_ends: bool = False,
) -> Figure:
    """Small multiples of lines or dots as SVG; events are marked on every panel.

    With ``year_ends`` the points stand at the end of a year and the axis says « fin 2016 ».
    """
    rows = -(-len(panels) // columns)
    height = 1.95 * rows if columns > 1 else 2.2 * rows if rows > 2 else 3.4 * rows
    groups = tuple(dict.fromkeys(dot.group for panel in panels for dot in panel.dots))
    is_small = columns > 1
    figure = Figure(figsize=(frame.width, height), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=share_y)
    used = list(grid.flat)[: len(panels)]
    for axes, panel in zip(used, panels, strict=True):
        _draw_lines(axes, panel.lines)
        _draw_dots(axes, panel.dots, groups)
        axes.margins(y=0.16)
        french_axes(axes, years=3 if is_small else 6, year_ends=year_ends)
    first, last = _years(panels, events)
    grid.flat[0].set_xlim(first - 0.4, last + 0.4)
    if from_zero:
        _start_from_zero(used, share_y=share_y)
    for axes, panel in zip(used, panels, strict=True):
        _name(axes, panel, groups, events=events, is_small=is_small)
    for axes in list(grid.flat)[len(panels) :]:
        axes.set_visible(False)
    for axes in used[-columns:]:
        axes.tick_params(labelbottom=True)
    if y_label:
        figure.supylabel(y_label, fontsize=9, color=GREY)
    return figure


def _years(panels: Sequence[Panel], events: Sequence[Event]) -> tuple[float, float]:
    """The first and last decimal year that a chart shows, its events included, three years at least."""
    xs = [x for panel in panels for line in panel.lines for x, _ in line.points]
    xs += [dot.x for panel in panels for dot in panel.dots]
    xs += [event.x for event in events]
    return min(xs), max(*xs, min(xs) + 3)


def _start_from_zero(all_axes: Sequence[Axes], *, share_y: bool) -> None:
    """Axes that begin at zero and leave room above the highest value, of all panels when shared."""
    tops = [max(axes.dataLim.y1, 1) if axes.has_data() else 1 for axes in all_axes]
    for axes, top in zip(all_axes, tops, strict=True):
        axes.set_ylim(0, 1.18 * (max(tops) if share_y else top))


def _name(
    axes: Axes, panel: Panel, groups: Sequence[str], *, events: Sequence[Event], is_small: bool
) -> None:
    """Title, names and values, once the limits of the axes are known."""
    if panel.title:
        size, pad = (8.5, 6) if is_small else (10, 6 + 11 * len(events))
        title = fill(panel.title, 26) if is_small else panel.title
        axes.set_title(title, fontsize=size, pad=pad)
    if not is_small:
        _label_ends(axes, panel.lines)
    _label_dots(axes, panel.dots, groups)
    _mark_events(axes, events, is_small=is_small)


def _draw_lines(axes: Axes, lines: Sequence[Line]) -> None:
    for line in lines:
        xs, ys = zip(*line.points, strict=True)
        style = _LINE_STYLES[line.zone_type]
        axes.plot(xs, ys, **style)
        for number, note in enumerate(line.notes):
            axes.annotate(
                note,
                (xs[number], ys[number]),
                (0, -14 if _is_hollow(ys, number) else 6),
                textcoords="offset points",
                ha="center",
                fontsize=8,
                color=style["color"],
            )


def _is_hollow(values: Sequence[float], number: int) -> bool:
    """Whether the point is lower than both its neighbours: its value then reads better below it."""
    return 0 < number < len(values) - 1 and values[number] < min(values[number - 1], values[number + 1])


def _draw_dots(axes: Axes, dots: Sequence[Dot], groups: Sequence[str]) -> None:
    """A group keeps its colour and marker on every panel of a chart; bounds are a bar."""
    shown = [group for group in groups if any(dot.group == group for dot in dots)]
    for group in shown:
        number = groups.index(group) % len(_MARKERS)
        colour = _DOT_COLOURS[number]
        of_group = [dot for dot in dots if dot.group == group]
        for dot in of_group:
            if dot.low != dot.high:
                axes.plot([dot.x, dot.x], [dot.low, dot.high], color=colour, linewidth=3, alpha=0.5)
        axes.plot(
            [dot.x for dot in of_group],
            [(dot.low + dot.high) / 2 for dot in of_group],
            linestyle="none",
            marker=_MARKERS[number],
            markersize=6,
            color=colour,
            label=group,
        )
    if len(groups) > 1 and shown:
        axes.legend(frameon=False, fontsize=8, loc="best")


def _label_dots(axes: Axes, dots: Sequence[Dot], groups: Sequence[str]) -> None:
    """The value of each dot above it, or below it when the dot before stands close by and higher.

    The same value twice at nearly the same date is written once.
    """
    if not dots:
        return
    ordered = sorted(dots, key=lambda dot: (dot.x, -dot.high))
    near = max(1.0, (ordered[-1].x - ordered[0].x) * 0.12)
    for number, dot in enumerate(ordered):
        close = [other for other in ordered[:number] if dot.x - other.x < near]
        if any(other.text == dot.text and dot.x - other.x < near / 4 for other in close):
            continue
        is_below = bool(close) and close[-1].high >= dot.high
        axes.annotate(
            dot.text,
            (dot.x, dot.low if is_below else dot.high),
            (0, -14 if is_below else 7),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            color=_DOT_COLOURS[groups.index(dot.group) % len(_MARKERS)],
        )


def _label_ends(axes: Axes, lines: Sequence[Line]) -> None:
    """Name each line at its right end; names that would touch are moved apart."""
    if not lines:
        return
    low, high = axes.get_ylim()
    text_height = (high - low) * 0.062
    ends = sorted(lines, key=lambda line: line.points[-1][1])
    centres: list[float] = []
    for number, line in enumerate(ends):
        centre = line.points[-1][1]
        if number:
            rows = line.label.count("\n") + ends[number - 1].label.count("\n") + 2
            centre = max(centre, centres[-1] + text_height * rows / 2)
        centres.append(centre)
    right = max(line.points[-1][0] for line in lines)
    for centre, line in zip(centres, ends, strict=True):
        axes.annotate(
            line.label,
            (right, centre),
            (9, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=_LINE_STYLES[line.zone_type]["color"],
            annotation_clip=False,
        )


def _mark_events(axes: Axes, events: Sequence[Event], *, is_small: bool) -> None:
    for number, event in enumerate(events):
        axes.axvline(event.x, color=GREY, linewidth=0.9, linestyle=(0, (2, 2)), zorder=0)
        if not is_small:
            axes.annotate(
                event.label,
                (event.x, 1),
                (3, 2 + 11 * (len(events) - 1 - number)),
                fontsize=8,
                color=GREY,
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                va="bottom",
            )


@drawn
def map_svg(frame: Frame, territoires: Sequence[Territoire], *, highlighted: str | None = None) -> Figure:
    """Metropolitan France with the territories; the highlighted one is named, or all of them.

    On a phone, where ten names run into one another, the points carry numbers and the names stand below.
    """
    side, line = min(4.6, frame.width), 0.19
    points = [place(territoire) for territoire in territoires]
    is_numbered = frame.is_narrow and highlighted is None
    below = line * len(points) if is_numbered else 0
    figure = Figure(figsize=(side, 0.95 * side + below), layout="constrained")
    if is_numbered:
        axes, names = figure.subplots(2, 1, height_ratios=(0.95 * side, below))
        names.set_axis_off()
        for rank, point in enumerate(points):
            names.text(0.02, 1 - (rank + 0.5) / len(points), f"{rank + 1}. {point.nom}", va="center")
    else:
        axes = figure.subplots()
    _outline_of_france(axes)
    left = named_on_the_left(points)
    for rank, point in enumerate(points, start=1):
        is_highlighted = point.code == highlighted
        is_named = highlighted is None or is_highlighted
        color, size = (ACCENT if is_named else GREY), (8 if is_highlighted else 5)
        axes.plot(point.x, point.y, marker="o", color=color, markersize=size)
        if is_named:
            is_left = point.code in left and not is_numbered
            axes.annotate(
                str(rank) if is_numbered else point.nom,
                (point.x, point.y),
                (-8 if is_left else 8, 0),
                textcoords="offset points",
                ha="right" if is_left else "left",
                va="center",
                fontsize=9,
                fontweight="semibold" if highlighted or is_numbered else "normal",
            )
    return figure


def _outline_of_france(axes: Axes) -> None:
    """Metropolitan France as a ground, north above, without axes."""
    for ring in outline():
        xs, ys = zip(*ring, strict=True)
        axes.fill(xs, ys, facecolor=PALE, edgecolor=GREY, linewidth=0.7)
    axes.invert_yaxis()
    axes.set_aspect("equal")
    axes.set_axis_off()


def index_of(points: Sequence[tuple[str, float, float]], base: str) -> tuple[tuple[float, float], ...]:
    """Values with the value at ``base`` set to 100.

    ``points`` are (period, decimal year, value); empty when the base has no value or is zero.

    >>> index_of([("2016", 2016.5, 260), ("2017", 2017.5, 341)], "2016")[1]
    (2017.5, 131.15384615384616)
    """
    reference = next((value for period, _, value in points if period == base), None)
    if not reference:
        return ()
    return tuple((x, 100 * value / reference) for _, x, value in points)
