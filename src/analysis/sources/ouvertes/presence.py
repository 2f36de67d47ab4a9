"""What there is of each open data source: there, missing, changed since its card was written."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from analysis.noyau.errors import BilanError
from analysis.noyau.files.sums import sha256_of
from analysis.noyau.paths import Project
from analysis.sources.ouvertes.cartes import Carte, dossiers, trouver

Etat = Literal["présent", "manquant", "changé"]

JOURNAL: Final = "telechargements.toml"
"""In ``data/open``: the SHA-256 of each file downloaded, its address and its day."""


@dataclass(frozen=True)
class Presence:
    """A file of a source: whether it is there as expected, and where; ``est_telecharge``: its producer's."""

    source: str
    nom: str
    etat: Etat
    chemin: Path | None
    est_telecharge: bool = False


def presences(project: Project, cartes: dict[str, Carte]) -> list[Presence]:
    """Each file of each source, in the order of the cards."""
    known = journal(project)
    found = []
    for carte in cartes.values():
        found += [_presence(project, carte.source, f.nom, f.sha256) for f in carte.fichiers]
        found += [
            _presence(project, carte.source, t.nom, known.get(t.nom, ""), est_telecharge=True)
            for t in carte.telechargements
        ]
    return found


def _presence(
    project: Project, source: str, nom: str, expected: str, *, est_telecharge: bool = False
) -> Presence:
    path = trouver(project, nom)
    if path is None:
        return Presence(source, nom, "manquant", None, est_telecharge)
    same = sha256_of(path) == expected
    return Presence(source, nom, "présent" if same else "changé", path, est_telecharge)


def journal(project: Project) -> dict[str, str]:
    """The SHA-256 of what was downloaded, by name; empty where nothing was."""
    path = dossiers(project)[-1] / JOURNAL
    if not path.is_file():
        return {}
    try:
        return {nom: said["sha256"] for nom, said in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BilanError(
            f"data/open/{JOURNAL} ne se lit pas ({error}) : supprimez-le, puis retéléchargez."
        ) from error
