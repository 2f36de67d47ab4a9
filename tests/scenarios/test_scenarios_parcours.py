"""Territories of a few people: who enters an EBE, stays, leaves it, and for how much of a full time.

``personne`` is met, volunteer and eligible on 2 January 2017 and waits, ``contrat`` is of a full time, unless
the scenario says otherwise. An incidence is told at the arrêté, of the horizons that someone reached.
"""

from __future__ import annotations

from typing import Any

import pytest
from essai import contrat, depot, personne, une, valeurs

from analysis.indicateurs.parcours import mesures
from analysis.noyau.mesures import Mesure

FIN_2017, FIN_2018, FIN_2019 = "2017-12-31", "2018-12-31", "2019-12-31"
TOUS = ("m3", "m6", "m12", "m18", "m24", "m36")


def present(found: dict[str, float | None]) -> dict[str, float | None]:
    """The categories where there is someone."""
    return {code: value for code, value in found.items() if value}


def courbe(found: tuple[Mesure, ...], mesure: str, arrete: str = FIN_2019) -> list[float | None]:
    """The six horizons of an incidence, None for a missing one."""
    return list(valeurs(found, mesure, arrete).values())


def salariee(nom: str, depuis: str, **values: Any) -> dict[str, Any]:
    """Someone told employed by the EBE since that day; the scenario gives the contract."""
    return personne(nom, situation="ebe", date_situation=depuis, **values)


def declaration(mois: str, ppde: float, encadrement: float = 0.5, ebe: str = "essai-58") -> dict[str, Any]:
    return {"ebe": ebe, "mois": mois, "etp_ppde": ppde, "etp_encadrement": encadrement}


def test_a_territory_of_three_people() -> None:
    # Volunteers on 2 January 2017, followed 35 months and 30 days: hired after 6 months, left after 12, waits.
    trois = mesures(
        depot(
            personnes=[
                salariee("p1", "2017-07-02"),
                personne("p2", situation="autre_emploi", date_situation="2018-01-02"),
                personne("p3"),
            ],
            contrats=[contrat("p1", "2017-07-02", quotite=0.8)],
        )
    )
    tiers = pytest.approx(100 / 3)
    assert courbe(trois, "incidence_embauche") == [0.0, tiers, tiers, tiers, tiers, None]
    assert courbe(trois, "incidence_autre_emploi") == [0.0, 0.0, tiers, tiers, tiers, None]
    assert courbe(trois, "incidence_autre_issue") == [0.0, 0.0, 0.0, 0.0, 0.0, None]
    assert une(trois, "incidence_embauche", FIN_2019, "m36").motif == "personne n'est suivi jusque-là"
    un_an = une(trois, "incidence_autre_emploi", FIN_2019, "m12")
    assert (un_an.numerateur, un_an.denominateur, un_an.n) == (1, 3, 1)
    assert courbe(trois, "maintien") == [100.0, 100.0, 100.0, 100.0, 100.0, None]
    assert valeurs(trois, "quotite_moyenne") == {FIN_2017: 0.8, FIN_2018: 0.8, FIN_2019: 0.8}
    assert valeurs(trois, "effectif_fin_mois")["2019-12"] == 1


def test_a_territory_where_nobody_is_hired() -> None:
    attend = mesures(depot(personnes=[personne("p1"), personne("p2")]))
    for mesure in ("entrees", "sorties_ebe", "effectif_fin_mois", "etp_contrats", "etp_declares"):
        assert valeurs(attend, mesure) == {}
    assert courbe(attend, "incidence_embauche") == [0.0, 0.0, 0.0, 0.0, 0.0, None]
    assert une(attend, "incidence_embauche", FIN_2019, "m24").n == 2
    assert une(attend, "maintien", FIN_2019, "m3").motif == "personne n'a encore été embauché"
    assert set(valeurs(attend, "quotite_effectif", FIN_2019).values()) == {0}
    assert une(attend, "quotite_moyenne", FIN_2019).motif == "personne n'est sous contrat à cette date"
    assert set(valeurs(attend, "quotite_changee", FIN_2019).values()) == {0}


def test_a_territory_with_nobody() -> None:
    vide = mesures(depot(ouverture=None))
    assert une(vide, "incidence_embauche", FIN_2019, "m3").motif == "aucun volontaire éligible"
    apres = une(vide, "incidence_embauche_apres_ouverture", FIN_2019, "m3")
    assert apres.motif == "aucune EBE n'est ouverte à l'arrêté"
    assert {m.periode for m in vide} == {FIN_2019}


