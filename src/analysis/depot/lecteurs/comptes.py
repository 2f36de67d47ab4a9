"""Read the accounts of an EBE: the legal export of its entries (FEC) or a trial balance, text or workbook.

What is read is what the file is, whatever was announced. What has one meaning is read and told once, what could
mean two things is refused, and a file of which a line is refused gives no line: what is summed is whole or absent.
Only codes, dates and amounts leave this module: labels, third parties and references carry names, so no
cell of theirs reaches a table, a finding or an exception.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.depot.formes.coffre import Refused, open_safely
from analysis.depot.formes.layout import text_of
from analysis.depot.formes.lecture import Lecture
from analysis.depot.formes.recueil import Recueil
from analysis.depot.formes.texte_plat import (
    FIRST_LINES,
    Entete,
    Lecteur,
    Lignes,
    all_cells,
    encoding_of,
    find_header,
    first_lines,
    likely_separator,
    longest_line,
    normalised,
    plain,
)
from analysis.depot.lecteurs import balance, fec
from analysis.depot.lecteurs.grilles import read_grids
from analysis.noyau.french import in_quotes
from analysis.noyau.plan_comptable import ambigus, cloture, obstacle

LARGEST_FILE = 64 * 2**20
MOST_LINES = 500_000
LONGEST_LINE = 100_000
LARGEST_BALANCE = 4 * 2**20
"""Bytes, lines, bytes of a line, bytes of a balance: some ten times the accounts of a large EBE; more would fill the memory."""

_AUTRES: Final[tuple[str, ...]] = ("PieceRef", "PieceDate")
TABLES: Final[Mapping[str, str]] = {"fec": "ecritures", "balance": "balances"}
_NAMES: Final[Mapping[str, str]] = {
    "fec": "un fichier des écritures (FEC)",
    "balance": "une balance générale",
}

_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f]")

_ONE_FILE = "Déposez un fichier par exercice."
_EXPORT_AGAIN = "Exportez de nouveau le fichier depuis le logiciel de comptabilité, sans le modifier."


def read_comptes(path: Path, *, nature: str, debut: date, fin: date) -> Lecture:
    """The lines of a FEC (``nature`` « fec ») or the accounts of a trial balance (« balance »).

    ``debut`` and ``fin`` are the first and last days of the exercice, both included. The frame of a FEC
    has one row per line of an entry: ``journal``, ``numero``, ``date_ecriture`` (ISO text), ``compte``,
    ``debit``, ``credit``. ``numero`` is the rank at which the entry appears, for its own number may hold
    a name. The frame of a balance has one row per account: ``compte``, ``debit``, ``credit``. Amounts are in
    euros, 0.0 where the side is blank; a negative amount (a reversed entry) stays on its side. The index
    is the line in the file, counted from 1 (the row of the sheet in a workbook). Blank lines, headers that come
    again, totals and subtotals that are those of their rows are passed over, and counted in a finding.

    A file with a line at fault has an empty frame, and every line of it is refused: no sum is made of a part of
    it. An entry whose debits and credits differ is found; whether that refuses the table is said by the rules.
    A file that cannot be read has an empty frame. No content of the file makes this raise.

    Source: livre des procédures fiscales, article A. 47 A-1.
    """
    recueil = Recueil(path.name)
    source = _opened(path, recueil)
    if source is None:
        return _lecture(nature, path.name, _empty(nature), 0, recueil)
    found = source.nature or nature
    frame, lues = _read(source, found, recueil, debut, fin)
    if found != nature and lues:
        told = (
            "celle que dit la feuille « Exercices »",
            "Il est lu comme tel : corrigez la nature des comptes.",
        )
        recueil.add("comptes_nature", None, "", _NAMES[found], *told)
    if lues == 0 and not recueil.kept:
        recueil.add("comptes_vide", None, "", "aucune ligne", "un en-tête suivi d'au moins une ligne")
    return _lecture(found, path.name, frame, lues, recueil)


def nature_of(path: Path) -> str:
    """What the accounts of a file are by their content, « fec » or « balance », empty where nothing tells."""
    source = _opened(path, Recueil(path.name))
    return source.nature if source else ""


def juger(lecture: Lecture, *, ouverture: date) -> Lecture:
    """The same reading, with the findings of what its accounts are once they are summed.

    ``ouverture`` is the first day of the exercice, on which depends the text that gives accounts their meaning.
    Closing entries are told, with the accounts that they forget: they are not in the figures. So is what no
    statement can be made of. Accounts that do not balance are told as such, and not again.
    """
    if lecture.frame.empty or any(c.regle == "comptes_desequilibre" for c in lecture.constats):
        return lecture
    recueil = Recueil(lecture.fichier)
    frame = lecture.frame
    if lecture.table == "ecritures":
        closing = cloture(frame)
        if closing.any():
            found = f"{int(closing.sum())} lignes d'écritures de clôture" + _forgotten(frame, closing)
            remedy = "Elles ne comptent pas : les chiffres sont ceux d'avant la clôture."
            recueil.add("comptes_cloture", None, "", found, "un export d'avant la clôture", remedy)
        frame = frame[~closing]
    for found_there in ambigus(frame, ouverture):
        found = f"le compte {found_there.compte}, lu dans la ligne « {found_there.lu} »"
        expected = "le financement public d'exploitation dans les comptes 74, ou 73 depuis 2020"
        remedy = "Dites si c'est du financement public, et lequel : d'exploitation ou d'investissement."
        recueil.add("comptes_public", None, "", found, expected, remedy)
    reason = obstacle(frame, ouverture)
    if reason:
        remedy = "Exportez les comptes d'avant la clôture, bilan d'ouverture équilibré compris."
        recueil.add(
            "comptes_illisibles", None, "", reason, "des comptes dont se fait un compte de résultat", remedy
        )
    return replace(lecture, constats=(*lecture.constats, *recueil.constats()))


def _forgotten(frame: pd.DataFrame, closing: pd.Series) -> str:
    """The accounts of classes 6 and 7 that entries of closing leave out, as the end of a clause."""
    of_year = frame["compte"].str[:1].isin(("6", "7"))
    closed = set(frame.loc[closing & of_year, "compte"])
    left = sorted({compte.rstrip("0") for compte in frame.loc[of_year, "compte"] if compte not in closed})
    if not closed or not left:
        return ""
    return f", qui oublient {'le compte' if len(left) == 1 else 'les comptes'} {', '.join(left)}"


def ventes(frame: pd.DataFrame) -> float:
    """The sales of an exercice in euros: credits less debits of the accounts that begin with 70.

    ``frame`` is that of :func:`read_comptes`. Rebates granted (709) are debits, so they are deducted;
    public funding (74) is not a sale; entries that close the accounts do not count. No account 70 gives
    0.0. Source: plan comptable général, compte 70.

    >>> ventes(pd.DataFrame({"compte": ["706", "709", "741"], "debit": [0, 0.5, 0], "credit": [9.75, 0, 5]}))
    9.25
    """
    counted = frame[~cloture(frame)] if "numero" in frame else frame
    sold = counted[counted["compte"].str.startswith("70")]
    return float(((sold["credit"] - sold["debit"]) * 100).round().sum()) / 100


@dataclass(frozen=True)
class _Source:
    """A file of accounts before it is read: its nature by its header, and its text or its rows."""

    nature: str
    content: bytes = b""
    encoding: str = ""
    entete: Entete | None = None
    rows: tuple[tuple[int, list[str]], ...] = ()
    formes: Counter[str] | None = None


def _opened(path: Path, recueil: Recueil) -> _Source | None:
    """The content of a file and what it is, or None after the finding that says why it is not read."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        found, expected = f"{size // 2**20} Mo", f"au plus {LARGEST_FILE // 2**20} Mo"
        recueil.add("fichier_demesure", None, "", found, expected, _ONE_FILE)
        return None
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_WORKBOOK):
        return _opened_workbook(path, recueil)
    return _opened_text(path, recueil)


