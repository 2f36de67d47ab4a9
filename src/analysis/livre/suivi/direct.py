"""The site as it is written: pages that follow the builds, served with what makes them follow.

Nothing of it is in the files of the site: the server puts it into what it sends.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from analysis.livre.ecran.serveur import Loopback
from analysis.stations.store import of_files, sha256

STREAM: Final = "/.suivi/etat"
SCRIPT: Final = "/.suivi/suivi.js"
NONE: Final = "rien"
"""The version of a site that is not built."""

_ALIVE: Final = 15.0
"""Seconds after which a page that has nothing to learn is sent something all the same: whether it is still
there is known by that alone."""

_EACH: Final = 0.02
"""Seconds between two looks at the site that a build makes."""

_WAITING: Final = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Le site se construit</title></head>
<body><main><p>Le site n'est pas encore construit. Cette page le montrera dès qu'il le sera ; le terminal dit
où en est la construction.</p></main></body></html>
"""

_POLICY: Final = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')


@dataclass(frozen=True)
class State:
    """What pages are told: the version of the site, whether it is being made, what is to be mended."""

    version: str
    is_building: bool = False
    faults: tuple[str, ...] = ()


class Board:
    """The state of the moment, for whoever waits for the next one."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._changed = threading.Condition()

    @property
    def state(self) -> State:
        return self._state

    def post(self, state: State) -> None:
        """Tell a new state to all who wait."""
        with self._changed:
            self._state = state
            self._changed.notify_all()

    def next(self, seen: State | None, patience: float = _ALIVE) -> State:
        """The state once it is not the one that was seen, or the same after ``patience`` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._state != seen, patience)
            return self._state

    def building(self) -> None:
        """Tell that a build has begun; what was to be mended still is."""
        self.post(replace(self._state, is_building=True))


@contextmanager
def shown_as_it_comes(folder: Path, board: Board) -> Iterator[None]:
    """Tell each version of a site that takes its place until the end of the block: pages come before PDFs."""
    ended = threading.Event()

    def look() -> None:
        seen = _put_at(folder)
        while not ended.wait(_EACH):
            if (now := _put_at(folder)) != seen:
                seen = now
                board.post(replace(board.state, version=version_of(folder)))

    watching = threading.Thread(target=look, name="pages", daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


def _put_at(folder: Path) -> int:
    """When the folder of a site was put in its place, 0 where there is none."""
    try:
        return folder.stat().st_ctime_ns
    except OSError:
        return 0


def version_of(folder: Path) -> str:
    """The fingerprint of all the files of a site but its PDFs, which no page shows.

    >>> version_of(Path("nulle part"))
    'rien'
    """
    if not (folder / "index.html").is_file():
        return NONE
    found = of_files(folder, [folder])
    return sha256(json.dumps({name: of for name, of in found.items() if not name.endswith(".pdf")}).encode())


class Following(Loopback):
    """The site with, in each page, what makes it follow the builds."""

    def __init__(self, *arguments: Any, board: Board, **options: Any) -> None:
        self._board = board
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        asked = urlsplit(self.path).path
        if asked == STREAM:
            self._stream()
        elif asked == SCRIPT:
            script = files(__package__).joinpath("suivi.js").read_bytes()
            self._send(script, "text/javascript; charset=utf-8")
        else:
            self._page()

    def _page(self) -> None:
        state, path = self._board.state, Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if path.suffix == ".html" and path.is_file():
            self._send_page(path.read_text(encoding="utf-8"), state)
        elif not (Path(self.directory) / "index.html").is_file():
            self._send_page(_WAITING, state)
        else:
            super().do_GET()

    def _send_page(self, html: str, state: State) -> None:
        self._send(followed(html, state.version).encode(), "text/html; charset=utf-8")

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _stream(self) -> None:
        """Each state as it comes, for as long as the page is there."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        seen: State | None = None
        try:
            while True:
                seen = self._board.next(seen)
                self.wfile.write(f"data: {json.dumps(asdict(seen))}\n\n".encode())
                self.wfile.flush()
        except OSError:  # the page is closed
            pass


def followed(html: str, version: str) -> str:
    """A page that follows the builds: the script that does it, which version this is, the right to ask.

    >>> followed("<title>Essai</title></head>", "1")
    '<title>Essai</title><script src="/.suivi/suivi.js" data-version="1" defer></script></head>'
    """
    script = f'<script src="{SCRIPT}" data-version="{version}" defer></script>'
    return _POLICY.sub(_allowed, html, count=1).replace("</head>", f"{script}</head>", 1)


def _allowed(policy: re.Match[str]) -> str:
    """A policy that lets a page ask its own server, and take its scripts."""
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy[2].split(";") if rule.strip())
    for name in ("connect-src", "script-src"):
        known = rules.get(name, "").replace("'none'", "").split()
        rules[name] = " ".join(dict.fromkeys([*known, "'self'"]))
    return f"{policy[1]}{'; '.join(f'{name} {value}' for name, value in rules.items())}{policy[3]}"


def handler(folder: Path, board: Board) -> partial[Following]:
    """What answers the requests of a server of that folder."""
    return partial(Following, directory=str(folder), board=board)


@contextmanager
def in_background(server: ThreadingHTTPServer) -> Iterator[None]:
    """Let a server answer while something else is done, until the end of the block."""
    threading.Thread(target=server.serve_forever, name="serveur", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
