"""A trial balance of an exercice, as programs and people lay one out: columns by what their header means.

A balance has no norm. Its amounts stand in blocks (opening, movements, totals, closing), of two columns or of
one that is signed; rows of subtotal and of total stand among its accounts. What its rows say together decides:
a block that the others contradict is never used in silence, a total that is not that of its rows is a fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from analysis.depot.formes.montants import NORME, montant, signe_decimal
from analysis.depot.formes.recueil import Recueil, gap, lettered, shown
from analysis.depot.formes.texte_plat import FIRST_LINES, plain
from analysis.depot.lecteurs.fec import (
    LONGEST_COMPTE,
    compte,
    says_total,
    tell_total,
    told_amount,
    told_width,
)
from analysis.noyau.french import in_quotes

Bloc = Literal["ouverture", "mouvement", "total", "solde"]
Pair = tuple[int, int]
Row = tuple[int, list[str]]
Way = Callable[[Mapping[Bloc, Pair]], Pair]
"""How debit and credit of the whole exercice come from the blocks of a row."""

TYPES: Final = {"compte": "str", "debit": "float64", "credit": "float64"}
SHORTEST_COMPTE: Final = 2
"""Digits of an account in a balance, at least: small charts of accounts have 64 and 70."""

_BARE: Final[Mapping[int, tuple[Bloc, ...]]] = {
    1: ("mouvement",),
    2: ("mouvement", "solde"),
    3: ("ouverture", "mouvement", "solde"),
    4: ("ouverture", "mouvement", "total", "solde"),
}
"""What pairs that no word names are, by their number: the order in which every program prints them."""

_EARLIER = ("n1", "precedent", "anneeanterieure", "exerciceanterieur")
_OPENING = ("nouveau", "ouverture", "report", "initial", "debutde", "anterieur")
_SIGNED = ("solde",)
"""The words over one column whose sign is its side."""

_CLOSING = (*_SIGNED, "final", "cloture", "findeperiode")
_MOVEMENT = ("mouvement", "mvt", "mvmt", "periode")
_TOTAL = ("total", "cumul")
_ACCOUNT_WORDS = frozenset("n no num numero code compte comptes cpt cpte".split())
_WITH_ACCOUNT = _ACCOUNT_WORDS | frozenset("de du des general generaux pcg comptable".split())
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_SENS = re.compile(r"(.*[0-9])\s*([DC])[br]?\.?", re.IGNORECASE)
_HAS_DIGIT = re.compile(r"[0-9]")
_PREFIX = re.compile(r"[0-9]+")
_SHARE = 0.25
_SAMPLE = 200


@dataclass(frozen=True)
class Colonnes:
    """Where the account, its label, and the amounts of each block stand; a block of one column is signed.

    ``nommes`` are the blocks that a word names: a bare « Débit » may be of any. ``sens`` is a column of D and C.
    """

    ligne: int
    cellules: tuple[str, ...]
    compte: int
    blocs: Mapping[Bloc, tuple[int, ...]]
    nommes: frozenset[Bloc]
    sens: int | None

    @property
    def largeur(self) -> int:
        return len(self.cellules)

    @property
    def places(self) -> list[int]:
        return [place for places in self.blocs.values() for place in places]


@dataclass(frozen=True)
class Ligne:
    """A row that holds amounts: its line, its account (digits, and whether a text follows), its words, its
    debit and credit in cents by block."""

    ligne: int
    numero: str
    suite: bool
    texte: str
    blocs: Mapping[Bloc, Pair]


def empty() -> pd.DataFrame:
    """The table of a balance of which nothing is kept."""
    return pd.DataFrame({name: [] for name in TYPES}, index=pd.Index([], dtype="int64")).astype(TYPES)


# --- the header


def header_of(rows: Sequence[Row]) -> Colonnes | None:
    """The columns of a balance, from the first row that has an account and amounts; None when none has.

    >>> rows = [(1, ["Balance générale"]), (3, ["N° de compte", "Intitulé", "Solde débiteur", "Solde créditeur"]),
    ...         (4, ["706000", "Ventes", "", "9,50"])]
    >>> found = header_of(rows)
    >>> found.ligne, found.compte, dict(found.blocs)
    (3, 0, {'solde': (2, 3)})
    """
    for rank, (line, cells) in enumerate(rows[:FIRST_LINES]):
        found = _columns(line, cells, rows[rank - 1][1] if rank else [], rows[rank + 1 :])
        if found is not None:
            return found
    return None


def _words(header: str) -> list[str]:
    """The words of a header, without accents, those that capitals alone cut too.

    >>> _words("Balance.SldCptNSoldeD"), _words("N° de compte")
    (['balance', 'sld', 'cpt', 'n', 'solde', 'd'], ['n', 'de', 'compte'])
    """
    letters = "".join(c for c in unicodedata.normalize("NFD", header) if not unicodedata.combining(c))
    return [word.lower() for word in _WORDS.findall(letters)]


def _side(header: str) -> str:
    """« debit », « credit », « signe » for a balance on one column, empty for no column of amounts."""
    name, words = plain(header), _words(header)
    last = words[-1] if len(words) > 1 else ""
    debit = "debit" in name or last in ("d", "deb", "db")
    credit = "credit" in name or last in ("c", "cred", "cr")
    if debit != credit:
        return "debit" if debit else "credit"
    return "signe" if any(word in name for word in _SIGNED) and not debit else ""


def _bloc(header: str) -> Bloc | None:
    """The block that a header names, None when it names none."""
    name, words = plain(header), _words(header)
    if any(word in name for word in _OPENING) or {"an", "ran"} & set(words):
        return "ouverture"
    if any(word in name for word in _CLOSING):
        return "solde"
    if any(word in name for word in _MOVEMENT):
        return "mouvement"
    return "total" if any(word in name for word in _TOTAL) else None


def _columns(line: int, cells: Sequence[str], above: Sequence[str], body: Sequence[Row]) -> Colonnes | None:
    """The columns that a header names, with the titles of the row above where blocks are titled there."""
    sides = [_side(cell) for cell in cells]
    if not any(sides):
        return None
    titles = _titles(above, len(cells))
    amounts: dict[Bloc, dict[str, int]] = {}
    bare: list[tuple[str, int]] = []
    for place, side in enumerate(sides):
        full = f"{titles[place]} {cells[place]}"
        if not side or any(word in plain(full) for word in _EARLIER):
            continue
        bloc = _bloc(cells[place]) or _bloc(titles[place])
        if bloc is None:
            bare.append((side, place))
        elif amounts.setdefault(bloc, {}).setdefault(side, place) != place:
            return None
    nommes = frozenset(amounts)
    if not _set_bare(amounts, bare):
        return None
    blocs = {bloc: found for bloc, of in amounts.items() if (found := _pair(of))}
    account = _account(cells, above, body, {place for places in blocs.values() for place in places})
    if account is None or not set(blocs) - {"ouverture"}:
        return None
    sens = next((place for place, cell in enumerate(cells) if plain(cell) in ("sens", "dc")), None)
    return Colonnes(line, tuple(cells), account, blocs, nommes & set(blocs), sens)


def _titles(above: Sequence[str], width: int) -> list[str]:
    """The title over each column: that of a block stands over its first column alone."""
    if sum(bool(cell.strip()) for cell in above) < 2:
        return [""] * width
    titles, last = [], ""
    for place in range(width):
        last = above[place].strip() or last if place < len(above) else last
        titles.append(last)
    return titles


def _set_bare(amounts: dict[Bloc, dict[str, int]], bare: Sequence[tuple[str, int]]) -> bool:
    """Give the pairs that no word names their block; false when they are not pairs."""
    debits, credits = ([place for side, place in bare if side == kind] for kind in ("debit", "credit"))
    if len(debits) != len(credits) or len(debits) > max(_BARE):
        return False
    if not debits:
        return True
    names = [bloc for bloc in _BARE[len(debits)] if bloc not in amounts]
    if len(names) < len(debits):
        names = [bloc for bloc in ("mouvement", "total") if bloc not in amounts]
    if len(names) < len(debits):
        return False
    for bloc, debit, credit in zip(names, debits, credits, strict=False):
        amounts[bloc] = {"debit": debit, "credit": credit}
    return True


def _pair(sides: Mapping[str, int]) -> tuple[int, ...]:
    """The places of a block: debit and credit, or the signed one; empty when a side is missing.

    A « Solde » without a side beside that of a side is the other one.
    """
    if "debit" in sides and "credit" in sides:
        return (sides["debit"], sides["credit"])
    if "signe" not in sides:
        return ()
    if "debit" in sides:
        return (sides["debit"], sides["signe"])
    return (sides["signe"], sides["credit"]) if "credit" in sides else (sides["signe"],)


def _account(
    cells: Sequence[str], above: Sequence[str], body: Sequence[Row], amounts: set[int]
) -> int | None:
    """The column of the accounts: of those that a header may call so, the one whose cells begin by digits."""
    names = [
        cell if cell.strip() or place >= len(above) else above[place] for place, cell in enumerate(cells)
    ]
    called = [place for place, name in enumerate(names) if place not in amounts and _is_account(name)]
    shares = {place: _share_of_numbers(place, body) for place in called}
    best = max(shares, key=lambda place: shares[place], default=None)
    return best if best is not None and (shares[best] >= _SHARE or not body) else None


def _is_account(header: str) -> bool:
    """Whether a header may be that of the accounts.

    >>> [_is_account(name) for name in ("N° de compte", "Compte.Numero", "Intitulé du compte", "Numéro")]
    [True, True, False, True]
    """
    words = set(_words(header))
    return bool(words & _ACCOUNT_WORDS) and words <= _WITH_ACCOUNT


def _share_of_numbers(place: int, body: Sequence[Row]) -> float:
    """The part of the first cells of a column that begin as an account does, blank ones left out."""
    cells = [row[place] for _, row in body[:_SAMPLE] if place < len(row) and row[place].strip()]
    return sum(bool(compte(cell)[0]) for cell in cells) / len(cells) if cells else 0.0


# --- the rows


def read_balance(rows: Sequence[Row], recueil: Recueil, formes: Counter[str]) -> tuple[pd.DataFrame, int]:
    """The accounts of a balance, whole or without a row, and how many rows they were read from.

    ``rows`` are the cells of each line that is not blank; ``formes`` what was mended of the file before.
    """
    columns = header_of(rows)
    if columns is None:
        return empty(), _without_columns(rows, recueil)
    reader = _Reader(columns, recueil, Counter(formes))
    return reader.read([row for row in rows if row[0] > columns.ligne], len(rows))


def _without_columns(rows: Sequence[Row], recueil: Recueil) -> int:
    """Tell that no header of a balance was found; the number of rows after the first."""
    lues = max(0, len(rows) - 1)
    if lues:
        line, cells = next(((n, c) for n, c in rows[:FIRST_LINES] if sum(map(bool, map(_side, c)))), rows[0])
        known = [name for name in ("Compte", "Débit", "Crédit", "Solde") if _is_named(name, cells)]
        unknown = len(cells) - sum(bool(_side(cell)) or _is_account(cell) for cell in cells)
        parts = [
            "avec " + in_quotes(known) if known else "",
            f"avec {unknown} colonne{'s' if unknown > 1 else ''} d'un autre nom" if unknown else "",
        ]
        found = "un en-tête " + ", ".join(part for part in parts if part)
        expected = "un numéro de compte, et un débit et un crédit ou un solde"
        remedy = "Écrivez au-dessus des colonnes « Compte », « Débit » et « Crédit »."
        recueil.add("comptes_colonnes", line, "", found, expected, remedy)
    return lues


def _is_named(name: str, cells: Sequence[str]) -> bool:
    side = {"Débit": "debit", "Crédit": "credit", "Solde": "signe"}.get(name, "")
    return any(_side(cell) == side if side else _is_account(cell) for cell in cells)


class _Reader:
    """The rows of a balance under its header; findings go to the record of the file."""

    def __init__(self, columns: Colonnes, recueil: Recueil, formes: Counter[str]) -> None:
        self._columns, self._recueil, self._formes = columns, recueil, formes
        self._passed: Counter[str] = Counter()
        self._decimale = ""
        self._faults = 0

    def read(self, body: Sequence[Row], lines: int) -> tuple[pd.DataFrame, int]:
        """The table of the accounts and the number of rows that it was read from."""
        places = self._columns.places
        self._decimale = signe_decimal(row[place] for _, row in body for place in places if place < len(row))
        self._passed["lignes avant l'en-tête"] = lines - len(body) - 1
        held = [found for row in body if (found := self._row(*row)) is not None]
        lues = len(held) + self._faults
        if self._faults:
            return empty(), lues
        accounts = [row for row in held if len(row.numero) >= SHORTEST_COMPTE]
        retain = self._retained(accounts)
        if retain is None:
            return empty(), lues
        kept = self._without_totals(held, retain)
        if kept is None:
            return empty(), lues
        self._tell(kept)
        pairs = {row.ligne: retain(row.blocs) for row in kept}
        self._judge(sum(debit - credit for debit, credit in pairs.values()))
        return _table(kept, pairs), len(kept)

    def _fault(
        self, rule: str, line: int | None, header: str, found: str, expected: str, remedy: str = ""
    ) -> None:
        self._faults += 1
        self._recueil.add(rule, line, header, found, expected, remedy)

    def _row(self, line: int, cells: Sequence[str]) -> Ligne | None:
        """A row as its account and its amounts; None for one that holds none, or after its fault."""
        columns = self._columns
        beyond = cells[columns.largeur :]
        if any(cell.strip() for cell in beyond):
            self._fault("comptes_ligne", line, "", *told_width(len(cells), columns.largeur))
            return None
        full = [*cells, *[""] * (columns.largeur - len(cells))]
        numero, suite = compte(full[columns.compte])
        texts = [full[place].strip() for place in columns.places]
        if plain(full[columns.places[0]]) == plain(columns.cellules[columns.places[0]]):
            self._passed["en-têtes répétés"] += 1
            return None
        if not any(texts) or not (numero or any(map(_HAS_DIGIT.search, texts))):
            self._passed["lignes sans montant"] += 1
            return None
        before = self._faults
        blocs = {bloc: self._amounts(line, bloc, full) for bloc in columns.blocs}
        words = " ".join(cell for place, cell in enumerate(full) if place not in columns.places)
        return Ligne(line, numero, suite, words, blocs) if self._faults == before else None

    def _amounts(self, line: int, bloc: Bloc, cells: Sequence[str]) -> Pair:
        """Debit and credit of a block in cents; tells an amount that cannot be read."""
        places = self._columns.blocs[bloc]
        if len(places) == 2:
            debit, credit = (self._cents(line, bloc, cells[place]) for place in places)
            return debit, credit
        text = cells[places[0]].strip()
        match = _SENS.fullmatch(text)
        told = match[2].upper() if match else ""
        if not told and self._columns.sens is not None:
            told = cells[self._columns.sens].strip().upper()[:1]
        cents = self._cents(line, bloc, match[1] if match else text)
        signed = -cents if told == "C" else cents
        return (signed, 0) if signed >= 0 else (0, -signed)

    def _cents(self, line: int, bloc: Bloc, text: str) -> int:
        read = montant(text.strip(), self._decimale)
        if read is None:
            self._fault("comptes_montant", line, _HEADERS[bloc], *told_amount(text))
            return 0
        if read.forme != NORME:
            self._formes[read.forme] += 1
        return read.cents

    # --- which block is the year's

    def _retained(self, rows: Sequence[Ligne]) -> Way | None:
        """How debit and credit of the whole exercice come from the blocks of a row; None after a contradiction."""
        blocs = self._columns.blocs
        moved: Bloc = "mouvement" if "mouvement" in blocs else "total"
        if "solde" in blocs:
            return self._with_soldes(rows, moved)
        if "ouverture" not in blocs:
            return _of("total" if "total" in blocs else "mouvement")
        if "total" in blocs and "mouvement" in blocs:
            sums = _plus("ouverture", "mouvement")
            return _of("total") if self._agree(rows, sums, "total") else None
        is_apart = any(
            row.blocs[moved][side] < row.blocs["ouverture"][side] for row in rows for side in (0, 1)
        )
        if moved == "mouvement" and ("mouvement" in self._columns.nommes or is_apart):
            return _plus("ouverture", "mouvement")
        expected = "des soldes de clôture, ou des colonnes « Mouvements »"
        found = "des à-nouveaux à part, sans solde de clôture : rien ne dit si les débits et les crédits les comprennent"
        remedy = "Exportez la balance avec ses soldes débiteurs et créditeurs."
        self._fault("comptes_contradiction", self._columns.ligne, "", found, expected, remedy)
        return None

    def _with_soldes(self, rows: Sequence[Ligne], moved: Bloc) -> Way | None:
        """Movements where they give the closing balances, with the opening or by themselves; else the balances."""
        blocs = self._columns.blocs
        solde = self._oriented(rows, moved)
        ways: list[Way] = []
        if "ouverture" in blocs and moved in blocs:
            ways.append(_plus("ouverture", moved))
        ways += [_of(bloc) for bloc in (moved, "total") if bloc in blocs]
        if not ways:
            return solde
        for way in ways:
            if all(_net(way(row.blocs)) == _net(solde(row.blocs)) for row in rows):
                return way
        if "ouverture" not in blocs and self._is_year_alone(rows, moved, solde):
            self._formes["soldes, que les mouvements sans leurs à-nouveaux ne donnent pas"] = 1
            return solde
        wrong = [row.ligne for row in rows if _net(ways[0](row.blocs)) != _net(solde(row.blocs))]
        self._contradict(wrong)
        return None

    def _oriented(self, rows: Sequence[Ligne], moved: Bloc) -> Way:
        """The closing balances, turned where one signed column counts credits as positive: charges tell."""
        plainly = _of("solde")
        if len(self._columns.blocs["solde"]) == 2:
            return plainly
        charges, produits = (
            sum(_net(row.blocs["solde"]) for row in rows if row.numero.startswith(classe)) for classe in "67"
        )
        if charges < 0 < produits:
            self._formes["solde positif quand il est créditeur"] = 1
            return lambda found: (found["solde"][1], found["solde"][0])
        return plainly

    def _is_year_alone(self, rows: Sequence[Ligne], moved: Bloc, solde: Way) -> bool:
        """Whether movements differ from balances by an opening: never for charges and products, and by nothing in all."""
        gaps = [(row.numero, _net(solde(row.blocs)) - _net(row.blocs[moved])) for row in rows]
        return not any(gap for numero, gap in gaps if numero[0] in "67") and not sum(gap for _, gap in gaps)

    def _agree(self, rows: Sequence[Ligne], way: Way, bloc: Bloc) -> bool:
        wrong = [row.ligne for row in rows if _net(way(row.blocs)) != _net(row.blocs[bloc])]
        self._contradict(wrong)
        return not wrong

    def _contradict(self, lines: Sequence[int]) -> None:
        expected = "à-nouveaux et mouvements qui donnent les soldes de clôture"
        remedy = "Le fichier se contredit : exportez la balance de nouveau, sans la modifier."
        for line in lines:
            self._fault(
                "comptes_contradiction", line, "", "des colonnes qui ne s'accordent pas", expected, remedy
            )

    # --- totals and subtotals

    def _without_totals(self, held: Sequence[Ligne], retain: Way) -> list[Ligne] | None:
        """The accounts, their subtotals and totals passed over; None after the fault of one that is not a sum."""
        pairs = {row.ligne: retain(row.blocs) for row in held}
        subtotals = _subtotals([row for row in held if row.numero], pairs)
        accounts = [row for row in held if row.numero and row.ligne not in subtotals]
        self._passed["sous-totaux"] += len(subtotals)
        for row in accounts:
            if len(row.numero) < SHORTEST_COMPTE:
                expected = (
                    f"un compte de {SHORTEST_COMPTE} chiffres au moins, ou la somme des comptes de la classe"
                )
                self._fault("comptes_compte", row.ligne, "Compte", shown(row.numero), expected)
        since = 0
        for row in (row for row in held if not row.numero):
            sums = _possible_sums(row, since, accounts, pairs)
            if any(_is_same(pairs[row.ligne], found) for found in sums):
                since = row.ligne
            elif says_total([row.texte]):
                tell_total(self._recueil, row.ligne, "des comptes")
            else:
                expected = "un numéro de compte, ou la somme des comptes qui précèdent"
                self._fault(
                    "comptes_compte", row.ligne, "Compte", "un montant sans numéro de compte", expected
                )
            self._passed["lignes de total"] += 1
        return None if self._faults else accounts

    def _tell(self, kept: Sequence[Ligne]) -> None:
        """What was read otherwise than it is usually written, and the accounts of which a part is not read."""
        told = sum(row.suite for row in kept)
        if told:
            lettered(self._recueil, "Compte", told)
        forms = [f"{count} {name}" if count > 1 else name for name, count in self._formes.items()]
        forms += [f"{name}, non lus : {count}" for name, count in self._passed.items() if count > 0]
        if forms:
            self._recueil.add(
                "comptes_lus", None, "", " ; ".join(forms), "une balance sans rien d'autre, lue de même"
            )

    def _judge(self, cents: int) -> None:
        """Tell a balance that does not balance: a cent is asked, more is at fault."""
        expected = "autant au débit qu'au crédit de la balance"
        if abs(cents) == 1:
            remedy = "Un arrondi du logiciel : les comptes sont gardés, confirmez-le."
            self._recueil.add("comptes_centime", None, "", "un écart de 0,01 €", expected, remedy)
        elif cents:
            gap(self._recueil, None, cents, expected)


_HEADERS: Final[Mapping[Bloc, str]] = {
    "ouverture": "À nouveau",
    "mouvement": "Débit et crédit",
    "total": "Total",
    "solde": "Solde",
}


def _of(bloc: Bloc) -> Way:
    return lambda blocs: blocs[bloc]


def _plus(first: Bloc, second: Bloc) -> Way:
    return lambda blocs: _added(blocs[first], blocs[second])


def _net(pair: Pair) -> int:
    return pair[0] - pair[1]


def _is_same(total: Pair, found: Pair) -> bool:
    """Whether a total is that sum: column by column, or net where the total stands on one side."""
    return total == found or (0 in total and _net(total) == _net(found) and any(total))


def _subtotals(rows: Sequence[Ligne], pairs: Mapping[int, Pair]) -> set[int]:
    """The lines whose number begins others and whose amounts are their sum, from the longest numbers on.

    A row of the same number as the one account that it repeats counts when its words say that it is a total.
    """
    below: dict[str, Pair] = {}
    own: dict[str, Pair] = {}
    found: set[int] = set()
    for row in sorted(rows, key=lambda row: (-len(row.numero), not row.suite, says_total([row.texte]))):
        pair, numero = pairs[row.ligne], row.numero
        sums = [below[numero]] if numero in below else []
        if says_total([row.texte]) and numero in own:
            sums.append(_added(own[numero], below.get(numero, (0, 0))))
        if not row.suite and any(_is_same(pair, one) for one in sums):
            found.add(row.ligne)
            continue
        for length in range(1, len(numero) + row.suite):
            below[numero[:length]] = _added(below.get(numero[:length], (0, 0)), pair)
        if not row.suite:
            own[numero] = _added(own.get(numero, (0, 0)), pair)
    return found


def _added(first: Pair, second: Pair) -> Pair:
    return first[0] + second[0], first[1] + second[1]


def _possible_sums(
    row: Ligne, since: int, accounts: Sequence[Ligne], pairs: Mapping[int, Pair]
) -> Iterator[Pair]:
    """The sums that a row without an account may be: of all that precedes, of the block, of a class, the result."""
    above = [account for account in accounts if account.ligne < row.ligne]
    yield _sum(above, pairs)
    yield _sum([account for account in above if account.ligne > since], pairs)
    prefix = _PREFIX.search(row.texte)
    if prefix is not None:
        yield _sum([account for account in above if account.numero.startswith(prefix[0])], pairs)
    for classes in ("12345", "678", "67"):
        debit, credit = _sum([account for account in accounts if account.numero[0] in classes], pairs)
        yield debit, credit
        if classes == "67":
            yield credit, debit


def _sum(rows: Sequence[Ligne], pairs: Mapping[int, Pair]) -> Pair:
    found = [pairs[row.ligne] for row in rows]
    return sum(debit for debit, _ in found), sum(credit for _, credit in found)


def _table(rows: Sequence[Ligne], pairs: Mapping[int, Pair]) -> pd.DataFrame:
    table = {
        "compte": [row.numero[:LONGEST_COMPTE] for row in rows],
        "debit": [pairs[row.ligne][0] / 100 for row in rows],
        "credit": [pairs[row.ligne][1] / 100 for row in rows],
    }
    return pd.DataFrame(table, index=pd.Index([row.ligne for row in rows], dtype="int64")).astype(TYPES)
