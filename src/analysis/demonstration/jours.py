"""Days and months of the invented data: small steps shared by those who draw dates."""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta


def month_end(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months(first: date, last: date) -> Iterator[date]:
    """The first days of the months from that of ``first`` to that of ``last``, both included."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = month_end(month) + timedelta(days=1)


def weekday(day: date) -> date:
    """The day itself, or the Monday after it when it is a Saturday or a Sunday."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def at_share(curve: Sequence[tuple[date, float]], share: float) -> date:
    """The day at which a curve of cumulated shares, straight between its points, reaches a share.

    >>> at_share(((date(2018, 1, 1), 0.0), (date(2018, 1, 11), 1.0)), 0.5)
    datetime.date(2018, 1, 6)
    """
    place = min(max(bisect_left([part for _, part in curve], share), 1), len(curve) - 1)
    (before, low), (after, high) = curve[place - 1], curve[place]
    return before + timedelta(days=round((after - before).days * (share - low) / (high - low)))
