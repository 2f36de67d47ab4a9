"""The next dates that a territory is told: those that are written, each with the source that fixes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from analysis.noyau.declared.written import load_written
from analysis.noyau.paths import Project
from analysis.sources.register import Register


@dataclass(frozen=True, order=True)
class Echeance:
    """A day that a territory must know, what it is of, and who says so."""

    jour: date
    code: str
    objet: str
    source: str


def load_echeances(project: Project, register: Register, territoire: str) -> tuple[Echeance, ...]:
    """The dates of ``data/echeances.csv`` that are of a territory or of all of them, the earliest first.

    None is made up: an empty file gives none. Raises InvalidData with every finding.
    """
    rows = load_written(
        project,
        "echeances",
        key=("echeance", "territoire"),
        known={
            "territoires.territoire": {t.code for t in register.territoires},
            "sources.source": {source.source for source in register.sources},
        },
        may_be_empty=True,
        path=project.data / "echeances.csv",
    )
    return tuple(sorted(_of(register, rows, territoire)))


def _of(register: Register, rows: list[dict[str, str]], territoire: str) -> Iterator[Echeance]:
    titles = {source.source: source.titre for source in register.sources}
    for row in rows:
        if row["territoire"] in ("", territoire):
            day = date.fromisoformat(row["date"])
            yield Echeance(day, row["echeance"], row["objet"], titles[row["source"]])
