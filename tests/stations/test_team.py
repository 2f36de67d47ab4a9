"""Products made by several processes: the same as by one, in order, the first error told, nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import psutil
import pytest

from analysis.stations.store import NEVER, UNKEPT, Store
from analysis.stations.team import FEW, Product, team

WORDS = ["un", "deux", "trois", "quatre", "cinq"]


def products(words: list[str]) -> list[Product]:
    return [Product(f"mots/{word}", {"le mot": word}, str.encode, (word,)) for word in words]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("number", [1, len(WORDS)])
def test_what_is_made_is_kept_and_given_in_order(tmp_path: Path, workers: int, number: int) -> None:
    asked, expected = products(WORDS[:number]), [word.encode() for word in WORDS[:number]]
    with team((), workers=workers) as composers:
        first = Store(tmp_path)
        assert composers.take_all(first, asked) == expected
        assert {verdict.reason for verdict in first.verdicts.values()} == {NEVER}
        again = Store(tmp_path)
        refused = [Product(p.place, p.inputs, bytes.fromhex, ("never run",)) for p in asked]
        assert composers.take_all(again, refused) == expected
        assert all(verdict.is_kept for verdict in again.verdicts.values())


def test_only_what_is_missing_is_made(tmp_path: Path) -> None:
    with team((), workers=1) as composers:
        composers.take_all(Store(tmp_path), products(WORDS[:2]))
        asked = [
            Product("mots/un", {"le mot": "un"}, bytes.fromhex, ("never run",)),
            *products(WORDS[1:3]),
            Product("mots/deux", {"le mot": "deux"}, bytes.fromhex, ("never run",)),
        ]
        assert composers.take_all(Store(tmp_path), asked) == [b"un", b"deux", b"trois", b"deux"]


@pytest.mark.parametrize("is_ready", [False, True])
def test_what_was_begun_is_given_where_it_is_of_the_same_and_told_in_the_order_asked(
    tmp_path: Path, is_ready: bool
) -> None:
    kept = Store(tmp_path)
    with team((), workers=2) as composers:
        if is_ready:
            composers.get_ready()
        for word in ("deux", "un"):
            composers.begin(kept, products([word]))
        composers.begin(kept, [Product("mots/trois", {"le mot": "drei"}, str.encode, ("drei",))])
        asked = [Product(p.place, p.inputs, bytes.fromhex, ("begun",)) for p in products(WORDS[:2])]
        assert composers.take_all(kept, [*asked, *products(["trois"])]) == [b"un", b"deux", b"trois"]
    assert [verdict.reason for verdict in kept.verdicts.values()] == [NEVER] * 3
    assert list(kept.verdicts) == ["mots/un", "mots/deux", "mots/trois"]
    assert Store(tmp_path).kept("mots/trois", {"le mot": "trois"}) == b"trois"


def test_what_is_begun_and_kept_is_not_made(tmp_path: Path) -> None:
    with team((), workers=2) as composers:
        composers.take_all(Store(tmp_path), products(WORDS[:1]))
        kept = Store(tmp_path)
        refused = Product("mots/un", {"le mot": "un"}, bytes.fromhex, ("never run",))
        composers.begin(kept, [refused])
        assert composers.take_all(kept, [refused]) == [b"un"] and kept.verdicts["mots/un"].is_kept


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interruption_is_for_who_asked_while_processes_get_ready(tmp_path: Path) -> None:
    """They import for seconds, in the group of processes that Ctrl-C of a terminal is sent to."""
    script = tmp_path / "travail.py"
    script.write_text(INTERRUPTED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, start_new_session=True, check=False
    )
    assert (done.stdout, done.stderr) == ("interrompu\n", "")


INTERRUPTED = """
import os, signal, time
from analysis.stations.team import team
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts tests in its background ignores it
    with team(("analysis.livre.imprime.pdf",), workers=2) as composers:
        composers.get_ready()
        try:
            time.sleep(0.3)
            os.killpg(0, signal.SIGINT)
            time.sleep(30)
        except KeyboardInterrupt:
            print("interrompu")
"""


def test_a_few_are_made_here_and_many_by_two_processes() -> None:
    """A worker that has to import everything first would take longer than the work."""
    ask = [Product(f"a/{n}", {}, cast("Any", os.getpid)) for n in range(FEW + 3)]
    with team((), workers=2) as composers:
        assert set(composers.take_all(UNKEPT, ask[:FEW])) == {cast("Any", os.getpid())}
        others = set(composers.take_all(UNKEPT, ask))
        assert cast("Any", os.getpid()) not in others and len(others) <= 2


@pytest.mark.parametrize("more", [0, FEW + 2])
def test_the_error_of_one_is_raised_and_what_was_made_before_it_is_kept(tmp_path: Path, more: int) -> None:
    asked = [
        Product("a", {}, str.encode, ("un",)),
        Product("b", {}, bytes.fromhex, ("zz",)),
        *(Product(f"c/{n}", {}, str.encode, ("x",)) for n in range(more)),
    ]
    with team((), workers=2) as composers, pytest.raises(ValueError, match="non-hexadecimal"):
        composers.take_all(Store(tmp_path), asked)
    assert Store(tmp_path).kept("a", {}) == b"un" and Store(tmp_path).kept("b", {}) is None


WORK = """
import os, time
from analysis.stations.store import UNKEPT
from analysis.stations.team import Product, team
if __name__ == "__main__":
    with team((), workers=2) as composers:
        composers.take_all(UNKEPT, [Product(str(n), {}, str.encode, ("x",)) for n in range(8)])
        print("ready", flush=True)
        composers.take_all(UNKEPT, [Product(str(n), {}, time.sleep, (300,)) for n in range(8)])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_workers_go_with_the_process_that_asked(tmp_path: Path) -> None:
    """Killed at once, it can tell nobody."""
    script = tmp_path / "travail.py"
    script.write_text(WORK, encoding="utf-8")
    asking = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert asking.stdout is not None and asking.stdout.readline() == "ready\n"
    below = psutil.Process(asking.pid).children(recursive=True)
    assert len(below) >= 2
    asking.send_signal(signal.SIGKILL)
    asking.wait()
    asking.stdout.close()
    _, alive = psutil.wait_procs(below, timeout=30)
    assert alive == []
