"""What may be told of a deposit once it is in the ledger: counts of rows, and series of an EBE."""

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
class MoisEtp:
    """The ETP of one EBE in one month (« 2018-09 »), as deposited."""

    ebe: str
    mois: str
    ppde: float
    encadrement: float


@dataclass(frozen=True)
class ExerciceRecu:
    """One exercice of one EBE and the sales of its accounts in euros, None when no accounts were kept."""

    ebe: str
    ouverture: date
    cloture: date
    ventes: float | None


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
    etp: tuple[MoisEtp, ...]
    exercices: tuple[ExerciceRecu, ...]
