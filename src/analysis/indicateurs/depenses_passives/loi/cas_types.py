"""A case type: one household whose member without a job may be hired by an EBE."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Final

from analysis.noyau.errors import BilanError

MENAGES: Final = {"seule": 1, "monoparentale": 1, "couple": 2, "couple_enfants": 2}
"""Adults of each household; those of one adult with children are a lone parent's."""

LOGEMENTS: Final = ("locataire_prive", "locataire_social", "proprietaire", "heberge")
ZONES: Final = ("1", "2", "3")
RESSOURCES: Final = ("rsa", "ass", "aah", "are", "aucune")
PREMIER_MOIS: Final = "2016-01"
DERNIER_MOIS: Final = "2026-12"
"""Hires whose legislation was checked against published amounts; after the last month that the model knows,
its last values are kept."""


_MOIS: Final = frozenset(
    f"{year}-{month:02}"
    for year in range(int(PREMIER_MOIS[:4]), int(DERNIER_MOIS[:4]) + 1)
    for month in range(1, 13)
)


class CasRefuse(BilanError):
    """A case type that is no household of the study: every fault at once, in French, with the case named."""

    def __init__(self, cas: str, faults: Iterable[str]) -> None:
        super().__init__(f"Cas type « {cas} » refusé : {' ; '.join(faults)}.")


@dataclass(frozen=True, order=True)
class CasType:
    """One household, before and after the hire of its member without a job.

    Fields: ``cas`` the name that messages use; ``menage`` and ``enfants`` (children of 6 to 11 years);
    ``logement``, ``loyer`` (euros a month, charges excluded, 0 for an owner or a person who is housed) and
    ``zone`` of the housing aid; ``ressource`` what the person lived on; ``are_jour`` (gross euros a day, only
    with ``are``); ``conjoint`` (gross wage of the partner, euros a month); ``quotite`` (0 < q <= 1);
    ``salaire`` (hourly pay in hourly SMIC, at least 1); ``embauche`` (month of hire, from the 1st).

    Raises CasRefuse with every fault: a negative rent, an unknown zone, a quotité of 0 or 1.4, an unknown
    resource, a month before 2016…

    Example:
        >>> from dataclasses import replace
        >>> cas = CasType("exemple", "seule", 0, "locataire_prive", 350.0, "2", "rsa", embauche="2019-04")
        >>> replace(cas, cas="autre").situation_key() == cas.situation_key()
        True
    """

    cas: str
    menage: str
    enfants: int
    logement: str
    loyer: float
    zone: str
    ressource: str
    are_jour: float = 0.0
    conjoint: float = 0.0
    quotite: float = 1.0
    salaire: float = 1.0
    embauche: str = "2019-01"

    def __post_init__(self) -> None:
        faults = [*self._household_faults(), *self._work_faults()]
        if faults:
            raise CasRefuse(self.cas, faults)

    def situation_key(self) -> str:
        """The checksum of all that the amounts depend on: the name is not part of it."""
        content = {name: value for name, value in asdict(self).items() if name != "cas"}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def _household_faults(self) -> Iterable[str]:
        for column, allowed in (("menage", MENAGES), ("logement", LOGEMENTS), ("zone", ZONES)):
            if getattr(self, column) not in allowed:
                yield f"{column} « {getattr(self, column)} » inconnu, attendu {', '.join(allowed)}"
        has_children = self.menage in ("monoparentale", "couple_enfants")
        if self.menage in MENAGES and not (1 <= self.enfants <= 10 if has_children else self.enfants == 0):
            wanted = "de 1 à 10" if has_children else "aucun"
            yield f"enfants {self.enfants} pour un ménage « {self.menage} », attendu {wanted}"
        if not 0 <= self.loyer <= 3000:
            yield f"loyer {self.loyer:g} €, attendu de 0 à 3000 € par mois"
        elif self.logement in ("proprietaire", "heberge") and self.loyer:
            yield f"loyer {self.loyer:g} € pour un logement « {self.logement} », attendu 0"
        if not 0 <= self.conjoint <= 20000 or (self.conjoint and MENAGES.get(self.menage) == 1):
            yield f"salaire du conjoint {self.conjoint:g} €, attendu de 0 à 20000 €, et 0 sans conjoint"

    def _work_faults(self) -> Iterable[str]:
        if self.ressource not in RESSOURCES:
            yield f"ressource « {self.ressource} » inconnue, attendu {', '.join(RESSOURCES)}"
        if not (0 < self.are_jour <= 300 if self.ressource == "are" else self.are_jour == 0):
            yield f"ARE de {self.are_jour:g} € par jour avec la ressource « {self.ressource} »"
        if not 0 < self.quotite <= 1:
            yield f"quotité {self.quotite:g}, attendu plus de 0 et au plus 1"
        if not 1 <= self.salaire <= 5:
            yield f"salaire horaire de {self.salaire:g} Smic, attendu de 1 à 5"
        if self.embauche not in _MOIS:
            yield f"mois d'embauche « {self.embauche} », attendu de {PREMIER_MOIS} à {DERNIER_MOIS}"


def from_row(row: Mapping[str, str]) -> CasType:
    """A case type from a written row; an empty cell of an optional column keeps its default.

    Raises CasRefuse where a number cannot be read, with the case named.
    """
    typed: dict[str, object] = {}
    faults = []
    kinds = {"float": float, "int": int, "str": str}
    for field in fields(CasType):
        text = row.get(field.name, "")
        if text == "" and field.name not in (
            "cas",
            "menage",
            "enfants",
            "logement",
            "loyer",
            "zone",
            "ressource",
        ):
            continue
        try:
            typed[field.name] = kinds[str(field.type)](text)
        except ValueError:
            faults.append(f"{field.name} « {text} », attendu un nombre")
    if faults:
        raise CasRefuse(row.get("cas", ""), faults)
    return CasType(**typed)  # type: ignore[arg-type]
