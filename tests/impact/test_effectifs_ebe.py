"""The staff of an EBE at the end of a year: bounds made of what was published, or nothing."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.impact.effectifs_ebe import Effectif, dernier, en_fin_d_annee
from analysis.noyau.periods import Period

OPENING = date(2017, 4, 1)


def staff(period: str, low: float, high: float | None = -1.0) -> Effectif:
    return Effectif(low, low if high == -1.0 else high, Period(period))


FOUND = (staff("2018-09", 35, 45), staff("2019-12", 60), staff("2021-11", 85), staff("2021-11-20", 80))


@pytest.mark.parametrize(
    ("year", "bounds"),
    [
        (2016, (0, 0)),  # not opened
        (2017, (0, 45)),  # between the opening and September 2018
        (2018, (35, 60)),
        (2019, (60, 60)),  # the figure of that month
        (2020, (60, 85)),  # two figures of November 2021 hold 80 to 85
        (2021, None),  # nothing after
    ],
)
def test_the_bounds_hold_the_figures_around(year: int, bounds: tuple[float, float] | None) -> None:
    assert en_fin_d_annee(FOUND, OPENING, year) == bounds


def test_at_most_is_unknown_where_a_source_says_more_than() -> None:
    assert en_fin_d_annee((staff("2019-12", 40, None),), OPENING, 2019) is None
    last = dernier((staff("2019-12", 40, None),), date(2021, 12, 31))
    assert last is not None and (last.bas, last.haut) == (40, None)


def test_the_last_figure_before_a_day_holds_those_of_its_moment() -> None:
    last = dernier(FOUND, date(2021, 12, 31))
    assert last is not None and (last.bas, last.haut) == (80, 85)
    assert dernier(FOUND, date(2017, 1, 1)) is None
