"""What rows that are valid cell by cell cannot say: a number that is not the printed one, a negative number
of people, a day to come, one quantity twice.

Rows of the register → findings with file, line, what was found, what was expected, what to do. What a row
may say against the rule is said in the dictionary (a definition) or in its note: a reader sees it too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from analysis.noyau.declared.dictionary import Dictionary, Field, Indicateur, Unite
from analysis.noyau.errors import Finding
from analysis.noyau.periods import Period, is_period, long_date
from analysis.sources.fiches import Chiffre
from analysis.sources.imprimes import declared, lus
from analysis.sources.rapprochements import se_contredisent

_DATED = frozenset({"periode", "jour", "mois"})
"""The types of a column that holds a day or a period."""

_SIGNED = re.compile(
    r"\b(?:évolution|variation|écart|différence|effet|solde|résultat|gain|net)\b", re.IGNORECASE
)
"""What a definition calls a quantity that may be negative."""

_PLANNED = re.compile(
    r"\b(?:objectif|cible|visée?s?|prévue?s?|annoncée?s?|projet|devai(?:t|ent))\b", re.IGNORECASE
)
"""What a definition calls a quantity that is told ahead of its time."""

_SIGNED_UNITS = frozenset({"points", "ecart_type", "coefficient"})
"""The units of differences."""


def may_be_negative(indicateur: Indicateur) -> bool:
    """Whether the dictionary says that a quantity may be below zero: an evolution, a difference, a net one.

    A number of people, of jobs or of places never is.
    """
    said = f"{indicateur.libelle} {indicateur.definition}"
    return indicateur.unite in _SIGNED_UNITS or bool(_SIGNED.search(said))


def is_planned(indicateur: Indicateur) -> bool:
    """Whether the dictionary says that a quantity is told ahead: an aim, a forecast, what was announced."""
    return bool(_PLANNED.search(f"{indicateur.libelle} {indicateur.definition}"))


def of_figures(
    file: str,
    chiffres: Mapping[int, Chiffre],
    dictionary: Dictionary,
    published: Mapping[str, Period],
    answers: Sequence[frozenset[int]] = (),
    *,
    today: date,
) -> list[Finding]:
    """The findings of the figures, by the lines that they stand on.

    ``published`` is when each source was published or, where that is not established, consulted; ``answers``
    are the numbers that each row of ``desaccords`` names.
    """
    findings = []
    for line, chiffre in chiffres.items():
        indicateur, unit = dictionary.indicator(chiffre.indicateur), dictionary.unit_of(chiffre.indicateur)
        for column, found, expected, remedy in (
            *_against_its_words(chiffre, unit),
            *_negative(chiffre, indicateur),
            *_to_come(chiffre, indicateur, unit, published.get(chiffre.source), today),
        ):
            findings.append(Finding(file, line, column, found, expected, remedy))
    return findings + _said_twice(file, chiffres, dictionary, answers)


_Fault = tuple[str, str, str, str]
"""Column, found, expected, remedy."""


def _against_its_words(chiffre: Chiffre, unit: Unite) -> Iterator[_Fault]:
    """The number of a figure is that of its printed words; its note says how the others read."""
    printed, column = chiffre.valeur_imprimee, "valeur_imprimee"
    if unit.nature == "date":
        if not is_period(printed):
            yield column, f"« {printed} »", "une date écrite « 2017-04 » ou « 2017-04-25 »", ""
        return
    if not chiffre.is_number:
        return
    words = declared(chiffre.note) or printed
    readings = lus(words, is_share="pourcent" in unit.unite, scale=unit.unite.partition("_")[0])
    if not readings:
        yield (
            column,
            f"« {printed} », qui ne se lit pas comme un nombre",
            f"des mots dont « {_numbers(chiffre)} » se déduit",
            "Dites dans « note » comment ils se lisent, comme : se lit « 4 à 6 ».",
        )
    elif not any(r.says(chiffre.valeur, chiffre.borne_basse, chiffre.borne_haute) for r in readings):
        where = "valeur" if chiffre.valeur is not None else "borne_basse"
        told = " ou ".join(reading.words for reading in readings)
        yield (
            where,
            f"« {_numbers(chiffre)} »",
            f"{told}, comme « {words} » le dit",
            "Corrigez le nombre, ou les mots d'après la source.",
        )


def _negative(chiffre: Chiffre, indicateur: Indicateur) -> Iterator[_Fault]:
    if may_be_negative(indicateur):
        return
    for column in ("valeur", "borne_basse", "borne_haute"):
        value = getattr(chiffre, column)
        if value is not None and value < 0:
            yield _below_zero(column, value, indicateur)


def _below_zero(column: str, value: float, indicateur: Indicateur) -> _Fault:
    expected = f"un nombre positif ou nul : « {indicateur.indicateur} » n'est ni une évolution ni un écart"
    return column, f"« {value:g} »", expected, ""


def _to_come(
    chiffre: Chiffre, indicateur: Indicateur, unit: Unite, published: Period | None, today: date
) -> Iterator[_Fault]:
    """A source tells what has been: nothing begins after its publication, nor after today.

    An indicator whose definition says that it is told ahead may (an aim, a budget voted); another figure
    may be of after its publication where its note says why (a rate fixed in advance), never of after today.
    """
    if is_planned(indicateur):
        return
    printed = chiffre.valeur_imprimee
    said = [("periode", chiffre.periode)] if chiffre.periode else []
    if unit.nature == "date" and is_period(printed):
        said.append(("valeur_imprimee", Period(printed)))
    for column, period in said:
        if period.start > today:
            expected = f"une date passée, au plus le {long_date(today)}"
            yield (
                column,
                f"« {period} »",
                expected,
                "Ce qui est prévu demande un indicateur dont la définition le dit.",
            )
        elif published is not None and period.start > published.end and not chiffre.note:
            yield (
                column,
                f"« {period} »",
                f"une date d'avant la publication de sa source ({published.label})",
                "Corrigez la date, ou dites dans « note » pourquoi la source en parle à l'avance.",
            )


def _said_twice(
    file: str,
    chiffres: Mapping[int, Chiffre],
    dictionary: Dictionary,
    answers: Sequence[frozenset[int]],
) -> list[Finding]:
    """One source says one quantity of one place, period and scope once, or a disagreement is declared."""
    groups: dict[tuple[object, ...], list[tuple[int, Chiffre]]] = defaultdict(list)
    for line, c in chiffres.items():
        key = (c.territoire, c.indicateur, c.periode, c.champ, c.evaluation, c.annee_prix, c.source)
        groups[key].append((line, c))
    findings = []
    for group in groups.values():
        (first_line, first), *others = group
        nature = dictionary.unit_of(first.indicateur).nature
        for line, other in others:
            is_same = first.valeur_imprimee == other.valeur_imprimee
            is_answered = bool(first.desaccord) and first.desaccord == other.desaccord
            is_answered = is_answered or any({first.numero, other.numero} <= named for named in answers)
            if is_same or (se_contredisent(first, other, nature) and not is_answered):
                found = f"« {other.valeur_imprimee} » et, ligne {first_line}, « {first.valeur_imprimee} »"
                expected = "une seule ligne d'une source pour une quantité, un lieu, une période et un champ"
                remedy = (
                    "Effacez l'une des deux, ou dites dans « champ » ce que chacune couvre ; si la source se "
                    "contredit, donnez aux deux le code d'un désaccord."
                )
                findings.append(Finding(file, line, "valeur_imprimee", found, expected, remedy))
    return findings


def of_series(file: str, rows: Mapping[int, Mapping[str, str]], dictionary: Dictionary) -> list[Finding]:
    """The negative values of local series whose quantity cannot be."""
    findings = []
    for line, row in rows.items():
        indicateur = dictionary.indicator(row["indicateur"])
        value = float(row["valeur"])
        if value < 0 and not may_be_negative(indicateur):
            column, found, expected, remedy = _below_zero("valeur", value, indicateur)
            findings.append(Finding(file, line, column, found, expected, remedy))
    return findings


def dates_to_come(
    file: str, rows: Mapping[int, Mapping[str, str]], fields: Iterable[Field], *, today: date
) -> list[Finding]:
    """The days and periods of a table that begin after today: what is written down has been."""
    dated = [field.champ for field in fields if field.type in _DATED]
    expected = f"une date passée, au plus le {long_date(today)}"
    return [
        Finding(file, line, column, f"« {row[column]} »", expected)
        for line, row in rows.items()
        for column in dated
        if row.get(column) and Period(row[column]).start > today
    ]


def _numbers(chiffre: Chiffre) -> str:
    """The number of a figure, or its bounds, as its row writes them."""
    if chiffre.valeur is not None:
        return f"{chiffre.valeur:.10g}"
    low, high = (
        "" if bound is None else f"{bound:.10g}" for bound in (chiffre.borne_basse, chiffre.borne_haute)
    )
    return f"{low}..{high}"
