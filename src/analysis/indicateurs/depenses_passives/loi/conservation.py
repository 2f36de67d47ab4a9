"""Case types that were simulated are kept, by the content of their case and of the legislation."""

from __future__ import annotations

import hashlib
import inspect
import json
import lzma
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from importlib import metadata
from io import StringIO
from pathlib import Path

import pandas as pd
from platformdirs import user_cache_path

from analysis.indicateurs.depenses_passives.loi import cas_types, corrections, legislation
from analysis.indicateurs.depenses_passives.loi.cas_types import CasType
from analysis.indicateurs.depenses_passives.loi.legislation import simuler
from analysis.indicateurs.depenses_passives.resultats import ExceptionDeclaree
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.french import counted

LOT = 2000
"""Case types simulated at once: more would ask for memory, fewer for time. A lot that is done is kept."""


def signature(exceptions: Iterable[ExceptionDeclaree]) -> str:
    """The checksum of what amounts depend on beside the case: versions, exceptions, and how the model is
    asked."""
    parts = [json.dumps(asdict(e), sort_keys=True) for e in exceptions]
    parts += [f"{name} {metadata.version(name)}" for name in ("openfisca-core", "openfisca-france")]
    parts += [inspect.getsource(module) for module in (cas_types, corrections, legislation)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def folder() -> Path:
    """Where they are kept, for all the copies of the project on one machine."""
    return user_cache_path("bilan-tzcld")


def montants(
    cas: Sequence[CasType],
    exceptions: Sequence[ExceptionDeclaree],
    *,
    progress: Callable[[str], None] = lambda _: None,
    store: Path | None = None,
    fournis: Path | None = None,
) -> pd.DataFrame:
    """:func:`legislation.simuler`, for the cases that are not kept yet; the others are read.

    ``fournis`` is a file of cases that :func:`fournir` wrote: those of another legislation are not taken.

    A kept case that cannot be read is simulated again, and so are all of them where the store itself cannot
    be read or written: the work then goes on without it, and says so. ``store`` is the folder they are kept
    in, that of the machine unless it is given.
    """
    sign = signature(exceptions)
    distinct = {c.situation_key(): c for c in cas}
    store = store or folder()
    found = _fournis(fournis, sign, distinct) if fournis else {}
    found |= _read(store, sign, [key for key in distinct if key not in found], progress)
    missing = [c for key, c in distinct.items() if key not in found]
    if missing:
        simulated = counted(len(missing), "cas type", "cas types")
        progress(f"{simulated} à simuler, {counted(len(found), 'déjà conservé', 'déjà conservés')}")
    for start in range(0, len(missing), LOT):
        some = simuler(missing[start : start + LOT], exceptions, progress=progress)
        made = {str(key): rows for key, rows in some.groupby("cas")}
        _write(store, sign, made, progress)
        found |= made
    tables = [found[key] for key in sorted(found)]
    return pd.concat(tables, ignore_index=True) if tables else simuler([], exceptions)


def fournir(path: Path, cas: Sequence[CasType], exceptions: Sequence[ExceptionDeclaree]) -> None:
    """Write the amounts of these cases in a file that goes with the project: who clones it simulates none.

    Its first line is the signature of the legislation that they are of, then one row as
    :func:`legislation.simuler` gives them.
    """
    table = montants(cas, exceptions).to_csv(index=False, lineterminator="\n")
    write_whole(path, lzma.compress(f"{signature(exceptions)}\n{table}".encode(), preset=9))


def _fournis(path: Path, sign: str, keys: Iterable[str]) -> dict[str, pd.DataFrame]:
    """What a file supplies of these cases: nothing where it is absent, damaged or of another legislation."""
    wanted = set(keys)
    try:
        head, _, text = lzma.decompress(path.read_bytes()).decode().partition("\n")
        found = _parsed(text) if head == sign else {}
    except (OSError, lzma.LZMAError, ValueError):
        return {}
    return {key: rows for key, rows in found.items() if key in wanted}


def _connect(store: Path) -> sqlite3.Connection:
    store.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(store / "cas_types.sqlite", timeout=60)
    connection.execute(
        "CREATE TABLE IF NOT EXISTS cas "
        "(signature TEXT, cas TEXT, montants BLOB, PRIMARY KEY (signature, cas))"
    )
    return connection


Progress = Callable[[str], None]

_UNUSABLE = (OSError, sqlite3.Error)
"""A store on a disk without rights or room, or that is no store."""


def _without(store: Path, error: Exception, progress: Progress) -> None:
    progress(f"cas types non conservés : « {store} » est inutilisable ({error}) ; effacez ce dossier")


def _read(store: Path, sign: str, keys: Iterable[str], progress: Progress) -> dict[str, pd.DataFrame]:
    try:
        return _kept(store, sign, keys)
    except _UNUSABLE as error:
        _without(store, error, progress)
        return {}


def _kept(store: Path, sign: str, keys: Iterable[str]) -> dict[str, pd.DataFrame]:
    texts = {}
    with closing(_connect(store)) as connection:
        for key in keys:
            row = connection.execute(
                "SELECT montants FROM cas WHERE signature = ? AND cas = ?", (sign, key)
            ).fetchone()
            if row and (text := _unpacked(row[0])):
                texts[key] = text
    return _tables(texts)


def _write(store: Path, sign: str, made: dict[str, pd.DataFrame], progress: Progress) -> None:
    rows = [(sign, key, zlib.compress(table.to_csv(index=False).encode())) for key, table in made.items()]
    try:
        with closing(_connect(store)) as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO cas VALUES (?, ?, ?)", rows)
    except _UNUSABLE as error:
        _without(store, error, progress)


def _unpacked(content: bytes) -> str:
    """The text of a kept table, empty where it is damaged."""
    try:
        return zlib.decompress(content).decode()
    except (zlib.error, UnicodeDecodeError):
        return ""


def _tables(texts: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """The kept tables, which have one header: those that cannot be read are left out."""
    heads = Counter(text.partition("\n")[0] for text in texts.values())
    if not heads:
        return {}
    head = heads.most_common(1)[0][0]
    bodies = [text.partition("\n")[2] for text in texts.values() if text.startswith(f"{head}\n")]
    try:
        return _parsed("\n".join([head, "".join(bodies)]))
    except ValueError:
        return {}


def _parsed(text: str) -> dict[str, pd.DataFrame]:
    """The rows of each case of a table; raises ValueError where it is none."""
    read = pd.read_csv(StringIO(text), dtype={"cas": str, "situation": str, "mois": str})
    return {str(key): rows for key, rows in read.groupby("cas")}
