"""The commands on the candidates to the habilitation, as they are typed."""

from __future__ import annotations

import argparse

from analysis.noyau.paths import Project
from analysis.terminal import Commands, FrenchParser, command, family


def register(commands: Commands) -> None:
    """Declare `bilan candidat` and its actions."""
    actions = family(
        commands,
        "candidat",
        help="dossier d'un territoire candidat : classeur, lecture, chapitre",
        description="Ce qu'un territoire candidat prépare. Tout reste dans data/depot/candidats/, "
        "confidentiel et hors de git.",
    )
    nouveau = command(
        actions,
        "nouveau",
        _nouveau,
        help="écrit le classeur vierge d'un candidat",
        description="Écrit data/depot/candidats/<code>/dossier-<code>.xlsx, à remplir dans LibreOffice ou "
        "Excel.",
    )
    _ask_candidat(nouveau)
    nouveau.add_argument("--nom", required=True, metavar="NOM", help="le nom du territoire")
    recevoir = command(
        actions,
        "recevoir",
        _recevoir,
        help="lit le classeur d'un candidat, dit tous les constats, garde ce qui est valide",
        description="Lit le classeur comme celui d'un dépôt et dit tous les constats en une fois. Rien n'est "
        "gardé si la feuille Candidature est refusée. Code de sortie : 0 si le dossier est gardé, 1 sinon.",
    )
    _ask_candidat(recevoir)
    carnet = command(
        actions,
        "carnet",
        _carnet,
        help="écrit le chapitre d'un candidat, pour lui seul",
        description="Écrit data/depot/prive/apercu-habilitation-<code>.html : l'état du dossier, ce qui "
        "manque, les emplois, qui les paierait, les territoires qui lui ressemblent.",
    )
    _ask_candidat(carnet)
    command(actions, "etat", _etat, help="dit quels candidats ont un classeur, et lesquels sont reçus")


def _ask_candidat(parser: FrenchParser) -> None:
    parser.add_argument("--candidat", required=True, metavar="CODE", help="comme haute-lande")


def _nouveau(options: argparse.Namespace) -> int:
    from analysis.livre.editions.commandes_candidat import nouveau

    return nouveau(Project.here(), options.candidat, options.nom)


def _recevoir(options: argparse.Namespace) -> int:
    from analysis.livre.editions.commandes_candidat import recevoir

    return recevoir(Project.here(), options.candidat)


def _carnet(options: argparse.Namespace) -> int:
    from analysis.livre.editions.commandes_candidat import carnet

    return carnet(Project.here(), options.candidat)


def _etat(_options: argparse.Namespace) -> int:
    from analysis.livre.editions.commandes_candidat import etat

    return etat(Project.here())
