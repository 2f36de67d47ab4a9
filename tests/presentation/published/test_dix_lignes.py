"""Ten lines on a territory: known, not known, awaited; an evaluator finishes them, or the page says that none did."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from essai import DEFINITIONS

from analysis.noyau.mesures import Cadre
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.presentation.published.dix_lignes import LINES, dix_lignes
from analysis.presentation.published.territoire import texte
from analysis.secret.bundle import Bundle, bundle_territoire, with_measures
from analysis.secret.regles import decider
from analysis.sources.register import Register
from analysis.sources.texts import Texte, load_text

TEXT = "### En un mot {#essentiel}\n\nUn lieu où travaillent {#1}.\n\n### Le détail {#detail}\n\nPlus long."


def lines(bundle: Bundle, css: str) -> list[str]:
    found = BeautifulSoup(dix_lignes(bundle).html, "lxml").select(f"ul.{css} > li")
    return [" ".join(item.get_text().split()) for item in found]


def test_what_is_known_is_dated_and_leads_to_its_row(val: Bundle) -> None:
    known = lines(val, "su")
    assert "Salariés de l'EBE : une quarantaine de personnes (septembre 2018)." in [
        line.replace("\xa0", " ") for line in known
    ]
    links = BeautifulSoup(dix_lignes(val).html, "lxml").select("ul.su a")
    assert all(str(link["href"]).startswith("registre.html#chiffre-") for link in links) and links


def test_what_no_figure_tells_is_said_and_never_a_zero(vide: Bundle) -> None:
    assert lines(vide, "su") == []
    unknown = lines(vide, "ignore")
    assert len(unknown) == 3 and unknown[0] == "Combien de personnes sont volontaires : aucun chiffre daté."
    assert "sans l'expérimentation" in unknown[-1]
    assert not any("0" in line for line in unknown)


def test_what_was_not_sent_is_awaited_with_who_sends_it(vide: Bundle) -> None:
    awaited = lines(vide, "attendu")
    assert len(awaited) == 3
    assert awaited[0].startswith("Les personnes rencontrées") and "comité local pour l'emploi" in awaited[0]


def test_the_evaluator_finishes_the_lines_and_says_the_rest_elsewhere(val: Bundle) -> None:
    signed = replace(val, texte=Texte("Ada Test", Period("2026-11-28"), TEXT))
    said = BeautifulSoup(dix_lignes(signed).html, "lxml").get_text()
    assert "Un lieu où travaillent 25" in said and "Ada Test, 28 novembre 2026" in said
    assert "Plus long" not in said and "Aucun évaluateur" not in said
    rest = BeautifulSoup(texte(signed).html, "lxml").get_text()
    assert "Plus long" in rest and "Un lieu où" not in rest


def test_what_a_deposit_tells_is_known_and_what_is_withheld_is_said_to_be(val: Bundle) -> None:
    cadre = Cadre("val", "reel", "dépôt n° 1.", DEFINITIONS)
    mesures = [
        cadre.compte("volontaires_eligibles", "2019-12-31", 40),
        cadre.compte("embauchees", "2019-12-31", 3),
    ]
    released = decider(mesures, DEFINITIONS, frozenset())
    bundle = with_measures(replace(val, chiffres=()), released, DEFINITIONS, "publication")
    (known,) = lines(bundle, "su")
    assert known.replace("\xa0", " ") == "Volontaires éligibles : 40 personnes (31 décembre 2019)."
    unknown = lines(bundle, "ignore")
    assert unknown[0].replace("\xa0", " ") == "Personnes embauchées en EBE : retenu (secret)."
    assert not any("sont volontaires" in line for line in unknown), "the deposit tells it"
    assert not any("3" in line for line in unknown)


@pytest.mark.parametrize("written", [None, Texte("Ada", Period("2026"), "### Le détail\n\nPlus long.")])
def test_lines_that_no_evaluator_finished_say_so(val: Bundle, written: Texte | None) -> None:
    assert "Aucun évaluateur n'a encore fini ces lignes" in dix_lignes(replace(val, texte=written)).html


def test_every_territory_has_ten_lines_at_most_and_something_of_each(published: Register) -> None:
    texts = Project.here().texts
    for territoire in published.territoires:
        written = load_text(texts / f"{territoire.code}.md", shown=territoire.code)
        bundle = bundle_territoire(published, territoire.code, texte=written)
        counts = [len(lines(bundle, css)) for css in ("su", "ignore", "attendu")]
        assert all(counts) and sum(counts) <= LINES, territoire.code
