"""What the benchmarks share: where they ran, an earlier commit beside, the cost of commands.

Every script prints its commit and its machine first. ``--depuis COMMIT`` measures that commit in the same
run, from a worktree of its own, with today's libraries.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from analysis.noyau.paths import Project

HERE: Final = Path(__file__).resolve().parents[1]
"""The tree of this script."""


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds of wall and processor time, mebibytes at the peak."""

    wall: float
    processor: float
    memory: float


def begin(parser: argparse.ArgumentParser, *, beside: bool = True) -> argparse.Namespace:
    """The options of a script, once it said where it runs.

    With ``beside`` an earlier commit is measured first, by its own script of the same name and with the same
    words; without, the script puts it in its own table.
    """
    parser.add_argument("--depuis", metavar="COMMIT", help="measure that earlier commit in the same run")
    options = parser.parse_args()
    if getattr(options, "child", None) or getattr(options, "run", None):
        return options
    print(heading(HERE), flush=True)
    if options.depuis and beside:
        with tree_of(options.depuis) as tree:
            print(f"\n{heading(tree)}", flush=True)
            words = _without_depuis(sys.argv[1:])
            python(tree, str(tree / "benchmarks" / Path(sys.argv[0]).name), *words, shown=True)
        print(f"\n{heading(HERE)}", flush=True)
    return options


def _without_depuis(words: Sequence[str]) -> list[str]:
    """The words of a command without ``--depuis`` and its commit.

    >>> _without_depuis(["--repeat", "3", "--depuis", "4146ebf"]), _without_depuis(["--depuis=4146ebf"])
    (['--repeat', '3'], [])
    """
    kept = list(words)
    if "--depuis" in kept:
        rank = kept.index("--depuis")
        del kept[rank : rank + 2]
    return [word for word in kept if not word.startswith("--depuis=")]


def heading(tree: Path) -> str:
    """One line: the commit of a tree, the machine, what else it does."""
    asked = ("git", "-C", str(tree), "log", "-1", "--format=%h, %cs")
    commit = subprocess.run(asked, capture_output=True, text=True).stdout.strip() or "unknown"
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"Commit {commit}; {os.cpu_count()} processors, {memory:.0f} GiB, {platform.system()}, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.1f}."
    )


@contextmanager
def tree_of(commit: str) -> Iterator[Path]:
    """The project as it was at a commit, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name) / "avant"
        git = ("git", "-C", str(HERE), "worktree")
        made = subprocess.run(
            [*git, "add", "-q", "--detach", str(tree), commit], capture_output=True, text=True
        )
        if made.returncode:
            sys.exit(f"--depuis {commit} : git ne connaît pas ce commit ({made.stderr.strip()}).")
        try:
            declare(tree)
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def declare(tree: Path) -> None:
    """Let the libraries find in a tree the entry points that it declares, not those of what is installed."""
    project = tomllib.loads((tree / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = project["name"], project["version"]
    folder = tree / "src" / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    groups = {"console_scripts": project["scripts"], **project.get("entry-points", {})}
    (folder / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{point} = {target}\n" for point, target in points.items())
            for group, points in groups.items()
        )
    )


def python(tree: Path, *words: str, root: Path | None = None, shown: bool = False) -> str:
    """Run Python with the code of a tree, on the project in ``root``; what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "PYTHONUTF8": "1"}
    if root is not None:
        environment["BILAN_RACINE"] = str(root)
    done = subprocess.run(
        [sys.executable, *words], env=environment, capture_output=not shown, encoding="utf-8"
    )
    if done.returncode:
        sys.exit(f"python {' '.join(words)[:200]} stopped with {done.returncode}:\n{done.stderr or ''}")
    return done.stdout or ""


def copy_of_project(root: Path, tree: Path = HERE) -> Path:
    """The folder ``root`` with what a build of a tree reads: data but for deposits, notebooks, methods.

    For the tree of this script, those of the project that ``BILAN_RACINE`` names where it names one.
    """
    tree = Project.here().root if tree == HERE else tree
    for folder in ("data", "notebooks", "docs/methods"):
        shutil.copytree(tree / folder, root / folder, ignore=shutil.ignore_patterns("depot"))
    shutil.copyfile(tree / "requirements.lock", root / "requirements.lock")
    return root


def cost_of(work: Callable[[], object]) -> Cost:
    """The cost of a piece of work done by child processes, whose proportional set sizes are summed."""
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


def table(title: str, costs: Mapping[str, Sequence[Cost]]) -> str:
    """A Markdown table of medians, with ratios of wall time to the first line."""
    first = next(iter(costs))
    head = f"| {title}, median of {len(costs[first])} | wall s | to `{first}` | processor s | peak MiB |"
    lines = [head, "|---|---|---|---|---|"]
    reference = statistics.median(cost.wall for cost in costs[first])
    for name, runs in costs.items():
        wall, processor, memory = (
            statistics.median(getattr(cost, part) for cost in runs)
            for part in ("wall", "processor", "memory")
        )
        lines.append(f"| {name} | {wall:.1f} | {wall / reference:.2f} | {processor:.1f} | {memory:.0f} |")
    return "\n".join(lines)
