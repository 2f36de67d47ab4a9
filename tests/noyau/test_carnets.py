"""Notebooks are stored without what their cells showed, whatever writes them; git keeps no deposit."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from small import REPOSITORY

from analysis.noyau.carnets import clean, forget_outputs, has_outputs, with_outputs

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
SHOWN = {"output_type": "stream", "name": "stdout", "text": ["Femmes 50 (1 / 2)\n"]}


def saved(path: Path) -> str:
    """A notebook as an editor saves it once it has run: outputs, counts, its own traces."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for rank, cell in enumerate(notebook["cells"]):
        cell["metadata"]["editor"] = {"trusted": True}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [SHOWN], "execution_count": rank}
    notebook["metadata"]["language_info"] |= {"version": "3.12.1", "pygments_lexer": "ipython3"}
    notebook["metadata"]["widgets"] = {"state": "1 / 2"}
    return json.dumps(notebook)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_that_ran_is_stored_as_it_was_before(path: Path) -> None:
    text = saved(path)
    assert has_outputs(text)
    assert clean(text) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "<<<<<<< HEAD", "[]", '{"cells": 3}', '{"cells": ["1 / 2"]}'])
def test_what_is_no_notebook_is_kept_by_the_filter_and_counts_as_shown(text: str) -> None:
    assert clean(text) == text
    assert has_outputs(text)


def test_a_folder_forgets_what_its_notebooks_showed(tmp_path: Path) -> None:
    aside = tmp_path / ".ipynb_checkpoints"
    aside.mkdir()
    for path in (tmp_path / "a.ipynb", tmp_path / "a-Copy1.ipynb", aside / "a-checkpoint.ipynb"):
        path.write_text(saved(NOTEBOOKS[0]), encoding="utf-8")
    shutil.copy(NOTEBOOKS[1], tmp_path / "b.ipynb")
    (tmp_path / "conflit.ipynb").write_text("<<<<<<< 1 / 2", encoding="utf-8")
    changed = [path.name for path in forget_outputs(tmp_path)]
    assert sorted(changed) == ["a-Copy1.ipynb", "a-checkpoint.ipynb", "a.ipynb", "conflit.ipynb"]
    left = {path.name: path.read_bytes() for path in tmp_path.rglob("*.ipynb")}
    first, second = (path.read_bytes() for path in NOTEBOOKS[:2])
    assert left == {"a.ipynb": first, "a-Copy1.ipynb": first, "b.ipynb": second}
    assert not list(with_outputs(tmp_path))


def test_git_cleans_with_a_python_that_has_no_library() -> None:
    asked = [sys.executable, "-I", "-S", str(REPOSITORY / "src/analysis/noyau/carnets.py"), "clean"]
    done = subprocess.run(asked, input=saved(NOTEBOOKS[0]).encode(), capture_output=True)
    assert done.stderr == b""
    assert done.stdout == NOTEBOOKS[0].read_bytes()


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with the project's guard and one notebook, made once. To be copied."""
    root = tmp_path_factory.mktemp("garde") / "mon évaluation"
    (root / "notebooks").mkdir(parents=True)
    for name in (".gitattributes", ".gitignore", "setup_env.py"):
        shutil.copy(REPOSITORY / name, root)
    shutil.copytree(REPOSITORY / ".githooks", root / ".githooks")
    (root / "src" / "analysis" / "noyau").mkdir(parents=True)
    shutil.copy(REPOSITORY / "src/analysis/noyau/carnets.py", root / "src/analysis/noyau")
    git(root, "init")
    git(root, "config", "user.name", "essai")
    git(root, "config", "user.email", "essai@example.org")
    spec = importlib.util.spec_from_file_location("setup_env_guarded", root / "setup_env.py")
    assert spec is not None and spec.loader is not None
    setup_env = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(setup_env)
    setup_env.guard_git()
    shutil.copy(NOTEBOOKS[0], root / "notebooks" / "carnet.ipynb")
    git(root, "add", ".")
    git(root, "commit", "-m", "état")
    return root


@pytest.fixture
def guarded(guard: Path, tmp_path: Path) -> Path:
    """The guarded repository, in a folder with a blank and an accent."""
    return Path(shutil.copytree(guard, tmp_path / guard.name))


def git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_git_keeps_a_notebook_without_its_outputs(guarded: Path) -> None:
    path = guarded / "notebooks" / "carnet.ipynb"
    path.write_text(saved(NOTEBOOKS[0]), encoding="utf-8")
    assert git(guarded, "status", "--porcelain").stdout in ("", " M notebooks/carnet.ipynb\n")
    git(guarded, "add", ".")
    assert git(guarded, "diff", "--cached", "--name-only").stdout == ""


def test_git_refuses_a_notebook_with_outputs_where_the_filter_is_gone(guarded: Path) -> None:
    git(guarded, "config", "--remove-section", "filter.sans-sorties")
    path = guarded / "notebooks" / "carnet.ipynb"
    path.write_text(saved(NOTEBOOKS[0]), encoding="utf-8")
    refusal = git(guarded, "commit", "-am", "un carnet")
    assert refusal.returncode == 1
    assert "notebooks/carnet.ipynb : un carnet avec ses sorties" in refusal.stderr


COMPUTED = ("data/depot/thiers/depot.xlsx", "outputs/html/index.html", "papermill_runs/a.ipynb")


def test_git_refuses_a_deposit_and_what_is_computed_from_it(guarded: Path) -> None:
    refusal = refused(guarded, COMPUTED)
    for name in COMPUTED:
        assert f"- {name} : un dépôt" in refusal
    git(guarded, "restore", "--staged", *COMPUTED)
    assert git(guarded, "commit", "--allow-empty", "-m", "rien").returncode == 0


SENT = {
    "depot-thiers.xlsx": "un classeur, un document ou une archive, peut-être un dépôt",
    "docs/Envoi de Thiers.ZIP": "un classeur, un document ou une archive, peut-être un dépôt",
    "DATA/Depot/notes.txt": "un dépôt",
    "cle-des-depots.copie": "la clé des dépôts",
}
"""What people send and the key, wherever they were put, and what git says of each."""


def test_git_refuses_what_people_send_and_the_key_wherever_they_were_put(guarded: Path) -> None:
    refusal = refused(guarded, SENT)
    for name, told in SENT.items():
        assert f"- {name} : {told}" in refusal


def refused(root: Path, names: Iterable[str]) -> str:
    """What git says of a commit of these files, which it refuses."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("P-017", encoding="utf-8")
    git(root, "add", "--force", *names)
    done = git(root, "commit", "-m", "un dépôt")
    assert done.returncode == 1
    return done.stderr
