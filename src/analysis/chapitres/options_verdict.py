"""The commands on what is concluded of the hypotheses, as they are typed."""

from __future__ import annotations

import argparse
from datetime import date

from analysis.noyau.paths import Project
from analysis.terminal import Commands, command, family


def register(commands: Commands) -> None:
    """Declare `bilan verdict` and its actions."""
    actions = family(
        commands,
        "verdict",
        help="dit quels verdicts sont à revoir, les signe",
        description="Les verdicts sur les trois hypothèses, écrits dans notebooks/textes/verdicts.md. Une "
        "signature garde ce que le registre disait de chaque chiffre cité.",
    )
    command(
        actions,
        "etat",
        _etat,
        help="dit qui a écrit chaque verdict, quand, et lesquels de ses chiffres ont changé",
        description="Le code de retour est 1 si un verdict est à revoir.",
    )
    signer = command(
        actions,
        "signer",
        _signer,
        help="signe des verdicts avec les chiffres d'aujourd'hui",
        description="Écrit dans le fichier l'auteur, le jour, et ce que le registre dit de chaque chiffre "
        "cité. Sans hypothèse : les trois.",
    )
    signer.add_argument("hypotheses", nargs="*", metavar="HYPOTHÈSE", help="H1, H2 ou H3")
    signer.add_argument("--auteur", default="", metavar="NOM", help="qui signe, prénom et nom")
    signer.add_argument(
        "--projet",
        action="store_true",
        help="relève les chiffres sans signer : le verdict reste un projet",
    )


def _etat(_options: argparse.Namespace) -> int:
    from analysis.chapitres.commandes_verdict import etat

    return etat(Project.here())


def _signer(options: argparse.Namespace) -> int:
    from analysis.chapitres.commandes_verdict import signer

    return signer(
        Project.here(),
        options.hypotheses,
        auteur=options.auteur,
        is_draft=options.projet,
        today=date.today(),
    )
