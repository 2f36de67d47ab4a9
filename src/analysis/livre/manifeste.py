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
from analysis.depot.formes.cle import CLE_DEMONSTRATION, Cle, key_path, load_key
from analysis.depot.garde.ledger import Ledger
from analysis.livre.imprime.mise_en_page import compiler_version
from analysis.noyau.files.etat import Etat
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.secret.audit.decisions import decisions_csv
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
    """A deposit in force: its territory, its day, a keyed digest of each of its files.

    A plain one would tell a file of a few answers to who tries them all; none where the key is not here.
    """

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

    ``decisions`` counts the measures that are published, rounded, withheld: a count by rule would narrow them
    down. ``registre_des_publications`` is the SHA-256 of the list of these decisions, one row a measure.
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
        outils=outils(),
        depots=tuple(_deposits(project, register)),
        chapitres=tuple(
            ChapitreExecute(j.chapter.code, j.chapter.notebook, j.chapter.parameters, j.fingerprint)
            for j in jobs
        ),
        sans=tuple(without),
        decisions=dict(sorted(Counter(map(_decided, mesures)).items())),
        registre_des_publications=_sha256(decisions_csv(mesures).encode("utf-8")),
    )


def outils() -> dict[str, str]:
    """The version of each package that makes what a reader sees."""
    return {name: version(name) for name in TOOLS} | {"typst": compiler_version()}


def _decided(released: Released[Mesure]) -> str:
    """What became of a measure, as the colophon says it."""
    if released.content.etat == "masquee":
        return "retenues"
    return "arrondies" if released.is_rounded else "montrées"


def _deposits(project: Project, register: Register) -> list[Depot]:
    ledger = Ledger(project)
    found = [(t.code, ledger.in_force(t.code)) for t in register.territoires]
    cle = _key(project)
    return [
        Depot(
            code,
            str(recu.recu_le),
            tuple(sorted(cle.empreinte(code)(f.sha256) for f in recu.fichiers)) if cle else (),
        )
        for code, recu in found
        if recu is not None
    ]


def _key(project: Project) -> Cle | None:
    """The key of the deposits, None where it is not kept on this machine: none is made for a digest."""
    if project.nature == "demonstration":
        return CLE_DEMONSTRATION
    return load_key(()) if key_path().exists() else None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
