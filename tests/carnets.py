"""Notebooks run in process: what the cells of a chapter show of a bundle, without a kernel."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.noyau.paths import Project
from analysis.presentation.blocks import Block
from analysis.secret.bundle import Bundle


@dataclass(frozen=True)
class Shown:
    """What a cell shows: the block, and the code that shows it."""

    code: str
    block: Block


def shown_by(notebook: str, bundle: Bundle, **parameters: str) -> Iterator[Shown]:
    """The blocks that the repository's notebook of that name shows of a bundle, cell by cell."""
    cells = json.loads((Project.here().notebooks / notebook).read_text(encoding="utf-8"))["cells"]
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


def _run(code: str, names: dict[str, object]) -> object:
    """Run a cell as JupyterLab does: its last expression is what it shows."""
    body = ast.parse(code).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "<carnet>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<carnet>", "eval"), names) if last else None
