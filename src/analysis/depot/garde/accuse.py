"""What may be told of a deposit once it is in the ledger: when it came, and whether all of it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Etat = Literal["complete", "presque_complete", "incomplete"]
"""No row of a table was refused; less than one in twenty; one in twenty or more."""


@dataclass(frozen=True)
class TableRecue:
    """A table of a deposit and whether it was kept whole; never how many rows: rows are people."""

    table: str
    libelle: str
    etat: Etat


@dataclass(frozen=True)
class Apercu:
    """What a chapter may tell of the deposit in force of a territory.

    ``a_confirmer`` says whether something in it still waits for a confirmation of the territory.
    """

    territoire: str
    numero: int
    recu_le: date
    arrete: date
    deposant: str
    version: str
    tables: tuple[TableRecue, ...]
    a_confirmer: bool

    @property
    def etat(self) -> Etat:
        """The state of the table of which the least was kept."""
        states: tuple[Etat, ...] = ("incomplete", "presque_complete")
        found = {table.etat for table in self.tables}
        return next((state for state in states if state in found), "complete")
