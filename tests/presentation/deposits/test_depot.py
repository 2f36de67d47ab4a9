"""What chapters show of deposits: what came and what was kept whole, never how many rows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup

from analysis.depot.garde.accuse import Apercu, TableRecue
from analysis.presentation.deposits import depot as vue
from analysis.presentation.parts.attentes import DEPOT, attente
from analysis.secret.bundle import Bundle, with_deposits

APERCU = Apercu(
    territoire="val",
    numero=2,
    recu_le=date(2021, 9, 1),
    arrete=date(2021, 6, 30),
    deposant="Chef de projet du CLE",
    version="2026-1",
    tables=(
        TableRecue("personnes", "Personnes", "presque_complete"),
        TableRecue("contrats", "Contrats", "complete"),
        TableRecue("reponses", "Réponses aux enquêtes", "incomplete"),
    ),
    a_confirmer=True,
)


@pytest.fixture
def sent(val: Bundle) -> Bundle:
    return with_deposits(val, [APERCU], "demonstration")


def rows(html: str) -> list[list[str]]:
    soup = BeautifulSoup(html, "lxml")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in soup.select("tbody tr")]


def test_each_table_says_in_words_how_much_of_it_was_refused(sent: Bundle) -> None:
    shown = vue.recu(sent).html.replace("\u202f", " ")
    assert rows(shown) == [
        ["Personnes", "moins d'une sur vingt"],
        ["Contrats", "aucune"],
        ["Réponses aux enquêtes", "une sur vingt ou plus"],
    ]
    assert "chef de projet du CLE" in shown and "1er septembre 2021" in shown
    assert "attendent une confirmation" in shown


def test_no_count_of_rows_is_shown(sent: Bundle) -> None:
    assert not any(re.search(r"\d", cell) for row in rows(vue.recu(sent).html) for cell in row)


def test_without_a_deposit_it_is_awaited(val: Bundle, synthese: Bundle) -> None:
    invented = replace(val, nature="demonstration")
    assert vue.recu(invented).html == attente(invented, DEPOT).html
    assert vue.recu(val).html == ""  # a bilan of real territories does not tell of the reception
    assert "en attente" in vue.etat(synthese).html


def test_the_synthesis_puts_those_who_sent_beside_those_who_did_not(synthese: Bundle) -> None:
    shown = vue.etat(with_deposits(synthese, [APERCU], "demonstration")).html
    assert rows(shown)[0][1:] == ["1er septembre 2021", "30 juin 2021", "une sur vingt ou plus", "des points"]
    assert 'datetime="2021-06-30"' in shown
    assert shown.count("en attente") == len(synthese.territoires) - 1


def test_a_real_deposit_does_not_pass_and_a_raw_one_is_not_shown(val: Bundle) -> None:
    with pytest.raises(TypeError, match="démonstration"):
        with_deposits(val, [APERCU], "reel")
    with pytest.raises(TypeError, match="publiables"):
        vue.recu(replace(val, depots=(APERCU,)))  # type: ignore[arg-type]


def test_a_bundle_with_deposits_is_the_same_after_bytes(sent: Bundle) -> None:
    assert Bundle.from_bytes(sent.to_bytes()) == sent
