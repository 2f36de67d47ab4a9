"""Draws, tornado and break-even, against the engine and against sums made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import triang

from analysis.indicateurs.depenses_passives.declarations import Declarations
from analysis.indicateurs.depenses_passives.incertitude import (
    PARTS,
    PAS,
    TIRAGES,
    _triangular,
    intervalle,
    resultats,
    seuil_cde,
    tirer,
    tornade,
)
from analysis.indicateurs.depenses_passives.resultats import Intervalle
from analysis.indicateurs.depenses_passives.scenarios import evaluer, valeurs


def test_draws_all_together_are_the_engine_one_by_one(
    declarations: Declarations, table: pd.DataFrame
) -> None:
    scenario = declarations.scenarios["central"]
    draws = tirer(scenario, tirages=20)
    at_once = resultats(table, draws, scenario.perimetre)
    for rank in range(20):
        draw = {name: float(values[rank]) for name, values in draws.items()}
        bilan = evaluer(table, draw, scenario.perimetre)
        for name in ("evite_et_recu", "contribution", "contribution_nette"):
            assert at_once[name][rank] == pytest.approx(getattr(bilan, name), abs=1.0)
        for payeur, cents in bilan.par_payeur().items():
            assert at_once[payeur][rank] == pytest.approx(cents / 200, abs=1.0)


def test_draws_stay_within_bounds_have_the_known_law_and_come_back(declarations: Declarations) -> None:
    """A triangular law has the mean of its three corners, (0.44 + 0.74 + 1) / 3 = 0.727, and by its mode the part
    (0.74 − 0.44) / (1 − 0.44) = 0.536 of its draws."""
    scenario = declarations.scenarios["central"]
    draws = tirer(scenario)
    effects = draws["effet_emploi"]
    assert len(effects) == TIRAGES == 20_000 and effects.min() >= 0.44 and effects.max() <= 1
    assert effects.mean() == pytest.approx(0.7267, abs=0.001)
    assert (effects <= 0.74).mean() == pytest.approx(0.3 / 0.56, abs=0.001)
    assert sum(draws[name] for name in PARTS) == pytest.approx(np.ones(20_000))
    again = tirer(scenario)
    assert all((again[name] == draws[name]).all() for name in draws)


def test_draws_are_those_of_scipy_to_the_last_digit(declarations: Declarations) -> None:
    rng = np.random.default_rng(1)
    ranks = np.array([0.0, *rng.random(10_000)])
    for h in declarations.scenarios["central"].hypotheses:
        if width := h.haute - h.basse:
            expected = triang.ppf(ranks, (h.centrale - h.basse) / width, loc=h.basse, scale=width)
            assert (_triangular(h, ranks) == expected).all()


def test_assumptions_are_drawn_apart(declarations: Declarations) -> None:
    draws = tirer(declarations.scenarios["central"])
    assert abs(np.corrcoef(draws["effet_emploi"], draws["cde_etat"])[0, 1]) < 0.03


@pytest.mark.verification
@pytest.mark.lent
def test_five_seeds_agree_within_what_is_printed(declarations: Declarations, table: pd.DataFrame) -> None:
    """Bounds are printed to the hundred euros; 2,000 plain draws moved them by 346 from a seed to another."""
    for scenario in declarations.scenarios.values():
        runs = [resultats(table, tirer(scenario, graine=seed), scenario.perimetre) for seed in range(5)]
        for name in ("evite_et_recu", "contribution", "contribution_nette"):
            bounds = np.array([np.quantile(run[name], (0.05, 0.95)) for run in runs])
            spread = float(np.ptp(bounds, axis=0).max())
            assert spread < PAS, (scenario.scenario, name, spread)
            told = [intervalle(run[name]) for run in runs]
            assert max(one.erreur for one in told) < PAS
            assert spread <= 3 * max(one.erreur for one in told) + 1


def test_an_interval_is_in_order_covers_nine_in_ten_and_is_told_to_the_hundred() -> None:
    """Of 0 to 10,000, nine in ten stand from 500 to 9,500; blocks that are all alike have no error."""
    spread = intervalle(pd.Series(np.tile(np.arange(10_001.0), 10)))
    assert (spread.bas, spread.haut, spread.tirages, spread.erreur) == (500.0, 9500.0, 100_010, 0.0)
    assert intervalle(pd.Series(np.tile(np.arange(10_001.0) + 60, 10))).bas == 600.0
    assert intervalle(pd.Series(np.full(100, 20_062.0))).haut == 20_062.0
    with pytest.raises(ValueError, match="in order"):
        Intervalle(4.0, 3.0, 10, 0.0)


def test_the_error_of_simulation_is_that_of_the_blocks() -> None:
    """Five blocks of a constant 0 and five of 10: their standard deviation is 5.27, over √10 1.667, at 95 % 3.27."""
    assert intervalle(pd.Series(np.repeat([0.0, 10.0], 50))).erreur == pytest.approx(3.27, abs=0.01)


def test_the_tornado_is_from_the_widest_bar_and_each_is_the_engine_at_a_bound(
    declarations: Declarations, table: pd.DataFrame
) -> None:
    scenario = declarations.scenarios["central"]
    bars = tornade(table, scenario)
    assert [bar.amplitude for bar in bars] == sorted((bar.amplitude for bar in bars), reverse=True)
    effect = next(bar for bar in bars if bar.groupe == "effet_emploi")
    low = evaluer(table, {**valeurs(scenario), "effet_emploi": 0.44}, scenario.perimetre)
    assert effect.bas == low.evite_et_recu
    public = next(bar for bar in bars if bar.groupe == "public")
    assert public.bas < public.haut


def test_at_its_break_even_rate_a_payer_neither_gains_nor_loses(
    declarations: Declarations, table: pd.DataFrame
) -> None:
    scenario = declarations.scenarios["central"]
    rate = seuil_cde(table, scenario, "departement")
    assert rate is not None and rate > 0
    at_rate = {**valeurs(scenario), "cde_etat": 1.0, "cde_departement": rate}
    left = evaluer(table, at_rate, scenario.perimetre).par_payeur()["departement"]
    assert abs(left) / 200 < 2  # the rate has four decimals
    assert seuil_cde(table, scenario, "region") is None
