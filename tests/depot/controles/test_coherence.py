"""One rule at a time: what breaks it, at which cell, and what just does not break it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from deposits import EBE, Rows, contract, person, read, tables, write

from analysis.depot.controles.coherence_personnes import month_share
from analysis.depot.referentiel import Referentiel

Found = Callable[[Callable[[Rows], Any]], list[tuple[str, str, str]]]


def change(table: str, index: int, **values: object) -> Callable[[Rows], None]:
    return lambda rows: rows[table][index].update(values)


@pytest.mark.parametrize(
    ("table", "index", "values", "expected"),
    [
        (
            "contrats",
            0,
            {"personne": "P-9"},
            [("situation_sans_contrat", "Personnes", "X5"), ("contrat_sans_personne", "Contrats", "A5")],
        ),
        ("contrats", 0, {"date_fin": date(2018, 12, 31)}, [("fin_sans_motif", "Contrats", "E5")]),
        ("contrats", 0, {"motif_fin": "Retraite"}, [("fin_sans_motif", "Contrats", "D5")]),
        ("personnes", 0, {"date_rencontre": date(2018, 4, 4)}, [("etape_desordonnee", "Personnes", "T5")]),
        ("personnes", 0, {"date_rencontre": date(2018, 4, 3)}, []),
        (
            "personnes",
            0,
            {"date_decision_cle": None},
            [("decision_sans_date", "Personnes", "V5"), ("reference_refusee", "Contrats", "A5")],
        ),
        (
            "personnes",
            0,
            {"decision_cle": None},
            [("decision_sans_date", "Personnes", "V5"), ("reference_refusee", "Contrats", "A5")],
        ),
        ("personnes", 0, {"decision_cle": None, "date_decision_cle": None}, []),
        ("personnes", 0, {"date_volontariat": None}, []),
        ("personnes", 0, {"date_volontariat": date(2018, 5, 17)}, []),
        ("personnes", 0, {"date_volontariat": date(2018, 5, 18)}, [("etape_desordonnee", "Personnes", "V5")]),
        ("personnes", 0, {"date_proposition": date(2018, 4, 2)}, [("etape_desordonnee", "Personnes", "W5")]),
        ("personnes", 0, {"date_proposition": date(2018, 9, 1)}, []),
        (
            "personnes",
            0,
            {"date_proposition": date(2018, 9, 2)},
            [("proposition_apres_contrat", "Personnes", "W5")],
        ),
        (
            "estimations",
            0,
            {"date_estimation": date(2035, 1, 2)},
            [("posterieur_arrete", "Estimations", "A5")],
        ),
        ("contrats", 0, {"date_fin": date(2018, 12, 31), "motif_fin": "Retraite"}, []),
        (
            "contrats",
            0,
            {"date_fin": date(2018, 12, 30), "motif_fin": "Retraite"},
            [("situation_sans_contrat", "Personnes", "X5")],
        ),
        ("personnes", 0, {"mois_sans_emploi": 10}, []),
        ("personnes", 0, {"mois_sans_emploi": 9}, [("moins_d_un_an", "Personnes", "H5")]),
        ("personnes", 0, {"date_domicile": date(2017, 11, 17)}, []),
        ("personnes", 0, {"date_domicile": date(2017, 11, 18)}, [("domicile_recent", "Personnes", "F5")]),
        ("personnes", 2, {"situation": "Salariée de l'EBE"}, [("situation_sans_contrat", "Personnes", "X7")]),
        ("personnes", 0, {"situation": "Retraite"}, [("situation_sans_contrat", "Personnes", "X5")]),
        ("personnes", 0, {"date_situation": date(2018, 12, 31)}, []),
        (
            "personnes",
            0,
            {"date_situation": date(2019, 1, 1)},
            [("posterieur_arrete", "Personnes", "Y5"), ("reference_refusee", "Contrats", "A5")],
        ),
        ("depenses", 0, {"annee": 2019}, [("posterieur_arrete", "Dépenses", "B5")]),
        (
            "etp",
            3,
            {"mois": date(2019, 1, 1)},
            [
                ("posterieur_arrete", "ETP", "B8"),
                ("mois_manquant", "ETP", "B8"),
                ("etp_contre_contrats", "ETP", "C8"),
            ],
        ),
        ("enquetes", 0, {"date_collecte": date(2019, 1, 1)}, [("posterieur_arrete", "Enquêtes", "C5")]),
        ("instances", 0, {"date": date(2018, 12, 31)}, []),
        ("depot", 0, {"information_personnes": "Non"}, [("personnes_non_informees", "Dépôt", "E4")]),
        ("etp", 1, {"etp_ppde": 2.3}, []),
        ("etp", 1, {"etp_ppde": 2.31}, [("etp_contre_contrats", "ETP", "C6")]),
        ("etp", 1, {"mois": date(2018, 10, 2)}, [("classeur_lu", "depot-val.xlsx", "")]),
        ("exercices", 0, {"date_ouverture": date(2016, 12, 31)}, [("exercice_long", "Exercices", "C5")]),
        ("exercices", 0, {"date_ouverture": date(2017, 1, 1)}, []),
        ("activites", 0, {"date_avis": None}, [("decision_sans_date", "Activités", "I5")]),
        ("activites", 0, {"avis_cle": "Pas encore demandé"}, [("decision_sans_date", "Activités", "I5")]),
        ("activites", 0, {"avis_cle": "Pas encore demandé", "date_avis": None}, []),
        ("activites", 0, {"ventes": 1246.8}, []),
        ("activites", 0, {"ventes": 1246.9}, [("ventes_contre_comptes", "Activités", "G5")]),
        ("activites", 0, {"date_cloture": date(2017, 12, 31)}, [("exercice_inconnu", "Activités", "B5")]),
        (
            "financements",
            0,
            {"date_cloture": date(2018, 12, 30)},
            [("exercice_inconnu", "Financements", "B5")],
        ),
        ("financements", 0, {"verse": 9000.01}, [("verse_sans_engagement", "Financements", "F5")]),
        (
            "enquetes",
            0,
            {"fichier": "autre.csv"},
            [("fichier_absent", "Enquêtes", "D5"), ("fichier_inattendu", "enquete-1.csv", "")],
        ),
    ],
)
def test_one_change_gives_these_findings(
    found: Found, table: str, index: int, values: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert sorted(found(change(table, index, **values))) == sorted(expected)


def test_a_contract_may_end_the_day_it_starts_but_not_before(found: Found) -> None:
    def one_day(rows: Rows) -> None:
        rows["contrats"].append(
            contract("P-3", date_fin=date(2018, 9, 1), motif_fin="Démission", quotite=0.05)
        )

    assert found(one_day) == []

    def backwards(rows: Rows) -> None:
        rows["contrats"].append(
            contract("P-3", date_fin=date(2018, 8, 31), motif_fin="Démission", quotite=0.05)
        )

    assert found(backwards) == [("fin_avant_debut", "Contrats", "D7")]


def test_an_amendment_follows_the_contract_that_it_closes(found: Found) -> None:
    """Full time to 15 October, then half time: 16 days of October at 0.5 make 0.742 ETP, not 1."""

    def amended(rows: Rows, start: date) -> None:
        rows["contrats"][1] |= {"date_fin": date(2018, 10, 15), "motif_fin": "Avenant (nouvelle ligne)"}
        rows["contrats"].append(contract("P-2", date_debut=start, quotite=0.5))

    assert found(lambda rows: amended(rows, date(2018, 10, 16))) == []
    assert found(lambda rows: amended(rows, date(2018, 10, 15))) == [("contrats_cumules", "Contrats", "F7")]


def test_two_contracts_may_make_exactly_one_etp(found: Found) -> None:
    def both(rows: Rows, part: float) -> None:
        rows["contrats"].append(contract("P-1", date_debut=date(2018, 9, 2), quotite=part))

    assert found(lambda rows: both(rows, 0.2)) == []
    assert found(lambda rows: both(rows, 0.21)) == [("contrats_cumules", "Contrats", "F7")]


def test_a_contract_before_volunteering_or_before_the_opening(found: Found) -> None:
    def early(rows: Rows, start: date) -> None:
        end = {"date_fin": start, "motif_fin": "Démission", "quotite": 0.05}
        rows["contrats"].append(contract("P-3", date_debut=start, **end))

    assert found(lambda rows: early(rows, date(2018, 4, 3))) == []
    assert found(lambda rows: early(rows, date(2018, 4, 2))) == [
        ("contrat_avant_volontariat", "Contrats", "C7")
    ]
    assert found(lambda rows: early(rows, date(2017, 1, 31))) == [
        ("contrat_avant_volontariat", "Contrats", "C7"),
        ("contrat_avant_ouverture", "Contrats", "C7"),
    ]


def test_a_month_that_is_skipped_is_told_on_the_next_one(found: Found) -> None:
    def skip(rows: Rows) -> None:
        del rows["etp"][1]

    assert found(skip) == [("mois_manquant", "ETP", "B6")]


def test_exercices_follow_one_another_day_for_day(found: Found) -> None:
    def second(rows: Rows, opened: date) -> None:
        rows["depot"][0]["date_arrete"] = date(2019, 12, 31)
        row = {
            **rows["exercices"][0],
            "date_ouverture": opened,
            "date_cloture": date(2019, 12, 31),
            "fichier": "x.txt",
        }
        rows["exercices"].append(row)

    absent = ("fichier_absent", "Exercices", "E6")
    assert found(lambda rows: second(rows, date(2019, 1, 1))) == [absent]
    assert found(lambda rows: second(rows, date(2019, 1, 2))) == [
        ("exercice_manquant", "Exercices", "B6"),
        absent,
    ]
    assert found(lambda rows: second(rows, date(2018, 12, 31))) == [
        ("exercice_chevauche", "Exercices", "B6"),
        absent,
    ]


def test_the_same_key_twice_refuses_the_second(found: Found) -> None:
    def twice(rows: Rows) -> None:
        rows["etp"].append(dict(rows["etp"][0]))

    assert found(twice) == [("doublon", "ETP", "A9")]


def test_a_leap_day_is_a_day(found: Found) -> None:
    def leap(rows: Rows) -> None:
        rows["depot"][0]["date_arrete"] = date(2020, 2, 29)
        rows["personnes"].append(
            person(
                "P-4",
                situation="Volontaire en attente",
                date_situation=date(2020, 2, 29),
                date_domicile=date(2016, 2, 29),
            )
        )

    assert found(leap) == []
    assert month_share(date(2020, 2, 29), date(2020, 3, 1), "2020-02") == 1 / 29


def test_every_closed_cell_is_checked(found: Found) -> None:
    def wrong(rows: Rows) -> None:
        rows["contrats"][0] |= {
            "quotite": 1.2,
            "fonction": "Chef",
            "salaire_horaire": "9,88",
            "ebe": f"{EBE} ",
        }

    assert sorted(found(wrong)) == [
        ("borne", "Contrats", "F5"),
        ("classeur_lu", "depot-val.xlsx", ""),
        ("valeur_inconnue", "Contrats", "H5"),
    ]


def test_what_names_a_refused_exercice_waits_for_its_correction(found: Found) -> None:
    """An exercice that overlaps another is refused: its activity and its funding too, at their own cells."""

    def overlapping(rows: Rows) -> None:
        rows["depot"][0]["date_arrete"] = date(2019, 12, 31)
        closed = {"date_cloture": date(2019, 12, 31)}
        later = {"date_ouverture": date(2018, 12, 31), "fichier": "x.txt", **closed}
        rows["exercices"].append({**rows["exercices"][0], **later})
        rows["financements"].append({**rows["financements"][0], **closed})
        rows["activites"].append({**rows["activites"][0], **closed})

    assert [place for place in found(overlapping) if place[0] != "fichier_absent"] == [
        ("exercice_chevauche", "Exercices", "B6"),
        ("reference_refusee", "Activités", "B6"),
        ("reference_refusee", "Financements", "B6"),
    ]


def test_a_full_time_too_many_is_told_without_the_dates_or_the_hours_of_anyone(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    rows = tables()
    rows["contrats"].append(contract("P-1", date_debut=date(2018, 9, 2), quotite=0.21))
    (told,) = read(write(tmp_path / "envoi", referentiel, rows), referentiel).constats
    assert told.trouve == "plus d'un ETP à son début, avec les autres contrats de la personne"


def test_one_twentieth_is_the_tolerance_beyond_ten_etp(found: Found) -> None:
    """Twenty full times: 19.0 and 21.0 ETP are told as they are, 18.99 and 21.01 to be confirmed."""

    def twenty(rows: Rows, told: float) -> None:
        rows["personnes"] = [person(f"P-{n}") for n in range(1, 21)]
        rows["contrats"] = [contract(f"P-{n}", quotite=1) for n in range(1, 21)]
        rows["etp"] = [{**row, "etp_ppde": 20} for row in rows["etp"]]
        rows["etp"][0]["etp_ppde"] = told

    for told in (19.0, 21.0):
        assert found(lambda rows: twenty(rows, told)) == []  # noqa: B023
    for told in (18.99, 21.01):
        assert found(lambda rows: twenty(rows, told)) == [("etp_contre_contrats", "ETP", "C5")]  # noqa: B023


def test_a_refused_contract_widens_the_tolerance_by_one_etp(found: Found) -> None:
    """P-2's full time is refused for its form: 1.8 declared against 0.8 is within 0.5 + 1."""

    def refused(rows: Rows, told: float) -> None:
        rows["contrats"][1]["fonction"] = "Chef"
        rows["etp"][0]["etp_ppde"] = told

    assert found(lambda rows: refused(rows, 2.3)) == [("valeur_inconnue", "Contrats", "H6")]
    assert found(lambda rows: refused(rows, 2.31)) == [
        ("valeur_inconnue", "Contrats", "H6"),
        ("etp_contre_contrats", "ETP", "C5"),
    ]


