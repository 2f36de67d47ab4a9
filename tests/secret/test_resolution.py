"""What sums determine, beside the worlds that fit them as numpy finds them."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.secret.resolution import Inconnues, Name, Row, determined


def drawn(seed: int) -> list[Row]:
    """Sums of some of eighteen unknowns, of two to five terms, some subtracted."""
    rng = np.random.default_rng(seed)
    names = [(f"{rank:02}",) for rank in range(18)]
    rows: list[Row] = []
    for _ in range(rng.integers(8, 18)):
        taken = rng.choice(len(names), rng.integers(2, 6), replace=False)
        rows.append({names[i]: float(rng.choice((-1, 1))) for i in taken})
    return rows


def by_the_worlds(rows: list[Row]) -> set[Name]:
    """The unknowns that no world moves: zero in the whole null space of the sums."""
    names = sorted({name for row in rows for name in row})
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    _, values, worlds = np.linalg.svd(matrix)
    free = worlds[int((values > 1e-9).sum()) :]
    return {name for rank, name in enumerate(names) if np.abs(free[:, rank]).max(initial=0.0) < 1e-9}


@pytest.mark.parametrize("seed", range(60))
def test_what_is_determined_is_what_no_world_moves_in_whatever_order_the_sums_come(seed: int) -> None:
    rows = drawn(seed)
    assert determined(rows) == determined(rows[::-1]) == by_the_worlds(rows)


def test_some_of_the_sums_determine_something() -> None:
    """The cases above are of both kinds."""
    found = [len(determined(drawn(seed))) for seed in range(60)]
    assert 0 in found
    assert max(found) > 5


def test_an_unknown_whose_sum_holds_others_that_a_second_sum_knows_together_is_determined() -> None:
    x, y, z = ("x",), ("y",), ("z",)
    assert determined([{z: 1, x: 1, y: 1}, {x: 1, y: 1}]) == {z}


def test_a_sum_that_is_told_again_with_one_more_unknown_is_found_by_it() -> None:
    x, y, z = ("x",), ("y",), ("z",)
    sums = Inconnues()
    sums.change([(0, {x: 1}), (1, {y: 1})])
    assert sums.determined({x, y, z}) == {x, y}
    sums.change([(0, {x: 1, z: 1})])
    assert sums.determined({x, y, z}) == {y}
    sums.change([(2, {z: 1})])
    assert sums.determined({x, z}) == {x, z}


@pytest.mark.parametrize("seed", range(30))
def test_what_is_unknown_later_is_solved_as_if_all_were_told_at_once(seed: int) -> None:
    """More names are withheld each time; some sums begin to tell what others told before, half of them are
    also solved by themselves."""
    rows, rng = drawn(seed), np.random.default_rng(seed)
    names = [(f"{rank:02}",) for rank in rng.permutation(18)]
    silent = set(rng.choice(len(rows), 2, replace=False)) if seed % 3 else set()
    some = Inconnues()
    sums, shared = Inconnues(some), len(rows) // 2
    for number in range(3, 19, 3):
        held = set(names[:number])
        told = [
            {} if rank in silent and number < 12 else {name: one for name, one in row.items() if name in held}
            for rank, row in enumerate(rows)
        ]
        some.change(enumerate(told[:shared]))
        sums.change(enumerate(told[shared:], shared), range(shared))
        assert some.determined(held) == determined(told[:shared]) & held
        assert sums.determined(held) == (by_the_worlds([row for row in told if row] or [{}]) & held)
