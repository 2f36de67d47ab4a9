"""Builds asked one after the other, each in a process of its own that has imported everything beforehand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

from analysis.livre.suivi.surveillance import is_code
from analysis.noyau.paths import Project
from analysis.stations.modules import package_root

_READY: Final = """\
import sys
from analysis import cli
from analysis.livre.suivi.repetition import repeter
from analysis.noyau.paths import Project
repeter(Project.here())
asked = sys.stdin.readline()
sys.exit(cli.main(["build"]) if asked else 0)
"""
"""What the process runs: what every build begins by, then `bilan build` once it is asked for; nothing where
nobody is left to ask."""

_PATIENCE: Final = 10.0
"""Seconds that a build has to end once it is told to."""

_FRAME: Final = re.compile(r'^ *File "(.+)", line (\d+)', re.MULTILINE)


class Constructeur:
    """Who builds a project when asked: one build at a time, the next process getting ready meanwhile.

    A process that imported a module which changed since then is replaced. None is left at the end.
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
            self._end()
            self._process = self._started()
        said = self._asked()
        status = self._process.wait()
        self._end()
        self._process = self._started()
        return () if status == 0 else told(said, status)

    def _asked(self) -> str:
        """What the build says on its standard error, to the end."""
        stdin, stderr = self._process.stdin, self._process.stderr
        assert stdin is not None and stderr is not None
        with suppress(OSError):  # where it could not import the code, it says why
            stdin.write("construire\n")
            stdin.close()
        lines = []
        for line in stderr:
            sys.stderr.write(line)
            sys.stderr.flush()
            lines.append(line)
        return "".join(lines)

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
