"""The house's conventions, held by tests: released objects, thin notebooks, no machine's habits."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from analysis.noyau.paths import Project
from analysis.presentation.parts.prose import typed_numbers
from analysis.sources.register import load_register
from analysis.sources.verdicts import FILE

PROJECT = Project.here()
SOURCE = PROJECT.root / "src" / "analysis"
MODULES = sorted(SOURCE.rglob("*.py"))
NOTEBOOKS = sorted(PROJECT.notebooks.glob("*.ipynb"))


def cells(path: Path) -> list[dict[str, object]]:
    loaded: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return loaded


def source_of(cell: dict[str, object]) -> str:
    return "".join(cell["source"])  # type: ignore[arg-type]


def test_only_the_gate_builds_released_objects() -> None:
    builders = {
        path.relative_to(SOURCE).parts[0]
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Released"
    }
    assert builders == {"secret"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_thin_and_stored_without_outputs(path: Path) -> None:
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    text = "\n".join(
        line for cell in code for line in source_of(cell).splitlines() if not line.startswith("%")
    )
    defined = [
        n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Lambda)
    ]
    assert defined == []
    assert not re.search(r"[/\\]\w+\.\w+|Path\(|open\(", text)
    assert sum(cell.get("metadata", {}).get("tags") == ["parameters"] for cell in code) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_no_number_is_typed_in_the_prose_of_a_notebook(path: Path) -> None:
    prose = [source_of(cell) for cell in cells(path) if cell["cell_type"] == "markdown"]
    assert prose and not [number for text in prose for number in typed_numbers(text)]


TEXTS = sorted(path for path in PROJECT.texts.glob("*.md") if path.name != FILE)
"""What evaluators write; the verdicts, which note the figures that they cite, are read with them."""


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_numbers_in_evaluators_texts_come_from_the_register(path: Path) -> None:
    body = path.read_text(encoding="utf-8").partition("\n\n")[2]
    names = {ebe.split(",")[2] for ebe in (PROJECT.data / "ebe.csv").read_text(encoding="utf-8").splitlines()}
    for name in names:
        body = body.replace(name, "")
    assert typed_numbers(body) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_functions_stay_short(path: Path) -> None:
    long = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            docstring = len((ast.get_docstring(node, clean=False) or "").splitlines())
            size = (node.end_lineno or node.lineno) - node.lineno + 1 - docstring
            if size > 60:
                long.append(f"{node.name}: {size} lines")
    assert long == []


def test_nothing_in_the_tree_is_computed_or_confidential() -> None:
    ignored = (PROJECT.root / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"outputs/", "papermill_runs/", "data/depot/", "data/open/", ".venv/"} <= set(ignored)


def test_evidence_is_weighed_on_one_scale_in_one_gender() -> None:
    """Wherever a page speaks of evidence, its strength is a word of the dictionary, after « preuve »."""
    forces = load_register(PROJECT).dictionary.forces
    known = {f"preuve {force.libelle}" for force in forces} | {f"preuves {force.pluriel}" for force in forces}
    written = [
        *(path for name in ("presentation", "livre") for path in (SOURCE / name).rglob("*.py")),
        *(SOURCE / "livre" / "templates").rglob("*.j2"),
        *NOTEBOOKS,
        *PROJECT.texts.glob("*.md"),
    ]
    stem = r"(?:établi|indicati|contest|manquant|absent|descripti|solide|forte|faible)\w*"
    weighed = re.compile(rf"\b(?:éléments?|preuves?)(?: de preuve)?(?: :)? {stem}", re.IGNORECASE)
    said = {match[0].lower() for path in written for match in weighed.finditer(path.read_text("utf-8"))}
    assert said <= known


def test_no_number_of_territories_is_written_in_code_or_in_a_notebook() -> None:
    """The register counts them: « les dix territoires » is right of the first phase alone, in what people sign."""
    written = [
        *(path for room in ("presentation", "livre", "chapitres") for path in (SOURCE / room).rglob("*.py")),
        *(SOURCE / "livre" / "templates").rglob("*.j2"),
        *NOTEBOOKS,
    ]
    counted = re.compile(r"\b(?:dix|onze|douze|soixante|\d+) territoires\b", re.IGNORECASE)
    assert not {path.name: found for path in written if (found := counted.findall(path.read_text("utf-8")))}


@pytest.mark.parametrize("folder", ["data", "docs", "notebooks", "src", "tests"])
def test_no_file_keeps_what_a_merge_left(folder: str) -> None:
    """A conflict that git left in a page or a table would be printed: nothing else reads those lines."""
    endings = {".py", ".md", ".csv", ".toml", ".j2", ".css", ".js", ".typ", ".json", ".ipynb"}
    paths = [p for p in (PROJECT.root / folder).rglob("*") if p.suffix in endings and "depot" not in p.parts]
    marks = tuple(sign * 7 + b" " for sign in (b"<", b">"))
    left = [
        str(path.relative_to(PROJECT.root))
        for path in paths
        if path.is_file() and any(line.startswith(marks) for line in path.read_bytes().splitlines())
    ]
    assert paths and left == []
