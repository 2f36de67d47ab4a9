"""Engines that others keep, asked about a table that our gate decided: what is too small, what is known too well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tableaux import Case, Table

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


class _TauArgus:
    """τ-Argus with a table: its lines are places, its columns categories and, above them, what may unite them.

    It takes the smallest number of the table for the least that any can be: a line of nobody says that this is
    nought. What does not add up it refuses.
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
