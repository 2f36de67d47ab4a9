"""The probability that a first event of each kind has come, when some are followed longer than others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, fsum, log

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analysis.indicateurs.durees import mois_ecoules

Vector = npt.NDArray[np.float64]

_NIL = 1e-14
"""Under it a variance is what rounding leaves of nothing."""


@dataclass(frozen=True, eq=False)
class Suivi:
    """People followed from an origin of their own until a first event, one element a person.

    ``mois``: months from the origin to the first event, or to the end of the follow-up when none came;
    ``issues``: which event it is, from 1 to ``causes``, 0 for none; ``possibles``: months from the origin to
    the arrêté, for how long the person could have been followed. Raises ValueError when these disagree.
    """

    mois: Vector
    issues: npt.NDArray[np.int64]
    possibles: Vector
    causes: int

    def __post_init__(self) -> None:
        if not len(self.mois) == len(self.issues) == len(self.possibles):
            raise ValueError("as many times as events")
        if not ((self.mois >= 0) & (self.mois <= self.possibles)).all():
            raise ValueError("a time is missing, negative or after the end of the data")
        if not ((self.issues >= 0) & (self.issues <= self.causes)).all():
            raise ValueError(f"an event is not among 0 to {self.causes}")

    @property
    def origine(self) -> int:
        """The people followed from the start."""
        return len(self.mois)


@dataclass(frozen=True)
class Point:
    """The incidences at one horizon: by cause, a probability (0 to 1), its standard error, the events known.

    ``erreur_reste`` is the standard error of the probability that no event has come. ``a_risque`` are the
    people still followed at the horizon without any event, ``origine`` all those followed from the start.
    Raises ValueError when they contradict each other.
    """

    probabilites: tuple[float, ...]
    evenements: tuple[int, ...]
    origine: int
    a_risque: int
    erreurs: tuple[float, ...]
    erreur_reste: float

    def __post_init__(self) -> None:
        if min(self.probabilites) < 0 or self.reste < -1e-9:
            raise ValueError(f"{self.probabilites} are not parts of a whole")
        if sum(self.evenements) + self.a_risque > self.origine:
            raise ValueError("more people at the horizon than at the origin")

    @property
    def reste(self) -> float:
        """The probability that no event has come."""
        return 1 - fsum(self.probabilites)


def suivre(
    origine: Sequence[date], jour: Sequence[date | None], issue: Sequence[int], *, causes: int, arrete: date
) -> Suivi:
    """The follow-up of people, in months, from days: one element a person.

    ``origine``: the day it starts, no later than ``arrete``; ``jour``: the day of the first event, None for
    none; ``issue``: which event that is, from 1 to ``causes``, 0 when the person is lost from sight that
    day. An event of before the origin is one of the origin; one of after the arrêté is not known yet, and
    the person is followed until the arrêté. Months are those of
    :func:`~analysis.indicateurs.durees.mois_ecoules`. Raises ValueError for an origin missing or after the
    arrêté.

    >>> events = [date(2018, 2, 28), None, date(2017, 6, 1)]
    >>> found = suivre([date(2018, 1, 31)] * 3, events, [1, 0, 2], causes=2, arrete=date(2018, 7, 31))
    >>> found.mois.tolist(), found.issues.tolist()
    ([1.0, 6.0, 0.0], [1, 0, 2])
    """
    known = [day is not None and day <= arrete for day in jour]
    ends = [
        max(day, since) if day and is_known else arrete
        for day, since, is_known in zip(jour, origine, known, strict=True)
    ]
    return Suivi(
        mois=np.array([mois_ecoules(a, b) for a, b in zip(origine, ends, strict=True)], float),
        issues=np.where(known, issue, 0).astype(np.int64),
        possibles=np.array([mois_ecoules(a, arrete) for a in origine], float),
        causes=causes,
    )


def incidences(suivi: Suivi, horizons: Iterable[float]) -> tuple[Point | None, ...]:
    """The cumulative incidence of each cause at these horizons, by the estimator of Aalen and Johansen.

    F̂ₖ(t) = Σ over the times tⱼ ≤ t of Ŝ(tⱼ−) · dₖⱼ / nⱼ, where dₖⱼ people have event k at tⱼ, nⱼ had none
    before it and were still followed, and Ŝ(t) = Π over tⱼ ≤ t of (1 − Σₖ dₖⱼ / nⱼ) is the probability that
    none has come: F̂₁ + … + F̂ₖ + Ŝ = 1. Without censoring it is the share of people who had event k.

    Its standard error is that of Dinse and Larson (:func:`erreurs_types`).

    Horizons are in months. An event of the very horizon has come; a person whose follow-up ends the day of
    another's event was still followed at it; an event at time 0 counts. A horizon is None when nobody could
    be followed so long, and when nobody is followed any more while some, lost before, had no event: what
    became of them cannot be told. A cause that never happens has an incidence of 0.

    Source: O. O. Aalen and S. Johansen, « An Empirical Transition Matrix for Non-homogeneous Markov Chains
    Based on Censored Observations », Scandinavian Journal of Statistics, 5, 1978, p. 141-150; computed by
    ``CumIncidenceRight`` of statsmodels 0.15.0, unit weights given so that it leaves out its standard errors,
    the same as ours but where all who are left have the event: they divide by zero there.

    >>> suivi = Suivi(np.array([2.0, 4.0, 5.0, 8.0]), np.array([1, 0, 2, 0]), np.full(4, 8.0), causes=2)
    >>> [point and point.probabilites for point in incidences(suivi, (1, 2, 6, 12))]
    [(0.0, 0.0), (0.25, 0.0), (0.25, 0.375), None]
    """
    if not suivi.origine:
        return tuple(None for _ in horizons)
    from statsmodels.duration.survfunc import CumIncidenceRight  # takes a second: most processes need none

    found = CumIncidenceRight(suivi.mois, suivi.issues, freq_weights=np.ones(suivi.origine))
    absent = [np.zeros(len(found.times))] * (suivi.causes - len(found.cinc))  # causes above the last seen
    curves = np.array([*found.cinc, *absent])
    every = curves.sum(axis=0)  # its error is Greenwood's: the errors of a single cause
    errors = erreurs_types(suivi, found.times, np.array([*curves, every]))
    return tuple(_point(suivi, horizon, found.times, curves, errors) for horizon in horizons)


def erreurs_types(suivi: Suivi, times: Vector, curves: Vector) -> Vector:
    """The standard error of each incidence at each time, the last curve being that of all causes together.

    Var F̂ₖ(t) = Σⱼ (F̂ₖ(t) − F̂ₖ(tⱼ))² dⱼ / (nⱼ(nⱼ − dⱼ)) + Σⱼ (Ŝ(tⱼ−)/nⱼ)² dₖⱼ(nⱼ − dₖⱼ)/nⱼ
    − 2 Σⱼ (F̂ₖ(t) − F̂ₖ(tⱼ)) Ŝ(tⱼ−) dₖⱼ/nⱼ², over the times tⱼ ≤ t, with the letters of :func:`incidences`;
    a term whose nⱼ − dⱼ is zero is the last, and has no weight.

    G. E. Dinse and M. G. Larson, « A note on semi-Markov models for partially censored data », Biometrika,
    73, 1986, p. 379-386, equation 6.
    """
    rank = np.searchsorted(times, suivi.mois)
    had = [*(suivi.issues == cause for cause in range(1, suivi.causes + 1)), suivi.issues > 0]
    events = np.array([np.bincount(rank[one], minlength=len(times)) for one in had], float)
    at_risk = np.bincount(rank, minlength=len(times))[::-1].cumsum()[::-1].astype(float)
    alive = np.concatenate([[1.0], 1 - curves[-1][:-1]])
    left = at_risk * (at_risk - events[-1])
    hazard = np.divide(events[-1], left, out=np.zeros(len(times)), where=left > 0)
    own = (alive / at_risk) ** 2 * events * (at_risk - events) / at_risk
    together = alive * events / at_risk**2
    variance = (
        curves**2 * hazard.cumsum()
        - 2 * curves * (curves * hazard).cumsum(axis=1)
        + (curves**2 * hazard).cumsum(axis=1)
        + own.cumsum(axis=1)
        - 2 * (curves * together.cumsum(axis=1) - (curves * together).cumsum(axis=1))
    )
    return np.sqrt(np.where(variance > _NIL, variance, 0.0))


def bornes(probabilite: float, erreur: float) -> tuple[float, float] | None:
    """The interval at 95 % of a probability, on the scale of log(−log): it stays between 0 and 1.

    None for a probability of 0 or 1, or without error: the formula says nothing there.

    Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data, section 1.4.

    >>> [round(bound, 3) for bound in bornes(0.5, 0.1)]
    [0.295, 0.675]
    """
    if not 0 < probabilite < 1 or erreur <= 0:
        return None
    half = ndtri(0.975) * erreur / (probabilite * abs(log(probabilite)))
    return probabilite ** exp(half), probabilite ** exp(-half)


def _point(suivi: Suivi, horizon: float, times: Vector, curves: Vector, errors: Vector) -> Point | None:
    sans_issue = suivi.issues == 0
    a_risque = int(((suivi.mois > horizon) | ((suivi.mois == horizon) & sans_issue)).sum())
    perdus = bool(sans_issue[suivi.mois == suivi.mois.max()].any())
    if suivi.possibles.max() < horizon or (a_risque == 0 and perdus):
        return None
    step = int(np.searchsorted(times, horizon, side="right")) - 1
    come = suivi.issues[suivi.mois <= horizon]
    return Point(
        probabilites=tuple(float(curve[step]) if step >= 0 else 0.0 for curve in curves),
        evenements=tuple(int((come == cause).sum()) for cause in range(1, suivi.causes + 1)),
        origine=suivi.origine,
        a_risque=a_risque,
        erreurs=tuple(float(error[step]) if step >= 0 else 0.0 for error in errors[:-1]),
        erreur_reste=float(errors[-1][step]) if step >= 0 else 0.0,
    )
