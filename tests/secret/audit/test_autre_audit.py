"""Other audits of what is told of the demonstration: their own equations, their own solver, nothing of our attack.

One is made of scipy's integer programs; the others are engines that others keep (``juges.py``).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from juges import GConfid, Reader, judged_by_tau_argus, too_few_for_tau_argus
from tableaux import SMALLEST, WIDE, Case, Table, small_alone, tables

from analysis.indicateurs.calcul import Resultats
from analysis.noyau.mesures import Mesure
from analysis.secret.categories import Reunies
from analysis.secret.regles import decider
from analysis.secret.reseau.bornes import intervalles
from analysis.secret.reseau.systeme import Cellule, Lien, Systeme


@pytest.fixture(scope="module")
def told_of_ten(resultats_of_ten: Resultats) -> list[Mesure]:
    """What the gate tells of the ten territories."""
    r = resultats_of_ten
    return [one.content for one in decider(r.mesures, r.definitions, r.accords)]


@pytest.fixture
def told_by_the_gate(resultats_of_ten: Resultats, told_of_ten: list[Mesure]) -> list[Table]:
    """The tables as the gate tells them."""
    return tables(resultats_of_ten.mesures, told_of_ten)


@pytest.fixture
def told_by_the_threshold(resultats_of_ten: Resultats) -> list[Table]:
    """The tables where each number under five is withheld by itself."""
    mesures = resultats_of_ten.mesures
    return tables(mesures, small_alone(mesures))


@pytest.mark.lent
def test_another_audit_finds_nobody_in_the_tables_of_ten_territories(
    told_by_the_gate: list[Table], told_by_the_threshold: list[Table]
) -> None:
    counts = sum(len(table.few) for table in told_by_the_threshold)
    found = sum(len(Reader(table).narrow()) for table in told_by_the_threshold)
    assert counts > 100 and found > counts / 4
    assert sum(len(table.few) for table in told_by_the_gate) > 20
    assert [narrow for table in told_by_the_gate if (narrow := Reader(table).narrow())] == []


@pytest.mark.lent
def test_tau_argus_finds_the_pattern_of_the_gate_safe_and_that_of_the_threshold_not(
    told_by_the_gate: list[Table], told_by_the_threshold: list[Table], tmp_path: Path
) -> None:
    """It finds what scipy finds, number by number; what subtraction gives back is never safe to it."""
    pytest.importorskip("pytauargus", reason="pytauargus has no wheel for this machine: nothing is compared")
    judged = [judged_by_tau_argus(table, tmp_path) for table in told_by_the_gate]
    assert sum(map(len, judged)) > 20
    for verdicts in judged:
        assert all(verdict.will_do and verdict.width >= WIDE - 1e-6 for verdict in verdicts.values())
    given_back = 0
    for table in told_by_the_threshold:
        verdicts = judged_by_tau_argus(table, tmp_path)
        narrow = {case: ends for case, ends in Reader(table).narrow().items() if case[0] != SMALLEST}
        assert {case for case, verdict in verdicts.items() if verdict.width < WIDE - 1e-6} == set(narrow)
        exact = {case for case, (low, high) in narrow.items() if low == high}
        assert exact <= {case for case, verdict in verdicts.items() if not verdict.will_do}
        given_back += len(exact)
    assert given_back > 20


@pytest.mark.lent
def test_g_confid_finds_the_bounds_that_ours_finds_and_the_pattern_of_the_gate_safe(
    told_by_the_gate: list[Table], told_by_the_threshold: list[Table], tmp_path: Path
) -> None:
    """For a reader to whom a number is at most ten times what it is, and need not be whole."""
    g_confid = GConfid(tmp_path)
    everything = [*told_by_the_gate, *told_by_the_threshold]
    judged = g_confid.judged(everything)
    of_the_gate, of_the_threshold = judged[: len(told_by_the_gate)], judged[len(told_by_the_gate) :]
    for table, verdicts in zip(everything, judged, strict=True):
        ours = intervalles(as_a_system(table), table.withheld)
        assert verdicts.keys() == ours.keys()
        for case, interval in ours.items():
            assert (verdicts[case].low, verdicts[case].high) == pytest.approx(
                (interval.bas, interval.haut), abs=1e-4
            )
    for table, verdicts in zip(told_by_the_gate, of_the_gate, strict=True):
        small = [verdicts[case] for case in table.few]
        assert all(verdict.will_do and verdict.width >= WIDE - 1e-6 for verdict in small)
    for table, verdicts in zip(told_by_the_threshold, of_the_threshold, strict=True):
        narrow = Reader(table).narrow()
        assert {case for case in table.few if verdicts[case].width < WIDE - 1e-6} == set(narrow)
        exact = {case for case, (low, high) in narrow.items() if low == high}
        assert exact <= {case for case in table.few if not verdicts[case].will_do}


def as_a_system(table: Table) -> Systeme:
    """The table as our engine has it, for the reader of G-Confid."""
    cells = [
        Cellule(case, table.value(case), haut=10 * table.value(case), entiere=False)
        for case in {**table.true, **table.told}
    ]
    bonds = [Lien((*((part, 1.0) for part in parts), (total, -1.0))) for parts, total in table.sums]
    return Systeme(cells, bonds)


@pytest.mark.lent
def test_g_confid_finds_too_few_people_where_the_gate_does(
    resultats_of_ten: Resultats, told_by_the_threshold: list[Table], tmp_path: Path
) -> None:
    """By the same rule of five people; the gate is asked for the categories one by one."""
    decided = [too_few(resultats_of_ten, table) for table in told_by_the_threshold]
    assert sum(map(len, decided)) > 100
    assert GConfid(tmp_path).too_few(told_by_the_threshold) == decided


@pytest.mark.lent
def test_tau_argus_finds_too_few_people_where_the_gate_does(
    resultats_of_ten: Resultats, told_by_the_threshold: list[Table], tmp_path: Path
) -> None:
    """By the same rule of five people; the gate is asked for the categories one by one."""
    pytest.importorskip("pytauargus", reason="pytauargus has no wheel for this machine: nothing is compared")
    found = 0
    for table in told_by_the_threshold:
        few = too_few(resultats_of_ten, table)
        assert too_few_for_tau_argus(table, tmp_path) == few
        found += len(few)
    assert found > 100


def too_few(r: Resultats, table: Table) -> set[Case]:
    """The numbers of a table that the gate withholds for being of fewer than five people."""
    measures = [m for m in r.mesures if m.periode == table.day and (m.lieu, m.modalite) in table.true]
    measures = [m for m in measures if m.mesure in table.names]
    released = decider(measures, r.definitions, r.accords, unies=Reunies())
    found = {(one.content.lieu, one.content.modalite) for one in released if one.rule == "seuil-effectif"}
    return {case for case in found if case[0] != SMALLEST}