def _opened_text(path: Path, recueil: Recueil) -> _Source | None:
    """A flat text: its bytes, its encoding, its header."""
    raw = path.read_bytes()
    found, remedy = _foreign(raw)
    if found:
        expected = "un fichier de texte en UTF-8 ou en ISO-8859-15"
        recueil.add("comptes_encodage", None, "", found, expected, remedy)
        return None
    content, formes = normalised(raw)
    del raw
    if content.count(b"\n") > MOST_LINES:
        expected = f"au plus {MOST_LINES} lignes"
        recueil.add("fichier_demesure", None, "", "un fichier sans fin", expected, _ONE_FILE)
        return None
    if longest_line(content) > LONGEST_LINE:
        expected = f"des lignes d'au plus {LONGEST_LINE} octets"
        recueil.add("fichier_demesure", None, "", "une ligne sans fin", expected, _EXPORT_AGAIN)
        return None
    encoding = encoding_of(content)
    head = first_lines(content, encoding)
    entete = find_header(head, _known_fec)
    if entete is not None and not _missing(entete.cellules):
        return _Source("fec", content, encoding, entete, formes=formes)
    rows = tuple(all_cells(content[:LARGEST_BALANCE], encoding, likely_separator(head)))
    is_entries = entete is not None and _is_entries(entete.cellules)
    is_balance = not is_entries and balance.header_of(rows) is not None
    if is_balance and len(content) > LARGEST_BALANCE:
        expected = f"une balance d'au plus {LARGEST_BALANCE // 2**20} Mo"
        recueil.add("fichier_demesure", None, "", "une balance sans fin", expected, _ONE_FILE)
        return None
    return _Source(
        "fec" if is_entries else "balance" if is_balance else "", content, encoding, entete, rows, formes
    )


