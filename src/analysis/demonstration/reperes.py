"""The published figures on which the invented territories are calibrated, and what is assumed beside them.

A :class:`Repere` names its figures by their number in the register (column ``numero`` of the published
figures). A constant without a number is a demonstration assumption, and says so (« hypothèse de
démonstration »): it makes the invented data plausible and must never be quoted as a fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True)
class Repere:
    """A published figure to come near to: its value, its unit, its numbers in the register, its margin.

    ``tolerance`` is relative; it covers the chance of one drawing and, where two sources differ, the gap
    between them.
    """

    valeur: float
    unite: str
    numeros: tuple[int, ...]
    tolerance: float


REPERES: Final[dict[str, Repere]] = {
    "volontaires_juin_2018": Repere(1711, "personnes", (273,), 0.05),
    "embauches_fin_2018": Repere(772, "personnes", (305,), 0.05),
    "embauches_juillet_2019": Repere(838, "personnes", (306,), 0.05),
    "embauches_fin_2019": Repere(900, "personnes", (307,), 0.05),
    "embauches_septembre_2020": Repere(1000, "personnes", (313,), 0.05),
    "departs_fin_2019": Repere(100, "personnes", (278,), 0.30),
    "effectif_juin_2021": Repere(873, "personnes", (304,), 0.05),
    "sorties_autre_emploi": Repere(500, "personnes", (277,), 0.20),
    "duree_moyenne_privation": Repere(54, "mois", (279, 281, 282), 0.07),
    "age_moyen": Repere(44, "ans", (283,), 0.03),
    "part_50_ans_et_plus": Repere(0.333, "fraction", (284,), 0.15),
    "part_travailleurs_handicapes": Repere(0.29, "fraction", (285, 286), 0.15),
    "part_niveau_bep_ou_moins": Repere(0.48, "fraction", (287,), 0.10),
    "part_niveau_infra_cap_bep": Repere(0.23, "fraction", (419,), 0.18),
    "part_niveau_superieur_bac": Repere(0.20, "fraction", (420,), 0.19),
    "part_rsa_ou_aah": Repere(0.35, "fraction", (423, 425), 0.13),
    "part_temps_plein": Repere(0.80, "fraction", (54,), 0.06),
    "ventes_etp_an": Repere(4781, "euros_etp_an", (440,), 0.15),
    "cde_etat_etp_2020": Repere(17549, "euros_etp_an", (337,), 0.01),
    "cout_brut_etp_an": Repere(26000, "euros_etp_an", (361,), 0.12),
}
"""What the ten invented territories together come near to.

Margins: 5 % where the drawing is stratified; three standard deviations for a count of a hundred (« environ
100 » departures) and for the shares and means over the thousand people hired; 12 to 20 % where nine EBE or an
exit from the queue decide. RQTH stands between one in three (285) and a quarter (286). Figures 419, 420,
423, 425 and 440 are of the second phase, 54 of one EBE: no published figure of the first ten was found.
"""

VOLONTAIRES: Final = (
    (date(2016, 3, 1), 0.0),
    (date(2016, 11, 24), 0.45),
    (date(2018, 6, 30), 0.8555),
    (date(2021, 3, 31), 1.0),
)
"""Share of all volunteers known at a date: 1,711 of 2,000 at mid-2018 (273, 270); the others are a
hypothèse de démonstration."""

EMBAUCHES: Final = (
    (date(2017, 1, 1), 0.0),
    (date(2018, 6, 15), 625 / 1062),
    (date(2018, 12, 31), 772 / 1062),
    (date(2019, 7, 15), 838 / 1062),
    (date(2019, 12, 1), 900 / 1062),
    (date(2020, 9, 15), 1000 / 1062),
    (date(2021, 6, 30), 1.0),
)
"""Share of all hires made at a date: figures 308, 305, 306, 307, 313; the total of 1,062 is the staff of
June 2021 (304) plus the departures that :data:`DEPARTS_PAR_AN` gives (hypothèse de démonstration)."""

PART_VOLONTAIRES: Final = 0.91
"""Volunteers among the people met: 2,000 (270) of the people of the ten (hypothèse de démonstration)."""

PART_EMBAUCHES: Final = 0.52
"""Hires over people met where an EBE is open: 1,062 over some 2,040 (hypothèse de démonstration)."""

DEPARTS_PAR_AN: Final = 0.067
"""Yearly hazard of leaving an EBE: 100 departures (278) over the 1,500 years of work before December 2019
that the curve of hires gives."""

ATTENTE_MOYENNE: Final = 1600.0
"""Mean days before a volunteer who is not hired leaves the queue, so that some 500 people go to another job
(277) (hypothèse de démonstration)."""

SMIC: Final = {2016: 9.67, 2017: 9.76, 2018: 9.88, 2019: 10.03, 2020: 10.15, 2021: 10.25}
"""Gross hourly minimum wage in euros by year. 2016: 10.93 / 113 % (335, 334); 2017: 348; 2020: 17,549 /
95 % / 1,820 hours (337, 321); 2021: 10.46 / 102 % (336, 322); 2018 and 2019 are not in the register
(hypothèse de démonstration). The last year known holds after it."""

TAUX_CDE: Final = {2017: 1.01, 2018: 1.01, 2019: 0.95, 2020: 0.95, 2021: 0.95}
"""The State's contribution over the minimum wage, by year: 317, 319, 320, 321; the first half of 2021 keeps
the rate of 2020 (hypothèse de démonstration). The last year known holds after it."""

HEURES_PAR_AN: Final = 1820
"""Paid hours of a full-time year (35 hours, 52 weeks): 17,549 € (337) = 95 % (321) of 10.15 € × 1,820."""

HEURES_PAR_MOIS: Final = HEURES_PAR_AN / 12

VENTES_ETP_AN: Final = REPERES["ventes_etp_an"].valeur

PART_ENCADREMENT: Final = 0.08
"""Management ETP over PPDE ETP; the ceiling of 2021 is 10 % (347) (hypothèse de démonstration)."""


def smic(year: int) -> float:
    """Gross hourly minimum wage of a year in euros: :data:`SMIC`.

    >>> smic(2017), smic(2030)
    (9.76, 10.25)
    """
    return SMIC[min(max(year, min(SMIC)), max(SMIC))]


def cde_etat_etp_an(year: int) -> float:
    """The State's contribution for one ETP over a whole year, in euros: rate × minimum wage × hours.

    >>> round(cde_etat_etp_an(2020))
    17549
    """
    rate = TAUX_CDE[min(max(year, min(TAUX_CDE)), max(TAUX_CDE))]
    return rate * smic(year) * HEURES_PAR_AN
