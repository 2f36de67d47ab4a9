"""Presentation takes released objects and nothing else."""

from __future__ import annotations

import pytest

from analysis.presentation.links import figure_link, period_label, point_link
from analysis.secret.bundle import Bundle


def test_a_raw_figure_or_series_is_refused(val: Bundle) -> None:
    with pytest.raises(TypeError, match="n'accepte que des objets publiables, pas Chiffre"):
        figure_link(val.chiffres[0].content, val)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="pas Serie"):
        point_link(val.series[0].content, "2016-12-31", val)  # type: ignore[arg-type]


def test_a_period_without_value_is_an_error_not_a_zero(val: Bundle) -> None:
    with pytest.raises(KeyError):
        point_link(val.series[0], "1999-12-31", val)


def test_deduced_period_says_so(val: Bundle) -> None:
    labels = [period_label(r.content) for r in val.chiffres]
    assert labels == [
        "février 2017",
        "non datée (déduite : février 2017)",
        "septembre 2018",
        "2018",
        "non datée",
    ]
