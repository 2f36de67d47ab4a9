"""The numbered captions of an article: what a reference names, and what the index of figures lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from analysis.livre.article.arbre import of_class, tree, words


@dataclass(frozen=True)
class Caption:
    """A numbered caption: the anchor of its figure or table, its number (« Figure 2.1 »), its words."""

    anchor: str
    number: str
    title: str


@lru_cache(maxsize=256)
def numbered_captions(html: str) -> tuple[Caption, ...]:
    """The captions of a page that have a number, in order; their words are without it, and without the mark
    of a demonstration."""
    return tuple(_captions(html))


def _captions(html: str) -> Iterator[Caption]:
    for caption in tree(html).xpath("//figcaption | //caption"):
        numbers = caption.xpath(f".//*[{of_class('numero')}]")
        places = caption.xpath("ancestor::*[@id][1]")
        if numbers and places:
            title = words(caption, without=("numero", "demonstration")).strip()
            yield Caption(places[0].get("id"), words(numbers[0]).strip(" ."), title)
