"""Two printed pages a territory, in plain words: what is known, what is not, how to contest a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bs4 import BeautifulSoup, SoupStrainer, Tag

from analysis.livre.adresse import page_address, qr_code
from analysis.livre.article.articles import Article, article_of_html
from analysis.livre.essentiel import Verdict
from analysis.livre.pages import Entry, Site, render
from analysis.noyau.declared.glossaire import Terme
from analysis.noyau.french import capitalized, uncapitalized
from analysis.presentation.parts.blocks import inline_svg

SUFFIX = "-deux-pages"
"""What the file's name of these pages ends with."""

MOST = 6
"""The key figures that one page holds."""

WORDS = ("ppde", "ebe", "cle", "secret")
"""The words that the pages explain."""

DRAWINGS = ("effectifs-ebe", "carte")
"""The drawings that fill the first page best, in order; a chapter without them shows its first one."""

_BASE_MAP = re.compile(r"\bFond : [^.]+\.")
"""The credit of a base map, which follows the map wherever it is printed."""

_SINGULAR = re.compile(r"(?:\b(?:une?|la|le|en|par|chaque|cette)\s|\bl['’])$")
"""The words after which an abbreviation stands for one thing."""


@dataclass(frozen=True)
class Phrase:
    """A key figure in plain words: what is counted, how many, when, who says it, what must be known of it.

    ``is_fact`` says that it is an event and not a number.
    """

    label: str
    value: str
    when: str
    source: str
    more: str = ""
    is_fact: bool = False


def article_deux_pages(
    site: Site, territory: Entry, glossary: Sequence[Terme], verdicts: Sequence[Verdict] = ()
) -> Article:
    """The two pages of a territory: the key figures that open its chapter, one drawing of it, its address.

    ``verdicts`` are those of the synthesis.
    """
    if territory.article is None:
        raise ValueError(f"{territory.name}: a territory without a chapter has no pages to hand out")
    told = [in_words(figure, glossary) for figure in key_figures(territory.article)[:MOST]]
    figures = [phrase for phrase in told if not phrase.is_fact]
    address = page_address(site.publisher, f"{territory.name}.html")
    html = render(
        "deux-pages",
        site=site,
        territory=territory,
        verdicts=[
            (v.nom, in_full(BeautifulSoup(v.phrases[0], "lxml").get_text(), glossary)) for v in verdicts
        ],
        unknown=lines_of(territory.article, "ignore", glossary),
        awaited=[line.partition(" (de qui")[0] for line in lines_of(territory.article, "attendu", glossary)],
        last_word=_last_word(territory.article),
        facts=[phrase for phrase in told if phrase.is_fact],
        figures=figures,
        withheld=withheld(territory.article),
        sources=len({figure.source for figure in figures}),
        drawing=_drawing(territory.article),
        words=[term for term in glossary if term.terme in WORDS],
        address=address,
        qr=inline_svg(qr_code(address)) if address else "",
    )
    return _without_numbers(article_of_html(html, name=territory.name))


def key_figures(article: Article) -> list[Phrase]:
    """The key figures that open a chapter, in its own words."""
    found = []
    for item in _opening(article).select(".en-bref li"):
        if item.strong is None:
            continue
        source, more, precision, value = (
            _taken(item, choice) for choice in (".source", ".remarque", ".precision", "strong")
        )
        is_fact = "fait" in (item.get("class") or ())
        found.append(Phrase(_text(item), value, precision.strip(" ;."), source, more, is_fact))
    return found


def in_words(phrase: Phrase, glossary: Sequence[Terme] = ()) -> Phrase:
    """A key figure as a sentence says it: abbreviations in full, no full stop twice, « aucune » for none.

    >>> said = in_words(Phrase("Liste d'attente", "0 personnes", "Juin 2021", "source : dépôt du lieu."))
    >>> said.value, said.when, said.source
    ('aucune personne', 'juin 2021', 'dépôt du lieu')
    """
    label = in_full(phrase.label.strip(" :."), glossary)
    return Phrase(
        capitalized(label),
        re.sub(r"^(?:0\s+personnes?|aucune personne\s.+)$", "aucune personne", phrase.value),
        uncapitalized(phrase.when),
        re.sub(r"^source\s*:\s*", "", phrase.source, flags=re.IGNORECASE).rstrip("."),
        phrase.more,
        phrase.is_fact,
    )


def in_full(words: str, glossary: Sequence[Terme]) -> str:
    """Words with their abbreviations in full."""
    for term in glossary:
        if term.formes[0].isupper():
            words = _in_full(words, term)
    return words


def _in_full(label: str, term: Terme) -> str:
    """A label with an abbreviation in full, one or several as the words before it ask.

    >>> ebe = Terme("ebe", "", ("EBE", "entreprise", "entreprises"), "")
    >>> _in_full("Salariés d'une EBE nommée", ebe), _in_full("EBE ouvertes", ebe)
    ("Salariés d'une entreprise nommée", 'entreprises ouvertes')
    """
    short, *forms = term.formes
    if not forms:
        return label

    def full(found: re.Match[str]) -> str:
        return forms[0] if _SINGULAR.search(found.string[: found.start()]) else forms[-1]

    return re.sub(rf"\b{re.escape(short)}\b", full, label)


def _taken(item: Tag, choice: str) -> str:
    """The text of a part of a key figure, which is taken out of it; empty where it has none."""
    part = item.select_one(choice)
    return "" if part is None else _text(part.extract())


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def withheld(article: Article) -> str:
    """What the chapter says of the key figures that it withholds; empty where it withholds none."""
    said = _opening(article).select_one(".en-bref .retenu")
    return "" if said is None else _text(said)


def lines_of(article: Article, css: str, glossary: Sequence[Terme]) -> list[str]:
    """The lines of one kind among the ten of a chapter."""
    found = _opening(article).select(f".dix-lignes ul.{css} > li")
    return [in_full(_text(line), glossary) for line in found]


def _last_word(article: Article) -> str:
    """What the evaluator says in the end of the ten lines, or that nobody did."""
    found = _opening(article).select(
        ".dix-lignes > .regard, .dix-lignes > .signature, .dix-lignes > .absence"
    )
    return " ".join(_text(part) for part in found)


def _opening(article: Article) -> BeautifulSoup:
    """The key figures and the ten lines of a chapter, without the rest of it."""
    return BeautifulSoup(_opening_html(article.html), "lxml")


@lru_cache(maxsize=64)
def _opening_html(html: str) -> str:
    return str(BeautifulSoup(html, "lxml", parse_only=SoupStrainer(class_=["en-bref", "dix-lignes"])))


def _drawing(article: Article) -> str:
    """The figure of the chapter that fills the first page, but its sources; empty where it has none."""
    soup = BeautifulSoup(article.html, "lxml", parse_only=SoupStrainer("figure"))
    figures = (soup.select_one(choice) for choice in (*(f"figure#{name}" for name in DRAWINGS), "figure"))
    found = next(filter(None, figures), None)
    if found is None:
        return ""
    credit = " ".join(_BASE_MAP.findall(" ".join(_text(note) for note in found.select("p.note"))))
    for told in found.select("figcaption .numero, p.note"):
        told.decompose()
    told_there = "Ce dessin est dans le chapitre, avec ses sources et ses limites."
    return f'{found}<p class="note">{" ".join([told_there, credit]).strip()}</p>'


def _without_numbers(article: Article) -> Article:
    """Two pages need no « Figure 1 »."""
    soup = BeautifulSoup(article.html, "lxml")
    for number in soup.select("figcaption .numero"):
        number.decompose()
    return article.with_html(soup.body.decode_contents() if soup.body else "")
