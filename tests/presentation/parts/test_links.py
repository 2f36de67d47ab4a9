"""Presentation takes released objects and nothing else."""

from __future__ import annotations

import pytest

from analysis.presentation.parts.links import (
    figure_link,
    period_cell,
    period_label,
    point_link,
    printed_value,
    source_label,
    source_title,
)
from analysis.presentation.parts.tables import sources_table
from analysis.secret.bundle import Bundle, bundle_ensemble, bundle_territoire
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
        "février 2017, date déduite",
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


def test_a_date_and_an_order_of_magnitude_sort_by_what_they_mean(val: Bundle, published: Register) -> None:
    cells = [period_cell(r.content) for r in val.chiffres]
    assert cells[1] == ('<time datetime="2017-02-01" data-fin="2017-02-28">février 2017, date déduite</time>')
    assert cells[-1] == "non datée"
    dictionary = published.dictionary
    about = next(c for c in published.chiffres if c.valeur_imprimee == "une quarantaine")
    said = printed_value(about, dictionary.unit_of(about.indicateur))
    assert said == '<span data-tri="35">une quarantaine de\u00a0personnes</span>'


def test_a_chapter_tells_no_cents_of_a_large_amount_and_the_register_does(published: Register) -> None:
    bundle = bundle_ensemble(published, "synthese", texte=None)
    decree = next(r for r in bundle.chiffres if r.content.valeur == 21203.52)
    unit = published.dictionary.unit_of(decree.content.indicateur)
    assert ">21\u202f204</a>" in figure_link(decree, bundle)
    assert "21\u202f203,52" in printed_value(decree.content, unit)
    hourly = next(r for r in bundle.chiffres if r.content.valeur == 10.93)
    assert ">10,93</a>" in figure_link(hourly, bundle)
