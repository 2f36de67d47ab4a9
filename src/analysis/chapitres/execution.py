"""Run the chapters that are not as they would be made now, several at once; keep the last good copy of
each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import nbformat

from analysis.chapitres.check import faults, untold
from analysis.chapitres.composition import composed, ecrits, marks, written
from analysis.chapitres.engine import Task, Way, best
from analysis.chapitres.jobs import (
    Freshness,
    Job,
    Manifest,
    copy_path,
    executed_path,
    freshness,
    read_manifest,
    readings,
    write_manifest,
    written_pieces,
)
from analysis.chapitres.opening import LECTURES
from analysis.noyau.files.scratch import scratch, write_whole
from analysis.noyau.paths import Project
from analysis.secret.bundle import Bundle
from analysis.stations.store import ANEW, RULE, sha256

NATURE = "bilan_nature"
"""What an executed notebook says of itself: of real territories, or of invented ones."""

INJECTED = "injected-parameters"
"""The tag, and the identifier, of the cell that Papermill adds to give a chapter its parameters."""

State = Literal["kept", "running", "done", "failed"]
Report = Callable[[str, State, float], None]
"""Told of each chapter's code, state, and seconds since it started."""


@dataclass(frozen=True)
class Outcome:
    """How the run of one chapter ended; ``faults`` is empty when its copy is good, ``reason`` when it was
    kept."""

    code: str
    seconds: float
    faults: tuple[str, ...]
    reason: str = ""

    @property
    def is_good(self) -> bool:
        return not self.faults

    @property
    def is_kept(self) -> bool:
        return not self.reason


@dataclass(frozen=True)
class Executed:
    """A notebook as it was executed, without what differs from run to run; what a reader must not see of it.

    ``lectures`` are what it read of its bundle, ``cellules`` the seconds of each of its cells of code.
    """

    notebook: nbformat.NotebookNode
    faults: tuple[str, ...]
    lectures: tuple[str, ...] = ()
    cellules: tuple[float, ...] = ()


def freshnesses(project: Project, jobs: Sequence[Job], *, anew: bool = False) -> dict[str, Freshness]:
    """Why each chapter is to be made, by its code: as asked for all of them with ``anew``."""
    return {job.chapter.code: Freshness(ANEW) if anew else freshness(project, job) for job in jobs}


def run(
    project: Project,
    jobs: Sequence[Job],
    *,
    workers: int,
    report: Report,
    states: Mapping[str, Freshness] | None = None,
    way: Way | None = None,
) -> list[Outcome]:
    """Make the chapters that are not fresh, ``workers`` at a time; one that fails does not stop the others.

    ``states`` says why each is to be made (what :func:`freshnesses` finds where it is None). One of which
    only the prose or what people wrote changed is composed again around its results. A good copy replaces the
    previous one in ``papermill_runs/`` in one step, with its manifest. A failed one is kept beside it as
    ``<code>.echec.ipynb``. The chapters that took longest go first; the outcomes are in the jobs' order.
    """
    why = freshnesses(project, jobs) if states is None else states
    fresh = [job for job in jobs if why[job.chapter.code].is_fresh]
    for job in fresh:
        _note_bundle(project, job)
        report(job.chapter.code, "kept", 0.0)
    outcomes = {job.chapter.code: Outcome(job.chapter.code, 0.0, ()) for job in fresh}
    stale = sorted((job for job in jobs if job not in fresh), key=lambda job: -expected(project, job))
    if stale:
        way = way or best()
        with scratch(project.runs) as folder, _pool(workers) as pool:
            futures: dict[Future[Outcome], str] = {
                pool.submit(
                    _run_one,
                    project,
                    job,
                    folder / job.chapter.code,
                    why[job.chapter.code],
                    way=way,
                    report=report,
                ): job.chapter.code
                for job in stale
            }
            outcomes |= {futures[future]: future.result() for future in as_completed(futures)}
    return [outcomes[job.chapter.code] for job in jobs]


def expected(project: Project, job: Job) -> float:
    """The seconds that a chapter took last, 0 where that is not known."""
    manifest = read_manifest(project, job.chapter.code)
    return 0.0 if manifest is None else manifest.seconds


def _run_one(
    project: Project, job: Job, folder: Path, why: Freshness, *, way: Way, report: Report
) -> Outcome:
    """Execute a job in its own folder or take its results, compose it, put the copy in its place."""
    code, started = job.chapter.code, time.monotonic()
    report(code, "running", 0.0)
    folder.mkdir()
    manifest = read_manifest(project, code)
    if why.to_run or manifest is None:
        executed = execute(project, job, folder, way=way)
    else:
        notebook = with_cells_of(_read(executed_path(project, code)), _reads(job.notebook))
        executed = Executed(notebook, (), tuple(manifest.lectures), manifest.cellules)
    chapter, found = executed.notebook, executed.faults
    if not found:
        chapter, found = finished(project, executed.notebook, Bundle.from_bytes(job.bundle))
    chapter.metadata[NATURE] = project.nature
    seconds = time.monotonic() - started
    if found:
        write_whole(project.runs / f"{code}.echec.ipynb", nbformat.writes(chapter))
    else:
        ran = seconds if why.to_run or manifest is None else manifest.seconds
        _keep(project, job, executed, chapter, seconds=ran)
    report(code, "failed" if found else "done", seconds)
    return Outcome(code, seconds, found, why.reason)


