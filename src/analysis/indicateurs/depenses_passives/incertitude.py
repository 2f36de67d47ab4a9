"""How far a scenario's result can go: draws over its assumptions, what matters most, where a payer breaks
even."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from analysis.indicateurs.depenses_passives.payeurs import CDE
from analysis.indicateurs.depenses_passives.records import Barre, Intervalle, Perimetre, Scenario
from analysis.indicateurs.depenses_passives.scenarios import (
    HORIZON,
    PARTS,
    evaluer,
    normalisees,
    selected,
    valeurs,
    weights_of_variants,
)

TIRAGES: Final = 2000
GRAINE: Final = 20161124
"""The draws are the same each time: the day of the first habilitations."""

GROUPES: Final[Mapping[str, tuple[str, ...]]] = {
    "public": PARTS,
    **{
        name: (name,)
        for name in (
            "effet_emploi",
            "recours_rsa",
            "recours_prime",
            "recours_logement",
            "are_annee_1",
            "are_annee_2",
            "lignes_declarees",
            "cumul",
            "cde_etat",
            "cde_departement",
            "compensation_rsa",
        )
    },
}
"""Assumptions that move together: the shares of the public make a whole."""


def tirer(
    scenario: Scenario, personnes: int = 0, *, tirages: int = TIRAGES, graine: int = GRAINE
) -> list[dict[str, float]]:
    """Draws of every assumption: triangular between its bounds, with its central value as the mode.

    With ``personnes`` > 0 the shares of the public are moreover those of a sample of so many people
    (multinomial), as when they are counted on the people hired.
    """
    rng = np.random.default_rng(graine)
    columns = {
        h.hypothese: _triangular(rng, h.basse, h.centrale, h.haute, tirages) for h in scenario.hypotheses
    }
    draws = [
        normalisees({name: float(values[i]) for name, values in columns.items()}) for i in range(tirages)
    ]
    if personnes:
        for draw in draws:
            shares = np.array([draw[name] for name in PARTS])
            draw.update(
                zip(PARTS, rng.multinomial(personnes, shares / shares.sum()) / personnes, strict=True)
            )
    return draws


def _triangular(rng: np.random.Generator, low: float, mode: float, high: float, size: int) -> np.ndarray:
    return np.full(size, mode) if low == high else rng.triangular(low, mode, high, size)


def resultats(
    coefficients: pd.DataFrame, draws: list[dict[str, float]], perimetre: Perimetre
) -> pd.DataFrame:
    """The results of draws: columns ``evite_et_recu``, ``contribution``, ``contribution_nette`` and one a
    payer, euros.

    One row a draw, in euros per ETP and year (mean of the years), as :func:`scenarios.evaluer` gives them but
    for its rounding to the cent. The draws have one year of hire.
    """
    kept = selected(coefficients, draws[0], perimetre)
    factors = {text: np.array([_product(draw, text) for draw in draws]) for text in kept["facteurs"].unique()}
    variants = pd.DataFrame([weights_of_variants(draw) for draw in draws])
    amounts = np.stack(
        [
            row.montant * factors[row.facteurs] * variants[row.variante].to_numpy()
            for row in kept[["montant", "facteurs", "variante"]].itertuples(index=False)
        ]
    )
    table = pd.DataFrame({"payeur": kept["payeur"].to_numpy(), "cde": (kept["perimetre"] == CDE).to_numpy()})
    gains = amounts[~table["cde"].to_numpy()].sum(axis=0) / HORIZON
    gross = -amounts[table["cde"].to_numpy()].sum(axis=0) / HORIZON
    by_payer = {
        p: amounts[(table["payeur"] == p).to_numpy()].sum(axis=0) / HORIZON
        for p in sorted(set(table["payeur"]))
    }
    return pd.DataFrame(
        {"evite_et_recu": gains, "contribution": gross, "contribution_nette": gross - gains, **by_payer}
    )


def _product(draw: Mapping[str, float], text: str) -> float:
    return float(np.prod([draw[name] for name in text.split()]))


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
            ends.append(
                float(getattr(evaluer(coefficients, normalisees(moved), scenario.perimetre), resultat))
            )
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
