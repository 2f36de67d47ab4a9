"""The records of impact: an estimate, and each row of the accepted results that a chapter shows.

A territory and an outcome (``resultat``) have one `Comparaison`; all else hangs on it. The unit of an effect
is in the record: « pour_cent » and « emplois » of one effect are two records, never one with two meanings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Final

from analysis.sources.ouvertes.panels import Break, Panel

__all__ = [
    "Annee",
    "Break",
    "Comparaison",
    "Diagnostic",
    "Dynamique",
    "Epreuve",
    "Estimate",
    "Estimation",
    "Foret",
    "Honnete",
    "Panel",
    "Poids",
    "Resultats",
    "SansUn",
    "Taille",
    "Tendance",
]

ENSEMBLE: Final = "national"
"""The code of all territories together, where a pooled result stands for a territory."""

BASES: Final = {
    "last": "la dernière année d'avant",
    "mean": "la moyenne des années d'avant",
    "aucune": "aucune année de base",
}
"""From where an effect is counted, and how it reads; a weighted comparison of levels has no base."""


def _ordered(low: float | None, high: float | None, what: str) -> None:
    if (low is None) != (high is None):
        raise ValueError(f"{what}: an interval has two ends")
    if low is not None and high is not None and not low <= high:
        raise ValueError(f"{what}: {low} is above {high}")


def _finite(*values: float | None) -> None:
    if not all(value is None or isfinite(value) for value in values):
        raise ValueError("a value that is no number is missing, with a reason, not NaN")


@dataclass(frozen=True)
class Estimate:
    """An effect with the uncertainty that is honest for it: an interval or a rank, never both.

    ``effect`` is in ``unit``; ``low``–``high`` is its interval; ``rank`` tells how many of the ``placebos``
    and itself are at least as far from zero (1: none is farther). ``treated`` and ``donors`` count places;
    ``pre_fit`` is the root mean square of the gap before; ``identified`` the range of effects over all exact
    weights; ``base`` one of `BASES`. Without effect there is a ``reason``, a French sentence: a withheld or
    impossible estimate is never zero. Raises ValueError for anything else.

    >>> Estimate(2.1, "pour_cent", low=-1.0, high=5.2, method="did", treated=1, donors=80).is_estimated
    True
    >>> Estimate(2.1, "pour_cent", low=-1.0, high=5.2, rank=3, placebos=80, method="did")
    Traceback (most recent call last):
    ...
    ValueError: an interval or a rank, never both
    """

    effect: float | None
    unit: str
    low: float | None = None
    high: float | None = None
    rank: int | None = None
    placebos: int | None = None
    method: str = ""
    treated: int = 1
    donors: int = 0
    pre_fit: float | None = None
    identified: tuple[float, float] | None = None
    base: str = "aucune"
    note: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        _finite(self.effect, self.low, self.high, self.pre_fit, *(self.identified or ()))
        _ordered(self.low, self.high, "interval")
        low, high = self.identified or (None, None)
        _ordered(low, high, "identified set")
        if self.low is not None and self.rank is not None:
            raise ValueError("an interval or a rank, never both")
        if (self.effect is None) != bool(self.reason):
            raise ValueError("an effect, or the reason why there is none")
        if self.effect is None and (self.low is not None or self.rank is not None):
            raise ValueError("no uncertainty without an effect")
        if (self.rank is None) != (self.placebos is None):
            raise ValueError("a rank is among so many placebos")
        if self.rank is not None and self.placebos is not None and not 1 <= self.rank <= self.placebos + 1:
            raise ValueError(f"rank {self.rank} among {self.placebos} placebos")
        if self.base not in BASES:
            raise ValueError(f"« {self.base} » is no base")
        if self.pre_fit is not None and self.pre_fit < 0:
            raise ValueError("a root mean square is not negative")

    @property
    def is_estimated(self) -> bool:
        return self.effect is not None

    @property
    def p(self) -> float | None:
        """The share of places, itself included, that chance puts at least as far: rank / (placebos + 1)."""
        return None if self.rank is None or self.placebos is None else self.rank / (self.placebos + 1)


@dataclass(frozen=True)
class Comparaison:
    """Who is compared for a territory and an outcome, and what could be seen at all, before what is seen.

    ``zone_nom`` is the zone that the series shows, as printed (it is not the périmètre). ``debut`` is the
    first year after the first EBE opened, ``avant`` and ``apres`` count the years; ``donneurs`` those
    compared with; ``taille`` is the level in the last year before, in the outcome's unit. ``ebe_bas`` and
    ``ebe_haut`` bound the staff of its EBE as published for ``ebe_periode``: None where nobody published
    it, ``ebe_haut`` alone None where no one says at most. ``detectable`` is the least effect that the
    comparison would find eight times in ten, in the outcome's unit, from the base that sees more;
    ``detectable_pct`` in per cent of the level. ``motif``: why nothing is estimated, else empty.
    """

    territoire: str
    resultat: str
    zone_type: str
    zone: str
    zone_nom: str
    debut: int
    avant: int
    apres: int
    donneurs: int
    taille: float | None
    ebe_bas: float | None
    ebe_haut: float | None
    ebe_periode: str
    detectable: float | None
    detectable_pct: float | None
    motif: str

    def __post_init__(self) -> None:
        _finite(self.taille, self.ebe_bas, self.ebe_haut, self.detectable, self.detectable_pct)
        if self.ebe_haut is not None:
            _ordered(self.ebe_bas, self.ebe_haut, "staff of the EBE")
        if min(self.avant, self.apres, self.donneurs) < 0:
            raise ValueError("counts are not negative")

    @property
    def is_estimated(self) -> bool:
        return not self.motif


@dataclass(frozen=True)
class Annee:
    """A year of a territory and of its comparison, in the outcome's unit, from a base.

    ``observe`` is None where the source gives nothing. ``bas``–``haut`` is where chance alone leaves
    19 places in 20: the comparison, less and plus the quantiles of the placebos' gaps of that year.
    """

    territoire: str
    resultat: str
    base: str
    annee: int
    observe: float | None
    comparaison: float | None
    bas: float | None
    haut: float | None

    def __post_init__(self) -> None:
        _finite(self.observe, self.comparaison, self.bas, self.haut)
        _ordered(self.bas, self.haut, "band")


@dataclass(frozen=True)
class Poids:
    """The weight of a place in a comparison, 0 to 1: only those shown, the heaviest."""

    territoire: str
    resultat: str
    methode: str
    zone: str
    zone_nom: str
    poids: float

    def __post_init__(self) -> None:
        if not 0 <= self.poids <= 1:
            raise ValueError(f"{self.poids} is no weight")


@dataclass(frozen=True)
class Estimation:
    """The estimate of a territory, or of all (`ENSEMBLE`), for an outcome over a horizon « 2017/2020 »."""

    territoire: str
    resultat: str
    horizon: str
    estimate: Estimate


@dataclass(frozen=True)
class Diagnostic:
    """One thing checked of a comparison: ``valeur`` against ``seuil``; ``leve``: it warns; in words."""

    territoire: str
    resultat: str
    methode: str
    diagnostic: str
    valeur: float | None
    seuil: float | None
    leve: bool
    note: str


@dataclass(frozen=True)
class Epreuve:
    """A test over all territories: its statistic, its p, the p that Holm leaves it among those declared.

    ``tirages`` is how many assignments were drawn, None where p comes from a law. ``note`` says the null and
    the alternative in words.
    """

    resultat: str
    horizon: str
    base: str
    epreuve: str
    statistique: float | None
    p: float | None
    p_holm: float | None
    tirages: int | None
    note: str

    def __post_init__(self) -> None:
        for p in (self.p, self.p_holm):
            if p is not None and not 0 <= p <= 1:
                raise ValueError(f"{p} is no probability")
        if self.p is not None and self.p_holm is not None and self.p_holm < self.p:
            raise ValueError("Holm never lowers a p")


@dataclass(frozen=True)
class SansUn:
    """The pooled effect once a territory (``sans``) is left out, and its p."""

    resultat: str
    horizon: str
    base: str
    sans: str
    effet: float
    unite: str
    p: float | None


@dataclass(frozen=True)
class Foret:
    """A row of the forest plot: the effect of a territory or of all, its interval, its share of the whole.

    A territory whose pool is too small to give an interval at 95 % has no row, and a diagnostic that says so.
    """

    resultat: str
    horizon: str
    base: str
    territoire: str
    effet: float
    bas: float
    haut: float
    poids: float | None
    unite: str

    def __post_init__(self) -> None:
        _ordered(self.bas, self.haut, "interval")


@dataclass(frozen=True)
class Dynamique:
    """The pooled effect so many years after (``relatif`` ≥ 0) or before (< 0) the year of opening."""

    resultat: str
    base: str
    methode: str
    relatif: int
    effet: float | None
    bas: float | None
    haut: float | None
    nombre: int
    unite: str

    def __post_init__(self) -> None:
        _finite(self.effet, self.bas, self.haut)
        _ordered(self.bas, self.haut, "interval")


@dataclass(frozen=True)
class Tendance:
    """The power of the test of parallel years before: how often it would see a ``pente`` a year."""

    resultat: str
    territoire: str
    pente: float
    unite: str
    puissance: float
    niveau: float


@dataclass(frozen=True)
class Honnete:
    """The bounds of an effect if the gap to parallel trends after is at most ``m`` times that before."""

    resultat: str
    base: str
    m: float
    bas: float
    haut: float
    unite: str

    def __post_init__(self) -> None:
        _ordered(self.bas, self.haut, "bounds")


@dataclass(frozen=True)
class Taille:
    """How often a test declared at ``niveau`` rejects on places where nothing happened: its measured size."""

    resultat: str
    methode: str
    traites: int
    avant: int
    donneurs: int
    niveau: float
    mesure: float
    tirages: int


@dataclass(frozen=True)
class Resultats:
    """All that was accepted: what the impact chapters show, on any machine, with what it was computed from.

    ``protocole`` is the hash of the protocol in force, ``protocole_date`` its day; ``entrees`` gives the
    SHA-256 of each source by its code.
    """

    protocole: str
    protocole_date: str
    entrees: Mapping[str, str]
    comparaisons: tuple[Comparaison, ...] = ()
    annees: tuple[Annee, ...] = ()
    poids: tuple[Poids, ...] = ()
    estimations: tuple[Estimation, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    epreuves: tuple[Epreuve, ...] = ()
    sans_un: tuple[SansUn, ...] = ()
    foret: tuple[Foret, ...] = ()
    dynamique: tuple[Dynamique, ...] = ()
    tendances: tuple[Tendance, ...] = ()
    honnete: tuple[Honnete, ...] = ()
    tailles: tuple[Taille, ...] = ()

    def comparaison(self, territoire: str, resultat: str) -> Comparaison | None:
        """Who is compared for a territory and an outcome; None where the source has no series there."""
        found = (c for c in self.comparaisons if (c.territoire, c.resultat) == (territoire, resultat))
        return next(found, None)

    def estimations_de(self, territoire: str, resultat: str = "") -> tuple[Estimation, ...]:
        """The estimates of a territory, or of one of its outcomes, in the order of the table."""
        return tuple(
            e for e in self.estimations if e.territoire == territoire and resultat in ("", e.resultat)
        )

    def annees_de(self, territoire: str, resultat: str, base: str) -> tuple[Annee, ...]:
        """The years of a territory and an outcome from a base, in order."""
        key = (territoire, resultat, base)
        return tuple(a for a in self.annees if (a.territoire, a.resultat, a.base) == key)
