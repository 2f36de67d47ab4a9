"""Charts laid out and written in one drawing: what matplotlib's own two drawings give, byte for byte."""

import io

import pytest
from matplotlib.figure import Figure

from analysis.presentation.drawing.canvas import lay_out, svg
from analysis.presentation.drawing.style import GREY, INK, french_axes, house_style


def figure(layout: str | None) -> Figure:
    drawn = Figure(figsize=(3.3, 2.2), layout=layout)
    upper, lower = drawn.subplots(2, 1, sharex=True)
    upper.plot([2016, 2021, 2024], [1_200, 13_400.5, -20], color=INK, label="Première phase")
    lower.bar([2017, 2018], [3, 4], hatch="//", color=GREY)
    lower.annotate("hors du cadre\nsur deux lignes", (2024, 4), annotation_clip=False)
    upper.set_title("Salariés", fontweight="semibold")
    upper.legend(loc="best")
    for axes in (upper, lower):
        french_axes(axes, years=4)
    lower.set_aspect("equal" if layout is None else "auto")
    drawn.supylabel("ETP")
    return drawn


@pytest.mark.parametrize("layout", ["constrained", None])
def test_a_chart_is_written_as_matplotlib_writes_it_in_two_drawings(layout):
    expected = io.BytesIO()
    with house_style():
        found = svg(figure(layout))
        figure(layout).savefig(
            expected,
            format="svg",
            metadata={"Date": None, "Creator": None},
            bbox_inches="tight",
            pad_inches=0.06,
        )
    assert found == expected.getvalue()


def test_a_chart_is_laid_out_where_matplotlib_would_draw_it():
    with house_style():
        found, expected = figure("constrained"), figure("constrained")
        lay_out(found)
        expected.draw_without_rendering()
        places = [
            [axes.get_window_extent().bounds for axes in drawn.axes]
            + [drawn.axes[1].texts[0].get_window_extent().bounds]
            for drawn in (found, expected)
        ]
    assert places[0] == places[1]
