"""An edition from end to end: refused while anything is wrong, then sealed, recorded, compared, served."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Sequence
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest
from bs4 import BeautifulSoup
from small import cloned, git, write_clone, write_publishable

from analysis.chapitres.catalogue import catalogue
from analysis.chapitres.jobs import plan
from analysis.livre.book import gather
from analysis.livre.build import build, compute
from analysis.livre.ecran.serveur import HOST, Loopback, folder_of
from analysis.livre.editions import edition
from analysis.livre.editions.comparaison import compare, known_releve
from analysis.livre.editions.edition import MANIFEST, SUMS, editions, publish
from analysis.livre.imprime.pdf import write_pdfs
from analysis.livre.manifeste import manifeste
from analysis.noyau.errors import BilanError
from analysis.noyau.files import scratch
from analysis.noyau.files.etat import etat
from analysis.noyau.paths import Project
from analysis.sources.register import load_register
from analysis.stations.team import Product, Team

WITHOUT = ("avant-propos",)
"""What the small project has not."""


@pytest.fixture(scope="module")
def project(clone: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone of the project with some chapters built, everything committed, to be published from."""
    return Project(shutil.copytree(clone.root, tmp_path_factory.mktemp("éditions") / "bilan"))


@pytest.fixture(scope="module")
def others(project: Project) -> list[str]:
    """The chapters that were not built."""
    return [c.code for c in catalogue(load_register(project)) if c.code not in cloned()]


