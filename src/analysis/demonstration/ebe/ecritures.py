"""One entry of the accounts of an invented EBE, and what entries sum to. Amounts are cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

Ligne = tuple[str, int, int]
"""Account, debit, credit."""

Soldes = Mapping[str, int]
"""Debits less credits of each account of the balance sheet."""


@dataclass(frozen=True)
class Ecriture:
    """One entry: its day, journal, reference, label, and lines that balance."""

    jour: date
    journal: str
    piece: str
    libelle: str
    lignes: tuple[Ligne, ...]


def totaux(entries: Iterable[Ecriture]) -> dict[str, tuple[int, int]]:
    """Debits and credits of each account, by account."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        for compte, debit, credit in entry.lignes:
            sums[compte][0] += debit
            sums[compte][1] += credit
    return {compte: (debit, credit) for compte, (debit, credit) in sorted(sums.items())}


def bilan(entries: Iterable[Ecriture]) -> dict[str, int]:
    """Debits less credits of the accounts of classes 1 to 5, the result on 120 (profit) or 129 (loss)."""
    soldes = {compte: debit - credit for compte, (debit, credit) in totaux(entries).items()}
    kept = {compte: solde for compte, solde in soldes.items() if compte < "6" and solde}
    loss = sum(solde for compte, solde in soldes.items() if compte >= "6")
    if loss:
        kept["129000" if loss > 0 else "120000"] = loss
    return kept


def entry(jour: date, journal: str, piece: str, libelle: str, *lines: Ligne) -> Ecriture:
    """An entry without the lines that are nothing on both sides."""
    return Ecriture(jour, journal, piece, libelle, tuple(line for line in lines if line[1] or line[2]))


def side(compte: str, solde: int) -> Ligne:
    """A balance on its side: a debit when it is positive."""
    return (compte, solde, 0) if solde > 0 else (compte, 0, -solde)
