"""The effect on those who were hired: by weighting, by weighting and regression together, by matching."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from statsmodels.discrete.discrete_model import Logit
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from analysis.impact.individus.fichier import NonEstimable

Methode = Literal["brut", "ipw", "aipw", "appariement"]
Nombres = NDArray[np.float64]

Z: Final = 1.959964
"""The normal quantile of a 95 % interval."""

MOST_PROBABLE: Final = 0.9
"""Beyond this probability of being hired, hardly anybody alike was not: one person would stand for nine."""

VOISINS: Final = 4
"""People of the comparison group that stand for one who was hired, in matching."""

CALIPER: Final = 0.2
"""How far a neighbour may be, in standard deviations of the logit (Austin, 2011)."""


@dataclass(frozen=True)
class Effet:
    """The mean effect on those who were hired, a difference of shares (−1 to 1), with its 95 % interval.

    ``sans`` is the share that would have had the outcome without the hire, in the same estimate. ``n_ebe``
    and ``n_comparaison`` are the people that it rests on. Raises ValueError for an interval without its
    value.
    """

    methode: Methode
    effet: float
    erreur: float
    sans: float
    n_ebe: int
    n_comparaison: int

    def __post_init__(self) -> None:
        if not (np.isfinite(self.effet) and np.isfinite(self.erreur) and self.erreur >= 0):
            raise ValueError("an effect and its standard error are numbers")

    @property
    def bas(self) -> float:
        return self.effet - Z * self.erreur

    @property
    def haut(self) -> float:
        return self.effet + Z * self.erreur


def propension(traites: NDArray[np.bool_], matrice: Nombres) -> Nombres:
    """The probability of being hired, of each person, by a logit on what is known before.

    Raises NonEstimable where a characteristic tells the group without fault: no weight compares them then.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        warnings.simplefilter("error", PerfectSeparationWarning)
        try:
            fit = Logit(traites.astype(float), _with_constant(matrice)).fit(disp=0, maxiter=100)
            return np.asarray(fit.predict())
        except (ConvergenceWarning, PerfectSeparationWarning, np.linalg.LinAlgError) as error:
            raise NonEstimable(
                "les deux groupes ne se ressemblent sur rien : une caractéristique les sépare entièrement"
            ) from error


def support(traites: NDArray[np.bool_], score: Nombres) -> NDArray[np.bool_]:
    """Who is compared: those whose probability of being hired is met in both groups, and at most 0.9.

    Source: R. K. Crump and others, « Dealing with limited overlap… », Biometrika, 96(1), 2009, for the bound;
    only the upper one counts for the effect on those who were hired.
    """
    low = max(score[traites].min(), score[~traites].min())
    high = min(score[traites].max(), score[~traites].max(), MOST_PROBABLE)
    return np.asarray((score >= low) & (score <= high))


def poids(traites: NDArray[np.bool_], score: Nombres) -> Nombres:
    """1 for who was hired, the odds of being hired for the others: they then look like those hired."""
    return np.where(traites, 1.0, score / (1 - score))


def brut(resultat: Nombres, traites: NDArray[np.bool_]) -> Effet:
    """The difference of the two groups as they come: what a comparison without any care would say."""
    hired, others = resultat[traites], resultat[~traites]
    error = np.sqrt(hired.var(ddof=1) / len(hired) + others.var(ddof=1) / len(others))
    return _effet("brut", hired.mean() - others.mean(), error, others.mean(), traites)


def ipw(resultat: Nombres, traites: NDArray[np.bool_], matrice: Nombres, score: Nombres) -> Effet:
    """Weighting by the odds of being hired, the effect on those who were.

    Mean of Y among those hired, less the mean of Y in the comparison group weighted by the odds of ``score``.
    The error is that of the estimating equations taken together: the probability is estimated too. It is what
    ``statsmodels.treatment.TreatmentEffect.ipw(effect_group=1)`` gives, without its search for a minimum.
    """
    exog = _with_constant(matrice)
    odds = poids(traites, score)
    hired = float(resultat[traites].mean())
    without = float(np.average(resultat[~traites], weights=odds[~traites]))
    left = np.where(traites, 0.0, odds * (resultat - without))
    slope = (left[:, None] * exog).mean(axis=0)
    information = (exog * (score * (1 - score))[:, None]).T @ exog / len(exog)
    scores = exog * (traites - score)[:, None]
    of_others = (left + scores @ np.linalg.solve(information, slope)) / np.where(traites, 0.0, odds).mean()
    of_hired = np.where(traites, resultat - hired, 0.0) / traites.mean()
    error = np.sqrt(((of_hired - of_others) ** 2).mean() / len(resultat))
    return _effet("ipw", hired - without, error, without, traites)


