"""The command that lists the territories, as it is typed."""

from __future__ import annotations

import argparse

from analysis.noyau.paths import Project
from analysis.terminal import Commands, command


def register(commands: Commands) -> None:
    """Declare `bilan territoires`."""
    command(
        commands,
        "territoires",
        _territoires,
        help="liste les territoires et leurs codes",
        description="Liste les territoires de data/territoires.csv : code, nom, département, EBE.",
    )


def _territoires(_options: argparse.Namespace) -> int:
    from analysis.sources.register import load_register

    for territoire in load_register(Project.here()).territoires:
        departements = ", ".join(dict.fromkeys(c.departement_nom for c in territoire.communes))
        ebe = ", ".join(ebe.nom for ebe in territoire.ebe) or "aucune EBE connue"
        print(f"{territoire.code:26} {territoire.nom} ({departements}) : {ebe}")
    return 0
