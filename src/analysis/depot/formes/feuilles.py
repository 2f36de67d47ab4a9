"""Find in a workbook the sheets and the columns of the model, whatever people did to their names.

A name that differs by its case, its accents, its blanks or its line breaks is the same name, and is told. A sheet
or a column under another name is told once, with the name to give back; what the model lets be absent is read as
empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from analysis.depot.formes.constats import Constat
from analysis.depot.formes.layout import (
    LISEZ_MOI,
    LISTES,
    OPTIONAL,
    TELLING_BLANKS,
    Column,
    Layout,
    Sheet,
    text_of,
)
from analysis.depot.formes.personnel import is_personal_header
from analysis.depot.formes.texte_plat import plain
from analysis.noyau.french import listed

Grid = Sequence[Sequence[Any]]

REMEDY_MODEL = "Repartez du modèle vierge et recopiez-y vos lignes, ou rétablissez ce qui a été changé."

NOM_DE_FEUILLE = "nom de feuille écrit autrement"
ENTETE = "en-tête écrit autrement (espaces, retours à la ligne, majuscules)"

_DEEPEST_HEADER = 30
_LIKE, _NAME_LIKE = 0.75, 0.8
_NEUTRAL = frozenset(
    "ancien ancienne bis bon bonne complet complete copie copy corrige corrigee de definitif des du ebe feuil feuille final "
    "finale la le les liste maj mise modif modifie nouveau nouvelle ok sheet suivi tableau ter version".split()
)
"""The words of a sheet's name that can name nobody, besides those of the model."""


@dataclass(frozen=True)
class Trouvees:
    """Which sheet of a workbook is which of the model, and what is wrong with their names.

    ``noms`` gives, by table, the sheet's name in the workbook; a table that it has not has none.
    ``formes`` counts what was written otherwise and read.
    """

    noms: Mapping[str, str]
    constats: tuple[Constat, ...] = ()
    formes: Counter[str] = field(default_factory=Counter)


def find_sheets(fichier: str, grids: Mapping[str, Grid], layout: Layout) -> Trouvees:
    """The sheets of a version in a workbook: under their names, else by their headers, else by a like name.

    A sheet of the model that stands under another name is one finding that joins the two, and it is read. While
    one is missing no finding says to delete another.
    """
    noms, formes = _under_their_names(grids, layout)
    missing = [sheet for sheet in layout.sheets if sheet.table not in noms]
    others = [name for name in grids if name not in noms.values() and not _holds_no_data(name)]
    alike = {name: _alike(name, grids[name], layout, missing) for name in others}
    constats = []
    for sheet in missing:
        claims = [name for name in others if alike[name] is sheet]
        constats.append(_missing_sheet(fichier, sheet, claims, list(grids), layout))
        if len(claims) == 1:
            noms[sheet.table] = claims[0]
    for name in others:
        if alike[name] not in missing:
            rank = list(grids).index(name) + 1
            constats.append(_other_sheet(fichier, rank, alike[name], missing))
    return Trouvees(noms, tuple(constats), formes)


def is_model(grids: Mapping[str, Grid], layout: Layout) -> bool:
    """Whether a workbook is one of this version: it has the first sheet, or more than half of the others."""
    noms = find_sheets("", grids, layout).noms
    return "depot" in noms or len(noms) * 2 > len(layout.sheets)


def _under_their_names(grids: Mapping[str, Grid], layout: Layout) -> tuple[dict[str, str], Counter[str]]:
    """The sheets under the names of the model, those that differ by their blanks, case or accents counted."""
    by_name: dict[str, list[str]] = {}
    for name in grids:
        by_name.setdefault(plain(name), []).append(name)
    noms, formes = {}, Counter[str]()
    for sheet in layout.sheets:
        same = by_name.get(plain(sheet.feuille), [])
        if sheet.feuille in same:
            noms[sheet.table] = sheet.feuille
        elif len(same) == 1:
            noms[sheet.table] = same[0]
            formes[NOM_DE_FEUILLE] += 1
    return noms, formes


def _holds_no_data(name: str) -> bool:
    return plain(name) in (plain(LISEZ_MOI), plain(LISTES))


def _alike(name: str, grid: Grid, layout: Layout, missing: Sequence[Sheet]) -> Sheet | None:
    """The sheet of the model that another seems to be, by its headers, else by its name among those missing."""
    shares = {sheet.table: _share(sheet, grid) for sheet in layout.sheets}
    best = max(
        layout.sheets, key=lambda sheet: (shares[sheet.table], sheet in missing, _nearness(name, sheet))
    )
    if shares[best.table] >= _LIKE and len(best.columns) * shares[best.table] > 1:
        return best
    named = max(missing, key=lambda sheet: _nearness(name, sheet), default=None)
    return named if named is not None and _nearness(name, named) >= _NAME_LIKE else None


