"""The site: one page a chapter, the register behind every number, an index; whole or not at all."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from analysis.chapitres.catalogue import Chapter
from analysis.chapitres.execution import Job, last_good
from analysis.livre import annexes
from analysis.livre.articles import (
    TEMPLATES,
    ArticleExporter,
    article_of_html,
    article_of_notebook,
)
from analysis.livre.pages import Entry, Page, Site, build_day, render
from analysis.noyau.errors import BilanError
from analysis.noyau.mesures import load_definitions
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.noyau.scratch import scratch
from analysis.presentation.marks import CAPTION_MARKS
from analysis.sources.register import Register

PUBLISHER = ("titre", "nom", "url", "licence", "licence_url", "contact", "contact_url")
"""The entries of ``data/publication.toml``."""

STYLE, PDF = "bilan.css", "bilan.pdf"
"""The files of the site beside its pages."""


def gather(
    project: Project,
    register: Register,
    chapters: Sequence[Chapter],
    *,
    jobs: Sequence[Job],
    failed: Sequence[str],
    publisher: dict[str, str],
) -> Site:
    """The last good copy of every chapter, with a notice where it is not of this run's data and code."""
    fingerprints = {job.chapter.code: job.fingerprint for job in jobs}
    exporter = ArticleExporter()
    entries = []
    for chapter in chapters:
        copy = last_good(project, chapter.code)
        article, notice = None, ""
        if copy is not None:
            notebook, manifest = copy
            article = article_of_notebook(notebook, exporter, mark=CAPTION_MARKS[project.nature])
            has_failed = chapter.code in failed
            if has_failed or manifest.fingerprint != fingerprints[chapter.code]:
                notice = _notice(manifest.executed_at, has_failed=has_failed)
        entries.append(
            Entry(
                name=chapter.code,
                title=chapter.title,
                is_territoire=bool(chapter.territoire),
                detail=_detail(register, chapter),
                article=article,
                notice=notice,
            )
        )
    title = publisher["titre"] if project.nature == "reel" else "Bilan de démonstration"
    return Site(title, publisher, long_date(build_day()), tuple(entries), project.nature)


def load_publisher(project: Project) -> dict[str, str]:
    """Who publishes, under which licence, and how to write to them.

    Raises BilanError when the file is missing, is not TOML or lacks one of its entries.
    """
    path = project.data / "publication.toml"
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BilanError(f"{project.shown(path)} est illisible : {error}.") from error
    missing = [name for name in PUBLISHER if not values.get(name)]
    if missing:
        raise BilanError(f"{project.shown(path)} : il manque {', '.join(missing)}.")
    return {name: str(values[name]) for name in PUBLISHER}


def write_site(project: Project, register: Register, site: Site, *, pdf: Path | None) -> Path:
    """Write every page to a folder beside the old one, check its links, swap it in; its index's path."""
    shown = annexes.contexts(register, load_definitions(project), site.nature)
    annex_pages = _annex_pages(register, site, shown, has_pdf=pdf is not None)
    pages = [*_chapter_pages(site, annex_pages), *annex_pages]
    rendered = {f"{page.name}.html": render("layout", page=page, site=site) for page in pages}
    broken = broken_links(rendered)
    if broken:
        raise BilanError("Liens rompus dans le site :\n" + "\n".join(f"- {b}" for b in broken))
    with scratch(project.html.parent) as folder:
        new = folder / "html"
        new.mkdir()
        for name, text in rendered.items():
            (new / name).write_text(text, encoding="utf-8", newline="\n")
        shutil.copyfile(TEMPLATES / STYLE, new / STYLE)
        if pdf is not None:
            shutil.copyfile(pdf, new / PDF)
        if project.html.exists():
            project.html.rename(folder / "ancien")
        new.rename(project.html)
    return project.html / "index.html"


