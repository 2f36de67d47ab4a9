"""What a chapter is made of, and whether its copy is made of that: what must run, what must only be composed
anew."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import nbformat

from analysis.chapitres.catalogue import Chapter
from analysis.chapitres.composition import ecrits
from analysis.chapitres.parametres import check_parameters
from analysis.noyau.carnets import clean
from analysis.noyau.errors import BilanError
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.paths import Project
from analysis.secret.bundle import Bundle
from analysis.secret.lectures import dite, relues
from analysis.stations.modules import Modules, modules_of
from analysis.stations.store import DAMAGED, NEVER, RULE, RULE_CHANGED, changed, sha256, told

ATELIER: Final = ("analysis.chapitres.banc.sur_place", "analysis.chapitres.banc.export")
"""What a notebook imports for JupyterLab alone: the batch never runs it."""

COMPOSITION: Final = ("analysis.chapitres.composition", "analysis.chapitres.check")
"""What makes a chapter of an executed notebook, or refuses it."""

WORDS: Final = {
    "texte": "le texte du territoire",
    "dernier-mot": "le dernier mot des dix lignes",
    "verdicts": "les verdicts",
    "parole": "les remarques sur le chapitre",
    "qui-a-parle": "les remarques sur les chapitres",
    "desaccords": "les désaccords qui demeurent",
    "changements": "ce que les remarques ont changé",
}
"""What people wrote, by the names of its marks, as a sentence calls it."""

FAILED: Final = "sa dernière exécution a échoué"


@dataclass(frozen=True)
class Job:
    """All that a chapter is made of: its notebook, its parameters and its released bundle, as bytes.

    ``code`` are the fingerprints of what else runs (its cells of code, the modules that they import, the
    lock) by their names in a sentence, ``prose`` those of what is composed around the results; ``depots``
    those of every territory's deposit: one of them may have moved what is withheld of another.
    """

    chapter: Chapter
    notebook: bytes
    bundle: bytes
    code: Mapping[str, str] = field(default_factory=dict)
    prose: Mapping[str, str] = field(default_factory=dict)
    depots: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of all that the copy is made of."""
        parts = {**self.code, **self.prose, "paquet": sha256(self.bundle)}
        return sha256(json.dumps(parts, sort_keys=True).encode())


@dataclass(frozen=True)
class Manifest:
    """Beside each executed notebook: what it was made of and when, and the SHA-256 of the copy.

    ``execution`` is that of the notebook as it was executed; ``lectures`` are the answers of the bundle to
    what the chapter read of it, ``ecrits`` what people wrote that was put in afterwards, ``cellules`` the
    seconds that each cell took. What is empty was not noted in its day.
    """

    code: str
    executed_at: str
    fingerprint: str
    copie: str = ""
    execution: str = ""
    rule: int = 0
    of_code: dict[str, str] = field(default_factory=dict)
    of_prose: dict[str, str] = field(default_factory=dict)
    paquet: str = ""
    lectures: dict[str, str] = field(default_factory=dict)
    ecrits: dict[str, str] = field(default_factory=dict)
    depots: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    cellules: tuple[float, ...] = ()


@dataclass(frozen=True)
class Freshness:
    """Why a chapter must be run, or its copy only composed anew, as clauses in French; both empty for a good
    copy."""

    to_run: str = ""
    to_compose: str = ""

    @property
    def is_fresh(self) -> bool:
        return not (self.to_run or self.to_compose)

    @property
    def reason(self) -> str:
        return self.to_run or self.to_compose


def plan(
    project: Project,
    chapters: Sequence[Chapter],
    bundles: Mapping[str, bytes],
    *,
    depots: Mapping[str, str] | None = None,
) -> list[Job]:
    """The jobs of these chapters; raises BilanError before anything runs.

    Refused: a notebook that is missing or is none, or that does not declare a parameter of its chapter.
    """
    modules = modules_of(project)
    read: dict[str, tuple[bytes, dict[str, str], dict[str, str]]] = {}
    jobs = []
    for chapter in chapters:
        path = project.notebooks / chapter.notebook
        shown = project.shown(path)
        check_parameters(read_notebook(path, shown=shown), chapter, shown=shown)
        if chapter.notebook not in read:
            content = path.read_bytes()
            read[chapter.notebook] = (content, *_made_of(project, modules, chapter.notebook, content))
        content, code, prose = read[chapter.notebook]
        given = {"les paramètres": sha256(json.dumps(chapter.parameters).encode())}
        jobs.append(Job(chapter, content, bundles[chapter.code], code | given, prose, depots or {}))
    return jobs


def freshness(project: Project, job: Job) -> Freshness:
    """Whether the copy of a chapter is what its job would give, and if not why."""
    code = job.chapter.code
    manifest = read_manifest(project, code)
    if (project.runs / f"{code}.echec.ipynb").exists():
        return Freshness(FAILED)
    if manifest is None:
        return Freshness(NEVER)
    if manifest.rule != RULE:
        return Freshness(RULE_CHANGED)
    if not _is_whole(executed_path(project, code), manifest.execution):
        return Freshness(DAMAGED)
    if names := changed(manifest.of_code, job.code):
        return Freshness(told(names))
    is_other = sha256(job.bundle) != manifest.paquet
    if is_other and (why := _other_readings(manifest, job)):
        return Freshness(why)
    if not _is_whole(copy_path(project, code), manifest.copie):
        return Freshness(to_compose=DAMAGED)
    of_prose = changed(manifest.of_prose, job.prose)
    of_words = changed(manifest.ecrits, written_pieces(job.bundle, manifest.ecrits)) if is_other else []
    return Freshness(to_compose=told([*of_prose, *map(WORDS.__getitem__, of_words)]))


