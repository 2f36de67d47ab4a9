"""The collective life of an invented territory, and what its local authorities spend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from analysis.demonstration.contrats import Contrat
from analysis.demonstration.jours import weekday
from analysis.demonstration.lieux import Lieu
from analysis.demonstration.personnes import Row


@dataclass(frozen=True)
class Rythme:
    """How often an instance meets, how long, and how many come on average from each side.

    ``jours`` between two meetings; ``duree`` in hours; ``interne`` for a meeting inside an EBE, whose staff
    comes in proportion.
    """

    instance: str
    jours: int
    duree: float
    presents: Mapping[str, float]
    interne: bool = False


RYTHMES: Final = (
    Rythme(
        "cle",
        91,
        2.5,
        {"personnes_concernees": 4, "salaries_ebe": 3, "elus": 4, "entreprises": 2, "etat": 2.5}
        | {"associations": 4, "habitants": 1},
    ),
    Rythme("bureau", 42, 1.5, {"personnes_concernees": 1, "elus": 2, "etat": 1, "associations": 1.5}),
    Rythme(
        "groupe_travail",
        60,
        2.0,
        {"personnes_concernees": 5, "salaries_ebe": 2, "entreprises": 1.5, "associations": 2, "habitants": 1},
    ),
    Rythme(
        "assemblee",
        365,
        3.0,
        {"personnes_concernees": 22, "salaries_ebe": 15, "elus": 6, "entreprises": 4, "etat": 3.0}
        | {"associations": 9, "habitants": 18},
    ),
    Rythme("vie_ebe", 61, 1.5, {}, interne=True),
    Rythme("dialogue_social", 122, 1.5, {}, interne=True),
)
"""Meetings of the comité local and of the EBE (hypothèse de démonstration)."""

COLLEGES: Final = (
    *("personnes_concernees", "salaries_ebe", "elus", "entreprises", "etat", "associations", "habitants"),
)
PART_PRESENTE, DELEGUES, HORS_SANITAIRE = 0.6, 6.0, (date(2020, 3, 17), date(2020, 5, 11))
"""Share of the staff at a meeting of the EBE, mean members of its social dialogue (hypothèse de
démonstration); first and last days without meetings, those of the spring 2020 lockdown."""

DEPENSES: Final = (
    ("departement", "rsa", 0.75, 5600.0),
    ("departement", "insertion", 0.5, 900.0),
    ("departement", "fsl", 0.2, 480.0),
    ("ccas", "aides_individuelles", 0.3, 210.0),
    ("commune", "autre", 0.0, 9000.0),
)
"""Spending by collectivité: kind, beneficiaries over the people met, euros a year by beneficiary; without
beneficiaries, euros a year in all (hypothèse de démonstration)."""

ESTIMATION_HABILITATION, ESTIMATION_TERRAIN = (0.8, 1.3), (1.0, 1.25)
DATE_TERRAIN, PETIT_TERRITOIRE = date(2019, 6, 28), 20
"""Estimates over the people met in the end, the day of the second, and the people under which there is none
(hypothèse de démonstration)."""

PREMIERE_ANNEE: Final = 2015
BAISSE_PAR_EMBAUCHE: Final = 0.25
"""First year told; share of beneficiaries less by person employed at the end of the year (hypothèse de
démonstration)."""


def rows_instances(rng: np.random.Generator, lieu: Lieu, lines: Sequence[Contrat]) -> list[Row]:
    """The rows of the table ``instances``, by day.

    The comité local meets from the habilitation, the EBE from its opening, nobody in the lockdown.
    """
    rows = []
    for rythme in RYTHMES:
        if not rythme.interne:
            rows.extend(_reunions(rng, rythme, lieu.date_habilitation, lieu, lines))
        elif lieu.entreprises:
            opening = min(entreprise.ouverture for entreprise in lieu.entreprises)
            rows.extend(_reunions(rng, rythme, opening, lieu, lines))
    return sorted(rows, key=lambda row: (str(row["date"]), str(row["instance"])))


def _reunions(
    rng: np.random.Generator, rythme: Rythme, first: date, lieu: Lieu, lines: Sequence[Contrat]
) -> list[Row]:
    """The meetings of one instance from a day; two never fall on one day."""
    rows: list[Row] = []
    day = first + timedelta(days=int(rng.integers(1, rythme.jours)))
    while (held := weekday(day)) <= lieu.date_arrete:
        day = held + timedelta(days=int(rythme.jours * rng.uniform(0.75, 1.25)) + 3)
        if HORS_SANITAIRE[0] <= held < HORS_SANITAIRE[1]:
            continue
        rows.append(
            {
                "instance": rythme.instance,
                "date": held,
                "duree": max(0.5, round(2 * rythme.duree * float(rng.uniform(0.7, 1.3))) / 2),
                **_presents(rng, rythme, lieu, len(salaries(lines, held))),
            }
        )
    return rows


def _presents(rng: np.random.Generator, rythme: Rythme, lieu: Lieu, staff: int) -> Row:
    """Who is present from each side: no more employees than the staff, nor people than there are."""
    inside = min(DELEGUES, staff) if rythme.instance == "dialogue_social" else PART_PRESENTE * staff
    means = {"salaries_ebe": inside} if rythme.interne else rythme.presents
    most = {"salaries_ebe": staff, "personnes_concernees": lieu.personnes}
    drawn = {college: int(rng.poisson(means.get(college, 0.0))) for college in COLLEGES}
    return {college: min(count, most.get(college, count)) for college, count in drawn.items()}


def salaries(lines: Sequence[Contrat], day: date) -> list[int]:
    """The people (by rank) under contract on a day, in order."""
    return sorted(
        {line.personne for line in lines if line.debut <= day and (line.fin is None or line.fin >= day)}
    )


def rows_depenses(rng: np.random.Generator, lieu: Lieu, lines: Sequence[Contrat]) -> list[Row]:
    """The rows of the table ``depenses``: whole years that are over when the data stop."""
    rows: list[Row] = []
    for year in range(PREMIERE_ANNEE, lieu.date_arrete.year):
        employed = len(salaries(lines, date(year, 12, 31)))
        for collectivite, depense, share, unit in DEPENSES:
            people = max(0.0, share * (lieu.personnes - BAISSE_PAR_EMBAUCHE * employed))
            count = round(people * float(rng.uniform(0.95, 1.05)))
            amount = unit * (count if share else 1) * float(rng.uniform(0.95, 1.05))
            rows.append(
                {
                    "collectivite": collectivite,
                    "annee": year,
                    "depense": depense,
                    "beneficiaires": count if share else None,
                    "montant": round(amount, 2),
                }
            )
    return rows


def rows_estimations(rng: np.random.Generator, lieu: Lieu) -> list[Row]:
    """The estimates of the people concerned: one at the habilitation, one from the ground.

    The second is missing where too few people were met to go round again; a territory without an EBE told
    none.
    """
    early, late = rng.uniform(*ESTIMATION_HABILITATION), rng.uniform(*ESTIMATION_TERRAIN)
    first = _estimation(lieu, lieu.date_habilitation, early, "habilitation")
    second = _estimation(lieu, DATE_TERRAIN, late, "terrain")
    if not lieu.entreprises:
        return []
    return [first] if lieu.personnes < PETIT_TERRITOIRE else [first, second]


def _estimation(lieu: Lieu, day: date, share: float, methode: str) -> Row:
    return {
        "date_estimation": day,
        "ppde_estimees": round(share * lieu.personnes),
        "methode": methode,
    }
