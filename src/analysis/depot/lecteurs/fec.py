"""The legal export of the entries of an exercice (FEC): columns of text made entries that balance.

Form: livre des procédures fiscales, article A. 47 A-1. What programs write instead of it is read where it has
one meaning. Columns are looked at by their distinct values, lines one by one only where they are at fault.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from analysis.depot.formes.montants import NORME, Jour, Montants, jour, montant, montants, signe_decimal
from analysis.depot.formes.recueil import Recueil, gap, lettered, shown
from analysis.depot.formes.texte_plat import Lignes, plain
from analysis.noyau.periods import long_date
from analysis.noyau.plan_comptable import ROUNDING

NEEDED: Final = ("JournalCode", "EcritureNum", "EcritureDate", "CompteNum")
SIDES: Final = ("Debit", "Credit")
SIGNED: Final = ("Montant", "Sens")
_GUARDS: Final = ("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise")
_OTHER: Final = (
    *("JournalLib", "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib"),
    *("DateRglt", "ModeRglt", "NatOp", "IdClient"),
)
COLUMNS: Final = {name.lower(): name for name in (*NEEDED, *SIDES, *SIGNED, *_GUARDS, *_OTHER)}
"""The columns of the norm by their plain name."""

TYPES: Final = {
    "journal": "str",
    "numero": "str",
    "date_ecriture": "str",
    "compte": "str",
    "debit": "float64",
    "credit": "float64",
}

SHORTEST_COMPTE = 3
"""Digits of an account in entries, at least: two of them are a heading of the chart of accounts."""

LONGEST_COMPTE = 6
"""Digits that are kept: those after them number a third party, and may be anything, a NIR too."""

_DEBIT_SENS, _CREDIT_SENS = ("D", "1", "+1", "+"), ("C", "-1", "-")
_JOURNAL = re.compile(r"[0-9A-Z]{1,10}")
_DIGITS = re.compile(r"[0-9]*")
_SPACED = re.compile(r"[0-9][0-9\s.]*")
_NUMBERS: Final = (*SIDES, "Montant")


def amounts_of(names: Iterable[str]) -> tuple[str, str]:
    """The two columns that hold the amount: debit and credit, or amount and side."""
    known = {plain(name) for name in names}
    return SIGNED if known & {"montant", "sens"} and not known & {"debit", "credit"} else SIDES


def journal_names(codes: Sequence[str]) -> dict[str, str]:
    """The name kept for each journal: its code, or « J1 », « J2 »… for what is not the form of a code.

    >>> journal_names(["VE", "Caisse de Jean", "J1"])
    {'VE': 'VE', 'Caisse de Jean': 'J2', 'J1': 'J1'}
    """
    distinct = list(dict.fromkeys(codes))
    free = (name for name in (f"J{rank}" for rank in range(1, 2 * len(distinct) + 1)) if name not in distinct)
    return {code: code if _JOURNAL.fullmatch(code) else next(free) for code in distinct}


def compte(text: str) -> tuple[str, bool]:
    """The leading digits of an account, without a limit, and whether something that is not read follows.

    >>> compte("411DUPONT"), compte("706 000"), compte("Total")
    (('411', True), ('706000', False), ('', False))
    """
    cell = text.strip()
    if _SPACED.fullmatch(cell):
        return re.sub(r"[\s.]", "", cell), False
    match = _DIGITS.match(cell)
    digits = match[0] if match else ""
    return digits, bool(digits) and digits != cell


def bare(cell: str) -> str:
    """A cell without the blanks and the quotes around it."""
    text = cell.strip()
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        return text[1:-1].replace('""', '"').strip()
    return text


class LigneFec:
    """Whether the cells of one line make a row: what the few lines out of the ordinary are asked."""

    def __init__(self, places: Mapping[str, int], debut: date, fin: date) -> None:
        self._places, self._debut, self._fin = places, debut, fin

    def is_row(self, found: Sequence[str]) -> bool:
        """A day, an account and amounts stand where they should, and nothing is shifted after them."""
        if len(found) <= max(self._places[name] for name in (*NEEDED, *self._amounts)):
            return False
        if jour(self._cell(found, "EcritureDate"), self._debut, self._fin) is None:
            return False
        if not compte(self._cell(found, "CompteNum"))[0]:
            return False
        first, second = (self._cell(found, name) for name in self._amounts)
        if not (first or second) or montant(first) is None:
            return False
        sides = (*_DEBIT_SENS, *_CREDIT_SENS)
        if "Sens" in self._places:
            return second.upper() in sides and self._is_aligned(found)
        return montant(second) is not None and self._is_aligned(found)

    @property
    def _amounts(self) -> tuple[str, str]:
        return SIDES if "Debit" in self._places else SIGNED

    def _cell(self, found: Sequence[str], name: str) -> str:
        place = self._places.get(name, len(found))
        return bare(found[place]) if place < len(found) else ""

    def _is_aligned(self, found: Sequence[str]) -> bool:
        """The columns after the amounts are not those of their neighbours, as after a separator in a label."""
        lettering, lettered_on, valid, *later = (self._cell(found, name) for name in _GUARDS)
        days = [jour(cell, self._debut, self._fin) for cell in later]
        if lettered_on and not lettering:
            return False
        return not any(days) if not valid else jour(valid, self._debut, self._fin) is not None


class Source(Protocol):
    """The file of a FEC: its columns by name and place, those that are read only when they are needed, its width."""

    @property
    def columns(self) -> Mapping[str, int]: ...

    @property
    def autres(self) -> Mapping[str, int]: ...

    @property
    def largeur(self) -> int: ...

    def lignes(self, columns: Mapping[str, int]) -> tuple[Lignes, list[Total]]:
        """The lines under the header by these columns, and those that say that they are a total."""

    def text(self, line: int) -> str:
        """A line whole: the few that hold no entry are asked what they are."""


class _Column:
    """A column as the codes of its distinct texts, the blanks and the quotes around them put away."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.is_quoted = False
        self._codes: list[np.ndarray] = []
        self._known: dict[str, int] = {}

    def add(self, values: pd.Series) -> None:
        codes, uniques = pd.factorize(values.to_numpy(dtype=object))
        here = np.empty(len(uniques), dtype=np.int32)
        texts, known = self.texts, self._known
        for rank, raw in enumerate(uniques.tolist()):
            text = bare(raw)
            code = known.setdefault(text, len(texts))
            if code == len(texts):
                texts.append(text)
                self.is_quoted = self.is_quoted or raw.startswith('"')
            here[rank] = code
        self._codes.append(here[codes])

    def close(self, kept: np.ndarray | None = None) -> None:
        """Keep the codes of these rows, of all of them by default."""
        codes = np.concatenate(self._codes) if self._codes else np.empty(0, np.int32)
        self._codes = [codes if kept is None else codes[kept]]

    @property
    def codes(self) -> np.ndarray:
        return self._codes[0]

    def mapped(self, value: Callable[[str], Any], dtype: Any) -> np.ndarray:
        """The value of each row, asked once for each distinct text."""
        return np.array([value(text) for text in self.texts], dtype=dtype)[self.codes]

    def text(self, row: int) -> str:
        return self.texts[self.codes[row]]


