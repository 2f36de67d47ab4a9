"""Run chapters, several at once; keep the last good copy of each."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Literal

import nbformat

from analysis.chapitres import composition
from analysis.chapitres.catalogue import Chapter
from analysis.chapitres.check import faults, untold
from analysis.chapitres.composition import composed
from analysis.chapitres.engine import Task, Way, best
from analysis.chapitres.parametres import check_parameters
from analysis.noyau.carnets import clean
from analysis.noyau.errors import BilanError
from analysis.noyau.files.scratch import scratch, write_whole
from analysis.noyau.paths import Project

NATURE = "bilan_nature"
"""What an executed notebook says of itself: of real territories, or of invented ones."""

State = Literal["running", "done", "failed"]
Report = Callable[[str, State, float], None]
"""Told of each chapter's code, state, and seconds since it started."""


@dataclass(frozen=True)
class Outcome:
    """How the run of one chapter ended; ``faults`` is empty when its copy is good."""

    code: str
    seconds: float
    faults: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Manifest:
    """Beside each executed notebook: what it was made of and when, and the SHA-256 of the copy.

    The latter is empty in a copy of before it was noted.
    """

    code: str
    executed_at: str
    fingerprint: str
    copie: str = ""


@dataclass(frozen=True)
class Job:
    """All that a chapter's run needs, as bytes: its notebook, parameters and released bundle."""

    chapter: Chapter
    notebook: bytes
    bundle: bytes
    fingerprint: str


def plan(project: Project, chapters: Sequence[Chapter], bundles: dict[str, bytes]) -> list[Job]:
    """The jobs of these chapters; raises BilanError before anything runs.

    Refused: a notebook that is missing or is none, or that does not declare a parameter of its chapter.
    """
    jobs = []
    for chapter in chapters:
        path = project.notebooks / chapter.notebook
        if not path.is_file():
            raise BilanError(f"Carnet introuvable : {project.shown(path)}.")
        shown = project.shown(path)
        check_parameters(_read(path, shown=shown), chapter, shown=shown)
        notebook, bundle = path.read_bytes(), bundles[chapter.code]
        jobs.append(Job(chapter, notebook, bundle, _fingerprint(project, chapter, notebook, bundle)))
    return jobs


def run(
    project: Project, jobs: Sequence[Job], *, workers: int, report: Report, way: Way | None = None
) -> list[Outcome]:
    """Run the jobs, ``workers`` at a time; a chapter that fails does not stop the others.

    ``way`` is how each is run: the soonest way of this machine unless it is said.

    A good copy replaces the previous one in ``papermill_runs/`` in one step, with its manifest. A
    failed one is kept beside it as ``<code>.echec.ipynb``. The outcomes are in the jobs' order.
    """
    way = way or best()
    with scratch(project.runs) as folder, _pool(workers) as pool:
        futures: dict[Future[Outcome], str] = {
            pool.submit(
                _run_one, project, job, folder / job.chapter.code, way=way, report=report
            ): job.chapter.code
            for job in jobs
        }
        outcomes = {futures[future]: future.result() for future in as_completed(futures)}
    return [outcomes[job.chapter.code] for job in jobs]


def last_good(project: Project, code: str) -> tuple[Path, Manifest] | None:
    """The last good copy of a chapter with its manifest, None where there is none."""
    notebook, manifest = project.runs / f"{code}.ipynb", project.runs / f"{code}.json"
    if not (notebook.is_file() and manifest.is_file()):
        return None
    return notebook, Manifest(**json.loads(manifest.read_text(encoding="utf-8")))


def is_as_executed(notebook: Path, manifest: Manifest) -> bool:
    """Whether nobody changed a copy since its execution."""
    return hashlib.sha256(notebook.read_bytes()).hexdigest() == manifest.copie


def _run_one(project: Project, job: Job, folder: Path, *, way: Way, report: Report) -> Outcome:
    """Execute a job in its own folder, check it, put the copy in its place."""
    code, started = job.chapter.code, time.monotonic()
    report(code, "running", 0.0)
    folder.mkdir()
    executed, found = execute(project, job, folder, way=way)
    executed.metadata[NATURE] = project.nature
    seconds = time.monotonic() - started
    _keep(project, job, executed, is_good=not found)
    report(code, "failed" if found else "done", seconds)
    return Outcome(code, seconds, tuple(found))


def execute(
    project: Project, job: Job, folder: Path, *, way: Way, is_preview: bool = False
) -> tuple[nbformat.NotebookNode, list[str]]:
    """The chapter that a job gives, and what forbids to show it.

    It is composed, and without the paths and times that Papermill notes; as executed when a cell is at fault.
    """
    task = Task(job.notebook, job.chapter.parameters, job.bundle)
    found = []
    try:
        ran = way(task, folder)
    except Exception as error:  # a kernel that does not start raises many types; the other chapters go on
        ran, found = job.notebook, [f"le chapitre n'a pas pu être exécuté : {type(error).__name__}, {error}"]
    executed = nbformat.reads(ran.decode("utf-8"), as_version=4)
    executed = _cleaned(executed)
    found = found or faults(executed, root=project.root, is_preview=is_preview)
    if found:
        return executed, found
    chapter = composed(executed, project.nature)
    return chapter, untold(chapter)


def _cleaned(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop what differs from run to run: paths, times, durations."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
    return notebook


def _keep(project: Project, job: Job, executed: nbformat.NotebookNode, *, is_good: bool) -> None:
    """Put the copy in its place in one step, its manifest after it."""
    code = job.chapter.code
    failure = project.runs / f"{code}.echec.ipynb"
    content = nbformat.writes(executed).encode("utf-8")
    if not is_good:
        write_whole(failure, content)
        return
    write_whole(project.runs / f"{code}.ipynb", content)
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    manifest = Manifest(code, now, job.fingerprint, hashlib.sha256(content).hexdigest())
    write_whole(project.runs / f"{code}.json", json.dumps(asdict(manifest), indent=1) + "\n")
    failure.unlink(missing_ok=True)


def _read(path: Path, *, shown: str) -> nbformat.NotebookNode:
    """A notebook; one that git left in conflict, or that was cut while saved, is told in a sentence."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # nbformat raises many types of its own
        raise BilanError(
            f"{shown} : ce carnet ne se lit pas ({type(error).__name__}). Un conflit de git y est resté, "
            f"ou son enregistrement a été coupé. « git checkout -- {shown} » reprend la dernière version."
        ) from error
    return notebook


def _fingerprint(project: Project, chapter: Chapter, notebook: bytes, bundle: bytes) -> str:
    """What a chapter's page depends on: cells, parameters, bundle, presentation, composition, the lock."""
    digest = hashlib.sha256()
    for part in (
        clean(notebook.decode("utf-8")).encode(),
        json.dumps(chapter.parameters).encode(),
        bundle,
        project.lock.read_bytes(),
        Path(composition.__file__).read_bytes(),
    ):
        digest.update(hashlib.sha256(part).digest())
    for package in ("noyau", "secret", "presentation"):
        for path in sorted(Path(str(files(f"analysis.{package}"))).rglob("*")):
            if path.suffix in (".py", ".json", ".ttf"):
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@contextmanager
def _pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads, each waiting on a kernel; on an interruption the waiting jobs are dropped at once."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="chapitre")
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
