"""What a change costs: nothing, a sentence, a figure, an erratum, a style; and what random kills leave.

    python benchmarks/reprise.py --depuis 4146ebf
    python benchmarks/reprise.py --kills 200 --seed 1

The first builds a copy of the project once, then makes each change in turn and measures `bilan build` after
it, as a command: wall time, processor time of the command and of what it waited for, and the chapters that
ran. The second kills whole builds of such a copy, a change before each, at moments drawn in the processor
time that a build takes after that change, then lets one finish and compares all that it published with a
build from nothing; ``BILAN_RACINE`` may name a small project. Linux only.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from commun import HERE, begin, copy_of_project, heading, processor_time, python, tree_of

sys.path.insert(0, str(HERE / "tests"))

from tues import killed_at, still_there

from analysis.noyau.paths import Project


def nothing(_project: Project, _turn: int) -> None:
    """No change."""


def a_sentence(project: Project, turn: int) -> None:
    _append(
        project.texts / f"{_place(project)}.md",
        f"\nUne phrase de plus, relue{' encore' * (turn % 20)} et signée.\n",
    )


def a_figure(project: Project, turn: int) -> None:
    path = project.published / "chiffres.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rank = max(i for i, line in enumerate(lines) if f",{_place(project)}," in line)
    line = lines[rank].rstrip("\n")
    lines[rank] = f"{line}{'' if line.endswith(',') else ' '}Relu{' encore' * (turn % 20)}.\n"
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def an_erratum(project: Project, turn: int) -> None:
    _append(
        project.data / "errata.csv",
        f"2026-11-{1 + turn % 28:02},{_place(project)},Une date est corrigée ({turn}).\n",
    )


CHANGES: dict[str, Callable[[Project, int], None]] = {
    "nothing": nothing,
    "one sentence of a text": a_sentence,
    "one figure of a territory": a_figure,
    "an erratum": an_erratum,
}


def _place(project: Project) -> str:
    """The territory that is changed: the first that has a text."""
    with (project.data / "territoires.csv").open(encoding="utf-8", newline="") as file:
        known = [row["territoire"] for row in csv.DictReader(file)]
    return min(code for code in known if (project.texts / f"{code}.md").exists())


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def build(project: Project, *options: str, tree: Path = HERE) -> tuple[float, float, str]:
    """Seconds of wall and of processor of the `bilan build` of a tree, and what it said."""
    before, started = processor_time(), time.monotonic()
    said = python(tree, "-m", "analysis.cli", "build", *options, root=project.root)
    return time.monotonic() - started, processor_time() - before, said


def measure(tree: Path, *options: str) -> None:
    """The table of a tree: from nothing, then after each change."""
    print(f"\n{heading(tree)}\n\n| change | wall s | processor s | chapters run |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        project = Project(copy_of_project(Path(folder) / "bilan", tree))
        print(row("from nothing", *build(project, *options, tree=tree)), flush=True)
        for turn, (name, change) in enumerate(CHANGES.items()):
            change(project, turn)
            print(row(name, *build(project, *options, tree=tree)), flush=True)


def row(name: str, wall: float, processor: float, said: str) -> str:
    ran = sum(" : fait en " in line for line in said.splitlines())
    return f"| {name} | {wall:.1f} | {processor:.1f} | {ran} |"


def published(project: Project) -> str:
    """The SHA-256 of all that a build published."""
    digest = hashlib.sha256()
    for folder in (project.html, project.pdf):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            digest.update(path.relative_to(project.root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def kill(number: int, seed: int) -> int:
    """Kill that many builds; 1 when what the last one leaves is not what a build from nothing gives."""
    drawn = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        project = Project(copy_of_project(Path(folder) / "bilan"))
        build(project)
        works, before = {}, processor_time()
        for change in CHANGES.values():
            change(project, number)
            build(project)
            works[change], before = processor_time() - before, processor_time()
        reached, changes = 0, list(CHANGES.values())
        for turn in range(number):
            change = changes[turn % len(changes)]
            change(project, turn)
            running = _started(project)
            running.returncode, _ = killed_at(running.pid, drawn.uniform(0.0, works[change]))
            reached += running.returncode == -signal.SIGKILL
        left = still_there(str(project.root))
        build(project)
        left += [str(path) for path in project.root.rglob(".en-cours-*")]
        again = Project(Path(folder) / "neuf")
        shutil.copytree(project.root, again.root, ignore=shutil.ignore_patterns("outputs", "papermill_runs"))
        build(again)
        is_same = published(project) == published(again)
    for path in left:
        print(f"left: {path}", file=sys.stderr)
    print(
        f"{number} kills, seed {seed}, {reached} of them while the build ran: "
        f"{'the same bytes' if is_same else 'OTHER BYTES'} as from nothing, {len(left)} left"
    )
    return int(bool(left) or not is_same)


def _started(project: Project) -> subprocess.Popen[bytes]:
    """A process that builds, the first of its group."""
    return subprocess.Popen(
        [sys.executable, "-m", "analysis.cli", "build"],
        env={**os.environ, "BILAN_RACINE": str(project.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=0, help="kill that many builds instead")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--territoire", default="", help="build that chapter alone")
    options = begin(parser, beside=False)
    if options.kills:
        return kill(options.kills, options.seed)
    chosen = ("--territoire", options.territoire) if options.territoire else ()
    if options.depuis:
        with tree_of(options.depuis) as tree:
            measure(tree, *chosen)
    measure(HERE, *chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
