"""What a reader can recount of the meetings, the decisions and the volunteers of a small territory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from analysis.indicateurs.ensemble import ensemble
from analysis.indicateurs.vie_associative import dernier_cle, mesures, tenues
from analysis.secret.regles import decider

from .essai import DEFINITIONS, depot, une, valeurs

COLLEGES = (
    "personnes_concernees",
    "salaries_ebe",
    "elus",
    "entreprises",
    "etat",
    "associations",
    "habitants",
)


def seance(instance: str, jour: str, *presents: int) -> dict[str, Any]:
    """A meeting of the sheet, who came in the order of the colleges."""
    counts = dict(zip(COLLEGES, (*presents, *[0] * 7), strict=False))
    return {"instance": instance, "date": jour, "duree": 2.0, **counts}


def agenda(instance: str, jour: str, etat: str = "tenue") -> dict[str, Any]:
    """A meeting of a calendar."""
    return {"instance": instance, "date": jour, "duree": 2.0, "etat": etat}


def decision(rang: int, jour: str, objet: str, suite: str) -> dict[str, Any]:
    return {"decision": f"D{rang}", "instance": "cle", "date": jour, "objet": objet, "suite": suite}


def test_meetings_are_counted_by_year_instance_and_month_zeros_included() -> None:
    found = mesures(
        depot(
            arrete="2019-03-31",
            instances=[
                seance("cle", "2018-11-05", 6),
                seance("cle", "2018-11-20", 6),
                seance("bureau", "2019-01-08", 0, 0, 5),
            ],
        )
    )
    assert valeurs(found, "reunions", "2018")["cle"] == 2
    assert valeurs(found, "reunions", "2018")["bureau"] == 0
    assert valeurs(found, "reunions", "2019")["cle"] == 0
    assert valeurs(found, "reunions_mois") == {
        "2018-11": 2,
        "2018-12": 0,
        "2019-01": 1,
        "2019-02": 0,
        "2019-03": 0,
    }


def test_presences_add_up_and_a_college_is_counted_once_a_meeting() -> None:
    found = mesures(
        depot(
            arrete="2018-12-31",
            instances=[seance("cle", "2018-02-01", 6, 0, 5), seance("cle", "2018-06-01", 7, 0, 0)],
        )
    )
    assert valeurs(found, "presences") == {"2018": 18}
    told = valeurs(found, "presences_college", "2018")
    assert (told["personnes_concernees"], told["elus"], told["etat"]) == (13, 5, 0)
    shares = valeurs(found, "cle_college_present", "2018-12-31")
    assert (shares["personnes_concernees"], shares["elus"], shares["etat"]) == (100, 50, 0)


def test_a_meeting_of_a_calendar_is_counted_once_and_nobody_is_supposed_in_it() -> None:
    data = depot(
        arrete="2018-12-31",
        instances=[seance("cle", "2018-02-01", 6)],
        reunions=[
            agenda("cle", "2018-02-01"),
            agenda("cle", "2018-06-01"),
            agenda("cle", "2018-09-01", "annulee"),
            agenda("cle", "2018-10-02", "deplacee"),
            agenda("cle", "2019-02-01"),
        ],
    )
    found = mesures(data)
    assert [r.jour.isoformat() for r in tenues(data)] == ["2018-02-01", "2018-06-01", "2018-10-02"]
    assert valeurs(found, "reunions", "2018")["cle"] == 3
    assert valeurs(found, "presences") == {"2018": 6}
    known = une(found, "part_presence_connue", "2018")
    assert (known.numerateur, known.denominateur) == (1, 3)
    assert valeurs(found, "reunions_calendrier", "2018") == {"tenue": 2, "deplacee": 1, "annulee": 1}
    assert valeurs(found, "cle_college_present", "2018-12-31")["personnes_concernees"] == 100


def test_presences_that_nobody_tells_are_missing_and_not_zero() -> None:
    found = mesures(depot(arrete="2018-12-31", reunions=[agenda("cle", "2018-06-01")]))
    assert une(found, "presences", "2018").etat == "absente"
    assert (
        une(found, "presences_college", "2018", "elus").motif
        == "aucune réunion de l'année ne dit ses présents"
    )
    assert une(found, "cle_college_present", "2018-12-31", "elus").etat == "absente"


def test_a_year_without_a_meeting_between_two_has_none_which_is_a_zero() -> None:
    found = mesures(
        depot(arrete="2020-12-31", instances=[seance("cle", "2018-06-01", 6), seance("cle", "2020-06-01", 6)])
    )
    assert valeurs(found, "reunions", "2019")["cle"] == 0
    assert valeurs(found, "presences")["2019"] == 0
    assert une(found, "part_presence_connue", "2019").motif == "aucune réunion dans l'année"


@pytest.mark.parametrize(
    ("instances", "reunions", "last", "days"),
    [
        ([seance("cle", "2018-06-30", 6)], [], date(2018, 6, 30), 184),
        ([seance("cle", "2018-06-30", 6)], [agenda("cle", "2018-12-01")], date(2018, 12, 1), 30),
        ([seance("cle", "2018-06-30", 6)], [agenda("cle", "2018-12-01", "annulee")], date(2018, 6, 30), 184),
        ([seance("cle", "2018-06-30", 6)], [agenda("cle", "2019-01-02")], date(2018, 6, 30), 184),
        ([seance("bureau", "2018-06-30", 6)], [], None, None),
        ([], [], None, None),
    ],
)
def test_the_last_committee_is_held_by_the_arrete(
    instances: list[dict[str, Any]], reunions: list[dict[str, Any]], last: date | None, days: int | None
) -> None:
    data = depot(arrete="2018-12-31", instances=instances, reunions=reunions)
    assert dernier_cle(data) == last
    assert une(mesures(data), "jours_depuis_cle", "2018-12-31").valeur == days


def test_a_decision_is_without_follow_up_when_six_months_have_passed() -> None:
    found = mesures(
        depot(
            arrete="2018-12-31",
            decisions=[
                decision(1, "2018-06-30", "activites", "aucune"),
                decision(2, "2018-07-01", "activites", "aucune"),
                decision(3, "2017-01-15", "embauches", "faite"),
                decision(4, "2017-01-15", "embauches", "abandonnee"),
                decision(5, "2019-01-02", "embauches", "aucune"),
            ],
        )
    )
    assert valeurs(found, "decisions", "2018-12-31") == {
        "faite": 1,
        "en_cours": 0,
        "abandonnee": 1,
        "aucune": 2,
    }
    assert valeurs(found, "decisions_sans_suite", "2018-12-31")["activites"] == 1
    assert valeurs(found, "decisions_sans_suite", "2018-12-31")["embauches"] == 0


def test_a_territory_without_an_ebe_has_no_employee_who_would_be_missing() -> None:
    data = depot(arrete="2018-12-31", ouverture=None, instances=[seance("cle", "2018-06-30", 6)])
    found = une(mesures(data), "cle_college_present", "2018-12-31", "salaries_ebe")
    assert (found.valeur, found.sans_objet, found.motif) == (None, True, "aucune EBE n'est ouverte")


def test_a_refused_calendar_leaves_meetings_missing_and_presences_as_they_are() -> None:
    data = replace(
        depot(arrete="2018-12-31", instances=[seance("cle", "2018-06-30", 6)]),
        incomplets={"reunions": "un calendrier est refusé"},
    )
    found = mesures(data)
    assert valeurs(found, "presences") == {"2018": 6}
    for name, period, modalite in (
        ("reunions", "2018", "cle"),
        ("reunions_mois", "2018-06", ""),
        ("part_presence_connue", "2018", ""),
        ("jours_depuis_cle", "2018-12-31", ""),
    ):
        assert une(found, name, period, modalite).motif == "un calendrier est refusé"


def test_what_was_never_deposited_has_no_measure() -> None:
    names = {m.mesure for m in mesures(depot(instances=[seance("cle", "2018-06-30", 6)]))}
    assert names.isdisjoint({"decisions", "decisions_sans_suite", "benevoles", "heures_benevoles"})
    assert "reunions_calendrier" not in names


def test_few_presences_and_few_volunteers_are_withheld_with_the_hours_of_these() -> None:
    data = depot(
        arrete="2018-12-31",
        instances=[seance("cle", "2018-02-01", 12, 0, 9, 2)],
        benevolat=[
            {"annee": 2017, "benevoles": 3, "heures": 90.0},
            {"annee": 2018, "benevoles": 12, "heures": 400.0},
        ],
    )
    shown = {
        (r.content.mesure, r.content.periode, r.content.modalite): r.content
        for r in decider(mesures(data), DEFINITIONS, frozenset())
    }
    assert shown["presences_college", "2018", "entreprises"].etat == "masquee"
    assert shown["presences", "2018", ""].valeur == 23
    # a second college goes with it, or 23 - 12 - 9 would give the two people back
    assert shown["presences_college", "2018", "elus"].etat == "masquee"
    assert shown["heures_benevoles", "2017", ""].etat == "masquee"
    assert shown["heures_benevoles", "2018", ""].valeur == 400


def test_the_hours_of_all_together_do_not_give_back_those_of_a_few() -> None:
    places = {"amont": (3, 90.0), "aval": (12, 400.0), "val": (20, 500.0)}
    base = [
        m
        for lieu, (people, hours) in places.items()
        for m in mesures(
            depot(
                lieu=lieu,
                arrete="2018-12-31",
                benevolat=[{"annee": 2018, "benevoles": people, "heures": hours}],
            )
        )
    ]
    everything = [*base, *ensemble(base, DEFINITIONS)]
    shown = {
        (r.content.lieu, r.content.mesure): r.content for r in decider(everything, DEFINITIONS, frozenset())
    }
    told = [lieu for lieu in places if shown[lieu, "heures_benevoles"].valeur is not None]
    assert "amont" not in told
    assert shown["ensemble", "heures_benevoles"].valeur is None or len(told) <= len(places) - 2
