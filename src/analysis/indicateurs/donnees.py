"""What the indicators of a territory are computed on: the typed tables of its deposit in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property, partial
from itertools import pairwise
from math import fsum
from operator import itemgetter
from typing import Any, Final, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.depot.dossier import TEXT_COLUMNS
from analysis.depot.enquetes.questions import Question
from analysis.depot.garde.ledger import CODING_COLUMNS, Ledger, Recu
from analysis.depot.referentiel import Referentiel
from analysis.indicateurs.durees import jours
from analysis.noyau.declared.dictionary import Field
from analysis.noyau.declared.nomenclatures import Position
from analysis.noyau.french import counted
from analysis.noyau.mesures import Cadre, Definitions
from analysis.noyau.paths import Nature
from analysis.noyau.periods import long_date
from analysis.noyau.plan_comptable import cloture
from analysis.noyau.territoires import Territoire

Colonnes = Mapping[str, npt.NDArray[Any]]
"""A table by column, one element a row: days are ``datetime64``, NaT where there is none, numbers NaN; codes
and people are objects, NaN for a blank."""

Lines = npt.NDArray[Any]
"""A column of accounts, one element a line."""

_ACCOUNTS = ("ecritures", "balances")
_DTYPES: Final = {"jour": "datetime64[us]", "entier": "float", "nombre": "float"}

_T = TypeVar("_T")


class Tables(Mapping[str, pd.DataFrame]):
    """The tables of a deposit, each read when it is first asked for, and its days typed: as a frame, or as
    columns of Python's own values or arrays, which a short table is read as much sooner."""

    def __init__(self, ledger: Ledger, recu: Recu, fields: Mapping[str, tuple[Field, ...]]) -> None:
        self._ledger, self._recu, self._fields = ledger, recu, fields
        self._frames: dict[str, pd.DataFrame] = {}
        self._columns: dict[str, dict[str, list[Any]]] = {}
        self._arrays: dict[str, Colonnes] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._recu.tables:
            raise KeyError(name)
        if name not in self._frames:
            frame = self._frames[name] = self._ledger.table(self._recu, name)
            for day in self._days(name, frame.columns):
                frame[day] = frame[day].to_numpy("datetime64[us]", na_value=np.datetime64("NaT"))
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._recu.tables)

    def __len__(self) -> int:
        return len(self._recu.tables)

    def __contains__(self, name: object) -> bool:
        return name in self._recu.tables  # without reading it

    def columns(self, name: str) -> dict[str, list[Any]]:
        """The columns of a table, none where there is no such table."""
        if name not in self._columns and name in self._recu.tables:
            columns = self._columns[name] = self._ledger.columns(self._recu, name)
            for day in self._days(name, columns):
                columns[day] = [_day(cell) for cell in columns[day]]
        return self._columns.get(name, {})

    def arrays(self, name: str) -> Colonnes:
        """The columns of a table as arrays; raises KeyError where there is no such table."""
        if name not in self._recu.tables:
            raise KeyError(name)
        if name not in self._arrays:
            types, columns = self._types(name), self._ledger.columns(self._recu, name)
            self._arrays[name] = {
                column: _array(cells, types.get(column, "")) for column, cells in columns.items()
            }
        return self._arrays[name]

    def _days(self, name: str, columns: Iterable[str]) -> list[str]:
        """The columns of a table that are days."""
        types = self._types(name)
        return [column for column in columns if types.get(column) == "jour"]

    def _types(self, name: str) -> dict[str, str]:
        """The type that the dictionary declares of each column of a table."""
        return {field.champ: field.type for field in self._fields.get(name.partition("/")[0], ())}


def _array(cells: list[Any], declared: str) -> npt.NDArray[Any]:
    """The cells of a column of some type, as the ledger gives them."""
    told = [cell if cell == cell else "NaT" for cell in cells] if declared == "jour" else cells
    return np.array(told, dtype=_DTYPES.get(declared, "object"))


@cache
def _day(cell: str | float) -> Any:
    """A day that is written « 2018-05-31 », NaT for a blank."""
    return pd.Timestamp(date.fromisoformat(cell)) if isinstance(cell, str) else pd.NaT


