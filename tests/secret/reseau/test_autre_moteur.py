"""The engine beside τ-Argus, which others keep: the same sensitive cells, a cost that is equal or better."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from analysis.secret.reseau.exacte import determinees
from analysis.secret.reseau.suppression import optimum
from analysis.secret.reseau.systeme import Cellule, Lien, Nom, Systeme

pytauargus = pytest.importorskip(
    "pytauargus", reason="pytauargus has no wheel for this machine: nothing is compared"
)

TOTAL = "Total"


def counts(rows: Sequence[Sequence[int]]) -> dict[Nom, int]:
    """A table with its totals, which may be withheld as its cells."""
    found = {(f"l{i}", f"c{j}"): n for i, row in enumerate(rows) for j, n in enumerate(row)}
    for (line, column), n in list(found.items()):
        for name in ((line, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            found[name] = found.get(name, 0) + n
    return found


def ours(rows: Sequence[Sequence[int]]) -> Systeme:
    """The table as our engine takes it: what a cell costs is its count, as there."""
    cells = counts(rows)
    lines = [*(f"l{i}" for i in range(len(rows))), TOTAL]
    columns = [*(f"c{j}" for j in range(len(rows[0]))), TOTAL]
    bonds = [
        Lien((*(((line, c), 1.0) for c in columns if c != TOTAL), ((line, TOTAL), -1.0))) for line in lines
    ]
    bonds += [Lien((*(((li, c), 1.0) for li in lines if li != TOTAL), ((TOTAL, c), -1.0))) for c in columns]
    return Systeme(
        [Cellule(name, n, exigence=5 if 0 < n < 5 else 0, poids=n) for name, n in cells.items()], bonds
    )


def theirs(rows: Sequence[Sequence[int]], folder: Path) -> tuple[set[Nom], set[Nom], bool]:
    """The cells that τ-Argus finds sensitive, those that it withholds, and whether its own audit is content."""
    people = [(f"l{i}", f"c{j}") for i, row in enumerate(rows) for j, n in enumerate(row) for _ in range(n)]
    micro = {"L": [p[0] for p in people], "C": [p[1] for p in people], "N": [1.0] * len(people)}
    result = pytauargus.protect(
        micro, ["L", "C"], response="N", safety_rules="FREQ(5,20)", suppress="OPT(1)", workdir=str(folder)
    )
    (found,) = result.tables
    status = {(row["L"], row["C"]): row["status"] for row in found.rows}
    content = not any(row["unsafe"] for row in result.engine.audit(0))
    sensitive = {name for name, told in status.items() if told == "U"}
    return sensitive, sensitive | {name for name, told in status.items() if told == "M"}, content


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its solver leaves logs in the folder where it runs."""
    monkeypatch.chdir(tmp_path)


def drawn(seed: int) -> list[list[int]]:
    rng = random.Random(seed)
    return [[rng.choice((1, 3, 7, 12, 20, 33, 48)) for _ in range(4)] for _ in range(4)]


@pytest.mark.parametrize(
    "rows",
    [
        [[3, 10, 90], [20, 30, 80], [70, 60, 50]],
        [[2, 40, 50], [60, 4, 70], [80, 90, 3]],
        *map(drawn, range(6)),
    ],
    ids=["one", "diagonal", *(f"drawn {seed}" for seed in range(6))],
)
def test_the_optimum_costs_no_more_than_that_of_tau_argus(rows: list[list[int]], tmp_path: Path) -> None:
    """Both protect: its audit is content with its pattern, our attack finds no sensitive cell in either."""
    known = ours(rows)
    sensitive, withheld, content = theirs(rows, tmp_path)
    assert content
    assert sensitive == {cell.nom for cell in known.cellules if cell.exigence}
    best = optimum(known)
    assert best.ecart == 0
    for pattern in (withheld, best.retenues):
        assert not determinees(known, pattern) & sensitive
    assert best.cout <= sum(known.cellules[known.rang[name]].valeur for name in withheld - sensitive) + 1e-9
