"""« Comparé à quoi ? » as a reader meets it: one definition at a time, phases apart, effects and rates apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from carnets import shown_by

from analysis.indicateurs.comparaison.calcul import comparer
from analysis.noyau.declared.prix import load_prix
from analysis.noyau.paths import Project
from analysis.presentation.numbers import NBSP
from analysis.presentation.published import comparaison as vue
from analysis.presentation.published import effets, publics
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.secret.release import release_comparaison
from analysis.sources.comparaison import load_comparaison
from analysis.sources.register import Register

pytestmark = pytest.mark.usefixtures("sketched")


@pytest.fixture(scope="module")
def chapter(published: Register) -> Bundle:
    here = Project.here()
    prix = load_prix(here)
    found = comparer(load_comparaison(here, published, prix), published, prix)
    bundle = bundle_ensemble(published, "comparaison", texte=None)
    return replace(bundle, comparaison=release_comparaison(found))


def read(html: str) -> BeautifulSoup:
    return BeautifulSoup(html.replace("\u202f", " ").replace(NBSP, " "), "lxml")


def rows(html: str, anchor: str) -> list[list[str]]:
    """The cells of the table of that anchor, or of the data of that chart."""
    place = read(html).select_one(f"#{anchor}")
    assert place is not None, anchor
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])]
        for row in place.select("tbody tr")
    ]


def test_the_chart_of_a_definition_states_its_finding_and_reads_one_amount(chapter: Bundle) -> None:
    figure = read(vue.couts(chapter, "aide_etat").html).select_one("figure#couts-aide-etat")
    assert figure is not None and figure.figcaption is not None
    assert "20 143 € pour TZCLD, deuxième phase ; ailleurs, de 1 619 €" in figure.figcaption.get_text()
    lecture = figure.select_one("p.lecture")
    assert lecture is not None
    assert "17 549 € par ETP et par an en 2020, soit 20 080 € en euros de 2024" in lecture.get_text()
    assert figure.select_one("p.champ") is not None


def test_fewer_amounts_than_a_chart_needs_are_a_table(chapter: Bundle) -> None:
    html = vue.couts(chapter, "cout_net").html
    assert "<figure" not in html
    cells = rows(html, "couts-cout-net")
    assert cells[0][1:4] == ["11 300 à 13 700 € par ETP et par an", "2025", "11 197 à 13 575 €"]
    assert cells[1][3] == "au plus 6 144 €"


def test_every_amount_says_what_it_contains_or_that_it_was_not_read(chapter: Bundle) -> None:
    cells = rows(vue.contenus(chapter).html, "contenus-couts")
    assert {cell for row in cells for cell in row[1:8]} == {"oui", "non", "non lu"}
    assert len(cells) == len(chapter.comparaison.content.montants)  # type: ignore[union-attr]


def test_what_is_compared_with_nothing_says_why(chapter: Bundle) -> None:
    cells = rows(vue.exclus(chapter).html, "couts-exclus")
    (marienthal,) = [row for row in cells if "coût constaté" in row[0]]
    assert marienthal[1] == "29 841 € par personne et par an" and "année de prix" in marienthal[2]


def test_the_two_phases_are_two_tables(chapter: Bundle) -> None:
    first = rows(publics.profils(chapter, "ebe_phase_1").html, "profils-ebe-phase-1")
    second = rows(publics.profils(chapter, "ebe_phase_2").html, "profils-ebe-phase-2")
    women = [next(row for row in table if row[0] == "Femmes") for table in (first, second)]
    assert women[0][1].startswith("43 %") and women[1][1].startswith("54 %")
    assert women[0][2].startswith("38 %") and "62 %" in women[0][2] and "complément" in women[0][2]
    gap = next(row for row in second if row[0].startswith("Moins de 25"))
    assert gap[1] == "non publié"


def test_differences_are_told_with_their_counts(chapter: Bundle) -> None:
    cells = rows(publics.ecarts(chapter).html, "ecarts-standardises")
    women = next(row for row in cells if row[0] == "Femmes")
    assert women[2:] == ["54 % (2 065)", "38 % (174 800)", "0,33"]


def test_no_column_holds_both_effects_and_rates(chapter: Bundle) -> None:
    effects, rates = effets.effets(chapter).html, effets.taux_bruts(chapter).html
    assert "points de pourcentage" in effects and " %" not in " ".join(
        r[2] for r in rows(effects, "effets-causaux")
    )
    assert all(row[1].endswith("%") for row in rows(rates, "taux-bruts"))
    assert "points" not in read(rates).select_one("#taux-bruts").get_text()  # type: ignore[union-attr]


def test_second_hand_is_said_of_every_effect_that_is(chapter: Bundle) -> None:
    cells = rows(effets.effets(chapter).html, "effets-causaux")
    assert {row[0]: row[5] for row in cells}["TZCLD, deuxième phase"] == "de seconde main"


def test_what_evaluations_answer_names_its_figures(chapter: Bundle) -> None:
    words = read(vue.controverses(chapter).html).get_text(" ")
    for number in ("46 %", "34 %", "15 %", "61 %"):
        assert number in words
    assert "contesté" not in words and "fictif" not in words


def test_non_take_up_goes_from_tenants_to_owners(chapter: Bundle) -> None:
    figure = read(vue.non_recours(chapter, "taux_non_recours_rsa").html).select_one("figure#non-recours")
    assert figure is not None and figure.figcaption is not None
    assert (
        "15 % (éligibles locataires en HLM) à 61 % (éligibles propriétaires)" in figure.figcaption.get_text()
    )


@pytest.mark.lent
def test_every_cell_of_the_notebook_shows_something_of_the_real_register(chapter: Bundle) -> None:
    shown = {s.code: s.block.html for s in shown_by("comparaison.ipynb", chapter)}
    assert len(shown) == 18 and all(shown.values())
    assert not [
        code for code, html in shown.items() if {"nan", "None"} & set(read(html).get_text(" ").split())
    ]


def test_a_project_without_prices_says_that_nothing_is_compared(synthese: Bundle) -> None:
    assert "Aucun montant comparable" in vue.couts(synthese, "aide_etat").html
    assert vue.contenus(synthese).html == vue.exclus(synthese).html == vue.controverses(synthese).html == ""
