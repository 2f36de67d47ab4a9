"""Records of impact refuse what no reader could honestly be told."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Any

import pytest

from analysis.impact.records import Annee, Comparaison, Epreuve, Estimate, Poids, Resultats

ESTIMATE = Estimate(2.5, "pour_cent", rank=3, placebos=99, method="did", donors=99, base="last")


def test_a_rank_gives_its_probability_and_an_interval_none() -> None:
    assert ESTIMATE.p == 0.03
    assert Estimate(2.5, "pour_cent", low=1.0, high=4.0).p is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"low": 1.0, "high": 4.0}, "an interval or a rank"),
        ({"low": 1.0, "rank": None, "placebos": None}, "two ends"),
        ({"low": 4.0, "high": 1.0, "rank": None, "placebos": None}, "above"),
        ({"effect": None}, "the reason"),
        ({"reason": "Trop petit."}, "the reason"),
        ({"effect": None, "reason": "Trop petit."}, "no uncertainty without"),
        ({"effect": nan}, "not NaN"),
        ({"rank": 101}, "rank 101 among 99"),
        ({"rank": 0}, "rank 0"),
        ({"placebos": None}, "so many placebos"),
        ({"base": "2016"}, "no base"),
        ({"pre_fit": -0.1}, "not negative"),
        ({"identified": (3.0, 1.0)}, "identified set"),
    ],
)
def test_an_estimate_refuses(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(ESTIMATE, **change)


def test_a_withheld_estimate_is_a_reason_and_no_zero() -> None:
    withheld = Estimate(None, "pour_cent", method="did", reason="Le quartier est trop petit dans sa ville.")
    assert not withheld.is_estimated
    assert withheld.effect is None
    assert Estimate(0.0, "pour_cent").is_estimated


def test_the_rows_check_themselves() -> None:
    with pytest.raises(ValueError, match="above"):
        Annee("thiers", "emploi_prive", "last", 2017, 4541, 4600, 4700, 4500)
    with pytest.raises(ValueError, match="no weight"):
        Poids("thiers", "emploi_prive", "sc", "63430", "Thiers", 1.2)
    with pytest.raises(ValueError, match="never lowers"):
        Epreuve("emploi_prive", "2017/2020", "last", "tirage", 1.0, 0.04, 0.01, 999, "")
    with pytest.raises(ValueError, match="staff"):
        Comparaison(
            "thiers", "emploi_prive", "commune", "63430", "Thiers", 2017, 3, 4, 9, 1, 5, 2, "", 1, 1, ""
        )


def test_what_is_asked_of_results_that_have_none_is_nothing() -> None:
    results = Resultats("abc", "2026-11-28", {})
    assert results.comparaison("thiers", "emploi_prive") is None
    assert results.estimations_de("thiers") == ()
    assert results.annees_de("thiers", "emploi_prive", "last") == ()
