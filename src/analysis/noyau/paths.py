"""Where things stand: the only place that knows a folder of the project."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """The folders of one checkout: written (data, notebooks), computed (runs) and published (outputs)."""

    root: Path

    @classmethod
    def here(cls) -> Project:
        """The checkout named by ``BILAN_RACINE``, else the one this package stands in."""
        return cls(Path(os.environ.get("BILAN_RACINE") or Path(__file__).resolve().parents[3]))

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def dictionary(self) -> Path:
        return self.data / "dictionary"

    @property
    def published(self) -> Path:
        return self.data / "published"

    @property
    def depots(self) -> Path:
        """What the territories send and what is kept of it: confidential, never in git."""
        return self.data / "depot"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def texts(self) -> Path:
        return self.notebooks / "textes"

    @property
    def runs(self) -> Path:
        return self.root / "papermill_runs"

    @property
    def html(self) -> Path:
        return self.root / "outputs" / "html"

    @property
    def pdf(self) -> Path:
        return self.root / "outputs" / "pdf"

    @property
    def lock(self) -> Path:
        return self.root / "requirements.lock"

    def shown(self, path: Path) -> str:
        """A path as a message shows it: from the project's root, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name
