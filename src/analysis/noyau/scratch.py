"""Folders for work in progress: what is finished leaves them in one step, what is not disappears."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

_PREFIX = ".en-cours-"


def put_in_place(new: Path, target: Path, *, aside: Path) -> None:
    """Put a finished folder in the place of another in two renamings: a reader never sees half of one.

    The old one goes ``aside``; where one of them cannot be moved, the old one stays and the new one is
    dropped.
    """
    if target.exists():
        target.rename(aside)
    try:
        new.rename(target)
    except BaseException:
        if aside.exists():
            aside.rename(target)
        raise


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """A folder inside ``parent``, on the same disk, removed at the end whatever happens.

    What processes that were killed had left there is removed first.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(f"{_PREFIX}*"):
        if not psutil.pid_exists(int(left.name.removeprefix(_PREFIX).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
