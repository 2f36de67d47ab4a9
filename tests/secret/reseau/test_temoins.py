"""Cells that are known too well, by worlds that serve many: held to every table of whole numbers, and to each bound."""

from __future__ import annotations

import random

import pytest
from petites import drawn, possible, system

from analysis.secret.reseau import temoins
from analysis.secret.reseau.bornes import intervalles
from analysis.secret.reseau.systeme import Cellule, Lien, Nom, Systeme
from analysis.secret.reseau.temoins import Temoins


def narrow(known: Systeme, hidden: set[Nom]) -> dict[Nom, tuple[float, float]]:
    """The sensitive cells that are known too well, with their bounds."""
    ranks = [rang for rang, cell in enumerate(known.cellules) if cell.exigence and cell.nom in hidden]
    return {
        known.cellules[rang].nom: (one.bas, one.haut)
        for rang, one in Temoins(known, hidden).etroites(ranks).items()
    }


@pytest.mark.parametrize("seed", range(12))
def test_they_are_those_of_every_table_of_whole_numbers_with_the_same_totals(seed: int) -> None:
    rng = random.Random(seed)
    cells = drawn(rng, 3, 3, most=6)
    hidden = {name for name in cells if rng.random() < 0.7}
    worlds = possible(cells, hidden)
    small = {name for name in hidden if 0 < cells[name] < 5}
    assert narrow(system(cells), hidden) == {
        name: (min(worlds[name]), max(worlds[name]))
        for name in small
        if max(worlds[name]) - min(worlds[name]) < 5
    }


@pytest.mark.parametrize("taille", [3, 12, 5_000])
def test_they_are_the_same_however_near_worlds_are_looked_for(
    taille: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temoins, "TAILLE", taille)
    rng = random.Random(5)
    cells = drawn(rng, 10, 8, most=14)
    hidden = {name for name, n in cells.items() if 0 < n < 5 or n == 12}
    known = system(cells)
    asked = {name for name in hidden if 0 < cells[name] < 5}
    bounds = intervalles(known, hidden, asked)
    expected = {name: (one.bas, one.haut) for name, one in bounds.items() if one.largeur < 5}
    assert 0 < len(expected) < len(asked)
    assert narrow(known, hidden) == expected


def test_a_cell_without_a_bond_is_known_by_its_own_bounds_alone() -> None:
    a, b = ("a",), ("b",)
    known = Systeme([Cellule(a, 3, exigence=5), Cellule(b, 3, bas=1, haut=4, exigence=5)], [])
    assert narrow(known, {a, b}) == {b: (1.0, 4.0)}


def test_a_cell_that_only_an_inequality_holds_has_no_upper_end() -> None:
    a, b = ("a",), ("b",)
    known = Systeme(
        [Cellule(a, 2, exigence=50), Cellule(b, 3)], [Lien(((a, 1.0), (b, -1.0)), plus=float("inf"))]
    )
    assert narrow(known, {a, b}) == {}
    assert narrow(known, {a}) == {}
    upside = Systeme([Cellule(a, 2, exigence=50)], [Lien(((a, -1.0),), plus=float("inf"))])
    assert narrow(upside, {a}) == {a: (0.0, 2.0)}
