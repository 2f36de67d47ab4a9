"""What the site and the PDF share: the chapters as entries, the pages, their templates."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.livre.annexes import TITLES
from analysis.livre.articles import TEMPLATES, Article
from analysis.noyau.paths import Nature
from analysis.presentation.marks import DEMONSTRATION_MARK

_WITHOUT_REGISTER = ("sources", "definitions", "errata", "mentions")


@dataclass(frozen=True)
class Entry:
    """A chapter as the navigation lists it; ``notice`` warns of a copy of an earlier date."""

    name: str
    title: str
    is_territoire: bool
    detail: str
    article: Article | None
    notice: str

    @property
    def exists(self) -> bool:
        return self.article is not None


@dataclass(frozen=True)
class Page:
    """One HTML page: what the layout puts around an article."""

    name: str
    title: str
    description: str
    main: str
    contents: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    previous: Entry | None = None
    next: Entry | None = None


@dataclass(frozen=True)
class Site:
    """What every page shares."""

    title: str
    publisher: dict[str, str]
    built: str
    chapters: tuple[Entry, ...]
    nature: Nature = "reel"

    @property
    def annexes(self) -> tuple[tuple[str, str], ...]:
        """The annexes in the order of the navigation; invented territories have no register."""
        return tuple(t for t in TITLES if self.nature == "reel" or t[0] in _WITHOUT_REGISTER)

    @property
    def mark(self) -> str:
        """What every page says of a bilan of invented territories; empty for real ones."""
        return DEMONSTRATION_MARK if self.nature == "demonstration" else ""


def render(template: str, **context: Any) -> str:
    """The HTML of a template of ``templates/pages``; a name that it lacks is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template(f"{template}.html.j2").render(**context)


def build_day() -> date:
    """Today, or the day of ``SOURCE_DATE_EPOCH`` for a build that must be the same twice."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), tz=UTC).date() if epoch else date.today()
