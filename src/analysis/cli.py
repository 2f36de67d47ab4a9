"""The `bilan` command. Nothing heavy is imported before it must: `bilan --help` answers at once."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

_FRENCH = {
    "usage: ": "Utilisation : ",
    "options:": "Options :",
    "positional arguments:": "Commandes :",
    "show this help message and exit": "affiche cette aide et s'arrête",
}

INTERRUPTED = 130
"""Exit status of an interrupted command, as shells use it."""


class FrenchParser(argparse.ArgumentParser):
    """argparse with its few fixed words in French."""

    def format_help(self) -> str:
        return _in_french(super().format_help())

    def format_usage(self) -> str:
        return _in_french(super().format_usage())

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.format_usage()}{self.prog} : {_error_in_french(message)}\n")


def _in_french(text: str) -> str:
    for english, french in _FRENCH.items():
        text = text.replace(english, french)
    return text


def _error_in_french(message: str) -> str:
    for english, french in (
        ("unrecognized arguments:", "argument inconnu :"),
        ("invalid choice:", "choix inconnu :"),
        ("choose from", "choix possibles :"),
        ("expected one argument", "une valeur est attendue"),
        ("the following arguments are required:", "il manque :"),
        ("one of the arguments", "il manque l'un de ces arguments :"),
        (" is required", ""),
        ("not allowed with argument", "ne va pas avec l'argument"),
        ("invalid positive value:", "un nombre entier positif est attendu, trouvé :"),
    ):
        message = message.replace(english, french)
    return message


def parser() -> FrenchParser:
    """The commands, their options and their help."""
    main_parser = FrenchParser(
        prog="bilan",
        description="Construit le bilan des Territoires zéro chômeur de longue durée : "
        "un chapitre par territoire, une synthèse, un site et un PDF.",
    )
    commands = main_parser.add_subparsers(dest="command", metavar="COMMANDE", required=True)
    _build_parser(commands)
    territoires = commands.add_parser(
        "territoires",
        help="liste les territoires et leurs codes",
        description="Liste les territoires de data/territoires.csv : code, nom, département, EBE.",
    )
    territoires.set_defaults(run=_territoires)
    _edition_parsers(commands)
    _demonstration_parser(commands)
    _depot_parser(commands)
    _enquete_parser(commands)
    _legislation_parser(commands)
    _relecture_parser(commands)
    _apercu_parser(commands)
    lab = commands.add_parser(
        "lab",
        help="ouvre les carnets dans JupyterLab",
        description="Ouvre JupyterLab sur le projet, ses carnets d'abord. Les carnets rechargent d'eux-mêmes "
        "les modules de src/analysis modifiés et s'enregistrent sans leurs sorties. Ce qui suit « lab » est "
        "transmis à JupyterLab.",
    )
    lab.add_argument(
        "--demonstration",
        action="store_true",
        help="l'ouvre sur les territoires inventés, pour s'exercer avec des dépôts",
    )
    lab.set_defaults(run=_lab)
    return main_parser


def _build_parser(commands: Any) -> None:
    """The command that builds the bilan."""
    build = commands.add_parser(
        "build",
        help="construit le site et le PDF dans outputs/",
        description="Exécute les chapitres, puis construit le site (outputs/html) et le PDF "
        "(outputs/pdf). Sans option, tous les chapitres. Un chapitre qui échoue n'arrête pas les autres ; "
        "le site garde alors sa dernière bonne version, signalée par sa date.",
    )
    build.add_argument(
        "--territoire",
        action="append",
        default=[],
        metavar="CODE",
        help="n'exécute que ce territoire (option répétable ; codes : « bilan territoires »)",
    )
    build.add_argument(
        "--synthese",
        action="store_true",
        help="avec --territoire : exécute aussi la synthèse et les chapitres qui comparent",
    )
    build.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="nombre de chapitres exécutés en même temps (par défaut : le nombre de processeurs)",
    )
    build.set_defaults(run=_build)


def _apercu_parser(commands: Any) -> None:
    """The command that shows a territory its own numbers."""
    apercu = commands.add_parser(
        "apercu",
        help="montre à un territoire son chapitre, avant toute publication",
        description="Écrit data/depot/prive/apercu-<territoire>.html : le chapitre du territoire, ses "
        "propres nombres entiers, marqué « non publiable » sur chaque page. À remettre au territoire seul.",
    )
    apercu.add_argument("--territoire", required=True, metavar="CODE", help="le territoire")
    apercu.set_defaults(run=_apercu)


def _edition_parsers(commands: Any) -> None:
    """The commands on what is published, and on looking at it."""
    publish = commands.add_parser(
        "publish",
        help="scelle une édition complète dans outputs/editions/",
        description="Publie une édition : tous les chapitres, bons et à jour, dans un dossier qui ne change "
        "plus (outputs/editions/<édition>), et le relevé de ce qu'elle publie (data/editions/<édition>, à "
        "enregistrer dans git). Refuse un chapitre manquant, en échec ou périmé, et des fichiers qui ne sont "
        "pas enregistrés dans git.",
    )
    publish.add_argument("--edition", required=True, metavar="NOM", help="l'année et un rang, comme 2026-1")
    publish.add_argument(
        "--sans",
        action="append",
        default=[],
        metavar="CODE",
        help="laisse ce chapitre de côté ; le livre le dit (option répétable)",
    )
    publish.set_defaults(run=_publish)
    comparer = commands.add_parser(
        "comparer",
        help="dit ce qui a changé d'une édition à l'autre",
        description="Écrit une page : chiffres clés avant et après, chapitres, figures et tableaux ajoutés "
        "ou retirés, cellules et textes changés. « copie » désigne la copie de travail.",
    )
    comparer.add_argument("avant", metavar="AVANT", help="une édition")
    comparer.add_argument("apres", metavar="APRÈS", help="une autre, ou « copie »")
    comparer.set_defaults(run=_comparer)
    serve = commands.add_parser(
        "serve",
        help="montre le site dans un navigateur, sur cette machine seule",
        description="Sert un site à l'adresse affichée, jusqu'à Ctrl-C. Sans option : la copie de travail.",
    )
    which = serve.add_mutually_exclusive_group()
    which.add_argument("--edition", default="", metavar="NOM", help="une édition publiée")
    which.add_argument("--demonstration", action="store_true", help="le bilan de démonstration")
    serve.add_argument("--port", type=_positive, default=8000, metavar="N", help="par défaut : 8000")
    serve.set_defaults(run=_serve)


def _demonstration_parser(commands: Any) -> None:
    """The command that builds the bilan of invented territories."""
    demonstration = commands.add_parser(
        "demonstration",
        help="construit le bilan de territoires inventés, à part",
        description="Invente des territoires, écrit leurs dépôts, les reçoit par le même lecteur que les "
        "vrais et construit leur bilan dans outputs/demonstration/. Chaque page y est marquée.",
    )
    demonstration.add_argument(
        "--territoires",
        type=_positive,
        default=10,
        metavar="N",
        help="le nombre de territoires inventés (par défaut : 10)",
    )
    demonstration.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="nombre de chapitres exécutés en même temps (par défaut : le nombre de processeurs)",
    )
    demonstration.set_defaults(run=_demonstration)


def _depot_parser(commands: Any) -> None:
    """The commands on what the territories send."""
    depot = commands.add_parser(
        "depot",
        help="modèle, vérification et réception des dépôts des territoires",
        description="Ce que les territoires envoient : un classeur, des comptes, des enquêtes. Tout reste "
        "dans data/depot/, confidentiel et hors de git.",
    )
    depot.set_defaults(run=_depot)
    actions = depot.add_subparsers(dest="action", metavar="ACTION", required=True)
    modele = actions.add_parser(
        "modele",
        help="écrit le classeur vierge d'un territoire",
        description="Écrit data/depot/<territoire>/depot-<territoire>.xlsx, à remplir dans LibreOffice "
        "ou Excel.",
    )
    modele.add_argument("--territoire", required=True, metavar="CODE", help="le territoire")
    verifier = actions.add_parser(
        "verifier",
        help="vérifie un dossier, un classeur ou un fichier de comptes, sans rien garder",
        description="Lit le dépôt, dit tous les constats en une fois et écrit à côté un classeur de "
        "constats à renvoyer au territoire. Rien n'est gardé. Code de sortie : 0 si rien n'est refusé, "
        "1 sinon.",
    )
    verifier.add_argument("chemin", type=Path, metavar="FICHIER|DOSSIER")
    recevoir = actions.add_parser(
        "recevoir",
        help="vérifie un dossier et garde ses lignes valides au registre des dépôts",
        description="Vérifie le dossier, puis garde ses tables valides, les personnes remplacées par une "
        "empreinte. Le dépôt devient celui en vigueur ; le précédent reste au registre.",
    )
    recevoir.add_argument("chemin", type=Path, metavar="DOSSIER")
    etat = actions.add_parser(
        "etat",
        help="dit qui a envoyé quoi, quand, et ce qui manque",
        description="Une ligne par territoire ; avec --territoire, tous ses dépôts, leurs tables, ce qui "
        "manque et ce que le dernier a changé.",
    )
    etat.add_argument("--territoire", metavar="CODE", help="le détail d'un territoire")
    effacer = actions.add_parser(
        "effacer",
        help="efface une personne, ou ce dont la durée de conservation est passée",
        description="Efface partout où c'est gardé : tables, textes, fichiers d'origine laissés dans "
        "data/depot/. Sans --confirmer, dit seulement ce qui le serait.",
    )
    effacer.add_argument("--territoire", required=True, metavar="CODE", help="le territoire")
    what = effacer.add_mutually_exclusive_group(required=True)
    what.add_argument("--personne", metavar="IDENTIFIANT", help="cette personne, par son identifiant local")
    what.add_argument("--echus", action="store_true", help="ce dont la durée de conservation est passée")
    what.add_argument("--tous", action="store_true", help="tous les dépôts du territoire")
    effacer.add_argument("--confirmer", action="store_true", help="efface pour de bon")


def _enquete_parser(commands: Any) -> None:
    """The commands on what people answer: questionnaires, free answers coded by hand."""
    enquete = commands.add_parser(
        "enquete",
        help="questionnaires pour LimeSurvey, codage des réponses libres",
        description="Écrit les questionnaires déclarés dans data/dictionary, et fait coder par deux "
        "personnes ce que les répondants ont écrit.",
    )
    enquete.set_defaults(run=_enquete)
    actions = enquete.add_subparsers(dest="action", metavar="ACTION", required=True)
    structure = actions.add_parser(
        "structure",
        help="écrit les questionnaires que LimeSurvey importe",
        description="Écrit outputs/enquetes/<enquête>.txt et dit la suite. Sans option, tous.",
    )
    structure.add_argument("--enquete", metavar="NOM", help="n'écrit que ce questionnaire")
    codes = actions.add_parser(
        "codes",
        help="tire au hasard les codes d'accès des enquêtes suivies",
        description="Écrit, à côté du classeur du territoire, la table de ses codes d'accès, qu'il garde, et "
        "le fichier des participants que LimeSurvey importe. Qui a déjà un code le garde.",
    )
    codes.add_argument("--territoire", required=True, metavar="CODE", help="le territoire")
    coder = actions.add_parser(
        "coder",
        help="écrit le classeur où deux personnes codent les réponses libres",
        description="Écrit data/depot/prive/codage-<territoire>.xlsx, confidentiel : une ligne par réponse "
        "libre du dépôt en vigueur, ce qui est déjà codé repris.",
    )
    coder.add_argument("--territoire", required=True, metavar="CODE", help="le territoire")
    codage = actions.add_parser(
        "codage",
        help="relit le classeur de codage rempli et le garde avec le dépôt",
        description="Dit toutes les fautes en une fois ; sans faute, garde le codage à côté des textes.",
    )
    codage.add_argument("chemin", type=Path, metavar="FICHIER")


def _legislation_parser(commands: Any) -> None:
    """What is done the day OpenFisca or a barème changes."""
    legislation = commands.add_parser(
        "legislation",
        help="compare la législation calculée aux montants acceptés, puis les accepte",
        description="Les chiffres des dépenses passives sont faits de montants acceptés, gardés dans "
        "data/depenses_passives/montants_acceptes.csv : un changement d'OpenFisca n'en bouge aucun avant "
        "qu'une personne ait lu les écarts.",
    )
    actions = legislation.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser(
        "comparer",
        help="simule les cas types et dit quels montants et quels résultats bougent ; n'écrit rien",
        description="Une demi-minute la première fois, puis les cas types déjà simulés sont relus. "
        "Le code de retour est 1 si un montant bouge.",
    )
    actions.add_parser("accepter", help="écrit les montants d'aujourd'hui comme acceptés, et dit les écarts")
    legislation.set_defaults(run=_legislation)


def _relecture_parser(commands: Any) -> None:
    """The commands on the review of the chapters by the territories."""
    relecture = commands.add_parser(
        "relecture",
        help="remet un chapitre à relire, reçoit les remarques, y répond",
        description="La relecture des chapitres par les territoires. Ce qui est reçu reste dans "
        "data/depot/relectures/, confidentiel et hors de git ; le nom des auteurs n'est jamais gardé.",
    )
    relecture.set_defaults(run=_relecture)
    actions = relecture.add_subparsers(dest="action", metavar="ACTION", required=True)
    preparer = actions.add_parser(
        "preparer",
        help="écrit le dossier à remettre à un territoire",
        description="Écrit outputs/relecture/<territoire>/ : le chapitre en Word, aussi en gros caractères, "
        "en une page HTML, et une feuille de contribution par collège.",
    )
    preparer.add_argument("--edition", default="", metavar="NOM", help="une édition publiée, sinon la copie")
    recevoir = actions.add_parser(
        "recevoir",
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
    reponses = actions.add_parser("reponses", help="écrit le classeur où répondre aux remarques")
    repondre = actions.add_parser("repondre", help="lit le classeur des réponses, et les garde")
    repondre.add_argument("fichier", type=Path, metavar="FICHIER")
    etat = actions.add_parser("etat", help="compte les remarques, et liste celles qui n'ont plus de place")
    retirer = actions.add_parser("retirer", help="retire une remarque, ou celles d'un fichier reçu")
    what = retirer.add_mutually_exclusive_group(required=True)
    what.add_argument("identifiant", nargs="?", default="", metavar="ID", help="une remarque")
    what.add_argument("--fichier", default="", metavar="NOM", help="toutes celles d'un fichier reçu")
    for action, is_needed in ((preparer, 1), (recevoir, 0), (reponses, 1), (etat, 0), (retirer, 1)):
        action.add_argument(
            "--territoire", required=bool(is_needed), default="", metavar="CODE", help="le territoire"
        )


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The command and its options; what follows `lab` goes to JupyterLab, elsewhere it is an error."""
    main_parser = parser()
    options, rest = main_parser.parse_known_args(arguments)
    if rest and options.command != "lab":
        main_parser.error(f"unrecognized arguments: {' '.join(rest)}")
    options.rest = rest
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 when all went well, 1 when not, 130 when interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parsed(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        print("\nInterrompu. Rien n'est écrit à moitié : relancez la commande.", file=sys.stderr)
        sys.stderr.flush()
        os._exit(INTERRUPTED)  # kernels that still run end with this process; threads are not waited for
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `bilan territoires | head`
        return 1
    except OSError as error:
        print(
            f"« {error.filename} » : {error.strerror}. À vérifier : les droits d'écriture, l'espace libre "
            "sur le disque, et qu'aucun autre « bilan build » ne travaille dans ce dossier. Puis relancez.",
            file=sys.stderr,
        )
        return 1
    except Exception as error:
        from analysis.noyau.errors import BilanError

        if not isinstance(error, BilanError):
            raise
        print(error, file=sys.stderr)
        return 1


def _interrupt(_number: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def _positive(text: str) -> int:
    """A whole number above zero."""
    value = int(text) if text.isdecimal() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"un nombre entier positif est attendu, trouvé « {text} »")
    return value


def _build(options: argparse.Namespace) -> int:
    from analysis.chapitres.catalogue import of_all
    from analysis.livre.build import build
    from analysis.noyau.paths import Project

    workers = options.jobs or os.cpu_count() or 1
    codes = [*options.territoire, *(of_all() if options.synthese else ())]
    return build(Project.here(), codes=codes, workers=workers)


def _publish(options: argparse.Namespace) -> int:
    from analysis.livre.book import load_publisher
    from analysis.livre.editions.edition import publish
    from analysis.noyau.paths import Project

    project = Project.here()
    print(publish(project, options.edition, without=options.sans))
    if to_confirm := load_publisher(project)["a_confirmer"]:
        where = project.shown(project.data / "publication.toml")
        print(f"Avant de diffuser, complétez {where}. {to_confirm}", file=sys.stderr)
    print(f"Enregistrez le relevé dans git : {project.shown(project.editions / options.edition)}.")
    return 0


def _comparer(options: argparse.Namespace) -> int:
    from analysis.livre.build import working_copy
    from analysis.livre.editions.comparaison import WORKING_COPY, comparer, known_releve
    from analysis.noyau.paths import Project

    project = Project.here()
    labels = (options.avant, options.apres)
    copy = working_copy(project) if WORKING_COPY in labels else None
    print(comparer(project, *(known_releve(project, label, copy) for label in labels)))
    return 0


def _serve(options: argparse.Namespace) -> int:
    from analysis.livre.ecran.serveur import folder_of, serve
    from analysis.noyau.paths import Project

    serve(
        folder_of(Project.here(), edition=options.edition, demonstration=options.demonstration),
        port=options.port,
    )
    return 0


def _territoires(_options: argparse.Namespace) -> int:
    from analysis.noyau.paths import Project
    from analysis.sources.register import load_register

    for territoire in load_register(Project.here()).territoires:
        departements = ", ".join(dict.fromkeys(c.departement_nom for c in territoire.communes))
        ebe = ", ".join(ebe.nom for ebe in territoire.ebe) or "aucune EBE connue"
        print(f"{territoire.code:26} {territoire.nom} ({departements}) : {ebe}")
    return 0


def _demonstration(options: argparse.Namespace) -> int:
    from analysis.demonstration.bilan import demonstration
    from analysis.noyau.paths import Project

    workers = options.jobs or os.cpu_count() or 1
    return demonstration(Project.here(), nombre=options.territoires, workers=workers)


def _apercu(options: argparse.Namespace) -> int:
    from analysis.livre.apercu import apercu
    from analysis.noyau.paths import Project

    print(apercu(Project.here(), options.territoire))
    return 0


def _depot(options: argparse.Namespace) -> int:
    from analysis.depot import commandes_depot
    from analysis.noyau.paths import Project

    project, today = Project.here(), date.today()
    if options.action == "modele":
        return commandes_depot.modele(project, options.territoire)
    if options.action == "verifier":
        return commandes_depot.verifier(project, options.chemin)
    if options.action == "recevoir":
        return commandes_depot.recevoir(project, options.chemin, today=today)
    if options.action == "etat":
        return commandes_depot.etat(project, options.territoire, today=today)
    return commandes_depot.effacer(
        project,
        options.territoire,
        personne=options.personne,
        tous=options.tous,
        confirmer=options.confirmer,
        today=today,
    )


def _enquete(options: argparse.Namespace) -> int:
    from analysis.depot import commandes_enquete
    from analysis.noyau.paths import Project

    project = Project.here()
    if options.action == "structure":
        return commandes_enquete.structure(project, options.enquete)
    if options.action == "codes":
        return commandes_enquete.codes(project, options.territoire)
    if options.action == "coder":
        return commandes_enquete.coder(project, options.territoire)
    return commandes_enquete.codage(project, options.chemin)


def _legislation(options: argparse.Namespace) -> int:
    from analysis.indicateurs.depenses_passives.commandes_legislation import accepter, comparer
    from analysis.noyau.paths import Project

    return (comparer if options.action == "comparer" else accepter)(Project.here())


def _relecture(options: argparse.Namespace) -> int:
    from analysis.noyau.paths import Project
    from analysis.relecture import commandes_relecture

    project, today = Project.here(), date.today()
    if options.action == "preparer":
        return commandes_relecture.preparer(project, options.territoire, edition=options.edition)
    if options.action == "recevoir":
        return commandes_relecture.recevoir_tous(
            project,
            options.fichiers,
            options.territoire,
            college=options.college,
            consentement=options.consentement,
            today=today,
        )
    if options.action == "reponses":
        return commandes_relecture.ecrire(project, options.territoire)
    if options.action == "repondre":
        return commandes_relecture.repondre(project, options.fichier, today=today)
    if options.action == "etat":
        return commandes_relecture.etat(project, options.territoire)
    if options.fichier:
        return commandes_relecture.retirer_fichier(project, options.territoire, options.fichier)
    return commandes_relecture.retirer(project, options.territoire, options.identifiant)


def _lab(options: argparse.Namespace) -> int:
    from analysis.chapitres.atelier import lab
    from analysis.noyau.paths import Project

    project = Project.here()
    return lab(project.demonstration if options.demonstration else project, options.rest)


if __name__ == "__main__":
    sys.exit(main())
