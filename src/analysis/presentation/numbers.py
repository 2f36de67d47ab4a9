"""Numbers as French readers write them."""

from __future__ import annotations

import re

from analysis.noyau.declared.dictionary import Unite
from analysis.noyau.french import NBSP, decimal, of
from analysis.noyau.periods import Period
from analysis.sources.fiches import Chiffre

_DIGITS = re.compile(r"(?<![\d.,])\d{4,}(?![\d])")
_RANGE = re.compile(r"[\d.,\s]+(?:-|–|à)[\d.,\s]+")


def quantity(value: float, unit: Unite, *, is_exact: bool = False) -> str:
    """A number followed by its unit, plural from 2 on as French does; ``is_exact`` keeps its decimals.

    >>> metre = Unite("metre", "mètre", "mètres", 1, "nombre")
    >>> quantity(1.9, metre).replace(NBSP, " "), quantity(2, metre).replace(NBSP, " ")
    ('1,9 mètre', '2 mètres')
    """
    word = unit.pluriel if abs(value) >= 2 else unit.singulier
    decimals = unit.decimales if is_exact else unit.decimals_of(value)
    return decimal(value, decimals) + (NBSP + word if word else "")


def file_size(count: int) -> str:
    """How large a file of that many bytes is.

    >>> file_size(83_200).replace(NBSP, " "), file_size(2_340_000).replace(NBSP, " "), file_size(12)
    ('83 ko', '2,3 Mo', '1\xa0ko')
    """
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))}{NBSP}ko"
    return f"{decimal(count / 1_000_000, 1)}{NBSP}Mo"


def reading(chiffre: Chiffre, unit: Unite) -> str:
    """A figure as a page shows it, without its unit: the exact number, else the words of its source.

    Numbers inside the words of a quantity gain their thousands' spaces; a range reads as its two bounds,
    « 130 à 140 » for « 130-140 », « 5 000 à 6 000 » for « 5 à 6000 »; a date is written out.
    """
    if chiffre.valeur is not None:
        return decimal(chiffre.valeur, unit.decimals_of(chiffre.valeur))
    if unit.nature == "date":
        return Period(chiffre.valeur_imprimee).label
    if not unit.is_number:
        return chiffre.valeur_imprimee
    low, high = chiffre.borne_basse, chiffre.borne_haute
    if low is not None and high is not None and _RANGE.fullmatch(chiffre.valeur_imprimee):
        return f"{decimal(low, unit.decimales)} à {decimal(high, unit.decimales)}"
    return _DIGITS.sub(lambda match: decimal(int(match[0]), 0), chiffre.valeur_imprimee)


def full_reading(chiffre: Chiffre, unit: Unite) -> str:
    """A figure with its unit: « 87 personnes », « plus de 3 500 personnes », « 24 novembre 2016 ».

    Words without digits take the unit as French does: « une quarantaine de personnes », « deux
    tiers » alone.
    """
    if chiffre.valeur is not None:
        return quantity(chiffre.valeur, unit)
    words = reading(chiffre, unit)
    if not unit.is_number:
        return words
    if any(letter.isdigit() for letter in words):
        return f"{words}{NBSP}{unit.pluriel}"
    if words.endswith("aine"):
        return f"{words} {of(unit.pluriel).replace(' ', NBSP)}"
    return words


def bounds(chiffre: Chiffre, unit: Unite) -> str:
    """The bounds within which a value printed in words is read; empty for an exact one."""
    low, high = chiffre.borne_basse, chiffre.borne_haute
    if low is not None and high is not None:
        return f"de {decimal(low, unit.decimales)} à {decimal(high, unit.decimales)}"
    if low is not None:
        return f"au moins {decimal(low, unit.decimales)}"
    return f"au plus {decimal(high, unit.decimales)}" if high is not None else ""
