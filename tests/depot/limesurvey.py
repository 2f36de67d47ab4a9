"""A second reading of LimeSurvey's importer of structures, written from its PHP: what it would refuse or change."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from analysis.depot.enquetes.questions import LONGEST_ANSWER_CODE

BASE = {"class", "type/scale", "name", "relevance", "text", "help", "language", "validation", "mandatory"}
BASE |= {"other", "default", "same_default"}
ATTRIBUTES = {"N": {"min_num_value_n", "max_num_value_n", "num_value_int_only"}}
TYPES = set("15ABCDEFGHIKLMNOPQRSTUXY!|*:;")
ORDER = {"S": {"S"}, "SL": {"S", "SL"}, "G": {"SL", "Q", "SQ", "A"}, "Q": {"G", "Q", "SQ", "A"}}
ORDER |= {"SQ": {"Q", "SQ"}, "A": {"Q", "SQ", "A"}}
RESERVED = {"LANG", "SID", "SAVEDID", "TOKEN", "QID", "GID", "SGQ", "self", "that", "this"}


def imported(content: bytes) -> list[dict[str, str]]:
    """The rows as ``TSVImportSurvey`` cuts them; asserts what it would guess wrong."""
    head = content[:1000]
    assert head.decode("utf-8"), "the encoding is told by the first thousand bytes"
    text = re.sub(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029", "\n", content.decode("utf-8"))
    assert '"' not in text.partition("\n")[0], "behind the byte order mark a quote stays in the first name"
    header, *body = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    header[0] = re.sub(r"^\W+", "", header[0])
    assert "\\" not in text, "fgetcsv takes a backslash for an escape"
    rows = []
    for cells in body:
        assert len(cells) == len(header), "a cell too many or too few"
        row = dict(zip(header, cells, strict=True))
        assert not any(re.fullmatch('".*"', cell) for cell in cells), "outer quotes would be taken off"
        rows.append(row)
    return rows


def faults(content: bytes) -> list[str]:
    """What LimeSurvey would refuse, change or leave out of a structure, in the order of its importer."""
    try:
        rows = imported(content)
    except (AssertionError, UnicodeDecodeError, csv.Error) as error:
        return [f"reading: {error}"]
    if not rows or not set(rows[0]) >= BASE:
        return ["columns"]
    found = []
    settings = {row["name"]: row["text"] for row in rows if row["class"] == "S"}
    languages = [settings.get("language", ""), *settings.get("additional_languages", "").split()]
    titled = {row["language"] for row in rows if row["class"] == "SL" and row["name"] == "surveyls_title"}
    found += [f"language {language}" for language in languages if language not in titled]
    found += [f"setting {n}" for n in ("anonymized", "format", "language") if not settings.get(n)]
    previous, known, questions = "S", set(), Counter[str]()
    parts: dict[str, Counter[str]] = {}
    question: dict[str, str] = {}
    for row in rows:
        kind, name = row["class"], row["name"]
        if kind not in ORDER or previous not in ORDER[kind]:
            found.append(f"order {previous} {kind}")
            return found
        previous = kind
        if kind not in ("S",) and row["language"] not in languages:
            found.append(f"language of {name}")
        found += [f"relevance {code}" for code in asked_of(row["relevance"]) if code not in known]
        if kind == "Q":
            question, parts[name] = row, Counter()
            questions[name] += 1
            known.add(name)
            found += question_faults(row)
        elif kind in ("SQ", "A"):
            parts[question["name"]][f"{kind} {name}"] += 1
            longest = 20 if kind == "SQ" else LONGEST_ANSWER_CODE
            if not re.fullmatch(rf"[A-Za-z0-9]{{1,{longest}}}", name) or name == "time" or not row["text"]:
                found.append(f"code {kind} {name}")
    found += [f"twice {name}" for name, count in questions.items() if count > 1]
    found += [f"twice {n}" for c in parts.values() for n, count in c.items() if count > 1]
    for row in (row for row in rows if row["class"] == "Q"):
        kinds = {name.split()[0] for name in parts[row["name"]]}
        wanted = {"F": {"SQ", "A"}, "L": {"A"}}.get(row["type/scale"], set())
        found += [f"parts of {row['name']}"] if kinds != wanted else []
    return found


def asked_of(relevance: str) -> list[str]:
    """The questions that an expression names."""
    return re.findall(r"([A-Za-z]\w*)\.NAOK", relevance)


def question_faults(row: dict[str, str]) -> list[str]:
    name, kind = row["name"], row["type/scale"]
    found = []
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}", name) or name in RESERVED:
        found.append(f"code Q {name}")
    if kind not in TYPES:
        found.append(f"type of {name}")
    if not row["text"] or row["mandatory"] not in ("Y", "N", "S") or row["other"] not in ("Y", "N"):
        found.append(f"cells of {name}")
    extra = {column for column, cell in row.items() if cell and column not in BASE}
    if extra - ATTRIBUTES.get(kind, set()):
        found.append(f"attributes of {name}")
    return found
