"""An edition from end to end: refused while anything is wrong, then sealed, recorded, compared, served."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import urllib.request
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from small import CLONED, git

from analysis.chapitres.catalogue import catalogue
from analysis.chapitres.execution import plan
from analysis.livre.build import compose, compute
from analysis.livre.comparaison import compare, known_releve
from analysis.livre.edition import MANIFEST, SUMS, editions, publish
from analysis.livre.serveur import HOST, _Quiet, folder_of
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.sources.register import load_register


@pytest.fixture(scope="module")
def project(clone: Project) -> Project:
    """A clone of the project with two chapters built, everything committed."""
    return clone


@pytest.fixture(scope="module")
def others(project: Project) -> list[str]:
    """The chapters that were not built."""
    return [c.code for c in catalogue(load_register(project)) if c.code not in CLONED]


@pytest.fixture(scope="module")
def sealed(project: Project, others: list[str]) -> Path:
    publish(project, "2026-1", without=others)
    return project.sealed / "2026-1"


def test_what_is_wrong_is_told_at_once_and_nothing_is_written(project: Project, others: list[str]) -> None:
    with pytest.raises(BilanError) as error:
        publish(project, "2026-7", without=others[2:])
    for code in others[:2]:
        assert f"- {code} : il n'a jamais été construit" in str(error.value)
    assert "--sans CODE" in str(error.value)
    with pytest.raises(BilanError, match="thierss"):
        publish(project, "2026-7", without=["thierss"])
    with pytest.raises(BilanError, match="« première » n'est pas un nom d'édition"):
        publish(project, "première")
    with pytest.raises(BilanError, match="Une démonstration ne se publie pas"):
        publish(project.demonstration, "2026-7")
    assert not editions(project) and not list(project.sealed.glob("*"))


def test_a_changed_or_failed_chapter_and_files_out_of_git_are_refused(
    project: Project, others: list[str]
) -> None:
    notebook = project.notebooks / "territoire.ipynb"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace("## Le financement", "## L'argent"), encoding="utf-8")
    with pytest.raises(BilanError, match="ne sont pas enregistrés dans git"):
        publish(project, "2026-7", without=others)
    git(project, "commit", "-am", "titre")
    with pytest.raises(BilanError, match="- premery : les données ou les programmes ont changé"):
        publish(project, "2026-7", without=others)
    git(project, "reset", "--hard", "HEAD~1")
    failure = project.runs / "premery.echec.ipynb"
    failure.write_text("{}", encoding="utf-8")
    with pytest.raises(BilanError, match="- premery : sa dernière exécution a échoué"):
        publish(project, "2026-7", without=others)
    failure.unlink()


def test_an_edition_is_whole_says_what_it_lacks_and_can_be_verified(
    project: Project, sealed: Path, others: list[str]
) -> None:
    assert {path.name for path in sealed.iterdir()} == {"html", "pdf", MANIFEST, SUMS}
    for line in (sealed / SUMS).read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256((sealed / name).read_bytes()).hexdigest() == digest
    page = (sealed / "html" / "premery.html").read_text(encoding="utf-8")
    assert "Édition 2026-1, arrêtée au" in page and "Copie de travail" not in page
    assert "(absent de cette édition)" in page
    colophon = BeautifulSoup(
        (sealed / "html" / "colophon.html").read_text(encoding="utf-8"), "lxml"
    ).get_text()
    manifest = json.loads((sealed / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["commit"] in colophon and manifest["verrou"] in colophon and not manifest["modifie"]
    assert "sans " + ", ".join(others) in colophon
    assert (project.editions / "2026-1" / "cellules.csv").is_file()
    assert not [path for path in project.sealed.iterdir() if path.name.startswith(".")]


def test_a_sealed_edition_is_not_made_again(project: Project, sealed: Path, others: list[str]) -> None:
    with pytest.raises(BilanError, match="« 2026-1 » existe déjà"):
        publish(project, "2026-1", without=others)
    shutil.rmtree(project.root / "outputs" / "ailleurs", ignore_errors=True)
    aside = sealed.rename(project.root / "mise-de-cote")
    with pytest.raises(BilanError, match="« 2026-1 » existe déjà"):
        publish(project, "2026-1", without=others)
    aside.rename(sealed)


def test_a_second_edition_is_compared_with_the_first_and_listed(
    project: Project, sealed: Path, others: list[str]
) -> None:
    publish(project, "2026-2", without=others)
    assert editions(project) == ["2026-1", "2026-2"]
    index = (project.sealed / "index.html").read_text(encoding="utf-8")
    assert index.index("2026-2/html") < index.index("2026-1/html")
    found = compare(*(known_releve(project, label, None) for label in editions(project)))
    assert not (found.cellules or found.textes or found.chiffres_cles or found.pages_ajoutees)


def test_the_same_inputs_give_the_same_bytes(project: Project, tmp_path: Path) -> None:
    """The whole output made again elsewhere, from copies of the same files: HTML, PDF, CSV, XLSX, pictures."""
    twin = Project(tmp_path / "autre dossier")
    ignored = shutil.ignore_patterns("outputs")
    shutil.copytree(project.root, twin.root, ignore=ignored)
    register = load_register(twin)
    computed = compute(twin, register, catalogue(register))
    jobs = plan(twin, computed.chapters, computed.bundles)
    compose(twin, register, computed, jobs=jobs, failed=())
    git(project, "checkout", ".")
    first = {p.relative_to(project.outputs): p for p in (project.html, project.pdf) for p in p.rglob("*")}
    second = {p.relative_to(twin.outputs): p for p in (twin.html, twin.pdf) for p in p.rglob("*")}
    assert first.keys() == second.keys() and len(first) > 100
    different = [n for n, p in first.items() if p.is_file() and p.read_bytes() != second[n].read_bytes()]
    assert different == []


def test_a_folder_is_served_on_this_machine_alone(project: Project, sealed: Path) -> None:
    folder = folder_of(project, edition="2026-1")
    with ThreadingHTTPServer((HOST, 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with urllib.request.urlopen(f"http://{HOST}:{server.server_port}/index.html") as answer:
            assert b"Bilan des dix territoires" in answer.read()
            assert answer.headers["Cache-Control"] == "no-store"
        server.shutdown()
    with pytest.raises(BilanError, match="éditions : 2026-1"):
        folder_of(project, edition="2031-1")
    with pytest.raises(BilanError, match="bilan demonstration"):
        folder_of(project, demonstration=True)
