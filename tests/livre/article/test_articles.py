"""Captions are numbered in the order of the page; an anchor stands once."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from analysis.livre.article.articles import article_of_html, svg_of
from analysis.noyau.errors import BilanError
from analysis.presentation.drawing import charts
from analysis.presentation.drawing.style import DARK
from analysis.presentation.numbers import NBSP
from analysis.presentation.parts.blocks import inline_svg

PAGE = """
<h1 id="titre">Titre</h1><h2 id="un">Un</h2>
<table id="a"><caption>Premier</caption></table>
<figure id="f"><figcaption>Courbe</figcaption><details><table><caption>Valeurs</caption></table></details></figure>
<h2 id="deux">Deux</h2><table id="b"><caption>Second</caption></table>
"""


def test_numbers_and_contents() -> None:
    article = article_of_html(PAGE, name="p", numero="4")
    assert article.title == "Titre"
    assert article.contents == (("un", "Un"), ("deux", "Deux"))
    for caption in (
        f"Tableau{NBSP}4.1. </span>Premier",
        f"Tableau{NBSP}4.2. </span>Second",
        f"Figure{NBSP}4.1. </span>Courbe",
    ):
        assert caption in article.html
    assert "<caption>Valeurs" in article.html


def test_repeated_anchor_and_missing_title_are_refused() -> None:
    with pytest.raises(BilanError, match="« p » porte deux fois l'ancre « un »"):
        article_of_html('<h1>T</h1><p id="un"></p><p id="un"></p>', name="p")
    with pytest.raises(BilanError, match="« p » n'a pas de titre"):
        article_of_html("<h2>sans titre</h2>", name="p")


def test_the_summary_of_a_figure_says_which() -> None:
    figure = (
        "<figure id='{0}'><figcaption>C</figcaption><details><summary>Données</summary></details></figure>"
    )
    body = f'<h1 id="titre">T</h1>{figure.format("a")}{figure.format("b")}'
    soup = BeautifulSoup(article_of_html(body, name="p", numero="2").html, "lxml")
    assert [s.get_text() for s in soup.find_all("summary")] == [
        f"Description et données de la figure\u00a02.{rank}" for rank in (1, 2)
    ]


def test_the_mark_of_a_demonstration_stands_under_both_drawings_and_crosses_neither() -> None:
    drawing = charts.panels_svg([charts.Panel("", (charts.Line("a", "commune", ((2016, 1), (2020, 2))),))])
    html = (
        '<h1 id="titre">T</h1><figure id="f"><figcaption>C</figcaption>'
        f'<picture><source srcset="{inline_svg(drawing.narrow)}"><img alt="" src="{inline_svg(drawing.wide)}">'
        "</picture></figure>"
    )
    soup = BeautifulSoup(article_of_html(html, name="p", mark="Démonstration").html, "lxml")
    assert soup.img is not None and soup.source is not None
    for before, address in ((drawing.wide, soup.img["src"]), (drawing.narrow, soup.source["srcset"])):
        old, new = (ElementTree.fromstring(svg) for svg in (before, svg_of(address)))
        height, grown = (float(svg.attrib["viewBox"].split()[3]) for svg in (old, new))
        assert grown == pytest.approx(height + 17) and float(new.attrib["height"][:-2]) == grown
        band, words = list(new)[-2:]
        assert float(band.attrib["y"]) == height and words.text == "DÉMONSTRATION"
        assert height < float(words.attrib["y"]) < grown
        assert set(re.findall("#[0-9a-f]{6}", ElementTree.tostring(band, "unicode"))) <= set(DARK)
