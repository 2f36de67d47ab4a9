"""Printed words and the numbers that they say; what is of no known kind is told, never guessed."""

from __future__ import annotations

from math import inf

import pytest

from analysis.noyau.paths import Project
from analysis.sources.imprimes import Imprime, declared, lus
from analysis.sources.register import Register, load_register


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("57", 57),
        ("57 salariés", 57),
        ("57 salariés en 2018", 57),
        ("1 234,5", 1234.5),
        ("14.9", 14.9),
        ("-50", -50),
        ("\u22121,5 point", -1.5),
        ("+12", 12),
        ("dix salariés", 10),
        ("baisse de 8 %", -8),
        ("hausse de 8 %", 8),
        ("5,8 millions d'euros", 5_800_000),
        ("30 k€", 30_000),
    ],
)
def test_an_exact_number(words: str, number: float) -> None:
    assert any(reading.says(number, None, None) for reading in lus(words))
    assert not any(reading.says(number + 1, None, None) for reading in lus(words))
    assert not any(reading.says(-number, None, None) for reading in lus(words))
    assert not any(reading.says(None, number, None) for reading in lus(words))


def test_a_point_before_three_figures_is_of_thousands_or_decimal() -> None:
    readings = lus("12.900")
    assert any(r.says(12900, None, None) for r in readings) and any(
        r.says(12.9, None, None) for r in readings
    )
    assert [r.basse for r in lus("12.900.000")] == [12_900_000]


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("plus de 3500", 3500, None),
        ("au moins 15 000", 15000, None),
        ("plus d’une quarantaine", 40, None),
        ("moins de 6 200", None, 6200),
        ("près de 7", None, 7),
        ("5 à 6000", 5000, 6000),
        ("130-140", 130, 140),
        ("environ 5 000 à 10 000", 5000, 10000),
        ("entre 4 et 5 ans", 4, 5),
        ("une quarantaine", 35, 45),
        ("environ -1", -1.5, -0.5),
        ("baisse de quasiment 25", -25, None),
    ],
)
def test_bounds(words: str, low: float | None, high: float | None) -> None:
    assert any(reading.says(None, low, high) for reading in lus(words))
    assert not any(reading.says(None, 900000.0, 900001.0) for reading in lus(words))
    other = (high, None) if high is not None else (None, low)
    assert not any(reading.says(None, *other) for reading in lus(words))


def test_an_order_of_magnitude_asks_for_bounds_around_it() -> None:
    (reading,) = lus("une quarantaine")
    assert not reading.says(40, None, None) and not reading.says(None, 41, 45)


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("la moitié", (50, None, None)),
        ("4 sur 10", (40, None, None)),
        ("neuf personnes sur dix", (90, None, None)),
        ("trois quarts", (75, None, None)),
        ("un tiers", (None, 33, 34)),
        ("un sur trois", (None, 33, 34)),
        ("deux tiers", (None, 66, 67)),
        ("plus d'un tiers", (None, 33, None)),
        ("Près d'un sur deux", (None, None, 50)),
        ("baisse de quasiment un quart", (None, -25, None)),
    ],
)
def test_a_share_in_words(words: str, figure: tuple[float | None, ...]) -> None:
    assert any(reading.says(*figure) for reading in lus(words, is_share=True))
    assert not any(reading.says(20, None, None) for reading in lus(words, is_share=True))


def test_the_unit_may_hold_the_millions_already() -> None:
    assert [r.basse for r in lus("5,8 millions d'euros", scale="millions")] == [5.8]
    assert [r.basse for r in lus("5,8 millions d'euros", scale="euros")] == [5_800_000]


@pytest.mark.parametrize(
    "words",
    [
        "une poignée",
        "vingt-cinq",
        "deux cents",
        "un million et demi",
        "la plupart",
        "40 ou 50",
        "",
        "un tiers",
    ],
)
def test_words_of_no_known_kind_have_no_reading(words: str) -> None:
    assert lus(words) == ()


def test_a_note_declares_how_words_read() -> None:
    assert declared("L'encadrement n'y est pas ; se lit « 4 à 6 ».") == "4 à 6"
    assert declared("Un passant lit « 4 à 6 ».") == ""


def test_a_message_tells_what_the_words_say() -> None:
    assert Imprime(-inf, 50).words == "une borne haute de 50 seule"
    assert lus("une dizaine")[0].words == "des bornes autour de 10"


def test_every_number_of_the_register_is_that_of_its_words(published: Register) -> None:
    """« La moitié », « 4 sur 10 », « baisse de quasiment un quart » are read; eleven say how they are to be.

    Years told as months, months told by two days, euros told in millions, a fall told without its sign,
    « jamais inférieure à 35 ».
    """
    numbers = [c for c in published.chiffres if c.is_number]
    assert len(numbers) > 700
    told = {c.indicateur: c.valeur_imprimee for c in numbers if declared(c.note)}
    assert told["duree_moyenne_privation"] == "5 années" and told["effet_allocations_mois"] == "200"
    assert sum(bool(declared(c.note)) for c in numbers) == len(told) == 11
    assert load_register(Project.here()).chiffres == published.chiffres
