"""The tables that earlier processes found sound: what was checked once is not checked by the next command."""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from analysis.noyau.files.scratch import write_whole

FILE: Final = "tables-verifiees.txt"
"""The file, in the folder of the stations: the digests of tables, a line each."""

_MOST: Final = 4_000
"""Lines beyond which only the latest half is kept."""

_CODE: Final = ((__package__, "validation.py"), ("analysis.noyau", "periods.py"))
"""Where what decides of a cell is written."""


def digest_of(asked: bytes) -> bytes:
    """The digest of a table, of all that it is checked with and of what checks it."""
    return hashlib.sha256(_rules() + asked).digest()


def is_sound(stations: Path, digest: bytes) -> bool:
    """Whether an earlier process found nothing in the table of that digest."""
    return digest.hex() in _known(stations / FILE)


def note(stations: Path, digest: bytes) -> None:
    """Note that nothing was found in a table; nowhere before a first build, nor where one may not write."""
    path = stations / FILE
    known = _known(path)
    known[digest.hex()] = None
    if not stations.is_dir():
        return
    with suppress(OSError):
        if len(known) > _MOST:
            write_whole(path, "".join(f"{one}\n" for one in list(known)[-_MOST // 2 :]))
        else:
            with path.open("a", encoding="ascii") as file:  # a line at once: several processes may write
                file.write(f"{digest.hex()}\n")


@cache
def _known(path: Path) -> dict[str, None]:
    """The digests of the file, in its order; a line that was cut is no digest of any table."""
    try:
        return dict.fromkeys(path.read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError):
        return {}


@cache
def _rules() -> bytes:
    """What a table is checked by: the rules, what they take for a period, and the version of Python."""
    code = b"".join(files(package).joinpath(name).read_bytes() for package, name in _CODE)
    return hashlib.sha256(code + sys.version.encode()).digest()
