"""The real notebooks where nobody sent anything: a chapter says what it is, and announces nothing that is not there."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.chapitres.check import untold
from analysis.chapitres.composition import composed
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.definitions import load_definitions
from analysis.noyau.paths import Project
from analysis.secret.bundle import (
    Bundle,
    Mode,
    bundle_ensemble,
    bundle_territoire,
    with_measures,
    with_participation,
)
from analysis.sources.register import Register

PROJECT = Project(Path(__file__).resolve().parents[1])

THEMES = ("exhaustivite", "economie_ebe", "participation", "vie_associative")


def opened(bundle: Bundle, mode: Mode) -> Bundle:
    """A bundle to which no territory sent a deposit, an answer or a remark."""
    bundle = with_measures(bundle, (), load_definitions(PROJECT), mode)
    return with_participation(
        bundle, questions=(), verbatims=(), commentaires=(), listes=load_nomenclatures(PROJECT)
    )


def executed(name: str, bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> NotebookNode:
    """A notebook of the project with what its cells show of a bundle, run here instead of in a kernel."""
    monkeypatch.setattr("analysis.chapitres.opening.ouvrir", lambda _: bundle)
    names: dict[str, object] = {}
    cells = []
    for cell in json.loads((PROJECT.notebooks / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            cells.append(new_markdown_cell(source, metadata=cell["metadata"]))
            continue
        tree = ast.parse("\n".join(line for line in source.splitlines() if not line.startswith("%")))
        last = tree.body[-1]
        shown = ""
        if isinstance(last, ast.Expr):
            tree.body.pop()
            exec(compile(tree, name, "exec"), names)  # noqa: S102
            shown = eval(compile(ast.Expression(last.value), name, "eval"), names).html  # noqa: S307
        else:
            exec(compile(tree, name, "exec"), names)  # noqa: S102
        output = new_output("execute_result", data={"text/html": shown})
        cells.append(new_code_cell(source, outputs=[output] if isinstance(last, ast.Expr) else []))
    return new_notebook(cells=cells)


def seen(notebook: NotebookNode) -> str:
    parts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    parts += [output.data["text/html"] for cell in notebook.cells for output in cell.get("outputs", [])]
    return BeautifulSoup("\n".join(parts), "lxml").get_text(" ")


def titles(notebook: NotebookNode) -> list[str]:
    lines = (
        line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()
    )
    return [line.lstrip("# ") for line in lines if line.startswith("#")]


def unknown_territory(published: Register) -> Bundle:
    """A territory of which nothing at all was published: no figure, no series, no EBE, no text."""
    known = published.territoires[0]
    site = replace(known.sites[0], code="neuf", nom="Neuville", communes=known.sites[0].communes[:1])
    neuf = replace(known, code="neuf", nom="Neuville", sites=(site,), ebe=())
    bare = replace(published, territoires=(*published.territoires, neuf), series=())
    return bundle_territoire(bare, "neuf", texte=None)


def test_a_territory_without_any_figure_still_has_a_page_that_says_what_it_is(
    published: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = opened(unknown_territory(published), "publication")
    chapter = composed(executed("territoire", bundle, monkeypatch))
    assert untold(chapter) == []
    text = seen(chapter)
    assert "Neuville" in text and "Aucun chiffre daté" in text and "Carte d'identité" in text
    assert "Les nombres qui suivent" not in text and "En attente" not in text
    assert "Qui est embauché ?" not in titles(chapter)
    assert titles(chapter)[-2:] == ["Ce que ce chapitre attend", "Sources"]
    rows = BeautifulSoup(
        "".join(o.data["text/html"] for c in chapter.cells if c.id == "attentes" for o in c.outputs), "lxml"
    ).select("tbody th")
    awaited = [row.get_text() for row in rows]
    assert len(awaited) == len(set(awaited)) == 9


@pytest.mark.parametrize("name", THEMES)
def test_a_chapter_of_deposits_that_nobody_sent_is_what_is_published_and_its_list(
    published: Register, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    bundle = opened(bundle_ensemble(published, name, texte=None), "publication")
    chapter = composed(executed(name, bundle, monkeypatch))
    assert untold(chapter) == []
    told = [title for title in titles(chapter) if title != "Ce que d'autres ont publié"]
    assert told == ["Ce que ce chapitre attend"]
    assert "« Secret » remplace" not in seen(chapter)


def test_an_evaluator_in_jupyterlab_sees_every_part_and_every_sentence_in_its_place(
    published: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = opened(unknown_territory(published), "atelier")
    notebook = executed("territoire", bundle, monkeypatch)
    text = seen(notebook)
    assert "Les nombres qui suivent" in text and "Qui est embauché ?" in titles(notebook)
    assert text.count("En attente :") > 8
