"""Commands killed at a share of their work: it is counted in seconds of processor, whatever else the machine does."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress

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