def test_someone_hired_by_two_ebe_at_once_is_one_person_of_a_full_time() -> None:
    deux = mesures(
        depot(
            ebe=("essai-58", "essai-59"),
            personnes=[salariee("p1", "2018-03-01")],
            contrats=[
                contrat("p1", "2018-03-01", quotite=0.5),
                contrat("p1", "2018-03-01", ebe="essai-59", quotite=0.5),
            ],
        )
    )
    assert present(valeurs(deux, "entrees", "2018")) == {"premiere": 1}
    assert valeurs(deux, "effectif_fin_mois")["2018-03"] == 1
    mars = une(deux, "etp_contrats", "2018-03")
    assert (mars.valeur, mars.n) == (1.0, 1)
    assert present(valeurs(deux, "quotite_effectif", FIN_2018)) == {"temps_plein": 1}
    assert present(valeurs(deux, "quotite_changee", FIN_2019)) == {"aucun": 1}


def test_someone_leaves_one_of_two_ebe_and_has_not_left() -> None:
    reste = mesures(
        depot(
            ebe=("essai-58", "essai-59"),
            personnes=[salariee("p1", "2018-03-01")],
            contrats=[
                contrat("p1", "2018-03-01", quotite=0.5),
                contrat("p1", "2018-03-01", "2018-08-31", "demission", ebe="essai-59", quotite=0.5),
            ],
        )
    )
    assert present(valeurs(reste, "sorties_ebe", "2018")) == {}
    assert courbe(reste, "maintien") == [100.0, 100.0, 100.0, 100.0, None, None]
    assert present(valeurs(reste, "quotite_changee", FIN_2019)) == {"baisse": 1}


def test_a_contract_followed_the_next_day_by_another_is_no_exit() -> None:
    suite = mesures(
        depot(
            personnes=[salariee("p1", "2017-03-01")],
            contrats=[
                contrat("p1", "2017-03-01", "2018-05-31", "avenant", quotite=0.8),
                contrat("p1", "2018-06-01"),
            ],
        )
    )
    assert {year: present(valeurs(suite, "entrees", year)) for year in ("2017", "2018", "2019")} == {
        "2017": {"premiere": 1},
        "2018": {},
        "2019": {},
    }
    assert present(valeurs(suite, "sorties_ebe", "2018")) == {}
    assert courbe(suite, "maintien") == [100.0, 100.0, 100.0, 100.0, 100.0, None]
    assert present(valeurs(suite, "quotite_changee", FIN_2019)) == {"hausse": 1}


def test_one_day_without_a_contract_is_an_exit_and_a_return() -> None:
    trou = mesures(
        depot(
            personnes=[salariee("p1", "2017-03-01")],
            contrats=[contrat("p1", "2017-03-01", "2018-05-31", "avenant"), contrat("p1", "2018-06-02")],
        )
    )
    assert present(valeurs(trou, "sorties_ebe", "2018")) == {"autre": 1}
    assert present(valeurs(trou, "entrees", "2018")) == {"retour": 1}
    assert valeurs(trou, "effectif_fin_mois")["2018-05"] == 1
    assert valeurs(trou, "etp_contrats")["2018-06"] == pytest.approx(29 / 30)
    # Fifteen months from 1 March 2017 to 1 June 2018, the first day without a contract.
    assert courbe(trou, "maintien") == [100.0, 100.0, 100.0, 0.0, 0.0, None]


def test_someone_left_for_another_job_then_hired_again_is_followed_once_in_the_staying() -> None:
    retour = mesures(
        depot(
            personnes=[salariee("p1", "2018-07-01"), salariee("p2", "2017-03-01")],
            contrats=[
                contrat("p1", "2017-03-01", "2018-02-28", "autre_emploi"),
                contrat("p1", "2018-07-01"),
                contrat("p2", "2017-03-01"),
            ],
        )
    )
    assert [present(valeurs(retour, "entrees", year)) for year in ("2017", "2018")] == [
        {"premiere": 2},
        {"retour": 1},
    ]
    assert present(valeurs(retour, "sorties_ebe", "2018")) == {"autre_emploi": 1}
    # Out on 1 March 2018, twelve months to the day: the event of the very horizon has come.
    assert courbe(retour, "maintien") == [100.0, 100.0, 50.0, 50.0, 50.0, None]
    assert courbe(retour, "depart_autre_emploi") == [0.0, 0.0, 50.0, 50.0, 50.0, None]
    assert courbe(retour, "depart_autre") == [0.0, 0.0, 0.0, 0.0, 0.0, None]
    un_an = une(retour, "maintien", FIN_2019, "m12")
    assert (un_an.numerateur, un_an.denominateur, un_an.n) == (1, 2, 1)
    assert valeurs(retour, "effectif_fin_mois")["2018-03"] == 1


