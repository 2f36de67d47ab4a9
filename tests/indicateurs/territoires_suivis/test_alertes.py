"""Every rule of alert: what raises it, what does not, what leaves it unjudged; and how a silence ends."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from small import REPOSITORY

from analysis.indicateurs.habilitation.declares import load_declares
from analysis.indicateurs.territoires_suivis.alertes import evaluer, reached
from analysis.indicateurs.territoires_suivis.declares import load_silences, load_suivis, taire
from analysis.indicateurs.territoires_suivis.records import (
    Alerte,
    CodeAlerte,
    Regle,
    Releve,
    Silence,
    TerritoireSuivi,
)
from analysis.noyau.errors import BilanError, InvalidData, UnknownName
from analysis.noyau.paths import Project

HERE = Project.here()
DECLARED = load_suivis(HERE)
assert DECLARED is not None
REGLES = {regle.alerte: regle for regle in DECLARED.regles}
LAW = load_declares(HERE)
assert LAW is not None
REGIMES = LAW.regimes
JOUR = date(2026, 11, 28)


def _place(*releves: Releve) -> TerritoireSuivi:
    found = {}
    for releve in releves:
        found.setdefault(releve.quantite, []).append(releve)
    sorted_ = {name: tuple(sorted(some, key=lambda r: r.end)) for name, some in found.items()}
    return TerritoireSuivi("val", "Val", "58", "2022", True, None, releves=sorted_)


def _found(
    place: TerritoireSuivi, alerte: CodeAlerte, jour: date = JOUR, silences: Sequence[Silence] = ()
) -> Alerte:
    (found,) = evaluer(place, [REGLES[alerte]], REGIMES, silences, jour).alertes
    return found


ETP = [Releve("etp", "2026-06", 8.4), Releve("etp_prevus", "2026", 10.0)]


@pytest.mark.parametrize(
    ("alerte", "releves", "attendu"),
    [
        ("depot_en_retard", [Releve("depot", "2025-11-27")], "levee"),
        ("depot_en_retard", [Releve("depot", "2025-11-28")], "calme"),
        ("depot_en_retard", [], "non_evaluee"),
        ("depot_en_retard", [Releve("depot", "2027-01-01")], "non_evaluee"),
        ("etp_sous_plan", ETP, "levee"),
        ("etp_sous_plan", [Releve("etp", "2026-06", 8.5), ETP[1]], "calme"),
        ("etp_sous_plan", [ETP[0]], "non_evaluee"),
        ("etp_sous_plan", [ETP[1]], "non_evaluee"),
        ("etp_sous_plan", [ETP[0], Releve("etp_prevus", "2027", 100.0)], "non_evaluee"),
        ("etp_sous_plan", [*ETP, Releve("etp", "2026-09", None, "masquee")], "secret"),
        ("etp_sous_plan", [*ETP, Releve("etp", "2026-09", None, "absente")], "levee"),
        ("etp_sous_plan", [ETP[0], Releve("etp_prevus", "2026", 0.0)], "non_evaluee"),
        (
            "attente_en_hausse",
            [Releve("attente", "2026-01-31", 50), Releve("attente", "2026-10-31", 56)],
            "levee",
        ),
        (
            "attente_en_hausse",
            [Releve("attente", "2026-01-31", 50), Releve("attente", "2026-10-31", 55)],
            "calme",
        ),
        (
            "attente_en_hausse",
            [Releve("attente", "2026-06-30", 50), Releve("attente", "2026-10-31", 90)],
            "non_evaluee",
        ),
        ("attente_en_hausse", [Releve("attente", "2026-10-31", 90)], "non_evaluee"),
        (
            "attente_en_hausse",
            [Releve("attente", "2026-01-31", 0), Releve("attente", "2026-10-31", 1)],
            "levee",
        ),
        (
            "attente_en_hausse",
            [Releve("attente", "2026-01-31", None, "masquee"), Releve("attente", "2026-10-31", 90)],
            "secret",
        ),
        ("resultat_negatif", [Releve("resultat", "2025", -0.01)], "levee"),
        ("resultat_negatif", [Releve("resultat", "2025", 0.0)], "calme"),
        ("resultat_negatif", [Releve("resultat", "2024", -9.0), Releve("resultat", "2025", 1.0)], "calme"),
        ("resultat_negatif", [], "non_evaluee"),
        (
            "resultat_negatif",
            [Releve("resultat", "2025", 5.0, de="a"), Releve("resultat", "2025", -1.0, de="b")],
            "levee",
        ),
        (
            "resultat_negatif",
            [Releve("resultat", "2025", 5.0, de="a"), Releve("resultat", "2025", None, "masquee", de="b")],
            "secret",
        ),
        ("cle_silencieux", [Releve("cle", "2026-05-27")], "levee"),
        ("cle_silencieux", [Releve("cle", "2026-05-28")], "calme"),
        ("cle_silencieux", [], "non_evaluee"),
    ],
)
def test_each_rule(alerte: CodeAlerte, releves: list[Releve], attendu: str) -> None:
    assert _found(_place(*releves), alerte).etat == attendu


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 1, 1), "calme"),  # exactly 180 days before the end of June
        (date(2026, 1, 2), "levee"),
        (date(2026, 7, 1), "calme"),
        (date(2026, 7, 5), "levee"),
        (date(2026, 12, 31), "levee"),
        (date(2027, 1, 1), "levee"),
    ],
)
def test_the_end_of_the_regime_on_both_sides(jour: date, attendu: str) -> None:
    assert _found(_place(), "regime_finissant", jour).etat == attendu


def test_what_is_told_after_the_last_known_day() -> None:
    assert "régime expiré ou inconnu" not in _found(_place(), "regime_finissant", date(2026, 12, 31)).dit
    assert (
        _found(_place(), "regime_finissant", date(2027, 1, 1)).dit
        == "régime expiré ou inconnu au 1er janvier 2027"
    )


def test_a_project_without_a_law_judges_no_regime() -> None:
    (found,) = evaluer(_place(), [REGLES["regime_finissant"]], (), (), JOUR).alertes
    assert found.etat == "non_evaluee"


def test_the_threshold_is_that_of_the_data() -> None:
    softer = replace(REGLES["etp_sous_plan"], seuil=0.5)
    (found,) = evaluer(_place(*ETP), [softer], REGIMES, (), JOUR).alertes
    assert found.etat == "calme"
    assert found.dit.startswith("8,4 ETP (juin 2026) sur 10 prévus")


def test_a_silenced_alert_comes_back_on_the_day_after() -> None:
    silence = Silence("val", "etp_sous_plan", date(2026, 12, 15), "Travaux", date(2026, 11, 1), "Équipe")
    states = {
        day: _found(_place(*ETP), "etp_sous_plan", day, [silence]).etat
        for day in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 15), date(2026, 12, 16))
    }
    assert list(states.values()) == ["levee", "tue", "tue", "levee"]
    assert (
        "en silence jusqu'au 15 décembre 2026 : Travaux"
        in _found(_place(*ETP), "etp_sous_plan", JOUR, [silence]).dit
    )


def test_a_silence_is_of_one_place_and_one_alert_and_makes_nothing_of_a_calm_one() -> None:
    silence = Silence("val", "etp_sous_plan", date(2026, 12, 15), "Travaux", date(2026, 11, 1), "Équipe")
    elsewhere, other = replace(silence, territoire="vide"), replace(silence, alerte="resultat_negatif")
    assert _found(_place(*ETP), "etp_sous_plan", JOUR, [elsewhere, other]).etat == "levee"
    calm = _place(Releve("etp", "2026-06", 10.0), ETP[1])
    assert _found(calm, "etp_sous_plan", JOUR, [silence]).etat == "calme"


def test_the_part_of_a_plan_is_of_the_same_year() -> None:
    assert reached(_place(*ETP)) == pytest.approx(0.84)
    assert reached(_place(ETP[0])) is None
    assert reached(_place()) is None


def test_a_value_that_is_withheld_is_no_value() -> None:
    with pytest.raises(ValueError, match="masquee"):
        Releve("etp", "2026-06", 8.4, "masquee")
    with pytest.raises(ValueError, match="calculee"):
        Releve("etp", "2026-06")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    shutil.copytree(REPOSITORY / "data" / "dictionary", project.dictionary)
    shutil.copytree(HERE.territoires_suivis, project.territoires_suivis)
    return project


SILENCE = Silence("antony", "etp_sous_plan", date(2026, 12, 31), "Un motif, avec une virgule", JOUR, "Équipe")


def test_a_silence_is_written_behind_the_others_and_read_back(project: Project) -> None:
    taire(project, SILENCE, connus=["antony", "bondy"])
    second = replace(SILENCE, territoire="bondy")
    taire(project, second, connus=["antony", "bondy"])
    assert load_silences(project) == (SILENCE, second)


@pytest.mark.parametrize(
    ("changed", "error", "match"),
    [
        ({"territoire": "antonie"}, UnknownName, "antony"),
        ({"alerte": "etp"}, UnknownName, "etp_sous_plan"),
        ({"motif": " "}, BilanError, "--motif"),
        ({"par": ""}, BilanError, "--par"),
        ({"jusqu_au": date(2026, 11, 27)}, BilanError, "à venir"),
    ],
)
def test_a_silence_that_says_too_little_is_refused(
    project: Project, changed: dict[str, object], error: type[Exception], match: str
) -> None:
    before = (project.territoires_suivis / "silences.csv").read_bytes()
    with pytest.raises(error, match=match):
        taire(project, replace(SILENCE, **changed), connus=["antony", "bondy"])  # type: ignore[arg-type]
    assert (project.territoires_suivis / "silences.csv").read_bytes() == before


def test_it_is_not_set_twice_on_a_day(project: Project) -> None:
    taire(project, SILENCE, connus=["antony"])
    with pytest.raises(BilanError, match="déjà"):
        taire(project, SILENCE, connus=["antony"])


def test_an_unknown_rule_is_refused(project: Project) -> None:
    path = project.territoires_suivis / "alertes.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + "autre,Autre,etp,1,mois,Une règle.\n", encoding="utf-8"
    )
    with pytest.raises(InvalidData):
        load_suivis(project)


@pytest.mark.parametrize("row", ["antony,etp,2026,,,", "antony,cle,2026-05-01,3,,"])
def test_a_reading_with_or_without_the_value_that_it_should_have_is_told(project: Project, row: str) -> None:
    path = project.territoires_suivis / "releves.csv"
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    with pytest.raises(BilanError, match="releves.csv, « antony »"):
        load_suivis(project)


def test_every_followed_territory_of_the_real_bilan_is_named_by_a_list_of_the_register() -> None:
    from analysis.sources.register import load_register

    figures = {c.numero: c for c in load_register(HERE).chiffres}
    assert DECLARED is not None
    assert len(DECLARED.territoires) == 37
    for place in DECLARED.territoires:
        assert place.chiffre is not None
        listed = figures[place.chiffre]
        assert listed.periode is not None and listed.periode.text == place.date_habilitation
        assert listed.periode_sure is place.date_sure, place.code
        first = place.nom.replace("É", "E").split(" (")[0].split(",")[0].split(" et ")[0]
        words = f"{listed.valeur_imprimee} {listed.champ}".replace("É", "E")
        assert first.split()[0] in words, place.nom
        for releve in place.known("etp_prevus"):
            assert releve.chiffre is not None and figures[releve.chiffre].valeur == releve.valeur


def test_a_rule_has_the_same_name_in_the_code_and_in_the_data() -> None:
    assert set(REGLES) == {
        "depot_en_retard",
        "etp_sous_plan",
        "attente_en_hausse",
        "resultat_negatif",
        "cle_silencieux",
        "regime_finissant",
    }
    assert all(isinstance(regle, Regle) and regle.regle for regle in REGLES.values())
