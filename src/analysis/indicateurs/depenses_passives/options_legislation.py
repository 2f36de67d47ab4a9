"""What is done the day OpenFisca or a barème changes, as it is typed."""

from __future__ import annotations

import argparse

from analysis.noyau.paths import Project
from analysis.terminal import Commands, command, family


def register(commands: Commands) -> None:
    """Declare `bilan legislation` and its actions."""
    actions = family(
        commands,
        "legislation",
        help="compare la législation calculée aux montants acceptés, puis les accepte",
        description="Les chiffres des dépenses passives sont faits de montants acceptés, gardés dans "
        "data/depenses_passives/montants_acceptes.csv : un changement d'OpenFisca n'en bouge aucun avant "
        "qu'une personne ait lu les écarts.",
    )
    command(
        actions,
        "comparer",
        _comparer,
        help="simule les cas types et dit quels montants et quels résultats bougent ; n'écrit rien",
        description="Une demi-minute la première fois, puis les cas types déjà simulés sont relus. "
        "Le code de retour est 1 si un montant bouge.",
    )
    told = "écrit les montants d'aujourd'hui comme acceptés, et dit les écarts"
    command(actions, "accepter", _accepter, help=told)


def _comparer(_options: argparse.Namespace) -> int:
    from analysis.indicateurs.depenses_passives.commandes_legislation import comparer

    return comparer(Project.here())


def _accepter(_options: argparse.Namespace) -> int:
    from analysis.indicateurs.depenses_passives.commandes_legislation import accepter

    return accepter(Project.here())
