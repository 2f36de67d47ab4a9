"""One step made of many things, several at a time, by processes forked from this one with all they need."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TypeVar

from analysis.noyau.errors import BilanError
from analysis.stations.team import FEW, go_with_parent

_A = TypeVar("_A")
_B = TypeVar("_B")

_TASKS: Final = Path("/proc/self/task")

_KILLED: Final = (
    "Un des processus qui se partageaient le calcul a été arrêté : la mémoire a pu manquer. Relancez la "
    "commande ; ce qui était gardé l'est encore."
)

_step: Callable[[Any], Any]
"""In a forked process: what it makes of each thing that it is handed."""


def forked(step: Callable[[_A], _B], things: Sequence[_A], *, workers: int | None = None) -> Iterator[_B]:
    """What a step makes of each thing, in their order: by ``workers`` processes, as many as there are
    processors where that is None.

    The step and what it holds are not sent: processes are forked with them, once the first thing was made
    here, so that they have what it imported and read. The things are sent, and what is made of them. This
    process does all by itself where there are few things, where it has other threads, a copy of which would
    wait for ever for what they hold, and where nothing can be forked. An error of the step is raised here;
    BilanError where one of the processes was killed.

    >>> list(forked(abs, [-1, -2]))
    [1, 2]
    """
    workers = min(len(things), os.cpu_count() or 1 if workers is None else workers)
    if workers == 1 or len(things) <= FEW or not can_fork():
        yield from map(step, things)
        return
    context = multiprocessing.get_context("fork")
    first, *others = things
    yield step(first)
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(step,)) as pool:
        try:
            yield from pool.map(_do, others)
        except BrokenProcessPool:
            raise BilanError(_KILLED) from None


def begun(results: Iterator[_B]) -> Iterator[_B]:
    """What :func:`forked` makes, its processes at work from now on, not from when the first one is asked for.

    Two are waited for: the first is made here, before there are other processes.

    >>> list(begun(forked(abs, [-1, -2, -3])))
    [1, 2, 3]
    """
    return chain(list(islice(results, 2)), results)


def can_fork() -> bool:
    """Whether this process may be copied: on Linux, where it has one thread, those of libraries counted."""
    return sys.platform == "linux" and len(list(_TASKS.iterdir())) == 1


def _begin(step: Callable[[Any], Any]) -> None:
    global _step
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a command takes it for an interruption to be told
    go_with_parent()
    _step = step


def _do(thing: Any) -> Any:
    return _step(thing)
