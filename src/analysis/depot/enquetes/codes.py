"""The access codes of a followed survey: drawn at random, written beside the identifiers in a table of the territory.

A code says nothing of the person, and nobody can guess it. The table that leads from one to the other is the
territory's: a deposit that has it beside its exports is read with it, and nothing of it is kept.
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.depot.enquetes.limesurvey import SEPARATORS
from analysis.depot.formes.cle import forme
from analysis.depot.formes.constats import Constat, DepotError, file_name
from analysis.noyau.files.scratch import remove, write_whole

ALPHABET: Final = "34679CDFGHJKMNPRTVWXY"
"""What a code is made of: no sign that is taken for another (0 O Q, 1 I L, 2 Z, 5 S, 8 B), and no vowel to make a
word of; letters and digits, that every LimeSurvey keeps."""

LENGTH: Final = 10
"""Signs of a code: 44 bits, so that guessing one among a thousand takes sixteen billion tries."""

TABLE, PARTICIPANTS = "codes-", "participants-"
"""How the names begin of the table of a territory's codes, and of what LimeSurvey imports of it."""

COLONNES: Final = ("identifiant", "code")

_LARGEST = 2**20
_COLUMNS_OF_PARTICIPANTS: Final = ("firstname", "lastname", "email", "token")


@dataclass(frozen=True)
class TableDesCodes:
    """The codes of the people of a territory, by identifier as it is spelled; ``repr`` shows none."""

    par_identifiant: Mapping[str, str]

    def __repr__(self) -> str:
        return f"TableDesCodes({len(self.par_identifiant)})"

    @property
    def par_code(self) -> dict[str, str]:
        """The identifier behind each code."""
        return {code: identifiant for identifiant, code in self.par_identifiant.items()}

    def codes_of(self, identifiant: str) -> list[str]:
        """The codes of a person, whatever the spelling of her identifier."""
        return [code for name, code in self.par_identifiant.items() if forme(name) == forme(identifiant)]

    def completed(self, identifiants: Iterable[str]) -> TableDesCodes:
        """The table with a new code for each person who has none; those who have one keep it.

        >>> table = TableDesCodes({"P-1": "CDFGHJKMNP"}).completed(["p1", "P-2"])
        >>> list(table.par_identifiant), table.par_identifiant["P-1"]
        (['P-1', 'P-2'], 'CDFGHJKMNP')
        """
        found = dict(self.par_identifiant)
        known = {forme(name) for name in found}
        for identifiant in identifiants:
            if forme(identifiant) not in known:
                known.add(forme(identifiant))
                found[identifiant] = _drawn({*found.values(), *known})
        return TableDesCodes(found)

    def without(self, identifiant: str) -> TableDesCodes:
        """The table without a person."""
        kept = {n: code for n, code in self.par_identifiant.items() if forme(n) != forme(identifiant)}
        return TableDesCodes(kept)


