"""Random effects: formulas written out, and coverage with few places."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from analysis.impact.estimateurs.refus import Motif, Refus
from analysis.impact.inference.synthese import synthetiser, variance_du_hasard

EFFECTS = [-0.82, -1.02, 0.18, -0.31, -0.45, 0.63]
VARIANCES = [0.13, 0.45, 0.30, 0.08, 0.02, 0.52]


@pytest.mark.parametrize("factor", [1.0, 0.1])
def test_the_mean_and_its_parts_are_those_of_statsmodels(factor: float) -> None:
    """At its own tolerance of 1e-5 on Q: a tighter one makes it answer that there is no variance between."""
    effects, known = np.array(EFFECTS), factor * np.array(VARIANCES)
    found = synthetiser(effects, known)
    other = combine_effects(effects, known, method_re="pm", use_t=True)
    assert found.tau2 == pytest.approx(other.tau2, abs=1e-5)
    assert found.effet == pytest.approx(other.mean_effect_re, abs=1e-5)
    assert found.poids == pytest.approx(other.weights_rel_re, abs=1e-5)
    assert (found.q, found.i2) == pytest.approx((other.q, max(0.0, other.i2)), abs=1e-5)
    assert found.p == pytest.approx(other.test_homogeneity().pvalue, abs=1e-5)
    if other.sd_eff_w_re_hksj >= other.sd_eff_w_re:
        assert (found.bas, found.haut) == pytest.approx(other.conf_int()[3], abs=1e-4)


def test_the_variance_between_is_where_q_is_its_degrees_of_freedom() -> None:
    """Effects of −3, 0 and 3 with variances of one: Σ(y − 0)²/(1 + τ²) = 18/(1 + τ²) = 2, so τ² = 8."""
    found = synthetiser([-3.0, 0.0, 3.0], [1.0, 1.0, 1.0])
    assert found.tau2 == pytest.approx(8)
    assert (found.q, found.i2) == pytest.approx((18, 1 - 2 / 18))
    assert found.haut == pytest.approx(4.302653 * np.sqrt(9 / 3), rel=1e-6)
    assert found.prediction[1] == pytest.approx(12.7062 * np.sqrt(8 + 3), rel=1e-5)


def test_three_equal_effects_by_hand() -> None:
    """No spread beyond chance: ±t(2) × √(1/3) × … with known variances of one, wider than what is seen."""
    found = synthetiser([2.0, 2.0, 2.0], [1.0, 1.0, 1.0])
    assert (found.effet, found.tau2, found.i2) == (2.0, 0.0, 0.0)
    assert found.haut - 2 == pytest.approx(4.302653 / np.sqrt(3), rel=1e-6)


def test_a_precise_place_weighs_more_and_spread_levels_the_weights() -> None:
    alike = synthetiser([1.0, 1.1, 0.9], [0.1, 1.0, 1.0])
    apart = synthetiser([1.0, 9.0, -9.0], [0.1, 1.0, 1.0])
    assert alike.poids[0] > 0.8
    assert apart.poids[0] < 0.4
    assert apart.prediction[0] < apart.bas and apart.prediction[1] > apart.haut


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_with_ten_places_the_interval_covers(spread: float) -> None:
    draw = np.random.default_rng(31)
    held = 0
    for _ in range(600):
        known = draw.uniform(0.2, 2, 10)
        effects = 1 + draw.normal(0, spread, 10) + draw.normal(0, np.sqrt(known))
        found = synthetiser(effects, known)
        held += found.bas <= 1 <= found.haut
    assert held / 600 >= 0.95 - 3 * 0.009


@pytest.mark.parametrize(
    ("effects", "known", "motif"),
    [
        ([1.0, 2.0], [1.0, 1.0], Motif.TROP_PEU),
        ([1.0, 2.0, 3.0], [1.0, 1.0], Motif.FORME),
        ([1.0, 2.0, np.nan], [1.0, 1.0, 1.0], Motif.MANQUANT),
        ([1.0, 2.0, 3.0], [1.0, 0.0, 1.0], Motif.CONSTANTE),
    ],
)
def test_bad_numbers_are_refused(effects: list[float], known: list[float], motif: Motif) -> None:
    with pytest.raises(Refus) as refused:
        synthetiser(effects, known)
    assert refused.value.motif is motif


def test_the_variance_of_chance_is_around_nothing() -> None:
    assert variance_du_hasard(np.array([1.0, 3.0])) == 5.0
    with pytest.raises(Refus):
        variance_du_hasard(np.array([1.0]))
