"""What an edition says that it is made of, without telling what is in it."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.livre import manifeste as module
from analysis.livre.manifeste import _decided, _deposits
from analysis.noyau.definitions import load_definitions
from analysis.noyau.mesures import Cadre
from analysis.noyau.paths import Project
from analysis.secret.regles import decider

FILE = hashlib.sha256(b"une reponse : oui").hexdigest()


class Kept:
    """A ledger of one deposit of one file."""

    def __init__(self, project: Project) -> None:
        pass

    def in_force(self, code: str) -> object:
        return SimpleNamespace(recu_le=date(2021, 7, 1), fichiers=[SimpleNamespace(sha256=FILE)])


def digests(root: Path, monkeypatch: pytest.MonkeyPatch, key: str | None) -> tuple[str, ...]:
    path = root / "cle"
    path.unlink(missing_ok=True)
    if key is not None:
        path.write_text(key, encoding="ascii")
    monkeypatch.setenv("BILAN_CLE", str(path))
    monkeypatch.setattr(module, "Ledger", Kept)
    register = SimpleNamespace(territoires=[SimpleNamespace(code="val")])
    (deposit,) = _deposits(Project(root), register)  # type: ignore[arg-type]
    assert path.exists() == (key is not None)
    return deposit.fichiers


def test_a_deposited_file_is_told_by_a_digest_that_takes_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who tries all the answers of a small file finds none of the digests, whatever part of it is printed."""
    (one,) = digests(tmp_path, monkeypatch, "ab" * 32)
    (other,) = digests(tmp_path, monkeypatch, "cd" * 32)
    assert one != other
    assert FILE[:16] not in (one[:16], other[:16])
    assert digests(tmp_path, monkeypatch, "ab" * 32) == (one,)


def test_without_the_key_no_digest_is_told_and_no_key_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert digests(tmp_path, monkeypatch, None) == ()


def test_the_counts_of_decisions_do_not_tell_the_rules() -> None:
    definitions = load_definitions(Project.here())
    val = Cadre("val", "reel", "dépôt n° 1", definitions)
    mesures = [
        val.compte("embauchees", "2019-12-31", 3),
        val.compte("volontaires_eligibles", "2019-12-31", 30),
        val.compte("effectif_fin_mois", "2019-12", 12),
        val.absente("ppde_estimees", "2019-12-31", "rien"),
    ]
    assert [_decided(one) for one in decider(mesures, definitions, frozenset())] == [
        "retenues",
        "montrées",
        "arrondies",
        "montrées",
    ]
