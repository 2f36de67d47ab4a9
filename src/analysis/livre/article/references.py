"""What leads from one place of the book to another: cross-references by number, citations of sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag

from analysis.livre.article.arbre import tree, words
from analysis.livre.article.articles import Article
from analysis.livre.article.captions import numbered_captions
from analysis.livre.article.notes import is_of_the_book
from analysis.noyau.errors import BilanError
from analysis.presentation.numbers import NBSP

_CITATION = re.compile(r"\[@([a-z0-9-]+)\]")


def resolve(
    articles: Mapping[str, Article], labels: Mapping[str, str], sources: Mapping[str, tuple[str, str]]
) -> dict[str, Article]:
    """The articles in which a link without words says what it leads to, and a citation names its source.

    ``[](exhaustivite.html#trois-taux)`` becomes « figure 2.1 », « tableau 2.3 », the title of a section or,
    without an anchor, the page's label (« chapitre 2 »); ``[@code]`` becomes the publisher and date of
    that source, linked to its card. ``labels`` are the pages' labels, ``sources`` the anchor and the words of
    each source. A page that an edition leaves out, or that was never built, is called by its label. Raises
    BilanError with every reference that leads nowhere.
    """
    names = {
        (page, anchor): words
        for page, article in articles.items()
        for anchor, words in (("", labels[page]), ("titre", labels[page]), *_names(article.html))
    }
    faults: list[str] = []
    absent = {page: label for page, label in labels.items() if page not in articles}
    resolved = {
        page: _resolved(page, article, names, absent, sources, faults) for page, article in articles.items()
    }
    if faults:
        raise BilanError("Renvois sans cible :\n" + "\n".join(f"- {fault}" for fault in faults))
    return resolved


@lru_cache(maxsize=256)
def _names(html: str) -> tuple[tuple[str, str], ...]:
    """How a text calls each place of a page: its captions by their numbers, its sections by their titles."""
    headings = tree(html).xpath("//h2[@id] | //h3[@id] | //h4[@id]")
    titles = ((heading.get("id"), f"section «{NBSP}{words(heading)}{NBSP}»") for heading in headings)
    numbers = ((c.anchor, c.number[0].lower() + c.number[1:]) for c in numbered_captions(html))
    return (*titles, *numbers)


def _resolved(
    page: str,
    article: Article,
    names: Mapping[tuple[str, str], str],
    absent: Mapping[str, str],
    sources: Mapping[str, tuple[str, str]],
    faults: list[str],
) -> Article:
    if "></a>" not in article.html and not _CITATION.search(article.html):
        return article
    soup = BeautifulSoup(article.html, "lxml")
    root = soup.body
    if root is None:
        return article
    for link in root.find_all("a", href=True):
        if link.get_text(strip=True) or link.find("img"):
            continue
        parts = urlsplit(str(link["href"]))
        target = parts.path.removesuffix(".html") or page
        words = names.get((target, unquote(parts.fragment)))
        words = words or absent.get(target)
        if words is None:
            faults.append(f"{page} : « {link['href']} »")
        else:
            link.string = words
    for text in list(filter(is_of_the_book, root.find_all(string=_CITATION))):
        _cite(soup, text, page, sources, faults)
    return article.with_html(root.decode_contents())


def _cite(
    soup: BeautifulSoup,
    text: NavigableString,
    page: str,
    sources: Mapping[str, tuple[str, str]],
    faults: list[str],
) -> None:
    """Put the link to a source in the place of each ``[@code]`` of a text."""
    position, parts = 0, []
    for match in _CITATION.finditer(text):
        if match[1] not in sources:
            faults.append(f"{page} : la source « {match[1]} » n'est pas au registre")
            continue
        anchor, words = sources[match[1]]
        link: Tag = soup.new_tag("a", attrs={"href": f"sources.html#{anchor}", "class": "citation"})
        link.string = words
        parts += [NavigableString(text[position : match.start()]), link]
        position = match.end()
    for part in (*parts, NavigableString(text[position:])):
        text.insert_before(part)
    text.extract()


def without_links(text: str, is_dead: Callable[[str, str], bool]) -> str:
    """The HTML in which a link to a dead page and anchor is its text alone; the same where none is."""

    def leads_nowhere(address: object) -> bool:
        parts = urlsplit(str(address))
        return bool(not parts.scheme and parts.path and is_dead(parts.path, unquote(parts.fragment)))

    if not any(map(leads_nowhere, tree(text).xpath("//a/@href"))):
        return text
    soup = BeautifulSoup(text, "lxml")
    for link in soup.find_all("a", href=True):
        if leads_nowhere(link["href"]):
            link.unwrap()
    return soup.body.decode_contents() if soup.body else ""
