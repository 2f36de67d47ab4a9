"""The amounts that figures are made of are accepted: a new OpenFisca or barème moves none before someone says
so."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.indicateurs.depenses_passives.declarations import ACCEPTES, DERNIERES, Declarations
from analysis.indicateurs.depenses_passives.loi.conservation import montants
from analysis.indicateurs.depenses_passives.loi.legislation import (
    LIGNES,
    dernieres_valeurs,
    load_exceptions,
    load_model,
)
from analysis.indicateurs.depenses_passives.loi.transitions import tous
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.paths import Project

COLONNES = ("cas", "variante", "situation", "annee", "ligne", "montant", "mois_approches")


@dataclass(frozen=True)
class Ecarts:
    """What a simulation of today changes to the accepted amounts.

    ``table``: one row an amount that differs by more than a cent, appears or disappears: the key, then
    ``accepte``, ``calcule`` and ``ecart`` in euros a year (empty where one side is missing). ``compares``
    counts the amounts on both sides.
    """

    table: pd.DataFrame
    compares: int


def calculer(project: Project, declarations: Declarations, progress: Callable[[str], None]) -> pd.DataFrame:
    """The annual amounts of the declared case types under the legislation of today, as the table keeps
    them."""
    amounts = montants(list(declarations.cas.values()), load_exceptions(project), progress=progress)
    keyed = {case.situation_key(): case for case in declarations.cas.values()}
    wide = tous(keyed, amounts)
    wide["cas"] = wide["cas"].map({key: case.cas for key, case in keyed.items()})
    long = wide.melt(
        ["cas", "variante", "situation", "annee", "mois_approches"], list(LIGNES), "ligne", "montant"
    )
    kept = long[(long["montant"] != 0) | (long["ligne"] == "salaire_brut")]
    return kept[list(COLONNES)].sort_values(list(COLONNES[:5]), ignore_index=True)


def comparer(accepted: pd.DataFrame, computed: pd.DataFrame) -> Ecarts:
    """The amounts that are not the accepted ones, the widest gaps first."""
    keys = list(COLONNES[:5])
    both = accepted.merge(computed, on=keys, how="outer", suffixes=("_a", "_c"))
    both["ecart"] = both["montant_c"].fillna(0) - both["montant_a"].fillna(0)
    moved = both[both["ecart"].abs() > 0.01]
    table = moved.rename(columns={"montant_a": "accepte", "montant_c": "calcule"})[
        [*keys, "accepte", "calcule", "ecart"]
    ]
    order = table["ecart"].abs().sort_values(ascending=False, kind="stable").index
    return Ecarts(
        table.loc[order].reset_index(drop=True),
        int(both[["montant_a", "montant_c"]].notna().all(axis=1).sum()),
    )


def accepter(project: Project, computed: pd.DataFrame) -> Path:
    """Write the computed amounts as the accepted ones."""
    amounts = (
        [*row[:5], f"{row.montant:.2f}", row.mois_approches] for row in computed.itertuples(index=False)
    )
    return _write(project, ACCEPTES, COLONNES, amounts)


def dater(project: Project) -> Path:
    """Write up to when the model knows the law: what the accepted amounts are of."""
    known = dernieres_valeurs(load_model(load_exceptions(project)))
    return _write(project, DERNIERES, ("parametre", "libelle", "depuis"), known)


def _write(project: Project, table: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    path = project.depenses_passives / f"{table}.csv"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return write_whole(path, text.getvalue())
