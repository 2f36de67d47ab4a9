"""Who may read what is confidential: the account that received it, whatever the machine lets others do."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

ALONE, TEAM = 0o077, 0o007
"""What is taken from others: all, or all but from the group of a folder that was given to one."""


def close(folder: Path) -> None:
    """Keep a folder, and what this process writes from now on, for its owner alone.

    A folder that was given to a group on purpose (its « setgid » bit is set) stays open to that group. One of
    somebody else's is let alone. Windows keeps its own rights.
    """
    if os.name == "nt":
        return
    is_given = folder.is_dir() and folder.stat().st_mode & stat.S_ISGID
    taken = TEAM if is_given else ALONE
    os.umask(taken)
    if folder.is_dir():
        _take(folder, taken)


def close_file(path: Path) -> None:
    """Take a file from strangers; a group that was let in stays."""
    if os.name != "nt":
        _take(path, TEAM)


def _take(path: Path, taken: int) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & taken:
        with suppress(PermissionError):
            path.chmod(mode & ~taken)
