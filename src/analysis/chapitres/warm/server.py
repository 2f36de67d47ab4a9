"""The process that imports everything once, and forks a child for each request. It has one thread.

``client.Nursery`` starts it, and says on a socket what to fork. Each request comes with a connection of its
own, which lasts as long as the child: the child's number goes back on it, then signals come, and in the end
the status goes. Whoever asked and is gone has its children killed; the system kills a child whose server is
gone.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import ctypes
import gc
import importlib
import os
import pkgutil
import resource
import selectors
import signal
import socket
import sys
import time
import traceback
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from analysis.chapitres.warm import wire

KINDS = {"kernel": "analysis.chapitres.warm.zmq_child", "lean": "analysis.chapitres.warm.lean_child"}
"""What a child may be: the module whose ``main`` it runs."""

ALWAYS = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.completer"),
    *("IPython.core.magics", "IPython.extensions.autoreload", "matplotlib_inline.backend_inline"),
    *KINDS.values(),
)
"""What every kernel imports at its start or at its first cell, beyond what is asked for."""

_PR_SET_PDEATHSIG = 1
_LOOK_AT_PARENT = 1.0
_PATIENCE = 10.0


def main(arguments: list[str]) -> None:
    """``descriptor of the control socket, number of who started this, modules to import``."""
    descriptor, parent, *modules = arguments
    control = socket.socket(fileno=int(descriptor))
    preload(modules)
    _Server(control, int(parent)).serve()


def preload(modules: Iterable[str]) -> None:
    """Import these modules, and all the modules of these packages of ours, as a kernel would.

    One that fails is left out: the cell that imports it says why.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _as_in_a_kernel(), contextlib.suppress(ImportError):
            importlib.import_module("pandas")
        for name in _with_their_modules([*ALWAYS, *modules]):
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Pandas decides at its import how wide a table is shown, by asking whether it is in a kernel."""
    name = "get_ipython"
    setattr(builtins, name, lambda: SimpleNamespace(kernel=None))
    try:
        yield
    finally:
        delattr(builtins, name)


def _with_their_modules(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield name
        package = sys.modules.get(name)
        if name.startswith("analysis") and hasattr(package, "__path__"):
            for found in pkgutil.walk_packages(package.__path__, f"{name}."):  # type: ignore[union-attr]
                yield found.name


@dataclass(frozen=True)
class _Child:
    number: int
    ending: int
    """A descriptor of the process: readable once it has ended."""
    connection: socket.socket

    def signal(self, number: int) -> None:
        """To the child and all that it started; not waited for yet, so the number is still its own."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.number, number)


class _Server:
    def __init__(self, control: socket.socket, parent: int) -> None:
        self._control, self._parent = control, parent
        self._own = os.getpid()
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, self._accept)
        self._children: set[_Child] = set()
        self._is_open = True
        self._system = ctypes.CDLL(None)

    def serve(self) -> None:
        """Until nobody may ask any more and no child is left, or who started this is gone."""
        while self._is_open or self._children:
            for key, _ in self._selector.select(_LOOK_AT_PARENT):
                key.data()
            if os.getppid() != self._parent:
                for child in self._children:
                    child.signal(signal.SIGKILL)
                return

    def _accept(self) -> None:
        asked, descriptors, _, _ = socket.recv_fds(self._control, 1, 2)
        if not asked:
            self._selector.unregister(self._control)
            self._is_open = False
            return
        connection, *channel = (socket.socket(fileno=descriptor) for descriptor in descriptors)
        try:
            request = wire.receive(connection, until=time.monotonic() + _PATIENCE)
            if request is not None:
                self._answer(request, connection, channel)
        except (OSError, wire.Late):
            connection.close()  # who asked is gone
        for end in channel:
            end.close()

    def _answer(
        self, request: dict[str, Any], connection: socket.socket, channel: list[socket.socket]
    ) -> None:
        threads = len(list(Path("/proc/self/task").iterdir()))
        if threads != 1:
            wire.send(connection, {"refused": threads})
            connection.close()
            return
        sys.stdout.flush()
        sys.stderr.flush()
        number = os.fork()
        if number == 0:
            self._become(request, connection, channel)
        with contextlib.suppress(OSError):
            os.setpgid(number, number)
        child = _Child(number, os.pidfd_open(number), connection)
        self._children.add(child)
        self._selector.register(child.ending, selectors.EVENT_READ, lambda: self._bury(child))
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._heed(child))
        wire.send(connection, {"number": number})

    def _heed(self, child: _Child) -> None:
        """A signal for a child; who asked for it and is gone wants it no more."""
        if child not in self._children:
            return  # it ended in the same moment
        try:
            message = wire.receive(child.connection, until=time.monotonic() + _PATIENCE)
        except (OSError, wire.Late):
            message = None
        if message is None:
            self._selector.unregister(child.connection)
        child.signal(signal.SIGKILL if message is None else message["signal"])

    def _bury(self, child: _Child) -> None:
        """Kill what an ended child started, and tell its status."""
        child.signal(signal.SIGKILL)
        _, status = os.waitpid(child.number, 0)
        self._children.discard(child)
        self._selector.unregister(child.ending)
        os.close(child.ending)
        with contextlib.suppress(KeyError):
            self._selector.unregister(child.connection)
        with contextlib.suppress(OSError):
            wire.send(child.connection, {"status": os.waitstatus_to_exitcode(status)})
        child.connection.close()

    def _become(
        self, request: dict[str, Any], connection: socket.socket, channel: list[socket.socket]
    ) -> None:
        """The child: alone in its group, with the environment, folder and limit that were asked for."""
        status = 1
        try:
            os.setpgid(0, 0)
            self._system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != self._own:
                os._exit(1)
            connection.close()
            self._forget()
            _settle(request)
            module = importlib.import_module(KINDS[request["kind"]])
            module.main(request["arguments"], *channel)
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            with contextlib.suppress(BaseException):
                atexit._run_exitfuncs()  # what the chapter wants done at its end, as an interpreter would
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)

    def _forget(self) -> None:
        """Close what is the server's."""
        self._selector.close()
        self._control.close()
        for child in self._children:
            os.close(child.ending)
            child.connection.close()


def _settle(request: dict[str, Any]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    if request["memory"]:
        resource.setrlimit(resource.RLIMIT_DATA, (request["memory"], request["memory"]))
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()  # Python seeds its own again in a child; numpy's would be the same in all of them


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder of whoever started this
    main(sys.argv[1:])
