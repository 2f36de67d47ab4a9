"""A panel: one quantity for many places over successive periods, with what breaks it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.noyau.errors import BilanError

Array = npt.NDArray[np.float64]

NATURES: Final = {
    "niveau": "le niveau est révisé",
    "champ": "le champ de la série change",
    "methode": "la méthode de mesure change",
    "fusion": "la zone change de contour",
    "secret": "la valeur est sous le secret statistique",
    "absent": "la valeur n'est pas donnée",
    "selection": "les zones présentes n'ont été ni toutes lues ni tirées au hasard",
}
"""What a break may be, and how it reads."""


@dataclass(frozen=True, order=True)
class Break:
    """A place in a panel where two values are not the same quantity, or where a value is withheld.

    ``period`` is the first period concerned; ``zone`` is empty where all zones are. ``nature`` is one of
    `NATURES`. Raises ValueError for another.
    """

    period: int
    zone: str
    nature: str
    note: str

    def __post_init__(self) -> None:
        if self.nature not in NATURES:
            raise ValueError(f"« {self.nature} » is no nature of a break")


@dataclass(frozen=True, eq=False)
class Panel:
    """One quantity (``outcome``, in ``unit``) by zone and period, as its source prints it.

    ``values`` (zones, periods): NaN where the source gives nothing or withholds it, never zero for it;
    ``checksum`` is the SHA-256 of the bytes of the files that it was read from. Raises BilanError where a
    zone stands twice, periods do not increase or the shapes differ.

    >>> values = np.array([[297.0, 260.0]])
    >>> panel = Panel("urssaf", "emploi_prive", "emplois", ("58218",), (2015, 2016), values)
    >>> panel.serie("58218").tolist(), panel.at("58218", 2016)
    ([297.0, 260.0], 260.0)
    """

    source: str
    outcome: str
    unit: str
    zones: tuple[str, ...]
    periods: tuple[int, ...]
    values: Array
    breaks: tuple[Break, ...] = ()
    checksum: str = ""

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.zones), len(self.periods)):
            raise BilanError(
                f"Source « {self.source} » : {self.values.shape} valeurs pour {len(self.zones)} zones "
                f"et {len(self.periods)} périodes."
            )
        if len(set(self.zones)) != len(self.zones):
            twice = sorted({zone for zone in self.zones if self.zones.count(zone) > 1})
            raise BilanError(f"Source « {self.source} » : la zone {twice[0]} y figure deux fois.")
        if list(self.periods) != sorted(set(self.periods)):
            raise BilanError(f"Source « {self.source} » : les périodes ne se suivent pas.")

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {zone: rank for rank, zone in enumerate(self.zones)}

    def __contains__(self, zone: object) -> bool:
        return zone in self._rank

    def serie(self, zone: str) -> Array:
        """The values of a zone; raises BilanError naming it where the panel has none."""
        if zone not in self._rank:
            raise BilanError(f"La zone {zone} est absente de la source « {self.source} ».")
        return self.values[self._rank[zone]]

    def at(self, zone: str, period: int) -> float:
        return float(self.serie(zone)[self.periods.index(period)])

    def of(self, zones: Collection[str]) -> Panel:
        """The panel of these zones, in the order given; raises BilanError for one that is absent."""
        values = np.array([self.serie(zone) for zone in zones]).reshape(len(zones), len(self.periods))
        wanted = {"", *zones}
        kept = tuple(b for b in self.breaks if b.zone in wanted)
        return replace(self, zones=tuple(zones), values=values, breaks=kept)

    def between(self, first: int, last: int) -> Panel:
        """The panel of the periods from ``first`` to ``last``, both included."""
        kept = [rank for rank, period in enumerate(self.periods) if first <= period <= last]
        return replace(self, periods=tuple(self.periods[rank] for rank in kept), values=self.values[:, kept])

    def breaks_of(self, zone: str) -> tuple[Break, ...]:
        """What breaks the series of a zone: its own breaks and those of all."""
        return tuple(b for b in self.breaks if b.zone in ("", zone))


def checksum(*contents: bytes) -> str:
    """The SHA-256 of files one after the other.

    >>> checksum(b"abc")[:8]
    'ba7816bf'
    """
    digest = hashlib.sha256()
    for content in contents:
        digest.update(content)
    return digest.hexdigest()
