"""`bilan etat` tells what a build would make again; where no file changed, without computing anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.livre.suivi import commandes_etat
from analysis.livre.suivi.commandes_etat import etat_du_bilan
from analysis.noyau.paths import Project


@pytest.fixture
def noted(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.runs.mkdir(parents=True)
    for code in ("val", "mont"):
        manifest = {"code": code, "executed_at": "2026-11-28T16:50:00+00:00"}
        (project.runs / f"{code}.json").write_text(json.dumps(manifest), encoding="utf-8")
    (project.runs / "bois.json").write_text('{"code": "bo', encoding="utf-8")
    return project


def test_where_nothing_changed_nothing_is_computed(
    noted: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A manifest that was cut has no date; a bilan of which it were a chapter would not be unchanged."""
    monkeypatch.setattr(commandes_etat, "is_unchanged", lambda _project: True)
    monkeypatch.setattr(commandes_etat, "_reasons", lambda _project: pytest.fail("computed"))
    assert etat_du_bilan(noted) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["mont", "val"]
    assert all("à jour du 28 novembre 2026, 16:50" in line for line in lines[:2])
    assert lines[-1].endswith("« bilan build » ne ferait rien.")


def test_what_would_be_made_again_is_told_with_its_reason(
    noted: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commandes_etat, "is_unchanged", lambda _project: False)
    monkeypatch.setattr(
        commandes_etat,
        "_reasons",
        lambda _project: {"val": "a changé : texte", "mont": "", "pre": "jamais fait"},
    )
    etat_du_bilan(noted)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split(maxsplit=1) == ["val", "à refaire, a changé : texte"]
    assert lines[1].startswith("mont") and "à jour du 28 novembre 2026, 16:50" in lines[1]
    assert lines[2].split(maxsplit=1) == ["pre", "à refaire, jamais fait"]
    assert lines[-1] == "« bilan build » referait 2 chapitres, et ce qui s'en compose."
