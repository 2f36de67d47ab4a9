"""Monte Carlo truths: panels like those of private employment, an effect that is known, 500 draws a case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.impact.estimateurs.differences import Base, differences, ecarts_differences
from analysis.impact.estimateurs.sdid import ecarts_sdid, synthetique_differences
from analysis.impact.estimateurs.synthetique import (
    ecarts_synthetiques,
    plus_proches,
    semblables,
    synthetique,
)
from analysis.impact.inference.commun import epreuve, intervalle_commun, tirer
from analysis.impact.inference.placebos import intervalle, rang

DRAWS = 500
DONORS = 400
POOL = 50
AFTER = 3
EFFECT = 0.08


@dataclass(frozen=True)
class Verite:
    """What some draws gave: the mean error in its own standard errors, shares covered and wrongly
    rejected."""

    biais: float
    couverture: float
    taille: float


def panel(draw: np.random.Generator, units: int, periods: int) -> np.ndarray:
    """Logarithms: levels of 150 to 6,000, a common trend with loadings, walks with long-tailed steps.

    Steps are larger in small places, as the Urssaf's are.
    """
    levels = draw.uniform(np.log(150), np.log(6000), units)
    scale = 0.12 * np.exp(-0.25 * (levels - np.log(150)))
    common = np.cumsum(draw.normal(0.01, 0.02, periods))
    loadings = draw.normal(1, 0.5, units)
    walk = np.cumsum(scale[:, None] * draw.standard_t(4, (units, periods)) / np.sqrt(2), axis=1)
    return levels[:, None] + np.outer(loadings, common) + walk


def _gaps(method: str, values: np.ndarray, before: int, near: np.ndarray) -> np.ndarray:
    """The mean gap after of each unit to its own pool, (n,)."""
    if method == "differences":
        found = ecarts_differences(values, before, Base.DERNIERE, voisins=near)
    elif method == "synthetique":
        found = ecarts_synthetiques(values, before, voisins=near)
    else:
        found = ecarts_sdid(values, before, near)
    return found[:, before:].mean(axis=1)


@cache
def simuler(method: str, treated: int, before: int, draws: int = DRAWS) -> Verite:
    """Draw panels in which ``treated`` places, at random, get the effect or none, and estimate both.

    With one place the interval and the rank are those of `placebos`; with several those of the pooled test.
    Each is compared with the places nearest in size among those that are not treated, each of which is taken
    for a placebo.
    """
    errors, covered, rejected = np.empty(draws), 0, 0
    for number in range(draws):
        draw = np.random.default_rng([number, treated, before])
        values = panel(draw, DONORS + treated, before + AFTER)
        donors, sizes = values[treated:], values[treated:, before - 1]
        placebos = _gaps(method, donors, before, plus_proches(sizes, POOL))
        pools = [semblables(place[before - 1], sizes, POOL) for place in values[:treated]]
        reserves = [placebos[pool] for pool in pools]
        rise = np.where(np.arange(before + AFTER) >= before, EFFECT, 0.0)
        nothing, something = (
            np.array(
                [
                    _gap(method, place + effect, donors[pool], before)
                    for place, pool in zip(values, pools, strict=False)
                ]
            )
            for effect in (0.0, rise)
        )
        if treated == 1:
            band, p = intervalle(something[0], reserves[0]), rang(nothing[0], reserves[0]).p
        else:
            band = intervalle_commun(tirer(something, reserves, tirages=999, graine=number))
            p = epreuve(tirer(nothing, reserves, tirages=999, graine=number)).p
        errors[number] = something.mean() - EFFECT
        covered += band.bas <= EFFECT <= band.haut
        rejected += p <= 0.05
    off = errors.mean() / (errors.std(ddof=1) / np.sqrt(draws))
    return Verite(float(off), covered / draws, rejected / draws)


def _gap(method: str, place: np.ndarray, donors: np.ndarray, before: int) -> float:
    """The mean gap after of one place."""
    if method == "differences":
        return differences(place, donors, before).effets[Base.DERNIERE]
    if method == "synthetique":
        return synthetique(place, donors, before).effet
    return synthetique_differences(place, donors, before).effet
