"""The steps of the people of an invented territory: met, volunteers, decided, hired, gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from analysis.demonstration.jours import at_share, weekday
from analysis.demonstration.lieux import Entreprise, Lieu
from analysis.demonstration.reperes import (
    ATTENTE_MOYENNE,
    DEPARTS_PAR_AN,
    EMBAUCHES,
    PART_EMBAUCHES,
    PART_VOLONTAIRES,
    VOLONTAIRES,
)

DECISIONS: Final = {"eligible": 0.93, "non_eligible": 0.04, "ajournee": 0.03}
"""Decisions of the comité local (hypothèse de démonstration)."""

SORTIES_ATTENTE: Final = {
    "autre_emploi": 0.68,
    "formation": 0.06,
    "retraite": 0.05,
    "demenagement": 0.07,
    "renoncement": 0.08,
    "perdue_de_vue": 0.05,
    "deces": 0.01,
}
"""Where volunteers who are not hired go; another job first (277) (hypothèse de démonstration)."""

MOTIFS: Final = {
    "autre_emploi": 0.32,
    "demission": 0.15,
    "retraite": 0.12,
    "licenciement": 0.11,
    "rupture_conventionnelle": 0.12,
    "fin_essai": 0.05,
    "inaptitude": 0.06,
    "demenagement": 0.04,
    "deces": 0.01,
    "autre": 0.02,
}
"""Why people leave an EBE (hypothèse de démonstration)."""

RENCONTRE_AVANT, DECISION_APRES, SORTIE_APRES = 120, (10, 120), 130
"""Days: volunteering comes at most 120 after the meeting, the decision 10 to 120 later, an exit 130 at the
earliest (hypothèse de démonstration)."""

DELAI_EMBAUCHE: Final = 7
"""Days at least from the decision to the hire (hypothèse de démonstration)."""

TETE_DE_FILE: Final = 0.15
"""Chance that the next of the waiting is the one hired, in order of decision (hypothèse de démonstration)."""

PART_RETOURS, ABSENCE_MINIMALE, ABSENCE_MOYENNE = 0.04, 30, 150
"""Share of those who left who are hired again; days away at the least, and mean days beyond (hypothèse de
démonstration)."""

SANS_RETOUR: Final = frozenset({"retraite", "deces", "demenagement"})
"""Reasons of leaving after which nobody comes back."""

OFFRE_AVANT, PART_REFUS = (3, 40), 0.06
"""Days from the offer to the hire; share of those never hired who refused an offer (hypothèse de
démonstration)."""

ESSAI: Final = 90
"""Days within which a departure may be the end of a trial period (hypothèse de démonstration)."""

AGE_RETRAITE: Final = 60
"""Age from which a departure may be a retirement (hypothèse de démonstration)."""


@dataclass(frozen=True)
class Etapes:
    """The steps of a person before any hire; ``depart`` and ``vers``: when it left, and to what."""

    rencontre: date
    volontariat: date | None = None
    decision: str | None = None
    date_decision: date | None = None
    depart: date | None = None
    vers: str | None = None


@dataclass(frozen=True)
class Emploi:
    """One stay of a person (by rank) in an EBE; ``fin`` and ``motif`` are missing while it runs."""

    personne: int
    entreprise: Entreprise
    debut: date
    fin: date | None
    motif: str | None


def choose(rng: np.random.Generator, shares: dict[str, float], n: int) -> list[str]:
    """``n`` independent draws of the names of ``shares``, weighed by it."""
    weights = np.array(list(shares.values()))
    return [str(name) for name in rng.choice(list(shares), n, p=weights / weights.sum())]


def etapes(rng: np.random.Generator, lieu: Lieu) -> list[Etapes]:
    """The steps of each person, in the order in which they were met.

    Volunteering follows :data:`VOLONTAIRES`, evenly spread; a fixed share of people are not volunteers.
    """
    n = lieu.personnes
    shares = (np.arange(n) + rng.random(n)) / n
    days = [at_share(VOLONTAIRES, share) for share in shares]
    volunteers = np.zeros(n, dtype=bool)
    volunteers[rng.permutation(n)[: round(PART_VOLONTAIRES * n)]] = True
    before = rng.integers(0, RENCONTRE_AVANT + 1, n)
    after = rng.integers(*DECISION_APRES, n, endpoint=True)
    waits = rng.exponential(ATTENTE_MOYENNE, n)
    decisions, exits = _decisions(rng, n), choose(rng, SORTIES_ATTENTE, n)
    people = []
    for index, day in enumerate(days):
        met = weekday(max(day - timedelta(days=int(before[index])), VOLONTAIRES[0][0]))
        since = max(met, weekday(day))
        if not volunteers[index]:
            people.append(Etapes(met))
            continue
        left = since + timedelta(days=SORTIE_APRES + int(waits[index]))
        decided = weekday(since + timedelta(days=int(after[index])))
        known = decided <= lieu.date_arrete
        people.append(
            Etapes(
                rencontre=met,
                volontariat=since,
                decision=decisions[index] if known else None,
                date_decision=decided if known else None,
                depart=left if left <= lieu.date_arrete else None,
                vers=exits[index] if left <= lieu.date_arrete else None,
            )
        )
    return sorted(people, key=lambda steps: steps.rencontre)


def _decisions(rng: np.random.Generator, n: int) -> list[str]:
    """``n`` decisions in the fixed shares of :data:`DECISIONS`, in a drawn order."""
    others = [
        name for name, share in DECISIONS.items() if name != "eligible" for _ in range(round(share * n))
    ]
    decisions = others + ["eligible"] * (n - len(others))
    return [decisions[place] for place in rng.permutation(n)]


def emplois(
    rng: np.random.Generator, lieu: Lieu, people: Sequence[Etapes], naissances: Sequence[int]
) -> list[Emploi]:
    """The stays in the EBE of a territory, in the order of the hires.

    Hires follow :data:`EMBAUCHES`; those before the opening come with it. Each takes someone eligible who
    still waits, the first in the queue more often, or the next decided when nobody waits. Those hired a
    second time, after a stay that ended, come last. ``naissances`` are years of birth.
    """
    if not lieu.entreprises:
        return []
    hired: list[Emploi] = []
    waiting = [
        (steps.date_decision, rank)
        for rank, steps in enumerate(people)
        if steps.decision == "eligible" and steps.date_decision
    ]
    waiting.sort()
    for wanted in _hire_days(rng, lieu):
        day, queue = _next_queue(wanted, waiting, people)
        if queue and day < lieu.date_arrete:
            chosen = queue[min(int(rng.geometric(TETE_DE_FILE)), len(queue)) - 1]
            waiting.remove(chosen)
            entreprise = _employer(rng, lieu, day)
            hired.append(_emploi(rng, lieu, chosen[1], entreprise, day, naissances[chosen[1]]))
    return [*hired, *_retours(rng, lieu, hired, naissances)]


def _retours(
    rng: np.random.Generator, lieu: Lieu, hired: Sequence[Emploi], naissances: Sequence[int]
) -> list[Emploi]:
    """The second stays: of a few of those who left, a month later at the earliest."""
    back = []
    for stay in hired:
        returns, wait = rng.random() < PART_RETOURS, rng.exponential(ABSENCE_MOYENNE)
        if stay.fin is None or stay.motif in SANS_RETOUR or not returns:
            continue
        day = weekday(stay.fin + timedelta(days=ABSENCE_MINIMALE + int(wait)))
        if day < lieu.date_arrete - timedelta(days=7):
            entreprise = _employer(rng, lieu, day)
            back.append(_emploi(rng, lieu, stay.personne, entreprise, day, naissances[stay.personne]))
    return back


def propositions(
    rng: np.random.Generator, lieu: Lieu, people: Sequence[Etapes], stays: Sequence[Emploi]
) -> list[date | None]:
    """The day of the first offer of each person: shortly before the hire, or one that was refused."""
    n = len(people)
    before = rng.integers(*OFFRE_AVANT, n, endpoint=True)
    refuses, share = rng.random(n) < PART_REFUS, rng.random(n)
    hires = {stay.personne: stay.debut for stay in reversed(stays)}
    offers: list[date | None] = []
    for rank, steps in enumerate(people):
        since, hire = steps.volontariat, hires.get(rank)
        decided = steps.date_decision
        if hire and since:
            offers.append(max(since, hire - timedelta(days=int(before[rank]))))
        elif lieu.entreprises and refuses[rank] and steps.decision == "eligible" and decided:
            opened = max(decided, min(entreprise.ouverture for entreprise in lieu.entreprises))
            room = ((steps.depart or lieu.date_arrete) - opened).days
            offers.append(opened + timedelta(days=int(share[rank] * room)) if room > 0 else None)
        else:
            offers.append(None)
    return offers


def _hire_days(rng: np.random.Generator, lieu: Lieu) -> list[date]:
    """The days of the hires: working days, none before the opening nor in the last week of the data."""
    n = round(PART_EMBAUCHES * lieu.personnes)
    opening = min(entreprise.ouverture for entreprise in lieu.entreprises)
    last = lieu.date_arrete - timedelta(days=7)
    days = [at_share(EMBAUCHES, (rank + float(rng.random())) / n) for rank in range(n)]
    return [weekday(min(max(day, opening), last)) for day in days]


def _next_queue(
    day: date, waiting: Sequence[tuple[date, int]], people: Sequence[Etapes]
) -> tuple[date, list[tuple[date, int]]]:
    """Who waits on a day by decision; when nobody does, the first day after it when someone will."""
    ready = [(since + timedelta(days=DELAI_EMBAUCHE), (since, rank)) for since, rank in waiting]
    ready = [(free, one) for free, one in ready if _still_waits(people[one[1]], max(free, day))]
    first = max(day, min((free for free, _ in ready), default=day))
    return weekday(first), [one for free, one in ready if free <= first]


def _still_waits(steps: Etapes, day: date) -> bool:
    return steps.depart is None or steps.depart > day


def _employer(rng: np.random.Generator, lieu: Lieu, day: date) -> Entreprise:
    """One of the EBE open at a day, by their sizes."""
    opened = [entreprise for entreprise in lieu.entreprises if entreprise.ouverture <= day]
    weights = np.array([entreprise.taille for entreprise in opened])
    return opened[int(rng.choice(len(opened), p=weights / weights.sum()))]


def _emploi(
    rng: np.random.Generator, lieu: Lieu, rank: int, entreprise: Entreprise, day: date, naissance: int
) -> Emploi:
    """The stay that begins at a day; its length is exponential at :data:`DEPARTS_PAR_AN`."""
    end = day + timedelta(days=1 + int(rng.exponential(365.25 / DEPARTS_PAR_AN)))
    (motif,) = choose(rng, MOTIFS, 1)
    if end >= lieu.date_arrete:
        return Emploi(rank, entreprise, day, None, None)
    if motif == "retraite" and end.year - naissance < AGE_RETRAITE:
        motif = "autre_emploi"
    if motif == "fin_essai" and (end - day).days > ESSAI:
        motif = "demission"
    return Emploi(rank, entreprise, day, end, motif)
