"""The case types that the project supplies are those of its invented people, under its own legislation."""

from __future__ import annotations

import lzma

import pandas as pd
import pytest

from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import load_referentiel
from analysis.indicateurs.depenses_passives.loi.cas_types import CasType
from analysis.indicateurs.depenses_passives.loi.conservation import montants, signature
from analysis.indicateurs.depenses_passives.loi.legislation import load_exceptions, simuler
from analysis.indicateurs.depenses_passives.personnes import FOURNIS, cas_joints
from analysis.indicateurs.donnees import charger
from analysis.noyau.definitions import load_definitions
from analysis.noyau.paths import Project

PATH = Project.here().depenses_passives / FOURNIS
AGAIN = "python scripts/cas_inventes.py, after bilan demonstration, makes the file anew"


@pytest.fixture(scope="module")
def cases(ten: Project) -> list[CasType]:
    """The case types of the people of ten invented territories."""
    ledger, referentiel, definitions = Ledger(ten), load_referentiel(ten), load_definitions(ten)
    places = (charger(ledger, referentiel, definitions, ten.nature, p.code) for p in referentiel.territoires)
    return [case for donnees in places if donnees is not None for case in cas_joints(donnees)]


def test_every_invented_person_has_her_case_type_and_the_file_holds_no_other(cases: list[CasType]) -> None:
    head, _, text = lzma.decompress(PATH.read_bytes()).decode().partition("\n")
    assert head == signature(load_exceptions(Project.here())), AGAIN
    supplied = {line.partition(",")[0] for line in text.splitlines()[1:]}
    assert supplied == {case.situation_key() for case in cases}, AGAIN


@pytest.mark.lent
def test_what_is_supplied_is_what_the_law_gives(cases: list[CasType]) -> None:
    """Some of them, hired in different years, simulated again."""
    some = sorted(cases, key=lambda case: case.embauche)[:: len(cases) // 6]
    exceptions = load_exceptions(Project.here())
    order = ["cas", "situation", "mois"]
    supplied = montants(some, exceptions, fournis=PATH).sort_values(order, ignore_index=True)
    simulated = simuler(some, exceptions).sort_values(order, ignore_index=True)
    pd.testing.assert_frame_equal(supplied, simulated[list(supplied.columns)], check_dtype=False)
