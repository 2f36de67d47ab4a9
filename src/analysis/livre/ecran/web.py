"""What an article gains on the site: pictures of their own for a dark page, downloads, words explained."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from bs4 import BeautifulSoup, NavigableString, Tag

from analysis.livre.article.articles import Article, svg_of
from analysis.livre.article.dataset import Dataset
from analysis.noyau.declared.glossaire import Terme
from analysis.noyau.french import uncapitalized
from analysis.presentation.drawing.style import dark
from analysis.presentation.numbers import file_size
from analysis.presentation.parts.blocks import NARROW_SCREEN

FIGURES = "figures"
"""The folder of the site that holds the pictures."""

DARK_SCREEN = "(prefers-color-scheme: dark)"

MANY_LINKS = 10
"""From how many links on a table offers a way past it."""

_EXPLAINED = ["p", "li", "dd"]
_ASIDES = {"note", "outils", "absence", "signature"}
_NOT_INSIDE = ["a", "details", "figure", "nav", "code", "h1", "h2", "h3", "h4", "caption", "form"]


def dressed(
    page: str,
    article: Article,
    *,
    files: Mapping[str, bytes],
    data: Sequence[Dataset],
    glossary: Sequence[Terme],
) -> tuple[str, dict[str, bytes]]:
    """The HTML of an article as the site shows it, and the pictures it asks for, by their addresses.

    ``files`` are the downloads by address, for their sizes; ``glossary`` is empty for a page whose words are
    not explained.
    """
    soup = BeautifulSoup(article.html, "lxml")
    root = soup.body
    if root is None:
        return article.html, {}
    pictures = _pictures(soup, root, page)
    places = {str(place["id"]): place for place in root.find_all(id=True)}
    for dataset in data:
        if dataset.anchor in places:
            _add_tools(soup, places[dataset.anchor], dataset, files)
    for rank, region in enumerate(root.select(".tableau"), start=1):
        _add_way_past(soup, region, rank)
    texts = list(root.find_all(string=True)) if glossary else []
    words = "\n".join(texts)
    explained = [term for term in glossary if _pattern(term).search(words) and _explain(soup, texts, term)]
    if explained:
        root.append(_definitions(soup, explained))
    return root.decode_contents(), pictures


def _pictures(soup: BeautifulSoup, root: Tag, page: str) -> dict[str, bytes]:
    """Take the pictures out of the page: for a page and for a phone, each in a light and a dark version."""
    pictures: dict[str, bytes] = {}
    for picture in root.select("figure[id] > picture"):
        image, narrow = picture.img, picture.source
        if image is None or narrow is None or picture.parent is None:
            continue
        name = f"{FIGURES}/{page}--{picture.parent['id']}"
        wide_svg, narrow_svg = svg_of(image["src"]), svg_of(narrow["srcset"])
        pictures |= {f"{name}.svg": wide_svg, f"{name}-sombre.svg": dark(wide_svg)}
        pictures |= {f"{name}-etroit.svg": narrow_svg, f"{name}-etroit-sombre.svg": dark(narrow_svg)}
        image["src"] = f"{name}.svg"
        image.attrs |= _size(wide_svg)
        picture.clear()
        for ending, media, svg in (
            ("etroit-sombre", f"{NARROW_SCREEN} and {DARK_SCREEN}", narrow_svg),
            ("etroit", NARROW_SCREEN, narrow_svg),
            ("sombre", f"screen and {DARK_SCREEN}", wide_svg),
        ):
            attributes = {"srcset": f"{name}-{ending}.svg", "media": media, **_size(svg)}
            picture.append(soup.new_tag("source", attrs=attributes))
        picture.append(image)
    return pictures


def _size(svg: bytes) -> dict[str, str]:
    """The size of a picture in pixels of the page, so that nothing moves when it comes."""
    sizes = re.findall(r'\b(width|height)="([\d.]+)pt"', svg[:2000].decode("utf-8"))
    return {side: f"{float(size) * 4 / 3:.0f}" for side, size in sizes}


def _add_tools(soup: BeautifulSoup, place: Tag, data: Dataset, files: Mapping[str, bytes]) -> None:
    """Under a figure or a table: its files with their sizes, and the address that never changes."""
    line = soup.new_tag("p", attrs={"class": "outils"})
    what = data.number[0].lower() + data.number[1:]
    line.append(NavigableString("Données : "))
    for ending in ("csv", "xlsx"):
        address = f"{data.file}.{ending}"
        words = f"{ending.upper()}, {file_size(len(files[address]))}"
        link = soup.new_tag("a", attrs={"href": address, "download": "", "aria-label": f"{words}, {what}"})
        link.string = words
        line.extend([link, NavigableString(" ")])
    link = soup.new_tag("a", attrs={"href": f"#{data.anchor}", "aria-label": f"Lien permanent, {what}"})
    link.string = "Lien permanent"
    line.append(link)
    if place.name == "figure":
        place.append(line)
        return
    following = place.find_next_sibling()
    is_note = isinstance(following, Tag) and "note" in following.get_attribute_list("class")
    (following if is_note and isinstance(following, Tag) else place).insert_after(line)


def _add_way_past(soup: BeautifulSoup, region: Tag, rank: int) -> None:
    """Before a table of many links, one that leads behind it: seen when the keyboard reaches it."""
    if len(region.find_all("a", href=True)) < MANY_LINKS:
        return
    number = region.select_one("caption .numero")
    name = number.get_text().strip(" .") if number else ""
    end = f"apres-tableau-{rank}"
    link = soup.new_tag("a", attrs={"class": "passer", "href": f"#{end}"})
    link.string = f"Passer le {uncapitalized(name)}" if name else "Passer ce tableau"
    region.insert_before(link)
    region.insert_after(soup.new_tag("span", attrs={"id": end}))


@cache
def _pattern(term: Terme) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, term.formes)) + r")(?![\w-])")


def _explain(soup: BeautifulSoup, texts: list[NavigableString], term: Terme) -> bool:
    """Mark the first use of a word in the prose among a page's texts, for a bubble on focus and on hover;
    what is left of the text takes its place among them.

    False where the page does not use it.
    """
    pattern = _pattern(term)
    for place, text in enumerate(texts):
        match = pattern.search(text)
        if match is None or not _is_prose(text):
            continue
        bubble = f"{term.libelle} : {term.definition}"
        word = soup.new_tag("span", attrs={"class": "terme", "data-definition": bubble})
        link = soup.new_tag(
            "a", attrs={"href": f"glossaire.html#{term.terme}", "aria-describedby": f"terme-{term.terme}"}
        )
        link.string = match[1]
        word.append(link)
        around = [NavigableString(text[: match.start()]), NavigableString(text[match.end() :])]
        text.replace_with(around[0], word, around[1])
        texts[place : place + 1] = around
        return True
    return False


def _definitions(soup: BeautifulSoup, terms: Sequence[Terme]) -> Tag:
    """The words that a page explains, at its end: for paper, and for a browser that shows text alone."""
    section = soup.new_tag("section", attrs={"class": "mots", "aria-labelledby": "mots"})
    title, words = soup.new_tag("h2", attrs={"id": "mots"}), soup.new_tag("dl", attrs={"class": "fiches"})
    title.string = "Les mots de cette page"
    for term in terms:
        name, definition = soup.new_tag("dt"), soup.new_tag("dd", attrs={"id": f"terme-{term.terme}"})
        name.string, definition.string = term.libelle, term.definition
        words.extend([name, definition])
    section.extend([title, words])
    return section


def _is_prose(text: NavigableString) -> bool:
    """Whether a word of a text may be explained: not in a title, a table's or a figure's, nor in a note."""
    around = text.find_parent(_EXPLAINED)
    return (
        around is not None
        and not _ASIDES & set(around.get_attribute_list("class"))
        and text.find_parent(_NOT_INSIDE) is None
    )
