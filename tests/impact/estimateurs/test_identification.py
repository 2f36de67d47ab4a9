"""The identified set: ends known by hand, every exact synthetic control inside, extrapolation refused."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from analysis.impact.estimateurs.identification import ensemble_identifie, exiger_enveloppe
from analysis.impact.estimateurs.refus import Motif, Refus
from analysis.impact.estimateurs.synthetique import synthetique


def ends_by_pairs(target: np.ndarray, donors: np.ndarray) -> tuple[float, float]:
    """One period before: the ends are at two donors on either side of the place, or at one on it."""
    found = []
    for (x, y), (u, v) in combinations(donors.tolist(), 2):
        if min(x, u) <= target[0] <= max(x, u) and x != u:
            share = (target[0] - x) / (u - x)
            found.append(target[1] - ((1 - share) * y + share * v))
    return min(found), max(found)


@pytest.mark.parametrize("seed", range(5))
def test_with_one_period_the_ends_are_at_pairs_of_donors(seed: int) -> None:
    draw = np.random.default_rng(seed)
    donors, place = draw.normal(0, 1, (12, 2)), np.array([0.1, 0.5])
    found = ensemble_identifie(place, donors, 1)
    assert (found.bas, found.haut) == pytest.approx(ends_by_pairs(place, donors))
    assert found.donneurs == 12


@pytest.mark.parametrize("seed", range(5))
def test_every_exact_synthetic_control_is_inside(seed: int) -> None:
    draw = np.random.default_rng(seed)
    donors = draw.normal(7, 1, (80, 1)) + np.cumsum(draw.normal(0, 0.2, (80, 6)), axis=1)
    place = donors[:4].mean(axis=0)
    found = ensemble_identifie(place, donors, 3)
    for ridge in (1e-6, 1e-3):
        assert found.bas - 1e-3 <= synthetique(place, donors, 3, ridge=ridge).effet <= found.haut + 1e-3
    assert found.bas <= 0 <= found.haut  # the mean of four donors has no gap to itself
    narrower = ensemble_identifie(place, donors[:40], 3)
    assert found.bas <= narrower.bas and narrower.haut <= found.haut


def test_more_donors_than_one_answer() -> None:
    donors = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 6.0], [2.0, 6.0]])
    found = ensemble_identifie(np.array([1.0, 3.0]), donors, 1)
    assert (found.bas, found.haut, found.largeur) == pytest.approx((-3, 3, 6))
    assert found.change_de_sens
    one_answer = ensemble_identifie(np.array([1.0, 3.0]), donors[:2], 1)
    assert (one_answer.bas, one_answer.haut) == pytest.approx((3, 3))
    assert not one_answer.change_de_sens


def test_extrapolation_is_refused_and_what_is_inside_is_not() -> None:
    donors = np.array([[0.0, 1.0], [2.0, 1.0]])
    for refuse in (ensemble_identifie, exiger_enveloppe):
        with pytest.raises(Refus) as refused:
            refuse(np.array([2.5, 1.0]), donors, 1)
        assert refused.value.motif is Motif.HORS_ENVELOPPE
    exiger_enveloppe(np.array([2.0, 1.0]), donors, 1)
    assert ensemble_identifie(np.array([2.0, 1.0]), donors, 1).largeur == pytest.approx(0)
