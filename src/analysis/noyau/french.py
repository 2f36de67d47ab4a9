"""What French asks of a text: little words that depend on the next one, numbers as readers write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from babel.numbers import format_decimal

from analysis.noyau.arrondi import arrondi

NBSP = "\u00a0"
THIN_NBSP = "\u202f"

_BLANK = "[ \\t\\n]"
_BEFORE_THIN = re.compile(rf"(?<=\S){_BLANK}(?=[;?!])")
_BEFORE_WIDE = re.compile(rf"(?<=\S){_BLANK}(?=[:»%‰€])")
_AFTER_QUOTE = re.compile(rf"(?<=«){_BLANK}")
_NUMERO = re.compile(rf"(?<=[nN]°){_BLANK}(?=\S)")
_THOUSANDS = re.compile(rf"(?<![\w.,])\d{{1,3}}(?:,\d{{3}})?(?:[ \t\n{NBSP}{THIN_NBSP}]\d{{3}})+(?!\d)")
_UNIT = re.compile(rf"(?<=\d){_BLANK}(?=(?:k€|M€|Md€|£|h|min|km|m²|ha|ko|Mo|kg|ETP)(?!\w))")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'")

_VOWELS = "aeiouyàâéèêëîïôùûhAEIOUYÀÂÉÈÊËÎÏÔÙÛH"


@lru_cache(2**14)  # cells of tables say the same, and so does each layout of a drawing
def typography(text: str) -> str:
    """A text with the spaces and the apostrophes of French print, letter for letter as long as before.

    A space that may not break stands before « : ; ? ! » % € », after « « » and « n° », between the thousands
    of a number, between a number and the sign of its unit. What is right already stays: applied twice, it
    changes nothing.

    >>> typography("Qui paie ? « Nous »").replace(NBSP, "_").replace(THIN_NBSP, "_")
    'Qui paie_? «_Nous_»'
    >>> typography("l'art. n° 1 : 11 300 € à 10:30").replace(NBSP, "_").replace(THIN_NBSP, "_")
    'l’art. n°_1_: 11_300_€ à 10:30'
    """
    text = _BEFORE_THIN.sub(THIN_NBSP, text)
    for place in (_BEFORE_WIDE, _AFTER_QUOTE, _NUMERO, _UNIT):
        text = place.sub(NBSP, text)
    text = _THOUSANDS.sub(lambda match: re.sub(_BLANK, THIN_NBSP, match[0]), text)
    return _APOSTROPHE.sub("’", text)


def of(name: str) -> str:
    """« de » before a name, elided or contracted.

    A name in h is elided, as place names mostly are.

    >>> of("Prémery"), of("Essai"), of("Le Livradois"), of("octobre 2023")
    ('de Prémery', "d'Essai", 'du Livradois', "d'octobre 2023")
    """
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    return f"d'{name}" if name[0] in _VOWELS else f"de {name}"


def counted(number: int, singular: str, plural: str) -> str:
    """A count of things in words.

    >>> counted(1, "chiffre", "chiffres"), counted(3, "chiffre", "chiffres")
    ('1 chiffre', '3 chiffres')
    """
    return f"{number} {plural if number >= 2 else singular}"


def listed(names: Sequence[str]) -> str:
    """Names one after the other, the last after « et ».

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b et c')
    """
    *first, last = names
    return f"{', '.join(first)} et {last}" if first else last


def in_quotes(names: Iterable[str]) -> str:
    """Names between French quotation marks, one after the other; empty without any.

    >>> in_quotes(["date", "heure"])
    '« date », « heure »'
    """
    return ", ".join(f"« {name} »" for name in names)


def once(*parts: str, said: str = "") -> list[str]:
    """Details to set side by side, without the empty ones and without what was said just before.

    ``said`` is what stands above them; a detail that ends it is not repeated.

    >>> once("Par ETP", "", "Deuxième phase", "deuxième phase", said="Coût public net par ETP")
    ['Deuxième phase']
    """
    kept: list[str] = []
    for part in parts:
        before = [said.casefold(), *(other.casefold() for other in kept)]
        if part and not any(text.endswith(part.casefold()) for text in before):
            kept.append(part)
    return kept


def sentences(*parts: str, said: str = "") -> str:
    """Details as sentences, without the empty ones and the repeated ones; one alone has no full stop.

    After a semicolon a capital would be wrong, and a small letter too where the detail begins with a name.

    >>> sentences("Première phase", "", "La date est déduite.", said="Salariés")
    'Première phase. La date est déduite.'
    >>> sentences("Par ETP", "prix de 2020"), sentences("Par ETP", "par ETP")
    ('Par ETP. Prix de 2020.', 'Par ETP')
    """
    kept = once(*parts, said=said)
    if len(kept) < 2:
        return "".join(kept)
    return " ".join(f"{capitalized(part).removesuffix('.')}." for part in kept)


def capitalized(text: str) -> str:
    """A text that begins a sentence, a heading or a cell: its first letter a capital, the rest as it is.

    >>> capitalized("part des ETP"), capitalized("")
    ('Part des ETP', '')
    """
    return text[:1].upper() + text[1:]


def uncapitalized(text: str) -> str:
    """A label inside a sentence: its first letter small, its initials kept.

    >>> uncapitalized("Chef de projet du CLE"), uncapitalized("ETP déclarés")
    ('chef de projet du CLE', 'ETP déclarés')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@lru_cache(2**14)  # the ticks of a drawing are asked for a dozen times each while it is laid out
def decimal(value: float, decimals: int) -> str:
    """A number with at most ``decimals`` decimals, a decimal comma and narrow spaces between thousands.

    A half goes away from zero.

    >>> decimal(21203.5, 2).replace(THIN_NBSP, " "), decimal(16, 1)
    ('21 203,5', '16')
    >>> decimal(-0.02, 1), decimal(-1.25, 2), decimal(2.5, 0)
    ('0', '−1,25', '3')
    """
    value = arrondi(value, decimals)  # no minus sign in front of a rounded zero
    pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale="fr").replace("-", "\u2212")


def euros(value: float) -> str:
    """An amount to the cent, with its sign.

    >>> euros(415167.4).replace(THIN_NBSP, " ").replace(NBSP, " ")
    '415 167,40 €'
    """
    return (
        format_decimal(arrondi(value, 2), format="#,##0.00", locale="fr").replace("-", "\u2212") + f"{NBSP}€"
    )
