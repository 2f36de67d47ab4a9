"""The command answers at once, in French, and refuses before it starts."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator

import pytest

from analysis.chapitres.catalogue import notebooks
from analysis.cli import FAMILIES, main, parsed, parser
from analysis.noyau.declared import verifiees
from analysis.noyau.files.locks import NAME
from analysis.noyau.paths import Project

HEAVY = (
    "pandas",
    "numpy",
    "matplotlib",
    "nbconvert",
    "papermill",
    "pydantic",
    "babel",
    "jinja2",
    "rich",
    "typst",
)


def test_a_command_that_ends_looks_for_nothing_lost_in_what_goes_with_it() -> None:
    code = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0)); import analysis.cli"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.strip() == "True"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom analysis.cli import main\n"
        "try:\n    main(['build', '--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.splitlines()[-1] == "[]"


def test_what_may_be_typed_imports_nothing_of_what_runs_it() -> None:
    """Whatever the heavy thing is called: of ours, only what declares commands and the folders of the project."""
    code = (
        "import sys\nfrom analysis.cli import parser\nparser()\n"
        "print(*(name for name, module in sys.modules.items() if name.startswith('analysis') "
        "and not hasattr(module, '__path__')))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    known = {f"{family.__name__}" for family in FAMILIES} | {"analysis.cli", "analysis.terminal"}
    assert set(result.stdout.split()) == known | {"analysis.noyau.paths"}


def test_reading_notebooks_builds_no_grammar() -> None:
    """It takes two seconds of processor in each process and each kernel, and no schema of notebooks asks for it."""
    code = "import sys, analysis, nbformat\nprint('lark' in sys.modules, 'jsonschema' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert result.stdout.split() == ["False", "True"]


def test_every_command_that_can_be_typed_runs_something() -> None:
    def leaves(made: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
        inner = [action for action in made._actions if isinstance(action, argparse._SubParsersAction)]
        for action in inner:
            for choice, child in action.choices.items():
                yield from leaves(child, f"{name} {choice}")
        if not inner:
            yield name, made

    found = dict(leaves(parser(), "bilan"))
    runs = {name: made.get_default("run") for name, made in found.items()}
    assert all(callable(run) for run in runs.values()), runs
    assert len(set(runs.values())) == len(runs) >= 25
    assert {name.split()[1] for name in runs} >= {"build", "depot", "enquete", "relecture", "lab"}


@pytest.mark.parametrize("command", [[], ["build"], ["territoires"], ["lab"]])
def test_every_help_is_in_french(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*command, "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    assert "Utilisation : bilan" in shown and "affiche cette aide" in shown
    assert not {"usage", "options:", "show", "positional"} & set(shown.split())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["biuld"], "Commande inconnue : « biuld ». Vouliez-vous dire « build » ? Connues : build, etat,"),
        (
            ["depot", "vérifié"],
            "Action inconnue : « vérifié ». Vouliez-vous dire « verifier » ? Connues : modele,",
        ),
        (
            ["build", "--jobs", "zéro"],
            "bilan build : option --jobs : un nombre entier positif est attendu, trouvé « zéro »",
        ),
        (["build", "--jobs", "0"], "un nombre entier positif"),
        (["build", "--teritoire", "x"], "argument inconnu : --teritoire x"),
        (["build", "--territoire"], "une valeur est attendue"),
        ([], "il manque : COMMANDE"),
    ],
)
def test_wrong_calls_are_told_in_french(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed(arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_what_follows_lab_goes_to_jupyterlab() -> None:
    assert parsed(["lab", "--no-browser", "--port=8899"]).rest == ["--no-browser", "--port=8899"]


def test_unknown_territory_is_refused_before_anything_starts(
    small: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(small.root))
    assert main(["build", "--territoire", "vaal"]) == 1
    assert "« vaal »" in capsys.readouterr().err
    made = {path.name for path in small.runs.rglob("*") if path.is_file()}
    # The lock of a build stays, and which tables were found sound; nothing else.
    assert made <= {NAME, verifiees.FILE} and not small.html.exists()


def test_territoires_lists_codes_and_names(
    small: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(small.root))
    assert main(["territoires"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["val", "vide"]
    assert lines[0].endswith("Val-d'Essai (Nièvre) : Essai 58")
    assert lines[1].endswith("aucune EBE connue")


def test_a_folder_that_cannot_be_written_is_told_in_french(
    small: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BILAN_RACINE", str(small.root))
    small.notebooks.mkdir()
    for name in notebooks("reel"):
        (small.notebooks / name).write_text(NOTEBOOK, encoding="utf-8")
    small.runs.write_text("un fichier à la place du dossier", encoding="utf-8")
    assert main(["build", "--territoire", "val"]) == 1
    told = capsys.readouterr().err
    assert f"« {small.runs} » : un fichier est là où il faut un dossier" in told and "Traceback" not in told


NOTEBOOK = """{"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {"tags": ["parameters"]},
"outputs": [], "source": "territoire = 'val'"}], "metadata": {"kernelspec": {"display_name": "Python 3",
"language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}"""
