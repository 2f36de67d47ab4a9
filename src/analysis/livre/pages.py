"""What the site and the PDF share: the book as entries in the order of reading, and its templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.indicateurs.depenses_passives.records import Etude
from analysis.livre.articles import TEMPLATES, Article
from analysis.livre.structure import AVANT_PROPOS
from analysis.noyau.etat import Etat
from analysis.noyau.paths import Nature
from analysis.noyau.periods import long_date
from analysis.presentation.marks import DEMONSTRATION_MARK
from analysis.presentation.numbers import NBSP

STYLE = "bilan.css"
"""The style of every page, beside the templates."""

METHODS = "Méthodes"
REFERENCES = "Données et repères"


@dataclass(frozen=True)
class Entry:
    """One page of the book, a chapter or an annex.

    ``part`` is the key of its part, ``label`` its rank in words (« Chapitre 4 », « Annexe B », empty for the
    foreword). ``article`` is None for a chapter that was never built; ``notice`` warns of a copy of an
    earlier date; ``in_pdf`` is False for what is too long for paper.
    """

    name: str
    title: str
    part: str
    label: str
    detail: str = ""
    article: Article | None = None
    notice: str = ""
    in_pdf: bool = True

    @property
    def exists(self) -> bool:
        return self.article is not None

    @property
    def is_territoire(self) -> bool:
        return self.part == "territoires"

    @property
    def is_chapter(self) -> bool:
        return self.part in ("synthese", "themes", "territoires")


@dataclass(frozen=True)
class Page:
    """One HTML page: what the layout puts around an article."""

    name: str
    title: str
    description: str
    main: str
    label: str = ""
    contents: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    previous: Entry | None = None
    next: Entry | None = None


@dataclass(frozen=True)
class Site:
    """What every page shares. ``edition`` is empty for the working copy; ``without`` are the chapters that
    an edition leaves out by name; ``etude`` is what the simulator computes with, None where there is none."""

    title: str
    publisher: dict[str, str]
    state: Etat
    entries: tuple[Entry, ...]
    nature: Nature = "reel"
    edition: str = ""
    without: tuple[str, ...] = ()
    etude: Etude | None = None

    @property
    def chapters(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.is_chapter)

    @property
    def annexes(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.part in (METHODS, REFERENCES))

    @property
    def foreword(self) -> Entry | None:
        return next((entry for entry in self.entries if entry.part == "avant-propos"), None)

    @property
    def articles(self) -> Iterator[tuple[Entry, Article]]:
        """The entries that exist, with their articles, in the order of reading."""
        return ((entry, entry.article) for entry in self.entries if entry.article is not None)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The titles of what an edition leaves out by name."""
        titles = {AVANT_PROPOS.name: AVANT_PROPOS.title, **{e.name: e.title for e in self.chapters}}
        return tuple(titles[name] for name in self.without)

    @property
    def mark(self) -> str:
        """What every page says of a bilan of invented territories; empty for real ones."""
        return DEMONSTRATION_MARK if self.nature == "demonstration" else ""

    @property
    def status(self) -> str:
        """Which copy this is, and the day of the files it was made of: never the day of the build."""
        day = long_date(self.state.jour) if self.state.jour else "une date non établie"
        if self.edition:
            return f"Édition {self.edition}, arrêtée au {day}"
        changed = ", modifié depuis" if self.state.is_modified else ""
        return f"Copie de travail, d'après l'état du projet au {day}{changed}"


def by_groups(entries: tuple[Entry, ...]) -> list[tuple[str, list[Entry]]]:
    """Entries under the name of their part, in order."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.part, []).append(entry)
    return list(groups.items())


def chapter_label(number: int) -> str:
    """How the book calls a chapter."""
    return f"Chapitre{NBSP}{number}"


def annex_label(letter: str) -> str:
    """How the book calls an annex."""
    return f"Annexe{NBSP}{letter}"


def inline_style() -> str:
    """The style of the site for a page that must need no other file: the reader's own fonts."""
    lines = (TEMPLATES / STYLE).read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("@font-face"))


def render(template: str, **context: Any) -> str:
    """The HTML of a template of ``templates/pages``; a name that it lacks is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template(f"{template}.html.j2").render(**context)
