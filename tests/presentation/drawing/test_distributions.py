"""A table of months: a zero is pale, what nobody tells is blank, and years have their names where they fit."""

from __future__ import annotations

import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from analysis.presentation.drawing.distributions import FEW, months_svg
from analysis.presentation.drawing.style import PAGE, PHONE, Frame, dark, house_style

pytestmark = pytest.mark.lent

MONTHS = [f"2018-{month:02d}" for month in range(10, 13)] + [f"2019-{month:02d}" for month in range(1, 13)]
COUNTS = [[0.0, 1.0, 2.0, 3.0, 7.0, *[1.0] * 10], [None, None, 0.0, *[2.0] * 12]]


def figure(frame: Frame) -> Figure:
    with house_style():
        drawn: Figure = months_svg.__wrapped__(frame, ["Val", "Bourg"], MONTHS, COUNTS)  # type: ignore[attr-defined]
        drawn.draw_without_rendering()
    return drawn


@pytest.mark.parametrize("frame", [PAGE, PHONE], ids=["page", "phone"])
def test_three_and_more_are_one_shade_and_what_is_not_told_has_none(frame: Frame) -> None:
    (mesh,) = [found for found in figure(frame).axes[0].collections if isinstance(found, QuadMesh)]
    cells = mesh.get_array()
    assert cells is not None
    assert [float(value) for value in cells[0, :6]] == [0, 1, 2, 3, 3, 1]
    assert cells.mask[1].tolist() == [True, True, *[False] * 13]
    assert float(cells[1, 2]) == 0


def test_a_year_of_three_months_has_no_name_and_the_legend_tells_the_shades() -> None:
    drawn = figure(PAGE)
    assert [label.get_text() for label in drawn.axes[0].get_xticklabels()] == ["2019"]
    assert [text.get_text() for text in drawn.legends[0].get_texts()] == list(FEW)


def test_the_same_counts_give_the_same_bytes_also_on_a_dark_page() -> None:
    first, second = (months_svg(["Val", "Bourg"], MONTHS, COUNTS) for _ in range(2))
    assert first == second and dark(first.wide) != first.wide
