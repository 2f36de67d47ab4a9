"""A child that runs cells by ipykernel's own kernel, without its sockets and threads.

What a cell shows are the messages that an ordinary kernel would send: they go on one socket, to the process
which makes outputs of them. Widgets and what asks for a person's answer have no one to speak to here.
"""

from __future__ import annotations

import asyncio
import fcntl
import io
import os
import signal
import socket
import sys
import threading
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import ipykernel.debugger
from ipykernel.ipkernel import IPythonKernel
from ipykernel.jsonutil import json_clean
from ipykernel.kernelapp import IPKernelApp
from IPython.extensions.autoreload import ModuleReloader
from jupyter_client.session import Session
from traitlets.config import Config

from analysis.chapitres.warm import wire
from analysis.chapitres.warm.zmq_child import draw_inline
from analysis.stations.cycles import look_seldom

_STREAMS: Final = {"stdout": 1, "stderr": 2}
_QUIET: Final = Config({"HistoryManager": {"enabled": False}, "IPKernelApp": {"log_level": "CRITICAL"}})


def main(_arguments: list[str], channel: socket.socket) -> None:
    """Run the cells that come on the channel until it is closed."""
    terminal = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="replace")
    try:
        _serve(channel)
    except Exception:
        traceback.print_exc(file=terminal)  # ours: a cell's own error is among its outputs
        raise SystemExit(1) from None


def _serve(channel: socket.socket) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    look_seldom()
    if not os.environ.get("MPLBACKEND"):
        os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    ipykernel.debugger._is_debugpy_available = False
    # A chapter is of one version of each module: %autoreload would look at thousands of files for each cell.
    ModuleReloader.check = lambda *_args, **_options: None  # type: ignore[method-assign]
    session = _Channel(channel)
    streams = [_Stream(session, name, number) for name, number in _STREAMS.items()]
    sys.stdout, sys.stderr = streams
    app = IPKernelApp.instance(config=_QUIET)  # not started: what asks for the kernel finds it here
    kernel = app.kernel = _Kernel.instance(parent=app, session=session, log=app.log)
    sys.displayhook = kernel.shell.displayhook  # type: ignore[union-attr]
    draw_inline()
    session.tell("ready", {"language_info": kernel.language_info})
    asyncio.run(_run(kernel, session, streams))


async def _run(kernel: _Kernel, session: _Channel, streams: list[_Stream]) -> None:
    while (asked := wire.receive(session.channel)) is not None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": session.session}
        request = {"header": header, "parent_header": {}, "metadata": {}, "content": asked}
        kernel.set_parent([], request)
        with _interruptible():
            await kernel.execute_request(None, [], request)
        for stream in streams:
            stream.flush()
            stream.tell_written_below()
        session.tell("done", {})


@contextmanager
def _interruptible() -> Iterator[None]:
    """Only a cell that runs may be interrupted."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Kernel(IPythonKernel):
    """The kernel, told that its cells run in the main thread."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.shell_channel_thread = _MainThread()

    def _abort_queues(self, _subshell: str | None = None) -> None:
        """Nothing waits: the next cell comes when this one is done."""

    def raw_input(self, prompt: str = "") -> str:
        """Refused as where a client does not answer."""
        raise EOFError("Un chapitre qui s'exécute seul ne peut rien demander.")


class _MainThread:
    parent_thread = threading.main_thread()


class _Channel(Session):
    """The session of the kernel: what it would send to its clients goes on the channel."""

    def __init__(self, channel: socket.socket) -> None:
        super().__init__(key=b"")
        self.channel, self._writing, self._process = channel, threading.Lock(), os.getpid()

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *rest: Any, **more: Any) -> Any:
        """As jupyter_client's, but for the buffers, which nothing keeps."""
        message = self.msg(msg_or_type, content or {}) if isinstance(msg_or_type, str) else msg_or_type
        self.tell(message["header"]["msg_type"], message["content"])
        return message

    def tell(self, kind: str, content: dict[str, Any]) -> None:
        """One message. Raises RuntimeError in a process of a pool, which shares the channel."""
        if os.getpid() != self._process:
            raise RuntimeError("Seul le processus du carnet peut afficher : rendez-lui le résultat.")
        with self._writing:
            wire.send(self.channel, {"kind": kind, "content": json_clean(content)})


class _Stream(io.TextIOBase):
    """The text of a cell; what is written below Python is caught in a file in memory."""

    encoding, errors = "UTF-8", "strict"

    def __init__(self, session: _Channel, name: str, descriptor: int) -> None:
        self._session, self.name, self._descriptor = session, name, descriptor
        self._pieces: list[str] = []
        self._process = os.getpid()
        below = os.memfd_create(name)
        fcntl.fcntl(below, fcntl.F_SETFL, os.O_APPEND)  # processes of a pool write at once, none over another
        os.dup2(below, descriptor)
        os.close(below)

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() == self._process:
            self._pieces.append(text)
        else:
            os.write(self._descriptor, text.encode())
        return len(text)

    def flush(self) -> None:
        """Send what was written since the last time."""
        if os.getpid() != self._process:
            return
        text, self._pieces = "".join(self._pieces), []
        if text:
            self._session.tell("stream", {"name": self.name, "text": text})

    def tell_written_below(self) -> None:
        """Send what commands, libraries in C and processes of a pool wrote, at the end of the cell."""
        size = os.fstat(self._descriptor).st_size
        if size:
            text = os.pread(self._descriptor, size, 0).decode(errors="replace")
            os.ftruncate(self._descriptor, 0)
            self._session.tell("stream", {"name": self.name, "text": text})
