"""Every test has a room and a tier, and what is quick stays quick."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from paliers import COMPLET, QUICK_ROOMS, RAPIDE, ROOMS, group_of, made_once, room_of
from small import REPOSITORY


def test_every_test_of_the_session_is_of_one_tier_and_of_one_known_room(
    request: pytest.FixtureRequest,
) -> None:
    for item in request.session.items:
        tiers = [mark.name for mark in item.iter_markers() if mark.name in (RAPIDE, COMPLET)]
        assert len(tiers) == 1, item.nodeid
        assert room_of(item) in ROOMS, f"{item.nodeid}: a new folder of tests is a room of tests/paliers.py"
        if tiers == [RAPIDE]:
            assert room_of(item) in QUICK_ROOMS and not item.get_closest_marker("lent"), item.nodeid


def test_every_file_of_tests_stands_in_a_room() -> None:
    folders = {path.parent for path in (REPOSITORY / "tests").rglob("test_*.py")}
    below = {folder.relative_to(REPOSITORY).as_posix() for folder in folders}
    assert below and all("/".join(place.split("/")[:2]) in ROOMS for place in below)


def test_tests_that_share_a_site_go_to_one_worker_and_those_of_a_file_too(
    request: pytest.FixtureRequest,
) -> None:
    groups = {item.nodeid.partition("@")[0]: group_of(item) for item in request.session.items}
    here = {group for name, group in groups.items() if name.startswith("tests/test_paliers.py")}
    assert here == {"tests/test_paliers.py"}
    assert group_of(request.node) == "tests/test_paliers.py"


def test_the_quick_tier_is_asked_of_the_quick_rooms_alone() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    asked = re.search(r"-m rapide (.*)", makefile)
    assert asked is not None and asked[1].split() == list(QUICK_ROOMS)


def test_what_workers_share_is_made_once_and_again_after_a_making_that_failed(tmp_path: Path) -> None:
    made: list[Path] = []

    def stop(folder: Path) -> None:
        (folder / "half").touch()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        made_once(tmp_path / "projets", "un", stop)
    for _ in range(2):
        assert made_once(tmp_path / "projets", "un", made.append) == tmp_path / "projets" / "un"
    assert made == [tmp_path / "projets" / "un"] and not list(made[0].iterdir())