def _drawn(taken: Collection[str]) -> str:
    """A code of the operating system's own randomness, that is no other code, nor an identifier."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if code not in taken:
            return code


def is_table(name: str) -> bool:
    """Whether a file is a table of codes, or what LimeSurvey imports of one, by its name.

    >>> is_table("codes-val.csv"), is_table("Codes-val (1).CSV"), is_table("participants-val.csv")
    (True, True, True)
    >>> is_table("enquete-1.csv"), is_table("codes-val.xlsx")
    (False, False)
    """
    told = name.lower()
    return told.startswith((TABLE, PARTICIPANTS)) and told.endswith(".csv")


def read_codes(folder: Path) -> tuple[TableDesCodes, list[Constat]]:
    """The table of codes that lies in a deposit's folder, empty where there is none.

    A table that cannot be read, or in which one code is two people's, is told, and then read as empty: a
    code that leads nowhere is better than one that leads to someone else.
    """
    found: dict[str, str] = {}
    for path in tables_of(folder):
        rows = _rows(path)
        faults = _faults(rows, found)
        if faults:
            return TableDesCodes({}), [_unreadable(path, faults)]
        found |= rows or {}
    return TableDesCodes(found), []


def _rows(path: Path) -> dict[str, str] | None:
    """The code of each identifier of a file, None for what is no such table."""
    if path.stat().st_size > _LARGEST:
        return None
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    separator = max(SEPARATORS, key=lines[0].count)
    try:
        header, *rows = csv.reader(lines, delimiter=separator, strict=True)
    except csv.Error:
        return None
    names = [cell.strip().casefold() for cell in header]
    if sorted(names) != sorted(COLONNES) or any(len(row) != len(names) for row in rows):
        return None
    places = [names.index(name) for name in COLONNES]
    pairs = [(row[places[0]].strip(), row[places[1]].strip().upper()) for row in rows]
    if len({forme(name) for name, _ in pairs}) < len(pairs) or len({code for _, code in pairs}) < len(pairs):
        return None
    return {name: code for name, code in pairs if name and code}


def _faults(rows: Mapping[str, str] | None, before: Mapping[str, str]) -> str:
    """Why a table cannot be used beside those read before it; empty when it can."""
    if rows is None:
        return "autre chose que deux colonnes, « identifiant » et « code », sans répétition"
    people = {code: forme(name) for name, code in before.items()}
    if any(people.get(code, forme(name)) != forme(name) for name, code in rows.items()):
        return "un code qu'une autre table donne à une autre personne"
    return ""


def _unreadable(path: Path, found: str) -> Constat:
    remedy = (
        "Demandez au territoire la table telle que « bilan enquete codes » l'a écrite, sans colonne de plus : "
        "jamais de nom. D'ici là, aucun code n'est relié à une personne."
    )
    return Constat(
        "codes_illisibles", file_name(path), found, "une ligne par personne, un code chacune", remedy
    )


def forget(folder: Path, identifiant: str) -> None:
    """Take a person out of the tables of a folder; the participants made of them go, and can be made again."""
    for path in tables_of(folder):
        rows = _rows(path)
        if rows is not None:
            write_codes(path, TableDesCodes(rows).without(identifiant))
    for path in folder.glob("*"):
        if is_table(path.name) and path.name.lower().startswith(PARTICIPANTS):
            remove(path)


def tables_of(folder: Path) -> list[Path]:
    """The tables of codes of a folder."""
    names = (path for path in folder.glob("*") if path.is_file() and is_table(path.name))
    return sorted(path for path in names if path.name.lower().startswith(TABLE))


def write_codes(path: Path, table: TableDesCodes) -> None:
    """Write the table of the territory, in the place of an earlier one, readable by its owner alone."""
    _write(path, COLONNES, table.par_identifiant.items())


def write_participants(path: Path, table: TableDesCodes) -> None:
    """Write what LimeSurvey imports as participants: codes alone, in no order that tells whose they are.

    Its importer leaves out a row whose three names are those of another: the code stands as the last name.
    """
    codes = sorted(table.par_identifiant.values())
    _write(path, _COLUMNS_OF_PARTICIPANTS, (("", code, "", code) for code in codes), separator=",")


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]], *, separator: str = ";") -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_whole(path, out.getvalue(), mode=0o600)


def table_path(folder: Path, territoire: str) -> Path:
    """Where the table of a territory is written."""
    return folder / f"{TABLE}{territoire}.csv"


def participants_path(folder: Path, territoire: str) -> Path:
    """Where the participants of a territory are written."""
    return folder / f"{PARTICIPANTS}{territoire}.csv"


def load_table(folder: Path) -> TableDesCodes:
    """The table of codes of a folder; raises DepotError for one that cannot be read, which is then not replaced."""
    table, constats = read_codes(folder)
    if constats:
        raise DepotError(f"{constats[0]} Elle n'est pas remplacée : des codes sont peut-être déjà donnés.")
    return table
