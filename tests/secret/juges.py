"""Others than our attack, asked about a table that our gate decided: what is too small, what is known too well.

A reader with scipy's integer programs, and two engines that others keep: τ-Argus and G-Confid.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock
from scipy.optimize import Bounds, LinearConstraint, milp
from tableaux import FEW, WIDE, Case, Table

from analysis.noyau.mesures import ENSEMBLE

ALL, NOBODY = "Total", "personne"


@dataclass(frozen=True)
class Verdict:
    """What an engine says of a withheld number: the values that a reader leaves it, and whether they are enough."""

    low: float
    high: float
    will_do: bool

    @property
    def width(self) -> float:
        return self.high - self.low


class Reader:
    """Who knows what adds up to what, and all that is told, with the integer programs of scipy."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rank = {case: rank for rank, case in enumerate(sorted(table.true))}
        rows = [(self._row(parts) - self._row([total]), 0.0, 0.0) for parts, total in table.sums]
        for case, told in table.told.items():
            if told is not None:
                off = 0.0 if told == table.value(case) else 2.5
                rows.append((self._row([case]), told - off, told + off))
        self.rows, self.low, self.high = (np.array(column) for column in zip(*rows, strict=True))
        truth = self.rows @ np.array([table.true[case] for case in self.rank])
        assert np.all((self.low - 1e-9 <= truth) & (truth <= self.high + 1e-9))

    def _row(self, cases: Sequence[Case]) -> np.ndarray:
        row = np.zeros(len(self.rank))
        for case in cases:
            for part in self.table.parts(case):
                row[self.rank[part]] += 1.0
        return row

    def narrow(self) -> dict[Case, tuple[int, int]]:
        """The withheld numbers of one to four people that are known within less than five."""
        found = {}
        for case in self.table.few:
            aim = self._row([case])
            ends = [self._end(sign * aim) * sign for sign in (1.0, -1.0)]
            if ends[1] - ends[0] < WIDE - 1e-6:
                found[case] = (round(ends[0]), round(ends[1]))
        return found

    def _end(self, aim: np.ndarray) -> float:
        solved = milp(
            aim,
            constraints=LinearConstraint(self.rows, self.low, self.high),
            bounds=Bounds(0, np.inf),
            integrality=np.ones(len(aim)),
        )
        if solved.success:
            return float(solved.fun)
        assert "nbounded" in solved.message  # the truth is a solution: it is not that there is none
        return float("-inf")


def judged_by_tau_argus(table: Table, folder: Path) -> dict[Case, Verdict]:
    """The verdict of τ-Argus, by its own margin of 20 %, on the numbers of one to four people that are withheld.

    A number that is told is « safe » to it, one of these « unsafe », any other withheld to protect them; so is a
    union that nobody is told, which a reader may or may not add up.
    """
    few = set(table.few)

    def status(case: Case) -> str:
        return "S" if table.told.get(case) is not None else "U" if case in few else "M"

    argus = _TauArgus(table, folder, "<STATUS>", status, rule="")
    audited = {row["cell"]: row for row in argus.engine.audit(0)}
    return {
        case: Verdict(row["min"], row["max"], not row["unsafe"])
        for rank, (case, _) in enumerate(argus.cases)
        if case in few and (row := audited[rank])
    }


def too_few_for_tau_argus(table: Table, folder: Path) -> set[Case]:
    """The numbers of a table that τ-Argus withholds where five people at least are asked for."""
    argus = _TauArgus(
        table, folder, "<FREQUENCY>", lambda case: f"{table.value(case):.0f}", rule="FREQ(5,20)"
    )
    return {case for case, status in argus.cases if status == "U" and case in table.true}


