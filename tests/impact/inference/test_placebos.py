"""Ranks, bands and the size of the test, on numbers that a reader counts."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.impact.estimateurs.refus import Motif, Refus
from analysis.impact.inference.placebos import Rang, intervalle, rang, taille_mesuree


def test_a_rank_counts_both_sides_and_ties_against_the_place() -> None:
    others = np.array([0.1, -0.5, 0.5, 0.9, -0.2])
    assert rang(0.5, others) == Rang(4, 5)  # −0.5, 0.5 and 0.9 are as far
    assert rang(2.0, others).p == pytest.approx(1 / 6)
    assert rang(0.0, others) == Rang(6, 5)


def test_nineteen_placebos_reach_five_per_cent_and_eighteen_do_not() -> None:
    assert rang(9.0, np.linspace(-1, 1, 19)).p == pytest.approx(0.05)
    assert rang(9.0, np.linspace(-1, 1, 18)).p > 0.05


def test_a_band_is_cut_at_order_statistics() -> None:
    others = np.arange(1.0, 40.0)  # 1…39: at 95 % the least and the greatest
    found = intervalle(100.0, others)
    assert (found.bas, found.haut, found.placebos) == (61.0, 99.0, 39)
    with pytest.raises(Refus) as refused:
        intervalle(100.0, others[:-1])
    assert refused.value.motif is Motif.TROP_PEU


def test_a_band_and_a_one_sided_rank_say_the_same() -> None:
    others = np.random.default_rng(5).normal(0, 1, 199)
    for gap in np.linspace(-4, 4, 41):
        found = intervalle(gap, others, niveau=0.9)
        above, below = (others >= gap).sum(), (others <= gap).sum()
        excluded = min(above, below) + 1 <= 10  # 5 % of 200 on each side
        assert excluded == (found.bas > 0 or found.haut < 0)


def test_a_band_covers_at_its_level() -> None:
    """Of exchangeable draws, the share of bands that hold nothing is at least the level, and near it."""
    draw = np.random.default_rng(11)
    covered = 0
    for _ in range(2000):
        sample = draw.standard_t(3, 100)
        found = intervalle(sample[0], sample[1:], niveau=0.9)
        covered += found.bas <= 0 <= found.haut
    assert 0.90 - 3 * 0.0067 <= covered / 2000 <= 0.93


def test_among_all_the_size_is_the_level_by_construction() -> None:
    found = taille_mesuree(np.random.default_rng(2).normal(0, 1, 400))
    assert found.rejets == 20 and found.mesuree == 0.05 and found.tient


def test_a_place_more_variable_than_its_pool_is_rejected_too_often() -> None:
    """Half of the places vary five times as much, and all are ranked among the quiet ones."""
    draw = np.random.default_rng(3)
    gaps = np.concatenate([draw.normal(0, 1, 300), draw.normal(0, 5, 300)])
    quiet = np.array([np.delete(np.arange(300), row % 300)[:99] for row in range(600)])
    found = taille_mesuree(gaps, voisins=quiet)
    assert found.mesuree > 0.25 and not found.tient
    assert found.bas < found.mesuree < found.haut


@pytest.mark.parametrize("call", [lambda x: rang(1.0, x), lambda x: intervalle(1.0, x), taille_mesuree])
def test_missing_values_and_no_placebo_are_refused(call: object) -> None:
    for values, motif in (([1.0, np.nan, 2.0], Motif.MANQUANT), ([], Motif.TROP_PEU)):
        with pytest.raises(Refus) as refused:
            call(np.array(values))  # type: ignore[operator]
        assert refused.value.motif is motif


def test_a_pool_too_small_for_the_level_is_refused() -> None:
    with pytest.raises(Refus) as refused:
        taille_mesuree(np.arange(30.0), voisins=np.tile(np.arange(10), (30, 1)))
    assert refused.value.motif is Motif.TROP_PEU
