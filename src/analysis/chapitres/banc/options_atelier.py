"""The command that opens the notebooks, as it is typed."""

from __future__ import annotations

import argparse

from analysis.noyau.paths import Project
from analysis.terminal import Commands, command


def register(commands: Commands) -> None:
    """Declare `bilan lab`; what follows it goes to JupyterLab."""
    lab = command(
        commands,
        "lab",
        _lab,
        help="ouvre les carnets dans JupyterLab",
        description="Ouvre JupyterLab sur le projet, ses carnets d'abord. Les carnets rechargent d'eux-mêmes "
        "les modules de src/analysis modifiés et s'enregistrent sans leurs sorties. Ce qui suit « lab » est "
        "transmis à JupyterLab.",
    )
    lab.add_argument(
        "--demonstration",
        action="store_true",
        help="l'ouvre sur les territoires inventés, pour s'exercer avec des dépôts",
    )
    lab.add_argument(
        "--ouvrir-au-reseau",
        action="store_true",
        help="accepte les options de JupyterLab qui l'ouvrent à d'autres machines ; son jeton reste",
    )


def _lab(options: argparse.Namespace) -> int:
    from analysis.chapitres.banc.atelier import lab

    project = Project.here()
    return lab(
        project.demonstration if options.demonstration else project,
        options.rest,
        is_open=options.ouvrir_au_reseau,
    )
