"""The commands `bilan candidat …`: write the workbook, receive it, write the chapter, tell where all are."""

from __future__ import annotations

import sys
from datetime import date, datetime

from analysis.chapitres.catalogue import make_bundle, of_candidat
from analysis.depot.ecrits.rapport import is_answered, report_path, set_aside, told, write_report
from analysis.indicateurs.calcul import Resultats
from analysis.indicateurs.gardees import gardees
from analysis.indicateurs.habilitation.dossier import (
    candidats,
    classeur_du_candidat,
    ecrire,
    garder,
    lire,
    recu,
)
from analysis.livre.ecrits import load_checked
from analysis.livre.editions.apercu import private_page
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date


def nouveau(project: Project, code: str, nom: str) -> int:
    """Write the empty workbook of a candidate; an existing one is not replaced."""
    print(ecrire(project, code, nom))
    return 0


def recevoir(project: Project, code: str) -> int:
    """Read the workbook of a candidate, tell every finding, keep the dossier; the status is 0 when it is
    kept.
    """
    path = classeur_du_candidat(project, code)
    read = lire(project, path, code)
    print(told(read.reponse, read.referentiel))
    report = report_path(path.parent, code)
    if report.exists() and is_answered(report):
        print(f"Le classeur de constats répondu est gardé : {set_aside(report).name}.")
    if read.reponse.constats:
        write_report(report, read.reponse, read.referentiel, today=datetime.now())
        print(f"Constats, un par ligne : {project.shown(report)}")
    if read.dossier is None:
        print("Dossier non reçu : rien n'est gardé.", file=sys.stderr)
        return 1
    garder(project, read.dossier)
    print(
        f"Dossier de « {read.dossier.nom} » reçu ; « bilan candidat carnet --candidat {code} » en fait le "
        "chapitre."
    )
    return 0


def carnet(project: Project, code: str) -> int:
    """Write the chapter of a candidate for its authors alone; raises BilanError while nothing is received."""
    dossier = recu(project, code)
    if dossier is None:
        raise BilanError(
            f"« {code} » : aucun dossier reçu, il n'y a rien à montrer. Recevez-le d'abord : "
            f"« bilan candidat recevoir --candidat {code} »."
        )
    register = load_checked(project)
    chapter = of_candidat(code, dossier.nom)
    bundle = make_bundle(
        project,
        register,
        chapter.code,
        resultats=_resultats(project),
        mesures=(),
        etude=None,
        mode="apercu",
    )
    print(private_page(project, chapter, bundle))
    return 0


def etat(project: Project) -> int:
    """One line a candidate: its dossier, and the day at which it was drawn up."""
    for code in candidats(project):
        dossier = recu(project, code)
        told = "classeur à recevoir"
        if dossier is not None:
            told = f"{dossier.nom}, dossier arrêté au {long_date(date.fromisoformat(dossier.arrete))}"
        print(f"{code:26} {told}")
    if not candidats(project):
        print("Aucun candidat : « bilan candidat nouveau --candidat CODE --nom NOM ».")
    return 0


def _resultats(project: Project) -> Resultats:
    """No measure of the deposits: a candidate's chapter tells what is published elsewhere."""
    return gardees(project).resultats(())
