"""The written data of a demonstration: the real dictionary, notebooks and methods, invented places."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path

import nbformat

from analysis.chapitres.catalogue import notebooks
from analysis.chapitres.composition import of_nature
from analysis.demonstration.lieux import SOURCE, Lieu
from analysis.demonstration.suivis import write_suivis
from analysis.noyau.declared.dictionary import load_fields
from analysis.noyau.files.scratch import remove
from analysis.noyau.paths import Project
from analysis.noyau.territoires import Territoire
from analysis.sources.register import TABLE_KEYS, table_path

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


def prepare(project: Project, invented: Project, lieux: Sequence[Lieu]) -> None:
    """Write the written data of the demonstration anew: the real dictionary and notebooks, invented places.

    What these places sent stays; what others sent goes.
    """
    _clear(invented, {lieu.code for lieu in lieux})
    shutil.copytree(project.dictionary, invented.dictionary)
    invented.notebooks.mkdir()
    for name in notebooks("demonstration"):
        notebook = nbformat.read(project.notebooks / name, as_version=4)
        nbformat.write(of_nature(notebook, "demonstration"), invented.notebooks / name)
    shutil.copy(project.data / "publication.toml", invented.data)
    shutil.copy(project.lock, invented.lock)
    shutil.copytree(project.methods, invented.methods)
    _write(invented.data / "echeances.csv", list(ECHEANCES[0]), ECHEANCES)
    columns = {table: [field.champ for field in fields] for table, fields in load_fields(project).items()}
    for table in TABLE_KEYS:
        path = table_path(invented, table)
        if path.parent != invented.dictionary:
            _write(path, columns[table], _rows(table, lieux))
    write_suivis(project, invented, [lieu.code for lieu in lieux])


def _clear(invented: Project, codes: Set[str]) -> None:
    """Remove what is written of a demonstration, and all that was sent where other places sent it."""
    received = {path.name for path in (invented.depots / "recus").glob("*") if path.is_dir()}
    kept = invented.depots if received <= codes else None
    for path in (*invented.data.glob("*"), invented.notebooks, invented.methods):
        if path != kept and path.exists():
            remove(path)


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
