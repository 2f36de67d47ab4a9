"""How far a scenario's result can go: draws over its assumptions, what matters most, where a payer breaks
even."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from analysis.indicateurs.depenses_passives.payeurs import CDE
from analysis.indicateurs.depenses_passives.resultats import (
    Barre,
    Hypothese,
    Intervalle,
    Perimetre,
    Scenario,
)
from analysis.indicateurs.depenses_passives.scenarios import (
    HORIZON,
    PARTS,
    evaluer,
    normalisees,
    selected,
    valeurs,
    weights_of_variants,
)

Vector = npt.NDArray[np.float64]

Draws = Mapping[str, Vector]
"""Assumptions, each an array of one number a draw."""

TIRAGES: Final = 20_000
BLOCS: Final = 10
"""The draws are in blocks that are drawn apart: how their bounds differ tells the error of simulation."""

PAS: Final = 100.0
"""What the bounds of a result are rounded to, in euros: what they can bear, and more than the error."""

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


def tirer(scenario: Scenario, *, tirages: int = TIRAGES, graine: int = GRAINE) -> Draws:
    """Draws of every assumption, an array each: triangular between its bounds, its central value the mode,
    the shares of the public brought back to a whole.

    In each of :data:`BLOCS` blocks an assumption takes one value in each of as many slices of equal
    probability, in an order of its own (Latin hypercube): the bounds of a result move much less from a seed
    to another than with plain draws. ``tirages`` is a multiple of the blocks, or is brought under it.

    McKay, Beckman and Conover (1979), Technometrics 21, p. 239-245.
    """
    rng = np.random.default_rng(graine)
    size = tirages // BLOCS
    return normalisees(
        {
            h.hypothese: np.concatenate([_triangular(h, _slices(rng, size)) for _ in range(BLOCS)])
            for h in scenario.hypotheses
        }
    )


def _slices(rng: np.random.Generator, size: int) -> Vector:
    """One number in each of ``size`` equal slices of 0 to 1, in any order."""
    return (rng.permutation(size) + rng.random(size)) / size


def _triangular(h: Hypothese, probability: Vector) -> Vector:
    """The values of an assumption at these probabilities; one that has no bounds is a constant.

    These are ``scipy.stats.triang``'s, whose import takes a second.
    """
    width = h.haute - h.basse
    if not width:
        return np.full(len(probability), h.centrale)
    mode = (h.centrale - h.basse) / width
    below, above = np.sqrt(mode * probability), 1 - np.sqrt((1 - mode) * (1 - probability))
    return np.where(probability < mode, below, above) * width + h.basse


def resultats(coefficients: pd.DataFrame, draws: Draws, perimetre: Perimetre) -> pd.DataFrame:
    """The results of draws: columns ``evite_et_recu``, ``contribution``, ``contribution_nette`` and one a
    payer, euros.

    One row a draw, in euros per ETP and year (mean of the years), as :func:`scenarios.evaluer` gives them but
    for its rounding to the cent. The draws have one year of hire. The coefficients that the same factors
    multiply are added first: the results of all the draws are one product of matrices.
    """
    kept = selected(coefficients, {"millesime": draws["millesime"][0]}, perimetre)
    part = np.where(kept["perimetre"] == CDE, "contribution", "evite_et_recu")
    terms = ["facteurs", "variante"]
    by_part = kept.assign(colonne=part).pivot_table("montant", terms, "colonne", "sum", fill_value=0.0)
    by_payer = kept.pivot_table("montant", terms, "payeur", "sum", fill_value=0.0)
    wide = pd.concat([by_part, by_payer], axis=1)
    weights = weights_of_variants(draws)
    products = np.stack([_product(draws, factors) * weights[variant] for factors, variant in wide.index])
    found = pd.DataFrame((wide.to_numpy().T @ products).T / HORIZON, columns=list(wide.columns))
    found["contribution"] = -found["contribution"]
    return found.assign(contribution_nette=found["contribution"] - found["evite_et_recu"])


def _product(draws: Draws, text: str) -> Vector:
    return np.prod([draws[name] for name in text.split()], axis=0)


def intervalle(values: pd.Series) -> Intervalle:
    """The interval that holds nine draws in ten, to the hundred euros, and its error of simulation.

    The error is at 95 %, the larger of the two bounds': 1.96 times the standard deviation of the bounds of
    the :data:`BLOCS` blocks, over the root of their number.
    """
    low, high = _bounds(values)
    blocks = np.array([_bounds(block) for block in np.array_split(values.to_numpy(), BLOCS)])
    error = float(ndtri(0.975) * blocks.std(axis=0, ddof=1).max() / BLOCS**0.5)
    step = PAS if high > low else 0.01  # what nothing moves is known to the cent
    return Intervalle(round(low / step) * step, round(high / step) * step, len(values), round(error, 2))


def _bounds(values: Vector | pd.Series) -> tuple[float, float]:
    low, high = np.quantile(values, (0.05, 0.95))
    return float(low), float(high)


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
