"""The commands on what the territories send, as they are typed."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from analysis.noyau.paths import Project
from analysis.terminal import Commands, ask_territoire, command, family


def register(commands: Commands) -> None:
    """Declare `bilan depot` and its actions."""
    actions = family(
        commands,
        "depot",
        help="modèle, vérification et réception des dépôts des territoires",
        description="Ce que les territoires envoient : un classeur, des comptes, des enquêtes. Tout reste "
        "dans data/depot/, confidentiel et hors de git.",
    )
    modele = command(
        actions,
        "modele",
        _modele,
        help="écrit le classeur vierge d'un territoire",
        description="Écrit data/depot/<territoire>/depot-<territoire>.xlsx, à remplir dans LibreOffice "
        "ou Excel.",
    )
    ask_territoire(modele)
    verifier = command(
        actions,
        "verifier",
        _verifier,
        help="vérifie un dossier, un classeur ou un fichier de comptes, sans rien garder",
        description="Lit le dépôt, dit tous les constats en une fois et écrit à côté un classeur de "
        "constats à renvoyer au territoire. Rien n'est gardé. Code de sortie : 0 si rien n'est refusé, "
        "1 sinon.",
    )
    verifier.add_argument("chemin", type=Path, metavar="FICHIER|DOSSIER")
    recevoir = command(
        actions,
        "recevoir",
        _recevoir,
        help="vérifie un dossier et garde ses lignes valides au registre des dépôts",
        description="Vérifie le dossier, puis garde ses tables valides, les personnes remplacées par une "
        "empreinte. Le dépôt devient celui en vigueur ; le précédent reste au registre.",
    )
    recevoir.add_argument("chemin", type=Path, metavar="DOSSIER")
    etat = command(
        actions,
        "etat",
        _etat,
        help="dit qui a envoyé quoi, quand, et ce qui manque",
        description="Une ligne par territoire ; avec --territoire, tous ses dépôts, leurs tables, ce qui "
        "manque et ce que le dernier a changé.",
    )
    ask_territoire(etat, is_needed=False, help="le détail d'un territoire")
    _register_effacer(actions)


def _register_effacer(actions: Commands) -> None:
    effacer = command(
        actions,
        "effacer",
        _effacer,
        help="efface une personne, ou ce dont la durée de conservation est passée",
        description="Efface partout où c'est gardé : tables, textes, fichiers d'origine laissés dans "
        "data/depot/. Sans --confirmer, dit seulement ce qui le serait.",
    )
    ask_territoire(effacer)
    what = effacer.add_mutually_exclusive_group(required=True)
    what.add_argument("--personne", metavar="IDENTIFIANT", help="cette personne, par son identifiant local")
    what.add_argument("--echus", action="store_true", help="ce dont la durée de conservation est passée")
    what.add_argument("--tous", action="store_true", help="tous les dépôts du territoire")
    effacer.add_argument("--confirmer", action="store_true", help="efface pour de bon")


def _modele(options: argparse.Namespace) -> int:
    from analysis.depot.commandes_depot import modele

    return modele(Project.here(), options.territoire)


def _verifier(options: argparse.Namespace) -> int:
    from analysis.depot.commandes_depot import verifier

    return verifier(Project.here(), options.chemin)


def _recevoir(options: argparse.Namespace) -> int:
    from analysis.depot.commandes_depot import recevoir

    return recevoir(Project.here(), options.chemin, today=date.today())


def _etat(options: argparse.Namespace) -> int:
    from analysis.depot.commandes_depot import etat

    return etat(Project.here(), options.territoire, today=date.today())


def _effacer(options: argparse.Namespace) -> int:
    from analysis.depot.commandes_depot import effacer

    return effacer(
        Project.here(),
        options.territoire,
        personne=options.personne,
        tous=options.tous,
        confirmer=options.confirmer,
        today=date.today(),
    )
