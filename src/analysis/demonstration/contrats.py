"""Contracts of the people hired, and what they add up to each month: ETP and pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

import numpy as np

from analysis.demonstration.jours import month_end, months
from analysis.demonstration.lieux import Entreprise, Lieu
from analysis.demonstration.parcours import Emploi, choose
from analysis.demonstration.personnes import Row, identifiant
from analysis.demonstration.reperes import HEURES_PAR_MOIS, PART_ENCADREMENT, REPERES, smic

_PLEIN = REPERES["part_temps_plein"].valeur
QUOTITES: Final = {"100": _PLEIN, "80": 0.09, "70": 0.04, "60": 0.03, "50": 1 - _PLEIN - 0.16}
"""Hundredths of a full time at the hire: 80 % of full times (54), then a hypothèse de démonstration."""

PART_AVENANTS, AVENANT_APRES = 0.2, 180
"""Share of the stays whose hours change once, and days before that (hypothèse de démonstration)."""

PART_PARTAGES, MOITIE = 0.08, 50
"""Share of stays split in two halves where a territory has two EBE (hypothèse de démonstration)."""

PART_AU_SMIC, PRIME_MOYENNE = 0.7, 0.04
"""Share paid the minimum wage, and mean supplement of the others (hypothèse de démonstration)."""

FONCTIONS: Final = {
    "production": 0.3,
    "services": 0.26,
    "vente": 0.1,
    "transport": 0.07,
    "environnement": 0.15,
    "support": 0.09,
    "animation": 0.02,
    "autre": 0.01,
}
"""Hypothèse de démonstration."""

ENCADREMENT_MINIMAL: Final = 0.5
"""Management ETP of the smallest EBE (hypothèse de démonstration)."""


@dataclass(frozen=True)
class Contrat:
    """One contract line: person by rank, hundredths of a full time, gross hourly pay in cents."""

    personne: int
    entreprise: Entreprise
    debut: date
    fin: date | None
    motif: str | None
    centiemes: int
    salaire: int
    fonction: str


@dataclass(frozen=True)
class Mois:
    """One month of an EBE: PPDE and management ETP, gross pay of the PPDE in cents."""

    mois: date
    etp_ppde: float
    etp_encadrement: float
    brut: int


def contrats(rng: np.random.Generator, lieu: Lieu, stays: Sequence[Emploi]) -> list[Contrat]:
    """The contract lines of the stays: one, two when the hours change, or one in each EBE."""
    lines = []
    for stay in stays:
        (hours,), (job,) = choose(rng, QUOTITES, 1), choose(rng, FONCTIONS, 1)
        pay = _salaire(rng, stay.debut.year)
        first = Contrat(
            stay.personne, stay.entreprise, stay.debut, stay.fin, stay.motif, int(hours), pay, job
        )
        if len(lieu.entreprises) > 1 and rng.random() < PART_PARTAGES:
            lines.extend(_partage(lieu, first))
        elif rng.random() < PART_AVENANTS:
            lines.extend(_avenant(rng, lieu, first))
        else:
            lines.append(first)
    return lines


def _salaire(rng: np.random.Generator, year: int) -> int:
    """Gross hourly pay in cents: the minimum wage of the year, or some hundredths above it."""
    extra = 0.0 if rng.random() < PART_AU_SMIC else float(rng.exponential(PRIME_MOYENNE))
    return round(100 * smic(year) * (1 + extra))


def _partage(lieu: Lieu, first: Contrat) -> list[Contrat]:
    """The contract made a half, and another half in the other EBE once it is open and the first has begun."""
    other = next(e for e in lieu.entreprises if e != first.entreprise)
    half = replace(first, centiemes=MOITIE)
    since = max(first.debut, other.ouverture)
    if since >= (first.fin or lieu.date_arrete):
        return [half]
    return [half, replace(half, entreprise=other, debut=since)]


def _avenant(rng: np.random.Generator, lieu: Lieu, first: Contrat) -> list[Contrat]:
    """The contract closed by a change of hours, and the one of the day after, paid as its year asks."""
    room = ((first.fin or lieu.date_arrete) - first.debut).days - AVENANT_APRES
    if room < 2:
        return [first]
    closed = first.debut + timedelta(days=AVENANT_APRES + int(rng.integers(room - 1)))
    others = {hours: share for hours, share in QUOTITES.items() if int(hours) != first.centiemes}
    (hours,) = choose(rng, others, 1)
    since = closed + timedelta(days=1)
    pay = max(first.salaire, round(100 * smic(since.year)))
    return [
        replace(first, fin=closed, motif="avenant"),
        replace(first, debut=since, centiemes=int(hours), salaire=pay),
    ]


def mois(lieu: Lieu, lines: Sequence[Contrat]) -> dict[str, list[Mois]]:
    """The months of each EBE by its code, from its opening to the end of the data.

    PPDE ETP = sum over contracts of quotité × days of the month under contract / days of the month, summed
    exactly and rounded to the hundredth. Pay counts the same share of a month's hours, at the contract's
    wage or at the year's minimum when that is higher.
    """
    return {
        entreprise.code: _mois(lieu, entreprise, [line for line in lines if line.entreprise == entreprise])
        for entreprise in lieu.entreprises
    }


def _mois(lieu: Lieu, entreprise: Entreprise, lines: Sequence[Contrat]) -> list[Mois]:
    hundredths: dict[date, int] = defaultdict(int)
    pay: dict[date, float] = defaultdict(float)
    for line in lines:
        last = line.fin or lieu.date_arrete
        for month in months(line.debut, last):
            days = (min(last, month_end(month)) - max(line.debut, month)).days + 1
            hundredths[month] += line.centiemes * days
            wage = max(line.salaire, round(100 * smic(month.year)))
            pay[month] += line.centiemes / 100 * days / month_end(month).day * wage * HEURES_PAR_MOIS
    rows = []
    for month in months(entreprise.ouverture, lieu.date_arrete):
        etp = round(Fraction(hundredths[month], month_end(month).day)) / 100
        managers = round(max(ENCADREMENT_MINIMAL, PART_ENCADREMENT * etp), 2)
        rows.append(Mois(month, etp, managers, round(pay[month])))
    return rows


def rows_contrats(lines: Sequence[Contrat]) -> list[Row]:
    """The rows of the table ``contrats``."""
    return [
        {
            "personne": identifiant(line.personne),
            "ebe": line.entreprise.nom,
            "date_debut": line.debut,
            "date_fin": line.fin,
            "motif_fin": line.motif,
            "quotite": line.centiemes / 100,
            "salaire_horaire": line.salaire / 100,
            "fonction": line.fonction,
        }
        for line in lines
    ]


def rows_etp(lieu: Lieu, by_ebe: dict[str, list[Mois]]) -> list[Row]:
    """The rows of the table ``etp``."""
    return [
        {
            "ebe": entreprise.nom,
            "mois": month.mois,
            "etp_ppde": month.etp_ppde,
            "etp_encadrement": month.etp_encadrement,
        }
        for entreprise in lieu.entreprises
        for month in by_ebe[entreprise.code]
    ]