def test_months_are_counted_to_the_day(found: Found) -> None:
    """Decided on 28 February 2019: six months since 28 August, not since the 29th."""

    def resident(rows: Rows, since: date) -> None:
        rows["depot"][0]["date_arrete"] = date(2019, 3, 31)
        arrived = {"date_domicile": since, "date_decision_cle": date(2019, 2, 28)}
        rows["personnes"][2] |= {**arrived, "date_situation": date(2019, 3, 1)}

    assert found(lambda rows: resident(rows, date(2018, 8, 28))) == []
    assert found(lambda rows: resident(rows, date(2018, 8, 29))) == [("domicile_recent", "Personnes", "F7")]


def local(rows: Rows, **value: object) -> None:
    """A question, an indicator that answers it, and a value."""
    rows["questions_locales"] = [
        {
            "question": "Q1",
            "intitule": "Qui vient ?",
            "college": "Élus",
            "hypothese": "Nul n'est inemployable",
        }
    ]
    rows["indicateurs_locaux"] = [
        {
            "indicateur": "I1",
            "question": "q1",
            "libelle": "Venus par un proche",
            "definition": "Personnes venues sur le conseil d'un proche.",
            "origine": "Registre d'accueil",
            "mesure": "Part de personnes (%)",
            "cible": 30,
            "sens_cible": "Au moins",
            "date_cible": date(2019, 12, 31),
        }
    ]
    rows["mesures_locales"] = [
        {"indicateur": "i1", "date": date(2018, 12, 31), "valeur": 18, "sur": 64, **value}
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, []),
        ({"sur": None}, [("part_sans_base", "Mesures locales", "D5")]),
        ({"sur": 17}, [("part_sans_base", "Mesures locales", "D5")]),
        ({"sur": 18}, []),
        ({"valeur": 28.1}, [("personnes_entieres", "Mesures locales", "C5")]),
        ({"valeur": -1}, [("personnes_entieres", "Mesures locales", "C5")]),
        ({"date": date(2019, 1, 1)}, [("posterieur_arrete", "Mesures locales", "B5")]),
        ({"indicateur": "I2"}, [("indicateur_inconnu", "Mesures locales", "A5")]),
    ],
)
def test_a_local_value_is_of_an_indicator_and_of_its_kind(
    found: Found, value: dict[str, object], expected: list[tuple[str, str, str]]
) -> None:
    assert found(lambda rows: local(rows, **value)) == expected


