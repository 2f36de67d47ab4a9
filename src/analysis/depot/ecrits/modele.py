"""Write the workbook that a territory fills, empty or filled: generated from the dictionary.

Each sheet: its title and what a line is, what each column wants, the headers, an example line, then the
rows. Closed lists are dropdowns that choose from a hidden sheet; every header carries a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from analysis.depot.formes.layout import LISEZ_MOI, LISTES, Column, Layout, Sheet
from analysis.depot.referentiel import Referentiel
from analysis.noyau.declared.dictionary import Field
from analysis.noyau.files.scratch import whole
from analysis.noyau.french import of

LAST_ROW = 1000
"""Dropdowns reach this row of each sheet: LibreOffice keeps no more of them when it saves."""

_CREATED = datetime(2026, 1, 1)
_DAY, _MONTH = "[$-40C]dd/mm/yyyy", "[$-40C]mmmm yyyy"
_NUMBER, _TEXT = "[$-40C]General", "@"
"""Formats that say they are French: LibreOffice then reads « 12,5 » and « 3 mars 2019 » in any language of its own.
A month shows its name, for « 09/2018 » is no date to a French LibreOffice; a code or a name stays the text typed."""
_WIDTHS = {"texte_libre": 40, "texte": 24, "liste": 22, "jour": 14, "mois": 18}
_STYLES: dict[str, dict[str, object]] = {
    "titre": {"bold": True, "font_size": 14, "font_color": "#1f3a5f"},
    "texte": {"text_wrap": True, "valign": "top"},
    "attendu": {"text_wrap": True, "valign": "top", "font_size": 8, "font_color": "#555555"},
    "obligatoire": {
        "bold": True,
        "text_wrap": True,
        "bg_color": "#1f3a5f",
        "font_color": "#ffffff",
        "border": 1,
    },
    "facultatif": {
        "bold": True,
        "text_wrap": True,
        "bg_color": "#d9e2ec",
        "font_color": "#1f3a5f",
        "border": 1,
    },
    "exemple": {"italic": True, "font_color": "#7a7a7a", "bg_color": "#f4f4f4"},
    "exemple_jour": {"italic": True, "font_color": "#7a7a7a", "bg_color": "#f4f4f4", "num_format": _DAY},
    "exemple_mois": {"italic": True, "font_color": "#7a7a7a", "bg_color": "#f4f4f4", "num_format": _MONTH},
    "jour": {"num_format": _DAY},
    "mois": {"num_format": _MONTH},
    "entier": {"num_format": _NUMBER},
    "nombre": {"num_format": _NUMBER},
    "identifiant": {"num_format": _TEXT},
    "texte_court": {"num_format": _TEXT},
}
_STYLE_OF = {"texte": "texte_court"}
"""The style of a column by the type of its field, where their names differ."""

_GUIDE = (
    "Remplissez une feuille après l'autre. Une ligne n'est lue que si elle n'est pas vide.",
    "La ligne grise en italique est un exemple : laissez-la, elle n'est pas lue telle quelle ; ou videz-la avant d'écrire par-dessus.",
    "Les colonnes à en-tête sombre sont obligatoires. Une colonne claire peut rester vide : un vide veut dire "
    "« on ne sait pas » ou « sans objet », jamais zéro.",
    "Choisissez dans les listes ; n'y ajoutez rien. Une date se tape « 12/03/2018 », un mois « septembre 2018 », un nombre "
    "« 1234,5 », une part de temps plein « 80 % » ou « 0,8 », une durée « 2:30 » ou « 2,5 ».",
    "N'écrivez jamais un nom, un prénom, un numéro de sécurité sociale, un courriel ou un téléphone : la ligne "
    "serait refusée. L'identifiant d'une personne est un code à vous, comme P-017 ; gardez-en la liste chez vous "
    "et reprenez le même d'un dépôt à l'autre.",
    "Ne renommez, ne déplacez et ne masquez ni feuille ni en-tête, et ne fusionnez pas de cellules.",
    "Enregistrez au format .xlsx ou .ods, sans mot de passe ni macro. Mettez dans le même dossier les fichiers "
    "de comptes (FEC ou balance générale), les exports d'enquête et les calendriers que nomment les feuilles "
    "Exercices, Enquêtes et Calendriers.",
    "Vous recevrez une seule réponse, avec toutes les remarques et leur cellule.",
)


@dataclass(frozen=True)
class Modele:
    """What a workbook calls itself, and the rules that its first page tells."""

    nom: str
    guide: tuple[str, ...]


DEPOT: Final = Modele("Dépôt", _GUIDE)
CANDIDATURE: Final = Modele(
    "Dossier de candidature",
    (
        *_GUIDE[:4],
        "N'écrivez jamais un nom, un prénom, un courriel ou un téléphone : la ligne serait refusée. Les personnes sont "
        "comptées, jamais nommées.",
        _GUIDE[5],
        "Enregistrez au format .xlsx ou .ods, sans mot de passe ni macro. Ce classeur ne remplace pas le dossier qui "
        "s'envoie au Fonds : il aide à le préparer.",
        _GUIDE[7],
    ),
)


def write_workbook(
    path: Path,
    referentiel: Referentiel,
    territoire: str,
    rows: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    *,
    modele: Modele = DEPOT,
) -> None:
    """Write the current version's workbook of a territory to ``path``.

    ``rows`` gives the rows of each table by field, as a cell holds them (labels, dates, numbers, None);
    without it the workbook is empty but for its example lines. Raises UnknownName for an unknown territory.
    """
    known = referentiel.known(territoire)
    with whole(path) as content, xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties(
            {"title": f"{modele.nom} {of(referentiel.territoire(territoire).nom)}", "created": _CREATED}
        )
        styles = {name: book.add_format(style) for name, style in _STYLES.items()}
        _write_guide(book, referentiel, territoire, modele, styles)
        for sheet in referentiel.layout.sheets:
            fields = {field.champ: field for field in referentiel.fields[sheet.table]}
            page = _page(book, sheet.feuille)
            _write_head(page, sheet, fields, known, styles)
            _write_formats(page, sheet, fields, known, styles)
            filled = _first_rows(referentiel.layout, territoire) if sheet.table == "depot" else []
            _write_rows(page, sheet, fields, (rows or {}).get(sheet.table, filled), styles)
        _write_lists(book, known)


def _page(book: Any, name: str) -> Any:
    """A sheet that prints on one page's width."""
    page = book.add_worksheet(name)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    return page


