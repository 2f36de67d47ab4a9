"""The gap of a place among those of places where nothing was done: its rank, a band, and the test's measured
size."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt
from statsmodels.stats.proportion import proportion_confint

from analysis.impact.estimateurs.refus import Array, Motif, Refus


@dataclass(frozen=True)
class Rang:
    """How many of all the places, the one studied among them, are at least as far from nothing.

    ``rang`` 1 is the farthest; ``placebos``: the others; ``p`` = rang / (placebos + 1). Ties count against
    the place.
    """

    rang: int
    placebos: int

    def __post_init__(self) -> None:
        if not 1 <= self.rang <= self.placebos + 1:
            raise ValueError(f"rank {self.rang} of {self.placebos + 1}")

    @property
    def p(self) -> float:
        return self.rang / (self.placebos + 1)


def rang(ecart: float, placebos: Array) -> Rang:
    """The rank of a gap by its distance from nothing, either way, among placebo gaps (n,).

    Exact if the place could as well have been any of the others. Raises `Refus` for no placebo or a value
    that is missing.

    A. Abadie, A. Diamond and J. Hainmueller, JASA 105 (2010), p. 497; the one counted among the others: P.
    Rosenbaum, « Observational Studies » (2002), § 2.4.

    >>> rang(-3.0, np.array([1.0, 3.0, -2.0, 5.0])), rang(-3.0, np.array([1.0, 3.0, -2.0, 5.0])).p
    (Rang(rang=3, placebos=4), 0.6)
    """
    _whole(ecart, placebos)
    return Rang(1 + int((np.abs(placebos) >= abs(ecart)).sum()), len(placebos))


@dataclass(frozen=True)
class Intervalle:
    """The effects that chance, as placebos show it, does not exclude at a level."""

    bas: float
    haut: float
    niveau: float
    placebos: int

    def __post_init__(self) -> None:
        if self.bas > self.haut:
            raise ValueError(f"{self.bas} is above {self.haut}")


def intervalle(ecart: float, placebos: Array, *, niveau: float = 0.95) -> Intervalle:
    """The effects τ such that the gap less τ is no farther out than placebo gaps are: [g − q₊, g − q₋].

    q are the order statistics of rank ⌈(n + 1)(1 ± level)/2⌉ of the placebo gaps (n,), so the band covers at
    least at its level if the place is exchangeable with the others; it need not be symmetric, nor hold the
    gap in its middle. Raises `Refus` where the placebos are too few for the level (39 for 95 %), or a value
    is missing.

    J. Lei et al., « Distribution-free predictive inference for regression », JASA 113 (2018), pp. 1094-1111,
    th. 2.1.

    >>> intervalle(10.0, np.arange(-20.0, 21.0), niveau=0.9)
    Intervalle(bas=-9.0, haut=29.0, niveau=0.9, placebos=41)
    """
    _whole(ecart, placebos)
    count = len(placebos)
    high = ceil((count + 1) * (1 + niveau) / 2 - 1e-9)
    if high > count:
        raise Refus(Motif.TROP_PEU)
    ordered = np.sort(placebos)
    return Intervalle(float(ecart - ordered[high - 1]), float(ecart - ordered[count - high]), niveau, count)


@dataclass(frozen=True)
class Taille:
    """How often the placebo test at a level rejects where nothing was done: ``rejets`` of ``essais`` places.

    ``bas`` and ``haut``: Wilson's interval of the share at 95 %.
    """

    niveau: float
    rejets: int
    essais: int
    bas: float
    haut: float

    @property
    def mesuree(self) -> float:
        return self.rejets / self.essais

    @property
    def tient(self) -> bool:
        """The level is not below what was measured, as far as the number of places can tell."""
        return self.bas <= self.niveau


def taille_mesuree(
    ecarts: Array, *, voisins: npt.NDArray[np.intp] | None = None, niveau: float = 0.05
) -> Taille:
    """The share of placebo places that the test rejects: each in turn is taken for the place studied.

    ``ecarts`` (n,): the statistic of each place; ``voisins`` (n, k): the places that each is ranked among,
    all the others without it, where the size is the level by construction. With pools it need not be: a place
    at the edge of its pool, or one of more variable size, is rejected more often. Raises `Refus` for missing
    values, or pools too small to reject at the level.
    """
    _whole(0.0, ecarts)
    far = np.abs(ecarts)
    if voisins is None:
        ordered = np.sort(far)
        beyond, count = len(far) - np.searchsorted(ordered, far, side="left"), len(far)
    else:
        beyond = 1 + (far[voisins] >= far[:, None]).sum(axis=1)
        count = voisins.shape[1] + 1
    if count * niveau < 1 - 1e-9:
        raise Refus(Motif.TROP_PEU)
    rejected = int((beyond <= niveau * count + 1e-9).sum())
    low, high = proportion_confint(rejected, len(far), alpha=0.05, method="wilson")
    return Taille(niveau, rejected, len(far), float(low), float(high))


def _whole(ecart: float, placebos: Array) -> None:
    """Refuse what cannot be ranked."""
    if not len(placebos):
        raise Refus(Motif.TROP_PEU)
    if not (np.isfinite(ecart) and np.isfinite(placebos).all()):
        raise Refus(Motif.MANQUANT)
