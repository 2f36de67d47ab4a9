"""From contracts to stays: the uninterrupted time of a person in the EBE of a territory."""

from __future__ import annotations

from typing import Final

import pandas as pd

JOUR: Final = pd.Timedelta(days=1)

_SANS_FIN: Final = pd.Timestamp("2200-01-01")
"""A day after all others, for the contracts that run."""


def sejours(contrats: pd.DataFrame) -> pd.DataFrame:
    """The stays of each person, all EBE together: contracts that overlap or follow one another day to day.

    A contract belongs to the stay of the contracts begun before it when it begins, at the latest, the day
    after the last of their last days; one day without any contract ends a stay. An amendment, a second
    contract or a change of EBE is therefore no exit.

    Reads personne, ebe, date_debut, date_fin (last day worked, NaT while it runs) and motif_fin of
    ``contrats``, one row a contract or amendment, in any order. One row a stay, by person then time:
    ``personne``; ``rang``, 1 for the first stay of the person; ``debut``, the first day; ``fin``, the last
    one, NaT while it runs; ``motif``, the reason of the contract that ends last, missing while it runs. Of
    contracts that end on one day, the last begun gives the reason. No contract gives no row.

    Raises ValueError for a contract that ends before it begins, or without a first day.

    >>> jours = pd.to_datetime(["2018-01-01", "2018-06-01", "2019-02-01"])
    >>> fins = pd.to_datetime(["2018-05-31", "2018-09-30", None])
    >>> found = sejours(pd.DataFrame({"personne": ["p1"] * 3, "ebe": ["e"] * 3, "date_debut": jours,
    ...                               "date_fin": fins, "motif_fin": ["avenant", "demission", None]}))
    >>> list(found["debut"].dt.strftime("%Y-%m-%d")), list(found["fin"].dt.strftime("%Y-%m-%d"))
    (['2018-01-01', '2019-02-01'], ['2018-09-30', nan])
    >>> list(found["rang"]), found["motif"][0]
    ([1, 2], 'demission')
    """
    if (contrats["date_fin"] < contrats["date_debut"]).any() or contrats["date_debut"].isna().any():
        raise ValueError("a contract ends before it begins, or has no first day")
    lignes = contrats.assign(jusque=contrats["date_fin"].fillna(_SANS_FIN))
    lignes = lignes.sort_values(["personne", "date_debut", "jusque", "ebe"], ignore_index=True)
    lignes["sejour"] = _numeros(lignes)
    dernieres = lignes.sort_values(["sejour", "jusque", "date_debut", "ebe"]).drop_duplicates(
        "sejour", keep="last"
    )
    premieres = lignes.drop_duplicates("sejour")
    return pd.DataFrame(
        {
            "personne": premieres["personne"].to_numpy(),
            "rang": premieres.groupby("personne").cumcount().to_numpy() + 1,
            "debut": premieres["date_debut"].to_numpy(),
            "fin": dernieres["date_fin"].to_numpy(),
            "motif": dernieres["motif_fin"].to_numpy(),
        }
    )


def _numeros(lignes: pd.DataFrame) -> pd.Series:
    """Which stay each contract is of; the rows are sorted by person and first day."""
    deja = lignes.groupby("personne")["jusque"].cummax().groupby(lignes["personne"]).shift()
    suite = lignes["date_debut"] <= deja + JOUR
    return (~suite).cumsum()
