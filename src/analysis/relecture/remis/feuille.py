"""The contribution sheet of a college, in large print: written empty, with its lists of choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from analysis.noyau.declared.nomenclatures import Choix
from analysis.noyau.files.classeur import workbook
from analysis.relecture.ancres import Passage, Version
from analysis.relecture.remarques import Listes

SHEET, GUIDE, LISTS = "Contribution", "Lisez-moi", "Listes"
COLUMNS = ("Passage", "Citation (facultatif)", "Genre", "Votre remarque", "J'accepte sa publication")
IDENTITY = ("Territoire", "Collège", "Version")
HEAD = len(IDENTITY) + 2
"""The row, from 0, of the headers."""

LINES = 60
"""Rows with dropdowns: a meeting fills some ten."""

_GUIDE = (
    "Cette feuille sert à dire ce que vous pensez du chapitre. Une ligne par remarque.",
    "Passage : choisissez la partie, la figure ou le tableau dans la liste.",
    "Citation : si vous le souhaitez, recopiez les mots du chapitre dont vous parlez.",
    "Genre : accord, désaccord, précision ou témoignage. Vous pouvez le laisser vide.",
    "Votre remarque : écrivez librement. N'écrivez le nom d'aucune personne.",
    "J'accepte sa publication : « Oui » si la remarque peut être publiée sans votre nom, sinon « Non ».",
    "On peut imprimer la feuille, la remplir à la main, puis la recopier ici.",
    "Enregistrez au format .xlsx ou .ods, sans mot de passe, et renvoyez le fichier à l'équipe d'évaluation.",
)


def feuille(
    version: Version,
    college: Choix,
    listes: Listes,
    *,
    titre: str,
    mark: str = "",
    lignes: Sequence[Sequence[str]] = (),
) -> bytes:
    """The sheet of a college as a workbook: empty, or with these rows in the order of :data:`COLUMNS`."""
    passages = [shown_passage(passage) for passage in version.passages]

    def fill(book: Any) -> None:
        big = {"font_size": 14, "text_wrap": True, "valign": "top", "border": 1}
        wrapped, head = book.add_format(big), book.add_format({**big, "bold": True, "bg_color": "#d9e2ec"})
        title = book.add_format({"font_size": 18, "bold": True})
        sheet = book.add_worksheet(SHEET)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        sheet.write_string(0, 0, ". ".join(part for part in (titre, mark) if part), title)
        values = (version.territoire, college.libelle, version.mention)
        for row, (name, value) in enumerate(zip(IDENTITY, values, strict=True), start=1):
            sheet.write_string(row, 0, name, head)
            sheet.write_string(row, 1, value, wrapped)
        for column, (name, width) in enumerate(zip(COLUMNS, (40, 40, 18, 60, 22), strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(HEAD, column, name, head)
        for row in range(HEAD + 1, HEAD + 1 + LINES):
            sheet.set_row(row, 60)
            for column in range(len(COLUMNS)):
                sheet.write_blank(row, column, None, wrapped)
        for row, line in enumerate(lignes, start=HEAD + 1):
            for column, value in enumerate(line):
                sheet.write_string(row, column, value, wrapped)
        sheet.set_row(HEAD, 45)
        sheet.freeze_panes(HEAD + 1, 0)
        _lists(book, sheet, passages, [choix.libelle for choix in listes.genres])
        _guide(book, titre)

    return workbook(fill)


def shown_passage(passage: Passage) -> str:
    """A passage as a list offers it: its title and its anchor."""
    return f"{passage.titre or passage.ancre} [{passage.ancre}]"


def _lists(book: Any, sheet: Any, passages: Sequence[str], genres: Sequence[str]) -> None:
    """The hidden sheet of the choices, and the dropdowns that offer them."""
    hidden = book.add_worksheet(LISTS)
    choices = {0: passages, 2: genres, 4: ("Oui", "Non")}
    for place, (column, values) in enumerate(choices.items()):
        letters = xl_col_to_name(place, col_abs=True)
        for row, value in enumerate(values):
            hidden.write_string(row, place, value)
        options = {
            "validate": "list",
            "source": f"={LISTS}!{letters}$1:{letters}${len(values)}",
            "error_type": "warning",
            "error_title": "Hors de la liste",
            "error_message": "Choisissez de préférence une valeur de la liste.",
        }
        sheet.data_validation(HEAD + 1, column, HEAD + LINES, column, options)
    hidden.hide()


def _guide(book: Any, titre: str) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.set_column(0, 0, 100)
    big = book.add_format({"font_size": 16, "text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, titre, book.add_format({"font_size": 18, "bold": True}))
    for row, line in enumerate(_GUIDE, start=2):
        sheet.write_string(row, 0, line, big)
