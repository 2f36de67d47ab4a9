"""`bilan demonstration`: invented territories send real files, which the same reader takes to a bilan.

The whole stands in ``outputs/demonstration``: its data, its deposits, its ledger, its site and its PDF.
"""

from __future__ import annotations

import time

from analysis.demonstration.etapes import inchangee
from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import RECEPTION, recevoir_envois
from analysis.demonstration.etapes.relecture import ecrire_textes, relire
from analysis.demonstration.lieux import territoires
from analysis.livre.build import build
from analysis.livre.ecrits import load_checked
from analysis.livre.editions.lettre import ecrire_lettres
from analysis.noyau.files.locks import NAME, alone_building
from analysis.noyau.files.scratch import remove
from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.stations.store import Store


def demonstration(project: Project, *, nombre: int, workers: int, anew: bool = False) -> int:
    """Have the invented territories send what they would send, receive it, build their bilan where it is not
    as it would be made now; all of it with ``anew``. Its exit status."""
    with alone_building(project.demonstration):
        if anew:
            _forget(project.demonstration)
        made_of = inchangee.inputs(project, nombre)
        failed = _built(project, nombre=nombre, workers=workers)
        if not failed:
            inchangee.note(project, made_of)
        return failed


def _forget(invented: Project) -> None:
    """Remove what was sent, said and computed: what is shown stays until it is made again."""
    for folder in (invented.runs, invented.stations, invented.depots):
        for path in folder.glob("*"):
            if path not in (invented.stations, invented.stations / NAME):
                remove(path)


def _built(project: Project, *, nombre: int, workers: int) -> int:
    invented, lieux = project.demonstration, territoires(nombre)
    started, kept = time.monotonic(), Store(invented.stations_privees)
    prepare(project, invented, lieux)
    ecrire_textes(invented, lieux, kept)
    load_checked(invented)  # a fault of the notebooks or the methods, before a minute of inventing
    sent = recevoir_envois(invented, lieux, kept)
    _tell(
        counted(nombre, "dépôt inventé", "dépôts inventés"),
        counted(sent, "lu et reçu", "lus et reçus"),
        sent,
        started,
    )
    started = time.monotonic()
    review = relire(invented, lieux, kept, workers=workers)
    read = counted(review.faites, "chapitre relu et répondu", "chapitres relus et répondus")
    _tell(counted(review.remarques, "remarque inventée", "remarques inventées"), read, review.faites, started)
    failed = build(invented, codes=(), workers=workers, computed=review.computed)
    if not failed:
        letters = ecrire_lettres(invented, (), RECEPTION, computed=review.computed)
        print(
            f"{counted(len(letters), 'lettre', 'lettres')} aux territoires : {letters[0].parent}", flush=True
        )
    return failed


def _tell(what: str, made: str, number: int, started: float) -> None:
    """One line: what there is, and how much of it had to be made, in how long."""
    print(
        f"{what} : {f'{made} en {time.monotonic() - started:.0f} s' if number else 'tout est gardé'}",
        flush=True,
    )
