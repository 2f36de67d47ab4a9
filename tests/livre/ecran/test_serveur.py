"""`bilan serve` answers this machine alone, for the files of the site alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from analysis.livre.ecran.serveur import HOST, Loopback, opened
from analysis.livre.suivi.direct import in_background
from analysis.noyau.errors import BilanError


@pytest.fixture
def served(tmp_path: Path) -> Iterator[HTTPConnection]:
    site, outside = tmp_path / "html", tmp_path / "ailleurs"
    for folder in (site / "donnees", outside):
        folder.mkdir(parents=True)
    (site / "index.html").write_text("Accueil", encoding="utf-8")
    (site / "donnees" / "a.csv").write_text("a;b", encoding="utf-8")
    (outside / "cle").write_text("secret", encoding="utf-8")
    (site / "lien").symlink_to(outside / "cle")
    (site / "dossier").symlink_to(outside)
    (site / "boucle").symlink_to(site / "boucle")
    with opened(partial(Loopback, directory=str(site)), port=0) as server, in_background(server):
        connection = HTTPConnection(HOST, server.server_port, timeout=60)
        yield connection
        connection.close()


def ask(connection: HTTPConnection, path: str, host: str = "localhost") -> tuple[HTTPResponse, bytes]:
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    return answer, answer.read()


def test_a_page_says_what_it_may_do_and_that_nobody_frames_it(served: HTTPConnection) -> None:
    for path in ("/", "/donnees/a.csv", "/absente"):
        answer, _ = ask(served, path)
        policy = answer.getheader("Content-Security-Policy", "")
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("X-Frame-Options") == "DENY"
        assert answer.getheader("Referrer-Policy") == "no-referrer"
        assert answer.getheader("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    "path", ["/lien", "/dossier/cle", "/boucle", "/../ailleurs/cle", "/%2e%2e/ailleurs/cle", "/a%00b"]
)
def test_nothing_out_of_the_site_is_read(served: HTTPConnection, path: str) -> None:
    answer, content = ask(served, path)
    assert answer.status == 404 and b"secret" not in content


def test_a_folder_is_not_listed(served: HTTPConnection) -> None:
    answer, content = ask(served, "/donnees/")
    assert answer.status == 404 and b"a.csv" not in content
    assert ask(served, "/donnees/a.csv")[1] == b"a;b" and ask(served, "/")[1] == b"Accueil"


def test_a_name_that_is_not_this_machine_s_reads_nothing(served: HTTPConnection) -> None:
    for host in ("exemple.org", "127.0.0.1.exemple.org", "[::1].exemple.org", ""):
        assert ask(served, "/", host=host)[0].status == 421


def test_a_port_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(BilanError, match="Le port 70000 n'existe pas : prenez un nombre de 1024 à 65535"),
        opened(partial(Loopback, directory=str(tmp_path)), port=70000),
    ):
        pass
