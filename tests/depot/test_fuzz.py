"""No deposit makes the reader fail, nor what is computed of it: some spoiled ones, and what must hold of any rows.

``BILAN_FUZZ=2000`` asks for two thousand spoiled deposits, and for the chapters of a tenth as many. ``benchmarks/fuzz.py``
runs as many with limits of time and memory, and those that write tens of megabytes.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import mutations
import pytest
import usages  # noqa: F401  (registers its mutations)
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mutations import FAMILIES, Clean, Mutation, attempt, declared_once, draw, project_of, spoiled, stopped_by

from analysis.depot import commandes_depot
from analysis.depot.dossier import Depot, read_depot
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.paths import Project

NUMBER = int(os.environ.get("BILAN_FUZZ", "75"))
CASES = draw(NUMBER, heavy=False)
RECEIVED = ("ledgers", "dialects", "habits", "exports", "beside", "cells", "accounts", "surveys")
"""The families whose deposits are most often received: they change what is computed."""
FEW = settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Clean]:
    """A project of invented territories, and what the smallest of them sends."""
    root = tmp_path_factory.mktemp("projet")
    return root, project_of(root)[1][0]


@pytest.fixture(scope="module")
def referentiel(invented: tuple[Path, Clean]) -> Referentiel:
    return load_referentiel(Project(invented[0], "demonstration"))


def test_every_family_is_drawn() -> None:
    assert {case.family for case in CASES} == set(FAMILIES)


@pytest.mark.skipif(os.name == "nt", reason="liens, tubes et droits ne sont pas ceux de Windows")
@pytest.mark.parametrize(
    ("seed", "case"),
    enumerate(CASES),
    ids=[f"{case.family}-{case.name}-{seed}" for seed, case in enumerate(CASES)],
)
def test_a_spoiled_deposit_is_told_and_nothing_is_kept_by_halves(
    invented: tuple[Path, Clean],
    referentiel: Referentiel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    case: Mutation,
) -> None:
    pattern, clean = invented
    root = tmp_path / "projet"
    shutil.copytree(pattern, root)
    monkeypatch.setenv("BILAN_CLE", str(tmp_path / "cle"))
    for module in (commandes_depot, mutations):  # it is the same for all: read once
        monkeypatch.setattr(module, "load_referentiel", lambda _project: referentiel)
    spoiled(case, seed, clean, tmp_path / "envoi" / clean.code)
    outcome = attempt(Project(root, "demonstration"), tmp_path / "envoi" / clean.code)
    assert outcome.kind in ("received", "refused", "told"), outcome.detail
    assert outcome.partial == ""


@pytest.mark.skipif(os.name == "nt", reason="liens, tubes et droits ne sont pas ceux de Windows")
def test_no_chapter_is_stopped_by_what_is_received(
    invented: tuple[Path, Clean], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern, clean = invented
    monkeypatch.setenv("BILAN_CLE", str(tmp_path / "cle"))
    for module, name, read in list(declared_once(Project(pattern, "demonstration"))):
        monkeypatch.setattr(module, name, read)
    cases = [case for case in draw(NUMBER * 3, heavy=False) if case.family in RECEIVED]
    reached = 0
    for seed, case in enumerate(cases[:: len(cases) // (NUMBER // 10)], start=1000):
        project = Project(tmp_path / f"{case.name}-{seed}", "demonstration")
        shutil.copytree(pattern, project.root)
        spoiled(case, seed, clean, project.root / "envoi" / clean.code)
        outcome = attempt(project, project.root / "envoi" / clean.code)
        assert outcome.kind in ("received", "refused", "told"), (case.name, seed, outcome.detail)
        if outcome.kind == "received":
            reached += 1
            assert stopped_by(project, clean.code) == "", (case.name, seed)
    assert reached * 2 > NUMBER // 10


def read(tables: Rows, clean: Clean, referentiel: Referentiel, folder: Path) -> Depot:
    """The deposit of these rows, with its files."""
    shutil.rmtree(folder, ignore_errors=True)
    clean.write(folder)
    write_workbook(folder / clean.name, referentiel, clean.code, tables)
    return read_depot(folder, referentiel, empreinte=CLE_DEMONSTRATION.empreinte)


def valid(depot: Depot) -> dict[str, Counter[str]]:
    """The valid rows of each sheet, whatever their order."""
    return {
        name: Counter(str(row) for row in lecture.frame.to_dict("records"))
        for name, lecture in depot.lectures.items()
        if "/" not in name
    }


def in_place(depot: Depot) -> list[tuple[str, str, str]]:
    """The findings, but for their lines."""
    return sorted((c.regle, c.feuille, c.entete) for c in depot.constats)


@st.composite
def faulty_rows(draw: st.DrawFn, tables: Rows, referentiel: Referentiel) -> Rows:
    """The rows with a few cells spoiled, no key among them: of two rows of one key the first is kept."""
    rows = {table: [dict(row) for row in of_table] for table, of_table in tables.items()}
    for _ in range(draw(st.integers(0, 6))):
        table = draw(st.sampled_from([name for name in rows if name != "depot" and rows[name]]))
        key = referentiel.layout.sheet(table).cle
        row = draw(st.sampled_from(rows[table]))
        champ = draw(st.sampled_from([champ for champ in row if champ not in key]))
        row[champ] = draw(st.sampled_from([None, "1 234,5", -1, "x", "12/03/2018", "\u200f", 2018]))
    return rows


@FEW
@given(data=st.data())
def test_the_order_of_rows_does_not_change_which_are_valid(
    data: st.DataObject, invented: tuple[Path, Clean], referentiel: Referentiel, tmp_path: Path
) -> None:
    clean = invented[1]
    rows = data.draw(faulty_rows(clean.tables, referentiel))
    shuffled = {table: data.draw(st.permutations(of_table)) for table, of_table in rows.items()}
    before = read(rows, clean, referentiel, tmp_path / clean.code)
    after = read(shuffled, clean, referentiel, tmp_path / clean.code)
    assert valid(before) == valid(after)


@FEW
@given(data=st.data())
def test_a_blank_row_changes_nothing(
    data: st.DataObject, invented: tuple[Path, Clean], referentiel: Referentiel, tmp_path: Path
) -> None:
    clean = invented[1]
    rows = data.draw(faulty_rows(clean.tables, referentiel))
    spaced = {table: list(of_table) for table, of_table in rows.items()}
    for table in data.draw(st.lists(st.sampled_from([t for t in rows if t != "depot"]), max_size=8)):
        spaced[table].insert(data.draw(st.integers(0, len(spaced[table]))), {})
    before = read(rows, clean, referentiel, tmp_path / clean.code)
    after = read(spaced, clean, referentiel, tmp_path / clean.code)
    assert valid(before) == valid(after)
    assert in_place(before) == in_place(after)


@FEW
@given(text=st.text(max_size=40), data=st.data())
def test_a_finding_never_quotes_a_cell_about_a_person(
    text: str, data: st.DataObject, invented: tuple[Path, Clean], referentiel: Referentiel, tmp_path: Path
) -> None:
    clean, told = invented[1], f"Qx{text}xQ"
    rows = {table: [dict(row) for row in of_table] for table, of_table in clean.tables.items()}
    row = data.draw(st.sampled_from(rows["personnes"]))
    row[data.draw(st.sampled_from(sorted(row)))] = told
    depot = read(rows, clean, referentiel, tmp_path / clean.code)
    assert all(told not in str(constat) for constat in depot.constats)
