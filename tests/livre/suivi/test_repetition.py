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


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_each_build_is_told_and_what_is_left_of_it_is_not_looked_through_by_the_next(
    small: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept: list[object] = []
    set_apart: list[int] = []

    def build(words: Sequence[str]) -> int:
        set_apart.append(gc.get_freeze_count())
        kept.append([[rank] for rank in range(5_000)])
        assert words == ["build"]
        return len(kept) - 1

    monkeypatch.setattr(repetition, "repeter", lambda _project: None)
    monkeypatch.setattr(sys, "stdin", io.StringIO("construire\nconstruire\n"))
    repetition.construire_a_la_demande(small, build)
    assert capsys.readouterr().err == f"{ENDED}0\n{ENDED}1\n"
    assert 0 < set_apart[0] <= set_apart[1] - 5_000
