"""The exercices of an invented EBE: sales by activity, public funding, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from analysis.demonstration.contrats import Mois
from analysis.demonstration.jours import months
from analysis.demonstration.lieux import Entreprise, Lieu
from analysis.demonstration.personnes import Row
from analysis.demonstration.reperes import HEURES_PAR_MOIS, VENTES_ETP_AN, cde_etat_etp_an, smic

ACTIVITES: Final = (
    ("Recyclerie", "reemploi", "particuliers", "707000"),
    ("Maraîchage", "agriculture", "particuliers", "701000"),
    ("Bois de chauffage", "bois", "particuliers", "701000"),
    ("Atelier de couture", "fabrication", "entreprises", "701000"),
    ("Épicerie de proximité", "commerce", "particuliers", "707000"),
    ("Cantine du midi", "alimentation", "particuliers", "706000"),
    ("Navette de village", "mobilite", "particuliers", "706000"),
    ("Conciergerie", "animation_sociale", "associations", "706000"),
    ("Entretien des espaces verts", "cadre_de_vie", "collectivites", "706000"),
    ("Sous-traitance de conditionnement", "services_entreprises", "entreprises", "704000"),
    ("Aide aux habitants", "services_personnes", "particuliers", "706000"),
)
"""Activities: name, branch, main customers, account of sales (hypothèse de démonstration)."""

FONCTIONNEMENT: Final = ("Fonctionnement de l'entreprise", "fonctionnement", "interne", "")
"""The activity that sells nothing."""

SECONDE_CLIENTELE: Final = "collectivites"
NOMBRE_ACTIVITES: Final = (4, 7)
PART_SECONDE, POIDS_SECONDE = 0.4, 0.35
HEURES_PRODUCTIVES: Final = 1607 * 0.9
"""Hours worked by ETP and year: the legal 1,607 less a tenth of absences (hypothèse de démonstration)."""

CROISSANCE_VENTES: Final = (0.7, 0.95, 1.1, 1.05)
"""Sales per ETP by rank of the exercice over the published mean; the last one holds after it (hypothèse
de démonstration)."""

ECART_VENTES: Final = 0.2
"""Half-width of the gap between two EBE's sales per ETP (hypothèse de démonstration)."""

ACHATS_ETP_AN: Final = 3000.0
ENCADREMENT_SMIC: Final = 1.7
"""Purchases by ETP and year in euros; management pay over the minimum wage: with the pay of PPDE they come
near the gross cost of 26,000 € (361) (hypothèse de démonstration)."""

COTISATIONS_PATRONALES, COTISATIONS_ENCADREMENT = 0.12, 0.34
"""Employer's contributions over gross pay, near the minimum wage and above (hypothèse de démonstration)."""

INVESTISSEMENT_ETP, DUREE_AMORTISSEMENT = 900.0, 5
"""Equipment bought in euros by ETP in an exercice, and years over which it is written off (hypothèse de
démonstration)."""

PART_DEPARTEMENT: Final = 0.10
"""The département's contribution over the State's, by agreement in the first phase (hypothèse de
démonstration); it is 15 % from mid-2021 (340)."""

AMORCAGE: Final = 60_000.0
SUBVENTION_LOCALE: Final = (5_000.0, 30_000.0)
VERSE_SUR_ENGAGE: Final = (0.95, 1.0)
PART_INVESTISSEMENT_AIDEE: Final = 0.6
PRET: Final = 40_000.0
PART_EQUILIBRE: Final = (1.0, 1.1)
"""Euros and shares of the other funding (hypothèse de démonstration)."""

AVIS: Final = {"favorable": 0.85, "reserve": 0.12, "defavorable": 0.03}
DELAI_AVIS: Final = (-120, 240)
"""Opinions of the comité local on an activity, and days from the opening (hypothèse de démonstration)."""

PART_ACCORD: Final = 0.8
"""Share of EBE which let their accounts be shown (hypothèse de démonstration)."""


@dataclass(frozen=True)
class Vente:
    """The sales of an activity to one kind of customers in an exercice, in cents, and the hours worked."""

    activite: str
    branche: str
    clientele: str
    compte: str
    heures: float
    ventes: int
    avis: str
    date_avis: date | None


@dataclass(frozen=True)
class Financement:
    """One funding of an exercice in cents: committed, and paid."""

    financeur: str
    dispositif: str
    engage: int
    verse: int


