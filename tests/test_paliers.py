"""Every test has a room and a tier, and what is quick stays quick."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from paliers import COMPLET, QUICK_ROOMS, RAPIDE, ROOMS, group_of, made_once, refuse_slow, room_of, spent
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


def test_a_test_that_takes_long_cannot_pass_for_a_quick_one() -> None:
    with pytest.raises(pytest.fail.Exception, match="3.1 s of processor in the quick tier.*« lent »"):
        refuse_slow(RAPIDE, 3.1)
    refuse_slow(RAPIDE, 2.9)
    refuse_slow(COMPLET, 100.0)


def test_a_test_is_weighed_by_what_it_and_its_programs_compute_not_by_how_long_it_waits() -> None:
    start = spent()
    time.sleep(0.5)
    assert spent() - start < 0.2
    subprocess.run([sys.executable, "-c", TURNING], check=True)
    assert spent() - start >= 0.3


TURNING = "import time\nwhile time.process_time() < 0.4: pass"


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
