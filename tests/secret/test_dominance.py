"""The sums that one amount dominates: those of engines that others keep, at the edges of the rules too."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from juges import GConfid, dominated_for_tau_argus

from analysis.secret.primaires import dominated
from analysis.secret.seuils import DOMINANCE, ESTIMATION

EDGES = [
    *([850, 75, 75], [851, 75, 74], [849, 75, 76]),  # just 85 %, a little more, a little less
    *(
        [100, 50, 10],
        [100, 50, 9],
        [100, 50, 11],
        [1000, 100, 50, 50],
    ),  # what is left is just 10 % of the largest
    *([10, 10, 10], [860, 70, 70], [800, 110, 90], [700, 240, 60]),
]


@pytest.fixture(scope="module")
def sums() -> list[list[int]]:
    """Those of three to six amounts, from 1 to 10,000, and the edges."""
    rng = random.Random(4)
    drawn = [[round(10 ** rng.uniform(0, 4)) for _ in range(rng.randint(3, 6))] for _ in range(150)]
    return EDGES + drawn


def test_tau_argus_withholds_the_sums_that_the_gate_does(sums: list[list[int]], tmp_path: Path) -> None:
    pytest.importorskip("pytauargus", reason="pytauargus has no wheel for this machine: nothing is compared")
    rule = f"NK({DOMINANCE[0]},{DOMINANCE[1]})|P({ESTIMATION},100,1)"
    ours = [dominated(terms) for terms in sums]
    assert 20 < sum(ours) < len(ours) - 20
    assert dominated_for_tau_argus(sums, tmp_path, rule) == ours


@pytest.mark.lent
def test_g_confid_withholds_the_sums_that_the_gate_does(sums: list[list[int]], tmp_path: Path) -> None:
    rules = [f"nk {DOMINANCE[0]} {DOMINANCE[1]}", f"pq {ESTIMATION / 100}"]
    assert GConfid(tmp_path).dominated(sums, rules) == [dominated(terms) for terms in sums]
