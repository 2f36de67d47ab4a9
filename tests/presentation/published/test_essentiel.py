"""The numbers and the two charts that a reader of two minutes leaves with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from analysis.indicateurs.depenses_passives.resultats import Etude
from analysis.presentation.published.essentiel import avec_et_sans, nombres, par_payeur
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.secret.release import release_etude
from analysis.sources.register import Register

pytestmark = pytest.mark.usefixtures("sketched")


@pytest.fixture(scope="module")
def whole(published: Register) -> Bundle:
    return bundle_ensemble(published, "synthese", texte=None)


def words(html: str) -> str:
    plain = BeautifulSoup(html, "lxml").get_text(" ").replace("\xa0", " ").replace("\u202f", " ")
    return " ".join(plain.split())


def test_each_number_leads_to_its_row_with_its_date_its_source_and_its_range(whole: Bundle) -> None:
    items = BeautifulSoup(nombres(whole).html, "lxml").select("#nombres > li")
    assert len(items) == len(whole.essentiel) == 5
    for item, essentiel in zip(items, whole.essentiel, strict=True):
        link = item.select_one("strong a")
        assert link is not None and link["href"] == f"registre.html#chiffre-{essentiel.chiffre}"
        assert item.select_one('a[href^="sources.html#"]') is not None
        said = item.get_text()
        assert "fourchette des valeurs publiées : " in said or "une seule valeur publiée" in said
    cost = words(str(items[-1]))
    assert "11 300 à 13 700 € par ETP et par an" in cost
    assert (
        "fourchette des valeurs publiées : de moins de 6 200 à 13 700 ; on lit aussi moins de 6 200" in cost
    )


def test_a_changed_figure_changes_the_number_to_remember(whole: Bundle) -> None:
    moved = tuple(
        replace(r, content=replace(r.content, borne_haute=14100.0, valeur_imprimee="11 300 à 14 100"))
        if r.content.numero == 459
        else r
        for r in whole.chiffres
    )
    assert "de moins de 6 200 à 14 100" in words(nombres(replace(whole, chiffres=moved)).html)


def test_without_numbers_the_page_says_so(synthese: Bundle) -> None:
    assert "Aucun nombre n'est encore retenu." in nombres(synthese).html


def test_the_part_that_was_not_read_is_no_part_of_the_drawing(whole: Bundle) -> None:
    said = words(avec_et_sans(whole).html)
    assert "Sans l'expérimentation, 56 % des personnes auraient été en emploi (première phase)" in said
    assert "avec l'expérimentation : non lu" not in said  # the legend is drawn, not written
    assert (
        "Lecture : en première phase, sans l'expérimentation, 56 % en emploi, part avec elle non lue." in said
    )


def test_a_phase_is_drawn_once_its_counterfactual_is_published(whole: Bundle) -> None:
    number = next(r for r in whole.chiffres if r.content.numero == 364)
    known = [r for r in whole.of("taux_emploi_contrefactuel") if r.content.territoire == "phase-2"]
    second = replace(
        number,
        content=replace(number.content, numero=9001, territoire="phase-2", valeur=20.0, valeur_imprimee="20"),
    )
    others = tuple(r for r in whole.chiffres if r not in known)
    said = words(avec_et_sans(replace(whole, chiffres=(*others, second))).html)
    assert (
        "20 % des personnes auraient été en emploi (deuxième phase), 74 points de pourcentage de moins "
        "qu'avec elle" in said
    )
    without = words(avec_et_sans(replace(whole, chiffres=others)).html)
    assert "Non montrée, faute de la part sans l'expérimentation : deuxième phase." in without


def test_nothing_is_drawn_where_no_evaluation_was_read(whole: Bundle) -> None:
    blind = replace(whole, chiffres=())
    assert "Aucune évaluation lue ne dit" in avec_et_sans(blind).html


@pytest.mark.lent
def test_what_each_payer_spends_and_gets_back_adds_up(whole: Bundle, etude: Etude) -> None:
    whole = replace(whole, etude=release_etude(etude))
    rows = [
        [float(cell["value"]) for cell in row.select("data")]
        for row in BeautifulSoup(par_payeur(whole).html, "lxml").select("tbody tr")
    ]
    assert len(rows) >= 5
    assert all(abs(gained - spent - balance) <= 1 for spent, gained, balance in rows)
    assert all(spent >= 0 and gained >= 0 for spent, gained, _ in rows)
    today = whole.etude.content.scenario("aujourdhui") if whole.etude else None
    assert today is not None
    total = sum(balance for _, _, balance in rows)
    assert total == pytest.approx(-today.contribution_nette, abs=len(rows))


def test_a_bilan_without_a_study_says_so(synthese: Bundle) -> None:
    assert "Aucune étude sur cas types" in par_payeur(synthese).html
