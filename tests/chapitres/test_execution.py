"""Chapters really run, in real kernels: what fails is told, what was good is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from analysis.chapitres.catalogue import Chapter
from analysis.chapitres.check import faults
from analysis.chapitres.execution import Outcome, run
from analysis.chapitres.jobs import Freshness, Job, is_as_executed, last_good, plan
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.secret.bundle import bundle_territoire
from analysis.sources.register import Register

GOOD = "from analysis import ouvrir\nchapitre = ouvrir(territoire)\nprint(chapitre.mode, chapitre.chapitre)"


def write_notebook(project: Project, name: str, *cells: str) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell('territoire = "val"', metadata={"tags": ["parameters"]}),
            *(nbformat.v4.new_code_cell(cell) for cell in cells),
        ],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )
    project.notebooks.mkdir(exist_ok=True)
    nbformat.write(notebook, project.notebooks / name)


def jobs(project: Project, register: Register, chapters: list[Chapter]) -> list[Job]:
    whole = {c.code: bundle_territoire(register, c.code, texte=None) for c in chapters}
    bundles = {code: replace(bundle, mode="publication").to_bytes() for code, bundle in whole.items()}
    return plan(project, chapters, bundles)


def run_quietly(project: Project, to_run: list[Job]) -> list[Outcome]:
    return run(project, to_run, workers=2, report=lambda *_: None)


def chapters(notebook: str = "t.ipynb") -> list[Chapter]:
    return [Chapter(code, code, notebook, "territoires", code) for code in ("val", "vide")]


def test_a_failing_chapter_keeps_its_last_good_copy_and_stops_no_other(
    small: Project, register: Register
) -> None:
    write_notebook(small, "t.ipynb", GOOD)
    assert all(o.is_good for o in run_quietly(small, jobs(small, register, chapters())))
    before = (small.runs / "val.ipynb").read_bytes()
    first = json.loads((small.runs / "vide.json").read_text(encoding="utf-8"))

    write_notebook(small, "t.ipynb", GOOD, 'assert territoire != "val", "pas celui-là"')
    val, vide = run_quietly(small, jobs(small, register, chapters()))

    assert vide.is_good and not val.is_good
    assert val.faults == ("cellule 3, ligne 1 : AssertionError, pas celui-là",)
    assert (small.runs / "val.ipynb").read_bytes() == before
    failed = nbformat.read(small.runs / "val.echec.ipynb", as_version=4)
    assert any(o.output_type == "error" for cell in failed.cells for o in cell.get("outputs", []))
    second = json.loads((small.runs / "vide.json").read_text(encoding="utf-8"))
    assert second["fingerprint"] != first["fingerprint"]


def test_the_batch_hands_its_bundle_and_leaves_no_path_nor_time(small: Project, register: Register) -> None:
    write_notebook(small, "t.ipynb", GOOD)
    assert run_quietly(small, jobs(small, register, chapters()[:1]))[0].is_good
    copy = last_good(small, "val")
    assert copy is not None and is_as_executed(*copy)
    text = copy[0].read_text(encoding="utf-8")
    assert "publication val" in text
    assert str(small.root) not in text and "start_time" not in text
    left = {path.name for path in small.runs.iterdir()} - {small.stations.name}
    assert left == {"val.ipynb", "val.json"}


def test_a_copy_that_was_changed_or_made_before_its_checksum_was_noted_is_not_as_executed(
    small: Project, register: Register
) -> None:
    write_notebook(small, "t.ipynb", GOOD)
    run_quietly(small, jobs(small, register, chapters()))
    manifest = small.runs / "val.json"
    noted = json.loads(manifest.read_text(encoding="utf-8"))
    del noted["copie"]
    manifest.write_text(json.dumps(noted), encoding="utf-8")
    copy = last_good(small, "val")
    assert copy is not None and not is_as_executed(*copy)


def test_a_kernel_that_dies_fails_its_chapter_only(small: Project, register: Register) -> None:
    write_notebook(small, "t.ipynb", GOOD, 'import os\nif territoire == "val":\n    os._exit(1)')
    val, vide = run_quietly(small, jobs(small, register, chapters()))
    assert vide.is_good
    assert val.faults == ("cellule 3 : Noyau arrêté, il s'est terminé de lui-même, avec le code 1",)


def test_unknown_parameter_is_refused_before_anything_runs(small: Project, register: Register) -> None:
    write_notebook(small, "t.ipynb", GOOD)
    path = small.notebooks / "t.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("territoire =", "teritoire ="), encoding="utf-8")
    with pytest.raises(BilanError, match="ne déclare pas le paramètre territoire.*connus : teritoire"):
        jobs(small, register, chapters())
    assert not small.runs.exists()


def test_missing_notebook_is_refused(small: Project, register: Register) -> None:
    with pytest.raises(BilanError, match="Carnet introuvable : notebooks/absent.ipynb"):
        jobs(small, register, chapters("absent.ipynb"))


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("import sys\nprint('attention', file=sys.stderr)", "message d'erreur affiché"),
        ("import os\nprint(os.environ['BILAN_TEST_RACINE'])", "un chemin de cette machine"),
        ("print('Traceback (most recent call last)')", "une trace d'exécution"),
        (
            "from IPython.display import Image, display\ndisplay(Image(data=b'GIF89a', format='gif'))",
            "une image sans légende",
        ),
        ("print('Atelier : non publiable')", "un contenu d'atelier"),
    ],
)
def test_what_a_reader_must_not_see_fails_the_chapter(
    small: Project, register: Register, monkeypatch: pytest.MonkeyPatch, cell: str, told: str
) -> None:
    monkeypatch.setenv("BILAN_TEST_RACINE", str(small.root))
    write_notebook(small, "t.ipynb", GOOD, cell)
    (outcome,) = run_quietly(small, jobs(small, register, chapters()[:1]))
    assert told in outcome.faults[0]
    assert outcome.faults[0].startswith("cellule 3 : ")
    assert last_good(small, "val") is None


def test_a_clean_notebook_has_no_fault(tmp_path: Path) -> None:
    assert faults(nbformat.v4.new_notebook(), root=tmp_path) == []


@pytest.mark.parametrize("text", ["<<<<<<< HEAD\n{}", "", "[]", '{"cells": []'])
def test_a_notebook_left_in_conflict_is_one_sentence(small: Project, text: str) -> None:
    path = small.notebooks / "territoire.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    chapter = Chapter("val", "Val-d'Essai", path.name, "territoires", "val")
    with pytest.raises(BilanError, match=r"^notebooks/territoire\.ipynb : ce carnet ne se lit pas"):
        plan(small, [chapter], {"val": b"{}"})


def test_a_copy_that_was_cut_is_no_copy(small: Project, register: Register) -> None:
    write_notebook(small, "t.ipynb", GOOD)
    run_quietly(small, jobs(small, register, chapters()[:1]))
    path = small.runs / "val.ipynb"
    path.write_bytes(path.read_bytes()[:-20])
    assert last_good(small, "val") is None
    (outcome,) = run_quietly(small, jobs(small, register, chapters()[:1]))
    assert outcome.is_good and not outcome.is_kept and last_good(small, "val") is not None


def test_a_chapter_of_which_nothing_changed_is_kept_and_its_prose_is_composed_without_a_kernel(
    small: Project, register: Register
) -> None:
    write_notebook(small, "t.ipynb", GOOD)
    (first,) = run_quietly(small, jobs(small, register, chapters()[:1]))
    assert first.reason == "jamais fait"

    def never(*_: object) -> bytes:
        raise AssertionError("run again")

    (kept,) = run(small, jobs(small, register, chapters()[:1]), workers=1, report=lambda *_: None, way=never)
    assert kept.is_kept
    notebook = nbformat.read(small.notebooks / "t.ipynb", as_version=4)
    notebook.cells.insert(2, nbformat.v4.new_markdown_cell("Une phrase."))
    nbformat.write(notebook, small.notebooks / "t.ipynb")
    (told,) = run(small, jobs(small, register, chapters()[:1]), workers=1, report=lambda *_: None, way=never)
    assert told.is_good and told.reason == "a changé : le texte de t.ipynb"
    composed = (small.runs / "val.ipynb").read_bytes()
    assert "Une phrase." in composed.decode()
    (again,) = run(
        small,
        jobs(small, register, chapters()[:1]),
        workers=1,
        report=lambda *_: None,
        states={"val": Freshness("demandé")},
    )
    assert again.reason == "demandé" and (small.runs / "val.ipynb").read_bytes() == composed
