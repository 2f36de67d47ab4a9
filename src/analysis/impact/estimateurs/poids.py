"""Weights on the simplex: the nearest point of the donors' hull, and one declared choice among equal weights.

With few years before and many donors, nearly every place is reproduced exactly, by endlessly many weights:
*that* it is reproduced is a fact (`projeter`), *which* weights are kept is a choice. Ours is declared: the
smallest weights (`partager`), which spread over as many donors as fit equally well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.linalg.lapack import dgels

from analysis.impact.estimateurs.refus import Array

RIDGE: Final = 1e-4
"""The penalty on the squared weights, in variances of the donors before: small enough that the fit does not
feel it."""

_NIL: Final = 1e-12
_STEPS: Final = 200
_CHUNK: Final = 64


@dataclass(frozen=True, eq=False)
class Projection:
    """The point of the donors' hull nearest to a place.

    ``poids``: (J,) weights, at most one more of them positive than periods; ``distance``: root mean square by
    period of what is left, in the unit of the values; ``exacte``: nothing is left but rounding.
    """

    poids: Array
    distance: float
    exacte: bool


def projeter(cible: Array, donneurs: Array, *, sans: int = -1) -> Projection:
    """The mean of donors nearest to a place over its periods, by Wolfe's minimum-norm point.

    min over w ≥ 0, Σw = 1 of ‖x − Σ wⱼ zⱼ‖, on the differences themselves: their products (the Gram matrix)
    would lose what is left of nearly equal donors. ``cible`` (T,), ``donneurs`` (J, T); ``sans`` is the row
    of a donor to leave out, for a placebo among its own donors. The distance is unique; the weights are,
    where the place is outside the hull in general position. Ends in finitely many steps.

    P. Wolfe, « Finding the nearest point in a polytope », Mathematical Programming 11 (1976), pp. 128-149.

    >>> found = projeter(np.array([1.0, 1.0]), np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 4.0]]))
    >>> found.exacte, found.poids.round(3).tolist()
    (True, [0.375, 0.375, 0.25])
    """
    middle = donneurs.mean(axis=0)
    points, target = donneurs - middle, cible - middle
    scale = max(float(np.abs(points).max()), float(np.abs(target).max()))
    apart = np.einsum("jt,jt->j", points - target, points - target)
    if sans >= 0:
        apart[sans] = np.inf
    kept, weights = [int(apart.argmin())], np.ones(1)
    rest = points[kept[0]] - target
    while (norm := float(rest @ rest)) > (_NIL * scale) ** 2:
        heights = points @ rest
        if sans >= 0:
            heights[sans] = np.inf
        lowest = int(heights.argmin())
        gain = norm - float(heights[lowest] - target @ rest)
        if gain <= _NIL * scale * norm**0.5 or lowest in kept:
            break
        kept, weights = _within([*kept, lowest], np.append(weights, 0.0), points, target)
        rest = weights @ points[kept] - target
    whole = np.zeros(len(donneurs))
    whole[kept] = weights
    distance = float(np.sqrt(rest @ rest / len(cible)))
    return Projection(whole, distance, distance <= 1e-9 * scale)


def _within(kept: list[int], weights: Array, points: Array, target: Array) -> tuple[list[int], Array]:
    """The donors that stay, once the nearest point of their plane is a mean of them (Wolfe's minor cycle)."""
    while len(kept) > 1:
        corners = points[kept] - target
        free = _least_squares((corners[1:] - corners[0]).T, -corners[0])
        plane = np.append(1 - free.sum(), free)
        low = plane <= _NIL
        if not low.any():
            return kept, plane
        fall = weights[low] - plane[low]
        share = float(np.min(np.divide(weights[low], fall, out=np.zeros_like(fall), where=fall > 0)))
        weights = weights + share * (plane - weights)
        stay = weights > _NIL
        if stay.all():
            stay[int(weights.argmin())] = False
        kept = [row for row, stays in zip(kept, stay, strict=True) if stays]
        weights = weights[stay] / weights[stay].sum()
    return kept, np.ones(1)


def _least_squares(columns: Array, aim: Array) -> Array:
    """The coefficients nearest to an aim, by QR; by singular values where columns are not independent."""
    _, found, status = dgels(columns, aim)
    coefficients = found[: columns.shape[1]]
    if status or columns.shape[1] > len(aim) or not np.isfinite(coefficients).all():
        coefficients = np.linalg.lstsq(columns, aim, rcond=None)[0]
    return np.asarray(coefficients, float)


def partager(
    cibles: Array,
    donneurs: Array,
    *,
    ridge: float = RIDGE,
    propres: npt.NDArray[np.intp] | None = None,
) -> Array:
    """The smallest weights among those that fit each place best: one row of weights a place, (n, J).

    min over w ≥ 0, Σw = 1 of ‖x − Σ wⱼ zⱼ‖² + λ‖w‖², λ = ``ridge`` × the variance of the donors' values. The
    answer is unique; as λ falls to nothing it tends to the weights of least norm among the best fits. It is
    found in its dual, which has one dimension a period and one more, whatever the number of donors: w = (Zν +
    μ)₊ / scale, by Newton's method on a piecewise quadratic, which is a choice of the active set at each step
    and ends when the set stays.

    ``cibles`` (n, T); ``donneurs`` (J, T) for all, or (n, J, T), a pool of its own each; ``propres`` (n,) is
    the row in ``donneurs`` of each place itself, which gets no weight: placebos are places among their own
    donors. Raises ValueError for a ridge under 1e-6, where rounding decides, or donors without variance.

    A. Abadie and J. L'Hour, JASA 116 (2021), pp. 1817-1834, on penalties that make weights unique; N.
    Doudchenko and G. Imbens, NBER 22791 (2016), on the ridge.

    >>> partager(np.array([[1.0]]), np.array([[0.0], [2.0], [1.0]]), ridge=1e-6).round(3).tolist()
    [[0.333, 0.333, 0.333]]
    """
    if ridge < 1e-6:
        raise ValueError(f"a ridge of {ridge} is under what rounding leaves")
    middle = donneurs.mean(axis=-2, keepdims=True)
    spread = donneurs.std(axis=(-2, -1), keepdims=True)
    if not (spread > 0).all():
        raise ValueError("the donors do not vary")
    donors = (donneurs - middle) / spread
    targets = ((cibles[:, None, :] - middle) / spread)[:, 0, :]
    weights = np.empty((len(cibles), donneurs.shape[-2]))
    for rows in _alike(targets, donors):
        pool = donors if donors.ndim == 2 else donors[rows]
        own = None if propres is None else propres[rows]
        weights[rows] = _Dual(targets[rows], pool, ridge, own).weights()
    return weights


def _alike(targets: Array, donors: Array) -> list[npt.NDArray[np.intp]]:
    """The rows of the places that are solved together: as far out among their donors, so they end
    together."""
    order = np.arange(len(targets))
    if donors.ndim == 2:
        far = np.einsum("it,ts,is->i", targets, np.linalg.pinv(donors.T @ donors), targets, optimize=True)
        order = np.argsort(far, kind="stable")
    return np.split(order, np.arange(_CHUNK, len(order), _CHUNK))


class _Dual:
    """The dual of some problems, solved together: ν (m, d), d one more than the periods."""

    def __init__(self, targets: Array, donors: Array, ridge: float, own: npt.NDArray[np.intp] | None) -> None:
        ones = np.ones((*donors.shape[:-1], 1))
        self.columns = np.concatenate([donors, ones], axis=-1)  # (J, d) or (m, J, d)
        self.aims = np.concatenate([targets, np.ones((len(targets), 1))], axis=1)
        size = self.aims.shape[1]
        self.upper = np.triu_indices(size)
        self.ridge = np.append(np.full(size - 1, ridge), 0.0)
        self.own = own
        self.shared = donors.ndim == 2
        if self.shared:
            self.rows = np.ascontiguousarray(self.columns.T)
            self.products = self.columns[:, self.upper[0]] * self.columns[:, self.upper[1]]

    def weights(self) -> Array:
        """Newton's steps on all problems at once; those whose active set stays leave, a quarter at a time."""
        found = self._start()
        live = np.arange(len(found))
        here = self._at(found, live)
        sums, active = self._back(here, live), here > 0
        for _ in range(_STEPS):
            nu = found[live]
            gradient = sums + nu * self.ridge - self.aims[live]
            step = -np.linalg.solve(self._curvature(active, live), gradient[:, :, None])[:, :, 0]
            length, here, sums = self._descend(nu, self._value(sums, nu, live), live, gradient, step)
            found[live] = nu + length[:, None] * step
            before, active = active, here > 0
            small = np.abs(step).max(axis=1) <= 1e-5 * np.abs(found[live]).max(axis=1)
            stays = (length == 1) & small & (before == active).all(axis=1)
            done = stays | (length == 0)  # no lower value within rounding
            if done.all():
                break
            if 4 * done.sum() >= len(live):
                live, sums, active = live[~done], sums[~done], active[~done]
        weights = self._at(found, np.arange(len(found)))
        return weights / weights.sum(axis=1, keepdims=True)

    def _start(self) -> Array:
        """The duals if every donor weighed, above nothing or below."""
        whole = np.swapaxes(self.columns, -1, -2) @ self.columns + np.diag(self.ridge)
        if self.shared:
            return np.linalg.solve(whole, self.aims.T).T
        return np.linalg.solve(whole, self.aims[:, :, None])[:, :, 0]

    def _descend(
        self, nu: Array, value: Array, live: npt.NDArray[np.intp], gradient: Array, step: Array
    ) -> tuple[Array, Array, Array]:
        """How far to go along each step, halved until the value falls enough; the weights and their sums
        there."""
        slope = np.einsum("ij,ij->i", gradient, step)
        length, here = np.ones(len(live)), self._at(nu + step, live)
        sums = self._back(here, live)
        reached = self._value(sums, nu + step, live)
        enough = value + 1e-13 * np.abs(value)
        high = np.flatnonzero(reached > enough + 1e-4 * slope)
        while len(high):
            length[high] /= 2
            length[high[length[high] < 1e-12]] = 0.0
            trial = nu[high] + length[high, None] * step[high]
            here[high] = self._at(trial, live[high])
            sums[high] = self._back(here[high], live[high])
            reached[high] = self._value(sums[high], trial, live[high])
            left = reached[high] > enough[high] + 1e-4 * length[high] * slope[high]
            high = high[left & (length[high] > 0)]
        return length, here, sums

    def _at(self, nu: Array, live: npt.NDArray[np.intp]) -> Array:
        """The weights that duals give, (m, J): the positive part."""
        found = nu @ self.rows if self.shared else (self.columns[live] @ nu[:, :, None])[:, :, 0]
        if self.own is not None:
            found[np.arange(len(live)), self.own[live]] = 0
        return np.maximum(found, 0, out=found)

    def _back(self, weights: Array, live: npt.NDArray[np.intp]) -> Array:
        """What weights add up to in each period, and in all, (m, d)."""
        if self.shared:
            return weights @ self.columns
        return np.matmul(weights[:, None, :], self.columns[live])[:, 0, :]

    def _value(self, sums: Array, nu: Array, live: npt.NDArray[np.intp]) -> Array:
        """What is made least: ½‖w‖² + ½λ‖ν‖² − bν, with ‖w‖² = ν·(what w adds up to), as w is (Zν + μ)₊."""
        return np.einsum("ij,ij->i", nu, 0.5 * (sums + nu * self.ridge) - self.aims[live])

    def _curvature(self, active: npt.NDArray[np.bool_], live: npt.NDArray[np.intp]) -> Array:
        """The second derivative where the active donors stay, (m, d, d)."""
        size = self.aims.shape[1]
        if self.shared:
            flat = active.astype(float) @ self.products
            whole = np.empty((len(flat), size, size))
            whole[:, self.upper[0], self.upper[1]] = flat
            whole[:, self.upper[1], self.upper[0]] = flat
        else:
            columns = self.columns[live]
            whole = np.matmul((columns * active[:, :, None]).transpose(0, 2, 1), columns)
        trace = np.trace(whole, axis1=1, axis2=2)
        return whole + np.diag(self.ridge) + (1e-13 * (trace + 1))[:, None, None] * np.eye(size)
