"""Honest bounds: by hand, by `diff-diff`, and their coverage where trends part."""

from __future__ import annotations

import numpy as np
import pytest
from diff_diff.honest_did import (
    _construct_constraints_sd,
    _solve_bounds_lp,
    _solve_rm_bounds_union,
)

from analysis.impact.estimateurs.refus import Motif, Refus
from analysis.impact.inference.honnete import (
    bornes_lissage,
    bornes_relatives,
    honnete,
)

GAPS = np.array([0.4, -0.1, 0.3, 0.0, 1.1, 0.8, 1.6])
BEFORE = 4


def test_relative_bounds_by_hand() -> None:
    """Steps before: −0.5, 0.4, −0.3. At m = 1 the three gaps after may be off by 0.5, 1, 1.5."""
    low, high = bornes_relatives(GAPS, BEFORE, 1.0)
    assert (low, high) == pytest.approx((3.5 / 3 - 1, 3.5 / 3 + 1))
    assert bornes_relatives(GAPS, BEFORE, 0.0) == pytest.approx((3.5 / 3, 3.5 / 3))


def test_smooth_bounds_by_hand() -> None:
    """A line before of slope 1, free to bend by 0.5: after, between 1·t − and + 0.5·(1, 3, 6) on three periods."""
    line = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0])
    low, high = bornes_lissage(line, 3, 0.5)
    assert (low, high) == pytest.approx((-0.5 * 10 / 3, 0.5 * 10 / 3))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("m", [0.5, 1.0, 2.0])
def test_both_are_those_of_diff_diff(seed: int, m: float) -> None:
    draw = np.random.default_rng(seed)
    gaps = np.concatenate([0.2 * draw.normal(0, 1, 4), [0.0], draw.normal(1, 1, 3)])
    before, after = np.delete(gaps, 4)[:4], gaps[5:]
    weights = np.full(3, 1 / 3)
    other = _solve_rm_bounds_union(before, after, weights, 4, m)
    assert bornes_relatives(gaps, 5, m) == pytest.approx(other, abs=1e-7)
    smooth = _solve_bounds_lp(before, after, weights, *_construct_constraints_sd(4, 3, m), 4)
    if np.isnan(smooth[0]):
        with pytest.raises(Refus) as refused:
            bornes_lissage(gaps, 5, m)
        assert refused.value.motif is Motif.TENDANCE
    else:
        assert bornes_lissage(gaps, 5, m) == pytest.approx(smooth, abs=1e-6)


def placebo_gaps(draw: np.random.Generator, count: int, drift: float) -> np.ndarray:
    """Gaps from the last of five periods before, of places that drift apart and are noisy."""
    noise = draw.normal(0, 0.3, (count, 8)) + drift * draw.normal(0, 1, (count, 1)) * np.arange(8)
    return noise - noise[:, [4]]


def test_with_chance_bounds_hold_the_effect_at_the_level() -> None:
    draw = np.random.default_rng(21)
    for m in (0.0, 0.5):
        held = 0
        for _ in range(200):
            gaps = placebo_gaps(draw, 80, 0.1)
            found = honnete(gaps[0] + np.where(np.arange(8) > 4, 0.7, 0.0), gaps[1:], 5, m)
            held += found.bas_hasard <= 0.7 <= found.haut_hasard
        assert held / 200 >= 0.95 - 3 * 0.0154


def test_each_bounds_hold_those_of_every_smaller_m_by_the_same_margin() -> None:
    """19 placebos of which the one farthest is 0.6 away: at 95 % one of twenty may be, so the margin is 0.6."""
    placebos = np.array([[0.1, 0.0, rank * 0.02, 0.0] for rank in range(18)] + [[0.1, 0.0, -0.6, -0.6]])
    ends = [honnete(np.array([0.1, 0.0, 1.0, 2.0]), placebos, 2, m) for m in (0.0, 1.0, 4.0)]
    # the greatest step before is 0.1: the mean of two gaps after may be off by m × 0.1 × 1.5
    assert [(one.bas, one.haut) for one in ends] == [
        pytest.approx(pair) for pair in ((1.5, 1.5), (1.35, 1.65), (0.9, 2.1))
    ]
    assert [(one.bas_hasard, one.haut_hasard) for one in ends] == [
        pytest.approx(pair) for pair in ((0.9, 2.1), (0.75, 2.25), (0.3, 2.7))
    ]
    with pytest.raises(Refus) as refused:
        honnete(np.array([0.1, 0.0, 1.0, 2.0]), placebos[1:], 2, 1.0)
    assert refused.value.motif is Motif.TROP_PEU


@pytest.mark.parametrize(
    ("gaps", "before", "motif"),
    [
        ([0.0, 1.0], 1, Motif.SANS_AVANT),
        ([1.0, 0.0], 2, Motif.SANS_APRES),
        ([1.0, np.nan, 1.0], 2, Motif.MANQUANT),
    ],
)
def test_bad_numbers_are_refused(gaps: list[float], before: int, motif: Motif) -> None:
    for bounds in (bornes_relatives, bornes_lissage):
        with pytest.raises(Refus) as refused:
            bounds(np.array(gaps), before, 1.0)
        assert refused.value.motif is motif
