"""Tables of released figures: what stands under the name of each."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from analysis.presentation.parts.tables import figures_table
from analysis.secret.bundle import bundle_ensemble
from analysis.sources.register import Register


def test_no_capital_follows_a_semicolon_in_the_details_of_a_figure(published: Register) -> None:
    bundle = bundle_ensemble(published, "synthese", texte=None)
    table = figures_table(bundle, bundle.chiffres, anchor="tout", caption="Tout")
    details = [
        tag.get_text() for tag in BeautifulSoup(table.html, "lxml").select("td .precision, th .precision")
    ]
    assert "Première phase. La date est celle du décret" in " ".join(details)
    assert [said for said in details if re.search(r";\s[A-ZÀÉ]", said)] == []
