"""Weights, intervals, reliability and change: by hand, by another way of computing, on simulated answers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import wilcoxon
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from analysis.indicateurs.participation.estimation import (
    alpha_cronbach,
    caler,
    changements_apparies,
    corriger,
    effet_plan,
    intervalle,
    intervalle_moyenne,
)

EXACT = 1e-9
"""Two ways to one number: what floating point leaves between them."""


def by_iteration(margins: list[list[str]], known: list[dict[str, float]], *, rounds: int = 500) -> np.ndarray:
    """Iterative proportional fitting as Deming and Stephan tell it: each margin in turn, again and again."""
    weights = np.ones(len(margins[0]))
    for _ in range(rounds):
        for told, totals in zip(margins, known, strict=True):
            for code, total in totals.items():
                mine = np.array([one == code for one in told])
                if mine.any():
                    weights[mine] *= total / weights[mine].sum()
    return weights


def test_weights_of_one_margin_are_people_over_answers() -> None:
    weights = caler([["f", "f", "h", "h", "h"]], [{"f": 30, "h": 30}])
    assert weights == pytest.approx([15, 15, 10, 10, 10])


@pytest.mark.verification
def test_weights_of_two_margins_are_those_of_iterative_fitting() -> None:
    rng = np.random.default_rng(7)
    sexe = list(rng.choice(["f", "h"], 80, p=[0.7, 0.3]))
    age = list(rng.choice(["jeune", "moyen", "grand"], 80, p=[0.2, 0.5, 0.3]))
    known = [{"f": 60.0, "h": 65.0}, {"jeune": 40.0, "moyen": 40.0, "grand": 45.0}]
    weights = caler([sexe, age], known)
    assert weights == pytest.approx(by_iteration([sexe, age], known), rel=1e-6)
    assert sum(w for w, one in zip(weights, sexe, strict=True) if one == "f") == pytest.approx(60)
    assert sum(w for w, one in zip(weights, age, strict=True) if one == "grand") == pytest.approx(45)


def test_weights_take_away_the_bias_of_who_answers() -> None:
    """Women answer twice as often and are more favourable: the raw share is 3 points high, the weighted is not."""
    rng = np.random.default_rng(11)
    population = np.repeat(["f", "h"], 5000)
    likes = np.where(population == "f", rng.random(10_000) < 0.8, rng.random(10_000) < 0.6)
    answers = rng.random(10_000) < np.where(population == "f", 0.6, 0.3)
    told = list(population[answers])
    weights = caler([told], [{"f": 5000, "h": 5000}])
    raw = likes[answers].mean()
    weighted = (weights * likes[answers]).sum() / weights.sum()
    assert raw - likes.mean() > 0.02
    assert weighted == pytest.approx(likes.mean(), abs=0.01)


def test_a_category_without_answers_has_no_weights() -> None:
    with pytest.raises(ValueError, match="population"):
        caler([["f", "f"]], [{"f": 3, "h": 2}])
    with pytest.raises(ValueError, match="population"):
        caler([["f", "x"]], [{"f": 3, "h": 0}])


def test_margins_that_no_weights_can_give_are_refused() -> None:
    """All women are young among the answers: they cannot be 10 while the young are 5."""
    with pytest.raises(ValueError, match="no weights"):
        caler([["f", "h"], ["j", "v"]], [{"f": 10, "h": 5}, {"j": 5, "v": 10}])


def test_the_design_effect_of_three_weights_by_hand() -> None:
    """3 × (1 + 4 + 9) / 36."""
    assert effet_plan(np.array([1.0, 2.0, 3.0])) == pytest.approx(42 / 36)


def test_wilson_intervals_by_their_formula() -> None:
    """(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)."""
    z, n, p = 1.959963984540054, 40.0, 0.9
    half = z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5
    expected = [(p + z**2 / (2 * n) + sign * half) / (1 + z**2 / n) for sign in (-1, 1)]
    assert intervalle(p, n) == pytest.approx(expected, abs=EXACT)


def test_wilson_intervals_are_those_of_statsmodels() -> None:
    """Every share of seven answers, and shares of as many answers as weights leave: 12.3."""
    for n in (7, 12.3):
        for part in (0.0, *(x / 7 for x in range(1, 7)), 1.0):
            expected = proportion_confint(part * n, n, alpha=0.05, method="wilson")
            assert intervalle(part, n) == pytest.approx(expected, abs=EXACT)


@pytest.mark.verification
def test_wilson_intervals_cover_the_truth_nineteen_times_in_twenty() -> None:
    """Over shares drawn at random: at one share, coverage jumps with every answer more."""
    rng = np.random.default_rng(3)
    truth = rng.random(4000)
    bounds = [intervalle(x / 30, 30) for x in range(31)]
    covered = [bounds[x][0] <= p <= bounds[x][1] for p, x in zip(truth, rng.binomial(30, truth), strict=True)]
    assert 0.94 < np.mean(covered) < 0.96


def test_the_interval_of_three_marks_by_hand() -> None:
    """6, 8 and 10: mean 8, s = 2; with two degrees of freedom t is 4.3027, and 4.3027 × 2 ÷ √3 = 4.968."""
    assert intervalle_moyenne(np.array([6.0, 8.0, 10.0])) == pytest.approx((8 - 4.968, 8 + 4.968), abs=0.001)
    assert intervalle_moyenne(np.array([7.0])) is intervalle_moyenne(np.full(20, 7.0)) is None


@pytest.mark.verification
def test_intervals_of_means_are_those_of_statsmodels_and_cover_the_truth() -> None:
    """Marks of zero to ten, thirty people, of mean 5: by another implementation, and nineteen times in twenty."""
    rng, hits = np.random.default_rng(1908), 0
    for _ in range(1000):
        marks = rng.integers(0, 11, 30).astype(float)
        found = intervalle_moyenne(marks)
        assert found is not None and found == pytest.approx(DescrStatsW(marks).tconfint_mean(), abs=EXACT)
        hits += found[0] <= 5 <= found[1]
    assert 0.93 < hits / 1000 < 0.97


def by_covariances(answers: np.ndarray) -> float:
    """Alpha as k c / (v + (k−1) c), with v the mean variance and c the mean covariance of the questions."""
    k = answers.shape[1]
    matrix = np.cov(answers, rowvar=False)
    v = np.trace(matrix) / k
    c = (matrix.sum() - np.trace(matrix)) / (k * (k - 1))
    return float(k * c / (v + (k - 1) * c))


def test_alpha_of_four_people_and_three_questions_by_hand() -> None:
    """Variances 5/3, 11/12, 35/12; the sums 5, 4, 9, 12 have a variance of 41/3: 3/2 × (1 − 11/2 ÷ 41/3)."""
    answers = np.array([[1.0, 2.0, 2.0], [2.0, 1.0, 1.0], [3.0, 3.0, 3.0], [4.0, 3.0, 5.0]])
    variances = [Fraction(5, 3), Fraction(11, 12), Fraction(35, 12)]
    total = Fraction(41, 3)
    expected = Fraction(3, 2) * (1 - sum(variances) / total)
    found = alpha_cronbach(answers)
    assert found is not None and found[0] == pytest.approx(float(expected))
    assert found[0] == pytest.approx(by_covariances(answers))


@pytest.mark.verification
def test_alpha_is_that_of_pingouin() -> None:
    rng = np.random.default_rng(1951)
    for people, questions in zip(rng.integers(3, 60, 50), rng.integers(2, 7, 50), strict=True):
        common = rng.normal(size=(people, 1))
        answers = common + rng.normal(size=(people, questions))
        alpha, interval = pingouin.cronbach_alpha(pd.DataFrame(answers))
        found = alpha_cronbach(answers)
        assert found is not None and found[0] == pytest.approx(alpha, abs=EXACT)
        assert found[1:] == pytest.approx(interval, abs=0.001)  # it rounds its bounds


def test_alpha_finds_the_reliability_of_simulated_questions() -> None:
    """Four questions, each a common part and a part of its own of one variance: alpha is 4/(4+1) = 0.8."""
    rng = np.random.default_rng(5)
    common = rng.normal(size=(5000, 1))
    found = alpha_cronbach(common + rng.normal(size=(5000, 4)))
    assert found is not None and found[0] == pytest.approx(0.8, abs=0.01)
    assert found[1] < 0.8 < found[2] and found[2] - found[1] < 0.03


def test_the_interval_of_alpha_covers_the_truth() -> None:
    rng = np.random.default_rng(9)
    hits = 0
    for _ in range(600):
        common = rng.normal(size=(25, 1))
        found = alpha_cronbach(common + rng.normal(size=(25, 3)))
        assert found is not None
        hits += found[1] <= 0.75 <= found[2]
    assert 0.92 < hits / 600 < 0.98


@pytest.mark.parametrize(
    "answers", [np.ones((5, 3)), np.array([[1.0, 2.0]]), np.arange(4.0).reshape(4, 1), np.empty((0, 3))]
)
def test_alpha_is_missing_where_it_means_nothing(answers: np.ndarray) -> None:
    assert alpha_cronbach(answers) is None


def by_enumeration(change: list[float]) -> float:
    """The exact probability of a sum of positive ranks as far from its mean: all the signs, one by one."""
    order = np.argsort(np.argsort(np.abs(change))) + 1
    observed = sum(rank for rank, c in zip(order, change, strict=True) if c > 0)
    mean = order.sum() / 2
    sums = [
        sum(int(rank) for bit, rank in enumerate(order) if signs >> bit & 1)
        for signs in range(2 ** len(change))
    ]
    return float(np.mean([abs(s - mean) >= abs(observed - mean) for s in sums]))


@pytest.mark.verification
@pytest.mark.parametrize("change", [[1.0, -2.0, 3.0, 4.0, 5.0], [0.5, 1.5, -1.0, 2.5, 3.0, -4.0, 6.0, 5.0]])
def test_signed_ranks_are_those_of_every_arrangement_of_signs(change: list[float]) -> None:
    assert changements_apparies([np.array(change)]) == pytest.approx([by_enumeration(change)])


def test_each_question_is_tested_as_though_it_were_alone() -> None:
    exact, tied = np.array([1.0, -2.0, 3.0, 4.0, 5.0]), np.array([1.0, 0.0, 1.0, -1.0, 1.0])
    alone = [*changements_apparies([exact]), *changements_apparies([tied])]
    assert changements_apparies([exact, np.zeros(5), tied]) == [alone[0], None, alone[1]]
    assert alone == [wilcoxon(one, zero_method="pratt").pvalue for one in (exact, tied)]


def test_no_change_at_all_has_no_test() -> None:
    assert changements_apparies([np.zeros(20), np.array([])]) == [None, None]


def test_holm_multiplies_the_smallest_by_their_number() -> None:
    assert corriger([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert corriger([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_rejects_one_after_the_other_until_one_resists(probabilites: list[float]) -> None:
    """At any risk: the smallest against risk/m, the next against risk/(m-1)…, and none after one that resists."""
    corrected = corriger(probabilites)
    for risk in (0.01, 0.05, 0.2):
        rejected, waiting = set(), sorted(range(len(probabilites)), key=lambda i: probabilites[i])
        while waiting and probabilites[waiting[0]] * len(waiting) <= risk:
            rejected.add(waiting.pop(0))
        assert {rank for rank, p in enumerate(corrected) if p <= risk} == rejected


def test_holm_is_that_of_another_package() -> None:
    found = [0.04, 0.01, 0.03, 0.01, 0.9, 0.0, 0.5]
    assert corriger(found) == pingouin.multicomp(found, method="holm")[1].tolist()
