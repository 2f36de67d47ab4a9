"""A panel says what it holds, and refuses to hold a zone twice or to answer for one that it lacks."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.noyau.errors import BilanError
from analysis.sources.ouvertes.panels import Break, Panel

NOTES = (Break(2021, "", "niveau", "révisé"), Break(2016, "35219", "fusion", "agrandie"))


def panel(
    zones: tuple[str, ...] = ("58218", "35219"), periods: tuple[int, ...] = (2015, 2016, 2017)
) -> Panel:
    values = np.arange(len(zones) * len(periods), dtype=float).reshape(len(zones), len(periods))
    return Panel("urssaf", "emploi_prive", "emplois", zones, periods, values, NOTES)


def test_a_zone_and_some_periods_are_taken_out_with_what_breaks_them() -> None:
    kept = panel().of(["35219"]).between(2016, 2017)
    assert (kept.zones, kept.periods, kept.values.tolist()) == (("35219",), (2016, 2017), [[4.0, 5.0]])
    assert kept.breaks_of("35219") == NOTES
    assert panel().of(["58218"]).breaks == NOTES[:1]


def test_a_zone_that_is_absent_is_named() -> None:
    assert "63430" not in panel()
    with pytest.raises(BilanError, match="La zone 63430 est absente de la source « urssaf »"):
        panel().of(["63430"])


def test_a_zone_twice_periods_out_of_order_or_a_wrong_shape_are_refused() -> None:
    with pytest.raises(BilanError, match="la zone 58218 y figure deux fois"):
        panel(zones=("58218", "58218"))
    with pytest.raises(BilanError, match="les périodes ne se suivent pas"):
        panel(periods=(2016, 2015))
    with pytest.raises(BilanError, match="2 zones et 3 périodes"):
        Panel("urssaf", "x", "emplois", ("1", "2"), (1, 2, 3), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="« autre »"):
        Break(2020, "", "autre", "")
