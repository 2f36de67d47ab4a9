"""The files of a table: what a French spreadsheet opens, what runs nothing, what a program reads."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from zipfile import ZipFile

import frictionless
import openpyxl
import pytest

from analysis.livre.article.dataset import Dataset, Field
from analysis.livre.article.downloads import (
    _of_one,
    csv_bytes,
    descriptor,
    permanent,
    workbook_bytes,
    xlsx_bytes,
)

PUBLISHER = {
    "nom": "Association",
    "url": "https://e.org/",
    "licence": "Licence Ouverte 2.0",
    "licence_url": "https://e.org/licence",
    "adresse": "",
}
DATA = Dataset(
    page="val",
    page_title="Val",
    anchor="montants",
    number="Tableau\u00a04.1",
    title="Montants",
    fields=(
        Field("Lieu"),
        Field("Montant (€)", "number", "€", codes=(("code de la zone", "58218"),)),
        Field("Date : début", "date", is_shown=False),
        Field("Montant : n° du registre", "integer", is_shown=False),
        Field("Dit"),
    ),
    rows=(
        ("Val", 1234.5, "2021-07-01", 12.0, "oui"),
        ("Vide", "secret", "", "", "=1+1"),
        ("Loin", "absent", "", "", ""),
    ),
    note="Source : dépôt du 1er septembre 2021 ; voir la méthode.",
    sources=(("s", "Essai, 2021 : Titre", "https://e.org/a"), ("t", "Sans adresse", "")),
)


def test_the_csv_opens_in_a_french_spreadsheet_runs_nothing_and_says_its_note_once() -> None:
    lines = csv_bytes(DATA, "").decode("utf-8-sig").split("\r\n")
    assert lines == [
        "Lieu;Montant (€);Date : début;Montant : n° du registre;Dit;Source et limites",
        f'Val;1234,5;2021-07-01;12;oui;"{DATA.note}"',
        "Vide;secret;;;'=1+1;",
        "Loin;absent;;;;",
        "",
    ]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1+cmd|' /C calc'!A1", "@SUM(A1)", "\t=1", "\r=1"]
    + ["\n=1", " =1", "\u00a0 +1", "＝1+1", "＠SUM(A1)", "\ufeff=1", "\u200b-1"],
)
def test_no_text_of_a_csv_is_a_formula_even_in_its_heads(text: str) -> None:
    fields = (Field(text), Field("Nombre", "number"))
    data = Dataset("val", "Val", "a", "Tableau 1", "T", fields, ((text, -3.0),), text)
    file = io.StringIO(csv_bytes(data, "").decode("utf-8-sig"), newline="")
    assert list(csv.reader(file, delimiter=";")) == [
        [f"'{text}", "Nombre", "Source et limites"],
        [f"'{text}", "-3", f"'{text}"],
    ]


def test_every_row_of_an_invented_territory_says_so() -> None:
    rows = csv_bytes(DATA, "Démonstration").decode("utf-8-sig").split("\r\n")[:-1]
    assert rows[0].endswith(";Avertissement") and all(row.endswith(";Démonstration") for row in rows[1:])


def test_the_workbook_holds_numbers_text_and_what_to_know() -> None:
    content = xlsx_bytes(DATA, [("Livre", "Bilan")], link=permanent(DATA, PUBLISHER))
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Données"]
    about = [(row[0].value, row[1].value) for row in book["À lire"]]
    assert [cell.value for cell in sheet[2]] == ["Val", 1234.5, "2021-07-01", 12, "oui"]
    assert sheet["E3"].value == "=1+1" and sheet["E3"].data_type == "s"
    assert ("Lien permanent", "val.html#montants") in about and ("Livre", "Bilan") in about
    assert ("Source", "Essai, 2021 : Titre. https://e.org/a") in about
    assert any(name == "« secret »" and "retenu" in str(meaning) for name, meaning in about)


def test_the_permanent_link_is_whole_where_the_site_says_where_it_stands() -> None:
    placed = PUBLISHER | {"adresse": "https://bilan.example/"}
    assert permanent(DATA, placed) == "https://bilan.example/val.html#montants"


def test_two_workbooks_are_the_same_bytes_without_any_clock() -> None:
    first = xlsx_bytes(DATA, [], link="a")
    _of_one.cache_clear()
    assert xlsx_bytes(DATA, [], link="a") == first
    with ZipFile(io.BytesIO(workbook_bytes([DATA, DATA], []))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"2016-02-29" in archive.read("docProps/core.xml")


@pytest.mark.parametrize("mark", ["", "Démonstration"])
def test_the_dictionary_describes_the_files_that_stand_beside_it(tmp_path: Path, mark: str) -> None:
    path = write_package(tmp_path, mark)
    report = frictionless.validate(str(path))
    assert report.valid, report.flatten(["type", "fieldName", "note"])
    (resource,) = frictionless.Package(str(path)).resources
    rows = resource.read_rows()
    assert [row["Montant (€)"] for row in rows] == [pytest.approx(1234.5), None, None]
    assert [str(row["Date : début"]) for row in rows] == ["2021-07-01", "None", "None"]
    described = json.loads(path.read_text(encoding="utf-8"))
    amount = described["resources"][0]["schema"]["fields"][1]
    assert (amount["unit"], amount["code de la zone"]) == ("€", "58218")
    assert described["resources"][0]["sources"][0] == {
        "title": "Essai, 2021 : Titre",
        "path": "https://e.org/a",
    }
    assert "retenu" in described["missing"]["secret"] and "jamais" not in described["missing"]


def test_the_dictionary_would_see_a_number_written_as_a_word(tmp_path: Path) -> None:
    path = write_package(tmp_path, "")
    file = tmp_path / "donnees" / "val--montants.csv"
    file.write_bytes(file.read_bytes().replace(b"1234,5", b"beaucoup"))
    assert not frictionless.validate(str(path)).valid


def write_package(folder: Path, mark: str) -> Path:
    (folder / "donnees").mkdir()
    (folder / f"{DATA.file}.csv").write_bytes(csv_bytes(DATA, mark))
    path = folder / "donnees" / "datapackage.json"
    path.write_bytes(descriptor([DATA], PUBLISHER, title="Bilan", status="Copie", mark=mark))
    return path
