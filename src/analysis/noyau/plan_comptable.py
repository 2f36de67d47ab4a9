"""What accounts must be for a statement to be made of them: said when they come, and when they are summed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import pandas as pd

DEFINITION: Final = str(files("analysis.noyau") / "compte_resultat.csv")
"""Which accounts each line of the statement takes under each text, in the form that fec-parser reads."""

PLANS: Final = (
    (date(2025, 1, 1), "anc_2022_06"),
    (date(2020, 1, 1), "anc_2018_06"),
    (date.min, "crc_99_01"),
)
"""The text that gives accounts their meaning, by the first opening of an exercice to which it applies.

Règlements ANC 2022-06 (account 747) and 2018-06 (account 73), before them CRC 99-01. The chart of companies
(règlement ANC 2014-03) has no account 73: what is booked there has one meaning whatever the form of the EBE.
"""


@dataclass(frozen=True)
class Ambigu:
    """Accounts whose money may be public, though no text says so, in exercices opened between two days."""

    compte: str
    depuis: date
    avant: date
    lu: str


AMBIGUS: Final = (
    Ambigu("73", date.min, date(2020, 1, 1), "autres produits"),
    Ambigu("7715", date.min, date(2025, 1, 1), "produits exceptionnels"),
    Ambigu("747", date(2024, 1, 1), date(2025, 1, 1), "financement public d'exploitation"),
)
"""73 before « concours publics » existed, subsidies of balance among exceptional products, and the year in
which règlement ANC 2022-06 may be applied already: 747 is then a part of subsidies for equipment."""

ROUNDING: Final = 100
"""Cents: how far the debits and credits of a whole exercice may differ, each entry by a cent at most."""

SANS_VENTE: Final = "équilibre atteint sans vente"
"""What is said in the place of sales that would balance an exercice, when none are needed."""

SANS_SEUIL: Final = "les ventes ne couvrent pas les achats : aucun seuil"
SANS_PRODUIT: Final = "aucun produit dans l'exercice"

LUS_DANS_LES_COMPTES: Final = frozenset({SANS_VENTE, SANS_SEUIL, SANS_PRODUIT})
"""The reasons for a missing number that tell what the accounts hold: shown where the accounts may be."""


def plan(ouverture: date) -> str:
    """The text under which the accounts of an exercice are read, by its first day.

    >>> plan(date(2019, 7, 1)), plan(date(2020, 1, 1))
    ('crc_99_01', 'anc_2018_06')
    """
    return next(name for first, name in PLANS if ouverture >= first)


@cache
def prefixes(text: str) -> tuple[str, ...]:
    """The accounts that the lines of the statement take under a text, by their first digits."""
    with Path(DEFINITION).open(encoding="ascii", newline="") as file:
        return tuple(row[0] for row in csv.reader(file) if row[0].isdigit() and text in row[6].split())


def ambigus(comptes: pd.DataFrame, ouverture: date) -> tuple[Ambigu, ...]:
    """What accounts of an exercice may hold of public money that no line counts as such: column compte."""
    used = [a for a in AMBIGUS if a.depuis <= ouverture < a.avant]
    return tuple(a for a in used if comptes["compte"].str.startswith(a.compte).any())


def cents(amounts: pd.Series) -> pd.Series:
    """Amounts in euros as whole cents: sums of them do not drift."""
    return (amounts * 100).round().astype("int64")


def obstacle(comptes: pd.DataFrame, ouverture: date) -> str:
    """Why no statement can be made of accounts, as a clause that a page shows; empty when one can.

    Columns compte, debit, credit, in euros, in as many rows as one likes; ``ouverture`` is the first day of
    the exercice. Accounts of classes 6 and 7 are needed, and each of a line of the statement. They are not at
    zero, all of them or all but some that a closing forgot. Accounts 89, that open or close a balance sheet,
    are at zero; where there is a balance sheet (an account of class 1), classes 1 to 7 balance but for cents.

    >>> frame = pd.DataFrame({"compte": ["706000", "512000", "890000"], "debit": [0.0, 60.0, 40.0],
    ...                       "credit": [100.0, 0.0, 0.0]})
    >>> obstacle(frame, date(2019, 1, 1))
    "le compte 89 (bilan d'ouverture ou de clôture) n'est pas à zéro"
    >>> obstacle(frame[frame["compte"] < "8"], date(2019, 1, 1))
    ''
    """
    solde, moved = _by_account(comptes)
    classe = solde.index.str[:1]
    gestion = solde[classe.isin(("6", "7"))]
    if gestion.empty:
        return "les comptes déposés n'ont ni charge ni produit"
    if not gestion.any():
        return "les comptes déposés sont déjà clos : charges et produits y sont à zéro"
    taken = prefixes(plan(ouverture))
    unused = sorted(
        {compte.rstrip("0") for compte in gestion.index if not compte.ljust(3, "0").startswith(taken)}
    )
    if unused:
        return f"aucune ligne du compte de résultat ne prend le compte {', '.join(unused)}"
    if closed := _closed_but(gestion, moved):
        return closed
    if abs(int(solde[solde.index.str.startswith("89")].sum())) > ROUNDING:
        return "le compte 89 (bilan d'ouverture ou de clôture) n'est pas à zéro"
    if (classe == "1").any() and abs(int(solde[classe.isin(tuple("1234567"))].sum())) > ROUNDING:
        return "les comptes des classes 1 à 7 ne s'équilibrent pas"
    return ""


def _by_account(comptes: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Debits less credits of each account in cents, and whether anything was booked on it."""
    debit, credit = cents(comptes["debit"]), cents(comptes["credit"])
    compte = comptes["compte"]
    return (debit - credit).groupby(compte).sum(), ((debit != 0) | (credit != 0)).groupby(compte).any()


