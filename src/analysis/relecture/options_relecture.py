"""The commands on the review of the chapters by the territories, as they are typed."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from analysis.noyau.paths import Project
from analysis.terminal import Commands, ask_territoire, command, family


def register(commands: Commands) -> None:
    """Declare `bilan relecture` and its actions."""
    actions = family(
        commands,
        "relecture",
        help="remet un chapitre à relire, reçoit les remarques, y répond",
        description="La relecture des chapitres par les territoires. Ce qui est reçu reste dans "
        "data/depot/relectures/, confidentiel et hors de git ; le nom des auteurs n'est jamais gardé.",
    )
    preparer = command(
        actions,
        "preparer",
        _preparer,
        help="écrit le dossier à remettre à un territoire",
        description="Écrit outputs/relecture/<territoire>/ : le chapitre en Word, aussi en gros caractères, "
        "en une page HTML, et une feuille de contribution par collège.",
    )
    preparer.add_argument("--edition", default="", metavar="NOM", help="une édition publiée, sinon la copie")
    ask_territoire(preparer)
    _register_recevoir(actions)
    reponses = command(actions, "reponses", _reponses, help="écrit le classeur où répondre aux remarques")
    ask_territoire(reponses)
    repondre = command(actions, "repondre", _repondre, help="lit le classeur des réponses, et les garde")
    repondre.add_argument("fichier", type=Path, metavar="FICHIER")
    etat = command(
        actions, "etat", _etat, help="compte les remarques, et liste celles qui n'ont plus de place"
    )
    ask_territoire(etat, is_needed=False)
    retirer = command(actions, "retirer", _retirer, help="retire une remarque, ou celles d'un fichier reçu")
    what = retirer.add_mutually_exclusive_group(required=True)
    what.add_argument("identifiant", nargs="?", default="", metavar="ID", help="une remarque")
    what.add_argument("--fichier", default="", metavar="NOM", help="toutes celles d'un fichier reçu")
    ask_territoire(retirer)


def _register_recevoir(actions: Commands) -> None:
    recevoir = command(
        actions,
        "recevoir",
        _recevoir,
        help="garde les remarques de fichiers relus",
        description="Lit des documents Word commentés, des feuilles de contribution, des exports "
        "d'Hypothesis, de Decidim ou de LimeSurvey. Un fichier déjà reçu n'ajoute rien ; "
        "il complète ce qui manquait, le collège ou l'accord.",
    )
    recevoir.add_argument("fichiers", type=Path, nargs="+", metavar="FICHIER")
    recevoir.add_argument(
        "--college", default="", metavar="CODE", help="le collège, où le fichier n'en dit rien"
    )
    recevoir.add_argument(
        "--consentement",
        default="",
        choices=("oui", "non"),
        metavar="oui|non",
        help="l'accord de publication, où le fichier n'en dit rien (sinon : non demandé)",
    )
    ask_territoire(recevoir, is_needed=False)


def _preparer(options: argparse.Namespace) -> int:
    from analysis.relecture.commandes_relecture import preparer

    return preparer(Project.here(), options.territoire, edition=options.edition)


def _recevoir(options: argparse.Namespace) -> int:
    from analysis.relecture.commandes_relecture import recevoir_tous

    return recevoir_tous(
        Project.here(),
        options.fichiers,
        options.territoire,
        college=options.college,
        consentement=options.consentement,
        today=date.today(),
    )


def _reponses(options: argparse.Namespace) -> int:
    from analysis.relecture.commandes_relecture import ecrire

    return ecrire(Project.here(), options.territoire)


def _repondre(options: argparse.Namespace) -> int:
    from analysis.relecture.commandes_relecture import repondre

    return repondre(Project.here(), options.fichier, today=date.today())


def _etat(options: argparse.Namespace) -> int:
    from analysis.relecture.commandes_relecture import etat

    return etat(Project.here(), options.territoire)


def _retirer(options: argparse.Namespace) -> int:
    from analysis.relecture.commandes_relecture import retirer, retirer_fichier

    if options.fichier:
        return retirer_fichier(Project.here(), options.territoire, options.fichier)
    return retirer(Project.here(), options.territoire, options.identifiant)