@dataclass(frozen=True)
class Donnees:
    """The deposit in force of a territory.

    ``tables`` holds one frame a table of the dictionary, by name (``personnes``, ``contrats``, …, and
    ``ecritures/<ebe>/<clôture>``): days are ``datetime64``, missing ones NaT; codes, months and people are
    text. ``arrete`` is the last day that the data describe. ``cadre`` builds the measures. ``questions`` are
    those of each survey, ``positions`` the side and the rank of each answer, by list. ``textes`` are the free
    answers and ``codage`` what two people made of them, with the columns of the ledger. ``incomplets`` says
    of what has a refused line why it is not summed, as the ledger does.
    """

    territoire: Territoire
    arrete: date
    cadre: Cadre
    tables: Mapping[str, pd.DataFrame]
    questions: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)
    positions: Mapping[str, Mapping[str, Position]] = field(default_factory=dict)
    textes: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(TEXT_COLUMNS)))
    codage: pd.DataFrame = field(default_factory=partial(pd.DataFrame, columns=list(CODING_COLUMNS)))
    incomplets: Mapping[str, str] = field(default_factory=dict)

    def columns(self, table: str) -> Mapping[str, list[Any]]:
        """The columns of a table, none where the deposit is of a version that had not the sheet."""
        if isinstance(self.tables, Tables):
            return self.tables.columns(table)
        return _columns(self.tables.get(table, pd.DataFrame()))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table, none where the deposit is of a version that had not the sheet."""
        return _rows(self.columns(table))

    def arrays(self, table: str) -> Colonnes:
        """The columns of a table as arrays; raises KeyError where there is no such table."""
        if isinstance(self.tables, Tables):
            return self.tables.arrays(table)
        return {str(name): column.to_numpy() for name, column in self.tables[table].items()}

    def incomplet(self, table: str, ebe: str, cloture: str) -> str:
        """Why no sum over that table is made for an exercice, as a clause; empty when it is whole."""
        return self.incomplets.get(f"{table}/{ebe}/{cloture}", self.incomplets.get(table, ""))

    def avec_definitions(self, definitions: Definitions) -> Donnees:
        """The same deposit, its measures built with these definitions."""
        return replace(self, cadre=replace(self.cadre, definitions=definitions))

    def une_fois(self, compute: Callable[[Donnees], _T]) -> _T:
        """What a computation gives of this deposit: made at the first call, for all who ask."""
        if compute not in self._calcules:
            self._calcules[compute] = compute(self)
        return cast("_T", self._calcules[compute])

    @cached_property
    def _calcules(self) -> dict[Callable[[Donnees], object], object]:
        return {}

    @cached_property
    def ouverture(self) -> date | None:
        """The day the first EBE opened, as precisely as it is known (its earliest day); None if none did."""
        openings = [ebe.date_ouverture.start for ebe in self.territoire.ebe if ebe.date_ouverture is not None]
        return min(openings, default=None)

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The days at which stocks are told: each 31 December since the first meeting, then the arrêté."""
        first = min(filter(None, jours(self.arrays("personnes")["date_rencontre"])), default=None)
        years = () if first is None else range(first.year, self.arrete.year + 1)
        ends = (date(year, 12, 31) for year in years)
        return (*(day for day in ends if day < self.arrete), self.arrete)

    @cached_property
    def exercices(self) -> list[dict[str, Any]]:
        """The exercices of each EBE, one after another."""
        return sorted(self.rows("exercices"), key=itemgetter("ebe", "date_cloture"))

    @cached_property
    def comptes(self) -> Mapping[tuple[str, str], Colonnes]:
        """The accounts of each exercice by EBE and closing day: columns compte, debit, credit, one row an
        account, in euros; entries are summed, whatever their form in the deposit, but for those that close
        the accounts. Accounts of which a line was refused are not here: a sum of them would not be whole."""
        found = {}
        for name in self.tables:
            table, *place = name.split("/")
            if table in _ACCOUNTS and name not in self.incomplets and len(frame := self.tables[name]):
                counted = slice(None) if table == "balances" else ~cloture(frame).to_numpy()
                lines = (frame[name].to_numpy()[counted] for name in ("compte", "debit", "credit"))
                found[(place[0], place[1])] = _by_account(*lines)
        return found

    @cached_property
    def sans_a_nouveaux(self) -> frozenset[tuple[str, str]]:
        """The exercices (EBE, closing day) that are not the first of their EBE and whose entries open with no
        account of class 1: their balance sheet is that of the year alone. A balance does not tell."""
        openings = {ebe.code: ebe.date_ouverture for ebe in self.territoire.ebe}
        found, begun = set(), set()
        for row in self.exercices:
            ebe, first_day, cloture = row["ebe"], row["date_ouverture"], f"{row['date_cloture']:%Y-%m-%d}"
            opening, entries = openings.get(ebe), self.tables.get(f"ecritures/{ebe}/{cloture}")
            is_later = ebe in begun or (opening is not None and opening.end < first_day.date())
            begun.add(ebe)
            if is_later and entries is not None:
                first_lines = entries["date_ecriture"].to_numpy() == np.datetime64(first_day.date())
                carried = entries["compte"].to_numpy()[first_lines]
                if not any(compte.startswith("1") for compte in carried):
                    found.add((ebe, cloture))
        return frozenset(found)

    @cached_property
    def accords(self) -> frozenset[tuple[str, str]]:
        """The exercices (EBE, closing day) whose accounts the EBE publishes or agreed in writing to show."""
        return frozenset(
            (row["ebe"], f"{row['date_cloture']:%Y-%m-%d}")
            for row in self.exercices
            if row["accord_publication"] == "oui"
        )


