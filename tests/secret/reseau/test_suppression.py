"""Patterns that protect a network: by shortest paths, at the least cost, beside every pattern there is."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import combinations

import pytest
from petites import drawn, nom, possible, system, table

from analysis.secret.reseau.exacte import determinees
from analysis.secret.reseau.protection import par_intervalles
from analysis.secret.reseau.suppression import Motif, PasUnReseau, optimum, par_plus_courts_chemins
from analysis.secret.reseau.systeme import Cellule, Lien, Nom, Systeme
from analysis.secret.reseau.tableau import cumules, liens_du_tableau


def cost(known: Systeme, names: Iterable[Nom]) -> float:
    return sum(known.cellules[known.rang[name]].poids for name in names)


def test_the_square_that_costs_least_is_taken() -> None:
    """The 3 needs another in its line and in its column, and their corner: 10 + 20 + 30, not what holds 90."""
    cells = table([[3, 10, 90], [20, 30, 80], [70, 60, 50]])
    expected = {nom(0, 0), nom(0, 1), nom(1, 0), nom(1, 1)}
    known = system(cells)
    for motif in (par_plus_courts_chemins(known), optimum(known)):
        assert motif.retenues == expected
        assert motif.cout == pytest.approx(3 + 0.1 + 0.2 + 0.3)
    assert optimum(known).ecart == 0
    assert optimum(known).borne == pytest.approx(3.6)


def test_one_way_round_serves_several_where_one_by_one_takes_more() -> None:
    """The optimum is never dearer than the shortest paths; on some of these tables it is cheaper.

    Both are beside every pattern of cells other than zeros, on tables of three lines.
    """
    rng, cheaper = random.Random(5), 0
    for _ in range(12):
        cells = drawn(rng, 3, rng.choice([3, 4]))
        known = system(cells)
        small = {name for name, value in cells.items() if 0 < value < 5}
        quick, best = par_plus_courts_chemins(known), optimum(known)
        assert quick.sans_protection == best.sans_protection
        free = [name for name in cells if cells[name] >= 5]
        least = min(
            cost(known, more)
            for size in range(len(free) + 1)
            for more in combinations(free, size)
            if not determinees(known, small | set(more)) & small - best.sans_protection
        )
        assert best.cout == pytest.approx(least)
        assert best.ecart == 0
        for motif in (quick, best):
            assert small <= motif.retenues
            assert not determinees(known, motif.retenues) & small - motif.sans_protection
        cheaper += quick.cout > best.cout + 1e-9
    assert cheaper


def test_a_cell_alone_with_zeros_is_said_to_be_without_protection() -> None:
    """A line of 3 and zeros: nothing in it can be less, the 3 is its total."""
    known = system(table([[3, 0, 0], [20, 30, 40], [50, 60, 70]]))
    for motif in (par_plus_courts_chemins(known), optimum(known)):
        assert motif.sans_protection == {nom(0, 0)}
        assert motif.retenues == {nom(0, 0)}


def test_the_pattern_of_before_is_kept_where_it_still_protects() -> None:
    """Alone, the 3 takes the square of 10; after an edition that withheld the square of 50, it keeps that one."""
    cells = table([[3, 10, 50], [20, 30, 80], [50, 60, 90]])
    known = system(cells)
    before = {nom(0, 0), nom(0, 2), nom(2, 0), nom(2, 2)}
    assert optimum(known).retenues == {nom(0, 0), nom(0, 1), nom(1, 0), nom(1, 1)}
    assert optimum(known, avant=before).retenues == before
    assert par_plus_courts_chemins(known, avant=before).retenues == before


def test_the_order_of_the_cells_decides_no_cost() -> None:
    cells = drawn(random.Random(2), 5, 6)
    known, turned = system(cells), system(dict(reversed(cells.items())))
    assert optimum(known).retenues == optimum(known).retenues
    assert optimum(known).cout == pytest.approx(optimum(turned).cout)


def test_no_time_gives_the_shortest_paths_and_says_the_gap() -> None:
    """Nothing is proven: the least possible cost is not known to be above nought."""
    known = system(drawn(random.Random(8), 6, 6))
    hurried = optimum(known, limite=0.0)
    assert hurried.retenues == par_plus_courts_chemins(known).retenues
    assert (hurried.borne, hurried.ecart) == (0.0, 1.0)


def test_what_is_no_network_is_refused() -> None:
    a: Nom = ("a",)
    known = Systeme([Cellule(a, 3, exigence=5)], [Lien(((a, 1.0),))] * 3)
    with pytest.raises(PasUnReseau):
        optimum(known)


PARENTS = {"a": "d", "b": "d", "c": "e", "d": "pays", "e": "pays"}


def test_a_hierarchy_crossed_with_categories_is_a_network() -> None:
    """Places a and b in d, c alone in e: what is withheld of c is so of e, and of another place of the country.

    In c, 2 and 9 are withheld together; e has the same two, c being alone in it; the country has 2 + 20 + 8.
    """
    counts = {("a", "x"): 20, ("a", "y"): 30, ("b", "x"): 8, ("b", "y"): 7, ("c", "x"): 2, ("c", "y"): 9}
    whole = cumules(counts, PARENTS)
    assert (whole["d", "x"], whole["e", "x"], whole["pays", "x"], whole["pays", "y"]) == (28, 2, 30, 46)
    cells = [Cellule(n, v, exigence=5 if 0 < v < 5 else 0, poids=1 + v / 100) for n, v in whole.items()]
    known = Systeme(cells, liens_du_tableau(whole, PARENTS))
    assert determinees(known, {("c", "x"), ("e", "x")}) == {("c", "x"), ("e", "x")}
    best = optimum(known)
    assert {("c", "x"), ("c", "y"), ("e", "x"), ("e", "y")} <= best.retenues
    assert not determinees(known, best.retenues)
    assert best.ecart == 0


def widths(cells: dict[Nom, int], motif: Motif) -> dict[Nom, int]:
    truth = possible(cells, motif.retenues)
    return {name: max(values) - min(values) for name, values in truth.items() if 0 < cells[name] < 5}


@pytest.mark.lent
def test_intervals_are_made_wide_enough_and_what_cannot_be_is_said() -> None:
    """Beside every table of whole numbers that a reader cannot tell apart."""
    rng = random.Random(11)
    told = 0
    for _ in range(12):
        cells = drawn(rng, *rng.choice([(2, 3), (3, 3)]), most=5)
        known = system(cells)
        motif = par_intervalles(known)
        wide = widths(cells, motif)
        assert {name for name, width in wide.items() if width < 5} == motif.sans_protection
        told += len(motif.sans_protection)
        everything = possible(cells, set(cells))
        for name in motif.sans_protection:
            assert max(everything[name]) - min(everything[name]) < 5
    assert told


def test_six_counts_that_hold_each_other_take_one_more() -> None:
    """Exactly protected, 1 is known between 0 and 2: a pattern of intervals withholds more than the six."""
    cells = table([[1, 4, 20], [30, 4, 1], [4, 40, 4]])
    known = system(cells)
    quick = par_plus_courts_chemins(known)
    assert widths(cells, quick)[nom(0, 0)] == 2
    broad = par_intervalles(known, quick.retenues)
    assert quick.retenues < broad.retenues
    assert min(widths(cells, broad).values()) >= 5
    assert broad.sans_protection == frozenset()
