"""Tables and charts carry what a screen reader needs."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from analysis.presentation.blocks import Column, Table, too_few


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
