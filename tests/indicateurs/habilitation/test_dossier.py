"""A candidate's workbook: written, filled, read with the findings of the deposits, kept."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small import REPOSITORY, write_small_project

from analysis.depot.ecrits.rapport import told
from analysis.depot.formes.constats import DepotError
from analysis.indicateurs.habilitation.dossier import candidats, ecrire, garder, lire, recu
from analysis.noyau.errors import UnknownName
from analysis.noyau.paths import Project

FIRST = {
    "date_arrete": date(2026, 6, 30),
    "deposant": "Équipe du CLE",
    "departement": "Creuse",
    "population": 7400,
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(write_small_project(tmp_path))
    shutil.copytree(REPOSITORY / "data" / "habilitation", project.habilitation)
    return project


def _rows(**tables: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {"depot": [FIRST], **tables}


def test_an_empty_workbook_says_what_the_first_sheet_lacks_and_nothing_is_kept(project: Project) -> None:
    path = ecrire(project, "haute-lande", "Haute-Lande")
    read = lire(project, path, "haute-lande")
    assert read.dossier is None
    assert {c.cellule for c in read.reponse.constats} == {"D4", "E4", "F4"}
    assert "Dossier arrêté au" in told(read.reponse, read.referentiel)


def test_a_filled_first_sheet_is_a_dossier_and_its_blanks_are_not_zeros(project: Project) -> None:
    read = lire(project, ecrire(project, "haute-lande", "Haute-Lande", _rows()), "haute-lande")
    assert read.reponse.constats == ()
    dossier = read.dossier
    assert dossier is not None
    assert (dossier.nom, dossier.population, dossier.ppde, dossier.continu) == (
        "Haute-Lande",
        7400,
        None,
        None,
    )
    assert (dossier.pieces, dossier.emplois, dossier.avis) == ((), (), "")


def test_every_sheet_is_read_in_its_order(project: Project) -> None:
    rows = _rows(
        candidat_pieces=[
            {"piece": "Plan de communication", "etat": "Jointe", "date_piece": date(2026, 5, 2)}
        ],
        candidat_deliberations=[
            {
                "collectivite": "Conseil départemental",
                "nature": "Département",
                "date_deliberation": date(2026, 4, 2),
                "favorable": "Oui",
                "taux_departement": 0.15,
            }
        ],
        candidat_personnes=[{"date_comptage": date(2026, 6, 30), "rencontrees": 12}],
        candidat_emplois=[{"annee": 2028, "etp_ppde": 30.5}, {"annee": 2027, "etp_ppde": 0}],
        candidat_series=[
            {"serie": "Population, en 2018", "valeur": 7350, "zone": "Commune", "source_serie": "Insee"}
        ],
    )
    dossier = lire(project, ecrire(project, "haute-lande", "Haute-Lande", rows), "haute-lande").dossier
    assert dossier is not None
    assert [(p.piece, p.etat, p.date) for p in dossier.pieces] == [
        ("plan_communication", "jointe", "2026-05-02")
    ]
    (vote,) = dossier.deliberations
    assert (vote.nature, vote.favorable, vote.taux, vote.montant) == ("departement", True, 0.15, None)
    assert (dossier.personnes[0].rencontrees, dossier.personnes[0].volontaires) == (12, None)
    assert [(e.annee, e.etp, e.encadrement) for e in dossier.emplois] == [
        (2027, 0.0, None),
        (2028, 30.5, None),
    ]
    assert dossier.series == (("population", 7350.0),)


def test_what_is_refused_is_told_at_its_cell_and_is_in_no_list(project: Project) -> None:
    rows = _rows(
        candidat_emplois=[{"annee": 2027, "etp_ppde": "beaucoup"}, {"annee": 2028, "etp_ppde": 12}],
        candidat_pieces=[
            {"piece": "Plan de communication", "etat": "Jointe", "remarque": "voir Jean Dupuis au 0612345678"}
        ],
    )
    read = lire(project, ecrire(project, "haute-lande", "Haute-Lande", rows), "haute-lande")
    assert read.dossier is not None
    assert {(c.regle, c.cellule) for c in read.reponse.constats} == {
        ("forme", "B5"),
        ("donnee_personnelle", "D5"),
    }
    assert [e.annee for e in read.dossier.emplois] == [2028]
    assert read.dossier.pieces == ()
    assert dict(read.dossier.refusees) == {"Emplois": 1, "Pièces": 1}
    assert "0612345678" not in told(read.reponse, read.referentiel)


def test_it_is_kept_and_read_back_the_same(project: Project) -> None:
    read = lire(project, ecrire(project, "haute-lande", "Haute-Lande", _rows()), "haute-lande")
    assert recu(project, "haute-lande") is None
    assert read.dossier is not None
    garder(project, read.dossier)
    assert recu(project, "haute-lande") == read.dossier
    assert candidats(project) == ["haute-lande"]
    with pytest.raises(UnknownName, match="haute-lande"):
        recu(project, "haute-land")


def test_a_workbook_is_not_replaced(project: Project) -> None:
    ecrire(project, "haute-lande", "Haute-Lande")
    with pytest.raises(DepotError, match="existe déjà"):
        ecrire(project, "haute-lande", "Haute-Lande")


@pytest.mark.parametrize("code", ["Haute Lande", "../val", "", "é", "a" * 31])
def test_a_code_that_is_none_is_refused(project: Project, code: str) -> None:
    with pytest.raises(DepotError, match="code de candidat"):
        ecrire(project, code, "Nom")


def test_an_habilitated_territory_is_no_candidate(project: Project) -> None:
    with pytest.raises(DepotError, match="déjà habilité"):
        ecrire(project, "val", "Val-d'Essai")


def test_another_candidate_s_workbook_is_refused(project: Project) -> None:
    path = ecrire(project, "haute-lande", "Haute-Lande", _rows())
    read = lire(project, path, "rives-du-moulin")
    assert read.dossier is None
    assert {c.regle for c in read.reponse.constats} == {"territoire_different"}


def test_a_missing_workbook_says_how_to_have_one(project: Project) -> None:
    with pytest.raises(DepotError, match="bilan candidat nouveau"):
        lire(project, project.candidats / "x" / "dossier-x.xlsx", "x")
