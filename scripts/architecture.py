"""The rooms of the code and what imports what, read in the code: ``python scripts/architecture.py``.

Writes ``docs/architecture.md``. Rooms are folders of ``src/analysis``; an arrow is an import that runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from analysis.noyau.paths import Project

ANALYSIS: Final = Project.here().root / "src" / "analysis"
PAGE: Final = Project.here().root / "docs" / "architecture.md"

FLOW = {
    "": (
        "noyau stations sources impact depot indicateurs secret presentation chapitres livre relecture "
        "demonstration cli"
    ),
    "noyau": "files declared",
    "sources": "ouvertes",
    "impact": "estimateurs inference individus",
    "depot": "formes enquetes lecteurs controles garde ecrits",
    "indicateurs": "depenses_passives participation comparaison habilitation territoires_suivis",
    "indicateurs/depenses_passives": "loi",
    "secret": "reseau audit",
    "chapitres": "warm banc vue",
    "presentation": "drawing parts deposits published",
    "presentation/deposits": "depenses_passives participation",
    "presentation/published": "local impact",
    "livre": "article ecran imprime garde editions suivi",
    "relecture": "remis recus",
    "demonstration": "ebe avis etapes",
}
"""The rooms in a folder, each importing only from those before it; modules beside them go between."""


def folders(root: Path) -> list[Path]:
    return [root, *sorted(path.parent for path in root.rglob("__init__.py") if path.parent != root)]


def name_of(path: Path, root: Path) -> str:
    """The dotted name of a module below ``root``, without its own: ``depot.formes.coffre``."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run, at the top or deeper: not those under ``if TYPE_CHECKING``."""
    for statement in body:
        yield statement
        is_typed = isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"
        for name in ("orelse",) if is_typed else ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from statements(getattr(statement, name, ()))


def imported(path: Path, root: Path, known: set[str]) -> Iterator[str]:
    """The modules below ``root`` that a file imports, at its top or later."""
    package = root.name
    for node in statements(ast.parse(path.read_text(encoding="utf-8")).body):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}".removeprefix(f"{package}.")
                yield whole if whole in known else (node.module or "").removeprefix(f"{package}.")
        elif isinstance(node, ast.Import):
            yield from (alias.name.removeprefix(f"{package}.") for alias in node.names)


def graph(root: Path) -> dict[str, set[str]]:
    """Each module below ``root`` with those it imports there."""
    modules = {name_of(path, root): path for path in sorted(root.rglob("*.py"))}
    known = set(modules)
    return {
        name: {other for other in imported(path, root, known) if other in known}
        for name, path in modules.items()
    }


def members(room: str, modules: dict[str, set[str]]) -> dict[str, set[str]]:
    """What stands in a room, modules and rooms alike, each with what it imports from the others."""
    start = [part for part in room.split("/") if part]

    def member(name: str) -> str | None:
        parts = name.split(".") if name else []
        return parts[len(start)] if parts[: len(start)] == start and len(parts) > len(start) else None

    found: dict[str, set[str]] = {}
    for name, others in modules.items():
        here = member(name)
        if here is not None:
            there = {m for m in map(member, others) if m is not None and m != here}
            found.setdefault(here, set()).update(there)
    return found


def purpose(room: str) -> str:
    """What a room is for: the first line of its docstring."""
    tree = ast.parse((ANALYSIS / room / "__init__.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").partition("\n")[0]


def in_order(room: str, found: Mapping[str, set[str]]) -> list[str]:
    """What stands in a room, as the flow orders it; what the flow does not name comes last."""
    order = FLOW[room].split()
    return sorted(found, key=lambda name: (order.index(name) if name in order else len(order), name))


def rooms_of(room: str, found: Mapping[str, set[str]]) -> list[str]:
    """The rooms that stand in a room, in the order of the flow."""
    return [name for name in in_order(room, found) if (ANALYSIS / room / name / "__init__.py").is_file()]


def drawing(rooms: Sequence[str], found: Mapping[str, set[str]]) -> str:
    """The imports between these rooms, without those that a longer way implies."""
    lines = ["```mermaid", "flowchart LR"]
    for name in rooms:
        direct = found[name] & set(rooms)
        implied = {far for near in direct for far in _reached(near, found) & direct}
        lines += [f"  {near} --> {name}" for near in rooms if near in direct - implied]
    return "\n".join([*lines, "```"])


def _reached(name: str, found: Mapping[str, set[str]]) -> set[str]:
    """All that a member imports, by whatever way."""
    reached: set[str] = set()
    waiting = list(found[name])
    while waiting:
        near = waiting.pop()
        if near not in reached:
            reached.add(near)
            waiting += found.get(near, ())
    return reached


_HEAD: Final = """# Architecture

Made by `python scripts/architecture.py` from the code: an arrow goes from what is imported to what imports
it, inside functions too; an arrow that a longer way implies is left out. `tests/test_rooms.py` holds the
order and the size of the rooms; [0040](decisions/0040-rooms-of-fifteen.md) says why. Which file to open for
which change: the opening docstring of `src/analysis/__init__.py`; where new code goes:
[CONTRIBUTING.md](../CONTRIBUTING.md)."""


def page() -> str:
    """The page of the architecture, in Markdown."""
    modules = graph(ANALYSIS)
    parts = [_HEAD]
    for room in FLOW:
        found = members(room, modules)
        rooms = rooms_of(room, found)
        parts.append(f"## {room}" if room else "## The flow")
        drawn = drawing(rooms, found)
        parts += [drawn] if "-->" in drawn else []
        rows = [
            f"| `{inner}` | {purpose(inner)} |" for inner in (f"{room}/{name}".strip("/") for name in rooms)
        ]
        parts.append("\n".join(["| room | what it is for |", "|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
