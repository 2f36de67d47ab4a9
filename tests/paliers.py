"""What is run when: rooms, tiers, and which worker gets which tests.

A *room* is a folder of ``tests/`` (its name without the folders in it), ``tests`` itself for the files that stand
there, ``src`` for the examples of docstrings and ``notebooks``. A *tier* is ``rapide`` (no browser, no built site, no
LibreOffice, nothing that takes long) or ``complet``: each test is of one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import psutil
import pytest
from filelock import FileLock
from small import REPOSITORY

RAPIDE, COMPLET = "rapide", "complet"

ROOMS = (
    *(
        "src",
        "notebooks",
        "tests",
        "tests/noyau",
        "tests/stations",
        "tests/sources",
        "tests/impact",
        "tests/depot",
        "tests/indicateurs",
    ),
    *("tests/scenarios", "tests/secret", "tests/presentation", "tests/chapitres", "tests/livre"),
    *("tests/relecture", "tests/demonstration"),
)

QUICK_ROOMS = (
    *(
        "tests/noyau",
        "tests/stations",
        "tests/sources",
        "tests/impact",
        "tests/indicateurs",
        "tests/scenarios",
        "tests/secret",
    ),
    "tests/presentation",
)
"""The rooms whose tests are quick, but for those that are marked ``lent`` or ask for something that is built."""

BUILT = ("invented", "clone", "ten")
"""The fixtures of a session that make a whole project: its tests go to one worker, first of all."""

MEMORY = 3 * 2**30
"""What a worker may need: a built site, the model of the law, a browser."""


def room_of(item: pytest.Item) -> str:
    """The room where a test stands."""
    place = PurePosixPath(item.path.relative_to(REPOSITORY).as_posix())
    parts = place.parts[:-1]
    return "/".join(parts[:2]) if parts[0] == "tests" else parts[0]


def built_for(item: pytest.Item) -> str:
    """The first whole project that a test asks for, by a fixture or by the name of one; empty for none."""
    if not isinstance(item, pytest.Function):
        return ""
    known = item._fixtureinfo.name2fixturedefs
    asked = {name for name, found in known.items() if found[-1].scope == "session"}
    if hasattr(item, "callspec"):
        asked |= {value for value in item.callspec.params.values() if isinstance(value, str)}
    return next((name for name in BUILT if name in asked), "")


def tier_of(item: pytest.Item) -> str:
    """The tier of a test: what is not known to be quick is not."""
    is_quick = room_of(item) in QUICK_ROOMS and not item.get_closest_marker("lent") and not built_for(item)
    return RAPIDE if is_quick else COMPLET


def group_of(item: pytest.Item) -> str:
    """The tests that one worker gets together: those of a file, those of a file on one built project."""
    file = item.path.relative_to(REPOSITORY).as_posix()
    built = built_for(item)
    return f"{file} {built}" if built else file


def rank_of(item: pytest.Item) -> tuple[int, int]:
    """What takes longest is begun first: the browser on each site, what else asks for a site, the rest."""
    built = built_for(item)
    if not built:
        return (2 if tier_of(item) == COMPLET else 3), 0
    return (0 if item.path.name == "test_browser.py" else 1), BUILT.index(built)


def workers() -> int:
    """As many as there are processors and memory for."""
    free = psutil.virtual_memory().available // MEMORY
    return max(1, min(os.cpu_count() or 1, int(free)))


def made_once(base: Path, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first worker who asks makes, and the others read; anew where its making stopped halfway."""
    folder, made = base / name, base / f"{name}.fait"
    base.mkdir(parents=True, exist_ok=True)
    with FileLock(base / f"{name}.verrou"):
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            made.touch()
    return folder
