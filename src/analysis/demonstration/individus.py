"""An invented comparison file of individuals, drawn with an effect that is written beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.demonstration.lieux import Lieu

EMBAUCHES, SEMBLABLES = 320, 1500
"""People hired by an EBE, people who might have been."""

HORIZONS: Final = (6, 12, 24)

RESTE: Final = {6: 0.93, 12: 0.85, 24: 0.68}
"""The share of those hired who are still in the EBE at each horizon."""

REPRISE: Final = {6: -0.9, 12: -0.55, 24: -0.25}
"""The logit of a job elsewhere at each horizon, for who resembles the mean of the comparison group."""

COUP_DE_POUCE: Final = 0.35
"""By how much an EBE left behind raises that logit."""

INCONNUE: Final = 0.04
"""The share of situations that the file does not know."""

_LAST_MONTH: Final = (2019, 6)
"""The last month of reference: 24 months later is still before the day at which invented data stop."""

_FIELDS: Final = (
    *("personne", "groupe", "territoire", "mois_reference", "sexe", "annee_naissance", "diplome", "rqth"),
    *("minima_sociaux", "mois_sans_emploi", "mois_emploi_24", "type_zone"),
    *(f"emploi_{horizon}" for horizon in HORIZONS),
)
_DIPLOMES: Final = ("aucun", "brevet", "cap_bep", "bac", "bac_2")
_ZONES: Final = ("urbain", "intermediaire", "rural")


@dataclass(frozen=True)
class Individus:
    """The rows of an invented file, and the effects (outcome, horizon, difference of shares) they were drawn
    with.

    An effect is the mean, over the people hired, of the chance of the outcome with the hire less that without
    it.
    """

    lignes: tuple[dict[str, str], ...]
    effets: tuple[tuple[str, int, float], ...]


def inventer_individus(lieux: Sequence[Lieu], graine: int) -> Individus:
    """People hired by the EBE of these places and people alike; no rows where no place has an EBE.

    Who is hired is farther from a job than who is not: the two groups as they come say less than the truth.
    """
    places = [lieu for lieu in lieux if lieu.entreprises]
    if not places:
        return Individus((), ())
    random = np.random.default_rng([graine, 24])
    hired = np.arange(EMBAUCHES + SEMBLABLES) < EMBAUCHES
    known = _known_before(random, hired)
    nearness = _nearness(known)
    with_ebe = {horizon: _chance(horizon, nearness, COUP_DE_POUCE) for horizon in HORIZONS}
    without = {horizon: _chance(horizon, nearness) for horizon in HORIZONS}
    stay, luck, told = random.random(len(hired)), random.random(len(hired)), random.random((3, len(hired)))
    rows = []
    for rank, is_hired in enumerate(hired):
        place = places[rank % len(places)] if is_hired else None
        row = {"personne": f"I-{rank + 1:04d}", "groupe": "ebe" if is_hired else "comparaison"}
        row |= {"territoire": place.code if place else "", "mois_reference": _month(random, place)}
        row |= {name: str(values[rank]) for name, values in known.items() if name != "age"}
        row["annee_naissance"] = str(int(row["mois_reference"][:4]) - known["age"][rank])
        for column, horizon in enumerate(HORIZONS):
            in_ebe = is_hired and stay[rank] < RESTE[horizon]
            chance = (with_ebe if is_hired else without)[horizon][rank]
            situation = "ebe" if in_ebe else "autre_emploi" if luck[rank] < chance else "sans_emploi"
            row[f"emploi_{horizon}"] = "" if told[column, rank] < INCONNUE else situation
        rows.append({name: row[name] for name in _FIELDS})
    order = random.permutation(len(rows))
    return Individus(tuple(rows[rank] for rank in order), tuple(_effects(with_ebe, without, hired)))


def ecrire_individus(folder: Path, individus: Individus) -> None:
    """Write the file as it would be received, and the effects beside it; nothing where there is nobody."""
    if not individus.lignes:
        return
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "individus.csv", _FIELDS, (row.values() for row in individus.lignes))
    effects = ((name, str(horizon), f"{effect:.6f}") for name, horizon, effect in individus.effets)
    _write(folder / "effets_connus.csv", ("resultat", "horizon", "effet"), effects)


def _known_before(random: np.random.Generator, hired: NDArray[np.bool_]) -> dict[str, NDArray[np.generic]]:
    """What is known of people before, by column; those hired are farther from a job."""
    n = len(hired)
    far = np.where(hired, 0.35, 0.0)
    degree = np.clip(np.round(random.normal(2.0 - far, 1.2, n)), 0, 4).astype(int)
    return {
        "sexe": np.where(random.random(n) < np.where(hired, 0.54, 0.49), "femme", "homme"),
        "age": np.clip(np.round(random.normal(42 + 3 * far, 10, n)), 20, 62).astype(int),
        "diplome": np.array(_DIPLOMES)[degree],
        "rqth": np.where(random.random(n) < np.where(hired, 0.21, 0.14), "oui", "non"),
        "minima_sociaux": np.where(random.random(n) < np.where(hired, 0.52, 0.44), "oui", "non"),
        "mois_sans_emploi": np.clip(np.round(np.exp(random.normal(3.3 + far, 0.6, n))), 12, 240).astype(int),
        "mois_emploi_24": random.binomial(24, np.where(hired, 0.1, 0.14), n),
        "type_zone": np.array(_ZONES)[random.choice(3, n, p=(0.35, 0.3, 0.35))],
    }


def _nearness(known: dict[str, NDArray[np.generic]]) -> NDArray[np.float64]:
    """How near to a job somebody is, on the scale of the logit."""
    months = known["mois_sans_emploi"].astype(float)
    score = -0.8 * (np.log(months) - 3.3) + 0.16 * (known["mois_emploi_24"].astype(float) - 3.4)
    score = score - 0.5 * (known["rqth"] == "oui") - 0.3 * (known["minima_sociaux"] == "oui")
    score = score - 0.03 * (known["age"].astype(float) - 42)
    return np.asarray(score - 0.4 * np.isin(known["diplome"], ["aucun", "brevet"]))


def _chance(horizon: int, nearness: NDArray[np.float64], push: float = 0.0) -> NDArray[np.float64]:
    """The chance of a job elsewhere than in an EBE at a horizon, for who is in none."""
    return np.asarray(1 / (1 + np.exp(-(REPRISE[horizon] + push + nearness))))


def _effects(
    with_ebe: dict[int, NDArray[np.float64]],
    without: dict[int, NDArray[np.float64]],
    hired: NDArray[np.bool_],
) -> Iterable[tuple[str, int, float]]:
    for horizon in HORIZONS:
        elsewhere = (1 - RESTE[horizon]) * with_ebe[horizon][hired]
        nothing = without[horizon][hired]
        yield "emploi", horizon, float((RESTE[horizon] + elsewhere - nothing).mean())
        yield "emploi_hors_ebe", horizon, float((elsewhere - nothing).mean())


def _month(random: np.random.Generator, place: Lieu | None) -> str:
    """A month from the first opening of the place (from 2017 elsewhere) to the last month of reference."""
    opening = min(firm.ouverture for firm in place.entreprises) if place else None
    first = max((opening.year, opening.month) if opening else (2017, 1), (2017, 1))
    last = 12 * _LAST_MONTH[0] + _LAST_MONTH[1] - 1
    start = min(12 * first[0] + first[1] - 1, last)
    year, month = divmod(int(random.integers(start, last + 1)), 12)
    return f"{year}-{month + 1:02d}"


def _write(path: Path, columns: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
