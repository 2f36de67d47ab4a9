"""The bilan as one PDF: the articles of the site, set by Typst."""

from __future__ import annotations

import shutil
from datetime import datetime, time
from importlib.resources import files
from pathlib import Path

import typst

from analysis.livre.annexes import contexts
from analysis.livre.articles import Article, article_of_html
from analysis.livre.pages import Site, build_day, render
from analysis.livre.typst_markup import Markup, string
from analysis.noyau.errors import BilanError
from analysis.noyau.mesures import load_definitions
from analysis.noyau.paths import Project
from analysis.noyau.scratch import scratch
from analysis.presentation.marks import CAPTION_MARKS
from analysis.sources.register import Register

ANNEXES = ("registre", "definitions", "sources", "errata", "mentions")
"""The annexes that the PDF takes in; the local series stay on the site."""


def write_pdf(project: Project, register: Register, site: Site) -> Path | None:
    """Set every chapter that has a good copy and the annexes; None where there is no chapter."""
    chapters = [(entry.name, entry.article, entry.notice) for entry in site.chapters]
    built = [(name, article, notice) for name, article, notice in chapters if article is not None]
    if not built:
        return None
    shown = contexts(register, load_definitions(project), site.nature)
    annexes = [
        (
            name,
            article_of_html(
                render(name, site=site, **shown[name]), name=name, mark=CAPTION_MARKS[site.nature]
            ),
            "",
        )
        for name, _ in site.annexes
        if name in ANNEXES
    ]
    with scratch(project.pdf) as folder:
        source = folder / "bilan.typ"
        text = _document([*built, *annexes], site, folder)
        source.write_text(text, encoding="utf-8", newline="\n")
        finished = folder / "bilan.pdf"
        finished.write_bytes(_compile(source))
        return finished.replace(project.pdf / "bilan.pdf")


def _document(articles: list[tuple[str, Article, str]], site: Site, folder: Path) -> str:
    """The Typst source: the style, the cover and the contents, then one chapter an article."""
    shutil.copyfile(Path(str(files("analysis.livre"))) / "templates" / "bilan.typ", folder / "style.typ")
    markup = Markup({name: article.html for name, article, _ in articles}, folder)
    day = build_day()
    head = (
        '#import "style.typ": bilan, avis, note, numero\n'
        f"#show: bilan.with(title: {string(site.title)}, publisher: {string(site.publisher['nom'])}, "
        f"built: {string(site.built)}, mark: {string(site.mark)}, "
        f"licence: {string(site.publisher['licence'])}, "
        f"day: datetime(year: {day.year}, month: {day.month}, day: {day.day}))\n"
    )
    parts = []
    for name, article, notice in articles:
        body = markup.article(name, article.html)
        parts.append(body + (f"#avis[#{string(notice)}]\n" if notice else ""))
    return head + "\n".join(parts)


def _compile(source: Path) -> bytes:
    stamp = int(datetime.combine(build_day(), time()).timestamp())
    try:
        content: bytes = typst.compile(str(source), pdf_standards=["ua-1"], timestamp=stamp)
    except typst.TypstError as error:
        raise BilanError(f"Le PDF n'a pas pu être composé : {error}") from error
    return content
