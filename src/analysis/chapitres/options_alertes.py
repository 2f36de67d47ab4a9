"""The commands on the alerts of the follow-up: which are raised on a day, how one is silenced."""

from __future__ import annotations

import argparse
from datetime import date

from analysis.noyau.paths import Project
from analysis.terminal import Commands, ask_territoire, command, family


def register(commands: Commands) -> None:
    """Declare `bilan alertes` and its actions."""
    actions = family(
        commands,
        "alertes",
        help="alertes du suivi des territoires : celles du jour, en taire une",
        description="Les règles et leurs seuils sont dans data/territoires_suivis/alertes.csv.",
    )
    etat = command(
        actions,
        "etat",
        _etat,
        help="dit les alertes levées un jour donné",
        description="Une ligne par alerte levée. Les nombres y sont entiers : à ne pas publier.",
    )
    ask_territoire(etat, is_needed=False, help="ce territoire seul, avec ce qui n'a pas pu être évalué")
    etat.add_argument(
        "--jour", type=_day, default=None, metavar="AAAA-MM-JJ", help="par défaut : aujourd'hui"
    )
    taire = command(
        actions,
        "taire",
        _taire,
        help="met une alerte en silence jusqu'à un jour, avec la raison",
        description="Ajoute une ligne à data/territoires_suivis/silences.csv, qui garde les précédentes. "
        "L'alerte revient le lendemain du dernier jour.",
    )
    ask_territoire(taire)
    taire.add_argument("--alerte", required=True, metavar="CODE", help="comme etp_sous_plan")
    taire.add_argument("--jusqu-au", required=True, type=_day, metavar="AAAA-MM-JJ", help="le dernier jour")
    taire.add_argument("--motif", required=True, metavar="TEXTE", help="pourquoi")
    taire.add_argument("--par", required=True, metavar="FONCTION", help="la fonction de qui le décide")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un jour, comme 2026-12-31") from None


def _etat(options: argparse.Namespace) -> int:
    from analysis.chapitres.catalogue import measures_for
    from analysis.chapitres.habilites import codes_suivis, suivis
    from analysis.indicateurs.gardees import gardees
    from analysis.indicateurs.territoires_suivis.records import ETATS
    from analysis.noyau.errors import UnknownName
    from analysis.noyau.french import counted
    from analysis.noyau.periods import long_date
    from analysis.sources.register import load_register

    project, jour = Project.here(), options.jour or date.today()
    register = load_register(project)
    resultats = gardees(project).resultats(territoire.code for territoire in register.territoires)
    found = suivis(project, register, measures_for("atelier", resultats), "atelier", jour)
    if found is None:
        print("Aucun suivi n'est déclaré : data/territoires_suivis n'existe pas.")
        return 1
    if options.territoire and options.territoire not in (known := codes_suivis(project, register)):
        raise UnknownName("territoire", options.territoire, known)
    labels = {regle.alerte: regle.libelle for regle in found.content.regles}
    for ligne in found.content.lignes:
        if options.territoire not in ("", ligne.territoire.code):
            continue
        for alerte in ligne.alertes if options.territoire else ligne.levees:
            print(f"{ligne.territoire.code:26} {labels[alerte.alerte]} : {ETATS[alerte.etat]} ({alerte.dit})")
    count = sum(len(ligne.levees) for ligne in found.content.lignes)
    raised = counted(count, "alerte levée", "alertes levées")
    followed = counted(len(found.content.lignes), "territoire suivi", "territoires suivis")
    print(f"{raised} au {long_date(jour)}, sur {followed}.")
    return 0


def _taire(options: argparse.Namespace) -> int:
    from analysis.chapitres.habilites import codes_suivis
    from analysis.indicateurs.territoires_suivis.declares import taire
    from analysis.indicateurs.territoires_suivis.records import Silence
    from analysis.noyau.periods import long_date
    from analysis.sources.register import load_register

    project = Project.here()
    silence = Silence(
        options.territoire, options.alerte, options.jusqu_au, options.motif, date.today(), options.par
    )
    taire(project, silence, connus=codes_suivis(project, load_register(project)))
    print(f"« {silence.alerte} » de « {silence.territoire} » se tait jusqu'au {long_date(silence.jusqu_au)}.")
    return 0