def execute(project: Project, job: Job, folder: Path, *, way: Way, is_preview: bool = False) -> Executed:
    """The notebook of a job, executed in a folder of its own."""
    task = Task(job.notebook, job.chapter.parameters, job.bundle)
    found: list[str] = []
    try:
        ran = way(task, folder)
    except Exception as error:  # a kernel that does not start raises many types; the other chapters go on
        ran, found = job.notebook, [f"le chapitre n'a pas pu être exécuté : {type(error).__name__}, {error}"]
    notebook = _reads(ran)
    lectures = tuple(notebook.metadata.pop(LECTURES, ()))
    seconds = tuple(
        _seconds(cell) for cell in notebook.cells if cell.cell_type == "code" and not _is_added(cell)
    )
    notebook = _cleaned(notebook)
    found = found or faults(notebook, root=project.root, is_preview=is_preview)
    return Executed(notebook, tuple(found), lectures, seconds)


def finished(
    project: Project, executed: nbformat.NotebookNode, bundle: Bundle, *, is_preview: bool = False
) -> tuple[nbformat.NotebookNode, tuple[str, ...]]:
    """The chapter that an executed notebook gives with what people wrote of it, and what forbids to show
    it."""
    whole = written(executed, ecrits(marks(executed), bundle))
    if found := faults(whole, root=project.root, is_preview=is_preview):
        return whole, tuple(found)
    chapter = composed(whole, project.nature)
    return chapter, tuple(untold(chapter))


def with_cells_of(executed: nbformat.NotebookNode, source: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The executed notebook that running ``source`` would give, whose cells of code ran already: its own
    prose.

    Raises ValueError where the cells of code are not those that ran.
    """
    ran = [cell for cell in executed.cells if cell.cell_type == "code"]
    cells = []
    for cell in source.cells:
        if cell.cell_type != "code":
            cell.metadata.setdefault("tags", [])  # as Papermill does
            cells.append(cell)
            continue
        if not ran or ran[0].source != cell.source:
            raise ValueError("another cell ran")
        cells.append(ran.pop(0))
        cells[-1].id = cell.id
        while ran and _is_added(ran[0]):
            cells.append(ran.pop(0))
    notebook = deepcopy(executed)
    notebook.cells = cells
    return notebook


def _cleaned(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop what differs from run to run: paths, times, durations, the number of the cell that Papermill
    adds."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if _is_added(cell):
            cell.id = INJECTED
    return notebook


def _seconds(cell: nbformat.NotebookNode) -> float:
    """The seconds that a cell took, 0 where it did not run."""
    return round(float(cell.metadata.get("papermill", {}).get("duration") or 0.0), 3)


def _is_added(cell: nbformat.NotebookNode) -> bool:
    return INJECTED in cell.metadata.get("tags", ())


def _keep(
    project: Project, job: Job, executed: Executed, chapter: nbformat.NotebookNode, *, seconds: float
) -> None:
    """Put the executed notebook and the copy in their places, their manifest after them."""
    code = job.chapter.code
    ran, copy = (nbformat.writes(notebook).encode("utf-8") for notebook in (executed.notebook, chapter))
    write_whole(executed_path(project, code), ran)
    write_whole(copy_path(project, code), copy)
    manifest = Manifest(
        code=code,
        executed_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        fingerprint=job.fingerprint,
        copie=sha256(copy),
        execution=sha256(ran),
        rule=RULE,
        of_code=dict(job.code),
        of_prose=dict(job.prose),
        paquet=sha256(job.bundle),
        lectures=readings(job.bundle, executed.lectures),
        ecrits=written_pieces(job.bundle, marks(executed.notebook)),
        depots=dict(job.depots),
        seconds=round(seconds, 3),
        cellules=executed.cellules,
    )
    write_manifest(project, manifest)
    (project.runs / f"{code}.echec.ipynb").unlink(missing_ok=True)


def _note_bundle(project: Project, job: Job) -> None:
    """Note today's bundle of a chapter that reads the same of it: it is not asked again until it changes."""
    manifest = read_manifest(project, job.chapter.code)
    if manifest is not None and manifest.fingerprint != job.fingerprint:
        noted = replace(
            manifest, fingerprint=job.fingerprint, paquet=sha256(job.bundle), depots=dict(job.depots)
        )
        write_manifest(project, noted)


def _read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def _reads(content: bytes) -> nbformat.NotebookNode:
    return nbformat.reads(content.decode("utf-8"), as_version=4)


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
