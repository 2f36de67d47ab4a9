"""Protocol × panels: for a territory and an outcome, its series, those it is compared with, and the years.

Knows who is compared with whom; computes no gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from math import log

import numpy as np

from analysis.impact.effectifs_ebe import Effectif, dernier, en_fin_d_annee, publies
from analysis.impact.protocole import Protocole, Resultat, Traite
from analysis.noyau.errors import BilanError
from analysis.noyau.french import decimal
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.sources.ouvertes.lecture import Ouvertes
from analysis.sources.ouvertes.panels import Array, Panel
from analysis.sources.register import Register

FIN_PHASE_1 = date(2021, 12, 31)
"""The staff of an EBE that a result is held against is the last published by then."""


class Quartier(BilanError):
    """The EBE weighs too little in the zone of the series: no effect is estimated."""


@dataclass(frozen=True, eq=False)
class Semblables:
    """The zones of like size that a territory's zone can be held against, and nothing of its years after.

    ``niveau`` is its level in the last year before; ``donneurs`` (J, T) are levels in the outcome's unit, all
    present; ``zones`` name them, nearest in size first; ``tailles`` (J,) and ``taille`` are sizes in the last
    year before; ``avant`` years come first.
    """

    traite: Traite
    resultat: Resultat
    annees: tuple[int, ...]
    avant: int
    niveau: float
    zones: tuple[str, ...]
    donneurs: Array
    taille: float
    tailles: Array

    def echelle(self, values: Array) -> Array:
        """Levels on the scale where gaps are taken."""
        return np.log(values) if self.resultat.echelle == "log" else values

    def horizons(self, named: Mapping[str, tuple[int, int]]) -> dict[str, slice]:
        """The years of each horizon « 2017/2020 » that the series reaches, as a slice of them; main first."""
        found = {}
        for first, last in named.values():
            kept = [rank for rank, annee in enumerate(self.annees) if first <= annee <= last]
            if kept:
                found[f"{self.annees[kept[0]]}/{self.annees[kept[-1]]}"] = slice(kept[0], kept[-1] + 1)
        return found


@dataclass(frozen=True, eq=False)
class Plan(Semblables):
    """A territory and an outcome, ready to be compared.

    ``serie`` (T,) are its levels in the outcome's unit, all present. ``effectifs`` (T, 2) bounds the staff of
    the EBE at the end of each year, where the outcome takes it out.
    """

    serie: Array
    effectifs: Array | None = None


class Planificateur:
    """Makes plans from a protocol, the open data and the register."""

    def __init__(self, protocole: Protocole, ouvertes: Ouvertes, register: Register) -> None:
        self.protocole, self.ouvertes, self.register = protocole, ouvertes, register

    def plan(self, territoire: str, resultat: str) -> Plan:
        """The plan of a territory and an outcome.

        Raises BilanError, one French sentence naming the territory or the file, where there is no series, a
        value is missing or withheld, the zone changed its outline, no year precedes, or too few places can be
        compared with; `Quartier` where the EBE is a sliver of its zone.
        """
        treated, outcome = self.protocole.traite(territoire), self.protocole.resultat(resultat)
        nom = self.nom(territoire)
        panel, _ = self._fenetre(nom, treated, outcome)
        serie = _serie(nom, treated, outcome, panel, self.ouvertes.cartes[panel.source].titre)
        self._refuse_sliver(nom, treated, outcome)
        like = self.semblables(territoire, resultat)
        staff = self._effectifs(nom, treated, panel.periods) if outcome.hors_ebe else None
        known = {one.name: getattr(like, one.name) for one in fields(Semblables)}
        return Plan(**known, serie=serie, effectifs=staff)

    def semblables(self, territoire: str, resultat: str) -> Semblables:
        """The zones of like size of a territory and an outcome.

        Raises BilanError where no year precedes or fewer zones are alike than the protocol wants.
        """
        treated, outcome = self.protocole.traite(territoire), self.protocole.resultat(resultat)
        nom, rule = self.nom(territoire), self.protocole.comparaison
        panel, before = self._fenetre(nom, treated, outcome)
        size, sizes = self._tailles(treated, outcome, panel, before)
        near = self._semblables(treated, outcome, panel, size, sizes)
        if len(near) < rule["minimum"]:
            raise BilanError(
                f"{nom} : {len(near) or 'aucune'} {'zones' if len(near) > 1 else 'zone'} de comparaison pour "
                f"« {outcome.libelle} », le protocole en veut "
                f"{rule['minimum']} au moins."
            )
        return Semblables(
            treated,
            outcome,
            panel.periods,
            before,
            float(panel.of(treated.zones).values[:, before - 1].sum()),
            tuple(near),
            panel.of(near).values,
            size,
            np.array([sizes[zone] for zone in near]),
        )

    def _fenetre(self, nom: str, treated: Traite, outcome: Resultat) -> tuple[Panel, int]:
        """The years of the panel that the protocol studies, and how many precede; BilanError if none does."""
        panel = self._panel(treated, outcome)
        years = [a for a in panel.periods if outcome.premiere_annee <= a <= outcome.derniere_annee]
        before = sum(annee < treated.debut for annee in years)
        if not before:
            raise BilanError(f"{nom} : aucune année d'avant {treated.debut} pour « {outcome.libelle} ».")
        return panel.between(years[0], years[-1]), before

    def nom(self, territoire: str) -> str:
        return self.register.territoire(territoire).nom

    def effectif(self, territoire: str) -> Effectif | None:
        """The staff of a territory's EBE that results are held against, None where nobody published it."""
        return dernier(publies(self.register, territoire), FIN_PHASE_1)

    def _panel(self, treated: Traite, outcome: Resultat) -> Panel:
        readers: dict[str, Callable[[], Panel]] = {
            "urssaf_emploi": lambda: self.ouvertes.emploi(
                "epci" if treated.zone_type == "epci" else "commune"
            ),
            "dares_inscrits": self.ouvertes.inscrits,
            "inscrits_anciennete": self.ouvertes.anciennete,
            "filosofi": lambda: self.ouvertes.filosofi("TP60"),
        }
        return readers[outcome.source]()

    def _refuse_sliver(self, nom: str, treated: Traite, outcome: Resultat) -> None:
        """Refuse a quarter whose EBE weighs too little in the jobs of its zone for any effect to be seen."""
        found = self.effectif(treated.territoire)
        if not treated.quartier or found is None or found.haut is None:
            return
        panel = self.ouvertes.emploi("commune").of(treated.zones)
        jobs = float(panel.values[:, panel.periods.index(treated.debut - 1)].sum())
        if found.haut / jobs < self.protocole.part_minimale:
            raise Quartier(
                f"{nom} : l'expérimentation n'occupe qu'une partie de la ville ; "
                f"{decimal(found.haut, 0)} salariés de l'EBE pour {decimal(jobs, 0)} emplois privés dans la "
                f"zone de la série, aucun effet plausible ne s'y verrait sur « {outcome.libelle} »."
            )

    def _tailles(
        self, treated: Traite, outcome: Resultat, panel: Panel, before: int
    ) -> tuple[float, dict[str, float]]:
        """The size of the treated zones and of each zone in the last year before."""
        year = panel.periods[before - 1]
        by = panel if outcome.taille == "niveau" else self.ouvertes.filosofi("NBPERSMENFISC")
        sizes = dict(zip(by.zones, by.values[:, by.periods.index(year)].tolist(), strict=True))
        return sum(sizes[zone] for zone in treated.zones), sizes

    def _semblables(
        self, treated: Traite, outcome: Resultat, panel: Panel, size: float, sizes: Mapping[str, float]
    ) -> list[str]:
        """The zones that the protocol allows to compare with, nearest in size first, then by code."""
        rule, kind = self.protocole.comparaison, "epci" if treated.zone_type == "epci" else "commune"
        merged = {
            b.zone for b in panel.breaks if b.nature == "fusion" and b.period in panel.periods and b.zone
        }
        least = rule["taille_minimale_emplois"] if outcome.unite == "emplois" else 0.0
        present = np.isfinite(panel.values) & (panel.values > 0)
        whole = {zone: bool(present[rank].all()) for rank, zone in enumerate(panel.zones)}
        far = {}
        for zone in panel.zones:
            own = sizes.get(zone, np.nan)
            if (
                not whole[zone]
                or not own >= max(least, 1e-9)
                or zone in merged
                or not self._admise(zone, kind)
            ):
                continue
            apart = abs(log(own / size))
            if apart <= log(outcome.rapport_taille) + 1e-12:
                far[zone] = apart
        return sorted(far, key=lambda zone: (far[zone], zone))

    def _admise(self, zone: str, kind: str) -> bool:
        """A zone that the protocol does not exclude: near a territory, overseas, whereabouts unknown."""
        rule = self.protocole.comparaison
        places = self._zones_emploi[kind].get(zone, frozenset())
        if not places or zone in rule["exclure_zones"] or zone[:3] in rule["exclure_departements"]:
            return False
        return not places & self._traitees

    @cached_property
    def _traitees(self) -> frozenset[str]:
        """The zones d'emploi of the territories."""
        communes = (c for t in self.register.territoires for c in t.communes)
        return frozenset(c.zone_emploi for c in communes)

    @cached_property
    def _zones_emploi(self) -> dict[str, dict[str, frozenset[str]]]:
        """The zones d'emploi that a commune or an EPCI touches; an EPCI overseas touches none."""
        by_commune = self.ouvertes.zones_emploi()
        out = tuple(self.protocole.comparaison["exclure_departements"])
        metropolitan = {c: ze for c, ze in by_commune.items() if not c.startswith(out)}
        touched: dict[str, set[str]] = {}
        for commune, epci in self.ouvertes.epci().items():
            if commune in metropolitan:
                touched.setdefault(epci, set()).add(metropolitan[commune])
        return {
            "commune": {commune: frozenset({ze}) for commune, ze in metropolitan.items()},
            "epci": {epci: frozenset(zes) for epci, zes in touched.items()},
        }

    def _effectifs(self, nom: str, treated: Traite, years: tuple[int, ...]) -> Array:
        opening = Period(treated.ouverture).bounds[0]
        found = publies(self.register, treated.territoire)
        bounds = [en_fin_d_annee(found, opening, year) for year in years]
        unknown = [year for year, bound in zip(years, bounds, strict=True) if bound is None]
        if unknown:
            raise BilanError(
                f"{nom} : l'effectif de l'EBE à la fin de {unknown[0]} n'est pas borné par ce qui est "
                "publié ; il ne peut pas être ôté de l'emploi."
            )
        return np.array(bounds, dtype=float)


