"""Read the accounts of an EBE: the legal export of its entries (FEC) or a trial balance, both as text.

Only codes, dates and amounts leave this module: labels, third parties and references carry names, so no
cell of theirs reaches a table, a finding or an exception.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.depot.lecture import Lecture
from analysis.depot.releve import Releve
from analysis.noyau.periods import long_date
from analysis.noyau.validation import form_of

LARGEST_FILE = 64 * 2**20
MOST_LINES = 500_000
LONGEST_LINE = 100_000
"""Bytes, lines, bytes of a line: some ten times the accounts of a large EBE; more would fill the memory."""

SHORTEST_COMPTE = 3
"""Digits: a shorter number is a total by class in a balance, not an account of the chart of accounts."""

LONGEST_COMPTE = 6
"""Digits that are kept: those after them number a third party, and may be anything, a NIR too."""

_TYPES = {
    "ecritures": {
        "journal": "str",
        "numero": "str",
        "date_ecriture": "str",
        "compte": "str",
        "debit": "float64",
        "credit": "float64",
    },
    "balances": {"compte": "str", "debit": "float64", "credit": "float64"},
}
_TABLES = {"fec": "ecritures", "balance": "balances"}

_NEEDED_FEC = ("JournalCode", "EcritureNum", "EcritureDate", "CompteNum")
_SIDES, _SIGNED = ("Debit", "Credit"), ("Montant", "Sens")
_OTHER_FEC = (
    *("JournalLib", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
    *("DateRglt", "ModeRglt", "NatOp", "IdClient"),
)
_FEC = {name.lower(): name for name in (*_NEEDED_FEC, *_SIDES, *_SIGNED, *_OTHER_FEC)}
_BALANCE = {
    "Compte": ("compte", "comptenum", "numerodecompte", "ncompte"),
    "Débit": ("debit", "totaldebit", "mouvementdebit", "debits"),
    "Crédit": ("credit", "totalcredit", "mouvementcredit", "credits"),
    "Solde débiteur": ("soldedebiteur",),
    "Solde créditeur": ("soldecrediteur",),
}
_KNOWN_BALANCE = {spelling: name for name, spellings in _BALANCE.items() for spelling in spellings}
_MOVEMENTS, _SOLDES = ("Débit", "Crédit"), ("Solde débiteur", "Solde créditeur")
_DEBIT_SENS, _CREDIT_SENS = ("D", "1", "+1", "+"), ("C", "-1", "-")

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ARCHIVES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f]")
_AMOUNT = re.compile(r"([+-]?)([0-9]{0,13})(?:[.,]([0-9]{0,2})0*)?")
_SHOWN = re.compile(r"(?!.*[0-9]{9})[0-9,.+-]{1,12}")
_DIGITS = re.compile(r"[0-9]*")
_JOURNAL = re.compile(r"[0-9A-Z]{1,10}")

_ONE_FILE = "Déposez un fichier par exercice."
_EXPORT_AGAIN = "Exportez de nouveau le fichier depuis le logiciel de comptabilité, sans le modifier."


def read_comptes(path: Path, *, nature: str, debut: date, fin: date) -> Lecture:
    """The lines of a FEC (``nature`` « fec ») or the accounts of a trial balance (« balance »).

    ``debut`` and ``fin`` are the first and last days of the exercice, both included. The frame of a FEC
    has one row per line of an entry: ``journal``, ``numero``, ``date_ecriture`` (ISO text), ``compte``,
    ``debit``, ``credit``. ``numero`` is the rank at which the entry appears, for its own number may hold
    a name. The frame of a balance has one row per line: ``compte``, ``debit``, ``credit``. Amounts are in
    euros, 0.0 where the side is blank; a negative amount (a reversed entry) stays on its side. The index
    is the line in the file, the header being line 1; blank lines are passed over.

    A line with a fault is refused. An entry whose debits and credits differ is found but not refused;
    an entry with a refused line is not judged. A file that cannot be read has an empty frame. No content
    of the file makes this raise.

    Source: livre des procédures fiscales, article A. 47 A-1.
    """
    releve = Releve(path.name)
    content = _content(path, releve)
    if content is None:
        return _lecture(nature, path.name, [], lues=0, releve=releve)
    lines = _lines(content)
    header = next(lines, (1, ""))[1]
    body = [(line, text) for line, text in lines if text.strip()]
    del content
    if not body:
        releve.add("comptes_vide", None, "", "aucune ligne", "un en-tête suivi d'au moins une ligne")
        return _lecture(nature, path.name, [], lues=0, releve=releve)
    if nature == "fec":
        rows = _fec_rows(header, body, releve, debut, fin)
    else:
        rows = _balance_rows(header, body, releve)
    return _lecture(nature, path.name, rows, lues=len(body), releve=releve)


def ventes(frame: pd.DataFrame) -> float:
    """The sales of an exercice in euros: credits less debits of the accounts that begin with 70.

    ``frame`` is that of :func:`read_comptes`. Rebates granted (709) are debits, so they are deducted;
    public funding (74) is not a sale. No account 70 gives 0.0. Source: plan comptable général, compte 70.

    >>> ventes(pd.DataFrame({"compte": ["706", "709", "741"], "debit": [0, 0.5, 0], "credit": [9.75, 0, 5]}))
    9.25
    """
    sold = frame[frame["compte"].str.startswith("70")]
    return float(((sold["credit"] - sold["debit"]) * 100).round().sum()) / 100


def _lecture(nature: str, fichier: str, rows: list[tuple], *, lues: int, releve: Releve) -> Lecture:
    """The record of the reading; the first cell of a row is its line."""
    table = _TABLES[nature]
    types = _TYPES[table]
    frame = pd.DataFrame.from_records([row[1:] for row in rows], columns=list(types)).astype(types)
    frame.index = pd.Index([row[0] for row in rows], dtype="int64")
    return Lecture(table, fichier, "", frame, lues, lues - len(rows), releve.constats())


def _content(path: Path, releve: Releve) -> bytes | None:
    """The bytes of a file of text, or None after the finding that says what it is instead."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        found, expected = f"{size // 2**20} Mo", f"au plus {LARGEST_FILE // 2**20} Mo"
        releve.add("fichier_demesure", None, "", found, expected, _ONE_FILE)
        return None
    content = path.read_bytes().removeprefix(_BOM)
    found, remedy = _foreign(content)
    if found:
        expected = "un fichier de texte en UTF-8 ou en ISO-8859-15"
        releve.add("comptes_encodage", None, "", found, expected, remedy)
        return None
    if max(content.count(b"\n"), content.count(b"\r")) > MOST_LINES:
        expected = f"au plus {MOST_LINES} lignes"
        releve.add("fichier_demesure", None, "", "un fichier sans fin", expected, _ONE_FILE)
        return None
    if max(map(len, content.splitlines()), default=0) > LONGEST_LINE:
        expected = f"des lignes d'au plus {LONGEST_LINE} octets"
        releve.add("fichier_demesure", None, "", "une ligne sans fin", expected, _EXPORT_AGAIN)
        return None
    return content


def _foreign(content: bytes) -> tuple[str, str]:
    """What a content that is not a flat text is, and what to do; two empty texts for a flat one."""
    head = content[:4096]
    if content.startswith(_ARCHIVES):
        return "un classeur ou une archive", "Enregistrez au format CSV."
    if content.startswith(_UTF_16):
        return "du texte en UTF-16", "Enregistrez en « Unicode (UTF-8) »."
    if head.lstrip().startswith(b"<"):
        remedy = (
            "Cette forme est légale mais n'est pas lue ici : exportez le FEC sous sa forme de texte à plat."
        )
        return "un fichier XML", remedy
    if "journalcode" in head.decode("cp500").lower():
        remedy = "Cette forme est légale mais n'est pas lue ici : exportez le FEC en ISO-8859-15 ou en UTF-8."
        return "du texte en EBCDIC", remedy
    if b"\0" in content or len(_CONTROLS.findall(head)) > len(head) / 50:
        return "un contenu qui n'est pas du texte", _EXPORT_AGAIN
    return "", ""


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; a line ends by LF, CR LF or CR, and by nothing else."""
    try:
        content.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = "iso-8859-15"
    for line, text in enumerate(io.TextIOWrapper(io.BytesIO(content), encoding, newline=None), start=1):
        yield line, text.rstrip("\n")


def _places(
    header: Sequence[str], known: Mapping[str, str], needed: Sequence[str], releve: Releve, remedy: str
) -> dict[str, int] | None:
    """Where each known column stands, or None after the finding of those missing or doubled."""
    names = [known.get(_plain(cell), "") for cell in header]
    missing = [name for name in needed if name not in names]
    doubled = [name for name in needed if names.count(name) > 1]
    if not missing and not doubled:
        return {name: names.index(name) for name in names if name}
    read, unknown = [name for name in names if name], names.count("")
    parts = [
        f"sans {_listed(missing)}" if missing else "",
        f"avec deux fois {_listed(doubled)}" if doubled else "",
        f"avec {_listed(read)}" if read else "",
        f"avec {unknown} colonne{'s' if unknown > 1 else ''} d'un autre nom" if unknown else "",
    ]
    found = "un en-tête " + ", ".join(part for part in parts if part)
    releve.add("comptes_colonnes", 1, "", found, f"une fois chacune des colonnes {_listed(needed)}", remedy)
    return None


def _plain(header: str) -> str:
    """A header reduced to its letters and digits, without case or accents.

    >>> _plain(" N° Compte"), _plain("Total Débit")
    ('ncompte', 'totaldebit')
    """
    letters = unicodedata.normalize("NFD", header).lower()
    return "".join(c for c in letters if c.isascii() and c.isalnum())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"« {name} »" for name in names)


def _fec_rows(
    header: str, body: Sequence[tuple[int, str]], releve: Releve, debut: date, fin: date
) -> list[tuple]:
    """The valid lines of a FEC: line, journal, number, day, account, debit, credit."""
    separator = "\t" if "\t" in header else "|"
    names = header.split(separator)
    plain = {_plain(name) for name in names}
    amounts = _SIGNED if plain & {"montant", "sens"} and not plain & {"debit", "credit"} else _SIDES
    remedy = "Un FEC sépare ses colonnes par une tabulation ou par « | »."
    places = _places(names, _FEC, (*_NEEDED_FEC, *amounts), releve, remedy)
    if places is None:
        return []
    ecritures = _Ecritures(releve, places, len(names), debut, fin)
    for line, text in body:
        ecritures.read(line, text.split(separator))
    ecritures.judge()
    names_of = _journal_names([row[1] for row in ecritures.rows])
    return [(line, names_of[journal], *rest) for line, journal, *rest in ecritures.rows]


def _journal_names(codes: Sequence[str]) -> dict[str, str]:
    """The name kept for each journal: its code, or « J1 », « J2 »… for what is not the form of a code.

    >>> _journal_names(["VE", "Caisse de Jean", "J1"])
    {'VE': 'VE', 'Caisse de Jean': 'J2', 'J1': 'J1'}
    """
    distinct = list(dict.fromkeys(codes))
    free = (name for name in (f"J{rank}" for rank in range(1, 2 * len(distinct) + 1)) if name not in distinct)
    return {code: code if _JOURNAL.fullmatch(code) else next(free) for code in distinct}


@dataclass
class _Entry:
    """One entry while it is read: its rank, its first line, its debits less credits in cents."""

    numero: str
    line: int
    gap: int = 0
    judged: bool = True


@dataclass
class _Ecritures:
    """The lines of a FEC as they are read: those that are valid, and the entries that they make."""

    releve: Releve
    places: Mapping[str, int]
    width: int
    debut: date
    fin: date
    rows: list[tuple] = field(default_factory=list)
    entries: dict[tuple[str, ...], _Entry] = field(default_factory=dict)
    days: dict[str, str | None] = field(default_factory=dict)
    lettered: int = 0

    def read(self, line: int, cells: Sequence[str]) -> None:
        """Keep a line that has no fault; tell each fault of one that has."""
        if len(cells) != self.width:
            _tell_width(self.releve, line, len(cells), self.width)
            if len(cells) > max(self.places[name] for name in ("JournalCode", "EcritureNum", "EcritureDate")):
                self._entry(line, cells).judged = False
            return
        entry = self._entry(line, cells)
        compte, lettered = _compte(cells[self.places["CompteNum"]])
        self.lettered += lettered
        if compte is None:
            _tell_compte(self.releve, line, "CompteNum", cells[self.places["CompteNum"]])
        jour = self._day(line, cells[self.places["EcritureDate"]].strip())
        amounts = self._sides(line, cells) if "Debit" in self.places else self._signed(line, cells)
        if compte is None or jour is None or amounts is None:
            entry.judged = False
            return
        debit, credit = amounts
        entry.gap += debit - credit
        journal = cells[self.places["JournalCode"]].strip().upper()
        self.rows.append((line, journal, entry.numero, jour, compte, debit / 100, credit / 100))

    def judge(self) -> None:
        """Tell the entries whose sides differ; when none does, neither does the file."""
        if self.lettered:
            _tell_lettered(self.releve, "CompteNum", self.lettered)
        for entry in self.entries.values():
            if entry.judged and entry.gap:
                _tell_gap(self.releve, entry.line, entry.gap, "autant au débit qu'au crédit de l'écriture")

    def _entry(self, line: int, cells: Sequence[str]) -> _Entry:
        """The entry of a line: by journal and number, else by day and reference, which are not kept."""
        journal, number, day = (
            cells[self.places[name]].strip() for name in ("JournalCode", "EcritureNum", "EcritureDate")
        )
        place = self.places.get("PieceRef", len(cells))
        reference = cells[place].strip() if place < len(cells) else ""
        key = (journal.upper(), *(("numero", number) if number else ("jour", day, reference)))
        entry = self.entries.get(key)
        if entry is None:
            entry = self.entries[key] = _Entry(str(len(self.entries) + 1), line)
        return entry

    def _day(self, line: int, text: str) -> str | None:
        """The day in ISO form, or None after the finding of one that is not in the exercice."""
        if text not in self.days:
            self.days[text] = _day_between(text, self.debut, self.fin)
        if self.days[text] is None:
            span = f"du {long_date(self.debut)} au {long_date(self.fin)}"
            expected = f"une date AAAAMMJJ de l'exercice, {span}"
            self.releve.add("comptes_date", line, "EcritureDate", _shown(text), expected)
        return self.days[text]

    def _sides(self, line: int, cells: Sequence[str]) -> tuple[int, int] | None:
        """Debit and credit in cents, or None after the finding."""
        texts = [cells[self.places[name]].strip() for name in _SIDES]
        if texts == ["", ""]:
            expected = "un montant au débit ou au crédit"
            self.releve.add("comptes_montant", line, "Debit", "deux cellules vides", expected)
            return None
        debit, credit = (_cents(text) for text in texts)
        for name, text, cents in zip(_SIDES, texts, (debit, credit), strict=True):
            if cents is None:
                _tell_amount(self.releve, line, name, text)
        if debit is None or credit is None:
            return None
        if debit and credit:
            expected = "un montant d'un seul côté"
            self.releve.add("comptes_montant", line, "Debit", "un montant de chaque côté", expected)
            return None
        return debit, credit

    def _signed(self, line: int, cells: Sequence[str]) -> tuple[int, int] | None:
        """Debit and credit in cents from one amount and its side, or None after the finding."""
        text, sens = (cells[self.places[name]].strip() for name in _SIGNED)
        cents = _cents(text) if text else None
        if cents is None:
            _tell_amount(self.releve, line, "Montant", text)
        if sens.upper() not in (*_DEBIT_SENS, *_CREDIT_SENS):
            expected = "« D » ou « C », ou bien « +1 » ou « -1 »"
            self.releve.add("comptes_montant", line, "Sens", _shown(sens), expected)
            return None
        if cents is None:
            return None
        return (cents, 0) if sens.upper() in _DEBIT_SENS else (0, cents)


def _balance_rows(header: str, body: Sequence[tuple[int, str]], releve: Releve) -> list[tuple]:
    """The valid rows of a trial balance: line, account, debit, credit."""
    separator = max(";\t|,", key=header.count)
    names = _cells(header, separator) or []
    known = {_KNOWN_BALANCE.get(_plain(name)) for name in names}
    amounts = _SOLDES if known.issuperset(_SOLDES) and not known.issuperset(_MOVEMENTS) else _MOVEMENTS
    remedy = "Enregistrez la balance générale en CSV, ses en-têtes en première ligne."
    places = _places(names, _KNOWN_BALANCE, ("Compte", *amounts), releve, remedy)
    if places is None:
        return []
    rows: list[tuple] = []
    lettered, gap = 0, 0
    for line, text in body:
        cells = _cells(text, separator)
        if cells is None or len(cells) != len(names):
            _tell_width(releve, line, len(cells or ()), len(names))
            continue
        compte, letters = _compte(cells[places["Compte"]])
        lettered += letters
        if compte is None:
            _tell_compte(releve, line, "Compte", cells[places["Compte"]])
            continue
        cents = {name: _cents(cells[places[name]].strip()) for name in amounts}
        for name, value in cents.items():
            if value is None:
                _tell_amount(releve, line, name, cells[places[name]].strip())
        debit, credit = cents.values()
        if debit is not None and credit is not None:
            gap += debit - credit
            rows.append((line, compte, debit / 100, credit / 100))
    if lettered:
        _tell_lettered(releve, "Compte", lettered)
    if gap and not releve.counts["comptes_ligne"] and not releve.counts["comptes_montant"]:
        _tell_gap(releve, None, gap, "autant au débit qu'au crédit de la balance")
    return rows


def _cells(text: str, separator: str) -> list[str] | None:
    """The cells of a line that may quote them, or None for one that no reader of CSV accepts."""
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return None


def _cents(text: str) -> int | None:
    """An amount in cents, 0 for a blank, None for what is not an amount in euros and cents.

    >>> _cents("-50,00"), _cents("1234.5"), _cents("100,0000"), _cents(""), _cents("1 234"), _cents("1,005")
    (-5000, 123450, 10000, 0, None, None)
    """
    if not text:
        return 0
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    sign, euros, cents = match.groups(default="")
    if not euros and not cents:
        return None
    value = int(euros or 0) * 100 + int(cents.ljust(2, "0"))
    return -value if sign == "-" else value


def _compte(text: str) -> tuple[str | None, bool]:
    """The leading digits of an account, None when too few, and whether something that is not read follows.

    >>> _compte("411DUPONT"), _compte("706000"), _compte("Total")
    (('411', True), ('706000', False), (None, False))
    """
    cell = text.strip()
    match = _DIGITS.match(cell)
    digits = match[0][:LONGEST_COMPTE] if match else ""
    return (digits, not cell.isdecimal()) if len(digits) >= SHORTEST_COMPTE else (None, False)


def _day_between(text: str, debut: date, fin: date) -> str | None:
    """An AAAAMMJJ day of the exercice in ISO form, else None."""
    if re.fullmatch(r"[0-9]{8}", text) is None:
        return None
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return day.isoformat() if debut <= day <= fin else None


def _shown(text: str) -> str:
    """A date, an amount or an account as a finding may tell it: itself if it can identify no one.

    >>> _shown("20221301"), _shown("0612345678"), _shown("DUPONT"), _shown(" ")
    ('« 20221301 »', 'un nombre', '6 caractères, sans chiffre', 'une cellule vide')
    """
    cell = text.strip()
    if not cell:
        return "une cellule vide"
    return f"« {cell} »" if _SHOWN.fullmatch(cell) else form_of(cell)


def _tell_width(releve: Releve, line: int, found: int, expected: int) -> None:
    cells = f"{found} cellule{'s' if found > 1 else ''}" if found else "une cellule démesurée"
    remedy = "Un libellé contient peut-être le séparateur des colonnes : ôtez-le dans le logiciel."
    releve.add("comptes_ligne", line, "", cells, f"{expected} cellules comme l'en-tête", remedy)


def _tell_amount(releve: Releve, line: int, entete: str, text: str) -> None:
    expected = "un montant en euros et centimes comme « 1234,56 », sans espace"
    releve.add("comptes_montant", line, entete, _shown(text), expected)


def _tell_compte(releve: Releve, line: int, entete: str, text: str) -> None:
    expected = f"un numéro de compte qui commence par {SHORTEST_COMPTE} chiffres au moins"
    remedy = "Une ligne de total n'est pas lue." if entete == "Compte" else ""
    releve.add("comptes_compte", line, entete, _shown(text), expected, remedy)


def _tell_lettered(releve: Releve, entete: str, count: int) -> None:
    found = f"{count} ligne{'s' if count > 1 else ''} où autre chose suit les chiffres du compte"
    releve.add("comptes_compte_lettres", None, entete, found, "des chiffres, seuls lus")


def _tell_gap(releve: Releve, line: int | None, cents: int, expected: str) -> None:
    euros = f"{abs(cents) // 100},{abs(cents) % 100:02d} €"
    releve.add("comptes_desequilibre", line, "", f"un écart de {euros}", expected)
