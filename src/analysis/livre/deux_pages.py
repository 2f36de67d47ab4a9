"""Two printed pages a territory, in plain words: what is known, what is not, how to contest a figure."""

from __future__ import annotations

from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from analysis.livre.articles import Article, article_of_html
from analysis.livre.pages import Entry, Site, render
from analysis.noyau.glossaire import Terme

SUFFIX = "-deux-pages"
"""What the file's name of these pages ends with."""

MOST = 8
"""The key figures that one page holds."""

WORDS = ("ppde", "ebe", "cle", "secret")
"""The words that the pages explain."""


def article_deux_pages(site: Site, territory: Entry, glossary: Sequence[Terme]) -> Article:
    """The two pages of a territory: the key figures are those that open its chapter, and no others."""
    if territory.article is None:
        raise ValueError(f"{territory.name}: a territory without a chapter has no pages to hand out")
    figures = key_figures(territory.article)[:MOST]
    html = render(
        "deux-pages",
        site=site,
        territory=territory,
        figures=figures,
        words=[term for term in glossary if term.terme in WORDS],
    )
    return article_of_html(html, name=territory.name)


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