def _serie(nom: str, treated: Traite, outcome: Resultat, panel: Panel, source: str) -> Array:
    """The series of the treated zones together; raises BilanError where it is not whole."""
    absent = [zone for zone in treated.zones if zone not in panel]
    if absent:
        raise BilanError(
            f"{nom} : la source « {source} » n'a aucune série de la zone {absent[0]} ({treated.zone_nom})."
        )
    if len(treated.zones) > 1 and outcome.echelle == "niveau":
        raise BilanError(
            f"{nom} : « {outcome.libelle} » est un taux, celui de plusieurs zones ne s'additionne pas."
        )
    for zone in treated.zones:
        merged = [
            b for b in panel.breaks if (b.zone, b.nature) == (zone, "fusion") and b.period in panel.periods
        ]
        if merged:
            raise BilanError(
                f"{nom} : la zone {zone} change de contour en {merged[0].period} ({merged[0].note})"
            )
        values = panel.serie(zone)
        missing = [year for year, value in zip(panel.periods, values, strict=True) if not np.isfinite(value)]
        if missing:
            raise BilanError(
                f"{nom} : « {outcome.libelle} » de la zone {zone} est secret ou absent en {missing[0]} dans "
                f"la source « {source} »."
            )
    total = panel.of(treated.zones).values.sum(axis=0)
    if outcome.echelle == "log" and (total <= 0).any():
        raise BilanError(f"{nom} : « {outcome.libelle} » est nul une année, son logarithme n'existe pas.")
    return np.asarray(total)


def territoires(protocole: Protocole, register: Register) -> list[Territoire]:
    """The territories of the protocol, in the order of the register."""
    return [t for t in register.territoires if t.code in protocole.territoires]
