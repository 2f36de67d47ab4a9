"""The commands on open data: what is there, and what producers publish."""

from __future__ import annotations

import sys
from datetime import date

from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.sources.ouvertes.cartes import Carte, dossiers, load_cartes
from analysis.sources.ouvertes.lecture import Ouvertes
from analysis.sources.ouvertes.presence import Presence, presences
from analysis.sources.ouvertes.telechargement import telecharger as fetch
from analysis.sources.register import load_register


def montrer(project: Project) -> int:
    """Say of each source what is there, missing or changed; 1 when a file of a card is missing or changed."""
    cartes = load_cartes(project)
    found = presences(project, cartes)
    print("Données ouvertes cherchées dans : " + ", puis ".join(str(folder) for folder in dossiers(project)))
    for carte in cartes.values():
        print("\n" + "\n".join(dite(carte, [p for p in found if p.source == carte.source])))
    for line in fusionnees(project):
        print(line)
    wanting = [p for p in found if not p.est_telecharge and p.etat != "présent"]
    print(
        "\nLe bilan se construit sans elles, de résultats acceptés ; elles servent à "
        "« bilan impact calculer ». "
        + (
            f"Fichiers manquants ou changés : {len(wanting)}."
            if wanting
            else "Tous les fichiers décrits sont là."
        )
    )
    return int(bool(wanting))


def fusionnees(project: Project) -> list[str]:
    """What the file of the code officiel géographique says of mergers, nothing where it is not there.

    It tells which breaks cards should declare; it moves no result by itself.
    """
    found = Ouvertes(project).fusions()
    if not found:
        return []
    followed = {c.code for t in load_register(project).territoires for c in t.communes}
    own = [f"{one.zone} ({one.note})" for one in found if one.zone in followed]
    moved = counted(len({one.zone for one in found}), "commune change", "communes changent")
    head = f"\nCode officiel géographique : {moved} de contour depuis 2014"
    if not own:
        return [f"{head}, aucune d'un territoire."]
    return [f"{head} ; dans un territoire, à déclarer dans les cartes : {', '.join(own)}."]


def dite(carte: Carte, found: list[Presence]) -> list[str]:
    """The lines that tell a source."""
    lines = [
        f"{carte.source} : {carte.titre}",
        f"  Producteur : {carte.producteur}. Licence : {carte.licence} ({carte.licence_verifiee})",
        f"  Édition : {carte.edition}. Mise à jour : {carte.date}. Publié à : {carte.page}",
    ]
    for presence in found:
        own = " (fichier du producteur, facultatif)" if presence.est_telecharge else ""
        lines.append(f"  - {presence.nom} : {presence.etat}{own}")
    lines += [f"  Rupture {one.period}{_of(one.zone)} : {one.note}" for one in carte.ruptures]
    return lines


def _of(zone: str) -> str:
    return f", zone {zone}" if zone else ""


def telecharger(project: Project) -> int:
    """Fetch what producers publish; 1 when a file could not be had, each failure told."""
    failed = fetch(project, load_cartes(project).values(), _tell, today=date.today())
    for sentence in failed:
        print(f"- {sentence}", file=sys.stderr)
    print("Tout est reçu et vérifié." if not failed else f"Fichiers non obtenus : {len(failed)}.")
    return int(bool(failed))


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
