"""What people wrote of the law: ``data/habilitation``, the same for a demonstration, and the day of
judgement.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from analysis.indicateurs.habilitation.records import (
    Controle,
    Critere,
    Exigence,
    Nature,
    Parametre,
    Regime,
    SerieDeclaree,
)
from analysis.noyau.declared.written import load_written
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project


@dataclass(frozen=True)
class Declares:
    """The régimes, their criteria, the numbers and the series that a judgement uses."""

    regimes: tuple[Regime, ...]
    criteres: tuple[Critere, ...]
    parametres: tuple[Parametre, ...]
    series: tuple[SerieDeclaree, ...]

    def parametre(self, name: str) -> float:
        """The value of a parameter; StopIteration is a fault of this code, not of the data."""
        return next(p.valeur for p in self.parametres if p.parametre == name)


def load_declares(project: Project) -> Declares | None:
    """The declared law, None where a project declares none; raises InvalidData with every finding."""
    folder = project.habilitation
    if not folder.is_dir():
        return None

    def rows(name: str, *key: str, known: Mapping[str, list[str]] | None = None) -> list[dict[str, str]]:
        path = folder / f"{name}.csv"
        return load_written(project, f"habilitation_{name}", key=key, known=known, path=path)

    try:
        regimes = tuple(map(_regime, rows("regimes", "regime")))
    except ValueError as error:
        raise BilanError(f"{project.shown(folder / 'regimes.csv')} : {error}.") from error
    known = {"habilitation_regimes.regime": [r.regime for r in regimes]}
    units = {"unites.unite": [row["unite"] for row in load_written(project, "unites", key=("unite",))]}
    return Declares(
        regimes,
        tuple(map(_critere, rows("criteres", "regime", "critere", known=known))),
        tuple(map(_parametre, rows("parametres", "parametre", known=units))),
        tuple(SerieDeclaree(**row) for row in rows("series", "serie", known=units)),
    )


def load_jour(project: Project) -> date:
    """The day on which the pages judge régimes and alerts: written, so that the same files give the same
    pages.

    Raises BilanError where it is missing or is no day.
    """
    path = project.territoires_suivis / "lecture.toml"
    try:
        jour = tomllib.loads(path.read_text(encoding="utf-8")).get("jour")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BilanError(f"{project.shown(path)} est illisible : {error}.") from error
    if not isinstance(jour, date):
        raise BilanError(f"{project.shown(path)} : attendu « jour = 2026-11-28 », un jour sans guillemets.")
    return jour


def _regime(row: Mapping[str, str]) -> Regime:
    return Regime(
        regime=row["regime"],
        libelle=row["libelle"],
        nature=cast(Nature, row["nature"]),
        texte=row["texte"],
        debut=_day(row["debut"]),
        fin=_day(row["fin"]),
        fin_lue=row["fin_lue"] == "oui",
        appel_debut=_day(row["appel_debut"]),
        appel_fin=_day(row["appel_fin"]),
        chiffres=tuple(map(int, row["chiffres"].split())),
        source=row["source"],
        lecture=row["lecture"],
        date_lecture=date.fromisoformat(row["date_lecture"]),
        note=row["note"],
    )


def _critere(row: Mapping[str, str]) -> Critere:
    return Critere(
        regime=row["regime"],
        critere=row["critere"],
        libelle=row["libelle"],
        exigence=cast(Exigence, row["exigence"]),
        controle=cast(Controle, row["controle"]),
        cle=row["cle"],
        preuve=row["preuve"],
        minimum=float(row["minimum"]) if row["minimum"] else None,
        source=row["source"],
        lecture=row["lecture"],
        note=row["note"],
    )


def _parametre(row: Mapping[str, str]) -> Parametre:
    chiffre = int(row["chiffre"]) if row["chiffre"] else None
    return Parametre(
        row["parametre"], row["libelle"], float(row["valeur"]), row["unite"], chiffre, row["note"]
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
