"""What an estimator refuses, and what it warns of: each with its sentence for readers."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from analysis.noyau.errors import BilanError

Array = npt.NDArray[np.float64]
"""Numbers; the docstring of each function says the shape."""

LEAST_DONORS = 2
"""With one donor there is nobody to compare the comparison with."""


class Motif(StrEnum):
    """Why an estimate is refused; `phrase` says it to a reader."""

    UN_DONNEUR = "un_donneur"
    SANS_AVANT = "sans_avant"
    SANS_APRES = "sans_apres"
    MANQUANT = "manquant"
    CONSTANTE = "constante"
    FORME = "forme"
    HORS_ENVELOPPE = "hors_enveloppe"
    AJUSTEMENT_EXACT = "ajustement_exact"
    TROP_PEU = "trop_peu"
    TENDANCE = "tendance"
    BORNES = "bornes"
    PERSONNE = "personne"

    @property
    def phrase(self) -> str:
        return _REFUSED[self]


_REFUSED = {
    Motif.UN_DONNEUR: "il n'y a pas au moins deux communes de comparaison",
    Motif.SANS_AVANT: "il n'y a aucune année d'avant",
    Motif.SANS_APRES: "il n'y a aucune année d'après",
    Motif.MANQUANT: "une valeur manque ou n'est pas un nombre",
    Motif.CONSTANTE: "les valeurs ne varient pas : elles n'apprennent rien de ce que fait le hasard",
    Motif.FORME: "les séries n'ont pas la même longueur",
    Motif.HORS_ENVELOPPE: (
        "aucune moyenne des communes de comparaison n'atteint ce niveau : ce serait extrapoler"
    ),
    Motif.AJUSTEMENT_EXACT: "l'ajustement d'avant est exact : on ne divise pas par une erreur nulle",
    Motif.TROP_PEU: "il y a trop peu de communes de comparaison pour ce seuil",
    Motif.BORNES: "les effectifs de l'EBE sont négatifs, se contredisent ou dépassent l'emploi de la commune",
    Motif.PERSONNE: "personne n'est compté : on ne divise pas par rien",
    Motif.TENDANCE: "les années d'avant s'écartent déjà plus que ce qui est supposé pour celles d'après",
}


class Refus(BilanError):
    """An estimate that cannot be made, with its reason and, where the caller knows it, the place.

    >>> print(Refus(Motif.UN_DONNEUR).chez("Thiers"))
    Thiers : il n'y a pas au moins deux communes de comparaison.
    """

    def __init__(self, motif: Motif, lieu: str = "") -> None:
        self.motif, self.lieu = motif, lieu
        place = f"{lieu} : " if lieu else ""
        super().__init__(f"{place}{motif.phrase}.")

    def chez(self, lieu: str) -> Refus:
        """The same refusal, with the place it is about."""
        return Refus(self.motif, lieu)


class Alerte(StrEnum):
    """What must be said beside an estimate that is made all the same."""

    AJUSTEMENT_EXACT = "ajustement_exact"
    HORS_ENVELOPPE = "hors_enveloppe"
    UN_SEUL_POIDS = "un_seul_poids"
    RETOURNEMENT = "retournement"

    @property
    def phrase(self) -> str:
        return _WARNED[self]


_WARNED = {
    Alerte.AJUSTEMENT_EXACT: (
        "les années d'avant sont reproduites exactement, par bien des mélanges de communes : "
        "l'écart d'après dépend de celui qu'on choisit"
    ),
    Alerte.HORS_ENVELOPPE: "aucun mélange de communes ne reproduit les années d'avant",
    Alerte.UN_SEUL_POIDS: "une seule commune fait presque toute la comparaison",
    Alerte.RETOURNEMENT: "l'écart change de sens selon l'année de base",
}


def verifier(cible: Array, donneurs: Array, avant: int, *, apres: bool = True) -> tuple[Array, Array]:
    """The series of a place (T,) and of its donors (J, T) as numbers, once they can be compared.

    ``avant`` periods come first. Raises `Refus`: no period before, none after (unless ``apres`` is false),
    fewer than two donors, series of other lengths, a value that is missing or infinite, donors that are all
    the same constant.
    """
    one, many = np.asarray(cible, float), np.asarray(donneurs, float)
    if one.ndim != 1 or many.ndim != 2 or many.shape[1] != len(one):
        raise Refus(Motif.FORME)
    if avant < 1:
        raise Refus(Motif.SANS_AVANT)
    if avant > len(one):
        raise Refus(Motif.FORME)
    if apres and avant == len(one):
        raise Refus(Motif.SANS_APRES)
    if len(many) < LEAST_DONORS:
        raise Refus(Motif.UN_DONNEUR)
    if not (np.isfinite(one).all() and np.isfinite(many).all()):
        raise Refus(Motif.MANQUANT)
    if np.ptp(many) == 0:
        raise Refus(Motif.CONSTANTE)
    return one, many
