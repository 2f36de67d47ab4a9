"""The words that a reader may not know, each explained once: ``data/dictionary/glossaire.csv``."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.noyau.paths import Project
from analysis.noyau.written import load_written


@dataclass(frozen=True)
class Terme:
    """A word of the glossary: its anchor, itself in full, the forms that a text uses, its definition."""

    terme: str
    libelle: str
    formes: tuple[str, ...]
    definition: str


def load_glossary(project: Project) -> tuple[Terme, ...]:
    """The words in the order of the alphabet; raises InvalidData with every finding."""
    rows = load_written(project, "glossaire", key=("terme",))
    terms = (Terme(**{**row, "formes": tuple(row["formes"].split("|"))}) for row in rows)  # type: ignore[arg-type]
    return tuple(sorted(terms, key=lambda term: term.terme))
