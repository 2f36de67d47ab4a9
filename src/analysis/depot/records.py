"""What may be told of a deposit once it is in the ledger: when it came, and how many rows were kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class TableRecue:
    """The rows of one table of a deposit: read, kept, refused."""

    table: str
    libelle: str
    lues: int
    gardees: int
    refusees: int


@dataclass(frozen=True)
class Apercu:
    """What a chapter may tell of the deposit in force of a territory."""

    territoire: str
    numero: int
    recu_le: date
    arrete: date
    deposant: str
    version: str
    tables: tuple[TableRecue, ...]
    constats: dict[str, int]
