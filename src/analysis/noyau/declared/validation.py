"""Check a raw table against the fields that the dictionary declares; every finding at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.noyau.declared import verifiees
from analysis.noyau.declared.csv_files import RawTable
from analysis.noyau.declared.dictionary import Field
from analysis.noyau.errors import Finding, near
from analysis.noyau.french import in_quotes
from analysis.noyau.periods import Period, is_period

if TYPE_CHECKING:  # a chapter's process reads records and checks no table: it does without both
    import pandas as pd
    import pandera.pandas as pa

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
    import pandas as pd
    import pandera.pandas as pa

    frame = pd.DataFrame.from_dict(raw.rows, orient="index", columns=list(raw.columns))
    frame = frame.replace("", None)
    if frame.empty:
        return [Finding(raw.file, None, None, "aucune ligne", "au moins une ligne sous l'en-tête")]
    schema = pa.DataFrameSchema({field.champ: _column(field, known) for field in fields})
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return _findings(raw.file, errors.failure_cases, {f.champ: f for f in fields}, known)
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


def _column(field: Field, known: Mapping[str, Collection[str]]) -> pa.Column:
    import pandera.pandas as pa

    form = [_check("forme", *_form(field))] if _is_formed(field) else []
    return pa.Column(
        checks=[*form, *_value_checks(field, known)], nullable=not field.obligatoire, required=True
    )


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


def _value_checks(field: Field, known: Mapping[str, Collection[str]]) -> list[pa.Check]:
    if not field.valeurs:
        return []
    if _is_range(field):
        return [_range_check(field)]
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
        return [_check("valeur_inconnue", lambda text: set(text.split()) <= allowed, expected)]
    return [_check("valeur_inconnue", lambda text: text in allowed, expected)]


def _one_of(values: Iterable[str]) -> str:
    return "l'une des valeurs " + in_quotes(values)


def _range_check(field: Field) -> pa.Check:
    """Numbers compare as numbers, days and months as their ISO text; a faulty form is told elsewhere."""
    low, high = field.valeurs[0].split("..")
    if field.type in ("jour", "mois"):
        expected = f"une date entre {Period(low).label} et {Period(high).label}"
        return _check("borne", lambda text: low <= text <= high + "-31" or not is_period(text), expected)
    matches = _matcher(_FORMS["nombre"][0])
    expected = f"un nombre entre {low} et {high}".replace(".", ",")
    return _check(
        "borne", lambda text: not matches(text) or float(low) <= float(text) <= float(high), expected
    )


def _check(rule: str, test: Callable[[str], bool], expected: str) -> pa.Check:
    import pandera.pandas as pa

    return pa.Check(test, element_wise=True, ignore_na=True, error=f"{rule}|{expected}")


def _findings(
    file: str, failures: pd.DataFrame, fields: Mapping[str, Field], known: Mapping[str, Collection[str]]
) -> list[Finding]:
    findings: dict[tuple[int, str], Finding] = {}
    for case in failures.sort_values(["index", "column"]).itertuples():
        column, line = str(case.column), int(str(case.index))
        finding = _finding(file, line, column, case.check, case.failure_case, fields[column], known)
        findings.setdefault((line, column), finding)
    return list(findings.values())


def _finding(
    file: str,
    line: int,
    column: str,
    check: Any,
    found: Any,
    field: Field,
    known: Mapping[str, Collection[str]],
) -> Finding:
    if check == "not_nullable":
        expected = f"une valeur : {field.definition}"
        return Finding(file, line, column, "une cellule vide", expected, rule="valeur_manquante")
    rule, _, expected = str(check).partition("|")
    remedy = ""
    if field.valeurs and "." in field.valeurs[0] and expected.startswith("un code de la table"):
        codes = sorted({code for reference in field.valeurs for code in known[reference]})
        close = near(str(found), codes, most=3) if field.citable else []
        guess = f"Vouliez-vous dire {' ou '.join(f'« {code} »' for code in close)} ? " if close else ""
        remedy = f"{guess}Corrigez le code, ou ajoutez d'abord sa ligne à cette table."
    return Finding(file, line, column, quoted(str(found), field), expected, remedy, rule=rule)


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