def charger(
    ledger: Ledger, referentiel: Referentiel, definitions: Definitions, nature: Nature, code: str
) -> Donnees | None:
    """The deposit in force of a territory, None when nothing was received."""
    recu = ledger.in_force(code)
    if recu is None:
        return None
    received, closed = long_date(recu.recu_le), long_date(recu.arrete)
    source = f"dépôt n° {recu.numero} reçu le {received}, données arrêtées au {closed}"
    codage = ledger.coding(recu)
    return Donnees(
        incomplets={**_partly_kept(recu), **recu.incomplets},
        territoire=referentiel.territoire(code),
        arrete=recu.arrete,
        cadre=Cadre(code, nature, source, definitions),
        tables=Tables(ledger, recu, referentiel.fields),
        questions=referentiel.questions,
        positions=referentiel.positions,
        textes=ledger.texts(recu) if len(codage) else pd.DataFrame(columns=list(TEXT_COLUMNS)),
        codage=codage,
    )


def lignes(table: Colonnes, names: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of these columns of a table as Python's own values: a day is a ``datetime``, None where there
    is none.

    >>> rangs = {"ebe": np.array(["a", "b"]), "avis": np.array([1, 2]), "rang": np.array([3, 4])}
    >>> lignes(rangs, ("ebe", "rang"))
    [{'ebe': 'a', 'rang': 3}, {'ebe': 'b', 'rang': 4}]
    """
    return _rows({name: table[name].tolist() for name in names})


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    return {str(name): column.tolist() for name, column in frame.items()}


def _rows(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _partly_kept(recu: Recu) -> dict[str, str]:
    """The accounts that the ledger holds without all of their lines, as it once could: not summed."""
    return {
        name: "comptes déposés en partie : "
        f"{counted(count.refusees, 'ligne refusée', 'lignes refusées')} sur {count.lues}"
        for name, count in recu.tables.items()
        if name.partition("/")[0] in _ACCOUNTS and count.refusees
    }


def _by_account(compte: Lines, debit: Lines, credit: Lines) -> Colonnes:
    """Debits and credits by account, rounded to the cent so that no sum drifts."""
    rangs, comptes = pd.factorize(compte, sort=True)
    ordre, ends = np.argsort(rangs, kind="stable"), np.bincount(rangs).cumsum().tolist()
    bounds = [*pairwise([0, *ends])]
    sums = (
        np.array([fsum(lines[start:end]) for start, end in bounds]).round(2)
        for lines in (debit[ordre].tolist(), credit[ordre].tolist())
    )
    return dict(zip(("compte", "debit", "credit"), (comptes, *sums), strict=True))
