"""Where things stand: the only place that knows a folder of the project."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Nature = Literal["reel", "demonstration"]
"""A bilan is of real territories or of invented ones; nothing is ever added across."""


@dataclass(frozen=True)
class Project:
    """The folders of one bilan: written (data, notebooks), computed (runs) and published (outputs).

    The demonstration is a bilan of its own, whole in ``outputs/demonstration`` of the real one.
    """

    root: Path
    nature: Nature = "reel"

    @classmethod
    def here(cls) -> Project:
        """The checkout named by ``BILAN_RACINE``, else the one this package stands in.

        Where that names the demonstration of a checkout, it is the bilan of the invented territories.
        """
        root = Path(os.environ.get("BILAN_RACINE") or Path(__file__).resolve().parents[3])
        is_invented = root.parts[-2:] == ("outputs", "demonstration")
        return cls(root, "demonstration" if is_invented else "reel")

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
    def depenses_passives(self) -> Path:
        """Declared tables of the study of passive expenditure, the same for the demonstration."""
        return self.checkout / "data" / "depenses_passives"

    @property
    def impact(self) -> Path:
        """The protocol of the impact study and its accepted results: of the real territories alone."""
        return self.data / "impact"

    @property
    def habilitation(self) -> Path:
        """The law of the habilitation as it was read, the same for the demonstration."""
        return self.checkout / "data" / "habilitation"

    @property
    def territoires_suivis(self) -> Path:
        """Which territories are followed, what is read of them, the rules of their alerts, their silences."""
        return self.data / "territoires_suivis"

    @property
    def candidats(self) -> Path:
        """The dossiers of the candidates: confidential, never in git."""
        return self.depots / "candidats"

    @property
    def depots(self) -> Path:
        """What the territories send and what is kept of it: confidential, never in git."""
        return self.data / "depot"

    @property
    def prive(self) -> Path:
        """What is made of the deposits for a few eyes: previews, exports of the atelier. Confidential."""
        return self.depots / "prive"

    @property
    def relectures(self) -> Path:
        """What the reviewers of the chapters wrote, and the versions that they read. Confidential."""
        return self.depots / "relectures"

    @property
    def individus(self) -> Path:
        """The comparison file of individuals, where one was supplied. Confidential."""
        return self.depots / "individus"

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
    def stations(self) -> Path:
        """What each station of the flow made last, and of what: nothing that the gate withholds."""
        return self.runs / "stations"

    @property
    def stations_privees(self) -> Path:
        """The same before the gate: confidential, and gone with any erasure."""
        return self.prive / "stations"

    @property
    def outputs(self) -> Path:
        return self.root / "outputs" if self.nature == "reel" else self.root

    @property
    def html(self) -> Path:
        return self.outputs / "html"

    @property
    def pdf(self) -> Path:
        return self.outputs / "pdf"

    @property
    def methods(self) -> Path:
        """The method pages, in French: annexes of the book."""
        return self.root / "docs" / "methods"

    @property
    def editions(self) -> Path:
        """What each edition published, kept for the next one: text and cells, never files."""
        return self.data / "editions"

    @property
    def sealed(self) -> Path:
        """The editions themselves, each whole in its folder."""
        return self.outputs / "editions"

    @property
    def demonstration(self) -> Project:
        """The bilan of invented territories that is built beside this one."""
        return Project(self.outputs / "demonstration", "demonstration")

    @property
    def checkout(self) -> Path:
        """Where what people wrote stands: a demonstration is made of the files of the real bilan."""
        return self.root if self.nature == "reel" else self.root.parents[1]

    @property
    def lock(self) -> Path:
        return self.root / "requirements.lock"

    def shown(self, path: Path) -> str:
        """A path as a message shows it: from the project's root, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name