def _share(sheet: Sheet, grid: Grid) -> float:
    """Which part of the headers of a sheet the best row of a grid bears."""
    return max((_score(sheet, row) for row in grid[:_DEEPEST_HEADER]), default=0) / len(sheet.columns)


def _score(sheet: Sheet, row: Sequence[Any]) -> int:
    return len({plain(text_of(cell)) for cell in row} & set(sheet.by_header))


def _nearness(name: str, sheet: Sheet) -> float:
    """How near two names are: 1 where one holds the other."""
    given, wanted = plain(name), plain(sheet.feuille)
    if len(given) > 3 and (wanted in given or given in wanted):
        return 1
    return SequenceMatcher(None, given, wanted).ratio()


def _missing_sheet(
    fichier: str, sheet: Sheet, claims: Sequence[str], names: Sequence[str], layout: Layout
) -> Constat:
    """What is told of a sheet that stands under no name of its own."""
    expected = f"« {sheet.feuille} »"
    if len(claims) == 1:
        shown = _sheet_shown(claims[0], names, layout)
        remedy = f"Cette feuille semble être {expected} : redonnez-lui ce nom."
        return Constat("feuille_renommee", fichier, shown, expected, remedy, sheet.feuille)
    if claims:
        shown = listed([_sheet_shown(name, names, layout) for name in claims])
        remedy = f"Réunissez leurs lignes dans une seule feuille, et nommez-la {expected}."
        return Constat("feuille_renommee", fichier, shown, expected, remedy, sheet.feuille)
    if sheet.table in OPTIONAL:
        remedy = "Elle est facultative : elle est lue comme vide."
        return Constat(
            "feuille_retiree", fichier, "aucune feuille de ce nom", expected, remedy, sheet.feuille
        )
    remedy = (
        f"Si elle porte un autre nom, redonnez-lui celui de {expected} ; si elle a été supprimée, reprenez-la du "
        "modèle vierge."
    )
    return Constat("feuille_absente", fichier, "aucune feuille de ce nom", expected, remedy, sheet.feuille)


def _sheet_shown(name: str, names: Sequence[str], layout: Layout) -> str:
    """A sheet by its name where no word of it can name someone, else by its rank."""
    if is_quotable(name, layout):
        return f"la feuille « {name} »"
    return f"la {names.index(name) + 1}e feuille du classeur"


def is_quotable(name: str, layout: Layout) -> bool:
    """Whether the name of a sheet is made of words of the model, of numbers and of words that name nobody."""
    known = {word for sheet in layout.sheets for word in _words(sheet.feuille)} | _NEUTRAL
    return all(word in known or word.rstrip("s") in known or word.isdecimal() for word in _words(name))


def _words(name: str) -> list[str]:
    return [plain(word) for word in re.findall(r"[^\W\d_]+|\d+", name) if plain(word)]


def _other_sheet(fichier: str, rank: int, twin: Sheet | None, missing: Sequence[Sheet]) -> Constat:
    """What is told of a sheet that the model has not."""
    found, expected = f"une feuille de plus, la {rank}e du classeur", "les seules feuilles du modèle"
    if twin is not None:
        remedy = (
            f"Elle n'est pas lue, et elle a les en-têtes de « {twin.feuille} » : recopiez dans celle-ci les lignes qui n'y "
            "sont pas, puis supprimez celle qui est de trop."
        )
        return Constat("feuille_en_double", fichier, found, expected, remedy)
    if missing:
        names = listed([f"« {sheet.feuille} »" for sheet in missing])
        remedy = f"Elle n'est pas lue. Si c'est une feuille qui manque ({names}), redonnez-lui son nom."
    else:
        remedy = "Elle n'est pas lue. Supprimez-la, surtout si elle contient des noms."
    return Constat("feuille_inconnue", fichier, found, expected, remedy)


def header_row(fichier: str, sheet: Sheet, grid: Grid) -> tuple[int | None, list[Constat]]:
    """The index of the row that bears most headers: the declared one, another one told, or none."""
    declared = sheet.ligne_entete - 1
    scores = [_score(sheet, row) for row in grid[:_DEEPEST_HEADER]]
    best = max(range(len(scores)), key=lambda index: (scores[index], index == declared), default=None)
    if best is None or scores[best] * 2 < len(sheet.columns):
        found, expected = "aucune ligne d'en-têtes", f"les en-têtes du modèle à la ligne {sheet.ligne_entete}"
        return None, [Constat("entete_absent", fichier, found, expected, REMEDY_MODEL, sheet.feuille)]
    if best == declared:
        return best, []
    expected = f"les en-têtes à la ligne {sheet.ligne_entete}"
    remedy = "Les lignes qui suivent les en-têtes ont été lues ; retirez ce qui a été inséré au-dessus."
    found = f"les en-têtes à la ligne {best + 1}"
    return best, [Constat("entete_deplace", fichier, found, expected, remedy, sheet.feuille, best + 1)]


