"""What of a demonstration is kept, what a change makes again, and what a kill in the middle leaves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.demonstration.etapes import envois, inchangee
from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import recevoir_envois
from analysis.demonstration.etapes.relecture import ecrire_textes, relire
from analysis.demonstration.lieux import Lieu, territoires
from analysis.noyau.paths import Project
from analysis.stations.store import Store, of_files

LIEUX = territoires(3)
ORBESSON = next(lieu for lieu in LIEUX if lieu.code == "orbesson")


@pytest.fixture
def copy(invented: Project, tmp_path: Path) -> Project:
    """A copy of the built demonstration of three territories; the site and its stations apart."""
    ignored = shutil.ignore_patterns("html", "pdf")
    return Project(shutil.copytree(invented.checkout, tmp_path / "projet", ignore=ignored)).demonstration


def received(invented: Project, lieu: Lieu) -> dict[str, str]:
    return of_files(invented.root, [invented.depots / lieu.code, invented.depots / "recus" / lieu.code])


def sent(invented: Project) -> int:
    return recevoir_envois(invented, LIEUX, Store(invented.stations_privees))


def edit(invented: Project, table: str, old: str, new: str) -> None:
    path = invented.dictionary / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def test_a_demonstration_of_which_nothing_changed_is_not_made_again(
    invented: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(invented.checkout))
    before = inchangee.left(Project(invented.checkout))
    assert main(["demonstration", "--territoires", "3"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Rien n'a changé") and str(invented.html / "index.html") in said
    assert inchangee.left(Project(invented.checkout)) == before


def test_why_it_is_made_is_told_in_a_clause(copy: Project) -> None:
    project = Project(copy.checkout)
    assert inchangee.reason(project, 4) == "a changé : le nombre de territoires"
    assert "modifié ou coupé" in inchangee.reason(project, 3)  # the copy has no site
    path = project.dictionary / "glossaire.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    assert inchangee.reason(project, 3) == "a changé : data/dictionary/glossaire.csv"
    shutil.rmtree(copy.stations)
    assert inchangee.reason(project, 3) == "jamais fait"


def test_a_word_that_no_deposit_is_made_of_makes_none_again(copy: Project) -> None:
    edit(copy, "glossaire", ".", " !")
    assert sent(copy) == 0


def test_what_was_kept_of_one_deposit_makes_that_one_again_and_the_same(copy: Project) -> None:
    before = received(copy, ORBESSON)
    path = next((copy.depots / "recus" / "orbesson").rglob("tables/*.csv"))
    path.write_bytes(path.read_bytes()[:-3])
    assert sent(copy) == 1
    assert received(copy, ORBESSON) == before


def test_how_long_deposits_are_kept_makes_them_again_and_changes_their_record_alone(copy: Project) -> None:
    before = received(copy, ORBESSON)
    edit(copy, "conservation", "tables,60", "tables,61")
    assert recevoir_envois(copy, [ORBESSON], Store(copy.stations_privees)) == 1
    after = received(copy, ORBESSON)
    assert set(after) == set(before)
    changed = {Path(name).name for name, digest in after.items() if before[name] != digest}
    assert changed == {"depot.json"}, "the day of their erasure, no table"


def test_a_kill_in_the_middle_of_a_deposit_leaves_nothing_that_is_taken_for_done(
    copy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = received(copy, ORBESSON)
    (copy.depots / "orbesson" / "depot-orbesson.xlsx").write_bytes(b"")
    with monkeypatch.context() as patch:
        patch.setattr(envois, "receive_coding", _killed)
        with pytest.raises(KeyboardInterrupt):
            sent(copy)
    assert received(copy, ORBESSON) != before
    assert sent(copy) == 1
    assert received(copy, ORBESSON) == before


def _killed(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_the_places_that_no_longer_send_leave_nothing(copy: Project) -> None:
    prepare(Project(copy.checkout), copy, [ORBESSON])
    assert not copy.depots.exists()


def test_a_spoiled_review_alone_is_held_again_and_says_the_same(copy: Project) -> None:
    register = copy.relectures / "valcourbe-sur-lisse" / "commentaires.csv"
    text = copy.texts / "valcourbe-sur-lisse.md"
    said, written = register.read_bytes(), text.read_bytes()
    register.write_bytes(said + b"rature")
    (copy.relectures / "ailleurs").mkdir()
    kept = Store(copy.stations_privees)
    ecrire_textes(copy, LIEUX, kept)
    assert text.read_bytes() != written, "the text of before the remarks"
    review = relire(copy, LIEUX, kept, workers=1)
    assert review.faites == 1 and review.remarques > 5
    assert (register.read_bytes(), text.read_bytes()) == (said, written)
    assert not (copy.relectures / "ailleurs").exists()
    ecrire_textes(copy, LIEUX, kept)
    assert relire(copy, LIEUX, kept, workers=1).faites == 0
