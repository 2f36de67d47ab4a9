"""Chapters run by the workers of a Dask scheduler: bytes go, bytes come back, and no disk is shared.

What goes is a task: a notebook, its parameters and a released bundle. Deposits, measures and the checks
before the book stay here. A ``tls://`` address takes its certificates from Dask's own settings.
"""

from __future__ import annotations

import asyncio
import hashlib
import platform
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Final

import analysis
from analysis.chapitres.engine import Task, Workers, best
from analysis.noyau.errors import BilanError
from analysis.noyau.files.scratch import temporary
from analysis.noyau.paths import Project

if TYPE_CHECKING:
    from distributed import Client, Future

_PATIENCE: Final = 60.0
"""Seconds that one waits for a worker where there is none."""

_LOOK: Final = 5.0
_ADDRESS: Final = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[^/\s:\[\]]+):\d{1,5}")
_NAMED: Final = 12
"""Characters of a digest that are told."""


@dataclass(frozen=True)
class Copy:
    """The project as a machine has it: Python, the digests of its lock and modules, what is installed."""

    python: str
    lock: str
    modules: str
    installed: tuple[tuple[str, str], ...]

    def against(self, other: Copy, where: str) -> str:
        """How another machine's copy differs, in a French sentence; empty where it does not."""
        told = [
            f"{name} {theirs} là, {ours} ici"
            for name, theirs, ours in (
                ("Python", other.python, self.python),
                ("verrou", other.lock[:_NAMED], self.lock[:_NAMED]),
                ("modules", other.modules[:_NAMED], self.modules[:_NAMED]),
            )
            if theirs != ours
        ]
        here, there = dict(self.installed), dict(other.installed)
        told += [
            f"{name} {there[name]} là, {here[name]} ici"
            for name in sorted(here.keys() & there.keys())  # a system may need what another does not
            if here[name] != there[name]
        ][:3]
        return f"{where} : {' ; '.join(told)}." if told else ""


@cache
def copy_here() -> Copy:
    """The copy of this process."""
    lock = Project.here().lock.read_text(encoding="utf-8")
    locked = {line.partition("==")[0] for line in lock.splitlines() if "==" in line}
    return Copy(
        python=".".join(platform.python_version_tuple()[:2]),
        lock=hashlib.sha256(lock.encode()).hexdigest(),
        modules=_modules(),
        installed=tuple(sorted((d.name, d.version) for d in distributions() if d.name.lower() in locked)),
    )


def _modules() -> str:
    folder, digest = Path(analysis.__file__).parent, hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if "__pycache__" not in path.parts:
            content = path.read_bytes().replace(b"\r\n", b"\n")  # as git writes it on Windows
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def executed(task: Task, asked: Copy) -> bytes:
    """On a worker: the executed notebook. Raises BilanError where its copy is not the one that asks."""
    if told := asked.against(copy_here(), f"Travailleur {platform.node()}"):
        raise BilanError(told)
    with temporary() as folder:
        return best()(task, folder)


@contextmanager
def on(address: str) -> Iterator[Workers]:
    """The workers of the scheduler at an address such as ``tcp://10.0.0.5:8786``, while it is used.

    Raises BilanError for what is no address, when Dask is not installed, when nobody answers or something
    else than a scheduler, when there is no worker, and when the copy of one is not this one: both are named.
    """
    if not _ADDRESS.fullmatch(address):
        raise BilanError(
            f"« {address} » n'est pas l'adresse d'un ordonnanceur Dask : attendu tcp:// ou tls://, la "
            "machine, deux-points et le port, comme tcp://10.0.0.5:8786 (docs/cluster.md)."
        )
    try:
        from distributed import Client
    except ImportError:
        raise BilanError("Dask n'est pas installé : « pip install 'bilan-tzcld[cluster]' ».") from None
    try:
        asyncio.run(_greet(address))
        client = Client(address, timeout=_PATIENCE / 2, set_as_default=False)
    except (OSError, ValueError, TypeError, MemoryError):  # a web server's words are read as a length
        raise BilanError(
            f"L'ordonnanceur {address} ne répond pas, ou autre chose que Dask y répond. Vérifiez l'adresse "
            "et le port, et que « dask scheduler » y tourne (docs/cluster.md)."
        ) from None
    with client:
        _check(client, address)
        ours = copy_here()

        def way(task: Task, _folder: Path) -> bytes:
            return _result(client, client.submit(executed, task, ours, pure=False))

        yield Workers(way, sum(client.nthreads().values()))


async def _greet(address: str) -> None:
    """Exchange Dask's first words: a client that fails at them is closed when it is collected, and waits."""
    from distributed import Security
    from distributed.comm import connect

    comm = await connect(address, timeout=_PATIENCE / 2, **Security().get_connection_args("client"))
    await comm.close()


def _check(client: Client, address: str) -> None:
    """Refuse a scheduler without workers, and workers whose copy of the project is another."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError:
        raise BilanError(
            f"L'ordonnanceur {address} n'a aucun travailleur : lancez « dask worker »."
        ) from None
    found = client.run(copy_here, on_error="return")
    told = [
        copy_here().against(copy, f"Travailleur {worker}")
        if isinstance(copy, Copy)
        else f"Travailleur {worker} : le projet n'y est pas ({copy})."
        for worker, copy in sorted(found.items())
    ]
    if any(told):
        raise BilanError(
            "\n".join(filter(None, told))
            + "\nMettez-y la même copie du projet, puis relancez-y « python3 setup_env.py »."
        )


def _result(client: Client, future: Future) -> bytes:
    """What a task gives. A lost worker's task runs again on another; raises BilanError when none is left."""
    alone_since: float | None = None
    while True:
        try:
            return bytes(future.result(timeout=_LOOK))
        except TimeoutError:
            alone_since = None if client.nthreads() else alone_since or time.monotonic()
            if alone_since is not None and time.monotonic() - alone_since > _PATIENCE:
                future.cancel()
                raise BilanError("Il ne reste aucun travailleur depuis une minute.") from None
