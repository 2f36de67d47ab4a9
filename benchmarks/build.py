"""What a build from nothing costs, beside the chapters run by command lines, and an earlier commit.

    python benchmarks/build.py --repeat 3 --depuis 4146ebf

Each line of the table is done in a folder of its own, on a copy of the project:

- ``bilan build``: validates the register, runs the chapters two at a time, writes their pages and the
  annexes, checks every link and sets the PDFs;
- ``papermill + nbconvert``: for each territory, the two command lines, two territories at a time: its pages
  are nbconvert's default ones, without annexes or PDF;
- with ``--demonstration``, ``bilan demonstration``: the invented deposits received, reviewed and built;
- with ``--depuis``, the same ``bilan`` commands of that commit, on its own data and notebooks.

Runs alternate, so that what else the machine does falls on all. Wall time; processor time of the command and
of every process it waited for; peak memory as the sum of proportional set sizes over the process tree,
sampled five times a second. Linux only.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from commun import HERE, Cost, begin, copy_of_project, cost_of, python, table, tree_of

from analysis.noyau.paths import Project
from analysis.sources.register import load_register

WORKERS = 2
Work = Callable[[Path], object]
"""What is done with a copy of a project."""


def bilan(tree: Path, command: str, codes: list[str]) -> Work:
    """A command of a tree, for these territories or for all."""
    chosen = [word for code in codes for word in ("--territoire", code)] if command == "build" else []
    return lambda root: python(tree, "-m", "analysis.cli", command, *chosen, root=root)


def command_lines(codes: list[str]) -> Work:
    """Papermill, then nbconvert, a process each: two territories at a time."""

    def of_one(root: Path, code: str) -> None:
        executed = str(root / f"{code}.ipynb")
        notebook = str(root / "notebooks" / "territoire.ipynb")
        python(HERE, "-m", "papermill", notebook, executed, "-p", "territoire", code, root=root)
        python(HERE, "-m", "nbconvert", "--to", "html", "--no-input", executed, root=root)

    def work(root: Path) -> None:
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(lambda code: of_one(root, code), codes))

    return work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each line; the median is shown")
    parser.add_argument("--territoires", type=int, default=0, help="only so many territories; all by default")
    parser.add_argument("--demonstration", action="store_true", help="measure bilan demonstration as well")
    options = begin(parser, beside=False)
    every = [territoire.code for territoire in load_register(Project.here()).territoires]
    chosen = every[: options.territoires]
    commands = ["build", *(["demonstration"] if options.demonstration else [])]
    with contextlib.ExitStack() as stack:
        work: dict[str, tuple[Path, Work]] = {}
        for command in commands:
            work[f"bilan {command}"] = (HERE, bilan(HERE, command, chosen))
        if options.depuis:
            tree = stack.enter_context(tree_of(options.depuis))
            for command in commands:
                work[f"bilan {command}, {options.depuis}"] = (tree, bilan(tree, command, chosen))
        work["papermill + nbconvert"] = (HERE, command_lines(chosen or every))
        costs: dict[str, list[Cost]] = {name: [] for name in work}
        for number in range(options.repeat):
            for name, (tree, step) in work.items():
                print(f"{number + 1}/{options.repeat} {name}…", file=sys.stderr, flush=True)
                with tempfile.TemporaryDirectory() as folder:
                    root = copy_of_project(Path(folder), tree)
                    costs[name].append(cost_of(lambda step=step, root=root: step(root)))  # type: ignore[misc]
    print(table(f"{len(chosen) or 'all'} territories", costs))


if __name__ == "__main__":
    main()
