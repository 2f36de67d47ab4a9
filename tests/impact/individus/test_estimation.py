"""Estimates against truths: by hand, by another implementation, by published tables, by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from causaldata import cps_mixtape, nsw_mixtape
from statsmodels.treatment.treatment_effects import TreatmentEffect

from analysis.impact.individus.biais_cache import valeur_e, valeurs_e
from analysis.impact.individus.estimation import (
    Effet,
    aipw,
    appariement,
    brut,
    ipw,
    poids,
    propension,
    support,
)
from analysis.impact.individus.fichier import NonEstimable


def drawn(seed: int, n: int = 1200, k: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Outcome, group, what is known before, and the mean effect on those hired that they were drawn with."""
    random = np.random.default_rng(seed)
    known = random.normal(size=(n, k))
    hired = random.random(n) < 1 / (1 + np.exp(1.2 + 0.7 * known[:, 0] - 0.4 * known[:, 1]))
    without = 1 / (1 + np.exp(0.6 - 0.8 * known[:, 0] + 0.3 * known[:, 1]))
    with_hire = without + (1 - without) * 0.6
    outcome = random.random(n) < np.where(hired, with_hire, without)
    return outcome.astype(float), hired, known, float((with_hire - without)[hired].mean())


def of_all(outcome: np.ndarray, hired: np.ndarray, known: np.ndarray) -> dict[str, Effet]:
    score = propension(hired, known)
    return {
        "brut": brut(outcome, hired),
        "ipw": ipw(outcome, hired, known, score),
        "aipw": aipw(outcome, hired, known, score),
        "appariement": appariement(outcome, hired, score),
    }


def test_weights_recomputed_by_hand() -> None:
    """Two kinds of people. Hired: 3 with the trait, 1 without; others: 2 with it, 4 without.

    A logit on the trait alone gives odds of 3/2 and 1/4. Of the others, half of those with the trait and a
    quarter of those without have a job: weighted, (2 × 3/2 × 1/2 + 4 × 1/4 × 1/4) / 4 = 0.4375. All hired have
    one: the effect is 0.5625, where the raw difference is 1 − 2/6.
    """
    trait = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0], dtype=float)
    hired = np.arange(10) < 4
    job = np.array([1, 1, 1, 1, 1, 0, 1, 0, 0, 0], dtype=float)
    score = propension(hired, trait[:, None])
    assert poids(hired, score)[4:] == pytest.approx([1.5, 1.5, 0.25, 0.25, 0.25, 0.25], rel=1e-4)
    assert ipw(job, hired, trait[:, None], score).effet == pytest.approx(0.5625, abs=1e-4)
    assert brut(job, hired).effet == pytest.approx(2 / 3)
    assert aipw(job, hired, trait[:, None], score).effet == pytest.approx(0.5625, abs=1e-4), (
        "saturated: equal"
    )


def test_weighting_is_that_of_statsmodels_to_its_error() -> None:
    outcome, hired, known, _ = drawn(3, n=600)
    exog = sm.add_constant(known)
    select = sm.Logit(hired.astype(float), exog).fit(disp=0)
    theirs = TreatmentEffect(sm.OLS(outcome, exog), hired.astype(float), select).ipw(effect_group=1)
    ours = ipw(outcome, hired, known, propension(hired, known))
    assert (ours.effet, ours.sans) == pytest.approx(tuple(theirs.effect[:2]), abs=1e-6)
    assert ours.erreur == pytest.approx(theirs.results_gmm.bse[0], rel=1e-4)


def test_matching_is_that_of_a_loop_over_people() -> None:
    outcome, hired, known, _ = drawn(5, n=300)
    score = propension(hired, known)
    logit = np.log(score / (1 - score))
    others = np.flatnonzero(~hired)
    gaps = []
    for person in np.flatnonzero(hired):
        order = sorted(others, key=lambda other: (abs(logit[other] - logit[person]), other))[:4]
        if abs(logit[order[0]] - logit[person]) <= 0.2 * logit.std():
            gaps.append(outcome[person] - outcome[order].mean())
    found = appariement(outcome, hired, score)
    assert (found.effet, found.n_ebe) == (pytest.approx(np.mean(gaps)), len(gaps))


@pytest.mark.lent
def test_the_experiment_of_lalonde_and_its_observed_comparison() -> None:
    """Dehejia and Wahba (1999): 1,794 dollars by the experiment, −8,498 against CPS as it comes; the error
    of the first is 671 where variances are unequal (Imbens, 2015)."""
    trial = nsw_mixtape.load_pandas().data
    survey = cps_mixtape.load_pandas().data
    experiment = brut(trial["re78"].to_numpy(float), trial["treat"].to_numpy() == 1)
    assert (round(experiment.effet), round(experiment.erreur)) == (1794, 671)
    observed = pd.concat([trial[trial["treat"] == 1], survey], ignore_index=True)
    outcome, hired = observed["re78"].to_numpy(float), observed["treat"].to_numpy() == 1
    assert round(brut(outcome, hired).effet) == -8498
    for effet in of_all(outcome, hired, dehejia_wahba(observed)).values():
        if effet.methode != "brut":
            assert abs(effet.effet - 1794) < 671, effet
    assert support(hired, propension(hired, dehejia_wahba(observed)))[hired].all()


