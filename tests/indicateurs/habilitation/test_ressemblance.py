"""How far places are from a candidate, by hand, and what is not known of one."""

from __future__ import annotations

import math

import pytest

from analysis.indicateurs.habilitation.declares import load_declares
from analysis.indicateurs.habilitation.records import SerieDeclaree
from analysis.indicateurs.habilitation.ressemblance import Profil, profils, voisins
from analysis.noyau.paths import Project
from analysis.sources.register import load_register


def _serie(name: str, transformation: str = "") -> SerieDeclaree:
    return SerieDeclaree(name, name, "commune", "2018", name, "", transformation, "personnes", "essai")


SERIES = [_serie("a", "logarithme"), _serie("b"), _serie("c")]
PLACES = [
    Profil("x", "X", {"a": 100.0, "b": 1.0, "c": 4.0}),
    Profil("y", "Y", {"a": 10000.0, "b": 3.0, "c": 8.0}),
]


def test_by_hand() -> None:
    """Standard deviations of two places: ln(100)/2 = 2,302…, 1 and 2. The candidate is X but for c, by one of them."""
    near, far = voisins({"a": 100.0, "b": 1.0, "c": 6.0}, PLACES, SERIES)
    assert (near.territoire, far.territoire) == ("x", "y")
    assert near.distance == pytest.approx(math.sqrt(1 / 3), abs=1e-6)
    assert far.distance == pytest.approx(math.sqrt((4 + 4 + 1) / 3), abs=1e-6)
    assert dict(near.ecarts) == {"a": 0.0, "b": 0.0, "c": 1.0}


def test_an_identical_place_is_at_nothing_and_a_unit_changes_nothing() -> None:
    same = voisins(dict(PLACES[0].valeurs), PLACES, SERIES)
    assert same[0].distance == 0.0
    scaled = [Profil(p.territoire, p.lieu, {k: v * 1000 for k, v in p.valeurs.items()}) for p in PLACES]
    again = voisins({k: v * 1000 for k, v in PLACES[0].valeurs.items()}, scaled, SERIES)
    assert [v.distance for v in again] == pytest.approx([v.distance for v in same])


def test_too_few_common_series_give_no_distance() -> None:
    assert voisins({"a": 100.0, "b": 1.0}, PLACES, SERIES) == ()
    assert voisins({"a": 0.0, "b": 1.0, "c": 4.0}, PLACES, SERIES) == ()  # a zero has no logarithm
    assert voisins({}, PLACES, SERIES) == ()


def test_the_profiles_of_the_register() -> None:
    declares = load_declares(Project.here())
    assert declares is not None
    found = {p.lieu: p.valeurs for p in profils(load_register(Project.here()), declares.series)}
    assert found["Colombelles"]["population"] == 6941
    assert found["Jouques"]["part_chomeurs"] == pytest.approx(210 / 2048)
    assert found["Tourcoing"]["taux_chomage_zone"] == 13.8
    assert len(found) == 12
