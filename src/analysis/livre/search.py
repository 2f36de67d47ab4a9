"""The index of the search page: a script that any browser reads, even from a USB stick."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag

INDEX = "recherche-index.js"
"""The file of the site that holds the index."""

_BLOCKS = ["h2", "h3", "h4", "p", "li", "dt", "dd", "caption", "figcaption", "tr"]
_LEFT_OUT = "svg, .points, .outils, .sommaire, .description"


def search_index(pages: Iterable[tuple[str, str, str]]) -> str:
    """The script that gives the sections of these pages, each (name, title, HTML), to the search.

    A section begins at a heading; a term of a list of definitions is a section of its own. The values of the
    local series are left out: their titles are enough to find them.
    """
    sections = [section for name, title, html in pages for section in _sections(name, title, html)]
    return f"window.BILAN_INDEX={json.dumps(sections, ensure_ascii=False, separators=(',', ':'))};\n"


def _sections(name: str, title: str, html: str) -> list[tuple[str, str, str, str]]:
    """Each section: page and anchor, title of the page, its own title, its words."""
    soup = BeautifulSoup(html, "lxml")
    for tag in soup.select(_LEFT_OUT):
        tag.decompose()
    found: list[tuple[str, str, list[str]]] = [(f"{name}.html", title, [])]
    for block in soup.find_all(_BLOCKS):
        anchor = block.get("id")
        if anchor and block.name in ("h2", "h3", "h4", "dt"):
            found.append((f"{name}.html#{anchor}", _words(block), []))
        elif not block.find_parent(_BLOCKS):
            found[-1][2].append(_words(block))
    return [(address, title, own, " ".join(words)) for address, own, words in found]


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())
