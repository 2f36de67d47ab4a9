"""How far from parallel the years after may go before the effect is no longer seen (honest bounds)."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np
from scipy.optimize import linprog

from analysis.impact.estimateurs.refus import Array, Motif, Refus


@dataclass(frozen=True)
class Bornes:
    """What the mean effect after may be, if trends may part by ``m`` and no more.

    ``bas`` and ``haut``: from the gaps as they are, without chance; ``bas_hasard`` and ``haut_hasard``: once
    chance is added, as wide or wider. In the unit of the values.
    """

    m: float
    bas: float
    haut: float
    bas_hasard: float
    haut_hasard: float

    def __post_init__(self) -> None:
        if not self.bas_hasard <= self.bas <= self.haut <= self.haut_hasard:
            raise ValueError(f"{self} : bounds with chance hold those without")


def bornes_relatives(ecarts: Array, avant: int, m: float) -> tuple[float, float]:
    """The identified set of the mean effect if no step of the trend after is more than m times the greatest
    before.

    Δᴿᴹ(m): |δₜ₊₁ − δₜ| ≤ m max over s < 0 of |δₛ₊₁ − δₛ|, with δ = the gaps before. So the mean of the T₁
    gaps after may be off by m × that step × (T₁ + 1)/2. ``ecarts`` (T,) are gaps from the last period before,
    at ``avant`` − 1. Raises `Refus`: fewer than two periods before, none after, a gap that is missing.

    A. Rambachan and J. Roth, « A more credible approach to parallel trends », Review of Economic Studies 90
    (2023), pp. 2555-2591, § 2.4.1 and eq. (5)-(6).

    >>> bornes_relatives(np.array([0.5, 1.0, 0.0, 4.0, 6.0]), 3, 1.0)
    (3.5, 6.5)
    """
    gaps = _gaps(ecarts, avant)
    greatest = np.abs(np.diff(gaps[:avant])).max()
    off = m * greatest * (len(gaps) - avant + 1) / 2
    middle = gaps[avant:].mean()
    return float(middle - off), float(middle + off)


def bornes_lissage(ecarts: Array, avant: int, m: float) -> tuple[float, float]:
    """The identified set of the mean effect if the slope of the trend changes by m a period at most.

    Δˢᴰ(m): |(δₜ₊₁ − δₜ) − (δₜ − δₜ₋₁)| ≤ m, with δ = the gaps before, by two linear programs. m = 0 continues
    the line of the years before. Raises `Refus`: as `bornes_relatives`, and gaps before that bend more than m
    themselves.

    Rambachan and Roth (2023), § 2.4.2.

    >>> bornes_lissage(np.array([-2.0, -1.0, 0.0, 4.0, 6.0]), 3, 0.0)
    (3.5, 3.5)
    """
    gaps = _gaps(ecarts, avant)
    after = len(gaps) - avant
    known = np.append(gaps[:avant], np.zeros(after))
    bend = np.zeros((len(gaps) - 2, len(gaps)))
    for row in range(len(bend)):
        bend[row, row : row + 3] = (1.0, -2.0, 1.0)
    fixed, free = bend @ known, bend[:, avant:]
    weights = np.full(after, 1 / after)
    scale = float(np.abs(gaps).max()) or 1.0  # the solver's tolerance is absolute
    ends = []
    for sign in (1.0, -1.0):
        solved = linprog(
            sign * weights,
            A_ub=np.vstack([free, -free]),
            b_ub=np.concatenate([m - fixed, m + fixed]) / scale,
            bounds=(None, None),
            method="highs",
        )
        if solved.status != 0:
            raise Refus(Motif.TENDANCE)
        ends.append(float(gaps[avant:].mean()) - sign * scale * float(solved.fun))
    return min(ends), max(ends)


def honnete(ecarts: Array, placebos: Array, avant: int, m: float, *, niveau: float = 0.95) -> Bornes:
    """The bounds of `bornes_relatives`, and the same widened by what chance does to the mean gap.

    The margin is that of trends that do not part (m = 0): the ⌊α(n + 1)⌋-th greatest |mean gap after| of the
    n placebos, so it is of every m, and bounds hold those of every smaller m. ``placebos`` (n, T), gaps from
    the same base. Raises `Refus`: as `bornes_relatives`, or too few placebos for the level.
    """
    low, high = bornes_relatives(ecarts, avant, m)
    allowed = floor((1 - niveau) * (len(placebos) + 1) + 1e-9)
    if allowed < 1:
        raise Refus(Motif.TROP_PEU)
    chance = np.abs([_gaps(gaps, avant)[avant:].mean() for gaps in placebos])
    margin = float(np.sort(chance)[len(placebos) - allowed])
    return Bornes(m, low, high, low - margin, high + margin)


def _gaps(ecarts: Array, avant: int) -> Array:
    """Gaps from their last period before, checked."""
    gaps = np.asarray(ecarts, float)
    if avant < 2:
        raise Refus(Motif.SANS_AVANT)
    if len(gaps) <= avant:
        raise Refus(Motif.SANS_APRES)
    if not np.isfinite(gaps).all():
        raise Refus(Motif.MANQUANT)
    return gaps - gaps[avant - 1]
