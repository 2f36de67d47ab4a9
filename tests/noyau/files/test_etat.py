"""The state of a project is that of its commit: never the day of the build."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from analysis.noyau.files.etat import Etat, etat
from analysis.noyau.paths import Project


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def test_outside_git_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert etat(Project(tmp_path)) == Etat("", None, False)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1456704000")
    assert etat(Project(tmp_path)).jour == date(2016, 2, 29)


def test_a_commit_gives_its_day_and_changes_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2021-06-30T12:00:00+0200")
    (tmp_path / "data" / "editions").mkdir(parents=True)
    (tmp_path / "data" / "ebe.csv").write_text("ebe\n", encoding="utf-8")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    state = etat(Project(tmp_path))
    assert len(state.commit) == 40 and state.jour == date(2021, 6, 30) and not state.is_modified
    (tmp_path / "data" / "editions" / "2026-1.csv").write_text("x\n", encoding="utf-8")
    (tmp_path / "ailleurs.txt").write_text("x\n", encoding="utf-8")
    assert not etat(Project(tmp_path)).is_modified
    (tmp_path / "data" / "ebe.csv").write_text("ebe\nx\n", encoding="utf-8")
    assert etat(Project(tmp_path)).is_modified
    assert etat(Project(tmp_path).demonstration).is_modified
