"""Draws, tornado and break-even, against the engine and against sums made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.indicateurs.depenses_passives.declarations import Declarations
from analysis.indicateurs.depenses_passives.incertitude import (
    PARTS,
    intervalle,
    resultats,
    seuil_cde,
    tirer,
    tornade,
)
from analysis.indicateurs.depenses_passives.records import Intervalle
from analysis.indicateurs.depenses_passives.scenarios import evaluer, valeurs


def test_draws_all_together_are_the_engine_one_by_one(
    declarations: Declarations, table: pd.DataFrame
) -> None:
    scenario = declarations.scenarios["central"]
    draws = tirer(scenario, tirages=20)
    at_once = resultats(table, draws, scenario.perimetre)
    for rank, draw in enumerate(draws):
        bilan = evaluer(table, draw, scenario.perimetre)
        for name in ("evite_et_recu", "contribution", "contribution_nette"):
            assert at_once[name][rank] == pytest.approx(getattr(bilan, name), abs=1.0)
        for payeur, cents in bilan.par_payeur().items():
            assert at_once[payeur][rank] == pytest.approx(cents / 200, abs=1.0)


def test_draws_stay_within_bounds_have_the_known_mean_and_come_back(declarations: Declarations) -> None:
    """A triangular law has the mean of its three corners: (0.44 + 0.74 + 1) / 3 = 0.727."""
    scenario = declarations.scenarios["central"]
    draws = tirer(scenario)
    effects = np.array([draw["effet_emploi"] for draw in draws])
    assert effects.min() >= 0.44 and effects.max() <= 1
    assert effects.mean() == pytest.approx(0.7267, abs=0.01)
    assert all(sum(draw[name] for name in PARTS) == pytest.approx(1) for draw in draws[:50])
    assert tirer(scenario, tirages=5) == tirer(scenario, tirages=5)


def test_a_sample_of_people_widens_the_interval_as_its_size_says(declarations: Declarations) -> None:
    """Shares held still, 100 people: the share of one half has a standard error of √(p(1-p)/100)."""
    scenario = declarations.scenarios["hcsp-2025"]
    still = [draw["part_rsa"] for draw in tirer(scenario, tirages=3000)]
    sampled = [draw["part_rsa"] for draw in tirer(scenario, 100, tirages=3000)]
    p = float(np.mean(still))
    assert np.var(sampled) - np.var(still) == pytest.approx(p * (1 - p) / 100, rel=0.15)


def test_an_interval_is_in_order_and_covers_nine_in_ten() -> None:
    spread = intervalle(pd.Series(range(1001), dtype=float))
    assert (spread.bas, spread.median, spread.haut, spread.tirages) == (50.0, 500.0, 950.0, 1001)
    with pytest.raises(ValueError, match="in order"):
        Intervalle(3.0, 2.0, 4.0, 10)


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