@dataclass(frozen=True)
class Exercice:
    """A closed exercice of an EBE and what its accounts will tell; amounts are cents."""

    entreprise: Entreprise
    rang: int
    debut: date
    fin: date
    mois: tuple[Mois, ...]
    ventes: tuple[Vente, ...]
    financements: tuple[Financement, ...]
    achats: int
    investissement: int

    @property
    def fichier(self) -> str:
        """The name of the file of accounts: « comptes-<ebe>-2018.txt », a CSV for a balance."""
        suffix = "txt" if self.entreprise.comptes.nature == "fec" else "csv"
        return f"comptes-{self.entreprise.code}-{self.fin.year}.{suffix}"

    @property
    def etp_an(self) -> float:
        """PPDE ETP-years worked in the exercice."""
        return sum(month.etp_ppde for month in self.mois) / 12


def exercices(rng: np.random.Generator, lieu: Lieu, by_ebe: dict[str, list[Mois]]) -> list[Exercice]:
    """The exercices of each EBE closed when the data stop, in order, contiguous."""
    closed = []
    for entreprise in lieu.entreprises:
        profile = _profil(rng, lieu, entreprise)
        level = 1 + ECART_VENTES * float(rng.uniform(-1, 1))
        for rank, (first, last) in enumerate(_spans(entreprise, lieu.date_arrete)):
            span = list(months(first, last))
            worked = tuple(month for month in by_ebe[entreprise.code] if month.mois in span)
            growth = CROISSANCE_VENTES[min(rank, len(CROISSANCE_VENTES) - 1)]
            closed.append(_exercice(rng, entreprise, rank, (first, last), worked, profile, level * growth))
    return closed


def gestion(month: Mois) -> int:
    """Gross pay of the management in a month, in cents."""
    hours = month.etp_encadrement * HEURES_PAR_MOIS
    return round(100 * hours * ENCADREMENT_SMIC * smic(month.mois.year))


def _spans(entreprise: Entreprise, stop: date) -> list[tuple[date, date]]:
    """First and last days of the exercices closed at a day: the first as declared, then calendar years."""
    spans, first, last = [], entreprise.ouverture, entreprise.premiere_cloture
    while last <= stop:
        spans.append((first, last))
        first, last = last + timedelta(days=1), date(last.year + 1, 12, 31)
    return spans


def _profil(rng: np.random.Generator, lieu: Lieu, entreprise: Entreprise) -> list[tuple[Vente, float]]:
    """What an EBE does all along, without hours nor sales, each with its weight in the sales.

    An activity may have a second kind of customers; its opinion is dated around the opening.
    """
    count = int(rng.integers(*NOMBRE_ACTIVITES))
    places = rng.choice(len(ACTIVITES), count, replace=False)
    profile = []
    for nom, branche, clientele, compte in (*(ACTIVITES[place] for place in sorted(places)), FONCTIONNEMENT):
        (avis,) = rng.choice(list(AVIS), 1, p=list(AVIS.values()))
        day = entreprise.ouverture + timedelta(days=int(rng.integers(*DELAI_AVIS)))
        known = min(day, lieu.date_arrete)
        weight = float(rng.uniform(0.5, 2)) if compte else 0.0
        line = Vente(nom, branche, clientele, compte, 0.0, 0, str(avis), known)
        profile.append((line, weight))
        if compte and clientele != SECONDE_CLIENTELE and rng.random() < PART_SECONDE:
            second = Vente(nom, branche, SECONDE_CLIENTELE, compte, 0.0, 0, str(avis), known)
            profile.append((second, weight * POIDS_SECONDE))
    return profile


def _exercice(
    rng: np.random.Generator,
    entreprise: Entreprise,
    rank: int,
    span: tuple[date, date],
    worked: tuple[Mois, ...],
    profile: Sequence[tuple[Vente, float]],
    level: float,
) -> Exercice:
    """One exercice: sales near the published mean per ETP, then funding, which depends on the gap left."""
    etp_an = sum(month.etp_ppde for month in worked) / 12
    sales = _ventes(rng, round(100 * VENTES_ETP_AN * level * etp_an), etp_an, span[1], profile)
    spent = round(100 * ACHATS_ETP_AN * etp_an * float(rng.uniform(0.9, 1.1)))
    equipment = round(100 * INVESTISSEMENT_ETP * max(1.0, worked[-1].etp_ppde))
    funding = _financements(rng, rank, worked, sum(sale.ventes for sale in sales), spent, equipment)
    return Exercice(entreprise, rank, *span, worked, sales, funding, spent, equipment)


