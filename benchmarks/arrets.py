"""What kills, a full disk and refusals of the machine leave of every command that writes.

    python benchmarks/arrets.py --kills 200 --seed 1
    python benchmarks/arrets.py --operations [--seulement "depot recevoir"]
    python benchmarks/arrets.py --disque 40

The first kills commands at random moments, each on a copy of a project: nothing is stored by halves, and
the same command, run again, leaves what it leaves when nothing stops it, no temporary file and no process.
One kill in three is of a command that builds (build, publish, archive, comparer), as a group of processes.
The moment is drawn in the processor time that the command takes, whatever else the machine does. The second
stops each command at each of its operations on files, one after the other, by a kill, by a full disk and by a
refusal. The third builds on a disk of so many megabytes, which root alone can mount: the site of before
stays, and the message says what is needed. Linux only.
"""

from __future__ import annotations

import argparse
import errno
import os
import random
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from commun import HERE, begin

sys.path.insert(0, str(HERE / "tests"))
sys.path.insert(0, str(HERE / "tests" / "depot"))

from pannes import CASES, LONG, Bench, Stop, write_built, write_world

from analysis.noyau.paths import Project

HOW = {"killed": None, "full": errno.ENOSPC, "refused": errno.EACCES}


def kills(number: int, seed: int, folder: Path) -> int:
    """Kill that many commands, a third of them of those that build; how many left something wrong."""
    drawn = random.Random(seed)
    print(
        "\n| command | kills | of them while it ran | seconds of processor | wrong |\n|---|---|---|---|---|"
    )
    wrong = 0
    for write, cases, share in (
        (write_built, LONG, number // 3),
        (write_world, CASES, number - number // 3),
    ):
        world, shares = (
            folder / f"monde {write.__name__}" / "projet",
            Counter(drawn.choices(list(cases), k=share)),
        )
        if shares:
            _apart(write, world)
        for name in sorted(shares):
            wrong += _kill(name, shares[name], drawn, Bench(world, folder / "banc", cases[name]))
    print(f"\n{number} kills, seed {seed}: {'nothing lost' if not wrong else f'{wrong} WRONG'}")
    return wrong


def _apart(write: Callable[[Path], object], root: Path) -> None:
    """Write a project in a process of its own: what composes starts threads, and a process that is forked
    from one that has them waits for them for ever when it composes."""
    child = os.fork()
    if child == 0:
        try:
            write(root)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0, f"{root} is not written"


def _kill(name: str, count: int, drawn: random.Random, bench: Bench) -> int:
    """Kill a command so many times, each after a share of its work; how many faults that left."""
    whole = bench.whole.seconds
    stopped = [bench.killed(drawn.uniform(0.0, whole)) for _ in range(count)]
    faults = [fault for _, found in stopped for fault in found]
    print(f"| {name} | {count} | {sum(k for k, _ in stopped)} | {whole:.1f} | {len(faults)} |", flush=True)
    for fault in faults:
        print(f"  {name}: {fault}", file=sys.stderr, flush=True)
    return len(faults)


def operations(folder: Path, only: str) -> int:
    """Stop each command at each of its operations, in three ways; how many left something wrong."""
    world = folder / "monde"
    write_world(world)
    print(
        "\n| command | operations | "
        + " | ".join(f"wrong, {how}" for how in HOW)
        + " |\n|---|---|---|---|---|"
    )
    wrong = 0
    for name in [only] if only else CASES:
        bench = Bench(world, folder / "banc", CASES[name])
        count, counts = len(bench.whole.operations), []
        for how in HOW.values():
            faults = [f"{rank}: {fault}" for rank in range(count) for fault in bench.faults(Stop(rank, how))]
            counts.append(len(faults))
            for fault in faults:
                print(f"  {name}: {fault}", file=sys.stderr)
        wrong += sum(counts)
        print(f"| {name} | {count} | " + " | ".join(map(str, counts)) + " |", flush=True)
    return wrong


def _command(words: list[str]) -> list[str]:
    return [sys.executable, "-m", "analysis.cli", *words]


def _environment(project: Project) -> dict[str, str]:
    path = str(HERE / "src")
    return {
        **os.environ,
        "BILAN_RACINE": str(project.root),
        "BILAN_CLE": str(project.root / "clé"),
        "PYTHONPATH": path,
    }


def _bilan(project: Project, words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(words), env=_environment(project), capture_output=True, encoding="utf-8")


def full_disk(megas: int, folder: Path) -> int:
    """Build on a disk that fills up; 1 where the site of before did not stay, or no need is told."""
    with _disk(folder / "disque", megas) as root:
        start = folder / "départ"
        write_built(start)
        project = Project(Path(shutil.copytree(start, root / "bilan")))
        before = {p.name: p.read_bytes() for p in sorted(project.html.iterdir()) if p.is_file()}
        left = shutil.disk_usage(root).free
        wrong = 0
        for part in (0.0, 0.1, 0.3, 0.5, 0.8):
            filler = root / "autre fichier"
            filler.write_bytes(bytes(max(0, int(left * (1 - part)) - 4096)))
            done = _bilan(project, ["build", "--tout"])
            filler.unlink()
            after = {p.name: p.read_bytes() for p in sorted(project.html.iterdir()) if p.is_file()}
            is_kept = after == before
            said = done.stderr.strip().splitlines()[-1:] or [""]
            is_told = done.returncode == 0 or ("plus de place" in done.stderr and "en demande" in done.stderr)
            wrong += not (is_kept and is_told and "Traceback" not in done.stderr)
            site = "kept" if is_kept else "LOST"
            print(
                f"{part * left / 1e6:5.1f} MB free: exit {done.returncode}, site {site}: {said[0]}",
                flush=True,
            )
        done = _bilan(project, ["build", "--tout"])
        print(f"room again: exit {done.returncode}")
        return int(bool(wrong or done.returncode))


@contextmanager
def _disk(place: Path, megas: int) -> Iterator[Path]:
    place.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megas}m", "bilan", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--operations", action="store_true")
    parser.add_argument(
        "--seulement", default="", metavar="COMMAND", help="with --operations, that command alone"
    )
    parser.add_argument("--disque", type=int, default=0, metavar="MB")
    options = begin(parser, beside=False)
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.kills:
            wrong += kills(options.kills, options.seed, folder / "kills")
        if options.operations:
            wrong += operations(folder / "operations", options.seulement)
        if options.disque:
            wrong += full_disk(options.disque, folder / "plein")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
