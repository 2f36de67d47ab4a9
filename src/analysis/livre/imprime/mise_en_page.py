"""The pages of a PDF, set until none is nearly empty: what the first setting shows corrects the next one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import Final

import typst

from analysis.noyau.errors import BilanError
from analysis.presentation.drawing.fonts import FONTS
from analysis.stations.store import UNKEPT, Store, sha256

STANDARDS: Final = ("ua-1", "a-3a")
"""Accessible (PDF/UA-1), and kept with its data (PDF/A-3a)."""

TOP, BODY = 73.7, 700.2
"""Points of a page: where its body begins, and its height (margins of ``bilan.typ``)."""

SHARE = 0.3
"""A last page of a chapter that holds less than this share is drawn in to the one before, or else filled."""

TIGHTEST, LOOSEST, GAIN = 5, -6, 0.035
"""The notches by which a chapter is tightened or let out, and the share of its height that each saves."""

SETTINGS = 8
"""How many times a PDF is set at most."""

TALL, NEAR_TOP = 150, 80
"""Points: a figure as tall, found as near to the top of a page, was pushed there and left a gap behind."""


_CHAPITRE: Final = re.compile(r'(#chapitre\("([^"]+)", serre: ")0')
_INCLUDED: Final = re.compile(r'^#chapitre\("([^"]+)", .*\[#include "article-([^"]+)\.typ"\]$', re.M)
_PICTURE: Final = re.compile(r'"([^"\\\s]+\.svg)"')
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

    @staticmethod
    def told(places: Iterable[bytes]) -> Reglages:
        """The settings of a book of which these are the parts."""
        parts = [json.loads(part) for part in places]
        serres = {nom: serre for own, _ in parts for nom, serre in own.items()}
        return Reglages(serres, tuple(nom for _, floating in parts for nom in floating))

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


def compiled(source: Path, kept: Store = UNKEPT, code: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The PDF of a Typst source and of what it includes of its folder, with the project's fonts alone.

    ``kept`` gives back the settings on which each article ended that is as it was, where the ``code`` is:
    those of the others alone are then looked for. An article has pages of its own, so that its settings come
    of what it holds, whatever stands around it; where what is found says otherwise, all are looked for from
    nothing. Raises BilanError with what Typst says.
    """
    bare = {path: path.read_text(encoding="utf-8") for path in sorted(source.parent.glob("*.typ"))}
    places = {place.nom: place for place in _places(source, bare)}
    known = {nom: told for nom, place in places.items() if (told := place.kept(kept, code))}
    try:
        compiler, reglages, is_settled = _settled(source, bare, Reglages.told(known.values()))
        if known and not (is_settled and all(places[n].told(reglages) == known[n] for n in known)):
            compiler, reglages, is_settled = _settled(source, bare, Reglages())
        content = compiler.compile(format="pdf", pdf_standards=list(STANDARDS), timestamp=0)
    except (typst.TypstError, RuntimeError) as error:
        raise BilanError(f"Le PDF n'a pas pu être composé : {error}") from error
    assert isinstance(content, bytes)
    for nom, place in places.items() if is_settled else ():
        if place.told(reglages) != known.get(nom):
            place.keep(kept, code, reglages)
    return content


def _settled(
    source: Path, bare: Mapping[Path, str], start: Reglages
) -> tuple[typst.Compiler, Reglages, bool]:
    """The compiler of a source whose pages call for no other settings, these, and whether it came to that in
    so many settings; ``bare`` are its files without any."""
    reglages = start
    for _ in range(SETTINGS - 1):
        compiler = _set(source, bare, reglages)
        found = json.loads(compiler.query("<repere>", field="value"))
        wanted = reglages.after(Repere(**one) for one in found)
        if wanted == reglages:
            return compiler, reglages, True
        reglages = wanted
    return _set(source, bare, reglages), reglages, False


def _set(source: Path, bare: Mapping[Path, str], reglages: Reglages) -> typst.Compiler:
    for path, text in bare.items():
        path.write_text(reglages.written_in(text), encoding="utf-8", newline="\n")
    return typst.Compiler(str(source), font_paths=[str(FONTS)], ignore_system_fonts=True)


@dataclass(frozen=True)
class Place:
    """The articles that are tightened together, by their name in the source, and the fingerprint of all that
    they are set of but their settings."""

    nom: str
    articles: tuple[str, ...]
    fingerprint: str

    def kept(self, kept: Store, code: Mapping[str, str]) -> bytes | None:
        """The settings on which they ended when they were last set; None where they were other."""
        return kept.kept(*self._kept(code))

    def keep(self, kept: Store, code: Mapping[str, str], reglages: Reglages) -> None:
        kept.keep(*self._kept(code), self.told(reglages), seconds=0.0)

    def told(self, reglages: Reglages) -> bytes:
        """Their part of the settings of a book."""
        own = {nom: serre for nom, serre in reglages.serres.items() if nom == self.nom}
        floating = sorted(nom for nom in reglages.flottants if nom.partition(":")[0] in self.articles)
        return json.dumps([own, floating]).encode()

    def _kept(self, code: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        return f"reglages/{self.nom}", {"ce qu'il imprime": self.fingerprint, **code}


def _places(source: Path, bare: Mapping[Path, str]) -> Iterator[Place]:
    """The articles of a book, those that are tightened together as one."""
    folder, text = source.parent, bare[source]
    others = (bare[path] for path in bare if path != source and not path.name.startswith("article-"))
    around = (_INCLUDED.sub("", text), *others)
    together: dict[str, list[tuple[str, str]]] = {}
    for found in _INCLUDED.finditer(text):
        together.setdefault(found[1], []).append((found[0], found[2]))
    for nom, inside in together.items():
        lines, names = zip(*inside, strict=True)
        texts = [bare[folder / f"article-{name}.typ"] for name in names]
        pictures = sorted({folder / name for text in texts for name in _PICTURE.findall(text)})
        written_of = [part.encode() for part in (*around, *lines, *texts)]
        drawn = [picture.read_bytes() for picture in pictures if picture.is_file()]
        yield Place(nom, names, sha256(*written_of, *drawn))


def compiler_version() -> str:
    """The version of the Typst compiler, which its PDFs name too; its Python package has a number of its own.

    >>> compiler_version().count(".")
    2
    """
    return str(json.loads(typst.Compiler(b"").eval("str(sys.version)")))


def _is_short(debut: Repere | None, fin: Repere) -> bool:
    """Whether the last page of an article of several pages holds next to nothing."""
    return debut is not None and debut.page < fin.page and fin.y < TOP + SHARE * BODY


def _notches(debut: Repere, fin: Repere) -> int:
    """How many notches bring the last page back into those before it, as far as one can tell."""
    return ceil((fin.y - TOP) / BODY / (fin.page - debut.page) / GAIN) or 1


def _was_pushed(debut: Repere, fin: Repere) -> bool:
    return debut.y < TOP + NEAR_TOP and fin.y - debut.y > TALL
