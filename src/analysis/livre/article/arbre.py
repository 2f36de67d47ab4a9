"""An article that is read and not changed, as a tree of lxml: the parser of Beautiful Soup without its
objects, which cost ten times as much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree, html

_WORDLESS: Final = ("script", "style", "template", "svg")
"""The elements whose text is no word of the page."""


def tree(article: str) -> html.HtmlElement:
    """The tree of some HTML, which may be empty; the parts of a page stand in a body.

    >>> tree('<p id="a">Un</p>').xpath("string(//*[@id='a'])"), len(tree(""))
    ('Un', 0)
    """
    return html.document_fromstring(article) if article.strip() else html.Element("html")


def anchors(read: html.HtmlElement) -> set[str]:
    """The places of a tree that a link may lead to."""
    return {str(anchor) for anchor in read.xpath("//@id")}


def has_class(element: etree._Element, *names: str) -> bool:
    """Whether an element is of one of these classes.

    >>> has_class(tree('<p class="note seule">').find(".//p"), "seule"), has_class(tree("<p>"), "seule")
    (True, False)
    """
    return bool(set(str(element.get("class") or "").split()) & set(names))


def of_class(name: str) -> str:
    """The XPath condition of a class.

    >>> tree('<p class="a b">x</p><p class="ab">y</p>').xpath(f"//p[{of_class('b')}]/text()")
    ['x']
    """
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def pieces(element: etree._Element, *, without: tuple[str, ...] = ()) -> Iterator[str]:
    """The texts of an element in order, those of scripts and of elements of the classes ``without`` left out.

    >>> list(pieces(tree('<p>Un <b class="x">deux</b> trois<!-- quatre --></p>'), without=("x",)))
    ['Un ', ' trois']
    """
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _WORDLESS and not has_class(child, *without):
            yield from pieces(child, without=without)
        if child.tail:
            yield child.tail


def words(element: etree._Element, *, without: tuple[str, ...] = ()) -> str:
    """The text of an element, as it is spaced."""
    return "".join(pieces(element, without=without))
