"""What accounts must be for a statement to be made of them: said when they come, and when they are summed."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Comptes = pd.DataFrame | Mapping[str, npt.NDArray[Any]]
"""Lines of accounts by column: compte, debit, credit, in euros."""

Lignes = npt.NDArray[np.bool_]
"""Whether something holds, one element a line of accounts, or an account."""

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


def cents(amounts: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Amounts in euros as whole cents: sums of them do not drift. Raises ValueError where one is missing."""
    found = np.rint(np.asarray(amounts, dtype=float) * 100)
    if not np.isfinite(found).all():
        raise ValueError("an amount is missing")
    return found.astype(np.int64)


def obstacle(comptes: Comptes, ouverture: date) -> str:
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
    lus = _lire(comptes)
    solde = dict(zip(lus.noms, lus.soldes.tolist(), strict=True))
    gestion = {compte: cents for compte, cents in solde.items() if compte.startswith(("6", "7"))}
    if not gestion:
        return "les comptes déposés n'ont ni charge ni produit"
    if not any(gestion.values()):
        return "les comptes déposés sont déjà clos : charges et produits y sont à zéro"
    taken = prefixes(plan(ouverture))
    unused = sorted({compte.rstrip("0") for compte in gestion if not compte.ljust(3, "0").startswith(taken)})
    if unused:
        return f"aucune ligne du compte de résultat ne prend le compte {', '.join(unused)}"
    moved = {compte for compte, is_moved in zip(lus.noms, lus.mouvementes, strict=True) if is_moved}
    if closed := _closed_but(gestion, moved):
        return closed
    if abs(_somme(solde, "89")) > ROUNDING:
        return "le compte 89 (bilan d'ouverture ou de clôture) n'est pas à zéro"
    has_sheet = any(compte.startswith("1") for compte in solde)
    if has_sheet and abs(_somme(solde, *"1234567")) > ROUNDING:
        return "les comptes des classes 1 à 7 ne s'équilibrent pas"
    return ""


@dataclass(frozen=True, eq=False)
class _Comptes:
    """The accounts of some lines: their names, of each line the rank of its account, and of each account its
    debits less credits in cents, and whether anything was booked on it."""

    noms: tuple[str, ...]
    rangs: npt.NDArray[np.intp]
    soldes: npt.NDArray[np.int64]
    mouvementes: Lignes

    def commencent(self, *debuts: str) -> Lignes:
        """The accounts whose names begin with one of these."""
        return np.array([nom.startswith(debuts) for nom in self.noms], dtype=bool)


def _lire(lignes: Comptes) -> _Comptes:
    rangs, noms = pd.factorize(np.asarray(lignes["compte"], dtype=object))
    debit, credit = (cents(lignes[name]) for name in ("debit", "credit"))
    soldes = np.zeros(len(noms), dtype=np.int64)
    np.add.at(soldes, rangs, debit - credit)
    return _Comptes(tuple(noms), rangs, soldes, _held(rangs, (debit != 0) | (credit != 0), len(noms)))


def _somme(solde: Mapping[str, int], *debuts: str) -> int:
    """The sum of the accounts whose names begin with one of these."""
    return sum(cents for compte, cents in solde.items() if compte.startswith(debuts))


def _closed_but(gestion: Mapping[str, int], moved: Collection[str]) -> str:
    """Why accounts are what a closing forgot rather than a year, as a clause; empty when they are a year.

    An account 12 or 89 moved, and half of the accounts of classes 6 and 7 that moved are at zero, or all the
    charges are a credit, or all the products a debit.
    """
    if not any(compte.startswith(("12", "89")) for compte in moved):
        return ""
    used = {compte: cents for compte, cents in gestion.items() if compte in moved}
    if 2 * sum(cents == 0 for cents in used.values()) >= len(used):
        left = sorted(compte.rstrip("0") for compte, cents in used.items() if cents)
        which = "le compte" if len(left) == 1 else "les comptes"
        return f"les comptes déposés sont déjà clos, sauf {which} {', '.join(left)}"
    if _somme(gestion, "7") > 0:
        return "le total des produits (classe 7) est débiteur"
    if _somme(gestion, "6") < 0:
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
    lus = _lire(ecritures)
    entrees, _ = pd.factorize(ecritures["numero"])
    jours, _ = pd.factorize(ecritures["date_ecriture"].to_numpy(), sort=True)
    found = _of_entries(entrees, lus.commencent("891")[lus.rangs])
    last = np.flatnonzero((jours == jours.max(initial=0)) & (jours > 0))
    is_journal = _is_journal(ecritures, last)
    found[last] |= _close(lus, lus.rangs[last], entrees[last], is_journal)
    return pd.Series(found, index=ecritures.index)


def _close(
    lus: _Comptes, rangs: npt.NDArray[np.intp], entrees: npt.NDArray[np.intp], is_journal: Lignes
) -> Lignes:
    """Which lines of the last day close the accounts, by the rank of their account and their entry, and
    whether they are of a journal of closing."""
    gestion, bilan = lus.commencent("6", "7"), lus.commencent(*"12345")
    is_result, at_zero = lus.commencent("12")[rangs], (lus.soldes == 0)[rangs]
    ends = _made_of(entrees, gestion[rangs], is_result)
    touched = np.unique(rangs[ends & gestion[rangs] & at_zero])
    if 2 * len(touched) < int((gestion & lus.mouvementes).sum()):
        at_zero[:] = False
    ends &= is_journal | ~_of_entries(entrees, ~(at_zero | is_result))
    emptied = _made_of(entrees, bilan[rangs], is_result) & (not lus.soldes[bilan].any())
    return ends | emptied | _of_entries(entrees, lus.commencent("89")[rangs])


def _is_journal(ecritures: pd.DataFrame, lines: npt.NDArray[np.intp]) -> Lignes:
    """Which of these lines are of a journal of closing; none where journals are not known."""
    if "journal" not in ecritures:
        return np.zeros(len(lines), dtype=bool)
    codes = ecritures["journal"].to_numpy()[lines]
    return np.array([str(code).upper().startswith("CL") for code in codes], dtype=bool)


def _held(rangs: npt.NDArray[np.intp], lines: Lignes, count: int) -> Lignes:
    """Which of so many accounts or entries hold one of these lines; ``rangs`` tells whose each line is."""
    found = np.zeros(count, dtype=bool)
    found[rangs[lines]] = True
    return found


def _of_entries(entrees: npt.NDArray[np.intp], lines: Lignes) -> Lignes:
    """The lines of the entries that hold one of these."""
    return _held(entrees, lines, int(entrees.max(initial=-1)) + 1)[entrees]


def _made_of(entrees: npt.NDArray[np.intp], first: Lignes, second: Lignes) -> Lignes:
    """The lines of the entries that hold lines of both kinds, and no other."""
    others = _of_entries(entrees, ~(first | second))
    return _of_entries(entrees, first) & _of_entries(entrees, second) & ~others