def _first_rows(layout: Layout, territoire: str) -> list[dict[str, Any]]:
    """What the first sheet says before anyone writes: the version and the territory."""
    return [{"version": layout.version, "territoire": territoire}]


def _write_guide(
    book: Any, referentiel: Referentiel, territoire: str, modele: Modele, styles: Mapping[str, Any]
) -> None:
    page = _page(book, LISEZ_MOI)
    page.hide_gridlines(2)
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 110)
    nom = referentiel.territoire(territoire).nom
    page.write_string(0, 0, f"{modele.nom} {of(nom)}", styles["titre"])
    for index, line in enumerate(modele.guide):
        page.write_string(index + 2, 0, f"Règle {index + 1}", styles["texte"])
        page.write_string(index + 2, 1, line, styles["texte"])
    start = len(modele.guide) + 3
    page.write_string(start, 0, "Feuille", styles["obligatoire"])
    page.write_string(start, 1, "Ce qu'une ligne décrit", styles["obligatoire"])
    for index, sheet in enumerate(referentiel.layout.sheets, start=start + 1):
        page.write_url(index, 0, f"internal:'{sheet.feuille}'!A1", string=sheet.feuille)
        page.write_string(index, 1, sheet.explication, styles["texte"])


def _write_head(
    page: Any,
    sheet: Sheet,
    fields: Mapping[str, Field],
    known: Mapping[str, Sequence[str]],
    styles: Mapping[str, Any],
) -> None:
    """The title, what each column wants, the headers with their notes, the example line."""
    head = sheet.ligne_entete - 1
    page.write_string(0, 0, f"{sheet.feuille} : {sheet.explication}", styles["titre"])
    page.set_row(head - 1, 36)
    page.set_row(head, 32)
    page.freeze_panes(head + 1, 1)
    for index, column in enumerate(sheet.columns):
        field = fields[column.champ]
        page.write_string(head - 1, index, _wanted(field), styles["attendu"])
        style = "obligatoire" if field.obligatoire else "facultatif"
        page.write_string(head, index, column.entete, styles[style])
        page.write_comment(head, index, _note(field, known), {"x_scale": 2.2, "y_scale": 1.8})
        if sheet.table != "depot":
            _write_example(page, head + 1, index, column, field, styles)


