"""What a build is made of: commit, lock, deposits, parameters, releases, tools; shown in the colophon."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version

from analysis.chapitres.jobs import Job
from analysis.depot.garde.ledger import Ledger
from analysis.livre.imprime.mise_en_page import compiler_version
from analysis.noyau.files.etat import Etat
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.secret.decisions import decisions_csv
from analysis.secret.release import Released
from analysis.sources.register import Register

TOOLS = (
    "jupyterlab",
    "papermill",
    "nbconvert",
    "pandas",
    "statsmodels",
    "matplotlib",
    "seaborn",
    "fec-parser",
    "typst",
    "xlsxwriter",
)
"""The packages that make what a reader sees; of Typst, the compiler in its package, numbered on its own."""


@dataclass(frozen=True)
class Depot:
    """A deposit in force: its territory, its day, the SHA-256 of its files, whose names may tell too much."""

    territoire: str
    recu_le: str
    fichiers: tuple[str, ...]


@dataclass(frozen=True)
class ChapitreExecute:
    """What a chapter was made of: notebook, parameters, and the checksum of all it depends on."""

    code: str
    carnet: str
    parametres: dict[str, str]
    empreinte: str


@dataclass(frozen=True)
class Manifeste:
    """All that tells two builds apart; the same inputs give the same manifest.

    ``decisions`` counts the measures by rule of the gate; ``registre_des_publications`` is the SHA-256 of the
    list of these decisions, one row a measure.
    """

    commit: str
    jour: str
    modifie: bool
    verrou: str
    python: str
    outils: dict[str, str]
    depots: tuple[Depot, ...]
    chapitres: tuple[ChapitreExecute, ...]
    sans: tuple[str, ...]
    decisions: dict[str, int]
    registre_des_publications: str

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def manifeste(
    project: Project,
    register: Register,
    state: Etat,
    *,
    jobs: Sequence[Job],
    mesures: Sequence[Released[Mesure]],
    without: Sequence[str] = (),
) -> Manifeste:
    """The manifest of a build of these jobs, and of what it leaves out by name."""
    return Manifeste(
        commit=state.commit,
        jour=state.jour.isoformat() if state.jour else "",
        modifie=state.is_modified,
        verrou=_sha256(project.lock.read_bytes()),
        python=platform.python_version(),
        outils={name: version(name) for name in TOOLS} | {"typst": compiler_version()},
        depots=tuple(_deposits(project, register)),
        chapitres=tuple(
            ChapitreExecute(j.chapter.code, j.chapter.notebook, j.chapter.parameters, j.fingerprint)
            for j in jobs
        ),
        sans=tuple(without),
        decisions=dict(sorted(Counter(released.rule for released in mesures).items())),
        registre_des_publications=_sha256(decisions_csv(mesures).encode("utf-8")),
    )


def _deposits(project: Project, register: Register) -> list[Depot]:
    ledger = Ledger(project)
    found = [(t.code, ledger.in_force(t.code)) for t in register.territoires]
    return [
        Depot(code, str(recu.recu_le), tuple(sorted(f.sha256 for f in recu.fichiers)))
        for code, recu in found
        if recu is not None
    ]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
