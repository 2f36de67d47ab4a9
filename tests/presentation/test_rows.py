"""Charts in rows: any number of them, with gaps, the same bytes twice, and no warning of the drawing."""

from __future__ import annotations

import warnings

import pytest

from analysis.presentation.rows import Bar, Bars, Pair, bars_svg, clouds_svg, pairs_svg, shares_svg
from analysis.presentation.style import Drawing

NAMES = ["parties pour une autre raison", "autre situation, ou secret", "en formation", "en EBE", "autre"]


def drawn(kind: str, rows: int) -> Drawing:
    labels = [f"Territoire au nom assez long {number}" for number in range(rows)]
    if kind == "bars":
        bars = tuple(Bar(None if n % 3 == 1 else n - 1.0, "secret") for n in range(rows))
        return bars_svg(labels, [Bars("Un titre qui se plie", bars)] * 4, emphasis=labels[-1:])
    if kind == "pairs":
        return pairs_svg(labels, [Pair(None, None, "secret")] * rows, ("un", "deux"), unit="€")
    if kind == "shares":
        return shares_svg(labels, NAMES, [[20.0] * len(NAMES)] * rows)
    return clouds_svg(labels, [[]] * rows, unit="écarts-types")


@pytest.mark.parametrize("kind", ["bars", "pairs", "shares", "clouds"])
@pytest.mark.parametrize("rows", [1, 2, 11, 60])
def test_a_chart_of_one_row_and_of_sixty_are_drawn_without_a_warning(kind: str, rows: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert drawn(kind, rows) == drawn(kind, rows)
