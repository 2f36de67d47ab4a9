"""The other entries of an exercice: taxes, stocks, dues, provisions, funds kept for later, unpaid work.

Small amounts, so that each line of a statement is met in the accounts of the invented territories. They
follow from the exercice and its opening balance: nothing is drawn. Amounts are cents.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from analysis.demonstration.ebe.economie import DUREE_AMORTISSEMENT, Exercice
from analysis.demonstration.ebe.ecritures import Ecriture, Ligne, Soldes, entry, side

PART_TAXES, PART_PROVISION, PART_TRANSFERT = 0.01, 0.002, 0.003
PART_TRAVAUX: Final = 0.002
"""Over gross pay: taxes on it, a provision, charges that others bear, work done for the EBE itself."""

PART_PRODUITS_STOCKES, PART_DONS, PART_CHARGES_DIVERSES = 0.01, 0.002, 0.003
"""Over sales: products in stock, gifts, sundry charges."""

PART_MARCHANDISES: Final = (0.02, 0.03)
"""Goods in stock over purchases, one exercice and the next."""

PART_REPORTEE: Final = 0.1
TAUX_EMPRUNT, TAUX_IMPOT = 0.01, 0.24
COTISATIONS, DIVERS_RECUS, PRODUIT_FINANCIER, PENALITES = 30_000, 12_000, 3_000, 8_000
BENEVOLAT: Final = 200_000
"""The part of local subsidies kept for the next exercice, the rates of a loan and of the tax on financial
products, and amounts in cents: dues, sundry products, financial products, penalties, unpaid work (hypothèse
de démonstration, like all those above)."""

DIVERS: Final = ("444000", "447000")
"""The third parties of these entries, settled when the next exercice opens."""

INTITULES: Final = {
    "139100": "Subventions d'équipement inscrites au résultat",
    "151000": "Provisions pour risques",
    "194000": "Fonds dédiés sur subventions d'exploitation",
    "355000": "Produits finis",
    "370000": "Stocks de marchandises",
    "444000": "État, impôts sur les bénéfices",
    "447000": "Autres impôts et taxes",
    "603700": "Variation des stocks de marchandises",
    "633300": "Participation à la formation continue",
    "658000": "Charges diverses de gestion",
    "661100": "Intérêts des emprunts",
    "671200": "Pénalités et amendes",
    "681500": "Dotations aux provisions d'exploitation",
    "689400": "Reports en fonds dédiés",
    "695000": "Impôts sur les bénéfices",
    "713500": "Variation des stocks de produits",
    "722000": "Production immobilisée",
    "754100": "Dons manuels",
    "756000": "Cotisations",
    "758000": "Produits divers de gestion",
    "768000": "Autres produits financiers",
    "777000": "Quote-part des subventions d'investissement",
    "781500": "Reprises sur provisions d'exploitation",
    "789400": "Utilisations de fonds dédiés",
    "791000": "Transferts de charges d'exploitation",
    "864000": "Personnel bénévole",
    "870000": "Bénévolat (plan d'avant 2020)",
    "875000": "Bénévolat",
}
"""Names of the accounts that these entries use and no other does."""


def autres(exercice: Exercice, opening: Soldes) -> Iterator[Ecriture]:
    """These entries for an exercice, on the balance sheet that the one before left; none is of nothing."""
    pay = sum(month.brut for month in exercice.mois)
    sold = sum(sale.ventes for sale in exercice.ventes)
    for day, journal, piece, label, lines in (
        *_received(exercice, pay, sold),
        *_paid(exercice, opening, sold),
        *_carried(exercice, opening),
        *_closing(exercice, opening, pay, sold),
    ):
        made = entry(day, journal, piece, label, *lines)
        if made.lignes:
            yield made


_Told = tuple[date, str, str, str, tuple[Ligne, ...]]


def _moved(debit: str, credit: str, amount: int) -> tuple[Ligne, ...]:
    return ((debit, amount, 0), (credit, 0, amount))


def _share(part: float, amount: int) -> int:
    return round(part * amount)


def _received(exercice: Exercice, pay: int, sold: int) -> Iterator[_Told]:
    """Gifts, dues, sundry and financial products, charges that others bear: paid when booked."""
    day = min(exercice.debut + timedelta(days=100), exercice.fin)
    for compte, piece, amount in (
        ("754100", "DONS", _share(PART_DONS, sold)),
        ("756000", "COTISATIONS", COTISATIONS),
        ("758000", "DIVERS", DIVERS_RECUS),
        ("768000", "INTERETS", PRODUIT_FINANCIER),
        ("791000", "TRANSFERT", _share(PART_TRANSFERT, pay)),
    ):
        yield day, "BQ", piece, INTITULES[compte], _moved("512000", compte, amount)


def _paid(exercice: Exercice, opening: Soldes, sold: int) -> Iterator[_Told]:
    """Sundry charges, the interest of the loan that the exercice opens with, penalties."""
    day = min(exercice.debut + timedelta(days=120), exercice.fin)
    for compte, piece, amount in (
        ("658000", "CHARGES", _share(PART_CHARGES_DIVERSES, sold)),
        ("661100", "EMPRUNT", _share(TAUX_EMPRUNT, -opening.get("164000", 0))),
        ("671200", "PENALITES", PENALITES),
    ):
        yield day, "BQ", piece, INTITULES[compte], _moved(compte, "512000", amount)


def _carried(exercice: Exercice, opening: Soldes) -> Iterator[_Told]:
    """The provision of the exercice before is taken back, and its funds kept for later are used."""
    for compte, product in (("151000", "781500"), ("194000", "789400")):
        amount = -opening.get(compte, 0)
        yield exercice.debut, "OD", f"REPRISE-{compte}", INTITULES[product], _moved(compte, product, amount)


def _closing(exercice: Exercice, opening: Soldes, pay: int, sold: int) -> Iterator[_Told]:
    """Taxes, stocks, the provision, the part of subsidies kept for later or written back, unpaid work."""
    goods = _share(PART_MARCHANDISES[exercice.rang % 2], exercice.achats) - opening.get("370000", 0)
    made = _share(PART_PRODUITS_STOCKES, sold) - opening.get("355000", 0)
    local = sum(f.verse for f in exercice.financements if f.dispositif == "subvention_exploitation")
    volunteers = "875000" if exercice.debut >= date(2020, 1, 1) else "870000"
    for piece, label, lines in (
        ("TAXES", "633300", _moved("633300", "447000", _share(PART_TAXES, pay))),
        ("STOCK-M", "603700", (side("370000", goods), side("603700", -goods))),
        ("STOCK-P", "713500", (side("355000", made), side("713500", -made))),
        ("TRAVAUX", "722000", _moved("215400", "722000", _share(PART_TRAVAUX, pay))),
        ("PROVISION", "681500", _moved("681500", "151000", _share(PART_PROVISION, pay))),
        ("FONDS", "689400", _moved("689400", "194000", _share(PART_REPORTEE, local))),
        ("QUOTE-PART", "777000", _moved("139100", "777000", _part_of_equipment(exercice, opening))),
        ("IMPOT", "695000", _moved("695000", "444000", _share(TAUX_IMPOT, PRODUIT_FINANCIER))),
        ("BENEVOLAT", "864000", _moved("864000", volunteers, BENEVOLAT)),
    ):
        yield exercice.fin, "OD", piece, INTITULES[label], lines


def _part_of_equipment(exercice: Exercice, opening: Soldes) -> int:
    """What an exercice takes of the subsidy for equipment that it opens with, until nothing is left of it."""
    granted, taken = -opening.get("131000", 0), opening.get("139100", 0)
    return min(granted - taken, round(granted * len(exercice.mois) / 12 / DUREE_AMORTISSEMENT))
