"""What makes a chapter run again: the rows of a table, each with the chapters that it touches, and no other."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from small import cloned

from analysis.chapitres import jobs as module
from analysis.chapitres.catalogue import catalogue, selected
from analysis.chapitres.jobs import FAILED, Freshness, Job, Manifest, freshness, plan, readings
from analysis.livre.build import compute
from analysis.noyau.definitions import load_definitions
from analysis.noyau.mesures import ENSEMBLE, Cadre, Mesure
from analysis.noyau.paths import Project
from analysis.secret.bundle import bundle_territoire, with_measures
from analysis.secret.regles import decider
from analysis.sources.register import Register, load_register
from analysis.stations.modules import SOURCES, Modules
from analysis.stations.store import DAMAGED, NEVER, sha256

TERRITORY = "premery"
ALL = set(cloned())


@pytest.fixture
def copy(clone: Project, tmp_path: Path) -> Project:
    """The clone with its executed chapters, to be changed."""
    for name in ("data", "notebooks", "docs", "papermill_runs"):
        shutil.copytree(clone.root / name, tmp_path / name)
    shutil.copyfile(clone.lock, tmp_path / clone.lock.name)
    return Project(tmp_path)


@pytest.fixture
def package(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sources of the package, to be changed: their fingerprints are those of the copy."""
    root = tmp_path_factory.mktemp("src") / "analysis"
    here = Project.here().root / "src" / "analysis"
    shutil.copytree(here, root, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "modules_of", lambda project: Modules(project.stations / SOURCES, root))
    return root


def states(project: Project) -> dict[str, Freshness]:
    register = load_register(project)
    chapters = selected(catalogue(register), cloned())
    computed = compute(project, register, chapters)
    planned = plan(project, chapters, computed.bundles, depots=computed.depots)
    return {job.chapter.code: freshness(project, job) for job in planned}


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def a_figure(project: Project, _package: Path) -> None:
    replaced(
        project.published / "chiffres.csv", _one_of(project, TERRITORY), _moved(_one_of(project, TERRITORY))
    )


def _one_of(project: Project, code: str) -> str:
    """The text of one figure of a territory that its chapter alone shows."""
    lines = (project.published / "chiffres.csv").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if f",{code},activites_ebe," in line)


def _moved(line: str) -> str:
    cells = line.split(",")
    note = cells[-1]
    return line[: len(line) - len(note)] + (note + " Relu." if note else "Relu")


def a_word_of_the_records(_project: Project, package: Path) -> None:
    replaced(package / "sources" / "fiches.py", 'NON_ETABLI = "non établi"', 'NON_ETABLI = "inconnu"')


def a_comment(_project: Project, package: Path) -> None:
    for name in ("noyau/documentation.py", "presentation/numbers.py", "secret/bundle.py"):
        path = package / name
        path.write_text(path.read_text(encoding="utf-8") + "\n# Un commentaire.\n", encoding="utf-8")


def a_module_of_composition(_project: Project, package: Path) -> None:
    path = package / "livre" / "pages.py"
    path.write_text(path.read_text(encoding="utf-8") + "\nX = 1\n", encoding="utf-8")
    style = package / "livre" / "templates" / "bilan.css"
    style.write_text(style.read_text(encoding="utf-8") + "\np { margin: 0 }\n", encoding="utf-8")


def an_indicator_that_gives_the_same(_project: Project, package: Path) -> None:
    path = package / "indicateurs" / "exhaustivite.py"
    path.write_text(path.read_text(encoding="utf-8") + "\nX = 1\n", encoding="utf-8")


def a_text(project: Project, _package: Path) -> None:
    path = project.texts / f"{TERRITORY}.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nUne phrase de plus.\n", encoding="utf-8")


def an_erratum(project: Project, _package: Path) -> None:
    with (project.data / "errata.csv").open("a", encoding="utf-8", newline="\n") as file:
        file.write("2026-11-20,premery,Une date est corrigée.\n")


def saved_by_jupyterlab(project: Project, _package: Path) -> None:
    for path in project.notebooks.glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["metadata"]["language_info"] = {"name": "python", "version": "3.11.7"}
        path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")


def the_lock(project: Project, _package: Path) -> None:
    with project.lock.open("a", encoding="utf-8") as file:
        file.write("# relu\n")


ROWS: list[tuple[Callable[[Project, Path], None], set[str], str]] = [
    (a_word_of_the_records, ALL, "a changé : sources/fiches.py"),
    (a_figure, {TERRITORY}, "of"),
    (an_erratum, set(), ""),
    (a_module_of_composition, set(), ""),
    (a_comment, set(), ""),
    (an_indicator_that_gives_the_same, set(), ""),
    (saved_by_jupyterlab, set(), ""),
    (the_lock, ALL, "a changé : requirements.lock"),
]


