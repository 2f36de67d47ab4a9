"""Another audit of what is told of the demonstration: its own equations, scipy's solver, nothing of our attack."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.indicateurs.calcul import Resultats
from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.noyau.paths import Project
from analysis.secret.regles import decider, withheld
from analysis.secret.release import Released

TOTALS = {"situation_volontaires": "volontaires_eligibles", "attente_duree": "liste_attente"}
TOTALS |= {"attente_age": "liste_attente"}
"""Tables of places by categories, and the count that the categories of a place add up to."""

FEW, WIDE = 5, 5

Case = tuple[str, str]
"""A place and a category, empty for the total of the place."""


class Table:
    """One table at one day, as a reader has it: what each number of it is, or that it is withheld."""

    def __init__(self, whole: Sequence[Mesure], told: Sequence[Mesure], name: str, day: str) -> None:
        self.true: dict[Case, float] = {
            (m.lieu, m.modalite): m.valeur
            for m in whole
            if m.mesure in (name, TOTALS[name]) and m.periode == day and m.valeur is not None
        }
        self.rank = {case: rank for rank, case in enumerate(sorted(self.true))}
        self.told = [m for m in told if m.mesure in (name, TOTALS[name]) and m.periode == day]
        self.equations = [*self._over_categories(), *self._over_places(), *self._released()]

    def parts(self, m: Mesure) -> list[Case]:
        """The categories that a released one is made of: itself, or those that it unites."""
        if (m.lieu, m.modalite) in self.true:
            return [(m.lieu, m.modalite)]
        return [(m.lieu, category) for category in UNIONS[m.modalite] if (m.lieu, category) in self.true]

    def _row(self, cases: Sequence[Case], less: Sequence[Case] = ()) -> np.ndarray:
        row = np.zeros(len(self.rank))
        for sign, some in ((1.0, cases), (-1.0, less)):
            for case in some:
                row[self.rank[case]] += sign
        return row

    def _over_categories(self) -> Iterator[tuple[np.ndarray, float, float]]:
        for lieu in {lieu for lieu, _ in self.true}:
            cells = [case for case in self.true if case[0] == lieu and case[1]]
            if cells and (lieu, "") in self.true and self._holds(cells, (lieu, "")):
                yield self._row(cells, [(lieu, "")]), 0.0, 0.0

    def _over_places(self) -> Iterator[tuple[np.ndarray, float, float]]:
        """All the places in that of all together; the smallest is in no sum: it is left out where that is true."""
        for lieu, category in [case for case in self.true if case[0] == ENSEMBLE]:
            cells = [case for case in self.true if case[0] != ENSEMBLE and case[1] == category]
            large = [case for case in cells if case[0] != "orbesson"]
            for some in (cells, large):
                if some and self._holds(some, (lieu, category)):
                    yield self._row(some, [(lieu, category)]), 0.0, 0.0

    def _holds(self, cells: Sequence[Case], total: Case) -> bool:
        return sum(self.true[case] for case in cells) == self.true[total]

    def _released(self) -> Iterator[tuple[np.ndarray, float, float]]:
        for m in self.told:
            if m.valeur is not None:
                true = sum(self.true[case] for case in self.parts(m))
                off = 0.0 if true == m.valeur else 2.5
                yield self._row(self.parts(m)), m.valeur - off, m.valeur + off

    def narrow(self) -> tuple[int, list[tuple[Case, int, int]]]:
        """How many withheld numbers of one to four people there are, and those known within less than five."""
        rows, low, high = (np.array(column) for column in zip(*self.equations, strict=True))
        truth = rows @ np.array([self.true[case] for case in self.rank])
        assert np.all((low - 1e-9 <= truth) & (truth <= high + 1e-9))
        found, looked_at = [], 0
        for m in self.told:
            cases = self.parts(m) if m.etat == "masquee" else []
            if not 0 < sum(self.true[case] for case in cases) < FEW:
                continue
            looked_at += 1
            aim = self._row(cases)
            ends = [self._end(sign * aim, rows, low, high) * sign for sign in (1.0, -1.0)]
            if ends[1] - ends[0] < WIDE - 1e-6:
                found.append(((m.lieu, m.modalite), round(ends[0]), round(ends[1])))
        return looked_at, found

    def _end(self, aim: np.ndarray, rows: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
        solved = milp(
            aim,
            constraints=LinearConstraint(rows, low, high),
            bounds=Bounds(0, np.inf),
            integrality=np.ones(len(aim)),
        )
        if solved.success:
            return float(solved.fun)
        assert "nbounded" in solved.message  # the truth is a solution: it is not that there is none
        return float("-inf")


def _unions() -> Mapping[str, tuple[str, ...]]:
    path = Project.here().dictionary / "regroupements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: tuple(row["modalites"].split()) for row in csv.DictReader(file)}


UNIONS = _unions()


def audited(whole: Sequence[Mesure], told: Sequence[Mesure]) -> tuple[int, list[tuple[Case, int, int]]]:
    """All the tables of all the days."""
    days: dict[str, set[str]] = defaultdict(set)
    for m in whole:
        if m.mesure in TOTALS:
            days[m.mesure].add(m.periode)
    counts, found = 0, []
    for name in TOTALS:
        for day in sorted(days[name]):
            number, some = Table(whole, told, name, day).narrow()
            counts += number
            found += some
    return counts, found


def small_alone(mesures: Sequence[Mesure]) -> list[Mesure]:
    """What would be told if each number under five were withheld by itself."""
    return [withheld(m, "seuil-effectif") if 0 < (m.valeur or 0) < FEW else m for m in mesures]


@pytest.mark.lent
def test_another_audit_finds_nobody_in_the_tables_of_ten_territories(resultats_of_ten: Resultats) -> None:
    r = resultats_of_ten
    counts, found = audited(r.mesures, small_alone(r.mesures))
    assert counts > 100 and len(found) > counts / 4
    released: Sequence[Released[Mesure]] = decider(r.mesures, r.definitions, r.accords)
    counts, found = audited(r.mesures, [one.content for one in released])
    assert counts > 20
    assert found == []
