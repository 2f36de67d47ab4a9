"""A folder is held by one process at a time, and let go by one that dies."""

from __future__ import annotations

import multiprocessing
import os
import threading
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from analysis.noyau.errors import BilanError
from analysis.noyau.files.locks import alone_building, alone_in
from analysis.noyau.paths import Project


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


def build_beside(root: Path, held: Event, done: Event) -> None:
    with alone_building(Project(root)):
        held.set()
        done.wait(30)


def test_a_second_build_says_that_it_waits_and_follows_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held, done = multiprocessing.Event(), multiprocessing.Event()
    process = multiprocessing.Process(target=build_beside, args=(tmp_path, held, done))
    process.start()
    assert held.wait(30)
    threading.Timer(0.5, done.set).start()
    with alone_building(Project(tmp_path)), alone_building(Project(tmp_path)):
        assert done.is_set()
    told = capsys.readouterr().err
    assert told.count("Une autre commande construit « outputs »") == 1
    process.join(30)
