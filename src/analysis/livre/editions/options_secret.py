"""The commands on the secrecy of what is published, as they are typed."""

from __future__ import annotations

import argparse

from analysis.noyau.paths import Project
from analysis.terminal import Commands, command, family


def register(commands: Commands) -> None:
    """Declare `bilan secret` and its actions."""
    actions = family(
        commands,
        "secret",
        help="pourquoi un nombre est retenu, et ce qu'un lecteur retrouverait",
        description="Ce que le secret retient des dépôts, pour la personne qui les a. Aucun nombre retenu "
        "n'est écrit.",
    )
    expliquer = command(
        actions,
        "expliquer",
        _expliquer,
        help="dit pourquoi une mesure est retenue, sans la donner",
        description="Dit de chaque valeur retenue d'une mesure, dans un territoire, pourquoi elle l'est, à "
        "quoi elle est liée et ce qui permettrait de la montrer.",
    )
    expliquer.add_argument("lieu", metavar="LIEU", help="le code d'un territoire, ou « ensemble »")
    expliquer.add_argument("mesure", metavar="MESURE", help="le code de la mesure, comme embauchees")
    expliquer.add_argument(
        "periode", metavar="PERIODE", nargs="?", default="", help="comme 2021-06-30 ; toutes par défaut"
    )
    auditer = command(
        actions,
        "auditer",
        _auditer,
        help="attaque une édition, ou la copie de travail, comme un lecteur qui aurait tout",
        description="Met ensemble tous les nombres publiés, ceux des éditions passées compris, puis cherche "
        "chaque nombre retenu dans chaque fichier du site. Dit combien sont protégés, dans quels "
        "intervalles, et chaque fuite. Code de sortie : 0 s'il n'y en a pas, 1 sinon.",
    )
    auditer.add_argument(
        "edition",
        metavar="EDITION",
        nargs="?",
        default="",
        help="comme 2026-1 ; par défaut la copie de travail",
    )


def _expliquer(options: argparse.Namespace) -> int:
    from analysis.livre.editions.audit_edition import explication

    print(explication(Project.here(), options.lieu, options.mesure, options.periode))
    return 0


def _auditer(options: argparse.Namespace) -> int:
    from analysis.livre.editions.audit_edition import audit_du_bilan

    audit = audit_du_bilan(Project.here(), options.edition)
    print(audit.rapport)
    return 1 if audit.fuites else 0
