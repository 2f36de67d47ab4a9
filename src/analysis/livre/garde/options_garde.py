"""The commands on what may not leave and on the libraries, as they are typed."""

from __future__ import annotations

import argparse

from analysis.noyau.paths import Project
from analysis.terminal import Commands, command


def register(commands: Commands) -> None:
    """Declare `bilan garde`, `bilan securite`."""
    command(
        commands,
        "garde",
        _garde,
        help="cherche dans ce qui est construit ce qui ne doit pas sortir, sans publier",
        description="Lit chaque fichier de outputs/html et de outputs/pdf, métadonnées, commentaires, pièces "
        "jointes et archives comprises, et dit où s'y lisent un numéro de sécurité sociale, un courriel, un "
        "téléphone, quelqu'un des dépôts, les mots de quelqu'un, un dossier de cette machine. « bilan "
        "publish » fait de même et refuse. Code de sortie : 0 si rien n'est trouvé, 1 sinon.",
    )
    command(
        commands,
        "securite",
        _securite,
        help="dit quelles bibliothèques du verrou un avis de sécurité désigne",
        description="Lit data/securite/avis.json, un export daté d'avis au format OSV que quelqu'un y a "
        "déposé ; n'interroge aucun service. Code de sortie : 0 si aucune version n'est désignée, 1 sinon.",
    )


def _garde(_options: argparse.Namespace) -> int:
    from analysis.chapitres.catalogue import catalogue
    from analysis.livre.build import compute
    from analysis.livre.garde.fuites import fuites, told
    from analysis.livre.garde.prive import prive_of
    from analysis.noyau.files.locks import alone_building
    from analysis.secret.bundle import Bundle
    from analysis.sources.register import load_register

    project = Project.here()
    register = load_register(project)
    with alone_building(project):
        computed = compute(project, register, catalogue(register, project.nature))
    prive = prive_of(project, map(Bundle.from_bytes, computed.bundles.values()))
    found = [fuite for folder in (project.html, project.pdf) for fuite in fuites(folder, prive)]
    print(told(found) if found else "Rien de ce qui est construit ne dit ce qui doit rester privé.")
    return 1 if found else 0


def _securite(_options: argparse.Namespace) -> int:
    from analysis.livre.garde.avis import load_avis

    avis = load_avis(Project.here())
    print(avis.resume)
    for concerned in avis.concernes:
        print(f"- {concerned}")
    return 1 if avis.concernes else 0
