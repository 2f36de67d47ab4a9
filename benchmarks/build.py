"""What a build of the ten territories costs, beside the same chapters run by command lines.

    python benchmarks/build.py --repeat 3

Each line of the table is a command run in a folder of its own, on a copy of the project:

- ``bilan build``: validates the register, runs the ten chapters two at a time, writes their pages and the
  annexes, checks every link and sets the PDF;
- ``chapters alone``: only the part of it that runs the chapters, two at a time;
- ``papermill + nbconvert, one by one``: for each territory, the two command lines one after the other, the
  plain loop that a person would write; its pages are nbconvert's default ones, without annexes or PDF;
- ``papermill + nbconvert, two at a time``: the same loop over two workers.

Wall time; processor time of the command and of every process it waited for (kernels are); peak memory as
the sum of proportional set sizes over the process tree, sampled five times a second. Linux only.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil

from analysis.noyau.paths import Project
from analysis.sources.register import load_register

WORKERS = 2
CHAPTERS_ALONE = """
import sys
from analysis.chapitres.catalogue import catalogue, selected
from analysis.chapitres.execution import run
from analysis.chapitres.jobs import plan
from analysis.livre.build import bundles
from analysis.noyau.paths import Project
from analysis.sources.register import load_register
project = Project.here()
register = load_register(project)
chapters = selected(catalogue(register), sys.argv[1:])
jobs = plan(project, chapters, bundles(project, register, chapters))
outcomes = run(project, jobs, workers=2, report=lambda *_: None)
sys.exit(not all(outcome.is_good for outcome in outcomes))
"""


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds of wall and processor time, mebibytes at the peak."""

    wall: float
    processor: float
    memory: float


def measured(work: Callable[[Path], None]) -> Cost:
    """The cost of a piece of work done by child processes in a fresh copy of the project."""
    with tempfile.TemporaryDirectory() as name:
        root = copy_of_project(Path(name))
        return cost_of(lambda: work(root))


def copy_of_project(root: Path) -> Path:
    """The folder ``root`` with what a build reads: the data without any deposit, notebooks, method pages."""
    here = Project.here()
    for folder in ("data", "notebooks", "docs/methods"):
        shutil.copytree(here.root / folder, root / folder, ignore=shutil.ignore_patterns("depot"))
    shutil.copyfile(here.lock, root / "requirements.lock")
    return root


def cost_of(work: Callable[[], None]) -> Cost:
    """The cost of a piece of work done by child processes."""
    before, started = processor_time(), time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(work)
        peak = 0.0
        while not running.done():
            peak = max(peak, tree_memory())
            time.sleep(0.2)
        running.result()
    return Cost(time.monotonic() - started, processor_time() - before, peak)


def processor_time() -> float:
    """Seconds of processor used so far by all children that were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def tree_memory() -> float:
    """Mebibytes of proportional set size of all descendants of this process."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue  # it ended between the listing and the look
    return total / 2**20


def call(root: Path, *command: str) -> None:
    environment = {**os.environ, "BILAN_RACINE": str(root)}
    subprocess.run([sys.executable, *command], env=environment, check=True, capture_output=True)


def bilan_build(root: Path, codes: Sequence[str]) -> None:
    chosen = [word for code in codes for word in ("--territoire", code)]
    call(root, "-m", "analysis.cli", "build", *chosen, "--jobs", str(WORKERS))


def chapters_alone(root: Path, codes: Sequence[str]) -> None:
    call(root, "-c", CHAPTERS_ALONE, *codes)


def command_lines(root: Path, code: str) -> None:
    executed = str(root / f"{code}.ipynb")
    notebook = str(root / "notebooks" / "territoire.ipynb")
    call(root, "-m", "papermill", notebook, executed, "-p", "territoire", code)
    call(root, "-m", "nbconvert", "--to", "html", "--no-input", executed)


def one_by_one(root: Path, codes: Sequence[str]) -> None:
    for code in codes:
        command_lines(root, code)


def two_at_a_time(root: Path, codes: Sequence[str]) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda code: command_lines(root, code), codes))


WORK = {
    "bilan build": bilan_build,
    "chapters alone": chapters_alone,
    "papermill + nbconvert, one by one": one_by_one,
    "papermill + nbconvert, two at a time": two_at_a_time,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each line; the median is shown")
    repeat = parser.parse_args().repeat
    codes = [territoire.code for territoire in load_register(Project.here()).territoires]
    costs: dict[str, list[Cost]] = {name: [] for name in WORK}
    for number in range(repeat):
        for name, work in WORK.items():
            print(f"{number + 1}/{repeat} {name}…", file=sys.stderr, flush=True)
            costs[name].append(measured(lambda root, work=work: work(root, codes)))  # type: ignore[misc]
    print(table(costs, len(codes)))


def table(costs: dict[str, list[Cost]], chapters: int) -> str:
    """A Markdown table of medians, with ratios to the first line."""
    first = next(iter(costs))
    lines = [
        f"| {chapters} chapters, median of {len(costs[first])} "
        f"| wall s | to `{first}` | processor s | peak MiB |",
        "|---|---|---|---|---|",
    ]
    reference = statistics.median(cost.wall for cost in costs[first])
    for name, runs in costs.items():
        wall, processor, memory = (
            statistics.median(getattr(cost, field) for cost in runs)
            for field in ("wall", "processor", "memory")
        )
        lines.append(f"| {name} | {wall:.1f} | {wall / reference:.2f} | {processor:.1f} | {memory:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
