"""The price index: an amount of one year in the euros of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

EUROS_DE: Final = 2024
"""The year of the constant euros, wherever amounts of several years stand side by side."""


@dataclass(frozen=True)
class Prix:
    """The consumer price index of each known year, base 100 in 2015."""

    indices: Mapping[int, float]

    def indice(self, annee: int) -> float:
        """The index of a year; that of the last known year stands for later ones.

        Raises BilanError for a year before the first known one.
        """
        first, last = min(self.indices), max(self.indices)
        if annee < first:
            raise BilanError(f"Aucun indice des prix pour {annee} : le premier est de {first}.")
        return self.indices[min(annee, last)]

    def constants(self, montant: float, annee: int, reference: int = EUROS_DE) -> float:
        """An amount of one year in the euros of another: montant × index of reference / index of annee.

        >>> Prix({2019: 104.0, 2024: 119.6}).constants(26000, 2019)
        29900.0
        """
        return montant * self.indice(reference) / self.indice(annee)


def load_prix(project: Project) -> Prix:
    """The validated price table of a project; raises InvalidData with every finding."""
    path = project.depenses_passives / "prix.csv"
    rows = load_written(project, "prix", key=("annee",), path=path)
    return Prix({int(row["annee"]): float(row["indice"]) for row in rows})
