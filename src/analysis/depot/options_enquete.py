"""The commands on the surveys, as they are typed: questionnaires, codes, free answers coded by hand."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.noyau.paths import Project
from analysis.terminal import Commands, ask_territoire, command, family


def register(commands: Commands) -> None:
    """Declare `bilan enquete` and its actions."""
    actions = family(
        commands,
        "enquete",
        help="questionnaires pour LimeSurvey, codage des réponses libres",
        description="Écrit les questionnaires déclarés dans data/dictionary, et fait coder par deux "
        "personnes ce que les répondants ont écrit.",
    )
    structure = command(
        actions,
        "structure",
        _structure,
        help="écrit les questionnaires que LimeSurvey importe",
        description="Écrit outputs/enquetes/<enquête>.txt et dit la suite. Sans option, tous.",
    )
    structure.add_argument("--enquete", metavar="NOM", help="n'écrit que ce questionnaire")
    codes = command(
        actions,
        "codes",
        _codes,
        help="tire au hasard les codes d'accès des enquêtes suivies",
        description="Écrit, à côté du classeur du territoire, la table de ses codes d'accès, qu'il garde, et "
        "le fichier des participants que LimeSurvey importe. Qui a déjà un code le garde.",
    )
    ask_territoire(codes)
    coder = command(
        actions,
        "coder",
        _coder,
        help="écrit le classeur où deux personnes codent les réponses libres",
        description="Écrit data/depot/prive/codage-<territoire>.xlsx, confidentiel : une ligne par réponse "
        "libre du dépôt en vigueur, ce qui est déjà codé repris.",
    )
    ask_territoire(coder)
    codage = command(
        actions,
        "codage",
        _codage,
        help="relit le classeur de codage rempli et le garde avec le dépôt",
        description="Dit toutes les fautes en une fois ; sans faute, garde le codage à côté des textes.",
    )
    codage.add_argument("chemin", type=Path, metavar="FICHIER")


def _structure(options: argparse.Namespace) -> int:
    from analysis.depot.commandes_enquete import structure

    return structure(Project.here(), options.enquete)


def _codes(options: argparse.Namespace) -> int:
    from analysis.depot.commandes_enquete import codes

    return codes(Project.here(), options.territoire)


def _coder(options: argparse.Namespace) -> int:
    from analysis.depot.commandes_enquete import coder

    return coder(Project.here(), options.territoire)


def _codage(options: argparse.Namespace) -> int:
    from analysis.depot.commandes_enquete import codage

    return codage(Project.here(), options.chemin)
