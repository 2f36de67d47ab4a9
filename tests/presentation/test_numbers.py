"""Numbers as French readers write them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.noyau.declared.dictionary import Unite
from analysis.noyau.french import NBSP, THIN_NBSP, decimal
from analysis.presentation.numbers import bounds, full_reading, quantity
from analysis.secret.bundle import Bundle

EUROS = Unite("euros_an", "€ par an", "€ par an", 2, "nombre")
POURCENT = Unite("pourcent", "%", "%", 1, "nombre")
PERSONNES = Unite("personnes", "personne", "personnes", 0, "nombre")


def test_thousands_and_comma() -> None:
    assert decimal(21203.52, 2) == f"21{THIN_NBSP}203,52"
    assert decimal(1234567, 0) == f"1{THIN_NBSP}234{THIN_NBSP}567"
    assert decimal(-50, 0) == "−50"
    assert decimal(2.5, 1) == "2,5"


def test_singular_below_two() -> None:
    assert quantity(1, PERSONNES) == f"1{NBSP}personne"
    assert quantity(0, PERSONNES) == f"0{NBSP}personne"
    assert quantity(2, PERSONNES) == f"2{NBSP}personnes"


@pytest.mark.parametrize(
    ("printed", "unit", "shown"),
    [
        ("plus de 3500", PERSONNES, f"plus de 3{THIN_NBSP}500{NBSP}personnes"),
        ("près de 6000", EUROS, f"près de 6{THIN_NBSP}000{NBSP}€ par an"),
        ("deux tiers", POURCENT, "deux tiers"),
        ("une centaine", PERSONNES, f"une centaine de{NBSP}personnes"),
        ("une trentaine", replace(PERSONNES, pluriel="EBE"), "une trentaine d'EBE"),
    ],
)
def test_words_of_the_source(val: Bundle, printed: str, unit: Unite, shown: str) -> None:
    chiffre = replace(val.chiffres[2].content, valeur_imprimee=printed)
    assert full_reading(chiffre, unit) == shown


def test_bounds(val: Bundle) -> None:
    quarantaine = val.chiffres[2].content
    assert bounds(quarantaine, PERSONNES) == "de 35 à 45"
    assert bounds(replace(quarantaine, borne_haute=None), PERSONNES) == "au moins 35"
    assert bounds(replace(quarantaine, borne_basse=None), PERSONNES) == "au plus 45"
    assert bounds(val.chiffres[0].content, PERSONNES) == ""


@pytest.mark.parametrize(
    ("printed", "low", "high", "shown"),
    [
        ("130-140", 130.0, 140.0, f"130 à 140{NBSP}personnes"),
        ("5 à 6000", 5000.0, 6000.0, f"5{THIN_NBSP}000 à 6{THIN_NBSP}000{NBSP}personnes"),
        ("15.000 à 20.000", 15000.0, 20000.0, f"15{THIN_NBSP}000 à 20{THIN_NBSP}000{NBSP}personnes"),
        ("environ 100", 90.0, 110.0, f"environ 100{NBSP}personnes"),
    ],
)
def test_a_range_reads_as_its_two_bounds(
    val: Bundle, printed: str, low: float, high: float, shown: str
) -> None:
    chiffre = replace(
        val.chiffres[0].content, valeur=None, valeur_imprimee=printed, borne_basse=low, borne_haute=high
    )
    assert full_reading(chiffre, PERSONNES) == shown
