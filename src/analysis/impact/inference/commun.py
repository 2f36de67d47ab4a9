"""All territories together: the randomisation test of the pooled effect, its alternatives, Holm, one left
out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from statsmodels.stats.multitest import multipletests

from analysis.impact.estimateurs.refus import Array, Motif, Refus
from analysis.impact.inference.placebos import Intervalle, intervalle

DRAWS: Final = 9_999
SEED: Final = 20_161_124
"""The day when the ten territories were named; a draw is the same on any machine under one lock."""


@dataclass(frozen=True, eq=False)
class Tirages:
    """The gaps of some territories, and gaps drawn for them where nothing was done.

    ``ecarts`` (m,); ``tires`` (B, m): one placebo of each territory's own pool a draw; ``echelles`` (m,): the
    standard deviation of each pool.
    """

    ecarts: Array
    tires: Array
    echelles: Array

    def sans(self, place: int) -> Tirages:
        """The same draws without one territory."""
        return Tirages(
            np.delete(self.ecarts, place),
            np.delete(self.tires, place, axis=1),
            np.delete(self.echelles, place),
        )


def tirer(ecarts: Array, reserves: Sequence[Array], *, tirages: int = DRAWS, graine: int = SEED) -> Tirages:
    """Draw, for each territory, a placebo gap from its own pool; independently between territories.

    ``ecarts`` (m,), ``reserves``: the placebo gaps of each pool, for the same statistic as the gap itself.
    Raises `Refus` for a pool with fewer than two placebos or without variance, or a value that is missing.
    """
    if len(ecarts) != len(reserves) or not len(ecarts):
        raise Refus(Motif.FORME)
    if any(len(pool) < 2 for pool in reserves):
        raise Refus(Motif.TROP_PEU)
    if not (np.isfinite(ecarts).all() and all(np.isfinite(pool).all() for pool in reserves)):
        raise Refus(Motif.MANQUANT)
    scales = np.array([pool.std(ddof=1) for pool in reserves])
    if not (scales > 0).all():
        raise Refus(Motif.CONSTANTE)
    draw = np.random.default_rng(graine)
    drawn = np.column_stack([pool[draw.integers(len(pool), size=tirages)] for pool in reserves])
    return Tirages(np.asarray(ecarts, float), drawn, scales)


def _mean(values: Array, scales: Array) -> Array:
    return np.asarray(values.mean(axis=-1))


def _standardised(values: Array, scales: Array) -> Array:
    return np.asarray((values / scales).mean(axis=-1))


def _precise(values: Array, scales: Array) -> Array:
    return np.asarray((values / scales**2).sum(axis=-1) / (1 / scales**2).sum())


def _median(values: Array, scales: Array) -> Array:
    return np.asarray(np.median(values, axis=-1))


def _positive(values: Array, scales: Array) -> Array:
    return np.asarray((values > 0).mean(axis=-1))


def _spread(values: Array, scales: Array) -> Array:
    return np.asarray(((values / scales) ** 2).mean(axis=-1))


STATISTIQUES: Final[Mapping[str, Callable[[Array, Array], Array]]] = {
    "moyenne": _mean,
    "standardisee": _standardised,
    "precision": _precise,
    "mediane": _median,
    "positifs": _positive,
    "ampleur": _spread,
}
"""What is compared: the mean gap (the headline), the mean of gaps in deviations of their pools, their median,
the share that are above nothing, the mean square of gaps in deviations (effects that go both ways)."""

ONE_SIDED: Final = frozenset({"ampleur"})


@dataclass(frozen=True)
class Epreuve:
    """A test over all territories: the statistic, and the share of draws at least as far out, both sides.

    ``p_hausse`` and ``p_baisse`` are of each side alone: as high at least, as low at most.
    """

    nom: str
    statistique: float
    p: float
    p_hausse: float
    p_baisse: float
    tirages: int

    def __post_init__(self) -> None:
        if not all(0 < p <= 1 for p in (self.p, self.p_hausse, self.p_baisse)):
            raise ValueError("a share of draws has one's own among them")


def epreuve(tirages: Tirages, nom: str = "moyenne") -> Epreuve:
    """The randomisation test of one statistic of `STATISTIQUES`.

    p = min(1, 2 min(p₊, p₋)), p± = (1 + #{drawn at least as high, as low}) / (B + 1): a band that need not be
    symmetric. The mean square is tested above alone. The null is sharp: nothing happened in any territory.

    R. Fisher, « The Design of Experiments » (1935), § 21; G. Imbens and D. Rubin, « Causal Inference »
    (2015), ch. 5.

    >>> drawn = tirer(np.array([3.0, 2.5]), [np.linspace(-1, 1, 41)] * 2, tirages=99)
    >>> epreuve(drawn).p, epreuve(drawn).statistique
    (0.02, 2.75)
    """
    statistic = STATISTIQUES[nom]
    own = float(statistic(tirages.ecarts, tirages.echelles))
    drawn = statistic(tirages.tires, tirages.echelles)
    count = len(drawn)
    above = (1 + int((drawn >= own - 1e-12).sum())) / (count + 1)
    below = (1 + int((drawn <= own + 1e-12).sum())) / (count + 1)
    p = above if nom in ONE_SIDED else min(1.0, 2 * min(above, below))
    return Epreuve(nom, own, p, above, below, count)


def intervalle_commun(tirages: Tirages, *, niveau: float = 0.95) -> Intervalle:
    """The mean effects that the test of the mean does not reject, one effect for all: see `intervalle`."""
    return intervalle(float(tirages.ecarts.mean()), tirages.tires.mean(axis=1), niveau=niveau)


@dataclass(frozen=True)
class SansUn:
    """The mean gap and its p once the territory at row ``place`` is left out."""

    place: int
    effet: float
    p: float


def sans_un(tirages: Tirages) -> tuple[SansUn, ...]:
    """The test of the mean without each territory in turn: whether one of them makes the result.

    Raises `Refus` where there is one territory alone.
    """
    if len(tirages.ecarts) < 2:
        raise Refus(Motif.TROP_PEU)
    tests = (epreuve(tirages.sans(place)) for place in range(len(tirages.ecarts)))
    return tuple(SansUn(place, test.statistique, test.p) for place, test in enumerate(tests))


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """The p of some tests, raised so that any false rejection among them stays under the level.

    S. Holm, « A simple sequentially rejective multiple test procedure », Scandinavian Journal of Statistics 6
    (1979), pp. 65-70, by `statsmodels`. Raises `Refus` for no test or a p that is missing.

    >>> [round(value, 3) for value in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    if not len(p):
        raise Refus(Motif.FORME)
    if not np.isfinite(p).all():
        raise Refus(Motif.MANQUANT)
    return tuple(float(value) for value in multipletests(p, method="holm")[1])