def _write_example(
    page: Any, row: int, index: int, column: Column, field: Field, styles: Mapping[str, Any]
) -> None:
    style = styles.get(f"exemple_{field.type}", styles["exemple"])
    if field.type in ("jour", "mois") and column.exemple:
        page.write_datetime(row, index, datetime.fromisoformat(column.exemple), style)
    elif field.type in ("entier", "nombre") and column.exemple:
        page.write_number(row, index, float(column.exemple), style)
    elif column.exemple:
        page.write_string(row, index, column.exemple, style)
    else:
        page.write_blank(row, index, None, style)


def _write_formats(
    page: Any,
    sheet: Sheet,
    fields: Mapping[str, Field],
    known: Mapping[str, Sequence[str]],
    styles: Mapping[str, Any],
) -> None:
    """Widths, date formats and dropdowns, from the row under the example to the last one."""
    first = sheet.ligne_entete
    for index, column in enumerate(sheet.columns):
        field = fields[column.champ]
        page.set_column(index, index, _WIDTHS.get(field.type, 15), _style(field, styles))
        if field.type == "liste" and known[field.valeurs[0]]:
            page.data_validation(first, index, LAST_ROW, index, _dropdown(field.valeurs[0], known))


def _dropdown(reference: str, known: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """A choice from the hidden sheet's column of that reference; another value is refused on the spot."""
    letters = xl_col_to_name(list(known).index(reference), col_abs=True)
    return {
        "validate": "list",
        "source": f"={LISTES}!{letters}$2:{letters}${len(known[reference]) + 1}",
        "error_title": "Valeur hors de la liste",
        "error_message": "Choisissez une valeur de la liste.",
    }


def _write_rows(
    page: Any,
    sheet: Sheet,
    fields: Mapping[str, Field],
    rows: Sequence[Mapping[str, Any]],
    styles: Mapping[str, Any],
) -> None:
    first = sheet.ligne_entete + (sheet.table != "depot")
    for line, row in enumerate(rows, start=first):
        for index, column in enumerate(sheet.columns):
            _write_cell(page, line, index, row.get(column.champ), _style(fields[column.champ], styles))


def _write_cell(page: Any, line: int, index: int, value: Any, style: Any) -> None:
    if isinstance(value, date):
        page.write_datetime(line, index, value, style)
    elif isinstance(value, str):
        page.write_string(line, index, value, style)
    elif value is not None:
        page.write_number(line, index, value, style)


def _style(field: Field, styles: Mapping[str, Any]) -> Any:
    return styles.get(_STYLE_OF.get(field.type, field.type))


def _write_lists(book: Any, known: Mapping[str, Sequence[str]]) -> None:
    page = book.add_worksheet(LISTES)
    for index, (name, values) in enumerate(known.items()):
        page.write_column(0, index, [name, *values])
    page.hide()


def _wanted(field: Field) -> str:
    """What a cell of the column wants, in a few words under the title."""
    forms = {
        "identifiant": "code à vous, avec un chiffre",
        "jour": "date : 31/12/2018",
        "mois": "mois : septembre 2018",
        "liste": "liste",
        "entier": "nombre entier",
        "nombre": "nombre",
        "texte": "texte court",
        "texte_libre": "texte sans nom",
        "code": "déjà rempli",
    }
    form = forms[field.type]
    low, _, high = (field.valeurs[0] if field.valeurs else "").partition("..")
    if field.type in ("entier", "nombre") and len(high) in range(1, 6):
        form += f" de {low} à {high}".replace(".", ",")
    return form if field.obligatoire else f"{form} ou vide"


def _note(field: Field, known: Mapping[str, Sequence[str]]) -> str:
    """The note of a header: definition, whether it may stay empty, the choices."""
    lines = [f"{field.definition}.", "Obligatoire." if field.obligatoire else "Peut rester vide."]
    if field.type == "liste":
        lines.append("Au choix : " + " ; ".join(known[field.valeurs[0]]) + ".")
    return "\n".join(lines)
