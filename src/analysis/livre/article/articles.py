"""The article that a page of HTML makes: its captions numbered, its table of contents."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from analysis.livre.article.notes import number_notes
from analysis.noyau.errors import BilanError
from analysis.presentation.numbers import NBSP
from analysis.presentation.parts.blocks import inline_svg

_BAND = 17
"""Points of the band that a marked picture gains at its foot: the mark crosses nothing that is drawn."""

_MARKED = (
    '<rect x="0" y="{top}" width="100%" height="{band}" fill="#e9edf1"/>'
    '<text x="50%" y="{base}" text-anchor="middle" font-family="Bilan Sans, sans-serif" font-size="9.5" '
    'font-weight="bold" fill="#1d2733">{words}</text></svg>'
)
_HEIGHT = re.compile(
    r'(<svg\b[^>]*?\bheight=")([\d.]+)(pt"[^>]*?\bviewBox="[\d.]+ [\d.]+ [\d.]+ )([\d.]+)(")'
)

TEMPLATES = Path(str(files("analysis.livre"))) / "templates"


@dataclass(frozen=True)
class Article:
    """The content of a page: its title, its HTML, and its sections as (anchor, title)."""

    title: str
    html: str
    contents: tuple[tuple[str, str], ...]

    def with_html(self, html: str) -> Article:
        """The same article with another content."""
        return replace(self, html=html)


@lru_cache(maxsize=64)
def article_of_html(body: str, *, name: str, numero: str = "", mark: str = "") -> Article:
    """Number the captions and the notes, list the sections, refuse an anchor that stands twice.

    Captions are « Figure 2.1. » and « Tableau 2.1. » in the order of the page, ``numero`` being the rank of
    the page in the book; the table of values under a chart has no number of its own. With a ``mark``, every
    caption and every picture carries it. A process that meets the same page again has its article at once.
    """
    soup = BeautifulSoup(body, "lxml")
    root = soup.body
    if root is None or root.h1 is None:
        raise BilanError(f"La page « {name} » n'a pas de titre (h1).")
    _refuse_repeated_anchors(root, name)
    _drop_lost_passages(root)
    number_notes(soup, root, page=name)
    rank = f"{numero}." if numero else ""
    _number(soup, root.find_all("figcaption"), f"Figure{NBSP}{rank}")
    captions = [c for c in root.find_all("caption") if c.find_parent("details") is None]
    _number(soup, captions, f"Tableau{NBSP}{rank}")
    _name_summaries(root)
    if mark:
        _mark(soup, root, mark)
    contents = tuple((str(h["id"]), h.get_text()) for h in root.find_all("h2") if h.get("id"))
    return Article(root.h1.get_text(), root.decode_contents(), contents)


def _number(soup: BeautifulSoup, captions: list[Tag], word: str) -> None:
    for number, caption in enumerate(captions, start=1):
        label = soup.new_tag("span", attrs={"class": "numero"})
        label.string = f"{word}{number}. "
        caption.insert(0, label)


def _name_summaries(root: Tag) -> None:
    """Say of which figure each description is: two of a page do not have one name."""
    for label in root.select("figcaption > .numero"):
        figure = label.find_parent("figure")
        summary = figure.select_one("details > summary") if figure else None
        if summary is not None:
            number = label.get_text().strip(" .")
            summary.string = f"Description et données de la {number[0].lower()}{number[1:]}"


def _mark(soup: BeautifulSoup, root: Tag, mark: str) -> None:
    """Write the mark in every caption, and at the foot of every picture."""
    for caption in root.find_all(["caption", "figcaption"]):
        label = soup.new_tag("span", attrs={"class": "demonstration"})
        label.string = mark
        caption.insert(0, label)
        label.insert_after(" ")
    pictures = [(image, "src") for image in root.find_all("img")]
    pictures += [(source, "srcset") for source in root.find_all("source")]
    for tag, attribute in pictures:
        tag[attribute] = inline_svg(_with_band(svg_of(tag[attribute]).decode("utf-8"), mark).encode("utf-8"))


def _with_band(svg: str, mark: str) -> str:
    """The picture made higher by a band that says the mark; raises ValueError for one without a size."""
    size = _HEIGHT.search(svg)
    if size is None:
        raise ValueError("a picture to mark has a height and a viewBox")
    top = float(size[4])
    grown = f"{size[1]}{float(size[2]) + _BAND:.5f}{size[3]}{top + _BAND:.5f}{size[5]}"
    band = _MARKED.format(top=f"{top:.5f}", base=f"{top + 12:.5f}", band=_BAND, words=mark.upper())
    return svg[: size.start()] + grown + svg[size.end() :].replace("</svg>", band)


def svg_of(address: object) -> bytes:
    """The drawing that an address of a picture holds."""
    return base64.b64decode(str(address).partition("base64,")[2])


def _drop_lost_passages(root: Tag) -> None:
    """A remark leads to its passage as long as the page has it: the text may have changed since."""
    known = {str(tag["id"]) for tag in root.find_all(id=True)}
    for link in root.find_all("a", class_="passage", href=True):
        if str(link["href"]).removeprefix("#") not in known:
            link.unwrap()


def _refuse_repeated_anchors(root: Tag, name: str) -> None:
    seen: set[str] = set()
    for tag in root.find_all(id=True):
        anchor = str(tag["id"])
        if anchor in seen:
            raise BilanError(f"La page « {name} » porte deux fois l'ancre « {anchor} ».")
        seen.add(anchor)
