"""The exceptions to the rule on past editions: which measures, who decided, why, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from analysis.noyau.declared.written import read_written
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.mesures import Definitions, Mesure
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date

TABLE: Final = "exceptions_secret"


@dataclass(frozen=True)
class Levee:
    """One exception: a measure is told as it is now in spite of what past editions told of it.

    ``lieu`` and ``periode`` are empty for all of them. ``decide_par`` answers for it, ``raison`` says why,
    ``jusqu_au`` is the last day on which it holds.
    """

    mesure: str
    lieu: str
    periode: str
    decide_par: str
    raison: str
    jusqu_au: date


@dataclass(frozen=True)
class Exceptions:
    """All the exceptions that are in force."""

    levees: tuple[Levee, ...] = ()

    def of(self, m: Mesure) -> Levee | None:
        """The exception that a measure is told under, None for nearly all."""
        return next(
            (
                one
                for one in self.levees
                if one.mesure == m.mesure and one.lieu in ("", m.lieu) and one.periode in ("", m.periode)
            ),
            None,
        )


def load_exceptions(project: Project, definitions: Definitions, today: date) -> Exceptions:
    """The exceptions of ``data/dictionary/exceptions_secret.csv``, none where there is no file.

    Raises InvalidData for one that is past, that nobody answers for, or of an unknown measure.
    """
    path = project.dictionary / f"{TABLE}.csv"
    if not path.is_file():
        return Exceptions()
    rows = read_written(
        project,
        TABLE,
        key=("mesure", "lieu", "periode"),
        known={"mesures.mesure": definitions.by_name},
        may_be_empty=True,
    ).rows
    found = {line: _levee(row) for line, row in rows.items()}
    late = [
        Finding(
            project.shown(path),
            line,
            "jusqu_au",
            f"une exception terminée le {long_date(one.jusqu_au)}",
            "une date à venir, décidée à nouveau par quelqu'un, ou plus de ligne",
        )
        for line, one in found.items()
        if one.jusqu_au < today
    ]
    if late:
        raise InvalidData(late)
    return Exceptions(tuple(found.values()))


def _levee(row: dict[str, str]) -> Levee:
    return Levee(
        row["mesure"],
        row["lieu"],
        row["periode"],
        row["decide_par"],
        row["raison"],
        date.fromisoformat(row["jusqu_au"]),
    )
