"""Numbers in sentences come from the register, linked; a name that says none or two is refused."""

from __future__ import annotations

import pytest

from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.french import NBSP, THIN_NBSP
from analysis.presentation.parts.prose import (
    UnknownPlaceholder,
    inline,
    markdown_to_html,
    resolve,
    slug,
    typed_numbers,
)
from analysis.secret.bundle import Bundle


def test_only_figure_of_an_indicator(val: Bundle) -> None:
    html = resolve("Au total {embauches_cumulees_ebe}.", val)
    assert f">1{THIN_NBSP}234{NBSP}personnes</a></data>." in html
    assert 'href="registre.html#chiffre-4"' in html and "La Gazette, décembre 2019" in html


def test_figure_by_its_register_number(val: Bundle) -> None:
    assert f">29{NBSP}personnes</a>" in resolve("{#2}", val)


def test_value_of_a_series_by_period_and_zone(val: Bundle) -> None:
    html = resolve("{emploi_salarie_prive@2017-12-31@58001}", val)
    assert f">341{NBSP}salariés</a>" in html
    assert 'href="series.html#emploi_salarie_prive-58001-2017-12-31"' in html


def test_ambiguous_name_lists_what_to_write(val: Bundle) -> None:
    with pytest.raises(UnknownPlaceholder, match=r"désigne 3 chiffres.*\{#1\} \(25, 2017-02\)"):
        resolve("{effectif_ebe}", val)


def test_unknown_indicator_number_and_period_are_refused(val: Bundle) -> None:
    with pytest.raises(UnknownName, match="effectif_ebé"):
        resolve("{effectif_ebé}", val)
    with pytest.raises(BilanError, match="« {#99} » : aucun chiffre de ce numéro"):
        resolve("{#99}", val)
    with pytest.raises(UnknownPlaceholder, match="aucun chiffre ni série"):
        resolve("{emploi_salarie_prive@1999-12-31}", val)


def test_words_of_the_source_are_kept(val: Bundle) -> None:
    assert f">une quarantaine de{NBSP}personnes</a>" in resolve("{#3}", val)


def test_hostile_markdown_is_shown_as_text() -> None:
    assert "<script>" not in markdown_to_html("<script>alert(1)</script>")
    assert "<span class" not in markdown_to_html('Un <span class="x" lang="en">mot</span>')
    title = markdown_to_html('« <span lang="en">An Empirical\nMatrix</span> »')
    assert title == '<p>« <span lang="en">An Empirical\nMatrix</span> »</p>\n'
    assert "javascript:" not in markdown_to_html("[x](javascript:alert(1))")


def test_line_of_text_is_escaped(val: Bundle) -> None:
    assert inline("a < b & {#1}", val).startswith("a &lt; b &amp; <data ")


def test_headings_take_their_anchor_from_the_title_or_from_braces() -> None:
    assert '<h2 id="l-emploi-prive">' in markdown_to_html("## L'emploi privé")
    assert '<h3 id="saut">Titre</h3>' in markdown_to_html("### Titre {#saut}")
    assert len(slug("a b " * 40)) <= 40


def test_the_date_of_a_figure_stands_in_a_sentence(val: Bundle) -> None:
    assert resolve("En {effectif_ebe@2018-09:date}, rien.", val) == "<p>En septembre 2018, rien.</p>\n"
    assert resolve("En {#1:date}.", val) == "<p>En février 2017.</p>\n"
    assert resolve("En {#2:date}.", val) == "<p>En février 2017 (date déduite).</p>\n"
    said = resolve("Le {emploi_salarie_prive@2017-12-31@58001:date}.", val)
    assert said == "<p>Le 31 décembre 2017.</p>\n"
    assert inline("en {#3:date}", val) == "en septembre 2018"


def test_a_date_that_is_not_known_or_another_question_is_refused(val: Bundle) -> None:
    with pytest.raises(UnknownPlaceholder, match="n'est pas daté"):
        resolve("{#5:date}", val)
    with pytest.raises(UnknownPlaceholder, match="que « date »"):
        resolve("{#1:source}", val)
    with pytest.raises(UnknownPlaceholder, match="désigne 3 chiffres"):
        resolve("{effectif_ebe:date}", val)


@pytest.mark.parametrize(
    "text",
    [
        "Le 24 novembre 2016, puis en septembre 2018 et le 1er mai 2019.",
        "Fin 2016, mi-2019, de 2016 à 2021 (2020), en 2015.",
        "Le 31 décembre, {effectif_ebe@2023-10} ; {#12:date}.",
        "### Un titre {#ancre-2}\n\nVoir [](synthese.html#figure-1), [^note-1] et [@source-2019].",
    ],
)
def test_years_and_dates_may_be_typed(text: str) -> None:
    assert typed_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Elle emploie 87 personnes.", ["87 personnes"]),
        ("Il y a 1950 personnes et 2019 salariés.", ["1950 personnes", "2019 salariés"]),
        ("Soit 2000 €, 15 % ou 3,5 points.", ["2000", "15", "3,5 points"]),
        ("En 2150, 32 novembre 2016", ["2150", "32 novembre"]),
        ("12019 et 2019,5", ["12019 et", "2019,5"]),
    ],
)
def test_other_numbers_are_found(text: str, found: list[str]) -> None:
    assert [words for _, words in typed_numbers(text)] == found