class _Amounts:
    """A column of amounts: cents of the ordinary ones at once, the texts of the others by row."""

    def __init__(self) -> None:
        self._read: list[Montants] = []
        self._others: list[np.ndarray] = []
        self.cents, self.is_blank = np.empty(0, np.int64), np.empty(0, bool)
        self.others: dict[int, str] = {}
        self.signes = ""

    def add(self, values: pd.Series) -> None:
        texts = values.to_numpy(dtype=object)
        read = montants(texts)
        self._read.append(read)
        self._others.append(texts[read.autres])
        self.signes += read.signes

    def close(self) -> None:
        """Put the blocks end to end; a cell of quotes or blanks alone is blank."""
        if not self._read:
            return
        self.cents = np.concatenate([read.cents for read in self._read])
        self.is_blank = np.concatenate([read.vides for read in self._read])
        rows = np.flatnonzero(np.concatenate([read.autres for read in self._read]))
        texts = [bare(text) for text in np.concatenate(self._others).tolist()]
        self.is_blank[rows] = [not text for text in texts]
        self.others = {int(row): text for row, text in zip(rows, texts, strict=True) if text}
        self._read, self._others = [], []

    def keep(self, kept: np.ndarray) -> None:
        """Keep these rows."""
        place = np.cumsum(kept) - 1
        self.cents, self.is_blank = self.cents[kept], self.is_blank[kept]
        self.others = {int(place[row]): text for row, text in self.others.items() if kept[row]}

    def text(self, row: int) -> str:
        """A cell as a person would type it."""
        return self.others.get(row, "" if self.is_blank[row] else f"{self.cents[row] / 100:.2f}")


