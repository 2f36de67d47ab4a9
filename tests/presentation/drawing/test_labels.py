"""Words beside points cover nothing, whatever the points."""

from __future__ import annotations

from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from analysis.presentation.drawing.labels import Label, place_labels
from analysis.presentation.drawing.style import INK, house_style


def axes_of(width: float = 3.0, height: float = 2.0) -> Axes:
    axes = Figure(figsize=(width, height)).subplots()
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 10)
    axes.figure.draw_without_rendering()
    return axes


def boxes(axes: Axes) -> list[tuple[str, object]]:
    return [(a.get_text(), a.get_window_extent()) for a in axes.findobj(Annotation)]


def test_labels_cover_neither_one_another_nor_the_points_nor_the_edge() -> None:
    with house_style():
        axes = axes_of()
        labels = [Label(5 + n / 5, 5 + (n % 3) / 5, f"{100 + n} personnes", INK) for n in range(12)]
        written = place_labels(axes, labels)
        found = boxes(axes)
    assert 0 < len(written) < 12 and len(found) == len(written)
    assert written[0] == labels[0]  # the most important one is written
    for (_, one), (_, other) in combinations(found, 2):
        assert not one.overlaps(other)
    frame = axes.get_window_extent()
    for _, box in found:
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1
        for label in labels:
            assert not box.contains(*axes.transData.transform((label.x, label.y)))


def test_a_label_leaves_its_line_free() -> None:
    with house_style():
        axes = axes_of()
        line = [(0.0, 5.0), (10.0, 5.0)]
        assert place_labels(axes, [Label(5, 5, "4 480", INK)], lines=[line])
        ((_, box),) = boxes(axes)
    y = axes.transData.transform((5, 5))[1]
    assert not box.y0 <= y <= box.y1


def test_the_same_words_at_the_same_place_are_written_once() -> None:
    with house_style():
        axes = axes_of()
        written = place_labels(axes, [Label(5, 5, "75", INK), Label(5.05, 5, "75", INK)])
    assert [label.text for label in written] == ["75"]


def test_words_without_room_give_way_to_their_short_form() -> None:
    with house_style():
        axes = axes_of(1.0)
        (whole,) = place_labels(axes, [Label(5, 5, "121 (5 125 salariés en tout)", INK, short="121")])
        assert [text for text, _ in boxes(axes)] == ["121"] and whole.short == "121"
        wide = axes_of(6.0)
        place_labels(wide, [Label(5, 5, "121 (5 125 salariés)", INK, short="121")])
        assert [text for text, _ in boxes(wide)] == ["121 (5 125 salariés)"]
