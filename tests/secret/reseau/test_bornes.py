"""The interval that a reader can put around a withheld cell, beside all the tables that he cannot tell apart."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from petites import drawn, nom, possible, system, table

from analysis.secret.reseau.bornes import Intervalle, intervalles, trop_connues
from analysis.secret.reseau.systeme import Cellule, Lien, Nom, Systeme

X, Y, Z = ("x",), ("y",), ("z",)


def test_two_counts_under_a_known_total_are_between_zero_and_it() -> None:
    found = intervalles(Systeme([Cellule(X, 2), Cellule(Y, 5)], [Lien(((X, 1.0), (Y, 1.0)))]), {X, Y})
    assert found == {X: Intervalle(0, 7), Y: Intervalle(0, 7)}


def test_a_square_moves_by_the_smallest_of_its_corners() -> None:
    """1 and 8 above 9 and 4: +1 on one diagonal is -1 on the other. 1 goes from 0 to 9, 4 from 3 to 12."""
    cells = table([[1, 8], [9, 4]])
    found = intervalles(system(cells), set(cells))
    assert found[nom(0, 0)] == Intervalle(0, 9)
    assert found[nom(1, 1)] == Intervalle(3, 12)
    assert found[nom(0, 1)] == Intervalle(0, 9)


def test_a_number_told_to_the_nearest_five_bounds_what_adds_up_to_it() -> None:
    """Here x + y is told as 10: from 8 to 12, as people come whole; y is 6. So x is 2 to 6."""
    month = Cellule(Z, 9, bas=7.5, haut=12.5, publiable=False)
    known = Systeme([Cellule(X, 3), Cellule(Y, 6), month], [Lien(((X, 1.0), (Y, 1.0), (Z, -1.0)))])
    assert intervalles(known, {X}) == {X: Intervalle(2, 6)}
    etp = Systeme(
        [
            Cellule(X, 3.5, entiere=False),
            Cellule(Y, 6),
            Cellule(Z, 9.5, bas=7.5, haut=12.5, entiere=False, publiable=False),
        ],
        [Lien(((X, 1.0), (Y, 1.0), (Z, -1.0)))],
    )
    assert intervalles(etp, {X}) == {X: Intervalle(1.5, 6.5)}


def test_whole_numbers_leave_less_than_fractions_do() -> None:
    """2x + 2y + z = 11 with z at most 1: z is 1, x + y is 5. Fractions would let z be 0."""
    known = Systeme(
        [Cellule(X, 2), Cellule(Y, 3), Cellule(Z, 1, haut=1, exigence=1)],
        [Lien(((X, 2.0), (Y, 2.0), (Z, 1.0)))],
    )
    assert intervalles(known, {X, Y, Z}) == {X: Intervalle(0, 5), Y: Intervalle(0, 5), Z: Intervalle(1, 1)}
    assert [coupe.rang for coupe in trop_connues(known, known.masque({X, Y, Z}))] == [2]


def test_what_the_law_ties_bounds_a_quantity_on_both_sides() -> None:
    """4 ETP, known between 3.5 and 5; then at least 3.5 alone."""
    etp = Cellule(X, 4.0, entiere=False)
    assert intervalles(Systeme([etp], [Lien(((X, 1.0),), 0.5, 1.0)]), {X}) == {X: Intervalle(3.5, 5.0)}
    open_ = Systeme([etp], [Lien(((X, 1.0),), 0.5, float("inf"))])
    assert intervalles(open_, {X})[X].bas == 3.5
    assert intervalles(open_, {X})[X].largeur == float("inf")


def test_a_cell_that_no_bond_names_is_known_by_its_own_bounds() -> None:
    known = Systeme([Cellule(X, 3, haut=4, exigence=5), Cellule(Y, 2)], [])
    assert intervalles(known, {X, Y}) == {X: Intervalle(0, 4), Y: Intervalle(0, float("inf"))}
    (coupe,) = trop_connues(known, known.masque({X, Y}))
    assert (coupe.rang, coupe.leviers, coupe.est_tenable) == (0, {}, False)


def test_intervals_are_those_of_every_table_of_whole_numbers() -> None:
    rng = random.Random(3)
    for _ in range(60):
        cells = drawn(rng, *rng.choice([(2, 2), (2, 3), (3, 3)]), most=4)
        hidden = {name for name in cells if rng.random() < 0.7}
        truth = possible(cells, hidden)
        known = system(cells)
        assert intervalles(known, hidden) == {n: Intervalle(min(v), max(v)) for n, v in truth.items()}
        narrow = {known.cellules[coupe.rang].nom for coupe in trop_connues(known, known.masque(hidden))}
        assert narrow == {n for n, v in truth.items() if 0 < cells[n] < 5 and max(v) - min(v) < 5}


@pytest.mark.lent
@pytest.mark.parametrize("seed", range(4))
def test_a_cut_holds_for_every_pattern_that_protects_and_not_for_the_one_that_does_not(seed: int) -> None:
    """Every set of other cells that protects a cell brings what its cut asks; the present one does not."""
    rng = random.Random(seed)
    cells = drawn(rng, *rng.choice([(2, 3), (3, 3)]))
    known = system(cells)
    small = {name for name, value in cells.items() if 0 < value < 5}
    masque = known.masque(small)
    cuts = list(trop_connues(known, masque))
    assert all(sum(w for i, w in c.leviers.items() if masque[i]) < c.manque - 1e-6 for c in cuts)
    others = [name for name in cells if name not in small]
    for size in range(len(others) + 1):
        for more in combinations(others, size):
            pattern = small | set(more)
            truth = possible(cells, pattern)
            withheld = known.masque(pattern)
            for cut in cuts:
                values = truth[known.cellules[cut.rang].nom]
                if max(values) - min(values) >= 5:
                    assert sum(w for i, w in cut.leviers.items() if withheld[i]) >= cut.manque - 1e-6


def test_a_cell_refuses_bounds_that_its_value_leaves() -> None:
    with pytest.raises(ValueError, match="is not within"):
        Cellule(X, 3, haut=2)
    with pytest.raises(ValueError, match="is no whole number"):
        Cellule(X, 2.5)
    with pytest.raises(ValueError, match="two cells have one name"):
        Systeme([Cellule(X, 1), Cellule(X, 2)], [])


def test_nothing_is_written_by_the_solver(capfd: pytest.CaptureFixture[str]) -> None:
    name: Nom = ("seule",)
    intervalles(Systeme([Cellule(name, 2)], [Lien(((name, 1.0),), 1.0, 1.0)]), {name})
    assert capfd.readouterr().out == ""
