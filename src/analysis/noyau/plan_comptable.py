"""What accounts must be for a statement to be made of them: said when they come, and when they are summed."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import pandas as pd

DEFINITION: Final = str(files("analysis.noyau") / "compte_resultat.csv")
"""Which accounts each line of the statement takes, in the form that fec-parser reads."""

ROUNDING: Final = 100
"""Cents: how far the debits and credits of a whole exercice may differ, each entry by a cent at most."""


@cache
def prefixes() -> tuple[str, ...]:
    """The accounts that the lines of the statement take, by their first digits."""
    with Path(DEFINITION).open(encoding="ascii", newline="") as file:
        return tuple(row[0] for row in csv.reader(file) if row[0].isdigit())


def cents(amounts: pd.Series) -> pd.Series:
    """Amounts in euros as whole cents: sums of them do not drift."""
    return (amounts * 100).round().astype("int64")


def obstacle(comptes: pd.DataFrame) -> str:
    """Why no statement can be made of accounts, as a clause that a page shows; empty when one can.

    Columns compte, debit, credit, in euros, in as many rows as one likes. Accounts of classes 6 and 7 are
    needed, not all at zero (they are then closed already), and each of a line of the statement. Accounts 89,
    that open or close a balance sheet, are at zero; where there is a balance sheet (an account of class 1),
    classes 1 to 7 balance, but for cents.

    >>> frame = pd.DataFrame({"compte": ["706000", "512000", "890000"], "debit": [0.0, 60.0, 40.0],
    ...                       "credit": [100.0, 0.0, 0.0]})
    >>> obstacle(frame)
    "le compte 89 (bilan d'ouverture ou de clôture) n'est pas à zéro"
    >>> obstacle(frame[frame["compte"] < "8"])
    ''
    """
    solde = (cents(comptes["debit"]) - cents(comptes["credit"])).groupby(comptes["compte"]).sum()
    classe = solde.index.str[:1]
    gestion = solde[classe.isin(("6", "7"))]
    if gestion.empty:
        return "les comptes déposés n'ont ni charge ni produit"
    if not gestion.any():
        return "les comptes déposés sont déjà clos : charges et produits y sont à zéro"
    unused = sorted({compte.rstrip("0") for compte in gestion.index if not compte.startswith(prefixes())})
    if unused:
        return f"aucune ligne du compte de résultat ne prend le compte {', '.join(unused)}"
    if abs(int(solde[solde.index.str.startswith("89")].sum())) > ROUNDING:
        return "le compte 89 (bilan d'ouverture ou de clôture) n'est pas à zéro"
    if (classe == "1").any() and abs(int(solde[classe.isin(tuple("1234567"))].sum())) > ROUNDING:
        return "les comptes des classes 1 à 7 ne s'équilibrent pas"
    return ""


def cloture(ecritures: pd.DataFrame) -> pd.Series:
    """Which lines of a FEC close the accounts: true for them. They come out of any figure of the year.

    Columns numero, date_ecriture (any form that sorts), compte, debit, credit. They are the entries of the
    last day that put accounts of classes 6 and 7 into the result (accounts 12), when these are then all at
    zero, and those that close the balance sheet (account 891). The norm leaves both out; programs write them.

    >>> frame = pd.DataFrame({"numero": list("1122"), "date_ecriture": ["2019-06"] * 2 + ["2019-12"] * 2,
    ...     "compte": ["411000", "706000", "706000", "120000"],
    ...     "debit": [9.0, 0.0, 9.0, 0.0], "credit": [0.0, 9.0, 0.0, 9.0]})
    >>> cloture(frame).tolist()
    [False, False, True, True]
    """
    none = pd.Series(False, index=ecritures.index)
    last = ecritures[ecritures["date_ecriture"] == ecritures["date_ecriture"].max()]
    if last.empty:
        return none
    compte, numero = last["compte"], last["numero"]
    gestion = compte.str[:1].isin(("6", "7"))
    result = compte.str.startswith("12")
    only = (gestion | result).groupby(numero).transform("all")
    ends = only & gestion.groupby(numero).transform("any") & result.groupby(numero).transform("any")
    sheet = compte.str.startswith("891").groupby(numero).transform("any")
    if ends.any() and not _at_zero(ecritures):
        ends &= False
    return none.mask((ends | sheet).reindex(none.index, fill_value=False), True)


def _at_zero(ecritures: pd.DataFrame) -> bool:
    """Whether every account of classes 6 and 7 is at zero once all is counted."""
    gestion = ecritures[ecritures["compte"].str[:1].isin(("6", "7"))]
    solde = (cents(gestion["debit"]) - cents(gestion["credit"])).groupby(gestion["compte"]).sum()
    return not solde.any()
