"""The index of the search: one entry a section, every word in it, no value of the series."""

from __future__ import annotations

import json

from analysis.livre.ecran.search import Searched, search_index, sections_of

PAGE = """<h1 id="titre">Thiers</h1><p>Que sait-on ?</p>
<section class="en-bref"><h2 id="en-bref">En bref</h2><p>1\u202f711 salariés</p></section><h2 id="emploi">L'emploi privé</h2><p>Un <em>mot</em>.</p>
<table><tr><th>Effectif</th><td>40 </td></tr></table><ul class="points"><li>2016 12</li></ul>
<dl><dt id="ebe">EBE</dt><dd>Une entreprise.</dd></dl>"""


def indexed(page: Searched) -> list[list[str]]:
    script = search_index(sections_of(page))
    assert script.startswith("window.BILAN_INDEX=") and script.endswith(";\n")
    sections: list[list[str]] = json.loads(script.removeprefix("window.BILAN_INDEX=").removesuffix(";\n"))
    return sections


def test_sections_hold_their_words_and_the_page_its_key_figures() -> None:
    """The space inside a number is kept: it is what makes one word of it."""
    assert indexed(Searched("thiers", "Thiers", "Puy-de-Dôme", PAGE)) == [
        ["thiers.html", "Thiers", "Thiers", "Que sait-on\u202f?", "Puy-de-Dôme En bref 1\u202f711 salariés"],
        ["thiers.html#en-bref", "Thiers", "En bref", "1\u202f711 salariés"],
        ["thiers.html#emploi", "Thiers", "L’emploi privé", "Un mot . Effectif 40"],
        ["thiers.html#ebe", "Thiers", "EBE", "Une entreprise."],
    ]


def test_a_page_without_key_figures_is_still_told_from_its_sections() -> None:
    (first,) = indexed(Searched("errata", "Errata", "", "<h1>Errata</h1><p>Aucun.</p>"))
    assert first == ["errata.html", "Errata", "Errata", "Aucun.", ""]
