"""Check a raw table against the fields that the dictionary declares; every finding at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.noyau.declared import verifiees
from analysis.noyau.declared.csv_files import RawTable
from analysis.noyau.declared.dictionary import Field
from analysis.noyau.errors import Finding, near
from analysis.noyau.french import in_quotes
from analysis.noyau.periods import Period, is_period

LONGEST_TEXT = 2000
"""Characters that a free text may hold."""

LONGEST_QUOTE = 60
"""Characters that a message quotes at most: beyond, it tells the form."""

CODE = r"[a-z0-9][a-z0-9_-]{0,39}"

_FORMS: dict[str, tuple[str, str]] = {
    "code": (CODE, "un code en minuscules sans accent ni espace, de 40 caractères au plus"),
    "codes": (rf"{CODE}( {CODE})*", "des codes séparés par une espace"),
    "insee": (r"[0-9A-Z]+", "un code officiel en chiffres et majuscules"),
    "oui_non": (r"oui|non", "« oui » ou « non »"),
    "entier": (r"\d+", "un nombre entier"),
    "nombre": (r"-?\d+(\.\d+)?", "un nombre, sans espace ni unité"),
    "identifiant": (
        r"(?=.*\d)[A-Za-z]{0,4}([- \u00a0\u202f\u2010\u2011\u2013]?\d{1,6}){1,3}",
        "un identifiant de quatre lettres au plus suivies de chiffres, comme « P-017 »",
    ),
    "url": (r"https?://\S+", "une adresse qui commence par http:// ou https://"),
}


def validate(
    raw: RawTable,
    fields: tuple[Field, ...],
    known: Mapping[str, Collection[str]],
    *,
    stations: Path | None = None,
) -> list[Finding]:
    """The findings of a table: form, closed lists, references, what is missing.

    ``known`` gives the values of each ``table.champ`` that a field may refer to. A process that meets the
    same table again, against the same fields and values, checks it once: it keeps a digest and the findings.
    With ``stations``, the folder where a project keeps what it made, a table in which an earlier process
    found nothing is not checked again either.
    """
    references = {name: _in_order(known[name]) for field in fields for name in _references(field)}
    asked = repr((raw.file, raw.columns, raw.rows, fields, references)).encode()
    digest = verifiees.digest_of(asked)
    if digest not in _CHECKED:
        is_sound = stations is not None and verifiees.is_sound(stations, digest)
        _CHECKED[digest] = () if is_sound else tuple(_checked(raw, fields, known))
        if stations is not None and not is_sound and not _CHECKED[digest]:
            verifiees.note(stations, digest)
    return list(_CHECKED[digest])


_CHECKED: dict[bytes, tuple[Finding, ...]] = {}
"""The findings of the tables that this process checked, by the digest of what they were checked with."""


def _in_order(values: Collection[str]) -> list[str]:
    """The order of a list is part of its messages, that of a set is none."""
    return sorted(values) if isinstance(values, Set) else list(values)


def _references(field: Field) -> tuple[str, ...]:
    """The columns of other tables whose values a field may take."""
    return () if _is_range(field) else tuple(name for name in field.valeurs if "." in name)


def _checked(raw: RawTable, fields: tuple[Field, ...], known: Mapping[str, Collection[str]]) -> list[Finding]:
    """The findings of a table by line, then by column: a text is judged once, however many rows hold it."""
    if not raw.rows:
        return [Finding(raw.file, None, None, "aucune ligne", "au moins une ligne sous l'en-tête")]
    found: list[tuple[int, str, Finding]] = []
    for field in fields:
        texts = {row[field.champ] for row in raw.rows.values()}
        faults = _faults(texts, field, known)
        for line, row in raw.rows.items() if faults else ():
            text = row[field.champ]
            if text in faults:
                told = _finding(raw.file, line, text, faults[text], field, known)
                found.append((line, field.champ, told))
    return [told for _, _, told in sorted(found, key=lambda one: one[:2])]


def _faults(texts: Iterable[str], field: Field, known: Mapping[str, Collection[str]]) -> dict[str, Rule]:
    """The first rule that each of the texts of a column breaks, for those that break one."""
    rules = _rules(field, known)
    faults = {}
    for text in texts:
        asked = rules if text else [_MISSING] if field.obligatoire else []
        broken = next((rule for rule in asked if not rule.holds(text)), None)
        if broken:
            faults[text] = broken
    return faults


def duplicate_findings(raw: RawTable, key: tuple[str, ...]) -> list[Finding]:
    """A finding for each row whose key stands already on an earlier line."""
    first: dict[tuple[str, ...], int] = {}
    findings = []
    for line, row in raw.rows.items():
        value = tuple(row[column] for column in key)
        if value in first:
            found = f"« {' / '.join(value)} » qui est déjà ligne {first[value]}"
            findings.append(Finding(raw.file, line, ", ".join(key), found, "une seule ligne par clé"))
        else:
            first[value] = line
    return findings


@dataclass(frozen=True)
class Rule:
    """What a cell that is not empty must be: its name among those of findings, the test, what is expected."""

    name: str
    holds: Callable[[str], bool]
    expected: str


_MISSING: Final = Rule("valeur_manquante", bool, "")
"""What an empty cell breaks where the dictionary asks for a value."""


def _rules(field: Field, known: Mapping[str, Collection[str]]) -> list[Rule]:
    """The rules of a field: its form first, which the others take as good."""
    form = [Rule("forme", *_form(field))] if _is_formed(field) else []
    return [*form, *_value_rules(field, known)]


def _is_formed(field: Field) -> bool:
    """A closed list says more than a form: « oui ou non », not « un code »."""
    if field.type == "liste":
        return False
    return not field.valeurs or _is_range(field) or "." in field.valeurs[0]


def _is_range(field: Field) -> bool:
    return len(field.valeurs) == 1 and ".." in field.valeurs[0]


def _form(field: Field) -> tuple[Callable[[str], bool], str]:
    if field.type == "periode":
        return is_period, "une date « 2016-11-24 », « 2016-11 », « 2016-T3 », « 2016 » ou « a/b »"
    if field.type == "jour":
        return _is_day, "une date (jour, mois, année)"
    if field.type == "mois":
        return _is_month, "un mois, comme septembre 2018"
    if field.type == "texte":
        return _is_clean, "un texte sans espace au début ni à la fin, ni caractère invisible"
    if field.type == "texte_libre":
        return _is_short, f"un texte de {LONGEST_TEXT} caractères au plus"
    pattern, expected = _FORMS[field.type]
    return _matcher(pattern), expected


def _matcher(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _is_clean(text: str) -> bool:
    """No blank at either end, no control character, nothing that turns the direction of writing."""
    if text.isprintable():  # nothing of the kinds below, and told at once
        return text == text.strip()
    return text == text.strip() and not any(unicodedata.category(c) in ("Cc", "Cf") for c in text)


def _is_short(text: str) -> bool:
    return len(text) <= LONGEST_TEXT


def _is_day(text: str) -> bool:
    return is_period(text) and Period(text).precision == "jour"


def _is_month(text: str) -> bool:
    return is_period(text) and (
        Period(text).precision == "mois" or re.fullmatch(r"\d{4}-\d\d-01", text) is not None
    )


def _value_rules(field: Field, known: Mapping[str, Collection[str]]) -> list[Rule]:
    if not field.valeurs:
        return []
    if _is_range(field):
        return [_range_rule(field)]
    if "." in field.valeurs[0]:
        allowed = frozenset(value for reference in field.valeurs for value in known[reference])
        tables = " ou ".join(sorted({reference.partition(".")[0] for reference in field.valeurs}))
        expected = (
            _one_of(known[field.valeurs[0]]) if field.type == "liste" else f"un code de la table « {tables} »"
        )
    else:
        allowed = frozenset(field.valeurs)
        expected = _one_of(field.valeurs)
    if field.type == "codes":
        return [Rule("valeur_inconnue", lambda text: set(text.split()) <= allowed, expected)]
    return [Rule("valeur_inconnue", lambda text: text in allowed, expected)]


def _one_of(values: Iterable[str]) -> str:
    return "l'une des valeurs " + in_quotes(values)


def _range_rule(field: Field) -> Rule:
    """Numbers compare as numbers, days and months as their ISO text; a faulty form is told elsewhere."""
    low, high = field.valeurs[0].split("..")
    if field.type in ("jour", "mois"):
        expected = f"une date entre {Period(low).label} et {Period(high).label}"
        return Rule("borne", lambda text: low <= text <= high + "-31" or not is_period(text), expected)
    matches = _matcher(_FORMS["nombre"][0])
    expected = f"un nombre entre {low} et {high}".replace(".", ",")
    return Rule("borne", lambda text: not matches(text) or float(low) <= float(text) <= float(high), expected)


def _finding(
    file: str,
    line: int,
    text: str,
    broken: Rule,
    field: Field,
    known: Mapping[str, Collection[str]],
) -> Finding:
    if broken is _MISSING:
        expected = f"une valeur : {field.definition}"
        return Finding(file, line, field.champ, "une cellule vide", expected, rule=broken.name)
    remedy = ""
    if field.valeurs and "." in field.valeurs[0] and broken.expected.startswith("un code de la table"):
        codes = sorted({code for reference in field.valeurs for code in known[reference]})
        close = near(text, codes, most=3) if field.citable else []
        guess = f"Vouliez-vous dire {' ou '.join(f'« {code} »' for code in close)} ? " if close else ""
        remedy = f"{guess}Corrigez le code, ou ajoutez d'abord sa ligne à cette table."
    return Finding(file, line, field.champ, quoted(text, field), broken.expected, remedy, rule=broken.name)


def quoted(text: str, field: Field) -> str:
    """A found value as a message may tell it: itself when the field may be quoted, else its form."""
    return f"« {text} »" if field.citable and len(text) <= LONGEST_QUOTE else form_of(text)


def form_of(text: str) -> str:
    """What a text looks like, without a character of it.

    >>> form_of("Jean Dupont"), form_of("P 17"), form_of("2018-03-12"), form_of("41.5")
    ('11 caractères, sans chiffre', '4 caractères, dont 2 chiffres', 'une date', 'un nombre')
    """
    if _is_day(text):
        return "une date"
    if re.fullmatch(_FORMS["nombre"][0], text):
        return "un nombre"
    digits = sum(character.isdigit() for character in text)
    count = f"{len(text)} caractère{'s' if len(text) > 1 else ''}"
    return (
        f"{count}, dont {digits} chiffre{'s' if digits > 1 else ''}" if digits else f"{count}, sans chiffre"
    )
