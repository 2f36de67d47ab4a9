"""The pages of a PDF, set until none is nearly empty: what the first setting shows corrects the next one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Final

import typst

from analysis.noyau.errors import BilanError
from analysis.presentation.drawing.fonts import FONTS

STANDARDS: Final = ("ua-1", "a-3a")
"""Accessible (PDF/UA-1), and kept with its data (PDF/A-3a)."""

TOP, BODY = 73.7, 700.2
"""Points of a page: where its body begins, and its height (margins of ``bilan.typ``)."""

SHARE = 0.3
"""A last page of a chapter that holds less than this share is drawn in to the one before, or else filled."""

TIGHTEST, LOOSEST, GAIN = 5, -4, 0.035
"""The notches by which a chapter is tightened or let out, and the share of its height that each saves."""

SETTINGS = 8
"""How many times a PDF is set at most."""

TALL, NEAR_TOP = 150, 80
"""Points: a figure as tall, found as near to the top of a page, was pushed there and left a gap behind."""


_CHAPITRE: Final = re.compile(r'(#chapitre\("([^"]+)", serre: ")0')
_ENSEMBLE: Final = re.compile(r'(#ensemble\("([^"]+)", flotte: )false')


@dataclass(frozen=True)
class Repere:
    """Where an article begins (« debut ») or ends (« fin »), or a figure (« figure », « fin-figure » ; one
    that does not float is « seule »)."""

    sorte: str
    nom: str
    page: int
    y: float


@dataclass(frozen=True)
class Reglages:
    """How much each article is tightened (let out, below zero), and the figures that float."""

    serres: Mapping[str, int] = field(default_factory=dict)
    flottants: tuple[str, ...] = ()

    def written_in(self, source: str) -> str:
        """A Typst source with these settings, each where its article or its figure begins.

        What they do not concern reads as before: Typst, which keeps what it has set, does not set it again.

        >>> Reglages({"thiers": 3}).written_in('#chapitre("thiers", serre: "0")[]')
        '#chapitre("thiers", serre: "3")[]'
        """
        tightened = _CHAPITRE.sub(lambda found: f"{found[1]}{self.serres.get(found[2], 0)}", source)
        return _ENSEMBLE.sub(lambda found: f"{found[1]}{str(found[2] in self.flottants).lower()}", tightened)

    def after(self, reperes: Iterable[Repere]) -> Reglages:
        """The settings that what was found calls for; the same ones where nothing is to be mended.

        >>> short = [Repere("debut", "thiers", 4, 74), Repere("fin", "thiers", 5, 130)]
        >>> Reglages().after(short).serres  # a twelfth of a page too long, on one page: three notches
        {'thiers': 3}
        """
        places = {(repere.sorte, repere.nom): repere for repere in reperes}
        serres, flottants = dict(self.serres), list(self.flottants)
        for (sorte, nom), place in places.items():
            if sorte == "fin" and _is_short(places.get(("debut", nom)), place):
                notches = serres.get(nom, 0) + _notches(places["debut", nom], place)
                serres[nom] = notches if 0 < notches <= TIGHTEST else LOOSEST
            if sorte == "figure" and nom not in flottants and _was_pushed(place, places["fin-figure", nom]):
                flottants.append(nom)
        return Reglages(serres, tuple(flottants))


def compiled(source: Path) -> bytes:
    """The PDF of a Typst source and of what it includes of its folder, with the project's fonts alone.

    Raises BilanError with what Typst says.
    """
    bare = {path: path.read_text(encoding="utf-8") for path in sorted(source.parent.glob("*.typ"))}
    try:
        compiler, reglages = _compiler(source), Reglages()
        for _ in range(SETTINGS - 1):
            found = json.loads(compiler.query("<repere>", field="value"))
            wanted = reglages.after(Repere(**one) for one in found)
            if wanted == reglages:
                break
            for path, text in bare.items():
                path.write_text(wanted.written_in(text), encoding="utf-8", newline="\n")
            compiler, reglages = _compiler(source), wanted
        content = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=0)
    except (typst.TypstError, RuntimeError) as error:
        raise BilanError(f"Le PDF n'a pas pu être composé : {error}") from error
    assert isinstance(content, bytes)
    return content


def compiler_version() -> str:
    """The version of the Typst compiler, which its PDFs name too; its Python package has a number of its own.

    >>> compiler_version().count(".")
    2
    """
    return str(json.loads(typst.Compiler(b"").eval("str(sys.version)")))


def _compiler(source: Path) -> typst.Compiler:
    return typst.Compiler(str(source), font_paths=[str(FONTS)], ignore_system_fonts=True)


def _is_short(debut: Repere | None, fin: Repere) -> bool:
    """Whether the last page of an article of several pages holds next to nothing."""
    return debut is not None and debut.page < fin.page and fin.y < TOP + SHARE * BODY


def _notches(debut: Repere, fin: Repere) -> int:
    """How many notches bring the last page back into those before it, as far as one can tell."""
    return ceil((fin.y - TOP) / BODY / (fin.page - debut.page) / GAIN) or 1


def _was_pushed(debut: Repere, fin: Repere) -> bool:
    return debut.y < TOP + NEAR_TOP and fin.y - debut.y > TALL
