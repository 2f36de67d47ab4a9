"""The words that a reader may not know, and what letters stand for: ``data/dictionary``, two tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from analysis.noyau.declared.written import load_written
from analysis.noyau.paths import Project

_ABBREVIATED = re.compile(r"(?P<libelle>.+) \((?P<sigle>[^()]+)\)")


@dataclass(frozen=True)
class Terme:
    """A word of the glossary: its anchor, itself in full, the forms that a text uses, its definition."""

    terme: str
    libelle: str
    formes: tuple[str, ...]
    definition: str


@dataclass(frozen=True)
class Sigle:
    """An abbreviation, and the words that it stands for."""

    sigle: str
    libelle: str


def load_glossary(project: Project) -> tuple[Terme, ...]:
    """The words in the order of the alphabet; raises InvalidData with every finding."""
    rows = load_written(project, "glossaire", key=("terme",))
    terms = (Terme(**{**row, "formes": tuple(row["formes"].split("|"))}) for row in rows)  # type: ignore[arg-type]
    return tuple(sorted(terms, key=lambda term: folded(term.libelle)))


def load_sigles(project: Project) -> tuple[Sigle, ...]:
    """The abbreviations of the glossary and the others, in the order of the alphabet.

    Raises InvalidData with every finding.
    """
    named = (_ABBREVIATED.fullmatch(term.libelle) for term in load_glossary(project))
    explained = [Sigle(found["sigle"], found["libelle"]) for found in named if found]
    declared = [Sigle(**row) for row in load_written(project, "sigles", key=("sigle",))]
    return tuple(sorted((*explained, *declared), key=lambda one: folded(one.sigle)))


def folded(text: str) -> str:
    """A text as the alphabet orders it: without accents, capitals or typographic apostrophes.

    >>> folded("Équivalent temps plein"), folded("L’éligible")
    ('equivalent temps plein', "l'eligible")
    """
    letters = unicodedata.normalize("NFKD", text.replace("\u2019", "'").replace("œ", "oe"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
