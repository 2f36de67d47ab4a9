"""What tells someone by its form alone: social security numbers, e-mail addresses, telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from analysis.depot.formes.personnel import NIR, est_nir

NUMERO, COURRIEL, TELEPHONE = (
    "un numéro de sécurité sociale",
    "une adresse de courriel",
    "un numéro de téléphone",
)

_CUT = re.compile(r"(?<=\w)(?:-|\u2010|\u00ad|\ufffe|\x02)\r?\n(?=\w)|[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_WITH_KEY = 15
_AT = r"(?:@|\s?[\[(](?:at|arobase|chez|@)[\])]\s?)"
_DOT = r"(?:\.|\s?[\[(](?:dot|point)[\])]\s?)"
_COURRIEL = re.compile(
    rf"(?<![\w.+-])([A-Za-z0-9][\w.+-]{{0,63}}){_AT}((?:[A-Za-z0-9-]{{1,63}}{_DOT}){{1,4}})([A-Za-z]{{2,24}})(?![\w-])"
)
_FILES = frozenset("png jpg jpeg gif svg webp css js mjs html json csv".split())
_TELEPHONE = re.compile(
    r"(?<![\w.,+-])(?:(?:\+|00)\s?33\s?(?:\(0\)\s?)?|0)[ ._/-]?[1-9]"
    r"(?P<joint>[ ._/-]{0,2})\d\d(?:(?P=joint)\d\d){3}(?!\w|[.,]\d)"
)
_PAIR_BEFORE, _PAIR_AFTER = re.compile(r"(?<!\d)\d\d?[ ._/-]{1,2}$"), re.compile(r"[ ._/-]{1,2}\d\d(?!\d)")


def plain(text: str) -> str:
    """A text as it reads: one form for each sign, blanks that are blanks, no word cut at the end of a line.

    >>> plain("１\u00a0２ exem\u00adple, une fin-\\nale")
    '1 2 exemple, une finale'
    """
    return unicodedata.normalize("NFKC", _CUT.sub("", text))


def numeros(text: str) -> Iterator[tuple[str, str]]:
    """What a plain text holds that tells someone: its nature in French words, and its signs alone.

    A number of fifteen digits has its key; one of telephone is five pairs cut alike, with no sixth beside:
    tables are full of digits.

    >>> list(numeros("Écrire à jeanne (at) exemple.fr, ou 06 12 34 56 78."))
    [('une adresse de courriel', 'jeanne@exemple.fr'), ('un numéro de téléphone', '0612345678')]
    >>> list(numeros("2 75 05 63 123 456 61, et 2 75 05 63 123 456 62"))
    [('un numéro de sécurité sociale', '275056312345661')]
    >>> list(numeros("01 02 03 04 05 06 ; 0,0612345678"))
    []
    """
    if "@" in text or "(" in text or "[" in text:
        for found in _COURRIEL.finditer(text):
            if found[3].lower() not in _FILES:
                domain = re.sub(_DOT, ".", found[2]) + found[3]
                yield COURRIEL, f"{found[1]}@{domain}".lower()
    for found in NIR.finditer(text):
        if not _is_part(text, found) and est_nir(found[0]):
            yield NUMERO, _digits(found[0])
    for found in _TELEPHONE.finditer(text):
        if not (found["joint"] and _is_in_a_row(text, found)):
            yield TELEPHONE, _digits(found[0])


def _is_in_a_row(text: str, found: re.Match[str]) -> bool:
    """Whether a pair of digits stands before or after: a row of a table, not a number."""
    before = text[max(0, found.start() - 5) : found.start()]
    return bool(_PAIR_BEFORE.search(before) or _PAIR_AFTER.match(text, found.end()))


def contacts(text: str) -> Iterator[str]:
    """The addresses and numbers that a text gives, as :func:`numeros` gives them."""
    return (signs for _, signs in numeros(plain(text)))


def _is_part(text: str, found: re.Match[str]) -> bool:
    """Whether the digits are those of a longer number, of a word, or of an address: thirteen have no key."""
    before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    is_keyed = len(_digits(found[0])) == _WITH_KEY
    joints = ".,-" if is_keyed or not found[0].isdigit() else ".,-=/&?_"
    is_decimal = re.match(r"[.,]\d", text[found.end() : found.end() + 2]) is not None
    return is_decimal or before.isalpha() or after.isalpha() or (before != "" and before in joints)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())
