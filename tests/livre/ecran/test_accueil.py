"""The home page repeats what the synthesis says, counts the evidence, and gives each file its size."""

from __future__ import annotations

from analysis.livre.ecran.accueil import context, key_figures
from analysis.livre.pages import Entry, Site
from analysis.presentation.numbers import NBSP
from analysis.sources.register import Register

PUBLISHER = {"nom": "N", "licence": "L"}


def site(*entries: Entry) -> Site:
    return Site("Bilan", PUBLISHER, None, entries)


def test_key_figures_are_those_of_the_synthesis_and_lead_where_they_led_from_it() -> None:
    html = (
        '<section class="en-bref"><h2 id="en-bref">En bref</h2><ul id="x"><li><a href="registre.html#n-1">25'
        '</a> en <a href="#tableau">2017</a></li></ul></section><ul><li>autre</li></ul>'
    )
    assert key_figures("synthese", html) == (
        '<ul><li><a href="registre.html#n-1">25</a> en <a href="synthese.html#tableau">2017</a></li></ul>'
    )


def test_a_synthesis_without_any_figure_gives_none() -> None:
    assert key_figures("synthese", "") == ""
    assert (
        key_figures(
            "synthese", '<section class="en-bref"><p class="absence">Aucun chiffre daté.</p></section>'
        )
        == ""
    )


def test_evidence_is_counted_by_its_strength_and_its_absence_said(register: Register) -> None:
    shown = context(register, site(), shown={}, pdfs={})
    assert [h["evidence"] for h in shown["hypotheses"]] == [
        f"Preuves : 1{NBSP}indicative",
        "Aucune preuve relevée",
        "Aucune preuve relevée",
    ]
    assert {h["href"] for h in shown["hypotheses"]} == {"#hypotheses"}, "no synthesis to lead to"


def test_evidence_is_counted_on_the_scale_of_the_dictionary_from_the_strongest(published: Register) -> None:
    first = context(published, site(), shown={}, pdfs={})["hypotheses"][0]
    assert first["evidence"] == f"Preuves : 1{NBSP}établie, 5{NBSP}indicatives, 1{NBSP}absente"


def test_files_have_their_sizes(register: Register) -> None:
    shown = context(register, site(), shown={}, pdfs={"bilan.pdf": 8_140_000, "livrets/val.pdf": 41_700})
    assert shown["sizes"] == {"bilan.pdf": f"8,1{NBSP}Mo", "livrets/val.pdf": f"42{NBSP}ko"}
