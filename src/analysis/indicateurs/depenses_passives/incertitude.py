"""How far a scenario's result can go: draws over its assumptions, what matters most, where a payer breaks even."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from analysis.indicateurs.depenses_passives.declarations import Perimetre, Scenario
from analysis.indicateurs.depenses_passives.payeurs import CDE
from analysis.indicateurs.depenses_passives.scenarios import PARTS, evaluer, normalisees, valeurs

TIRAGES: Final = 2000
GRAINE: Final = 20161124
"""The draws are the same each time: the day of the first habilitations."""

GROUPES: Final[Mapping[str, tuple[str, ...]]] = {
    "public": PARTS,
    **{
        name: (name,)
        for name in ("effet_emploi", "recours_rsa", "recours_prime", "recours_logement", "lignes_declarees", "cumul", "cde_etat", "cde_departement", "compensation_rsa")
    },
}
"""Assumptions that move together: the shares of the public make a whole."""


@dataclass(frozen=True)
class Intervalle:
    """The 5 %, 50 % and 95 % of the draws of a result, in euros per ETP and year, and how many draws."""

    bas: float
    median: float
    haut: float
    tirages: int

    def __post_init__(self) -> None:
        if not self.bas <= self.median <= self.haut:
            raise ValueError("an interval is in order")


@dataclass(frozen=True)
class Barre:
    """One bar of the tornado: the result with one group of assumptions at its bounds, the others central."""

    groupe: str
    bas: float
    haut: float

    @property
    def amplitude(self) -> float:
        return abs(self.haut - self.bas)


def tirer(scenario: Scenario, personnes: int = 0, *, tirages: int = TIRAGES, graine: int = GRAINE) -> list[dict[str, float]]:
    """Draws of every assumption: triangular between its bounds, with its central value as the mode.

    With ``personnes`` > 0 the shares of the public are moreover those of a sample of so many people (multinomial),
    as when they are counted on the people hired.
    """
    rng = np.random.default_rng(graine)
    columns = {h.hypothese: _triangular(rng, h.basse, h.centrale, h.haute, tirages) for h in scenario.hypotheses}
    draws = [normalisees({name: float(values[i]) for name, values in columns.items()}) for i in range(tirages)]
    if personnes:
        for draw in draws:
            shares = np.array([draw[name] for name in PARTS])
            draw.update(zip(PARTS, rng.multinomial(personnes, shares / shares.sum()) / personnes, strict=True))
    return draws


def _triangular(rng: np.random.Generator, low: float, mode: float, high: float, size: int) -> np.ndarray:
    return np.full(size, mode) if low == high else rng.triangular(low, mode, high, size)


def resultats(coefficients: pd.DataFrame, draws: list[dict[str, float]], perimetre: Perimetre) -> pd.DataFrame:
    """The results of draws: columns ``evite_et_recu``, ``cout_brut``, ``cout_net`` and one a payer, euros."""
    rows = []
    for draw in draws:
        bilan = evaluer(coefficients, draw, perimetre)
        by_payer = {payeur: cents / 200 for payeur, cents in bilan.par_payeur().items()}
        rows.append({"evite_et_recu": bilan.evite_et_recu, "cout_brut": bilan.cout_brut, "cout_net": bilan.cout_net, **by_payer})
    return pd.DataFrame(rows)


def intervalle(values: pd.Series) -> Intervalle:
    """The interval that holds nine draws in ten."""
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return Intervalle(round(float(low), 2), round(float(middle), 2), round(float(high), 2), len(values))


def tornade(coefficients: pd.DataFrame, scenario: Scenario, resultat: str = "evite_et_recu") -> list[Barre]:
    """The bars of a result, the widest first: one group at its low then its high bounds, the others central.

    For the public, the bounds are those that lower and raise the share without any benefit.
    """
    central = valeurs(scenario)
    bars = []
    for groupe, names in GROUPES.items():
        ends = []
        for bound in ("basse", "haute"):
            moved = dict(central)
            for h in scenario.hypotheses:
                if h.hypothese in names:
                    side = _other(bound) if h.hypothese == "part_aucune" else bound
                    moved[h.hypothese] = float(getattr(h, side))
            ends.append(float(getattr(evaluer(coefficients, normalisees(moved), scenario.perimetre), resultat)))
        if ends[0] != ends[1]:
            bars.append(Barre(groupe, *ends))
    return sorted(bars, key=lambda bar: (-bar.amplitude, bar.groupe))


def _other(bound: str) -> str:
    return "haute" if bound == "basse" else "basse"


def seuil_cde(coefficients: pd.DataFrame, scenario: Scenario, payeur: str) -> float | None:
    """The rate of CDE, in part of the gross SMIC, that leaves a payer whole; None for who pays none.

    What it gains apart from the CDE, over the gross wage of a full-time job at the SMIC.
    """
    central = valeurs(scenario)
    bilan = evaluer(coefficients, {**central, "cde_etat": 1.0, "cde_departement": 1.0}, scenario.perimetre)
    cells = bilan.cellules[bilan.cellules["payeur"] == payeur]
    paid = -int(cells.loc[cells["perimetre"] == CDE, "centimes"].sum())
    gained = int(cells.loc[cells["perimetre"] != CDE, "centimes"].sum())
    return round(gained / paid, 4) if paid else None


def seuil_ventes(cout_complet: float, cde: float) -> float:
    """Sales per ETP and year that balance a job: its full cost less the CDE, in euros; 0 when the CDE covers it."""
    return max(round(cout_complet - cde, 2), 0.0)
