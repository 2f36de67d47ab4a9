"""Accepted results are read as they were written, the same bytes again, and what moves is told cell by cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small import write_small_project

from analysis.impact import resultats
from analysis.impact.records import (
    Annee,
    Comparaison,
    Diagnostic,
    Dynamique,
    Epreuve,
    Estimate,
    Estimation,
    Foret,
    Honnete,
    Poids,
    Resultats,
    SansUn,
    Taille,
    Tendance,
)
from analysis.noyau.declared.dictionary import load_fields
from analysis.noyau.errors import BilanError, InvalidData
from analysis.noyau.paths import Project

SOME = Resultats(
    protocole="ab12",
    protocole_date="2026-11-28",
    entrees={"urssaf": "cd34"},
    comparaisons=(
        Comparaison(
            *("premery", "emploi_prive", "commune", "58218", "commune de Prémery", 2017, 3, 4, 80),
            *(260.0, 87.0, 104.0, "2018-09", 40.5, 15.6, ""),
        ),
        Comparaison(
            *("thiers", "emploi_prive", "commune", "63430", "commune de Thiers", 2017, 3, 4, 60),
            *(4596.0, None, None, "", 300.0, 6.5, "Un quartier ne se voit pas dans sa ville."),
        ),
    ),
    annees=(
        Annee("premery", "emploi_prive", "last", 2017, 341.0, 258.123457, 240.0, 280.0),
        Annee("premery", "emploi_prive", "last", 2016, None, 260.0, None, None),
    ),
    poids=(Poids("premery", "emploi_prive", "controle_synthetique", "58001", "Achun", 0.25),),
    estimations=(
        Estimation(
            *("premery", "emploi_prive", "2017/2020"),
            Estimate(
                *(30.5, "pour_cent"),
                rank=1,
                placebos=80,
                method="did",
                donors=80,
                pre_fit=0.01,
                identified=(-1.0, 40.0),
                base="last",
            ),
        ),
        Estimation(
            *("thiers", "emploi_prive", "2017/2020"),
            Estimate(None, "pour_cent", method="did", reason="Un quartier ne se voit pas dans sa ville."),
        ),
        Estimation(
            *("national", "emploi_prive", "2017/2020"),
            Estimate(1.5, "pour_cent", low=-1.0, high=4.0, method="did", treated=6, base="mean"),
        ),
    ),
    diagnostics=(Diagnostic("premery", "emploi_prive", "did", "retournement", None, None, False, "Rien."),),
    epreuves=(
        Epreuve("emploi_prive", "2017/2020", "last", "tirage", 0.1, 0.02, 0.04, 999, "Rien n'a lieu."),
    ),
    sans_un=(SansUn("emploi_prive", "2017/2020", "last", "premery", 0.5, "pour_cent", 0.4),),
    foret=(Foret("emploi_prive", "2017/2020", "last", "premery", 30.5, 10.0, 51.0, 0.1, "pour_cent"),),
    dynamique=(Dynamique("emploi_prive", "last", "etude_evenement", -1, 0.0, None, None, 6, "pour_cent"),),
    tendances=(Tendance("emploi_prive", "premery", -2.5, "pour_cent", 0.3, 0.05),),
    honnete=(Honnete("emploi_prive", "last", 0.5, -3.0, 5.0, "pour_cent"),),
    tailles=(Taille("emploi_prive", "did", 1, 3, 80, 0.05, 0.052, 500),),
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(write_small_project(tmp_path))


def test_every_table_is_declared_with_the_columns_of_its_record() -> None:
    declared = load_fields(Project.here())
    for name, (record, key) in resultats.TABLES.items():
        columns = tuple(field.champ for field in declared[f"impact_{name}"])
        assert columns == resultats.columns(record)
        assert set(key) <= set(columns)


def test_what_is_written_is_read_again_and_written_the_same(project: Project, tmp_path: Path) -> None:
    written = resultats.write_resultats(SOME, resultats.folder(project))
    read = resultats.load_resultats(project)
    assert read is not None
    assert set(read.annees) == set(SOME.annees)
    assert set(read.estimations) == set(SOME.estimations)
    again = resultats.write_resultats(read, tmp_path / "again")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]
    assert not list(resultats.changed(SOME, read))


def test_a_project_without_results_has_none(project: Project) -> None:
    assert resultats.load_resultats(project) is None


def test_what_moves_is_told_by_table_row_and_column() -> None:
    moved = replace(SOME, tailles=(replace(SOME.tailles[0], mesure=0.41),), poids=())
    assert list(resultats.changed(SOME, moved)) == [
        (*("poids", ("premery", "emploi_prive", "controle_synthetique", "58001"), ""), "présent", "absent"),
        ("tailles", ("emploi_prive", "did", "1", "3", "80", "0.05"), "mesure", "0.052", "0.41"),
    ]


def test_a_row_that_contradicts_itself_is_named(project: Project) -> None:
    place = resultats.folder(project)
    resultats.write_resultats(SOME, place)
    table = place / "estimations.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("30.5,pour_cent,,", "30.5,pour_cent,1,4"))
    with pytest.raises(
        BilanError, match=r"estimations\.csv : la ligne « premery / emploi_prive / 2017/2020 »"
    ):
        resultats.load_resultats(project)
    table.write_text("territoire\npremery\n")
    with pytest.raises(InvalidData, match=r"estimations\.csv"):
        resultats.load_resultats(project)


def test_a_provenance_that_does_not_read_is_named(project: Project) -> None:
    place = resultats.folder(project)
    resultats.write_resultats(SOME, place)
    (place / "provenance.toml").write_text("protocole = \n")
    with pytest.raises(BilanError, match=r"provenance\.toml ne se lit pas"):
        resultats.load_resultats(project)
