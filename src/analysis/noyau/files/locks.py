"""One process at a time in a folder where a file is read, changed and written again, or that is built."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from analysis.noyau.errors import BilanError
from analysis.noyau.files.scratch import made_folder
from analysis.noyau.paths import Project

NAME: Final = ".verrou"
PATIENCE: Final = 30.0
"""Seconds that a command waits for another one: most of them keep a folder for less than one."""


@contextmanager
def alone_in(folder: Path, *, shown: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold a folder, made if need be, until the end of the block; a process that dies lets it go.

    ``shown`` names the folder in the message. Who holds it already goes on. Raises BilanError where another
    process holds it for longer than ``patience`` seconds.
    """
    made_folder(folder)
    lock = FileLock(folder / NAME, is_singleton=True)
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        raise BilanError(
            f"Quelqu'un d'autre écrit dans « {shown} » depuis plus de {patience:.0f} secondes. Rien n'est "
            "changé : attendez la fin de son travail, puis relancez la commande."
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def alone_building(project: Project) -> Iterator[None]:
    """Hold what is built of a project until the end of the block, after whoever builds it now.

    Who has to wait is told so, once. A build that is made of another (a demonstration ends with one) holds
    its folder once.
    """
    made_folder(project.stations)
    shown = project.outputs.relative_to(project.checkout).as_posix()
    lock = FileLock(project.stations / NAME, is_singleton=True)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print(
            f"Une autre commande construit « {shown} » : celle-ci attend qu'elle finisse (Ctrl-C y renonce).",
            file=sys.stderr,
            flush=True,
        )
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