Total = tuple[int, tuple[str, ...]]
"""A line that says that it is a total, and its cells."""

Fault = tuple[int, int, tuple[str, str, str, str, str]]
"""A line, the rank of a column, then rule, header, what was found, what was expected, what to do."""


class Ecritures:
    """The entries of a FEC, column by column; findings go to the record of the file.

    The reference and the day of the piece are read when the number or the day of an entry do not do.
    """

    def __init__(self, recueil: Recueil, debut: date, fin: date, source: Source) -> None:
        self._recueil, self._debut, self._fin, self._source = recueil, debut, fin, source
        self._lines = np.empty(0, np.int64)
        self._columns: dict[str, _Column] = {}
        self._amounts: dict[str, _Amounts] = {}
        self._faults: list[Fault] = []
        self.formes: Counter[str] = Counter()
        self.passees: Counter[str] = Counter()

    def read(self) -> tuple[pd.DataFrame, int]:
        """The table of the entries, whole or without a row, and how many lines it was read from."""
        lignes, totals = self._source.lignes(self._source.columns)
        self._gather(lignes)
        totals = [*totals, *self._pass_over()]
        for line, count in lignes.fautes:
            self._fault(line, -1, "comptes_ligne", "", *told_width(count, self._source.largeur))
        read = len(self._lines) + len(lignes.fautes)
        comptes, days = self._comptes(), self._days()
        debit, credit = self._sides() if "Debit" in self._amounts else self._signed()
        self.passees += lignes.passees
        self.formes += lignes.formes
        for line, _, fault in sorted(self._faults, key=lambda fault: fault[:2]):
            rule, *told = fault
            self._recueil.add(rule, line, *told)
        if self._faults:
            return empty(), read
        self._check_totals(totals, debit, credit)
        numeros = self._numeros(debit - credit)
        return self._table(numeros, days, comptes, debit, credit), read

    def _gather(self, lignes: Lignes) -> None:
        """The columns of all the blocks, each block given up once it is read."""
        lines = []
        names = self._source.columns
        self._amounts = {name: _Amounts() for name in names if name in _NUMBERS}
        self._columns = {name: _Column() for name in names if name not in _NUMBERS}
        for block in lignes.blocs:
            lines.append(block.index.to_numpy())
            for name, place in names.items():
                (self._amounts.get(name) or self._columns[name]).add(block[place])
        self._lines = np.concatenate(lines) if lines else np.empty(0, np.int64)
        for column in self._columns.values():
            column.close()
        for amounts in self._amounts.values():
            amounts.close()
        if any(column.is_quoted for column in self._columns.values()):
            self.formes["cellules entre guillemets"] = 1

    def _pass_over(self) -> list[Total]:
        """Put aside the rows that hold no line of an entry: blank ones, headers; gives those of a total."""
        compte_of, day = self._columns["CompteNum"], self._columns["EcritureDate"]
        is_number = compte_of.mapped(lambda text: bool(compte(text)[0]), bool)
        is_header = compte_of.mapped(lambda text: plain(text) == "comptenum", bool)
        blanks = [column.mapped(lambda text: not text, bool) for column in self._columns.values()]
        is_blank = np.logical_and.reduce([*blanks, *(amount.is_blank for amount in self._amounts.values())])
        is_total = np.zeros(len(self._lines), dtype=bool)
        for row in np.flatnonzero(~is_number & day.mapped(lambda text: not text, bool) & ~is_blank):
            is_total[row] = says_total([self._source.text(int(self._lines[row]))])
        totals = [
            (int(self._lines[row]), tuple(amount.text(row) for amount in self._amounts.values()))
            for row in np.flatnonzero(is_total)
        ]
        self.passees["lignes vides"] += int(is_blank.sum())
        self.passees["en-têtes répétés"] += int(is_header.sum())
        kept = ~(is_blank | is_header | is_total)
        if not kept.all():
            self._lines = self._lines[kept]
            for column in self._columns.values():
                column.close(kept)
            for amount in self._amounts.values():
                amount.keep(kept)
        return totals

    def _more(self, name: str) -> _Column | None:
        """A column that is read only now, for the same lines; None where the file has not got it."""
        if name not in self._source.autres:
            return None
        lignes, _ = self._source.lignes({name: self._source.autres[name]})
        column, lines = _Column(), []
        for block in lignes.blocs:
            lines.append(block.index.to_numpy())
            column.add(block[self._source.autres[name]])
        column.close()
        column.close(np.isin(np.concatenate(lines), self._lines))
        return column

    def _fault(self, line: int, rank: int, *told: str) -> None:
        rule, entete, found, expected, remedy = (*told, "", "")[:5]
        self._faults.append((line, rank, (rule, entete, found, expected, remedy)))

    def _comptes(self) -> np.ndarray:
        """The account of each line; a fault for each that has no digits enough."""
        column = self._columns["CompteNum"]
        read = {text: compte(text) for text in column.texts}
        found = column.mapped(lambda text: read[text][0][:LONGEST_COMPTE], object)
        short = column.mapped(lambda text: len(read[text][0]) < SHORTEST_COMPTE, bool)
        expected = f"un numéro de compte qui commence par {SHORTEST_COMPTE} chiffres au moins"
        for row in np.flatnonzero(short):
            self._fault(
                int(self._lines[row]), 0, "comptes_compte", "CompteNum", shown(column.text(row)), expected
            )
        told = int((column.mapped(lambda text: read[text][1], bool) & ~short).sum())
        if told:
            lettered(self._recueil, "CompteNum", told)
        return found

    def _days(self) -> np.ndarray:
        """The day of each line in ISO form; a fault for each that is not of the exercice."""
        column = self._columns["EcritureDate"]
        days = self._read_days(column)
        is_in = column.mapped(lambda text: self._is_within(days[text]), bool)
        found = column.mapped(lambda text: _iso(days[text]), object)
        if not is_in.all():
            found, is_in = self._by_piece(found, is_in, days)
        self._tell_days(column, days, np.flatnonzero(~is_in))
        for forme in {read.forme for read in days.values() if read and read.forme != NORME}:
            self.formes[f"dates {forme}"] = 1
        return found

    def _read_days(self, column: _Column) -> dict[str, Jour | None]:
        return {text: jour(text, self._debut, self._fin) for text in column.texts}

    def _is_within(self, read: Jour | None) -> bool:
        return read is not None and self._debut <= read.jour <= self._fin

    def _by_piece(
        self, found: np.ndarray, is_in: np.ndarray, days: Mapping[str, Jour | None]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The days of the pieces, where those of the entries are of a transfer after the closing.

        Only when every line out of the exercice is after it, with all of its entry, and every piece of the
        file is in it.
        """
        late = self._columns["EcritureDate"].mapped(
            lambda text: (read := days[text]) is not None and read.jour > self._fin, bool
        )
        entry = self._columns["EcritureNum"].codes.astype(np.int64) * len(self._columns["JournalCode"].texts)
        entry = pd.factorize(entry + self._columns["JournalCode"].codes)[0]
        of_entry = _sums(entry, late.astype(np.int64))
        is_cut = (of_entry > 0) & (of_entry < np.bincount(entry))
        pieces = self._more("PieceDate") if (is_in | late).all() and not is_cut.any() else None
        if pieces is None:
            return found, is_in
        read = self._read_days(pieces)
        if not pieces.mapped(lambda text: self._is_within(read[text]), bool).all():
            return found, is_in
        count = int(late.sum())
        self._recueil.add(
            "comptes_date_piece",
            None,
            "EcritureDate",
            f"{count} ligne{'s' if count > 1 else ''} d'une date postérieure à la clôture, de pièces de l'exercice",
            "la date de l'écriture ; celle de la pièce est retenue",
            "Si le logiciel propose deux formats de FEC, choisissez celui où EcritureDate est la date de l'écriture.",
        )
        return np.where(late, pieces.mapped(lambda text: _iso(read[text]), object), found), is_in | late

    def _tell_days(self, column: _Column, days: Mapping[str, Jour | None], rows: np.ndarray) -> None:
        """One finding for a file of another exercice, else one for each line at fault."""
        span = f"du {long_date(self._debut)} au {long_date(self._fin)}"
        expected = f"une date AAAAMMJJ de l'exercice, {span}"
        known = [read.jour for read in days.values() if read is not None]
        if len(rows) > 1 and len(rows) == len(self._lines) and len(known) == len(days):
            found = (
                f"toutes les dates hors de l'exercice, du {long_date(min(known))} au {long_date(max(known))}"
            )
            remedy = "Le fichier est peut-être celui d'un autre exercice : vérifiez la feuille « Exercices »."
            self._fault(int(self._lines[0]), 1, "comptes_date", "EcritureDate", found, expected, remedy)
            return
        for row in rows:
            text = column.text(row)
            self._fault(int(self._lines[row]), 1, "comptes_date", "EcritureDate", shown(text), expected)

    def _read_amounts(self) -> Iterator[np.ndarray]:
        """The cents of each line by column, 0 after the fault of one that is not an amount."""
        columns = self._amounts
        others = [text for column in columns.values() for text in column.others.values()]
        decimale = signe_decimal(others, "".join(column.signes for column in columns.values()))
        for name, column in columns.items():
            read = {text: montant(text, decimale) for text in set(column.others.values())}
            for row, text in column.others.items():
                found = read[text]
                if found is None:
                    self._fault(int(self._lines[row]), 2, "comptes_montant", name, *told_amount(text))
                else:
                    column.cents[row] = found.cents
                    if found.forme != NORME:
                        self.formes[found.forme] += 1
            yield column.cents

    def _sides(self) -> tuple[np.ndarray, np.ndarray]:
        """Debit and credit in cents; a fault for a line with two amounts, or none."""
        debit, credit = self._read_amounts()
        blank = [self._amounts[name].is_blank for name in SIDES]
        for row in np.flatnonzero(blank[0] & blank[1]):
            told = ("deux cellules vides", "un montant au débit ou au crédit")
            self._fault(int(self._lines[row]), 2, "comptes_montant", "Debit", *told)
        for row in np.flatnonzero((debit != 0) & (credit != 0)):
            told = ("un montant de chaque côté", "un montant d'un seul côté")
            self._fault(int(self._lines[row]), 2, "comptes_montant", "Debit", *told)
        return debit, credit

    def _signed(self) -> tuple[np.ndarray, np.ndarray]:
        """Debit and credit in cents from one amount and its side; a fault for each that is not told."""
        (cents,) = self._read_amounts()
        side = self._columns["Sens"]
        for row in np.flatnonzero(self._amounts["Montant"].is_blank):
            self._fault(int(self._lines[row]), 2, "comptes_montant", "Montant", *told_amount(""))
        is_debit = side.mapped(lambda text: text.upper() in _DEBIT_SENS, bool)
        is_side = side.mapped(lambda text: text.upper() in (*_DEBIT_SENS, *_CREDIT_SENS), bool)
        for row in np.flatnonzero(~is_side):
            told = (shown(side.text(row)), "« D » ou « C », ou bien « +1 » ou « -1 »")
            self._fault(int(self._lines[row]), 2, "comptes_montant", "Sens", *told)
        return np.where(is_debit, cents, 0), np.where(is_debit, 0, cents)

    def _check_totals(self, totals: Sequence[Total], debit: np.ndarray, credit: np.ndarray) -> None:
        """Pass over the totals; one that is not the sum of the lines above is asked: lines may be missing."""
        since = 0
        for line, found in sorted(totals):
            above = self._lines < line
            after = above & (self._lines > since)
            sums = {int(side[rows].sum()) for side in (debit, credit) for rows in (above, after)}
            amounts = {m.cents for cell in found if (m := montant(cell, ",")) is not None and m.cents}
            self.passees["lignes de total"] += 1
            if not amounts <= sums:
                tell_total(self._recueil, line, "des lignes")
            since = line

    def _numeros(self, gaps: np.ndarray) -> np.ndarray:
        """The rank of the entry of each line; tells the entries whose sides differ.

        An entry is a number of a journal, else a day and a reference of it. Where these do not balance and the
        same lines do under their number alone, or by journal and day, the numbers do not group: it is asked.
        """
        journal = self._columns["JournalCode"].mapped(str.upper, object)
        journal = pd.factorize(journal)[0].astype(np.int64)
        number, day = self._columns["EcritureNum"], self._columns["EcritureDate"]
        has_number = number.mapped(bool, bool)
        reference = None if has_number.all() else self._more("PieceRef")
        of_day = journal * len(day.texts) + day.codes
        of_piece = of_day * (len(reference.texts) + 1) + reference.codes if reference else of_day
        of_number = journal * len(number.texts) + number.codes
        groups = pd.factorize(np.where(has_number, of_number, -1 - of_piece))[0]
        wrong = _sums(groups, gaps)[groups] != 0
        if not wrong.any():
            return groups
        for name, regrouped in (("le numéro seul", number.codes), ("le journal et la date", of_day)):
            if name == "le numéro seul" and not has_number[wrong].all():
                continue
            again = pd.factorize(regrouped[wrong])[0]
            if not _sums(again, gaps[wrong]).any():
                self._tell_regrouped(int(wrong.sum()), name)
                groups[wrong] = again + groups.max() + 1
                return pd.factorize(groups)[0]
        self._tell_gaps(groups, gaps)
        return groups

    def _tell_regrouped(self, count: int, name: str) -> None:
        found = f"{count} lignes dont le numéro d'écriture ne réunit pas les débits et les crédits"
        expected = "un même numéro pour les lignes d'une écriture"
        remedy = f"Elles s'équilibrent par {name} et sont gardées ainsi : confirmez que rien n'y manque."
        self._recueil.add("comptes_numeros", None, "EcritureNum", found, expected, remedy)

    def _tell_gaps(self, groups: np.ndarray, gaps: np.ndarray) -> None:
        """The entries whose sides differ: by a cent they are asked, by more they are at fault."""
        sums = _sums(groups, gaps)
        ranks = np.flatnonzero(sums)
        first = self._lines[np.unique(groups, return_index=True)[1]]
        if (np.abs(sums) <= 1).all() and len(ranks) <= ROUNDING:
            found = f"{len(ranks)} écriture{'s' if len(ranks) > 1 else ''} qui ne s'équilibre{'nt' if len(ranks) > 1 else ''} pas, d'un centime"
            remedy = "Un arrondi du logiciel : les lignes sont gardées, confirmez-le."
            expected = "autant au débit qu'au crédit de l'écriture"
            self._recueil.add("comptes_centime", int(first[ranks[0]]), "", found, expected, remedy)
            return
        for rank in ranks[np.argsort(first[ranks], kind="stable")]:
            gap(
                self._recueil, int(first[rank]), int(sums[rank]), "autant au débit qu'au crédit de l'écriture"
            )

    def _table(
        self,
        numeros: np.ndarray,
        days: np.ndarray,
        comptes: np.ndarray,
        debit: np.ndarray,
        credit: np.ndarray,
    ) -> pd.DataFrame:
        column = self._columns["JournalCode"]
        names = journal_names(list(dict.fromkeys(text.upper() for text in column.texts)))
        ranks = np.array([str(rank + 1) for rank in range(int(numeros.max(initial=-1)) + 1)], dtype=object)
        table = {
            "journal": column.mapped(lambda text: names[text.upper()], object),
            "numero": ranks[numeros] if len(ranks) else ranks,
            "date_ecriture": days,
            "compte": comptes,
            "debit": debit / 100,
            "credit": credit / 100,
        }
        return pd.DataFrame(table, index=pd.Index(self._lines, dtype="int64")).astype(TYPES)


def empty() -> pd.DataFrame:
    """The table of a FEC of which nothing is kept."""
    return pd.DataFrame({name: [] for name in TYPES}, index=pd.Index([], dtype="int64")).astype(TYPES)


def _iso(read: Jour | None) -> str:
    return "" if read is None else read.jour.isoformat()


def _sums(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The sum of the values of each group, exact."""
    sums = np.zeros(int(groups.max(initial=-1)) + 1, dtype=np.int64)
    np.add.at(sums, groups, values)
    return sums


def says_total(cells: Iterable[str]) -> bool:
    """Whether a cell says that its line is a total.

    >>> says_total(["", "Total général"]), says_total(["Sous-total 706"]), says_total(["706000", "Ventes"])
    (True, True, False)
    """
    return any("total" in plain(cell) for cell in cells)


def tell_total(recueil: Recueil, line: int, what: str) -> None:
    """Ask about a total that is not the sum of what precedes it."""
    remedy = f"Confirmez qu'il ne manque pas {what} au fichier, ou exportez-le de nouveau."
    found, expected = f"un total qui n'est pas celui {what}", "la somme de ce qui précède"
    recueil.add("comptes_total", line, "", found, expected, remedy)


def told_width(found: int, expected: int) -> tuple[str, str, str]:
    """The words of a line that has not the cells of the header."""
    cells = f"{found} cellule{'s' if found > 1 else ''}"
    remedy = "Un libellé contient peut-être le séparateur des colonnes : ôtez-le dans le logiciel."
    return cells, f"{expected} cellules comme l'en-tête", remedy


def told_amount(text: str) -> tuple[str, str]:
    """The words of an amount that cannot be read, or that has two meanings."""
    return shown(text), "un montant en euros et centimes comme « 1234,56 »"
