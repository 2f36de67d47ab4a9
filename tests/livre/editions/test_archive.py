"""An archive keeps an edition and what it is made of, and tells by name what is no longer so."""

from __future__ import annotations

import json
import stat
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from small import git, write_publishable

from analysis.cli import main
from analysis.livre.build import build
from analysis.livre.editions.archive import archiver
from analysis.livre.editions.archive_lue import Lue, reconstruire, verifier
from analysis.livre.editions.edition import SUMS, publish, sums
from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.files.sums import sha256_of
from analysis.noyau.paths import Project

Change = Callable[[dict[str, bytes]], object]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project in git, one edition of it sealed and recorded; a deposit that git does not keep."""
    project = Project(tmp_path / "projet")
    written = {
        ".gitignore": "data/depot/\noutputs/\n",
        "requirements.lock": "pandas==1\n",
        "data/ebe.csv": "ebe\nessai\n",
        "docs/été.md": "Une page.\n",
        "data/depot/recus/val/0001/depot.json": "{}",
        "scripts/lancer.sh": "#!/bin/sh\n",
    }
    for name, text in written.items():
        (project.root / name).parent.mkdir(parents=True, exist_ok=True)
        (project.root / name).write_text(text, encoding="utf-8", newline="\n")
    (project.root / "scripts/lancer.sh").chmod(0o755)
    git(project, "init")
    git(project, "add", ".")
    git(project, "commit", "-m", "état")
    asked = ["git", "-C", str(project.root), "rev-parse", "HEAD"]
    commit = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    sealed, record = project.sealed / "2026-1", project.editions / "2026-1"
    (sealed / "html").mkdir(parents=True)
    (sealed / "html" / "index.html").write_text("<p>Bilan</p>", encoding="utf-8")
    record.mkdir(parents=True)
    (record / "cellules.csv").write_text("page,ancre\n", encoding="utf-8")
    manifest = {
        "commit": commit,
        "verrou": sha256_of(project.lock),
        "python": "2.7.0",
        "outils": {},
        "depots": [],
        "chapitres": [],
        "sans": [],
    }
    for folder in (sealed, record):
        (folder / "manifeste.json").write_text(json.dumps(manifest), encoding="utf-8")
    for folder in (sealed, record):
        (folder / "sommes.sha256").write_text(sums(sealed), encoding="utf-8")
    return project


def elsewhere(project: Project) -> Project:
    """A project that has published nothing: who verifies an archive that was sent."""
    return Project(project.root.parent / "ailleurs")


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(path: Path, change: Change) -> Path:
    """The archive with other entries, written as ours are."""
    found = entries(path)
    change(found)
    changed = path.with_name("autre.zip")
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in found.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content)
    return changed


def test_an_edition_is_archived_whole_and_twice_the_same(project: Project, tmp_path: Path) -> None:
    path = archiver(project, "")
    assert path == project.outputs / "archives" / "bilan-2026-1.zip"
    assert path.read_bytes() == archiver(project, "2026-1", tmp_path / "b.zip").read_bytes()
    assert archiver(project, "2026-1") == path, "the same archive is left as it is"
    names = set(entries(path))
    assert names == {
        *("LISEZ-MOI.txt", "archive.json", "commit.txt", "sommes.sha256"),
        *("projet/.gitignore", "projet/requirements.lock", "projet/data/ebe.csv", "projet/docs/été.md"),
        *(
            "projet/scripts/lancer.sh",
            "edition/html/index.html",
            "edition/manifeste.json",
            "edition/sommes.sha256",
        ),
        *("releve/cellules.csv", "releve/manifeste.json", "releve/sommes.sha256"),
    }
    assert not any("depot" in name for name in names)
    with zipfile.ZipFile(path) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2016, 2, 29, 0, 0, 0)}
        archive.extractall(tmp_path / "tiré")
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", "sommes.sha256"], cwd=tmp_path / "tiré", check=False
    )
    assert checked.returncode == 0
    assert verifier(elsewhere(project), path).fautes == () == verifier(project, path).fautes


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda e: e.pop("projet/data/ebe.csv"), "manque : « projet/data/ebe.csv »"),
        (
            lambda e: e.update({"edition/html/index.html": b"<p>Autre</p>"}),
            "altéré : « edition/html/index.html »",
        ),
        (lambda e: e.update({"edition/html/x.html": b""}), "ajouté : « edition/html/x.html »"),
        (lambda e: e.update({"commit.txt": b"tree 00\n"}), "altéré : « commit.txt »"),
    ],
    ids=["missing", "altered", "added", "commit"],
)
def test_what_is_missing_altered_or_added_is_named(project: Project, change: Change, told: str) -> None:
    faults = verifier(elsewhere(project), rewrite(archiver(project, ""), change)).fautes
    assert any(fault.startswith(told) for fault in faults), faults


def test_a_file_altered_with_its_sum_is_told_by_the_commit_and_by_the_record(project: Project) -> None:
    import hashlib

    def forged(name: str, content: bytes) -> Change:
        def change(found: dict[str, bytes]) -> None:
            for listing, inner in (
                ("sommes.sha256", name),
                ("edition/sommes.sha256", name.removeprefix("edition/")),
            ):
                old, new = (hashlib.sha256(c).hexdigest().encode() for c in (found[name], content))
                found[listing] = found[listing].replace(
                    old + b"  " + inner.encode(), new + b"  " + inner.encode()
                )
            found[name] = content
            found["releve/sommes.sha256"] = found["edition/sommes.sha256"]
            lines = dict(line.split("  ", 1)[::-1] for line in found["sommes.sha256"].decode().splitlines())
            lines |= {n: hashlib.sha256(c).hexdigest() for n, c in found.items() if n in lines}
            found["sommes.sha256"] = "".join(f"{d}  {n}\n" for n, d in lines.items()).encode()

        return change

    path = archiver(project, "")
    told = verifier(elsewhere(project), rewrite(path, forged("projet/data/ebe.csv", b"ebe\nfaux\n"))).fautes
    assert len(told) == 1 and told[0].startswith("les fichiers de « projet/ » ne sont pas ceux du commit")
    told = verifier(project, rewrite(path, forged("edition/html/index.html", b"<p>Faux</p>"))).fautes
    assert len(told) == 1 and told[0].startswith("ce n'est pas l'édition 2026-1 que ce projet a publiée")


def hostile(
    path: Path, name: str, content: bytes = b"x", *, mode: int = stat.S_IFREG | 0o644, packed: bool = False
) -> Path:
    """The archive with one more entry."""
    changed = path.with_name("hostile.zip")
    changed.write_bytes(path.read_bytes())
    with zipfile.ZipFile(changed, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        archive.writestr(info, content)
    return changed


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../../etc/cron.d/x", "qui s'écrirait ailleurs"),
        ("/etc/passwd", "qui s'écrirait ailleurs"),
        ("projet/../../x", "qui s'écrirait ailleurs"),
        ("projet/.git/hooks/pre-commit", "qui s'écrirait ailleurs"),
        ("projet\\\\x", "qui s'écrirait ailleurs"),
        ("C:/x", "qui s'écrirait ailleurs"),
        ("projet/CON.txt", "qui s'écrirait ailleurs"),
        ("projet/data/EBE.csv", "deux fichiers nommés"),
    ],
)
def test_a_name_that_leaves_the_folder_is_refused(project: Project, name: str, told: str) -> None:
    with pytest.raises(BilanError, match=told):
        verifier(project, hostile(archiver(project, ""), name))


def test_links_compressed_entries_and_entries_larger_than_the_archive_are_refused(project: Project) -> None:
    path = archiver(project, "")
    with pytest.raises(BilanError, match="un lien"):
        verifier(project, hostile(path, "projet/lien", b"/etc/passwd", mode=stat.S_IFLNK | 0o777))
    with pytest.raises(BilanError, match="est compressé"):
        verifier(project, hostile(path, "projet/bombe", bytes(500), packed=True))
    content = path.read_bytes()
    place = content.rindex(b"PK\x01\x02")  # the last entry of the directory says that it holds a gigabyte
    huge = path.with_name("énorme.zip")
    huge.write_bytes(content[: place + 20] + struct.pack("<II", 10**9, 10**9) + content[place + 28 :])
    with pytest.raises(BilanError, match="plus grands que lui"):
        verifier(project, huge)


@pytest.mark.parametrize("kept", [0.5, 0.98, 0.0])
def test_a_file_cut_short_is_no_archive(project: Project, kept: float) -> None:
    path = archiver(project, "")
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(BilanError, match="ne se lit pas comme une archive"):
        verifier(project, path)


def test_a_byte_turned_is_told_of_its_file(project: Project) -> None:
    path = archiver(project, "")
    content = path.read_bytes()
    place = content.index(b"essai")
    path.write_bytes(content[:place] + b"E" + content[place + 1 :])
    assert "altéré : « projet/data/ebe.csv »" in verifier(project, path).fautes


def test_before_any_publication_there_is_nothing_to_archive(small: Project) -> None:
    with pytest.raises(BilanError, match="Aucune édition n'est publiée"):
        archiver(small, "")


def test_what_is_no_edition_any_more_is_not_archived(project: Project) -> None:
    with pytest.raises(UnknownName, match="2026-1"):
        archiver(project, "2026-9")
    path = archiver(project, "")
    path.write_bytes(b"autre chose")
    with pytest.raises(BilanError, match="existe déjà et contient autre chose"):
        archiver(project, "")
    assert path.read_bytes() == b"autre chose" and not list(path.parent.glob(".en-cours-*"))
    (project.sealed / "2026-1" / "html" / "index.html").write_text("<p>Retouché</p>", encoding="utf-8")
    with pytest.raises(BilanError, match="« html/index.html » a changé"):
        archiver(project, "")


def test_a_deposit_in_git_stops_the_archive(project: Project) -> None:
    git(project, "add", "--force", "data/depot/recus/val/0001/depot.json")
    git(project, "commit", "-m", "un dépôt")
    asked = ["git", "-C", str(project.root), "rev-parse", "HEAD"]
    commit = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    for folder in (project.sealed / "2026-1", project.editions / "2026-1"):
        manifest = json.loads((folder / "manifeste.json").read_text(encoding="utf-8"))
        (folder / "manifeste.json").write_text(json.dumps({**manifest, "commit": commit}), encoding="utf-8")
    for folder in (project.sealed / "2026-1", project.editions / "2026-1"):
        (folder / "sommes.sha256").write_text(sums(project.sealed / "2026-1"), encoding="utf-8")
    with pytest.raises(
        BilanError, match="Rien n'est archivé : git garde « data/depot/recus/val/0001/depot.json »"
    ):
        archiver(project, "")


def test_it_is_rebuilt_only_with_its_libraries_its_deposits_and_in_an_empty_folder(
    project: Project, tmp_path: Path
) -> None:
    path = archiver(project, "")
    lue: Lue = verifier(project, path)
    with pytest.raises(BilanError, match="python 2.7.0"):
        reconstruire(path, lue, tmp_path / "neuf")
    with pytest.raises(BilanError, match="n'est pas un dossier vide"):
        reconstruire(path, lue, project.root)
    assert not (tmp_path / "neuf").exists()


def test_the_commands_say_what_they_found(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(project.root))
    assert main(["archive"]) == 0
    path, told = capsys.readouterr().out.splitlines()
    assert told.endswith(sha256_of(Path(path)))
    assert main(["verifier-archive", path]) == 0
    assert "14 fichiers, tous justes" in capsys.readouterr().out
    changed = rewrite(Path(path), lambda e: e.pop("releve/cellules.csv"))
    assert main(["verifier-archive", str(changed)]) == 1
    assert "- manque : « releve/cellules.csv »" in capsys.readouterr().err


def test_an_earlier_record_that_the_commit_does_not_hold_goes_along(project: Project) -> None:
    """What was told before holds the next edition: without it, that one would not be made the same."""
    for folder in (project.sealed, project.editions):
        (folder / "2026-1").rename(folder / "2026-2")
    earlier = project.editions / "2026-1"
    earlier.mkdir()
    (earlier / "diffusion.csv").write_text("mesure\n", encoding="utf-8")
    assert entries(archiver(project, "2026-2"))["avant/2026-1/diffusion.csv"] == b"mesure\n"


WITHOUT = ("avant-propos",)


@pytest.mark.lent
def test_an_edition_is_made_again_from_its_archive_byte_for_byte_and_one_cut_short_is_finished(
    tmp_path: Path,
) -> None:
    project = write_publishable(tmp_path / "projet")
    assert build(project, codes=(), workers=2) == 0
    publish(project, "2026-1", without=WITHOUT)
    sealed, record = project.sealed / "2026-1", project.editions / "2026-1"
    path = archiver(project, "2026-1")
    lue = verifier(project, path)
    assert lue.fautes == () and "edition/html/index.html" in lue.sommes
    folder = tmp_path / "dossier neuf, à côté"
    assert reconstruire(path, lue, folder) == []
    assert (folder / "outputs" / "editions" / "2026-1" / SUMS).read_bytes() == (sealed / SUMS).read_bytes()
    asked = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    commit = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    assert commit == lue.fiche.commit

    kept = record.rename(tmp_path / "relevé mis de côté")
    publish(project, "2026-1", without=WITHOUT)
    assert sums(sealed) == (record / SUMS).read_text(encoding="utf-8")
    assert {p.name: p.read_bytes() for p in record.iterdir()} == {
        p.name: p.read_bytes() for p in kept.iterdir()
    }
