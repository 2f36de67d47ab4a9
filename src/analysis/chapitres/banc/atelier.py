"""The atelier: JupyterLab on the project, set so that nothing which is seen there is stored."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis.chapitres.banc.site_servi import PREFIX, VARIABLE
from analysis.noyau.carnets import emptied
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

SETTINGS = Path(__file__).parents[1] / "jupyter"


WORD = "--ouvrir-au-reseau"
"""What one types to let other machines reach the atelier."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ADDRESS = frozenset(("ip", "local_hostnames"))
_OPENING = frozenset(
    "allow_remote_access allow_origin allow_origin_pat allow_credentials trust_xheaders sock".split()
)
_UNLOCKING = frozenset(
    "allow_unauthenticated_access disable_check_xsrf identity_provider_class authorizer_class config "
    "config_file config_file_name login_handler_class".split()
)
_SHORTEST_TOKEN = 8
"""Settings of JupyterLab that name its address, that let others in, that take its lock away."""


def lab(project: Project, options: Sequence[str], *, is_open: bool = False) -> int:
    """Open JupyterLab on the whole project, its notebooks first; the exit status.

    It answers this machine alone, to who has its token. Raises BilanError for a demonstration that has not
    been built, for an option that opens the atelier to the network unless ``is_open``, and for one that takes
    its token away, always.
    """
    check_options(options, is_open=is_open)
    if not project.notebooks.is_dir():
        raise BilanError("La démonstration n'est pas construite : lancez d'abord « bilan demonstration ».")
    config = SETTINGS / "atelier_config.py"
    paths = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    inherited = {name: value for name, value in os.environ.items() if name != "JUPYTER_TOKEN" or value}
    environment = {
        **inherited,
        "BILAN_RACINE": str(project.root),
        VARIABLE: PREFIX,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(paths),
    }
    command = [sys.executable, "-m", "jupyterlab", f"--config={config}", *options]
    return subprocess.run(command, cwd=project.root, env=environment, check=False).returncode


def check_options(options: Sequence[str], *, is_open: bool) -> None:
    """Refuse what opens the atelier to others without the word for it, and what takes its lock away.

    >>> check_options(["--no-browser", "--port=8899", "--ip=127.0.0.1"], is_open=False)
    """
    for name, value in _settings(options):
        told = f"« {name} » ôte à l'atelier son jeton ou ses réglages : n'importe qui y lirait les dépôts."
        if name in _UNLOCKING or (name == "token" and len(value.strip("'\"")) < _SHORTEST_TOKEN):
            raise BilanError(f"{told} Relancez sans cette option.")
        if not is_open and (name in _OPENING or (name in _ADDRESS and value not in _LOOPBACK)):
            raise BilanError(
                f"« {name} » ouvre l'atelier au réseau : d'autres machines y liraient les dépôts. Relancez "
                f"sans cette option ; si c'est voulu, ajoutez « {WORD} »."
            )


def _settings(options: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The settings that options give, by the last part of their names, with their values."""
    for option, after in zip(options, [*options[1:], ""], strict=True):
        if option.startswith("-"):
            name, has_value, value = option.lstrip("-").partition("=")
            yield name.rpartition(".")[2].replace("-", "_").lower(), value if has_value else after


def keep_cells_alone(*, model: dict[str, Any], **_kwargs: Any) -> None:
    """Take the outputs out of a notebook that JupyterLab is about to save, by hand or by itself.

    Raises HTTPError, which stops the saving, where that cannot be done.
    """
    if model["type"] != "notebook":
        return
    try:
        model["content"].update(emptied(model["content"]))
    except Exception as error:
        from tornado.web import HTTPError

        raise HTTPError(500, "Carnet non enregistré : ses sorties ne peuvent en être ôtées.") from error
