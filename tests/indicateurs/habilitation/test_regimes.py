"""The régimes as they are declared: on both sides of their days, and never more than was read."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date

import pytest

from analysis.indicateurs.habilitation.declares import Declares, load_declares, load_jour
from analysis.indicateurs.habilitation.examen import (
    appel_ouvert,
    dernier_appel,
    differents,
    en_vigueur,
    examiner,
    taux_vote,
)
from analysis.indicateurs.habilitation.records import Deliberation, Dossier, Emplois, Piece, Regime
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.sources.register import load_register

HERE = Project.here()


@pytest.fixture(scope="module")
def declares() -> Declares:
    found = load_declares(HERE)
    assert found is not None
    return found


def _code(regime: Regime | None) -> str:
    return regime.regime if regime else ""


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2016, 2, 28), ""),
        (date(2016, 2, 29), "loi-2016"),
        (date(2020, 12, 13), "loi-2016"),
        (date(2020, 12, 14), "loi-2020"),
        (date(2026, 6, 30), "loi-2020"),
        (date(2026, 7, 1), "prolongation-2026"),
        (date(2026, 12, 31), "prolongation-2026"),
        (date(2027, 1, 1), ""),
    ],
)
def test_what_is_in_force_on_both_sides_of_each_day(declares: Declares, jour: date, attendu: str) -> None:
    assert _code(en_vigueur(declares.regimes, jour)) == attendu


def test_a_bill_is_never_in_force_whatever_days_it_says(declares: Declares) -> None:
    bill = next(r for r in declares.regimes if r.nature == "proposition")
    dated = replace(bill, debut=date(2027, 1, 1), fin=date(2031, 12, 31))
    assert en_vigueur([dated], date(2028, 1, 1)) is None
    assert (bill.debut, bill.fin) == (None, None)


@pytest.mark.parametrize(
    ("jour", "ouvert", "dernier"),
    [
        (date(2021, 7, 1), "", ""),
        (date(2021, 7, 2), "loi-2020", ""),
        (date(2024, 6, 30), "loi-2020", ""),
        (date(2024, 7, 1), "", "loi-2020"),
        (date(2026, 11, 28), "", "loi-2020"),
    ],
)
def test_the_call_closed_when_its_source_says(
    declares: Declares, jour: date, ouvert: str, dernier: str
) -> None:
    assert _code(appel_ouvert(declares.regimes, jour)) == ouvert
    assert _code(dernier_appel(declares.regimes, jour)) == dernier


def test_no_end_is_said_to_be_read_in_the_text(declares: Declares) -> None:
    assert not any(regime.fin_lue for regime in declares.regimes)
    assert all(regime.note for regime in declares.regimes)


def test_what_a_regime_cites_is_in_the_register(declares: Declares) -> None:
    figures = {c.numero: c for c in load_register(HERE).chiffres}
    assert all(numero in figures for regime in declares.regimes for numero in regime.chiffres)
    call = next(r for r in declares.regimes if r.regime == "loi-2020")
    assert figures[376].periode is not None and call.appel_fin == figures[376].periode.end
    assert figures[633].periode is not None and call.appel_debut == figures[633].periode.end
    named = {p.chiffre: p.valeur for p in declares.parametres if p.chiffre is not None}
    assert named == {352: 0.30, 846: 15}
    assert (figures[352].valeur, figures[846].valeur) == (30, 15)


def test_every_criterion_that_is_asked_says_what_proves_it_and_where_it_was_read(declares: Declares) -> None:
    for critere in declares.criteres:
        if critere.exigence == "exige":
            assert critere.preuve and critere.lecture, critere.critere
        if critere.source == "non établi":
            assert critere.exigence == "non_etabli", critere.critere


def test_a_regime_that_ends_before_it_begins_is_refused(declares: Declares) -> None:
    with pytest.raises(ValueError, match="finit avant de commencer"):
        replace(declares.regimes[0], fin=date(2015, 1, 1))


def _dossier(**changed: object) -> Dossier:
    whole = Dossier(
        code="essai",
        nom="Essai",
        departement="Creuse",
        arrete="2021-10-01",
        continu=True,
        population=7400,
        ppde=310,
        avis="",
        decret="",
        pieces=(
            Piece("creation_cle", "Création", "jointe"),
            Piece("diagnostic", "Diagnostic", "en_preparation"),
        ),
        deliberations=(Deliberation("Conseil", "departement", "2021-05-01", True, 0.15),),
        personnes=(),
        emplois=(Emplois(2022, 20.0),),
        series=(),
    )
    return replace(whole, **changed)  # type: ignore[arg-type]


def _verdicts(declares: Declares, dossier: Dossier, regime: str) -> dict[str, str]:
    return {e.critere: e.verdict for e in examiner(declares, dossier) if e.regime == regime}


def test_the_same_dossier_differs_where_the_two_laws_do(declares: Declares) -> None:
    without = _dossier(deliberations=())
    assert _verdicts(declares, without, "loi-2020")["departement"] == "manque"
    assert _verdicts(declares, without, "loi-2016")["departement"] == "facultatif"
    assert _verdicts(declares, without, "loi-2020")["part_departement"] == "manque"
    assert _verdicts(declares, without, "loi-2016")["part_departement"] == "sans_objet"
    assert _verdicts(declares, without, "loi-2016")["comite_local"] == "rempli"
    assert _verdicts(declares, without, "loi-2020")["comite_local"] == "rempli"
    unlike = [(a or b).critere for a, b in differents(examiner(declares, without), "loi-2016", "loi-2020")]  # type: ignore[union-attr]
    assert {"departement", "part_departement"} < set(unlike)
    assert "comite_local" not in unlike


def test_what_was_not_read_is_neither_met_nor_missed(declares: Declares) -> None:
    for dossier in (_dossier(), _dossier(pieces=(), deliberations=(), emplois=(), population=None)):
        assert set(_verdicts(declares, dossier, "ppl-1326").values()) == {"non_etabli"}
        assert _verdicts(declares, dossier, "loi-2016")["taille"] == "non_etabli"


@pytest.mark.parametrize(
    ("changed", "critere", "attendu"),
    [
        ({}, "profil", "en_preparation"),
        ({"pieces": ()}, "profil", "manque"),
        ({"pieces": (Piece("diagnostic", "Diagnostic", "absente"),)}, "profil", "manque"),
        ({"continu": None}, "perimetre", "manque"),
        ({"continu": False}, "perimetre", "non_rempli"),
        ({"population": 4999, "ppde": 401}, "taille", "non_rempli"),
        ({"population": 5000, "ppde": None}, "taille", "rempli"),
        ({"population": 10000, "ppde": 900}, "taille", "rempli"),
        ({"population": 30000, "ppde": 400}, "taille", "rempli"),
        ({"population": 30000, "ppde": None}, "taille", "manque"),
        ({"population": None, "ppde": None}, "taille", "manque"),
        (
            {"deliberations": (Deliberation("C", "departement", "2021-05-01", False),)},
            "departement",
            "non_rempli",
        ),
        (
            {"deliberations": (Deliberation("C", "departement", "2021-05-01", True, 0.149),)},
            "part_departement",
            "non_rempli",
        ),
        ({"deliberations": (Deliberation("C", "commune", "2021-05-01", True),)}, "collectivites", "rempli"),
        ({"deliberations": (Deliberation("C", "region", "2021-05-01", True),)}, "collectivites", "manque"),
        ({"emplois": ()}, "emplois", "manque"),
    ],
)
def test_each_kind_of_criterion(
    declares: Declares, changed: dict[str, object], critere: str, attendu: str
) -> None:
    assert _verdicts(declares, _dossier(**changed), "loi-2020")[critere] == attendu


def test_the_last_favourable_vote_of_the_departement_counts() -> None:
    votes = (
        Deliberation("C", "departement", "2021-05-01", True, 0.15),
        Deliberation("C", "departement", "2022-05-01", True, 0.30),
        Deliberation("C", "departement", "2023-05-01", False, 0.50),
    )
    assert taux_vote(_dossier(deliberations=votes)) == 0.30
    assert taux_vote(_dossier(deliberations=votes[2:])) is None


def test_the_day_of_judgement_is_written(project_with_day: Project) -> None:
    assert load_jour(project_with_day) == date(2026, 11, 28)
    (project_with_day.territoires_suivis / "lecture.toml").write_text('jour = "demain"\n', encoding="utf-8")
    with pytest.raises(BilanError, match="jour = 2026-11-28"):
        load_jour(project_with_day)
    (project_with_day.territoires_suivis / "lecture.toml").unlink()
    with pytest.raises(BilanError, match="illisible"):
        load_jour(project_with_day)


@pytest.fixture
def project_with_day(tmp_path: object) -> Project:
    project = Project(tmp_path)  # type: ignore[arg-type]
    project.territoires_suivis.mkdir(parents=True)
    (project.territoires_suivis / "lecture.toml").write_text("jour = 2026-11-28\n", encoding="utf-8")
    return project


def test_a_criterion_of_an_unknown_regime_is_refused(tmp_path: object) -> None:
    import shutil

    project = Project(tmp_path)  # type: ignore[arg-type]
    shutil.copytree(HERE.dictionary, project.dictionary)
    shutil.copytree(HERE.habilitation, project.habilitation)
    path = project.habilitation / "criteres.csv"
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(
            ["loi-2031", "x", "X", "exige", "piece", "diagnostic", "P", "", "", "S", "texte", ""]
        )
    with pytest.raises(BilanError, match="loi-2031"):
        load_declares(project)