def test_the_day_at_which_data_stop_has_been(found: Found) -> None:
    tomorrow, today = date.today() + timedelta(days=1), date.today()
    assert found(change("depot", 0, date_arrete=tomorrow)) == [("arrete_a_venir", "Dépôt", "C4")]
    assert found(change("depot", 0, date_arrete=today)) == []


def test_an_indicator_answers_a_question_and_its_values_fall_with_it(found: Found) -> None:
    def without_question(rows: Rows) -> None:
        local(rows)
        rows["indicateurs_locaux"][0]["question"] = "Q2"

    assert found(without_question) == [
        ("question_inconnue", "Indicateurs locaux", "B5"),
        ("reference_refusee", "Mesures locales", "A5"),
    ]


def test_what_another_row_leaves_blank_is_blank_too(found: Found) -> None:
    """With a number on one row, a blank on the next is read as « not a number »: it is still a blank."""

    def two(rows: Rows) -> None:
        local(rows)
        bare = {**rows["indicateurs_locaux"][0], "indicateur": "I2"}
        rows["indicateurs_locaux"].append({**bare, "cible": None, "sens_cible": None, "date_cible": None})
        rows["mesures_locales"].append({**rows["mesures_locales"][0], "indicateur": "I2", "sur": None})

    assert found(two) == [("part_sans_base", "Mesures locales", "D6")]


