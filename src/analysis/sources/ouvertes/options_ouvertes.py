"""The commands on open data, as they are typed."""

from __future__ import annotations

import argparse

from analysis.noyau.paths import Project
from analysis.terminal import Commands, command


def register(commands: Commands) -> None:
    """Declare `bilan sources` and `bilan sources telecharger`."""
    made = command(
        commands,
        "sources",
        _montrer,
        help="dit quelles données ouvertes sont là, manquent ou ont changé, et où elles sont publiées",
        description="Chaque source a sa carte dans data/sources_ouvertes. Les fichiers sont cherchés dans le "
        "dossier que dit BILAN_OPEN_DATA, puis dans data/open. Le code de retour est 1 si un fichier décrit "
        "manque ou n'est pas celui de sa carte.",
    )
    actions = made.add_subparsers(dest="action", metavar="ACTION")
    command(
        actions,
        "telecharger",
        _telecharger,
        help="demande aux producteurs les fichiers qu'ils publient et les vérifie, dans data/open",
        description="Un fichier n'est pris qu'entier, avec les colonnes de sa carte. Sans réponse au bout de "
        "30 secondes, le producteur est laissé et le message dit quoi faire.",
    )


def _montrer(_options: argparse.Namespace) -> int:
    from analysis.sources.ouvertes.commandes_ouvertes import montrer

    return montrer(Project.here())


def _telecharger(_options: argparse.Namespace) -> int:
    from analysis.sources.ouvertes.commandes_ouvertes import telecharger

    return telecharger(Project.here())