def dehejia_wahba(frame: pd.DataFrame) -> np.ndarray:
    """The characteristics of their propensity score for CPS, standardised."""
    columns = {
        **{f"age{power}": frame["age"] ** power for power in (1, 2, 3)},
        **{f"educ{power}": frame["educ"] ** power for power in (1, 2)},
        **{name: frame[name] for name in ("marr", "nodegree", "black", "hisp", "re74", "re75")},
        "u74": frame["re74"] == 0,
        "u75": frame["re75"] == 0,
        "educ_re74": frame["educ"] * frame["re74"],
    }
    table = pd.DataFrame(columns).astype(float)
    return ((table - table.mean()) / table.std()).to_numpy()


@pytest.mark.lent
def test_estimates_are_centred_and_their_intervals_hold_the_truth() -> None:
    """200 draws of 1,200 people: bias under half a point, 95 % intervals that hold the truth 95 % of the time
    (±3 standard errors of a share of 200: 90.4 to 99.6 %). The raw difference does neither."""
    gaps: dict[str, list[float]] = {}
    held: dict[str, list[bool]] = {}
    for seed in range(200):
        outcome, hired, known, truth = drawn(seed)
        for name, effet in of_all(outcome, hired, known).items():
            gaps.setdefault(name, []).append(effet.effet - truth)
            held.setdefault(name, []).append(effet.bas <= truth <= effet.haut)
    bias = {name: float(np.mean(values)) for name, values in gaps.items()}
    coverage = {name: float(np.mean(values)) for name, values in held.items()}
    for name in ("ipw", "aipw"):
        assert abs(bias[name]) < 0.005, bias
        assert 0.904 <= coverage[name] <= 0.996, coverage
    assert abs(bias["appariement"]) < 0.01, bias
    assert coverage["appariement"] >= 0.904, coverage
    assert abs(bias["brut"]) > 0.1, bias
    assert coverage["brut"] < 0.2, coverage


def test_two_chances_to_be_right() -> None:
    """Where who is hired depends on a square that the logit does not have, and the outcome on no square, the
    regression keeps AIPW right: its mean over 60 draws is nearer to the truth than that of weighting."""
    missed: dict[str, list[float]] = {"ipw": [], "aipw": []}
    for seed in range(60):
        random = np.random.default_rng(seed)
        known = random.normal(size=(1500, 1))
        chance = 1 / (1 + np.exp(1.5 - 1.0 * known[:, 0] + 0.6 * known[:, 0] ** 2))
        hired = random.random(1500) < chance
        outcome = np.where(hired, 0.3, 0.0) + 0.4 * known[:, 0] + random.normal(scale=0.3, size=1500)
        score = propension(hired, known)
        missed["ipw"].append(ipw(outcome, hired, known, score).effet - 0.3)
        missed["aipw"].append(aipw(outcome, hired, known, score).effet - 0.3)
    assert abs(np.mean(missed["aipw"])) < 0.01
    assert abs(np.mean(missed["ipw"])) > 3 * abs(np.mean(missed["aipw"]))


def test_nothing_moves_with_the_order_of_people() -> None:
    outcome, hired, known, _ = drawn(7, n=400)
    order = np.random.default_rng(0).permutation(len(outcome))
    first, second = of_all(outcome, hired, known), of_all(outcome[order], hired[order], known[order])
    for name in ("brut", "ipw", "aipw"):
        assert first[name].effet == pytest.approx(second[name].effet, abs=1e-9), name
    assert first["appariement"].effet == pytest.approx(second["appariement"].effet, abs=1e-9)


def test_groups_that_one_trait_separates_are_not_compared() -> None:
    hired = np.arange(100) < 40
    with pytest.raises(NonEstimable, match="les sépare entièrement"):
        propension(hired, hired[:, None].astype(float))


def test_who_has_nobody_alike_is_out_of_the_support() -> None:
    hired = np.array([True, True, True, False, False, False])
    score = np.array([0.95, 0.5, 0.3, 0.5, 0.2, 0.05])
    assert support(hired, score).tolist() == [False, True, True, True, False, False]


def test_the_value_of_vanderweele_and_ding() -> None:
    """Their example: maternal smoking and a ratio of 3.9, lower bound 1.8, give 7.26 and 3.0."""
    assert (round(valeur_e(3.9), 2), round(valeur_e(1.8), 1)) == (7.26, 3.0)


def test_a_hidden_cause_is_told_of_rises_of_falls_and_of_nothing() -> None:
    rise = Effet("aipw", 0.3, 0.05, 0.3, 100, 100)  # 0.6 against 0.3, at worst against 0.6 − 0.202
    assert valeurs_e(rise) == pytest.approx((valeur_e(2), valeur_e(0.6 / (0.6 - 0.3 + 1.959964 * 0.05))))
    fall = Effet("aipw", -0.3, 0.05, 0.6, 100, 100)
    assert valeurs_e(fall) == pytest.approx((valeur_e(2), valeur_e((0.3 + 0.3 - 1.959964 * 0.05) / 0.3)))
    assert valeurs_e(Effet("aipw", 0.05, 0.05, 0.3, 100, 100)) == (pytest.approx(valeur_e(0.35 / 0.3)), 1.0)
    assert valeurs_e(Effet("aipw", 0.3, 0.05, 0.0, 100, 100)) is None
