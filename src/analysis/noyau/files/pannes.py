"""What the machine refuses, told to the person who can act: the place, why, what to do."""

from __future__ import annotations

import errno
import getpass
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Final

from analysis.noyau.errors import BilanError
from analysis.noyau.periods import long_date

_MEGA: Final = 1_000_000

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What a disk without room, an account without any left, a file that is too large for its disk answer."""

_WHY: Final = {
    errno.EACCES: (
        "le compte « {account} » n'a pas les droits d'accès ou d'écriture, ou un autre programme le tient",
        "fermez-le dans Excel ou LibreOffice, ou demandez ces droits à qui possède le dossier",
    ),
    errno.EROFS: (
        "ce disque est en lecture seule",
        "travaillez sur une copie du projet, ou remontez le disque avec les droits d'écriture",
    ),
    errno.ENOENT: (
        "ce fichier ou ce dossier n'est pas là, ou n'y est plus",
        "vérifiez le nom, et qu'aucune autre commande n'y travaille en même temps",
    ),
    errno.EEXIST: (
        "un fichier ou un dossier de ce nom est déjà là",
        "déplacez-le, ou attendez la fin de l'autre commande qui l'écrit",
    ),
    errno.ENOTDIR: ("un fichier est là où il faut un dossier", "déplacez ce fichier"),
    errno.EISDIR: ("un dossier est là où il faut un fichier", "déplacez ce dossier"),
    errno.EMFILE: (
        "trop de fichiers sont ouverts à la fois",
        "fermez d'autres programmes, ou donnez « --jobs 1 »",
    ),
    errno.ENAMETOOLONG: (
        "son nom est trop long pour ce disque",
        "raccourcissez-le, ou celui du dossier du projet",
    ),
    errno.EIO: ("le disque ne répond plus", "sauvegardez le projet ailleurs, puis vérifiez le disque"),
    errno.EBUSY: ("un autre programme le tient", "fermez ce programme"),
}
_SAME: Final = {
    errno.EPERM: errno.EACCES,
    errno.ENOTEMPTY: errno.EEXIST,
    errno.ENFILE: errno.EMFILE,
    errno.ETXTBSY: errno.EBUSY,
    errno.EAGAIN: errno.EBUSY,
    errno.ESTALE: errno.EIO,
}
"""Other numbers of the same refusals."""


def said(error: OSError) -> str:
    """What is told of a refusal of the machine: one sentence, the place first, then why, then what to do.

    >>> print(said(OSError(errno.EISDIR, "Is a directory", "/mnt/a.csv")))
    « /mnt/a.csv » : un dossier est là où il faut un fichier ; déplacez ce dossier, puis relancez la commande.
    """
    place = place_of(error)
    if error.errno in FULL:
        return f"{_shown(place)} : {_no_room(place)}, puis relancez la commande : rien n'est écrit à moitié."
    number = error.errno or 0
    why, remedy = _WHY.get(
        _SAME.get(number, number),
        (f"le système refuse ({error.strerror or error})", "vérifiez le disque et les droits d'écriture"),
    )
    return f"{_shown(place)} : {why.format(account=_account())} ; {remedy}, puis relancez la commande."


def place_of(error: OSError) -> Path | None:
    """The file or the folder that an error names, what it was to become rather than what it was."""
    name = error.filename2 or error.filename
    if not isinstance(name, str | bytes | os.PathLike):
        return None
    place = Path(os.fsdecode(name))
    if error.errno == errno.ENOTDIR:  # the file in the way, not what was to stand under it
        return next((parent for parent in place.parents if parent.is_file()), place)
    return place


@contextmanager
def about(path: Path) -> Iterator[None]:
    """What the machine refuses in the block is told of this path, not of a file beside it, nor of none."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


@contextmanager
def room_told(needed: Callable[[], Mapping[Path, int]]) -> Iterator[None]:
    """Where the disk is full in the block, say how many bytes each folder needs: ``needed`` counts them.

    Raises BilanError then; every other error goes on as it is.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        wanted, place = needed(), place_of(error)
        wants = ", ".join(f"« {folder} » en demande {_megas(count)}" for folder, count in wanted.items())
        raise BilanError(
            f"{_shown(place)} : {_no_room(place or next(iter(wanted)))} ({wants}), puis relancez la commande "
            ": ce qui était en place y est encore."
        ) from error


def size_of(folder: Path) -> int:
    """The bytes of the files of a folder; none where it is not there."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # gone between the listing and the look
            total += path.lstat().st_size if path.is_file() else 0
    return total


def check_clock(today: date, known: date | None, *, shown: str) -> None:
    """Refuse to write a day that is before one that is written already; ``shown`` says of what.

    Raises BilanError: a clock that was set back would put what is new before what is old, and let what is
    kept go too early.
    """
    if known is not None and today < known:
        raise BilanError(
            f"L'horloge de ce poste dit {long_date(today)}, et {shown} est du {long_date(known)} : rien "
            "n'est changé. Mettez-la à l'heure, puis relancez la commande."
        )


def _no_room(place: Path | None) -> str:
    return f"il n'y a plus de place sur le disque ({_free(place)}) ; libérez-en"


def _free(place: Path | None) -> str:
    """How much room is left on the disk of a place, that need not be there yet."""
    known = place or Path(tempfile.gettempdir())
    for folder in (known, *known.parents):
        with suppress(OSError):
            return f"{shutil.disk_usage(folder).free // _MEGA} Mo libres"
    return "0 Mo libres"


def _megas(count: int) -> str:
    """A number of bytes, in millions rounded up.

    >>> _megas(0), _megas(1), _megas(12_300_000)
    ('0 Mo', '1 Mo', '13 Mo')
    """
    return f"{-(-count // _MEGA)} Mo"


def _shown(place: Path | None) -> str:
    return f"« {place} »" if place is not None else f"Un fichier de travail de « {tempfile.gettempdir()} »"


def _account() -> str:
    """The name of the account that runs, its number where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else "courant"
