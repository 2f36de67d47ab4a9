"""A table found sound is not checked by the next process; one with a finding always is, and so is any other."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.noyau.declared import validation, verifiees
from analysis.noyau.declared.csv_files import RawTable
from analysis.noyau.declared.dictionary import Field
from analysis.noyau.declared.validation import validate

FIELDS = (Field("t", "c", "entier", True, (), "", False, "Un nombre."),)


def table(value: str) -> RawTable:
    return RawTable("t.csv", ("c",), {2: {"c": value}})


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cells of the tables that are really checked, in order."""
    found: list[str] = []
    real = validation._checked

    def noted(raw: RawTable, *others: object) -> object:
        found.append(raw.rows[2]["c"])
        return real(raw, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(validation, "_checked", noted)
    return found


def as_another_process() -> None:
    validation._CHECKED.clear()
    verifiees._known.cache_clear()
    verifiees._rules.cache_clear()


def test_what_an_earlier_process_found_sound_is_not_checked_again(
    tmp_path: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in ("12", "12", "x", "x"):
        as_another_process()
        assert len(validate(table(value), FIELDS, {}, stations=tmp_path)) == (value == "x")
    assert checked == ["12", "x", "x"]  # what is to be mended is told each time
    as_another_process()
    assert len(validate(table("13"), FIELDS, {}, stations=tmp_path)) == 0
    assert checked[3:] == ["13"]
    as_another_process()
    monkeypatch.setattr(verifiees, "sys", SimpleNamespace(version="another"))
    validate(table("12"), FIELDS, {}, stations=tmp_path)
    assert checked[4:] == ["12"]  # another Python may find another thing
    as_another_process()
    monkeypatch.setattr(verifiees, "_CODE", verifiees._CODE[:1])
    validate(table("12"), FIELDS, {}, stations=tmp_path)
    assert checked[5:] == ["12"]  # so may other rules


def test_a_line_that_was_cut_is_no_table_and_the_file_does_not_grow_for_ever(
    tmp_path: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    as_another_process()
    validate(table("12"), FIELDS, {}, stations=tmp_path)
    path = tmp_path / verifiees.FILE
    path.write_text(path.read_text("ascii")[:-9], encoding="ascii")
    as_another_process()
    validate(table("12"), FIELDS, {}, stations=tmp_path)
    assert checked == ["12", "12"]
    monkeypatch.setattr(verifiees, "_MOST", 4)
    for value in range(20, 30):
        as_another_process()
        validate(table(str(value)), FIELDS, {}, stations=tmp_path)
    assert len(path.read_text("ascii").splitlines()) <= 5


def test_nothing_is_noted_before_a_first_build(tmp_path: Path, checked: list[str]) -> None:
    as_another_process()
    assert validate(table("12"), FIELDS, {}, stations=tmp_path / "stations") == []
    assert not (tmp_path / "stations").exists()
