"""What leads nowhere in what people write, known before any chapter runs: notes, citations, cross-references.

Passages of a page → findings with file and line. The book resolves them later (``article/references``,
``article/notes``), when pages exist; an author does not wait for that.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

from analysis.chapitres.catalogue import Chapter
from analysis.chapitres.jobs import last_good
from analysis.livre.article.articles import TEMPLATES
from analysis.livre.structure import AVANT_PROPOS, Annexe, annexes, method_path
from analysis.noyau.declared.glossaire import load_glossary
from analysis.noyau.definitions import load_definitions
from analysis.noyau.errors import Finding, near
from analysis.noyau.paths import Project
from analysis.presentation.parts.prose import headings, slug, without_code
from analysis.sources.register import Register

_NOTE = re.compile(r"^\[\^([a-z0-9-]+)\]:", re.MULTILINE)
_CALL = re.compile(r"\[\^([a-z0-9-]+)\](?!:)")
_CITATION = re.compile(r"\[@([^\]\s]+)\]")
_LINK = re.compile(r"\]\(([^)\s]*)\)")
_ID = re.compile(r"\bid=\\?[\"']([A-Za-z0-9_-]+)\\?[\"']")
_PAGES_OF_THE_SITE = ("index", "recherche")
_AS_A_CHART = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class Passage:
    """A piece of what somebody wrote: its file as a message shows it, its first line, its Markdown.

    ``line`` is None where the place is a cell, which has no line of its own.
    """

    file: str
    line: int | None
    text: str

    def at(self, position: int) -> int | None:
        """The line of the file at a position of the text."""
        return None if self.line is None else self.line + self.text.count("\n", 0, position)


class Places:
    """Every place of the book that a link may lead to, as far as it is known before the chapters run.

    ``anchors`` are those of each page: its titles; for a chapter, those of its last good copy, and what a
    drawing or a table of the code may be called, as it may never have run.
    """

    def __init__(
        self, project: Project, register: Register, chapters: Sequence[Chapter], written: Mapping[str, str]
    ) -> None:
        self.anchors: dict[str, Collection[str]] = dict.fromkeys(_PAGES_OF_THE_SITE, ())
        for chapter in chapters:
            self.anchors[chapter.code] = {
                "",
                "titre",
                *(anchor for _, _, anchor in headings(written[chapter.code])),
                *_last_ids(project, chapter.code),
                *_of_the_code(),
            }
        self.anchors[AVANT_PROPOS.name] = {
            "",
            "titre",
            *(a for _, _, a in headings(written[AVANT_PROPOS.name])),
        }
        shared = {"", "titre", *_declared(project, register)}
        for annexe in annexes(project):
            self.anchors[annexe.name] = {*shared, *_of_annexe(project, annexe)}

    @property
    def pages(self) -> Collection[str]:
        return self.anchors

    def knows(self, page: str, anchor: str) -> bool:
        """Whether a page has an anchor; those of the site's own pages are not followed."""
        known = self.anchors[page]
        return not known or anchor in known or anchor.startswith(("zones-", "note-", "appel-"))


def findings(
    page: str, passages: Sequence[Passage], places: Places, sources: Collection[str]
) -> Iterator[tuple[str, Finding]]:
    """What leads nowhere in the passages of one page, by the code that it names."""
    plain = [Passage(p.file, p.line, without_code(p.text)) for p in passages]
    yield from (("", finding) for finding in _notes(plain))
    for passage in plain:
        yield from _citations(passage, sources)
        yield from _links(page, passage, places)


def _notes(passages: Iterable[Passage]) -> Iterator[Finding]:
    """A call without its note, a note without a call, a note written twice."""
    calls: dict[str, tuple[Passage, int]] = {}
    notes: dict[str, tuple[Passage, int]] = {}
    for passage in passages:
        for match in _CALL.finditer(passage.text):
            calls.setdefault(match[1], (passage, match.start()))
        for match in _NOTE.finditer(passage.text):
            if match[1] in notes:
                found, expected = f"la note « {match[1]} » écrite deux fois", "une note de ce nom par page"
                yield Finding(passage.file, passage.at(match.start()), None, found, expected)
            notes.setdefault(match[1], (passage, match.start()))
    for name, (passage, position) in calls.items():
        if name not in notes:
            found = f"« [^{name}] », qui appelle une note écrite nulle part"
            expected = f"une ligne à part, « [^{name}]: le texte »"
            yield Finding(passage.file, passage.at(position), None, found, expected, _near(name, notes))
    for name, (passage, position) in notes.items():
        if name not in calls:
            found, expected = f"la note « {name} », que rien n'appelle", f"« [^{name}] » dans le texte"
            yield Finding(passage.file, passage.at(position), None, found, expected, _near(name, calls))