def dominated_for_tau_argus(sums: Sequence[Sequence[float]], folder: Path, rule: str) -> list[bool]:
    """Whether τ-Argus withholds each of these sums, given what each is made of, by a rule of dominance."""
    from pytauargus import protect
    from pytauargus.engine import run_batch
    from pytauargus.result import parse_simple_tab

    made = {
        "Somme": [f"{rank:04d}" for rank, terms in enumerate(sums) for _ in terms],
        "Montant": [float(term) for terms in sums for term in terms],
    }
    files = protect(made, ["Somme"], "Montant", rule, workdir=str(folder), run=False).files
    orders = Path(files["arb"])
    kept = [line for line in orders.read_text(encoding="utf-8").splitlines() if "SUPPRESS" not in line]
    orders.write_text("\n".join(kept), encoding="utf-8")  # what is too small alone, nothing to protect it
    run_batch(orders)
    withheld = {
        row["Somme"] for row in parse_simple_tab(files["tab1"], ["Somme"], "Montant") if row["status"] == "U"
    }
    return [f"{rank:04d}" in withheld for rank in range(len(sums))]


class _TauArgus:
    """τ-Argus with a table: its lines are places, its columns categories and, above them, what may unite them.

    It takes the smallest number of the table for the least that any can be, and the greatest for the most: a line of
    nobody says that the least is nought. What does not add up it refuses.
    """

    def __init__(
        self, table: Table, folder: Path, kind: str, said: Callable[[Case], str], *, rule: str
    ) -> None:
        from pytauargus.engine import run_batch

        names = ["", *table.unions, *table.categories]
        lines = [
            f"{ALL if place == ENSEMBLE else place};{name or ALL};{table.value((place, name)):.0f};{said((place, name))}"
            for place in (*table.places, ENSEMBLE)
            for name in names
        ]
        lines += [f"{NOBODY};{name or ALL};0;{'S' if kind == '<STATUS>' else '0'}" for name in names]
        description = (
            '<SEPARATOR> ";"\n<SAFE> S\n<UNSAFE> U\n<PROTECT> P\n'
            f'Lieu\n <RECODEABLE>\n <TOTCODE> "{ALL}"\n'
            f'Modalite\n <RECODEABLE>\n <TOTCODE> "{ALL}"\n <HIERARCHICAL>\n <HIERCODELIST> "modalites.hrc"\n'
            f' <HIERLEADSTRING> "@"\nPersonnes\n <NUMERIC>\n <DECIMALS> 0\nDit\n {kind}\n'
        )
        orders = (
            '<OPENTABLEDATA> "table.tab"\n<OPENMETADATA> "table.rda"\n'
            f'<SPECIFYTABLE> "Lieu""Modalite"|"Personnes"||\n<SAFETYRULE> {rule}\n<READTABLE> 0\n'
        )
        tree = _tree(table.categories, table.unions)
        for name, text in (
            ("table.tab", "\n".join(lines)),
            ("modalites.hrc", "\n".join(tree)),
            ("table.rda", description),
            ("table.arb", orders),
        ):
            (folder / name).write_text(text + "\n", encoding="utf-8")
        self.engine = run_batch(folder / "table.arb")
        self.cases = self._cases(folder / "found.tab")

    def _cases(self, written: Path) -> list[tuple[Case, str]]:
        """Its cells in its order, and the status of each."""
        from pytauargus.result import parse_simple_tab

        self.engine.write_intermediate_table(0, str(written), simple=True)
        rows = parse_simple_tab(written, ["lieu", "modalite"], "personnes")
        named = [(row["lieu"].strip(), row["modalite"].strip(), row["status"]) for row in rows]
        return [
            ((ENSEMBLE if lieu == ALL else lieu, "" if modalite == ALL else modalite), status)
            for lieu, modalite, status in named
        ]


def _tree(categories: Sequence[str], unions: Mapping[str, Sequence[str]], depth: int = 0) -> Iterator[str]:
    """The categories under those that unite them, one a line, as deep as it has signs « @ »."""
    left = list(categories)
    for code, parts in unions.items():
        if set(parts) <= set(left):
            yield "@" * depth + code
            inner = {name: some for name, some in unions.items() if set(some) < set(parts)}
            yield from _tree(parts, inner, depth + 1)
            left = [category for category in left if category not in parts]
    yield from ("@" * depth + category for category in left)


