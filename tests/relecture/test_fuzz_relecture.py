"""No reviewed file makes the reception fail: some spoiled ones, of each kind that a reviewer sends.

``BILAN_FUZZ=2000`` asks for as many, shared with the deposits of tests/depot/test_fuzz.py: one in five is a review.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from chapitre_essai import html, write_copy
from docx import Document
from mutations import TEXTS, VALUES, flipped, packed, parts_of, put, stored

from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.relecture.reception import recevoir
from analysis.relecture.remis.preparation import preparer
from analysis.secret.release import release_parole
from analysis.sources.commentaires import load_commentaires

TODAY = date(2026, 11, 26)
NUMBER = max(int(os.environ.get("BILAN_FUZZ", "200")) // 5, 1)
HEADS = ("id", "submitdate", "seed", "college", "passage", "genre", "remarque", "publier")

Make = Callable[[Random, Path], tuple[str, bytes]]


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose chapter was handed out."""
    from small import write_small_project

    project = Project(write_small_project(tmp_path_factory.mktemp("relecture")))
    write_copy(project, html())
    preparer(project, "val")
    return project


def word(rng: Random) -> str:
    """A text that XML can hold."""
    return "".join(c for c in rng.choice(TEXTS) if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))


def export(rng: Random, _folder: Path) -> tuple[str, bytes]:
    """Answers of LimeSurvey, columns and cells spoiled."""
    columns = rng.sample(HEADS, rng.choice([len(HEADS), len(HEADS), 5, 2]))
    rows = [
        ["1", "1980-01-01 00:00:00", "88", "A3", "P001", "A2", "Une remarque.", "Y"]
        for _ in range(rng.randrange(5))
    ]
    table = [dict(zip(HEADS, row, strict=True)) for row in rows]
    for row in table:
        for name in rng.sample(HEADS, 3):
            row[name] = rng.choice([word(rng), row[name], ""])
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=rng.choice(",;\t"), quoting=rng.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
    )
    writer.writerows([columns, *([row[name] for name in columns] for row in table)])
    return "export.csv", text.getvalue().encode(
        rng.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), "ignore"
    )


def annotations(rng: Random, _folder: Path) -> tuple[str, bytes]:
    """Notes of Hypothesis: anything where a text, a list or a target is expected."""
    odd: tuple[Any, ...] = (
        None,
        3,
        "x",
        [],
        {},
        [[]],
        {"a": 1},
        True,
        "é" * 5000,
        ["désaccord", "Élus", "publier"],
    )
    rows = []
    for rank in range(rng.randrange(6)):
        row: dict[str, Any] = {
            "id": f"id{rank}",
            "text": word(rng),
            "tags": rng.choice(odd),
            "uri": "file:///x/val.html#partie-2",
            "created": "2026-11-20T10:00:00+00:00",
            "user": "acct:jeanne@hypothes.is",
            "target": [{"source": "x", "selector": [{"type": "TextQuoteSelector", "exact": word(rng)}]}],
            "references": rng.choice([[], ["id0"], *odd]),
        }
        for name in rng.sample(sorted(row), rng.randrange(3)):
            row[name] = rng.choice(odd)
        rows.append(row)
    content: Any = rng.choice([rows, {"total": 1, "rows": rows}, {"rows": rng.choice(odd)}, rng.choice(odd)])
    return "notes.json", json.dumps(content).encode()


def sheet(rng: Random, folder: Path) -> tuple[str, bytes]:
    """The contribution in a workbook, its cells spoiled."""
    book = openpyxl.load_workbook(next(folder.glob("contribution-*.xlsx")))
    page = book["Contribution"]
    for row in range(rng.choice([1, 7]), 7 + rng.randrange(1, 6)):
        for column, value in enumerate(("partie-2", "", "", "Une remarque.", "Oui"), start=1):
            put(page.cell(row, column), rng.choice([value, value, word(rng), rng.choice(VALUES)]))
    content = io.BytesIO()
    book.save(content)
    return "contribution.xlsx", content.getvalue()


def document(rng: Random, folder: Path) -> tuple[str, bytes]:
    """The chapter in Word, with comments and changes, its words spoiled."""
    made = Document(str(rng.choice(sorted(folder.glob("*.docx")))))
    for paragraph in rng.sample(made.paragraphs, min(4, len(made.paragraphs))):
        if paragraph.runs:
            text = "".join(c for c in word(rng)[:300] if c.isprintable())
            made.add_comment(paragraph.runs, text=text, author=rng.choice(["", "Élus", "x" * 300]))
    content = io.BytesIO()
    made.save(content)
    parts = parts_of(content.getvalue())
    name = rng.choice(sorted(parts))
    action = rng.randrange(6)
    if action == 0:
        parts.pop(name)
    elif action == 1:
        parts[name] = flipped(rng, parts[name], 3)
    elif action == 2:
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:r>", b"<w:del><w:r>", 2)
    elif action == 3:
        parts["word/document.xml"] = b'<!DOCTYPE a [<!ENTITY x "y">]>' + parts["word/document.xml"]
    elif action == 4:
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"w:id=", b"w:idx=")
    return "chapitre.docx", packed(parts)


KINDS: tuple[Make, ...] = (export, annotations, sheet, document)


def test_a_spoiled_review_is_told_and_nothing_is_kept_by_halves(handed_out: Project, tmp_path: Path) -> None:
    folder = handed_out.outputs / "relecture" / "val"
    register = handed_out.relectures / "val"
    received = 0
    for seed in range(NUMBER):
        rng = Random(f"relecture {seed}")
        name, content = KINDS[seed % len(KINDS)](rng, folder)
        if rng.random() < 0.25:
            content = rng.choice(
                [flipped(rng, content), content[: rng.randrange(len(content) + 1)], b"", content * 2]
            )
        path = tmp_path / rng.choice([name, name, name.upper(), f"{seed}-{name}", Path(name).stem])
        path.write_bytes(content)
        before = stored(register)
        try:
            recevoir(handed_out, rng.choice(["val", ""]), path, today=TODAY, college=rng.choice(["", "elus"]))
            received += 1
        except BilanError as told:
            assert str(told) and stored(register) == before, seed
        for comment in load_commentaires(handed_out, "val"):
            release_parole(comment)
    assert received * 3 > NUMBER
