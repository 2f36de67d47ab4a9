"""A comparison file of individuals, as the statistical service of the ministry could supply one: read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.noyau.declared.csv_files import RawTable
from analysis.noyau.declared.nomenclatures import load_nomenclatures
from analysis.noyau.declared.written import load_written, read_written
from analysis.noyau.errors import Finding, InvalidData
from analysis.noyau.paths import Project

TABLE: Final = "individus"

EBE, COMPARAISON = "ebe", "comparaison"
"""The groups: people hired by an EBE, people alike who were not."""

HORIZONS: Final = (6, 12, 24)
"""Months after the month of reference at which employment is told."""

EMPLOI, HORS_EBE = "emploi", "emploi_hors_ebe"

RESULTATS: Final = (EMPLOI, HORS_EBE)
"""The outcomes: a job of any kind, and one elsewhere than in an EBE. An EBE's own posts are in the first."""

FEWEST: Final = 30
"""People a group must have: with fewer, no weight that is estimated on a dozen characteristics means
anything."""

SANS_EMPLOI: Final = "sans_emploi"
"""The situation of who has no job at all."""

_LISTS: Final = ("sexe", "diplome", "oui_non_nr", "groupe_individu", "type_zone", "situation_individu")


class NonEstimable(ValueError):
    """An effect that these people cannot tell, with the reason as a clause in French."""


@dataclass(frozen=True)
class Individus:
    """The people of a comparison file, one row each.

    ``table``: ``territoire`` (empty in the comparison group), ``mois_reference`` (the month of the hire, or
    the month at which somebody of the comparison group was as eligible), codes as the dictionary has them,
    ages and months as whole numbers; ``emploi_6``, ``emploi_12`` and ``emploi_24`` are empty text where not
    known.

    Raises ValueError for a table without a group.
    """

    table: pd.DataFrame

    def __post_init__(self) -> None:
        if "groupe" not in self.table or not set(self.table["groupe"]) <= {EBE, COMPARAISON}:
            raise ValueError("each person is of one of the two groups")

    @property
    def traites(self) -> NDArray[np.bool_]:
        """Who was hired by an EBE, in the order of the rows."""
        return (self.table["groupe"] == EBE).to_numpy()

    @property
    def periode(self) -> str:
        """From the first month of reference to the last, as the project writes a period."""
        months = self.table["mois_reference"]
        first, last = str(months.min()), str(months.max())
        return first if first == last else f"{first}/{last}"

    def compte(self, groupe: str) -> int:
        return int((self.table["groupe"] == groupe).sum())

    def suivis(self, horizon: int) -> Individus:
        """Those whose situation is known at a horizon: an unknown one is no lack of a job."""
        return Individus(self.table[self.table[f"emploi_{horizon}"] != ""].reset_index(drop=True))

    def emploi(self, horizon: int, *, hors_ebe: bool = False) -> NDArray[np.float64]:
        """1 for who has a job at a horizon, 0 for who has none; with ``hors_ebe`` a job of an EBE is none.

        Raises ValueError where a situation is not known.
        """
        situation = self.table[f"emploi_{horizon}"]
        if (situation == "").any():
            raise ValueError(f"a situation is not known at {horizon} months: ask of « suivis » alone")
        without = {SANS_EMPLOI, EBE} if hors_ebe else {SANS_EMPLOI}
        return np.where(situation.isin(without), 0.0, 1.0)


def load_individus(project: Project, territoires: Collection[str]) -> Individus | None:
    """The comparison file of a bilan, whose territories have these codes; None where none was received.

    Raises InvalidData with every finding, none of which tells who somebody is.
    """
    path = project.individus / "individus.csv"
    if not path.is_file():
        return None
    lists = load_nomenclatures(project)
    known = {f"nomenclatures.{name}": [choix.code for choix in lists[name]] for name in _LISTS}
    known["territoires.territoire"] = list(territoires)
    raw = read_written(project, TABLE, key=("personne",), known=known, path=path)
    if findings := [*_contradictions(raw), *_too_few(raw)]:
        raise InvalidData(findings)
    return Individus(_typed(raw))


