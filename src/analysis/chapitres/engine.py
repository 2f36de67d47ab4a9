"""The ways of running a chapter, alike for who asks: bytes in, bytes out, and no other state."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.chapitres.warm.client import can_fork


@dataclass(frozen=True)
class Task:
    """All that a run needs: the notebook, its parameters, the released bundle."""

    notebook: bytes
    parameters: Mapping[str, str]
    bundle: bytes


Way = Callable[[Task, Path], bytes]
"""From a task, and an empty folder to work in, to the executed notebook.

The fault of a cell, a kernel that died, a time-out stand in it as the error of a cell; raises what it
meets where no cell ran.
"""


@dataclass(frozen=True)
class Workers:
    """How chapters are run, the soonest way of this machine where that is None, and how many at once."""

    way: Way | None
    number: int


def stock(task: Task, folder: Path) -> bytes:
    """In an ordinary kernel, started for it: on every system."""
    return _through_papermill(task, folder, engine="bilan")


def warm(task: Task, folder: Path) -> bytes:
    """In a kernel forked from a process that has imported everything. Linux only."""
    return _through_papermill(task, folder, engine="bilan-warm")


def lean(task: Task, folder: Path) -> bytes:
    """In such a process without the sockets of a kernel: the same outputs, sooner. Linux only."""
    return _through_papermill(task, folder, engine="bilan-lean")


WAYS: Final[Mapping[str, Way]] = {"stock": stock, "warm": warm, "lean": lean}


def best() -> Way:
    """The soonest way that this system has; says in one line that it is ordinary kernels, where it is."""
    if can_fork():
        return lean
    print(
        "Ce système ne permet pas de dédoubler un noyau prêt : chaque chapitre démarre le sien.",
        file=sys.stderr,
    )
    return stock


def _through_papermill(task: Task, folder: Path, *, engine: str) -> bytes:
    """Papermill is imported here: most commands run no chapter."""
    import nbformat
    import papermill

    from analysis.chapitres.warm.entry import register

    register()
    bundle, target = folder / "paquet.json", folder / "execute.ipynb"
    bundle.write_bytes(task.bundle)
    with suppress(papermill.PapermillExecutionError):  # it stands in the executed copy, with its cell
        executed = papermill.execute_notebook(
            nbformat.reads(task.notebook.decode("utf-8"), as_version=4),
            target,
            parameters=dict(task.parameters),
            engine_name=engine,
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,
            bundle=bundle,
        )
        executed.clear()  # Papermill has objects that lead to one another and to it: it would stay for long
    return target.read_bytes()
