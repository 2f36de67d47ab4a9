"""What is concluded stands beside what it rests on: evidence counted, the range of estimates, what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.presentation.numbers import NBSP
from analysis.presentation.published.jugement import (
    SEULE,
    bilan_des_preuves,
    fondement,
    fourchette,
    inconnus,
    recommandations,
    releve,
    verdicts,
)
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.sources.fiches import Recommandation
from analysis.sources.register import Register, load_register
from analysis.sources.verdicts import Verdict

BODY = "L'EBE emploie {#1}. Une seule source le dit, et {#3} ensuite."


def judged(bundle: Bundle, *, is_signed: bool = False, noted: bool = True) -> Bundle:
    """The bundle with a verdict on the first hypothesis, whose figures were noted."""
    verdict = Verdict("H1", "Ada Test", Period("2026-11-28"), is_signed, (), BODY, 1)
    if noted:
        verdict = replace(verdict, chiffres=releve(verdict, bundle))
    return replace(bundle, verdicts=(verdict,))


def text(html: str) -> str:
    return " ".join(BeautifulSoup(html, "lxml").get_text(" ").replace(NBSP, " ").split())


@pytest.fixture(scope="module")
def whole() -> Bundle:
    return bundle_ensemble(load_register(Project.here()), "synthese", texte=None)


def test_a_verdict_links_its_figures_and_tells_that_it_is_a_draft(synthese: Bundle) -> None:
    html = verdicts(judged(synthese)).html
    links = [link["href"] for link in BeautifulSoup(html, "lxml").select(".conclusion a")]
    assert links == ["registre.html#chiffre-1", "registre.html#chiffre-3"]
    said = text(html)
    assert said.startswith("Nul n'est inemployable : L'EBE emploie 25 personnes .")
    assert "1 preuve, dont 1 appuie." in said
    assert "Projet, que l'association n'a pas encore signé : Ada Test, 28 novembre 2026." in said
    assert "À revoir" not in said


def test_a_signed_verdict_is_no_draft(synthese: Bundle) -> None:
    assert "Projet" not in text(verdicts(judged(synthese, is_signed=True)).html)


def test_a_reader_sees_which_figure_of_a_verdict_changed(synthese: Bundle) -> None:
    bundle = judged(synthese)
    moved = [
        replace(r, content=replace(r.content, valeur=26.0, valeur_imprimee="26"))
        if r.content.numero == 1
        else r
        for r in bundle.chiffres
    ]
    said = text(verdicts(replace(bundle, chiffres=tuple(moved))).html)
    assert (
        "À revoir : le chiffre n° 1 a changé : il disait « 25 personnes, 2017-02 », "
        "il dit « 26 personnes, 2017-02 »." in said
    )
    assert "n° 3" not in said


def test_where_nobody_judged_the_page_says_so(synthese: Bundle) -> None:
    assert "Aucun verdict n'est encore écrit." in verdicts(synthese).html


def test_evidence_is_counted_by_direction_and_strength(whole: Bundle) -> None:
    found = [p for p in whole.preuves if p.hypothese == "H3"]
    directions = [p.direction for p in found]
    table = BeautifulSoup(fondement(whole, "H3").html, "lxml").select_one("#bilan-h3 tbody, table#bilan-h3")
    assert table is not None
    rows = {
        row.th.get_text(): [int(cell.get_text()) for cell in row.find_all("td")]
        for row in table.find_all("tr")
        if row.th is not None and row.td is not None
    }
    assert rows["appuie"][-1] == directions.count("appuie")
    assert sum(cells[-1] for cells in rows.values()) == len(found)
    assert all(sum(cells[:-1]) == cells[-1] for cells in rows.values())
    assert bilan_des_preuves(whole, found).startswith(f"{len(found)} preuves, dont ")


def test_the_range_of_estimates_goes_from_the_lowest_to_the_highest_published(whole: Bundle) -> None:
    net = fourchette(whole, whole.of("cout_net_etp_an"))
    assert text(net).replace("\u202f", " ") == "de moins de 6 200 à 13 700"
    figures = {r.content.numero: r for r in whole.chiffres}
    assert text(fourchette(whole, [figures[459]])).replace("\u202f", " ") == "de 11 300 à 13 700"
    assert fourchette(whole, [figures[464]]) == SEULE
    assert fourchette(whole, [figures[281], figures[282]]) == "54 dans toutes"


def test_what_is_missing_tells_what_would_say_it(whole: Bundle) -> None:
    absent = [p for p in whole.preuves if p.force == "absente"]
    items = BeautifulSoup(inconnus(whole).html, "lxml").select("#inconnus > li")
    assert len(items) == len(absent) > 0
    assert all("Il y faudrait : " in item.get_text() for item in items)


def test_a_hypothesis_without_evidence_has_no_ground_to_show(synthese: Bundle) -> None:
    assert fondement(synthese, "H2").html == ""
    assert inconnus(synthese).html == ""


def test_advice_is_no_stronger_than_the_weakest_of_its_evidence(whole: Bundle) -> None:
    advice = Recommandation("a", "L'État", "Financer {#459}.", ("h2-activites", "h3-cout-net"))
    (row,) = BeautifulSoup(recommandations(replace(whole, recommandations=(advice,))).html, "lxml").select(
        "tbody tr"
    )
    strengths = {p.preuve: p.force for p in whole.preuves}
    assert (strengths["h2-activites"], strengths["h3-cout-net"]) == ("etablie", "contestee")
    assert row.find_all("td")[-1].get_text() == "preuve contestée"
    assert {a["href"] for a in row.select("a[href^='#']")} == {"#preuves-h2", "#preuves-h3"}
    assert row.select_one('a[href="registre.html#chiffre-459"]') is not None


def test_every_recommendation_of_the_bilan_names_evidence_that_exists(published: Register) -> None:
    known = {p.preuve for p in published.preuves}
    assert published.recommandations
    assert all(r.preuves and set(r.preuves) <= known for r in published.recommandations)
