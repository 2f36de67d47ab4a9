"""Whatever was changed, in whatever order: what a build leaves is what a build from nothing leaves, byte for byte.

And whatever stopped it, whenever: the next one finishes, and takes nothing cut for done.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from small import edit, write_buildable, write_demonstration_root, write_notebooks
from tues import builds_of

from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import GRAINE, receive
from analysis.demonstration.generator import generer
from analysis.demonstration.lieux import Lieu, territoires
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.referentiel import load_referentiel
from analysis.livre.build import build
from analysis.livre.ecran.site import write_site
from analysis.noyau.paths import Project
from analysis.sources.commentaires import Commentaire, save_commentaires
from analysis.stations.whole import is_unchanged


@pytest.fixture
def buildable(tmp_path: Path) -> Project:
    """The small project with notebooks of a few cells and the method pages, which builds in seconds."""
    return write(tmp_path / "projet")


def write(root: Path) -> Project:
    project = write_buildable(root)
    project.texts.mkdir()
    a_text(project, 0)
    cells(project)
    return project


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same, built. To be copied."""
    project = write(tmp_path_factory.mktemp("bâti") / "projet")
    assert build(project, codes=(), workers=2) == 0
    return project


@pytest.fixture
def built(once: Project, tmp_path: Path) -> Project:
    """The same, built; a copy of its own."""
    project = Project(Path(shutil.copytree(once.root, tmp_path / "projet", symlinks=True)))
    assert is_unchanged(project)
    return project


def cells(project: Project, prose: str = "Ce chapitre dit ce que l'on sait.", more: str = "") -> None:
    """Notebooks that also show what an evaluator wrote."""
    shown = "from analysis.presentation.published.territoire import texte\n"
    write_notebooks(project, prose=prose, more=shown + more, after=" + texte(chapitre)")


def tree(project: Project) -> dict[str, bytes]:
    """All that a build publishes, and the chapters that it is made of."""
    runs = [*project.runs.glob("*.ipynb"), *project.stations.glob("executions/*.ipynb")]
    files = [p for folder in (project.html, project.pdf) for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(project.root).as_posix(): p.read_bytes() for p in [*files, *runs]}


def from_nothing(project: Project, folder: Path) -> dict[str, bytes]:
    """What a build gives of the same files where nothing was ever built, and nothing was read before."""
    forget()
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("papermill_runs", "outputs")
    shutil.copytree(project.root, folder, ignore=ignored)
    fresh = Project(folder)
    assert build(fresh, codes=(), workers=2) == 0
    return tree(fresh)


CACHED = type(cache(len))
"""What functools makes of a function that remembers."""


def forget() -> None:
    """Empty all that this process remembers of what it read or made: builds of one process share that."""
    modules = [module for name, module in sys.modules.items() if name.startswith("analysis.")]
    kept = [value for module in modules for value in vars(module).values() if isinstance(value, CACHED)]
    assert len(kept) > 20
    for one in kept:
        one.cache_clear()


def a_figure(project: Project, turn: int) -> None:
    path = project.published / "chiffres.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rank = next(i for i, line in enumerate(lines) if line.startswith("4,val,embauches"))
    cells = lines[rank].split(",")
    cells[3] = cells[6] = str(1234 + turn)
    lines[rank] = ",".join(cells)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def a_figure_shown(project: Project, turn: int) -> None:
    path = project.published / "chiffres.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rank = next(i for i, line in enumerate(lines) if line.startswith("3,val,effectif_ebe"))
    cells = lines[rank].split(",")
    cells[5] = str(45 + turn)
    lines[rank] = ",".join(cells)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def a_sentence(project: Project, turn: int) -> None:
    cells(project, prose=f"Ce chapitre dit ce que l'on sait, relu {'encore ' * turn}.")


def a_cell(project: Project, turn: int) -> None:
    cells(project, more=f"rang = {turn}\n")


def an_erratum(project: Project, turn: int) -> None:
    with (project.data / "errata.csv").open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"2020-0{1 + turn}-01,val,Une date est corrigée ({turn}).\n")


def a_text(project: Project, turn: int) -> None:
    words = "Nul n'a compté." if turn == 0 else f"Le registre compte {{#4}} {'encore ' * turn}."
    text = f"auteur: Ada\ndate: 2020-01-0{1 + turn}\n\n{words}\n"
    (project.texts / "val.md").write_text(text, encoding="utf-8", newline="\n")


def a_word_explained(project: Project, turn: int) -> None:
    path = project.dictionary / "glossaire.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(".", f" ({'b' * (turn + 1)}).", 1), encoding="utf-8", newline="\n")


def a_method(project: Project, turn: int) -> None:
    path = min(project.methods.glob("*.md"))
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nUne phrase de plus{' encore' * turn}.\n", encoding="utf-8", newline="\n")


