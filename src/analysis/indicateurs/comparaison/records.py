"""The records of a comparison: amounts in the euros of one year, shares, differences, effects."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.sources.comparables import Controverse, CoutDeclare, DefinitionCout, EffetDeclare, PartDeclaree

EBE = ("ebe_phase_1", "ebe_phase_2")
"""The groups of employees of EBE: two populations, never put together."""


@dataclass(frozen=True)
class Montant:
    """An amount compared: what was declared of it, and its bounds in the euros of one year.

    Both bounds are equal where the source prints one number. ``ouvre`` is 1 where only a minimum is printed,
    -1 where only a maximum is, 0 else.
    """

    declare: CoutDeclare
    annee_prix: int
    bas: float
    haut: float
    ouvre: int


@dataclass(frozen=True)
class Part:
    """The share of a group (0 to 1) with a characteristic; ``effectif`` people, None where not published."""

    declaree: PartDeclaree
    valeur: float
    effectif: float | None


@dataclass(frozen=True)
class Ecart:
    """The standardised difference between a group of employees of EBE and another, of one characteristic."""

    caracteristique: str
    premier: Part
    autre: Part
    ecart: float


@dataclass(frozen=True)
class Effet:
    """A causal effect or a raw rate in points of percentage, or on its own scale for well-being."""

    declare: EffetDeclare
    valeur: float


@dataclass(frozen=True)
class Comparaison:
    """All that the chapter of comparisons shows; amounts are in euros of ``euros_de``."""

    euros_de: int
    definitions: tuple[DefinitionCout, ...]
    montants: tuple[Montant, ...]
    exclus: tuple[CoutDeclare, ...]
    parts: tuple[Part, ...]
    ecarts: tuple[Ecart, ...]
    effets: tuple[Effet, ...]
    controverses: tuple[Controverse, ...]
