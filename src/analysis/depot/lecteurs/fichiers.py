"""Tell the files of a folder apart by what they hold, and find the one that a cell names, or nearly."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from pathlib import Path

from analysis.depot.enquetes.codes import is_table
from analysis.depot.formes import feuilles
from analysis.depot.formes.coffre import Refused, open_safely
from analysis.depot.formes.constats import Constat, file_name, is_file
from analysis.depot.formes.feuilles import Grid
from analysis.depot.formes.hors_cellules import personne_dans
from analysis.depot.formes.layout import Layout, text_of
from analysis.depot.formes.texte_plat import plain
from analysis.depot.lecteurs.calendrier import is_calendar
from analysis.depot.lecteurs.classeur import OTHER_WORKBOOKS, WORKBOOKS
from analysis.depot.lecteurs.comptes import nature_of
from analysis.depot.lecteurs.grilles import read_grids
from analysis.depot.referentiel import Referentiel
from analysis.noyau.french import listed

RAPPORT = "constats-"
"""How the name of a findings workbook begins: it may stand in the folder, it is not part of the deposit."""

CONSTATS, REPONSE = "Constats", "Votre réponse"
"""The sheet of a findings workbook that lists its cells, and its last header."""

ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar")

_OF_THE_SYSTEM = ("thumbs.db", "desktop.ini")
_SURVEY = frozenset(("token", "submitdate", "startlanguage", "lastpage", "seed", "jeton", "codedacces"))
_LIKE = 0.8
_EXTENSIONS = (
    "Windows masque la fin des noms : pour la voir, Explorateur › Affichage › Extensions de noms de fichiers."
)


class Nature(Enum):
    """What a file is, in words that follow « un fichier » in a finding."""

    MODELE = "le classeur du modèle, rempli"
    MODELE_VIERGE = "un exemplaire vierge du modèle"
    CONSTATS = "un classeur de constats"
    CODAGE = "un classeur de codage"
    FEC = "un fichier des écritures (FEC)"
    BALANCE = "une balance générale"
    ENQUETE = "un export d'enquête"
    CALENDRIER = "un calendrier"
    ARCHIVE = "une archive"
    ILLISIBLE = "un classeur qui ne s'ouvre pas"
    AUTRE = "un fichier que le classeur ne nomme pas"


_ACCOUNTS = {"fec": Nature.FEC, "balance": Nature.BALANCE}
_NAMED_IN = {
    Nature.FEC: "Exercices",
    Nature.BALANCE: "Exercices",
    Nature.ENQUETE: "Enquêtes",
    Nature.CALENDRIER: "Calendriers",
}


@dataclass(frozen=True)
class Fichiers:
    """The workbook of a folder, None when it has none, its other files by name, and what is wrong with them."""

    classeur: Path | None
    autres: tuple[Path, ...]
    constats: tuple[Constat, ...] = ()


def sorted_files(folder: Path, referentiel: Referentiel) -> Fichiers:
    """The workbook of the model among the files of a folder, told apart by what they hold.

    Of several filled ones nothing says which is right: the deposit is refused, and the one that bears the name of
    the model, else the first, is checked. A blank copy, accounts or answers in a workbook hide nothing.
    """
    files = sorted(file for file in folder.iterdir() if file.is_file() and not _is_ours(file.name))
    books = [file for file in files if _is_book(file)]
    natures = {book: nature(book, referentiel) for book in books} if len(books) > 1 else {}
    if len(books) == 1 and nature(books[0], referentiel) in (*_NAMED_IN, Nature.CONSTATS, Nature.CODAGE):
        books = []
    if natures:
        books = _likely(natures)
    if not books:
        return Fichiers(None, tuple(files), (_no_workbook(folder),))
    chosen = next((book for book in books if book.stem == f"depot-{folder.name}"), books[0])
    others = tuple(file for file in files if file != chosen)
    if len(books) == 1 or natures[chosen] is Nature.MODELE_VIERGE:
        return Fichiers(chosen, others)
    if natures[chosen] is Nature.MODELE:
        return Fichiers(chosen, others, (_several(folder, books, chosen),))
    rest = tuple(file for file in files if file not in books)
    return Fichiers(None, rest, (_several(folder, books, None),))


def _likely(natures: Mapping[Path, Nature]) -> list[Path]:
    """The workbooks that may be that of the model: the filled ones, else the blank ones, else what does not open."""
    for wanted in (Nature.MODELE, Nature.MODELE_VIERGE, Nature.ILLISIBLE):
        if wanted in natures.values():
            return [book for book, found in natures.items() if found is wanted]
    others = [book for book, found in natures.items() if found is Nature.AUTRE]
    return others if len(others) == 1 else []


def _is_ours(name: str) -> bool:
    """A file that is no part of a deposit: hidden, of the system, a lock, a findings workbook, a table of codes."""
    return name.startswith((".", "~$", RAPPORT)) or name.lower() in _OF_THE_SYSTEM or is_table(name)


def _is_book(file: Path) -> bool:
    """Whether a file is a workbook by its name, or by its content where its name has no end."""
    if file.suffix.lower() in (*WORKBOOKS, *OTHER_WORKBOOKS):
        return True
    if file.suffix:
        return False
    try:
        return bool(open_safely(file).sheets)
    except Refused:
        return False


def _no_workbook(folder: Path) -> Constat:
    expected = "un seul classeur .xlsx ou .ods par dossier"
    remedy = "Placez-y le classeur rempli à partir du modèle (« bilan depot modele »)."
    if any(path.suffix.lower() == ".csv" for path in folder.iterdir()):
        remedy += " Un tableau en .csv ne le remplace pas : recopiez ses lignes dans les feuilles du modèle."
    return Constat("classeur_absent", file_name(folder), "aucun classeur du modèle", expected, remedy)


def _several(folder: Path, books: Sequence[Path], chosen: Path | None) -> Constat:
    found = f"{len(books)} classeurs ({', '.join(f'« {file_name(book)} »' for book in books)})"
    remedy = "Gardez celui qui fait foi, déplacez les autres."
    if chosen is not None:
        remedy += f" Les constats qui suivent sont ceux de « {file_name(chosen)} »."
    expected = "un seul classeur .xlsx ou .ods par dossier"
    return Constat("classeur_multiple", file_name(folder), found, expected, remedy)


def nature(path: Path, referentiel: Referentiel) -> Nature:
    """What a file is by what it holds."""
    if path.suffix.lower() in ARCHIVES:
        return Nature.ARCHIVE
    if is_calendar(path):
        return Nature.CALENDRIER
    if not _is_book(path):
        return _ACCOUNTS.get(nature_of(path)) or _nature_of_text(path)
    try:
        grids = read_grids(open_safely(path))
    except Refused:
        return _ACCOUNTS.get(nature_of(path), Nature.ILLISIBLE)
    for layout in reversed(list(referentiel.layouts.values())):
        if feuilles.is_model(grids, layout):
            return Nature.MODELE if _is_filled(grids, layout) else Nature.MODELE_VIERGE
    if REPONSE in _first_row(grids.get(CONSTATS, ())):
        return Nature.CONSTATS
    if {"Codage", "Thèmes"} <= set(grids):
        return Nature.CODAGE
    if any(_is_survey(_first_row(grid)) for grid in grids.values()):
        return Nature.ENQUETE
    return _ACCOUNTS.get(nature_of(path), Nature.AUTRE)


def _is_filled(grids: Mapping[str, Grid], layout: Layout) -> bool:
    """Whether a sheet holds a row, besides the first one and the examples."""
    noms = feuilles.find_sheets("", grids, layout).noms
    for sheet in layout.sheets:
        grid = grids.get(noms.get(sheet.table, ""), ())
        head, _ = feuilles.header_row("", sheet, grid)
        if head is None or sheet.table == "depot":
            continue
        example = {text for text in sheet.example.values() if text}
        for row in grid[head + 1 :]:
            said = {text for cell in row if (text := text_of(cell).strip())}
            if said and not said <= example:
                return True
    return False


def _first_row(grid: Grid) -> list[str]:
    return [text_of(cell).strip() for cell in grid[0]] if grid else []


def _is_survey(header: Iterable[str]) -> bool:
    return len({plain(cell) for cell in header} & _SURVEY) > 1


def _nature_of_text(path: Path) -> Nature:
    """Whether a text is an export of answers, by its first line."""
    with path.open("rb") as file:
        head = file.readline(20_000).decode("utf-8", "replace")
    return (
        Nature.ENQUETE if _is_survey(head.replace(";", ",").replace("\t", ",").split(",")) else Nature.AUTRE
    )


def unexpected(files: Iterable[Path], named: Iterable[Path], referentiel: Referentiel) -> list[Constat]:
    """A finding for each file that is neither the workbook nor one that it names: what it is, what to do with it."""
    known = set(named)
    return [_unexpected(file, nature(file, referentiel)) for file in files if file not in known]


def _unexpected(file: Path, found: Nature) -> Constat:
    if seen := personne_dans(file):
        told = f"{found.value} où se lit ce qui semble être {seen}"
        remedy = "Il n'est pas lu. Retirez-le du dossier."
        return Constat(
            "personne_hors_cellules", file_name(file), told, "rien qui désigne une personne", remedy
        )
    if found in _NAMED_IN:
        remedy = f"Il n'est pas lu. Écrivez son nom dans la feuille {_NAMED_IN[found]}, ou retirez-le."
    elif found is Nature.ARCHIVE:
        remedy = (
            "Elle n'est pas ouverte. Sortez-en les fichiers (clic droit › « Extraire tout »), placez-les dans le dossier "
            "et retirez l'archive."
        )
    elif found in (Nature.AUTRE, Nature.ILLISIBLE):
        remedy = (
            "Il n'est pas lu. Nommez-le dans la feuille Exercices, Enquêtes ou Calendriers, ou retirez-le."
        )
    else:
        remedy = "Il n'est pas lu. Retirez-le du dossier."
    return Constat("fichier_inattendu", file_name(file), found.value, "un fichier nommé", remedy)


@dataclass(frozen=True)
class Nomme:
    """The file that a cell names, None when there is none, and what is to be told of the name: three texts."""

    fichier: Path | None
    regle: str = ""
    attendu: str = ""
    remede: str = ""


def named_files(folder: Path, names: Iterable[str]) -> dict[str, Nomme]:
    """The file of the folder that each name is of.

    A name that lacks its end, or has another case, is of the one file that is near; a file that another cell
    names exactly is nobody else's.
    """
    files = sorted(file for file in folder.iterdir() if is_file(file) and not _is_ours(file.name))
    exact = {name: next((f for f in files if spelled(f.name) == spelled(name)), None) for name in names}
    free = [file for file in files if file not in exact.values()]
    return {name: Nomme(file) if file else _near(name, free) for name, file in exact.items()}


def _near(name: str, files: Sequence[Path]) -> Nomme:
    near = [file for file in files if _is_near(name, file.name)]
    if len(near) == 1:
        expected = f"« {file_name(near[0])} »"
        return Nomme(
            near[0], "fichier_proche", expected, f"Il est lu ; écrivez son nom en entier. {_EXTENSIONS}"
        )
    if near:
        expected = listed([f"« {file_name(file)} »" for file in near])
        return Nomme(
            None, "fichier_absent", expected, f"Dites lequel : écrivez son nom en entier. {_EXTENSIONS}"
        )
    remedy = "Ajoutez le fichier au dossier, ou corrigez son nom."
    like = get_close_matches(_flat(name), [_flat(file.name) for file in files], n=1, cutoff=_LIKE)
    if like:
        file = next(file for file in files if _flat(file.name) == like[0])
        remedy = f"Le dossier contient « {file_name(file)} » : si c'est lui, écrivez ce nom. Sinon, ajoutez le fichier."
    return Nomme(None, "fichier_absent", "un fichier de ce nom dans le dossier", remedy)


def _is_near(name: str, other: str) -> bool:
    """Whether two names differ by their case, their blanks or what ends them alone.

    >>> _is_near("FEC 2018", "fec 2018.txt"), _is_near("fec.txt", "fec.txt.txt"), _is_near("fec.csv", "fec.txt")
    (True, True, True)
    >>> _is_near("fec", "fec-2018.txt")
    False
    """
    given, wanted = _flat(name), _flat(other)
    return given == wanted or wanted.startswith(f"{given}.") or _stem(given) == _stem(wanted)


def _stem(name: str) -> str:
    """A name without the ends that programs give, one or two of them."""
    stem, _, end = name.rpartition(".")
    return _stem(stem) if stem and len(end) <= 4 and end.isalnum() and not end.isdecimal() else name


def _flat(name: str) -> str:
    return " ".join(spelled(name).casefold().split())


def spelled(name: str) -> str:
    """A file's name without its folders, its accents as one character: a Mac writes them as two."""
    return unicodedata.normalize("NFC", Path(name).name)


def near_paths(path: Path) -> list[Path]:
    """The files and folders that stand where a path is no one's, and whose name is nearly its own."""
    if not path.parent.is_dir():
        return []
    return [other for other in sorted(path.parent.iterdir()) if _is_near(path.name, other.name)]