def _opened_workbook(path: Path, recueil: Recueil) -> _Source | None:
    """The rows of the first sheet of a workbook that holds accounts, else of its first sheet."""
    try:
        coffre = open_safely(path, is_old_read=True)
        grids = read_grids(coffre)
    except Refused as refused:
        recueil.add("comptes_classeur", None, "", refused.found, refused.expected, refused.remedy)
        return None
    sources = {
        name: tuple(
            (line, cells)
            for line, row in enumerate(grid, start=1)
            if any(cells := [text_of(value) for value in row])
        )
        for name, grid in grids.items()
    }
    natures = {name: _nature_of_rows(rows) for name, rows in sources.items()}
    name = next((name for name, nature in natures.items() if nature), next(iter(sources), ""))
    walk = coffre.sheets.get(name)
    if walk is not None and natures[name] and (walk.formulas or walk.errors):
        line = min((*walk.formulas, *walk.errors))[0]
        found = "une formule sans valeur, ou en erreur"
        remedy = "Ouvrez le classeur, laissez-le calculer, enregistrez ; ou exportez la balance de nouveau."
        recueil.add("comptes_montant", line, "", found, "un montant", remedy)
        return None
    others = [other for other, nature in natures.items() if nature and other != name]
    formes = Counter(
        {
            f"la feuille « {rank + 1} » d'un classeur qui en a plusieurs": 1
            for rank in [list(sources).index(name)]
            if others
        }
    )
    return _Source(natures.get(name, ""), rows=sources.get(name, ()), formes=formes)


def _nature_of_rows(rows: Sequence[tuple[int, list[str]]]) -> str:
    if any(_is_entries(cells) for _, cells in rows[:FIRST_LINES]):
        return "fec"
    return "balance" if balance.header_of(rows) is not None else ""


