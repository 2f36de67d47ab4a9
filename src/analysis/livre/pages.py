"""What the site and the PDF share: the book as entries in the order of reading, and its templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.livre.article.articles import TEMPLATES, Article
from analysis.livre.article.typesetting import typeset
from analysis.livre.structure import AVANT_PROPOS, SIMULATEUR
from analysis.noyau.french import uncapitalized
from analysis.noyau.paths import Nature
from analysis.noyau.periods import long_date
from analysis.presentation.numbers import NBSP
from analysis.presentation.parts.mentions import DEMONSTRATION_MARK

if TYPE_CHECKING:  # a review hands out pages, and reads no study
    from analysis.indicateurs.depenses_passives.resultats import Etude

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
    def full_title(self) -> str:
        """Its title where it stands alone: a chapter and its method share the same words."""
        return f"Méthode{NBSP}: {uncapitalized(self.title)}" if self.part == METHODS else self.title

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
    """What every page shares.

    ``jour`` is the day of the commit that it comes from, None outside git: of git's state the colophon alone
    says more, so that a first change is not a change of every page. ``edition`` is empty for the working
    copy; ``without`` are the chapters that an edition leaves out by name; ``etude`` is what the simulator
    computes with, None where there is none.
    """

    title: str
    publisher: dict[str, str]
    jour: date | None
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
        day = f"au {long_date(self.jour)}" if self.jour else "à une date non établie"
        if self.edition:
            return f"Édition {self.edition}, arrêtée {day}"
        return f"Copie de travail, d'après l'état du projet {day}"


def menu(site: Site) -> list[tuple[str, list[Entry]]]:
    """Every page of the book as the menu holds it; an entry under no title stands in it by itself.

    The foreword opens the chapters. What a reader comes for most is not folded: the synthesis, the simulator.
    """
    groups = {
        "Chapitres": [e for e in site.entries if e.part in (AVANT_PROPOS.name, "themes")],
        "Territoires": [e for e in site.entries if e.is_territoire],
    }
    for entry in site.annexes:
        groups.setdefault(entry.part, []).append(entry)
    alone = [entry for entry in groups[REFERENCES] if entry.name == SIMULATEUR.name]
    groups[REFERENCES] = [entry for entry in groups[REFERENCES] if entry not in alone]
    synthesis = [entry for entry in site.entries if entry.part in ("essentiel", "synthese")]
    return [("", synthesis), *groups.items(), ("", alone)]


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


def render_page(template: str, **context: Any) -> str:
    """The HTML of a whole page, ready to be read: a template of ``templates/pages``, typeset."""
    return typeset(render(template, **context)) + "\n"


def render(template: str, **context: Any) -> str:
    """The HTML of a template of ``templates/pages``, as written; a name that it lacks is an error."""
    return _environment().get_template(f"{template}.html.j2").render(**context)


def load_templates() -> None:
    """Compile every template: a process that is to make pages does it before it is asked."""
    for name in _environment().list_templates():
        _environment().get_template(name)


@cache
def _environment() -> Environment:
    """The templates, each compiled once for as long as its file is the same."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
