"""« L'essentiel » and the page for the press: parts of the synthesis, for a reader of two minutes.

Nothing is computed here: what these pages show is what the synthesis shows, numbers of figures included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup, SoupStrainer, Tag

from analysis.chapitres.catalogue import SYNTHESE
from analysis.livre.adresse import page_address
from analysis.livre.article.articles import Article
from analysis.livre.pages import REFERENCES, Entry, Site, render

ESSENTIEL = "essentiel"
"""The name of the page, and of its part."""

PRESSE = "presse"

CHARTS = ("avec-et-sans", "cout-par-payeur")
"""The charts of the page."""

MORE = ("trajectoire", "carte")
"""The third chart of the press: the first of these that the synthesis has."""

_LISTS = ("verdicts", "nombres", "inconnus")


@dataclass(frozen=True)
class Verdict:
    """A verdict as the synthesis prints it (HTML): the hypothesis, its two sentences, what evidence says, who
    concludes, and which of its figures changed. ``adresse`` is its place in the synthesis."""

    nom: str
    adresse: str
    phrases: tuple[str, ...]
    preuves: str
    signataire: str
    a_revoir: str


@dataclass(frozen=True)
class Parties:
    """What the synthesis holds for a hurried reader, as HTML.

    ``couts`` are the numbers that are amounts, ``nombres`` all of them; ``figures`` by their anchors.
    """

    verdicts: tuple[Verdict, ...]
    nombres: tuple[str, ...]
    couts: tuple[str, ...]
    figures: dict[str, str]
    inconnus: tuple[str, ...]

    @property
    def signataires(self) -> tuple[str, ...]:
        """Who concludes, each once."""
        return tuple(dict.fromkeys(verdict.signataire for verdict in self.verdicts))


def parties(synthesis: Article | None) -> Parties | None:
    """The parts of a synthesis for a hurried reader; None where it concludes nothing."""
    if synthesis is None or 'id="verdicts"' not in synthesis.html:
        return None
    return _parties(synthesis.html)


@lru_cache(maxsize=2)
def _parties(html: str) -> Parties | None:
    """The same of the HTML of a synthesis, parsed once, where these parts are: several pages take theirs."""
    soup = BeautifulSoup(html, "lxml", parse_only=SoupStrainer(id=[*_LISTS, *CHARTS, *MORE]))
    verdicts = tuple(map(_verdict, soup.select("ol#verdicts > li")))
    if not verdicts:
        return None
    _lead_to(soup, f"{SYNTHESE}.html")
    for also in soup.select("#nombres .aussi"):
        also.decompose()
    numbers = soup.select("ul#nombres > li")
    return Parties(
        verdicts=verdicts,
        nombres=tuple(item.decode_contents() for item in numbers),
        couts=tuple(item.decode_contents() for item in numbers if "cout" in item.get_attribute_list("class")),
        figures={
            name: str(_recalled(figure))
            for name in (*CHARTS, *MORE)
            for figure in soup.select(f"figure#{name}")
        },
        inconnus=tuple(item.decode_contents() for item in soup.select("ul#inconnus > li")),
    )


def of_site(site: Site) -> Parties | None:
    """The parts of the synthesis of a site; None where it was not built, or concludes nothing."""
    return parties(next((entry.article for entry in site.entries if entry.name == SYNTHESE), None))


def essentiels(site: Site) -> tuple[Entry, ...]:
    """The page that opens the book and the one for the press; none where the synthesis concludes nothing."""
    found = of_site(site)
    if found is None:
        return ()
    shown: dict[str, Any] = {"site": site, "parts": found}
    third = next((name for name in MORE if name in found.figures), "")
    return (
        _entry(ESSENTIEL, "L'essentiel", ESSENTIEL, figures=_figures(found, CHARTS), **shown),
        _entry(
            PRESSE,
            "Pour la presse",
            REFERENCES,
            is_printed=False,
            figures=_figures(found, (*CHARTS, third)),
            address=page_address(site.publisher, ""),
            territory=None,
            **shown,
        ),
    )


def _entry(name: str, title: str, part: str, *, is_printed: bool = True, **shown: Any) -> Entry:
    """A page of parts of the synthesis: its captions keep the numbers that they have there."""
    article = Article(title, render(name, title=title, **shown), ())
    return Entry(name, title, part, "", article=article, in_pdf=is_printed)


def _figures(found: Parties, names: Sequence[str]) -> list[str]:
    return [found.figures[name] for name in names if name in found.figures]


def _verdict(item: Tag) -> Verdict:
    phrases = tuple(part.decode_contents() for part in item.select(".phrase"))
    said = (item.select_one(f".{name}") for name in ("preuves", "signataire", "a-revoir"))
    evidence, who, changed = (part.decode_contents() if part else "" for part in said)
    name = item.strong.get_text() if item.strong else ""
    return Verdict(name, f"{SYNTHESE}.html#{item['id']}", phrases, evidence, who, changed)


def _recalled(figure: Tag) -> Tag:
    """A figure that stands elsewhere: its number recalls where, and gives it no second row in an index."""
    for number in figure.select(".numero"):
        number["class"] = "rappel"
    return figure


def _lead_to(soup: BeautifulSoup, page: str) -> None:
    """Make the links of a page to its own places lead to it from another one."""
    for link in soup.select('a[href^="#"]'):
        link["href"] = f"{page}{link['href']}"
