"""What is not finished disappears, also after a kill."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analysis.noyau.scratch import put_in_place, scratch


def test_the_folder_is_gone_whatever_happens(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch(tmp_path / "runs") as folder:
        (folder / "moitie.txt").write_text("à moitié", encoding="utf-8")
        raise KeyboardInterrupt
    assert list((tmp_path / "runs").iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_uses_is_kept(tmp_path: Path) -> None:
    dead, alive = tmp_path / ".en-cours-4194305-x", tmp_path / f".en-cours-{os.getpid()}-y"
    dead.mkdir()
    alive.mkdir()
    with scratch(tmp_path):
        assert not dead.exists() and alive.exists()


def test_a_folder_that_cannot_take_its_place_leaves_the_old_one(tmp_path: Path) -> None:
    old = tmp_path / "html"
    old.mkdir()
    (old / "index.html").write_text("hier", encoding="utf-8")
    with pytest.raises(FileNotFoundError), scratch(tmp_path) as folder:
        put_in_place(folder / "jamais-ecrit", old, aside=folder / "ancien")
    assert (old / "index.html").read_text(encoding="utf-8") == "hier"
