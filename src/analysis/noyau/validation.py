"""Check a raw table against the fields that the dictionary declares; every finding at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pandera.pandas as pa

from analysis.noyau.csv_files import RawTable
from analysis.noyau.dictionary import Field
from analysis.noyau.errors import Finding
from analysis.noyau.periods import Period

CODE = r"[a-z0-9][a-z0-9_-]{0,39}"

_FORMS: dict[str, tuple[str, str]] = {
    "code": (CODE, "un code en minuscules sans accent ni espace, de 40 caractères au plus"),
    "codes": (rf"{CODE}( {CODE})*", "des codes séparés par une espace"),
    "insee": (r"[0-9A-Z]+", "un code officiel en chiffres et majuscules"),
    "oui_non": (r"oui|non", "« oui » ou « non »"),
    "entier": (r"\d+", "un nombre entier"),
    "nombre": (r"-?\d+(\.\d+)?", "un nombre à point décimal, sans espace ni unité"),
    "url": (r"https?://\S+", "une adresse qui commence par http:// ou https://"),
}


def validate(raw: RawTable, fields: tuple[Field, ...], known: Mapping[str, frozenset[str]]) -> list[Finding]:
    """The findings of a table: form, closed lists, references, what is missing.

    ``known`` gives the values of each ``table.champ`` that a field may refer to.
    """
    frame = pd.DataFrame.from_dict(raw.rows, orient="index", columns=list(raw.columns))
    frame = frame.replace("", None)
    if frame.empty:
        return [Finding(raw.file, None, None, "aucune ligne", "au moins une ligne sous l'en-tête")]
    schema = pa.DataFrameSchema({field.champ: _column(field, known) for field in fields})
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return _findings(raw.file, errors.failure_cases, {f.champ: f for f in fields})
    return []


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


def _column(field: Field, known: Mapping[str, frozenset[str]]) -> pa.Column:
    form = [_check(*_form(field))] if _is_formed(field) else []
    return pa.Column(
        checks=[*form, *_value_checks(field, known)], nullable=not field.obligatoire, required=True
    )


def _is_formed(field: Field) -> bool:
    """A closed list says more than a form: « oui ou non », not « un code »."""
    return not field.valeurs or "." in field.valeurs[0]


def _form(field: Field) -> tuple[Callable[[str], bool], str]:
    if field.type == "periode":
        return _is_period, "une date « 2016-11-24 », « 2016-11 », « 2016-T3 », « 2016 » ou « a/b »"
    if field.type == "texte":
        return _is_clean, "un texte sans espace au début ni à la fin, ni caractère invisible"
    pattern, expected = _FORMS[field.type]
    return _matcher(pattern), expected


def _matcher(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _is_clean(text: str) -> bool:
    """No blank at either end, no control character, nothing that turns the direction of writing."""
    return text == text.strip() and not any(unicodedata.category(c) in ("Cc", "Cf") for c in text)


def _is_period(text: str) -> bool:
    try:
        Period(text)
    except ValueError:
        return False
    return True


def _value_checks(field: Field, known: Mapping[str, frozenset[str]]) -> list[pa.Check]:
    if not field.valeurs:
        return []
    if "." in field.valeurs[0]:
        allowed = frozenset().union(*(known[reference] for reference in field.valeurs))
        tables = " ou ".join(sorted({reference.partition(".")[0] for reference in field.valeurs}))
        expected = f"un code de la table « {tables} »"
    else:
        allowed = frozenset(field.valeurs)
        expected = "l'une des valeurs " + ", ".join(f"« {value} »" for value in field.valeurs)
    if field.type == "codes":
        return [_check(lambda text: set(text.split()) <= allowed, expected)]
    return [_check(lambda text: text in allowed, expected)]


def _check(test: Callable[[str], bool], expected: str) -> pa.Check:
    return pa.Check(test, element_wise=True, ignore_na=True, error=expected)


def _findings(file: str, failures: pd.DataFrame, fields: Mapping[str, Field]) -> list[Finding]:
    findings: dict[tuple[int, str], Finding] = {}
    for case in failures.sort_values(["index", "column"]).itertuples():
        column, line = str(case.column), int(str(case.index))
        finding = _finding(file, line, column, case.check, case.failure_case, fields[column])
        findings.setdefault((line, column), finding)
    return list(findings.values())


def _finding(file: str, line: int, column: str, check: Any, found: Any, field: Field) -> Finding:
    if check == "not_nullable":
        return Finding(file, line, column, "une cellule vide", f"une valeur : {field.definition}")
    expected = str(check)
    remedy = ""
    if field.valeurs and "." in field.valeurs[0] and expected.startswith("un code de la table"):
        remedy = "Corrigez le code, ou ajoutez d'abord sa ligne à cette table."
    return Finding(file, line, column, f"« {found} »", expected, remedy)
