"""Engines of Papermill: an ordinary kernel, a forked one, and cells run in a forked process without sockets.

With all of them, a kernel that dies and a cell that lasts too long stand in the executed notebook, as an
error of that cell. ``bundle`` is the file of a chapter's bundle; without it the chapter opens as in the
atelier.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, Final

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine

from analysis import SINGLE_THREAD
from analysis.chapitres.opening import BUNDLE_VARIABLE, LECTURES, readings
from analysis.chapitres.warm import provisioner, wire
from analysis.chapitres.warm.client import CHAPTERS, Child, nursery
from analysis.noyau.files.scratch import temporary

CELL_TIMEOUT: Final = 600.0
"""Seconds after which a cell is taken to be stuck."""

CHAPTER_TIMEOUT: Final = 1800.0
"""Seconds after which a whole chapter is."""

MEMORY: Final = 4 * 2**30
"""Bytes of data that a chapter of the lean engine may hold: a MemoryError beyond."""

DEAD, LATE = "Noyau arrêté", "Temps dépassé"
"""The names of the errors that no cell raises."""

_SKIP = "skip-execution"
_MAY_FAIL = "raises-exception"
_SOON = 10.0


class StockEngine(NBClientEngine):
    """Papermill's own engine, where each notebook has a new kernel.

    Where the system has them, the kernel speaks through sockets in a folder of its own: kernels that
    start together then never take each other's port, and nothing listens on the network.
    """

    provisioner: str | None = None

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        bundle: Path | None = None,
        cell_timeout: float = CELL_TIMEOUT,
        chapter_timeout: float = CHAPTER_TIMEOUT,
        log_output: bool = False,
        **_options: Any,
    ) -> None:
        limits = _Limits(cell_timeout, time.monotonic() + chapter_timeout)
        with temporary() as sockets:
            client = PapermillNotebookClient(
                nb_man,
                kernel_name=kernel_name,
                timeout_func=lambda _cell: limits.seconds,
                startup_timeout=120,
                log_output=log_output,
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],
            )
            manager = client.create_kernel_manager()
            manager.connection_file = str(sockets / "noyau.json")
            if cls.provisioner is not None:
                manager._kernel_spec = _forked(manager.kernel_spec, cls.provisioner)
            if sys.platform != "win32":
                manager.transport, manager.ip = "ipc", f"{sockets}/noyau"
            reached = [0]
            client.on_cell_start = lambda cell, cell_index: reached.append(cell_index)
            try:
                client.execute(env=_environment(bundle))
            except DeadKernelError:
                _stopped(nb_man, reached[-1], DEAD, "il a été tué, ou s'est terminé de lui-même")
            except CellTimeoutError:
                _stopped(nb_man, reached[-1], LATE, limits.told)
        _note_readings(nb_man, bundle)


class WarmEngine(StockEngine):
    """The same, where the kernel is forked from a process that has imported what chapters import."""

    provisioner = provisioner.NAME


class LeanEngine(Engine):
    """The cells run by ipykernel's kernel in a forked process, without sockets nor threads. Linux only."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        bundle: Path | None = None,
        cell_timeout: float = CELL_TIMEOUT,
        chapter_timeout: float = CHAPTER_TIMEOUT,
        memory: int = MEMORY,
        log_output: bool = False,
        **_options: Any,
    ) -> None:
        limits = _Limits(cell_timeout, time.monotonic() + chapter_timeout)
        client = PapermillNotebookClient(nb_man, log_output=log_output, record_timing=False)
        client.reset_execution_trackers()
        with _lean_child(_environment(bundle), memory) as (child, channel):
            ready = wire.receive(channel, until=time.monotonic() + limits.seconds)
            if ready is None:
                raise RuntimeError(f"le noyau n'a pas démarré ({_status(child)})")
            nb_man.nb.metadata["language_info"] = ready["content"]["language_info"]
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                is_good = not _runs(cell) or _run_cell(client, cell, index, channel, child, limits)
                if not is_good:
                    nb_man.cell_exception(cell, index)
                nb_man.cell_complete(cell, index)
                if not is_good:
                    break
        client.set_widgets_metadata()
        _note_readings(nb_man, bundle)


