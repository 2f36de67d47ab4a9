"""From an executed notebook to the chapter that is published: what people wrote of it put in its places, no
section about what nobody sent.

A Markdown cell tagged ``suite`` stands only if a cell of its section shows something; one tagged ``reel`` or
``demonstration`` opens what only a bilan of that nature has; what the chapter awaits is gathered under the
cell tagged ``attentes``. In JupyterLab nothing of real territories is taken away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, get_args

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from analysis.noyau.paths import Nature
from analysis.presentation.parts.attentes import Attendu, gathered, taken_out
from analysis.presentation.parts.blocks import Block
from analysis.presentation.parts.ecrits import Piece, marked, put_in
from analysis.presentation.published import dix_lignes, jugement, parole, territoire
from analysis.secret.bundle import Bundle

SUITE = "suite"
"""The tag of a Markdown cell that goes when its section shows nothing."""

ATTENTES = "attentes"
"""The tag of the Markdown cell under which a chapter lists what it awaits."""

ECRITS: Final[Mapping[str, Piece]] = {
    "texte": territoire.texte,
    "dernier-mot": dix_lignes.dernier_mot,
    "verdicts": jugement.verdicts,
    "parole": parole.du_territoire,
    "qui-a-parle": parole.qui_a_parle,
    "desaccords": parole.desaccords,
    "changements": parole.changements,
}
"""What people write that chapters hold, by the names of its marks."""

_HEADING = re.compile(r"^(#{1,6}) +(.+?)(?: *\{#[a-z0-9-]+\})?$", re.MULTILINE)
_DEEPEST = 7


def of_nature(notebook: NotebookNode, nature: Nature) -> NotebookNode:
    """A notebook without what is tagged for the other nature of bilan: prose, or a title with its section."""
    kept = deepcopy(notebook)
    others = [name for name in get_args(Nature) if name != nature]
    gone: set[int] = set()
    for rank, cell in enumerate(kept.cells):
        if any(_has_tag(cell, other) for other in others):
            inside = len(_section(kept.cells, rank)) if any(part.level for part in _parts(cell)) else 0
            gone |= set(range(rank, rank + 1 + inside))
    kept.cells = [cell for rank, cell in enumerate(kept.cells) if rank not in gone]
    return kept


def composed(executed: NotebookNode, nature: Nature = "reel") -> NotebookNode:
    """The chapter as readers get it, in a bilan of that nature.

    What is awaited leaves its place for the list at the end, when the notebook has one; a cell tagged
    ``suite`` whose section shows nothing goes, and so does an empty list.
    """
    notebook = of_nature(executed, nature)
    if any(_has_tag(cell, ATTENTES) for cell in notebook.cells):
        _gather(notebook)
    cells = notebook.cells
    notebook.cells = [
        cell for rank, cell in enumerate(cells) if not _has_tag(cell, SUITE) or _shows(_section(cells, rank))
    ]
    return notebook


def ecrits(names: Iterable[str], bundle: Bundle) -> dict[str, Block]:
    """The pieces of these names that people wrote, as a bundle has them today."""
    return {name: ECRITS[name](bundle) for name in names}


def marks(executed: NotebookNode) -> list[str]:
    """The names of the pieces that an executed notebook awaits, each once."""
    return sorted({name for output in _outputs(executed) for name in marked(_html(output))})


def written(executed: NotebookNode, pieces: Mapping[str, Block]) -> NotebookNode:
    """An executed notebook with what people wrote in its places."""
    whole = deepcopy(executed)
    for output in _outputs(whole):
        if marked(_html(output)):
            output.data["text/html"] = put_in(_html(output), pieces)
            output.data["text/plain"] = repr(Block(output.data["text/html"]))
    return whole


def _outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def _html(output: NotebookNode) -> str:
    return str(output.get("data", {}).get("text/html", ""))


def empty_sections(notebook: NotebookNode) -> list[str]:
    """The titles of the sections of a composed chapter that have nothing to say, in order.

    Under such a title stand neither words nor a result, or words and cells that all show nothing.
    """
    parts = [part for cell in notebook.cells for part in _parts(cell)]
    return [part.words for rank, part in enumerate(parts) if part.level and _is_empty(parts[rank:])]


@dataclass(frozen=True)
class _Part:
    """A piece of a chapter in its order: a title (``level`` from 1), some prose, or what a cell shows."""

    words: str
    level: int = 0
    is_result: bool = False


def _parts(cell: NotebookNode) -> Iterator[_Part]:
    if cell.cell_type == "code":
        yield _Part("shown" if _shows([cell]) else "", is_result=True)
        return
    before = 0
    for title in _HEADING.finditer(cell.source):
        yield _Part(cell.source[before : title.start()].strip())
        yield _Part(title[2], level=len(title[1]))
        before = title.end()
    yield _Part(cell.source[before:].strip())


def _is_empty(parts: Sequence[_Part]) -> bool:
    """Whether the section that the first of these parts opens has nothing to say."""
    title, *following = parts
    inside = list(takewhile(lambda part: not 0 < part.level <= title.level, following))
    results = [part for part in inside if part.is_result]
    told = results or [part for part in inside if not part.level]
    return not any(part.words for part in told)


def _section(cells: Sequence[NotebookNode], rank: int) -> Sequence[NotebookNode]:
    """The cells of the section that a Markdown cell opens; those of prose alone end at the next title."""
    level = next((part.level for part in _parts(cells[rank]) if part.level), _DEEPEST)
    following = cells[rank + 1 :]
    return list(takewhile(lambda cell: not any(0 < part.level <= level for part in _parts(cell)), following))


def _shows(cells: Sequence[NotebookNode]) -> bool:
    """Whether one of these cells shows something once executed."""
    return any(_is_seen(output) for cell in cells for output in cell.get("outputs", []))


def _has_tag(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _is_seen(output: NotebookNode) -> bool:
    """Whether an output has a content; a part without data gives an empty block of HTML."""
    if output.output_type in ("display_data", "execute_result") and "text/html" in output.data:
        return bool(output.data["text/html"].strip())
    return True


def _gather(notebook: NotebookNode) -> None:
    """Move what the chapter awaits from its places to the list at the end."""
    awaited: list[Attendu] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output.data["text/html"], found = taken_out(output.data["text/html"])
                awaited += found
    cells = []
    for cell in notebook.cells:
        if not _has_tag(cell, ATTENTES):
            cells.append(cell)
        elif awaited:
            shown = new_output("display_data", data={"text/html": gathered(awaited).html})
            cells += [cell, new_code_cell("", outputs=[shown], id=ATTENTES)]
    notebook.cells = cells
