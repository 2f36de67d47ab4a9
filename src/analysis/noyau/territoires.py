"""The territories of the experiment, their sites, communes and EBE: the one join key of the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.noyau.errors import UnknownName
from analysis.noyau.periods import Period


@dataclass(frozen=True)
class Commune:
    """A commune (or arrondissement) that the experiment's area touches, and the zones around it.

    ``suivie`` tells whether local series exist for it; ``longitude`` and ``latitude`` are degrees.
    """

    code: str
    nom: str
    departement: str
    departement_nom: str
    epci: str
    epci_nom: str
    zone_emploi: str
    zone_emploi_nom: str
    longitude: float
    latitude: float
    suivie: bool


@dataclass(frozen=True)
class Site:
    """A part of a territory with a perimeter of its own; most territories have one only."""

    code: str
    nom: str
    perimetre: str
    perimetre_nom: str
    communes: tuple[Commune, ...]


@dataclass(frozen=True)
class Ebe:
    """An entreprise à but d'emploi and its opening, as precisely as its source prints it."""

    code: str
    nom: str
    date_ouverture: Period | None
    date_sure: bool
    source: str

    @property
    def dated(self) -> bool:
        """The opening may be drawn on a time axis."""
        return self.date_ouverture is not None and self.date_sure


@dataclass(frozen=True)
class Territoire:
    """One habilitated territory.

    ``ensemble`` figures (all territories together) are not a territory and have no such record.
    """

    code: str
    nom: str
    date_habilitation: Period
    source: str
    sites: tuple[Site, ...]
    ebe: tuple[Ebe, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes under which the register may hold a figure of this territory: its own, its sites'."""
        return (self.code, *(site.code for site in self.sites if site.code != self.code))

    @property
    def communes(self) -> tuple[Commune, ...]:
        return tuple(commune for site in self.sites for commune in site.communes)

    @property
    def communes_suivies(self) -> tuple[Commune, ...]:
        return tuple(commune for commune in self.communes if commune.suivie)

    @property
    def est_en_quartiers(self) -> bool:
        return any(site.perimetre == "quartiers" for site in self.sites)


def territoire_named(code: str, territoires: Sequence[Territoire]) -> Territoire:
    """The territory of that code; raises UnknownName with the known ones."""
    for territoire in territoires:
        if territoire.code == code:
            return territoire
    raise UnknownName("territoire", code, [t.code for t in territoires])
