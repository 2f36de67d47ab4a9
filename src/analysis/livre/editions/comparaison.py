"""`bilan comparer`: what changed between two editions, in the words of a reader of the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from analysis.livre.editions.edition import editions
from analysis.livre.editions.releve import KEY, Cellule, Passage, Releve, read_releve, releve
from analysis.livre.pages import Site, inline_style, render_page
from analysis.noyau.errors import UnknownName
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.presentation.parts.prose import word_changes
from analysis.sources.register import load_register

WORKING_COPY = "copie"
"""How a command names the book as it is now, before it is published."""

ABSENT = "absent"


@dataclass(frozen=True)
class Change:
    """One cell that reads otherwise: where it stands, and what it said before and says after."""

    page: str
    place: str
    ligne: str
    colonne: str
    avant: str
    apres: str


@dataclass(frozen=True)
class TextChange:
    """One section whose prose changed: its place, and the words taken out and put in, as HTML."""

    page: str
    place: str
    html: str


@dataclass(frozen=True)
class Comparaison:
    """All that changed between two editions; every list is in the order of the later book."""

    avant: str
    apres: str
    pages_ajoutees: tuple[str, ...]
    pages_retirees: tuple[str, ...]
    objets_ajoutes: tuple[str, ...]
    objets_retires: tuple[str, ...]
    titres: tuple[str, ...]
    errata: tuple[str, ...]
    chiffres_cles: tuple[Change, ...]
    cellules: tuple[Change, ...]
    textes: tuple[TextChange, ...]


def comparer(project: Project, first: Releve, second: Releve) -> Path:
    """Write the page of what changed from one edition to another; its path."""
    found = compare(first, second)
    counts = ", ".join(
        (
            counted(len(found.chiffres_cles), "chiffre clé", "chiffres clés"),
            counted(
                len(found.cellules), "cellule de figure ou de tableau", "cellules de figures et de tableaux"
            ),
            counted(len(found.textes), "passage", "passages"),
        )
    )
    page = render_page("comparaison", found=found, counts=counts, style=inline_style())
    return write_whole(project.outputs / "comparaisons" / f"{found.avant}--{found.apres}.html", page)


def known_releve(project: Project, label: str, working_copy: Site | None) -> Releve:
    """The record of an edition by its label, or of the working copy; raises UnknownName."""
    if label == WORKING_COPY and working_copy is not None:
        return releve(working_copy, load_register(project).errata)
    if label not in editions(project):
        raise UnknownName("édition", label, [*editions(project), WORKING_COPY])
    return read_releve(project.editions / label)


def compare(first: Releve, second: Releve) -> Comparaison:
    """What a reader of the first edition finds changed in the second.

    A cell is followed by its page, its anchor, its row and its column; a figure or a table by its page and
    anchor; a section's text by its anchor. A page that is new or gone is told once, not cell by cell.
    """
    both = set(first.titles) & set(second.titles)
    objects = [_objects(edition, both) for edition in (first, second)]
    cells = _changed_cells(first, second, both)
    told = [correction for correction in second.corrections if correction not in first.corrections]
    return Comparaison(
        avant=first.edition,
        apres=second.edition,
        pages_ajoutees=tuple(title for page, title in second.titles.items() if page not in both),
        pages_retirees=tuple(title for page, title in first.titles.items() if page not in both),
        objets_ajoutes=tuple(words for key, words in objects[1].items() if key not in objects[0]),
        objets_retires=tuple(words for key, words in objects[0].items() if key not in objects[1]),
        titres=tuple(_changed_titles(first, second)),
        errata=tuple(f"{Period(c.date).label}, {_page(second, c.page)} : {c.texte}" for c in told),
        chiffres_cles=tuple(change for anchor, change in cells if anchor == KEY),
        cellules=tuple(change for anchor, change in cells if anchor != KEY),
        textes=tuple(_changed_texts(first, second, both)),
    )


def _changed_titles(first: Releve, second: Releve) -> Iterable[str]:
    """The pages, sections, figures and tables that have another title at the same place."""
    before = {(a.page, a.ancre): a.titre for a in first.ancres}
    for anchor in second.ancres:
        old = before.get((anchor.page, anchor.ancre), anchor.titre)
        if old != anchor.titre:
            yield f"{_page(second, anchor.page)} : « {old} » devient « {anchor.titre} » ({anchor.sorte})"


def _page(edition: Releve, page: str) -> str:
    """How a page is called: its title, or its name where the edition does not follow it."""
    return edition.titles.get(page, page)


def _objects(edition: Releve, pages: set[str]) -> dict[tuple[str, str], str]:
    """The figures and tables of these pages, by page and anchor, in words."""
    shown = [a for a in edition.ancres if a.page in pages and a.sorte in ("figure", "tableau")]
    return {(a.page, a.ancre): f"{edition.titles[a.page]} : {a.titre} ({a.sorte})" for a in shown}


def _changed_cells(first: Releve, second: Releve, pages: set[str]) -> list[tuple[str, Change]]:
    """The cells that read otherwise; those of a figure that is new or gone are left to its own line."""
    shared = set(_objects(first, pages)) & set(_objects(second, pages))
    shared |= {(page, KEY) for page in pages}
    before, after = (_by_place(edition.cellules, shared) for edition in (first, second))
    titles = {(a.page, a.ancre): a.titre for a in (*first.ancres, *second.ancres)}
    changes = []
    for key in {**after, **before}:
        old, new = before.get(key, ABSENT), after.get(key, ABSENT)
        if old != new:
            page, anchor, line, column = key
            place = "En bref" if anchor == KEY else titles[page, anchor]
            changes.append((anchor, Change(second.titles[page], place, line, column, old, new)))
    return changes


def _by_place(cells: Sequence[Cellule], shared: set[tuple[str, str]]) -> dict[tuple[str, str, str, str], str]:
    return {(c.page, c.ancre, c.ligne, c.colonne): c.texte for c in cells if (c.page, c.ancre) in shared}


def _changed_texts(first: Releve, second: Releve, pages: set[str]) -> Iterable[TextChange]:
    before, after = (_texts(edition.passages, pages) for edition in (first, second))
    titles = {(a.page, a.ancre): a.titre for a in (*first.ancres, *second.ancres) if a.sorte != "page"}
    for key in {**after, **before}:
        old, new = before.get(key, ""), after.get(key, "")
        if old != new:
            page, anchor = key
            yield TextChange(second.titles[page], titles.get(key, "Début de la page"), difference(old, new))


def _texts(passages: Sequence[Passage], pages: set[str]) -> dict[tuple[str, str], str]:
    return {(p.page, p.ancre): p.texte for p in passages if p.page in pages}


def difference(before: str, after: str) -> str:
    """The words of two texts as HTML, those taken out in ``del``, those put in in ``ins``.

    >>> difference("Il y a 40 salariés.", "Il y a 50 salariés.")
    'Il y a <del>40</del> <ins>50</ins> salariés.'
    """
    parts = []
    for kind, words in word_changes(before, after):
        text = escape(" ".join(words), quote=False)
        parts.append(text if kind == "equal" else f"<{kind}>{text}</{kind}>")
    return " ".join(parts)
