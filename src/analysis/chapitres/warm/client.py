"""Ask the process that imported everything once for a child, signal it, know how it ended."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import analysis
from analysis import SINGLE_THREAD
from analysis.chapitres.warm import wire
from analysis.noyau.errors import BilanError
from analysis.stations.store import entries

CHAPTERS: Final = ("analysis.chapitres.opening", "analysis.presentation")
"""What the chapters of a publication import."""

_ALONE: Final = {
    **SINGLE_THREAD,
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger would say on the terminal that it is imported
}
_PATIENCE = 1200.0
"""Seconds that a process which lives may take to import everything: minutes where others use the machine.

One that ends closes its socket, and is not waited for.
"""


def can_fork() -> bool:
    """Whether this system has what the forking of kernels asks for."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


class Child:
    """A forked process, as seen from the one that asked for it; closing it kills what is left of it."""

    def __init__(self, connection: socket.socket, number: int) -> None:
        self.number = number
        self._connection = connection
        self._status: int | None = None

    def signal(self, number: int) -> None:
        """To the process and all that it started; nothing when it has ended."""
        if self._status is None:
            with contextlib.suppress(OSError):
                wire.send(self._connection, {"signal": number})

    def poll(self) -> int | None:
        """Its status, None while it lives."""
        return self.wait(0.001)

    def wait(self, seconds: float) -> int | None:
        """Its status, None when it still lives after that time; -9 when the server that forked it is gone."""
        if self._status is None:
            try:
                ended = wire.receive(self._connection, until=time.monotonic() + seconds)
            except wire.Late:
                return None
            self._status = -signal.SIGKILL if ended is None else ended["status"]
        return self._status

    def close(self) -> None:
        """Leave it: the server kills it if it lives."""
        self._connection.close()


class Nursery:
    """A process that has imported these modules, from which children are forked."""

    def __init__(self, modules: Sequence[str]) -> None:
        self._modules = tuple(modules)
        self._made_of = _made_of(self._modules)
        self._owner = os.getpid()
        self._control, other = socket.socketpair()
        command = [sys.executable, "-m", "analysis.chapitres.warm.server"]
        environment = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", **os.environ, **_ALONE}
        environment.pop("JPY_PARENT_PID", None)
        with other:
            self._process = subprocess.Popen(
                [*command, str(other.fileno()), str(self._owner), *self._modules],
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,  # an interruption of the batch is the batch's to tell
            )

    def serves(self, modules: Sequence[str]) -> bool:
        """Whether it lives, for this process, with these modules as they are now on the disk."""
        return (
            self._owner == os.getpid()
            and self._process.poll() is None
            and self._made_of == _made_of(tuple(modules))
        )

    def fork(
        self,
        kind: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: str,
        memory: int = 0,
        channel: socket.socket | None = None,
    ) -> Child:
        """A new child; ``channel`` is given to it, ``memory`` limits its data in bytes, 0 for none.

        Raises BilanError when the process has threads, or is gone.
        """
        connection, other = socket.socketpair()
        descriptors = [other.fileno(), *([] if channel is None else [channel.fileno()])]
        request = {
            "kind": kind,
            "arguments": list(arguments),
            "environment": dict(environment),
            "folder": folder,
            "memory": memory,
        }
        try:
            with other:
                socket.send_fds(self._control, [b"f"], descriptors)
            wire.send(connection, request)
            answer = wire.receive(connection, until=time.monotonic() + _PATIENCE)
        except (OSError, wire.Late):
            answer = None
        if answer is None:
            connection.close()
            raise BilanError(
                "Le processus d'où partent les noyaux s'est arrêté, ou ne répond plus. Relancez."
            )
        if "refused" in answer:
            connection.close()
            raise BilanError(
                f"Le processus d'où partent les noyaux a {answer['refused']} fils d'exécution : il ne peut "
                "se dédoubler sans risque. Un de ces modules en lance à son importation : "
                f"{', '.join(self._modules)}."
            )
        return Child(connection, answer["number"])

    def retire(self) -> None:
        """Ask for no more children: the process ends after the last one."""
        self._control.close()

    def close(self) -> None:
        """End it, and its children."""
        self._control.close()
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()


_current: dict[tuple[str, ...], Nursery] = {}
_starting = threading.Lock()


def nursery(modules: Sequence[str] = CHAPTERS) -> Nursery:
    """The process of these modules: a new one when there is none, or when a module of ours changed."""
    asked = tuple(modules)
    with _starting:
        known = _current.get(asked)
        if known is not None and known.serves(asked):
            return known
        if known is not None:
            known.retire()
        _current[asked] = Nursery(asked)
        return _current[asked]


@atexit.register
def close_all() -> None:
    """End every such process of this one, and their children."""
    with _starting:
        while _current:
            _current.popitem()[1].close()


def _made_of(modules: tuple[str, ...]) -> tuple[object, ...]:
    """What the process holds for good: our modules as they are on the disk, Python's own variables.

    What Python compiles beside them, as it does at the first import, is nothing new.
    """
    folder = Path(analysis.__file__).parent
    stamps = []
    for file in entries(folder, but=("__pycache__",)):
        with contextlib.suppress(OSError):  # an editor's own file, gone meanwhile
            found = file.stat()
            stamps.append((file.path, found.st_mtime_ns, found.st_size))
    variables = tuple(sorted((k, v) for k, v in os.environ.items() if k.startswith("PYTHON")))
    return modules, tuple(sorted(stamps)), variables
