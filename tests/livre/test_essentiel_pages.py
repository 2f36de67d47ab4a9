"""The page that opens the book and the page for the press repeat the synthesis, and what it says leads to it."""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup

from analysis.livre.article.articles import article_of_html
from analysis.livre.article.dataset import datasets
from analysis.livre.essentiel import ESSENTIEL, PRESSE, essentiels, parties
from analysis.livre.pages import Entry, Site, menu

PUBLISHER = {
    "nom": "N",
    "licence": "L",
    "licence_url": "https://l.example/",
    "adresse": "",
    "url": "https://n.example/",
    "contact": "Par courrier",
    "contact_url": "https://n.example/c",
    "responsable": "",
    "a_confirmer": "",
}
VERDICT = (
    '<li id="verdict-{n}"><strong>{nom}</strong><span class="deux-points"> : </span><span class="conclusion">'
    '<span class="phrase">Oui, <a href="registre.html#chiffre-{n}">{n}</a>.</span> '
    '<span class="phrase">Une source.</span></span> <span class="precision preuves">2 preuves.</span> '
    '<span class="precision signataire">Projet : Ada.</span></li>'
)
FIGURE = (
    '<figure id="{name}"><figcaption>Ce que montre {name}</figcaption>'
    '<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="x"><details><summary>D</summary>'
    "<table><caption>Données</caption><tr><th>A</th><td>1</td></tr></table></details></figure>"
)
SYNTHESIS = (
    '<h1 id="titre">Synthèse</h1><ol id="verdicts">'
    + "".join(VERDICT.format(n=n, nom=nom) for n, nom in enumerate(("Nul", "Travail", "Argent"), start=1))
    + '</ol><ul id="nombres"><li><strong>56 %</strong> Sans elle.<span class="aussi"> ; on lit aussi 57</span></li>'
    '<li class="cout"><strong>26 600 €</strong> Brut. <a href="#evaluations">voir</a></li></ul>'
    + FIGURE.format(name="avec-et-sans")
    + FIGURE.format(name="cout-par-payeur")
    + FIGURE.format(name="carte")
    + '<ul id="inconnus"><li>Le bien-être.</li></ul><div id="evaluations"></div>'
)


def site(html: str) -> Site:
    article = article_of_html(html, name="synthese", numero="1")
    entry = Entry("synthese", "Synthèse", "synthese", "Chapitre 1", article=article)
    return Site("Bilan", PUBLISHER, None, (entry,))


def test_a_synthesis_that_concludes_nothing_opens_no_book() -> None:
    nothing = '<h1 id="titre">Synthèse</h1><p class="absence" id="verdicts">Aucun verdict.</p>'
    assert essentiels(site(nothing)) == ()
    assert parties(None) is None


def test_the_opening_page_holds_verdicts_numbers_charts_and_what_is_not_known() -> None:
    opening, press = essentiels(site(SYNTHESIS))
    assert (opening.name, opening.in_pdf, press.name, press.in_pdf) == (ESSENTIEL, True, PRESSE, False)
    assert opening.article is not None
    soup = BeautifulSoup(opening.article.html, "lxml")
    assert [strong.get_text() for strong in soup.select(".verdicts strong")] == ["Nul", "Travail", "Argent"]
    assert soup.get_text().count("Projet : Ada.") == 1, "who concludes is said once"
    assert [figure["id"] for figure in soup.find_all("figure")] == ["avec-et-sans", "cout-par-payeur"]
    assert "Le bien-être." in soup.get_text() and "on lit aussi" not in soup.get_text()
    assert soup.select_one('a[href="synthese.html#evaluations"]') is not None
    assert soup.select_one('a[href="registre.html#chiffre-2"]') is not None


def test_a_figure_keeps_its_number_and_is_no_second_set_of_data() -> None:
    opening, _ = essentiels(site(SYNTHESIS))
    assert opening.article is not None
    first = BeautifulSoup(opening.article.html, "lxml").figcaption
    assert first is not None and first.get_text().replace("\xa0", " ").startswith("Figure 1.1. Ce que montre")
    assert datasets(opening.name, opening.article) == ()


def test_the_press_has_ten_lines_three_charts_and_a_contact() -> None:
    five = SYNTHESIS.replace(
        '<li class="cout">', "".join(f"<li><strong>{n}</strong></li>" for n in range(3)) + '<li class="cout">'
    )
    _, press = essentiels(site(five))
    assert press.article is not None
    soup = BeautifulSoup(press.article.html, "lxml")
    lines = soup.select("#dix-lignes + ol > li")
    assert len(lines) == 10
    assert "Oui, 1." in lines[2].get_text() and "Une source." not in lines[2].get_text()
    assert len(soup.find_all("figure")) == 3
    assert "Par courrier" in soup.get_text() and soup.select_one("#reprendre") is not None


def test_the_menu_begins_with_the_essential() -> None:
    whole = site(SYNTHESIS)
    found = essentiels(whole)
    whole = replace(whole, entries=(found[0], *whole.entries, found[1]))
    assert [entry.name for entry in menu(whole)[0][1]] == ["essentiel", "synthese"]
