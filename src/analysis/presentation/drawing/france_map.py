"""The map of France with the territories on it: one projection for the charts and for the site."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import cos, radians

from analysis.noyau.territoires import Commune, Territoire

_REFERENCE_LATITUDE = 46.5


@dataclass(frozen=True)
class MapPoint:
    """A place on the map, in projected units (x to the east, y to the south)."""

    code: str
    nom: str
    x: float
    y: float


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Equirectangular projection true at 46.5° north: kilometres from the equator and Greenwich.

    At France's scale it is within one per cent of a conic one; y grows to the south.
    """
    kilometres = 111.195
    x = longitude * cos(radians(_REFERENCE_LATITUDE)) * kilometres
    return x, -latitude * kilometres


def outline() -> list[list[tuple[float, float]]]:
    """The rings of metropolitan France, projected. Source: Natural Earth 4.1, 1:50 m, public domain."""
    text = (files("analysis.presentation") / "france.json").read_text(encoding="utf-8")
    return [[project(x, y) for x, y in ring] for ring in json.loads(text)]


def named_on_the_left(points: Sequence[MapPoint]) -> set[str]:
    """The codes of the points whose name, written on their right, would run into another point."""
    letter, line = 19, 34
    return {
        point.code
        for point in points
        if any(
            0 < other.x - point.x < letter * len(point.nom) and abs(other.y - point.y) < line
            for other in points
        )
    }


def place(territoire: Territoire) -> MapPoint:
    """Where a territory stands: the mean of its followed communes, else of all of them."""
    communes: tuple[Commune, ...] = territoire.communes_suivies or territoire.communes
    longitude = sum(commune.longitude for commune in communes) / len(communes)
    latitude = sum(commune.latitude for commune in communes) / len(communes)
    return MapPoint(territoire.code, territoire.nom, *project(longitude, latitude))
