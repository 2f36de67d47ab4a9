"""The records of the study of passive expenditure: what crosses from its computation to the chapters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Perimetre = Literal["prestations", "prelevements", "induits"]
PERIMETRES: Final[tuple[Perimetre, ...]] = ("prestations", "prelevements", "induits")
"""What is counted: benefits and services, then contributions and taxes too, then what the wage induces."""

CENTRAL: Final = "central"
AUJOURDHUI: Final = "aujourdhui"
"""The scenarios that have the same assumptions under two laws: that of the first phase, and that of today."""


@dataclass(frozen=True)
class Hypothese:
    """One assumption of a scenario with its bounds, where it comes from and what it means."""

    scenario: str
    hypothese: str
    basse: float
    centrale: float
    haute: float
    statut: str
    source: str
    note: str


@dataclass(frozen=True)
class Scenario:
    """A named set of assumptions; what it does not say is what the central one says.

    ``chiffre`` is the number in the register of the published figure that stands beside its ``resultat``.
    """

    scenario: str
    titre: str
    perimetre: Perimetre
    evaluation: str
    chiffre: int | None
    resultat: str
    note: str
    hypotheses: tuple[Hypothese, ...]


@dataclass(frozen=True)
class ExceptionDeclaree:
    """What is replaced in the model, from when to when, and why.

    ``nature`` is ``parametre`` (``objet`` is its path, ``valeur`` what it becomes) or ``formule`` (``objet``
    is the variable that ``corrections`` rewrites). ``fin`` is None where it lasts.
    """

    nature: Literal["parametre", "formule"]
    objet: str
    debut: str
    fin: str | None
    valeur: float | None
    constat: str
    reference: str


@dataclass(frozen=True)
class Intervalle:
    """The 5 % and 95 % of the draws of a result, in euros per ETP and year, how many draws, and by how much
    (euros) the bounds may move from a simulation to another.

    Raises ValueError when its bounds are not in order.
    """

    bas: float
    haut: float
    tirages: int
    erreur: float

    def __post_init__(self) -> None:
        if not self.bas <= self.haut:
            raise ValueError("an interval is in order")


@dataclass(frozen=True)
class Barre:
    """One bar of the tornado: the result with one group of assumptions at its bounds, the others central."""

    groupe: str
    bas: float
    haut: float

    @property
    def amplitude(self) -> float:
        return abs(self.haut - self.bas)


@dataclass(frozen=True)
class Cascade:
    """From one result to another by named steps, in euros per ETP and year.

    ``etapes`` are the contributions of the assumptions that differ; ``non_explique`` what the published
    figures differ by and the engine does not. Raises ValueError when the steps do not lead from one to the
    other.
    """

    de: str
    vers: str
    depart: float
    arrivee: float
    etapes: tuple[tuple[str, float], ...]
    non_explique: float
    publie: bool

    def __post_init__(self) -> None:
        led = self.depart + sum(value for _, value in self.etapes) + self.non_explique
        if abs(led - self.arrivee) > 0.05:
            raise ValueError(f"the steps lead to {led:.2f}, not {self.arrivee:.2f}")


@dataclass(frozen=True)
class Coefficient:
    """One row of :func:`payeurs.coefficients`."""

    millesime: int
    annee: int
    variante: str
    ressource: str
    perimetre: str
    ligne: str
    payeur: str
    facteurs: str
    montant: float


@dataclass(frozen=True)
class Cellule:
    """What a payer gains on a line in a year since the hire, in cents per ETP."""

    annee: int
    payeur: str
    ligne: str
    perimetre: str
    centimes: int


@dataclass(frozen=True)
class Calcule:
    """A scenario and its results, in euros per ETP and year (mean of the years), and cell by cell in cents.

    Raises ValueError when the cells do not add up to the results.
    """

    scenario: Scenario
    evite_et_recu: float
    contribution: float
    contribution_nette: float
    cellules: tuple[Cellule, ...]
    intervalles: tuple[tuple[str, Intervalle], ...] = ()

    def __post_init__(self) -> None:
        total = sum(cell.centimes for cell in self.cellules)
        if (
            abs(total / 200 + self.contribution_nette) > 0.011
            or abs(self.contribution - self.evite_et_recu - self.contribution_nette) > 0.011
        ):
            raise ValueError(f"{self.scenario.scenario}: the cells do not add up to the results")


@dataclass(frozen=True)
class Rapproche:
    """A published figure beside ours: bounds as published in its price year, then both in constant euros.

    ``maximum``: the source prints « moins de », an upper bound alone.
    """

    scenario: str
    chiffre: int
    resultat: str
    publie: tuple[float, float]
    maximum: bool
    annee_publie: int
    publie_constant: tuple[float, float]
    calcule: float
    annee_calcule: int
    calcule_constant: float


@dataclass(frozen=True)
class CasRaconte:
    """A case type in words and what it receives and pays in its second year, in euros, without a job and in
    the EBE."""

    cas: str
    libelle: str
    ressource: str
    poids: float
    avant: tuple[tuple[str, float], ...]
    apres: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class SeuilVentes:
    """The sales per ETP and year that balance a job: its published full cost (register number) less the
    CDE."""

    chiffre: int
    cout_complet: float
    annee_cout: int
    cde: float
    ventes: float


@dataclass(frozen=True)
class CoutPublie:
    """The gross public cost that an evaluation published beside the CDE of its scenario: its register number,
    then both in the same constant euros. The first holds more than the second: what, the text says."""

    scenario: str
    chiffre: int
    publie_constant: float
    contribution_constant: float

    @property
    def ecart(self) -> float:
        return round(self.publie_constant - self.contribution_constant, 2)


@dataclass(frozen=True)
class Flux:
    """What a payer pays (positive) or receives (negative) on a line, for one person of the central public.

    ``situation`` is ``sans_emploi`` or ``en_ebe``; ``euros`` a year, the second since the hire.
    """

    situation: str
    payeur: str
    ligne: str
    euros: float


@dataclass(frozen=True)
class Etude:
    """The study of passive expenditure on case types: of nobody in particular, so nothing in it is
    confidential.

    ``legislation`` says from which month the model has the last value that it knows of each kind of amount;
    ``taux`` the contributions that the law asks for, by the first budget year of each; ``seuils`` the rate of
    CDE that leaves a payer whole, by scenario and payer.
    """

    modele: str
    legislation: tuple[tuple[str, str], ...]
    taux: tuple[tuple[tuple[str, str], ...], ...]
    euros_de: int
    payeurs: tuple[tuple[str, str], ...]
    lignes: tuple[tuple[str, str], ...]
    hypotheses: tuple[tuple[str, str], ...]
    cas: tuple[CasRaconte, ...]
    flux: tuple[Flux, ...]
    scenarios: tuple[Calcule, ...]
    tornade: tuple[Barre, ...]
    seuils: tuple[tuple[str, str, float], ...]
    ventes: SeuilVentes
    rapproches: tuple[Rapproche, ...]
    couts_publies: tuple[CoutPublie, ...]
    cascades: tuple[Cascade, ...]
    declarees: tuple[tuple[tuple[str, str], ...], ...]
    affectations: tuple[tuple[tuple[str, str], ...], ...]
    chefs_de_file: tuple[tuple[tuple[str, str], ...], ...]
    coefficients: tuple[Coefficient, ...]

    def scenario(self, code: str) -> Calcule:
        """The scenario of that code; raises KeyError."""
        return next(s for s in self.scenarios if s.scenario.scenario == code)