def test_hours_changed_in_the_middle_of_a_month_of_thirty_days() -> None:
    avenant = mesures(
        depot(
            personnes=[salariee("p1", "2018-06-01")],
            contrats=[
                contrat("p1", "2018-06-01", "2018-06-15", "avenant", quotite=0.5),
                contrat("p1", "2018-06-16"),
            ],
        )
    )
    juin = une(avenant, "etp_contrats", "2018-06")
    assert (juin.valeur, juin.n) == (0.75, 1)
    assert valeurs(avenant, "etp_contrats")["2018-07"] == 1.0


def test_the_first_month_of_an_ebe_is_not_whole() -> None:
    ouverture = mesures(
        depot(
            ouverture="2018-06-16",
            personnes=[salariee("p1", "2018-06-16"), salariee("p2", "2018-06-25")],
            contrats=[contrat("p1", "2018-06-16"), contrat("p2", "2018-06-25", quotite=0.5)],
            etp=[declaration("2018-06", 0.6), declaration("2018-07", 1.5)],
        )
    )
    # 15 days of 30 of a full time, 6 days of 30 of a half time.
    assert valeurs(ouverture, "etp_contrats")["2018-06"] == pytest.approx(0.6)
    assert valeurs(ouverture, "etp_declares")["2018-06"] == 0.6
    assert list(valeurs(ouverture, "effectif_fin_mois"))[0] == "2018-06"
    juillet = une(ouverture, "etp_encadrement", "2018-07")
    assert (juillet.valeur, juillet.n) == (0.5, 1)
    assert une(ouverture, "etp_declares", "2018-08").motif == "aucune EBE n'a déclaré ce mois"


def test_a_month_that_one_of_two_ebe_did_not_declare_is_missing() -> None:
    deux = mesures(
        depot(
            arrete="2018-08-31",
            ebe=("essai-58", "essai-59"),
            ouverture="2018-06",
            personnes=[salariee("p1", "2018-06-01")],
            contrats=[contrat("p1", "2018-06-01")],
            etp=[
                declaration("2018-06", 1.0, 0.5),
                declaration("2018-06", 0.0, 0.25, "essai-59"),
                declaration("2018-07", 1.0, 0.5),
                declaration("2018-08", 1.0, 0.5),
                declaration("2018-08", 0.0, 0.25, "essai-59"),
            ],
        )
    )
    assert valeurs(deux, "etp_declares") == {"2018-06": 1.0, "2018-07": None, "2018-08": 1.0}
    assert valeurs(deux, "etp_encadrement") == {"2018-06": 0.75, "2018-07": None, "2018-08": 0.75}
    assert une(deux, "etp_declares", "2018-07").motif == "toutes les EBE n'ont pas déclaré ce mois"
    assert une(deux, "etp_declares", "2018-08").n == 2


def test_an_ebe_that_closes_is_no_longer_expected() -> None:
    fermee = mesures(
        depot(
            arrete="2018-08-31",
            ebe=("essai-58", "essai-59"),
            ouverture="2018-06",
            personnes=[salariee("p1", "2018-06-01")],
            contrats=[
                contrat("p1", "2018-06-01"),
                contrat("p2", "2018-06-01", "2018-07-10", "licenciement", ebe="essai-59"),
            ],
            etp=[declaration(mois, 1.0) for mois in ("2018-06", "2018-07", "2018-08")]
            + [declaration("2018-06", 1.0, ebe="essai-59")],
        )
    )
    # A contract runs in the second EBE until July, which it did not declare; nothing tells of it in August.
    assert valeurs(fermee, "etp_declares") == {"2018-06": 2.0, "2018-07": None, "2018-08": 1.0}


def test_someone_who_waits_moves_away_and_can_no_longer_be_hired() -> None:
    partie = mesures(
        depot(
            arrete="2018-01-02",
            personnes=[
                personne("p1", situation="demenagement", date_situation="2017-04-02"),
                salariee("p2", "2017-07-02"),
                salariee("p3", "2018-01-02"),
            ],
            contrats=[contrat("p2", "2017-07-02"), contrat("p3", "2018-01-02")],
        )
    )
    tiers, deux_tiers = pytest.approx(100 / 3), pytest.approx(200 / 3)
    arrete = "2018-01-02"
    assert courbe(partie, "incidence_autre_issue", arrete)[:3] == [tiers, tiers, tiers]
    assert courbe(partie, "incidence_embauche", arrete)[:3] == [0.0, tiers, deux_tiers]
    # Nobody waits any more at twelve months: the three are accounted for.
    assert une(partie, "incidence_embauche", arrete, "m12").n == 0
    assert courbe(partie, "incidence_embauche", arrete)[3:] == [None, None, None]


