"""The records of the follow-up: what is known of a territory, the rules of alerts, what they find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from analysis.noyau.mesures import Etat
from analysis.noyau.periods import Period

CHAPITRE: Final = "territoires_suivis"
"""The code of the chapter on the territories that are followed."""

Quantite = Literal["etp", "etp_prevus", "effectif", "attente", "resultat", "cle", "depot"]
CodeAlerte = Literal[
    "depot_en_retard",
    "etp_sous_plan",
    "attente_en_hausse",
    "resultat_negatif",
    "cle_silencieux",
    "regime_finissant",
]
EtatAlerte = Literal["levee", "tue", "calme", "secret", "non_evaluee"]

ETATS: Final[dict[EtatAlerte, str]] = {
    "levee": "levée",
    "tue": "levée, mise en silence",
    "calme": "pas d'alerte",
    "secret": "secret",
    "non_evaluee": "non évalué",
}
"""What an alert may be, the gravest first, as a page says it."""


@dataclass(frozen=True)
class Releve:
    """A quantity of a territory at a period; ``de`` is the EBE where a territory has several.

    No value where it is withheld or missing (``etat``); a meeting or a deposit has none either, for its day
    is what counts. ``chiffre`` is its number in the register, None for what was deposited or is invented.

    Raises ValueError for a value that is withheld, and for a quantity without a value that should have one.
    """

    quantite: Quantite
    periode: str
    valeur: float | None = None
    etat: Etat = "calculee"
    de: str = ""
    chiffre: int | None = None

    def __post_init__(self) -> None:
        is_day = self.quantite in ("cle", "depot")
        if (self.valeur is None) != (is_day or self.etat != "calculee"):
            raise ValueError(f"{self.quantite}, {self.periode}: {self.etat}, and {self.valeur} for a value")

    @property
    def end(self) -> date:
        return Period(self.periode).end


@dataclass(frozen=True)
class TerritoireSuivi:
    """A territory that is followed, and what is known of it: by quantity, in the order of the periods.

    ``date_sure``: the source prints the date of the habilitation. ``chiffre`` is the number in the register
    of the list that names it. Without a longitude and a latitude it has no place on the map.
    """

    code: str
    nom: str
    departement: str
    date_habilitation: str
    date_sure: bool
    chiffre: int | None
    longitude: float | None = None
    latitude: float | None = None
    releves: Mapping[Quantite, tuple[Releve, ...]] = field(default_factory=dict)

    def of(self, quantite: Quantite) -> tuple[Releve, ...]:
        return self.releves.get(quantite, ())

    def known(self, quantite: Quantite) -> tuple[Releve, ...]:
        """What is known of a quantity and not withheld."""
        return tuple(r for r in self.of(quantite) if r.etat == "calculee")


@dataclass(frozen=True)
class Regle:
    """A rule of alert: what it looks at, its threshold, what it says; a row of ``alertes.csv``."""

    alerte: CodeAlerte
    libelle: str
    quantite: str
    seuil: float
    unite: str
    regle: str


@dataclass(frozen=True)
class Silence:
    """An alert of a territory that is kept silent until a day, with the reason and who said so."""

    territoire: str
    alerte: str
    jusqu_au: date
    motif: str
    pose_le: date
    par: str

    def holds(self, jour: date) -> bool:
        """Whether it still holds that day: the alert comes back on the day after ``jusqu_au``."""
        return self.pose_le <= jour <= self.jusqu_au


@dataclass(frozen=True)
class Alerte:
    """What a rule finds of a territory: its state, and the clause of French that says on what."""

    alerte: CodeAlerte
    etat: EtatAlerte
    dit: str


@dataclass(frozen=True)
class Ligne:
    """A territory with its alerts, one for each rule, in the order of the rules."""

    territoire: TerritoireSuivi
    alertes: tuple[Alerte, ...]

    @property
    def levees(self) -> tuple[Alerte, ...]:
        return tuple(alerte for alerte in self.alertes if alerte.etat == "levee")


@dataclass(frozen=True)
class Suivis:
    """All that the follow-up shows, on a day.

    ``annonces`` are the numbers of the register that say how many territories there are; ``silences`` those
    that hold, or held.
    """

    jour: date
    regles: tuple[Regle, ...]
    lignes: tuple[Ligne, ...]
    silences: tuple[Silence, ...]
    annonces: tuple[int, ...] = ()
