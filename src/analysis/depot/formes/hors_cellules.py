"""What a workbook holds besides its cells, that nobody sees and that travels with it: said, with what to do.

Notes, recorded changes, copies of other files kept by links, rows kept by pivot tables, and whatever else
names someone. Nothing of it is read into a table; where it names someone, the deposit is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from xlsxwriter.utility import xl_col_to_name

from analysis.depot.formes.coffre import Coffre
from analysis.depot.formes.constats import Constat, file_name
from analysis.depot.formes.layout import Layout
from analysis.depot.formes.passages import (
    AUTHOR,
    CELL,
    CHANGES,
    LINK,
    NAME,
    NOTE,
    PIVOT,
    TEXT,
    Passage,
    passages,
)
from analysis.depot.formes.personnel import donnee_personnelle, is_personal_header

_MOST_NOTES = 1000
_LONGEST_HEADER = 40
_FEC = re.compile(r"JournalCode|EcritureLib|CompteNum", re.IGNORECASE)
_OWN_NOTE = re.compile(r".+\. (?:Obligatoire|Peut rester vide)\.(?: Au choix : .+\.)?")
_SHEETS = r"xl/(worksheets/|sharedStrings|comments|threadedComments|persons)"
_PERSON, _NOBODY = "personne_hors_cellules", "aucun nom, numéro, courriel ni téléphone d'une personne"

_KEPT: Mapping[str, tuple[str, str, str, str]] = {
    LINK: (
        "liaison_externe",
        "une liaison vers un autre fichier : ses lignes voyagent avec celui-ci",
        "aucune liaison vers un autre fichier",
        "Rompez-la : dans LibreOffice, Édition › Liens vers des fichiers externes › Rompre le lien ; dans Excel, Données › "
        "Modifier les liens › Rompre la liaison. Puis enregistrez.",
    ),
    CHANGES: (
        "modifications_enregistrees",
        "des modifications enregistrées : ce qui a été effacé ou remplacé voyage avec le fichier",
        "aucune modification enregistrée",
        "Cessez de les enregistrer, ce qui les oublie : dans LibreOffice, décochez Édition › Suivi des modifications › "
        "Enregistrer ; dans Excel, Révision › Suivi des modifications › Afficher les modifications, décochez « Suivre les "
        "modifications au fur et à mesure ». Puis enregistrez.",
    ),
    PIVOT: (
        "tableau_croise",
        "un tableau croisé : les lignes dont il est fait voyagent avec le fichier",
        "aucun tableau croisé",
        "Supprimez-le avec sa feuille (dans LibreOffice, « table dynamique » ; dans Excel, « tableau croisé dynamique »), "
        "puis enregistrez.",
    ),
}
"""Of what a workbook keeps unseen: the rule, what is found, what is expected, what to do."""

_REMEDY_PLACE = "Effacez-le, enregistrez, et renvoyez le classeur."
_REMEDY_NOTE = (
    "Elle n'est pas lue. Supprimez-la : dans LibreOffice, clic droit sur la cellule › Supprimer le commentaire ; dans Excel, "
    "Révision › Supprimer."
)


def hors_cellules(path: Path, coffre: Coffre, layout: Layout | None = None) -> list[Constat]:
    """The findings of what a workbook holds besides its cells; nothing of it is quoted.

    ``layout`` is that of the model where the workbook is one: the notes of its headers are then its own.
    """
    fichier = file_name(path)
    notes = islice(_notes(fichier, coffre, layout), _MOST_NOTES)
    return [*notes, *_kept(fichier, _unseen(path))]


def personne_dans(path: Path) -> str | None:
    """What a file that is not read seems to hold that identifies someone, in French words; None when nothing is seen.

    The labels of accounts hold names by nature: a text that has the headers of a FEC is not looked at.
    """
    for passage in passages(path):
        if isinstance(passage, Passage) and passage.lieu not in (AUTHOR, NAME):
            found = None if _FEC.search(passage.texte) else donnee_personnelle(passage.texte)
            if found:
                return found
    return None


def _notes(fichier: str, coffre: Coffre, layout: Layout | None) -> Iterator[Constat]:
    """A finding for each note that is not one of the model's own; a sheet that it does not have is not named."""
    of_model = {sheet.feuille for sheet in layout.sheets} if layout else set()
    for name, walk in coffre.sheets.items():
        for line, column, text in walk.notes:
            flat = " ".join(text.split())
            is_own = layout and _OWN_NOTE.fullmatch(flat) and donnee_personnelle(flat) is None
            if flat and not is_own:
                seen = donnee_personnelle(flat, libre=True)
                yield Constat(
                    _PERSON if seen else "note_de_cellule",
                    fichier,
                    f"une note où se lit ce qui semble être {seen}" if seen else "une note de cellule",
                    _NOBODY if seen else "aucune note, sinon celles du modèle",
                    _REMEDY_NOTE,
                    name if name in of_model else "",
                    line,
                    xl_col_to_name(column - 1),
                )


def _unseen(path: Path) -> Iterator[Passage]:
    """The texts of a workbook that are neither cells nor notes."""
    for passage in passages(path, sauf=_SHEETS):
        if isinstance(passage, Passage) and passage.lieu not in (CELL, NOTE, AUTHOR, NAME, TEXT):
            yield passage


def _kept(fichier: str, unseen: Iterable[Passage]) -> Iterator[Constat]:
    """One finding for each thing that a workbook keeps unseen, and for each place where it names someone."""
    held: dict[str, list[str]] = {}
    for passage in unseen:
        if passage.lieu == PIVOT or not (passage.lieu in _KEPT and passage.est_attribut):
            held.setdefault(passage.lieu, []).append(passage.texte)
    for lieu, texts in held.items():
        if lieu in _KEPT:
            rule, found, expected, remedy = _KEPT[lieu]
            seen = next((named for named in map(_named, texts) if named), None)
            found = f"{found} ; ce qui semble être {seen} s'y lit" if seen else found
            yield Constat(_PERSON if seen else rule, fichier, found, _NOBODY if seen else expected, remedy)
        elif seen := next((named for named in map(donnee_personnelle, texts) if named), None):
            yield Constat(_PERSON, fichier, f"ce qui semble être {seen}, dans {lieu}", _NOBODY, _REMEDY_PLACE)


def _named(text: str) -> str | None:
    """What a cell kept from elsewhere seems to hold that identifies someone, a header that announces it included."""
    if len(text) <= _LONGEST_HEADER and is_personal_header(text):
        return "une donnée personnelle"
    return donnee_personnelle(text, libre=True)
