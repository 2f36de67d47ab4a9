"""What is estimated of the answers to a survey: weights, precision, reliability, change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import root
from scipy.special import fdtri, ndtri, stdtrit

Vector = npt.NDArray[np.float64]

RISQUE: Final = 0.05
"""The intervals are at 95 %."""

_NORMALE: Final = float(ndtri(1 - RISQUE / 2))

_TOLERANCE: Final = 1e-6
"""How far a weighted margin may stand from the known one, in people."""


def caler(marges: Sequence[Sequence[str]], connues: Sequence[Mapping[str, float]]) -> Vector:
    """The weights that give the respondents the known margins, one a respondent (raking).

    w_i = exp(x_i·λ), where x_i tells the category of respondent i in each margin and λ solves Σ w_i x_i = T,
    the people of each category: the weights that iterative proportional fitting converges to from equal ones,
    solved here by Newton's method (``scipy.optimize.root``).

    ``marges`` has one sequence of categories a margin, a category a respondent; ``connues`` the people of
    each category of that margin, in the same order. Every margin sums to the same population. Raises
    ValueError for a category that has people and no respondent, or a respondent of none, and when no
    weights give the margins.

    Deming and Stephan (1940), Annals of Mathematical Statistics 11, p. 427-444.

    >>> caler([["f", "f", "h"]], [{"f": 10, "h": 30}]).round(6).tolist()
    [5.0, 5.0, 30.0]
    """
    columns, totals = [], []
    for rank, (told, known) in enumerate(zip(marges, connues, strict=True)):
        present = {code: count for code, count in known.items() if count}
        if set(told) != set(present):
            raise ValueError(f"respondents are of {sorted(set(told))}, the population of {sorted(present)}")
        for code in list(present)[1 if rank else 0 :]:
            columns.append([float(one == code) for one in told])
            totals.append(float(present[code]))
    x, target = np.array(columns).T, np.array(totals)
    start = np.zeros(x.shape[1])
    start[: len(connues[0])] = np.log(target.sum() / max(len(x), 1))

    def gap(slopes: Vector) -> Vector:
        return x.T @ np.exp(x @ slopes) - target

    def jacobian(slopes: Vector) -> Vector:
        return x.T @ (np.exp(x @ slopes)[:, None] * x)

    found = root(gap, start, jac=jacobian, method="hybr")
    if not found.success or np.abs(gap(found.x)).max() > _TOLERANCE * target.sum():
        raise ValueError("no weights give these margins")
    return np.exp(x @ found.x)


def effet_plan(poids: Vector) -> float:
    """The loss of precision that unequal weights cost: n Σw² / (Σw)², 1 for equal ones.

    Kish (1965), Survey Sampling, section 11.2C.

    >>> effet_plan(np.array([1.0, 1.0, 1.0])), effet_plan(np.array([1.0, 3.0]))
    (1.0, 1.25)
    """
    return float(len(poids) * (poids**2).sum() / poids.sum() ** 2)


def intervalle(part: float, n: float) -> tuple[float, float]:
    """Wilson's interval at 95 % of a share (0 to 1) of ``n`` answers, or of as many as they are worth.

    ``n`` is divided by the design effect beforehand. No correction is made for the small population that the
    answers are drawn from: the interval is wide rather than narrow.

    Wilson (1927). (``statsmodels.stats.proportion.proportion_confint`` gives the same; what it makes ready
    for arrays costs fifty times the formula, of the thousand shares of a territory.)

    >>> [round(bound, 3) for bound in intervalle(0.5, 10)]
    [0.237, 0.763]
    """
    squared = _NORMALE**2
    middle = (part + squared / (2 * n)) / (1 + squared / n)
    half = _NORMALE * sqrt(part * (1 - part) / n + squared / (4 * n**2)) / (1 + squared / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def intervalle_moyenne(valeurs: Vector) -> tuple[float, float] | None:
    """Student's interval at 95 % of a mean: x̄ ± t · s/√n, with n − 1 degrees of freedom.

    None for fewer than two values or when none differs from another. As for a share, no correction is made
    for a small population; the bounds may pass those of a mark, where nearly all gave the highest.

    Student (1908), Biometrika 6, p. 1-25.

    >>> [round(bound, 3) for bound in intervalle_moyenne(np.array([1.0, 2.0, 3.0]))]
    [-0.484, 4.484]
    """
    n = len(valeurs)
    spread = float(valeurs.std(ddof=1)) if n > 1 else 0.0
    if not spread:
        return None
    half = float(stdtrit(n - 1, 1 - RISQUE / 2)) * spread / n**0.5
    mean = float(valeurs.mean())
    return mean - half, mean + half


def alpha_cronbach(reponses: Vector) -> tuple[float, float, float] | None:
    """How far the questions of a scale vary together, and its interval at 95 %: (alpha, low, high).

    α = k/(k−1) · (1 − Σ s_j² / s_T²), s_j² the variance of question j and s_T² that of the sum of the k
    answers. The interval is Feldt's: 1 − α has an F distribution with (n−1, (n−1)(k−1)) degrees of freedom.

    ``reponses`` has one row a person and one column a question, without a blank. None with fewer than two
    questions or three people, or when nobody's sum differs.

    Cronbach (1951), Psychometrika 16, p. 297-334; Feldt, Woodruff and Salih (1987).

    >>> deux = np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 4.0]])
    >>> [round(number, 6) for number in alpha_cronbach(deux)]
    [1.0, 1.0, 1.0]
    """
    n, k = reponses.shape
    total = float(reponses.sum(axis=1).var(ddof=1)) if n > 1 else 0.0
    if k < 2 or n < 3 or total == 0:
        return None
    alpha = k / (k - 1) * (1 - float(reponses.var(axis=0, ddof=1).sum()) / total)
    low, high = (
        1 - (1 - alpha) * fdtri(n - 1, (n - 1) * (k - 1), quantile)
        for quantile in (1 - RISQUE / 2, RISQUE / 2)
    )
    return alpha, float(low), float(high)


def changements_apparies(changements: Sequence[Vector]) -> list[float | None]:
    """The probability of changes as large as these by chance, one a person who answered twice, for each
    question.

    Wilcoxon's signed ranks (1945), the zeros kept in the ranks as Pratt (1959) does; exact for few people
    without ties (``scipy.stats.wilcoxon``). None when nothing changed.

    >>> changements_apparies([np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.zeros(3)])
    [0.0625, None]
    """
    from scipy.stats import wilcoxon  # takes a second: most processes need none

    moved = [change for change in changements if change.any()]
    if not moved:
        return [None] * len(changements)
    # A blank at the end of each, so that it is tested by itself: whether it is exact is its own matter.
    rows = np.full((len(moved), max(map(len, moved)) + 1), np.nan)
    for row, change in zip(rows, moved, strict=True):
        row[: len(change)] = change
    found = wilcoxon(rows, zero_method="pratt", method="auto", axis=1, nan_policy="omit").pvalue
    told = iter(found.tolist())
    return [next(told) if change.any() else None for change in changements]


def corriger(probabilites: Sequence[float]) -> list[float]:
    """The probabilities of several tests read together, after Holm (1979), in the order given.

    The smallest of m is multiplied by m, the next by m - 1…; none becomes smaller than one before it, or
    larger than 1. (``statsmodels.stats.multitest.multipletests`` gives the same and collects the garbage of
    the whole process at each call, which costs a thousand times the correction.)

    >>> corriger([0.01, 0.04])
    [0.02, 0.04]
    """
    corrected, reached = [0.0] * len(probabilites), 0.0
    for rank, place in enumerate(sorted(range(len(probabilites)), key=probabilites.__getitem__)):
        reached = max(reached, min(1.0, probabilites[place] * (len(probabilites) - rank)))
        corrected[place] = reached
    return corrected