def broken_links(pages: dict[str, str]) -> list[str]:
    """The links of these pages that lead to no page or no anchor of theirs, and requests elsewhere."""
    soups = {name: BeautifulSoup(text, "lxml") for name, text in pages.items()}
    anchors = {name: _anchors(text) for name, text in pages.items()}
    broken = []
    for name, soup in soups.items():
        for tag in soup.find_all(["a", "link", "img", "script"]):
            address = str(tag.get("href") or tag.get("src") or "")
            parts = urlsplit(address)
            if parts.scheme == "data" or not address or address in (STYLE, PDF):
                continue
            if parts.scheme or parts.netloc:
                if tag.name != "a":
                    broken.append(f"{name} demande {address}")
                continue
            page = parts.path or name
            if page not in pages or (parts.fragment and unquote(parts.fragment) not in anchors[page]):
                broken.append(f"{name} renvoie à {address}")
    return broken


def without_links(text: str, is_dead: Callable[[str, str], bool]) -> str:
    """The HTML in which a link to a dead page and anchor is its text alone."""
    soup = BeautifulSoup(text, "lxml")
    for link in soup.find_all("a", href=True):
        parts = urlsplit(str(link["href"]))
        if not parts.scheme and parts.path and is_dead(parts.path, unquote(parts.fragment)):
            link.unwrap()
    return soup.body.decode_contents() if soup.body else ""


def _chapter_pages(site: Site, annex_pages: Sequence[Page]) -> list[Page]:
    """The chapters that exist, without their links to those that do not.

    A copy of an earlier date may also name rows that are no longer there: it loses those links only.
    """
    built = [(entry, entry.article) for entry in site.chapters if entry.article is not None]
    missing = {f"{entry.name}.html" for entry in site.chapters if not entry.exists}
    anchors = {f"{page.name}.html": _anchors(page.main) for page in annex_pages}
    pages = []
    for position, (entry, article) in enumerate(built):

        def is_dead(page: str, anchor: str, *, is_old: bool = bool(entry.notice)) -> bool:
            return page in missing or (is_old and page in anchors and anchor not in anchors[page])

        pages.append(
            Page(
                name=entry.name,
                title=article.title,
                description=f"{article.title} : {site.title}",
                main=without_links(article.html, is_dead),
                contents=article.contents,
                notice=entry.notice,
                previous=built[position - 1][0] if position else None,
                next=built[position + 1][0] if position + 1 < len(built) else None,
            )
        )
    return pages


def _anchors(text: str) -> set[str]:
    return {str(tag["id"]) for tag in BeautifulSoup(text, "lxml").find_all(id=True)}


def _annex_pages(
    register: Register, site: Site, shown: dict[str, dict[str, Any]], *, has_pdf: bool
) -> list[Page]:
    contexts: dict[str, dict[str, Any]] = {
        "index": annexes.index(register, {e.name for e in site.chapters if e.exists}, has_pdf=has_pdf),
        **{name: shown[name] for name, _ in site.annexes},
    }
    pages = []
    for name, context in contexts.items():
        article = article_of_html(
            render(name, site=site, **context), name=name, mark=CAPTION_MARKS[site.nature]
        )
        description = f"{article.title} : {site.title}"
        contents = article.contents if name != "index" else ()
        pages.append(Page(name, article.title, description, article.html, contents))
    return pages


def _notice(executed_at: str, *, has_failed: bool) -> str:
    day = long_date(datetime.fromisoformat(executed_at).date())
    reason = (
        "sa dernière exécution a échoué" if has_failed else "les données ou les programmes ont changé depuis"
    )
    return f"Ce chapitre date du {day} : {reason}."


def _detail(register: Register, chapter: Chapter) -> str:
    if not chapter.territoire:
        return ""
    territoire = register.territoire(chapter.territoire)
    departements = dict.fromkeys(commune.departement_nom for commune in territoire.communes)
    ebe = ", ".join(ebe.nom for ebe in territoire.ebe)
    return f"{', '.join(departements)} ; EBE : {ebe}" if ebe else ", ".join(departements)
