"""The measures of a chapter as a workbook, from the atelier: marked, and kept with the deposits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from analysis.noyau.errors import BilanError
from analysis.noyau.files.scratch import whole
from analysis.noyau.mesures import Definition, Mesure
from analysis.noyau.paths import Project
from analysis.presentation.parts.links import released_content
from analysis.presentation.parts.mentions import ATELIER_MARK
from analysis.presentation.parts.mesures import ebe_name, place_of
from analysis.secret.bundle import Bundle

MEASURES = (
    ("Mesure", 34),
    ("Code", 26),
    ("Lieu", 26),
    ("EBE", 22),
    ("Catégorie", 26),
    ("Période", 24),
    ("Valeur", 14),
    ("Unité", 16),
    ("Numérateur", 14),
    ("Dénominateur", 14),
    ("Observations", 13),
    ("Année des euros", 14),
    ("Manque", 34),
    ("Source", 60),
)
"""The columns of the first sheet and their widths: one row a measure."""

DEFINITIONS = (("Mesure", 34), ("Code", 26), ("Définition", 90), ("Ce qu'elle ne dit pas", 70))


def exporter(chapitre: Bundle) -> Path:
    """Write the measures of a chapter opened in JupyterLab to a workbook; its path.

    ``data/depot/prive/<chapitre>-non-publiable.xlsx``: nothing is withheld, so each sheet says that it is
    not to be published, the file stays out of git, and an erasure takes it away. Raises BilanError for a
    chapter of the batch, and for one without any measure.
    """
    if chapitre.mode != "atelier":
        raise BilanError("L'export est celui de l'atelier : ouvrez le chapitre dans JupyterLab.")
    if not chapitre.mesures:
        raise BilanError(f"« {chapitre.chapitre} » : aucun dépôt en vigueur, il n'y a rien à exporter.")
    project = Project.here()
    path = project.prive / f"{chapitre.chapitre}-non-publiable.xlsx"
    measures = [_measure(released_content(r), chapitre) for r in chapitre.mesures]
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with whole(path) as content, xlsxwriter.Workbook(content, options) as book:
        _sheet(book, "Mesures", MEASURES, measures)
        _sheet(book, "Définitions", DEFINITIONS, [_definition(d) for d in chapitre.definitions])
    return path


def _sheet(
    book: xlsxwriter.Workbook, name: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[object]]
) -> None:
    """The mark, the heads, the rows; heads stay in sight and filter."""
    mark = book.add_format({"bold": True, "font_color": "#b3421f", "font_size": 12})
    head = book.add_format({"bold": True, "bottom": 1})
    number = book.add_format({"num_format": "#,##0.##"})
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, f"{ATELIER_MARK}. Données confidentielles, rien n'y est retenu.", mark)
    for column, (title, width) in enumerate(columns):
        sheet.write_string(1, column, title, head)
        sheet.set_column(column, column, width)
    for line, row in enumerate(rows, start=2):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(line, column, value, number)
            elif value:
                sheet.write_string(line, column, str(value))
    sheet.freeze_panes(2, 1)
    sheet.autofilter(1, 0, 1 + len(rows), len(columns) - 1)
    sheet.set_header(f"&C{ATELIER_MARK}")


def _measure(m: Mesure, chapitre: Bundle) -> list[object]:
    definition = chapitre.definition(m.mesure)
    return [
        definition.libelle,
        m.mesure,
        place_of(m.lieu, chapitre),
        ebe_name(m.ebe, chapitre) if m.ebe else "",
        definition.libelle_de(m.modalite) if m.modalite else "",
        m.periode,
        m.valeur,
        chapitre.dictionary.unit(m.unite).pluriel,
        m.numerateur,
        m.denominateur,
        m.n,
        m.prix,
        m.motif,
        m.source,
    ]


def _definition(d: Definition) -> list[object]:
    return [d.libelle, d.mesure, d.definition, d.limite]
