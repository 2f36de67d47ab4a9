"""Builds asked one after the other of one process: each is told as it ends."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Iterator, Sequence

import pytest

from analysis.livre.suivi import repetition
from analysis.livre.suivi.constructeur import ENDED
from analysis.noyau.paths import Project
from analysis.stations.cycles import SELDOM


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


def test_each_build_is_told_and_what_is_left_of_it_is_not_looked_through_by_the_next(
    small: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept: list[list[int]] = []
    looked_through: list[bool] = []

    def build(words: Sequence[str]) -> int:
        assert words == ["build", "--pages-d-abord"]
        assert gc.get_threshold() == SELDOM
        looked_through.append(any(one is kept[0] for one in gc.get_objects()) if kept else True)
        kept.append([len(kept)])
        return len(kept) - 1

    monkeypatch.setattr(repetition, "repeter", lambda _project: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO("construire\nconstruire\n"))
    repetition.construire_a_la_demande(small, build)
    assert capsys.readouterr().err == f"{ENDED}0\n{ENDED}1\n"
    assert looked_through == [True, False]
