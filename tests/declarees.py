"""What the repository's own dictionary declares: read once a process, however many files of tests ask for it."""

from __future__ import annotations

from typing import Final

from analysis.noyau.definitions import load_definitions
from analysis.noyau.mesures import Definitions
from analysis.noyau.paths import Project

DEFINITIONS: Final[Definitions] = load_definitions(Project.here())
