"""Small multiples of curves on the same years: one curve in red, those it is compared with in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from analysis.presentation.drawing.canvas import lay_out
from analysis.presentation.drawing.labels import Label, place_labels
from analysis.presentation.drawing.points import Event, mark_events
from analysis.presentation.drawing.style import ACCENT, GREY, INK, Frame, drawn, french_axes
from analysis.presentation.numbers import decimal

_ROLES: Final[dict[str, dict[str, Any]]] = {
    "france": {"color": GREY, "linewidth": 1.3},
    "departement": {"color": GREY, "linewidth": 1.3, "linestyle": (0, (1, 1.4))},
    "zone_emploi": {"color": GREY, "linewidth": 1.5, "linestyle": (0, (4, 1.6))},
    "autre": {"color": INK, "linewidth": 1.2},
    "montree": {"color": ACCENT, "linewidth": 2.2},
}
"""How each kind of curve is drawn, from the back to the front; « montree » is what the chart is about."""

_STEPS = (0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
"""The round steps between two ticks; up to 100 they all fall on 100."""

MOST_POINTS_MARKED = 15
"""The points of a curve beyond which they are no longer marked one by one."""


@dataclass(frozen=True)
class Curve:
    """One curve: its role in the chart, its name in the legend, its points (decimal year, value).

    ``told`` holds the points whose value is written, with the words: (year, value, words); what they say in
    brackets goes where there is no room.
    """

    role: str
    name: str
    points: tuple[tuple[float, float], ...]
    told: tuple[tuple[float, float, str], ...] = ()


@dataclass(frozen=True)
class Facet:
    """One small chart: its title and its curves."""

    title: str
    curves: tuple[Curve, ...]


@drawn
def facets_svg(
    frame: Frame,
    facets: Sequence[Facet],
    *,
    events: Sequence[Event] = (),
    columns: int = 1,
    reference: float | None = None,
    from_zero: bool = False,
    share_y: bool = False,
    year_ends: bool = False,
) -> Figure:
    """Facets beside one another, the legend above, a rule at ``reference`` (the 100 of an index).

    Ticks are round; events are marked in all facets, and named when these are in one column. A narrow frame has two columns at most.
    """
    columns = min(columns, 2 if frame.is_narrow else columns, len(facets))
    width = frame.width / columns
    height = 1.7 if columns > 1 else 2.3 if len(facets) > 1 else 2.9
    rows = -(-len(facets) // columns)
    figure = Figure(figsize=(frame.width, height * rows), layout="constrained")
    all_axes = [figure.add_subplot(rows, columns, rank) for rank, _ in enumerate(facets, 1)]
    for axes, facet in zip(all_axes, facets, strict=True):
        for curve in sorted(facet.curves, key=lambda curve: list(_ROLES).index(curve.role)):
            _draw(axes, curve)
        if facet.title:
            axes.set_title(fill(facet.title, int(width * 13)), fontsize=9.5)
        french_axes(axes, years=3 if columns > 1 else 5 if frame.is_narrow else 7, year_ends=year_ends)
    _scale(all_axes, facets, reference=reference, from_zero=from_zero, share_y=share_y)
    xs = [x for facet in facets for curve in facet.curves for x, _ in curve.points]
    xs += [event.x for event in events]
    for number, axes in enumerate(all_axes):
        axes.set_xlim(min(xs) - 0.4, max(xs) + 0.4 + 0.1 * (max(xs) - min(xs)))  # room for words at the ends
        axes.tick_params(labelleft=not share_y or number % columns == 0)
        if reference is not None:
            axes.axhline(reference, color=INK, linewidth=0.8, zorder=1)
    mark_events(all_axes, events, named=columns == 1)
    _name(figure, all_axes[0], facets, frame)
    lay_out(figure)
    figure.set_layout_engine("none")  # it is laid out: the words that are placed now change nothing of it
    for axes, facet in zip(all_axes, facets, strict=True):
        _tell(axes, facet, reference, events)
    return figure


def _draw(axes: Axes, curve: Curve) -> None:
    xs, ys = zip(*curve.points, strict=True)
    is_marked = curve.role == "montree" and len(xs) <= MOST_POINTS_MARKED
    marks: dict[str, Any] = {"marker": "o", "markersize": 3.5, "markeredgewidth": 0} if is_marked else {}
    axes.plot(xs, ys, **_ROLES[curve.role], **marks)


def _scale(
    all_axes: Sequence[Axes],
    facets: Sequence[Facet],
    *,
    reference: float | None,
    from_zero: bool,
    share_y: bool,
) -> None:
    """Limits with room for words, on ticks that are round and, for an index, fall on its 100."""
    spans = [_span(facet, reference, from_zero=from_zero) for facet in facets]
    if share_y:
        low, high = min(low for low, _ in spans), max(high for _, high in spans)
        spans = [(low, high)] * len(facets)
    for axes, (low, high) in zip(all_axes, spans, strict=True):
        room = 0.2 * (high - low)
        axes.set_ylim(0 if from_zero else low - room, high + room)
        step = next((step for step in _STEPS if (high - low) / step <= 5), high - low)
        axes.yaxis.set_major_locator(MultipleLocator(step))
        axes.yaxis.set_major_formatter(lambda value, _: decimal(value, 1))


def _span(facet: Facet, reference: float | None, *, from_zero: bool) -> tuple[float, float]:
    values = [y for curve in facet.curves for _, y in curve.points]
    values += [] if reference is None else [reference]
    low, high = (0.0 if from_zero else min(values)), max(values)
    return (low, high) if high > low else (low - 1, high + 1)


def _name(figure: Figure, axes: Axes, facets: Sequence[Facet], frame: Frame) -> None:
    """The legend, the curve in red first; nothing for a single curve, which the title names."""
    named = dict.fromkeys((c.role, c.name) for facet in facets for c in facet.curves if c.name)
    if len(named) < 2:
        return
    order = list(reversed(_ROLES))
    handles = [
        axes.plot([], [], **_ROLES[role], label=fill(name, 46))[0]
        for role, name in sorted(named, key=lambda pair: order.index(pair[0]))
    ]
    room = 46 if frame.is_narrow else 96
    fits = sum(len(name) + 7 for _, name in named) <= room
    figure.legend(
        handles=handles,
        loc="outside upper left",
        ncols=len(handles) if fits else 1 if frame.is_narrow else 2,
        frameon=False,
        fontsize=9,
        handlelength=2.2,
    )


def _tell(axes: Axes, facet: Facet, reference: float | None, events: Sequence[Event]) -> None:
    """The words of the points that are told, off every curve and every rule."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    lines = [curve.points for curve in facet.curves]
    lines += [((event.x, low), (event.x, high)) for event in events]
    if reference is not None:
        lines.append(((left, reference), (right, reference)))
    labels = [
        Label(
            x,
            y,
            words,
            _ROLES[curve.role]["color"],
            is_bold=curve.role == "montree",
            short=words.partition(" (")[0],
        )
        for curve in facet.curves
        for x, y, words in curve.told
    ]
    place_labels(axes, labels, lines=lines)
