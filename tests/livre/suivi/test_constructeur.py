"""A build that fails is told in sentences; a process whose code is old is replaced, and none is left."""

from __future__ import annotations

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


@pytest.fixture
def constructeur(small: Project, monkeypatch: pytest.MonkeyPatch) -> Constructeur:
    monkeypatch.setattr(
        "analysis.livre.suivi.constructeur._READY",
        "import os, sys\nif sys.stdin.readline():\n"
        "    print('ÉCHEC', os.environ['BILAN_RACINE'], file=sys.stderr)\n    sys.exit(1)\n",
    )
    return Constructeur(small)


def test_each_build_has_a_process_of_its_own_and_none_is_left(
    small: Project, constructeur: Constructeur
) -> None:
    with constructeur:
        first = constructeur._process.pid
        assert constructeur.build() == (f"ÉCHEC {small.root}",)
        second = constructeur._process.pid
        assert constructeur.build([package_root() / "cli.py"]) == (f"ÉCHEC {small.root}",)
        assert not psutil.pid_exists(first) and not psutil.pid_exists(second)
        waiting = constructeur._process.pid
        assert psutil.pid_exists(waiting)
    assert not psutil.pid_exists(waiting)
