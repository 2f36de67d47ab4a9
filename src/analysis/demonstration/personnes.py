"""The people of an invented territory, as the rows of its deposit tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from analysis.demonstration.lieux import Lieu
from analysis.demonstration.parcours import AGE_RETRAITE, Emploi, Etapes, choose
from analysis.demonstration.reperes import REPERES

Row = dict[str, object]
"""A row of a table by field; closed lists hold their code, an EBE its name, a blank None."""

AGE_EN: Final = 2019
"""The year of the published mean age (283)."""

ECART_AGE: Final = 11.5
"""Standard deviation of ages: with a mean of 44 (283) it leaves a third at 50 or more (284)."""

AGES: Final = (20, 63)
"""Youngest and oldest in 2019 (hypothèse de démonstration)."""

AGE_PREMIER_EMPLOI: Final = 16
"""Nobody has been without a job since before that age (hypothèse de démonstration)."""

PRIVATION_MINIMALE: Final = 12
"""Months without a job that the law asks for (407)."""

RESIDENCE_MINIMALE: Final = timedelta(days=200)
"""Residence at the meeting of those who are told eligible: beyond the six months that the law asks for."""

FORME_PRIVATION: Final = 1.15
"""Shape of the gamma of months beyond twelve: many short, a few very long (hypothèse de démonstration)."""

AJUSTEMENT_PRIVATION: Final = 1.08
"""Gives back what the limits of age take from the mean of months (hypothèse de démonstration)."""

DIPLOMES: Final = {
    "aucun": 0.13,
    "brevet": 0.10,
    "cap_bep": 0.25,
    "bac": 0.32,
    "bac_2": 0.11,
    "bac_3_plus": 0.09,
}
"""23 % below the CAP or BEP (419), 48 % up to it (287), 20 % above the baccalauréat (420)."""

RESSOURCES: Final = {"rsa": 0.28, "aah": 0.07, "ass": 0.15, "are": 0.12, "aucune": 0.38}
"""Main resource before the hire: RSA or AAH 35 % (423, 425); the others are a hypothèse de démonstration."""

INCONNU: Final = 0.03
"""Share of « non renseigné » (hypothèse de démonstration); that of resources is 30 % for those who are not
volunteers."""
INCONNU_NON_VOLONTAIRE: Final = 0.30

SEXES: Final = {"femme": 0.5, "homme": 0.5}
INSCRIPTIONS: Final = {"inscrite": 0.8, "non_inscrite": 0.17, "nr": 0.03}
MENAGES: Final = {
    "seule": 0.38,
    "monoparentale": 0.18,
    "couple": 0.16,
    "couple_enfants": 0.22,
    "autre": 0.04,
    "nr": 0.02,
}
LOGEMENTS: Final = {
    "locataire_social": 0.45,
    "locataire_prive": 0.25,
    "proprietaire": 0.19,
    "heberge": 0.08,
    "sans_logement": 0.01,
    "nr": 0.02,
}
AIDE_LOGEMENT, AUTRE_RESSOURCE = 0.5, 0.12
"""No published figure of the first phase was found for these: hypothèses de démonstration."""

ANNEES_DOMICILE: Final = 12.0
"""Mean years of residence at the meeting (hypothèse de démonstration)."""

REMARQUES: Final = (
    "Suivi avec la mission locale.",
    "Souhaite un temps partiel.",
    "Pas de permis de conduire.",
    "À recontacter au printemps.",
)
PART_REMARQUES: Final = 0.05

SITUATION_APRES: Final = {
    "autre_emploi": "autre_emploi",
    "retraite": "retraite",
    "demenagement": "demenagement",
    "deces": "deces",
    "fin_essai": "renoncement",
    "rupture_conventionnelle": "formation",
}
"""Where a departure of the EBE leads; other reasons lead to « autre » (hypothèse de démonstration)."""


def identifiant(rank: int) -> str:
    """The local identifier of a person, from its rank.

    >>> identifiant(16)
    'P-017'
    """
    return f"P-{rank + 1:03d}"


def naissances(rng: np.random.Generator, n: int) -> list[int]:
    """``n`` years of birth; ages in 2019 are normal around the published mean, cut at :data:`AGES`."""
    ages = rng.normal(REPERES["age_moyen"].valeur, ECART_AGE, n).round().clip(*AGES)
    return [AGE_EN - int(age) for age in ages]


def rows_personnes(
    rng: np.random.Generator,
    lieu: Lieu,
    people: Sequence[Etapes],
    births: Sequence[int],
    stays: Sequence[Emploi],
    offers: Sequence[date | None],
) -> list[Row]:
    """The rows of the table ``personnes``, one per person met, in the order of the meetings."""
    n = len(people)
    profile = _profil(rng, n)
    benefits = _ressources(rng, people)
    employed = {stay.personne: stay for stay in stays}
    rows = []
    for rank, steps in enumerate(people):
        privation = _privation(rng, steps, births[rank])
        rows.append(
            {
                "personne": identifiant(rank),
                "annee_naissance": births[rank],
                **{field: values[rank] for field, values in profile.items()},
                "date_domicile": _domicile(rng, steps, births[rank]),
                "mois_sans_emploi": privation,
                "date_mois_sans_emploi": steps.rencontre,
                **benefits[rank],
                "date_rencontre": steps.rencontre,
                **_etapes(steps, employed.get(rank)),
                "date_proposition": offers[rank],
                **_situation(steps, employed.get(rank), births[rank]),
                "remarque": REMARQUES[int(rng.integers(len(REMARQUES)))]
                if rng.random() < PART_REMARQUES
                else None,
            }
        )
    return rows


def _profil(rng: np.random.Generator, n: int) -> Mapping[str, Sequence[object]]:
    """Sex, diploma, RQTH, registration, household and housing of ``n`` people, by field."""
    rqth = REPERES["part_travailleurs_handicapes"].valeur
    households = choose(rng, MENAGES, n)
    children = 1 + rng.poisson(0.9, n)
    with_children = ("monoparentale", "couple_enfants")
    return {
        "sexe": choose(rng, SEXES, n),
        "diplome": _some_unknown(rng, choose(rng, DIPLOMES, n)),
        "rqth": _some_unknown(rng, choose(rng, {"oui": rqth, "non": 1 - rqth}, n)),
        "inscription": choose(rng, INSCRIPTIONS, n),
        "menage": households,
        "enfants": [
            None if kind == "nr" else int(count) if kind in with_children else 0
            for kind, count in zip(households, children, strict=True)
        ],
        "logement": choose(rng, LOGEMENTS, n),
    }


def _some_unknown(rng: np.random.Generator, values: list[str]) -> list[str]:
    drawn = rng.random(len(values))
    return ["nr" if drawn[rank] < INCONNU else value for rank, value in enumerate(values)]


def _ressources(rng: np.random.Generator, people: Sequence[Etapes]) -> list[Row]:
    """The benefits before the hire: one main resource at most, all unknown for some."""
    n = len(people)
    main, unknown = choose(rng, RESSOURCES, n), rng.random(n)
    housing, other = rng.random(n) < AIDE_LOGEMENT, rng.random(n) < AUTRE_RESSOURCE
    rows = []
    for rank, steps in enumerate(people):
        received = {name: main[rank] == name for name in ("rsa", "ass", "are", "aah")}
        received |= {"aide_logement": bool(housing[rank]), "autre_ressource": bool(other[rank])}
        is_unknown = unknown[rank] < (INCONNU if steps.volontariat else INCONNU_NON_VOLONTAIRE)
        row: Row = {
            f"{name}_avant": "nr" if is_unknown else "oui" if is_received else "non"
            for name, is_received in received.items()
        }
        rows.append(row)
    return rows


def _privation(rng: np.random.Generator, steps: Etapes, birth: int) -> int:
    """Months without a job at the meeting: twelve at least but for someone decided not eligible."""
    mean = (REPERES["duree_moyenne_privation"].valeur - PRIVATION_MINIMALE) * AJUSTEMENT_PRIVATION
    drawn = PRIVATION_MINIMALE + rng.gamma(FORME_PRIVATION, mean / FORME_PRIVATION)
    longest = 12 * (steps.rencontre.year - birth - AGE_PREMIER_EMPLOI)
    if steps.decision == "non_eligible":
        return int(rng.integers(0, PRIVATION_MINIMALE - 4))
    return max(PRIVATION_MINIMALE, min(round(drawn), longest))


def _domicile(rng: np.random.Generator, steps: Etapes, birth: int) -> date:
    """Since when the person lives there: not before its birth, and long enough before the meeting."""
    since = steps.rencontre - RESIDENCE_MINIMALE - timedelta(days=int(rng.exponential(365 * ANNEES_DOMICILE)))
    return max(since, date(birth, 7, 1))


def _etapes(steps: Etapes, stay: Emploi | None) -> Row:
    """Volunteering and decision; a decision after the person left the queue was never taken."""
    decided = steps.date_decision
    is_taken = bool(decided and (stay or not steps.depart or decided <= steps.depart))
    return {
        "date_volontariat": steps.volontariat,
        "decision_cle": steps.decision if is_taken else None,
        "date_decision_cle": decided if is_taken else None,
    }


def _situation(steps: Etapes, stay: Emploi | None, birth: int) -> Row:
    """The situation at the end of the data, and since when; the young do not retire but find a job."""
    if stay and stay.fin:
        name = SITUATION_APRES.get(stay.motif or "", "autre")
        return {"situation": name, "date_situation": stay.fin + timedelta(days=1)}
    if stay:
        return {"situation": "ebe", "date_situation": stay.debut}
    if steps.depart:
        is_young = steps.depart.year - birth < AGE_RETRAITE
        name = "autre_emploi" if steps.vers == "retraite" and is_young else str(steps.vers)
        return {"situation": name, "date_situation": steps.depart}
    if steps.volontariat:
        return {"situation": "attente", "date_situation": steps.volontariat}
    return {"situation": "rencontre", "date_situation": steps.rencontre}