def load_effets_connus(project: Project) -> Mapping[tuple[str, int], float]:
    """The effects with which invented people were drawn, by outcome and horizon; none in a real bilan.

    Raises InvalidData where a real bilan holds such a file: the effect of a real policy is known to nobody.
    """
    path = project.individus / "effets_connus.csv"
    if not path.is_file():
        return {}
    if project.nature != "demonstration":
        remedy = "Retirez ce fichier : seule la démonstration connaît l'effet vrai, parce qu'elle l'invente."
        found, expected = "un fichier d'effets connus", "aucun dans le bilan réel"
        raise InvalidData([Finding(project.shown(path), None, None, found, expected, remedy)])
    rows = load_written(project, "effets_connus", key=("resultat", "horizon"), path=path)
    return {(row["resultat"], int(row["horizon"])): float(row["effet"]) for row in rows}


def _contradictions(raw: RawTable) -> Iterator[Finding]:
    """What one row says that cannot be: a place, a job or an age that its group or its month forbids."""
    for line, row in raw.rows.items():
        is_hired = row["groupe"] == EBE
        if is_hired and not row["territoire"]:
            found = "une personne embauchée en EBE sans territoire"
            yield Finding(raw.file, line, "territoire", found, "le code du territoire qui l'a embauchée")
        if not is_hired and row["territoire"]:
            yield Finding(
                *(raw.file, line, "territoire", "un territoire dans le groupe de comparaison"),
                "une cellule vide : qui y habite a pu profiter de l'expérience sans être embauché",
                "Retirez du fichier les personnes non embauchées qui habitent l'un des territoires.",
            )
        for horizon in HORIZONS:
            if not is_hired and row[f"emploi_{horizon}"] == EBE:
                yield Finding(
                    *(raw.file, line, f"emploi_{horizon}", "un emploi en EBE dans le groupe de comparaison"),
                    "« autre_emploi » ou « sans_emploi » : personne ne change de groupe",
                    "Mettez la personne dans le groupe « ebe » à la date de son embauche, ou retirez-la.",
                )
        if not 16 <= int(row["mois_reference"][:4]) - int(row["annee_naissance"]) <= 70:
            found = "une année de naissance qui donne moins de 16 ans ou plus de 70 ans au mois de référence"
            yield Finding(raw.file, line, "annee_naissance", found, "une personne en âge de travailler")


def _too_few(raw: RawTable) -> Iterator[Finding]:
    """A group that is absent or too small, or whose situation is never known at a horizon."""
    for groupe in (EBE, COMPARAISON):
        rows = [row for row in raw.rows.values() if row["groupe"] == groupe]
        if len(rows) < FEWEST:
            expected = f"au moins {FEWEST} personnes dans chacun des deux groupes"
            found = f"moins de {FEWEST} personnes dans le groupe « {groupe} »"
            yield Finding(raw.file, None, "groupe", found, expected)
        elif not any(row[f"emploi_{horizon}"] for row in rows for horizon in HORIZONS):
            found = f"aucune situation connue dans le groupe « {groupe} »"
            yield Finding(
                raw.file, None, "emploi_6, emploi_12, emploi_24", found, "une situation à une date au moins"
            )


def _typed(raw: RawTable) -> pd.DataFrame:
    """The rows without what names a person, whole numbers as numbers, in an order of their own."""
    frame = pd.DataFrame(list(raw.rows.values())).drop(columns="personne")
    frame["mois_reference"] = frame["mois_reference"].str.slice(0, 7)
    frame["age"] = frame["mois_reference"].str.slice(0, 4).astype(int) - frame["annee_naissance"].astype(int)
    for name in ("mois_sans_emploi", "mois_emploi_24"):
        frame[name] = frame[name].astype(int)
    frame = frame.drop(columns="annee_naissance")
    return frame.sort_values(list(frame.columns), ignore_index=True)
