"""Work in progress stands apart: what is finished takes its place in one step, what is not disappears.

What has taken its place is on the disk, and so is its name: a power cut leaves the old file or the new one.
"""

from __future__ import annotations

import os
import secrets
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
    settle_all(new)
    if target.exists():
        target.rename(aside)
    try:
        new.rename(target)
    except BaseException:
        if aside.exists():
            aside.rename(target)
        raise
    settle(target.parent)


def write_whole(path: Path, content: bytes | str, *, mode: int = 0o666) -> Path:
    """Write a file in one step, text as UTF-8 with line feeds, in a folder made if need be; its path.

    It is written beside the old one under a name of its own, however many processes write at once. ``mode``
    is what the file lets others do, less what the process withholds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.parent / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(8)}"
    try:
        with open(written, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:  # noqa: PTH123
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    settle(path.parent)
    return path


def settle_all(folder: Path) -> None:
    """Have a whole folder on the disk."""
    for path in folder.rglob("*"):
        settle(path)
    settle(folder)


def settle(path: Path) -> None:
    """Have a file, or the names that a folder holds, on the disk; Windows does not do it for folders."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """A folder inside ``parent``, on the same disk, removed at the end whatever happens.

    What processes that were killed had left there is removed first.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(f"{_PREFIX}*"):
        if not psutil.pid_exists(int(left.name.removeprefix(_PREFIX).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
