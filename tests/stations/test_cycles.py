"""What is lost is looked for seldom, and as often as before afterwards."""

import gc

import pytest

from analysis.stations.cycles import SELDOM, seldom


def test_what_is_lost_is_looked_for_seldom_until_the_end_of_the_block_even_by_an_error() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError), seldom():
        assert gc.get_threshold() == SELDOM
        raise ValueError
    assert gc.get_threshold() == before
