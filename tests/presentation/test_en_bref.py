"""The key figures that open a chapter."""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup

from analysis.presentation.en_bref import en_bref
from analysis.secret.bundle import Bundle


def items(bundle: Bundle) -> list[str]:
    soup = BeautifulSoup(en_bref(bundle).html, "lxml")
    return [" ".join(li.get_text(" ").split()) for li in soup.select("li")]


def test_the_last_dated_value_of_each_indicator_is_shown_with_its_source(val: Bundle) -> None:
    (staff,) = [item for item in items(val) if "Salariés de l'EBE" in item]
    dated = [r.content for r in val.of("effectif_ebe", place="val") if r.content.dated and r.content.periode]
    last = max(dated, key=lambda c: c.periode.end if c.periode else 0)
    assert last.periode is not None and last.periode.label in staff and str(int(last.valeur or 0)) in staff


def test_without_any_dated_figure_it_says_so(vide: Bundle) -> None:
    assert "Aucun chiffre daté" in en_bref(vide).html and not items(vide)


def test_a_disagreement_is_told(val: Bundle) -> None:
    contested = tuple(
        replace(r, content=replace(r.content, desaccord="x")) if r.content.indicateur == "effectif_ebe" else r
        for r in val.chiffres
    )
    assert any("les sources se contredisent" in item for item in items(replace(val, chiffres=contested)))
