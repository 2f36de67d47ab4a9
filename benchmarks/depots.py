"""What reading deposits costs, beside merely reading the same files with common libraries.

    python benchmarks/depots.py --repeat 3

Each line is a process of its own, on deposits that the demonstration's generator writes beforehand. The
process imports what it needs, then does its work on the folders: seconds are those of the work, imports left
out; memory is the growth of the peak over what the imports took. Linux only.

- ``deposit``: the folder through ``read_depot``, every rule of the dictionary, people hashed;
- ``deposit kept``: the same, then written in the ledger;
- ``openpyxl``: every sheet of the workbook, every cell, nothing checked;
- ``pandas.read_excel``: every sheet of the workbook with openpyxl, nothing checked;
- ``pandas.read_csv``: every file of accounts and of answers as text, nothing checked.

    python benchmarks/depots.py --fec --depuis COMMIT

Measures one FEC of 200,000 lines read, checked and kept (``read_comptes``, then the table as the ledger
writes it), beside an earlier commit whose modules have the same names. Runs alternate.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path

from commun import Cost, begin, tree_of

from analysis.demonstration.ebe.fec import DEBUT_COLONNES, FIN_COLONNES
from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import deposit
from analysis.demonstration.lieux import Lieu, lieux, territoires
from analysis.depot.dossier import Depot, read_depot
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.paths import Project

NUMBERS = (1, 10, 100, 600)
PEOPLE = (50, 100, 200, 400)
LARGE_FEC = 50_000
WHOLE_FEC = 200_000
TODAY = date(2021, 9, 1)


def invent(root: Path, places: Sequence[Lieu], lignes_fec: int | None = None) -> Project:
    """A project whose deposits are those of these places."""
    project = Project(root, "demonstration")
    prepare(Project.here(), project, places)
    referentiel = load_referentiel(project)
    for lieu in places:
        deposit(project, referentiel, lieu, lignes_fec=lignes_fec)
    return project


def five_exercices(people: int) -> Lieu:
    """The first territory with that many people, its data stopped a year later: five exercices."""
    first = lieux()[0]
    return replace(first, personnes=people, date_arrete=first.date_arrete.replace(year=2022))


def folders(project: Project) -> list[Path]:
    return sorted(path for path in project.depots.iterdir() if path.name != "recus")


def read_all(project: Project) -> Callable[[], None]:
    """Read every deposit; a refused one is an error of the benchmark."""
    referentiel = load_referentiel(project)

    def work() -> None:
        for folder in folders(project):
            assert not read(folder, referentiel).est_refuse(referentiel), folder

    return work


def read(folder: Path, referentiel: Referentiel) -> Depot:
    return read_depot(folder, referentiel, empreinte=CLE_DEMONSTRATION.empreinte, attendu=folder.name)


def keep_all(project: Project) -> Callable[[], None]:
    """Read every deposit and keep it in the ledger."""
    referentiel, ledger = load_referentiel(project), Ledger(project)

    def work() -> None:
        for folder in folders(project):
            ledger.add(read(folder, referentiel), referentiel, CLE_DEMONSTRATION, today=TODAY)

    return work


def with_openpyxl(project: Project) -> Callable[[], None]:
    import openpyxl

    def work() -> None:
        for folder in folders(project):
            for path in folder.glob("*.xlsx"):
                book = openpyxl.load_workbook(path, read_only=True, data_only=True)
                for page in book:
                    list(page.iter_rows(values_only=True))

    return work


def with_read_excel(project: Project) -> Callable[[], None]:
    import openpyxl  # noqa: F401
    import pandas as pd

    def work() -> None:
        for folder in folders(project):
            for path in folder.glob("*.xlsx"):
                pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")

    return work


def with_read_csv(project: Project) -> Callable[[], None]:
    import pandas as pd

    def work() -> None:
        for folder in folders(project):
            for path in sorted(folder.glob("comptes*")):
                pd.read_csv(path, sep="\t" if b"\t" in path.read_bytes()[:500] else "|", **_TEXT)
            for path in sorted(folder.glob("enquete*")):
                pd.read_csv(path, encoding="utf-8", dtype=str)

    return work


def with_accounts(project: Project) -> Callable[[], None]:
    """Read the accounts of a file, then write their table as the ledger does."""
    from analysis.depot.lecteurs import comptes

    path = project.root / "comptes.txt"

    def work() -> None:
        lecture = comptes.read_comptes(path, nature="fec", debut=date(2018, 1, 1), fin=date(2018, 12, 31))
        if hasattr(comptes, "juger"):  # an earlier tree checked all in the reading
            lecture = comptes.juger(lecture)
        assert len(lecture.frame) == WHOLE_FEC, lecture.constats[:3]
        lecture.frame.to_csv(project.root / "comptes.csv", index_label="ligne", lineterminator="\n")

    return work


_TEXT = {"dtype": str, "encoding": "iso-8859-15"}
WORK = {
    "deposit": read_all,
    "deposit kept": keep_all,
    "openpyxl": with_openpyxl,
    "pandas.read_excel": with_read_excel,
    "pandas.read_csv": with_read_csv,
    "accounts": with_accounts,
}
DEPOSITS = ("deposit", "deposit kept", "openpyxl", "pandas.read_excel", "pandas.read_csv")


def child(name: str, root: Path) -> None:
    """Do one piece of work in this process and print what it took."""
    tell_cost(WORK[name](Project(root, "demonstration")))


def tell_cost(work: Callable[[], object]) -> None:
    """Do a piece of work and print what it took: seconds, of the processes that it forked too, and the growth
    of the peak of this process's memory."""
    before = memory("VmRSS")
    forget_peak()
    wall, used = time.perf_counter(), processor()
    work()
    spent = Cost(time.perf_counter() - wall, processor() - used, (memory("VmHWM") - before) / 2**20)
    print(json.dumps(asdict(spent)))


