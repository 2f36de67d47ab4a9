"""Each benchmark runs at its smallest size, says its commit and its machine, and measures an earlier commit beside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small import REPOSITORY, write_buildable

pytestmark = pytest.mark.lent

SMALLEST = {
    "arrets": ("--operations", "--seulement", "alertes taire"),
    "build": ("--repeat", "1", "--territoires", "1"),
    "calendriers": ("--repeat", "1"),
    "depenses_passives": ("--number", "1", "--sample", "1"),
    "depots": ("--repeat", "1", "--numbers", "1", "--people", "12", "--lines", "200"),
    "fuzz": ("--number", "2"),
    "impact": ("--donneurs", "40", "--avant", "3"),
    "indicateurs": ("--repeat", "1", "--numbers", "1"),
    "lisibilite": (),
    "livre": ("--territoires", "1", "--repeat", "1"),
    "noyaux": ("--chapters", "1", "--repeat", "1", "--lines", "limit", "lean"),
    "reprise": ("--territoire", "val"),
    "relecture": ("--remarques", "5", "--repeat", "1"),
    "suivre": ("--repeat", "1"),
    "secret": ("--territoires", "6", "--limite", "2"),
    "secret_pertes": ("--territoires", "2"),
    "un_depot": ("--territoires", "1"),
    "suivi": ("--territoires", "5", "--repeat", "1"),
}


ON_A_SMALL_PROJECT = ("build", "reprise", "suivre")
"""Those that build the project again and again: the small one has all that they change."""

TEXT = "auteur: Ada\ndate: 2026-11-23\n\n### Une ville {#ville}\n\nAucun chiffre n'est publié.\n"


def printed(script: str, *words: str, root: Path | None = None) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "BILAN_RACINE"}
    environment |= {"BILAN_RACINE": str(root)} if root else {}
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "benchmarks" / f"{script}.py"), *words],
        cwd=REPOSITORY,
        env=environment | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_script_is_tried() -> None:
    scripts = {path.stem for path in (REPOSITORY / "benchmarks").glob("*.py")}
    assert scripts == {*SMALLEST, "commun"}


@pytest.mark.parametrize("script", SMALLEST)
def test_a_script_runs_at_its_smallest_size(script: str, tmp_path: Path) -> None:
    root = None
    if script in ON_A_SMALL_PROJECT:
        project = write_buildable(tmp_path / "projet")
        project.texts.mkdir()
        (project.texts / "val.md").write_text(TEXT, encoding="utf-8")
        root = project.root
    told = printed(script, *SMALLEST[script], root=root)
    heading, *lines = told.splitlines()
    assert heading.startswith("Commit ") and "processors, " in heading and "Python 3." in heading
    assert any(character.isdigit() for line in lines for character in line)


def test_an_earlier_commit_is_measured_in_the_same_run() -> None:
    told = printed("lisibilite", "--depuis", "HEAD")
    assert told.count("Commit ") >= 2
    assert told.count("salaries_ebe") == 2
    left = subprocess.run(
        ["git", "-C", str(REPOSITORY), "worktree", "list"], capture_output=True, encoding="utf-8"
    ).stdout
    assert "/avant" not in left


def test_a_commit_that_git_does_not_know_is_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "benchmarks" / "lisibilite.py"), "--depuis", "nul"],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1
    assert done.stderr.startswith("--depuis nul : git ne connaît pas ce commit")


def test_an_earlier_tree_has_its_own_entry_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not those of the installed project, whose modules the tree may not have."""
    monkeypatch.syspath_prepend(REPOSITORY / "benchmarks")
    import commun

    (tmp_path / "src").mkdir()
    declared = '[project]\nname = "bilan-tzcld"\nversion = "0.1.0"\nscripts = {}\n'
    points = '[project.entry-points."papermill.engine"]\nancien = "m:f"\n'
    (tmp_path / "pyproject.toml").write_text(declared + points, encoding="utf-8")
    commun.declare(tmp_path)
    asked = "from importlib.metadata import entry_points as e; print(*(p.name for p in e(group='papermill.engine')))"
    assert commun.python(tmp_path, "-c", asked) == "ancien\n"