def _note_readings(nb_man: Any, bundle: Path | None) -> None:
    """Say in the executed notebook what it read of its bundle."""
    if bundle is not None:
        nb_man.nb.metadata[LECTURES] = readings(bundle)


@dataclass(frozen=True)
class _Limits:
    """The seconds of a cell, and the time of ``time.monotonic`` at which the chapter must be done."""

    cell: float
    end: float

    @property
    def seconds(self) -> float:
        """What a cell that starts now may take."""
        return max(0.01, min(self.cell, self.end - time.monotonic()))

    @property
    def told(self) -> str:
        if time.monotonic() >= self.end:
            return "le chapitre a été arrêté"
        return f"la cellule a été arrêtée au bout de {self.cell:.0f} s"


def _run_cell(
    client: PapermillNotebookClient,
    cell: nbformat.NotebookNode,
    index: int,
    channel: socket.socket,
    child: Child,
    limits: _Limits,
) -> bool:
    """Run a cell in the child and put in it what it shows; whether the next one may run."""
    cell.outputs = []
    client.clear_before_next_output = False
    is_good, until = True, time.monotonic() + limits.seconds
    try:
        wire.send(channel, {"code": cell.source, "store_history": True})
        while True:
            message = wire.receive(channel, until=until)
            if message is None:
                _show(cell, DEAD, _status(child))
                return False
            kind, content = message["kind"], message["content"]
            if kind == "done":
                return is_good or _MAY_FAIL in cell.metadata.get("tags", ())
            if kind == "execute_reply":
                is_good = content["status"] != "error"
            elif kind != "status":
                client.process_message(_as_received(kind, content), cell, index)
    except OSError:
        _show(cell, DEAD, _status(child))
    except wire.Late:
        child.signal(signal.SIGKILL)
        _show(cell, LATE, limits.told)
    return False


def _as_received(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """A message as nbclient gets it from a kernel's sockets."""
    return {
        "header": {"msg_type": kind},
        "msg_type": kind,
        "content": content,
        "parent_header": {},
        "buffers": [],
    }


def _runs(cell: nbformat.NotebookNode) -> bool:
    return (
        cell.cell_type == "code" and bool(cell.source.strip()) and _SKIP not in cell.metadata.get("tags", ())
    )


@contextmanager
def _lean_child(environment: dict[str, str], memory: int) -> Iterator[tuple[Child, socket.socket]]:
    """A child and the channel on which it gets cells; it is killed at the end."""
    channel, other = socket.socketpair()
    with closing(channel):
        with closing(other):
            child = nursery(CHAPTERS).fork(
                "lean", [], environment=environment, folder=str(Path.cwd()), memory=memory, channel=other
            )
        with closing(child):
            yield child, channel


def _status(child: Child) -> str:
    """How a child ended, in words."""
    status = child.wait(_SOON)
    if status is None:
        return "il ne répond plus"
    if status < 0:
        return f"il a été tué par le signal {signal.Signals(-status).name}"
    return f"il s'est terminé de lui-même, avec le code {status}"


def _stopped(nb_man: Any, index: int, name: str, told: str) -> None:
    """Note in a notebook that its kernel was stopped in that cell, and not the interruption that it got."""
    cell = nb_man.nb.cells[index]
    cell.outputs = [output for output in cell.outputs if output.output_type != "error"]
    _show(cell, name, told)
    nb_man.cell_exception(cell, index)


def _show(cell: nbformat.NotebookNode, name: str, told: str) -> None:
    cell.outputs.append(nbformat.v4.new_output("error", ename=name, evalue=told, traceback=[]))


def _environment(bundle: Path | None) -> dict[str, str]:
    handed = {} if bundle is None else {BUNDLE_VARIABLE: str(bundle)}
    return {**os.environ, **SINGLE_THREAD, **handed}


def _forked(spec: KernelSpec, name: str) -> KernelSpec:
    """The same kernel, launched by our provisioner; known here even where the project is not installed."""
    value = f"{provisioner.__name__}:{provisioner.WarmProvisioner.__name__}"
    entry = EntryPoint(name=name, value=value, group=KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.instance().provisioners.setdefault(name, entry)
    metadata = {**spec.metadata, "kernel_provisioner": {"provisioner_name": name}}
    return KernelSpec(
        argv=spec.argv, display_name=spec.display_name, language=spec.language, metadata=metadata
    )
