"""The atelier: JupyterLab on the project, set so that nothing which is seen there is stored."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.chapitres.banc.site_servi import PREFIX, VARIABLE
from analysis.noyau.carnets import emptied
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project

SETTINGS = Path(__file__).parents[1] / "jupyter"


def lab(project: Project, options: Sequence[str]) -> int:
    """Open JupyterLab on the whole project, its notebooks first; the exit status.

    Raises BilanError for a demonstration that has not been built.
    """
    if not project.notebooks.is_dir():
        raise BilanError("La démonstration n'est pas construite : lancez d'abord « bilan demonstration ».")
    config = SETTINGS / "atelier_config.py"
    paths = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    environment = {
        **os.environ,
        "BILAN_RACINE": str(project.root),
        VARIABLE: PREFIX,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(paths),
    }
    command = [sys.executable, "-m", "jupyterlab", f"--config={config}", *options]
    return subprocess.run(command, cwd=project.root, env=environment, check=False).returncode


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