def last_good(project: Project, code: str) -> tuple[Path, Manifest] | None:
    """The last good copy of a chapter with its manifest, None where there is none or where it was cut."""
    manifest, path = read_manifest(project, code), copy_path(project, code)
    if manifest is None or not (_is_whole(path, manifest.copie) or _can_be_read(path)):
        return None
    return path, manifest


def is_as_executed(notebook: Path, manifest: Manifest) -> bool:
    """Whether nobody changed a copy since its execution."""
    return _is_whole(notebook, manifest.copie)


def read_manifest(project: Project, code: str) -> Manifest | None:
    """What a chapter's last good copy was made of; None where that was never noted, or cannot be read."""
    try:
        noted = json.loads((project.runs / f"{code}.json").read_bytes())
        return Manifest(**{**noted, "cellules": tuple(noted.get("cellules", ()))})
    except (OSError, ValueError, TypeError):
        return None


def write_manifest(project: Project, manifest: Manifest) -> None:
    """Note what a copy was made of: the last thing written of a chapter."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    write_whole(project.runs / f"{manifest.code}.json", text + "\n")


def copy_path(project: Project, code: str) -> Path:
    """Where the composed chapter is."""
    return project.runs / f"{code}.ipynb"


def executed_path(project: Project, code: str) -> Path:
    """Where the notebook is as it was executed, before it is composed."""
    return project.stations / "executions" / f"{code}.ipynb"


def readings(bundle: bytes, lectures: Iterable[str]) -> dict[str, str]:
    """What a bundle answers to what a chapter read."""
    asked = list(lectures)
    return relues(Bundle.from_bytes(bundle), asked) if asked else {}


def written_pieces(bundle: bytes, names: Iterable[str]) -> dict[str, str]:
    """The fingerprint of each piece of these names that people wrote, as a bundle has it."""
    asked = list(names)
    found = ecrits(asked, Bundle.from_bytes(bundle)) if asked else {}
    return {name: sha256(piece.html.encode()) for name, piece in found.items()}


def _made_of(
    project: Project, modules: Modules, name: str, content: bytes
) -> tuple[dict[str, str], dict[str, str]]:
    """The fingerprints of what runs in a notebook, and of what is composed around it."""
    cells = json.loads(clean(content.decode("utf-8")))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in code]
    runs = {f"les cellules de {name}": sha256(json.dumps([_run(cell) for cell in code]).encode())}
    runs |= modules.of_cells(sources, without=ATELIER)
    runs[project.lock.name] = sha256(project.lock.read_bytes())
    runs["Python"] = sha256(platform.python_version().encode())
    around = {f"le texte de {name}": sha256(json.dumps(cells).encode())}
    around |= modules.of_names(COMPOSITION)
    return runs, around


def _run(cell: Mapping[str, object]) -> tuple[object, object]:
    """What of a cell changes its run: its source and its tags."""
    metadata = cell["metadata"]
    assert isinstance(metadata, dict)
    return cell["source"], metadata.get("tags")


def _other_readings(manifest: Manifest, job: Job) -> str:
    """What the chapter would read otherwise of today's bundle, and after whose deposit; empty when
    nothing."""
    moved = changed(manifest.lectures, readings(job.bundle, manifest.lectures))
    if not moved:
        return ""
    own = job.chapter.territoire
    neighbours = [code for code in changed(manifest.depots, job.depots) if code != own] if own else []
    after = f" (après le dépôt de {', '.join(neighbours)})" if neighbours else ""
    return told(map(dite, moved)) + after


def _can_be_read(path: Path) -> bool:
    """Whether a copy that is not that of its manifest is a notebook still."""
    try:
        return "cells" in json.loads(path.read_bytes())
    except (OSError, ValueError, TypeError):
        return False


def _is_whole(path: Path, digest: str) -> bool:
    try:
        return sha256(path.read_bytes()) == digest
    except OSError:
        return False


def read_notebook(path: Path, *, shown: str) -> nbformat.NotebookNode:
    """A notebook, not to be changed: a process that meets its bytes again gives the same one back.

    One that is missing, that git left in conflict or that was cut is told in a sentence.
    """
    if not path.is_file():
        raise BilanError(f"Carnet introuvable : {shown}.")
    try:
        return _checked(path.read_bytes())
    except Exception as error:  # nbformat raises many types of its own
        raise BilanError(
            f"{shown} : ce carnet ne se lit pas ({type(error).__name__}). Un conflit de git y est resté, "
            f"ou son enregistrement a été coupé. « git checkout -- {shown} » reprend la dernière version."
        ) from error


@lru_cache(maxsize=64)
def _checked(content: bytes) -> nbformat.NotebookNode:
    notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
    nbformat.validate(notebook)
    return notebook