@dataclass(frozen=True)
class Colonnes:
    """Where each field of a sheet stands: its index and its header as read, None for one read as empty."""

    places: Mapping[str, tuple[int | None, str]]
    constats: tuple[Constat, ...]
    formes: Counter[str]

    @property
    def read(self) -> dict[str, int]:
        """The index of each field that stands in the sheet."""
        return {champ: index for champ, (index, _) in self.places.items() if index is not None}


def header_columns(
    fichier: str, sheet: Sheet, row: Sequence[Any], line: int, optional: Iterable[str]
) -> Colonnes:
    """The columns of a header row, and what is missing, double or unknown.

    ``optional`` are the fields that may have no value: such a column may be absent, and is read as empty.
    """
    places: dict[str, tuple[int | None, str]] = {}
    constats, formes, unknown = [], Counter[str](), {}
    for index, cell in enumerate(row):
        header, letters = text_of(cell), xl_col_to_name(index)
        column = sheet.by_header.get(plain(header))
        if column is not None and column.champ in places:
            first = xl_col_to_name(places[column.champ][0])
            expected = f"une seule colonne de cet en-tête (il est déjà en {first})"
            remedy = "Gardez celle qui est remplie, et supprimez l'autre."
            constats.append(
                Constat(
                    "entete_double",
                    fichier,
                    f"« {column.entete} »",
                    expected,
                    remedy,
                    sheet.feuille,
                    line,
                    letters,
                )
            )
        elif column is not None:
            places[column.champ] = (index, column.entete)
            formes[ENTETE] += header != column.entete
        elif header.strip():
            unknown[index] = header
    missing = [column for column in sheet.columns if column.champ not in places]
    may_be_absent, lacking = set(optional), []
    for column in missing:
        near = max(unknown, key=lambda index: _likeness(unknown[index], column.entete), default=None)
        if near is not None and _likeness(unknown[near], column.entete) >= _LIKE:
            del unknown[near]
            constats.append(_renamed_column(fichier, sheet, column, line, xl_col_to_name(near)))
            continue
        lacking.append(column.entete)
        is_optional = column.champ in may_be_absent
        constats.append(_missing_column(fichier, sheet, column, line, is_optional=is_optional))
        if is_optional:
            places[column.champ] = (None, column.entete)
    constats += [
        _unknown_header(fichier, sheet.feuille, header, line, xl_col_to_name(index), lacking)
        for index, header in unknown.items()
    ]
    return Colonnes(places, tuple(constats), formes)


def _likeness(header: str, wanted: str) -> float:
    if is_personal_header(header):
        return 0
    return SequenceMatcher(None, plain(header), plain(wanted)).ratio()


def _renamed_column(fichier: str, sheet: Sheet, column: Column, line: int, letters: str) -> Constat:
    """One finding for a column that is missing and one that is not known, when their headers are alike."""
    remedy = f"Cette colonne semble être « {column.entete} » : redonnez-lui cet en-tête."
    found, expected = "un en-tête qui lui ressemble", f"« {column.entete} »"
    return Constat(
        "entete_absent", fichier, found, expected, remedy, sheet.feuille, line, letters, column.entete
    )


def _missing_column(fichier: str, sheet: Sheet, column: Column, line: int, *, is_optional: bool) -> Constat:
    """What is told of a column that is nowhere: refused, or read as empty where its cells may be."""
    found, expected = "aucune colonne de cet en-tête", f"« {column.entete} »"
    if not is_optional:
        rule = "entete_absent"
        remedy = (
            "Si elle porte un autre en-tête, redonnez-lui celui-ci ; si elle a été supprimée, rétablissez-la."
        )
    elif (sheet.table, column.champ) in TELLING_BLANKS:
        rule, remedy = (
            "colonne_vide",
            "Elle est lue comme vide, et un vide y a un sens : confirmez, ou rétablissez-la.",
        )
    else:
        rule, remedy = "colonne_retiree", "Elle est facultative : elle est lue comme vide."
    return Constat(rule, fichier, found, expected, remedy, sheet.feuille, line, "", column.entete)


def _unknown_header(
    fichier: str, feuille: str, header: str, line: int, letters: str, lacking: Sequence[str]
) -> Constat:
    if is_personal_header(header):
        rule, found = "entete_personnel", "une colonne dont l'en-tête annonce une donnée personnelle"
        remedy = "Elle n'a pas été lue. Supprimez-la avant tout nouvel envoi."
    else:
        rule, found = "entete_inconnu", "une colonne que le modèle n'a pas"
        remedy = "Elle n'a pas été lue. Supprimez-la, ou rétablissez l'en-tête du modèle."
        if lacking:
            names = listed([f"« {entete} »" for entete in lacking])
            remedy = (
                f"Elle n'a pas été lue. Si c'est une colonne qui manque ({names}), redonnez-lui son en-tête."
            )
    return Constat(rule, fichier, found, "les seules colonnes du modèle", remedy, feuille, line, letters)
