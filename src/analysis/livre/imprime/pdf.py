"""The book, the booklets and the pages to hand out as PDF: the articles of the site, set by Typst."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from pydantic_core import to_json

from analysis.livre.adresse import page_address
from analysis.livre.article.articles import TEMPLATES, Article, article_of_html
from analysis.livre.article.dataset import Dataset, Tables, cards, datasets
from analysis.livre.article.downloads import workbook_bytes
from analysis.livre.ecran.site import about_edition
from analysis.livre.essentiel import ESSENTIEL, Verdict, of_site
from analysis.livre.imprime.balises import Grid, with_row_heads
from analysis.livre.imprime.deux_pages import SUFFIX, article_deux_pages
from analysis.livre.imprime.gardes import Gardes
from analysis.livre.imprime.typst_markup import Markup, Write, string, written
from analysis.livre.pages import METHODS, REFERENCES, Entry, Site, render
from analysis.livre.structure import ANNEXES, PARTIES
from analysis.noyau.declared.glossaire import Sigle, Terme, load_glossary, load_sigles
from analysis.noyau.files.etat import NO_DAY
from analysis.noyau.french import typography
from analysis.noyau.paths import Project
from analysis.stations.store import UNKEPT, Store, sha256
from analysis.stations.team import Product, Team

BOOK = "bilan.pdf"
BOOKLETS = "livrets"
"""The folder of what is made for one territory."""

_STATION = "pdf"

DATA = "donnees.xlsx"
"""The workbook of every figure and table, attached to the PDF."""

_SHOWN = (
    "avis",
    "bref",
    "chapitre",
    "detail",
    "deux-colonnes",
    "ensemble",
    "juge",
    "lignes",
    "mention",
    "note",
    "numero",
    "partie",
    "rang",
    "reste",
    "sous-tableau",
    "sous-titre",
    "vignette",
)
"""The functions of ``bilan.typ`` that an article calls."""

_IMPORT = f'#import "style.typ": {", ".join(_SHOWN)}\n'

_SUBTITLE = "Territoires zéro chômeur de longue durée, première phase"


@dataclass(frozen=True)
class Source:
    """A Typst source, its pictures and data beside it, and its tables."""

    path: Path
    tables: tuple[Grid, ...]
    gardes: Gardes = Gardes()

    def pdf(self) -> bytes:
        return with_row_heads(self.gardes.compiled(self.path), self.tables)


@dataclass(frozen=True)
class Mots:
    """What the PDFs explain: the words of the glossary, and what abbreviations stand for."""

    glossaire: tuple[Terme, ...] = ()
    sigles: tuple[Sigle, ...] = ()


def load_mots(project: Project) -> Mots:
    """The words and abbreviations of a project; raises InvalidData with every finding."""
    return Mots(load_glossary(project), load_sigles(project))


def asked_pdfs(
    site: Site,
    mots: Mots,
    folder: Path,
    *,
    tables: Tables = Tables(),  # noqa: B008  # frozen
    gardes: Gardes = Gardes(),  # noqa: B008  # frozen
    code: Mapping[str, str] | None = None,
) -> list[Product]:
    """The book, a booklet and two pages for each territory, to be set; nothing where there is no chapter.

    Their sources are written in ``folder``; what is set of the same articles by the same ``code`` is equal.
    ``tables`` give back what is read of articles, ``gardes`` what is kept of the book.
    """
    if not any(entry.exists for entry in site.chapters):
        return []
    return [
        Product(
            f"{_STATION}/{work.name}",
            {"ce qu'il imprime": sha256(to_json(work.parts)), **(code or {})},
            _set,
            (work, folder / str(rank), tables),
        )
        for rank, work in enumerate(_works(site, mots, gardes))
    ]


def write_pdfs(
    asked: Sequence[Product], target: Path, *, team: Team, kept: Store = UNKEPT
) -> dict[str, Path]:
    """Set the PDFs that are asked, those that are not kept, in the new folder ``target``; their paths by
    their names on the site."""
    paths = {}
    for product, content in zip(asked, team.take_all(kept, asked), strict=True):
        name = product.place.removeprefix(f"{_STATION}/")
        paths[name] = target / name
        paths[name].parent.mkdir(parents=True, exist_ok=True)
        paths[name].write_bytes(content)
    return paths


def pdf_names(site: Site) -> list[str]:
    """The names of the PDFs of a site, as :func:`asked_pdfs` asks for them."""
    if not any(entry.exists for entry in site.chapters):
        return []
    own = [entry.name for entry in site.chapters if entry.is_territoire and entry.exists]
    return [BOOK, *(f"{BOOKLETS}/{name}{end}.pdf" for name in own for end in ("", SUFFIX))]


@dataclass(frozen=True)
class Work:
    """One PDF to set: its file's name, all that it is made of, and what makes its source of that.

    ``prepare`` takes the parts, a new folder and the tables of articles: nothing else of the book can be in
    the PDF.
    """

    name: str
    parts: tuple[Any, ...]
    prepare: Callable[..., Source]


def _set(work: Work, folder: Path, tables: Tables) -> bytes:
    return work.prepare(*work.parts, folder=folder, tables=tables).pdf()


def _works(site: Site, mots: Mots, gardes: Gardes) -> Iterator[Work]:
    """What is to be set, the book first: it takes longest."""
    bare = replace(site, entries=(), etude=None)
    yield Work(BOOK, (replace(site, etude=None), mots.sigles), partial(_book, gardes=gardes))
    parts, errata = of_site(site), _errata(site)
    verdicts = parts.verdicts if parts else ()
    annexes = tuple(entry for entry in site.annexes if entry.name == "glossaire")
    for entry in site.chapters:
        if entry.is_territoire and entry.exists:
            told = tuple(errata.get(entry.name, ()))
            yield Work(f"{BOOKLETS}/{entry.name}.pdf", (bare, entry, annexes, told), _booklet)
            given = (bare, entry, mots.glossaire, verdicts)
            yield Work(f"{BOOKLETS}/{entry.name}{SUFFIX}.pdf", given, _two_pages)


def set_book(site: Site, folder: Path, mots: Mots = Mots()) -> bytes:  # noqa: B008  # frozen
    """The whole book as a PDF; ``folder`` is for its source and its pictures."""
    return _book(site, mots.sigles, folder=folder, tables=Tables(), gardes=Gardes()).pdf()


def set_article(name: str, article: Article, site: Site, folder: Path) -> bytes:
    """One article as a PDF of its own; ``folder`` is for its pictures."""
    entry = Entry(name, article.title, "", "", article=article)
    return _document(site, [entry], folder, title=article.title, data=datasets(name, article), depth=2).pdf()


def _book(site: Site, sigles: Sequence[Sigle], *, folder: Path, tables: Tables, gardes: Gardes) -> Source:
    """What is read, and the data of what is consulted too: its pages are on the site only."""
    printed = [entry for entry in site.entries if entry.exists and entry.in_pdf]
    front = _front_page(site, sigles)
    opening = [entry for entry in printed if entry.name == ESSENTIEL]
    others = [entry for entry in printed if entry.name != ESSENTIEL]
    data = [dataset for entry, article in site.articles for dataset in _data(entry, article, tables)]
    entries = [*opening, front, *others]
    return _document(site, entries, folder, title=site.title, data=data, in_parts=True, gardes=gardes)


def _data(entry: Entry, article: Article, tables: Tables) -> tuple[Dataset, ...]:
    found = tables.of(entry.name, article)
    return found if entry.in_pdf or found else cards(entry.name, article)


def _front_page(site: Site, sigles: Sequence[Sigle]) -> Entry:
    """The page before the text: abbreviations, where the rest is, how to cite."""
    html = render(
        "avant-de-lire",
        site=site,
        sigles=sigles,
        elsewhere=[entry.title for entry in site.entries if entry.exists and not entry.in_pdf],
        address=page_address(site.publisher, ""),
        workbook=DATA,
        territory=None,
    )
    article = article_of_html(html, name="avant-de-lire")
    return Entry("avant-de-lire", article.title, "", "", article=article)


def _booklet(
    site: Site,
    territory: Entry,
    annexes: Sequence[Entry],
    errata: Sequence[tuple[str, str]],
    *,
    folder: Path,
    tables: Tables,
) -> Source:
    """The chapter of a territory with the numbers it has in the book, the glossary, what to know of it."""
    assert territory.article is not None
    html = render(
        "livret",
        site=site,
        territory=territory,
        errata=errata,
        address=page_address(site.publisher, ""),
    )
    about = article_of_html(html, name="livret")
    return _document(
        site,
        [territory, *annexes, Entry("livret", about.title, METHODS, "", article=about)],
        folder,
        title=f"{territory.title}, livret du territoire",
        cover=territory.title,
        subtitle=f"Livret du territoire, extrait du livre « {site.title} »",
        data=tables.of(territory.name, territory.article),
        depth=2,
    )


def _errata(site: Site) -> dict[str, list[tuple[str, str]]]:
    """The corrections of each page by its name: their days and their words."""
    found: dict[str, list[tuple[str, str]]] = {}
    articles = (article for entry, article in site.articles if entry.name == "errata")
    for article in articles:
        for term in BeautifulSoup(article.html, "lxml").select("dl.fiches > dt"):
            correction = term.find_next_sibling("dd")
            if term.a is not None and isinstance(correction, Tag):
                page = str(term.a.get("href")).partition("#")[0].removesuffix(".html")
                day = term.get_text().partition(" : ")[0].strip()
                found.setdefault(page, []).append((day, correction.get_text()))
    return found


def set_letter(name: str, article: Article, site: Site, folder: Path) -> bytes:
    """A letter as a PDF of its own, as two pages are set; ``folder`` is for its source."""
    return _handed_out(site, name, article, folder, show="lettre").pdf()


def _handed_out(site: Site, name: str, article: Article, folder: Path, *, show: str) -> Source:
    """The Typst source of a few pages that are handed out."""
    options = {
        "title": said(article.title),
        "publisher": said(site.publisher["nom"]),
        "status": said(site.status),
        "mark": said(site.mark),
        "day": _day(site),
    }
    markup = _prepared({name: article.html}, folder, fills_page=True)
    return _written(_head(show, options) + markup.article(name), folder, markup)


def _two_pages(
    site: Site,
    territory: Entry,
    glossary: Sequence[Terme],
    verdicts: Sequence[Verdict],
    *,
    folder: Path,
    tables: Tables,  # noqa: ARG001  # they carry none
) -> Source:
    article = article_deux_pages(site, territory, glossary, verdicts)
    return _handed_out(site, territory.name, article, folder, show="deux-pages")


def _document(
    site: Site,
    entries: Sequence[Entry],
    folder: Path,
    *,
    title: str,
    data: Sequence[Dataset],
    cover: str = "",
    subtitle: str = "",
    depth: int = 1,
    in_parts: bool = False,
    gardes: Gardes = Gardes(),  # noqa: B008  # frozen
) -> Source:
    """The Typst source of a book: the style, the cover and the contents, then one chapter an article.

    ``cover`` is the title on the cover where it is shorter; ``in_parts`` gives the contents the book's parts.
    """
    articles = {entry.name: entry.article for entry in entries if entry.article is not None}
    shown = {page: article.html for page, article in articles.items()}
    markup = _prepared(shown, folder, write=gardes.written)
    if data:
        (folder / DATA).write_bytes(workbook_bytes(data, about_edition(site)))
    options = {
        "title": said(title),
        "cover": said(cover or title),
        "subtitle": said(subtitle or (_SUBTITLE if site.nature == "reel" else site.mark)),
        "publisher": said(site.publisher["nom"]),
        "status": said(site.status),
        "licence": said(site.publisher["licence"]),
        "unconfirmed": said(site.publisher.get("a_confirmer", "")),
        "mark": said(site.mark),
        "day": _day(site),
        "data": string(DATA) if data else "none",
        "depth": str(depth),
    }
    parts = [
        (f"#partie({string(place.part)})\n" if place.begins and in_parts else "")
        + _chapter(markup, entry, place)
        for entry, place in _placed(entries)
    ]
    return _written(_head("bilan", options) + "\n".join(parts), folder, markup, gardes)


@dataclass(frozen=True)
class Place:
    """Where an entry stands in its part, and whether it is the first or the last of it."""

    part: str
    begins: bool
    ends: bool


def _placed(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Place]]:
    parts = [ANNEXES if e.part in (METHODS, REFERENCES) else PARTIES.get(e.part, "") for e in entries]
    for entry, before, part, after in zip(entries, ["?", *parts], parts, [*parts[1:], "?"], strict=False):
        yield entry, Place(part, part != before, part != after)


def _chapter(markup: Markup, entry: Entry, place: Place) -> str:
    """An article on pages of its own; the annexes follow one another, and are spaced as one.

    It is a file that the source includes: Typst knows what it has set by its place in its file, and where an
    article changes, it sets the others again only as far as their pages move.
    """
    rank = entry.label.split("\u00a0")[-1] if entry.label else ""
    title, _, body = markup.article(entry.name, rank=rank).partition("\n\n")
    notice = f"#avis[#{said(entry.notice)}]\n\n" if entry.notice else ""
    is_annex = place.part == ANNEXES
    name = string("annexes" if is_annex else entry.name)
    goes_on, ends = (str(is_annex and not end).lower() for end in (place.begins, place.ends))
    file = f"article-{entry.name}.typ"
    (markup.folder / file).write_text(f"{_IMPORT}{title}\n\n{notice}{body}", encoding="utf-8", newline="\n")
    return f'#chapitre({name}, serre: "0", suite: {goes_on}, suivie: {ends})[#include {string(file)}]\n'


def said(words: str) -> str:
    """Words of the cover, of the head or of the foot as a Typst string, in French typography."""
    return string(typography(words))


def _prepared(
    articles: Mapping[str, str], folder: Path, *, fills_page: bool = False, write: Write = written
) -> Markup:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(TEMPLATES / "bilan.typ", folder / "style.typ")
    return Markup(dict(articles), folder, fills_page=fills_page, write=write)


def _head(show: str, options: Mapping[str, str]) -> str:
    given = ", ".join(f"{name}: {value}" for name, value in options.items())
    return f'#import "style.typ": {show}, {", ".join(_SHOWN)}\n#show: {show}.with({given})\n'


def _written(text: str, folder: Path, markup: Markup, gardes: Gardes = Gardes()) -> Source:  # noqa: B008  # frozen
    source = folder / "livre.typ"
    source.write_text(text, encoding="utf-8", newline="\n")
    return Source(source, tuple(markup.tables), gardes)


def _day(site: Site) -> str:
    """The date of the document as Typst writes it: that of the project's state."""
    day = site.jour or NO_DAY
    return f"datetime(year: {day.year}, month: {day.month}, day: {day.day})"
