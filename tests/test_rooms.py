"""The rooms of the house: few files in each, and everything imported one way, between them and inside them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from analysis.noyau.paths import Project

ANALYSIS = Project.here().root / "src" / "analysis"
MOST = 15

FLOW = {
    "": "noyau stations sources depot indicateurs secret presentation chapitres livre relecture demonstration cli",
    "noyau": "files declared",
    "depot": "formes enquetes lecteurs controles garde ecrits",
    "indicateurs": "depenses_passives participation comparaison",
    "indicateurs/depenses_passives": "loi",
    "chapitres": "warm banc",
    "presentation": "drawing parts deposits published",
    "presentation/deposits": "depenses_passives participation",
    "presentation/published": "local",
    "livre": "article ecran imprime editions",
    "relecture": "remis recus",
    "demonstration": "ebe avis",
}
"""The rooms in a folder, each importing only from those before it; modules that stand beside them go between."""


def folders(root: Path) -> list[Path]:
    return [root, *sorted(path.parent for path in root.rglob("__init__.py") if path.parent != root)]


def name_of(path: Path, root: Path) -> str:
    """The dotted name of a module below ``root``, without its own: ``depot.formes.coffre``."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def only_for_types(tree: ast.Module) -> set[int]:
    """The nodes that stand under ``if TYPE_CHECKING``: nothing is imported there when the code runs."""
    blocks = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return {id(inner) for block in blocks for statement in block.body for inner in ast.walk(statement)}


def imported(path: Path, root: Path, known: set[str]) -> Iterator[str]:
    """The modules below ``root`` that a file imports, at its top or later."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    types = only_for_types(tree)
    package = root.name
    for node in ast.walk(tree):
        if id(node) in types:
            continue
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


MODULES = graph(ANALYSIS)
ROOMS = [path.relative_to(ANALYSIS).as_posix().removeprefix(".") for path in folders(ANALYSIS)]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room or "analysis")
def test_no_room_has_more_than_fifteen_files(room: str) -> None:
    assert len(list((ANALYSIS / room).glob("*.py"))) <= MOST


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room or "analysis")
def test_nothing_in_a_room_leads_back_to_itself(room: str) -> None:
    """What stands in a room can be put in an order where each imports only what comes before it."""
    found = members(room, MODULES)
    assert set(TopologicalSorter(found).static_order()) == set(found)


@pytest.mark.parametrize("room", FLOW, ids=lambda room: room or "analysis")
def test_rooms_import_along_the_flow(room: str) -> None:
    found, order = members(room, MODULES), FLOW[room].split()
    back = {
        f"{here} imports {there}"
        for here, others in found.items()
        for there in others
        if here in order and there in order and order.index(there) > order.index(here)
    }
    assert back == set()


def test_every_room_has_its_place_in_the_flow() -> None:
    inner = {path.parent for path in map(Path, ROOMS) if path != Path()}
    for folder in inner:
        room = folder.as_posix().removeprefix(".")
        there = {Path(name).name for name in ROOMS if name and Path(name).parent == folder}
        assert there <= set(FLOW.get(room, "").split()), f"a new room of « {room} » is put in order in FLOW"


def test_a_way_back_is_found_wherever_it_is_written(tmp_path: Path) -> None:
    """At the top, inside a function, by the name of a package; not in what is there for types alone."""
    house = tmp_path / "house"
    for room in ("low", "high"):
        (house / room).mkdir(parents=True)
        (house / room / "__init__.py").touch()
    (house / "__init__.py").touch()
    (house / "high" / "roof.py").write_text("from house.low.cellar import x\n", encoding="utf-8")
    cellar = house / "low" / "cellar.py"
    late = "def f():\n    from house.high import roof\n"
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.high.roof import y\n"
    for text, back in ((late, {"high"}), ("import house.high.roof\n", {"high"}), (typed, set())):
        cellar.write_text(text, encoding="utf-8")
        assert members("", graph(house))["low"] == back
