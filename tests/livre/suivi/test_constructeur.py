"""A build that fails is told in sentences; one process builds as long as it may, and none is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psutil
import pytest

from analysis.livre.suivi.constructeur import Constructeur, told
from analysis.noyau.paths import Project
from analysis.stations.modules import package_root


def test_an_error_of_the_code_is_told_where_it_is_ours() -> None:
    ours = package_root() / "livre" / "book.py"
    said = (
        "Traceback (most recent call last):\n"
        f'  File "{ours}", line 12, in gather\n    make()\n'
        '  File "/usr/lib/python3/json/decoder.py", line 353, in raw_decode\n    raise\n'
        "ValueError: Expecting value\n"
    )
    assert told(said, 1) == (
        "Le code ne peut être exécuté : analysis/livre/book.py, ligne 12 : ValueError: Expecting value",
    )


ENDS = (
    "import os, sys\nif sys.stdin.readline():\n"
    "    print('ÉCHEC', os.environ['BILAN_RACINE'], file=sys.stderr)\n    sys.exit(1)\n"
)
LIVES = (
    "import sys\nfrom analysis.livre.suivi.constructeur import ENDED\n"
    "for rank, _ in enumerate(sys.stdin):\n"
    "    print(f'Dit {rank}\\n{ENDED}{rank % 2}', file=sys.stderr, flush=True)\n"
)


@pytest.fixture
def started(small: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Constructeur]]:
    """Who builds by a script, in the place of `bilan build`; it and its processes are gone at the end."""
    with ExitStack() as stack:

        def start(script: str) -> Constructeur:
            monkeypatch.setattr("analysis.livre.suivi.constructeur._READY", script)
            return stack.enter_context(Constructeur(small))

        yield start


def test_one_process_builds_again_and_its_status_says_whether_all_is_good(
    started: Callable[[str], Constructeur],
) -> None:
    constructeur = started(LIVES)
    pid = constructeur._process.pid
    assert [constructeur.build() for _ in range(3)] == [(), ("Dit 1",), ()]
    assert constructeur._process.pid == pid


def test_a_process_of_old_code_gives_place_before_it_builds(
    started: Callable[[str], Constructeur],
) -> None:
    constructeur = started(LIVES)
    pid = constructeur._process.pid
    assert constructeur.build() == ()
    assert constructeur.build([package_root() / "cli.py"]) == (), "the first build of another one"
    assert constructeur._process.pid != pid and not psutil.pid_exists(pid)


def test_a_process_that_is_too_large_gives_place_once_it_has_built(
    started: Callable[[str], Constructeur], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.livre.suivi.constructeur._LARGEST", 0.0)
    constructeur = started(LIVES)
    pid = constructeur._process.pid
    assert [constructeur.build() for _ in range(2)] == [(), ()]
    assert not psutil.pid_exists(pid)


def test_a_process_that_ends_is_told_and_replaced_and_none_is_left(
    small: Project, started: Callable[[str], Constructeur]
) -> None:
    constructeur = started(ENDS)
    first = constructeur._process.pid
    assert constructeur.build() == (f"ÉCHEC {small.root}",)
    assert constructeur.build() == (f"ÉCHEC {small.root}",)
    waiting = constructeur._process.pid
    assert not psutil.pid_exists(first) and psutil.pid_exists(waiting)
    constructeur.__exit__()
    assert not psutil.pid_exists(waiting)
