"""The measure of the ways of running, on two chapters: each line does the work, and shows what the others show."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from small import REPOSITORY, Handed

from analysis.chapitres.catalogue import catalogue, selected
from analysis.chapitres.engine import Task
from analysis.chapitres.warm.client import can_fork
from analysis.noyau.paths import Project
from analysis.sources.register import Register

LINES = ("limit", "lean")


@pytest.mark.lent
@pytest.mark.skipif(not can_fork(), reason="kernels are forked on Linux only")
def test_the_lines_of_the_benchmark_show_the_same(
    small: Project, register: Register, handed: Handed, tmp_path: Path
) -> None:
    chapters = selected(catalogue(register, "reel"), ["val", "vide"])
    tasks = [
        Task(
            (REPOSITORY / "notebooks" / chapter.notebook).read_bytes(),
            dict(chapter.parameters),
            handed(small, register, chapter.code).to_bytes(),
        )
        for chapter in chapters
    ]
    kept = tmp_path / "taches"
    kept.write_bytes(pickle.dumps(tasks))
    script = str(REPOSITORY / "benchmarks" / "noyaux.py")
    options = ["--tasks", str(kept), "--chapters", "2", "--repeat", "1", "--lines", *LINES]
    done = subprocess.run(
        [sys.executable, script, *options], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [line["line"] for line in told] == list(LINES)
    assert all(line["processor"] > 0 and line["memory"] > 0 for line in told)
    rows = done.stdout.splitlines()
    assert rows[0].startswith("Commit ") and rows[1].startswith("| 2 chapters, median of 1 |")
    assert len(rows) == 3 + len(LINES)
