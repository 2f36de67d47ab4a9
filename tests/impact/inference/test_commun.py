"""The pooled randomisation test: against all assignments counted, its size, its power, one left out, Holm."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from analysis.impact.estimateurs.refus import Motif, Refus
from analysis.impact.inference.commun import (
    STATISTIQUES,
    epreuve,
    holm,
    intervalle_commun,
    sans_un,
    tirer,
)


@pytest.mark.parametrize("name", STATISTIQUES)
def test_p_is_that_of_all_assignments(name: str) -> None:
    """Three territories with four, five and six placebos: 120 equally likely assignments, counted one by one."""
    draw = np.random.default_rng(4)
    pools = [draw.normal(0, scale, size) for size, scale in ((4, 1.0), (5, 2.0), (6, 0.5))]
    gaps = np.array([0.9, 1.5, 0.4])
    drawn = tirer(gaps, pools, tirages=40_000)
    every = np.array(list(product(*pools)))
    own = STATISTIQUES[name](gaps, drawn.echelles)
    counted = STATISTIQUES[name](every, drawn.echelles)
    above, below = (counted >= own - 1e-12).mean(), (counted <= own + 1e-12).mean()
    exact = above if name == "ampleur" else min(1.0, 2 * min(above, below))
    found = epreuve(drawn, name)
    assert found.statistique == pytest.approx(own)
    assert found.p == pytest.approx(exact, abs=0.012)
    assert (found.p_hausse, found.p_baisse) == pytest.approx((above, below), abs=0.012)


@pytest.mark.parametrize("name", ["moyenne", "standardisee", "precision", "mediane", "ampleur"])
def test_where_nothing_happened_it_rejects_at_its_level(name: str) -> None:
    draw = np.random.default_rng(12)
    scales = draw.uniform(0.2, 3, 10)
    rejected = 0
    for trial in range(400):
        pools = [draw.standard_t(4, 60) * scale for scale in scales]
        gaps = np.array([draw.standard_t(4) * scale for scale in scales])
        rejected += epreuve(tirer(gaps, pools, tirages=499, graine=trial), name).p <= 0.05
    assert rejected / 400 <= 0.05 + 3 * 0.011


def test_an_effect_common_to_all_is_seen_and_covered() -> None:
    draw = np.random.default_rng(13)
    pools = [draw.normal(0, 1, 200) for _ in range(10)]
    gaps = draw.normal(0, 1, 10) + 1.5
    drawn = tirer(gaps, pools)
    assert epreuve(drawn).p < 0.01
    found = intervalle_commun(drawn)
    assert found.bas < 1.5 < found.haut and found.bas > 0
    assert found.haut - found.bas == pytest.approx(2 * 1.96 / np.sqrt(10), rel=0.15)


def test_effects_that_go_both_ways_are_seen_by_their_amplitude_alone() -> None:
    draw = np.random.default_rng(14)
    pools = [draw.normal(0, 1, 200) for _ in range(10)]
    drawn = tirer(np.array([4.0, -4.0] * 5), pools)
    assert epreuve(drawn, "moyenne").p > 0.5
    assert epreuve(drawn, "ampleur").p < 0.001


def test_one_left_out() -> None:
    pools = [np.linspace(-1, 1, 41)] * 4
    found = sans_un(tirer(np.array([0.1, -0.1, 0.0, 5.0]), pools))
    assert [test.place for test in found] == [0, 1, 2, 3]
    assert found[3].effet == pytest.approx(0) and found[3].p > 0.9
    assert found[0].effet == pytest.approx(4.9 / 3) and found[0].p < 0.01
    with pytest.raises(Refus):
        sans_un(tirer(np.array([1.0]), pools[:1]))


def test_the_same_seed_draws_the_same() -> None:
    pools = [np.linspace(-1, 1, 41)] * 3
    gaps = np.array([0.3, 0.2, 0.1])
    assert epreuve(tirer(gaps, pools)) == epreuve(tirer(gaps, pools))
    assert epreuve(tirer(gaps, pools, graine=1)).p != epreuve(tirer(gaps, pools, graine=2)).p


def test_holm_by_hand() -> None:
    """0.01 × 4; 0.02 × 3; 0.03 × 2; then 0.06 again, which may not fall."""
    assert holm([0.03, 0.01, 0.04, 0.02]) == pytest.approx((0.06, 0.04, 0.06, 0.06))
    for values, motif in (([], Motif.FORME), ([0.1, float("nan")], Motif.MANQUANT)):
        with pytest.raises(Refus) as refused:
            holm(values)
        assert refused.value.motif is motif


@pytest.mark.parametrize(
    ("gaps", "pools", "motif"),
    [
        ([1.0], [[1.0, 2.0], [1.0, 2.0]], Motif.FORME),
        ([1.0], [[1.0]], Motif.TROP_PEU),
        ([1.0], [[1.0, np.nan]], Motif.MANQUANT),
        ([np.nan], [[1.0, 2.0]], Motif.MANQUANT),
        ([1.0], [[2.0, 2.0]], Motif.CONSTANTE),
    ],
)
def test_bad_pools_are_refused(gaps: list[float], pools: list[list[float]], motif: Motif) -> None:
    with pytest.raises(Refus) as refused:
        tirer(np.array(gaps), [np.array(pool) for pool in pools])
    assert refused.value.motif is motif
