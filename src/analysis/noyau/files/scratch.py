"""Work in progress stands apart: what is finished takes its place in one step, what is not disappears.

What has taken its place is on the disk, and so is its name: a power cut leaves the old file or the new one.
Whatever stops a process, the next one that writes in the same folder removes what it left there.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Final

import psutil

from analysis.noyau.files.pannes import about

_PREFIX: Final = ".en-cours-"
_TEMPORARY: Final = "bilan-"
_OLD: Final = ".ancien"
"""How the name of a folder ends while another one takes its place."""

AT_ONCE: Final = 8
"""The files that the disk is asked at once to keep for good."""

_swept: set[tuple[int, Path]] = set()
"""The folders where this process has already removed what killed ones left."""


def put_in_place(new: Path, target: Path) -> None:
    """Put a finished folder in the place of another in two renamings: a reader never sees half of one.

    The old one stands beside meanwhile: where one of them cannot be moved it stays and the new one is
    dropped, and :func:`finish` brings it back after a kill. Who calls it holds the folder of ``target``.
    """
    old = target.with_name(target.name + _OLD)
    with about(target):
        settle_all(new)
        finish(target)
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except BaseException:
            if old.exists():
                old.rename(target)
            raise
        settle(target.parent)
        if old.exists():
            remove(old)


def finish(target: Path) -> None:
    """Finish or undo what :func:`put_in_place` was killed in: a folder is never lost, nor kept twice.

    Who calls it holds the folder of ``target``.
    """
    old = target.with_name(target.name + _OLD)
    if old.exists() and target.exists():
        remove(old)
    elif old.exists():
        old.rename(target)
        settle(target.parent)


def replaced(parent: Path) -> list[Path]:
    """The folders of ``parent`` that are being replaced, or were when it was stopped."""
    names = [path.name for path in parent.iterdir()] if parent.is_dir() else []
    return [parent / name.removesuffix(_OLD) for name in sorted(names) if name.endswith(_OLD)]


def write_whole(path: Path, content: bytes | str, *, mode: int = 0o666) -> Path:
    """Write a file in one step, text as UTF-8 with line feeds, in a folder made if need be; its path.

    It is written beside the old one under a name of its own, however many processes write at once. ``mode``
    is what the file lets others do, less what the process withholds. An OSError names ``path``.
    """
    with about(path), _beside(path, content, mode) as written:
        written.replace(path)
    return path


def write_once(path: Path, content: str, *, mode: int = 0o666) -> Path:
    """Write a file that is never replaced, as :func:`write_whole` does; who comes second keeps the first."""
    with about(path), _beside(path, content, mode) as written:
        try:
            path.hardlink_to(written)
        except OSError:  # somebody else's is there, or the disk has no second name for a file
            if not path.exists():
                written.replace(path)
    return path


@contextmanager
def _beside(path: Path, content: bytes | str, mode: int) -> Iterator[Path]:
    """A file with this content beside ``path``, on the disk; what the block makes of its name is too."""
    made_folder(path.parent)
    sweep(path.parent)
    written = path.parent / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(8)}"
    try:
        with open(written, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:  # noqa: PTH123
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        yield written
        settle(path.parent)
    finally:
        with suppress(OSError):
            written.unlink(missing_ok=True)


def write_or_share(path: Path, content: bytes, earlier: Path) -> None:
    """Write a file of a folder that is to take the place of another; a second name of ``earlier``, the file
    that it replaces, where that holds these bytes: they are on the disk already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # there is no earlier one, or the disk has no second name for a file
        if earlier.stat().st_size == len(content) and earlier.read_bytes() == content:
            path.hardlink_to(earlier)
            return
    path.write_bytes(content)


def put_file_in_place(new: Path, target: Path) -> Path:
    """Put a finished file, of the same disk, in the place of another in one step; its new path."""
    with about(target):
        made_folder(target.parent)
        settle(new)
        new.replace(target)
        settle(target.parent)
    return target


@contextmanager
def whole(path: Path, *, mode: int = 0o666) -> Iterator[BytesIO]:
    """A place in memory for what a library writes piece by piece; at the end of the block it becomes the
    file, as :func:`write_whole` does. Where the block fails, the file stays as it was."""
    content = BytesIO()
    yield content
    write_whole(path, content.getvalue(), mode=mode)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that it holds, for good: a power cut does not bring it back."""
    with about(path):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
        settle(path.parent)


def made_folder(folder: Path) -> Path:
    """A folder, made with those above it if need be, whose names are then on the disk."""
    if folder.is_dir():
        return folder
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in reversed(missing):
        settle(made.parent)
    return folder


def read_within(path: Path, largest: int) -> bytes | None:
    """The bytes of a file that somebody sent, None where it has more than ``largest``, whatever it says.

    Raises OSError for what is no file, such as a pipe or a device, which would never end.
    """
    if not path.is_file():
        raise OSError(errno.EINVAL, "n'est pas un fichier", str(path))
    with path.open("rb") as file:
        content = file.read(largest + 1)
    return content if len(content) <= largest else None


def settle_all(folder: Path) -> None:
    """Have a whole folder on the disk; a file that has another name is there already.

    Several are asked for at once: the disk writes them together, where each would wait for it in turn.
    """
    from concurrent.futures import ThreadPoolExecutor  # most commands put no folder in place

    asked = [path for path in folder.rglob("*") if path.is_dir() or path.stat().st_nlink == 1]
    with ThreadPoolExecutor(AT_ONCE) as disk:
        list(disk.map(settle, [*asked, folder]))


def settle(path: Path) -> None:
    """Have a file, or the names that a folder holds, on the disk; Windows does not do it for folders."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, prefix: str = _PREFIX) -> None:
    """Remove what processes that were killed had left in a folder; a process looks there once."""
    if (os.getpid(), folder) in _swept:
        return
    _swept.add((os.getpid(), folder))
    for left in folder.glob(f"{prefix}*"):
        owner = left.name.removeprefix(prefix).partition("-")[0]
        if owner.isdecimal() and _is_abandoned(left, int(owner)):
            with suppress(OSError):  # another process removes it too
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def _is_abandoned(left: Path, owner: int) -> bool:
    """Whether who works there is gone; after a power cut its number may be that of another process."""
    try:
        return not psutil.pid_exists(owner) or left.lstat().st_mtime < psutil.boot_time()
    except OSError:  # gone meanwhile
        return False


def sweep_below(folder: Path) -> None:
    """Remove what processes that were killed had left anywhere below a folder."""
    for parent in {left.parent for left in folder.rglob(f"{_PREFIX}*")}:
        sweep(parent)


@contextmanager
def temporary() -> Iterator[Path]:
    """A folder among the machine's temporary ones, for its owner alone, gone at the end of the block.

    Those of processes that were killed before theirs ended are removed first.
    """
    parent = Path(tempfile.gettempdir())
    sweep(parent, _TEMPORARY)
    prefix = f"{_TEMPORARY}{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def scratch(parent: Path) -> Iterator[Path]:
    """A folder inside ``parent``, on the same disk, removed at the end whatever happens.

    What processes that were killed had left there is removed first.
    """
    made_folder(parent)
    _swept.discard((os.getpid(), parent))
    sweep(parent)
    with about(parent):
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
