"""The version of the working copy is read once, and again as soon as the copy is another."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

import pytest
from chapitre_essai import html, write_copy

from analysis.chapitres.catalogue import catalogue
from analysis.livre.article.exporter import article_of_notebook
from analysis.livre.article.gardes import code_of_articles, kept_article
from analysis.noyau.paths import Project
from analysis.relecture import copies
from analysis.relecture.actuelle import version_actuelle
from analysis.sources.register import Register
from analysis.stations.store import Store

HEAVY = (
    "matplotlib",
    "pandas",
    "nbconvert",
    "nbformat",
    "papermill",
    "statsmodels",
    "docx",
    "typst",
    "pikepdf",
)

COMPUTING = ("matplotlib", "numpy", "pandas", "pydantic", "pikepdf", "nbconvert", "nbformat", "statsmodels")
"""What a chapter that a build has composed is handed out without."""


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
    assert read == ["val"], "then of its article, which is kept too"
    for path in (kept, small.stations / "articles" / "val"):
        path.write_text("", encoding="utf-8")
    assert version_actuelle(small, register, "val") == first and read == ["val"] * 2


def test_what_the_last_build_composed_is_not_composed_again(
    small: Project, register: Register, read: list[str]
) -> None:
    write_copy(small, html())
    whole = copies.copie_de_travail(small, register, "val")
    assert whole is not None and read == ["val"]
    _compose(small, register)
    assert version_actuelle(small, register, "val") == whole.version and read == ["val"]
    write_copy(small, html().replace("</p>", " Un mot de plus.</p>", 1))  # not composed yet
    again = version_actuelle(small, register, "val")
    assert again is not None and again.empreinte != whole.version.empreinte and read == ["val"] * 2


def test_a_chapter_composed_at_another_rank_is_read_again(small: Project, register: Register) -> None:
    write_copy(small, html())
    first = version_actuelle(small, register, "val")
    _compose(small, register, numero="9")
    again = version_actuelle(small, register, "val")
    assert first is not None and again is not None
    numbered = [any("Tableau 9.1." in passage.texte for passage in v.passages) for v in (first, again)]
    assert numbered == [False, True]


def _compose(small: Project, register: Register, numero: str = "") -> None:
    """Keep the article of the copy as a build does, at its rank of the book or at another one."""
    chapter = next(chapter for chapter in catalogue(register, small.nature) if chapter.code == "val")
    copy, rank = (small.runs / "val.ipynb").read_bytes(), numero or str(chapter.numero)
    make = partial(article_of_notebook, copy, name="val", numero=rank)
    code = code_of_articles(small)
    kept_article(Store(small.stations), "val", copy, make, numero=rank, mark="", code=code)


@pytest.mark.parametrize("module", ["commandes_relecture", "reception", "reponses"])
def test_a_command_of_the_review_imports_nothing_that_makes_chapters(module: str) -> None:
    code = (
        f"import sys\nimport analysis.relecture.{module}\n"
        f"print(*(name for name in {HEAVY} if name in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert found.stdout.split() == []


def test_handing_out_a_pack_imports_nothing_that_computes_or_draws_charts() -> None:
    code = (
        "import sys; import analysis.relecture.remis.preparation; "
        f"print(*(name for name in {COMPUTING} if name in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert found.stdout.split() == []
