"""`bilan demonstration`: invented territories send real files, which the same reader takes to a bilan.

The whole stands in ``outputs/demonstration``: its data, its deposits, its ledger, its site and its PDF.
"""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import nbformat

from analysis.chapitres.catalogue import notebooks
from analysis.chapitres.composition import of_nature
from analysis.demonstration.avis.codeurs import receive_coding
from analysis.demonstration.generator import generer
from analysis.demonstration.individus import ecrire_individus, inventer_individus
from analysis.demonstration.lieux import SOURCE, Lieu, territoires
from analysis.demonstration.relecture import relire
from analysis.demonstration.suivis import receive_candidats, write_suivis
from analysis.depot.dossier import read_depot
from analysis.depot.ecrits.modele import write_workbook
from analysis.depot.ecrits.rapport import told
from analysis.depot.formes.cle import CLE_DEMONSTRATION
from analysis.depot.formes.constats import DepotError
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.livre.build import build
from analysis.livre.ecrits import load_checked
from analysis.livre.editions.lettre import ecrire_lettres
from analysis.noyau.declared.dictionary import load_fields
from analysis.noyau.files.locks import alone_building
from analysis.noyau.paths import Project
from analysis.noyau.territoires import Territoire
from analysis.sources.register import TABLE_KEYS, table_path

GRAINE = 2016
"""The seed of the demonstration: the year of the first law."""

RECEPTION = date(2021, 9, 1)
"""The day on which the invented deposits are said to be received."""

ECHEANCES = tuple(
    {"echeance": code, "territoire": "", "date": day, "objet": what, "source": SOURCE}
    for code, day, what in (
        ("relecture", "2021-09-30", "Fin de la relecture de votre chapitre"),
        ("restitution", "2021-10-14", "Restitution du bilan à tous les territoires"),
        ("depot-2022", "2022-01-31", "Dépôt des données de l'année 2021"),
    )
)
"""The next dates that the invented territories are told."""

_ENSEMBLE = {
    "ensemble": "national",
    "nom": "Ensemble des territoires inventés",
    "definition": "Les territoires de la démonstration.",
}
_SOURCE = {
    "source": "demonstration",
    "titre": "Générateur de territoires inventés",
    "editeur": "Équipe du bilan",
    "nature": "association",
    "version": "Rien n'y est réel",
}


def demonstration(project: Project, *, nombre: int, workers: int) -> int:
    """Make the territories and their deposits anew, receive them, build their bilan; its exit status."""
    with alone_building(project.demonstration):
        return _built(project, nombre=nombre, workers=workers)


def _built(project: Project, *, nombre: int, workers: int) -> int:
    started = time.monotonic()
    invented = project.demonstration
    lieux = territoires(nombre)
    prepare(project, invented, lieux)
    load_checked(invented)  # a fault of the notebooks or the methods, before a minute of inventing
    referentiel = load_referentiel(invented)
    for lieu in lieux:
        deposit(invented, referentiel, lieu)
        receive(invented, referentiel, lieu.code)
        receive_coding(invented, referentiel, lieu.code, GRAINE)
    ecrire_individus(invented.individus, inventer_individus(lieux, GRAINE))
    receive_candidats(invented)
    print(f"{nombre} dépôts inventés, lus et reçus en {time.monotonic() - started:.0f} s", flush=True)
    started = time.monotonic()
    remarks = relire(invented, lieux, workers=workers)
    spent = time.monotonic() - started
    print(f"{remarks} remarques inventées, reçues et répondues en {spent:.0f} s", flush=True)
    failed = build(invented, codes=(), workers=workers)
    if not failed:
        letters = ecrire_lettres(invented, (), RECEPTION)
        print(f"{len(letters)} lettres aux territoires : {letters[0].parent}", flush=True)
    return failed


