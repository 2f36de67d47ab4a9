"""Read a CSV file of the project faithfully: text with its line number, nothing repaired."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.noyau.errors import Finding
from analysis.noyau.french import in_quotes

_REMEDY_FORM = (
    "Modifiez le fichier dans JupyterLab, ou dans LibreOffice avec « Enregistrer sous… », type "
    "« Texte CSV », jeu de caractères « Unicode (UTF-8) », séparateur « , ». Repartez de la version "
    "précédente : Excel altère aussi les codes qui commencent par 0, les dates et les décimales."
)

BLANK = "ligne_vide"
"""The rule of a row without anything in its cells: nothing is missing from the table without it."""

LARGEST_CELL = 131_072
"""The most characters a cell may hold; a longer one is a quotation mark left open, or an attack."""


@dataclass(frozen=True)
class RawTable:
    """The cells of a CSV file as text: ``rows`` maps each line number to its cells by column."""

    file: str
    columns: tuple[str, ...]
    rows: dict[int, dict[str, str]]


def read_csv(path: Path, *, shown: str, columns: tuple[str, ...]) -> tuple[RawTable, list[Finding]]:
    """The rows of a comma-separated UTF-8 file whose header is exactly ``columns``, and the findings.

    What is read belongs to the caller: another reading of the same file does not see what it changes in it.
    A line is the number that a text editor shows. A row with too few or too many cells, or of
    commas alone, is a finding and is left out; a wrong encoding, separator or header leaves the table empty.
    """
    if not path.is_file():
        return RawTable(shown, columns, {}), [
            Finding(shown, None, None, "aucun fichier", "un fichier CSV à cet endroit")
        ]
    rows, findings = _read(path.read_bytes(), shown, columns)
    return RawTable(shown, columns, {line: dict(cells) for line, cells in rows.items()}), list(findings)


@lru_cache(maxsize=128)
def _read(
    content: bytes, shown: str, columns: tuple[str, ...]
) -> tuple[dict[int, dict[str, str]], tuple[Finding, ...]]:
    """The rows of these bytes and the findings: a process that meets them again has them at once."""
    text, findings = _decode(content, shown)
    if findings:
        return {}, tuple(findings)
    if not text.strip():
        head = ",".join(columns)
        return {}, (Finding(shown, 1, None, "un fichier vide", f"l'en-tête « {head} »"),)
    lines, findings = _parse(text, shown)
    if findings:
        return {}, tuple(findings)
    (header_line, header), *body = lines
    findings = _header_findings(header, columns, shown, header_line)
    if findings:
        return {}, tuple(findings)
    rows = {}
    for line, cells in body:
        if not any(cell.strip() for cell in cells):
            remedy = "LibreOffice en laisse à la fin d'un fichier : effacez-la."
            expected = "une ligne remplie, ou pas de ligne"
            findings.append(Finding(shown, line, None, "une ligne vide", expected, remedy, rule=BLANK))
        elif len(cells) == len(header):
            rows[line] = dict(zip(header, cells, strict=True))
        else:
            found, expected = f"{len(cells)} cellules", f"{len(header)} cellules comme l'en-tête"
            remedy = "Un texte qui contient une virgule se met entre guillemets droits."
            findings.append(Finding(shown, line, None, found, expected, remedy))
    return rows, tuple(findings)


def _decode(content: bytes, shown: str) -> tuple[str, list[Finding]]:
    """The text, or one finding that names what a French Excel does to a CSV file."""
    signs = []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        signs.append(f"un encodage autre que UTF-8 (octet {error.start + 1})")
        text = content.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    if head.count(";") > head.count(","):
        signs.append("le séparateur « ; »")
    if signs:
        found = f"{' et '.join(signs)}, comme Excel en français enregistre un CSV"
        expected = "du texte UTF-8 séparé par des virgules, à point décimal"
        return "", [Finding(shown, 1, None, found, expected, _REMEDY_FORM)]
    return text, []


def _parse(text: str, shown: str) -> tuple[list[tuple[int, list[str]]], list[Finding]]:
    """The rows with the line where each begins; blank lines are passed over."""
    csv.field_size_limit(LARGEST_CELL)  # of the whole process: a library may have raised it
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines, start = [], 1
    try:
        for cells in reader:
            if cells:
                lines.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            found, expected = "une cellule démesurée", f"au plus {LARGEST_CELL} caractères"
            return [], [Finding(shown, start, None, found, expected)]
        remedy = "Doublez un guillemet à l'intérieur d'un texte et fermez ceux qui sont ouverts."
        found = "un guillemet droit mal fermé"
        return [], [Finding(shown, start, None, found, "des guillemets par paires", remedy)]
    return lines, []


def _header_findings(header: list[str], columns: tuple[str, ...], shown: str, line: int) -> list[Finding]:
    if tuple(header) == columns:
        return []
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in columns]
    parts = []
    if missing:
        parts.append("sans " + in_quotes(missing))
    if unknown:
        parts.append("avec " + in_quotes(unknown))
    found = "un en-tête " + (" et ".join(parts) if parts else "dans un autre ordre ou en double")
    return [Finding(shown, line, None, found, f"« {','.join(columns)} »")]
