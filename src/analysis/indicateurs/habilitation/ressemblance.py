"""Which habilitated places are most like a candidate on series chosen beforehand, and how far each of them
is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Final

from analysis.indicateurs.habilitation.records import SerieDeclaree, Voisin
from analysis.sources.register import Register

LEAST: Final = 3
"""Series that a place and the candidate must both have: fewer would make near what is merely unknown."""


@dataclass(frozen=True)
class Profil:
    """The series of one place of a habilitated territory; what is not published is not in ``valeurs``."""

    territoire: str
    lieu: str
    valeurs: Mapping[str, float]


def profils(register: Register, series: Sequence[SerieDeclaree]) -> tuple[Profil, ...]:
    """The profile of each commune of the register that has local series."""
    published = {
        (serie.indicateur, serie.zone_type, serie.zone, point.periode.text): point.valeur
        for serie in register.series
        for point in serie.points
    }
    found = []
    for territoire in register.territoires:
        for commune in territoire.communes_suivies:
            zones = {"commune": commune.code, "zone_emploi": commune.zone_emploi}
            values = {}
            for s in series:
                key = (s.zone, zones[s.zone], s.periode)
                top = published.get((s.numerateur, *key))
                bottom = published.get((s.denominateur, *key)) if s.denominateur else 1.0
                if top is not None and bottom:
                    values[s.serie] = top / bottom
            found.append(Profil(territoire.code, commune.nom, values))
    return tuple(found)


def voisins(
    candidat: Mapping[str, float], places: Iterable[Profil], series: Sequence[SerieDeclaree]
) -> tuple[Voisin, ...]:
    """The places by their distance to the candidate, the nearest first.

    With z the value of a series (its logarithm where declared so) and σ the standard deviation of the
    habilitated places: d = √ mean over the common series of ((z_candidate − z_place) / σ)². A place with
    fewer than ``LEAST`` common series has no distance and is left out; a series that does not vary is not
    used.
    """
    places = tuple(places)
    scales = {s.serie: _spread(s, places) for s in series}
    found = []
    for place in places:
        gaps = tuple(
            (s.serie, (_scaled(s, candidat[s.serie]) - _scaled(s, place.valeurs[s.serie])) / scales[s.serie])
            for s in series
            if _has(s, candidat) and _has(s, place.valeurs) and scales[s.serie] > 0
        )
        if len(gaps) >= LEAST:
            distance = math.sqrt(fmean(gap * gap for _, gap in gaps))
            found.append(Voisin(place.territoire, place.lieu, round(distance, 6), gaps))
    return tuple(sorted(found, key=lambda voisin: (voisin.distance, voisin.lieu)))


def _spread(serie: SerieDeclaree, places: Sequence[Profil]) -> float:
    values = [_scaled(serie, p.valeurs[serie.serie]) for p in places if _has(serie, p.valeurs)]
    return pstdev(values) if len(values) > 1 else 0.0


def _has(serie: SerieDeclaree, values: Mapping[str, float]) -> bool:
    """Whether a series can be compared: a zero has no logarithm."""
    return serie.serie in values and (not serie.transformation or values[serie.serie] > 0)


def _scaled(serie: SerieDeclaree, value: float) -> float:
    return math.log(value) if serie.transformation == "logarithme" else value