def a_name(project: Project, turn: int) -> None:
    path = project.data / "ebe.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Essai 58", f"Essai 58{'b' * (turn + 1)}", 1),
        encoding="utf-8",
        newline="\n",
    )


def a_page_spoiled(project: Project, _turn: int) -> None:
    (project.html / "val.html").write_bytes(b"<html>")


def a_copy_cut(project: Project, _turn: int) -> None:
    path = project.runs / "val.ipynb"
    path.write_bytes(path.read_bytes()[:-20])


def a_product_cut(project: Project, turn: int) -> None:
    kept = sorted(p for p in project.stations.rglob("*") if p.is_file() and p.suffix != ".fiche")
    path = kept[turn % len(kept)]
    path.write_bytes(path.read_bytes()[:-3])


EDITS: tuple[Callable[[Project, int], None], ...] = (
    *(a_figure, a_figure_shown, a_sentence, a_cell, an_erratum, a_name),
    *(a_text, a_word_explained, a_method),
    *(a_page_spoiled, a_copy_cut, a_product_cut),
)


def test_any_sequence_of_changes_gives_what_a_build_from_nothing_gives(
    built: Project, tmp_path: Path
) -> None:
    drawn = random.Random(20260)
    order = [*EDITS]
    drawn.shuffle(order)
    for turn in range(3):
        changes = order[turn::3]
        for change in changes:
            change(built, turn)
        assert not is_unchanged(built)
        assert build(built, codes=(), workers=2) == 0
        assert tree(built) == from_nothing(built, tmp_path / "neuf"), [c.__name__ for c in changes]
        assert is_unchanged(built)


def test_early_cut_off(built: Project, capsys: pytest.CaptureFixture[str]) -> None:
    edit(
        built.root,
        "published/chiffres",
        "4,val,embauches_cumulees_ebe,1234,,,1234",
        "4,val,embauches_cumulees_ebe,1235,,,1235",
    )
    assert build(built, codes=(), workers=2, tells_why=True) == 0
    told = capsys.readouterr().out.splitlines()
    chapters = [line for line in told if line.startswith("chapitre ")]
    assert chapters and all(line.endswith(" : gardé") for line in chapters)  # none of them shows that figure
    assert "page registre : fait, a changé : son contenu" in told
    assert "page val : gardé" in told and "article val : gardé" in told
    edit(built.root, "published/chiffres", "1,val,effectif_ebe,25,,,25", "1,val,effectif_ebe,26,,,26")
    assert build(built, codes=(), workers=2, tells_why=True) == 0
    told = capsys.readouterr().out.splitlines()
    ran = {line.split()[1] for line in told if line.startswith("chapitre ") and not line.endswith("gardé")}
    assert "val" in ran
    assert "chapitre val : fait, a changé : of(effectif_ebe, place=val)" in told


