"""The sheets of one deposit side by side: what the rules across tables look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from analysis.depot.controles.controle import Feuille
from analysis.noyau.territoires import Territoire


@dataclass(frozen=True, eq=False)
class Contexte:
    """The checked sheets of a deposit by table, its territory and the day its data stop."""

    feuilles: Mapping[str, Feuille]
    territoire: Territoire
    arrete: date
    _rows: dict[str, Mapping[int, dict[str, Any]]] = field(default_factory=dict)

    def rows(self, table: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The valid rows of a table with their line, none when there is no such sheet; not to be changed."""
        if table not in self.feuilles:
            return
        if table not in self._rows:
            frame = self.feuilles[table].frame
            columns = list(frame.columns)
            cells = frame.to_numpy(object).tolist()
            self._rows[table] = {
                line: dict(zip(columns, row, strict=True))
                for line, row in zip(frame.index, cells, strict=True)
            }
        yield from self._rows[table].items()

    def with_sheet(self, table: str, feuille: Feuille) -> Contexte:
        """The same sheets but one."""
        rows = {name: rows for name, rows in self._rows.items() if name != table}
        return replace(self, feuilles={**self.feuilles, table: feuille}, _rows=rows)

    def read(self, table: str) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Every row of a table as text with its line, refused ones included."""
        if table in self.feuilles:
            yield from self.feuilles[table].raw.rows.items()

    def refused(self, table: str) -> Iterator[tuple[int, Mapping[str, str]]]:
        """The refused rows of a table as text."""
        valid = set(self.feuilles[table].frame.index) if table in self.feuilles else set()
        return ((line, row) for line, row in self.read(table) if line not in valid)


def day(text: str) -> date:
    """The date of a validated cell."""
    return date.fromisoformat(text)


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another, negative when the second is earlier.

    >>> months_between(date(2018, 3, 12), date(2019, 3, 11)), months_between(date(2018, 1, 31), date(2018, 2, 28))
    (11, 0)
    """
    return 12 * (last.year - first.year) + last.month - first.month - (last.day < first.day)
