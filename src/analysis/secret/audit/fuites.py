"""What an audit found, each leak in the words of the person who publishes: where, what kind, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from analysis.noyau.french import counted, decimal
from analysis.noyau.mesures import ENSEMBLE, Accord, Definitions, Mesure
from analysis.noyau.periods import Period
from analysis.secret.audit.deux_editions import Passe
from analysis.secret.audit.enonces import enonces
from analysis.secret.audit.imprimes import imprimees
from analysis.secret.audit.lecteur import Constat, attaquer
from analysis.secret.regles import sommes
from analysis.secret.release import Released
from analysis.secret.sommes import Cle, Sum


@dataclass(frozen=True)
class Fuite:
    """One leak: where it is, of what kind, of which measure, what to do. Never the number."""

    ou: str
    sorte: str
    mesure: str
    faire: str

    def __str__(self) -> str:
        return f"{self.ou} : {self.mesure}, {self.sorte}. {self.faire}"


@dataclass(frozen=True)
class Noms:
    """The names of the territories and of their EBE by code."""

    lieux: Mapping[str, str]
    ebe: Mapping[str, str]


@dataclass(frozen=True)
class Audit:
    """What an audit of an edition found: leaks, how many measures are told, withheld, and how well."""

    fuites: tuple[Fuite, ...]
    constat: Constat
    montrees: int
    retenues: int

    @property
    def rapport(self) -> str:
        """The report as a person reads it."""
        largeurs = [width for width in self.constat.largeurs if width != float("inf")]
        middle = f"{largeurs[len(largeurs) // 2]:.0f}" if largeurs else "aucune"
        lost = decimal(100 * self.retenues / max(1, self.montrees + self.retenues), 1)
        lines = [
            f"Montrées : {self.montrees}. Retenues : {self.retenues} ({lost} %).",
            f"À protéger : {counted(len(self.constat.largeurs), 'nombre', 'nombres')} de personnes ; "
            f"{len(self.constat.largeurs) - len(largeurs)} que rien ne borne ; "
            f"largeur médiane des autres intervalles, au moins : {middle}.",
            f"Trouvés : {sum(one.is_exact for one in self.constat.trouvees)} exactement, "
            f"{sum(not one.is_exact for one in self.constat.trouvees)} à trop peu près.",
            f"Fuites : {len(self.fuites)}.",
        ]
        return "\n".join([*lines, *(f"- {fuite}" for fuite in self.fuites)])


class Calcule(Protocol):
    """What was computed of the deposits, before any rule of secrecy."""

    @property
    def mesures(self) -> tuple[Mesure, ...]: ...
    @property
    def definitions(self) -> Definitions: ...
    @property
    def accords(self) -> frozenset[Accord]: ...


def tenus(resultats: Calcule, passe: Passe) -> tuple[tuple[Mesure, ...], tuple[Sum, ...]]:
    """The whole measures, the unions of their categories after these editions, and what adds up of them."""
    united = passe.unir(resultats.mesures, resultats.definitions, resultats.accords)
    known = sommes(resultats.mesures, resultats.definitions, resultats.accords, united)
    return (*resultats.mesures, *united.mesures), known


def auditer(
    resultats: Calcule,
    released: Sequence[Released[Mesure]],
    passe: Passe,
    noms: Noms,
    folder: Path | None = None,
) -> Audit:
    """Attack what is released after these editions, and what the files of ``folder`` print.

    The attack puts all the released numbers together; the reading of files looks beside the name of each
    withheld measure for its number.
    """
    definitions = resultats.definitions
    mesures, known = tenus(resultats, passe)
    constat = attaquer(mesures, released, known, definitions, passe)
    found = [
        Fuite(
            "Les nombres publiés, mis ensemble",
            "retenue et pourtant " + ("retrouvée exactement" if one.is_exact else "connue à trop peu près"),
            nommer(one.cle, definitions, noms),
            "Retenez aussi un nombre qui entre dans la même somme, ou regroupez ses catégories.",
        )
        for one in constat.trouvees
    ]
    if folder is not None:
        found += [
            Fuite(
                f"{one.fichier}{f' ({one.place})' if one.place else ''}",
                "retenue et pourtant imprimée",
                nommer(one.mesure.cle, definitions, noms),
                "Ôtez ce nombre de ce qui écrit ce fichier, puis relancez « bilan build ».",
            )
            for one in imprimees(enonces(folder), mesures, released, definitions, noms.lieux, noms.ebe)
        ]
    states = [one.content.etat for one in released]
    return Audit(tuple(found), constat, states.count("calculee"), states.count("masquee"))


def nommer(cle: Cle, definitions: Definitions, noms: Noms) -> str:
    """A measure as a person names it: its label, its category, its place, its period."""
    mesure, lieu, ebe, modalite, periode = cle
    definition = definitions.by_name.get(mesure)
    labels = {choix.code: choix.libelle for choix in definition.modalites} if definition else {}
    parts = (
        definition.libelle if definition else mesure,
        labels.get(modalite, modalite),
        noms.ebe.get(ebe, ebe),
        "tous les territoires" if lieu == ENSEMBLE else noms.lieux.get(lieu, lieu),
        Period(periode).label,
    )
    return f"« {', '.join(part for part in parts if part)} »"