def processor() -> float:
    """Seconds of processor of this process and of those that it forked and that ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def memory(name: str) -> int:
    """Bytes of this process's memory as the kernel counts them: « VmRSS » now, « VmHWM » at the peak."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def forget_peak() -> None:
    """Let the peak of this process's memory start again from now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


def measured(name: str, root: Path, repeat: int) -> Cost:
    """The median costs of a piece of work, in processes of its own."""
    return median([once(name, root) for _ in range(repeat)])


def once(name: str, root: Path, tree: Path | None = None) -> Cost:
    """The costs of one run, with this tree of the project or another."""
    command = [sys.executable, __file__, "--child", name, "--root", str(root)]
    paths = {"PYTHONPATH": str(tree / "src")} if tree else {}
    told = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **paths}
    ).stdout
    return Cost(**json.loads(told))


def median(runs: Sequence[Cost]) -> Cost:
    return Cost(
        *(statistics.median(getattr(run, part) for run in runs) for part in ("wall", "processor", "memory"))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each line; the median is shown")
    parser.add_argument("--fec", action="store_true", help="one FEC of 200,000 lines alone")
    parser.add_argument("--numbers", type=int, nargs="+", default=NUMBERS, help="deposits, size by size")
    parser.add_argument("--people", type=int, nargs="+", default=PEOPLE, help="people of one deposit")
    parser.add_argument("--lines", type=int, default=LARGE_FEC, help="lines of each FEC of the large deposit")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    options = begin(parser, beside="--fec" not in sys.argv)
    if options.child:
        child(options.child, options.root)
        return
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        root = Path(name)
        if options.fec:
            earlier = stack.enter_context(tree_of(options.depuis)) if options.depuis else None
            print(one_fec(root, options.repeat, earlier))
            return
        print(one_large(root, options.repeat, options.people[-1], options.lines), flush=True)
        print(several_sizes(root, options.repeat, options.people), flush=True)
        print(several_deposits(root, options.repeat, options.numbers), flush=True)


def one_fec(root: Path, repeat: int, earlier: Path | None) -> str:
    """One FEC of 200,000 lines: an earlier commit, this one."""
    write_fec(root / "comptes.txt", WHOLE_FEC)
    trees = {"earlier commit": earlier} if earlier else {}
    runs: dict[str, list[Cost]] = {name: [] for name in (*trees, "this commit")}
    for _ in range(repeat):
        for name in runs:
            runs[name].append(once("accounts", root, trees.get(name)))
    size = (root / "comptes.txt").stat().st_size / 2**20
    title = f"a FEC of {WHOLE_FEC:,} lines, {size:.0f} MiB, read, checked and kept"
    return table(title, ((name, median(found)) for name, found in runs.items()))


def write_fec(path: Path, lines: int) -> None:
    """A FEC of so many lines, as many sales as half of them, with labels; the same at each run."""
    draw = random.Random(7)
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        print(*DEBUT_COLONNES, "Debit", "Credit", *FIN_COLONNES, sep="\t", file=file)
        for sale in range(lines // 2):
            day = f"{date(2018, 1, 1) + timedelta(days=sale * 364 * 2 // lines):%Y%m%d}"
            amount = f"{draw.randrange(100, 500_000) / 100:.2f}".replace(".", ",")
            for compte, debit, credit in (("411000", amount, "0,00"), ("706000", "0,00", amount)):
                head = (
                    "VE",
                    "Ventes",
                    sale + 1,
                    day,
                    compte,
                    "Prestations de services",
                    "",
                    "",
                    f"P{sale}",
                    day,
                )
                print(
                    *head,
                    f"Facture débroussaillage {sale}",
                    debit,
                    credit,
                    "",
                    "",
                    day,
                    "",
                    "",
                    sep="\t",
                    file=file,
                )


def one_large(root: Path, repeat: int, people: int, lines: int) -> str:
    """One deposit of so many people with five exercices of so many lines, beside mere readings."""
    project = invent(root / "large", [five_exercices(people)], lines)
    files = {path.name: path.stat().st_size for folder in folders(project) for path in folder.iterdir()}
    title = (
        f"one deposit: {people} people, {sum(n.startswith('comptes') for n in files)} FEC of {lines} lines, "
    )
    title += f"{sum(files.values()) / 2**20:.0f} MiB"
    return table(title, ((name, measured(name, project.root, repeat)) for name in DEPOSITS))


def several_sizes(root: Path, repeat: int, sizes: Sequence[int]) -> str:
    """One deposit of more and more people."""
    rows = []
    for people in sizes:
        project = invent(root / f"people-{people}", [five_exercices(people)])
        rows.append((f"{people} people", measured("deposit", project.root, repeat)))
    return table("one deposit of ordinary accounts", rows)


def several_deposits(root: Path, repeat: int, numbers: Sequence[int]) -> str:
    """More and more deposits of ordinary size, one after the other, beside mere readings."""
    rows = []
    for number in numbers:
        project = invent(root / f"deposits-{number}", territoires(number))
        rows.append((f"{number} deposits", measured("deposit", project.root, repeat)))
    for name in ("openpyxl", "pandas.read_excel", "pandas.read_csv"):
        rows.append((f"{number} deposits, {name}", measured(name, project.root, repeat)))
    return table("deposits of ordinary size", rows)


def table(title: str, rows: Iterable[tuple[str, Cost]]) -> str:
    """A Markdown table of medians, with ratios to the first line."""
    lines = [f"| {title} | wall s | processor s | to the first | peak MiB |", "|---|---|---|---|---|"]
    first = None
    for name, cost in rows:
        first = first or cost
        ratio = cost.processor / first.processor
        lines.append(f"| {name} | {cost.wall:.2f} | {cost.processor:.2f} | {ratio:.2f} | {cost.memory:.0f} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
