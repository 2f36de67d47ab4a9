"""The test of parallel years before: a trend that it sees, one that it could not, and its level."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2, ncx2

from analysis.impact.estimateurs.refus import Motif, Refus
from analysis.impact.inference.tendances import tendance

DRAW = np.random.default_rng(3)
MIX = np.array([[1.0, 0.0], [0.6, 0.5]])
PLACEBOS = np.column_stack([DRAW.normal(0, 1, (4000, 2)) @ MIX.T, np.zeros(4000)])
SLOPE = np.array([-2.0, -1.0])


def test_its_power_is_that_of_the_law_where_chance_is_normal() -> None:
    slopes = (0.0, 0.5, 1.0, 2.0)
    found = tendance(np.zeros(3), PLACEBOS, pentes=slopes)
    inverse = np.linalg.inv(MIX @ MIX.T)
    threshold = chi2.ppf(0.95, 2)
    for slope, power in found.puissance:
        far = slope**2 * SLOPE @ inverse @ SLOPE
        assert power == pytest.approx(ncx2.sf(threshold, 2, max(far, 1e-12)), abs=0.03)
    least = found.pente_detectable
    assert ncx2.sf(threshold, 2, least**2 * SLOPE @ inverse @ SLOPE) == pytest.approx(0.8, abs=0.02)


def test_a_trend_is_seen_and_a_place_like_the_others_is_not() -> None:
    steep = tendance(np.array([-8.0, -4.0, 0.0]), PLACEBOS)
    assert steep.rang.p < 0.01
    like = tendance(PLACEBOS[17], np.delete(PLACEBOS, 17, axis=0))
    assert like.rang.p == pytest.approx(
        1 - chi2.cdf(PLACEBOS[17, :2] @ np.linalg.inv(MIX @ MIX.T) @ PLACEBOS[17, :2], 2), abs=0.03
    )


def test_two_years_before_are_one_gap_ranked() -> None:
    placebos = np.column_stack([np.arange(1.0, 40.0), np.zeros(39)])
    assert tendance(np.array([39.5, 0.0]), placebos).rang.rang == 1
    assert tendance(np.array([-20.0, 0.0]), placebos).rang.rang == 21  # 20 to 39, and itself


@pytest.mark.parametrize(
    ("own", "placebos", "motif"),
    [
        ([0.0], np.zeros((40, 1)), Motif.SANS_AVANT),
        ([1.0, 0.0], np.zeros((40, 3)), Motif.FORME),
        ([np.nan, 0.0], np.ones((40, 2)), Motif.MANQUANT),
        ([1.0, 0.0], np.ones((10, 2)), Motif.TROP_PEU),
    ],
)
def test_bad_numbers_are_refused(own: list[float], placebos: np.ndarray, motif: Motif) -> None:
    with pytest.raises(Refus) as refused:
        tendance(np.array(own), placebos)
    assert refused.value.motif is motif
