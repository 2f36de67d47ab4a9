"""Pages are served with what makes them follow the builds; the files of the site stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from analysis.livre.ecran.serveur import HOST, opened
from analysis.livre.suivi.direct import (
    NONE,
    SCRIPT,
    STREAM,
    Board,
    State,
    handler,
    in_background,
    shown_as_it_comes,
    version_of,
)
from analysis.noyau.files.scratch import put_in_place

PAGE = (
    '<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'self'; script-src 'self'\"></head><body>É</body></html>"
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "html"


@pytest.fixture
def board() -> Board:
    return Board(State("v1"))


@pytest.fixture
def served(site: Path, board: Board) -> Iterator[HTTPConnection]:
    with opened(handler(site, board), port=0) as server, in_background(server):
        connection = HTTPConnection(HOST, server.server_port, timeout=60)
        yield connection
        connection.close()


def ask(connection: HTTPConnection, path: str, host: str = "localhost") -> tuple[int, str]:
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8")


def write_page(site: Path) -> None:
    site.mkdir(parents=True, exist_ok=True)
    (site / "index.html").write_text(PAGE, encoding="utf-8")


def test_a_page_follows_and_its_file_stays(site: Path, served: HTTPConnection) -> None:
    write_page(site)
    for path in ("/", "/index.html", "/index.html?x=1"):
        status, html = ask(served, path)
        assert status == 200 and f'<script src="{SCRIPT}" data-version="v1" defer></script></head>' in html
        assert (
            "content=\"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'\"" in html
        )
    assert (site / "index.html").read_text(encoding="utf-8") == PAGE
    assert ask(served, SCRIPT)[1].startswith("// What makes a page follow")
    assert ask(served, "/absente.html")[0] == 404
    assert ask(served, "/../../etc/hostname")[0] == 404


def test_a_site_that_is_not_built_is_waited_for(served: HTTPConnection) -> None:
    status, html = ask(served, "/val.html")
    assert status == 200 and "pas encore construit" in html and SCRIPT in html


def test_a_name_that_was_made_to_lead_here_reads_nothing(site: Path, served: HTTPConnection) -> None:
    write_page(site)
    for host in ("exemple.org", "127.0.0.1.exemple.org:80", ""):
        assert ask(served, "/", host=host)[0] == 421
        assert ask(served, STREAM, host=host)[0] == 421
    for host in ("127.0.0.1:8000", "localhost", "LOCALHOST:9"):
        assert ask(served, "/", host=host)[0] == 200


def test_each_state_is_told_as_it_comes(served: HTTPConnection, board: Board) -> None:
    served.request("GET", STREAM, headers={"Host": HOST})
    answer = served.getresponse()
    assert answer.getheader("Content-Type") == "text/event-stream"

    def told() -> dict[str, object]:
        line = answer.readline().decode("utf-8")
        assert answer.readline() == b"\n"
        return dict(json.loads(line.removeprefix("data: ")))

    assert told() == {"version": "v1", "is_building": False, "faults": []}
    board.building()
    assert told() == {"version": "v1", "is_building": True, "faults": []}
    board.post(State("v1", faults=("val.md, ligne 3 : à corriger",)))
    assert told()["faults"] == ["val.md, ligne 3 : à corriger"]
    board.building()
    assert told()["faults"] == ["val.md, ligne 3 : à corriger"]  # until the build that mends it ends


def test_a_version_is_of_the_bytes_of_a_site(site: Path) -> None:
    assert version_of(site) == NONE
    write_page(site)
    first = version_of(site)
    write_page(site)
    assert version_of(site) == first
    (site / "bilan.css").write_text("p {}", encoding="utf-8")
    assert version_of(site) != first
    second = version_of(site)
    (site / "bilan.pdf").write_bytes(b"%PDF")
    assert version_of(site) == second, "no page shows it: nothing is to be loaded again"


def test_pages_are_told_while_the_build_goes_on(site: Path, board: Board) -> None:
    """A site is put in its place whole: the folder of before goes aside."""
    write_page(site)
    with shown_as_it_comes(site, board):
        board.building()
        new = site.with_name("nouveau")
        write_page(new)
        (new / "bilan.css").write_text("p {}", encoding="utf-8")
        put_in_place(new, site)
        told = board.next(State("v1", is_building=True), patience=30)
        assert told == State(version_of(site), is_building=True)
