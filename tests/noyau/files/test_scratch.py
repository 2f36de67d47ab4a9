"""What is not finished disappears, also after a kill."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import psutil
import pytest

from analysis.noyau.files.scratch import (
    put_in_place,
    read_within,
    scratch,
    sweep_below,
    temporary,
    write_or_share,
    write_whole,
)


def test_the_folder_is_gone_whatever_happens(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch(tmp_path / "runs") as folder:
        (folder / "moitie.txt").write_text("à moitié", encoding="utf-8")
        raise KeyboardInterrupt
    assert list((tmp_path / "runs").iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_uses_is_kept(tmp_path: Path) -> None:
    dead, alive = tmp_path / ".en-cours-4194305-x", tmp_path / f".en-cours-{os.getpid()}-y"
    dead.mkdir()
    alive.mkdir()
    with scratch(tmp_path):
        assert not dead.exists() and alive.exists()


def test_what_was_left_before_the_machine_started_is_nobody_s(tmp_path: Path) -> None:
    """After a power cut the number of who wrote it is soon that of another process."""
    before, since = (tmp_path / f".en-cours-{os.getppid()}-{name}" for name in ("avant", "depuis"))
    for left in (before, since):
        left.write_text("moitié", encoding="utf-8")
    start = psutil.boot_time()
    os.utime(before, (start - 5, start - 5))
    with scratch(tmp_path):
        assert not before.exists() and since.exists()


def test_what_is_left_anywhere_below_is_removed(tmp_path: Path) -> None:
    left = [tmp_path / "a" / ".en-cours-4194305-x", tmp_path / "a" / "b" / "c" / ".en-cours-4194305-y"]
    kept = tmp_path / "a" / f".en-cours-{os.getpid()}-z"
    for folder in (*left, kept):
        folder.mkdir(parents=True)
        (folder / "personnes.csv").write_text("P-1", encoding="utf-8")
    sweep_below(tmp_path)
    assert not any(folder.exists() for folder in left) and (kept / "personnes.csv").exists()


def test_a_folder_that_cannot_take_its_place_leaves_the_old_one(tmp_path: Path) -> None:
    old = tmp_path / "html"
    old.mkdir()
    (old / "index.html").write_text("hier", encoding="utf-8")
    with pytest.raises(FileNotFoundError), scratch(tmp_path) as folder:
        put_in_place(folder / "jamais-ecrit", old)
    assert (old / "index.html").read_text(encoding="utf-8") == "hier"


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "nouveau" / "a.txt"
    assert write_whole(path, "été\n") == path and path.read_bytes() == "été\n".encode()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"hiver")
    assert path.read_bytes() == "été\n".encode() and list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors are named on Linux")
def test_the_file_its_name_and_a_folder_that_takes_its_place_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled: list[str] = []
    real = os.fsync

    def noted(handle: int) -> None:
        settled.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    write_whole(tmp_path / "runs" / "a.txt", b"a")
    assert settled[0] == tmp_path.name  # where the new folder got its name
    assert settled[1].startswith(".en-cours-") and settled[2:] == ["runs"]
    settled.clear()
    new = tmp_path / "html"
    (new / "images").mkdir(parents=True)
    (new / "images" / "a.svg").write_text("<svg/>", encoding="utf-8")
    put_in_place(new, tmp_path / "site")
    assert set(settled[:-1]) == {"images", "a.svg", "html"} and settled[-1] == tmp_path.name


def test_a_folder_that_takes_the_place_of_another_shares_what_did_not_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "site", tmp_path / "neuf" / "site"
    for name in ("gardee.html", "changee.html", "ancienne.html"):
        write_whole(old / name, "une page")
    kept = (old / "gardee.html").stat().st_ino
    for name, text in (
        ("gardee.html", b"une page"),
        ("changee.html", b"une PAGE"),
        ("a/neuve.html", b"une page"),
    ):
        write_or_share(new / name, text, old / name)
    assert (old / "changee.html").read_text() == "une page"
    settled: list[Path] = []
    monkeypatch.setattr("analysis.noyau.files.scratch.settle", settled.append)
    put_in_place(new, old)
    assert {path.name for path in settled if path.suffix} == {"changee.html", "neuve.html"}
    assert (old / "gardee.html").stat().st_ino == kept
    assert (old / "gardee.html").stat().st_nlink == 1
    assert {path.relative_to(old).as_posix(): path.read_text() for path in old.rglob("*.html")} == {
        "gardee.html": "une page",
        "changee.html": "une PAGE",
        "a/neuve.html": "une page",
    }

    def refuse(self: Path, target: Path) -> None:
        raise OSError("no second name on this disk")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_or_share(new / "gardee.html", b"une page", old / "gardee.html")
    assert (new / "gardee.html").read_text() == "une page"
    assert not (new / "gardee.html").samefile(old / "gardee.html")


@pytest.mark.skipif(os.name == "nt", reason="permissions are those of Unix")
def test_a_file_is_for_whom_it_is_said_to_be(tmp_path: Path) -> None:
    assert write_whole(tmp_path / "codes.csv", b"", mode=0o600).stat().st_mode & 0o777 == 0o600


def test_files_that_a_killed_process_left_half_written_are_removed(tmp_path: Path) -> None:
    (tmp_path / ".en-cours-4194305-abc").write_text("moitié", encoding="utf-8")
    with scratch(tmp_path):
        assert not (tmp_path / ".en-cours-4194305-abc").exists()


def test_a_temporary_folder_is_its_owner_s_and_those_of_killed_processes_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead, other = tmp_path / "bilan-4194305-x", tmp_path / "bilan-de-quelqu-un"
    for folder in (dead, other):
        folder.mkdir()
    (dead / "noyau-1").touch()
    with temporary() as folder:
        assert not dead.exists() and other.exists() and folder.is_dir()
        assert os.name == "nt" or folder.stat().st_mode & 0o077 == 0
    assert not folder.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_file_is_read_within_its_measure_and_a_pipe_is_none(tmp_path: Path) -> None:
    path, pipe, link = tmp_path / "a", tmp_path / "p", tmp_path / "l"
    path.write_bytes(b"123456")
    os.mkfifo(pipe)
    link.symlink_to("/dev/zero")
    assert read_within(path, 6) == b"123456" and read_within(path, 5) is None
    for endless in (pipe, link, tmp_path / "absent"):
        with pytest.raises(OSError, match="n'est pas un fichier"):
            read_within(endless, 6)


def test_a_link_is_replaced_and_what_it_names_stays(tmp_path: Path) -> None:
    """A folder that someone sent may hold a link of the name that a command writes."""
    named, link = tmp_path / "important", tmp_path / "constats.xlsx"
    named.write_text("à garder", encoding="utf-8")
    link.symlink_to(named)
    write_whole(link, "des constats")
    assert named.read_text(encoding="utf-8") == "à garder" and not link.is_symlink()
