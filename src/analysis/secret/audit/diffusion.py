"""What an edition told of each measure, kept with it for those that follow: never a withheld number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from analysis.noyau.declared.csv_files import read_csv
from analysis.noyau.errors import BilanError, InvalidData
from analysis.noyau.mesures import Mesure
from analysis.secret.release import Released
from analysis.secret.sommes import Cle

FICHIER: Final = "diffusion.csv"

NUMBERS: Final = ("valeur", "numerateur", "denominateur", "n", "bas", "haut")

COLUMNS: Final = ("mesure", "lieu", "ebe", "modalite", "periode", "prix", "etat", *NUMBERS, "environ")
"""The name of a measure, the year of its euros, whether it was told, its numbers, « oui » where they were
rounded: empty where it was not told."""


@dataclass(frozen=True)
class Dit:
    """One measure as an edition told it: computed with its numbers, or withheld or missing without any.

    Raises ValueError for a number of a measure that was not told.
    """

    cle: Cle
    etat: str
    prix: str = ""
    valeur: float | None = None
    numerateur: float | None = None
    denominateur: float | None = None
    n: float | None = None
    bas: float | None = None
    haut: float | None = None
    est_arrondie: bool = False

    def __post_init__(self) -> None:
        if self.etat != "calculee" and any(number is not None for number in self.numbers):
            raise ValueError(f"{self.cle} was not told and has a number")

    @property
    def numbers(self) -> tuple[float | None, ...]:
        return tuple(getattr(self, name) for name in NUMBERS)


@dataclass(frozen=True)
class Diffusion:
    """All the measures that an edition told or withheld, and its label."""

    edition: str
    dits: tuple[Dit, ...]

    @cached_property
    def by_cle(self) -> Mapping[Cle, Dit]:
        return {dit.cle: dit for dit in self.dits}


def diffusion(edition: str, mesures: Iterable[Released[Mesure]]) -> Diffusion:
    """What an edition tells of these measures."""
    return Diffusion(edition, tuple(dit(one.content, one.is_rounded) for one in mesures))


def dit(m: Mesure, est_arrondie: bool = False) -> Dit:
    """A measure as it is told, its numbers exact or rounded.

    >>> from analysis.noyau.mesures import Mesure
    >>> dit(Mesure("embauchees", "val", "2018", "compte", "personnes", "reel", "dépôt", valeur=7, n=7)).valeur
    7
    """
    if m.etat != "calculee":
        return Dit(m.cle, m.etat)
    numbers = {name: getattr(m, name) for name in NUMBERS}
    return Dit(m.cle, m.etat, m.prix, **numbers, est_arrondie=est_arrondie)


def diffusion_csv(found: Diffusion) -> str:
    """The measures of an edition as CSV, one row a measure."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found.dits:
        numbers = ("" if number is None else f"{number:.15g}" for number in one.numbers)
        writer.writerow((*one.cle, one.prix, one.etat, *numbers, "oui" if one.est_arrondie else ""))
    return text.getvalue()


def read_diffusion(path: Path) -> Diffusion:
    """What an edition told; raises InvalidData for a file that is not as it was written."""
    raw, findings = read_csv(path, shown=f"{path.parent.name}/{path.name}", columns=COLUMNS)
    if findings:
        raise InvalidData(findings)
    try:
        return Diffusion(path.parent.name, tuple(map(_read, raw.rows.values())))
    except ValueError as error:
        raise BilanError(
            f"{path.parent.name}/{path.name} a été modifié depuis sa publication : une édition ne change "
            "pas. Rétablissez-le par git."
        ) from error


def read_diffusions(editions: Path, labels: Sequence[str]) -> tuple[Diffusion, ...]:
    """What the past editions told, oldest first; those of before it was kept told nothing that is known."""
    paths = [editions / label / FICHIER for label in labels]
    return tuple(read_diffusion(path) for path in paths if path.is_file())


def _read(row: Mapping[str, str]) -> Dit:
    mesure, lieu, ebe, modalite, periode, prix, etat, *_ = row.values()
    numbers = {name: float(row[name]) if row[name] else None for name in NUMBERS}
    return Dit(
        (mesure, lieu, ebe, modalite, periode), etat, prix, **numbers, est_arrondie=bool(row["environ"])
    )