def test_someone_followed_for_a_shorter_time_counts_until_then() -> None:
    # Three volunteers of January 2017, one of July 2018 who is followed for less than seven months. At three
    # months one of four is hired: 1/4. At twelve, one of the two who are still followed:
    # 1/4 + 3/4 × 1/2 = 5/8, neither the half of the four nor two of the three of January.
    tard = dict.fromkeys(("date_rencontre", "date_volontariat", "date_decision_cle"), "2018-07-01")
    found = mesures(
        depot(
            arrete="2019-01-31",
            personnes=[
                salariee("p1", "2017-04-02"),
                salariee("p2", "2018-01-02"),
                personne("p3"),
                personne("p4", **tard),
            ],
            contrats=[contrat("p1", "2017-04-02"), contrat("p2", "2018-01-02")],
        )
    )
    assert courbe(found, "incidence_embauche", "2019-01-31") == [25.0, 25.0, 62.5, 62.5, 62.5, None]
    followed = [une(found, "incidence_embauche", "2019-01-31", h).n for h in TOUS[:5]]
    assert followed == [3, 3, 1, 1, 1]


def test_a_volunteer_of_before_the_opening_waits_since_volunteering() -> None:
    # Fourteen months from 1 January 2016 to 1 March 2017; one month from 1 February to 1 March 2017.
    avant = dict.fromkeys(("date_rencontre", "date_volontariat", "date_decision_cle"), "2016-01-01")
    apres = dict.fromkeys(("date_rencontre", "date_volontariat", "date_decision_cle"), "2017-02-01")
    deux = mesures(
        depot(
            ouverture="2017-02-01",
            personnes=[salariee("p1", "2017-03-01", **avant), salariee("p2", "2017-03-01", **apres)],
            contrats=[contrat("p1", "2017-03-01"), contrat("p2", "2017-03-01")],
        )
    )
    assert courbe(deux, "incidence_embauche") == [50.0, 50.0, 50.0, 100.0, 100.0, 100.0]
    depuis = une(deux, "incidence_embauche_apres_ouverture", FIN_2019, "m3")
    assert (depuis.valeur, depuis.denominateur) == (100.0, 1)


def test_someone_hired_the_very_day_of_volunteering_waited_no_time() -> None:
    # A situation told of that day or of before it does not come first.
    meme_jour = mesures(
        depot(
            personnes=[
                salariee("p1", "2017-02-01", date_volontariat="2017-02-01", date_decision_cle="2017-02-01"),
                personne("p2", situation="autre_emploi", date_situation="2016-05-01"),
            ],
            contrats=[
                contrat("p1", "2017-02-01"),
                contrat("p2", "2017-01-02", "2017-12-31", "autre_emploi"),
            ],
            ouverture="2017-01-02",
        )
    )
    assert courbe(meme_jour, "incidence_embauche") == [100.0, 100.0, 100.0, 100.0, 100.0, None]
    assert courbe(meme_jour, "incidence_autre_emploi") == [0.0, 0.0, 0.0, 0.0, 0.0, None]


def test_a_stay_begun_on_29_february_is_of_twelve_months_on_28_february() -> None:
    bissextile = {"ouverture": "2020-02-29", "personnes": [salariee("p1", "2020-02-29")]}
    contrats = [contrat("p1", "2020-02-29")]
    veille = mesures(depot(arrete="2021-02-27", contrats=contrats, **bissextile))
    jour = mesures(depot(arrete="2021-02-28", contrats=contrats, **bissextile))
    assert courbe(veille, "maintien", "2021-02-27") == [100.0, 100.0, None, None, None, None]
    assert courbe(jour, "maintien", "2021-02-28") == [100.0, 100.0, 100.0, None, None, None]


def test_a_last_day_of_a_contract_is_still_a_day_in_the_ebe() -> None:
    # In the EBE to the end of 31 December 2018, out the next day: an exit of 2019.
    reveillon = mesures(
        depot(
            personnes=[personne("p1", situation="retraite", date_situation="2018-12-31")],
            contrats=[contrat("p1", "2018-01-01", "2018-12-31", "retraite")],
        )
    )
    assert valeurs(reveillon, "effectif_fin_mois")["2018-12"] == 1
    assert valeurs(reveillon, "effectif_fin_mois")["2019-01"] == 0
    assert present(valeurs(reveillon, "sorties_ebe", "2018")) == {}
    assert present(valeurs(reveillon, "sorties_ebe", "2019")) == {"retraite": 1}
    assert courbe(reveillon, "depart_autre") == [0.0, 0.0, 100.0, 100.0, None, None]


