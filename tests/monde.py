"""Open data of an invented country around the real territories: what was done to whom is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from analysis.impact.plan import Planificateur
from analysis.impact.protocole import Protocole, load_protocole
from analysis.noyau.paths import Project
from analysis.sources.ouvertes.lecture import Ouvertes
from analysis.sources.ouvertes.panels import Array, Break, Panel
from analysis.sources.register import load_register

TREATED: Final = {
    "14167": 4246.0,
    "13048": 292.0,
    "79079": 1796.0,
    "59360": 5425.0,
    "59599": 16837.0,
    "75113": 77732.0,
    "35219": 714.0,
    "35268": 12.0,
    "58218": 260.0,
    "63430": 4596.0,
    "69266": 46470.0,
}
"""The communes of the territories and their jobs in 2016, as the Urssaf prints them."""

EPCI: Final = "245400510"
EFFET: Final = 0.2
"""What is added to the logarithm of Prémery's jobs from 2017."""

DONORS: Final = 45


class Monde(Ouvertes):
    """The open data of the invented country: around each level, ``DONORS`` communes that chance alone moves.

    ``change`` rewrites the panel of a source before it is read.
    """

    def __init__(
        self, change: Mapping[str, Callable[[Panel], Panel]] | None = None, donors: int = DONORS
    ) -> None:
        super().__init__(Project.here())
        self._change = change or {}
        self._donors = donors

    def emploi(self, zone_type: str) -> Panel:
        levels = {EPCI: 903.0} if zone_type == "epci" else TREATED
        return self._panel("urssaf_emploi", "emplois", range(2014, 2025), levels, zone_type, {"58218": EFFET})

    def inscrits(self) -> Panel:
        levels = {zone: value / 2 for zone, value in TREATED.items() if zone != "75113"}
        return self._panel("dares_inscrits", "personnes", range(2015, 2025), levels, "commune", {})

    def anciennete(self) -> Panel:
        return self._panel("inscrits_anciennete", "personnes", range(2016, 2020), {EPCI: 318.0}, "epci", {})

    def filosofi(self, quantite: str) -> Panel:
        levels = TREATED if quantite == "NBPERSMENFISC" else dict.fromkeys(TREATED, 15.0)
        return self._panel("filosofi", "points", range(2016, 2020), levels, "commune", {})

    def zones_emploi(self) -> dict[str, str]:
        return dict.fromkeys(self._codes(TREATED, "commune"), "9999")

    def epci(self) -> dict[str, str]:
        return dict(zip(self._codes(TREATED, "commune"), self._codes({EPCI: 0.0}, "epci"), strict=False))

    def noms(self) -> dict[str, str]:
        return {}

    def sommes(self) -> dict[str, str]:
        return {"urssaf_emploi": "abc"}

    def verifier(self, sources: object) -> None:
        pass

    def _codes(self, levels: Mapping[str, float], kind: str) -> list[str]:
        digit = "2" if kind == "epci" else "1"
        return [f"{digit}{rank:02d}{each:02d}" for rank in range(len(levels)) for each in range(self._donors)]

    def _panel(
        self,
        source: str,
        unit: str,
        years: range,
        levels: Mapping[str, float],
        kind: str,
        effects: Mapping[str, float],
    ) -> Panel:
        draw = np.random.default_rng(len(source))
        rows: dict[str, Array] = {}
        codes = iter(self._codes(levels, kind))
        for zone, level in levels.items():
            walks = draw.normal(0, 0.03, (self._donors + 1, len(years))).cumsum(axis=1)
            walks[0] *= 0.3  # inside the hull of its donors
            starts = np.log(level) + np.append(0.0, draw.uniform(-0.1, 0.1, self._donors))
            values = np.exp(starts[:, None] + walks)
            values[0] *= np.exp([effects.get(zone, 0.0) if year > 2016 else 0.0 for year in years])
            rows |= {zone: values[0]} | {next(codes): value for value in values[1:]}
        panel = Panel(source, source, unit, tuple(rows), tuple(years), np.array(list(rows.values())))
        return self._change.get(source, lambda same: same)(panel)


def planificateur(
    change: Mapping[str, Callable[[Panel], Panel]] | None = None,
    protocole: Protocole | None = None,
    donors: int = DONORS,
) -> Planificateur:
    """The plans of the real protocol on the invented country."""
    frozen = protocole or load_protocole(Project.here())
    quick = replace(frozen, inference={**frozen.inference, "tirages": 499, "tirages_taille": 20})
    return Planificateur(quick, Monde(change, donors), load_register(Project.here()))


def put(zone: str, year: int, value: float) -> Callable[[Panel], Panel]:
    """A panel with one value changed, where it has the zone."""

    def change(panel: Panel) -> Panel:
        if zone not in panel:
            return panel
        values = panel.values.copy()
        values[panel.zones.index(zone), panel.periods.index(year)] = value
        return replace(panel, values=values)

    return change


def without(zone: str) -> Callable[[Panel], Panel]:
    """A panel that lacks a zone."""
    return lambda panel: panel.of([one for one in panel.zones if one != zone])


def merged(zone: str, year: int) -> Callable[[Panel], Panel]:
    """A panel where a zone changes its outline."""
    note = Break(year, zone, "fusion", f"commune nouvelle au 1er janvier {year}")
    return lambda panel: replace(panel, breaks=(*panel.breaks, note))
