"""Each benchmark runs at its smallest size, says its commit and its machine, and measures an earlier commit beside."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from small import REPOSITORY

pytestmark = pytest.mark.lent

SMALLEST = {
    "build": ("--repeat", "1", "--territoires", "1"),
    "depenses_passives": ("--number", "3"),
    "depots": ("--repeat", "1", "--numbers", "1", "--people", "50", "--lines", "200"),
    "fuzz": ("--number", "2"),
    "indicateurs": ("--repeat", "1", "--numbers", "1"),
    "lisibilite": (),
    "livre": ("--territoires", "1", "--repeat", "1"),
    "noyaux": ("--chapters", "1", "--repeat", "1", "--lines", "limit", "lean"),
    "reprise": ("--territoire", "thiers"),
    "relecture": ("--remarques", "5", "--repeat", "1"),
}


def printed(script: str, *words: str) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "BILAN_RACINE"}
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
def test_a_script_runs_at_its_smallest_size(script: str) -> None:
    told = printed(script, *SMALLEST[script])
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
