"""The people of the deposits joined to case types: who is joined, and what each payer gains, by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from essai import contrat, depot, personne
from menages import SEULE

from analysis.indicateurs.depenses_passives import personnes as module
from analysis.indicateurs.depenses_passives.declarations import Declarations
from analysis.indicateurs.depenses_passives.loi.cas_types import CasType
from analysis.indicateurs.depenses_passives.personnes import cas_de, gain, joindre, mesures
from analysis.indicateurs.donnees import Donnees
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project

HIRED = {"date_debut": pd.Timestamp("2018-03-12"), "quotite": 0.84}


def case(**changes: Any) -> CasType | None:
    return cas_de(personne("P1", **changes), HIRED)


def test_a_person_is_the_case_type_of_what_the_deposit_tells() -> None:
    found = case(rsa_avant="oui", menage="couple_enfants", enfants=3, logement="locataire_prive")
    assert found == CasType(
        "P1", "couple_enfants", 3, "locataire_prive", 450.0, "2", "rsa", quotite=0.8, embauche="2018-03"
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rsa_avant": "oui", "aah_avant": "oui"}, "aah"),
        ({"rsa_avant": "oui", "ass_avant": "oui"}, "ass"),
        ({"are_avant": "oui", "rsa_avant": "nr"}, "are"),
        ({}, "aucune"),
    ],
)
def test_what_a_person_lived_on_is_the_first_benefit_told(changes: dict[str, str], expected: str) -> None:
    found = case(**changes)
    assert found is not None and found.ressource == expected
    assert (found.are_jour > 0) == (expected == "are")


@pytest.mark.parametrize(
    "changes",
    [{"menage": "nr"}, {"logement": "nr"}, {"rsa_avant": "nr"}, {"rsa_avant": "non", "ass_avant": "nr"}],
)
def test_who_is_not_told_enough_is_joined_to_nothing(changes: dict[str, str]) -> None:
    assert case(**changes) is None


def test_a_hire_out_of_the_checked_legislation_is_joined_to_nothing() -> None:
    assert cas_de(personne("P1"), {"date_debut": pd.Timestamp("2027-01-04"), "quotite": 1.0}) is None


def test_a_gain_is_what_changes_in_the_second_year_in_the_euros_of_a_year(
    declarations: Declarations, chemin: Callable[..., pd.DataFrame]
) -> None:
    """RSA of 500 a month: 6,000 for the department; CSG 100 a month from March 2019: 0.8485 × 1,200 = 1,018.20 for
    the Sécurité sociale, 181.80 for the Unédic; reduction of 400: 4,800 for the State. Prices of 2019 and 2020."""
    amounts = chemin(
        "2018-03", sans={"rsa": 500.0}, ebe={"rsa": [0.0], "csg_crds": [100.0], "reduction_generale": [400.0]}
    )
    found = gain(declarations, replace(SEULE, embauche="2018-03"), amounts, 2020)
    price = (10 * declarations.euros_constants(1, 2019, 2020) + 2) / 12  # ten months of 2019, two of 2020
    assert found["departement"] == pytest.approx(6000 * price)
    assert found["etat"] == pytest.approx(-4800 * price)
    assert found["securite_sociale"] == pytest.approx(1018.2 * price)
    assert found["unedic"] == pytest.approx(181.8 * price)


def of_place(
    monkeypatch: pytest.MonkeyPatch, declarations: Declarations, donnees: Donnees, **gains: dict[str, float]
) -> dict[tuple[str, str], Mesure]:
    """The measures of a deposit in which a person has the gains of what it lived on."""

    def simulated(cases: list[CasType], *_: object, **__: object) -> pd.DataFrame:
        return pd.DataFrame({"cas": sorted({c.situation_key() for c in cases})})

    monkeypatch.setattr(module, "montants", simulated)
    monkeypatch.setattr(module, "gain", lambda _d, case, _a, _y: gains[case.ressource])
    definitions = donnees.cadre.definitions
    found = mesures(Project.here(), definitions, declarations, [joindre(donnees)])
    return {(m.mesure, m.modalite): m for m in found}


def test_a_territory_counts_who_stayed_two_years_and_whom_it_concerns(
    declarations: Declarations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of five people: one came too late, one left too soon; two of the three that stay had the RSA.

    Over the three, the department gains 2 × 6,000 / 3 = 4,000; over the two whom it concerns, 6,000.
    """
    people = [
        personne("P1", rsa_avant="oui"),
        personne("P2", rsa_avant="oui"),
        personne("P3"),
        personne("P4", rsa_avant="oui"),
        personne("P5", rsa_avant="oui"),
    ]
    contracts = [
        contrat("P1", "2017-02-01"),
        contrat("P2", "2017-02-01", "2019-01-31", "autre_emploi"),
        contrat("P3", "2017-02-01"),
        contrat("P4", "2018-06-01"),
        contrat("P5", "2017-02-01", "2018-12-31", "autre_emploi"),
    ]
    donnees = depot(personnes=people, contrats=contracts, arrete="2019-12-31")
    found = of_place(
        monkeypatch,
        declarations,
        donnees,
        rsa={"etat": -100.0, "departement": 6000.0},
        aucune={"etat": -100.0},
    )
    told = {cle: (m.valeur, m.n) for cle, m in found.items() if cle[1] in ("", "etat", "departement")}
    assert told == {
        ("gain_personnes", ""): (3, 3),
        ("gain_moyen_payeur", "etat"): (-100.0, 3),
        ("gain_moyen_payeur", "departement"): (4000.0, 3),
        ("gain_concernes", "departement"): (pytest.approx(200 / 3), 3),
        ("gain_moyen_concernes", "departement"): (6000.0, 2),
    }
    assert found["gain_moyen_payeur", "etat"].prix == "2019"
    assert {m.periode for m in found.values()} == {date(2019, 12, 31).isoformat()}


def test_the_mean_of_a_payer_is_over_the_same_people_as_the_others(
    declarations: Declarations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """28 of 78 had the RSA, of 6,550 each: 28 × 6,550 / 78 = 2,351.28, and not 6,550."""
    people = [personne(f"P{i}", rsa_avant="oui" if i < 28 else "non") for i in range(78)]
    contracts = [contrat(f"P{i}", "2017-02-01") for i in range(78)]
    donnees = depot(personnes=people, contrats=contracts, arrete="2019-12-31")
    found = of_place(
        monkeypatch, declarations, donnees, rsa={"etat": -5.0, "departement": 6550.0}, aucune={"etat": -5.0}
    )
    over_all = found["gain_moyen_payeur", "departement"]
    assert (round(over_all.valeur or 0, 2), over_all.n) == (2351.28, 78)
    assert found["gain_moyen_payeur", "etat"].n == 78
    among = found["gain_moyen_concernes", "departement"]
    assert (among.valeur, among.n) == (6550.0, 28)


def test_a_payer_whom_nobody_concerns_gains_nothing_and_has_no_mean_of_those_it_concerns(
    declarations: Declarations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zero is a result: of three people without the RSA, the department gains 0 €."""
    people, contracts = (
        [personne(f"P{i}") for i in range(3)],
        [contrat(f"P{i}", "2017-02-01") for i in range(3)],
    )
    donnees = depot(personnes=people, contrats=contracts, arrete="2019-12-31")
    found = of_place(monkeypatch, declarations, donnees, aucune={"etat": -5.0})
    assert found["gain_moyen_payeur", "departement"].valeur == 0
    assert found["gain_moyen_concernes", "departement"].motif == "personne n'est concerné"