def aipw(resultat: Nombres, traites: NDArray[np.bool_], matrice: Nombres, score: Nombres) -> Effet:
    """Weighting and regression together: right where either of the two models is.

    With m0 the regression of the outcome on what is known before, in the comparison group, and w its odds
    weights: mean of Y − m0 among those hired, less the weighted mean of Y − m0 in the comparison group. The
    error is that of the influence function. Statsmodels' own serves the effect on all people, another
    quantity.
    """
    exog = _with_constant(matrice)
    expected = exog @ np.linalg.lstsq(exog[~traites], resultat[~traites], rcond=None)[0]
    left, odds = resultat - expected, score / (1 - score)
    correction = np.average(left[~traites], weights=odds[~traites])
    effect = left[traites].mean() - correction
    share, odds = traites.mean(), odds * traites.sum() / odds[~traites].sum()
    influence = np.where(traites, left - correction - effect, -odds * (left - correction)) / share
    error = np.sqrt((influence**2).mean() / len(resultat))
    return _effet("aipw", effect, error, resultat[traites].mean() - effect, traites)


def appariement(resultat: Nombres, traites: NDArray[np.bool_], score: Nombres) -> Effet:
    """Each who was hired against the four people of the comparison group with the nearest logit, who may
    stand for several; people without anybody within the caliper are left out.

    The error is that of A. Abadie and G. Imbens (Econometrica, 74(1), 2006), which counts how often each
    stands for others. Raises NonEstimable where nobody has a neighbour.
    """
    logit = np.log(score / (1 - score))
    hired, others = np.flatnonzero(traites), np.flatnonzero(~traites)
    distance = np.abs(logit[hired][:, None] - logit[others][None, :])
    if distance.shape[1] < VOISINS:
        raise NonEstimable(f"moins de {VOISINS} personnes de comparaison")
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :VOISINS]
    near = np.take_along_axis(distance, nearest, axis=1)[:, 0] <= CALIPER * logit.std()
    if not near.any():
        raise NonEstimable("aucune personne embauchée n'a de semblable dans le groupe de comparaison")
    hired, nearest = hired[near], nearest[near]
    without = resultat[others][nearest].mean(axis=1)
    gaps = resultat[hired] - without
    effect = gaps.mean()
    times = np.bincount(nearest.ravel(), minlength=len(others)) / VOISINS
    squares = np.bincount(nearest.ravel(), minlength=len(others)) / VOISINS**2
    spread = _own_variance(resultat[others], logit[others])
    variance = ((gaps - effect) ** 2).sum() + ((times**2 - squares) * spread).sum()
    error = np.sqrt(max(variance, 0.0)) / len(hired)
    return Effet(
        *("appariement", float(effect), float(error), float(without.mean())),
        n_ebe=len(hired),
        n_comparaison=int((times > 0).sum()),
    )


def _own_variance(resultat: Nombres, logit: Nombres) -> Nombres:
    """The variance of the outcome of each person around her own mean, told by who is next to her."""
    order = np.argsort(logit, kind="stable")
    ordered = resultat[order]
    after = np.append(ordered[1:], ordered[-2])
    found = np.empty_like(resultat)
    found[order] = (ordered - after) ** 2 / 2
    return found


def _with_constant(matrice: Nombres) -> Nombres:
    return np.column_stack([np.ones(len(matrice)), matrice])


def _effet(methode: Methode, effet: float, erreur: float, sans: float, traites: NDArray[np.bool_]) -> Effet:
    hired = int(traites.sum())
    return Effet(methode, float(effet), float(erreur), float(sans), hired, len(traites) - hired)
