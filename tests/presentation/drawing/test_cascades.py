"""The charts of money: what is written in them is folded as French print asks."""

from __future__ import annotations

import pytest

from analysis.presentation.drawing.cascades import _folded

TITLE = "Après : en EBE, à temps plein (26 717 € dépensés, 0 € reçus)"


@pytest.mark.parametrize("width", range(16, 70))
def test_a_number_stays_on_the_line_of_its_unit(width: int) -> None:
    """On a phone the title of « Pour le département » was cut between « 0 » and « € reçus »."""
    lines = _folded(TITLE, width).split("\n")
    assert all(len(line) <= width for line in lines)
    assert not any(line.startswith(("€", ":")) for line in lines)
    assert (
        sum("26\u202f717\u00a0€" in line for line in lines) == sum("0\u00a0€" in line for line in lines) == 1
    )
