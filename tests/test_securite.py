"""The page on security names a test for each defence, and each of those tests is there."""

from __future__ import annotations

import re

import pytest
from small import REPOSITORY

PAGE = (REPOSITORY / "docs" / "securite.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@pytest.mark.parametrize(("file", "name"), NAMED.findall(PAGE))
def test_the_test_that_holds_a_defence_is_there(file: str, name: str) -> None:
    path = REPOSITORY / file
    assert path.is_file(), file
    assert re.search(rf"^def {name}\(", path.read_text(encoding="utf-8"), re.MULTILINE), name


def test_every_defence_names_one() -> None:
    """Each row of a table of three columns whose last is that of the tests."""
    tables = re.findall(r"^\| Menace \| Défense \| Essai \|\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    rows = [row for table in tables for row in table.splitlines()]
    assert len(rows) > 30 and [row for row in rows if not NAMED.search(row)] == []
