"""The small deposit's fixtures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deposits import Rows, places, read, tables, write
from small import write_small_project

from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.paths import Project


@pytest.fixture(scope="session")
def referentiel(tmp_path_factory: pytest.TempPathFactory) -> Referentiel:
    """What the deposits of the small project are read against: the same for every test, none of which changes it."""
    return load_referentiel(Project(write_small_project(tmp_path_factory.mktemp("petit"))))


@pytest.fixture
def found(
    referentiel: Referentiel, tmp_path: Path
) -> Callable[[Callable[[Rows], Any]], list[tuple[str, str, str]]]:
    """The findings of the small deposit after a change of its rows."""

    def after(change: Callable[[Rows], Any]) -> list[tuple[str, str, str]]:
        rows = tables()
        change(rows)
        return places(read(write(tmp_path / "envoi", referentiel, rows), referentiel).constats)

    return after
