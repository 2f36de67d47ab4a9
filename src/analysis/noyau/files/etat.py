"""The state of what people wrote: the commit that a build comes from, and its day."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime

from analysis.noyau.paths import Project

WRITTEN = ("data", "docs", "notebooks", "src", "requirements.lock", "pyproject.toml")
"""What a build is made of, from the root."""

NO_DAY = date(2016, 2, 29)
"""What a file that must carry a date carries where none is established: the day of the law."""


EDITION = re.compile(r"\d{4}-[1-9]\d?")
"""An edition is named after its year and its rank in it."""


def past_labels(project: Project) -> list[str]:
    """The labels of the editions that were published, oldest first."""
    found = [path.name for path in project.editions.glob("*") if EDITION.fullmatch(path.name)]
    return sorted(found, key=lambda label: tuple(map(int, label.split("-"))))


@dataclass(frozen=True)
class Etat:
    """The commit of a build (empty outside git), its day, and whether files changed since."""

    commit: str
    jour: date | None
    is_modified: bool


def etat(project: Project) -> Etat:
    """The state of a project's written files; those of a demonstration are the checkout's.

    The day is that of the commit, so that two builds of the same files say the same, or the day of
    ``SOURCE_DATE_EPOCH`` (seconds since 1970); None outside git. What an edition writes in
    ``data/editions`` is not what people write.
    """
    commit, _, when = _git(project, "log", "-1", "--format=%H %cs").partition(" ")
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    day = date.fromisoformat(when) if when else None
    if epoch:
        day = datetime.fromtimestamp(int(epoch), tz=UTC).date()
    changed = _git(project, "status", "--porcelain", "--", *WRITTEN, ":(exclude)data/editions")
    return Etat(commit, day, bool(changed))


def _git(project: Project, *arguments: str) -> str:
    """What git answers in the project's folder; empty where there is no git or no repository."""
    command = ["git", "-C", str(project.checkout), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()
