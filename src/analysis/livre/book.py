"""The book before it is a site or a PDF: its articles in order, numbered, every reference resolved."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from analysis.chapitres.catalogue import SYNTHESE, Chapter
from analysis.chapitres.jobs import FAILED, Job, Manifest, last_good
from analysis.indicateurs.depenses_passives.resultats import Etude
from analysis.indicateurs.territoires_suivis.records import CHAPITRE
from analysis.livre.annexes import contexts
from analysis.livre.article import methodes
from analysis.livre.article.articles import Article, article_of_html
from analysis.livre.article.captions import numbered_captions
from analysis.livre.article.exporter import article_of_notebook
from analysis.livre.article.gardes import code_of_articles, inputs_of, place_of, read, written
from analysis.livre.article.methodes import article_of_method, method_content
from analysis.livre.article.references import resolve
from analysis.livre.ecran import territoires_suivis
from analysis.livre.essentiel import essentiels
from analysis.livre.manifeste import Manifeste
from analysis.livre.pages import (
    METHODS,
    REFERENCES,
    Entry,
    Site,
    annex_label,
    chapter_label,
    render,
)
from analysis.livre.reponses import contested, gathered
from analysis.livre.simulateur import contexte
from analysis.livre.structure import (
    AVANT_PROPOS,
    TERRITOIRES_SUIVIS,
    Annexe,
    annexes,
    lettered,
)
from analysis.noyau.definitions import load_definitions
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.presentation.parts.links import source_label
from analysis.presentation.parts.mentions import CAPTION_MARKS
from analysis.presentation.parts.prose import resolve as with_figures
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.secret.release import Released
from analysis.sources.register import Register
from analysis.sources.texts import load_text
from analysis.stations.modules import code_of
from analysis.stations.store import UNKEPT, Store
from analysis.stations.team import ALONE, Product, Team

PUBLISHER = (
    "titre",
    "nom",
    "url",
    "responsable",
    "hebergeur",
    "licence",
    "licence_url",
    "contact",
    "contact_url",
    "reponse",
)
"""The entries of ``data/publication.toml`` that must say something."""

OPTIONAL = ("adresse", "isbn", "depot_legal")
"""Its entries that may be empty or absent while they are not established: nothing is then printed of them."""

_CONFIRMED_LATER = {
    "responsable": "le responsable de la publication",
    "hebergeur": "l'hébergement",
    "licence": "la licence",
    "contact": "le contact",
}
"""What its entries are called where they are still to be confirmed."""

_TO_CONFIRM = re.compile(r"\s*(?:\(à confirmer\)|^à confirmer)$")

_FIGURES = "figures-et-tableaux"


def gather(
    project: Project,
    register: Register,
    chapters: Sequence[Chapter],
    *,
    jobs: Sequence[Job],
    old: Mapping[str, str],
    jour: date | None,
    manifest: Manifeste,
    etude: Released[Etude] | None = None,
    edition: str = "",
    without: Sequence[str] = (),
    kept: Store = UNKEPT,
    team: Team = ALONE,
) -> Site:
    """The whole book in the order of reading: foreword, the last good copy of every chapter, annexes.

    ``old`` says why the copy of a chapter is not of today's data and code: it gets a notice. ``kept`` gives
    back the articles of which nothing changed, ``team`` makes the others. Raises BilanError for a reference
    or a reply that leads nowhere, a note without a call, an anchor that stands twice.
    """
    publisher = load_publisher(project)
    title = publisher["titre"] if project.nature == "reel" else "Bilan de démonstration"
    included = [chapter for chapter in chapters if chapter.code not in without]
    copies = {chapter.code: copy for chapter in included if (copy := last_good(project, chapter.code))}
    articles = _articles(project, included, copies, kept=kept, team=team)
    chapter_entries = tuple(_chapters(register, chapters, old=old, copies=copies, articles=articles))
    study = None if etude is None else etude.content
    shared = Site(title, publisher, jour, chapter_entries, project.nature, edition, tuple(without), study)
    replies = gathered(project, register)
    shown = contexts(project, register, load_definitions(project), manifest, replies)
    if study is not None:
        shown["simulateur"] = contexte(study, publisher)
    followed = next((job.bundle for job in jobs if job.chapter.code == CHAPITRE), None)
    rows = territoires_suivis.contexte(Bundle.from_bytes(followed)) if followed else None
    if rows is not None:
        shown[TERRITOIRES_SUIVIS.name] = rows
    foreword = () if AVANT_PROPOS.name in without else _foreword(project, register)
    digest = essentiels(shared)
    entries = (
        *digest[:1],
        *foreword,
        *chapter_entries,
        *_annexes(project, shared, shown, kept=kept, team=team),
        *digest[1:],
    )
    entries = contested(_with_articles(entries, _resolved(register, entries)), replies)
    return replace(shared, entries=_with_index_of_figures(project, shared, entries))


def load_publisher(project: Project) -> dict[str, str]:
    """Who publishes, under which licence, how to write to them, and where the site stands (``adresse``, empty
    while nobody has said it).

    What is « à confirmer » is taken out of the entries, and said once, in the sentence ``a_confirmer``.
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
    return {
        **{name: _TO_CONFIRM.sub("", str(values[name])) for name in PUBLISHER},
        "a_confirmer": _to_confirm([name for name in PUBLISHER if _TO_CONFIRM.search(str(values[name]))]),
        **{name: str(values.get(name, "")) for name in OPTIONAL},
    }


