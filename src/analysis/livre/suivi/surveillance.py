"""What people write, watched: a change of it is told once they have stopped writing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from watchfiles import watch

from analysis.noyau.paths import Project
from analysis.stations.modules import package_root
from analysis.stations.whole import APART, RECEIVED

_CALM_MS: Final = 80
"""Milliseconds without a change after which what changed is taken together: an editor writes a file in two
or three steps."""

_LONGEST_MS: Final = 1_500
_FIRST_MS: Final = 50

_PASSING: Final = re.compile(
    r"\..*"  # hidden: JupyterLab's checkpoints and half-written notebooks, vim's copies, LibreOffice's locks
    r"|__pycache__|.*\.py[cod]"
    r"|.*~|~\$.*|#.*#|.*\.sw[a-z]|4913|.*\.(tmp|temp|bak|part|crswap)|.*___jb_(tmp|old)___",
    re.IGNORECASE,
)
"""The names of what programs write for themselves beside what people write."""


def watched(project: Project) -> list[Path]:
    """The folders under which something that a build reads may change, those that are there."""
    folders = [project.checkout / "data", project.data, project.notebooks, project.methods, package_root()]
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]


def is_written(project: Project, path: Path) -> bool:
    """Whether a build may read the file of that path, there or gone: not what is computed, confidential
    before it is received, or of a program's own."""
    root = next((folder for folder in _roots(project) if path.is_relative_to(folder)), None)
    if root is None:
        return False
    parts = path.relative_to(root).parts
    if any(_PASSING.fullmatch(part) for part in parts):
        return False
    is_data = root in (project.data, project.checkout / "data")
    return not (is_data and parts and parts[0] in APART)


def is_code(path: Path) -> bool:
    """Whether a process that imported the package before that change has something old."""
    return path.is_relative_to(package_root())


def changes(project: Project) -> Iterator[frozenset[Path]]:
    """First nothing, once the watch has begun; then the files that changed, each time that some did.

    What changes while the caller is busy comes together afterwards. Ctrl-C raises KeyboardInterrupt.
    """
    is_first = True
    for found in watch(
        *watched(project),
        watch_filter=lambda _kind, path: is_written(project, Path(path)),
        debounce=_LONGEST_MS,
        step=_CALM_MS,
        rust_timeout=_FIRST_MS,
        yield_on_timeout=True,
    ):
        if found or is_first:
            yield frozenset(Path(path) for _, path in found)
        is_first = False


def _roots(project: Project) -> list[Path]:
    """Where what is read stands, the narrower first."""
    received = [project.depots / name for name in RECEIVED]
    return [*received, *watched(project)]
