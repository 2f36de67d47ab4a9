"""What a change costs: nothing, a sentence, a figure, an erratum, a style; and what random kills leave.

    python benchmarks/reprise.py
    python benchmarks/reprise.py --kills 200 --seed 1

The first builds a copy of the project once, then makes each change in turn and measures `bilan build` after
it, as a command: wall time, processor time of the command and of what it waited for, and the chapters that
ran. The second kills whole builds of such a copy at random moments, a change before each, then lets one
finish and compares all that it published with a build from nothing. Linux only.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from analysis.noyau.paths import Project


def copied(root: Path) -> Project:
    """A copy of what a build reads, without any deposit."""
    here = Project.here()
    for folder in ("data", "notebooks", "docs/methods"):
        ignored = shutil.ignore_patterns("depot", ".ipynb_checkpoints")
        shutil.copytree(here.root / folder, root / folder, ignore=ignored)
    shutil.copyfile(here.lock, root / here.lock.name)
    return Project(root)


def nothing(_project: Project, _turn: int) -> None:
    """No change."""


def a_sentence(project: Project, turn: int) -> None:
    _append(project.texts / "thiers.md", f"\nUne phrase de plus, relue {'encore ' * turn}et signée.\n")


def a_figure(project: Project, turn: int) -> None:
    path = project.published / "chiffres.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rank = next(i for i, line in enumerate(lines) if ",thiers,noms_ebe," in line)
    lines[rank] = lines[rank].rstrip("\n") + f" Relu {'encore ' * turn}.\n"
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def an_erratum(project: Project, turn: int) -> None:
    _append(project.data / "errata.csv", f"2026-11-{1 + turn:02},thiers,Une date est corrigée ({turn}).\n")


CHANGES: dict[str, Callable[[Project, int], None]] = {
    "nothing": nothing,
    "one sentence of a text": a_sentence,
    "one figure of a territory": a_figure,
    "an erratum": an_erratum,
}


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def build(project: Project, *options: str) -> tuple[float, float, str]:
    """Seconds of wall and of processor of `bilan build`, and what it said."""
    before, started = _processor(), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "analysis.cli", "build", *options],
        env={**os.environ, "BILAN_RACINE": str(project.root)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return time.monotonic() - started, _processor() - before, done.stdout


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = copied(Path(folder) / "bilan")
        print("| change | wall s | processor s | chapters run |", "|---|---|---|---|", sep="\n")
        for name, options in (("from nothing", ()), ("all again (`--tout`)", ("--tout",))):
            print(row(name, *build(project, *options)), flush=True)
        for turn, (name, change) in enumerate(CHANGES.items()):
            change(project, turn)
            print(row(name, *build(project, "--pourquoi")), flush=True)


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
        project = copied(Path(folder) / "bilan")
        whole = build(project)[0]
        changes = list(CHANGES.values())
        for turn in range(number):
            changes[turn % len(changes)](project, turn % 20)
            running = subprocess.Popen(
                [sys.executable, "-m", "analysis.cli", "build"],
                env={**os.environ, "BILAN_RACINE": str(project.root)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            time.sleep(drawn.uniform(0.5, whole))
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        build(project)
        again = Project(Path(folder) / "neuf")
        shutil.copytree(project.root, again.root, ignore=shutil.ignore_patterns("outputs", "papermill_runs"))
        build(again)
        is_same = published(project) == published(again)
    print(f"{number} kills, seed {seed}: {'the same bytes' if is_same else 'OTHER BYTES'} as from nothing")
    return 0 if is_same else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=0, help="kill that many builds instead")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.kills:
        return kill(options.kills, options.seed)
    measure()
    return 0


if __name__ == "__main__":
    sys.exit(main())