def _foreign(content: bytes) -> tuple[str, str]:
    """What a content that is not a flat text is, and what to do; two empty texts for a flat one."""
    head = content[:4096]
    if head.lstrip().startswith(b"<"):
        remedy = (
            "Cette forme est légale mais n'est pas lue ici : exportez le FEC sous sa forme de texte à plat."
        )
        return "un fichier XML", remedy
    if "journalcode" in head.decode("cp500").lower():
        remedy = "Cette forme est légale mais n'est pas lue ici : exportez le FEC en ISO-8859-15 ou en UTF-8."
        return "du texte en EBCDIC", remedy
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", ""
    if content.count(b"\0") > len(content) / 20 or len(_CONTROLS.findall(head)) > len(head) / 50:
        return "un contenu qui n'est pas du texte", _EXPORT_AGAIN
    return "", ""


def _known_fec(cells: Sequence[str]) -> int:
    return len({plain(cell) for cell in cells} & set(fec.COLUMNS))


def _is_entries(cells: Sequence[str]) -> bool:
    """Whether a header is that of entries, whole or not: a balance has no number of entry, no day, no journal."""
    names = {plain(cell) for cell in cells}
    return len(names & {"journalcode", "ecriturenum", "ecrituredate", "ecriturelib", "piecedate"}) > 1


def _named_fec(cells: Sequence[str]) -> list[str]:
    return [fec.COLUMNS.get(plain(cell), "") for cell in cells]


def _missing(cells: Sequence[str]) -> list[str]:
    """The needed columns of a FEC that a header has not, or has twice."""
    names = _named_fec(cells)
    return [name for name in (*fec.NEEDED, *fec.amounts_of(cells)) if names.count(name) != 1]


def _read(source: _Source, nature: str, recueil: Recueil, debut: date, fin: date) -> tuple[pd.DataFrame, int]:
    if nature == "balance":
        return balance.read_balance(source.rows, recueil, source.formes or Counter())
    return _read_fec(source, recueil, debut, fin)


def _read_fec(source: _Source, recueil: Recueil, debut: date, fin: date) -> tuple[pd.DataFrame, int]:
    """The table of a FEC, from its text or from the rows of a sheet."""
    entete = source.entete or _header_of_rows(source.rows)
    if entete is None or _missing(entete.cellules):
        lues = max(0, _filled(source) - 1)
        if lues:
            _tell_columns(recueil, entete, source.rows)
        return fec.empty(), lues
    names = _named_fec(entete.cellules)
    places = {name: names.index(name) for name in names if name}
    wanted = (*fec.NEEDED, *fec.amounts_of(entete.cellules))
    columns = {name: places[name] for name in wanted}
    autres = {name: places[name] for name in _AUTRES if name in places}
    is_row = fec.LigneFec(places, debut, fin).is_row
    passed = Counter({"lignes avant l'en-tête": entete.ligne - 1})
    file = (_TexteFec if source.content else _FeuilleFec)(source, entete, columns, autres, is_row)
    entries = fec.Ecritures(recueil, debut, fin, file)
    frame, lues = entries.read()
    formes = (source.formes or Counter()) + entries.formes
    if source.content and entete.separateur not in "\t|":
        formes[f"colonnes séparées par « {entete.separateur} »"] = 1
    _tell_forms(recueil, formes, passed + entries.passees)
    return frame, lues


@dataclass(frozen=True)
class _TexteFec:
    """A FEC as text."""

    source: _Source
    entete: Entete
    columns: Mapping[str, int]
    autres: Mapping[str, int]
    is_row: Callable[[Sequence[str]], bool]

    @property
    def largeur(self) -> int:
        return len(self.entete.cellules)

    def lignes(self, columns: Mapping[str, int]) -> tuple[Lignes, list[fec.Total]]:
        totals, again = list[fec.Total](), Counter[str]()
        put_aside = partial(_put_aside, totals, again)
        places = [*self.columns.values(), *columns.values()]
        reader = self._reader(list(dict.fromkeys(columns.values())), max(places), put_aside)
        lignes = reader.read()
        lignes.passees += again
        return lignes, totals

    def text(self, line: int) -> str:
        return self._reader([0], 0, lambda _line, _cells: False).text(line)

    def _reader(
        self, places: Sequence[int], last: int, is_aside: Callable[[int, Sequence[str]], bool]
    ) -> Lecteur:
        return Lecteur(
            self.source.content, self.source.encoding, self.entete, places, last, self.is_row, is_aside
        )


