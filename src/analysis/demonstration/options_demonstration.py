"""The command that builds the bilan of invented territories, as it is typed."""

from __future__ import annotations

import argparse
import os

from analysis.noyau.paths import Project
from analysis.terminal import Commands, ask_jobs, command, positive


def register(commands: Commands) -> None:
    """Declare `bilan demonstration`."""
    demonstration = command(
        commands,
        "demonstration",
        _demonstration,
        help="construit le bilan de territoires inventés, à part",
        description="Invente des territoires, écrit leurs dépôts, les reçoit par le même lecteur que les "
        "vrais et construit leur bilan dans outputs/demonstration/. Chaque page y est marquée. Ce dont rien "
        "n'a changé est gardé.",
    )
    demonstration.add_argument(
        "--territoires",
        type=positive,
        default=10,
        metavar="N",
        help="le nombre de territoires inventés (par défaut : 10)",
    )
    demonstration.add_argument("--tout", action="store_true", help="refait tout, même ce qui est gardé")
    ask_jobs(demonstration)


def _demonstration(options: argparse.Namespace) -> int:
    from analysis.demonstration.etapes.inchangee import reason
    from analysis.stations.store import ANEW

    project = Project.here()
    why = ANEW if options.tout else reason(project, options.territoires)
    if not why:
        print("Rien n'a changé depuis la dernière démonstration : tout est gardé.")
        print(project.demonstration.html / "index.html")
        return 0
    print(f"Démonstration : {why}", flush=True)
    from analysis.demonstration.bilan import demonstration

    workers = options.jobs or os.cpu_count() or 1
    return demonstration(project, nombre=options.territoires, workers=workers, anew=options.tout)
