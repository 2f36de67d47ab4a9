"""A declared correction applies to one cell, and stops the deposit once the cell has changed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from deposits import BOOK, places, read, tables, write

from analysis.depot.lecteurs.corrections import Correction, load_corrections
from analysis.depot.referentiel import Referentiel
from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project

HEADER = "territoire,table,cellule,valeur_trouvee,valeur_corrigee,raison,date,auteur\n"


def correction(cellule: str, found: str, right: str, table: str = "contrats") -> Correction:
    return Correction(
        "val", table, cellule, found, right, "confirmé par la direction", "2026-11-23", "évaluation"
    )


def test_a_corrected_cell_is_read_as_declared(referentiel: Referentiel, tmp_path: Path) -> None:
    rows = tables()
    rows["contrats"][0]["quotite"] = 8
    folder = write(tmp_path / "envoi", referentiel, rows)
    assert places(read(folder, referentiel).constats)[0] == ("borne", "Contrats", "F5")
    deposit = read(folder, referentiel, corrections=[correction("Contrats!F5", "8", "0.8")])
    assert deposit.constats == ()
    assert list(deposit.lectures["contrats"].frame["quotite"]) == [0.8, 1.0]
    assert [c.cellule for c in deposit.corrections] == ["Contrats!F5"]


@pytest.mark.parametrize("cellule", ["Contrats!F5", "Contrats!F99", "Contrats!ZZ5", "Autre!F5", "F5"])
def test_a_correction_without_object_stops_the_deposit(
    referentiel: Referentiel, tmp_path: Path, cellule: str
) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    deposit = read(folder, referentiel, corrections=[correction(cellule, "8", "0.8")])
    assert [constat.regle for constat in deposit.constats] == ["correction_perimee"]
    assert deposit.est_refuse(referentiel)


def test_a_formula_never_computed_can_be_corrected(referentiel: Referentiel, tmp_path: Path) -> None:
    folder = write(tmp_path / "envoi", referentiel)
    book = openpyxl.load_workbook(folder / BOOK)
    book["Contrats"]["F5"] = "=4/5"
    book.save(folder / BOOK)
    assert places(read(folder, referentiel).constats)[0] == ("formule_sans_valeur", "Contrats", "F5")
    assert read(folder, referentiel, corrections=[correction("Contrats!F5", "", "0.8")]).constats == ()


def test_another_territory_s_correction_does_not_apply(referentiel: Referentiel, tmp_path: Path) -> None:
    other = Correction("vide", "contrats", "Contrats!F5", "8", "0.8", "r", "2026-11-23", "a")
    assert read(write(tmp_path / "envoi", referentiel), referentiel, corrections=[other]).constats == ()


def test_corrections_are_read_with_the_deposits(small: Project) -> None:
    assert load_corrections(small, ["val"]) == ()
    small.depots.mkdir(parents=True)
    path = small.depots / "corrections.csv"
    path.write_text(HEADER, encoding="utf-8")
    assert load_corrections(small, ["val"]) == ()
    path.write_text(
        HEADER + "val,contrats,Contrats!F5,8,0.8,raison,2026-11-23,évaluation\n", encoding="utf-8"
    )
    assert load_corrections(small, ["val"])[0].valeur_corrigee == "0.8"
    path.write_text(HEADER + "autre,contrats,Contrats!F5,8,0.8,,2026,évaluation\n", encoding="utf-8")
    with pytest.raises(InvalidData, match=r"(?s)2 points.*raison.*territoire"):
        load_corrections(small, ["val"])
