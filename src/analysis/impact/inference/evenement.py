"""The pooled event study: the mean gap of several places by years since each began, and its band of
chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.impact.estimateurs.refus import Array, Motif, Refus
from analysis.impact.inference.commun import DRAWS, SEED
from analysis.impact.inference.placebos import intervalle


@dataclass(frozen=True)
class Moment:
    """The mean gap ``relatif`` periods since the beginning (0: the first with an effect), over ``nombre``
    places.

    ``bas`` and ``haut``: the mean effects that drawn placebos do not exclude at the level. At a base of one
    period the gap is nothing by construction, and so is its band.
    """

    relatif: int
    effet: float
    bas: float
    haut: float
    nombre: int

    def __post_init__(self) -> None:
        if self.bas > self.haut or self.nombre < 1:
            raise ValueError(f"{self}: a band has two ends, a mean some places")


def evenement(
    ecarts: Sequence[Array],
    reserves: Sequence[Array],
    avants: Sequence[int],
    *,
    niveau: float = 0.95,
    tirages: int = DRAWS,
    graine: int = SEED,
) -> tuple[Moment, ...]:
    """The mean gap by periods since the beginning, from the first that any place has to the last.

    ``ecarts``: the gaps (T,) of each place from its base; ``reserves``: those of its placebos (n, T);
    ``avants``: how many periods come before its beginning. A draw takes one placebo of each place's own pool
    with all its periods, so the years keep how they move together. Only places with a gap at a moment are in
    its mean: ``nombre`` says how many, and a path whose places change is no path. The base last makes it the
    event study of Callaway and Sant'Anna (2021, eq. 3.4) with a pool of its own for each place. Raises
    `Refus`: lists of other lengths, missing values, fewer placebos than the level asks.
    """
    if not len(ecarts) or not len(ecarts) == len(reserves) == len(avants):
        raise Refus(Motif.FORME)
    if any(pool.ndim != 2 or pool.shape[1] != len(gaps) for gaps, pool in zip(ecarts, reserves, strict=True)):
        raise Refus(Motif.FORME)
    if not all(np.isfinite(values).all() for values in (*ecarts, *reserves)):
        raise Refus(Motif.MANQUANT)
    if any(len(pool) < 2 for pool in reserves):
        raise Refus(Motif.TROP_PEU)
    draw = np.random.default_rng(graine)
    drawn = [pool[draw.integers(len(pool), size=tirages)] for pool in reserves]
    found = []
    for since in range(-max(avants), max(len(g) - b for g, b in zip(ecarts, avants, strict=True))):
        there = [k for k, gaps in enumerate(ecarts) if 0 <= avants[k] + since < len(gaps)]
        mean = float(np.mean([ecarts[k][avants[k] + since] for k in there]))
        chance = np.mean([drawn[k][:, avants[k] + since] for k in there], axis=0)
        band = intervalle(mean, chance, niveau=niveau)
        found.append(Moment(since, mean, band.bas, band.haut, len(there)))
    return tuple(found)
