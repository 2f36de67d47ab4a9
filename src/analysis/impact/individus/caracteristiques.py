"""What is known of people before the month of reference: the matrix that weights are made of, and its
balance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.impact.individus.fichier import Individus

_LISTS: Final = ("sexe", "diplome", "rqth", "minima_sociaux", "type_zone")
_RARE: Final = 5
"""People that a category must count in each group to have a column of its own: it would foretell the group.
"""


@dataclass(frozen=True)
class Equilibre:
    """How far the groups are from each other on one characteristic, in standard deviations before weighting.

    ``avant``: as they come; ``apres``: once the comparison group is weighted. A difference of 0.1 at most is
    usually held for balance. None where the characteristic does not vary.
    """

    caracteristique: str
    avant: float | None
    apres: float | None


def matrice(individus: Individus) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The columns of what is known before: their names, and one row a person; no constant.

    A list has a column a category but the most frequent one, « not told » being a category; age, months
    without a job (as a logarithm: 12 and 24 months differ more than 112 and 124) and months of employment are
    standardised, age with its square; the year of reference is a list. A category with fewer than five people
    of either group has no column.
    """
    table, treated = individus.table, individus.traites
    age = table["age"].to_numpy(dtype=float)
    columns = {
        "age": _standard(age),
        "age_carre": _standard(_standard(age) ** 2),
        "mois_sans_emploi": _standard(np.log1p(table["mois_sans_emploi"].to_numpy(dtype=float))),
        "mois_emploi_24": _standard(table["mois_emploi_24"].to_numpy(dtype=float)),
    }
    lists = {**{name: table[name] for name in _LISTS}, "annee": table["mois_reference"].str.slice(0, 4)}
    for name, values in lists.items():
        for category in values.value_counts().index[1:]:
            one = (values == category).to_numpy()
            if min(one[treated].sum(), one[~treated].sum()) >= _RARE:
                columns[f"{name}_{category}"] = one.astype(float)
    kept = {name: column for name, column in sorted(columns.items()) if column.std() > 0}
    return _independent(tuple(kept), np.column_stack(list(kept.values())))


def equilibre(individus: Individus, poids: NDArray[np.float64]) -> tuple[Equilibre, ...]:
    """The standardised differences of what a reader may know of people, before and after weighting.

    ``poids`` weighs each person (those hired weigh 1). The standard deviation is the root of the mean of the
    two groups' variances before weighting, in both columns: a difference that shrinks is one that got
    smaller. Source: E. A. Stuart, « Matching methods for causal inference », Statistical Science, 25(1),
    2010.
    """
    treated = individus.traites
    found = []
    for name, values in _told(individus.table).items():
        spread = float(np.sqrt((values[treated].var() + values[~treated].var()) / 2))
        before = values[treated].mean() - values[~treated].mean()
        weighted = np.average(values[treated], weights=poids[treated])
        after = weighted - np.average(values[~treated], weights=poids[~treated])
        gaps = (float(before) / spread, float(after) / spread) if spread else (None, None)
        found.append(Equilibre(name, *gaps))
    return tuple(found)


def _told(table: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """The characteristics that are shown, each a number a person."""
    told = {
        "femme": table["sexe"] == "femme",
        "age": table["age"],
        "sans_diplome": table["diplome"].isin(["aucun", "brevet"]),
        "bac_ou_plus": table["diplome"].isin(["bac", "bac_2", "bac_3_plus"]),
        "rqth": table["rqth"] == "oui",
        "minima_sociaux": table["minima_sociaux"] == "oui",
        "mois_sans_emploi": table["mois_sans_emploi"],
        "mois_emploi_24": table["mois_emploi_24"],
        "rural": table["type_zone"] == "rural",
    }
    return {name: values.to_numpy(dtype=float) for name, values in told.items()}


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = values.std()
    return (values - values.mean()) / spread if spread else np.zeros_like(values)


def _independent(
    names: tuple[str, ...], columns: NDArray[np.float64]
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The columns that those before them and a constant do not make already."""
    kept: list[int] = []
    basis = np.ones((len(columns), 1))
    for rank in range(columns.shape[1]):
        wider = np.column_stack([basis, columns[:, rank]])
        if np.linalg.matrix_rank(wider) == wider.shape[1]:
            basis, kept = wider, [*kept, rank]
    return tuple(names[rank] for rank in kept), columns[:, kept]