def test_a_text_is_put_in_without_running_a_cell(
    built: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    executed = (built.stations / "executions" / "val.ipynb").read_bytes()
    assert b"Nul n'a compt" not in executed and b"bilan-ecrit" in executed
    a_text(built, 1)
    assert build(built, codes=(), workers=2, tells_why=True) == 0
    told = capsys.readouterr().out.splitlines()
    made = [line for line in told if line.startswith("chapitre ") and not line.endswith(" : gardé")]
    assert made == ["chapitre val : fait, a changé : le texte du territoire"]
    assert (built.stations / "executions" / "val.ipynb").read_bytes() == executed
    page = (built.html / "val.html").read_text(encoding="utf-8")
    assert "Le registre compte" in page and "1\u202f234" in page and "bilan-ecrit" not in page
    assert tree(built) == from_nothing(built, tmp_path / "neuf")


@pytest.mark.parametrize("pages_first", [False, True])
def test_a_site_takes_its_place_with_its_pdfs_unless_somebody_waits_for_its_pages(
    built: Project, monkeypatch: pytest.MonkeyPatch, pages_first: bool
) -> None:
    """A kill in between would leave new pages that offer PDFs of before."""
    before, seen = tree(built), []

    def written(*given: Any, **named: Any) -> Path:
        index = write_site(*given, **named)
        now = tree(built)
        seen.append(
            [now[name] != before[name] for name in ("outputs/html/val.html", "outputs/html/bilan.pdf")]
        )
        return index

    monkeypatch.setattr("analysis.livre.build.write_site", written)
    a_text(built, 1)
    assert build(built, codes=(), workers=2, pages_first=pages_first) == 0
    assert seen == [[True, False], [True, True]][not pages_first :]


def test_a_part_that_was_just_built_is_not_looked_at_again(buildable: Project) -> None:
    assert build(buildable, codes=["val"], workers=2) == 0
    assert is_unchanged(buildable, ["val"])
    assert not is_unchanged(buildable) and not is_unchanged(buildable, ["vide"])
    a_page_spoiled(buildable, 0)
    assert not is_unchanged(buildable, ["val"])
    assert build(buildable, codes=(), workers=2) == 0
    assert is_unchanged(buildable) and is_unchanged(buildable, ["val"]) and is_unchanged(buildable, ["vide"])
    an_erratum(buildable, 0)
    assert not is_unchanged(buildable, ["val"])


LIEUX = territoires(2)
BUILT = tuple(lieu.code for lieu in LIEUX)
"""The chapters of the invented bilan that are built: those that a deposit, a text or a remark touches."""


@pytest.fixture
def deposited(tmp_path: Path) -> Project:
    """Two invented territories whose deposits are received, in a project of their own; nothing is built."""
    here = write_demonstration_root(tmp_path / "reel")
    prepare(here, here.demonstration, LIEUX)
    for lieu in LIEUX:
        a_deposit(here.demonstration, lieu, GRAINE)
    here.demonstration.texts.mkdir()
    return here.demonstration


def a_deposit(invented: Project, lieu: Lieu, seed: int) -> None:
    """What a territory sends, received: drawn from that seed, it stands in the place of an earlier one."""
    referentiel = load_referentiel(invented)
    folder = invented.depots / lieu.code
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sent = generer(lieu, seed)
    write_workbook(folder / f"depot-{lieu.code}.xlsx", referentiel, lieu.code, sent.tables)
    for name, content in sent.fichiers.items():
        (folder / name).write_bytes(content)
    receive(invented, referentiel, lieu.code)


def a_later_deposit(invented: Project, turn: int) -> None:
    a_deposit(invented, LIEUX[turn % 2], GRAINE + 1 + turn)


def a_remark(invented: Project, turn: int) -> None:
    code = LIEUX[turn % 2].code
    said = Commentaire(
        **{field.name: "" for field in fields(Commentaire)}
        | {
            "id": f"r-{turn}",
            "edition": "copie",
            "territoire": code,
            "chapitre": code,
            "ancre": "titre",
            "date": "2021-10-04",
        }
        | {"texte": f"Il manque une phrase{' encore' * turn}.", "consentement": "oui", "role": "elus"}
        | {"statut": "a_repondre", "rattachement": "en_place", "genre": "desaccord", "origine": "feuille"}
    )
    save_commentaires(invented, code, [said])


def a_text_of_a_deposit(invented: Project, turn: int) -> None:
    text = f"auteur: Ada\ndate: 2021-10-0{1 + turn}\n\nPersonne n'a compté{' encore' * turn}.\n"
    (invented.texts / f"{LIEUX[0].code}.md").write_text(text, encoding="utf-8", newline="\n")


def test_deposits_texts_and_remarks_give_what_a_build_from_nothing_gives(
    deposited: Project, tmp_path: Path
) -> None:
    assert build(deposited, codes=BUILT, workers=2) == 0
    assert is_unchanged(deposited, BUILT)
    changes = [a_later_deposit, a_remark, a_text_of_a_deposit]
    random.Random(20262).shuffle(changes)
    for change in changes:
        change(deposited, 0)
    assert not is_unchanged(deposited, BUILT)
    assert build(deposited, codes=BUILT, workers=2) == 0
    fresh = Project(tmp_path / "neuf")
    apart = shutil.ignore_patterns("papermill_runs", "html", "pdf", "prive")
    shutil.copytree(deposited.checkout, fresh.root, ignore=apart)
    assert build(fresh.demonstration, codes=BUILT, workers=2) == 0
    assert tree(deposited) == tree(fresh.demonstration)


WORK = 5.0
"""Seconds of processor of a build that changes something, about; one from nothing takes seven."""


@pytest.mark.skipif(os.name == "nt", reason="signals are those of Unix")
def test_ten_kills_at_random_moments_leave_nothing_cut_that_passes_for_done(
    buildable: Project, tmp_path: Path
) -> None:
    """Moments of the work of a build, in seconds of processor; what it imports is imported once for all of them."""
    drawn, ended = random.Random(20261), []
    with builds_of(buildable.root) as killed:
        for turn in range(10):
            EDITS[turn % 4](buildable, turn)
            ended.append(killed(drawn.uniform(0.0, WORK)))
    assert -signal.SIGKILL in ended
    assert build(buildable, codes=(), workers=2) == 0
    assert tree(buildable) == from_nothing(buildable, tmp_path / "neuf")
    assert not [p for p in buildable.root.rglob(".en-cours-*") if p.parent != buildable.stations]
