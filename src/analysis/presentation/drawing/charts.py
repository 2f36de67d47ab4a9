"""The kinds of charts that chapters share: curves over time, the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.noyau.territoires import Territoire
from analysis.presentation.drawing.canvas import lay_out
from analysis.presentation.drawing.france_map import MapPoint, outline, place
from analysis.presentation.drawing.labels import Label, place_labels
from analysis.presentation.drawing.points import Event, mark_events
from analysis.presentation.drawing.style import (
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
    "zone_emploi": {"color": BLUE, "linewidth": 1.8, "linestyle": (0, (4, 2))},
    "departement": {"color": INK, "linewidth": 1.2, "linestyle": (0, (1, 1.5))},
    "france": {"color": GREY, "linewidth": 1.4},
}


@dataclass(frozen=True)
class Line:
    """A curve: its name, the style it is drawn in, its points (decimal year, value)."""

    label: str
    zone_type: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Panel:
    """One set of axes: its title and its curves."""

    title: str
    lines: tuple[Line, ...] = ()


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
) -> Figure:
    """Small multiples of curves; events are marked on every panel.

    Curves are named at their ends, and in a legend above on a narrow frame, which has two columns at most.
    """
    columns = min(columns, 2) if frame.is_narrow else columns
    rows = -(-len(panels) // columns)
    is_small = columns > 1
    height = 1.95 if is_small else 2.2 if rows > 2 else 3.4
    height = min(height, 2.2) if frame.is_narrow else height
    figure = Figure(figsize=(frame.width, height * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=share_y)
    used = list(grid.flat)[: len(panels)]
    for axes, panel in zip(used, panels, strict=True):
        for line in panel.lines:
            axes.plot(*zip(*line.points, strict=True), **_LINE_STYLES[line.zone_type])
        axes.margins(y=0.16)
        french_axes(axes, years=3 if is_small else 4 if frame.is_narrow else 6)
        if panel.title:
            axes.set_title(fill(panel.title, 26 if is_small else 48), fontsize=8.5 if is_small else 10)
    first, last = _years(panels, events)
    grid.flat[0].set_xlim(first - 0.4, last + 0.4)
    if from_zero:
        _start_from_zero(used, share_y=share_y)
    if frame.is_narrow:
        _name_above(figure, used, panels)
    elif not is_small:
        for axes, panel in zip(used, panels, strict=True):
            _label_ends(axes, panel.lines)
    mark_events(used, events, named=not is_small)
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
    xs += [event.x for event in events]
    return min(xs), max(*xs, min(xs) + 3)


def _start_from_zero(all_axes: Sequence[Axes], *, share_y: bool) -> None:
    """Axes that begin at zero and leave room above the highest value, of all panels when shared."""
    tops = [max(axes.dataLim.y1, 1) if axes.has_data() else 1 for axes in all_axes]
    for axes, top in zip(all_axes, tops, strict=True):
        axes.set_ylim(0, 1.18 * (max(tops) if share_y else top))


def _name_above(figure: Figure, all_axes: Sequence[Axes], panels: Sequence[Panel]) -> None:
    """The names of the curves above the chart; those of several panels above each."""
    named = [
        (axes, [line for line in panel.lines if line.label])
        for axes, panel in zip(all_axes, panels, strict=True)
    ]
    for axes, lines in named:
        for line in lines:
            axes.plot([], [], **_LINE_STYLES[line.zone_type], label=line.label.replace("\n", " "))
    if len(panels) == 1 and named[0][1]:
        figure.legend(loc="outside upper left", frameon=False, fontsize=8.5)
        return
    for axes, lines in named:
        if lines:
            axes.legend(loc="best", frameon=False, fontsize=8.5)


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
    labels = []
    for rank, point in enumerate(points, start=1):
        is_highlighted = point.code == highlighted
        is_named = highlighted is None or is_highlighted
        color, size = (ACCENT if is_named else GREY), (8 if is_highlighted else 5)
        axes.plot(point.x, point.y, marker="o", color=color, markersize=size)
        if is_named:
            words = str(rank) if is_numbered else fill(point.nom, 24)
            labels.append(Label(point.x, point.y, words, INK, is_bold=is_numbered or is_highlighted))
    lay_out(figure)
    place_labels(axes, labels, points=[(point.x, point.y) for point in points], size=9)
    return figure


@drawn
def dots_map_svg(frame: Frame, points: Sequence[MapPoint], emphasis: frozenset[str]) -> Figure:
    """Metropolitan France with a dot a place, too many to be named; those of ``emphasis`` are red diamonds."""
    side = min(4.6, frame.width)
    figure = Figure(figsize=(side, 0.95 * side), layout="constrained")
    axes = figure.subplots()
    _outline_of_france(axes)
    for point in sorted(points, key=lambda point: point.code in emphasis):
        is_marked = point.code in emphasis
        colour, marker = (ACCENT, "D") if is_marked else (GREY, "o")
        axes.plot(point.x, point.y, marker=marker, color=colour, markersize=6 if is_marked else 5)
    return figure


def _outline_of_france(axes: Axes) -> None:
    """Metropolitan France as a ground, north above, without axes."""
    for ring in outline():
        xs, ys = zip(*ring, strict=True)
        axes.fill(xs, ys, facecolor=PALE, edgecolor=GREY, linewidth=0.7)
    axes.margins(0.04)
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
