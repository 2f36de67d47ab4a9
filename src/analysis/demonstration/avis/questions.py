"""The questions that an invented territory puts to the evaluation, and the indicators that it proposes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from analysis.demonstration.lieux import Lieu
from analysis.demonstration.personnes import Row
from analysis.demonstration.vie import PETIT_TERRITOIRE

QUESTIONS_PAR_TERRITOIRE: Final = 2
DATES: Final = (date(2018, 12, 31), date(2020, 12, 31))
DATE_CIBLE: Final = date(2021, 6, 30)


@dataclass(frozen=True)
class Proposition:
    """An indicator as a territory proposes it; ``part`` is its mean over the people met, or a mean value.

    ``cible`` is None for one without a target.
    """

    libelle: str
    definition: str
    origine: str
    mesure: str
    part: float
    cible: float | None = None
    sens: str = "au_moins"


@dataclass(frozen=True)
class Demande:
    """A question, who asks it, which hypothesis it bears on, and its indicators."""

    intitule: str
    college: str
    hypothese: str
    propositions: tuple[Proposition, ...]


DEMANDES: Final = (
    Demande(
        "Le bouche-à-oreille suffit-il à rencontrer tout le monde ?",
        "personnes_concernees",
        "h1",
        (
            Proposition(
                "Personnes venues par un proche",
                "Personnes rencontrées qui disent être venues sur le conseil d'un proche.",
                "Registre d'accueil du comité local",
                "part_personnes",
                0.34,
                30.0,
            ),
            Proposition(
                "Personnes rencontrées à domicile",
                "Personnes rencontrées chez elles à leur demande.",
                "Registre d'accueil du comité local",
                "personnes",
                0.12,
            ),
        ),
    ),
    Demande(
        "L'entreprise rend-elle des services que personne ne rendait ?",
        "elus",
        "h2",
        (
            Proposition(
                "Heures de services nouveaux",
                "Heures facturées pour des services que le comité local a dits nouveaux dans l'année.",
                "Planning de l'entreprise",
                "heures",
                2400.0,
                2000.0,
            ),
        ),
    ),
    Demande(
        "Les salariés restent-ils le temps d'apprendre un métier ?",
        "salaries_ebe",
        "h1",
        (
            Proposition(
                "Salariés formés dans l'année",
                "Salariés qui ont suivi une formation de trois jours ou plus dans l'année.",
                "Plan de formation",
                "part_personnes",
                0.41,
                50.0,
            ),
        ),
    ),
    Demande(
        "Que coûte le déplacement pour venir travailler ?",
        "salaries_ebe",
        "autre",
        (
            Proposition(
                "Aide au déplacement versée",
                "Aides versées dans l'année aux salariés sans voiture.",
                "Comptes du comité local",
                "euros",
                6200.0,
                8000.0,
                "au_plus",
            ),
        ),
    ),
    Demande(
        "Les entreprises du territoire y gagnent-elles ?",
        "entreprises",
        "h2",
        (
            Proposition(
                "Entreprises clientes",
                "Entreprises du territoire qui ont passé commande dans l'année.",
                "Factures de l'entreprise",
                "nombre",
                14.0,
                12.0,
            ),
        ),
    ),
    Demande("Qui parle au nom des personnes qui n'ont pas voulu venir ?", "associations", "h1", ()),
)
"""What the invented territories ask; two of these each (hypothèse de démonstration)."""


def questions(rng: np.random.Generator, lieu: Lieu) -> dict[str, list[Row]]:
    """The rows of the three local tables: questions, indicators, values; none of a small place."""
    tables: dict[str, list[Row]] = {"questions_locales": [], "indicateurs_locaux": [], "mesures_locales": []}
    if lieu.personnes < PETIT_TERRITOIRE:
        return tables
    first = lieu.rang % len(DEMANDES)
    for rank in range(QUESTIONS_PAR_TERRITOIRE):
        demande = DEMANDES[(first + rank) % len(DEMANDES)]
        code = f"Q{rank + 1}"
        tables["questions_locales"].append(
            {
                "question": code,
                "intitule": demande.intitule,
                "college": demande.college,
                "hypothese": demande.hypothese,
            }
        )
        for proposition in demande.propositions:
            name = f"I{len(tables['indicateurs_locaux']) + 1}"
            tables["indicateurs_locaux"].append(_indicateur(name, code, proposition))
            tables["mesures_locales"] += [_valeur(rng, lieu, name, proposition, day) for day in DATES]
    return tables


def _indicateur(name: str, question: str, proposition: Proposition) -> Row:
    has_target = proposition.cible is not None
    return {
        "indicateur": name,
        "question": question,
        "libelle": proposition.libelle,
        "definition": proposition.definition,
        "origine": proposition.origine,
        "mesure": proposition.mesure,
        "cible": proposition.cible,
        "sens_cible": proposition.sens if has_target else None,
        "date_cible": DATE_CIBLE if has_target else None,
    }


def _valeur(rng: np.random.Generator, lieu: Lieu, name: str, proposition: Proposition, day: date) -> Row:
    """A value at a date: people drawn among half of those met, or an amount around its mean."""
    observed = max(1, lieu.personnes // 2)
    if proposition.mesure in ("personnes", "part_personnes"):
        valeur: float = int(rng.binomial(observed, proposition.part))
    else:
        valeur = round(proposition.part * float(rng.uniform(0.7, 1.3)))
    sur = observed if proposition.mesure == "part_personnes" else None
    return {"indicateur": name, "date": day, "valeur": valeur, "sur": sur}
