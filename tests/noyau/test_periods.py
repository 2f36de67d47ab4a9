"""A period says no more than its text."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.noyau.periods import Period


@pytest.mark.parametrize(
    ("text", "precision", "label", "first", "last"),
    [
        ("2016", "année", "2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-02", "mois", "février 2016", date(2016, 2, 1), date(2016, 2, 29)),
        ("2016-12", "mois", "décembre 2016", date(2016, 12, 1), date(2016, 12, 31)),
        ("2016-11-24", "jour", "24 novembre 2016", date(2016, 11, 24), date(2016, 11, 24)),
        ("2018-05-01", "jour", "1er mai 2018", date(2018, 5, 1), date(2018, 5, 1)),
        ("2016-T1", "trimestre", "1er trimestre 2016", date(2016, 1, 1), date(2016, 3, 31)),
        ("2016-T4", "trimestre", "4e trimestre 2016", date(2016, 10, 1), date(2016, 12, 31)),
        (
            "2021-07/2022-06",
            "intervalle",
            "de juillet 2021 à juin 2022",
            date(2021, 7, 1),
            date(2022, 6, 30),
        ),
    ],
)
def test_forms(text: str, precision: str, label: str, first: date, last: date) -> None:
    period = Period(text)
    assert (period.precision, period.label) == (precision, label)
    assert (period.start, period.end) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nd",
        "24/11/2016",
        "2016-13",
        "2017-02-29",
        "2016-T5",
        "2018/2017",
        "2016/2017/2018",
        " 2016",
    ],
)
def test_what_is_not_a_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Period(text)


def test_a_year_end_stands_at_the_end_of_its_year() -> None:
    assert Period("2016-12-31").middle == pytest.approx(2017.0, abs=0.002)
    assert Period("2016").middle == pytest.approx(2016.5, abs=0.002)
