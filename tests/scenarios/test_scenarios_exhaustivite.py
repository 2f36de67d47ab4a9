"""Territories of a few people: who is met, who left the deprivation of a job, who waits.

``personne`` is met, volunteer and eligible on 2 January 2017 and waits, unless the scenario says otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest
from essai import contrat, depot, personne, une, valeurs

from analysis.indicateurs.exhaustivite import mesures

FIN_2016, FIN_2017, FIN_2018, FIN_2019 = "2016-12-31", "2017-12-31", "2018-12-31", "2019-12-31"


def present(found: dict[str, float | None]) -> dict[str, float | None]:
    """The categories where there is someone."""
    return {code: value for code, value in found.items() if value}


def salariee(nom: str, depuis: str, **values: Any) -> dict[str, Any]:
    """Someone told employed by the EBE since that day; the scenario gives the contract."""
    return personne(nom, situation="ebe", date_situation=depuis, **values)


def test_a_territory_of_three_people() -> None:
    trois = mesures(
        depot(
            personnes=[salariee("p1", "2018-03-01"), personne("p2"), personne("p3")],
            contrats=[contrat("p1", "2018-03-01")],
            estimations=[{"date_estimation": "2016-11-01", "ppde_estimees": 12}],
        )
    )
    assert valeurs(trois, "volontaires_eligibles") == {FIN_2017: 3, FIN_2018: 3, FIN_2019: 3}
    assert valeurs(trois, "embauchees") == {FIN_2017: 0, FIN_2018: 1, FIN_2019: 1}
    assert present(valeurs(trois, "situation_volontaires", FIN_2017)) == {"attente": 3}
    assert present(valeurs(trois, "situation_volontaires", FIN_2018)) == {"ebe": 1, "attente": 2}
    assert valeurs(trois, "taux_rencontre") == {FIN_2017: 25.0, FIN_2018: 25.0, FIN_2019: 25.0}
    assert valeurs(trois, "taux_sortie")[FIN_2019] == pytest.approx(100 / 3)
    assert valeurs(trois, "liste_attente") == {FIN_2017: 3, FIN_2018: 2, FIN_2019: 2}


def test_a_territory_with_nobody() -> None:
    vide = mesures(depot())
    assert valeurs(vide, "volontaires_eligibles") == {FIN_2019: 0}
    assert set(valeurs(vide, "situation_volontaires", FIN_2019).values()) == {0}
    assert une(vide, "taux_sortie", FIN_2019).motif == "aucun volontaire éligible à cette date"
    assert une(vide, "taux_offre", FIN_2019).motif == "aucun volontaire éligible à cette date"
    assert une(vide, "taux_rencontre", FIN_2019).motif == "aucune estimation déposée à cette date"
    assert une(vide, "attente_mediane", FIN_2019).motif == "personne n'attend à cette date"


def test_someone_who_waits_moves_away() -> None:
    partie = mesures(
        depot(
            personnes=[personne("p1", situation="demenagement", date_situation="2018-06-30"), personne("p2")]
        )
    )
    assert valeurs(partie, "liste_attente") == {FIN_2017: 2, FIN_2018: 1, FIN_2019: 1}
    assert present(valeurs(partie, "situation_volontaires", FIN_2018)) == {"autre": 1, "attente": 1}
    assert valeurs(partie, "sorties_privation") == {FIN_2017: 0, FIN_2018: 0, FIN_2019: 0}
    assert valeurs(partie, "volontaires_eligibles") == {FIN_2017: 2, FIN_2018: 2, FIN_2019: 2}


def test_a_volunteer_of_before_the_opening_waits_since_volunteering() -> None:
    avant = dict.fromkeys(("date_rencontre", "date_volontariat", "date_decision_cle"), "2016-01-31")
    tot = mesures(depot(arrete=FIN_2017, ouverture="2017-02-01", personnes=[personne("p1", **avant)]))
    assert valeurs(tot, "liste_attente") == {FIN_2016: 1, FIN_2017: 1}
    assert valeurs(tot, "attente_mediane") == {FIN_2016: 11.0, FIN_2017: 23.0}
    assert present(valeurs(tot, "attente_duree", FIN_2016)) == {"de_6_a_12_mois": 1}
    assert present(valeurs(tot, "attente_duree", FIN_2017)) == {"de_12_a_24_mois": 1}


def test_someone_hired_on_31_december_is_employed_that_day() -> None:
    reveillon = mesures(
        depot(personnes=[salariee("p1", "2017-12-31")], contrats=[contrat("p1", "2017-12-31")])
    )
    assert valeurs(reveillon, "embauchees")[FIN_2017] == 1
    assert valeurs(reveillon, "liste_attente")[FIN_2017] == 0
    assert present(valeurs(reveillon, "situation_volontaires", FIN_2017)) == {"ebe": 1}


def test_someone_whose_contract_ends_on_the_very_day_is_still_employed() -> None:
    dernier_jour = mesures(
        depot(
            personnes=[personne("p1", situation="retraite", date_situation="2018-12-31")],
            contrats=[contrat("p1", "2017-03-01", "2018-12-31", "retraite")],
        )
    )
    assert present(valeurs(dernier_jour, "situation_volontaires", FIN_2018)) == {"ebe": 1}
    assert present(valeurs(dernier_jour, "situation_volontaires", FIN_2019)) == {"autre": 1}
    assert valeurs(dernier_jour, "taux_sortie") == {FIN_2017: 100.0, FIN_2018: 100.0, FIN_2019: 0.0}


def test_someone_leaves_for_another_job_then_comes_back() -> None:
    retour = mesures(
        depot(
            personnes=[salariee("p1", "2019-02-01")],
            contrats=[
                contrat("p1", "2017-03-01", "2018-05-31", "autre_emploi"),
                contrat("p1", "2019-02-01"),
            ],
        )
    )
    assert present(valeurs(retour, "situation_volontaires", FIN_2017)) == {"ebe": 1}
    assert present(valeurs(retour, "situation_volontaires", FIN_2018)) == {"autre_emploi": 1}
    assert present(valeurs(retour, "situation_volontaires", FIN_2019)) == {"ebe": 1}
    assert valeurs(retour, "embauchees") == {FIN_2017: 1, FIN_2018: 1, FIN_2019: 1}


def test_someone_resigns_and_is_found_again_waiting_a_year_later() -> None:
    revenue = mesures(
        depot(
            personnes=[personne("p1", situation="attente", date_situation="2019-06-03")],
            contrats=[contrat("p1", "2017-03-01", "2018-05-31", "demission")],
        )
    )
    assert present(valeurs(revenue, "situation_volontaires", FIN_2018)) == {"autre": 1}
    assert present(valeurs(revenue, "situation_volontaires", FIN_2019)) == {"attente": 1}
    assert valeurs(revenue, "attente_mediane")[FIN_2019] == pytest.approx(35 + 29 / 31)


def test_a_situation_older_than_the_end_of_the_contract_says_nothing() -> None:
    depassee = mesures(
        depot(
            personnes=[personne("p1", situation="attente", date_situation="2017-01-02")],
            contrats=[contrat("p1", "2017-03-01", "2018-05-31", "deces")],
        )
    )
    assert present(valeurs(depassee, "situation_volontaires", FIN_2018)) == {"autre": 1}


def test_someone_told_employed_without_a_contract_is_not_established() -> None:
    dite = mesures(depot(personnes=[personne("p1", situation="ebe", date_situation="2018-03-01")]))
    assert present(valeurs(dite, "situation_volontaires", FIN_2017)) == {"attente": 1}
    assert present(valeurs(dite, "situation_volontaires", FIN_2018)) == {"autre": 1}
    assert valeurs(dite, "sorties_privation")[FIN_2018] == 0
    assert valeurs(dite, "liste_attente")[FIN_2018] == 0


def test_an_amendment_that_nothing_follows_is_not_established() -> None:
    suspendu = mesures(
        depot(personnes=[personne("p1")], contrats=[contrat("p1", "2017-03-01", "2018-05-31", "avenant")])
    )
    assert present(valeurs(suspendu, "situation_volontaires", FIN_2018)) == {"autre": 1}


def test_someone_with_two_contracts_at_once_counts_once() -> None:
    deux = mesures(
        depot(
            ebe=("essai-58", "atelier-58"),
            personnes=[salariee("p1", "2017-03-01")],
            contrats=[
                contrat("p1", "2017-03-01", quotite=0.5),
                contrat("p1", "2017-04-01", ebe="atelier-58", quotite=0.5),
            ],
        )
    )
    assert valeurs(deux, "embauchees")[FIN_2017] == 1
    assert present(valeurs(deux, "situation_volontaires", FIN_2017)) == {"ebe": 1}
    assert une(deux, "taux_sortie", FIN_2017).numerateur == 1
    assert une(deux, "profil_embauchees", FIN_2019, "femme").n == 1


def test_nobody_is_hired() -> None:
    aucune = mesures(depot(personnes=[personne("p1"), personne("p2", sexe="homme")]))
    assert valeurs(aucune, "embauchees") == {FIN_2017: 0, FIN_2018: 0, FIN_2019: 0}
    assert valeurs(aucune, "taux_sortie") == {FIN_2017: 0.0, FIN_2018: 0.0, FIN_2019: 0.0}
    assert valeurs(aucune, "taux_offre")[FIN_2019] == 0.0
    assert une(aucune, "profil_embauchees", FIN_2019, "femme").etat == "absente"
    assert une(aucune, "profil_non_embauchees", FIN_2019, "femme").valeur == 50.0
    assert (
        une(aucune, "ecart_profil", FIN_2019, "femme").motif
        == "aucune personne embauchée dont la caractéristique soit connue"
    )


def test_people_met_who_never_volunteer() -> None:
    jamais = {
        "date_volontariat": None,
        "decision_cle": None,
        "date_decision_cle": None,
        "situation": "rencontre",
    }
    rencontrees = mesures(
        depot(personnes=[personne("p1", **jamais), personne("p2", **jamais), personne("p3")])
    )
    assert valeurs(rencontrees, "personnes_rencontrees")[FIN_2019] == 3
    assert valeurs(rencontrees, "volontaires_eligibles")[FIN_2019] == 1
    assert valeurs(rencontrees, "volontaires_sans_decision")[FIN_2019] == 0
    assert valeurs(rencontrees, "liste_attente")[FIN_2019] == 1


def test_someone_eligible_who_is_not_a_volunteer_does_not_wait() -> None:
    eligible = mesures(depot(personnes=[personne("p1", date_volontariat=None, situation="rencontre")]))
    assert valeurs(eligible, "personnes_eligibles")[FIN_2019] == 1
    assert valeurs(eligible, "volontaires_eligibles")[FIN_2019] == 0
    assert valeurs(eligible, "liste_attente")[FIN_2019] == 0


def test_a_decision_is_adjourned_another_awaited_a_third_is_a_refusal() -> None:
    decisions = mesures(
        depot(
            personnes=[
                personne("p1", decision_cle="ajournee", date_decision_cle="2018-02-01"),
                personne("p2", decision_cle=None, date_decision_cle=None),
                personne("p3", decision_cle="non_eligible", date_decision_cle="2018-02-01"),
                personne("p4", decision_cle="eligible", date_decision_cle="2019-02-01"),
            ]
        )
    )
    assert valeurs(decisions, "volontaires_sans_decision") == {FIN_2017: 4, FIN_2018: 3, FIN_2019: 2}
    assert valeurs(decisions, "volontaires_eligibles") == {FIN_2017: 0, FIN_2018: 0, FIN_2019: 1}
    assert valeurs(decisions, "personnes_eligibles") == {FIN_2017: 0, FIN_2018: 0, FIN_2019: 1}


def test_an_offer_refused_is_an_offer_and_so_is_a_contract() -> None:
    offres = mesures(
        depot(
            personnes=[
                personne("p1", date_proposition="2018-02-01"),
                salariee("p2", "2018-03-01"),
                salariee("p3", "2018-03-01", date_proposition="2018-02-01"),
                personne("p4"),
            ],
            contrats=[contrat("p2", "2018-03-01"), contrat("p3", "2018-03-01")],
        )
    )
    assert valeurs(offres, "offres_faites") == {FIN_2017: 0, FIN_2018: 3, FIN_2019: 3}
    assert valeurs(offres, "taux_offre") == {FIN_2017: 0.0, FIN_2018: 75.0, FIN_2019: 75.0}
    assert valeurs(offres, "taux_sortie")[FIN_2018] == 50.0


def test_an_offer_to_someone_not_eligible_is_not_counted_among_volunteers() -> None:
    hors_champ = mesures(
        depot(
            personnes=[
                personne("p1", decision_cle="non_eligible", date_proposition="2018-02-01"),
                personne("p2"),
            ]
        )
    )
    assert une(hors_champ, "taux_offre", FIN_2018).numerateur == 0
    assert une(hors_champ, "taux_offre", FIN_2018).denominateur == 1


def test_an_estimation_comes_after_the_first_date_and_another_replaces_it() -> None:
    tardive = mesures(
        depot(
            personnes=[personne("p1"), personne("p2")],
            estimations=[
                {"date_estimation": "2019-12-31", "ppde_estimees": 8},
                {"date_estimation": "2018-04-01", "ppde_estimees": 5},
            ],
        )
    )
    assert valeurs(tardive, "ppde_estimees") == {FIN_2017: None, FIN_2018: 5, FIN_2019: 8}
    assert valeurs(tardive, "taux_rencontre") == {FIN_2017: None, FIN_2018: 40.0, FIN_2019: 25.0}
    assert une(tardive, "ppde_estimees", FIN_2017).motif == "aucune estimation déposée à cette date"


def test_more_people_are_met_than_were_estimated() -> None:
    depassement = mesures(
        depot(
            personnes=[personne(f"p{rang}") for rang in range(1, 7)],
            estimations=[{"date_estimation": "2016-11-01", "ppde_estimees": 4}],
        )
    )
    assert une(depassement, "taux_rencontre", FIN_2017).valeur == 150.0
    assert une(depassement, "taux_rencontre", FIN_2017).n == 4


def test_an_estimation_of_nobody_gives_no_rate() -> None:
    zero = mesures(
        depot(personnes=[personne("p1")], estimations=[{"date_estimation": "2016-11-01", "ppde_estimees": 0}])
    )
    assert une(zero, "ppde_estimees", FIN_2017).valeur == 0
    assert une(zero, "taux_rencontre", FIN_2017).motif == "la dernière estimation est de zéro personne"


def test_a_volunteer_of_29_february_has_waited_a_year_on_28_february() -> None:
    le_29 = dict.fromkeys(("date_rencontre", "date_volontariat", "date_decision_cle"), "2016-02-29")
    bissextile = mesures(depot(arrete="2017-02-28", personnes=[personne("p1", **le_29)]))
    assert valeurs(bissextile, "attente_mediane")["2017-02-28"] == 12.0
    assert present(valeurs(bissextile, "attente_duree", "2017-02-28")) == {"de_12_a_24_mois": 1}
    la_veille = mesures(depot(arrete="2017-02-27", personnes=[personne("p1", **le_29)]))
    assert present(valeurs(la_veille, "attente_duree", "2017-02-27")) == {"de_6_a_12_mois": 1}


def test_data_closed_on_29_february_count_that_day() -> None:
    cloture = mesures(
        depot(
            arrete="2020-02-29",
            personnes=[personne("p1", date_volontariat="2020-02-29", date_decision_cle="2020-02-29")],
        )
    )
    assert valeurs(cloture, "volontaires_eligibles") == {
        FIN_2017: 0, FIN_2018: 0, FIN_2019: 0, "2020-02-29": 1,
    }  # fmt: skip
    assert present(valeurs(cloture, "attente_duree", "2020-02-29")) == {"moins_3_mois": 1}


def test_people_who_wait_are_told_by_the_age_reached_in_the_year() -> None:
    ages = mesures(
        depot(
            arrete=FIN_2017,
            personnes=[
                personne(f"p{annee}", annee_naissance=annee) for annee in (1988, 1987, 1973, 1972, 1963, 1962)
            ],
        )
    )
    assert valeurs(ages, "attente_age", FIN_2017) == {
        "moins_30": 1, "de_30_a_44": 2, "de_45_a_54": 2, "plus_55": 1,
    }  # fmt: skip


def test_a_characteristic_that_is_not_known_leaves_both_parts_of_the_share() -> None:
    profils = mesures(
        depot(
            personnes=[
                salariee("p1", "2018-03-01", diplome="aucun"),
                salariee("p2", "2018-03-01", diplome="bac"),
                salariee("p3", "2018-03-01", diplome="nr"),
                personne("p4", diplome="brevet"),
                personne("p5", diplome="bac_2"),
                personne("p6", diplome="bac_3_plus"),
                personne("p7", diplome="cap_bep"),
            ],
            contrats=[contrat(nom, "2018-03-01") for nom in ("p1", "p2", "p3")],
        )
    )
    embauchees = une(profils, "profil_embauchees", FIN_2019, "sans_diplome")
    assert (embauchees.numerateur, embauchees.denominateur, embauchees.valeur) == (1, 2, 50.0)
    autres = une(profils, "profil_non_embauchees", FIN_2019, "sans_diplome")
    assert (autres.numerateur, autres.denominateur, autres.valeur) == (1, 4, 25.0)
    ecart = une(profils, "ecart_profil", FIN_2019, "sans_diplome")
    assert ecart.valeur == pytest.approx((0.5 - 0.25) / ((0.5 * 0.5 + 0.25 * 0.75) / 2) ** 0.5, abs=1e-6)
    assert ecart.n == 2


def test_all_the_hired_are_women_and_no_one_else_is() -> None:
    profils = mesures(
        depot(
            personnes=[salariee("p1", "2018-03-01"), personne("p2", sexe="homme")],
            contrats=[contrat("p1", "2018-03-01")],
        )
    )
    assert une(profils, "profil_embauchees", FIN_2019, "femme").valeur == 100.0
    assert une(profils, "profil_non_embauchees", FIN_2019, "femme").valeur == 0.0
    assert une(profils, "ecart_profil", FIN_2019, "femme").motif == "aucune variation dans les deux groupes"


def test_months_without_a_job_are_carried_to_the_day_of_volunteering() -> None:
    steps = {"date_volontariat": "2018-01-02", "date_decision_cle": "2018-01-02"}
    profils = mesures(
        depot(
            personnes=[
                personne("p1", mois_sans_emploi=24, date_mois_sans_emploi="2017-01-02", **steps),
                personne("p2", mois_sans_emploi=23, date_mois_sans_emploi="2017-01-02", **steps),
                personne("p3", mois_sans_emploi=38, date_mois_sans_emploi="2018-03-02", **steps),
                personne("p4", mois_sans_emploi=37, date_mois_sans_emploi="2018-03-02", **steps),
            ]
        )
    )
    trois_ans = une(profils, "profil_non_embauchees", FIN_2019, "prives_3_ans")
    assert (trois_ans.numerateur, trois_ans.denominateur) == (2, 4)


def test_profiles_are_told_at_the_last_day_only() -> None:
    profils = mesures(
        depot(
            personnes=[salariee("p1", "2018-03-01"), personne("p2")], contrats=[contrat("p1", "2018-03-01")]
        )
    )
    for mesure in ("profil_embauchees", "profil_non_embauchees", "ecart_profil"):
        assert set(valeurs(profils, mesure)) == {FIN_2019}
