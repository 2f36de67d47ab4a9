"""The entries of an exercice's accounts: opening, sales, purchases, pay, funding, equipment, closing.

Every entry balances to the cent, and accounts 70 give the exercice's sales exactly. Amounts are cents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from analysis.demonstration.contrats import Mois
from analysis.demonstration.ebe.autres_comptes import DIVERS, autres
from analysis.demonstration.ebe.economie import (
    COTISATIONS_ENCADREMENT,
    COTISATIONS_PATRONALES,
    DUREE_AMORTISSEMENT,
    Exercice,
    Financement,
    gestion,
)
from analysis.demonstration.ebe.ecritures import Ecriture, Soldes, bilan, entry, side, totaux
from analysis.demonstration.jours import month_end

ACHATS: Final = (
    ("606100", "Énergie"),
    ("606300", "Petit équipement"),
    ("607000", "Marchandises"),
    ("611000", "Sous-traitance"),
    ("613200", "Loyer"),
    ("615500", "Entretien"),
    ("616000", "Assurance"),
    ("622600", "Honoraires"),
    ("625100", "Déplacements"),
    ("626000", "Télécommunications"),
)
"""Accounts of purchases (plan comptable général, classes 60 to 62) and what their entries are called."""

CONCOURS_PUBLICS: Final = date(2020, 1, 1)
"""The first opening of an exercice whose contribution is booked on account 73 (règlement ANC 2018-06)."""

PRODUITS: Final = {
    "cde": "741000",
    "amorcage": "742000",
    "equilibre": "743000",
    "subvention_exploitation": "744000",
    "subvention_investissement": "131000",
    "pret": "164000",
}
"""The account that each kind of funding is booked on; sub-accounts of 74 are a hypothèse de démonstration."""

TIERS: Final = ("401000", "404000", "411000", "431000", "441000", "445510", *DIVERS)
"""Accounts whose opening balance is settled in the first days of the exercice."""

TVA: Final = 20
"""Rate of VAT in hundredths (article 278 of the code général des impôts)."""

COTISATIONS_SALARIALES: Final = 0.22
FONDS_ASSOCIATIF: Final = 1_000_000
PART_VENTES, PART_PAYEES, DELAI_PAIEMENT = 0.55, 0.9, 45
PART_EXTOURNES, PART_REMISE = 0.01, 0.01
FACTURE_MINIMALE: Final = 100
MENSUALITES_CDE: Final = 12
"""Employee's contributions, founding fund in cents, share of sales among invoices, share paid within so many
days, reversed invoices, rebates, least invoice in cents, payments of the CDE (hypothèse de démonstration)."""

LIGNES_MINIMALES, LIGNES_PAR_ETP, LIGNES_MAXIMALES = 300, 10, 1500
"""Lines of an exercice when none is asked for (hypothèse de démonstration)."""


def comptes(
    rng: np.random.Generator, exercice: Exercice, opening: Soldes, lignes: int | None = None
) -> tuple[list[Ecriture], dict[str, int]]:
    """The entries of an exercice by day, and the balance sheet that it leaves to the next.

    ``opening`` is the balance sheet left by the one before, empty for a first exercice. ``lignes`` is about
    the number of lines wanted; the entries that must be there are made even when they are more.
    """
    entries = [
        *_ouverture(exercice, opening),
        *_paie(exercice),
        *_aides(exercice),
        *_equipement(exercice),
        *autres(exercice, opening),
    ]
    wanted = lignes or min(
        LIGNES_MAXIMALES, round(LIGNES_MINIMALES + LIGNES_PAR_ETP * exercice.mois[-1].etp_ppde)
    )
    room = max(0, wanted - sum(len(one.lignes) for one in entries))
    invoices = round(room / (2 + exercice.entreprise.comptes.tva + 2 * PART_PAYEES))
    entries.extend(_ventes(rng, exercice, round(PART_VENTES * invoices)))
    entries.extend(_achats(rng, exercice, round((1 - PART_VENTES) * invoices)))
    entries += list(_cloture(exercice, entries))
    entries.sort(key=lambda one: one.jour)
    return entries, bilan(entries)


def _ouverture(exercice: Exercice, opening: Soldes) -> Iterator[Ecriture]:
    """The fund that starts a first exercice, else the balances brought forward, settled and allocated."""
    first = exercice.debut
    if not opening:
        fund = (("512000", FONDS_ASSOCIATIF, 0), ("102000", 0, FONDS_ASSOCIATIF))
        yield entry(first, "BQ", "APPORT", "Apport au fonds associatif", *fund)
        return
    yield entry(first, "AN", "AN", "À-nouveaux", *(side(*item) for item in sorted(opening.items())))
    settled = first + timedelta(days=14)
    for compte in TIERS:
        solde = opening.get(compte, 0)
        if solde:
            lines = (side(compte, -solde), side("512000", solde))
            yield entry(settled, "BQ", f"RGLT-{compte}", "Règlement des soldes d'ouverture", *lines)
    for result, carried in (("120000", "110000"), ("129000", "119000")):
        solde = opening.get(result, 0)
        if solde:
            lines = (side(result, -solde), side(carried, solde))
            day = min(first + timedelta(days=150), exercice.fin)
            yield entry(day, "OD", "AFFECT", "Affectation du résultat", *lines)


def _paie(exercice: Exercice) -> Iterator[Ecriture]:
    """The pay of each month, paid at its end; contributions are paid the month after, or at the opening."""
    for month in exercice.mois:
        day, name = month_end(month.mois), f"{month.mois:%Y-%m}"
        brut, managers, withheld, employer = _bulletin(month)
        net, due = brut + managers - withheld, withheld + employer
        wages = (("641100", brut, 0), ("641200", managers, 0), ("421000", 0, net), ("431000", 0, withheld))
        yield entry(day, "OD", f"PAIE-{name}", f"Paie {name}", *wages)
        owed = (("645000", employer, 0), ("431000", 0, employer))
        yield entry(day, "OD", f"CHARGES-{name}", f"Cotisations {name}", *owed)
        paid = (("421000", net, 0), ("512000", 0, net))
        yield entry(day, "BQ", f"VIR-{name}", f"Virement des salaires {name}", *paid)
        later = day + timedelta(days=15)
        if later <= exercice.fin:
            lines = (("431000", due, 0), ("512000", 0, due))
            yield entry(later, "BQ", f"URSSAF-{name}", f"Paiement des cotisations {name}", *lines)


def _bulletin(month: Mois) -> tuple[int, int, int, int]:
    """Gross pay of the PPDE and of the management, what is withheld, what the employer owes on top."""
    managers = gestion(month)
    withheld = round(COTISATIONS_SALARIALES * (month.brut + managers))
    employer = round(COTISATIONS_PATRONALES * month.brut + COTISATIONS_ENCADREMENT * managers)
    return month.brut, managers, withheld, employer


def _aides(exercice: Exercice) -> Iterator[Ecriture]:
    """Each funding notified then paid: the CDE in several times, the others at once."""
    for funding in exercice.financements:
        parts = MENSUALITES_CDE if funding.dispositif == "cde" else 1
        for rank, amount in enumerate(_even(funding.verse, parts)):
            yield from _aide(exercice, funding, rank, parts, amount)


def _aide(exercice: Exercice, funding: Financement, rank: int, parts: int, amount: int) -> Iterator[Ecriture]:
    length = (exercice.fin - exercice.debut).days
    day = exercice.debut + timedelta(days=round(length * (rank + 1) / (parts + 1)))
    piece = f"{funding.financeur[:3].upper()}-{funding.dispositif[:3].upper()}-{rank + 1}"
    is_public = funding.dispositif == "cde" and exercice.debut >= CONCOURS_PUBLICS
    compte = "730000" if is_public else PRODUITS[funding.dispositif]
    if funding.dispositif == "pret":
        yield entry(day, "BQ", piece, "Emprunt reçu", ("512000", amount, 0), (compte, 0, amount))
        return
    yield entry(day, "OD", piece, "Subvention notifiée", ("441000", amount, 0), (compte, 0, amount))
    paid = min(day + timedelta(days=10), exercice.fin)
    yield entry(paid, "BQ", piece, "Subvention reçue", ("512000", amount, 0), ("441000", 0, amount))


def _even(total: int, parts: int) -> list[int]:
    """A total in parts that differ by a cent at most.

    >>> _even(10, 4)
    [3, 3, 2, 2]
    """
    return [total // parts + (rank < total % parts) for rank in range(parts)]


def _equipement(exercice: Exercice) -> Iterator[Ecriture]:
    """The equipment bought in the exercice, and its payment."""
    amount, piece = exercice.investissement, f"IMMO-{exercice.fin.year}"
    day = min(exercice.debut + timedelta(days=45), exercice.fin)
    bought = (("215400", amount, 0), ("404000", 0, amount))
    yield entry(day, "AC", piece, "Achat de matériel", *bought)
    paid = (("404000", amount, 0), ("512000", 0, amount))
    yield entry(min(day + timedelta(days=30), exercice.fin), "BQ", piece, "Paiement du matériel", *paid)


def _ventes(rng: np.random.Generator, exercice: Exercice, invoices: int) -> Iterator[Ecriture]:
    """The invoices of the sales, their payments, one rebate and some reversed ones.

    Each activity's invoices add up to its sales; the rebate is invoiced on top of the largest, and the
    reversed ones are booked twice, the second time with negative amounts.
    """
    amounts = [sale.ventes for sale in exercice.ventes]
    largest = int(np.argmax(amounts))
    rebate = int(PART_REMISE * amounts[largest])
    total, rank = sum(amounts), 0
    for place, sale in enumerate(exercice.ventes):
        amount = sale.ventes + (rebate if place == largest else 0)
        wanted = round(invoices * sale.ventes / total) if total else 0
        for day, part in _factures(rng, exercice, amount, wanted):
            rank += 1
            piece = f"{exercice.fin.year}-{rank:03d}"
            yield from _vente(rng, exercice, day, piece, sale.compte, part)
    if rebate:
        lines = (("709000", rebate, 0), ("411000", 0, rebate))
        yield entry(exercice.fin, "VE", "REMISES", "Remises de fin d'exercice", *lines)
    compte = exercice.ventes[largest].compte
    reversed_ones = max(1, round(PART_EXTOURNES * rank))
    for number, drawn in enumerate(rng.integers(2_000, 20_000, reversed_ones), 1):
        yield from _extourne(rng, exercice, f"{exercice.fin.year}-E{number:03d}", compte, int(drawn))


def _factures(
    rng: np.random.Generator, exercice: Exercice, total: int, wanted: int
) -> list[tuple[date, int]]:
    """Days and amounts of about ``wanted`` invoices of one activity or more, which add up to its total."""
    n = min(max(wanted, 1), total // FACTURE_MINIMALE)
    if n == 0:
        return [(exercice.fin, total)] if total else []
    parts = rng.dirichlet(np.full(n, 2.0))
    amounts = FACTURE_MINIMALE // 2 + np.floor(parts * (total - n * FACTURE_MINIMALE // 2)).astype(int)
    amounts[0] += total - int(amounts.sum())
    offsets = np.sort(rng.integers(0, (exercice.fin - exercice.debut).days + 1, n))
    return [
        (exercice.debut + timedelta(days=int(offset)), int(amount))
        for offset, amount in zip(offsets, amounts, strict=True)
    ]


def _vente(
    rng: np.random.Generator, exercice: Exercice, day: date, piece: str, compte: str, amount: int
) -> Iterator[Ecriture]:
    """An invoice, and its payment when it comes before the closing."""
    tax = _tva(exercice, amount)
    lines = (("411000", amount + tax, 0), (compte, 0, amount), ("445710", 0, tax))
    yield entry(day, "VE", piece, f"Facture {piece}", *lines)
    if rng.random() < PART_PAYEES:
        paid = min(day + timedelta(days=int(rng.integers(1, DELAI_PAIEMENT))), exercice.fin)
        received = (("512000", amount + tax, 0), ("411000", 0, amount + tax))
        yield entry(paid, "BQ", piece, f"Règlement facture {piece}", *received)


def _extourne(
    rng: np.random.Generator, exercice: Exercice, piece: str, compte: str, amount: int
) -> Iterator[Ecriture]:
    """An invoice made by mistake, then reversed with negative amounts on the same sides."""
    length = (exercice.fin - exercice.debut).days
    day = exercice.debut + timedelta(days=int(rng.integers(0, length)))
    for when, sign, label in ((day, 1, "Facture"), (day + timedelta(days=1), -1, "Extourne facture")):
        lines = (("411000", sign * amount, 0), (compte, 0, sign * amount))
        yield entry(when, "VE", f"{piece}{'' if sign > 0 else '-X'}", f"{label} {piece}", *lines)


def _achats(rng: np.random.Generator, exercice: Exercice, invoices: int) -> Iterator[Ecriture]:
    """The invoices of the purchases and their payments."""
    drawn = _factures(rng, exercice, exercice.achats, invoices)
    places = rng.integers(0, len(ACHATS), len(drawn))
    for rank, ((day, amount), place) in enumerate(zip(drawn, places, strict=True), 1):
        compte, name = ACHATS[place]
        piece, tax = f"F{exercice.fin.year}-{rank:03d}", _tva(exercice, amount)
        lines = ((compte, amount, 0), ("445660", tax, 0), ("401000", 0, amount + tax))
        yield entry(day, "AC", piece, f"{name} {piece}", *lines)
        if rng.random() < PART_PAYEES:
            paid = min(day + timedelta(days=int(rng.integers(1, DELAI_PAIEMENT))), exercice.fin)
            sent = (("401000", amount + tax, 0), ("512000", 0, amount + tax))
            yield entry(paid, "BQ", piece, f"Paiement {piece}", *sent)


def _tva(exercice: Exercice, amount: int) -> int:
    return round(amount * TVA / 100) if exercice.entreprise.comptes.tva else 0


def _cloture(exercice: Exercice, entries: Sequence[Ecriture]) -> Iterator[Ecriture]:
    """Depreciation and VAT on the last day of the exercice."""
    soldes = {compte: debit - credit for compte, (debit, credit) in totaux(entries).items()}
    gross, written = soldes.get("215400", 0), -soldes.get("281540", 0)
    months = len(exercice.mois)
    amount = min(gross - written, round(gross * months / 12 / DUREE_AMORTISSEMENT))
    lines = (("681100", amount, 0), ("281540", 0, amount))
    yield entry(exercice.fin, "OD", "AMORT", "Dotation aux amortissements", *lines)
    collected, deducted = soldes.get("445710", 0), soldes.get("445660", 0)
    if collected or deducted:
        due = collected + deducted
        parts = (side("445710", -collected), side("445660", -deducted), side("445510", due))
        yield entry(exercice.fin, "OD", "TVA", "Déclaration de TVA", *parts)
