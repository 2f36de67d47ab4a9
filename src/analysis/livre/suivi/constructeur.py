"""Builds asked one after the other of a process that has imported everything, and knows what it made."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from analysis.livre.suivi.surveillance import is_code
from analysis.noyau.paths import Project
from analysis.stations.modules import package_root

_READY: Final = """\
from analysis import cli
from analysis.livre.suivi.repetition import construire_a_la_demande
from analysis.noyau.paths import Project
construire_a_la_demande(Project.here(), cli.main)
"""
"""What the process runs: `bilan build` each time that it is asked for, until nobody is left to ask."""

ENDED: Final = "\x1eterminé "
"""What begins the line of the standard error that ends what a build says; its exit status follows."""

_LARGEST: Final = 0.25
"""The share of the machine's memory above which the process that builds gives place to a new one: what it
knows of its last builds, the layout of the book above all, is given back."""

_PATIENCE: Final = 10.0
"""Seconds that a build has to end once it is told to."""

_FRAME: Final = re.compile(r'^ *File "(.+)", line (\d+)', re.MULTILINE)


class Constructeur:
    """Who builds a project when asked: one build at a time, each in a process that is ready, the same one for
    as long as its code is today's, it lives and it is not too large. None is left at the end.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._process = self._started()

    def __enter__(self) -> Constructeur:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def build(self, changed: Collection[Path] = ()) -> tuple[str, ...]:
        """Build after these files changed; what is to be mended, a sentence each, none when all is good.

        What the build says goes to the terminal meanwhile.
        """
        if any(is_code(path) for path in changed):
            self._replace()
        said, status = self._asked()
        if self._process.poll() is not None or _is_large(self._process.pid):
            self._replace()
        return () if status == 0 else told(said, status)

    def _asked(self) -> tuple[str, int]:
        """What the build says on its standard error, and its exit status; that of a process that died."""
        stdin, stderr = self._process.stdin, self._process.stderr
        assert stdin is not None and stderr is not None
        with suppress(OSError):  # where it could not import the code, it says why
            stdin.write("construire\n")
            stdin.flush()
        lines: list[str] = []
        for line in stderr:
            if line.startswith(ENDED):
                return "".join(lines), int(line.removeprefix(ENDED))
            sys.stderr.write(line)
            sys.stderr.flush()
            lines.append(line)
        return "".join(lines), self._process.wait()

    def _replace(self) -> None:
        self._end()
        self._process = self._started()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", _READY],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "BILAN_RACINE": str(self._project.root), "PYTHONIOENCODING": "utf-8"},
            start_new_session=True,  # Ctrl-C reaches it through this process alone
        )

    def _end(self) -> None:
        process = self._process
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stderr):
            if stream is not None:
                with suppress(OSError):  # what was to be told to it is lost with it
                    stream.close()


def _is_large(pid: int) -> bool:
    try:
        return psutil.Process(pid).memory_info().rss > _LARGEST * psutil.virtual_memory().total
    except psutil.Error:  # it has just ended
        return False


def told(said: str, status: int) -> tuple[str, ...]:
    r"""The sentences of a build that failed; of a trace of Python, where in our code, and its last line.

    >>> told("ÉCHEC val : cellule 3 : NameError, x\n", 1)
    ('ÉCHEC val : cellule 3 : NameError, x',)
    >>> trace = 'Traceback (most recent call last):\n  File "/x/a.py", line 3\n    x =\nSyntaxError: invalid'
    >>> told(trace, 1)
    ('Le code ne peut être exécuté : a.py, ligne 3 : SyntaxError: invalid',)
    >>> told("", -9)
    ("La construction s'est arrêtée sans rien dire (code -9).",)
    """
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    if not lines:
        return (f"La construction s'est arrêtée sans rien dire (code {status}).",)
    if "Traceback (most recent call last):" not in said:
        return tuple(lines)
    frames = _FRAME.findall(said)
    ours = [frame for frame in frames if is_code(Path(frame[0]))] or frames
    where = "".join(f"{_shown(name)}, ligne {line} : " for name, line in ours[-1:])
    return (f"Le code ne peut être exécuté : {where}{lines[-1]}",)


def _shown(name: str) -> str:
    path = Path(name)
    return path.relative_to(package_root().parent).as_posix() if is_code(path) else path.name
