"""Places that begin in different years: the effect of each cohort in each year, and by years since
(diff-diff)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.impact.estimateurs.refus import LEAST_DONORS, Array, Motif, Refus

NEVER = -1
"""The cohort of a place where nothing begins."""


@dataclass(frozen=True)
class Cellule:
    """The effect of the cohort begun at period ``cohorte`` in period ``periode``, with its error; ``places``
    in it.

    The error at the base, the period before the beginning, is NaN: its effect is nothing by construction.
    """

    cohorte: int
    periode: int
    effet: float
    erreur: float
    places: int


@dataclass(frozen=True)
class Depuis:
    """The mean effect so many periods after (``relatif`` ≥ 0) or before the beginning, and its error (NaN at
    −1)."""

    relatif: int
    effet: float
    erreur: float


@dataclass(frozen=True)
class Echelonne:
    """Effects by cohort and period, by periods since, and in all: ``effet`` is the mean over periods since ≥
    0.

    ``simple`` is the mean over all cells after, each weighted by its places: another number. Errors lean on
    many treated places: with a handful, rank the effect among placebos instead.
    """

    cellules: tuple[Cellule, ...]
    depuis: tuple[Depuis, ...]
    effet: float
    simple: float
    traites: int
    donneurs: int


def echelonne(valeurs: Array, cohortes: Sequence[int] | npt.NDArray[np.intp]) -> Echelonne:
    """The group-time effects of Callaway and Sant'Anna against places where nothing ever begins, by
    `diff-diff`.

    ATT(g, t) = mean over cohort g of (yₜ − y₍g−1₎) − the same over the never-treated; by periods since,
    cohorts are weighted by their places. Years before are compared with the last before the beginning of the
    cohort (a long difference), as in an event study. ``valeurs`` (n, T); ``cohortes`` (n,): the row of the
    first period with an effect, `NEVER` for none. Raises `Refus`: no place begins, or all at the first
    period; fewer than two never do; missing values.

    B. Callaway and P. Sant'Anna, « Difference-in-differences with multiple time periods », Journal of
    Econometrics 225 (2021), pp. 200-230, eq. (2.1), (3.4), (3.5).
    """
    values, starts = np.asarray(valeurs, float), np.asarray(cohortes)
    if values.ndim != 2 or len(values) != len(starts):
        raise Refus(Motif.FORME)
    if not np.isfinite(values).all():
        raise Refus(Motif.MANQUANT)
    never, treated = starts == NEVER, starts > 0
    if (starts >= values.shape[1]).any():
        raise Refus(Motif.SANS_APRES)
    if (starts == 0).any() or not treated.any():
        raise Refus(Motif.SANS_AVANT)
    if never.sum() < LEAST_DONORS:
        raise Refus(Motif.UN_DONNEUR)
    fitted, study = _fit(values, starts)
    cells = tuple(
        Cellule(
            int(cohort) - 1,
            int(period) - 1,
            float(cell["effect"]),
            float(cell["se"]),
            int(cell["n_treated"]),
        )
        for (cohort, period), cell in sorted(fitted.group_time_effects.items())
    )
    since = tuple(
        Depuis(int(when), float(effect), float(error))
        for when, effect, error in zip(study.event_time, study.att, study.se, strict=True)
    )
    after = [point.effet for point in since if point.relatif >= 0]
    return Echelonne(
        cells,
        since,
        float(np.mean(after)),
        float(fitted.overall_att),
        int(treated.sum()),
        int(never.sum()),
    )


def _fit(values: Array, starts: npt.NDArray[np.intp]) -> tuple[Any, Any]:
    """What `diff-diff` makes of the panel, and of periods since; its periods begin at one."""
    from diff_diff import CallawaySantAnna

    count, periods = values.shape
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(count), periods),
            "time": np.tile(np.arange(1, periods + 1), count),
            "value": values.ravel(),
            "first": np.repeat(np.where(starts == NEVER, 0, starts + 1), periods),
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of cohorts of a few places: said here, and ranked elsewhere
        fitted = CallawaySantAnna(base_period="universal", control_group="never_treated").fit(
            frame, outcome="value", unit="unit", time="time", first_treat="first"
        )
        return fitted, fitted.aggregate("event_study")
