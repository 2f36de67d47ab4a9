"""Two printed pages a territory, in plain words: what is known, what is not, how to contest a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from bs4 import BeautifulSoup, Tag

from analysis.livre.adresse import page_address, qr_code
from analysis.livre.articles import Article, article_of_html
from analysis.livre.pages import Entry, Site, render
from analysis.noyau.french import uncapitalized
from analysis.noyau.glossaire import Terme
from analysis.presentation.blocks import inline_svg

SUFFIX = "-deux-pages"
"""What the file's name of these pages ends with."""

MOST = 6
"""The key figures that one page holds."""

WORDS = ("ppde", "ebe", "cle", "secret")
"""The words that the pages explain."""

DRAWINGS = ("effectifs-ebe", "carte")
"""The drawings that fill the first page best, in order; a chapter without them shows its first one."""


TALLEST, LINE, SHORTEST = 400, 21, 100
"""Points: the height of the drawing without any key figure, what a line of them takes, and the least."""

LETTERS = 72
"""The letters of a line of the pages."""


@dataclass(frozen=True)
class Phrase:
    """A key figure in plain words: what is counted, how many, when, who says it (empty for our own count)."""

    label: str
    value: str
    when: str
    source: str


def article_deux_pages(site: Site, territory: Entry, glossary: Sequence[Terme]) -> Article:
    """The two pages of a territory: the key figures that open its chapter, one drawing of it, its address."""
    if territory.article is None:
        raise ValueError(f"{territory.name}: a territory without a chapter has no pages to hand out")
    figures = [phrase(*figure, glossary) for figure in key_figures(territory.article)[:MOST]]
    address = page_address(site.publisher, f"{territory.name}.html")
    html = render(
        "deux-pages",
        site=site,
        territory=territory,
        figures=figures,
        sources=len({figure.source for figure in figures}),
        drawing=_drawing(territory.article),
        words=[term for term in glossary if term.terme in WORDS],
        address=address,
        qr=inline_svg(qr_code(address)) if address else "",
    )
    return _without_numbers(article_of_html(html, name=territory.name))


def image_height(pages: Article) -> int:
    """The points that the drawing of the first page may take, under its key figures."""
    figures = BeautifulSoup(pages.html, "lxml").select("#chiffres + ul > li")
    lines = sum(ceil(len(figure.get_text()) / LETTERS) for figure in figures)
    return max(TALLEST - LINE * lines, SHORTEST)


def key_figures(article: Article) -> list[tuple[str, str, str]]:
    """The key figures of a chapter as words: value, what it counts, when and who says it."""
    found = []
    for item in BeautifulSoup(article.html, "lxml").select(".en-bref li"):
        value, precision = item.strong, item.select_one(".precision")
        if isinstance(value, Tag) and isinstance(precision, Tag):
            when = precision.extract().get_text().strip()
            number = value.extract().get_text().strip()
            found.append((number, item.get_text().strip(), when))
    return found


def phrase(value: str, label: str, precision: str, glossary: Sequence[Terme] = ()) -> Phrase:
    """A key figure as a sentence says it: abbreviations in full, no full stop twice, « aucune » for none.

    >>> phrase("0 personnes", "Liste d'attente", "Juin 2021 ; dépôt du territoire.")
    Phrase(label="Liste d'attente", value='aucune personne', when='juin 2021', source='dépôt du territoire')
    """
    when, *told = re.split(r"\s*;\s*", precision.strip().rstrip("."))
    label = " ".join(label.split()).strip(" :.")
    for term in glossary:
        label = re.sub(rf"\b{re.escape(term.formes[0])}\b", term.formes[-1], label)
    value = re.sub(r"^0\s+personnes?\b", "aucune personne", value.strip())
    return Phrase(label[:1].upper() + label[1:], value, uncapitalized(when), " ; ".join(told))


def _drawing(article: Article) -> str:
    """The figure of the chapter that fills the first page, but its sources; empty where it has none."""
    soup = BeautifulSoup(article.html, "lxml")
    figures = (soup.select_one(choice) for choice in (*(f"figure#{name}" for name in DRAWINGS), "figure"))
    found = next(filter(None, figures), None)
    if found is None:
        return ""
    for told in found.select("figcaption .numero, p.note"):
        told.decompose()
    return f'{found}<p class="note">Ce dessin est dans le chapitre, avec ses sources et ses limites.</p>'


def _without_numbers(article: Article) -> Article:
    """Two pages need no « Figure 1 »."""
    soup = BeautifulSoup(article.html, "lxml")
    for number in soup.select("figcaption .numero"):
        number.decompose()
    return article.with_html(soup.body.decode_contents() if soup.body else "")
