"""Tell the findings of a deposit: on the terminal, grouped, and in a workbook to send back, one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import xlsxwriter

from analysis.depot.dossier import Depot
from analysis.depot.ecrits.actions import Action, actions
from analysis.depot.formes.coffre import Refused, open_safely
from analysis.depot.formes.constats import GRAVITES, Constat, Gravite, Regle, count_by_gravite
from analysis.depot.lecteurs.fichiers import CONSTATS, RAPPORT, REPONSE
from analysis.depot.lecteurs.grilles import read_grids
from analysis.depot.referentiel import Referentiel
from analysis.noyau.files.scratch import settle, whole
from analysis.noyau.french import decimal

_SHOWN_PLACES = 4
_MOST_ROWS = 50_000
_COLUMNS = (
    ("N°", 6),
    ("Gravité", 13),
    ("Fichier", 26),
    ("Feuille", 14),
    ("Cellule ou ligne", 14),
    ("Colonne", 24),
    ("Trouvé", 40),
    ("Attendu", 44),
    ("Que faire", 60),
    (REPONSE, 30),
)
_LINE_HEIGHT, _MOST_LINES = 15, 20
A_FAIRE = "À faire"
_ACTION_COLUMNS = (
    ("N°", 6),
    ("Gravité", 13),
    ("Que faire", 70),
    ("Où", 44),
    ("Exemple", 14),
    ("Trouvé", 36),
    ("Attendu", 36),
    ("Combien", 14),
    ("Ce qui n'est pas gardé", 18),
)
_FILLS: dict[Gravite, str] = {"refuse": "#f6d5d5", "a_confirmer": "#fbeccb", "note": "#e3ebf3"}


def told(depot: Depot, referentiel: Referentiel) -> str:
    """The whole answer as text: what was read table by table, then every finding, the gravest first.

    A fault that is the same in several cells of a column is told once, with its places.
    """
    parts = []
    if depot.lectures:
        parts += [_tables(depot, referentiel), ""]
    if not depot.constats:
        return "\n".join([*parts, "Aucun constat : tout est lu et valide."])
    counts = count_by_gravite(depot.constats, referentiel.regles)
    for gravite, word in GRAVITES.items():
        if counts[gravite]:
            of_gravite = [c for c in depot.constats if referentiel.regles[c.regle].gravite == gravite]
            parts += [f"{word} ({decimal(counts[gravite], 0)})", *_grouped(of_gravite), ""]
    return "\n".join(parts).rstrip()


def _tables(depot: Depot, referentiel: Referentiel) -> str:
    """One line a table: rows read = valid + refused."""
    rows = [(_label(depot, name, referentiel), counts) for name, counts in _counts(depot)]
    return table_text(("lues", "valides", "refusées"), rows)


def _counts(depot: Depot) -> list[tuple[str, tuple[int, int, int]]]:
    """Each table with its rows read, valid and refused."""
    return [(name, (r.lues, len(r.frame), r.refusees)) for name, r in depot.lectures.items()]


def _label(depot: Depot, name: str, referentiel: Referentiel) -> str:
    return referentiel.table_label(name, depot.territoire) if depot.territoire else "Comptes"


def table_text(heads: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Counts by table as text in columns.

    >>> print(table_text(["lues"], [("etp", [54]), ("personnes", [270])]))
    Table           lues
    etp               54
    personnes        270
    """
    width = max([len("Table"), *(len(name) for name, _ in rows)])
    lines = [f"{'Table':{width}} " + " ".join(f"{head:>10}" for head in heads)]
    lines += [f"{name:{width}} " + " ".join(f"{count:10}" for count in counts) for name, counts in rows]
    return "\n".join(lines)


def _grouped(constats: Sequence[Constat]) -> list[str]:
    groups: dict[tuple[str, ...], list[Constat]] = {}
    for c in constats:
        key = (c.regle, c.fichier, c.feuille, c.entete, c.trouve, c.attendu, c.remede)
        groups.setdefault(key, []).append(c)
    return [f"- {_line(group)}" for group in groups.values()]