class _FeuilleFec(_TexteFec):
    """A FEC as the rows of a sheet."""

    def lignes(self, columns: Mapping[str, int]) -> tuple[Lignes, list[fec.Total]]:
        body = [(line, cells) for line, cells in self.source.rows if line > self.entete.ligne]
        places = list(columns.values())
        kept = [[cells[place] if place < len(cells) else "" for place in places] for _, cells in body]
        frame = pd.DataFrame(kept, index=[line for line, _ in body], columns=places, dtype=str)
        return Lignes(iter([frame])), []

    def text(self, line: int) -> str:
        return " ".join(dict(self.source.rows)[line])


def _filled(source: _Source) -> int:
    """The lines that are not blank."""
    lines = source.content.splitlines() if len(source.content) > LARGEST_BALANCE else ()
    return sum(bool(line.strip()) for line in lines) if lines else len(source.rows)


def _put_aside(totals: list[fec.Total], passed: Counter[str], line: int, cells: Sequence[str]) -> bool:
    """Take a line that is a header again, or a total, out of those that should be rows."""
    if _known_fec(cells) > 2:
        passed["en-têtes répétés"] += 1
        return True
    if fec.says_total(cells):
        totals.append((line, tuple(cells)))
        return True
    return False


def _header_of_rows(rows: Sequence[tuple[int, list[str]]]) -> Entete | None:
    best = max(rows[:FIRST_LINES], key=lambda row: _known_fec(row[1]), default=None)
    return Entete(best[0], "", tuple(best[1])) if best and _known_fec(best[1]) > 1 else None


def _tell_columns(recueil: Recueil, entete: Entete | None, rows: Sequence[tuple[int, list[str]]]) -> None:
    """Tell the columns that a FEC lacks or has twice; others are counted, their names may be anything."""
    line, cells = (entete.ligne, entete.cellules) if entete else (rows[0][0], tuple(rows[0][1]))
    names = _named_fec(cells)
    needed = (*fec.NEEDED, *fec.amounts_of(cells))
    missing = [name for name in needed if name not in names]
    doubled = [name for name in needed if names.count(name) > 1]
    read, unknown = [name for name in names if name], names.count("")
    parts = [
        f"sans {in_quotes(missing)}" if missing else "",
        f"avec deux fois {in_quotes(doubled)}" if doubled else "",
        f"avec {in_quotes(read)}" if read else "",
        f"avec {unknown} colonne{'s' if unknown > 1 else ''} d'un autre nom" if unknown else "",
    ]
    found = "un en-tête " + ", ".join(part for part in parts if part)
    remedy = "Un FEC sépare ses colonnes par une tabulation ou par « | »."
    recueil.add(
        "comptes_colonnes", line, "", found, f"une fois chacune des colonnes {in_quotes(needed)}", remedy
    )


def _tell_forms(recueil: Recueil, formes: Counter[str], passed: Counter[str]) -> None:
    """One finding for all that was read otherwise than the norm writes it, with its counts."""
    parts = [f"{count} {name}" if count > 1 else name for name, count in formes.items() if count]
    parts += [f"{name}, non lus : {count}" for name, count in passed.items() if count]
    if parts:
        recueil.add("comptes_lus", None, "", " ; ".join(parts), "la forme de la norme, lue de même")


def _empty(nature: str) -> pd.DataFrame:
    return fec.empty() if nature == "fec" else balance.empty()


def _lecture(nature: str, fichier: str, frame: pd.DataFrame, lues: int, recueil: Recueil) -> Lecture:
    return Lecture(TABLES[nature], fichier, "", frame, lues, lues - len(frame), recueil.constats())
