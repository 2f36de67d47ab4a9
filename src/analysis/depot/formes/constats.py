"""What a deposit's reading finds: one record a place, and the rules that say what it entails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

Gravite = Literal["refuse", "a_confirmer", "note"]
Portee = Literal["depot", "ligne", "table"]

_SHOWN_LINES = 3

GRAVITES: dict[Gravite, str] = {"refuse": "Refusé", "a_confirmer": "À confirmer", "note": "Noté"}
"""The severities, from the gravest, with the word that a territory reads."""


@dataclass(frozen=True)
class Regle:
    """A rule: how grave what it finds is, and what is refused for it."""

    regle: str
    gravite: Gravite
    portee: Portee
    definition: str


@dataclass(frozen=True)
class Constat:
    """One thing found in a deposit: where, what, what was expected, what to do.

    ``ligne`` is a row of the sheet or a line of the text file; ``colonne`` is the sheet's letters (empty
    in a text file); ``entete`` is the column's header. ``trouve`` never quotes what may identify someone.
    """

    regle: str
    fichier: str
    trouve: str
    attendu: str
    remede: str = ""
    feuille: str = ""
    ligne: int | None = None
    colonne: str = ""
    entete: str = ""

    @property
    def cellule(self) -> str:
        """The cell's address in its sheet, the row alone where no column is meant.

        >>> Constat("forme", "a.xlsx", "x", "y", feuille="ETP", ligne=14, colonne="C").cellule
        'C14'
        """
        return f"{self.colonne}{self.ligne}" if self.colonne and self.ligne else ""

    @property
    def lieu(self) -> str:
        """The place in words.

        >>> Constat("forme", "a.xlsx", "x", "y", feuille="ETP", ligne=14, colonne="C", entete="ETP PPDE").lieu
        'a.xlsx, feuille « ETP », cellule C14 (« ETP PPDE »)'
        """
        parts = [self.fichier] if self.fichier else []
        if self.feuille:
            parts.append(f"feuille « {self.feuille} »")
        if self.cellule:
            parts.append(f"cellule {self.cellule}")
        elif self.ligne is not None:
            parts.append(f"ligne {self.ligne}")
        place = ", ".join(parts)
        return f"{place} (« {self.entete} »)" if self.entete else place

    def __str__(self) -> str:
        text = f"{self.lieu} : trouvé {self.trouve} ; attendu {self.attendu}."
        return f"{text} {self.remede}" if self.remede else text


def file_name(path: Path) -> str:
    """The name of a file as text that can be written: what is no UTF-8 on the disk becomes « ? ».

    >>> file_name(Path("comptes-" + chr(0xDCE9) + ".txt"))
    'comptes-?.txt'
    """
    return path.name.encode("utf-8", "replace").decode("utf-8")


def is_file(path: Path) -> bool:
    """Whether there is a file of that name; a name that no disk accepts, too long a one, is no file's."""
    try:
        return path.is_file()
    except OSError:
        return False


def load_regles(project: Project) -> dict[str, Regle]:
    """The rules by code, in the order of the dictionary; raises InvalidData for a faulty file."""
    rows = load_written(project, "regles", key=("regle",))
    return {
        row["regle"]: Regle(
            row["regle"], cast(Gravite, row["gravite"]), cast(Portee, row["portee"]), row["definition"]
        )
        for row in rows
    }


def refused_lines(constats: Iterable[Constat], regles: Mapping[str, Regle]) -> frozenset[int]:
    """The lines that the findings of one table refuse."""
    return frozenset(
        constat.ligne
        for constat in constats
        if constat.ligne is not None
        and regles[constat.regle].gravite == "refuse"
        and regles[constat.regle].portee == "ligne"
    )


def lines_at(lines: Iterable[int]) -> str:
    """The places of lines in words, the first ones alone when they are many.

    >>> lines_at([8]), lines_at([9, 8]), lines_at(range(4, 30))
    ('à la ligne 8', 'aux lignes 8 et 9', 'aux lignes 4, 5, 6 et 23 autres')
    """
    ordered = sorted(set(lines))
    if len(ordered) == 1:
        return f"à la ligne {ordered[0]}"
    if len(ordered) > _SHOWN_LINES + 1:
        shown = ordered[:_SHOWN_LINES]
        return f"aux lignes {', '.join(map(str, shown))} et {len(ordered) - _SHOWN_LINES} autres"
    return f"aux lignes {', '.join(map(str, ordered[:-1]))} et {ordered[-1]}"


def lines_told(constats: Sequence[Constat]) -> str:
    """What refuses a file of accounts, as the end of a clause: its lines, what they are, or the file as a whole."""
    lines = [constat.ligne for constat in constats if constat.ligne is not None]
    if lines:
        return f"à corriger {lines_at(lines)} du fichier"
    told = (constat.trouve for constat in constats if constat.regle == "comptes_illisibles")
    return next(told, "le fichier est à remplacer")


def blocking(constats: Iterable[Constat], regles: Mapping[str, Regle]) -> list[Constat]:
    """The findings for which the whole deposit is refused."""
    return [c for c in constats if regles[c.regle].portee == "depot" and regles[c.regle].gravite == "refuse"]


def count_by_gravite(constats: Sequence[Constat], regles: Mapping[str, Regle]) -> dict[Gravite, int]:
    """How many findings of each severity, zeros included."""
    return {gravite: sum(regles[c.regle].gravite == gravite for c in constats) for gravite in GRAVITES}


class DepotError(BilanError):
    """A deposit that cannot be treated, told in French to the person who can act."""
