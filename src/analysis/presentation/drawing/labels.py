"""Words beside the points of a chart, each put where it covers nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

_GAP = 5.0
"""Points between a mark and its words."""

_PLACES = (
    (0, 1, "center", "bottom"),
    (0, -1, "center", "top"),
    (1, 0, "left", "center"),
    (-1, 0, "right", "center"),
    (0.8, 0.8, "left", "bottom"),
    (-0.8, 0.8, "right", "bottom"),
    (0.8, -0.8, "left", "top"),
    (-0.8, -0.8, "right", "top"),
)
"""Where words may stand around their point, the best first: the direction, and how they are aligned."""

_STEP = 3.0
"""Pixels between the points of a line that words may not cover."""


@dataclass(frozen=True)
class Label:
    """The words of a point of a chart, in the units of its axes; ``short`` where the whole has no room."""

    x: float
    y: float
    text: str
    colour: str
    is_bold: bool = False
    short: str = ""


def place_labels(
    axes: Axes,
    labels: Sequence[Label],
    *,
    lines: Sequence[Sequence[tuple[float, float]]] = (),
    points: Sequence[tuple[float, float]] = (),
    size: float = 8.5,
    inside: bool = True,
) -> list[Label]:
    """Write each label where it covers neither a line, nor a point, nor another label; those written.

    The figure must be laid out (``canvas.lay_out``), its limits set. With ``inside`` the words stay within the axes. Labels come in
    order of importance: one that has no room is left out, as is one that says again what stands beside it.
    """
    frame = axes.get_window_extent()
    marks = [*points, *((label.x, label.y) for label in labels)]
    obstacles = [_around(*axes.transData.transform(mark)) for mark in dict.fromkeys(marks)]
    obstacles += [_around(x, y, 1.5) for line in lines for x, y in _sampled(axes, line)]
    written: list[tuple[Label, Bbox]] = []
    for label in labels:
        box = _written(axes, label, obstacles, frame if inside else None, written, size)
        if box is not None:
            written.append((label, box))
            obstacles.append(box)
    return [label for label, _ in written]


def _written(
    axes: Axes,
    label: Label,
    obstacles: Sequence[Bbox],
    frame: Bbox | None,
    written: Sequence[tuple[Label, Bbox]],
    size: float,
) -> Bbox | None:
    """The box of the label at its first free place, None when it has none or was said already."""
    x, y = axes.transData.transform((label.x, label.y))
    for other, box in written:
        if other.text == label.text and box.padded(2 * _GAP).contains(x, y):
            return None
    texts = [text for text in (label.text, label.short) if text]
    for text, (across, up, align, stand) in product(texts, _PLACES):
        words = axes.annotate(
            text,
            (label.x, label.y),
            (across * _GAP, up * _GAP),
            textcoords="offset points",
            ha=align,
            va=stand,
            fontsize=size,
            color=label.colour,
            fontweight="semibold" if label.is_bold else "normal",
        )
        words.set_in_layout(False)
        box = words.get_window_extent()
        is_within = frame is None or (
            frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
        )
        if is_within and not any(box.overlaps(obstacle) for obstacle in obstacles):
            return box
        words.remove()
    return None


def _around(x: float, y: float, half: float = 3.0) -> Bbox:
    return Bbox.from_extents(x - half, y - half, x + half, y + half)


def _sampled(axes: Axes, line: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points along a line, close enough for no word to pass between them, in pixels."""
    corners = [tuple(axes.transData.transform(corner)) for corner in line]
    found: list[tuple[float, float]] = corners[:1]
    for (x0, y0), (x1, y1) in zip(corners, corners[1:], strict=False):
        steps = max(1, int(max(abs(x1 - x0), abs(y1 - y0)) / _STEP))
        found += [(x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps) for n in range(1, steps + 1)]
    return found
