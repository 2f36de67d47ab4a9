"""A case type is simulated once; what it was made of is part of its address."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from menages import SEULE

from analysis.indicateurs.depenses_passives.loi import conservation
from analysis.indicateurs.depenses_passives.loi.cas_types import CasType
from analysis.indicateurs.depenses_passives.loi.conservation import fournir, montants, signature
from analysis.indicateurs.depenses_passives.resultats import ExceptionDeclaree

OTHER = replace(SEULE, cas="autre", loyer=400.0)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The names that each simulation was asked for; the model itself is not loaded."""
    calls: list[list[str]] = []

    def simulated(cases: list[CasType], *_: object, **__: object) -> pd.DataFrame:
        calls.append([case.cas for case in cases])
        keys = [case.situation_key() for case in cases]
        return pd.DataFrame(
            {"cas": keys, "situation": "en_ebe", "mois": "2019-01", "rsa": [c.loyer for c in cases]}
        )

    monkeypatch.setattr(conservation, "simuler", simulated)
    return calls


def test_each_distinct_case_is_simulated_once_and_then_read(tmp_path: Path, asked: list[list[str]]) -> None:
    first = montants([SEULE, replace(SEULE, cas="jumeau")], [], store=tmp_path)
    again = montants([SEULE, OTHER], [], store=tmp_path)
    assert asked == [["jumeau"], ["autre"]] and len(first) == 1 and len(again) == 2
    pd.testing.assert_frame_equal(montants([OTHER, SEULE], [], store=tmp_path), again)
    assert len(asked) == 2


def test_another_legislation_is_another_address(tmp_path: Path, asked: list[list[str]]) -> None:
    exception = ExceptionDeclaree("parametre", "a.b", "2019-01-01", "2019-09-30", 0.2849, "constat", "texte")
    assert signature([]) != signature([exception]) == signature([exception])
    montants([SEULE], [], store=tmp_path)
    montants([SEULE], [exception], store=tmp_path)
    assert len(asked) == 2


def test_a_kept_case_that_cannot_be_read_is_simulated_again(tmp_path: Path, asked: list[list[str]]) -> None:
    montants([SEULE], [], store=tmp_path)
    with sqlite3.connect(tmp_path / "cas_types.sqlite") as base:
        base.execute("UPDATE cas SET montants = ?", (b"abime",))
    montants([SEULE], [], store=tmp_path)
    assert len(asked) == 2


def test_the_work_is_told(tmp_path: Path, asked: list[list[str]]) -> None:
    told: list[str] = []
    montants([SEULE, OTHER], [], store=tmp_path, progress=told.append)
    assert told == ["2 cas types à simuler, 0 déjà conservé"] and asked


def test_a_store_that_is_no_store_stops_nothing_and_is_told(tmp_path: Path, asked: list[list[str]]) -> None:
    (tmp_path / "cas_types.sqlite").write_bytes(b"tout autre chose " * 400)
    told: list[str] = []
    found = montants([SEULE], [], store=tmp_path, progress=told.append)
    assert len(found) == 1 and len(asked) == 1
    assert any("non conservés" in text and "effacez ce dossier" in text for text in told)


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path, asked: list[list[str]]) -> None:
    (tmp_path / "fichier").write_text("occupé", encoding="utf-8")
    assert len(montants([SEULE], [], store=tmp_path / "fichier" / "dossier")) == 1 and len(asked) == 1


def test_what_the_project_supplies_is_read_first_and_only_of_the_same_legislation(
    tmp_path: Path, asked: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conservation, "folder", lambda: tmp_path / "machine")
    path = tmp_path / "fournis.csv.xz"
    fournir(path, [SEULE, OTHER], [])
    again = montants([OTHER], [], store=tmp_path / "autre", fournis=path)
    assert len(asked) == 1 and list(again["rsa"]) == [400.0]
    exception = ExceptionDeclaree("parametre", "a.b", "2019-01-01", "2019-09-30", 0.2849, "constat", "texte")
    montants([OTHER], [exception], store=tmp_path / "autre", fournis=path)
    path.write_bytes(b"abime")
    montants([OTHER], [], store=tmp_path / "autre", fournis=path)
    montants([OTHER], [], store=tmp_path / "encore", fournis=tmp_path / "absent")
    assert len(asked) == 4
