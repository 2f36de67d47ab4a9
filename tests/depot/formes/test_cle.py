"""The key: made once, kept by its owner, never replaced nor shown."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

import pytest
from small import REPOSITORY

from analysis.depot.formes.cle import CLE_DEMONSTRATION, Cle, check_mark, forme, key_path, load_key
from analysis.depot.formes.constats import DepotError


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
    assert not key_path().is_relative_to(REPOSITORY)


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


SPELLINGS = ("P-017", "P017", "p017", "P 017", "P\u00a0017", "P\u2011017", "p_017", "P~017", " P-0-17 ")


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_a_person_is_told_by_letters_and_digits_alone(spelled: str) -> None:
    empreinte = CLE_DEMONSTRATION.empreinte("val")
    assert forme(spelled) == "P017" and empreinte(spelled) == empreinte("P-017")
    assert empreinte(spelled) != empreinte("P-17") and empreinte(spelled) != empreinte("Q-017")


def before(identifiant: str, territoire: str = "val") -> str:
    """The hash that the version before kept: a hyphen counted."""
    message = f"{territoire}\0{identifiant.upper()}".encode()
    return hmac.new(CLE_DEMONSTRATION.secret, message, hashlib.sha256).hexdigest()[:20]


@pytest.mark.parametrize("spelled", ["P-017", "p-017", "P-01-7", "P-0-1-7", "P-017.b"])
def test_a_hash_kept_before_is_found_under_the_identifier(spelled: str) -> None:
    empreinte = CLE_DEMONSTRATION.empreinte("val")
    assert before(spelled) in empreinte.anciennes(spelled)
    assert before("P-018") not in empreinte.anciennes("P-017")
    assert before("P017") == empreinte("P-017")  # what had no hyphen has the hash that it had


def test_a_hash_kept_of_an_identifier_is_found_from_another_spelling_of_it() -> None:
    empreinte = CLE_DEMONSTRATION.empreinte("val")
    assert before("P-017") in empreinte.anciennes("p017") and before("P-017") in empreinte.anciennes("P 017")
