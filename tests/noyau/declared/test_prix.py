"""The price index: what its table holds, and an amount from one year to another by hand."""

from __future__ import annotations

import pytest

from analysis.noyau.declared.prix import EUROS_DE, Prix, load_prix
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

PRIX = load_prix(Project.here())


def test_an_amount_is_multiplied_by_the_ratio_of_the_indices() -> None:
    """26 000 € of 2019, index 104,2, in the euros of 2024, index 119,8: 26 000 × 119,8 / 104,2 = 29 892,51."""
    assert (EUROS_DE, PRIX.indice(2019), PRIX.indice(2024)) == (2024, 104.2, 119.8)
    assert PRIX.constants(26000, 2019) == pytest.approx(29892.51, abs=0.01)


def test_an_amount_of_a_later_year_shrinks() -> None:
    """Prices rose by 0,9 % in 2025: 119,8 × 1,009 = 120,9, and 26 600 € of 2025 are 26 358 € of 2024."""
    assert PRIX.indice(2025) == pytest.approx(119.8 * 1.009, abs=0.05)
    assert PRIX.constants(26600, 2025) == pytest.approx(26358, abs=1)


def test_every_year_has_its_index_and_none_is_skipped() -> None:
    assert list(PRIX.indices) == list(range(min(PRIX.indices), max(PRIX.indices) + 1))


def test_a_year_before_the_first_index_is_refused_and_a_later_one_has_the_last() -> None:
    known = Prix({2015: 100.0, 2016: 102.0})
    assert known.indice(2030) == 102.0
    with pytest.raises(BilanError, match="Aucun indice des prix pour 2014 : le premier est de 2015"):
        known.constants(1000, 2014)
