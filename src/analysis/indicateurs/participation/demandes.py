"""What a territory asks of its own, and what its people wrote: records that a chapter may show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

FAMILLE: Final = "local"
"""The family of the measures that a territory defines: no other has them."""

Sens = Literal["", "au_moins", "au_plus"]
"""On which side of a target one must be; empty without a target."""


@dataclass(frozen=True)
class IndicateurLocal:
    """An indicator that a territory proposes: what it counts, where from, towards which target.

    ``mesure`` names its values among the measures, which are in ``unite`` as ``cible`` is, None without one.
    Raises ValueError for a target that lacks its side or its day.
    """

    indicateur: str
    mesure: str
    libelle: str
    definition: str
    origine: str
    unite: str
    cible: float | None = None
    sens: Sens = ""
    date_cible: str = ""

    def __post_init__(self) -> None:
        if len({self.cible is None, self.sens == "", self.date_cible == ""}) > 1:
            raise ValueError(f"{self.mesure}: a target has a value, a side and a day")

    def est_atteinte(self, valeur: float) -> bool | None:
        """Whether a value is on the right side of the target, None without one.

        >>> cible = (30.0, "au_moins", "2019-12-31")
        >>> bouche = IndicateurLocal("I1", "local-val-i1", "l", "d", "o", "pourcent", *cible)
        >>> bouche.est_atteinte(28.1), bouche.est_atteinte(30.0)
        (False, True)
        """
        if self.cible is None:
            return None
        return valeur >= self.cible if self.sens == "au_moins" else valeur <= self.cible


@dataclass(frozen=True)
class QuestionLocale:
    """A question that a territory puts to the evaluation, and the indicators that it proposes for it.

    ``hypothese`` is H1, H2, H3, or empty for a question of another kind; ``college`` is who asks.
    """

    territoire: str
    question: str
    intitule: str
    college: str
    hypothese: str
    indicateurs: tuple[IndicateurLocal, ...] = ()


@dataclass(frozen=True)
class Verbatim:
    """What a person wrote and accepted to see quoted, without anything that tells who.

    ``annee`` is that of the wave, which ``repondants`` people answered.
    """

    territoire: str
    enquete: str
    annee: int
    question: str
    theme: str
    texte: str
    repondants: int
