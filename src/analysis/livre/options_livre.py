"""The commands on what is built, published and looked at, as they are typed."""

from __future__ import annotations

import argparse
import os
import sys

from analysis.noyau.paths import Project
from analysis.terminal import Commands, ask_jobs, ask_territoire, command, positive


def register(commands: Commands) -> None:
    """Declare `bilan build`, `verifier`, `publish`, `comparer`, `serve`, `apercu`, `lettre`."""
    _register_build(commands)
    _register_etat(commands)
    command(
        commands,
        "verifier",
        _verifier,
        help="dit tout ce qui est à corriger dans ce qui est écrit, sans rien exécuter",
        description="Relit en quelques secondes le registre, les textes, les verdicts, les carnets, les "
        "méthodes et les errata, et dit tout ce qui est à corriger en une fois, fichier et ligne. « bilan "
        "build », « publish » et « apercu » commencent par là. Code de sortie : 0 si rien n'est à corriger.",
    )
    _register_editions(commands)
    _register_serve(commands)
    apercu = command(
        commands,
        "apercu",
        _apercu,
        help="montre à un territoire son chapitre, avant toute publication",
        description="Écrit data/depot/prive/apercu-<territoire>.html : le chapitre du territoire, ses "
        "propres nombres entiers, marqué « non publiable » sur chaque page. À remettre au territoire seul.",
    )
    ask_territoire(apercu)
    lettre = command(
        commands,
        "lettre",
        _lettre,
        help="écrit à chaque territoire une page : reçu, manques, chiffres, prochaines dates",
        description="Écrit data/depot/prive/lettres/<territoire>/ : lettre.html, lettre.pdf (une page) et, "
        "s'il y a des dates à venir dans data/echeances.csv ou dans le registre des dépôts, echeances.ics. "
        "Les chiffres sont ceux du chapitre tel qu'il est publié : lancez « bilan build » d'abord.",
    )
    lettre.add_argument(
        "--territoire",
        action="append",
        default=[],
        metavar="CODE",
        help="n'écrit qu'à ce territoire (option répétable ; codes : « bilan territoires »)",
    )


def _register_etat(commands: Commands) -> None:
    command(
        commands,
        "etat",
        _etat,
        help="dit ce qui est construit, de quand, et ce que « bilan build » referait",
        description="Une ligne par chapitre : de quand est sa copie, pourquoi « bilan build » la referait. "
        "N'exécute rien et ne change ni le site ni les PDF.",
    )


def _register_build(commands: Commands) -> None:
    build = command(
        commands,
        "build",
        _build,
        help="construit le site et le PDF dans outputs/",
        description="Exécute les chapitres, puis construit le site (outputs/html) et le PDF "
        "(outputs/pdf). Sans option, tous les chapitres ; ce dont rien n'a changé est gardé. Un chapitre qui "
        "échoue n'arrête pas les autres ; le site garde alors sa dernière bonne version, avec sa date.",
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
        "--pourquoi",
        action="store_true",
        help="dit de chaque chapitre, page et PDF pourquoi il est fait ou gardé",
    )
    build.add_argument("--tout", action="store_true", help="refait tout, même ce dont rien n'a changé")
    ask_jobs(build)
    build.add_argument(
        "--cluster",
        default="",
        metavar="ADRESSE",
        help="fait exécuter les chapitres par un cluster Dask, comme tcp://10.0.0.5:8786, ou tls:// "
        "(docs/cluster.md)",
    )
    build.add_argument(
        "--pages-d-abord",
        action="store_true",
        help="montre les pages dès qu'elles sont faites, avec les PDF d'avant, comme le fait "
        "« serve --suivre » ; sans cette option, le site change en une fois",
    )


