"""What an EBE sells, costs and receives in each exercice, and what it works at: the family economie_ebe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from math import fsum
from typing import Any, Final

import numpy as np

from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.durees import mois, mois_ecoules
from analysis.indicateurs.soldes import ComptesIllisibles, Soldes, soldes
from analysis.noyau.french import in_quotes
from analysis.noyau.mesures import Cadre, Mesure
from analysis.noyau.plan_comptable import SANS_PRODUIT, SANS_SEUIL, SANS_VENTE, Comptes

BILAN: Final = ("fonds_roulement", "besoin_fonds_roulement", "tresorerie_nette")
"""The balances of the balance sheet, which an exercice inherits from the one before."""

MONTANTS: Final = (
    "ventes",
    "autre_production",
    "consommations",
    "valeur_ajoutee",
    "subventions_exploitation",
    "impots_taxes",
    "charges_personnel",
    "excedent_brut_avant",
    "excedent_brut_apres",
    "resultat_exploitation",
    "resultat_financier",
    "resultat_exceptionnel",
    "impot_benefices",
    "resultat_net",
    *BILAN,
)
"""The balances that are measures of their own."""

PAR_ETP: Final[Mapping[str, str]] = {
    "ventes_par_etp": "ventes",
    "valeur_ajoutee_par_etp": "valeur_ajoutee",
    "subventions_par_etp": "subventions_exploitation",
    "charges_personnel_par_etp": "charges_personnel",
    "excedent_brut_avant_par_etp": "excedent_brut_avant",
    "resultat_par_etp": "resultat_net",
}
"""The balances that are also told for one ETP-année."""

ACTIVITES: Final = (
    "heures_branche",
    "part_heures_branche",
    "ventes_branche",
    "part_heures_avis",
    "part_heures_favorables",
)
"""The measures of the sheet of activities."""

SEUIL: Final = "seuil_equilibre_par_etp"
SANS_ECHANGE: Final = "fonctionnement"
"""The branch of the EBE's own running: nobody has an opinion to give on it."""

NON_DEMANDE: Final = "non_demande"
FAVORABLES: Final = ("favorable", "reserve")

Ligne = Mapping[str, Any]
"""A row of a sheet, by column."""


@dataclass(frozen=True)
class Feuilles:
    """The sheets that exercices read: the ETP by EBE and month, rows by EBE and closing day."""

    etp: Mapping[str, Mapping[str, float]]
    activites: Mapping[tuple[str, date], Sequence[Ligne]]
    financements: Mapping[tuple[str, date], Sequence[Ligne]]


@dataclass(frozen=True)
class Exercice:
    """One exercice of one EBE: where its measures are built, and from what."""

    cadre: Cadre
    ebe: str
    debut: date
    fin: date

    @cached_property
    def periode(self) -> str:
        return f"{self.debut.isoformat()}/{self.fin.isoformat()}"

    @property
    def prix(self) -> str:
        """The year of its euros: that of its closing."""
        return str(self.fin.year)

    def somme(self, mesure: str, valeur: float, *, n: int = 1, modalite: str = "") -> Mesure:
        prix = self.prix if self.cadre.definitions.of(mesure).unite.startswith("euros") else ""
        return self.cadre.somme(mesure, self.periode, valeur, n=n, modalite=modalite, ebe=self.ebe, prix=prix)

    def ratio(
        self,
        mesure: str,
        numerateur: float,
        denominateur: float,
        *,
        vide: str,
        n: int = 1,
        modalite: str = "",
    ) -> Mesure:
        prix = self.prix if self.cadre.definitions.of(mesure).unite.startswith("euros") else ""
        return self.cadre.ratio(
            mesure,
            self.periode,
            numerateur,
            denominateur,
            vide=vide,
            n=n,
            modalite=modalite,
            ebe=self.ebe,
            prix=prix,
        )

    def absentes(self, mesure: str, motif: str) -> Iterator[Mesure]:
        """A measure that cannot be computed, or each of its categories."""
        codes = [choix.code for choix in self.cadre.definitions.of(mesure).modalites] or [""]
        for code in codes:
            yield self.cadre.absente(mesure, self.periode, motif, modalite=code, ebe=self.ebe)


def mesures(donnees: Donnees) -> tuple[Mesure, ...]:
    """The measures of the family economie_ebe: one set for each exercice of each EBE.

    Reads ``exercices`` (one row an exercice), its accounts (``ecritures`` or ``balances``, summed by
    account), ``etp`` (one row an EBE and month), ``activites`` and ``financements``. The period is the
    exercice, from its first to its last day; euros are those of the year of its closing. An exercice without
    accounts has its measures missing with the reason; so has what needs a month of ETP that was not declared.
    Each definition is in ``data/dictionary/mesures.csv``, each rule in ``docs/methods/economie-ebe.md``.
    """
    feuilles = Feuilles(
        etp=_par_ebe(donnees.rows("etp")),
        activites=_par_exercice(donnees.rows("activites")),
        financements=_par_exercice(donnees.rows("financements")),
    )
    return tuple(
        mesure
        for row in donnees.exercices
        for mesure in _exercice(
            donnees,
            feuilles,
            Exercice(donnees.cadre, row["ebe"], row["date_ouverture"].date(), row["date_cloture"].date()),
        )
    )


