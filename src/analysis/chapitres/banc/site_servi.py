"""In JupyterLab the links of a number open the built site, which the atelier serves beside the notebooks."""

from __future__ import annotations

import os
import re
from typing import Any, Final

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from analysis.noyau.paths import Project
from analysis.presentation.parts.blocks import Block

VARIABLE: Final = "BILAN_SITE"
"""The environment variable by which the atelier tells its kernels where it serves the site."""

PREFIX: Final = "/bilan/"

_PAGE = re.compile(r'(<a (?:[^>]* )?href=")([a-z0-9_-]+\.html(?:#[^"]*)?")')
_MISSING = """<!doctype html>
<html lang="fr"><meta charset="utf-8"><title>Site à construire</title>
<p>Cette page n'est pas construite. Lancez « {command} » dans un terminal, puis suivez de nouveau le lien.</p>
</html>
"""


class SitePage(JupyterHandler, web.StaticFileHandler):
    """A file of the built site for who is logged in, or a sentence that says how to build it."""

    def initialize(self, path: str, command: str) -> None:  # type: ignore[override]
        web.StaticFileHandler.initialize(self, path)
        self.command = command

    @web.authenticated
    async def get(self, path: str, include_body: bool = True) -> None:  # type: ignore[override]
        try:
            await web.StaticFileHandler.get(self, path, include_body)
        except web.HTTPError as error:
            if error.status_code != 404:
                raise
            self.set_status(404)
            self.finish(_MISSING.format(command=self.command))

    def set_extra_headers(self, path: str) -> None:
        """What is built anew is shown anew."""
        self.set_header("Cache-Control", "no-store")

    def compute_etag(self) -> None:
        return None


def _load_jupyter_server_extension(server: Any) -> None:
    """Serve the built site of the project that is open."""
    project = Project.here()
    command = "bilan build" if project.nature == "reel" else "bilan demonstration"
    pattern = url_path_join(server.web_app.settings["base_url"], PREFIX, "(.*)")
    given = {"path": str(project.html), "command": command}
    server.web_app.add_handlers(".*$", [(pattern, SitePage, given)])


def to_site(html: str, prefix: str) -> str:
    """A block whose links to pages of the book lead to those that are served.

    >>> to_site('<a href="registre.html#chiffre-1" class="chiffre">25</a> <a href="#ici">x</a>', "/bilan/")
    '<a href="/bilan/registre.html#chiffre-1" class="chiffre">25</a> <a href="#ici">x</a>'
    """
    return _PAGE.sub(lambda match: f"{match[1]}{prefix}{match[2]}", html)


def open_links_in_site() -> None:
    """Let the blocks that a notebook shows from now on link to the site, where the atelier serves it."""
    from IPython.core.getipython import get_ipython

    shell, prefix = get_ipython(), os.environ.get(VARIABLE)
    if shell is None or prefix is None:
        return
    formatter = shell.display_formatter.formatters["text/html"]
    formatter.for_type(Block, lambda block: to_site(block.html, prefix))
