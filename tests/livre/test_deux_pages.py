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

from analysis.livre.articles import Article, article_of_html
from analysis.livre.deux_pages import article_deux_pages, phrase
from analysis.livre.pages import Entry, Site
from analysis.livre.pdf import Mots, write_pdfs
from analysis.noyau.etat import Etat
from analysis.noyau.glossaire import load_glossary
from analysis.noyau.paths import Project

GLOSSARY = load_glossary(Project.here())
SVG = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI0MDBwdCIgaGVpZ2h0PSIzMDBwdCIvPg=="
FIGURE = (
    f'<figure id="carte"><figcaption>Val, au nord</figcaption><img src="data:image/svg+xml;base64,{SVG}" alt="Carte">'
    '<p class="lecture">Lecture : Val est au nord.</p><p class="note">Le tableau suivant. Source : essai.</p></figure>'
)
SITE = Site("Essai", {**PUBLISHER, "contact": "Par courrier", "contact_url": "https://e.org/"}, Etat("", date(2026, 11, 28), False), ())  # fmt: skip


def chapter(*items: tuple[str, str, str], drawing: str = FIGURE) -> Entry:
    told = "".join(
        f'<li><strong>{value}</strong> {label}<br><span class="precision">{when}</span></li>'
        for value, label, when in items
    )
    html = f'<h1 id="titre">Val</h1><section class="en-bref"><ul>{told}</ul></section>{drawing}'
    article = article_of_html(html, name="val", numero="6")
    return Entry("val", "Val", "territoires", "Chapitre\u00a06", article=article)


def words(article: Article) -> str:
    return " ".join(BeautifulSoup(article.html, "lxml").get_text(" ").split())


@pytest.mark.parametrize(
    ("value", "label", "when", "said"),
    [
        ("0 personnes", "Liste d'attente", "2021.", "Liste d'attente|aucune personne|2021|"),
        ("85 personnes", "Salariés en EBE", "Novembre 2021 ; AFP, 2022", "Salariés en entreprises à but d'emploi|85 personnes|novembre 2021|AFP, 2022"),
        ("430", "PPDE estimées", "2016\u00a0; A\u00a0; B", "Personnes privées durablement d'emploi estimées|430|2016|A ; B"),
    ],
)  # fmt: skip
def test_a_key_figure_is_a_sentence(value: str, label: str, when: str, said: str) -> None:
    found = phrase(value, label, when, GLOSSARY)
    assert "|".join((found.label, found.value, found.when, found.source)) == said


def test_it_speaks_of_sources_only_where_there_are_several() -> None:
    one = words(article_deux_pages(SITE, chapter(("4", "Salariés", "2021 ; AFP")), GLOSSARY))
    same = words(article_deux_pages(SITE, chapter(("4", "Salariés", "2021 ; AFP"), ("5", "Élus", "2021 ; AFP")), GLOSSARY))  # fmt: skip
    two = words(article_deux_pages(SITE, chapter(("4", "Salariés", "2021 ; AFP"), ("5", "Élus", "2021 ; RCF")), GLOSSARY))  # fmt: skip
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
    items = [(f"{n} personnes", long, f"novembre 202{n} ; Journal des acteurs sociaux, {n} mai 2022") for n in range(count)]  # fmt: skip
    entry = chapter(*items)
    publisher = {**SITE.publisher, "adresse": address, "licence_url": "https://e.org/l", "responsable": "Moi", "reponse": "Oui."}  # fmt: skip
    site = replace(SITE, publisher=publisher, entries=(entry,))
    made = write_pdfs(site, Mots(GLOSSARY), tmp_path / "pdf")
    with pypdfium2.PdfDocument(made["livrets/val-deux-pages.pdf"]) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    assert len(pages) == 2 and "Un chiffre vous semble faux" in pages[1]
    textstat.set_lang("fr")
    prose = re.sub(r"\s+", " ", " ".join(pages).partition("Ce que l’on ne sait pas")[2])
    prose = re.sub(r" (?=[?!:;»])", "", prose.partition("Pour en savoir plus")[0])
    assert textstat.flesch_reading_ease(prose) > 60
