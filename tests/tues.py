"""Commands killed at a share of their work: it is counted in seconds of processor, whatever else the machine does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

_LOOK, _COARSER = 0.01, 50
"""Seconds between two looks at first, and how much of the time that went by they are later."""


def killed_at(child: int, seconds: float | None) -> tuple[int, float]:
    """Wait for a child of this process, and kill its group once all that it started has used so many seconds.

    Its status, negative for a signal, and the seconds of processor that were seen; never killed for None.
    """
    seen, started = 0.0, time.monotonic()
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), seen
        seen = max(seen, _used(child))
        if seconds is not None and seen >= seconds:
            os.killpg(child, signal.SIGKILL)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen
        time.sleep(_LOOK + (time.monotonic() - started) / _COARSER)


_BUILDS = """
import os, sys
from pathlib import Path
from analysis.livre.build import build
from analysis.noyau.paths import Project
project = Project(Path(sys.argv[1]))
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        os.setsid()
        for number in range(3):
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
        os._exit(build(project, codes=(), workers=2))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def builds_of(root: Path) -> Iterator[Callable[[float], int]]:
    """Builds of a project, each a process forked from one that has imported what they need, the first of its group.

    What is given begins a build, and kills it with all that it started once that has used so many seconds of processor;
    its status, negative for a signal.
    """
    command = [sys.executable, "-c", _BUILDS, str(root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as ready:
        assert ready.stdin is not None and ready.stdout is not None
        asked, told = ready.stdin, ready.stdout

        def killed(seconds: float) -> int:
            print("build", file=asked, flush=True)
            child, started = int(told.readline()), time.monotonic()
            while psutil.pid_exists(child) and _used(child) < seconds:
                time.sleep(_LOOK + (time.monotonic() - started) / _COARSER)
            with suppress(ProcessLookupError):  # it ended by itself
                os.killpg(child, signal.SIGKILL)
            return int(told.readline())

        yield killed
        asked.close()


def _used(number: int) -> float:
    """Seconds of processor of a process, of those below it, and of those that they waited for."""
    total = 0.0
    with suppress(psutil.Error):
        process = psutil.Process(number)
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):  # it ended between the listing and the look
                total += sum(one.cpu_times()[:4])
    return total


def still_there(root: str, patience: float = 60.0) -> list[str]:
    """The processes that work for a project after this time, once what worked for it was killed."""
    limit = time.monotonic() + patience
    while (left := _working_for(root)) and time.monotonic() < limit:
        time.sleep(0.1)
    return left


def _working_for(root: str) -> list[str]:
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            is_of_it = process.environ().get("BILAN_RACINE") == root
            if is_of_it and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                left.append(" ".join(process.cmdline())[:200])
    return left
