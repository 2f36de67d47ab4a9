"""The deposits of the ten invented territories in memory, as the tests of the demonstration look at them."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

import pytest

from analysis.demonstration.generator import Depot, generer
from analysis.demonstration.lieux import Lieu, lieux
from analysis.noyau.paths import Project

GRAINE = 2021
TEN = lieux()
each = pytest.mark.parametrize("lieu", TEN, ids=lambda lieu: lieu.code)


@cache
def deposit(lieu: Lieu) -> Depot:
    return generer(lieu, GRAINE)


def rows(lieu: Lieu, table: str) -> list[dict[str, Any]]:
    return deposit(lieu).tables[table]


@cache
def declared(name: str) -> list[dict[str, str]]:
    """The rows of a table of ``data/``, as people wrote them."""
    with (Project.here().data / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
