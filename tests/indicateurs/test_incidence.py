"""The estimator of Aalen and Johansen: by hand, against other implementations, on a known truth."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sksurv.nonparametric import cumulative_incidence_competing_risks
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from analysis.indicateurs.incidence import Point, Suivi, bornes, incidences, suivre

HORIZONS = (3, 6, 12, 18, 24, 36)
EXACT = 1e-12
"""What rounding leaves between two ways to write the same sums."""


def suivi(mois: list[float], issues: list[int], *, causes: int, possible: float = 60.0) -> Suivi:
    return Suivi(
        np.array(mois, float), np.array(issues, np.int64), np.full(len(mois), float(possible)), causes
    )


def probabilites(points: tuple[Point | None, ...]) -> list[tuple[float, ...] | None]:
    return [point and point.probabilites for point in points]


def test_eight_people_by_hand() -> None:
    # Time 0: 8 followed, one event 1, F1 = 1/8, S = 7/8. Time 2: one lost. Time 3: 6 followed, an event of
    # each kind and one lost that very day, F1 = 1/8 + 7/8 × 1/6 = 13/48, F2 = 7/48, S = 7/8 × 4/6 = 7/12.
    # Time 6: 3 followed, one event 2, F2 = 7/48 + 7/12 × 1/3 = 49/144, S = 7/18. Time 8: one lost. Time 10:
    # the last one has event 1, F1 = 13/48 + 7/18 = 95/144, S = 0.
    huit = suivi([0, 2, 3, 3, 3, 6, 8, 10], [1, 0, 1, 2, 0, 2, 0, 1], causes=2)
    points = incidences(huit, (0, 2, 3, 5.9, 6, 10, 12))
    assert all(points)
    expected = [
        (1 / 8, 0.0, 7),
        (1 / 8, 0.0, 7),
        (13 / 48, 7 / 48, 4),
        (13 / 48, 7 / 48, 3),
        (13 / 48, 49 / 144, 2),
        (95 / 144, 49 / 144, 0),
        (95 / 144, 49 / 144, 0),
    ]
    found = [(*p.probabilites, p.a_risque) for p in points if p]
    assert [list(row) for row in found] == [pytest.approx(list(row), abs=EXACT) for row in expected]
    assert [p.evenements for p in points if p] == [
        (1, 0),
        (1, 0),
        (2, 1),
        (2, 1),
        (2, 2),
        (3, 2),
        (3, 2),
    ]
    assert [p.reste for p in points if p][2] == pytest.approx(7 / 12, abs=EXACT)


# Forty people, events at the same months and at month 0, drawn once.
MOIS = [32, 37, 2, 39, 28, 12, 26, 36, 23, 31, 14, 27, 25, 11, 36, 3, 4, 28, 12, 13]
MOIS += [33, 6, 15, 18, 26, 0, 7, 8, 32, 2, 28, 24, 34, 4, 38, 31, 19, 28, 34, 24]
ISSUES = [0, 2, 0, 0, 0, 2, 0, 2, 2, 0, 2, 1, 0, 0, 2, 0, 2, 1, 1, 0]
ISSUES += [1, 2, 0, 1, 1, 1, 0, 1, 2, 0, 0, 2, 2, 3, 1, 3, 1, 0, 2, 0]


def by_scikit_survival(mois: list[float], issues: list[int], horizon: float) -> list[float]:
    """The incidences at the last time that is not after a horizon."""
    times, curves = cumulative_incidence_competing_risks(np.array(issues), np.array(mois, float))
    step = int(np.searchsorted(times, horizon, side="right")) - 1
    return [float(curve[step]) if step >= 0 else 0.0 for curve in curves[1:]]


@pytest.mark.verification
def test_people_against_scikit_survival() -> None:
    rng = np.random.default_rng(2016)
    drawn = [
        (rng.integers(0, 40, n).astype(float).tolist(), rng.integers(0, 4, n).tolist())
        for n in rng.integers(20, 60, 100).tolist()
    ]
    for mois, issues in [(MOIS, ISSUES), *drawn]:
        for horizon, point in zip(HORIZONS, incidences(suivi(mois, issues, causes=3), HORIZONS), strict=True):
            if point:
                expected = by_scikit_survival(mois, issues, horizon)
                assert point.probabilites == pytest.approx(expected, abs=EXACT)


def test_the_errors_of_four_people_by_hand() -> None:
    """Two of four leave at 1 and 2, for one cause, nobody lost: a share of 1/4 then 1/2, √(p(1 − p)/4).

    With two causes, one at each time: at 2 each has 1/4, √(3/64) = 0.2165; what is left is of all causes, 1/4 at last.
    """
    (one, two) = incidences(suivi([1, 2, 9, 9], [1, 1, 0, 0], causes=1), (1, 2))
    assert one and one.erreurs == pytest.approx((sqrt(3 / 64),)) and one.erreur_reste == one.erreurs[0]
    assert two and two.erreurs == pytest.approx((sqrt(1 / 16),))
    (mixed,) = incidences(suivi([1, 2, 9, 9], [1, 2, 0, 0], causes=2), (2,))
    assert mixed and mixed.erreurs == pytest.approx((sqrt(3 / 64), sqrt(3 / 64)))
    assert mixed.erreur_reste == pytest.approx(1 / 4)


@pytest.mark.verification
def test_errors_and_intervals_against_scikit_survival_and_statsmodels() -> None:
    """Where all who are left have an event, both divide by zero: the last time is left out."""
    rng = np.random.default_rng(1986)
    for n in rng.integers(20, 60, 60).tolist():
        mois, issues = rng.integers(1, 40, n).astype(float), rng.integers(0, 4, n)
        mois[0], issues[0] = 41.0, 0
        found = incidences(suivi(mois.tolist(), issues.tolist(), causes=3), HORIZONS)
        times, curves, intervals = cumulative_incidence_competing_risks(
            issues, mois, conf_type="log-log", var_type="Dinse_Approx"
        )
        errors = CumIncidenceRight(mois, issues)
        alone = SurvfuncRight(mois, issues > 0)
        for horizon, point in zip(HORIZONS, found, strict=True):
            assert point
            step = int(np.searchsorted(times, horizon, side="right")) - 1
            here = int(np.searchsorted(errors.times, horizon, side="right")) - 1
            for cause in range(3):
                ours = bornes(point.probabilites[cause], point.erreurs[cause])
                if ours:
                    assert ours == pytest.approx(intervals[cause + 1, :, step], abs=1e-9)
                    assert point.erreurs[cause] == pytest.approx(errors.cinc_se[cause][here], abs=EXACT)
            last = int(np.searchsorted(alone.surv_times, horizon, side="right")) - 1
            if last >= 0:
                assert point.erreur_reste == pytest.approx(alone.surv_prob_se[last], abs=EXACT)


@pytest.mark.verification
def test_intervals_cover_the_truth_nineteen_times_in_twenty() -> None:
    """Eighty people, two constant hazards, half a year of follow-up to three: the incidence at 12 months."""
    a, b, hits, runs = 0.04, 0.015, 0, 600
    rng = np.random.default_rng(1991)
    truth = a / (a + b) * (1 - exp(-(a + b) * 12))
    for _ in range(runs):
        ends, times = rng.uniform(6, 36, 80), rng.exponential(1 / (a + b), 80)
        causes = np.where(rng.random(80) < a / (a + b), 1, 2)
        seen = Suivi(np.minimum(times, ends), np.where(times <= ends, causes, 0), ends, 2)
        (point,) = incidences(seen, (12,))
        assert point
        around = bornes(point.probabilites[0], point.erreurs[0])
        assert around
        hits += around[0] <= truth <= around[1]
    assert 0.925 < hits / runs < 0.975


# The same events at forty distinct times, as AalenJohansenFitter moves tied ones at random. Computed once by
# lifelines 0.30.3: AalenJohansenFitter(calculate_variance=False).fit(mois, issues, event_of_interest=k).
DISTINCTS = [25.0, 11.0, 5.9, 4.1, 21.4, 1.9, 33.5, 12.5, 1.8, 30.6, 18.8, 39.5, 8.1, 27.8, 10.1, 8.6]
DISTINCTS += [38.1, 17.2, 33.7, 19.2, 17.9, 11.6, 14.7, 18.0, 22.4, 36.9, 37.2, 25.3, 34.3, 39.9, 30.4]
DISTINCTS += [37.1, 11.3, 25.5, 32.8, 16.8, 22.9, 3.8, 30.5, 37.3]
LIFELINES = [
    (0.0, 0.049999999999999996, 0.0),
    (0.0, 0.049999999999999996, 0.0),
    (0.0, 0.16515151515151513, 0.0),
    (0.08956228956228954, 0.1939393939393939, 0.02985409652076318),
    (0.15524130190796853, 0.2237934904601571, 0.02985409652076318),
    (0.2824116479018439, 0.31254526156486934, 0.06462533835082854),
]


@pytest.mark.verification
def test_forty_people_against_lifelines() -> None:
    found = probabilites(incidences(suivi(DISTINCTS, ISSUES, causes=3), HORIZONS))
    assert found == [pytest.approx(row, abs=EXACT) for row in LIFELINES]


def plain(mois: list[int], issues: list[int], horizon: int, causes: int) -> list[Fraction]:
    """The incidences at a horizon in fractions, person by person."""
    survival, found = Fraction(1), [Fraction(0)] * causes
    for time in sorted(set(mois)):
        if time > horizon:
            break
        at_risk = sum(1 for m in mois if m >= time)
        events = [
            sum(1 for m, i in zip(mois, issues, strict=True) if (m, i) == (time, k + 1))
            for k in range(causes)
        ]
        found = [f + survival * Fraction(d, at_risk) for f, d in zip(found, events, strict=True)]
        survival *= 1 - Fraction(sum(events), at_risk)
    return found


PEOPLE = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3)), min_size=1, max_size=14)


@pytest.mark.lent
@pytest.mark.verification
@given(people=PEOPLE)
@settings(max_examples=300, deadline=None)
def test_few_people_with_ties_against_fractions(people: list[tuple[int, int]]) -> None:
    mois, issues = [m for m, _ in people], [i for _, i in people]
    horizons = range(10)
    points = incidences(suivi(list(mois), issues, causes=3), horizons)
    for horizon, point in zip(horizons, points, strict=True):
        expected = [float(value) for value in plain(mois, issues, horizon, 3)]
        followed = sum(1 for m, i in people if m > horizon or (m == horizon and not i))
        lost = any(not i for m, i in people if m <= horizon)
        if point is None:
            assert followed == 0 and lost
            assert sum(expected) < 1
        else:
            assert point.probabilites == pytest.approx(expected, abs=EXACT)
            assert point.a_risque == followed
            assert followed or sum(expected) == pytest.approx(1, abs=EXACT)


@given(people=PEOPLE)
@settings(max_examples=60, deadline=None)
def test_the_order_of_people_their_double_and_a_cause_that_never_comes_change_nothing(
    people: list[tuple[int, int]],
) -> None:
    mois, issues = [float(m) for m, _ in people], [i for _, i in people]
    points = incidences(suivi(mois, issues, causes=3), HORIZONS)
    turned = incidences(suivi(mois[::-1], issues[::-1], causes=3), HORIZONS)
    twice = incidences(suivi(mois * 2, issues * 2, causes=3), HORIZONS)
    fourth = incidences(suivi(mois, issues, causes=4), HORIZONS)
    for one, two, three, four in zip(points, turned, twice, fourth, strict=True):
        assert one == two
        assert (one is None) == (three is None) == (four is None)
        if one and three and four:
            assert three.probabilites == pytest.approx(one.probabilites, abs=EXACT)
            assert three.a_risque == 2 * one.a_risque
            assert four.probabilites == (*one.probabilites, 0.0)


def test_without_censoring_an_incidence_is_a_share() -> None:
    points = incidences(suivi([1, 1, 2, 5, 36], [1, 2, 1, 1, 2], causes=2), (2, 5, 36))
    assert probabilites(points) == [
        pytest.approx((0.4, 0.2), abs=EXACT),
        pytest.approx((0.6, 0.2), abs=EXACT),
        pytest.approx((0.6, 0.4), abs=EXACT),
    ]


@pytest.mark.verification
def test_two_constant_hazards_give_their_known_incidences() -> None:
    # F1(t) = a / (a + b) × (1 − exp(−(a + b) t)). The follow-up ends evenly between 30 and 60 months: all
    # are followed to 24, three quarters or more of them to 36. An estimate is within four standard deviations of
    # a share among those who could be followed: seed fixed, one failure in 16,000 if it were not.
    a, b, n = 0.04, 0.015, 20_000
    rng = np.random.default_rng(1978)
    ends = rng.uniform(30, 60, n)
    times = rng.exponential(1 / (a + b), n)
    causes = np.where(rng.random(n) < a / (a + b), 1, 2)
    followed = Suivi(np.minimum(times, ends), np.where(times <= ends, causes, 0), ends, 2)
    for horizon, point in zip(HORIZONS, incidences(followed, HORIZONS), strict=True):
        assert point
        come = 1 - exp(-(a + b) * horizon)
        for found, hazard in zip(point.probabilites, (a, b), strict=True):
            truth = hazard / (a + b) * come
            assert abs(found - truth) < 4 * sqrt(truth * (1 - truth) / (0.75 * n))


def test_to_ignore_what_competes_would_overstate_the_incidence() -> None:
    # One of two leaves at 6, the other is hired at 12: half were hired. Told lost from sight instead, the
    # first counts as though still to be hired, and everybody is.
    (competing,) = incidences(suivi([6, 12], [2, 1], causes=2), (12,))
    (naive,) = incidences(suivi([6, 12], [0, 1], causes=1), (12,))
    assert competing and competing.probabilites == pytest.approx((0.5, 0.5), abs=EXACT)
    assert naive and naive.probabilites == (1.0,)


def test_nobody_gives_nothing() -> None:
    assert incidences(suivi([], [], causes=2), HORIZONS) == (None,) * 6


def test_a_horizon_that_nobody_could_reach_is_not_told_even_when_all_is_over() -> None:
    tous = suivi([1, 2], [1, 1], causes=1, possible=12)
    assert probabilites(incidences(tous, (2, 12, 12.5))) == [(1.0,), (1.0,), None]


def test_a_horizon_past_the_last_one_followed_is_not_told_while_some_have_no_event() -> None:
    # Someone could have been followed for 60 months, but was lost at 5: nobody knows what became of half.
    perdu = suivi([2, 5], [1, 0], causes=1)
    assert probabilites(incidences(perdu, (4, 5, 6))) == [(0.5,), (0.5,), None]


def test_no_event_at_all_is_an_incidence_of_zero() -> None:
    (point,) = incidences(suivi([8, 9], [0, 0], causes=2), (6,))
    assert point == Point((0.0, 0.0), (0, 0), 2, 2, erreurs=(0.0, 0.0), erreur_reste=0.0)


@pytest.mark.parametrize(
    ("mois", "issues", "possibles", "message"),
    [
        ([1, 2], [0], [9, 9], "as many"),
        ([-1], [0], [9], "negative"),
        ([float("nan")], [0], [9], "missing"),
        ([10], [0], [9], "after the end"),
        ([1], [3], [9], "not among"),
        ([1], [-1], [9], "not among"),
    ],
)
def test_a_follow_up_that_contradicts_itself_cannot_be_built(
    mois: list[float], issues: list[int], possibles: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Suivi(np.array(mois, float), np.array(issues), np.array(possibles, float), 2)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (((0.6, 0.5), (1, 1), 9, 2), "parts of a whole"),
        (((-0.1, 0.5), (1, 1), 9, 2), "parts of a whole"),
        (((0.1, 0.5), (4, 4), 9, 2), "more people"),
    ],
)
def test_a_point_that_contradicts_itself_cannot_be_built(
    values: tuple[tuple[float, ...], tuple[int, ...], int, int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Point(*values, erreurs=(0.0, 0.0), erreur_reste=0.0)


def test_days_become_months_and_what_is_after_the_arrete_is_not_known() -> None:
    found = suivre(
        [*[date(2018, 1, 1)] * 3, date(2018, 7, 1)],
        [date(2018, 4, 1), date(2019, 1, 2), date(2018, 2, 15), None],
        [1, 1, 0, 0],
        causes=1,
        arrete=date(2019, 1, 1),
    )
    assert found.mois.tolist() == [3.0, 12.0, 1.5, 6.0]
    assert found.issues.tolist() == [1, 0, 0, 0]
    assert found.possibles.tolist() == [12.0, 12.0, 12.0, 6.0]


def test_an_origin_after_the_arrete_is_an_error() -> None:
    with pytest.raises(ValueError, match="comes before"):
        suivre([date(2018, 1, 2)], [None], [0], causes=1, arrete=date(2018, 1, 1))
