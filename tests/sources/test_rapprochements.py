"""Which published figures a person is asked to compare: two sources, one quantity, one moment, two values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.noyau.periods import Period
from analysis.sources.fiches import Chiffre, Desaccord
from analysis.sources.rapprochements import paires, sans_reponse
from analysis.sources.register import Register


def figure(numero: int, periode: str, **values: object) -> Chiffre:
    """The number of territories of the second phase, as one source prints it."""
    first = Chiffre(
        *(numero, "phase-2", "nombre_territoires", 56.0, None, None, "56", "territoires", Period(periode)),
        *(False, "", "", None, "", f"source-{numero}", "", "", "", ""),
    )
    return replace(first, **values)  # type: ignore[arg-type]


def numbers(published: Register, *figures: Chiffre) -> list[tuple[int, int]]:
    return [(a.numero, b.numero) for a, b in paires(figures, published.dictionary)]


def test_a_year_holds_the_day_on_which_another_number_is_printed(published: Register) -> None:
    year, day = figure(1, "2023"), figure(2, "2023-02-27", valeur=51.0)
    assert numbers(published, year, day) == [(1, 2)]
    assert numbers(published, year, replace(day, periode=Period("2022-12-31"))) == []


@pytest.mark.parametrize(
    "other",
    [
        {"valeur": 56.0},
        {"valeur": None, "borne_basse": 50.0},
        {"valeur": None, "borne_basse": 51.0, "borne_haute": 56.0},
        {"source": "source-1", "valeur": 51.0},
        {"territoire": "national", "valeur": 51.0},
        {"periode": None, "valeur": 51.0},
    ],
    ids=["same", "more than 50", "51 to 56", "one source", "elsewhere", "no date"],
)
def test_what_may_be_one_number_is_not_asked(published: Register, other: dict[str, object]) -> None:
    assert numbers(published, figure(1, "2023"), replace(figure(2, "2023"), **other)) == []  # type: ignore[arg-type]


def test_two_days_of_one_opening_are_asked_whatever_their_period(published: Register) -> None:
    def opening(numero: int, day: str) -> Chiffre:
        told = {"indicateur": "date_ouverture_ebe", "valeur": None, "valeur_imprimee": day, "unite": "date"}
        return figure(numero, day, **told)

    assert numbers(published, opening(1, "2017-01"), opening(2, "2017-02-09")) == [(1, 2)]
    assert numbers(published, opening(1, "2017-02"), opening(2, "2017-02-09")) == []


def test_a_cumulative_number_that_falls_is_asked(published: Register) -> None:
    """116 out of unemployment in 2022, 88 in 2024: no date is common, and both cannot be counted alike."""
    before = figure(1, "2022-09", indicateur="sorties_privation_cumulees", valeur=116.0)
    after = figure(2, "2024-12-31", indicateur="sorties_privation_cumulees", valeur=88.0)
    assert numbers(published, before, after) == [(1, 2)]
    assert numbers(published, before, replace(after, valeur=120.0)) == []


def test_an_answer_names_both_and_is_given_once(published: Register) -> None:
    pair = figure(1, "2023"), figure(2, "2023-02-27", valeur=51.0)
    whole = Desaccord(
        "t", "T", "L'une dit {#1} et l'autre {#2} le {#2:date}.", True, None, Period("2026-11-28")
    )
    half = replace(whole, explication="L'une dit {#1}.")
    assert list(sans_reponse(pair, [whole.numeros], published.dictionary)) == []
    assert list(sans_reponse(pair, [half.numeros], published.dictionary)) == [pair]
    shared = tuple(replace(chiffre, desaccord="t") for chiffre in pair)
    assert list(sans_reponse(shared, [], published.dictionary)) == []