def _register_editions(commands: Commands) -> None:
    publish = command(
        commands,
        "publish",
        _publish,
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
    publish.add_argument(
        "--malgre-les-avis",
        action="store_true",
        help="publie bien qu'un avis de sécurité désigne une bibliothèque, ou que leur export soit ancien",
    )
    comparer = command(
        commands,
        "comparer",
        _comparer,
        help="dit ce qui a changé d'une édition à l'autre",
        description="Écrit une page : chiffres clés avant et après, chapitres, figures et tableaux ajoutés "
        "ou retirés, cellules et textes changés. « copie » désigne la copie de travail.",
    )
    comparer.add_argument("avant", metavar="AVANT", help="une édition")
    comparer.add_argument("apres", metavar="APRÈS", help="une autre, ou « copie »")


def _register_serve(commands: Commands) -> None:
    serve = command(
        commands,
        "serve",
        _serve,
        help="montre le site dans un navigateur, sur cette machine seule",
        description="Sert un site à l'adresse affichée, jusqu'à Ctrl-C. Sans option : la copie de travail. "
        "Avec --suivre, ce qui est enregistré (carnet, texte, données, code) se voit dans la page au même "
        "endroit ; ce qui est à corriger s'y affiche, et la dernière bonne version reste.",
    )
    which = serve.add_mutually_exclusive_group()
    which.add_argument("--edition", default="", metavar="NOM", help="une édition publiée")
    which.add_argument("--demonstration", action="store_true", help="le bilan de démonstration")
    which.add_argument(
        "--suivre", action="store_true", help="la copie de travail, reconstruite à chaque changement"
    )
    serve.add_argument("--port", type=positive, default=8000, metavar="N", help="par défaut : 8000")


def _build(options: argparse.Namespace) -> int:
    from analysis.chapitres.warm.client import can_fork, nursery
    from analysis.stations.whole import is_long, is_unchanged

    project = Project.here()
    is_known = all((project.runs / f"{code}.json").is_file() for code in options.territoire)
    part = () if options.synthese else options.territoire
    if is_known and not options.tout and is_unchanged(project, part):
        print("Rien n'a changé depuis la dernière construction : tout est gardé.")
        print(project.html / "index.html")
        return 0
    if is_long(project, anew=options.tout) and can_fork() and not options.cluster:
        nursery()  # it imports beside this process, which does too
    from analysis.chapitres.catalogue import of_all
    from analysis.livre.build import build

    workers = options.jobs or os.cpu_count() or 1
    codes = [*options.territoire, *(of_all(project.nature) if options.synthese else ())]
    return build(
        project,
        codes=codes,
        workers=workers,
        anew=options.tout,
        tells_why=options.pourquoi,
        cluster=options.cluster,
        pages_first=options.pages_d_abord,
    )


def _etat(_options: argparse.Namespace) -> int:
    from analysis.livre.suivi.commandes_etat import etat_du_bilan

    return etat_du_bilan(Project.here())


def _verifier(_options: argparse.Namespace) -> int:
    from analysis.livre.ecrits import load_checked
    from analysis.noyau.french import counted

    register = load_checked(Project.here())
    numbers = counted(len(register.chiffres), "chiffre", "chiffres")
    print(f"Rien à corriger : {numbers}, {counted(len(register.territoires), 'territoire', 'territoires')}.")
    return 0


def _publish(options: argparse.Namespace) -> int:
    from datetime import date

    from analysis.livre.book import load_publisher
    from analysis.livre.editions.edition import publish
    from analysis.livre.garde.avis import check_avis, load_avis

    project = Project.here()
    avis = load_avis(project)
    check_avis(avis, date.today(), in_spite=options.malgre_les_avis)
    print(publish(project, options.edition, without=options.sans))
    if to_confirm := load_publisher(project)["a_confirmer"]:
        where = project.shown(project.data / "publication.toml")
        print(f"Avant de diffuser, complétez {where}. {to_confirm}", file=sys.stderr)
    print(avis.resume, file=sys.stderr)
    print(f"Enregistrez le relevé dans git : {project.shown(project.editions / options.edition)}.")
    return 0


def _comparer(options: argparse.Namespace) -> int:
    from analysis.livre.build import working_copy
    from analysis.livre.editions.comparaison import WORKING_COPY, comparer, known_releve

    project = Project.here()
    labels = (options.avant, options.apres)
    copy = working_copy(project) if WORKING_COPY in labels else None
    print(comparer(project, *(known_releve(project, label, copy) for label in labels)))
    return 0


def _serve(options: argparse.Namespace) -> int:
    project = Project.here()
    if options.suivre:
        from analysis.livre.suivi.suivre import suivre

        suivre(project, port=options.port)
        return 0
    from analysis.livre.ecran.serveur import folder_of, serve

    folder = folder_of(project, edition=options.edition, demonstration=options.demonstration)
    serve(folder, port=options.port)
    return 0


def _lettre(options: argparse.Namespace) -> int:
    from datetime import date

    from analysis.livre.editions.lettre import ecrire_lettres

    for folder in ecrire_lettres(Project.here(), options.territoire, date.today()):
        print(folder)
    return 0


def _apercu(options: argparse.Namespace) -> int:
    from analysis.livre.editions.apercu import apercu

    print(apercu(Project.here(), options.territoire))
    return 0
