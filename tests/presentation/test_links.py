"""Presentation takes released objects and nothing else."""

from __future__ import annotations

import pytest

from analysis.presentation.links import figure_link, period_label, point_link, source_label, source_title
from analysis.presentation.tables import sources_table
from analysis.secret.bundle import Bundle, bundle_territoire
from analysis.sources.register import Register


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


def test_sources_of_one_publisher_and_day_stand_in_one_order(published: Register) -> None:
    """Two sources with one label: their order came from the hash of the process, and so did the page's bytes."""
    bundle = bundle_territoire(published, "premery", texte=None)
    by_code = {source.source: source_label(source) for source in bundle.sources}
    twins = sorted(code for code, label in by_code.items() if list(by_code.values()).count(label) > 1)
    assert len(twins) == 2
    page = sources_table(bundle, twins).html
    shown = [
        code for _, code in sorted((page.index(f'#{bundle.source(code).anchor}"'), code) for code in twins)
    ]
    assert shown == sorted(twins, key=lambda code: (by_code[code].casefold(), code))


def test_a_title_says_its_language_where_it_is_not_french(published: Register) -> None:
    sources = {source.source: source for source in published.sources}
    assert (
        source_title(sources["dwp-kickstart-2024"])
        == '<span lang="en">Kickstart Scheme: a quantitative impact assessment</span>'
    )
    assert "lang" not in source_title(sources["igas-igf-2019"])
