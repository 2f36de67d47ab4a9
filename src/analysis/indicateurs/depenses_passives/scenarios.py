"""A scenario's assumptions through the one engine: what each payer gains and spends, line by line, year by
year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.indicateurs.depenses_passives.payeurs import CDE
from analysis.indicateurs.depenses_passives.resultats import PERIMETRES, Perimetre, Scenario
from analysis.noyau.arrondi import arrondi, centimes
from analysis.noyau.errors import BilanError

Number = TypeVar("Number", float, npt.NDArray[np.float64])
"""An assumption, or its draws."""

HORIZON: Final = 2
"""Years that are told: from the second on, nothing changes any more under an unchanged legislation."""

RESSOURCES: Final = ("rsa", "ass", "aah", "are", "aucune")
PARTS: Final = tuple(f"part_{ressource}" for ressource in RESSOURCES)


@dataclass(frozen=True)
class Bilan:
    """What one full-time job changes for public bodies, in whole cents.

    ``cellules``: one row a year since the hire, a payer and a line, columns ``annee``, ``payeur``, ``ligne``,
    ``perimetre``, ``centimes`` (positive: the payer gains). Amounts are per ETP and year.

    Raises ValueError when the sums by payer and by line differ, or a compensation is not between two payers.
    """

    perimetre: Perimetre
    hypotheses: Mapping[str, float]
    cellules: pd.DataFrame

    def __post_init__(self) -> None:
        cells = self.cellules
        if cells["centimes"].dtype.kind != "i":
            raise ValueError("amounts are whole cents")
        if sum(self.par_payeur().values()) != sum(self.par_ligne().values()):
            raise ValueError("payers and lines do not have one total")
        moved = (
            cells[cells["ligne"].str.startswith("compensation_")]
            .groupby(["annee", "ligne"])["centimes"]
            .sum()
        )
        if (moved != 0).any():
            raise ValueError("a compensation is not between two payers")

    def total(self, *, cde: bool, annee: int | None = None) -> int:
        """Cents per ETP and year, the CDE counted or not: a mean over the years unless one is asked."""
        kept = self._kept(annee)
        kept = kept if cde else kept[kept["perimetre"] != CDE]
        return _mean(int(kept["centimes"].sum()), annee)

    def par_payeur(self, annee: int | None = None) -> dict[str, int]:
        """Cents by payer, the CDE counted: the sum of the years, or one year."""
        return _sums(self._kept(annee), "payeur")

    def par_ligne(self, annee: int | None = None) -> dict[str, int]:
        """Cents by line, the CDE counted: the sum of the years, or one year."""
        return _sums(self._kept(annee), "ligne")

    def _kept(self, annee: int | None) -> pd.DataFrame:
        return self.cellules if annee is None else self.cellules[self.cellules["annee"] == annee]

    @property
    def evite_et_recu(self) -> float:
        """Spending avoided and receipts, euros per ETP and year."""
        return self.total(cde=False) / 100

    @property
    def contribution(self) -> float:
        """The contribution to the development of employment (CDE), euros per ETP and year: a part only of the
        gross public cost that evaluations publish."""
        cells = self.cellules
        return -_mean(int(cells.loc[cells["perimetre"] == CDE, "centimes"].sum()), None) / 100

    @property
    def contribution_nette(self) -> float:
        """The CDE less what is avoided and received, euros per ETP and year."""
        return round(self.contribution - self.evite_et_recu, 2)


def _sums(cells: pd.DataFrame, column: str) -> dict[str, int]:
    return {str(name): int(cents) for name, cents in cells.groupby(column)["centimes"].sum().items()}


def _mean(total: int, annee: int | None) -> int:
    return total if annee is not None else int(arrondi(total / HORIZON))


def valeurs(scenario: Scenario, borne: str = "centrale") -> dict[str, float]:
    """The assumptions of a scenario as numbers; shares of the public are brought back to a whole."""
    return normalisees({h.hypothese: float(getattr(h, borne)) for h in scenario.hypotheses})


def normalisees(hypotheses: Mapping[str, Number]) -> dict[str, Number]:
    """The same, the shares of the resources divided by their sum; raises BilanError when they have none.

    Of draws, which are arrays, as of numbers.
    """
    total = sum((hypotheses[name] for name in PARTS[1:]), start=hypotheses[PARTS[0]])
    if not np.all(total > 0):
        raise BilanError(
            "Les parts des ressources avant l'embauche sont toutes nulles : il en faut au moins une."
        )
    return {name: value / total if name in PARTS else value for name, value in hypotheses.items()}


def evaluer(coefficients: pd.DataFrame, hypotheses: Mapping[str, float], perimetre: Perimetre) -> Bilan:
    """The sums by payer, line and year of one set of assumptions.

    ``coefficients`` is the table of :func:`payeurs.coefficients`; ``hypotheses`` gives a number for every
    assumption (``declarations.HYPOTHESES``); ``perimetre`` counts its lines and those of the narrower ones.
    Each cell is rounded to the cent once, a half cent away from zero in every language, then only added.
    """
    kept = selected(coefficients, hypotheses, perimetre)
    amounts = kept["montant"].to_numpy() * _factors(kept, hypotheses) * _weights(kept, hypotheses)
    keys = ["annee", "payeur", "ligne", "perimetre"]
    cells = kept.assign(euros=amounts).groupby(keys)["euros"].sum().reset_index()
    cells["centimes"] = np.array(centimes(cells["euros"]), dtype=np.int64)
    return Bilan(perimetre, dict(hypotheses), _balanced(cells.drop(columns=["euros"])))


def _balanced(cells: pd.DataFrame) -> pd.DataFrame:
    """A compensation that rounding left a cent short: its first payer takes it, so that nothing is
    created."""
    out = cells.copy()
    for _, group in cells[cells["ligne"].str.startswith("compensation_")].groupby(["annee", "ligne"]):
        out.loc[group.index[group["payeur"] == "etat"], "centimes"] -= group["centimes"].sum()
    return out


def selected(
    coefficients: pd.DataFrame, hypotheses: Mapping[str, float], perimetre: Perimetre
) -> pd.DataFrame:
    """The rows of the year of hire and of the perimeter, with those of the CDE; raises BilanError without
    any."""
    counted = [*PERIMETRES[: PERIMETRES.index(perimetre) + 1], CDE]
    year = int(hypotheses["millesime"])
    kept = coefficients[(coefficients["millesime"] == year) & coefficients["perimetre"].isin(counted)]
    if kept.empty:
        known = ", ".join(map(str, sorted(coefficients["millesime"].unique())))
        raise BilanError(f"Aucun cas type embauché en {year} : les années connues sont {known}.")
    return kept


def _factors(kept: pd.DataFrame, hypotheses: Mapping[str, float]) -> np.ndarray:
    products = {
        text: float(np.prod([hypotheses[name] for name in text.split()]))
        for text in kept["facteurs"].unique()
    }
    return kept["facteurs"].map(products).to_numpy()


def _weights(kept: pd.DataFrame, hypotheses: Mapping[str, float]) -> np.ndarray:
    return kept["variante"].map(weights_of_variants(hypotheses)).to_numpy(dtype=float)


def weights_of_variants(hypotheses: Mapping[str, Number]) -> dict[str, Number]:
    """The weight of each variant of the table: the shortest cumul and the highest declared lines are at 1."""
    declared = {
        f"declaree_{name}": weight for name, weight in position(hypotheses["lignes_declarees"]).items()
    }
    return {**position(1 - hypotheses["cumul"]), **declared}


def position(t: Number) -> dict[str, Number]:
    """The weights of the low, central and high values at a place between 0 and 1; 0.5 is the central one.

    >>> position(0.75)
    {'basse': 0.0, 'centrale': 0.5, 'haute': 0.5}
    """
    side = 2 * t - 1
    return {"basse": (abs(side) - side) / 2, "centrale": 1 - abs(side), "haute": (abs(side) + side) / 2}
