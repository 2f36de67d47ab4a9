"""The page of what was checked: in step with what is declared, and with the tests that are marked."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest
from small import REPOSITORY

from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project
from analysis.noyau.verifications import load_verifications, page


def marked(path: Path) -> set[str]:
    """The functions of a file of tests that are marked as checks."""
    text = path.read_text(encoding="utf-8")
    if "mark.verification" not in text:
        return set()
    tree = ast.parse(text)
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(one) == "pytest.mark.verification" for one in node.decorator_list)
    }


def test_the_page_is_in_step() -> None:
    """To mend it: python -m analysis.noyau.verifications."""
    here = Project.here()
    assert (here.methods / "verification.md").read_text(encoding="utf-8") == page(here)


def test_every_check_that_is_run_is_a_marked_test_and_every_marked_test_is_told() -> None:
    declared = {row["test"] for row in load_verifications(Project.here()) if row["test"]}
    found = {
        f"{path.relative_to(REPOSITORY).as_posix()}::{name}"
        for path in sorted((REPOSITORY / "tests").rglob("test_*.py"))
        for name in marked(path)
    }
    assert found == declared and len(found) > 5


def test_the_page_says_what_nobody_checked() -> None:
    written = page(Project.here())
    assert (
        written.index("## Rejoué")
        < written.index("## Comparé une fois")
        < written.index("## Ce que personne")
    )
    assert "| Dépôts | La vérité de ce que les territoires envoient |" in written


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("essai,rejouee,Essai,Un nombre,Un autre,,,concorde,", "test"),
        ("essai,une_fois,Essai,Un nombre,,,,2026 : concorde,", "contre"),
        ("essai,aucune,Essai,Un nombre,Un autre,,,rien,", "contre"),
    ],
)
def test_a_check_that_contradicts_itself_is_refused(tmp_path: Path, row: str, column: str) -> None:
    copy = Project(tmp_path)
    shutil.copytree(Project.here().dictionary, copy.dictionary)
    path = copy.dictionary / "verifications.csv"
    head = path.read_text(encoding="utf-8").partition("\n")[0]
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    with pytest.raises(InvalidData, match=f"« {column} »"):
        load_verifications(copy)
