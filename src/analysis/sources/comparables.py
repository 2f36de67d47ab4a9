"""The records of what is declared of a comparison: each rests on a figure of the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

COMPOSANTES: Final = {
    "etat": "État",
    "collectivites": "Autres financeurs",
    "exonerations": "Exonérations",
    "amorcage": "Ouverture",
    "encadrement": "Encadrement",
    "evites": "Évité, déduit",
    "recettes": "Reçu, déduit",
}
"""What an amount may count, in the order of the columns."""


@dataclass(frozen=True)
class DefinitionCout:
    """One definition of a cost: its unit, what all its amounts count, and what none counts."""

    definition: str
    libelle: str
    unite: str
    compte: tuple[str, ...]
    ne_compte_pas: tuple[str, ...]
    limite: str


@dataclass(frozen=True)
class CoutDeclare:
    """An amount of the register to compare, what it counts (« oui », « non », « inconnu » by component).

    ``definition`` is empty for an amount that is compared with no other, and ``raison`` says why.
    """

    chiffre: int
    dispositif: str
    groupe: str
    definition: str
    contenu: Mapping[str, str]
    duree: str
    raison: str


@dataclass(frozen=True)
class PartDeclaree:
    """A published share of a group of people; ``effectif`` is the register's number of how many they are."""

    chiffre: int
    groupe: str
    caracteristique: str
    complement: bool
    effectif: int | None
    mots: str


@dataclass(frozen=True)
class EffetDeclare:
    """A causal effect with what it is measured against, or a raw rate, which is against nothing."""

    chiffre: int
    dispositif: str
    resultat: str
    nature: str
    contre: str
    horizon: str


@dataclass(frozen=True)
class Controverse:
    """One point on which evaluations answer each other; the numbers of its sentences are placeholders."""

    point: str
    question: str
    dit: str
    repond: str
    reste: str


@dataclass(frozen=True)
class Declaree:
    """All that is declared of a comparison, checked against the register and the price index."""

    definitions: tuple[DefinitionCout, ...]
    couts: tuple[CoutDeclare, ...]
    profils: tuple[PartDeclaree, ...]
    effets: tuple[EffetDeclare, ...]
    controverses: tuple[Controverse, ...]
