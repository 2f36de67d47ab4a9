"""The index of the search page: a script that any browser reads, even from a USB stick."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from analysis.livre.article.arbre import has_class, of_class, pieces, tree
from analysis.noyau.french import typography

INDEX = "recherche-index.js"
"""The file of the site that holds the index."""

_BEGINS = ("h2", "h3", "h4", "dt")
_BLOCKS = (*_BEGINS, "p", "li", "dd", "caption", "figcaption", "tr")
_LEFT_OUT = ("points", "outils", "sommaire", "description")
_KEY_FIGURES = f"//*[{of_class('en-bref')}]"


@dataclass(frozen=True)
class Searched:
    """A page to be found: ``about`` says in a line what it is on, ``html`` is its article."""

    name: str
    title: str
    about: str
    html: str


Section = tuple[str, ...]
"""A section of the index: page and anchor, title of the page, its own title, its words.

The first one of a page carries in fifth what it is found by before any other: what it is on and its key
figures.
"""


def search_index(sections: Iterable[Section]) -> str:
    """The script that gives these sections to the search."""
    sections = list(sections)
    return f"window.BILAN_INDEX={json.dumps(sections, ensure_ascii=False, separators=(',', ':'))};\n"


def sections_of(page: Searched) -> list[Section]:
    """The sections of a page, the first of which is the page itself.

    A section begins at a heading; a term of a list of definitions is a section of its own. The values of the
    local series are left out: their titles are enough to find them.
    """
    body = tree(page.html)
    keys = " ".join([page.about, *(_words(one) for one in body.xpath(_KEY_FIGURES))]).strip()
    found: list[tuple[str, str, list[str]]] = [(f"{page.name}.html", page.title, [])]
    for block, is_inside in _blocks(body, is_inside=False):
        anchor = block.get("id")
        if anchor and block.tag in _BEGINS:
            found.append((f"{page.name}.html#{anchor}", _words(block, without=_LEFT_OUT), []))
        elif not is_inside:
            found[-1][2].append(_words(block, without=_LEFT_OUT))
    first, *others = [(address, page.title, own, " ".join(words)) for address, own, words in found]
    return [(*first, keys), *others]


def _blocks(element: etree._Element, *, is_inside: bool) -> Iterator[tuple[etree._Element, bool]]:
    """The blocks of words under an element, in order, and whether each stands inside another one."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag == "svg" or has_class(child, *_LEFT_OUT):
            continue
        is_block = child.tag in _BLOCKS
        if is_block:
            yield child, is_inside
        yield from _blocks(child, is_inside=is_inside or is_block)


def _words(tag: etree._Element, *, without: tuple[str, ...] = ()) -> str:
    """The words of a tag; the spaces that bind a number or a sign are kept."""
    said = " ".join(pieces(tag, without=without))
    return typography(re.sub(r"[ \t\r\n]+", " ", said).strip())