@pytest.mark.parametrize(("change", "stale", "told"), ROWS, ids=[row[0].__name__ for row in ROWS])
def test_each_change_touches_the_chapters_that_would_show_something_else(
    copy: Project,
    package: Path,
    change: Callable[[Project, Path], None],
    stale: set[str],
    told: str,
) -> None:
    change(copy, package)
    found = states(copy)
    assert {code for code, state in found.items() if state.to_run} == stale
    assert all(told in found[code].to_run for code in stale)
    assert not any(state.to_compose for state in found.values())


def test_a_text_and_a_verdict_are_composed_and_not_run(copy: Project, package: Path) -> None:
    a_text(copy, package)
    replaced(copy.texts / "verdicts.md", "auteur: ", "auteur: Une autre plume, ")
    found = {code: state for code, state in states(copy).items() if not state.is_fresh}
    assert found == {
        TERRITORY: Freshness(to_compose="a changé : le texte du territoire"),
        "synthese": Freshness(to_compose="a changé : les verdicts"),
    }


def test_what_is_written_in_a_notebook_is_composed_and_not_run(copy: Project, package: Path) -> None:
    path = copy.notebooks / "synthese.ipynb"
    notebook = nbformat.read(path, as_version=4)
    prose = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
    prose.source += "\n\nUne phrase de plus."
    nbformat.write(notebook, path)
    replaced(package / "chapitres" / "check.py", "_ANSI.sub", "_ANSI.sub")
    found = {code: state for code, state in states(copy).items() if not state.is_fresh}
    assert found == {"synthese": Freshness(to_compose="a changé : le texte de synthese.ipynb")}


def test_a_copy_that_was_cut_or_failed_or_is_missing_is_said(copy: Project, package: Path) -> None:
    (copy.runs / "synthese.ipynb").write_bytes((copy.runs / "synthese.ipynb").read_bytes()[:-9])
    executed = copy.stations / "executions" / f"{TERRITORY}.ipynb"
    executed.write_bytes(b"")
    (copy.runs / "exhaustivite.json").write_text("{", encoding="utf-8")
    (copy.runs / "participation.echec.ipynb").write_bytes(b"")
    found = {code: state for code, state in states(copy).items() if not state.is_fresh}
    assert found == {
        "synthese": Freshness(to_compose=DAMAGED),
        TERRITORY: Freshness(DAMAGED),
        "exhaustivite": Freshness(NEVER),
        "participation": Freshness(FAILED),
    }


def _bundle_of(register: Register, *found: Mesure) -> bytes:
    definitions = load_definitions(Project.here())
    released = decider(found, definitions, frozenset())
    whole = bundle_territoire(register, TERRITORY, texte=None)
    return with_measures(whole, released, definitions, "publication").to_bytes()


def test_a_secret_that_comes_of_a_neighbour_s_deposit_is_told_with_its_name() -> None:
    """Thiers counts 3 people of 24: its count is withheld, and Prémery's 21, which would give it back.

    Nothing of Prémery changed; its chapter shows one figure less, and it is told after whose deposit.
    """
    definitions = load_definitions(Project.here())
    register = load_register(Project.here())
    chapter = next(c for c in catalogue(register) if c.territoire == TERRITORY)
    end = "2019-12-31"
    counts = {
        place: Cadre(place, "reel", "dépôt n° 1", definitions).compte("embauchees", end, count)
        for place, count in ((TERRITORY, 21), ("thiers", 3), (ENSEMBLE, 24))
    }
    alone = _bundle_of(register, counts[TERRITORY])
    lecture = json.dumps(["measures", ["embauchees"], {"place": TERRITORY}])
    depots = {TERRITORY: "1"}
    before = Job(chapter, b"{}", alone, depots=depots)
    manifest = Manifest(
        chapter.code,
        "2026-11-28T10:00:00+01:00",
        before.fingerprint,
        paquet=sha256(alone),
        lectures=readings(alone, [lecture]),
        depots=depots,
    )
    after = Job(chapter, b"{}", _bundle_of(register, *counts.values()), depots={**depots, "thiers": "1"})
    assert module._other_readings(manifest, before) == ""
    told = module._other_readings(manifest, after)
    assert told.startswith("a changé : measures(embauchees") and told.endswith("(après le dépôt de thiers)")
    same = Job(chapter, b"{}", _bundle_of(register, counts[TERRITORY]), depots={**depots, "thiers": "1"})
    assert module._other_readings(manifest, same) == "", "a neighbour that changes nothing here is not told"
