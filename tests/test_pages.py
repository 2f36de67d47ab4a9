"""What every page of a whole site must be, whatever its chapters: the real bilan's and the demonstration's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag

from analysis.noyau.paths import Project

SITES = ("clone", "invented")

BLOCKS = (
    *("p", "li", "dt", "dd", "td", "th", "caption", "figcaption", "summary", "title", "button", "label"),
    *("h1", "h2", "h3", "h4", "option", "blockquote", "aside", "text", "footer", "div", "legend"),
)
BROKEN = re.compile(r"[ \n\t][:;?!»%€]|«[ \n\t]|(?<![\d.,\w])\d{1,3}[ \n\t]\d{3}(?!\d)|[^\W\d_]'|n°[ \n\t]")
SPOKEN = ("alt", "title", "aria-label", "summary", "placeholder", "data-definition")
UNTOUCHED = ["code", "pre", "script", "style"]


@pytest.fixture(scope="module", params=SITES)
def pages(request: pytest.FixtureRequest) -> dict[str, BeautifulSoup]:
    project: Project = request.getfixturevalue(request.param)
    return {
        path.name: BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for path in sorted(project.html.glob("*.html"))
    }


def spoken(soup: BeautifulSoup) -> Iterator[str]:
    """Every text of a page, a block at a time, and every attribute that is read aloud."""
    for tag in soup.find_all(UNTOUCHED):
        tag.decompose()
    for tag in soup.find_all(lang="en"):
        tag.string = "…"
    for tag in soup.find_all(True):
        yield from (str(tag[name]) for name in SPOKEN if tag.get(name))
        if tag.name in BLOCKS:
            yield "".join(own_text(tag))
    for tag in soup.select("meta[name=description]"):
        yield str(tag["content"])


def own_text(tag: Tag) -> Iterator[str]:
    """The words of a block without those of the blocks in it."""
    for child in tag.children:
        if isinstance(child, NavigableString):
            yield str(child)
        elif isinstance(child, Tag):
            yield from own_text(child) if child.name not in BLOCKS else "\u0000"


def test_no_space_of_a_page_may_break_where_french_print_holds(pages: dict[str, BeautifulSoup]) -> None:
    found = [
        (name, text[max(0, match.start() - 25) : match.end() + 15])
        for name, soup in pages.items()
        for text in spoken(soup)
        for match in BROKEN.finditer(text)
    ]
    assert found == []


def test_no_table_is_printed_as_it_was_typed(pages: dict[str, BeautifulSoup]) -> None:
    assert [name for name, soup in pages.items() if "|---" in soup.get_text()] == []
