"""Weights: against hands, another solver, and properties that no solver may break."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls

from analysis.impact.estimateurs.poids import partager, projeter

TRIANGLE = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])


def panel(seed: int, units: int, periods: int) -> np.ndarray:
    """Levels that differ much between units and little between years, as employment does."""
    draw = np.random.default_rng(seed)
    return draw.normal(7, 1, (units, 1)) + np.cumsum(draw.normal(0, 0.05, (units, periods)), axis=1)


def by_nnls(target: np.ndarray, donors: np.ndarray, ridge: float) -> np.ndarray:
    """The same problem by Lawson and Hanson: stacked rows, and the sum held by a heavy row."""
    spread, heavy = donors.std(), 1e4
    rows = [((donors - target) / spread).T, np.full((1, len(donors)), heavy)]
    aim = [np.zeros(len(target)), [heavy]]
    if ridge:
        rows.insert(1, np.sqrt(ridge) * np.eye(len(donors)))
        aim.insert(1, np.zeros(len(donors)))
    found = nnls(np.vstack(rows), np.concatenate(aim), maxiter=100_000)[0]
    return found / found.sum()


@pytest.mark.parametrize(
    ("target", "distance"),
    [
        ([1.0, 1.0], 0.0),  # inside
        ([2.0, 2.0], 0.0),  # on the edge
        ([4.0, 0.0], 0.0),  # a corner
        ([3.0, 3.0], 1.0),  # nearest (2, 2): √((1 + 1)/2)
        ([-3.0, -4.0], 5 / np.sqrt(2)),  # nearest the corner at nothing
    ],
)
def test_the_nearest_point_of_a_triangle(target: list[float], distance: float) -> None:
    found = projeter(np.array(target), TRIANGLE)
    assert found.distance == pytest.approx(distance, abs=1e-12)
    assert found.exacte == (distance == 0)
    assert found.poids.sum() == pytest.approx(1) and found.poids.min() >= 0


@pytest.mark.parametrize("periods", [1, 3, 8, 11])
def test_the_distance_is_that_of_another_solver(periods: int) -> None:
    values = panel(periods, 60, periods)
    for row in range(len(values)):
        others = np.delete(values, row, axis=0)
        found = projeter(values[row], values, sans=row)
        alone = projeter(values[row], others)
        other = by_nnls(values[row], others, 0.0)
        reached = np.sqrt(((values[row] - other @ others) ** 2).mean())
        assert found.poids[row] == 0
        assert found.distance == pytest.approx(alone.distance, abs=1e-12)
        assert found.distance == pytest.approx(reached, abs=1e-7)
        assert (found.poids > 0).sum() <= periods + 1


def test_where_the_place_is_outside_the_weights_are_those_of_another_solver() -> None:
    values = panel(5, 40, 6)
    values[0] += 4  # above all
    found = projeter(values[0], values[1:])
    assert not found.exacte
    np.testing.assert_allclose(found.poids, by_nnls(values[0], values[1:], 0.0), atol=1e-6)


def test_nearly_equal_donors_keep_what_their_products_lose() -> None:
    """Donors that differ by 1e-9 of their level: the squares of that are under the rounding of a Gram matrix."""
    donors = 1.0 + 1e-9 * np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
    found = projeter(1.0 + 1e-9 * np.array([1.0, 2.0]), donors)
    assert found.exacte
    np.testing.assert_allclose(found.poids, [0.25, 0.25, 0.5], atol=1e-6)


@pytest.mark.verification
@pytest.mark.parametrize("ridge", [1e-4, 1e-2, 1.0])
@pytest.mark.parametrize("periods", [1, 3, 11])
def test_the_smallest_weights_are_those_of_another_solver(ridge: float, periods: int) -> None:
    values = panel(10 + periods, 30, periods)
    found = partager(values, values, ridge=ridge, propres=np.arange(30))
    for row in range(30):
        others = np.delete(values, row, axis=0)
        spread = values.std()
        rescaled = by_nnls(values[row], others, ridge * (spread / others.std()) ** 2)
        np.testing.assert_allclose(np.delete(found[row], row), rescaled, atol=3e-5)
        assert found[row, row] == 0


@pytest.mark.parametrize("ridge", [1e-6, 1e-4, 1e-2, 1.0])
@pytest.mark.parametrize("periods", [1, 3, 11])
def test_no_other_weights_would_be_better(ridge: float, periods: int) -> None:
    """The conditions of an optimum: what a donor would bring is equal where it weighs, not more where it does not."""
    values = panel(30 + periods, 40, periods)
    target, donors = values[0], values[1:]
    weights = partager(values[:1], donors, ridge=ridge)[0]
    slopes = (donors - donors.mean(axis=0)) @ (weights @ donors - target) / donors.var() + ridge * weights
    level = weights @ slopes
    scale = np.abs(slopes).max()
    assert np.abs(slopes[weights > 1e-9] - level).max() <= 1e-7 * scale
    assert slopes.min() >= level - 1e-7 * scale


def test_an_exact_fit_by_hand() -> None:
    """Three donors at 0, 1, 2 and a place at 1: a third each, not the one in the middle alone."""
    found = partager(np.array([[1.0]]), np.array([[0.0], [1.0], [2.0]]), ridge=1e-6)
    np.testing.assert_allclose(found, [[1 / 3, 1 / 3, 1 / 3]], atol=1e-9)
    found = partager(np.array([[0.5]]), np.array([[0.0], [1.0], [2.0]]), ridge=1e-6)
    # least Σw² with w₁ + 2w₂ = 1/2, Σw = 1: w = 1/3 + (1/4, 0, −1/4)
    np.testing.assert_allclose(found, [[7 / 12, 1 / 3, 1 / 12]], atol=1e-5)


def test_a_pool_of_its_own_gives_what_one_place_alone_gives() -> None:
    values = panel(3, 50, 3)
    pools = np.stack([np.delete(values, row, axis=0)[:20] for row in range(50)])
    together = partager(values, pools)
    for row in range(50):
        np.testing.assert_allclose(together[row], partager(values[row : row + 1], pools[row])[0], atol=1e-10)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    periods=st.integers(1, 6),
    units=st.integers(3, 25),
    factor=st.floats(1e-3, 1e3),
    shift=st.floats(-1e3, 1e3),
)
def test_weights_do_not_depend_on_the_unit_or_the_order(
    seed: int, periods: int, units: int, factor: float, shift: float
) -> None:
    values = panel(seed, units, periods)
    target, donors = values[:1], values[1:]
    weights = partager(target, donors)[0]
    assert weights.sum() == pytest.approx(1, abs=1e-12) and weights.min() >= 0
    np.testing.assert_allclose(
        weights, partager(factor * target + shift, factor * donors + shift)[0], atol=1e-6
    )
    order = np.random.default_rng(seed).permutation(len(donors))
    np.testing.assert_allclose(weights[order], partager(target, donors[order])[0], atol=1e-8)


def test_a_ridge_under_rounding_and_donors_that_do_not_vary_are_refused() -> None:
    with pytest.raises(ValueError, match="rounding"):
        partager(TRIANGLE[:1], TRIANGLE, ridge=1e-9)
    with pytest.raises(ValueError, match="vary"):
        partager(TRIANGLE[:1], np.ones((3, 2)))
