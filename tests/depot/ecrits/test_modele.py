"""The workbook that territories fill is the dictionary, and LibreOffice itself loses nothing of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from deposits import read
from openpyxl.workbook import Workbook

from analysis.depot.ecrits.modele import LAST_ROW, write_workbook
from analysis.depot.formes.layout import LISEZ_MOI, LISTES
from analysis.depot.referentiel import Referentiel


@pytest.fixture
def model(referentiel: Referentiel, tmp_path: Path) -> Path:
    path = tmp_path / "depot-val.xlsx"
    write_workbook(path, referentiel, "val")
    return path


def dropdowns(book: Workbook) -> dict[str, list[tuple[str, str]]]:
    """The cells of each sheet that choose from a list, and from which one."""
    return {
        sheet.title: sorted(
            (str(v.sqref), str(v.formula1).replace("'", "")) for v in sheet.data_validations.dataValidation
        )
        for sheet in book
    }


def notes(book: Workbook) -> dict[str, list[str]]:
    return {
        sheet.title: [cell.comment.text for row in sheet.iter_rows(max_row=5) for cell in row if cell.comment]
        for sheet in book
    }


def saved(path: Path, form: str, folder: Path) -> Path:
    """The workbook once LibreOffice has opened and saved it in that form."""
    profile = (folder / "profil").as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        form,
        "--outdir",
        folder,
    ]
    subprocess.run([*command, path], check=True, capture_output=True, timeout=120)
    return folder / f"{path.stem}.{form.partition(':')[0]}"


def test_sheets_headers_notes_and_lists_come_from_the_dictionary(
    model: Path, referentiel: Referentiel
) -> None:
    book = openpyxl.load_workbook(model)
    assert book.sheetnames == [LISEZ_MOI, *(sheet.feuille for sheet in referentiel.layout.sheets), LISTES]
    known = referentiel.known("val")
    for sheet in referentiel.layout.sheets:
        page, fields = book[sheet.feuille], {field.champ: field for field in referentiel.fields[sheet.table]}
        assert [cell.value for cell in page[3]] == [column.entete for column in sheet.columns]
        for cell, column in zip(page[3], sheet.columns, strict=True):
            field = fields[column.champ]
            assert cell.comment.text.startswith(field.definition)
            wanted = page.cell(2, cell.column).value
            assert wanted.endswith("ou vide") is not field.obligatoire
        lists = [column for column in sheet.columns if fields[column.champ].type == "liste"]
        assert len(dropdowns(book)[sheet.feuille]) == len(lists)
    letters, last = dropdowns(book)["Contrats"][0][1].removeprefix(f"{LISTES}!").split(":")
    chosen = [cell.value for (cell,) in book[LISTES][f"{letters}:{last}".replace("$", "")]]
    assert chosen == list(known["ebe.nom"]) == ["Essai 58"]


def test_the_model_as_handed_out_awaits_three_cells_and_its_rows(
    model: Path, referentiel: Referentiel
) -> None:
    found = [(c.regle, c.cellule) for c in read(model, referentiel).constats if c.regle != "feuille_vide"]
    assert found == [("valeur_manquante", "C4"), ("valeur_manquante", "D4"), ("valeur_manquante", "E4")]


def test_the_same_model_is_the_same_bytes(model: Path, referentiel: Referentiel, tmp_path: Path) -> None:
    write_workbook(tmp_path / "autre.xlsx", referentiel, "val")
    assert (tmp_path / "autre.xlsx").read_bytes() == model.read_bytes()


def test_a_territory_without_ebe_gets_a_model_without_their_list(
    referentiel: Referentiel, tmp_path: Path
) -> None:
    write_workbook(tmp_path / "a.xlsx", referentiel, "vide")
    assert len(dropdowns(openpyxl.load_workbook(tmp_path / "a.xlsx"))["Contrats"]) == 2


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice n'est pas installé")
def test_libreoffice_keeps_every_list_note_and_value(
    model: Path, referentiel: Referentiel, tmp_path: Path
) -> None:
    before = openpyxl.load_workbook(model)
    as_ods = saved(model, "ods", tmp_path / "ods")
    content = zipfile.ZipFile(as_ods).read("content.xml").decode()
    assert len(re.findall("<office:annotation ", content)) == sum(map(len, notes(before).values()))
    again = saved(as_ods, "xlsx:Calc MS Excel 2007 XML", tmp_path / "xlsx")
    after = openpyxl.load_workbook(again)
    assert dropdowns(after) == dropdowns(before)
    assert notes(after) == notes(before)
    assert str(dropdowns(after)["ETP"][0][0]) == f"A4:A{LAST_ROW + 1}"
    values = {s.title: [[c.value for c in row] for row in s.iter_rows(max_row=5)] for s in before}
    assert {s.title: [[c.value for c in row] for row in s.iter_rows(max_row=5)] for s in after} == values
    told = [constat.regle for constat in read(model, referentiel).constats]
    for path in (as_ods, again):
        assert [constat.regle for constat in read(path, referentiel).constats] == told
