"""The index of the search page: a script that any browser reads, even from a USB stick."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from analysis.noyau.french import typography

INDEX = "recherche-index.js"
"""The file of the site that holds the index."""

_BLOCKS = ["h2", "h3", "h4", "p", "li", "dt", "dd", "caption", "figcaption", "tr"]
_LEFT_OUT = "svg, .points, .outils, .sommaire, .description"
_KEY_FIGURES = ".en-bref"


@dataclass(frozen=True)
class Searched:
    """A page to be found: ``about`` says in a line what it is on, ``html`` is its article."""

    name: str
    title: str
    about: str
    html: str


def search_index(pages: Iterable[Searched]) -> str:
    """The script that gives the sections of these pages to the search.

    A section begins at a heading; a term of a list of definitions is a section of its own. The values of the
    local series are left out: their titles are enough to find them.
    """
    sections = [section for page in pages for section in _sections(page)]
    return f"window.BILAN_INDEX={json.dumps(sections, ensure_ascii=False, separators=(',', ':'))};\n"


def _sections(page: Searched) -> list[tuple[str, ...]]:
    """Each section: page and anchor, title of the page, its own title, its words.

    The first is the page itself, and carries in fifth what a page is found by before any other: what it is
    on and its key figures.
    """
    soup = BeautifulSoup(page.html, "lxml")
    keys = " ".join([page.about, *map(_words, soup.select(_KEY_FIGURES))]).strip()
    for tag in soup.select(_LEFT_OUT):
        tag.decompose()
    found: list[tuple[str, str, list[str]]] = [(f"{page.name}.html", page.title, [])]
    for block in soup.find_all(_BLOCKS):
        anchor = block.get("id")
        if anchor and block.name in ("h2", "h3", "h4", "dt"):
            found.append((f"{page.name}.html#{anchor}", _words(block), []))
        elif not block.find_parent(_BLOCKS):
            found[-1][2].append(_words(block))
    first, *others = [(address, page.title, own, " ".join(words)) for address, own, words in found]
    return [(*first, keys), *others]


def _words(tag: Tag) -> str:
    """The words of a tag; the spaces that bind a number or a sign are kept."""
    return typography(re.sub(r"[ \t\r\n]+", " ", tag.get_text(" ")).strip())