def _line(group: Sequence[Constat]) -> str:
    first, *others = group
    if not others:
        return str(first)
    places = [other.cellule or f"ligne {other.ligne}" for other in others]
    shown = ", ".join(places[:_SHOWN_PLACES])
    rest = len(places) - _SHOWN_PLACES
    more = f" et {rest} autre{'s' if rest > 1 else ''}" if rest > 0 else ""
    return f"{first} De même en {shown}{more}."


def summary(constats: Sequence[Constat], regles: Mapping[str, Regle]) -> str:
    """The count of findings by severity in one sentence.

    >>> summary([], {})
    'Aucun constat.'
    """
    words = {
        "refuse": ("refusé", "refusés"),
        "a_confirmer": ("à confirmer", "à confirmer"),
        "note": ("noté", "notés"),
    }
    counts = count_by_gravite(constats, regles)
    parts = [f"{n} {words[g][n > 1]}" for g, n in counts.items() if n]
    return f"Constats : {', '.join(parts)}." if parts else "Aucun constat."


def report_path(folder: Path, territoire: str) -> Path:
    """Where the findings workbook of a deposit stands: beside what it speaks of, so that its links work."""
    return folder / f"{RAPPORT}{territoire or 'depot'}.xlsx"


def is_answered(report: Path) -> bool:
    """Whether someone wrote in the column of answers of a findings workbook."""
    try:
        rows = read_grids(open_safely(report)).get(CONSTATS, ())
    except Refused:
        return False
    return any(row[len(_COLUMNS) - 1] for row in rows[1:] if len(row) >= len(_COLUMNS))


def set_aside(report: Path) -> Path:
    """Rename a findings workbook that was answered, so that the next one does not replace it; its new path."""
    number = 1
    while (kept := report.with_name(f"{report.stem}-reponses-{number}.xlsx")).exists():
        number += 1
    report.rename(kept)
    settle(kept.parent)
    return kept


def write_report(path: Path, depot: Depot, referentiel: Referentiel, *, today: datetime) -> None:
    """The findings as a workbook to send back: one line a finding, linked to its cell, a column to answer."""
    options = {"in_memory": True, "strings_to_formulas": False}
    with whole(path) as content, xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": "Constats sur le dépôt", "created": today})
        formats = _formats(book)
        _write_summary(book.add_worksheet("Synthèse"), depot, referentiel, formats)
        _write_actions(book.add_worksheet(A_FAIRE), depot, referentiel, formats)
        page = book.add_worksheet(CONSTATS)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.freeze_panes(1, 0)
        for index, (title, width) in enumerate(_COLUMNS):
            page.set_column(index, index, width)
            page.write_string(0, index, title, formats.head)
        constats = _by_gravite(depot.constats, referentiel.regles)[:_MOST_ROWS]
        for row, constat in enumerate(constats, start=1):
            _write_constat(page, row, constat, referentiel.regles[constat.regle].gravite, formats)
        page.autofilter(0, 0, max(len(constats), 1), len(_COLUMNS) - 1)


@dataclass(frozen=True)
class _Formats:
    """How the cells of a findings workbook look."""

    head: Any
    wrapped: Any
    link: Any
    fills: Mapping[Gravite, Any]


def _formats(book: Any) -> _Formats:
    head = {"bold": True, "bg_color": "#1f3a5f", "font_color": "#ffffff", "text_wrap": True}
    return _Formats(
        book.add_format(head),
        book.add_format({"text_wrap": True, "valign": "top"}),
        book.add_format({"valign": "top", "underline": 1, "font_color": "#0563c1"}),
        {g: book.add_format({"bg_color": fill, "valign": "top"}) for g, fill in _FILLS.items()},
    )


def _write_actions(page: Any, depot: Depot, referentiel: Referentiel, formats: _Formats) -> None:
    """One line an action: what to do, where, an example that leads to its cell, how many cells, what it costs."""
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.freeze_panes(1, 0)
    page.set_row(0, 2 * _LINE_HEIGHT)
    for index, (title, width) in enumerate(_ACTION_COLUMNS):
        page.set_column(index, index, width)
        page.write_string(0, index, title, formats.head)
    found = actions(depot.constats, referentiel)
    for row, action in enumerate(found, start=1):
        _write_action(page, row, action, formats)
    if not found:
        page.write_string(1, 2, "Rien à corriger.", formats.wrapped)


