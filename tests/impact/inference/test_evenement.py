"""The pooled event study: places that begin in different years, aligned; its band; what it is equal to."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.impact.estimateurs.differences import Base, differences, ecarts_differences
from analysis.impact.estimateurs.echelonne import NEVER, echelonne
from analysis.impact.estimateurs.refus import Motif, Refus
from analysis.impact.inference.evenement import evenement

DRAW = np.random.default_rng(8)
POOL = DRAW.normal(0, 1, (60, 6))


def test_places_are_aligned_on_their_beginning() -> None:
    gaps = [np.array([1.0, 2.0, 0.0, 5.0, 6.0, 7.0]), np.array([3.0, 4.0, 8.0, 0.0, 1.0, 9.0])]
    found = evenement(gaps, [POOL, POOL], [3, 4])
    assert {m.relatif: (m.effet, m.nombre) for m in found} == {
        -4: (3.0, 1),
        -3: (2.5, 2),
        -2: (5.0, 2),
        -1: (0.0, 2),
        0: (3.0, 2),
        1: (7.5, 2),
        2: (7.0, 1),
    }


def test_with_one_pool_it_is_the_dynamic_effect_of_callaway_and_santanna() -> None:
    values = DRAW.normal(0, 1, (40, 6))
    starts = [3, 3, 4]
    gaps = [differences(values[k], values[3:], start).ecarts[Base.DERNIERE] for k, start in enumerate(starts)]
    pools = [ecarts_differences(values[3:], start, Base.DERNIERE) for start in starts]
    found = {m.relatif: m.effet for m in evenement(gaps, pools, starts)}
    other = echelonne(values, [*starts, *[NEVER] * 37])
    for point in other.depuis:
        assert found[point.relatif] == pytest.approx(point.effet, abs=1e-10)


def test_the_band_covers_where_there_is_an_effect_and_where_there_is_none() -> None:
    held = np.zeros(6)
    for trial in range(150):
        draw = np.random.default_rng(trial)
        pools = [draw.normal(0, 1 + k / 5, (80, 6)) for k in range(5)]
        gaps = [draw.normal(0, 1 + k / 5, 6) + np.where(np.arange(6) >= 3, 2.0, 0.0) for k in range(5)]
        for place, moment in enumerate(evenement(gaps, pools, [3] * 5, tirages=499, graine=trial)):
            held[place] += moment.bas <= (2.0 if moment.relatif >= 0 else 0.0) <= moment.haut
    assert (held / 150 >= 0.95 - 3 * 0.018).all()


@pytest.mark.parametrize(
    ("gaps", "pools", "before", "motif"),
    [
        ([], [], [], Motif.FORME),
        ([np.zeros(6)], [POOL[:, :5]], [3], Motif.FORME),
        ([np.zeros(6)], [POOL[:1]], [3], Motif.TROP_PEU),
        ([np.full(6, np.nan)], [POOL], [3], Motif.MANQUANT),
    ],
)
def test_what_is_refused(
    gaps: list[np.ndarray], pools: list[np.ndarray], before: list[int], motif: Motif
) -> None:
    with pytest.raises(Refus) as refused:
        evenement(gaps, pools, before)
    assert refused.value.motif is motif