def _par_ebe(etp: Iterable[Ligne]) -> dict[str, dict[str, float]]:
    """The ETP of PPDE that each EBE declared, by month (« 2018-09 »)."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in etp:
        found[row["ebe"]][row["mois"][:7]] = row["etp_ppde"]
    return found


def _par_exercice(rows: Iterable[Ligne]) -> dict[tuple[str, date], list[Ligne]]:
    """The rows of a sheet by EBE and closing day."""
    found: dict[tuple[str, date], list[Ligne]] = defaultdict(list)
    for row in rows:
        found[row["ebe"], row["date_cloture"].date()].append(row)
    return found


def etp_annees(declared: Mapping[str, float], debut: date, fin: date) -> float | date:
    """The ETP-années of PPDE of an exercice: the monthly ETP, each for its share of days, over twelve.

    ``declared`` gives the ETP of one EBE by month (« 2018-09 »); a month that the exercice holds in part
    counts for its days over those of the month. Gives the first day of the first month that is not declared,
    instead of a sum that would miss it.

    >>> months = {"2018-11": 12.0, "2018-12": 24.0}
    >>> etp_annees(months, date(2018, 11, 16), date(2018, 12, 31))
    2.5
    >>> etp_annees(months, date(2018, 10, 1), date(2018, 12, 31))
    datetime.date(2018, 10, 1)
    """
    total, first = 0.0, debut.replace(day=1)
    while first <= fin:
        following = (first + timedelta(days=32)).replace(day=1)
        days = (min(fin, following - timedelta(days=1)) - max(debut, first)).days + 1
        month = mois(first)
        if month not in declared:
            return first
        total += float(declared[month]) * days / (following - first).days
        first = following
    return total / 12


def resultat_sans_vente(found: Soldes) -> Decimal:
    """The net result of an exercice that would sell nothing, purchases following the sales that it has."""
    return found.resultat_net - (found.ventes - found.achats if found.ventes > 0 else 0)


def ventes_d_equilibre(found: Soldes) -> Decimal | None:
    """The sales at which the net result would be zero, purchases alone following them.

    Sales − net result / m, where m = (sales − accounts 60) / sales is what is left of a euro sold. None
    where no sales are needed (:func:`resultat_sans_vente` is not negative: a threshold below zero is none),
    without sales, or when a euro sold leaves nothing: no sales would then balance the accounts.
    """
    if resultat_sans_vente(found) >= 0 or found.ventes <= 0 or found.ventes <= found.achats:
        return None
    marge = (found.ventes - found.achats) / found.ventes
    return found.ventes - found.resultat_net / marge


def _exercice(donnees: Donnees, feuilles: Feuilles, exercice: Exercice) -> Iterator[Mesure]:
    yield exercice.somme("duree_exercice", mois_ecoules(exercice.debut, exercice.fin + timedelta(days=1)))
    years = etp_annees(feuilles.etp.get(exercice.ebe, {}), exercice.debut, exercice.fin)
    if isinstance(years, date):
        motif = f"ETP non déclarés pour {years:%m/%Y}"
        yield from exercice.absentes("etp_annees_ppde", motif)
    else:
        motif = ""
        yield exercice.somme("etp_annees_ppde", years)
    named = (exercice.ebe, exercice.fin.isoformat())
    yield from _comptes(
        exercice,
        donnees.comptes.get(named, _sans_comptes(donnees, named)),
        years if isinstance(years, float) else None,
        motif,
        has_opening=named not in donnees.sans_a_nouveaux,
    )
    for table, rows, tell, of_table in (
        ("activites", feuilles.activites, _activites, ACTIVITES),
        ("financements", feuilles.financements, _financements, ("financements_verses",)),
    ):
        refused = donnees.incomplet(table, *named)
        if refused:
            for mesure in of_table:
                yield from exercice.absentes(mesure, refused)
        else:
            yield from tell(exercice, rows.get((exercice.ebe, exercice.fin), []))


def _sans_comptes(donnees: Donnees, named: tuple[str, str]) -> str:
    """Why an exercice has no accounts, as a clause."""
    found = (donnees.incomplet(table, *named) for table in ("ecritures", "balances"))
    return next(filter(None, found), "comptes non déposés")


def _comptes(
    exercice: Exercice, accounts: Comptes | str, years: float | None, motif: str, *, has_opening: bool
) -> Iterator[Mesure]:
    """The statement, its parts for one ETP-année, and the resources; missing, with the reason, without
    readable accounts."""
    try:
        if isinstance(accounts, str):
            raise ComptesIllisibles(accounts)
        found = soldes(accounts, exercice.debut)
    except ComptesIllisibles as error:
        for mesure in (*MONTANTS, *PAR_ETP, SEUIL, "part_ressources"):
            yield from exercice.absentes(mesure, str(error))
        return
    for mesure in MONTANTS:
        value = getattr(found, mesure)
        if value is None or (mesure in BILAN and not has_opening):
            yield from exercice.absentes(mesure, "les comptes déposés n'ont pas de bilan d'ouverture")
        else:
            yield exercice.somme(mesure, float(value))
    yield from _par_etp(exercice, found, years, motif)
    yield from _ressources(exercice, found)


def _par_etp(exercice: Exercice, found: Soldes, years: float | None, motif: str) -> Iterator[Mesure]:
    if years is None:
        for mesure in (*PAR_ETP, SEUIL):
            yield from exercice.absentes(mesure, motif)
        return
    vide = "aucun ETP dans l'exercice"
    for mesure, balance in PAR_ETP.items():
        yield exercice.ratio(mesure, float(getattr(found, balance)), years, vide=vide)
    needed = ventes_d_equilibre(found)
    if needed is None:
        yield from exercice.absentes(SEUIL, SANS_VENTE if resultat_sans_vente(found) >= 0 else SANS_SEUIL)
    else:
        yield exercice.ratio(SEUIL, float(round(needed, 2)), years, vide=vide)


def _ressources(exercice: Exercice, found: Soldes) -> Iterator[Mesure]:
    """The part of each resource in the products of the exercice."""
    if found.total_produits <= 0:
        yield from exercice.absentes("part_ressources", SANS_PRODUIT)
        return
    parts = {
        "ventes": found.ventes,
        "autre_production": found.autre_production,
        "subventions_exploitation": found.subventions_exploitation,
        "autres_produits": found.autres_produits,
        "financiers_exceptionnels": found.produits_financiers + found.produits_exceptionnels,
        "reprises_transferts": found.reprises_transferts,
    }
    for code, amount in parts.items():
        yield exercice.ratio(
            "part_ressources", float(amount), float(found.total_produits), vide="", modalite=code
        )


def _activites(exercice: Exercice, rows: Sequence[Ligne]) -> Iterator[Mesure]:
    """Hours and sales of each branch, and the hours on which the committee gave an opinion."""
    if not rows:
        for mesure in ACTIVITES:
            yield from exercice.absentes(mesure, "aucune activité déposée pour cet exercice")
        return
    for mesure, column in (("heures_branche", "heures"), ("ventes_branche", "ventes")):
        yield from _par_code(exercice, mesure, _sommes(rows, "branche", column))
    vide = "aucune heure d'activité dans l'exercice"
    of_branch, of_all = _sommes(rows, "branche", "heures"), _heures(rows)
    for choix in exercice.cadre.definitions.of("part_heures_branche").modalites:
        hours = of_branch.get(choix.code, 0.0)
        yield exercice.ratio("part_heures_branche", hours, of_all, vide=vide, modalite=choix.code)
    served = [row for row in rows if row["branche"] != SANS_ECHANGE]
    hours = _heures(served)
    given = _heures([row for row in served if row["avis_cle"] != NON_DEMANDE])
    good = _heures([row for row in served if row["avis_cle"] in FAVORABLES])
    yield exercice.ratio("part_heures_avis", given, hours, vide=vide)
    yield exercice.ratio("part_heures_favorables", good, hours, vide=vide)


def _heures(rows: Sequence[Ligne]) -> float:
    return float(np.sum([row["heures"] for row in rows]))


def _financements(exercice: Exercice, rows: Sequence[Ligne]) -> Iterator[Mesure]:
    """What each funder paid for the exercice."""
    if not rows:
        yield from exercice.absentes("financements_verses", "aucun financement déposé pour cet exercice")
        return
    yield from _par_code(exercice, "financements_verses", _sommes(rows, "financeur", "verse"))


def _sommes(rows: Iterable[Ligne], code: str, column: str) -> dict[str, float]:
    """The sum of a column by category, of the categories that have a row."""
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        found[row[code]].append(row[column])
    return {name: fsum(values) for name, values in found.items()}


def _par_code(exercice: Exercice, mesure: str, sums: Mapping[str, float]) -> Iterator[Mesure]:
    """A sum for each category; one without a row had none of it.

    A row of a category that the list does not hold (a list that changed since the deposit) leaves the measure
    missing for this exercice: a sum without it would not be whole.
    """
    choices = [choix.code for choix in exercice.cadre.definitions.of(mesure).modalites]
    unknown = sorted(str(name) for name in sums if name not in choices)
    if unknown:
        told = in_quotes(unknown)
        yield from exercice.absentes(mesure, f"{told} n'est pas dans la liste d'aujourd'hui")
        return
    for choice in choices:
        yield exercice.somme(mesure, float(sums.get(choice, 0.0)), modalite=choice)
