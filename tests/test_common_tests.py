"""The tests that two trees have in common are compared, wherever their files went, and no other."""

from __future__ import annotations

from pathlib import Path

import common_tests
import pytest


def report(path: Path, *cases: tuple[str, str, float]) -> Path:
    told = "".join(
        f'<testcase classname="{place}" name="{name}" time="{seconds}"/>' for place, name, seconds in cases
    )
    path.write_text(f"<testsuites><testsuite>{told}</testsuite></testsuites>", encoding="utf-8")
    return path


def test_a_test_that_moved_is_the_same_one_and_one_that_went_or_came_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = report(
        tmp_path / "avant.xml",
        ("tests.test_a", "test_moved[x]", 8.0),
        ("tests.test_a", "test_twice", 2.0),
        ("tests.test_b", "test_twice", 4.0),
        ("tests.test_a", "test_gone", 100.0),
    )
    after = report(
        tmp_path / "apres.xml",
        ("tests.c.test_a", "test_moved[x]@tests/c/test_a.py clone", 3.0),
        ("tests.c.test_a", "test_twice", 1.0),
        ("tests.c.test_a", "test_came[@]", 50.0),
        ("tests.c.test_a", "test_moved[y]", 7.0),
    )
    common_tests.main(before, after)
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| avant.xml | 4 | 114 | 2 | 10 |",
        "| apres.xml | 4 | 61 | 2 | 4 |",
    ]