def _closed_but(gestion: pd.Series, moved: pd.Series) -> str:
    """Why accounts are what a closing forgot rather than a year, as a clause; empty when they are a year.

    An account 12 or 89 moved, and half of the accounts of classes 6 and 7 that moved are at zero, or all the
    charges are a credit, or all the products a debit.
    """
    if not moved[moved.index.str.startswith(("12", "89"))].any():
        return ""
    used = gestion[moved[gestion.index]]
    if 2 * int((used == 0).sum()) >= len(used):
        left = sorted(compte.rstrip("0") for compte in used.index[used != 0])
        which = "le compte" if len(left) == 1 else "les comptes"
        return f"les comptes déposés sont déjà clos, sauf {which} {', '.join(left)}"
    if gestion[gestion.index.str.startswith("7")].sum() > 0:
        return "le total des produits (classe 7) est débiteur"
    if gestion[gestion.index.str.startswith("6")].sum() < 0:
        return "le total des charges (classe 6) est créditeur"
    return ""


def cloture(ecritures: pd.DataFrame) -> pd.Series:
    """Which lines of a FEC close the accounts: true for them. They come out of any figure of the year.

    Columns numero, date_ecriture (any form that sorts), compte, debit, credit, and journal where it is known.
    On the last day, which is not the first, they are: the entries that put accounts of classes 6 and 7 into
    the result (accounts 12) in a journal of closing (its code begins with « CL »), or that leave at zero each
    of the accounts that they touch, half at least of those that moved (an account that they forget counts
    as any other); those of an account 89; those that empty classes 1 to 5 whole. An account 891 closes the
    balance sheet on any day. The norm leaves them all out; programs write them.

    >>> frame = pd.DataFrame({"numero": list("1122"), "date_ecriture": ["2019-06"] * 2 + ["2019-12"] * 2,
    ...     "compte": ["411000", "706000", "706000", "120000"],
    ...     "debit": [9.0, 0.0, 9.0, 0.0], "credit": [0.0, 9.0, 0.0, 9.0]})
    >>> cloture(frame).tolist()
    [False, False, True, True]
    """
    sheet = _entries_with(ecritures, ecritures["compte"].str.startswith("891"))
    days = ecritures["date_ecriture"]
    last = ecritures[(days == days.max()) & (days > days.min())]
    if last.empty:
        return sheet
    solde, moved = _by_account(ecritures)
    classe, is_result = last["compte"].str[:1], last["compte"].str.startswith("12")
    gestion = classe.isin(("6", "7"))
    ends = _made_of(last, gestion, is_result)
    at_zero = last["compte"].map(solde == 0)
    is_journal = last["journal"].str.upper().str.startswith("CL") if "journal" in last else False
    touched = set(last.loc[ends & gestion & at_zero, "compte"])
    used = solde.index[solde.index.str[:1].isin(("6", "7")) & moved]
    if 2 * len(touched) < len(used):
        at_zero &= False
    ends &= is_journal | (at_zero | is_result).groupby(last["numero"]).transform("all")
    is_empty = not solde[solde.index.str[:1].isin(tuple("12345"))].any()
    emptied = _made_of(last, classe.isin(tuple("12345")), is_result) & is_empty
    closing = ends | emptied | _entries_with(last, last["compte"].str.startswith("89"))
    return sheet | closing.reindex(sheet.index, fill_value=False)


def _entries_with(ecritures: pd.DataFrame, lines: pd.Series) -> pd.Series:
    """The lines of the entries that hold one of these."""
    if not lines.any():
        return lines.astype(bool)
    return lines.groupby(ecritures["numero"]).transform("any").astype(bool)


def _made_of(ecritures: pd.DataFrame, first: pd.Series, second: pd.Series) -> pd.Series:
    """The lines of the entries that hold lines of both kinds, and no other."""
    numero = ecritures["numero"]
    only = (first | second).groupby(numero).transform("all")
    return only & _entries_with(ecritures, first) & _entries_with(ecritures, second)
