"""The card of each open data source: producer, licence as printed, edition, files and checksums, breaks.

``data/sources_ouvertes/<source>.toml``. What could not be checked is written « non vérifié » or « non
établi »: never left out, never guessed.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from analysis.noyau.errors import BilanError, UnknownName
from analysis.noyau.paths import Project
from analysis.sources.ouvertes.panels import Break

OPEN_DATA: Final = "BILAN_OPEN_DATA"
"""Where open data stand besides ``data/open``, when the environment says so."""


@dataclass(frozen=True)
class Fichier:
    """A file of a source: its name below the folder of open data, what it holds, its SHA-256."""

    nom: str
    contenu: str
    sha256: str


@dataclass(frozen=True)
class Telechargement:
    """A file that the producer publishes, and by what its layout is known.

    ``colonnes`` must stand in its header and at least ``lignes`` lines follow, where it is a CSV;
    ``verifie`` says whether the address was read at the producer.
    """

    nom: str
    contenu: str
    url: str
    verifie: str
    separateur: str = ""
    colonnes: tuple[str, ...] = ()
    lignes: int = 0


@dataclass(frozen=True)
class Carte:
    """What is known of a source; ``page`` is where its producer publishes it."""

    source: str
    titre: str
    producteur: str
    licence: str
    licence_verifiee: str
    edition: str
    date: str
    page: str
    intermediaire: str
    champ: str
    fichiers: tuple[Fichier, ...]
    ruptures: tuple[Break, ...]
    telechargements: tuple[Telechargement, ...]

    def fichier(self, contenu: str) -> Fichier:
        """The file that holds something; raises UnknownName where the source has none."""
        for fichier in self.fichiers:
            if fichier.contenu == contenu:
                return fichier
        raise UnknownName(
            f"contenu de la source « {self.source} »", contenu, [f.contenu for f in self.fichiers]
        )


_SAID: Final = tuple(f.name for f in fields(Carte) if f.type == "str" and f.name != "source")


def load_cartes(project: Project) -> dict[str, Carte]:
    """The cards by source, in order; raises BilanError naming the card and what it lacks."""
    folder = project.checkout / "data" / "sources_ouvertes"
    return {path.stem: _carte(path, project.shown(path)) for path in sorted(folder.glob("*.toml"))}


def _carte(path: Path, shown: str) -> Carte:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BilanError(f"{shown} ne se lit pas : {error}.") from error
    for name in _SAID:
        if not str(said.get(name, "")).strip():
            raise BilanError(
                f"{shown} : « {name} » manque ; écrivez-le comme le producteur l'imprime, "
                "ou « non établi » si personne ne l'a lu."
            )
    try:
        return Carte(
            source=path.stem,
            **{name: said[name] for name in _SAID},
            fichiers=tuple(Fichier(**one) for one in said.get("fichiers", [])),
            ruptures=tuple(_rupture(one) for one in said.get("ruptures", [])),
            telechargements=tuple(_telechargement(one) for one in said.get("telechargements", [])),
        )
    except (TypeError, KeyError, ValueError) as error:
        raise BilanError(f"{shown} se contredit ou est incomplète : {error}.") from error


def _rupture(said: Mapping[str, Any]) -> Break:
    return Break(said["periode"], said["zone"], said["nature"], said["note"])


def _telechargement(said: Mapping[str, Any]) -> Telechargement:
    return Telechargement(**{**said, "colonnes": tuple(said.get("colonnes", ()))})


def dossiers(project: Project) -> tuple[Path, ...]:
    """Where open data are looked for, in order: where the environment says, then ``data/open``."""
    named = os.environ.get(OPEN_DATA)
    own = project.checkout / "data" / "open"
    return (Path(named), own) if named else (own,)


def trouver(project: Project, nom: str) -> Path | None:
    """A file of open data, None where no folder has it."""
    return next((folder / nom for folder in dossiers(project) if (folder / nom).is_file()), None)