def prepare(project: Project, invented: Project, lieux: Sequence[Lieu]) -> None:
    """The written data of the demonstration: the real dictionary and notebooks, invented places."""
    shutil.rmtree(invented.data, ignore_errors=True)
    shutil.copytree(project.dictionary, invented.dictionary)
    shutil.rmtree(invented.notebooks, ignore_errors=True)
    invented.notebooks.mkdir()
    for name in notebooks("demonstration"):
        notebook = nbformat.read(project.notebooks / name, as_version=4)
        nbformat.write(of_nature(notebook, "demonstration"), invented.notebooks / name)
    shutil.copy(project.data / "publication.toml", invented.data)
    shutil.copy(project.lock, invented.lock)
    shutil.rmtree(invented.methods, ignore_errors=True)
    shutil.copytree(project.methods, invented.methods)
    _write(invented.data / "echeances.csv", list(ECHEANCES[0]), ECHEANCES)
    columns = {table: [field.champ for field in fields] for table, fields in load_fields(project).items()}
    for table in TABLE_KEYS:
        path = table_path(invented, table)
        if path.parent != invented.dictionary:
            _write(path, columns[table], _rows(table, lieux))
    write_suivis(project, invented, [lieu.code for lieu in lieux])


def deposit(invented: Project, referentiel: Referentiel, lieu: Lieu) -> Path:
    """Write what an invented territory sends, as it would: a workbook, accounts, survey exports."""
    folder = invented.depots / lieu.code
    folder.mkdir(parents=True)
    sent = generer(lieu, GRAINE)
    write_workbook(folder / f"depot-{lieu.code}.xlsx", referentiel, lieu.code, sent.tables)
    for name, content in sent.fichiers.items():
        (folder / name).write_bytes(content)
    return folder


def receive(invented: Project, referentiel: Referentiel, code: str) -> None:
    """Read a deposit with the reader of all deposits, and keep it; raises DepotError if it is refused."""
    found = read_depot(
        invented.depots / code, referentiel, empreinte=CLE_DEMONSTRATION.empreinte, attendu=code
    )
    if found.est_refuse(referentiel):
        raise DepotError(f"Le dépôt inventé de « {code} » est refusé :\n{told(found, referentiel)}")
    Ledger(invented).add(found, referentiel, CLE_DEMONSTRATION, today=RECEPTION)


def _rows(table: str, lieux: Sequence[Lieu]) -> list[Mapping[str, str]]:
    if table == "sources":
        return [_SOURCE]
    if table == "ensembles":
        return [_ENSEMBLE]
    places = [lieu.territoire for lieu in lieux]
    if table == "territoires":
        return [row for place in places for row in _commune_rows(place)]
    return [row for place in places for row in _ebe_rows(place)] if table == "ebe" else []


def _commune_rows(place: Territoire) -> list[Mapping[str, str]]:
    """One row a commune; none has published series, and the first stands for the place on the map."""
    shared = {
        "territoire": place.code,
        "nom": place.nom,
        "date_habilitation": place.date_habilitation.text,
        "source": place.source,
    }
    return [
        {
            **shared,
            "site": site.code,
            "site_nom": site.nom,
            "perimetre": site.perimetre,
            "perimetre_nom": site.perimetre_nom,
            "commune": commune.code,
            "commune_nom": commune.nom,
            "departement": commune.departement,
            "departement_nom": commune.departement_nom,
            "zone_emploi": commune.zone_emploi,
            "zone_emploi_nom": commune.zone_emploi_nom,
            "longitude": str(commune.longitude),
            "latitude": str(commune.latitude),
            "suivie": "non",
        }
        for site in place.sites
        for commune in site.communes
    ]


def _ebe_rows(place: Territoire) -> list[Mapping[str, str]]:
    return [
        {
            "ebe": ebe.code,
            "territoire": place.code,
            "nom": ebe.nom,
            "date_ouverture": str(ebe.date_ouverture),
            "date_sure": "oui",
            "source": ebe.source,
        }
        for ebe in place.ebe
    ]


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
