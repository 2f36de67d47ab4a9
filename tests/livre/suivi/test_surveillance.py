"""What people write is watched; what is computed, confidential or a program's own is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.livre.suivi.surveillance import changes, is_code, is_written, watched
from analysis.noyau.paths import Project
from analysis.stations.modules import package_root
from analysis.stations.whole import inputs

PROJECT = Project(Path("/bilan"))


@pytest.fixture
def tree(tmp_path: Path) -> Project:
    for name in (
        "data/dictionary",
        "data/depot/recus/val",
        "notebooks/textes",
        "docs/methods",
        "outputs/html",
    ):
        (tmp_path / name).mkdir(parents=True)
    return Project(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "data/errata.csv",
        "data/published/chiffres.csv",
        "data/publication/etat.md",
        "data/depot/recus/val/2026.json",
        "data/depot/relectures/remarques.csv",
        "notebooks/territoire.ipynb",
        "notebooks/textes/val.md",
        "docs/methods/secret.md",
    ],
)
def test_what_people_write_is_watched(tree: Project, name: str) -> None:
    assert is_written(tree, tree.root / name)


@pytest.mark.parametrize(
    "name",
    [
        "outputs/html/val.html",
        "papermill_runs/val.ipynb",
        "data/depot/prive/stations/mesures.json",
        "data/depot/val/classeur.xlsx",
        "data/depot/recus/.verrou",
        "data/editions/2026-1/releve.json",
        "data/open/insee.csv",
        "docs/guide.md",
        "notebooks/.ipynb_checkpoints/territoire-checkpoint.ipynb",
        "notebooks/.~territoire.ipynb",
        "notebooks/textes/.val.md.swp",
        "notebooks/textes/val.md~",
        "notebooks/textes/#val.md#",
        "notebooks/textes/4913",
        "notebooks/textes/val.md.tmp",
        "notebooks/textes/.en-cours-12-abc",
        "data/.~lock.errata.csv#",
        "data/~$errata.xlsx",
    ],
)
def test_what_is_computed_confidential_or_passing_is_not(tree: Project, name: str) -> None:
    assert not is_written(tree, tree.root / name)


def test_the_modules_and_what_stands_beside_them_are_code() -> None:
    template, cache = (
        package_root() / "livre" / "templates" / "bilan.css",
        package_root() / "__pycache__" / "x.pyc",
    )
    assert is_written(PROJECT, template) and is_code(template)
    assert not is_written(PROJECT, cache)
    assert not is_code(PROJECT.root / "data" / "errata.csv")


def test_whatever_a_build_reads_is_watched() -> None:
    """But the state of git, the lock and the version of Python, which need the command anew."""
    here = Project.here()
    package = package_root().parent.parent
    read = [
        (package if name.startswith("src/") else here.root)
        / (name.replace("src/", "src/analysis/", 1) if name.startswith("src/") else name)
        for name in inputs(here)
        if name not in ("l'état de git", "Python", "requirements.lock")
    ]
    assert len(read) > 300
    assert [path for path in read if not is_written(here, path)] == []
    folders = watched(here)
    assert [path for path in read if not any(path.is_relative_to(folder) for folder in folders)] == []


def test_what_changes_together_is_told_together_once_the_watch_has_begun(tree: Project) -> None:
    told = changes(tree)
    assert next(told) == frozenset()
    (tree.notebooks / ".~territoire.ipynb").write_text("{}", encoding="utf-8")
    (tree.outputs / "html" / "val.html").write_text("<html>", encoding="utf-8")
    (tree.texts / "val.md").write_text("Une phrase.", encoding="utf-8")
    (tree.data / "errata.csv").write_text("date,page,correction\n", encoding="utf-8")
    assert next(told) == {tree.texts / "val.md", tree.data / "errata.csv"}
    (tree.texts / "val.md").unlink()
    assert next(told) == {tree.texts / "val.md"}
