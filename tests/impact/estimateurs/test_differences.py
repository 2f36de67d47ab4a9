"""Differences in differences, by hand, by regression, and from the two bases."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.impact.estimateurs.differences import Base, differences, ecarts_differences
from analysis.impact.estimateurs.refus import Alerte, Motif, Refus


def test_by_hand() -> None:
    found = differences(
        np.array([10.0, 12.0, 15.0, 18.0]), np.array([[4.0, 5.0, 6.0, 6.0], [8.0, 7.0, 9.0, 8.0]]), 2
    )
    # from the last: place +3, +6; donors' mean +1.5, +1
    np.testing.assert_allclose(found.ecarts[Base.DERNIERE], [-2.0, 0.0, 1.5, 5.0])
    assert found.effets[Base.DERNIERE] == pytest.approx(3.25)
    # from the mean: place 11 → 16.5; donors 6 → 7.25
    assert found.effets[Base.MOYENNE] == pytest.approx(5.5 - 1.25)
    assert found.alertes == () and found.donneurs == 2


def test_the_mean_base_is_the_regression_on_two_ways_of_fixed_effects() -> None:
    import statsmodels.api as sm

    draw = np.random.default_rng(1)
    values = draw.normal(0, 1, (9, 6))
    units, periods = np.repeat(np.arange(9), 6), np.tile(np.arange(6), 9)
    treated = (units == 0) & (periods >= 4)
    design = np.column_stack(
        [treated, units[:, None] == np.arange(9), periods[:, None] == np.arange(1, 6)]
    ).astype(float)
    slope = sm.OLS(values.ravel(), design).fit().params[0]
    assert differences(values[0], values[1:], 4).effets[Base.MOYENNE] == pytest.approx(slope)


def test_a_place_that_fell_before_turns_with_the_base_and_another_does_not() -> None:
    still = np.array([[100.0, 100.0, 100.0, 100.0], [50.0, 50.0, 50.0, 50.5]])
    fell = differences(np.array([100.0, 100.0, 80.0, 85.0]), still, 3)
    assert fell.effets[Base.DERNIERE] > 0 > fell.effets[Base.MOYENNE]
    assert fell.alertes == (Alerte.RETOURNEMENT,)
    steady = differences(np.array([100.0, 100.0, 100.0, 105.0]), still, 3)
    assert steady.alertes == ()


def test_placebos_are_what_each_unit_gives_alone() -> None:
    values = np.random.default_rng(3).normal(5, 1, (12, 5))
    pools = np.array([[(row + 1) % 12, (row + 2) % 12, (row + 5) % 12] for row in range(12)])
    for base in Base:
        everyone = ecarts_differences(values, 3, base)
        near = ecarts_differences(values, 3, base, voisins=pools)
        for row in range(12):
            others = differences(values[row], np.delete(values, row, axis=0), 3)
            np.testing.assert_allclose(everyone[row], others.ecarts[base], atol=1e-12)
            np.testing.assert_allclose(
                near[row], differences(values[row], values[pools[row]], 3).ecarts[base], atol=1e-12
            )


@pytest.mark.parametrize(
    ("place", "donors", "before", "motif"),
    [
        ([1.0, 2.0], [[1.0, 2.0]], 1, Motif.UN_DONNEUR),
        ([1.0, 2.0], [[1.0, 2.0], [2.0, 2.0]], 0, Motif.SANS_AVANT),
        ([1.0, np.nan], [[1.0, 2.0], [2.0, 2.0]], 1, Motif.MANQUANT),
        ([1.0, 2.0], [[3.0, 3.0], [3.0, 3.0]], 1, Motif.CONSTANTE),
    ],
)
def test_bad_numbers_are_refused(
    place: list[float], donors: list[list[float]], before: int, motif: Motif
) -> None:
    with pytest.raises(Refus) as refused:
        differences(np.array(place), np.array(donors), before)
    assert refused.value.motif is motif
