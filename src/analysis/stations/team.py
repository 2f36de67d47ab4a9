"""Products that do not depend on one another, made several at a time by processes beside this one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from analysis.noyau.files.scratch import AT_ONCE
from analysis.stations.cycles import look_seldom
from analysis.stations.store import Store

FEW: Final = 3
"""Up to so many products are made by threads of this process: another would first import what it has."""


@dataclass(frozen=True)
class Product:
    """What stands in a place, made of these inputs by a function of a module and its arguments, as bytes."""

    place: str
    inputs: Mapping[str, str]
    make: Callable[..., bytes]
    arguments: tuple[Any, ...] = ()


class Team:
    """Makes the products that are not kept, ``workers`` at a time; processes start when there is enough to do
    and have imported ``modules`` beforehand, where the system can fork."""

    def __init__(self, modules: Sequence[str], *, workers: int) -> None:
        self._modules, self._workers = tuple(modules), max(1, workers)
        self._processes: ProcessPoolExecutor | None = None
        self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="composition")
        self._begun: dict[str, tuple[Mapping[str, str], Future[tuple[bytes, float]]]] = {}

    def get_ready(self) -> None:
        """Let processes import, beside what this one does meanwhile, what they will make everything with."""
        if self._workers > 1 and self._processes is None:
            context = _context(self._modules)
            self._processes = ProcessPoolExecutor(
                self._workers, mp_context=context, initializer=go_with_parent
            )

    def begin(self, kept: Store, products: Iterable[Product]) -> None:
        """Have these products made, those that are not kept, before they are asked for: :meth:`take_all`
        gives them then, of the same inputs."""
        missing = [p for p in products if kept.kept(p.place, p.inputs) is None]
        executor = self._executor(len(missing))
        self._begun |= {p.place: (p.inputs, self._submit(executor, p)) for p in missing}

    def take_all(self, kept: Store, products: Iterable[Product]) -> list[bytes]:
        """The bytes of these products in their order, those that are kept as they are.

        What is made is kept as soon as it is, while others are waited for: the disk takes longer than most of
        them. The first error of one of them is raised.
        """
        asked = list(products)
        found = {p.place: content for p in asked if (content := kept.kept(p.place, p.inputs)) is not None}
        missing = [product for product in asked if product.place not in found]
        begun = {p.place: future for p in missing if (future := self._already(p)) is not None}
        executor = self._executor(len(missing) - len(begun))
        waiting = [(p, begun.get(p.place) or self._submit(executor, p)) for p in missing]
        keeping: list[Future[None]] = []
        try:
            with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="garde") as disk:
                for product, future in waiting:
                    content, seconds = future.result()
                    keep = partial(kept.keep, product.place, product.inputs, content, seconds=seconds)
                    keeping.append(disk.submit(keep))
                    found[product.place] = content
        except BaseException:
            _drop(future for _, future in waiting)
            raise
        for one in keeping:
            one.result()
        return [found[product.place] for product in asked]

    def close(self) -> None:
        """Let the processes go."""
        for executor in (self._threads, self._processes):
            if executor is not None:
                executor.shutdown(wait=False, cancel_futures=True)

    def _already(self, product: Product) -> Future[tuple[bytes, float]] | None:
        """What was begun of the same inputs; given once."""
        begun = self._begun.pop(product.place, None)
        return None if begun is None or begun[0] != product.inputs else begun[1]

    def _submit(self, executor: Executor, product: Product) -> Future[tuple[bytes, float]]:
        return executor.submit(_made, product.make, product.arguments)

    def _executor(self, number: int) -> Executor:
        if number > FEW:
            self.get_ready()
        return self._processes or self._threads


ALONE: Final = Team((), workers=1)
"""Makes all in this process."""


@contextmanager
def team(modules: Sequence[str], *, workers: int | None = None) -> Iterator[Team]:
    """A team until the end of the block, of as many workers as there are processors where that is None."""
    found = Team(modules, workers=os.cpu_count() or 1 if workers is None else workers)
    try:
        yield found
    finally:
        found.close()


def _context(modules: Sequence[str]) -> multiprocessing.context.BaseContext:
    """How processes start: forked from one that has a single thread, ordinary where none can be forked."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver, resource_tracker

    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(list(modules))
    resource_tracker.ensure_running()  # it takes interruptions in again when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # they are for who asked
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return found


def go_with_parent() -> None:
    """A process leaves interruptions to who started it, and goes when that one is gone; what it was forked
    with is not looked through for what is lost, which would copy it."""
    look_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _made(make: Callable[..., bytes], arguments: tuple[Any, ...]) -> tuple[bytes, float]:
    started = time.monotonic()
    content = make(*arguments)
    return content, time.monotonic() - started


def _drop(futures: Iterable[Future[Any]]) -> None:
    for future in futures:
        future.cancel()
