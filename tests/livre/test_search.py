"""The index of the search: one entry a section, every word in it, no value of the series."""

from __future__ import annotations

import json

from analysis.livre.search import search_index

PAGE = """<h1 id="titre">Thiers</h1><p>Que sait-on ?</p><h2 id="emploi">L'emploi privé</h2><p>Un <em>mot</em>.</p>
<table><tr><th>Effectif</th><td>40 </td></tr></table><ul class="points"><li>2016 12</li></ul>
<dl><dt id="ebe">EBE</dt><dd>Une entreprise.</dd></dl>"""


def test_sections_hold_their_words() -> None:
    script = search_index([("thiers", "Thiers", PAGE)])
    assert script.startswith("window.BILAN_INDEX=") and script.endswith(";\n")
    assert json.loads(script.removeprefix("window.BILAN_INDEX=").removesuffix(";\n")) == [
        ["thiers.html", "Thiers", "Thiers", "Que sait-on ?"],
        ["thiers.html#emploi", "Thiers", "L'emploi privé", "Un mot . Effectif 40"],
        ["thiers.html#ebe", "Thiers", "EBE", "Une entreprise."],
    ]
