"""Amounts and days as accounting programs write them: read when they have one meaning, refused otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np

NORME = ""
"""The form that needs no word: « 1234,56 » or « 1234.56 », AAAAMMJJ."""

MILLIERS = "montants avec séparateur de milliers (« 1 234,56 »)"
ARRONDI = "montants à plus de deux décimales, ramenés au centime"
ZEROS = "montants complétés par des zéros à gauche"
SIGNE = "montants négatifs écrits « 12,00- » ou « (12,00) »"
EURO = "montants suivis du signe « € »"
TIRET = "tirets lus comme zéro"

_PLAIN = re.compile(r"([+-]?)([0-9]{1,13})(?:[.,]([0-9]{0,2}))?")
_NUMBER = re.compile(r"[0-9][0-9.,\s'’]*|[.,][0-9]+")
_EURO = re.compile(r"(?:€|\x80|¤|\beur(?:os?)?\b)", re.IGNORECASE)
_TINY = re.compile(r"[+-]?[0-9](?:[.,][0-9]*)?[eE]-[0-9]{1,3}")
_GROUPS = re.compile(r"[0-9]{1,3}(?:[\s'’][0-9]{3})+")
_LONGEST = 40
_MOST_DIGITS = 13


class Montant(NamedTuple):
    """An amount in cents, and the form in which it was written."""

    cents: int
    forme: str


def montant(text: str, decimale: str = "") -> Montant | None:
    """An amount of euros, 0 for a blank or a dash, None for what has no meaning or two.

    Thousands may be cut by any blank or by the sign that is not the decimal one, in groups of three; a minus
    may follow, or parentheses hold the number; « € » is passed over. Beyond the cent a number is rounded.
    « 1,005 » is a little more than one euro or a thousand and five: it is refused unless ``decimale`` says
    which sign cuts the cents everywhere in the file.

    >>> [montant(text).cents for text in ("-50,00", "1234.5", "12 500,00", "1.000,00", "(12,00)", "")]
    [-5000, 123450, 1250000, 100000, -1200, 0]
    >>> montant("12500,000000000002").cents, montant("000000000001200,00").cents, montant("5.6e-14").cents
    (1250000, 120000, 0)
    >>> montant("1,005"), montant("1,005", ",").cents, montant("1 23,00"), montant("12,3x"), montant("1e5")
    (None, 101, None, None, None)
    """
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        sign, euros, cents = plain.groups(default="")
        value = int(euros) * 100 + int(cents.ljust(2, "0"))
        forme = ZEROS if len(euros) > 1 and euros.startswith("0") else NORME
        return Montant(-value if sign == "-" else value, forme)
    cell = text.strip()
    if not cell:
        return Montant(0, NORME)
    if len(cell) > _LONGEST:
        return None
    bare = _EURO.sub("", cell, count=1).strip()
    forme = EURO if bare != cell else NORME
    bare = bare.replace("\u2212", "-").replace("\u2013", "-").replace("\u2014", "-")
    if bare == "-":
        return Montant(0, TIRET)
    if _TINY.fullmatch(bare):
        return Montant(_rounded(Decimal(bare.replace(",", "."))), ARRONDI)
    is_negative, number, signed = _signed(bare)
    if number is None:
        return None
    read = _unsigned(number, decimale)
    if read is None:
        return None
    value = _rounded(read.valeur)
    rounded = ARRONDI if read.decimales[2:].strip("0") else NORME
    return Montant(-value if is_negative else value, forme or signed or rounded or read.forme)


def nombre(text: str, decimale: str = "") -> Decimal | None:
    """A number of any unit as it is written, none of its decimals lost; None for what has no meaning or two.

    Thousands and decimals are told apart as in :func:`montant`; a blank is no number.

    >>> nombre("1\u202f234,5"), nombre("-0,125"), nombre("1.234"), nombre("1.234", "."), nombre("")
    (Decimal('1234.5'), Decimal('-0.125'), None, Decimal('1.234'), None)
    """
    cell = text.strip().replace("\u2212", "-").replace("\u2013", "-")
    if not cell or len(cell) > _LONGEST:
        return None
    is_negative, number, _ = _signed(cell)
    read = None if number is None else _unsigned(number, decimale)
    if read is None:
        return None
    return -read.valeur if is_negative else read.valeur


class Montants(NamedTuple):
    """A column of amounts: cents, which cells are blank, which have another form than the norm's (their cents
    are then 0), and the signs that cut the cents of the others."""

    cents: np.ndarray
    vides: np.ndarray
    autres: np.ndarray
    signes: str


def montants(values: np.ndarray) -> Montants:
    """Amounts in the form of the norm, « 1234,56 » or « -1234.5 », read as columns of characters.

    >>> read = montants(np.array(["12,50", "", "-0.5", "1 234,00"], dtype=object))
    >>> read.cents.tolist(), read.vides.tolist(), read.autres.tolist(), read.signes
    ([1250, 0, -50, 0], [False, True, False, False], [False, False, False, True], ',.')
    """
    try:
        letters = values.astype("S")
    except UnicodeEncodeError:
        letters = np.array([text.encode("ascii", "replace") for text in values.tolist()], dtype="S")
    width = max(letters.dtype.itemsize, 1)
    if width > _LONGEST:  # what is longer is no amount, and would make every row as wide
        letters, width = letters.astype(f"S{_LONGEST}"), _LONGEST
    table = letters.reshape(-1, 1).view(np.uint8).reshape(len(letters), width)
    cents = np.zeros(len(letters), np.int64)
    decimals = np.full(len(letters), -1, np.int8)
    digits = np.zeros(len(letters), np.int8)
    fits = np.ones(len(letters), dtype=bool)
    found = ""
    for place in range(width):
        letter = table[:, place]
        is_digit = (letter >= 48) & (letter <= 57)
        is_sign = (letter == 44) | (letter == 46)
        cents = np.where(is_digit & (digits < 16), cents * 10 + letter - 48, cents)
        digits += is_digit
        decimals += is_digit & (decimals >= 0)
        fits &= is_digit | (letter == 0) | (is_sign & (decimals < 0)) | ((letter == 45) & (place == 0))
        decimals = np.where(is_sign, 0, decimals).astype(np.int8)
    fits &= (decimals <= 2) & (digits <= 13 + np.maximum(decimals, 0)) & (digits > np.maximum(decimals, 0))
    is_blank = table[:, 0] == 0
    padded = (digits - np.maximum(decimals, 0) > 1) & (table[:, 0] == 48)
    fits &= ~padded
    for sign in ",.":
        if ((table == ord(sign)).any(axis=1) & fits & (decimals > 0)).any():
            found += sign
    scale = np.array([100, 100, 10, 1], np.int64)[np.clip(decimals, -1, 2) + 1]
    value = np.where(table[:, 0] == 45, -1, 1) * cents * scale
    return Montants(np.where(fits, value, 0), is_blank, ~fits & ~is_blank, found)


def _signed(text: str) -> tuple[bool, str | None, str]:
    """Whether a number is negative, the number without its sign (None when it has two), its form."""
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip().lstrip("'"), SIGNE
    if text.endswith(("-", "+")) and not text.startswith(("-", "+")):
        return text.endswith("-"), text[:-1].rstrip(), SIGNE
    minus = text.startswith("-")
    number = text[1:].lstrip() if text.startswith(("-", "+")) else text.lstrip("'")
    return minus, None if number.startswith(("-", "+")) else number, NORME


class _Nombre(NamedTuple):
    """A number without its sign, its decimals as written, the form of its whole part."""

    valeur: Decimal
    decimales: str
    forme: str


def _unsigned(number: str, decimale: str) -> _Nombre | None:
    """A number that bears no sign, its thousands and its decimals told apart."""
    if _NUMBER.fullmatch(number) is None:
        return None
    last = max(number.rfind("."), number.rfind(","))
    sign = number[last] if last >= 0 else ""
    if sign and number.count(sign) > 1:  # « 1.234.567 »: a sign that comes twice cuts thousands
        other = "," if sign == "." else "."
        whole, cents = (number, "") if other not in number else (None, "")
        thousands = sign
    else:
        whole, cents = (number[:last], number[last + 1 :]) if sign else (number, "")
        thousands = "," if sign == "." else "."
    if whole is None or (cents and not cents.isdecimal()):
        return None
    euros = _without_groups(whole, thousands)
    if euros is None or (not euros and not cents):
        return None
    is_grouped = euros != whole
    if len(cents) == 3 and not is_grouped and _could_be_thousands(whole) and sign != decimale:
        return None
    significant = euros.lstrip("0")
    if len(significant) > _MOST_DIGITS:
        return None
    value = Decimal(f"{significant or '0'}.{cents or '0'}")
    padded = ZEROS if len(euros) > 1 and euros.startswith("0") else NORME
    return _Nombre(value, cents, (MILLIERS if is_grouped else NORME) or padded)


def _could_be_thousands(whole: str) -> bool:
    return 1 <= len(whole) <= 3 and not whole.startswith("0")


def _without_groups(whole: str, thousands: str) -> str | None:
    """The digits of a whole number, None when its groups are not of three."""
    if whole.isdecimal() or not whole:
        return whole
    cut = whole.replace(thousands, " ")
    return re.sub(r"[\s'’]", "", cut) if _GROUPS.fullmatch(cut) else None


def _rounded(value: Decimal) -> int:
    return int((value * 100).quantize(Decimal(1), ROUND_HALF_UP))


def signe_decimal(texts: Iterable[str], signes: str = "") -> str:
    """The sign that surely cuts the cents in a file, from all its amounts; empty when two do, or none.

    ``signes`` are those that other amounts already gave.

    >>> signe_decimal(["1,005", "349,90"]), signe_decimal(["1,005"]), signe_decimal(["1,50", "1.50"])
    (',', '', '')
    """
    sure = set(signes)
    for text in texts:
        cell = text.strip()
        last = max(cell.rfind("."), cell.rfind(","))
        if last >= 0:
            tail, head = cell[last + 1 :], cell[:last].lstrip("+-")
            is_sure = tail.isdecimal() and (len(tail) != 3 or not _could_be_thousands(head))
            if is_sure and cell.count(cell[last]) == 1:
                sure.add(cell[last])
    return sure.pop() if len(sure) == 1 else ""


class Jour(NamedTuple):
    """A day, and the form in which it was written."""

    jour: date
    forme: str


_YEAR, _TIME = r"((?:19|20)[0-9]{2})", r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?"
_DAYS = (
    (re.compile(rf"{_YEAR}([0-9]{{2}})([0-9]{{2}}){_TIME}"), (0, 1, 2), NORME),
    (re.compile(rf"{_YEAR}([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}"), (0, 2, 3), "AAAA-MM-JJ"),
    (re.compile(rf"([0-9]{{1,2}})([-/. ])([0-9]{{1,2}})\2{_YEAR}{_TIME}"), (3, 2, 0), "JJ/MM/AAAA"),
    (re.compile(rf"([0-9]{{2}})([0-9]{{2}}){_YEAR}"), (2, 1, 0), "JJMMAAAA"),
)
_SHORT = re.compile(r"([0-9]{2})([-/.])([0-9]{2})\2([0-9]{2})")


def jour(text: str, debut: date, fin: date) -> Jour | None:
    """The day that a text says, whatever its year, None when it says none or two.

    « 05/03/18 » is a day of March 2018 or of March 2005: it is read when one of them alone is from ``debut``
    to ``fin``, both included.

    >>> exercice = date(2018, 1, 1), date(2018, 12, 31)
    >>> [jour(text, *exercice).jour.isoformat() for text in ("20180305", "05/03/2018", "05032018", "05/03/18")]
    ['2018-03-05', '2018-03-05', '2018-03-05', '2018-03-05']
    >>> jour("2018-03-05 00:00:00", *exercice).forme, jour("31/02/2018", *exercice), jour("03/15/2018", *exercice)
    ('AAAA-MM-JJ', None, None)
    """
    cell = text.strip()
    for pattern, (year, month, day), forme in _DAYS:
        match = pattern.fullmatch(cell)
        if match is not None:
            parts = match.groups()
            found = _date(parts[year], parts[month], parts[day])
            if found is not None:
                return Jour(found, forme)
    short = _SHORT.fullmatch(cell)
    if short is not None:
        left, _, middle, right = short.groups()
        both = {_date(f"20{right}", middle, left): "JJ/MM/AA", _date(f"20{left}", middle, right): "AA/MM/JJ"}
        within = [(one, forme) for one, forme in both.items() if one and debut <= one <= fin]
        if len(within) == 1:
            return Jour(*within[0])
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
