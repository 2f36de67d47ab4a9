"""The law as it was published, month by month, and the traps of the model."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from menages import ENFANTS, SEULE

from analysis.indicateurs.depenses_passives.loi import legislation
from analysis.indicateurs.depenses_passives.loi.legislation import (
    LIGNES,
    MoisImpossible,
    dernieres_valeurs,
    load_exceptions,
    load_model,
    simuler,
)
from analysis.indicateurs.depenses_passives.payeurs import RECETTES
from analysis.noyau.paths import Project

pytestmark = pytest.mark.lent

_PATH = Project.here().depenses_passives / "montants_publies.csv"
with _PATH.open(encoding="utf-8", newline="") as stream:
    PUBLIES = list(csv.DictReader(stream))

IN_WORK = ("salaire_brut", "salaire_net", "reduction_generale", "cout_employeur", "prime_activite")


def test_there_are_enough_published_amounts_of_every_kind_and_year() -> None:
    kinds = {row["ligne"] for row in PUBLIES}
    assert kinds >= {"rsa", "ass", "aah", "aide_logement", "prime_noel", *IN_WORK}
    assert len(PUBLIES) >= 30 and {row["mois"][:4] for row in PUBLIES} == {str(y) for y in range(2016, 2027)}
    assert all(row["reference"] for row in PUBLIES)


@pytest.mark.verification
@pytest.mark.parametrize("row", PUBLIES, ids=[row["montant"] for row in PUBLIES])
def test_an_amount_is_the_published_one(row: dict[str, str], amount: Callable[..., float]) -> None:
    situation = "en_ebe" if row["ligne"] in IN_WORK else "sans_emploi"
    expected = float(row["valeur"]) * float(row["facteur"])
    found = amount(row["cas"], row["ligne"], row["mois"], situation)
    assert found == pytest.approx(expected, abs=float(row["tolerance"]) + 0.005)


def test_no_amount_is_negative_or_missing(loi: pd.DataFrame) -> None:
    amounts = loi[list(LIGNES)]
    assert amounts.notna().all().all() and (amounts >= 0).all().all()


def test_the_reduction_of_2019_takes_its_october_coefficient_in_october_only(
    amount: Callable[..., float],
) -> None:
    """Without the declared exception the model gives 495.00 from January on: 61.6 euros a month too much."""
    assert amount("seule-rsa", "reduction_generale", "2019-09", "en_ebe") == pytest.approx(433.39, abs=0.01)
    assert amount("seule-rsa", "reduction_generale", "2019-10", "en_ebe") == pytest.approx(495.00, abs=0.01)


def test_contributions_are_what_is_paid_and_the_cost_of_the_wage_adds_up(
    amount: Callable[..., float],
) -> None:
    def read(line: str) -> float:
        return amount("seule-rsa", line, "2020-06", "en_ebe")

    contributions = sum(read(line) for line in RECETTES)
    wedge = read("cout_employeur") - read("salaire_net")
    assert contributions - read("reduction_generale") == pytest.approx(wedge, abs=0.05)


def test_half_a_job_is_half_a_wage_and_leaves_a_prime(amount: Callable[..., float]) -> None:
    whole, half = (amount(cas, "salaire_brut", "2020-06", "en_ebe") for cas in ("seule-rsa", "mi-temps"))
    assert half == pytest.approx(whole / 2, abs=0.01)
    assert amount("mi-temps", "prime_activite", "2019-06", "en_ebe") > 200


def test_social_housing_has_less_aid_than_a_private_rent(amount: Callable[..., float]) -> None:
    """The cut of 2018 on social rents (RLS); before, the aid was the same."""
    assert amount("hlm-rsa", "aide_logement", "2016-05") == amount("seule-rsa", "aide_logement", "2016-05")
    assert amount("hlm-rsa", "aide_logement", "2019-05") < amount("seule-rsa", "aide_logement", "2019-05")


def test_who_has_no_benefit_has_no_rsa_and_no_prime_de_noel(loi: pd.DataFrame) -> None:
    of_partner = loi[loi["cas"].str.startswith("conjoint") & (loi["situation"] == "sans_emploi")]
    assert (of_partner[["rsa", "ass", "aah", "are", "prime_noel"]] == 0).all().all()


def test_a_case_among_others_or_alone_in_any_order_has_the_same_amounts(loi: pd.DataFrame) -> None:
    """The model's spirals depend on what is asked before: here the order is ours, so the company is nothing."""
    hired = replace(SEULE, embauche="2018-04")
    alone = simuler([hired], load_exceptions(Project.here()))
    among = loi[loi["cas"] == "seule-rsa 2018-04"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone[list(LIGNES)], among[list(LIGNES)], atol=0.011, rtol=0)


def test_what_the_model_cannot_give_is_told_with_its_month(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(legislation.FAMILLE, "variable_inconnue", 1.0)
    with pytest.raises(MoisImpossible, match="« variable_inconnue » en 2014-01"):
        simuler([replace(SEULE, embauche="2016-04")], [])


def test_no_case_gives_an_empty_table_without_loading_the_model() -> None:
    assert simuler([], []).empty


def test_housing_aid_looks_at_the_last_wage_to_the_end_of_2020(amount: Callable[..., float]) -> None:
    """The model stops in March 2020 what the law kept to December: the aid of who earns the SMIC came back."""
    assert amount("seule-rsa", "aide_logement", "2020-03", "en_ebe") == 0
    assert amount("seule-rsa", "aide_logement", "2020-06", "en_ebe") == 0


def test_the_accepted_amounts_say_up_to_when_the_model_knows_the_law() -> None:
    path = Project.here().depenses_passives / "dernieres_valeurs.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        accepted = [tuple(row.values()) for row in csv.DictReader(stream)]
    assert accepted == list(dernieres_valeurs(load_model([])))
    assert {name: month for _, name, month in accepted}["Smic"] == "2026-06"


def test_the_children_of_a_household_do_not_grow_with_the_years_of_the_others() -> None:
    """A hire of 2026 asked beside one of 2016: family benefits rise at 14, and the child must stay a child."""
    late = replace(ENFANTS, cas="tard", embauche="2026-01")
    early = replace(ENFANTS, cas="tot", embauche="2016-04")
    run = legislation._Run.start([early, late], load_model([]))
    run.fill(pd.period_range("2014-01", "2014-01", freq="M"))
    births = run.simulation.calculate("date_naissance", "2014-01")
    of_late = births[(run.owner >= 2) & (births > np.datetime64("2000-01-01"))]
    assert set(of_late.astype(str)) == {"2018-06-15"}


def test_an_exception_to_a_parameter_that_is_no_more_is_told() -> None:
    lost = replace(load_exceptions(Project.here())[0], objet="prelevements_sociaux.disparu.taux")
    with pytest.raises(MoisImpossible, match="plus de paramètre .*disparu »"):
        load_model([lost])
