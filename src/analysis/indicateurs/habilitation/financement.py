"""What a candidate's jobs would be paid, payer by payer and year by year, under each rate that the law has
had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.indicateurs.habilitation.examen import taux_vote
from analysis.indicateurs.habilitation.records import Baisse, Dossier, Emplois, Versement
from analysis.noyau.french import decimal

ETAT, DEPARTEMENT, AUTRES, AMORCAGE = "etat", "departement", "collectivites", "amorcage"


@dataclass(frozen=True)
class Taux:
    """A rate that the law has had: the State's share of the gross Smic, the département's share of the
    State's.
    """

    etat: float
    departement: float

    @property
    def nom(self) -> str:
        """Its name on a page.

        >>> Taux(1.02, 0.15).nom
        '102 % + 15 %'
        """
        return f"{decimal(100 * self.etat, 1)} % + {decimal(100 * self.departement, 1)} %"


def taux_connus(rows: Iterable[Mapping[str, str]]) -> tuple[Taux, ...]:
    """The distinct rates of ``taux_contribution.csv``, in their order."""
    return tuple(dict.fromkeys(Taux(float(row["cde_etat"]), float(row["cde_departement"])) for row in rows))


@dataclass(frozen=True)
class Smic:
    """The gross Smic of a full year's work by year, in euros; the last known year stands for later ones."""

    annuels: Mapping[int, float]

    def annuel(self, annee: int) -> float:
        return self.annuels[max(min(annee, max(self.annuels)), min(self.annuels))]


def baisses(taux: Sequence[Taux], smic: Smic) -> tuple[Baisse, ...]:
    """What passing from the highest rate with a compulsory département's share to the lowest one takes from
    an ETP.

    One row for each year of a known Smic; empty where no two such rates are known. With s the gross annual
    Smic, e the State's rate and d the département's share of it: s × (e′ − e) and s × (e′d′ − ed).
    """
    compulsory = [rate for rate in taux if rate.departement > 0]
    if len(compulsory) < 2:
        return ()
    before, after = max(compulsory, key=lambda t: t.etat), min(compulsory, key=lambda t: t.etat)
    return tuple(
        Baisse(
            annee,
            before.nom,
            after.nom,
            annuel * (after.etat - before.etat),
            annuel * (after.etat * after.departement - before.etat * before.departement),
        )
        for annee, annuel in smic.annuels.items()
    )


def verser(dossier: Dossier, taux: Sequence[Taux], smic: Smic, *, amorcage: float) -> tuple[Versement, ...]:
    """What each payer would pay of the planned jobs, each year and under each rate, in euros.

    Where the département voted more than its compulsory share, its vote counts; where nothing is compulsory
    and nothing was voted it has no row, and neither have other authorities that voted no amount: what nobody
    said is no zero. ``amorcage`` is the most that the start-up grant may be, as a share of the annual Smic,
    by ETP more than the year before.
    """
    return tuple(
        payment
        for rate in taux
        for before, emplois in zip((None, *dossier.emplois), dossier.emplois, strict=False)
        for payment in _of_year(dossier, rate, before, emplois, smic.annuel(emplois.annee), amorcage)
    )


def _of_year(
    dossier: Dossier, rate: Taux, before: Emplois | None, emplois: Emplois, annuel: float, amorcage: float
) -> Iterator[Versement]:
    state = rate.etat * annuel * emplois.etp
    voted = taux_vote(dossier)
    others = [d.montant for d in dossier.deliberations if d.favorable and d.montant is not None]
    is_told = rate.departement > 0 or voted is not None
    net = max(0.0, emplois.etp - (before.etp if before else 0.0))
    for payeur, montant in (
        (ETAT, state),
        *([(DEPARTEMENT, max(rate.departement, voted or 0.0) * state)] if is_told else []),
        *([(AUTRES, sum(others))] if others else []),
        (AMORCAGE, amorcage * annuel * net),
    ):
        yield Versement(rate.nom, emplois.annee, payeur, round(montant, 2), emplois.etp)
