"""The small deposit's fixtures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deposits import Rows, places, read, tables, write

from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.paths import Project


@pytest.fixture
def referentiel(small: Project) -> Referentiel:
    return load_referentiel(small)


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
