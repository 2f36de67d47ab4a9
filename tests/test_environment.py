"""One set of versions: pyproject.toml, requirements.lock and environment.yml agree; the set-up speaks French."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from small import REPOSITORY

LOCK = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = (REPOSITORY / "environment.yml").read_text(encoding="utf-8")
PINNED = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)


def runs(python: str) -> bool:
    """Whether this machine has a Python of that name (a launcher may stand for one that is not there)."""
    try:
        return subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


REQUIREMENTS = [
    Requirement(text)
    for text in [*PYPROJECT["dependencies"], *chain(*PYPROJECT["optional-dependencies"].values())]
]


def locked(python: str, platform: str = "linux") -> dict[str, str]:
    """The version of each package that the lock gives to a Python and a system."""
    system = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[platform]
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.5",
        "sys_platform": platform,
        "platform_system": system,
        "os_name": "nt" if platform == "win32" else "posix",
        "platform_machine": "x86_64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return {
        name: version
        for name, version, marker in PINNED.findall(LOCK)
        if not marker or Marker(marker).evaluate(environment)
    }


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_lock_holds_what_the_project_declares(python: str, platform: str) -> None:
    assert SpecifierSet(PYPROJECT["requires-python"]).contains(f"{python}.0")
    versions = locked(python, platform)
    for requirement in REQUIREMENTS:
        if requirement.marker is None or requirement.marker.evaluate({"sys_platform": platform}):
            assert requirement.specifier.contains(versions[requirement.name]), requirement
        else:
            assert requirement.name not in versions, requirement


def test_the_lock_names_no_host_and_hashes_everything() -> None:
    beside = (REPOSITORY / "tests/secret/gconfid.lock").read_text(encoding="utf-8")
    for lock, least in ((LOCK, 100), (beside, 15)):
        assert "://" not in lock and "index" not in lock.lower() and "find-links" not in lock
        blocks = re.split(r"\n(?=[a-z0-9])", lock.partition("\n")[2])
        assert len(blocks) > least
        assert all("--hash=sha256:" in block for block in blocks)


def test_conda_gives_the_same_versions() -> None:
    versions = locked("3.11")
    channel = dict(re.findall(r"^  - ([a-z0-9-]+)=([\w.]+)$", CONDA, re.MULTILINE))
    pip = dict(re.findall(r"^      - ([a-z0-9-]+)==([\w.]+)(?: ;.*)?$", CONDA, re.MULTILINE))
    assert SpecifierSet(PYPROJECT["requires-python"]).contains(channel.pop("python") + ".0")
    assert {**channel, **pip} == {r.name: versions[r.name] for r in REQUIREMENTS}
    assert "      - -e ." in CONDA


@pytest.fixture
def setup_env(tmp_path: Path) -> ModuleType:
    """The set-up script of a copy of the project, in a folder with a space and an accent."""
    folder = tmp_path / "mon évaluation"
    folder.mkdir()
    for name in ("setup_env.py", "requirements.lock", "pyproject.toml"):
        shutil.copyfile(REPOSITORY / name, folder / name)
    spec = importlib.util.spec_from_file_location("setup_env_copy", folder / "setup_env.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_can_read_the_script_and_is_refused_in_french(setup_env: ModuleType) -> None:
    source = (REPOSITORY / "setup_env.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))
    for version in ((3, 10, 4), (3, 14, 0), (2, 7, 18)):
        with pytest.raises(setup_env.SetupError, match=r"il faut Python 3\.11, 3\.12 ou 3\.13"):
            setup_env.check_python(version)
    for version in ((3, 11, 0), (3, 13, 9)):
        setup_env.check_python(version)


def test_an_installation_is_current_only_once_finished_and_until_the_lock_changes(
    setup_env: ModuleType,
) -> None:
    assert not setup_env.is_current()
    interpreter = setup_env.python_of(setup_env.scripts_folder())
    interpreter.parent.mkdir(parents=True)
    interpreter.touch()
    assert not setup_env.is_current()
    setup_env.STAMP.write_text(setup_env.fingerprint() + "\n", encoding="utf-8")
    assert setup_env.is_current()
    interpreter.unlink()
    assert not setup_env.is_current()
    interpreter.touch()
    setup_env.LOCK.write_text(LOCK + "\n", encoding="utf-8")
    assert not setup_env.is_current()
    setup_env.remove_environment()
    assert not setup_env.VENV.exists()


def test_what_is_imported_at_the_set_up_is_compiled_even_where_commands_compile_nothing(
    setup_env: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "mot.py").write_text("MOT = 1\n", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import mot"
    setup_env.run([sys.executable, "-c", code], "la compilation")
    assert len(list((tmp_path / "__pycache__").glob("mot.*.pyc"))) == 1


def test_what_the_set_up_imports_is_there(setup_env: ModuleType) -> None:
    nodes = list(ast.walk(ast.parse(setup_env.IMPORTED)))
    modules = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    assert "analysis.livre.build" in modules
    assert all(importlib.util.find_spec(name) is not None for name in modules)
    taken = [(n.module, a.name) for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names]
    assert {name for _, name in taken} == {"CHAPTERS", "can_fork", "preload"}
    assert all(hasattr(importlib.import_module(module), name) for module, name in taken)


def test_a_failed_installation_leaves_no_stamp(
    setup_env: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    setup_env.VENV.mkdir()
    setup_env.STAMP.write_text("an older installation\n", encoding="utf-8")
    steps: list[str] = []

    def fail_at_the_libraries(command: list[object], step: str) -> None:
        steps.append(step)
        if "bibliothèques" in step:
            raise setup_env.SetupError("panne")

    monkeypatch.setattr(setup_env, "run", fail_at_the_libraries)
    monkeypatch.delenv("BILAN_ENV", raising=False)
    assert setup_env.main([]) == 1
    assert steps == ["la création de .venv", "l'installation des bibliothèques"]
    assert not setup_env.STAMP.exists()
    assert capsys.readouterr().err == "panne\n"


@pytest.mark.parametrize("missing", ["lock", "disk"])
def test_what_is_missing_is_told_in_french(
    setup_env: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    monkeypatch.delenv("BILAN_ENV", raising=False)
    if missing == "lock":
        setup_env.LOCK.unlink()
    else:
        monkeypatch.setattr(setup_env, "NEEDED_BYTES", 10**18)
    assert setup_env.main(["bilan"]) == 1
    message = capsys.readouterr().err
    expected = {"lock": "requirements.lock » est introuvable", "disk": "il en faut 1000000000"}
    assert expected[missing] in message and "mon évaluation" in message


def test_a_failed_step_is_told_in_french_with_what_to_do(setup_env: ModuleType) -> None:
    with pytest.raises(setup_env.SetupError, match=r"^L'installation a échoué.*réseau.*Relancez"):
        setup_env.run([sys.executable, "-c", "raise SystemExit(3)"], "l'installation")


def test_help_is_french_and_needs_no_environment() -> None:
    result = subprocess.run(
        [sys.executable, str(REPOSITORY / "setup_env.py"), "--help"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "Sous Windows" in result.stdout and "python3 setup_env.py bilan build" in result.stdout


def test_an_editable_installation_needs_only_what_is_locked() -> None:
    hatch = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert hatch["build-system"]["requires"] == ["hatchling"] and "hatchling" in locked("3.11")
    # without it hatchling asks for another package, which --no-deps --no-build-isolation does not bring
    assert hatch["tool"]["hatch"]["build"]["dev-mode-dirs"] == ["src"]


def test_a_command_runs_in_the_environment_in_use_and_gives_its_status(tmp_path: Path) -> None:
    script = [sys.executable, str(REPOSITORY / "setup_env.py")]
    environment = {**os.environ, "BILAN_ENV": "actif"}
    code = "import sys; print(sys.argv[1]); sys.exit(7)"
    result = subprocess.run(
        [*script, sys.executable, "-c", code, "été"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environment,
    )
    assert (result.returncode, result.stdout.strip()) == (7, "été")
    missing = subprocess.run(
        [*script, "commande-absente"], capture_output=True, encoding="utf-8", check=False, env=environment
    )
    assert missing.returncode == 1 and "Commande introuvable" in missing.stderr


def test_hooks_of_ones_own_are_left_alone(setup_env: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "--quiet", str(setup_env.ROOT)], check=True)
    own = setup_env.ROOT / ".git" / "hooks" / "pre-commit"
    own.parent.mkdir(exist_ok=True)
    own.write_text("#!/bin/sh\n", encoding="utf-8")
    setup_env.guard_git()
    assert setup_env.git("config", "--local", "core.hooksPath") == ""
    assert "vos hooks sont gardés" in capsys.readouterr().out
    own.unlink()
    setup_env.guard_git()
    assert setup_env.git("config", "--local", "core.hooksPath") == ".githooks"
    assert "git config --unset core.hooksPath && git config --remove-section" in capsys.readouterr().out


PYTHONS = [python for python in ("python3.11", "python3.12", "python3.13") if runs(python)]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "fr_FR.ISO-8859-1"])
def test_the_project_is_found_in_a_folder_with_an_accent_whatever_the_locale(
    setup_env: ModuleType, python: str, locale: str
) -> None:
    subprocess.run([python, "-m", "venv", "--without-pip", str(setup_env.VENV)], check=True)
    package = setup_env.ROOT / "src" / "projet_essai"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    (modules,) = (path for path in setup_env.VENV.rglob("site-packages") if path.parent.parent.name == "lib")
    written = modules / "_essai.pth"
    written.write_text(str(setup_env.ROOT / "src"), encoding="utf-8")
    setup_env.make_paths_relative()
    assert written.read_text(encoding="utf-8") == "../../../../src\n"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": locale, "PYTHONUTF8": "1"}
    for root in (setup_env.ROOT, setup_env.ROOT.with_name("déplacé")):
        if not root.exists():
            setup_env.ROOT.rename(root)
        command = [str(root / ".venv" / "bin" / "python"), "-c", "import projet_essai"]
        result = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert result.returncode == 0, result.stderr
