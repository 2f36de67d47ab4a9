"""The balances of one exercice: from accounts to a statement whose identities hold to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fec_parser.computations import FECComputation  # type: ignore[import-untyped]
from fec_parser.indicators import FECIndicators  # type: ignore[import-untyped]
from fec_parser.parser import FECEcriture  # type: ignore[import-untyped]

from analysis.noyau.plan_comptable import DEFINITION, Comptes, obstacle, plan

COLUMNS = ("compte", "debit", "credit")
_CENT = Decimal("0.01")
_LONGEST = 8
_END = "9"


class ComptesIllisibles(ValueError):
    """Accounts from which no statement can be made; the message says why, as a clause that a page shows."""


@dataclass(frozen=True)
class Soldes:
    """The intermediate balances of one exercice, in euros to the cent; charges are positive.

    ``achats`` are the accounts 60 alone, part of ``consommations``. The three balances of the balance sheet
    are None where the accounts hold no opening balance (no account of class 1); ``ecart`` is by how much
    the accounts themselves do not balance, credits less debits. Raises ComptesIllisibles, which names what
    does not hold, when the lines contradict each other: value added, both gross surpluses, the three
    results, the net one, and working capital − need − gap = cash. The accounts are others': what they break
    is told of their exercice, and stops nothing.
    """

    ventes: Decimal
    autre_production: Decimal
    achats: Decimal
    consommations: Decimal
    valeur_ajoutee: Decimal
    impots_taxes: Decimal
    charges_personnel: Decimal
    excedent_brut_avant: Decimal
    subventions_exploitation: Decimal
    excedent_brut_apres: Decimal
    autres_produits: Decimal
    autres_charges: Decimal
    reprises_transferts: Decimal
    dotations: Decimal
    resultat_exploitation: Decimal
    produits_financiers: Decimal
    charges_financieres: Decimal
    resultat_financier: Decimal
    produits_exceptionnels: Decimal
    charges_exceptionnelles: Decimal
    resultat_exceptionnel: Decimal
    impot_benefices: Decimal
    resultat_net: Decimal
    total_produits: Decimal
    fonds_roulement: Decimal | None
    besoin_fonds_roulement: Decimal | None
    tresorerie_nette: Decimal | None
    ecart: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        broken = [name for name, left, right in self._identities() if left != right]
        if broken:
            raise ComptesIllisibles(
                f"le compte de résultat déposé se contredit : {', '.join(broken)} ne s'y retrouve pas"
            )

    def _identities(self) -> list[tuple[str, Decimal, Decimal]]:
        produits = (
            self.ventes
            + self.autre_production
            + self.subventions_exploitation
            + self.autres_produits
            + self.reprises_transferts
            + self.produits_financiers
            + self.produits_exceptionnels
        )
        results = self.resultat_exploitation + self.resultat_financier + self.resultat_exceptionnel
        known = [
            ("valeur ajoutée", self.valeur_ajoutee, self.ventes + self.autre_production - self.consommations),
            (
                "excédent brut avant financement public",
                self.excedent_brut_avant,
                self.valeur_ajoutee - self.impots_taxes - self.charges_personnel,
            ),
            (
                "excédent brut après financement public",
                self.excedent_brut_apres,
                self.excedent_brut_avant + self.subventions_exploitation,
            ),
            (
                "résultat d'exploitation",
                self.resultat_exploitation,
                self.excedent_brut_apres
                + self.autres_produits
                + self.reprises_transferts
                - self.autres_charges
                - self.dotations,
            ),
            ("résultat net", self.resultat_net, results - self.impot_benefices),
            ("total des produits", self.total_produits, produits),
        ]
        if self.fonds_roulement is not None and self.besoin_fonds_roulement is not None:
            cash = self.fonds_roulement - self.besoin_fonds_roulement - self.ecart
            known.append(("trésorerie nette", self.tresorerie_nette or Decimal(0), cash))
        return known


def soldes(comptes: Comptes, ouverture: date) -> Soldes:
    """The balances of an exercice from its accounts in euros: columns compte, debit, credit, one row each.

    The lines are those of :data:`DEFINITION` under the text in force on the first day of the exercice, summed
    by fec-parser 1.0.1 on one entry an account, credit less debit: reversed entries, rebates and negative
    amounts net out. Account numbers are filled to eight digits and closed by a nine, since fec-parser strips
    final zeros and would lose « 700000 ». Working capital = net result + classes 1, 2 and accounts 45; its
    need = classes 3 and 4 but 45; cash = class 5. Class 8 (unpaid work, gifts in kind) is in nothing.

    Raises ComptesIllisibles, with the reason, when :func:`obstacle` finds one.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"compte": ["706000", "601000", "512000"], "debit": [0.0, 40.0, 60.0],
    ...                       "credit": [100.0, 0.0, 0.0]})
    >>> found = soldes(frame, date(2019, 1, 1))
    >>> found.ventes, found.valeur_ajoutee, found.resultat_net, found.fonds_roulement
    (Decimal('100.00'), Decimal('60.00'), Decimal('60.00'), None)
    """
    reason = obstacle(comptes, ouverture)
    if reason:
        raise ComptesIllisibles(reason)
    entries = [_entry(*row) for row in zip(*(comptes[name].tolist() for name in COLUMNS), strict=True)]
    computed = FECComputation(entries, DEFINITION, plan_comptable_type=plan(ouverture))
    lines = {row.compte_pattern: row.value.quantize(_CENT) for row in computed.compute_all()}
    indicators = FECIndicators(entries)
    has_opening = any(entry.compte_num.startswith("1") for entry in entries)
    named = {name.lower(): value for name, value in lines.items() if not name[0].isdigit()}
    return Soldes(
        **named,
        achats=lines["60"],
        resultat_net=computed.compute_resultat_net().quantize(_CENT),
        total_produits=computed.compute_multiple_compte_sum("7").quantize(_CENT),
        fonds_roulement=indicators.compute_fr().quantize(_CENT) if has_opening else None,
        besoin_fonds_roulement=indicators.compute_bfr().quantize(_CENT) if has_opening else None,
        tresorerie_nette=-indicators.compute_multiple_compte_sum("5").quantize(_CENT)
        if has_opening
        else None,
        ecart=_gap(entries),
    )


def _gap(entries: Iterable[FECEcriture]) -> Decimal:
    """Credits less debits of classes 1 to 7: what rounding left of the balance of the accounts."""
    moved = (entry.credit - entry.debit for entry in entries if entry.compte_num[0] in "1234567")
    return sum(moved, Decimal(0)).quantize(_CENT)


def _entry(compte: str, debit: float, credit: float) -> FECEcriture:
    """One entry that holds all that an account received and gave."""
    return FECEcriture(
        file_reference="",
        journal_code="",
        journal_lib="",
        ecriture_date=date.min,
        compte_num=compte.ljust(_LONGEST, "0") + _END,
        compte_lib="",
        ecriture_lib="",
        debit=Decimal(str(debit)),
        credit=Decimal(str(credit)),
    )
