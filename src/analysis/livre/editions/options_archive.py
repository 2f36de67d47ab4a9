"""The commands on the archive of an edition, as they are typed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analysis.noyau.paths import Project
from analysis.terminal import Commands, command


def register(commands: Commands) -> None:
    """Declare `bilan archive` and `bilan verifier-archive`."""
    archive = command(
        commands,
        "archive",
        _archive,
        help="met une édition et ce dont elle est faite dans un fichier à conserver",
        description="Écrit une archive : l'édition scellée, son relevé, les fichiers du projet dont elle est "
        "faite, leurs sommes. Les mêmes octets pour la même édition. Aucun dépôt n'y est.",
    )
    archive.add_argument(
        "fichier", type=Path, nargs="?", metavar="FICHIER", help="par défaut : outputs/archives"
    )
    archive.add_argument("--edition", default="", metavar="NOM", help="par défaut : la dernière")
    check = command(
        commands,
        "verifier-archive",
        _verifier,
        help="vérifie une archive, et refait l'édition pour comparer les octets",
        description="Relit chaque fichier de l'archive et dit ce qui manque, est altéré ou ajouté. Code de "
        "sortie : "
        "0 si tout est comme publié, 1 sinon.",
    )
    check.add_argument("fichier", type=Path, metavar="FICHIER")
    check.add_argument(
        "--reconstruire",
        type=Path,
        metavar="DOSSIER",
        help="refait l'édition dans ce dossier vide, et compare chaque fichier",
    )
    check.add_argument(
        "--depots", type=Path, metavar="DOSSIER", help="le data/depot des dépôts dont l'édition est faite"
    )


def _archive(options: argparse.Namespace) -> int:
    from analysis.livre.editions.archive import archiver
    from analysis.noyau.files.sums import sha256_of

    path = archiver(Project.here(), options.edition, options.fichier)
    print(path)
    print(f"Somme SHA-256, à garder ailleurs : {sha256_of(path)}")
    return 0


def _verifier(options: argparse.Namespace) -> int:
    from analysis.livre.editions.archive_lue import reconstruire, verifier
    from analysis.noyau.french import counted

    lue = verifier(Project.here(), options.fichier)
    for fault in lue.fautes:
        print(f"- {fault}", file=sys.stderr)
    if lue.fautes:
        gaps = counted(len(lue.fautes), "écart", "écarts")
        print(f"L'archive n'est pas l'édition {lue.fiche.edition} : {gaps}.", file=sys.stderr)
        return 1
    print(
        f"Édition {lue.fiche.edition}, commit {lue.fiche.commit[:12]} : {len(lue.sommes)} fichiers, tous "
        "justes."
    )
    if options.reconstruire is None:
        return 0
    others = reconstruire(options.fichier, lue, options.reconstruire.resolve(), depots=options.depots)
    for name in others:
        print(f"- autres octets : « {name} »", file=sys.stderr)
    if others:
        files = counted(len(others), "fichier", "fichiers")
        print(f"L'édition refaite n'est pas la même : {files}.", file=sys.stderr)
        return 1
    print(f"L'édition refaite dans « {options.reconstruire} » est la même, octet pour octet.")
    return 0
