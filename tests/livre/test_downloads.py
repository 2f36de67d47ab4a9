"""What is downloaded is what the page shows: its numbers, its units, its words where there is no number."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from zipfile import ZipFile

import openpyxl
import pytest

from analysis.livre.articles import article_of_html
from analysis.livre.downloads import Dataset, csv_bytes, datasets, workbook_bytes, xlsx_bytes
from analysis.presentation.blocks import Chart, Column, Table, number
from analysis.presentation.style import Drawing

MINUS = "\u2212"
ROWS = [
    ["Val", number("1 234,5", 1234.5, "euros"), number(f"{MINUS}3", -3.0, "personnes"), "oui"],
    ["Vide", '<span class="secret">secret</span>', number("12", 12, "mois") + " (sur 20)", "=1+1"],
]
COLUMNS = (Column("Lieu"), Column("Montant", True), Column("Reste", True), Column("Dit"))
NOTE = "Source : dépôt du 1er septembre 2021."


def dataset() -> Dataset:
    table = Table("montants", "Montants", COLUMNS, ROWS, note=NOTE).block().html
    article = article_of_html(f'<h1 id="titre">Val</h1>{table}', name="val", numero="4")
    (found,) = datasets("val", article)
    return found


def test_a_table_becomes_columns_with_their_units() -> None:
    data = dataset()
    assert data.columns == (
        "Lieu",
        "Montant (euros)",
        "Reste",
        "Reste : unité",
        "Reste : précision",
        "Dit",
    )
    assert data.rows == (
        ("Val", 1234.5, -3.0, "personnes", "", "oui"),
        ("Vide", "secret", 12.0, "mois", "(sur 20)", "=1+1"),
    )
    assert (data.number, data.title, data.note) == ("Tableau\u00a04.1", "Montants", NOTE)
    assert data.file == "donnees/val--montants"


def test_a_figure_gives_the_values_that_it_draws() -> None:
    values = Table("donnees", "Valeurs", COLUMNS[:2], [ROWS[0][:2]])
    chart = (
        Chart("courbe", "Une courbe", Drawing(b"<svg/>", b"<svg/>"), "Courbe. Val : 1 234,5.", NOTE, values)
        .block()
        .html
    )
    (found,) = datasets("val", article_of_html(f'<h1 id="titre">V</h1>{chart}', name="val"))
    assert found.number == "Figure\u00a01" and found.title == "Une courbe" and found.note == NOTE
    assert found.rows == (("Val", 1234.5),)


def test_the_csv_opens_in_a_french_spreadsheet_and_runs_nothing() -> None:
    lines = csv_bytes(dataset(), "").decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Lieu;Montant (euros);Reste;Reste : unité;Reste : précision;Dit;Source et limites"
    assert lines[1] == f"Val;1234,5;-3;personnes;;oui;{NOTE}"
    assert lines[2] == f"Vide;secret;12;mois;(sur 20);'=1+1;{NOTE}"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+cmd|' /C calc'!A1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_of_a_csv_is_a_formula_even_in_its_heads(text: str) -> None:
    data = Dataset("val", "Val", "a", "Tableau 1", "T", (text, "Nombre"), ((text, -3.0),), text)
    file = io.StringIO(csv_bytes(data, "").decode("utf-8-sig"), newline="")
    assert list(csv.reader(file, delimiter=";")) == [
        [f"'{text}", "Nombre", "Source et limites"],
        [f"'{text}", "-3", f"'{text}"],
    ]


def test_every_row_of_an_invented_territory_says_so() -> None:
    rows = csv_bytes(dataset(), "Démonstration").decode("utf-8-sig").split("\r\n")[1:-1]
    assert all(row.endswith(f";Démonstration. {NOTE}") for row in rows)


def test_the_workbook_holds_numbers_text_and_what_to_know() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(dataset(), [("Livre", "Bilan")])))
    sheet, about = book["Données"], {row[0].value: row[1].value for row in book["À lire"]}
    assert [cell.value for cell in sheet[2]] == ["Val", 1234.5, -3, "personnes", None, "oui"]
    assert sheet["F3"].value == "=1+1" and sheet["F3"].data_type == "s"
    assert about["Lien permanent"] == "val.html#montants" and about["Livre"] == "Bilan"


def test_two_workbooks_are_the_same_bytes_without_any_clock() -> None:
    assert xlsx_bytes(dataset(), []) == xlsx_bytes(dataset(), [])
    with ZipFile(io.BytesIO(workbook_bytes([dataset(), dataset()], []))) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"2016-02-29" in archive.read("docProps/core.xml")


def test_rows_and_columns_go_together() -> None:
    with pytest.raises(ValueError, match="val#montants"):
        replace(dataset(), columns=("un",))
