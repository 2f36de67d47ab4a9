"""`bilan serve`: look at a site as a web server would give it, on this machine alone."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

HOST = "127.0.0.1"

_NAMES = (HOST, "localhost")
"""The names by which this machine's own browsers ask for it."""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What every answer says of itself; a page's own policy is stricter, and holds as well."""

LAST_PORT: Final = 65535


class Loopback(SimpleHTTPRequestHandler):
    """No line a request, and no copy kept: what is built anew is shown anew.

    A request that names another machine is refused: a page from elsewhere, whose name was made to lead here,
    reads nothing. A folder has no list, and a link that leads out of the site leads nowhere.
    """

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        if urlsplit(f"//{self.headers.get('Host', '')}").hostname not in _NAMES:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return False
        return True

    def translate_path(self, path: str) -> str:
        """The file that an address names, in the site for good; one that is not there for any other."""
        try:
            found = Path(super().translate_path(path)).resolve()
            home = Path(self.directory).resolve()
        except (OSError, ValueError, RuntimeError):  # a name that no file may have, links that turn in a ring
            return os.devnull + "/"
        return str(found) if found.is_relative_to(home) else os.devnull + "/"

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """Refuse to list a folder."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def folder_of(project: Project, *, edition: str = "", demonstration: bool = False) -> Path:
    """The folder to show: the working copy, an edition, or the demonstration; raises BilanError."""
    chosen = project.demonstration if demonstration else project
    folder = project.sealed / edition / "html" if edition else chosen.html
    if not (folder / "index.html").is_file():
        command = "bilan demonstration" if demonstration else "bilan build"
        hint = f"éditions : {_known(project)}" if edition else f"lancez « {command} »"
        raise BilanError(f"{project.shown(folder)} ne contient pas de site ; {hint}.")
    return folder


def serve(folder: Path, *, port: int) -> None:
    """Show a folder until Ctrl-C; raises BilanError when the port cannot be had."""
    with opened(partial(Loopback, directory=str(folder)), port=port) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


@contextmanager
def opened(handler: Callable[..., Loopback], *, port: int) -> Iterator[ThreadingHTTPServer]:
    """A server of this machine for this machine, its address told; raises BilanError when the port cannot
    be had."""
    if port > LAST_PORT:
        raise BilanError(f"Le port {port} n'existe pas : prenez un nombre de 1024 à {LAST_PORT}, comme 8000.")
    try:
        made = ThreadingHTTPServer((HOST, port), handler)
    except OSError as error:
        raise BilanError(_refused(port, error)) from error
    with made as server:
        print(f"http://{HOST}:{server.server_port}/ (Ctrl-C pour arrêter)", flush=True)
        yield server


def _refused(port: int, error: OSError) -> str:
    """Why a port cannot be had, and what to do."""
    why = {
        errno.EADDRINUSE: "est déjà pris, sans doute par un autre « bilan serve »",
        errno.EACCES: "demande des droits d'administrateur",
    }
    other = port + 1 if error.errno == errno.EADDRINUSE else 8000
    reason = why.get(error.errno or 0, f"ne s'ouvre pas ({error.strerror})")
    return f"Le port {port} {reason}. Prenez-en un autre : « bilan serve --port {other} »."


def _known(project: Project) -> str:
    found = sorted(path.name for path in project.sealed.glob("*") if path.is_dir() and path.name[0] != ".")
    return ", ".join(found) or "aucune"