def test_a_target_typed_as_a_percentage_is_asked_about(found: Found) -> None:
    """A spreadsheet makes 0.3 of « 30 % », and the page would read 0.3 %."""

    def share(rows: Rows) -> None:
        local(rows)
        rows["indicateurs_locaux"][0].update(mesure="Part de personnes (%)", cible=0.3)

    assert ("part_en_fraction", "Indicateurs locaux", "G5") in found(share)


def test_half_a_target_is_told(found: Found) -> None:
    def half(rows: Rows) -> None:
        local(rows)
        rows["indicateurs_locaux"][0]["date_cible"] = None

    assert found(half) == [("cible_incomplete", "Indicateurs locaux", "G5")]


@pytest.mark.parametrize("spelled", ["P1", "p-1", "P 1", "P\u00a01"])
def test_a_contract_names_a_person_however_she_is_spelled(found: Found, spelled: str) -> None:
    assert found(change("contrats", 0, personne=spelled)) == []


def test_identifiers_that_only_a_hyphen_tells_apart_are_refused_both(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    rows = tables()
    rows["personnes"][2]["personne"] = "P2"
    deposit = read(write(tmp_path / "envoi", referentiel, rows), referentiel)
    told = {c.cellule: c for c in deposit.constats if c.regle == "identifiants_confondus"}
    assert set(told) == {"A6", "A7"} and "A7" in told["A6"].trouve and "A6" in told["A7"].trouve
    assert deposit.lectures["personnes"].refusees == 2
    assert [c.cellule for c in deposit.constats if c.regle == "reference_refusee"] == ["A6"]


def test_one_identifier_twice_is_one_row_too_many(found: Found) -> None:
    assert found(change("personnes", 2, personne="p-2")) == [("doublon", "Personnes", "A7")]
