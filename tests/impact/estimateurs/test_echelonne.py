"""Cohorts: each cell by hand, and the means of cells by their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.impact.estimateurs.echelonne import NEVER, echelonne
from analysis.impact.estimateurs.refus import Motif, Refus

DRAW = np.random.default_rng(5)
VALUES = DRAW.normal(0, 1, (30, 6))
STARTS = np.array([3] * 4 + [4] * 2 + [2] * 3 + [NEVER] * 21)


def cell(cohort: int, period: int) -> float:
    change = VALUES[:, period] - VALUES[:, cohort - 1]
    return float(change[cohort == STARTS].mean() - change[STARTS == NEVER].mean())


def test_each_cell_is_a_difference_in_differences_on_the_never_treated() -> None:
    found = echelonne(VALUES, STARTS)
    assert {(c.cohorte, c.periode) for c in found.cellules} == {(g, t) for g in (2, 3, 4) for t in range(6)}
    for c in found.cellules:
        assert c.effet == pytest.approx(cell(c.cohorte, c.periode), abs=1e-10)
    assert {c.cohorte: c.places for c in found.cellules} == {2: 3, 3: 4, 4: 2}
    assert (found.traites, found.donneurs) == (9, 21)


def test_periods_since_weigh_cohorts_by_their_places() -> None:
    found = {point.relatif: point.effet for point in echelonne(VALUES, STARTS).depuis}
    assert found[1] == pytest.approx((3 * cell(2, 3) + 4 * cell(3, 4) + 2 * cell(4, 5)) / 9)
    assert found[3] == pytest.approx(cell(2, 5))
    assert found[-1] == 0
    assert found[-3] == pytest.approx((4 * cell(3, 0) + 2 * cell(4, 1)) / 6)


def test_the_whole_is_the_mean_over_periods_since_and_not_over_cells() -> None:
    found = echelonne(VALUES, STARTS)
    after = [point.effet for point in found.depuis if point.relatif >= 0]
    assert found.effet == pytest.approx(np.mean(after))
    cells = [(cell(g, t), {2: 3, 3: 4, 4: 2}[g]) for g in (2, 3, 4) for t in range(g, 6)]
    assert found.simple == pytest.approx(sum(e * n for e, n in cells) / sum(n for _, n in cells))
    assert found.effet != pytest.approx(found.simple, abs=1e-3)


def test_a_known_effect_that_grows_is_found() -> None:
    since = np.arange(6)[None, :] - np.where(STARTS == NEVER, 99, STARTS)[:, None]
    common = np.linspace(0, 3, 6)[None, :] + DRAW.normal(0, 5, (30, 1))
    found = echelonne(common + np.where(since >= 0, 1.0 + since, 0.0), STARTS)
    for point in found.depuis:
        assert point.effet == pytest.approx(1 + point.relatif if point.relatif >= 0 else 0, abs=1e-9)


@pytest.mark.parametrize(
    ("values", "starts", "motif"),
    [
        (VALUES, STARTS[:-1], Motif.FORME),
        (np.where(VALUES[3, 3] == VALUES, np.nan, VALUES), STARTS, Motif.MANQUANT),
        (VALUES, np.full(30, NEVER), Motif.SANS_AVANT),
        (VALUES, np.where(STARTS == 2, 0, STARTS), Motif.SANS_AVANT),
        (VALUES, np.where(STARTS == 4, 6, STARTS), Motif.SANS_APRES),
        (VALUES[:10], STARTS[:10], Motif.UN_DONNEUR),
    ],
)
def test_what_is_refused(values: np.ndarray, starts: np.ndarray, motif: Motif) -> None:
    with pytest.raises(Refus) as refused:
        echelonne(values, starts)
    assert refused.value.motif is motif
