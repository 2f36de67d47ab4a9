"""All results on an invented country: what was done is found, what was not is not, and it is the same again."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import exp

import numpy as np
import pytest
from monde import EFFET, planificateur, put

from analysis.impact import resultats
from analysis.impact.calcul import calculer
from analysis.impact.records import ENSEMBLE, Resultats

pytestmark = pytest.mark.lent


@cache
def results() -> Resultats:
    return calculer(planificateur(), lambda _: None)


def test_every_territory_and_outcome_has_its_comparison_or_its_reason() -> None:
    found = results()
    assert len(found.comparaisons) == 50
    estimated = {(c.territoire, c.resultat) for c in found.comparaisons if c.is_estimated}
    assert {t for t, r in estimated if r == "emploi_prive"} == {
        *(
            "colombelles",
            "colombey-sud-toulois",
            "jouques",
            "mauleon",
            "pipriac-saint-ganton",
            "premery",
            "thiers",
        )
    }
    assert all(c.motif.endswith(".") for c in found.comparaisons if not c.is_estimated)
    told = {(e.territoire, e.resultat) for e in found.estimations} - {(ENSEMBLE, r) for _, r in estimated}
    assert told == estimated


def test_the_effect_that_was_added_is_found_by_each_method_and_by_no_placebo() -> None:
    found = [
        e.estimate
        for e in results().estimations_de("premery", "emploi_prive")
        if (e.horizon, e.estimate.unit) == ("2017/2020", "pour_cent")
    ]
    assert {(e.method, e.base) for e in found} == {
        *(("differences", "last"), ("differences", "mean")),
        *(("controle_synthetique", "aucune"), ("differences_synthetiques", "aucune")),
    }
    for one in found:
        assert one.effect == pytest.approx(100 * (exp(EFFET) - 1), abs=12)  # chance moves a path by 6 % or so
        assert one.rank is not None and one.rank <= 3 and one.low is None
    nothing = [
        e.estimate.p
        for e in results().estimations
        if e.resultat == "inscrits_abc" and e.territoire != ENSEMBLE and e.estimate.method == "differences"
    ]
    assert np.mean([p is not None and p <= 0.05 for p in nothing]) < 0.3


def test_jobs_and_per_cent_say_the_same_effect() -> None:
    one = {
        e.estimate.unit: e.estimate.effect
        for e in results().estimations_de("premery", "emploi_prive")
        if (e.horizon, e.estimate.method, e.estimate.base) == ("2017/2020", "differences", "last")
    }
    level = results().comparaison("premery", "emploi_prive")
    assert level is not None and level.taille is not None
    assert one["emplois"] == pytest.approx(level.taille * one["pour_cent"] / 100)  # type: ignore[operator]
    per_hundred = {e.territoire for e in results().estimations if e.estimate.unit == "emplois_pour_100_ppde"}
    assert per_hundred == {
        "colombelles",
        "jouques",
        "pipriac-saint-ganton",
    }  # those whose PPDE were estimated


def test_a_year_of_the_comparison_stands_inside_its_band() -> None:
    years = results().annees_de("premery", "emploi_prive", "last")
    assert [y.annee for y in years] == list(range(2014, 2025))
    for one in years:
        assert one.bas is not None and one.haut is not None and one.comparaison is not None
        assert one.bas <= one.comparaison <= one.haut or one.annee == 2016
    base = years[2]
    assert base.observe == pytest.approx(base.comparaison) == pytest.approx(base.bas)


def test_without_the_ebe_the_interval_holds_both_ends_and_chance() -> None:
    one = next(
        e.estimate
        for e in results().estimations_de("mauleon", "emploi_prive_hors_ebe")
        if (e.estimate.unit, e.estimate.base) == ("emplois", "last")
    )
    assert one.rank is None and one.identified is not None
    assert one.low < one.identified[0] < one.effect < one.identified[1] < one.high  # type: ignore[operator]


def test_the_pooled_tests_are_corrected_over_outcomes_and_bases() -> None:
    main = [e for e in results().epreuves if e.p_holm is not None]
    assert {(e.resultat, e.base) for e in main} == {
        (code, base)
        for code in ("emploi_prive", "emploi_prive_hors_ebe", "inscrits_abc", "taux_pauvrete")
        for base in ("last", "mean")
    }
    assert all(e.epreuve == "moyenne" and e.p is not None and e.p <= e.p_holm for e in main)  # type: ignore[operator]
    low, high = zip(
        *[(h.bas, h.haut) for h in results().honnete if h.resultat == "emploi_prive"], strict=True
    )
    assert list(low) == sorted(low, reverse=True) and list(high) == sorted(high)


def test_a_quarter_has_what_could_be_seen_and_no_estimate() -> None:
    """From the gaps of cities alone: nothing but chance there, so what is seen is some share of the level."""
    for code in ("metropole-lille", "paris-13", "villeurbanne-saint-jean"):
        one = results().comparaison(code, "emploi_prive")
        assert one is not None and not one.is_estimated and one.taille is None and one.donneurs == 0
        assert one.detectable is not None and one.detectable_pct is not None and one.ebe_haut is not None
        assert one.detectable > one.ebe_haut
        assert results().estimations_de(code, "emploi_prive") == ()


def test_where_too_few_cities_are_alike_it_is_said() -> None:
    world = planificateur()
    rule = {**world.protocole.comparaison, "minimum": 10_000}
    strict = planificateur(protocole=replace(world.protocole, comparaison=rule))
    one = calculer(strict, lambda _: None).comparaison("paris-13", "emploi_prive")
    assert one is not None and one.detectable is None
    assert "n'occupe qu'une partie de la ville" in one.motif
    assert "Trop peu de zones de taille semblable pour dire le plus petit effet visible : " in one.motif
    assert one.motif.endswith("le protocole en veut 10000 au moins.") and one.motif.count("Paris 13e :") == 1


def test_the_same_data_give_the_same_bytes_again() -> None:
    again = calculer(planificateur(), lambda _: None)
    assert resultats.texts(again) == resultats.texts(results())
    assert resultats.provenance(again) == resultats.provenance(results())


def test_a_territory_that_cannot_be_compared_stands_with_its_reason() -> None:
    changed = calculer(planificateur({"urssaf_emploi": put("58218", 2019, np.nan)}), lambda _: None)
    one = changed.comparaison("premery", "emploi_prive")
    assert one is not None and "secret ou absent en 2019" in one.motif
    assert (one.taille, one.detectable, one.donneurs) == (None, None, 0)
    assert changed.estimations_de("premery", "emploi_prive") == ()


def test_an_outcome_that_never_varies_is_refused() -> None:
    def still(panel):  # type: ignore[no-untyped-def]
        from dataclasses import replace

        return replace(panel, values=np.repeat(panel.values[:, :1], len(panel.periods), axis=1))

    changed = calculer(planificateur({"dares_inscrits": still}), lambda _: None)
    one = changed.comparaison("premery", "inscrits_abc")
    assert one is not None and one.motif.startswith("Prémery : les valeurs ne varient pas")
