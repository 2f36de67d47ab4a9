"""The version of the working copy is read once, and again as soon as the copy is another."""

from __future__ import annotations

import subprocess
import sys

import pytest
from chapitre_essai import html, write_copy

from analysis.noyau.paths import Project
from analysis.relecture import copies
from analysis.relecture.actuelle import version_actuelle
from analysis.sources.register import Register

HEAVY = (
    "matplotlib",
    "nbconvert",
    "nbformat",
    "papermill",
    "statsmodels",
    "docx",
    "typst",
    "pikepdf",
    "pandera",
)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The territories whose chapter was read whole."""
    calls: list[str] = []
    whole = copies.copie_de_travail

    def counted(project: Project, register: Register, territoire: str) -> copies.Copie | None:
        calls.append(territoire)
        return whole(project, register, territoire)

    monkeypatch.setattr(copies, "copie_de_travail", counted)
    return calls


def test_a_version_is_read_once_for_each_copy(small: Project, register: Register, read: list[str]) -> None:
    assert version_actuelle(small, register, "val") is None
    write_copy(small, html())
    first = version_actuelle(small, register, "val")
    assert first is not None and first == version_actuelle(small, register, "val") and read == ["val"] * 2
    whole = copies.copie_de_travail(small, register, "val")
    assert whole is not None and whole.version == first
    write_copy(small, html().replace("</p>", " Un mot de plus.</p>", 1))
    again = version_actuelle(small, register, "val")
    assert again is not None and again.empreinte != first.empreinte


def test_what_was_kept_and_is_damaged_is_read_again(
    small: Project, register: Register, read: list[str]
) -> None:
    write_copy(small, html())
    first = version_actuelle(small, register, "val")
    kept = small.stations / "versions" / "val.json"
    for damaged in ("", "[]", kept.read_text(encoding="utf-8")[:-40]):
        kept.write_text(damaged, encoding="utf-8")
        assert version_actuelle(small, register, "val") == first
    assert read == ["val"] * 4


def test_a_command_of_the_review_imports_nothing_that_makes_chapters() -> None:
    code = (
        "import sys\nimport analysis.relecture.commandes_relecture\n"
        f"print(*(name for name in {HEAVY} if name in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert found.stdout.split() == []
