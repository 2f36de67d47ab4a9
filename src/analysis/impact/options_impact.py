"""The commands on impact, as they are typed."""

from __future__ import annotations

import argparse

from analysis.noyau.paths import Project
from analysis.terminal import Commands, command, family


def register(commands: Commands) -> None:
    """Declare `bilan impact` and its actions."""
    actions = family(
        commands,
        "impact",
        help="refait les résultats d'impact depuis les données ouvertes, dit ce qui bouge, les accepte",
        description="Les chapitres d'impact sont faits de résultats acceptés, gardés dans "
        "data/impact/resultats_acceptes : ils se construisent sans données ouvertes. Le protocole, figé dans "
        "data/impact/protocole.toml, dit qui est comparé à qui.",
    )
    command(
        actions,
        "calculer",
        _calculer,
        help="calcule tous les résultats du protocole depuis les données ouvertes, dans outputs/impact",
        description="Le premier calcul d'un résultat est noté dans data/impact/ouvertures.csv : ensuite, un "
        "autre protocole est refusé s'il ne dit pas ce qu'il amende. Quelques minutes.",
    )
    command(
        actions,
        "comparer",
        _comparer,
        help="dit ce que le dernier calcul change aux résultats acceptés et pourquoi ; n'écrit rien",
        description="Le code de retour est 1 si une valeur bouge.",
    )
    command(
        actions,
        "accepter",
        _accepter,
        help="prend le dernier calcul comme résultats acceptés, et dit les écarts",
    )


def _calculer(_options: argparse.Namespace) -> int:
    from analysis.impact.commandes_impact import calculer

    return calculer(Project.here())


def _comparer(_options: argparse.Namespace) -> int:
    from analysis.impact.commandes_impact import comparer

    return comparer(Project.here())


def _accepter(_options: argparse.Namespace) -> int:
    from analysis.impact.commandes_impact import accepter

    return accepter(Project.here())
