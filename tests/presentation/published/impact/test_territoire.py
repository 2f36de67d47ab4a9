"""A territory beside its comparison: what could be seen comes first, and is all there is where nothing can."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from resultats_inventes import RESULTATS, compared

from analysis.impact.records import Estimate
from analysis.noyau.french import NBSP
from analysis.presentation.published.impact.mots import certitude, quantite
from analysis.presentation.published.impact.territoire import impact
from analysis.secret.bundle import Bundle

pytestmark = pytest.mark.usefixtures("sketched")

Chapitre = Callable[..., Bundle]


def words(html: str) -> str:
    text = BeautifulSoup(html, "lxml").get_text(" ").replace(NBSP, " ").replace("\u202f", " ")
    return " ".join(text.split())


def test_what_could_be_seen_comes_before_what_is_seen(chapitre: Chapitre) -> None:
    shown = impact(chapitre("premery")).html
    places = [
        shown.index(mark) for mark in ('id="visible"', "<figure", 'id="impact-dit"', 'id="impact-eviction"')
    ]
    assert places == sorted(places)
    said = words(shown)
    assert "un effet d'au moins 52 emplois, soit 20 %" in said
    assert "Son EBE emploie de 62 à 80 personnes (septembre 2018)" in said


def test_the_figure_says_which_zone_it_shows_and_what_it_finds(chapitre: Chapitre) -> None:
    figure = BeautifulSoup(impact(chapitre("premery")).html, "lxml").figure
    assert figure is not None
    said = words(str(figure))
    assert "Prémery, fin 2020 : l'emploi salarié privé est au-dessus de ce que fait le hasard" in said
    assert "Lecture : fin 2020, 339 emplois sont observés, quand la comparaison en donne 250 emplois." in said
    assert "Champ : commune de Prémery" in said and "Périmètre de l'expérimentation :" in said
    rows = [row.get_text(" ") for row in figure.select("tbody tr")]
    assert [row.split()[0] for row in rows] == ["2014", "2015", "2016", "2017", "2018", "2019", "2020"]
    assert "–" in rows[0], "no band before: an empty cell is no zero"


def test_both_bases_are_told_each_with_its_uncertainty(chapitre: Chapitre) -> None:
    said = words(impact(chapitre("premery")).html)
    assert "Compté depuis la dernière année d'avant, l'écart est de +28,1 % en moyenne de 2017 à 2020" in said
    assert "de +9 à +47,2 % : c'est une hausse que le hasard fait rarement" in said
    assert "Compté depuis la moyenne des années d'avant, l'écart est de +17 %" in said
    assert "de −2 à +36 % : on ne peut le distinguer de rien" in said


def test_a_sign_that_turns_with_the_base_is_told(chapitre: Chapitre) -> None:
    assert "Le signe dépend de l'année de départ." in words(impact(chapitre("thiers")).html)
    assert "Le signe dépend" not in words(impact(chapitre("premery")).html)


def test_crowding_out_has_its_interval_or_its_reason(chapitre: Chapitre) -> None:
    said = words(impact(chapitre("premery")).html)
    assert "Sans compter ses salariés, l'emploi privé de la zone s'écarte de sa comparaison de +1,2 %" in said
    assert "de −17 à +19,4 %" in said
    assert "Rien ne permet de le mesurer ici." in words(impact(chapitre("thiers")).html)


def test_a_sliver_of_a_city_stops_at_what_could_be_seen(chapitre: Chapitre) -> None:
    shown = impact(chapitre("paris-13")).html
    said = words(shown)
    assert "au moins 4 800 emplois" in said and "aucun effet plausible ne s'y verrait" in said
    assert "<figure" not in shown and "<table" not in shown and "details" not in shown


@pytest.mark.parametrize(
    ("code", "kept", "told"),
    [
        ("villeurbanne-saint-jean", RESULTATS, "Aucune série d'emploi de ce territoire"),
        ("premery", None, "n'est encore calculée"),
    ],
)
def test_a_territory_without_result_shows_a_sentence(
    chapitre: Chapitre, code: str, kept: object, told: str
) -> None:
    shown = impact(chapitre(code, kept)).html
    assert told in words(shown) and shown.startswith("<p")
    assert not re.search(r"\b0\b", words(shown))


def test_intervals_and_ranks_are_in_different_tables(chapitre: Chapitre) -> None:
    soup = BeautifulSoup(impact(chapitre("premery")).html, "lxml")
    heads = [
        {cell.get_text() for cell in table.select("thead th")}
        for table in soup.select("details.methode table")
    ]
    assert sum("Intervalle à 95 %" in head for head in heads) == 1
    assert sum("Rang" in head for head in heads) == 1
    assert not any({"Rang", "Intervalle à 95 %"} <= head for head in heads)
    assert "3 sur 101" in soup.get_text(" ").replace(NBSP, " ")


def test_the_protocol_is_named_in_the_fold_by_its_hash(chapitre: Chapitre) -> None:
    said = words(impact(chapitre("premery")).html)
    assert "Protocole figé le 28 novembre 2026, empreinte : 0123456789abcdef" in said


def test_what_is_not_estimated_says_why(chapitre: Chapitre) -> None:
    assert "différence de différences synthétique) : hors de l'enveloppe" in words(
        impact(chapitre("thiers")).html
    )


def test_a_chapter_gets_its_own_results_and_those_of_all(chapitre: Chapitre) -> None:
    released = chapitre("thiers").impact
    assert released is not None
    assert {c.territoire for c in released.content.comparaisons} == {"thiers"}
    assert {f.territoire for f in released.content.foret} == {"thiers", "national"}


def test_without_a_published_staff_nothing_is_said_of_it(chapitre: Chapitre) -> None:
    kept = compared("premery", ebe_bas=None, ebe_haut=None, ebe_periode="")
    said = words(impact(chapitre("premery", replace(RESULTATS, comparaisons=(kept,)))).html)
    assert "Aucun effectif de l'EBE n'a été publié" in said and "emploie" not in said


@pytest.mark.parametrize(
    ("estimate", "told"),
    [
        (
            Estimate(3.0, "pour_cent", rank=41, placebos=100, method="sc"),
            "40 des 100 communes de comparaison, où rien n'a eu lieu, s'écartent autant ou plus : le hasard suffit à le faire",
        ),
        (
            Estimate(3.0, "pour_cent", rank=2, placebos=100, method="sc"),
            "1 des 100 communes de comparaison, où rien n'a eu lieu, s'écarte autant ou plus : le hasard le fait rarement",
        ),
        (
            Estimate(3.0, "pour_cent", rank=1, placebos=100, method="sc"),
            "aucune des 100 communes de comparaison ne s'écarte autant : le hasard le fait rarement",
        ),
        (
            Estimate(-3.0, "emplois", low=-5.0, high=-1.0, method="did"),
            "19 fois sur 20, il est de −5 à −1 emplois : c'est une baisse que le hasard fait rarement",
        ),
        (Estimate(-3.0, "emplois", method="did"), "aucune mesure honnête de son incertitude n'existe"),
    ],
)
def test_uncertainty_in_words(estimate: Estimate, told: str) -> None:
    assert certitude(estimate).replace(NBSP, " ") == told


def test_a_missing_effect_has_no_certainty() -> None:
    with pytest.raises(ValueError, match="no effect"):
        certitude(Estimate(None, "pour_cent", method="did", reason="hors de l'enveloppe"))


def test_quantities_are_french() -> None:
    assert quantite(-0.04, "pour_cent", signed=True).replace(NBSP, " ") == "0 %"
    assert (
        quantite(1234.4, "emplois", signed=True).replace(NBSP, " ").replace("\u202f", " ") == "+1 234 emplois"
    )
