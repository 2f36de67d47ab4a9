"""One step made by several processes: the same as by one, in order; whoever is killed is told, nobody is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from analysis.stations import forks
from analysis.stations.forks import can_fork, forked

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")

WORK = """
import os, signal, sys, time
from analysis.noyau.errors import BilanError
from analysis.stations.forks import can_fork, forked

held = {number: number * number for number in range(9)}

def step(number):
    if number > 2:
        time.sleep({"long": 300, "short": 0.2}.get(sys.argv[1], 0))
    if sys.argv[1] == "killed" and number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    if sys.argv[1] == "failed" and number == 5:
        raise ValueError("five")
    return held[number], os.getpid()

assert can_fork()
try:
    made = forked(step, range(9), workers=2)
    for number, (square, process) in enumerate(made):
        assert square == number * number and (process != os.getpid()) is (number > 0)
        print(square, flush=True)
except (ValueError, BilanError) as error:
    print(error)
"""


def run(tmp_path: Path, how: str) -> subprocess.Popen[str]:
    script = tmp_path / "travail.py"
    script.write_text(WORK, encoding="utf-8")
    return subprocess.Popen([sys.executable, str(script), how], stdout=subprocess.PIPE, text=True)


@LINUX
@pytest.mark.parametrize(
    ("how", "last"), [("all", "64"), ("failed", "five"), ("killed", "la mémoire a pu manquer")]
)
def test_what_is_made_by_others_comes_in_order_and_what_stops_them_is_told(
    tmp_path: Path, how: str, last: str
) -> None:
    told, _ = run(tmp_path, how).communicate()
    *squares, end = told.splitlines()
    assert squares == [str(number * number) for number in range(len(squares))]
    assert last in end


@LINUX
@pytest.mark.parametrize(("stop", "steps"), [("SIGKILL", "long"), ("SIGINT", "short")])
def test_processes_go_with_the_one_that_forked_them(tmp_path: Path, stop: str, steps: str) -> None:
    """Interrupted, it waits for what they are doing; killed at once, it can tell nobody."""
    asking = run(tmp_path, steps)
    assert asking.stdout is not None and [asking.stdout.readline() for _ in range(2)] == ["0\n", "1\n"]
    below = psutil.Process(asking.pid).children(recursive=True)
    assert len(below) == 2
    asking.send_signal(signal.Signals[stop])
    asking.stdout.close()
    asking.wait(timeout=60)
    _, alive = psutil.wait_procs(below, timeout=60)
    assert alive == []


@pytest.mark.parametrize(("number", "workers"), [(3, 2), (9, 1)])
def test_few_things_or_one_worker_stay_in_this_process(number: int, workers: int) -> None:
    assert list(forked(lambda _: os.getpid(), range(number), workers=workers)) == [os.getpid()] * number


def test_a_process_with_threads_does_all_by_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for thread in ("1", "2"):
        (tmp_path / thread).mkdir()
    monkeypatch.setattr(forks, "_TASKS", tmp_path)
    assert not can_fork()
    assert list(forked(lambda _: os.getpid(), range(9), workers=2)) == [os.getpid()] * 9


@LINUX
@pytest.mark.lent
def test_what_a_build_imports_starts_no_thread() -> None:
    """A library that starts one would leave all the territories to one processor, and nobody would see it."""
    script = "import analysis.livre.build; from analysis.stations.forks import can_fork; print(can_fork())"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "True\n"
