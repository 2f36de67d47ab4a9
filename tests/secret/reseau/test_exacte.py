"""What subtraction alone gives back, on tables that a reader can solve by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest
from petites import drawn, nom, system, table

from analysis.secret.reseau.exacte import DEHORS, aretes, determinees, ponts
from analysis.secret.reseau.systeme import Cellule, Lien, Nom, Systeme


def test_a_cell_alone_in_its_line_is_given_back_and_a_square_of_four_is_not() -> None:
    """Hidden: one cell of the first line; then the four corners of two lines and two columns."""
    known = system(table([[1, 9, 8], [7, 6, 5], [4, 3, 2]]))
    assert determinees(known, {nom(0, 0)}) == {nom(0, 0)}
    square = {nom(1, 0), nom(1, 1), nom(2, 0), nom(2, 1)}
    assert determinees(known, square) == set()
    assert determinees(known, square | {nom(0, 2)}) == {nom(0, 2)}
    assert determinees(known, square - {nom(2, 1)}) == square - {nom(2, 1)}


def test_two_squares_held_by_one_cell_give_it_back() -> None:
    """Lines 0-1 with columns 0-1, lines 2-3 with columns 2-3, and the cell of line 1, column 2 between them.

    The totals of both squares are known: the cell between them is what is left.
    """
    cells = table([[3] * 4 for _ in range(4)])
    squares = {nom(i, j) for i in (0, 1) for j in (0, 1)} | {nom(i, j) for i in (2, 3) for j in (2, 3)}
    assert determinees(system(cells), squares | {nom(1, 2)}) == {nom(1, 2)}


def test_what_is_no_network_is_solved_by_elimination() -> None:
    """Of a + b = 5, a - b = 1: both are known; a + b + c, b + c + d say nothing of one of them."""
    a, b, c, d = names = [(letter,) for letter in "abcd"]
    cells = [Cellule(name, value) for name, value in zip(names, (3, 2, 4, 1), strict=True)]
    both = Systeme(cells, [Lien(((a, 1.0), (b, 1.0))), Lien(((a, 1.0), (b, -1.0)))])
    assert determinees(both, {a, b}) == {a, b}
    loose = Systeme(cells, [Lien(((a, 1.0), (b, 1.0), (c, 1.0))), Lien(((b, 1.0), (c, 1.0), (d, 1.0)))])
    assert determinees(loose, set(names)) == set()
    assert determinees(loose, {a, b}) == {a, b}


def test_a_bond_that_only_bounds_gives_nothing_back_exactly() -> None:
    a: Nom = ("a",)
    assert determinees(Systeme([Cellule(a, 3)], [Lien(((a, 1.0),), moins=2.0)]), {a}) == set()
    assert determinees(Systeme([Cellule(a, 3)], [Lien(((a, 1.0),))]), {a}) == {a}


def test_cells_are_edges_between_their_bonds_whatever_the_signs() -> None:
    """Here x enters what y leaves: both bonds say « + », and one of them is turned round; z goes out."""
    x, y, z = ("x",), ("y",), ("z",)
    known = Systeme(
        [Cellule(n, 2) for n in (x, y, z)], [Lien(((x, 1.0), (y, 1.0), (z, 1.0))), Lien(((x, 1.0), (y, 1.0)))]
    )
    masque = known.masque({x, y, z})
    ends = aretes(known, known.ensemble(masque, known.exacts))
    assert ends is not None
    assert {frozenset(end) for end in ends} == {frozenset({0, 1}), frozenset({0, DEHORS})}
    assert determinees(known, {x, y, z}) == {z}


def test_bridges_are_what_elimination_finds() -> None:
    rng = random.Random(7)
    for _ in range(60):
        cells = drawn(rng, rng.randint(2, 5), rng.randint(2, 5))
        hidden = {name for name in cells if rng.random() < 0.6}
        known = system(cells)
        matrix = known.matrice.toarray()[:, [known.rang[name] for name in sorted(hidden)]]
        _, values, vectors = np.linalg.svd(matrix)
        null = vectors[int((values > 1e-9).sum()) :]
        free = np.abs(null).max(axis=0, initial=0.0) > 1e-9
        expected = {name for name, moves in zip(sorted(hidden), free, strict=True) if not moves}
        assert determinees(known, hidden) == expected


@pytest.mark.lent
def test_bridges_of_a_chain_of_a_hundred_thousand_edges() -> None:
    """No recursion: a chain is all bridges, closed it has none."""
    chain = [(i, i + 1) for i in range(100_000)]
    assert len(list(ponts(chain))) == 100_000
    assert list(ponts([*chain, (100_000, 0)])) == []
