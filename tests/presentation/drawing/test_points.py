"""Dots as published: a value is full, a bound is empty and shows its open side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.figure import Figure

from analysis.presentation.drawing.points import (
    Cloud,
    Counts,
    Dot,
    Extent,
    clouds_over_time_svg,
    last_counts_svg,
)
from analysis.presentation.drawing.style import PAGE, PHONE, WHITE, Drawing, Frame, house_style

FRAMES = pytest.mark.parametrize("frame", [PAGE, PHONE], ids=["page", "phone"])


def figure(chart: Callable[..., Drawing], frame: Frame, *args: Any, **kwargs: Any) -> Figure:
    with house_style():
        drawn: Figure = chart.__wrapped__(frame, *args, **kwargs)  # type: ignore[attr-defined]
    return drawn


def marks_of(drawn: Figure) -> list[tuple[str, float, bool]]:
    """Each mark of the drawing: its form, its number across, and whether it is empty."""
    return [
        (str(line.get_marker()), float(line.get_xdata()[0]), line.get_markerfacecolor() == WHITE)
        for line in drawn.axes[0].lines
        if len(line.get_xdata()) == 1
    ]


@FRAMES
def test_a_bound_over_time_is_empty_under_its_tip(frame: Frame) -> None:
    dots = [
        Dot("Un", 2017.0, Extent(622, 622), "622"),
        Dot("Un", 2019.0, Extent(800, 800, 1), "plus de 800"),
        Dot("Un", 2021.0, Extent(900, 900, -1), "moins de 900"),
    ]
    drawn = figure(clouds_over_time_svg, frame, [Cloud("", tuple(dots))])
    assert marks_of(drawn) == [
        ("o", 2017.0, False),
        ("o", 2019.0, True),
        ("^", 2019.0, False),
        ("o", 2021.0, True),
        ("v", 2021.0, False),
    ]


@FRAMES
def test_a_last_count_that_is_a_bound_opens_to_the_right(frame: Frame) -> None:
    rows = [
        Counts("Jouques", (Extent(23, 23), Extent(40, 40, 1)), "plus d'une quarantaine"),
        Counts("Mauléon", (Extent(75, 75),), "75"),
    ]
    assert marks_of(figure(last_counts_svg, frame, rows, unit="personnes")) == [
        ("o", 23.0, False),
        ("o", 40.0, True),
        (">", 40.0, False),
        ("o", 75.0, False),
    ]
