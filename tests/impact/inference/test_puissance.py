"""What could be seen at all, counted on placebos and found again by drawing effects."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.impact.estimateurs.refus import Motif, Refus
from analysis.impact.inference.placebos import rang
from analysis.impact.inference.puissance import effet_detectable, en_logarithme, en_pour_cent, en_unites

NORMAL = np.random.default_rng(6).normal(0, 1, 20_000)


def test_of_normal_placebos_it_is_that_of_the_textbook() -> None:
    """1.96 + 0.84 standard deviations."""
    found = effet_detectable(NORMAL)
    assert found.seuil == pytest.approx(1.96, abs=0.03)
    assert found.hausse == pytest.approx(2.80, abs=0.05)
    assert found.baisse == pytest.approx(2.80, abs=0.05)


def test_the_rank_test_finds_it_eight_times_in_ten() -> None:
    draw = np.random.default_rng(7)
    placebos = draw.standard_t(3, 400)
    found = effet_detectable(placebos)
    seen = [rang(gap + found.hausse + 1e-9, placebos).p <= 0.05 for gap in placebos]
    assert np.mean(seen) == pytest.approx(0.8, abs=0.003)
    less = [rang(gap + 0.7 * found.hausse, placebos).p <= 0.05 for gap in placebos]
    assert np.mean(less) < 0.75
    fall = [rang(gap - found.baisse - 1e-9, placebos).p <= 0.05 for gap in placebos]
    assert np.mean(fall) == pytest.approx(0.8, abs=0.003)


def test_a_lopsided_chance_makes_a_rise_and_a_fall_differ() -> None:
    """Hundred placebos, ninety of them a little low and ten far up: by counting.

    Five may be as far: beyond the fifth greatest distance, 14. Eighty of the gaps must pass 14 once moved:
    those from −1 on need 15; moved down, eighty must pass −14, those up to −1 need 13.
    """
    gaps = np.concatenate([np.full(90, -1.0), np.arange(9.0, 19.0)])
    found = effet_detectable(gaps)
    assert (found.seuil, found.hausse, found.baisse) == (14.0, 15.0, 13.0)


def test_more_spread_takes_as_much_more_effect() -> None:
    one, three = effet_detectable(NORMAL), effet_detectable(3 * NORMAL)
    assert three.hausse == pytest.approx(3 * one.hausse)
    assert effet_detectable(NORMAL, puissance=0.9).hausse > one.hausse


def test_units_and_per_cent_of_a_logarithm() -> None:
    assert en_unites(np.log(1.1), 250) == pytest.approx(25)
    assert en_pour_cent(np.log(0.9)) == pytest.approx(-10)
    assert en_logarithme(25, 250) == pytest.approx(np.log(1.1))


def test_too_few_placebos_and_missing_ones_are_refused() -> None:
    for values, motif in ((NORMAL[:18], Motif.TROP_PEU), (np.append(NORMAL, np.nan), Motif.MANQUANT)):
        with pytest.raises(Refus) as refused:
            effet_detectable(values)
        assert refused.value.motif is motif
    assert effet_detectable(NORMAL[:19]).placebos == 19