def test_a_contract_that_ends_on_the_day_of_the_arrete_is_no_exit_yet() -> None:
    dernier = mesures(
        depot(
            arrete=FIN_2018,
            personnes=[salariee("p1", "2018-01-01")],
            contrats=[contrat("p1", "2018-01-01", FIN_2018, "avenant")],
        )
    )
    assert present(valeurs(dernier, "sorties_ebe", "2018")) == {}
    assert courbe(dernier, "maintien", FIN_2018) == [100.0, 100.0, None, None, None, None]
    assert present(valeurs(dernier, "quotite_effectif", FIN_2018)) == {"temps_plein": 1}


def test_a_contract_begun_after_the_arrete_is_not_read() -> None:
    # The deposit refuses one; the measures do not count on it.
    futur = mesures(
        depot(arrete=FIN_2018, personnes=[personne("p1")], contrats=[contrat("p1", "2019-02-01")])
    )
    assert valeurs(futur, "entrees") == {}
    assert courbe(futur, "incidence_embauche", FIN_2018) == [0.0, 0.0, 0.0, 0.0, None, None]


def test_the_month_of_the_arrete_is_told_only_when_it_is_finished() -> None:
    tables = {"personnes": [salariee("p1", "2018-10-01")], "contrats": [contrat("p1", "2018-10-01")]}
    avant = mesures(depot(arrete="2018-12-30", **tables))
    fini = mesures(depot(arrete="2018-12-31", **tables))
    assert list(valeurs(avant, "effectif_fin_mois")) == ["2018-10", "2018-11"]
    assert list(valeurs(fini, "effectif_fin_mois")) == ["2018-10", "2018-11", "2018-12"]
    assert list(valeurs(avant, "etp_contrats")) == ["2018-10", "2018-11"]


def test_someone_told_employed_without_any_contract_is_lost_from_sight() -> None:
    # Followed for six months; nobody is left to tell of the twelfth.
    dite = mesures(depot(personnes=[personne("p1", situation="ebe", date_situation="2017-07-02")]))
    assert courbe(dite, "incidence_embauche") == [0.0, 0.0, None, None, None, None]


def test_someone_hired_without_a_decision_stays_but_did_not_wait() -> None:
    sans = mesures(
        depot(
            personnes=[salariee("p1", "2017-03-01", decision_cle=None, date_decision_cle=None)],
            contrats=[contrat("p1", "2017-03-01")],
        )
    )
    assert une(sans, "incidence_embauche", FIN_2019, "m3").motif == "aucun volontaire éligible"
    assert une(sans, "maintien", FIN_2019, "m24").denominateur == 1


@pytest.mark.parametrize(
    ("quotite", "classe"),
    [
        (0.05, "moins_50"),
        (0.49, "moins_50"),
        (0.5, "de_50_a_79"),
        (0.79, "de_50_a_79"),
        (0.8, "de_80_a_99"),
        (0.99, "de_80_a_99"),
        (1.0, "temps_plein"),
    ],
)
def test_the_lower_bound_of_a_band_of_quotite_is_in_it(quotite: float, classe: str) -> None:
    une_personne = mesures(
        depot(
            personnes=[salariee("p1", "2018-03-01")], contrats=[contrat("p1", "2018-03-01", quotite=quotite)]
        )
    )
    assert present(valeurs(une_personne, "quotite_effectif", FIN_2018)) == {classe: 1}
    assert valeurs(une_personne, "quotite_moyenne")[FIN_2018] == quotite


def test_a_first_hire_in_the_month_of_the_arrete_is_no_month_yet() -> None:
    """Hired on 3 June, data closed on 15 June: June is not finished, nobody's headcount is told."""
    found = mesures(
        depot(arrete="2019-06-15", personnes=[personne("p1")], contrats=[contrat("p1", "2019-06-03")])
    )
    assert valeurs(found, "effectif_fin_mois") == valeurs(found, "etp_contrats") == {}
    assert une(found, "quotite_moyenne", "2019-06-15").valeur == 1.0


def test_a_contract_that_ended_before_volunteering_ends_no_wait() -> None:
    """Employed six weeks, volunteer two weeks later, still waiting: not hired after zero months."""
    donnees = depot(
        personnes=[personne("p1", date_volontariat="2018-03-01", date_decision_cle="2018-03-01")],
        contrats=[contrat("p1", "2018-01-01", "2018-02-15", "demission")],
    )
    assert une(mesures(donnees), "incidence_embauche", "2019-12-31", "m3").valeur == 0
