"""What rows that are valid cell by cell cannot say: a number that is not the printed one, a negative number
of people, a day to come, one quantity twice, a unit that is not its indicator's, a figure that is not there.

Rows of the register → findings with file, line, what was found, what was expected, what to do. What a row
may say against the rule is said in the dictionary (a definition) or in its note: a reader sees it too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from analysis.noyau.declared.csv_files import RawTable
from analysis.noyau.declared.dictionary import Dictionary, Field, Indicateur, Unite
from analysis.noyau.errors import Finding
from analysis.noyau.periods import Period, is_period, long_date
from analysis.sources.fiches import Chiffre, Essentiel, named_figures
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


def unit_findings(
    raw: RawTable, indicators: Mapping[str, Indicateur], units: Mapping[str, Unite]
) -> list[Finding]:
    """A figure is in its indicator's unit; a unit of numbers has a number, the others none."""
    findings = []
    for line, row in raw.rows.items():
        expected = indicators[row["indicateur"]].unite
        if row["unite"] != expected:
            remedy = "Un indicateur n'a qu'une unité : une autre unité demande un autre indicateur."
            found, wanted = f"« {row['unite']} »", f"« {expected} », l'unité de l'indicateur"
            findings.append(Finding(raw.file, line, "unite", found, wanted, remedy))
            continue
        has_number = any(row.get(name) for name in ("valeur", "borne_basse", "borne_haute"))
        if has_number and not units[expected].is_number:
            wanted = f"une cellule vide : « {expected} » n'est pas une unité de nombre"
            findings.append(Finding(raw.file, line, "valeur", "un nombre", wanted))
        if not has_number and units[expected].is_number:
            wanted = "une valeur ou une borne"
            findings.append(Finding(raw.file, line, "valeur", "ni valeur ni borne", wanted))
    return findings


_SENTENCES = (
    ("preuves", ("element", "comparaison", "revision", "raison")),
    ("desaccords", ("explication",)),
    ("essentiel", ("limite",)),
    ("recommandations", ("texte",)),
)
"""The columns of tables that name figures of the register."""


def reference_findings(raws: Mapping[str, RawTable]) -> list[Finding]:
    """A sentence names a figure by a number that the register holds."""
    numbers = {row["numero"] for row in raws["chiffres"].rows.values()}
    findings = []
    for table, columns in _SENTENCES:
        for line, row in raws[table].rows.items():
            for column in columns:
                for number in sorted(named_figures(row[column])):
                    if str(number) not in numbers:
                        found, expected = f"« {{#{number}}} »", "le numéro d'un chiffre du registre"
                        findings.append(Finding(raws[table].file, line, column, found, expected))
    return findings


def settled_findings(raw: RawTable) -> list[Finding]:
    """What settles a disagreement is a figure that its explanation names; values that agree need none."""
    findings = []
    for line, row in raw.rows.items():
        retained = row["retenu"]
        is_named = retained and int(retained) in named_figures(row["explication"])
        if retained and not (is_named and row["compatible"] == "non"):
            expected = "le numéro d'un chiffre que l'explication nomme, et « non » sous « compatible »"
            findings.append(Finding(raw.file, line, "retenu", f"« {retained} »", expected))
    return findings


def range_findings(
    file: str, lines: Mapping[int, Essentiel], chiffres: Iterable[Chiffre]
) -> Iterator[Finding]:
    """A range is made of numbers of one quantity: one indicator, so one unit."""
    by_number = {chiffre.numero: chiffre for chiffre in chiffres}
    for line, essentiel in lines.items():
        if not {essentiel.chiffre, *essentiel.autres} <= set(by_number):
            continue  # a figure that is told already
        shown = by_number[essentiel.chiffre]
        if not shown.is_number:
            yield Finding(file, line, "chiffre", f"« {shown.valeur_imprimee} »", "un nombre")
        for numero in essentiel.autres:
            other = by_number[numero]
            if other.indicateur != shown.indicateur or not other.is_number:
                found = f"n° {numero}, « {other.indicateur} »"
                expected = f"un nombre de « {shown.indicateur} », comme le n° {shown.numero}"
                yield Finding(file, line, "autres", found, expected)


def place_findings(raw: RawTable) -> list[Finding]:
    """One code is one place: all rows of a code agree on what is true of the whole place."""
    findings = []
    for code, shared in (
        ("territoire", ("nom", "date_habilitation", "source")),
        ("site", ("territoire", "site_nom", "perimetre", "perimetre_nom")),
    ):
        first: dict[str, tuple[int, dict[str, str]]] = {}
        for line, row in raw.rows.items():
            first_line, reference = first.setdefault(row[code], (line, row))
            for column in shared:
                if row[column] != reference[column]:
                    wanted = f"« {reference[column]} », comme ligne {first_line} pour « {row[code]} »"
                    remedy = f"Deux lieux différents demandent deux codes « {code} » différents."
                    found = f"« {row[column]} »"
                    findings.append(Finding(raw.file, line, column, found, wanted, remedy))
    return findings
