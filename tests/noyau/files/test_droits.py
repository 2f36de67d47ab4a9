"""What is confidential is its owner's alone, also under a loose umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.depot.formes.cle import load_key
from analysis.noyau.files.droits import close
from analysis.noyau.files.scratch import write_whole

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps its own rights")


@pytest.fixture(autouse=True)
def loose() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_anybody_reads_is_closed_with_all_that_is_written_after(tmp_path: Path) -> None:
    folder = tmp_path / "depot"
    folder.mkdir(mode=0o777)
    close(folder)
    written = write_whole(folder / "recus" / "val" / "depot.json", "{}")
    assert (mode(folder), mode(written.parent), mode(written)) == (0o700, 0o700, 0o600)


def test_a_folder_that_is_not_there_yet_is_made_closed(tmp_path: Path) -> None:
    close(tmp_path / "depot")
    written = write_whole(tmp_path / "depot" / "a.csv", "a")
    assert (mode(written.parent), mode(written)) == (0o700, 0o600)


def test_a_folder_given_to_a_team_stays_open_to_it_alone(tmp_path: Path) -> None:
    folder = tmp_path / "depot"
    folder.mkdir()
    folder.chmod(0o2777)
    close(folder)
    assert mode(folder) == 0o2770 and mode(write_whole(folder / "a.csv", "a")) & 0o007 == 0


def test_the_key_is_its_owner_s_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cle"
    monkeypatch.setenv("BILAN_CLE", str(path))
    first = load_key(())
    assert mode(path) == 0o600
    path.chmod(0o644)
    assert load_key(()) == first and mode(path) == 0o640
