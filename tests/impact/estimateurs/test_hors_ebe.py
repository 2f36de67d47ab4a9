"""What is left once the jobs of the EBE are taken out, with the bounds of what was published."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.impact.estimateurs.differences import Base, differences
from analysis.impact.estimateurs.hors_ebe import hors_ebe, pour_cent_ppde, reste
from analysis.impact.estimateurs.refus import Motif, Refus
from analysis.impact.estimateurs.synthetique import synthetique

JOBS = np.array([300.0, 310.0, 305.0, 340.0, 360.0])
LEAST = np.array([0.0, 0.0, 0.0, 30.0, 45.0])
MOST = np.array([0.0, 0.0, 0.0, 40.0, 60.0])
OTHERS = np.array(
    [[200.0, 210.0, 205.0, 206.0, 208.0], [500.0, 505.0, 512.0, 508.0, 500.0], [90.0, 95.0, 97.0, 99.0, 96.0]]
)


def test_jobs_outside_by_hand() -> None:
    low, high = hors_ebe(JOBS, LEAST, MOST)
    assert low.tolist() == [300, 310, 305, 300, 300]
    assert high.tolist() == [300, 310, 305, 310, 315]


@pytest.mark.parametrize("base", Base)
def test_the_rest_is_what_the_estimator_gives_on_the_series_without_the_ebe(base: Base) -> None:
    whole = differences(np.log(JOBS), np.log(OTHERS), 3).effets[base]
    ends = [differences(np.log(jobs), np.log(OTHERS), 3).effets[base] for jobs in hors_ebe(JOBS, LEAST, MOST)]
    found = reste(whole, JOBS[3:], LEAST[3:], MOST[3:])
    assert (found.bas, found.haut) == pytest.approx(tuple(ends))


def test_it_is_so_for_a_synthetic_control_too() -> None:
    whole = synthetique(np.log(JOBS), np.log(OTHERS), 3).effet
    ends = [synthetique(np.log(jobs), np.log(OTHERS), 3).effet for jobs in hors_ebe(JOBS, LEAST, MOST)]
    found = reste(whole, JOBS[3:], LEAST[3:], MOST[3:])
    assert (found.bas, found.haut) == pytest.approx(tuple(ends))


def test_the_sign_is_said_only_where_both_ends_agree() -> None:
    jobs, least, most = np.array([400.0]), np.array([40.0]), np.array([60.0])
    assert reste(0.05, jobs, least, most).signe == -1
    assert reste(0.12, jobs, least, most).signe == 0
    assert reste(0.30, jobs, least, most).signe == 1


def test_no_staff_changes_nothing() -> None:
    found = reste(0.07, JOBS, np.zeros(5), np.zeros(5))
    assert (found.bas, found.haut) == (0.07, 0.07)


@pytest.mark.parametrize(
    ("least", "most", "motif"),
    [
        ([30.0, 45.0], [20.0, 60.0], Motif.BORNES),
        ([-1.0, 45.0], [20.0, 60.0], Motif.BORNES),
        ([30.0, 45.0], [40.0, 360.0], Motif.BORNES),
        ([30.0], [40.0, 60.0], Motif.FORME),
        ([30.0, np.nan], [40.0, np.nan], Motif.MANQUANT),
    ],
)
def test_bounds_that_cannot_be_are_refused(least: list[float], most: list[float], motif: Motif) -> None:
    with pytest.raises(Refus) as refused:
        reste(0.1, JOBS[3:], np.array(least), np.array(most))
    assert refused.value.motif is motif


def test_jobs_for_a_hundred_people() -> None:
    assert pour_cent_ppde(30.0, 120.0) == pytest.approx(25)
    for jobs, people, motif in ((3.0, 0.0, Motif.PERSONNE), (np.nan, 10.0, Motif.MANQUANT)):
        with pytest.raises(Refus) as refused:
            pour_cent_ppde(jobs, people)
        assert refused.value.motif is motif
