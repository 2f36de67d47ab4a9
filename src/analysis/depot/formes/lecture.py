"""The record of one reading: what came in, what is valid, what is refused and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.depot.formes.constats import Constat, DepotError

if TYPE_CHECKING:  # who only names a reading does without
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Lecture:
    """The valid rows of one sheet or file, and the findings of all its rows.

    ``frame`` has one row for each valid row of the source, its index the source's line number, its
    columns the table's fields. Rows in = rows valid + rows refused: anything else raises DepotError.
    """

    table: str
    fichier: str
    feuille: str
    frame: pd.DataFrame
    lues: int
    refusees: int
    constats: tuple[Constat, ...]

    def __post_init__(self) -> None:
        if self.lues != len(self.frame) + self.refusees:
            raise DepotError(
                f"{self.fichier} {self.feuille} : {self.lues} lignes lues, {len(self.frame)} valides et "
                f"{self.refusees} refusées ne font pas le compte. Ce n'est pas votre fichier qui est en "
                "cause : signalez-le à l'équipe du bilan."
            )
