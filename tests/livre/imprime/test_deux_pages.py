"""The two pages of a territory: plain sentences, one drawing, an address where there is one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import textstat
from bs4 import BeautifulSoup
from sample import PUBLISHER

from analysis.livre.article.articles import Article, article_of_html
from analysis.livre.imprime.deux_pages import Phrase, article_deux_pages, in_words
from analysis.livre.imprime.pdf import Mots, asked_pdfs, write_pdfs
from analysis.livre.pages import Entry, Site
from analysis.noyau.declared.glossaire import load_glossary
from analysis.noyau.paths import Project
from analysis.stations.team import team

GLOSSARY = load_glossary(Project.here())
SVG = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI0MDBwdCIgaGVpZ2h0PSIzMDBwdCIvPg=="
FIGURE = (
    f'<figure id="carte"><figcaption>Val, au nord</figcaption><img src="data:image/svg+xml;base64,{SVG}" alt="Carte">'
    '<p class="lecture">Lecture : Val est au nord.</p><p class="note">Le tableau suivant. Source : essai.</p></figure>'
)
SITE = Site("Essai", {**PUBLISHER, "contact": "Par courrier", "contact_url": "https://e.org/"}, date(2026, 11, 28), ())  # fmt: skip


def chapter(*items: tuple[str, ...], drawing: str = FIGURE, facts: int = 0, withheld: str = "") -> Entry:
    """A chapter of key figures (value, label, when, source, remark); the first ``facts`` of them are facts."""
    told = ""
    for rank, (value, label, when, source, *more) in enumerate(items):
        css = ' class="fait"' if rank < facts else ""
        remark = f'. <span class="remarque">{more[0]}</span>' if more else ""
        told += (
            f'<li{css}><strong>{value}</strong> {label}<br><span class="precision">{when} ; '
            f'<span class="source">{source}</span>{remark}</span></li>'
        )
    told = f"<ul>{told}</ul>" + (f'<p class="retenu">{withheld}</p>' if withheld else "")
    html = f'<h1 id="titre">Val</h1><section class="en-bref">{told}</section>{drawing}'
    article = article_of_html(html, name="val", numero="6")
    return Entry("val", "Val", "territoires", "Chapitre\u00a06", article=article)


def words(article: Article) -> str:
    return " ".join(BeautifulSoup(article.html, "lxml").get_text(" ").split())


@pytest.mark.parametrize(
    ("value", "label", "when", "source", "said"),
    [
        ("0 personnes", "Liste d'attente", "2021", "", "Liste d'attente|aucune personne|2021|"),
        ("aucune personne embauchée en EBE", "Embauches", "2021", "", "Embauches|aucune personne|2021|"),
        ("85 personnes", "Salariés en EBE", "Novembre 2021", "AFP, 2022", "Salariés en entreprise à but d'emploi|85 personnes|novembre 2021|AFP, 2022"),
        ("62", "Salariés d'une EBE nommée, La Fabrique", "2018", "A", "Salariés d'une entreprise à but d'emploi nommée, La Fabrique|62|2018|A"),
        ("11", "EBE ouvertes", "2018", "A", "Entreprises à but d'emploi ouvertes|11|2018|A"),
        ("9", "Volontaires éligibles", "2021", "source : dépôt n° 1.", "Volontaires éligibles|9|2021|dépôt n° 1"),
        ("430", "PPDE estimées", "2016", "A\u00a0; B", "Personnes privées durablement d'emploi estimées|430|2016|A\u00a0; B"),
    ],
)  # fmt: skip
def test_a_key_figure_is_a_sentence(value: str, label: str, when: str, source: str, said: str) -> None:
    found = in_words(Phrase(label, value, when, source), GLOSSARY)
    assert "|".join((found.label, found.value, found.when, found.source)) == said


def test_a_fact_stands_above_the_figures_and_a_remark_is_not_its_source() -> None:
    fact = (
        "redressement judiciaire",
        "Procédure collective",
        "non datée",
        "France 3",
        "En juillet, sans l'année.",
    )
    found = article_deux_pages(SITE, chapter(fact, ("4", "Salariés", "2021", "AFP"), facts=1), GLOSSARY)
    text = words(found)
    told = "Procédure collective : redressement judiciaire , non datée. Source : France 3. En juillet, sans l'année."
    assert told in text and text.index(told) < text.index("Les chiffres") < text.index("Salariés : 4")
    assert "ne s'additionnent pas" not in text and "Source : Source" not in text


def test_what_is_withheld_is_said_and_is_not_a_lack_of_figures() -> None:
    text = words(article_deux_pages(SITE, chapter(withheld="Embauches : retenu (secret)."), GLOSSARY))
    assert "Embauches : retenu (secret)." in text and "Aucun chiffre daté" not in text


def test_a_map_keeps_the_credit_of_its_base_map() -> None:
    drawing = FIGURE.replace("Source : essai.", "Fond : Natural Earth, domaine public.")
    text = words(article_deux_pages(SITE, chapter(drawing=drawing), GLOSSARY))
    assert "Fond : Natural Earth, domaine public." in text and "tableau suivant" not in text


def test_it_speaks_of_sources_only_where_there_are_several() -> None:
    one = words(article_deux_pages(SITE, chapter(("4", "Salariés", "2021", "AFP")), GLOSSARY))
    same = words(article_deux_pages(SITE, chapter(("4", "Salariés", "2021", "AFP"), ("5", "Élus", "2021", "AFP")), GLOSSARY))  # fmt: skip
    two = words(article_deux_pages(SITE, chapter(("4", "Salariés", "2021", "AFP"), ("5", "Élus", "2021", "RCF")), GLOSSARY))  # fmt: skip
    none = words(article_deux_pages(SITE, chapter(), GLOSSARY))
    assert "ne s'additionnent pas" not in one and "sources différentes" not in same + one
    assert "Ces chiffres ne s'additionnent pas." in same and "viennent de sources différentes" in two
    assert "ce n'est pas un zéro" in none and ".." not in one + two


def test_its_drawing_has_no_number_and_names_no_other_table() -> None:
    text = words(article_deux_pages(SITE, chapter(), GLOSSARY))
    assert "Val, au nord" in text and "Figure 1" not in text and "tableau suivant" not in text
    other = article_deux_pages(SITE, chapter(drawing=FIGURE.replace('"carte"', '"situation"')), GLOSSARY)
    assert "Val, au nord" in words(other), "a chapter without a map shows what it has"
    without = article_deux_pages(SITE, chapter(drawing=""), GLOSSARY)
    assert "<figure" not in without.html and "Ce dessin" not in without.html


def test_an_address_comes_with_its_code_and_none_is_invented() -> None:
    without = article_deux_pages(SITE, chapter(), GLOSSARY)
    assert "à la page « Val »" in words(without) and "chapitre 6" in words(without)
    assert "Code QR" not in without.html and "http" not in without.html.replace("https://e.org/", "").replace(
        "http://www.w3.org/", ""
    )
    declared = replace(SITE, publisher={**SITE.publisher, "adresse": "https://bilan.example/"})
    found = article_deux_pages(declared, chapter(), GLOSSARY)
    assert "https://bilan.example/val.html" in words(found)
    assert BeautifulSoup(found.html, "lxml").select_one(
        'img[alt="Code QR de l\'adresse https://bilan.example/val.html"]'
    )


@pytest.mark.parametrize("count", [0, 1, 6])
@pytest.mark.parametrize("address", ["", "https://bilan.example/"])
def test_they_are_two_full_pages_that_read_easily(tmp_path: Path, count: int, address: str) -> None:
    long = "Salariés en EBE et personnes accompagnées, toutes communes"
    items = [(f"{n} personnes", long, f"novembre 202{n}", f"Journal des acteurs sociaux, {n} mai 2022") for n in range(count)]  # fmt: skip
    entry = chapter(*items)
    publisher = {**SITE.publisher, "adresse": address, "licence_url": "https://e.org/l", "responsable": "Moi", "reponse": "Oui."}  # fmt: skip
    site = replace(SITE, publisher=publisher, entries=(entry,))
    asked = asked_pdfs(site, Mots(GLOSSARY), tmp_path / "sources")
    with team((), workers=1) as alone:
        made = write_pdfs(asked, tmp_path / "pdf", team=alone)
    with pypdfium2.PdfDocument(made["livrets/val-deux-pages.pdf"]) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    assert len(pages) == 2 and "Un chiffre vous semble faux" in pages[1]
    textstat.set_lang("fr")
    prose = re.sub(r"\s+", " ", " ".join(pages).partition("Ce que l’on ne sait pas")[2])
    prose = re.sub(r" (?=[?!:;»])", "", prose.partition("Pour en savoir plus")[0])
    assert textstat.flesch_reading_ease(prose) > 60
