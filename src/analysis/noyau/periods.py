"""A date or a period whose written form carries its precision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from analysis.noyau.french import of

Precision = Literal["jour", "mois", "trimestre", "année", "intervalle"]

MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-T([1-4])")
_YEAR = re.compile(r"(\d{4})")


@dataclass(frozen=True, order=True)
class Period:
    """A day, a month, a quarter, a year or an interval of these, as ISO-like text.

    The text is ``2016``, ``2016-11``, ``2016-11-24``, ``2016-T3`` or two of them joined by ``/``.
    Nothing is completed: a year stays a year, so a chart or a sentence never shows a false precision.

    >>> Period("2016-11").label, Period("2016-11").precision
    ('novembre 2016', 'mois')
    >>> Period("2021-07/2022-06").label, Period("2023-07-01/2023-09-30").label
    ('de juillet 2021 à juin 2022', 'du 1er juillet 2023 au 30 septembre 2023')
    """

    text: str

    def __post_init__(self) -> None:
        _ = self.bounds

    @property
    def bounds(self) -> tuple[date, date]:
        """First and last day covered; raises ValueError when the text is not a period."""
        return _bounds(self.text)

    @property
    def precision(self) -> Precision:
        if "/" in self.text:
            return "intervalle"
        if _DAY.fullmatch(self.text):
            return "jour"
        if _MONTH.fullmatch(self.text):
            return "mois"
        return "trimestre" if _QUARTER.fullmatch(self.text) else "année"

    @property
    def start(self) -> date:
        return self.bounds[0]

    @property
    def end(self) -> date:
        return self.bounds[1]

    @property
    def middle(self) -> float:
        """The middle of the period in decimal years: where a chart puts its point."""
        first, last = self.bounds
        day = first + (last - first) / 2
        return day.year + (day.timetuple().tm_yday - 0.5) / 365.25

    @property
    def label(self) -> str:
        """The period as a French sentence shows it."""
        if "/" in self.text:
            first, last = self.text.split("/")
            return f"{_from(first)} {_until(last)}"
        return _label(self.text)

    @property
    def adverb(self) -> str:
        """The period as a complement of time.

        >>> Period("2016-11-24").adverb, Period("2016-11").adverb, Period("2016-T1").adverb
        ('le 24 novembre 2016', 'en novembre 2016', 'au 1er trimestre 2016')
        >>> Period("2019-11/2019-12").adverb
        'de novembre 2019 à décembre 2019'
        """
        words = {"jour": "le ", "trimestre": "au ", "intervalle": ""}
        return f"{words.get(self.precision, 'en ')}{self.label}"

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=10_000)  # a register writes the same few hundred periods again and again
def is_period(text: str) -> bool:
    """Whether a text is a period.

    >>> is_period("2016-T3"), is_period("2016-02-30")
    (True, False)
    """
    try:
        Period(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=10_000)
def fin(text: str) -> date:
    """The last day of a period, which a million measures ask of the same few hundred."""
    return Period(text).end


@lru_cache(maxsize=10_000)
def precision(text: str) -> Precision:
    """The precision of a period, asked as often as its last day."""
    return Period(text).precision


@lru_cache(maxsize=10_000)  # measures name the same few hundred periods again and again
def _bounds(text: str) -> tuple[date, date]:
    parts = text.split("/")
    if len(parts) > 2:
        raise ValueError(f"« {text} » n'est pas une période")
    first, last = _days(parts[0])[0], _days(parts[-1])[1]
    if first > last:
        raise ValueError(f"« {text} » finit avant de commencer")
    return first, last


def _days(text: str) -> tuple[date, date]:
    if match := _DAY.fullmatch(text):
        day = date(*map(int, match.groups()))
        return day, day
    if match := _QUARTER.fullmatch(text):
        year, quarter = map(int, match.groups())
        return date(year, 3 * quarter - 2, 1), _month_end(year, 3 * quarter)
    if match := _MONTH.fullmatch(text):
        year, month = map(int, match.groups())
        return date(year, month, 1), _month_end(year, month)
    if match := _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    raise ValueError(f"« {text} » n'est pas une période")


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def _label(text: str) -> str:
    first, _ = _days(text)
    if _DAY.fullmatch(text):
        return long_date(first)
    if match := _QUARTER.fullmatch(text):
        return f"{'1er' if match[2] == '1' else match[2] + 'e'} trimestre {match[1]}"
    return text if _YEAR.fullmatch(text) else f"{MONTHS[first.month - 1]} {first.year}"


def _from(text: str) -> str:
    """The beginning of an interval: « du 1er juillet », « d'octobre », « de 2017 »."""
    return f"du {_label(text)}" if _is_masculine(text) else of(_label(text))


def _until(text: str) -> str:
    return f"{'au' if _is_masculine(text) else 'à'} {_label(text)}"


def _is_masculine(text: str) -> bool:
    """Whether French puts an article before it: a day or a quarter."""
    return bool(_DAY.fullmatch(text) or _QUARTER.fullmatch(text))


def long_date(day: date) -> str:
    """A day in French, « 1er » included.

    >>> long_date(date(2016, 11, 24)), long_date(date(2018, 5, 1))
    ('24 novembre 2016', '1er mai 2018')
    """
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"
