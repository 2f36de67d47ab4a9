"""Charts in rows: any number of them, with gaps, the same bytes twice, and no warning of the drawing."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.presentation.drawing import distributions, rows
from analysis.presentation.drawing.distributions import Strip, shades_svg, strips_svg
from analysis.presentation.drawing.rows import (
    HATCH,
    SIZE,
    Bar,
    Bars,
    Divide,
    Pair,
    Split,
    bars_svg,
    diverging_svg,
    pairs_svg,
    shares_svg,
)
from analysis.presentation.drawing.style import PAGE, PHONE, Drawing, Frame, dark, house_style

pytestmark = pytest.mark.lent

NAMES = ["parties pour une autre raison", "autre situation", "en formation", "en EBE", "autre"]
FRAMES = pytest.mark.parametrize("frame", [PAGE, PHONE], ids=["page", "phone"])


def figure(chart: Callable[..., Drawing], frame: Frame, *args: Any, **kwargs: Any) -> Figure:
    """What a chart draws in a frame, before it is SVG."""
    with house_style():
        drawn: Figure = chart.__wrapped__(frame, *args, **kwargs)  # type: ignore[attr-defined]
        drawn.draw_without_rendering()
    return drawn


def bars_of(drawn: Figure) -> list[tuple[float, str | None]]:
    """The length and the hatch of every bar, those of the legend left out."""
    return [
        (round(patch.get_width(), 6), patch.get_hatch())
        for axes in drawn.axes
        for container in axes.containers
        for patch in container
        if isinstance(patch, Rectangle) and patch.get_width() != 0
    ]


def words_of(drawn: Figure) -> list[str]:
    return [text.get_text() for axes in drawn.axes for text in axes.texts if text.get_text().strip()]


def drawn(kind: str, count: int, label: str = "Territoire au nom assez long") -> Drawing:
    labels = [f"{label} {number}" for number in range(count)]
    if kind == "bars":
        bars = tuple(Bar(None if n % 3 == 1 else n - 1.0, "secret") for n in range(count))
        return bars_svg(labels, [Bars("Un titre qui se plie", bars)] * 4, emphasis=labels[-1:])
    if kind == "pairs":
        return pairs_svg(labels, [Pair(None, None, "secret")] * count, ("un", "deux"), unit="€")
    if kind == "shares":
        return shares_svg(labels, NAMES, [Split((20.0,) * len(NAMES))] * count)
    if kind == "diverging":
        return diverging_svg(
            labels, [Divide(None, None, missing=("secret", "absent"))] * count, ("contre", "pour")
        )
    if kind == "shades":
        return shades_svg(labels, ["une", "deux"], [[Bar(None, "secret"), Bar(100.0, "100 %")]] * count)
    return strips_svg(labels, [Strip((), "secret")] * count, unit="écarts-types")


KINDS = pytest.mark.parametrize("kind", ["bars", "pairs", "shares", "diverging", "shades", "strips"])


@KINDS
@pytest.mark.parametrize("count", [1, 25])
def test_a_chart_of_one_row_and_of_many_are_drawn_without_a_warning(kind: str, count: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert drawn(kind, count) == drawn(kind, count)


@KINDS
def test_a_name_of_three_hundred_letters_is_cut_and_the_colours_have_a_dark_counterpart(kind: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        both = drawn(kind, 3, "Une question " * 23)
    assert dark(both.wide) != both.wide and dark(both.narrow) != both.narrow


@FRAMES
def test_a_bar_without_a_value_has_no_length_but_its_word(frame: Frame) -> None:
    bars = (Bar(0.0, "0 %"), Bar(None, "secret"), Bar(None, "absent"), Bar(-4.0, "−4 %"))
    chart = figure(bars_svg, frame, ["a", "b", "c", "d"], [Bars("Un", bars)])
    assert [length for length, _ in bars_of(chart)] == [-4.0]
    assert words_of(chart) == ["0 %", "secret", "absent", "−4 %"]


@FRAMES
def test_the_panels_of_a_chart_have_one_scale(frame: Frame) -> None:
    panels = [Bars(title, (Bar(value, "x"),)) for title, value in (("Ventes", 5.0), ("Manque", -20.0))]
    sales, lack = figure(bars_svg, frame, ["a"], panels).axes
    assert sales.get_xlim()[0] == 0 and lack.get_xlim()[1] == pytest.approx(0)
    assert sales.get_xlim()[1] == pytest.approx(-lack.get_xlim()[0])


@FRAMES
def test_what_is_withheld_of_a_hundred_is_hatched_and_has_no_digit(frame: Frame) -> None:
    splits = [Split((35.0, 15.0, None, None), "retenu (secret)"), Split((None,) * 4, "secret")]
    chart = figure(shares_svg, frame, ["a", "b"], ["un", "deux", "trois", "quatre"], splits)
    assert bars_of(chart) == [(35.0, None), (15.0, None), (50.0, HATCH)]
    assert words_of(chart) == ["35", "15", "secret"]
    assert [text.get_text() for text in chart.legends[0].get_texts()][-1] == "retenu (secret)"


def test_what_is_missing_is_not_drawn_as_what_is_withheld() -> None:
    chart = figure(shares_svg, PAGE, ["a"], ["un", "deux"], [Split((35.0, None), "absent")])
    assert bars_of(chart) == [(35.0, None), (65.0, None)]
    assert rows._look("absent") != rows._look("secret")


@pytest.mark.parametrize(("parts", "rest"), [((60.0, 50.0), ""), ((-1.0, 101.0), ""), ((None, 50.0), "")])
def test_a_split_that_is_no_hundred_or_hides_a_gap_is_refused(
    parts: tuple[float | None, ...], rest: str
) -> None:
    with pytest.raises(ValueError, match="no parts of a hundred|nothing says so"):
        Split(parts, rest)


@FRAMES
def test_an_opinion_that_is_withheld_has_no_bar_on_its_side(frame: Frame) -> None:
    divides = [
        Divide(None, 70.0, 60.0, 80.0, ("secret", "secret")),
        Divide(12.0, None, missing=("", "absent")),
    ]
    chart = figure(diverging_svg, frame, ["a", "b"], divides, ("contre", "pour"))
    assert bars_of(chart) == [(70.0, None), (-12.0, None)]
    assert [word for word in words_of(chart) if word not in ("a", "b")] == ["secret", "70", "12", "absent"]


def test_each_side_of_an_opinion_is_as_long_as_its_bars_ask() -> None:
    (axes,) = figure(diverging_svg, PAGE, ["a"], [Divide(10.0, 90.0)], ("contre", "pour")).axes
    left, right = axes.get_xlim()
    assert -30 < left < -10 and 90 < right < 112


@FRAMES
def test_a_missing_dot_is_a_word(frame: Frame) -> None:
    pairs = [Pair(None, 40.0, "secret"), Pair(None, None, "secret ; absent")]
    chart = figure(pairs_svg, frame, ["a", "b"], pairs, ("un", "deux"), unit="%")
    dots = [line for line in chart.axes[0].lines if line.get_marker() in ("o", "D") and len(line.get_xdata())]
    assert [float(line.get_xdata()[0]) for line in dots] == [40.0]
    assert words_of(chart) == ["secret", "secret ; absent"]
    axes = chart.axes[0]
    for text in axes.texts:  # what has no value stands off the axis of numbers
        if text.get_text().strip():
            assert text.get_window_extent().x0 >= axes.get_window_extent().x1


@FRAMES
def test_a_shade_that_is_withheld_is_hatched(frame: Frame) -> None:
    cells = [[Bar(12.0, "12 %"), Bar(None, "secret")], [Bar(0.0, "0 %"), Bar(None, "absent")]]
    chart = figure(shades_svg, frame, ["a", "b"], ["une", "deux"], cells)
    hatches = [patch.get_hatch() for patch in chart.axes[0].patches]
    assert hatches == [HATCH, None] and words_of(chart) == ["12 %", "secret", "0 %", "absent"]
    shown = chart.axes[0].collections[0].get_array()
    assert [bool(masked) for masked in shown.mask.flat] == [False, True, False, True]


@KINDS
def test_text_is_read_on_a_phone(kind: str) -> None:
    """No text is smaller than 8.5 points in a drawing as wide as a phone's screen."""
    module = distributions if kind in ("shades", "strips") else rows
    chart = getattr(module, f"{kind}_svg")
    arguments: dict[str, tuple[Any, ...]] = {
        "bars": ([Bars("Un", (Bar(1.0, "1"),))],),
        "pairs": ([Pair(1.0, None, "secret")], ("un", "deux")),
        "shares": (["un"], [Split((100.0,))]),
        "diverging": ([Divide(1.0, 2.0)], ("un", "deux")),
        "shades": (["une"], [[Bar(None, "secret")]]),
        "strips": ([Strip((1.0,))],),
    }
    unit = {"unit": "%"} if kind in ("pairs", "strips") else {}
    narrow = figure(
        chart, PHONE, ["Une question assez longue pour se plier en deux lignes"], *arguments[kind], **unit
    )
    sizes = [
        text.get_fontsize()
        for text in narrow.findobj(lambda artist: hasattr(artist, "get_fontsize"))
        if text.get_text()
    ]
    assert min(sizes) >= SIZE == 8.5
