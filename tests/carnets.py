"""Notebooks run in process: what the cells of a chapter show of a bundle, without a kernel."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bs4 import BeautifulSoup

from analysis.chapitres.catalogue import catalogue, make_bundle, measures_for
from analysis.indicateurs.calcul import Resultats
from analysis.noyau.paths import Project
from analysis.presentation.parts.blocks import Block
from analysis.presentation.parts.mentions import ATELIER_MARK
from analysis.secret.bundle import Bundle
from analysis.sources.register import Register

NOTEBOOKS = Project.here().notebooks


@dataclass(frozen=True)
class Shown:
    """What a cell shows: the block, and the code that shows it."""

    code: str
    block: Block


def shown_by(notebook: str, bundle: Bundle, **parameters: str) -> Iterator[Shown]:
    """The blocks that the repository's notebook of that name shows of a bundle, cell by cell."""
    cells = json.loads((NOTEBOOKS / notebook).read_text(encoding="utf-8"))["cells"]
    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        lines = "".join(cell["source"]).splitlines()
        code = "\n".join(line for line in lines if not line.startswith("%"))
        block = _run(code, names)
        names["ouvrir"] = lambda _code: bundle
        if "parameters" in cell["metadata"].get("tags", []):
            names |= parameters
        if isinstance(block, Block):
            yield Shown(code, block)


def chapters(
    project: Project, register: Register, resultats: Resultats, codes: tuple[str, ...]
) -> Iterator[tuple[str, Shown]]:
    """What each real chapter shows: those on all the territories, and those of the territories that sent."""
    mesures = measures_for("publication", resultats)
    for chapter in catalogue(register, "reel"):
        if chapter.territoire and chapter.territoire not in codes:
            continue
        if "demonstration" not in chapter.natures:
            continue  # of the figures that the real register alone holds
        bundle = make_bundle(
            project,
            register,
            chapter.code,
            resultats=resultats,
            mesures=mesures,
            etude=None,
            mode="publication",
        )
        for shown in shown_by(chapter.notebook, real(bundle), **chapter.parameters):
            yield chapter.code, shown


def real(bundle: Bundle) -> Bundle:
    """The bundle as the real bilan would hand it: no reception table, the site's own notebooks."""
    return replace(bundle, nature="reel", depots=())


def check_chapters(
    project: Project, register: Register, resultats: Resultats, codes: tuple[str, ...]
) -> None:
    """The chapters on all the territories, and those of ``codes``, show blocks of words and released numbers."""
    for chapter, shown in chapters(project, register, resultats, codes):
        words = BeautifulSoup(shown.block.html, "lxml").get_text(" ")
        assert ATELIER_MARK not in words, (chapter, shown.code)
        assert not {"nan", "None", "inf"} & set(words.split()), (chapter, shown.code)


def _run(code: str, names: dict[str, object]) -> object:
    """Run a cell as JupyterLab does: its last expression is what it shows."""
    body = ast.parse(code).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<carnet>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<carnet>", "eval"), names) if last else None
