"""The documents say what is: their commands exist, their links lead somewhere, generated pages are in step."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from analysis.cli import main, parser
from analysis.demonstration.reperes import REPERES
from analysis.noyau.declared.written import load_written
from analysis.noyau.documentation import page
from analysis.noyau.paths import Project
from analysis.presentation.parts.prose import resolve
from analysis.secret.bundle import bundle_territoire
from analysis.sources.register import Register

ROOT = Project.here().root
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TEXTS = {path: path.read_text(encoding="utf-8") for path in DOCUMENTS}
CODE = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:bilan|make|py|python) [^`]+)`")


def commands(text: str) -> list[str]:
    blocks = [line for block in CODE.findall(text) for line in block.splitlines()]
    return [line for line in [*blocks, *INLINE.findall(text)] if re.match(r"(bilan|make|py|python) ", line)]


ALL_COMMANDS = sorted({command for text in TEXTS.values() for command in commands(text)})


def test_there_are_commands_to_check() -> None:
    assert {"make bilan", "make test", "make lab", "bilan build --territoire thiers"} <= set(ALL_COMMANDS)


@pytest.mark.parametrize("command", ALL_COMMANDS)
def test_every_command_of_the_documents_exists(command: str) -> None:
    program, *arguments = shlex.split(command)
    if program in ("py", "python") and arguments[0] == "setup_env.py":
        program, *arguments = arguments[1:] or ["python"]
    if program == "bilan":
        options = parser().parse_args(arguments)
        assert callable(options.run)
    elif program == "make":
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert [name for name in arguments if "=" not in name][0] in targets
    elif arguments[:1] == ["-m"]:
        module = arguments[1].replace(".", "/")
        assert arguments[1] == "pytest" or (ROOT / "src" / f"{module}.py").is_file()
    else:
        script = ROOT / arguments[0] if arguments else ROOT
        assert (
            not arguments
            or arguments[0] == "--relock"
            or script.is_file()
            or (script / "__main__.py").is_file()
        )


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_files_named_in_documents_exist(path: Path) -> None:
    text = TEXTS[path]
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (path.parent / target).exists(), target
    for name in re.findall(r"`((?:data|docs|notebooks|src|scripts|tests)/[\w./-]+)`", text):
        if not name.startswith(("data/depot", "data/open")):
            assert (ROOT / name).exists(), name


def test_the_map_of_the_package_names_files_that_exist() -> None:
    text = ast.get_docstring(ast.parse((ROOT / "src/analysis/__init__.py").read_text(encoding="utf-8"))) or ""
    names = re.findall(r"``([\w/]+\.?\w*)``", text)
    assert len(names) > 15
    folder = ""
    for name in names:
        folder = name.rpartition("/")[0] or folder
        places = (ROOT / name, ROOT / "src/analysis" / name, ROOT / "src/analysis" / folder / name)
        assert any(place.exists() for place in places), name


def test_the_version_is_the_one_of_the_journal_of_changes() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    told = re.search(r"^## (\S+?),? ", TEXTS[ROOT / "CHANGELOG.md"], re.MULTILINE)
    assert told is not None and told[1] == version


def test_the_dictionary_page_is_in_step() -> None:
    """To mend it: python -m analysis.noyau.documentation."""
    assert (ROOT / "docs" / "dictionnaire.md").read_text(encoding="utf-8") == page(Project.here())


def test_the_retention_that_the_privacy_page_tells_is_the_declared_one() -> None:
    text = TEXTS[ROOT / "docs" / "donnees-personnelles.md"]
    told = re.findall(r"^\| [^|]+ \| (\d+) mois \|", text, re.MULTILINE)
    rows = load_written(Project.here(), "conservation", key=("nature",))
    assert told == [row["mois"] for row in rows]


def test_the_demonstration_page_names_every_figure_that_calibrates_it() -> None:
    text = (
        TEXTS[ROOT / "docs" / "methods" / "demonstration.md"]
        .partition("## Sur quoi")[2]
        .partition("Des tests")[0]
    )
    told = {int(number) for number in re.findall(r"\b\d{2,3}\b", "".join(re.findall(r"n° [\d, ]+", text)))}
    assert told == {number for repere in REPERES.values() for number in repere.numeros}


def test_the_functions_of_the_steps_of_methods_exist() -> None:
    source = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py"))
    named = re.findall(r"`(?:[a-z_]+\.)?([a-z_]+)`", TEXTS[ROOT / "docs" / "method-steps.md"])
    assert len(named) > 40
    for name in named:
        is_ours = f"def {name}(" in source or f"\n    {name}: " in source
        assert is_ours or name in page(Project.here()), name


OF_THE_PROGRAM = re.compile(
    r"`|\b[a-z]+_[a-z_]+|\b[\w/-]+\.(?:py|csv|toml|ipynb)\b|\[[^\]]*\.md\]|« bilan [a-z]+"
)


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "methods").glob("*.md")), ids=lambda p: p.stem)
def test_a_title_in_another_language_is_marked_in_a_published_method(path: Path) -> None:
    in_french = re.sub(r'<span lang="[a-z]{2}">.*?</span>', "", TEXTS[path], flags=re.DOTALL)
    assert re.findall(r"\b(?:of|the|and|for|with|Statistics)\b", in_french) == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "methods").glob("*.md")), ids=lambda p: p.stem)
def test_a_published_method_names_no_function_no_file_and_no_command(path: Path) -> None:
    assert OF_THE_PROGRAM.findall(TEXTS[path]) == []


def test_the_guide_s_placeholders_name_figures_of_premery(published: Register) -> None:
    bundle = bundle_territoire(published, "premery", texte=None)
    text = TEXTS[ROOT / "docs" / "guide.md"]
    for name in ("effectif_ebe@2023-10", "#189", "emploi_salarie_prive@2017-12-31@58218", "population@2018"):
        assert f"{{{name}}}" in text and 'class="chiffre"' in resolve(f"{{{name}}}", bundle)


def test_the_commands_that_only_tell_are_run_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["territoires"]) == 0
    assert "villeurbanne-saint-jean" in capsys.readouterr().out
    if make := shutil.which("make"):
        command = [make, "--no-print-directory", "help"]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
        shown = {line.split()[1] for line in told.stdout.splitlines()}
        assert shown == {"help", "bilan", "test", "test-rapide", "lab", "lint", "lock", "clean"}