def _to_confirm(names: Sequence[str]) -> str:
    """The sentence that names what is still to be confirmed; empty when nothing is.

    >>> _to_confirm(["licence"]), _to_confirm([])
    ('Reste à confirmer : la licence.', '')
    """
    if not names:
        return ""
    verb = "Reste" if len(names) == 1 else "Restent"
    return f"{verb} à confirmer : {', '.join(_CONFIRMED_LATER.get(name, name) for name in names)}."


def _chapters(
    register: Register,
    chapters: Sequence[Chapter],
    *,
    old: Mapping[str, str],
    copies: Mapping[str, tuple[Path, Manifest]],
    articles: Mapping[str, Article],
) -> Iterator[Entry]:
    for chapter in chapters:
        notice = ""
        if chapter.code in copies:
            notice = _notice(copies[chapter.code][1], old.get(chapter.code, ""))
        yield Entry(
            chapter.code,
            chapter.title,
            chapter.part,
            chapter_label(chapter.numero),
            _detail(register, chapter),
            articles.get(chapter.code),
            notice,
        )


def _articles(
    project: Project,
    chapters: Sequence[Chapter],
    copies: Mapping[str, tuple[Path, Manifest]],
    *,
    kept: Store,
    team: Team,
) -> dict[str, Article]:
    """The articles of the chapters that have a copy."""
    code = code_of_articles(project)
    there = [chapter for chapter in chapters if chapter.code in copies]
    asked = [article_of(project, one, copies[one.code][0].read_bytes(), code) for one in there]
    made = team.take_all(kept, asked)
    return {one.code: read(content) for one, content in zip(there, made, strict=True)}


def article_of(project: Project, chapter: Chapter, copy: bytes, code: Mapping[str, str]) -> Product:
    """The article of a chapter, to be made of its copy by the ``code`` of articles."""
    numero, mark = str(chapter.numero), CAPTION_MARKS[project.nature]
    make = partial(article_of_notebook, copy, name=chapter.code, numero=numero, mark=mark)
    return _article(chapter.code, copy, make, numero=numero, mark=mark, code=code)


def _article(
    name: str, content: bytes, make: Callable[[], Article], *, numero: str, mark: str, code: Mapping[str, str]
) -> Product:
    inputs = inputs_of(content, numero=numero, mark=mark, code=code)
    return Product(place_of(name), inputs, written, (make,))


