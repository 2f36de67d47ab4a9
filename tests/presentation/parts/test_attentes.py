"""What a chapter awaits: said in its place, then gathered once."""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup

from analysis.presentation.parts import attentes
from analysis.presentation.parts.attentes import Attendu, attente, gathered, taken_out
from analysis.presentation.parts.blocks import Block
from analysis.secret.bundle import Bundle

ALL = [value for value in vars(attentes).values() if isinstance(value, Attendu)]


def test_the_sentence_says_what_is_missing_what_it_would_show_and_who_sends_it(val: Bundle) -> None:
    shown = attente(val, Attendu("les comptes", "ce qui se vend", "l'EBE"))
    text = BeautifulSoup(shown.html, "lxml").get_text()
    assert text == "En attente : les comptes. On y lirait : ce qui se vend. De qui : l'EBE."


def test_a_deposit_that_came_and_was_not_computed_is_not_asked_for_again(val: Bundle) -> None:
    failed = replace(val, empeches={"val": "mais le calcul de ses mesures a échoué"})
    said = 'De qui : <span class="envoi">dépôt reçu, mais le calcul de ses mesures a échoué</span>.'
    assert said in attente(failed, attentes.COMPTES).html
    assert "dépôt reçu" not in attente(failed, attentes.REGARD).html


def test_each_awaited_thing_comes_back_whole_from_its_sentence(val: Bundle) -> None:
    shown = Block("\n".join(attente(val, awaited).html for awaited in ALL))
    assert taken_out(shown.html) == ("", ALL)


def test_what_stands_beside_an_awaited_thing_stays(val: Bundle) -> None:
    kept = '<p class="absence">Aucun désaccord.</p>'
    assert taken_out(kept + attente(val, ALL[0]).html) == (kept, [ALL[0]])
    assert taken_out("<p>< & é</p>") == ("<p>< & é</p>", [])


def test_the_list_holds_each_once_in_order() -> None:
    first, second = ALL[:2]
    soup = BeautifulSoup(gathered([second, first, second]).html, "lxml")
    rows = [row.get_text() for row in soup.select("tbody th")]
    assert [row[1:] for row in rows] == [second.quoi[1:], first.quoi[1:]]
    assert soup.select_one("#attentes") is not None
