"""A folder is held by one process at a time, and let go by one that dies."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from analysis.noyau.errors import BilanError
from analysis.noyau.locks import alone_in


def hold(folder: Path, held: Event, done: Event) -> None:
    with alone_in(folder, shown="dossier"):
        held.set()
        done.wait(30)
        os._exit(1)  # without a word to the lock, as a process that is killed


def test_a_folder_that_is_held_is_told_and_one_whose_holder_died_is_free(tmp_path: Path) -> None:
    held, done = multiprocessing.Event(), multiprocessing.Event()
    process = multiprocessing.Process(target=hold, args=(tmp_path / "a", held, done))
    process.start()
    assert held.wait(30)
    with (
        pytest.raises(BilanError, match="« dossier »"),
        alone_in(tmp_path / "a", shown="dossier", patience=0.2),
    ):
        raise AssertionError("not alone")
    with alone_in(tmp_path / "b", shown="autre", patience=0.2):
        pass
    done.set()
    process.join(30)
    with alone_in(tmp_path / "a", shown="dossier", patience=5):
        pass
