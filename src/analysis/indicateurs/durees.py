"""Days, their months, and the time elapsed between two of them, in months as people count them."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

_LAST_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""The last day of each month of a common year."""


def jours(days: pd.Series | npt.NDArray[np.datetime64]) -> list[date | None]:
    """Days as dates, None where there is none.

    >>> jours(pd.to_datetime(pd.Series(["2018-01-31", None])))
    [datetime.date(2018, 1, 31), None]
    """
    return np.asarray(days).astype("datetime64[D]").tolist()


def mois(jour: date) -> str:
    """The month of a day, as a period writes it.

    >>> mois(date(2018, 5, 31))
    '2018-05'
    """
    return jour.isoformat()[:7]


def mois_ecoules(debut: date, fin: date) -> float:
    """Months from one day to another: whole ones, then the share of the month begun.

    The anniversary of a month's day that does not exist is the last day of the month, so that a period
    begun on 29, 30 or 31 lasts exactly one month on 28 February. Raises ValueError when ``fin`` comes first.

    >>> mois_ecoules(date(2018, 1, 31), date(2018, 2, 28)), mois_ecoules(date(2016, 2, 29), date(2017, 2, 28))
    (1.0, 12.0)
    >>> mois_ecoules(date(2018, 9, 3), date(2018, 9, 18))
    0.5
    """
    if fin < debut:
        raise ValueError(f"{fin} comes before {debut}")
    whole = 12 * (fin.year - debut.year) + fin.month - debut.month
    since = anniversaire(debut, whole)
    if since > fin:
        whole, since, until = whole - 1, anniversaire(debut, whole - 1), since
    else:
        until = anniversaire(debut, whole + 1)
    return whole + (fin - since).days / (until - since).days


def anniversaire(debut: date, mois: int) -> date:
    """The same day of the month, ``mois`` months later (or earlier), or the last day of that month.

    >>> anniversaire(date(2020, 2, 29), 12), anniversaire(date(2018, 10, 31), 1)
    (datetime.date(2021, 2, 28), datetime.date(2018, 11, 30))
    """
    year, month = divmod(debut.year * 12 + debut.month - 1 + mois, 12)
    if debut.day <= 28:
        return date(year, month + 1, debut.day)
    last = _LAST_DAYS[month] + (month == 1 and calendar.isleap(year))
    return date(year, month + 1, min(debut.day, last))