def _ventes(
    rng: np.random.Generator, total: int, etp_an: float, last: date, profile: Sequence[tuple[Vente, float]]
) -> tuple[Vente, ...]:
    """The sales of an exercice shared among the activities; they add up to ``total`` cents exactly."""
    weights = np.array([weight for _, weight in profile]) * rng.uniform(0.8, 1.2, len(profile))
    amounts = np.floor(total * weights / weights.sum()).astype(int)
    amounts[int(weights.argmax())] += total - int(amounts.sum())
    hours = rng.uniform(0.6, 1.4, len(profile))
    hours *= HEURES_PRODUCTIVES * etp_an / hours.sum()
    lines = []
    for (line, _), amount, worked in zip(profile, amounts, hours, strict=True):
        asked = line.date_avis is not None and line.date_avis <= last
        lines.append(
            Vente(
                *(line.activite, line.branche, line.clientele, line.compte, round(float(worked), 1)),
                int(amount),
                line.avis if asked else "non_demande",
                line.date_avis if asked else None,
            )
        )
    return tuple(lines)


def charges(worked: Sequence[Mois]) -> int:
    """Pay and employer's contributions of some months in cents, management included."""
    ppde = sum(month.brut for month in worked) * (1 + COTISATIONS_PATRONALES)
    managers = sum(gestion(month) for month in worked) * (1 + COTISATIONS_ENCADREMENT)
    return round(ppde + managers)


def _financements(
    rng: np.random.Generator, rank: int, worked: Sequence[Mois], sales: int, spent: int, equipment: int
) -> tuple[Financement, ...]:
    """The funding of an exercice: contributions by ETP, what starts the first one, what closes the gap."""
    state = round(100 * sum(month.etp_ppde * cde_etat_etp_an(month.mois.year) / 12 for month in worked))
    local = round(100 * float(rng.uniform(*SUBVENTION_LOCALE)))
    asked = {
        ("etat", "cde"): state,
        ("departement", "cde"): round(PART_DEPARTEMENT * state),
        ("commune_epci", "subvention_exploitation"): local,
    }
    if rank == 0:
        asked["etat", "amorcage"] = round(100 * AMORCAGE)
        asked["region", "subvention_investissement"] = round(PART_INVESTISSEMENT_AIDEE * equipment)
        asked["fondation", "pret"] = round(100 * PRET)
    gap = charges(worked) + spent + equipment - sales - sum(asked.values())
    if gap > 0:
        asked["etat", "equilibre"] = round(gap * float(rng.uniform(*PART_EQUILIBRE)))
    return tuple(
        Financement(who, what, amount, round(amount * float(rng.uniform(*VERSE_SUR_ENGAGE))))
        for (who, what), amount in asked.items()
        if amount
    )


def rows_exercices(rng: np.random.Generator, lieu: Lieu, closed: Sequence[Exercice]) -> list[Row]:
    """The rows of the table ``exercices``; an EBE agrees or not to the publication of all its accounts."""
    agreed = {e.code: "oui" if rng.random() < PART_ACCORD else "non" for e in lieu.entreprises}
    return [
        {
            "ebe": exercice.entreprise.nom,
            "date_ouverture": exercice.debut,
            "date_cloture": exercice.fin,
            "nature_comptes": exercice.entreprise.comptes.nature,
            "fichier": exercice.fichier,
            "accord_publication": agreed[exercice.entreprise.code],
        }
        for exercice in closed
    ]


def rows_activites(closed: Sequence[Exercice]) -> list[Row]:
    """The rows of the table ``activites``."""
    return [
        {
            "ebe": exercice.entreprise.nom,
            "date_cloture": exercice.fin,
            "activite": sale.activite,
            "branche": sale.branche,
            "clientele": sale.clientele,
            "heures": sale.heures,
            "ventes": sale.ventes / 100,
            "avis_cle": sale.avis,
            "date_avis": sale.date_avis,
        }
        for exercice in closed
        for sale in exercice.ventes
    ]


def rows_financements(closed: Sequence[Exercice]) -> list[Row]:
    """The rows of the table ``financements``."""
    return [
        {
            "ebe": exercice.entreprise.nom,
            "date_cloture": exercice.fin,
            "financeur": funding.financeur,
            "dispositif": funding.dispositif,
            "engage": funding.engage / 100,
            "verse": funding.verse / 100,
        }
        for exercice in closed
        for funding in exercice.financements
    ]
