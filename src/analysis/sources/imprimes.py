"""What the printed words of a source say of a number: « 57 salariés », « plus de 3500 », « un sur trois ».

Words → readings, none where they are of no kind known here: they are then to be declared, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf, isclose

_SPACES = "[ \u00a0\u202f]"
_NUMBER = rf"\d+(?:{_SPACES}\d{{3}})*(?:[.,]\d+)*"
_SIGN = "[-\u2212+]?"
_MINUS = "-\u2212"

_UNITS = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
)
_WORDS = {word: float(value) for value, word in enumerate(_UNITS)} | {
    "une": 1.0,
    "vingt": 20.0,
    "trente": 30.0,
    "quarante": 40.0,
    "cinquante": 50.0,
    "soixante": 60.0,
    "cent": 100.0,
    "mille": 1000.0,
}
_ABOUT = {
    "dizaine": 10.0,
    "douzaine": 12.0,
    "quinzaine": 15.0,
    "vingtaine": 20.0,
    "trentaine": 30.0,
    "quarantaine": 40.0,
    "cinquantaine": 50.0,
    "soixantaine": 60.0,
    "centaine": 100.0,
    "millier": 1000.0,
}
_PARTS = {"moitié": 2.0, "tiers": 3.0, "quart": 4.0, "cinquième": 5.0, "dixième": 10.0}
_SCALES = (
    (re.compile(r"\bmilliards?\b|\bMd\b", re.IGNORECASE), 1e9, "milliards"),
    (re.compile(r"\bmillions?\b|\bM(?=€|\b)"), 1e6, "millions"),
    (re.compile(r"\bmilliers\b|\bk(?=€)|\bmille\b"), 1e3, "milliers"),
)

_FALL = re.compile(r"^(?:une? )?(?:baisse|recul|diminution|chute|réduction|perte)s? d(?:e |')", re.IGNORECASE)
_RISE = re.compile(r"^(?:une? )?(?:hausse|augmentation|progression)s? d(?:e |')", re.IGNORECASE)
_QUALIFIERS = (
    ("au moins", re.compile(r"^(?:plus d(?:e |')|au moins |supérieure?s? à )", re.IGNORECASE)),
    (
        "au plus",
        re.compile(
            r"^(?:moins d(?:e |')|près d(?:e |')|presque |quasiment |au plus |jusqu'à |inférieure?s? à )",
            re.IGNORECASE,
        ),
    ),
    (
        "environ",
        re.compile(r"^(?:environ |quelques? |autour de |de l'ordre de |à peu près |~ ?)", re.IGNORECASE),
    ),
)
_RANGE = re.compile(rf"^(?:entre |de )?({_NUMBER}) ?(?:à|et|-|–) ?({_NUMBER})(?P<rest>.*)$")
_COUNTED = re.compile(rf"^({_SIGN}) ?({_NUMBER})(?P<rest>.*)$")
_OUT_OF = re.compile(r"^(\w+) (?:personnes? )?sur (\w+)\b(?P<rest>.*)$")
_PART = re.compile(rf"^(?:l[ae]s? )?(?:(\w+) )?({'|'.join(_PARTS)})s?\b(?P<rest>.*)$")
_ROUGH = re.compile(rf"^(?:une? |la )?({'|'.join(_ABOUT)})s?\b(?P<rest>.*)$")
_SPELT = re.compile(rf"^({'|'.join(_WORDS)})\b(?P<rest>.*)$")
_GOES_ON = re.compile(rf"^[- ](?:et[- ])?(?:cents?|mille|{'|'.join(_WORDS)})\b")
"""Number words that have more of their kind behind them: « vingt-cinq », « deux cents »."""

_REST = re.compile(r"^(?!.*\bdemie?s?\b)\D*(?:\b(?:19|20)\d\d\b)?\D*$")
"""What may follow a number: words, and a year; « et demi » is of no known kind."""

_DECLARED = re.compile(r"\bse lit « ?([^»]+?) ?»")
"""Where the note of a figure says in plain words how its source is to be read."""


@dataclass(frozen=True)
class Imprime:
    """One reading of printed words: the least and the most that they say, infinite where they say none.

    ``autour`` says that they give an order of magnitude, which bounds stand around; ``marge`` is by how
    much their number may be rounded (a third is 33 or 34 per cent).
    """

    basse: float
    haute: float
    autour: bool = False
    marge: float = 0.0

    def says(self, valeur: float | None, basse: float | None, haute: float | None) -> bool:
        """Whether the number or the bounds of a figure are what the words say."""
        low, high = (valeur, valeur) if valeur is not None else (basse, haute)
        if self.autour and valeur is None:
            return low is not None and high is not None and low <= self.basse and self.haute <= high
        if self.autour and not self.marge:
            return False
        return self._is(low, self.basse) and self._is(high, self.haute)

    def _is(self, written: float | None, printed: float) -> bool:
        if written is None or abs(printed) == inf:
            return written is None and abs(printed) == inf
        return isclose(written, printed, rel_tol=1e-9, abs_tol=self.marge)

    @property
    def words(self) -> str:
        """The reading as a message tells it.

        >>> Imprime(57, 57).words, Imprime(40, inf).words, Imprime(5000, 6000).words
        ('57', 'une borne basse de 40 seule', 'des bornes de 5000 et 6000')
        """
        low, high = f"{self.basse:.10g}", f"{self.haute:.10g}"
        if self.autour:
            return f"des bornes autour de {low}" if low == high else f"des bornes autour de {low} et {high}"
        if self.haute == inf:
            return f"une borne basse de {low} seule"
        if self.basse == -inf:
            return f"une borne haute de {high} seule"
        return low if low == high else f"des bornes de {low} et {high}"


def declared(note: str) -> str:
    """The plain words that a note gives in the place of those of the source; empty where it gives none.

    >>> declared("« Une poignée » se lit « 4 à 6 ».")
    '4 à 6'
    """
    match = _DECLARED.search(note)
    return match[1] if match else ""


def lus(words: str, *, is_share: bool = False, scale: str = "") -> tuple[Imprime, ...]:
    """The readings of printed words, more than one where a point may be decimal or of thousands.

    ``is_share`` is for a unit in per cent: « un sur trois » is then 33 or 34. ``scale`` is the one that the
    unit has already (« millions »). Empty where the words are of no known kind.

    >>> [reading.words for reading in lus("plus de 3500 personnes")]
    ['une borne basse de 3500 seule']
    >>> [reading.words for reading in lus("15.000")]
    ['15000', '15']
    >>> lus("une poignée de salariés")
    ()
    """
    text = re.sub(r"\s+", " ", words.replace("\u2019", "'")).strip()
    if match := _FALL.match(text):
        rest = text[match.end() :]
        return tuple(map(_negative, _qualified(rest, is_share=is_share, scale=scale)))
    if match := _RISE.match(text):
        text = text[match.end() :]
    return tuple(_qualified(text, is_share=is_share, scale=scale))


def _qualified(text: str, *, is_share: bool, scale: str) -> Iterator[Imprime]:
    for qualifier, form in _QUALIFIERS:
        if match := form.match(text):
            for reading in _plain(text[match.end() :], is_share=is_share, scale=scale):
                if qualifier == "au moins":
                    yield replace(reading, haute=inf, autour=False)
                elif qualifier == "au plus":
                    yield replace(reading, basse=-inf, autour=False)
                else:
                    yield replace(reading, autour=reading.basse == reading.haute)
            return
    yield from _plain(text, is_share=is_share, scale=scale)


def _plain(text: str, *, is_share: bool, scale: str) -> Iterator[Imprime]:
    """The readings of words without a qualifier: the first kind that they are of."""
    for kind in (_range, _fraction, _rough, _number, _spelt):
        if found := list(kind(text, is_share)):
            factor = _factor(text, scale)
            yield from (replace(r, basse=r.basse * factor, haute=r.haute * factor) for r in found)
            return


def _range(text: str, _is_share: bool) -> Iterator[Imprime]:
    if (match := _RANGE.match(text)) and _REST.match(match["rest"]):
        for low in _values(match[1]):
            for high in _values(match[2]):
                if low < high:
                    yield Imprime(low, high)
                if low < 1000 <= high and high % 1000 == 0 and low * 1000 < high:
                    yield Imprime(low * 1000, high)  # « 5 à 6000 »


def _fraction(text: str, is_share: bool) -> Iterator[Imprime]:
    """« la moitié », « deux tiers », « 4 sur 10 », for a unit in per cent."""
    lower = text.lower()
    if not is_share:
        return
    if (match := _OUT_OF.match(lower)) and _REST.match(match["rest"]):
        above, below = _small(match[1]), _small(match[2])
    elif (match := _PART.match(lower)) and _REST.match(match["rest"]):
        above, below = _small(match[1] or "un"), _PARTS[match[2]]
    else:
        return
    if above is not None and below:
        share = 100 * above / below
        is_whole = share == int(share)
        yield Imprime(share, share, autour=not is_whole, marge=0.0 if is_whole else 1.0)


def _rough(text: str, _is_share: bool) -> Iterator[Imprime]:
    if (match := _ROUGH.match(text.lower())) and _REST.match(match["rest"]):
        yield Imprime(_ABOUT[match[1]], _ABOUT[match[1]], autour=True)


def _number(text: str, _is_share: bool) -> Iterator[Imprime]:
    if (match := _COUNTED.match(text)) and _REST.match(match["rest"]):
        sign = -1.0 if match[1] and match[1] in _MINUS else 1.0
        yield from (Imprime(sign * value, sign * value) for value in _values(match[2]))


def _spelt(text: str, _is_share: bool) -> Iterator[Imprime]:
    """« dix », « dix salariés »; « une poignée » is not one of anything."""
    match = _SPELT.match(text.lower())
    if match is None or not _REST.match(match["rest"]) or _GOES_ON.match(match["rest"]):
        return
    if _WORDS[match[1]] != 1 or match["rest"].strip() in ("", "seul", "seule"):
        yield Imprime(_WORDS[match[1]], _WORDS[match[1]])


def _values(text: str) -> list[float]:
    """What figures may be: a point before three of them is of thousands, or decimal.

    >>> _values("1 234,5"), _values("12.900"), _values("14.9")
    ([1234.5], [12900.0, 12.9], [14.9])
    """
    packed = re.sub(_SPACES, "", text)
    found = []
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", packed):
        found.append(float(packed.replace(".", "").replace(",", ".")))
    if re.fullmatch(r"\d+(?:[.,]\d+)?", packed):
        found.append(float(packed.replace(",", ".")))
    return found


def _small(word: str) -> float | None:
    return float(word) if word.isdecimal() else _WORDS.get(word)


def _factor(text: str, scale: str) -> float:
    """By how much « millions » multiplies the number, where the unit does not say it already."""
    for form, factor, name in _SCALES:
        if form.search(text) and not re.match(r"^mille\b", text, re.IGNORECASE):
            return 1.0 if name == scale else factor
    return 1.0


def _negative(reading: Imprime) -> Imprime:
    return replace(reading, basse=-reading.haute, haute=-reading.basse)
