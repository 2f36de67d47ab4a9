"""What a cell of the workbook says, however a person wrote it: one meaning is read, two are refused with their cause.

A spreadsheet holds dates and numbers as such, and then there is nothing to understand. People also type them as
text, choose from a list by hand, add a unit. What has one meaning in French is turned into the form of the
dictionary and counted; the rest is left as it stands, and :func:`cause` says why it has no meaning, or two.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclasses_field
from datetime import date
from typing import NamedTuple

from analysis.depot.formes.layout import RawSheet
from analysis.depot.formes.montants import nombre, signe_decimal
from analysis.depot.formes.texte_plat import plain
from analysis.noyau.declared.dictionary import Field

DATE = "date tapée comme du texte (« 31/12/2018 », « 3 mars 2019 » : le jour avant le mois)"
JOUR_ET_HEURE = "date suivie d'une heure, lue sans l'heure"
MOIS = "mois tapé comme du texte (« 09/2018 », « septembre 2018 »)"
JOUR_DU_MOIS = "mois donné par un jour qui n'est pas le premier"
NOMBRE = "nombre tapé comme du texte (« 1 234,5 »)"
UNITE = "nombre suivi de son unité (« 1 200 € », « 12 h »)"
POURCENT = "pourcentage tapé comme du texte (« 80 % » lu 0,8)"
DUREE = "durée en heures et minutes (« 2:30 » lu 2,5)"
CHOIX = "choix écrit autrement que dans la liste (« non », « F »)"
VIDE = "tiret ou « néant » lu comme une cellule vide"
BORDS = "texte entouré d'espaces ou coupé par un retour à la ligne"

Choix = Mapping[str, Mapping[str, str]]
"""By reference of the dictionary, from the letters and digits of what is written to the value of the list."""


class Lu(NamedTuple):
    """A cell as the dictionary writes it, and the form in which it was found: none where there is nothing to tell."""

    texte: str
    forme: str = ""


class Cause(NamedTuple):
    """Why a cell has no meaning, or two: what it holds, in words that quote nothing, and what to do."""

    trouve: str
    remede: str


_MONTHS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
_SHORT_MONTHS = {"janv": 1, "jan": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "sep": 9}
_SHORT_MONTHS |= {"oct": 10, "nov": 11, "dec": 12}
_MONTH_OF = {name: rank for rank, name in enumerate(_MONTHS, start=1)} | _SHORT_MONTHS
_NAMED = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_CLOCK = r"(?:[t ]\d{1,2}[:h]\d\d(?::\d\d(?:\.\d+)?)?z?)?"

_ISO_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_STAMP = re.compile(r"(?P<d>(?:19|20)\d\d-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?")
_WRITTEN = (
    re.compile(rf"(?P<d>\d{{1,2}})(?P<s> ?[-/.] ?| )(?P<m>\d{{1,2}})(?P=s){_YEAR}{_CLOCK}"),
    re.compile(rf"{_YEAR}(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}}){_CLOCK}"),
    re.compile(rf"(?:le )?(?:(?:{_DAYS}),? )?(?P<d>\d{{1,2}})(?:er)?[ -]?(?P<n>{_NAMED})\.?[ -]?{_YEAR}"),
)
_GLUED = (re.compile(rf"{_YEAR}(?P<m>\d\d)(?P<d>\d\d)"), re.compile(rf"(?P<d>\d\d)(?P<m>\d\d){_YEAR}"))
_MONTH_WRITTEN = (
    re.compile(rf"(?P<m>\d{{1,2}}) ?[-/.] ?{_YEAR}"),
    re.compile(rf"{_YEAR}[-/.](?P<m>\d{{1,2}})"),
    re.compile(rf"(?P<n>{_NAMED})\.?[ -]?{_YEAR}"),
)
_SHORT_YEAR = re.compile(
    rf"\d{{1,2}}[-/. ](?:\d{{1,2}}|{_NAMED})\.?[-/. ]\d\d|(?:\d\d?|{_NAMED})\.?[-/. ]\d\d"
)
_OLD = re.compile(
    r"0\d\d\d-\d\d-\d\d|1[0-8]\d\d-\d\d-\d\d|\d{1,2}[-/.]\d{1,2}[-/.](?:0\d{3}|1[0-8]\d\d)|00:00:00"
)
_HOURS = re.compile(
    r"(\d{1,6})(?::|h(?:eures?)?)([0-5]\d)(?::[0-5]\d|mi?n?)?|(\d{1,6})h(?:eures?)?|PT(\d{1,6})H(\d\d)M\d\dS",
    re.IGNORECASE,
)
_DURATION = re.compile(r"\d{1,6}:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?|PT.*|\d{1,6} ?h ?(?:[0-5]\d)?", re.IGNORECASE)
_UNITS = {
    "euros": r"€|eur|euros?",
    "euros_heure": r"€|eur|euros?|€ ?/ ?h|€ de l'heure|euros? de l'heure|€ par heure|euros? par heure",
    "heures": r"h|heures?",
    "etp": "etp",
    "mois": "mois",
    "personnes": r"personnes?|pers\.?",
}
_TWO_WAYS = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
_BLANK = frozenset(("neant", "sansobjet", "so", "na", "nc", "nonrenseigne", "nr", "inconnu"))
_DASHES = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"}
)


@dataclass(frozen=True)
class Lecture:
    """The cells of a sheet once understood: the sheet, what was understood with its count, the cells with two meanings."""

    raw: RawSheet
    formes: Counter[str]
    ambigus: frozenset[tuple[int, str]]


def lire(raw: RawSheet, fields: Mapping[str, Field], choix: Choix) -> Lecture:
    """The sheet with each cell in the form of the dictionary where it has one meaning.

    A cell that has none, or two, is left as it stands.
    """
    formes: Counter[str] = Counter()
    ambigus = set()
    columns = {champ: _column(raw, field, choix) for champ, field in fields.items()}
    rows = {line: dict(row) for line, row in raw.rows.items()}
    for line, row in rows.items():
        for champ, text in row.items():
            if not text or champ not in columns:
                continue
            lu = columns[champ].read(text, (line, champ) in raw.textes)
            if lu is None:
                ambigus.add((line, champ))
                continue
            row[champ] = lu.texte
            if lu.forme:
                formes[lu.forme] += 1
    return Lecture(replace(raw, rows=rows), formes, frozenset(ambigus))


@dataclass(frozen=True)
class _Column:
    """How the cells of a column are read, with what they say together.

    ``is_swapped`` when a date has its month first: « 03/04/2019 » has then two meanings. ``decimale`` is the sign
    that surely cuts the decimals of the column, empty when none does, or two. ``choix`` is its closed list.
    """

    field: Field
    choix: Mapping[str, str]
    is_swapped: bool
    decimale: str
    seen: dict[tuple[str, bool], Lu | None] = dataclasses_field(default_factory=dict)

    def read(self, text: str, is_text: bool) -> Lu | None:
        """What a cell says; None where it has two meanings."""
        if (text, is_text) not in self.seen:
            self.seen[text, is_text] = self._read(text, is_text)
        return self.seen[text, is_text]

    def _read(self, text: str, is_text: bool) -> Lu | None:
        kind = self.field.type
        if kind == "texte_libre":
            return Lu(text)
        if not text.strip():
            return Lu("")
        if kind in ("texte", "identifiant", "code"):
            return _trimmed(text, self.field)
        if is_text and not self.field.obligatoire and _says_nothing(text, self.field):
            chosen = _choice(text, self.choix)
            return chosen if chosen.texte in self.choix.values() else Lu("", VIDE)
        if kind == "liste":
            return _choice(text, self.choix)
        if kind in ("jour", "mois"):
            return _day_or_month(text, self.field, is_swapped=self.is_swapped)
        return _number(text, self.field, self.decimale) if is_text else _duration(text, self.field)


def _column(raw: RawSheet, field: Field, choix: Choix) -> _Column:
    texts = [row[field.champ] for line, row in raw.rows.items() if (line, field.champ) in raw.textes]
    is_date, is_number = field.type in ("jour", "mois"), field.type in ("nombre", "entier")
    is_swapped = is_date and any(map(is_month_first, texts))
    decimale = signe_decimal(_without_unit(text, field)[0] for text in texts) if is_number else ""
    known = choix.get(field.valeurs[0], {}) if field.type == "liste" else {}
    return _Column(field, known, is_swapped, decimale)


def _says_nothing(text: str, field: Field) -> bool:
    """Whether a text in a cell that may stay empty says that there is nothing to say."""
    cell = text.strip().translate(_DASHES)
    return (
        not cell.strip("-/")
        or plain(cell) in _BLANK
        or (field.champ == "date_fin" and plain(cell) == "encours")
    )


def _folded(text: str) -> str:
    """A text in small letters without accents, its blanks made one, its dashes plain."""
    letters = unicodedata.normalize("NFD", text.translate(_DASHES)).lower()
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def is_month_first(text: str) -> bool:
    """Whether a date can only be read with its month before its day, as in the United States.

    >>> is_month_first("12/31/2018"), is_month_first("31/12/2018"), is_month_first("03/04/2019")
    (True, False, False)
    """
    match = _WRITTEN[0].fullmatch(_folded(text))
    return match is not None and int(match["m"]) > 12 >= int(match["d"])


def _day_or_month(text: str, field: Field, *, is_swapped: bool) -> Lu:
    """A day or a month; ``is_swapped`` when another cell of the column has its month first: then « 03/04/2019 » has two meanings."""
    if field.type == "mois":
        month = _month(text)
        if month is not None:
            return month
    stamp = _STAMP.fullmatch(text)
    if _ISO_DAY.fullmatch(text) or stamp:
        found, forme = (stamp["d"], JOUR_ET_HEURE) if stamp else (text, "")
    else:
        written = _written_day(_folded(text), is_swapped=is_swapped)
        if written is None:
            return Lu(text)
        found, forme = written.isoformat(), DATE
    if field.type == "mois" and not found.endswith("-01"):
        return Lu(found[:7], forme or JOUR_DU_MOIS)
    return Lu(found, forme)


def _month(text: str) -> Lu | None:
    """A month written without a day."""
    folded = _folded(text)
    for pattern in _MONTH_WRITTEN:
        match = pattern.fullmatch(folded)
        if match is not None:
            parts = match.groupdict()
            month = _MONTH_OF[parts["n"]] if parts.get("n") else int(parts["m"])
            if 1 <= month <= 12:
                found = f"{parts['y']}-{month:02d}"
                return Lu(found, "" if found == text else MOIS)
    return None


def _written_day(folded: str, *, is_swapped: bool) -> date | None:
    """The day that a text says in French, None when it says none, or two."""
    for pattern in _WRITTEN:
        match = pattern.fullmatch(folded)
        if match is not None:
            parts = match.groupdict()
            month = _MONTH_OF[parts["n"]] if parts.get("n") else int(parts["m"])
            is_french = pattern is _WRITTEN[0]
            if is_swapped and is_french and int(parts["d"]) <= 12 and int(parts["d"]) != month:
                return None
            return _date(int(parts["y"]), month, int(parts["d"]))
    found = {
        day
        for pattern in _GLUED
        if (match := pattern.fullmatch(folded))
        and (day := _date(int(match["y"]), int(match["m"]), int(match["d"])))
    }
    return found.pop() if len(found) == 1 else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _without_unit(text: str, field: Field) -> tuple[str, str]:
    """A number without the unit that its column has, and the form that this makes."""
    cell = text.strip().removeprefix("'")
    if field.unite == "fraction" and cell.endswith("%"):
        return cell[:-1].rstrip(), POURCENT
    unit = _UNITS.get(field.unite)
    bare = re.sub(rf"(?<=[\d\s])(?:{unit})$", "", cell, flags=re.IGNORECASE).rstrip() if unit else cell
    return (bare, UNITE) if bare != cell else (cell, NOMBRE)


def _number(text: str, field: Field, decimale: str) -> Lu | None:
    """A number typed as text, its unit passed over, a percentage or a duration turned into it; None for two meanings."""
    duration = _duration(text, field)
    if duration.forme:
        return duration
    bare, forme = _without_unit(text, field)
    value = nombre(bare, decimale)
    if value is None:
        return None if _TWO_WAYS.fullmatch(bare) else Lu(text)
    value = value / 100 if forme == POURCENT else value
    whole = value == value.to_integral_value()
    if field.type == "entier" and not whole:
        return Lu(text)
    found = f"{value.to_integral_value():f}" if whole else f"{value.normalize():f}"
    return Lu(found, "" if found == text else forme)


def _duration(text: str, field: Field) -> Lu:
    """Hours and minutes as a number of hours, in a column of hours."""
    match = _HOURS.fullmatch(re.sub(r"\s", "", text)) if field.unite == "heures" else None
    if match is None:
        return Lu(text)
    hours = int(match[1] or match[3] or match[4])
    minutes = int(match[2] or match[5] or 0)
    return Lu(f"{hours + minutes / 60:.4f}".rstrip("0").rstrip("."), DUREE)


def _choice(text: str, known: Mapping[str, str]) -> Lu:
    """The value of a list that a text names, whatever its case, accents and blanks."""
    label = known.get(plain(text))
    return Lu(text) if label is None or label == text else Lu(label, CHOIX)


def _trimmed(text: str, field: Field) -> Lu:
    """A text without the blanks around it nor line breaks; the dashes of a code made plain."""
    found = re.sub(r"\s*[\r\n\t]+\s*", " ", text) if field.type == "texte" else text.translate(_DASHES)
    found = found.strip()
    return Lu(text) if found == text else Lu(found, BORDS)


_FORMAT = "remettez-la au format Standard (clic droit › Formater les cellules › Nombre › Standard)"
_DAY_TYPED = "Tapez le jour, le mois et l'année en quatre chiffres : 31/12/2018."
_MONTH_TYPED = "Tapez le mois en toutes lettres et l'année en quatre chiffres : septembre 2018."


def cause(text: str, field: Field) -> Cause | None:
    """Why a cell that is refused has no meaning, or two; None where nothing more can be said than its form."""
    if field.type in ("jour", "mois"):
        return _cause_of_date(text, field)
    if field.type in ("nombre", "entier"):
        return _cause_of_number(text, field)
    return None


def _cause_of_date(text: str, field: Field) -> Cause | None:
    typed = _DAY_TYPED if field.type == "jour" else _MONTH_TYPED
    folded = _folded(text)
    if _OLD.fullmatch(folded):
        return Cause(
            "une date d'avant 1900", f"L'année est sans doute mal tapée, comme 0218 pour 2018. {typed}"
        )
    if text.startswith("1905-"):
        return Cause("une date de 1905, celle que montre une année tapée seule", typed)
    if is_month_first(text):
        return Cause("une date dont le mois semble écrit avant le jour", typed)
    if _WRITTEN[0].fullmatch(folded) and _written_day(folded, is_swapped=False):
        found = "une date à deux sens, car une autre de la colonne a son mois avant son jour"
        return Cause(found, f"{typed} Vérifiez toute la colonne.")
    if _SHORT_YEAR.fullmatch(folded):
        return Cause("une date dont l'année manque ou n'a que deux chiffres", typed)
    if _month(text) or re.fullmatch(_YEAR, folded):
        return Cause("une date à laquelle il manque le jour", typed)
    if _DURATION.fullmatch(text):
        return Cause("une heure ou une durée", typed)
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        found = "un nombre, comme en montre une date sans son format"
        return Cause(found, f"Donnez à la cellule un format de date, ou retapez-la. {typed}")
    return Cause("", typed) if field.type == "mois" or not _ISO_DAY.fullmatch(text) else None


def _cause_of_number(text: str, field: Field) -> Cause | None:
    if _ISO_DAY.match(text):
        if field.champ.startswith("annee"):
            return Cause(
                "une date", f"Tapez l'année seule : 1974. Si la cellule montre encore une date, {_FORMAT}."
            )
        remedy = f"Tapez le nombre avec une virgule (0,75 et non 3/4). Si la cellule montre encore une date, {_FORMAT}."
        return Cause("une date", remedy)
    if _DURATION.fullmatch(text):
        return Cause("une heure ou une durée", "Tapez un nombre, avec une virgule : 2,5.")
    if text.strip().endswith("%"):
        return Cause("un pourcentage", "Tapez le nombre que demande l'en-tête, sans « % ».")
    bare, _ = _without_unit(text, field)
    if _TWO_WAYS.fullmatch(bare):
        found = "un nombre à deux sens : son signe peut couper les milliers ou les décimales"
        return Cause(found, "Retapez-le sans séparateur de milliers, avec une virgule pour les décimales.")
    if field.unite == "fraction" and nombre(bare) is not None:
        return Cause("", "Écrivez la part d'un temps plein : 80 % ou 0,8 ; 28 heures sur 35 font 0,8.")
    if field.champ.startswith("annee"):
        return Cause("", "Tapez l'année en quatre chiffres : 1974.")
    return None