def _write_action(page: Any, row: int, action: Action, formats: _Formats) -> None:
    first, words = action.exemple, (action.que_faire, action.lieux)
    texts = (first.trouve, first.attendu, action.combien, action.enjeu)
    _write_row(page, row, action.gravite, words, first, texts, _ACTION_COLUMNS, formats)


def _by_gravite(constats: Sequence[Constat], regles: Mapping[str, Regle]) -> list[Constat]:
    order = list(GRAVITES)
    return sorted(constats, key=lambda constat: order.index(regles[constat.regle].gravite))


def _write_summary(page: Any, depot: Depot, referentiel: Referentiel, formats: _Formats) -> None:
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 44)
    page.set_column(1, 3, 12)
    page.write_string(
        0, 0, f"Constats sur le dépôt de « {depot.territoire or 'territoire inconnu'} »", formats.head
    )
    page.write_string(1, 0, summary(depot.constats, referentiel.regles), formats.wrapped)
    told_kept = (
        "Rien n'a pu être gardé : corrigez les constats refusés, puis renvoyez tout le dossier."
        if depot.est_refuse(referentiel)
        else "Les lignes valides peuvent être reçues ; les lignes refusées attendent votre correction."
    )
    if len(depot.constats) > _MOST_ROWS:
        told_kept += (
            f" Seuls les {decimal(_MOST_ROWS, 0)} premiers constats sont listés, les plus graves d'abord."
        )
    page.write_string(2, 0, told_kept, formats.wrapped)
    for index, title in enumerate(("Table", "Lignes lues", "Valides", "Refusées")):
        page.write_string(4, index, title, formats.head)
    for row, (name, counts) in enumerate(_counts(depot), start=5):
        page.write_string(row, 0, _label(depot, name, referentiel))
        for index, count in enumerate(counts, start=1):
            page.write_number(row, index, count)


def _write_constat(page: Any, row: int, constat: Constat, gravite: Gravite, formats: _Formats) -> None:
    words = (constat.fichier, constat.feuille)
    texts = (constat.entete, constat.trouve, constat.attendu, constat.remede)
    _write_row(page, row, gravite, words, constat, texts, _COLUMNS, formats)


def _write_row(
    page: Any,
    row: int,
    gravite: Gravite,
    words: Sequence[str],
    place: Constat,
    texts: Sequence[str],
    columns: Sequence[tuple[str, int]],
    formats: _Formats,
) -> None:
    """A row of either sheet: its number, how grave it is, two texts, the way to the place, the other texts."""
    page.write_number(row, 0, row, formats.wrapped)
    page.write_string(row, 1, GRAVITES[gravite], formats.fills[gravite])
    for index, text in enumerate(words, start=2):
        page.write_string(row, index, text, formats.wrapped)
    _write_place(page, row, 4, place, formats.link)
    for index, text in enumerate(texts, start=5):
        page.write_string(row, index, text, formats.wrapped)
    _set_height(page, row, ("", "", *words, "", *texts), columns)


def _set_height(page: Any, row: int, texts: Sequence[str], columns: Sequence[tuple[str, int]]) -> None:
    """Make a row as high as its longest text needs: LibreOffice does not where a cell is a link."""
    lines = max(ceil(len(text) / width) for text, (_, width) in zip(texts, columns, strict=False))
    page.set_row(row, _LINE_HEIGHT * min(max(lines, 1), _MOST_LINES))


def _write_place(page: Any, row: int, column: int, constat: Constat, link: Any) -> None:
    """The cell or the line of a finding, as a link that leads there."""
    place = constat.cellule or (f"ligne {constat.ligne}" if constat.ligne else "")
    if constat.feuille and constat.cellule:
        target = f"external:{_as_link(constat.fichier)}#'{constat.feuille}'!{constat.cellule}"
        page.write_url(row, column, target, link, string=place, tip="Aller à la cellule")
    elif place and constat.fichier:
        target = f"external:{_as_link(constat.fichier)}"
        page.write_url(row, column, target, link, string=place, tip="Ouvrir le fichier")


def _as_link(name: str) -> str:
    """A file's name in a link: a « # » of its own would end it.

    >>> _as_link("dépôt n° 2 #1.xlsx")
    'dépôt%20n°%202%20%231.xlsx'
    """
    return "".join(quote(character, safe="") if character.isascii() else character for character in name)