def _citations(passage: Passage, sources: Collection[str]) -> Iterator[tuple[str, Finding]]:
    for match in _CITATION.finditer(passage.text):
        if match[1] not in sources:
            found, expected = f"« [@{match[1]}] »", "le code d'une source de data/published/sources.csv"
            line, remedy = passage.at(match.start()), _near(match[1], sources)
            yield match[1], Finding(passage.file, line, None, found, expected, remedy)


def _links(page: str, passage: Passage, places: Places) -> Iterator[tuple[str, Finding]]:
    for match in _LINK.finditer(passage.text):
        parts = urlsplit(match[1])
        if parts.scheme or parts.netloc or parts.path.endswith(".md"):
            continue
        target, anchor = parts.path.removesuffix(".html") or page, unquote(parts.fragment)
        found = f"un renvoi à « {match[1]} »"
        line = passage.at(match.start())
        if target not in places.pages:
            remedy = _near(target, places.pages)
            yield target, Finding(passage.file, line, None, found, "une page du livre", remedy)
        elif not places.knows(target, anchor):
            expected = f"une section, une figure ou un tableau de la page « {target} »"
            remedy = _near(anchor, places.anchors[target])
            code = anchor.removeprefix("chiffre-")
            yield code, Finding(passage.file, line, None, found, expected, remedy)


def _near(name: str, known: Iterable[str]) -> str:
    close = near(name, known, most=1)
    return f"Vouliez-vous dire « {close[0]} » ?" if close else ""


def _last_ids(project: Project, code: str) -> set[str]:
    """The anchors of the last good copy of a chapter."""
    copy = last_good(project, code)
    return set() if copy is None else set(_ids_shown(copy[0].read_bytes()))


@lru_cache(maxsize=64)
def _ids_shown(notebook: bytes) -> frozenset[str]:
    """The anchors of what a notebook shows, once for the same bytes."""
    shown = (
        "".join(output["data"]["text/html"])
        for cell in json.loads(notebook)["cells"]
        for output in cell.get("outputs", ())
        if "text/html" in output.get("data", {})
    )
    return frozenset(anchor for text in shown for anchor in _ID.findall(text))


@cache
def _of_the_code() -> frozenset[str]:
    """What drawings and tables may be called: every text of the modules of presentation that is an anchor."""
    package = Path(str(files("analysis.presentation")))
    return frozenset(
        node.value
        for path in sorted(package.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _AS_A_CHART.fullmatch(node.value)
    )


def _declared(project: Project, register: Register) -> set[str]:
    """The anchors that annexes make of what is declared: figures, sources, indicators, words, places."""
    places = {figure.territoire for figure in register.chiffres}
    return {
        *(figure.anchor for figure in register.chiffres),
        *(answer.anchor for answer in (*register.desaccords, *register.compatibles)),
        *(source.anchor for source in register.sources),
        *(source.nature for source in register.sources),
        *(indicator.indicateur for indicator in register.dictionary.indicators),
        *(f"famille-{slug(indicator.famille)}" for indicator in register.dictionary.indicators),
        *(f"mesure-{name}" for name in load_definitions(project).by_name),
        *(term.terme for term in load_glossary(project)),
        *(f"lieu-{place}"[:40] for place in places),
        *(f"chiffres-{place}"[:40] for place in places),
        *(f"{serie.indicateur}-{serie.zone}".lower() for serie in register.series),
        *(serie.anchor(point.periode) for serie in register.series for point in serie.points),
    }


def _of_annexe(project: Project, annexe: Annexe) -> set[str]:
    """The titles of a method page, or what the template of an annex writes out."""
    if annexe.is_method:
        path = method_path(project, annexe)
        return {anchor for _, _, anchor in headings(path.read_text(encoding="utf-8"))}
    template = TEMPLATES / "pages" / f"{annexe.template}.html.j2"
    return set(_ID.findall(template.read_text(encoding="utf-8")))
