"""The key: made once, kept by its owner, never replaced nor shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analysis.depot.cle import CLE_DEMONSTRATION, Cle, check_mark, key_path, load_key
from analysis.depot.constats import DepotError


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BILAN_CLE", str(tmp_path / "coffre" / "cle"))
    return key_path()


def test_a_key_is_made_at_first_use_then_read(path: Path) -> None:
    assert not path.exists()
    first = load_key(())
    assert load_key([first.marque]) == first and len(first.secret) == 32
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "00" * 31])
def test_a_damaged_key_is_told_and_not_replaced(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="ascii")
    with pytest.raises(DepotError, match="ne contient pas de clé"):
        load_key(())
    assert path.read_text(encoding="ascii") == content


def test_no_new_key_is_made_where_deposits_have_one(path: Path) -> None:
    with pytest.raises(DepotError, match="abc123"):
        load_key({"abc123"})
    assert not path.exists()


def test_without_the_variable_the_key_is_outside_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BILAN_CLE", raising=False)
    assert not key_path().is_relative_to(Path(__file__).resolve().parents[2])


def test_a_key_is_not_shown() -> None:
    assert CLE_DEMONSTRATION.secret.decode() not in repr(CLE_DEMONSTRATION)
    assert CLE_DEMONSTRATION.secret.hex() not in repr(CLE_DEMONSTRATION)
    assert CLE_DEMONSTRATION.marque in repr(CLE_DEMONSTRATION)


def test_hashes_differ_by_key_and_are_hexadecimal() -> None:
    hashed = CLE_DEMONSTRATION.empreinte("val")("P-1")
    assert len(hashed) == 20 and set(hashed) <= set("0123456789abcdef")
    assert Cle(b"une autre").empreinte("val")("P-1") != hashed


def test_one_person_is_the_same_whatever_the_case_and_another_in_each_territory() -> None:
    val, vide = (CLE_DEMONSTRATION.empreinte(code) for code in ("val", "vide"))
    assert val("P-1") == val("p-1") != vide("P-1")
    assert val("P-1") != val("P-10") != val("P1")


def test_another_key_than_that_of_the_deposits_is_refused() -> None:
    check_mark(CLE_DEMONSTRATION, set(), "val")
    check_mark(CLE_DEMONSTRATION, {CLE_DEMONSTRATION.marque}, "val")
    with pytest.raises(DepotError, match="n'est pas celle"):
        check_mark(Cle(b"une autre"), {CLE_DEMONSTRATION.marque}, "val")


def test_a_key_that_is_no_text_is_told_and_not_replaced(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff" * 64)
    with pytest.raises(DepotError, match="ne contient pas de clé"):
        load_key(())
    assert path.read_bytes() == b"\xff" * 64
