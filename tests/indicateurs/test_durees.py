"""The same day of another month, for each day of seven years: what a calendar says."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from analysis.indicateurs.durees import anniversaire


def test_the_same_day_of_another_month_is_that_day_or_the_last() -> None:
    for number in range(7 * 365):
        day = date(2015, 1, 1) + timedelta(days=number)
        for months in (-25, -1, 0, 1, 2, 11, 13):
            found = anniversaire(day, months)
            assert 12 * (found.year - day.year) + found.month - day.month == months
            assert found.day == min(day.day, monthrange(found.year, found.month)[1])
