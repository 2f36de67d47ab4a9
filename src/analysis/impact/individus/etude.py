"""The whole study of a comparison file: who is compared, how alike they are, what it changed, how sure that
is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from analysis.impact.individus.biais_cache import valeurs_e
from analysis.impact.individus.caracteristiques import Equilibre, equilibre, matrice
from analysis.impact.individus.estimation import (
    Effet,
    aipw,
    appariement,
    brut,
    ipw,
    poids,
    propension,
    support,
)
from analysis.impact.individus.fichier import (
    COMPARAISON,
    EBE,
    FEWEST,
    HORIZONS,
    HORS_EBE,
    RESULTATS,
    Individus,
    NonEstimable,
)


@dataclass(frozen=True)
class Horizon:
    """What is told of one outcome at one horizon: the effects by method, or why there are none.

    ``en_emploi`` counts those hired who have the outcome. ``biais_cache`` are the E-values of the effect by
    weighting and regression and of its nearest bound.
    """

    resultat: str
    horizon: int
    en_emploi: int = 0
    effets: tuple[Effet, ...] = ()
    biais_cache: tuple[float, float] | None = None
    motif: str = ""

    def __post_init__(self) -> None:
        if bool(self.effets) == bool(self.motif):
            raise ValueError("effects, or the reason why there are none")

    @property
    def central(self) -> Effet:
        """The effect that is told first: by weighting and regression together."""
        return next(effet for effet in self.effets if effet.methode == "aipw")


@dataclass(frozen=True)
class EtudeIndividus:
    """A comparison of individuals; counts of people by group, as received, as compared, as followed.

    ``suivis`` is by group and horizon, among those who are compared.
    """

    periode: str
    recus: Mapping[str, int]
    compares: Mapping[str, int]
    suivis: Mapping[tuple[str, int], int]
    equilibre: tuple[Equilibre, ...]
    horizons: tuple[Horizon, ...]


def etudier(individus: Individus) -> EtudeIndividus:
    """The study of a comparison file.

    Who is compared is settled once, on what is known before any outcome. Raises NonEstimable where a
    characteristic separates the groups, or where too few people of one are left to compare.
    """
    groups = (EBE, COMPARAISON)
    score = propension(individus.traites, matrice(individus)[1])
    kept = support(individus.traites, score)
    compared = Individus(individus.table[kept].reset_index(drop=True))
    if min(map(compared.compte, groups)) < FEWEST:
        raise NonEstimable(f"moins de {FEWEST} personnes comparables dans l'un des groupes")
    again = propension(compared.traites, matrice(compared)[1])
    followed = {horizon: compared.suivis(horizon) for horizon in HORIZONS}
    return EtudeIndividus(
        periode=individus.periode,
        recus={group: individus.compte(group) for group in groups},
        compares={group: compared.compte(group) for group in groups},
        suivis={(group, h): people.compte(group) for h, people in followed.items() for group in groups},
        equilibre=equilibre(compared, poids(compared.traites, again)),
        horizons=tuple(found for h, people in followed.items() for found in _horizons(people, h)),
    )


def _horizons(individus: Individus, horizon: int) -> Iterator[Horizon]:
    """What one horizon says of each outcome, on people whose situation is known."""
    if min(individus.compte(EBE), individus.compte(COMPARAISON)) < FEWEST:
        motif = f"moins de {FEWEST} personnes dont la situation est connue dans l'un des groupes"
        yield from (Horizon(resultat, horizon, motif=motif) for resultat in RESULTATS)
        return
    treated, (_, columns) = individus.traites, matrice(individus)
    try:
        score = propension(treated, columns)
    except NonEstimable as error:
        yield from (Horizon(resultat, horizon, motif=str(error)) for resultat in RESULTATS)
        return
    for resultat in RESULTATS:
        outcome = individus.emploi(horizon, hors_ebe=resultat == HORS_EBE)
        effets = (
            brut(outcome, treated),
            ipw(outcome, treated, columns, score),
            aipw(outcome, treated, columns, score),
            appariement(outcome, treated, score),
        )
        found = Horizon(resultat, horizon, int(outcome[treated].sum()), effets)
        yield replace(found, biais_cache=valeurs_e(found.central))
