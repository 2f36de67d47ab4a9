"""What the reader of deposits makes of hostile ones: thousands of seeded inputs, each received for good.

    python benchmarks/fuzz.py --number 2000 --seed 1

Each input is a clean deposit that ``tests/depot/mutations.py`` spoils, given to the function behind
``bilan depot recevoir`` in a process of its own, in a throw-away project, with a limit on its address space.
The table counts inputs by family and outcome: received (rows are kept), refused (by findings), told (an error
in one sentence). Then come the slowest and the largest, and what must be zero: tracebacks and crashes, more
than ten seconds of processor time (or a minute of wall time), more than a gibibyte, and what is stored by an
input that is not received or does not agree with its record. The exit status is 1 when one is not zero.
Time and memory are of the reception alone, not of making the input. Linux only.

    python benchmarks/fuzz.py --only shared_strings --number 10

runs one mutation alone.

    python benchmarks/fuzz.py --chapters --number 400

leaves the heavy ones out, and after each deposit that is received computes the measures, decides what may be
published and makes every call of the chapters: none may stop.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import multiprocessing
import os
import resource
import shutil
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "depot"))

import mutations
import usages  # noqa: F401  (registers its mutations)
from commun import begin
from depots import forget_peak, memory
from mutations import Clean, Mutation, Outcome

from analysis.noyau.paths import Project

WORKERS = 2
WEIGHTS = (3, 1, 1)
"""How often each of the clean deposits is spoiled: the smallest costs least."""
ADDRESS_SPACE = 3 * 2**30
SLOW, STUCK = 10.0, 180.0
LARGE = 2**30


@dataclass(frozen=True)
class Measured:
    """The outcome of one input, its seconds of processor and wall time, the growth of its peak memory."""

    case: Mutation
    seed: int
    outcome: Outcome
    processor: float = 0.0
    wall: float = 0.0
    memory: int = 0

    @property
    def faults(self) -> Iterator[str]:
        """Which of the counts that must be zero it adds to."""
        if self.outcome.kind == "fault":
            yield "tracebacks and crashes"
        if self.outcome.kind == "stuck" or self.processor > SLOW:
            yield f"over {SLOW:.0f} s"
        if self.memory > LARGE:
            yield "over 1 GiB"
        if self.outcome.partial:
            yield "partially stored"
        if self.outcome.stopped:
            yield "chapters stopped"

    def __str__(self) -> str:
        place = f"{self.case.family}/{self.case.name} {self.seed}"
        outcome = self.outcome
        told = f"{outcome.kind} {outcome.detail} {outcome.partial} {outcome.stopped}".strip()
        return f"{place:44} {self.processor:6.2f} s {self.memory / 2**20:7.0f} MiB  {told}"


COUNTS = (
    "tracebacks and crashes",
    f"over {SLOW:.0f} s",
    "over 1 GiB",
    "partially stored",
    "chapters stopped",
)


@dataclass
class Child:
    """A process that receives one input, and the end of the pipe where it tells what came of it."""

    case: Mutation
    seed: int
    process: Any
    end: Connection
    started: float = field(default_factory=time.monotonic)


def receive(
    project: Project, case: Mutation, seed: int, clean: Clean, root: Path, end: Connection, *, build: bool
) -> None:
    """Spoil a deposit and receive it; sent to the parent through ``end``. Runs in a child process."""
    os.chdir(root)
    folder = root / "envoi" / clean.code
    mutations.spoiled(case, seed, clean, folder)
    drop_privileges()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    before = memory("VmRSS")
    forget_peak()
    processor, wall = time.process_time(), time.monotonic()
    outcome = mutations.attempt(project, folder)
    spent = time.process_time() - processor, time.monotonic() - wall
    grown = memory("VmHWM") - before
    if build and outcome.kind == "received":
        outcome = replace(outcome, stopped=mutations.stopped_by(project, clean.code))
    end.send((outcome, *spent, grown))


def drop_privileges() -> None:
    """Give up what lets root pass over the permissions of files."""
    version_3, itself = 0x20080522, 0
    head, none = struct.pack("=Ii", version_3, itself), bytes(24)
    ctypes.CDLL(None, use_errno=True).capset(head, none)


def start(case: Mutation, seed: int, clean: Clean, pattern: Path, roots: Path, *, build: bool) -> Child:
    """Give an input a project of its own and a process."""
    root = roots / f"{case.name}-{seed}"
    shutil.copytree(pattern, root)
    here, there = multiprocessing.Pipe(duplex=False)
    project = Project(root, "demonstration")
    child = multiprocessing.get_context("fork").Process(
        target=receive, args=(project, case, seed, clean, root, there), kwargs={"build": build}
    )
    child.start()
    there.close()
    return Child(case, seed, child, here)


def ended(child: Child) -> Measured | None:
    """What a process told, or how it ended without a word; None while it runs."""
    if child.end.poll():
        try:
            outcome, processor, wall, grown = child.end.recv()
        except EOFError:
            child.process.join()
            fault = Outcome("fault", f"the process ended with {child.process.exitcode}")
            return Measured(child.case, child.seed, fault)
        child.process.join()
        return Measured(child.case, child.seed, outcome, processor, wall, grown)
    if time.monotonic() - child.started > STUCK:
        child.process.kill()
        child.process.join()
        return Measured(child.case, child.seed, Outcome("stuck"), STUCK, STUCK)
    return None


def run(
    cases: Sequence[tuple[int, Mutation]], pattern: Path, cleans: Sequence[Clean], roots: Path, *, build: bool
) -> Iterator[Measured]:
    """Every input, two processes at a time."""
    waiting, running = list(reversed(cases)), list[Child]()
    while waiting or running:
        while waiting and len(running) < WORKERS:
            seed, case = waiting.pop()
            (clean,) = Random(seed).choices(cleans, WEIGHTS)
            running.append(start(case, seed, clean, pattern, roots, build=build))
        wait([child.end for child in running], timeout=1)
        for child in list(running):
            measured = ended(child)
            if measured is not None:
                running.remove(child)
                shutil.rmtree(roots / f"{child.case.name}-{child.seed}", ignore_errors=True)
                yield measured


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--number", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a mutation's name")
    parser.add_argument("--chapters", action="store_true", help="light mutations, then the chapters")
    options = begin(parser)
    chosen = mutations.draw(options.number, heavy=not options.chapters)
    if options.only:
        found = [m for members in mutations.FAMILIES.values() for m in members if m.name == options.only]
        chosen = found * options.number
    with tempfile.TemporaryDirectory() as name:
        roots = Path(name)
        roots.chmod(0o755)
        pattern = roots / "projet"
        project, cleans = mutations.project_of(pattern)
        for module, function, read in list(mutations.declared_once(project)):
            setattr(module, function, read)
        os.environ["BILAN_CLE"] = "cle"  # in the folder that each process works in
        mutations._zeros()
        for clean in cleans:
            mutations.as_ods(clean.book)
        cases = list(enumerate(chosen, options.seed * 100_000))
        told = run(cases, pattern, cleans, roots, build=options.chapters)
        results = list[Measured]()
        with contextlib.suppress(KeyboardInterrupt):  # what was run is told all the same
            results += shown(told, options.number)
    print(table(results))
    return int(any(list(measured.faults) for measured in results))


def shown(results: Iterator[Measured], number: int) -> Iterator[Measured]:
    """The same results; faults are told as they come."""
    for rank, measured in enumerate(results, 1):
        for fault in measured.faults:
            print(f"{rank}/{number} {fault}: {measured}", file=sys.stderr, flush=True)
        yield measured


def table(results: Sequence[Measured]) -> str:
    """Markdown: outcomes by family, the slowest, the largest, what must be zero."""
    kinds = ("received", "refused", "told", "fault", "stuck")
    heads = ("family", "inputs", *kinds, "max s", "max MiB")
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for family in [*mutations.FAMILIES, ""]:
        rows = [m for m in results if family in ("", m.case.family)]
        if not rows:
            continue
        counts = Counter(m.outcome.kind for m in rows)
        cells = [family or "all", len(rows), *(counts[kind] for kind in kinds)]
        most = f"{max(m.processor for m in rows):.1f} | {max(m.memory for m in rows) / 2**20:.0f}"
        lines.append("| " + " | ".join(map(str, cells)) + f" | {most} |")
    totals = Counter(fault for m in results for fault in m.faults)
    by_time = sorted(results, key=lambda m: m.processor, reverse=True)[:5]
    by_memory = sorted(results, key=lambda m: m.memory, reverse=True)[:5]
    parts = ["\n".join(lines), "Slowest:", *map(str, by_time), "Largest:", *map(str, by_memory)]
    return "\n".join([*parts, *(f"{name}: {totals[name]}" for name in COUNTS)])


if __name__ == "__main__":
    sys.exit(main())
