"""The page of six hundred invented territories: what it weighs, and what a reader can do with it."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pages_suivies import habillee, page_de, suivis_de

from analysis.presentation.deposits.suivis_liste import sparkline


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    root: Path = tmp_path_factory.mktemp("suivis")
    return habillee(page_de(suivis_de(root, 600)()))


def test_six_hundred_territories_weigh_less_than_asked(page: str) -> None:
    content = page.encode()
    assert len(content) < 600_000
    assert len(gzip.compress(content, 9, mtime=0)) < 90_000
    assert page.count("<tr data-alertes=") == 600


def test_every_row_is_named_and_every_column_too(page: str) -> None:
    soup = BeautifulSoup(page, "lxml")
    table = soup.select_one("#suivis table")
    assert table is not None and table.caption is not None
    heads = [head.get_text() for head in table.select("thead th[scope=col]")]
    assert heads == ["Territoire", "Habilité", "Emploi", "Part du plan", "Liste d’attente", "Alertes"]
    rows = table.select("tbody tr")
    names = [row.select("th[scope=row]") for row in rows]
    assert {len(found) for found in names} == {1}
    assert len({found[0].get_text() for found in names}) == 600
    assert {len(row.select("td")) for row in rows} == {5}


def test_a_curve_is_decoration_and_a_number_stands_beside_it(page: str) -> None:
    for cell in BeautifulSoup(page, "lxml").select("#suivis td:has(svg)"):
        (curve,) = cell.select("svg")
        assert curve["aria-hidden"] == "true"
        assert cell.select_one("data") is not None


def test_what_is_not_known_is_a_word(page: str) -> None:
    soup = BeautifulSoup(page, "lxml")
    waiting = [row.select("td")[3].get_text() for row in soup.select("#suivis tbody tr")]
    unknown = [text for text in waiting if text == "non connu"]
    assert len(unknown) == len(range(0, 600, 7))  # one in seven says nothing of its waiting list
    assert not any(re.fullmatch(r"0\s.*", text) for text in waiting)


def test_the_filter_is_hidden_until_a_script_shows_it(page: str) -> None:
    soup = BeautifulSoup(page, "lxml")
    form = soup.select_one("#filtre")
    assert form is not None and form.has_attr("hidden")
    assert all(soup.select_one(f"label[for={field['id']}]") for field in form.select("input, select"))
    assert len(form.select("option")) == 8  # all, any, and the six rules
    status = soup.select_one("#filtre-compte")
    assert status is not None and status["role"] == "status"
    assert 'src="territoires-suivis.js"' in page


def test_a_curve_that_does_not_move_is_drawn() -> None:
    assert 'points="1,1 32,1 63,1"' in sparkline([(0, 5.0), (5, 5.0), (10, 5.0)])
    assert 'points="1,15 32,15 63,15"' in sparkline([(0, 0.0), (5, 0.0), (10, 0.0)])
    assert 'points="1,1 32,8 63,15"' in sparkline([(0, 2.0), (5, 0.0), (10, -2.0)])
