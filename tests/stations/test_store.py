"""What is kept is given back for the same inputs, and only whole."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from analysis.stations import store as stations
from analysis.stations.store import ANEW, DAMAGED, NEVER, RULE_CHANGED, Store, changed, of_files, sha256


def never() -> bytes:
    raise AssertionError("made again")


def test_the_same_inputs_are_not_worked_on_again(tmp_path: Path) -> None:
    first = Store(tmp_path)
    assert first.take("etude", {"a.csv": "1"}, lambda: b"un") == b"un"
    assert first.verdicts["etude"].reason == NEVER
    again = Store(tmp_path)
    assert again.take("etude", {"a.csv": "1"}, never) == b"un" and again.verdicts["etude"].is_kept


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"a.csv": "2"}, "a changé : a.csv"),
        ({}, "a changé : a.csv"),
        ({"a.csv": "1", "b.csv": "1"}, "a changé : b.csv"),
        ({"c.csv": "1", "b.csv": "1"}, "ont changé : c.csv, b.csv, a.csv"),
    ],
)
def test_other_inputs_are_named(tmp_path: Path, inputs: dict[str, str], reason: str) -> None:
    Store(tmp_path).take("etude", {"a.csv": "1"}, lambda: b"un")
    store = Store(tmp_path)
    assert store.take("etude", inputs, lambda: b"deux") == b"deux"
    assert store.verdicts["etude"].reason == reason
    assert Store(tmp_path).take("etude", inputs, never) == b"deux"


@pytest.mark.parametrize("damage", [b"", b"u", b"un "])
def test_a_product_that_is_not_that_of_its_record_is_made_again(tmp_path: Path, damage: bytes) -> None:
    Store(tmp_path).take("pdf/a.pdf", {}, lambda: b"un")
    (tmp_path / "pdf" / "a.pdf").write_bytes(damage)
    store = Store(tmp_path)
    assert store.take("pdf/a.pdf", {}, lambda: b"un") == b"un"
    assert store.verdicts["pdf/a.pdf"].reason == DAMAGED


@pytest.mark.parametrize("text", ["", "{", "[]", '{"rule": 1}'])
def test_a_record_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    Store(tmp_path).take("a", {}, lambda: b"un")
    (tmp_path / "a.fiche").write_text(text, encoding="utf-8")
    assert Store(tmp_path).kept("a", {}) is None


def test_another_rule_and_being_asked_make_all_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(tmp_path).take("a", {}, lambda: b"un")
    asked = Store(tmp_path, anew=True)
    assert asked.kept("a", {}) is None and asked.verdicts["a"].reason == ANEW
    monkeypatch.setattr(stations, "RULE", stations.RULE + 1)
    store = Store(tmp_path)
    assert store.kept("a", {}) is None and store.verdicts["a"].reason == RULE_CHANGED


def test_what_failed_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        Store(tmp_path).take("a", {}, never)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_longer_made_is_forgotten(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for place in ("pages/a.html", "pages/b.html", "autre/c"):
        store.take(place, {}, lambda: b"")
    store.forget("pages", ["pages/a.html"])
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"pages/a.html", "pages/a.html.fiche", "autre/c", "autre/c.fiche"}


def test_files_are_named_from_the_root_and_one_that_comes_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes(b"a")
    before = of_files(tmp_path, [tmp_path / "data", tmp_path / "b.toml"])
    assert before == {"data/a.csv": sha256(b"a")}
    (tmp_path / "b.toml").write_bytes(b"b")
    assert changed(before, of_files(tmp_path, [tmp_path / "data", tmp_path / "b.toml"])) == ["b.toml"]


@pytest.mark.parametrize("cut_at", [0, 1])
def test_a_full_disk_leaves_the_product_of_before_and_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut_at: int
) -> None:
    """The disk is full at the product, then at its record: neither is taken for done."""
    Store(tmp_path).take("pdf/a.pdf", {"a": "1"}, lambda: b"un")
    written, whole = [], stations.write_whole

    def full(path: Path, content: bytes | str, **options: int) -> Path:
        written.append(path)
        if len(written) > cut_at:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return whole(path, content, **options)

    monkeypatch.setattr(stations, "write_whole", full)
    with pytest.raises(OSError, match="No space left"):
        Store(tmp_path).take("pdf/a.pdf", {"a": "2"}, lambda: b"deux")
    monkeypatch.undo()
    assert sorted(p.name for p in (tmp_path / "pdf").iterdir()) == ["a.pdf", "a.pdf.fiche"]
    assert Store(tmp_path).kept("pdf/a.pdf", {"a": "2"}) is None
    assert (Store(tmp_path).kept("pdf/a.pdf", {"a": "1"}) == b"un") == (cut_at == 0)
    assert Store(tmp_path).take("pdf/a.pdf", {"a": "2"}, lambda: b"deux") == b"deux"


def test_files_of_a_folder_are_told_in_order_without_hidden_ones_and_the_folders_left_out(
    tmp_path: Path,
) -> None:
    for name in ("b/z.txt", "b/.cache", "a.txt", "b/__pycache__/c.pyc", "b/__pycache__/d/e.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    found = of_files(tmp_path, [tmp_path, tmp_path / "absent"], but=("__pycache__",))
    assert list(found.items()) == [("a.txt", sha256(b"a.txt")), ("b/z.txt", sha256(b"b/z.txt"))]
    (tmp_path / "a.txt").write_bytes(b"2")
    assert of_files(tmp_path, [tmp_path / "a.txt"]) == {"a.txt": sha256(b"2")}
