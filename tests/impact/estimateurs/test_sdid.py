"""Synthetic differences in differences: by another program, by limits that are known, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from synthdid import synthdid_estimate

from analysis.impact.estimateurs.refus import Motif, Refus
from analysis.impact.estimateurs.sdid import ecarts_sdid, synthetique_differences


def panel(seed: int, units: int, periods: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    factors = np.cumsum(draw.normal(0, 1, (2, periods)), axis=1)
    return (
        draw.normal(0, 1, (units, 2)) @ factors
        + draw.normal(5, 2, (units, 1))
        + draw.normal(0, 0.3, (units, periods))
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("treated", [1, 4])
def test_it_is_what_the_authors_program_gives_to_its_tolerance(seed: int, treated: int) -> None:
    """Frank and Wolfe's descent stops at a decrease of 1e-5 of the noise squared; ours goes to the end."""
    values = panel(seed, 30, 12)
    own = synthetique_differences(values[-treated:].mean(axis=0), values[:-treated], 8, traites=treated)
    other = synthdid_estimate(values, 30 - treated, 8)
    assert own.effet == pytest.approx(float(other), abs=0.02 * values.std())


@pytest.mark.parametrize("seed", range(3))
def test_its_weights_are_the_optimum_of_its_own_formula(seed: int) -> None:
    values = panel(seed, 12, 9)
    target, donors, before = values[0], values[1:], 6
    found = synthetique_differences(target, donors, before)
    noise = np.diff(donors[:, :before], axis=1).std(ddof=1)
    assert found.zeta == pytest.approx(3**0.25 * noise)

    def loss(packed: np.ndarray) -> float:
        left = packed[0] + packed[1:] @ donors[:, :before] - target[:before]
        return float(left @ left + found.zeta**2 * before * packed[1:] @ packed[1:])

    simplex = {"type": "eq", "fun": lambda packed: packed[1:].sum() - 1}
    other = minimize(
        loss,
        np.append(0.0, np.full(11, 1 / 11)),
        bounds=[(None, None)] + [(0, 1)] * 11,
        constraints=simplex,
        options={"ftol": 1e-14, "maxiter": 2000},
    )
    np.testing.assert_allclose(found.poids, other.x[1:], atol=1e-4)
    after = donors[:, before:].mean(axis=1)

    def mismatch(packed: np.ndarray) -> float:
        left = packed[0] + donors[:, :before] @ packed[1:] - after
        return float(left @ left)

    times = minimize(
        mismatch,
        np.append(0.0, np.full(6, 1 / 6)),
        bounds=[(None, None)] + [(0, 1)] * 6,
        constraints={"type": "eq", "fun": lambda packed: packed[1:].sum() - 1},
        options={"ftol": 1e-14, "maxiter": 2000},
    )
    np.testing.assert_allclose(found.periodes, times.x[1:], atol=2e-3)
    gaps = target - found.poids @ donors
    assert found.effet == pytest.approx(gaps[before:].mean() - found.periodes @ gaps[:before])


def test_levels_do_not_matter_and_an_effect_adds() -> None:
    values = panel(7, 20, 8)
    plain = synthetique_differences(values[0], values[1:], 5)
    raised = values[0] + 100 + np.where(np.arange(8) >= 5, 2.5, 0.0)
    shifted = synthetique_differences(raised, values[1:] - 40, 5)
    assert shifted.effet == pytest.approx(plain.effet + 2.5)
    np.testing.assert_allclose(shifted.poids, plain.poids, atol=1e-8)


def test_placebos_are_what_each_unit_gives_alone() -> None:
    values = panel(9, 15, 7)
    pools = np.array([[(row + step) % 15 for step in (1, 2, 4, 7)] for row in range(15)])
    gaps = ecarts_sdid(values, 4, pools)
    for row in (0, 6, 14):
        np.testing.assert_allclose(
            gaps[row], synthetique_differences(values[row], values[pools[row]], 4).ecart
        )


def test_what_is_refused() -> None:
    values = panel(1, 6, 5)
    for before, motif in ((1, Motif.SANS_AVANT), (0, Motif.SANS_AVANT), (5, Motif.SANS_APRES)):
        with pytest.raises(Refus) as refused:
            synthetique_differences(values[0], values[1:], before)
        assert refused.value.motif is motif
    with pytest.raises(Refus) as refused:
        synthetique_differences(values[0], np.tile(np.arange(5.0)[:, None], 5), 3)
    assert refused.value.motif is Motif.CONSTANTE