class GConfid:
    """G-Confid, in an environment of its own beside that of the tests: it brings pyarrow, with which pandas changes.

    ``gconfid.lock`` says its versions; it is fetched once. Where it cannot be had, the test is skipped and says why.
    """

    HOME = Path(sys.prefix) / "share" / "bilan-gconfid"
    LOCK = Path(__file__).with_name("gconfid.lock")

    def __init__(self, folder: Path) -> None:
        if (sys.platform, platform.machine()) not in (("linux", "x86_64"), ("win32", "AMD64")):
            pytest.skip("G-Confid has no wheel for this machine: nothing is compared")
        self.folder = folder
        self.python = self.HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        installed = self.HOME / self.LOCK.name
        with FileLock(f"{self.HOME}.verrou"):
            if not (installed.is_file() and installed.read_bytes() == self.LOCK.read_bytes()):
                self._install()
                shutil.copyfile(self.LOCK, installed)

    def _install(self) -> None:
        uv, asked = shutil.which("uv"), ["--quiet", "--require-hashes", "-r", str(self.LOCK)]
        made = [sys.executable, "-m", "venv", "--clear", *(["--without-pip"] if uv else []), str(self.HOME)]
        pip = [uv, "pip", "install", "--python"] if uv else []
        fetched = [*pip, str(self.python), *([] if uv else ["-m", "pip", "install"]), *asked]
        for command in (made, fetched):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                pytest.skip(f"G-Confid could not be fetched: {done.stderr.strip()[-200:]}")

    def _answers(self, questions: Sequence[Mapping[str, Any]]) -> list[list[list[Any]]]:
        asked, answered = self.folder / "questions.json", self.folder / "answers.json"
        asked.write_text(json.dumps(questions), encoding="utf-8")
        command = [self.python, "-I", Path(__file__).with_name("gconfid_juge.py"), asked, answered]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(answered.read_text(encoding="utf-8"))

    def judged(self, tables: Sequence[Table]) -> list[dict[Case, Verdict]]:
        """Its verdict on each withheld number of these tables; the small ones ask for an interval of five.

        It takes a number for at most ten times its value, and asks of an interval no more than the value.
        """
        every = [list({**table.true, **table.told}) for table in tables]
        answers = self._answers(
            [self._question(table, cases) for table, cases in zip(tables, every, strict=True)]
        )
        return [
            {cases[rank]: Verdict(low, high, will_do) for rank, low, high, will_do in rows}
            for cases, rows in zip(every, answers, strict=True)
        ]

    @staticmethod
    def _question(table: Table, cases: Sequence[Case]) -> dict[str, Any]:
        rank = {case: number for number, case in enumerate(cases)}
        return {
            "values": [table.value(case) for case in cases],
            "asked": [WIDE if case in table.few else 0 for case in cases],
            "withheld": [rank[case] for case in cases if case in table.withheld],
            "sums": [[[rank[part] for part in parts], rank[total]] for parts, total in table.sums],
        }

    def too_few(self, tables: Sequence[Table]) -> list[set[Case]]:
        """The numbers of each table that it withholds where five people at least are asked for."""
        people = [
            {
                "people": [[t.true[place, category] for category in t.categories] for place in t.places],
                "least": FEW,
            }
            for t in tables
        ]
        return [
            {((ENSEMBLE, *t.places)[line], ("", *t.categories)[column]) for line, column in found}
            for t, found in zip(tables, self._answers(people), strict=True)
        ]

    def dominated(self, sums: Sequence[Sequence[float]], rules: Sequence[str]) -> list[bool]:
        """Whether it withholds each of these sums, given what each is made of, by one rule at least."""
        found = self._answers([{"terms": sums, "rule": rule} for rule in rules])
        return [any(rank in some for some in found) for rank in range(len(sums))]
