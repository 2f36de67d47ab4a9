"""The book, the booklets and the pages to hand out as PDF: the articles of the site, set by Typst."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import typst

from analysis.livre.articles import TEMPLATES, Article
from analysis.livre.deux_pages import SUFFIX, article_deux_pages
from analysis.livre.downloads import datasets, workbook_bytes
from analysis.livre.pages import Entry, Site
from analysis.livre.site import about_edition
from analysis.livre.typst_markup import Markup, string
from analysis.noyau.errors import BilanError
from analysis.noyau.etat import NO_DAY
from analysis.noyau.glossaire import Terme
from analysis.noyau.scratch import scratch
from analysis.presentation.style import FONTS

BOOK = "bilan.pdf"
BOOKLETS = "livrets"
"""The folder of what is made for one territory."""

DATA = "donnees.xlsx"
"""The workbook of every figure and table, attached to the PDF."""

STANDARDS: Final = ("ua-1", "a-3a")
"""Accessible (PDF/UA-1), and kept with its data (PDF/A-3a)."""

_OF_BOOKLET = ("glossaire", "sources", "errata", "mentions", "colophon")
"""The annexes that stand behind a territory's chapter in its booklet."""

_SUBTITLE = "Territoires zéro chômeur de longue durée, première phase"


@dataclass(frozen=True)
class Work:
    """One PDF to set: its file's name, its Typst source, and the pictures and data beside it."""

    name: str
    folder: Path
    source: Path


def write_pdfs(site: Site, glossary: Sequence[Terme], target: Path) -> dict[str, Path]:
    """Set the book, a booklet and two pages for each territory; their paths by their names on the site.

    They are written in the new folder ``target``. Nothing is set where there is no chapter.
    """
    if not any(entry.exists for entry in site.chapters):
        return {}
    with scratch(target.parent) as folder, ThreadPoolExecutor(max_workers=2) as pool:
        works = [(w.name, pool.submit(compiled, w.source)) for w in _works(site, glossary, folder)]
        for name, content in works:
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.result())
    return {name: target / name for name, _ in works}


def _works(site: Site, glossary: Sequence[Terme], folder: Path) -> Iterator[Work]:
    """What is to be set, the book last: Typst keeps what it has set, and sets more slowly after a book."""
    for entry in site.chapters:
        if entry.is_territoire and entry.exists:
            yield _booklet(site, entry, folder)
            yield _two_pages(site, glossary, entry, folder)
    yield _book(site, folder / "livre")


def set_book(site: Site, folder: Path) -> bytes:
    """The whole book as a PDF; ``folder`` is for its source and its pictures."""
    return compiled(_book(site, folder).source)


def set_article(name: str, article: Article, site: Site, folder: Path) -> bytes:
    """One article as a PDF of its own; ``folder`` is for its pictures."""
    entry = Entry(name, article.title, "", "", article=article)
    alone = replace(site, entries=(entry,))
    return compiled(_document(alone, [entry], folder, title=article.title, depth=2).source)


def compiled(source: Path) -> bytes:
    """The PDF of a Typst source, with the project's fonts alone; raises BilanError with what Typst says."""
    try:
        content: bytes = typst.compile(
            str(source),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            pdf_standards=list(STANDARDS),
            timestamp=0,
        )
    except typst.TypstError as error:
        raise BilanError(f"Le PDF n'a pas pu être composé : {error}") from error
    return content


def _book(site: Site, folder: Path) -> Work:
    entries = [entry for entry in site.entries if entry.exists and entry.in_pdf]
    return _document(site, entries, folder, title=site.title, name=BOOK)


def _booklet(site: Site, territory: Entry, folder: Path) -> Work:
    """The chapter of a territory with the annexes that it needs; its numbers are those of the book."""
    annexes = [entry for entry in site.annexes if entry.name in _OF_BOOKLET]
    return _document(
        site,
        [territory, *annexes],
        folder / territory.name,
        title=f"{territory.title} : le livret",
        name=f"{BOOKLETS}/{territory.name}.pdf",
        depth=2,
    )


def _two_pages(site: Site, glossary: Sequence[Terme], territory: Entry, folder: Path) -> Work:
    place = folder / f"{territory.name}-2"
    article = article_deux_pages(site, territory, glossary)
    options = {
        "title": string(article.title),
        "publisher": string(site.publisher["nom"]),
        "status": string(site.status),
        "mark": string(site.mark),
        "day": _day(site),
    }
    markup = _prepared({territory.name: article.html}, place)
    text = _head("deux-pages", options) + markup.article(territory.name)
    return _written(text, place, f"{BOOKLETS}/{territory.name}{SUFFIX}.pdf")


def _document(
    site: Site, entries: Sequence[Entry], folder: Path, *, title: str, name: str = BOOK, depth: int = 1
) -> Work:
    """The Typst source of a book: the style, the cover and the contents, then one chapter an article."""
    articles = {entry.name: entry.article for entry in entries if entry.article is not None}
    markup = _prepared({page: article.html for page, article in articles.items()}, folder)
    data = [dataset for page, article in articles.items() for dataset in datasets(page, article)]
    if data:
        (folder / DATA).write_bytes(workbook_bytes(data, about_edition(site)))
    options = {
        "title": string(title),
        "subtitle": string(_SUBTITLE if site.nature == "reel" else site.mark),
        "publisher": string(site.publisher["nom"]),
        "status": string(site.status),
        "licence": string(site.publisher["licence"]),
        "mark": string(site.mark),
        "day": _day(site),
        "data": string(DATA) if data else "none",
        "depth": str(depth),
    }
    parts = []
    for entry in entries:
        if entry.article is not None:
            rank = entry.label.split("\u00a0")[-1] if entry.label else ""
            body = markup.article(entry.name, rank=rank)
            parts.append(body + (f"#avis[#{string(entry.notice)}]\n" if entry.notice else ""))
    return _written(_head("bilan", options) + "\n".join(parts), folder, name)


def _prepared(articles: Mapping[str, str], folder: Path) -> Markup:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(TEMPLATES / "bilan.typ", folder / "style.typ")
    return Markup(dict(articles), folder)


def _head(show: str, options: Mapping[str, str]) -> str:
    given = ", ".join(f"{name}: {value}" for name, value in options.items())
    names = f"{show}, avis, note, numero, rang, renvoi, bref, lignes"
    return f'#import "style.typ": {names}\n#show: {show}.with({given})\n'


def _written(text: str, folder: Path, name: str) -> Work:
    source = folder / "livre.typ"
    source.write_text(text, encoding="utf-8", newline="\n")
    return Work(name, folder, source)


def _day(site: Site) -> str:
    """The date of the document as Typst writes it: that of the project's state."""
    day = site.state.jour or NO_DAY
    return f"datetime(year: {day.year}, month: {day.month}, day: {day.day})"
