"""The rooms of the house: few files in each, and everything imported one way, between them and inside them."""

from __future__ import annotations

from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from architecture import ANALYSIS, FLOW, PAGE, folders, graph, members, page

MOST = 15

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


def test_the_page_of_the_architecture_is_in_step_with_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python scripts/architecture.py écrit la page"
