"""Tables and charts carry what a screen reader needs."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from analysis.presentation.parts.blocks import Column, Table, number, too_few


def test_table_has_a_caption_and_scoped_heads() -> None:
    table = Table("essai", "Un essai", (Column("Lieu"), Column("Nombre", True)), [["Val", "1"]])
    soup = BeautifulSoup(table.block().html, "lxml")
    assert soup.caption is not None and soup.caption.get_text() == "Un essai"
    assert [th["scope"] for th in soup.find_all("th")] == ["col", "col", "row"]
    assert soup.find(id="essai") is not None
    assert [td["class"] for td in soup.find_all("td")] == [["nombre"]]


def test_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="a row of 1 cells for 2"):
        Table("essai", "Un essai", (Column("a"), Column("b")), [["seul"]])


def test_a_few_points_are_a_sentence_with_their_dates_and_their_sources() -> None:
    block = too_few("Salariés <b>", ["25 (février 2017)"], anchor="effectifs-ebe", note="Source : essai.")
    soup = BeautifulSoup(block.html, "lxml")
    assert soup.find(id="effectifs-ebe") is not None and soup.find("b") is None
    assert [p.get_text().replace("\u00a0", " ") for p in soup.find_all("p")] == [
        "Salariés <b> : 25 (février 2017).",
        "Source : essai.",
    ]


def test_nothing_is_not_a_few_points() -> None:
    with pytest.raises(ValueError, match="no point to tell"):
        too_few("Salariés", [], anchor="effectifs-ebe")


def shown(column: list[str]) -> list[str]:
    table = Table("t", "T", (Column("Lieu"), Column("Nombre", True)), [["x", cell] for cell in column])
    return [td.get_text() for td in BeautifulSoup(table.inner(), "lxml").find_all("td")]


def test_the_numbers_of_a_column_show_as_many_decimals_unit_by_unit() -> None:
    column = [number("10", 10, "%"), number("9,9", 9.9, "%"), "secret", number("3", 3, "fois")]
    assert shown(column) == ["10,0", "9,9", "secret", "3"]
    euros = [number("2\u202f188", 2188, "€"), number("45,2", 45.2, "€")]
    assert shown(euros) == ["2\u202f188", "45,2"]


def test_a_number_that_a_source_prints_keeps_its_own_decimals() -> None:
    linked = '<a href="registre.html#chiffre-1" class="chiffre">56</a>'
    series = '<a href="series.html#x" class="chiffre">8</a>'
    column = [number(linked, 56, "%"), number("44,1", 44.1, "%"), number(series + " (1)", 8, "%")]
    assert shown(column) == ["56", "44,1", "8,0 (1)"]