@pytest.fixture(scope="module")
def petit(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small project in git, all its chapters built: what stops an edition stops it there as well, in seconds."""
    project = write_publishable(tmp_path_factory.mktemp("petites éditions") / "bilan")
    assert build(project, codes=(), workers=2) == 0
    return project


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


def test_a_copy_changed_by_hand_and_a_foreword_that_is_gone_are_refused(
    project: Project, others: list[str]
) -> None:
    copy, text = project.runs / "premery.ipynb", project.texts / "avant-propos.md"
    executed, written = copy.read_bytes(), text.read_bytes()
    copy.write_bytes(executed.replace("Nièvre".encode(), b"Nord"))
    text.unlink()
    git(project, "commit", "-am", "sans avant-propos")
    with pytest.raises(BilanError) as error:
        publish(project, "2026-7", without=others)
    assert "- premery : sa copie a été modifiée depuis son exécution" in str(error.value)
    assert "- avant-propos : son texte n'est pas écrit" in str(error.value)
    git(project, "reset", "--hard", "HEAD~1")
    copy.write_bytes(executed)
    assert text.read_bytes() == written and not list(project.sealed.glob("*"))


def test_an_edition_that_tells_someone_is_not_published(
    petit: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def telling(asked: Sequence[Product], folder: Path, *, team: Team) -> dict[str, Path]:
        made = write_pdfs(asked, folder, team=team)
        (folder / "lisez-moi.txt").write_text("Écrire à jeanne.martin@exemple.fr", encoding="utf-8")
        return made

    monkeypatch.setattr(edition, "write_pdfs", telling)
    with pytest.raises(BilanError, match="pdf/lisez-moi.txt, une ligne : une adresse de courriel ; ôtez-la"):
        publish(petit, "2026-7", without=WITHOUT)
    assert not editions(petit) and not list(petit.sealed.glob("2026*"))


def test_an_edition_cut_off_before_its_record_is_told_and_one_that_fails_leaves_nothing(
    petit: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (petit.sealed / "2026-8").mkdir(parents=True)
    with pytest.raises(
        BilanError, match="2026-8 n'a pas de relevé et n'est pas faite des fichiers d'aujourd'hui"
    ):
        publish(petit, "2026-8", without=WITHOUT)
    (petit.sealed / "2026-8").rmdir()
    rename = Path.rename

    def stopped(path: Path, target: Path) -> Path:
        if Path(target).parent == petit.editions:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        publish(petit, "2026-8", without=WITHOUT)
    assert not list(petit.sealed.glob("*")) and not editions(petit)


def test_the_foreword_may_be_left_out_by_its_name(project: Project, others: list[str]) -> None:
    register = load_register(project)
    computed = compute(project, register, catalogue(register))
    jobs, state = plan(project, computed.chapters, computed.bundles), etat(project)
    site = gather(
        project,
        register,
        computed.chapters,
        jobs=jobs,
        old={},
        jour=state.jour,
        manifest=manifeste(project, register, state, jobs=jobs, mesures=computed.mesures),
        edition="2026-9",
        without=("avant-propos", *others),
    )
    assert site.foreword is None and site.left_out[0] == "Avant-propos"


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
    titles = {c.code: c.title for c in catalogue(load_register(project))}
    assert "sans " + ", ".join(titles[code] for code in others) in colophon
    assert manifest["sans"] == others and {c["code"] for c in manifest["chapitres"]} == set(cloned())
    home = (sealed / "html" / "index.html").read_text(encoding="utf-8")
    assert "(absent de cette édition)" in home and "non construit" not in home
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


def test_an_edition_that_was_sealed_when_its_publication_was_killed_is_listed_by_the_next_run(
    project: Project, sealed: Path, others: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    index = project.sealed / "index.html"
    with pytest.raises(BilanError, match="« 2026-1 » existe déjà"):
        publish(project, "2026-1", without=others)
    told = index.read_bytes()
    index.unlink()
    dead = max(psutil.pids()) + 1000
    left = [folder / f".en-cours-{dead}-x" for folder in (project.sealed, project.editions)]
    for folder in left:
        folder.mkdir()
    monkeypatch.setattr(scratch, "_swept", set())  # another process comes next
    with pytest.raises(BilanError, match="« 2026-1 » existe déjà"):
        publish(project, "2026-1", without=others)
    assert index.read_bytes() == told and b"2026-1/html/index.html" in told
    assert not any(folder.exists() for folder in left)


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
    """Executed and composed again elsewhere, later, in another time zone: HTML, PDF, CSV, XLSX, pictures."""
    twin = Project(tmp_path / "autre dossier")
    ignored = shutil.ignore_patterns("outputs", "papermill_runs")
    shutil.copytree(project.root, twin.root, ignore=ignored)
    command = [sys.executable, "-m", "analysis.cli", "build", "--territoire", "premery", "--synthese"]
    elsewhere = {"BILAN_RACINE": str(twin.root), "TZ": "Pacific/Noumea", "PYTHONHASHSEED": "7"}
    subprocess.run(command, env={**os.environ, **elsewhere}, check=True, capture_output=True)
    first = {p.relative_to(project.outputs): p for p in (project.html, project.pdf) for p in p.rglob("*")}
    second = {p.relative_to(twin.outputs): p for p in (twin.html, twin.pdf) for p in p.rglob("*")}
    assert first.keys() == second.keys() and len(first) > 100
    different = [n for n, p in first.items() if p.is_file() and p.read_bytes() != second[n].read_bytes()]
    assert different == []


def test_a_folder_is_served_on_this_machine_alone(project: Project, sealed: Path) -> None:
    folder = folder_of(project, edition="2026-1")
    with ThreadingHTTPServer((HOST, 0), partial(Loopback, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with urllib.request.urlopen(f"http://{HOST}:{server.server_port}/index.html") as answer:
            assert b"Bilan des dix territoires" in answer.read()
            assert answer.headers["Cache-Control"] == "no-store"
        server.shutdown()
    with pytest.raises(BilanError, match="éditions : 2026-1"):
        folder_of(project, edition="2031-1")
    with pytest.raises(BilanError, match="bilan demonstration"):
        folder_of(project, demonstration=True)


def test_a_notebook_that_holds_what_it_showed_stops_publication(tmp_path: Path) -> None:
    project = write_clone(tmp_path / "projet")
    path = project.notebooks / "territoire.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["Femmes 50 (1 / 2)"]}]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    git(project, "commit", "-am", "un carnet tel qu'il a tourné")
    with pytest.raises(
        BilanError, match=r"gardent ce que leurs cellules ont montré : notebooks/territoire\.ipynb\."
    ):
        publish(project, "2026-1")
    assert not project.sealed.exists()