def _foreword(project: Project, register: Register) -> Iterator[Entry]:
    """The signed text before the first chapter, where it is written; its numbers come from the register."""
    name = AVANT_PROPOS.name
    path = project.texts / f"{name}.md"
    text = load_text(path, shown=project.shown(path)) if project.nature in AVANT_PROPOS.natures else None
    if text is not None:
        body = with_figures(text.corps, bundle_ensemble(register, SYNTHESE, texte=None))
        html = render(AVANT_PROPOS.template, title=AVANT_PROPOS.title, body=body, text=text)
        yield Entry(name, AVANT_PROPOS.title, name, "", article=article_of_html(html, name=name))


def _annexes(
    project: Project, site: Site, shown: Mapping[str, dict[str, object]], *, kept: Store, team: Team
) -> Iterator[Entry]:
    there = [a for a in annexes(project) if a.is_method or a.name in (*shown, _FIGURES)]
    letters = lettered(there)
    code = code_of_articles(project) | code_of(project, methodes.__name__)
    asked = [_annexe(project, site, shown, annexe, letters[annexe.name], code) for annexe in there]
    for annexe, content in zip(there, team.take_all(kept, asked), strict=True):
        yield Entry(
            name=annexe.name,
            title=annexe.title,
            part=METHODS if annexe.is_method else REFERENCES,
            label=annex_label(letters[annexe.name]),
            article=read(content),
            in_pdf=annexe.in_pdf,
        )


def _annexe(
    project: Project,
    site: Site,
    shown: Mapping[str, dict[str, object]],
    annexe: Annexe,
    numero: str,
    code: Mapping[str, str],
) -> Product:
    """The article of an annex, to be made."""
    mark = CAPTION_MARKS[project.nature]
    if annexe.is_method:
        content = method_content(project, annexe)
        make = partial(article_of_method, project, annexe, numero=numero, mark=mark)
    else:
        context = {"groups": ()} if annexe.name == _FIGURES else {"site": site, **shown[annexe.name]}
        html = render(annexe.template, **context)
        content = html.encode()
        make = partial(article_of_html, html, name=annexe.name, numero=numero, mark=mark)
    return _article(annexe.name, content, make, numero=numero, mark=mark, code=code)


def _resolved(register: Register, entries: Sequence[Entry]) -> dict[str, Article]:
    labels = {entry.name: (entry.label or entry.title) for entry in entries}
    sources = {source.source: (source.anchor, source_label(source)) for source in register.sources}
    articles = {entry.name: entry.article for entry in entries if entry.article is not None}
    return resolve(articles, {name: text[0].lower() + text[1:] for name, text in labels.items()}, sources)


def _with_articles(entries: Sequence[Entry], articles: Mapping[str, Article]) -> tuple[Entry, ...]:
    return tuple(replace(entry, article=articles.get(entry.name)) for entry in entries)


def _with_index_of_figures(project: Project, site: Site, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries, the annex that lists every numbered caption of the book filled in."""
    groups = [
        (entry, list(numbered_captions(entry.article.html))) for entry in entries if entry.article is not None
    ]
    html = render(_FIGURES, groups=[(entry, found) for entry, found in groups if found])
    article = article_of_html(html, name=_FIGURES)
    return tuple(replace(e, article=article) if e.name == _FIGURES else e for e in entries)


def _notice(executed: Manifest, why: str) -> str:
    """What a page says of a copy that is not as it would be made now; empty for a fresh one."""
    if not why:
        return ""
    day = long_date(datetime.fromisoformat(executed.executed_at).date())
    reason = why if why == FAILED else "les données ou les programmes ont changé depuis"
    return f"Ce chapitre date du {day} : {reason}."


def _detail(register: Register, chapter: Chapter) -> str:
    """What a chapter is on, in a line: its question, or where its territory is and its EBE."""
    if not chapter.territoire:
        return chapter.about
    territoire = register.territoire(chapter.territoire)
    departements = dict.fromkeys(commune.departement_nom for commune in territoire.communes)
    ebe = ", ".join(ebe.nom for ebe in territoire.ebe)
    return f"{', '.join(departements)} ; EBE : {ebe}" if ebe else ", ".join(departements)
