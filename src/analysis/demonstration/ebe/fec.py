"""Accounts as a file: the legal export of the entries (FEC) or a trial balance.

Form of a FEC: livre des procédures fiscales, article A. 47 A-1: eighteen columns, cut by a tabulation
or « | ».
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from analysis.demonstration.ebe.autres_comptes import INTITULES
from analysis.demonstration.ebe.ecritures import Ecriture, totaux
from analysis.demonstration.lieux import Comptes

DEBUT_COLONNES: Final = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib"),
)
FIN_COLONNES: Final = ("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise")
"""The columns before and after the two of the amount."""

JOURNAUX: Final = {
    "AN": "À-nouveaux",
    "AC": "Achats",
    "BQ": "Banque",
    "OD": "Opérations diverses",
    "VE": "Ventes",
}

COMPTES: Final = {
    "102000": "Fonds associatif",
    "110000": "Report à nouveau créditeur",
    "119000": "Report à nouveau débiteur",
    "120000": "Excédent de l'exercice",
    "129000": "Déficit de l'exercice",
    "131000": "Subventions d'équipement",
    "164000": "Emprunts",
    "215400": "Matériel",
    "281540": "Amortissement du matériel",
    "401000": "Fournisseurs",
    "404000": "Fournisseurs d'immobilisations",
    "411000": "Clients",
    "421000": "Personnel, rémunérations dues",
    "431000": "Sécurité sociale",
    "441000": "Subventions à recevoir",
    "445510": "TVA à décaisser",
    "445660": "TVA déductible",
    "445710": "TVA collectée",
    "512000": "Banque",
    "606100": "Fournitures d'énergie",
    "606300": "Petit équipement",
    "607000": "Achats de marchandises",
    "611000": "Sous-traitance générale",
    "613200": "Locations immobilières",
    "615500": "Entretien et réparations",
    "616000": "Primes d'assurance",
    "622600": "Honoraires",
    "625100": "Voyages et déplacements",
    "626000": "Frais postaux et télécommunications",
    "641100": "Salaires",
    "641200": "Salaires de l'encadrement",
    "645000": "Charges de sécurité sociale",
    "681100": "Dotations aux amortissements",
    "701000": "Ventes de produits finis",
    "704000": "Travaux",
    "706000": "Prestations de services",
    "707000": "Ventes de marchandises",
    "709000": "Remises accordées",
    "730000": "Concours publics, contribution au développement de l'emploi",
    "741000": "Contribution au développement de l'emploi",
    "742000": "Dotation d'amorçage",
    "743000": "Complément temporaire d'équilibre",
    "744000": "Subventions d'exploitation",
    **INTITULES,
}
"""Names of the accounts that the entries use."""


def write_comptes(entries: Sequence[Ecriture], form: Comptes, fin: date) -> bytes:
    """The file of an exercice's accounts, in the form that its EBE uses; ``fin`` is the day of validation."""
    return _balance(entries) if form.nature == "balance" else _fec(entries, form, fin)


def _fec(entries: Sequence[Ecriture], form: Comptes, fin: date) -> bytes:
    amounts = ("Montant", "Sens") if form.sens else ("Debit", "Credit")
    cut, tail = form.separateur, form.separateur.join(("", "", f"{fin:%Y%m%d}", "", ""))
    numbers: Counter[str] = Counter()
    lines = [cut.join((*DEBUT_COLONNES, *amounts, *FIN_COLONNES))]
    for entry in entries:
        numbers[entry.journal] += 1
        day = f"{entry.jour:%Y%m%d}"
        start = (entry.journal, JOURNAUX[entry.journal], str(numbers[entry.journal]), day)
        middle = cut.join(("", "", entry.piece, day, entry.libelle))
        head = cut.join(start)
        for compte, debit, credit in entry.lignes:
            cells = (head, compte, COMPTES[compte], middle, *_amounts(debit, credit, form.sens), tail)
            lines.append(cut.join(cells))
    return ("\r\n".join(lines) + "\r\n").encode(form.encodage)


def _amounts(debit: int, credit: int, sens: bool) -> tuple[str, str]:
    """The two cells of the amount: debit and credit, or the amount and its side."""
    if not sens:
        return _euros(debit), _euros(credit)
    return (_euros(debit), "D") if debit else (_euros(credit), "C")


def _euros(cents: int) -> str:
    """Cents as the text of an amount.

    >>> _euros(-5), _euros(123456)
    ('-0,05', '1234,56')
    """
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"


def _balance(entries: Sequence[Ecriture]) -> bytes:
    """The trial balance in CSV: total of debits and of credits by account."""
    lines = ["Compte;Libellé;Débit;Crédit"]
    for compte, (debit, credit) in totaux(entries).items():
        lines.append(f"{compte};{COMPTES[compte]};{_euros(debit)};{_euros(credit)}")
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")
