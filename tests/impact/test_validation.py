"""The registry of validation: every case says what it must give, from where, and gives it.

The truths of drawn panels are run here for the difference in differences; « python benchmarks/validation » runs all.
"""

from __future__ import annotations

import sys

import pytest
from small import REPOSITORY

sys.path.append(str(REPOSITORY / "benchmarks" / "validation"))

from registre import WAYS, Cas, cas  # noqa: E402

CASES = cas()
PUBLISHED, PROGRAMS = ([case for case in CASES if case.voie == way] for way in ("publie", "programme"))
DRAWN = [case for case in CASES if case.arguments[:1] == ("differences",)]


def holds(case: Cas) -> None:
    found = case.trouve()
    assert case.tient(found), f"{case.nom}: {found} for {case.attendu} ± {case.tolerance} ({case.source})"


@pytest.mark.verification
@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.nom)
def test_published_tables_on_true_data(case: Cas) -> None:
    holds(case)


@pytest.mark.verification
@pytest.mark.lent
@pytest.mark.parametrize("case", PROGRAMS, ids=lambda case: case.nom)
def test_other_programs_cell_by_cell(case: Cas) -> None:
    holds(case)


@pytest.mark.verification
@pytest.mark.lent
@pytest.mark.parametrize("case", DRAWN, ids=lambda case: case.nom)
def test_truths_of_drawn_panels(case: Cas) -> None:
    holds(case)


def test_the_registry_goes_three_ways_and_over_the_designs_that_were_asked() -> None:
    assert {case.voie for case in CASES} == set(WAYS)
    for calculation in ("biais", "couverture", "taille"):
        designs = {case.arguments for case in CASES if case.calcul == calculation}
        for method in ("differences", "synthetique"):
            assert {(method, treated, before) for treated in (1, 5, 12) for before in (3, 11)} <= designs


def test_a_case_without_tolerance_reason_or_source_is_refused() -> None:
    whole = {
        "nom": "x",
        "voie": "publie",
        "calcul": "bcg_q",
        "attendu": 1.0,
        "tolerance": 0.1,
        "raison": "r",
        "source": "s",
    }
    assert Cas(**whole).tient(1.05) and not Cas(**whole).tient(1.2)
    for change in ({"tolerance": 0.0}, {"raison": ""}, {"source": ""}, {"voie": "autre"}):
        with pytest.raises(ValueError, match="tolerance"):
            Cas(**{**whole, **change})
