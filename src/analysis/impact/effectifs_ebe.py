"""The staff of a territory's EBE as published, between two bounds at the end of a year.

Only the figures of all the EBE of a territory count: the staff of one of several is no bound of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from analysis.noyau.periods import Period
from analysis.sources.fiches import Chiffre
from analysis.sources.register import Register

INDICATEUR: Final = "effectif_ebe"
NEAR: Final = timedelta(days=31)
"""Figures so near each other are of one moment."""


@dataclass(frozen=True)
class Effectif:
    """The staff published for a moment: at least ``bas``, at most ``haut`` (None: no one says at most)."""

    bas: float
    haut: float | None
    periode: Period

    @property
    def fin(self) -> date:
        return self.periode.bounds[1]


def publies(register: Register, territoire: str) -> tuple[Effectif, ...]:
    """The dated staff of a territory's EBE, in order; those whose date is sure, or all where none is."""
    figures = [
        c
        for c in register.chiffres
        if c.indicateur == INDICATEUR and c.territoire == territoire and c.periode is not None
    ]
    kept = [c for c in figures if c.periode_sure] or figures
    return tuple(sorted((_effectif(c) for c in kept), key=lambda e: (e.fin, e.bas)))


def _effectif(chiffre: Chiffre) -> Effectif:
    assert chiffre.periode is not None
    if chiffre.valeur is not None:
        return Effectif(chiffre.valeur, chiffre.valeur, chiffre.periode)
    return Effectif(chiffre.borne_basse or 0.0, chiffre.borne_haute, chiffre.periode)


def dernier(found: Sequence[Effectif], before: date) -> Effectif | None:
    """The staff last published before a day; where sources then differ, the bounds hold them all."""
    past = [e for e in found if e.fin <= before]
    if not past:
        return None
    last = [e for e in past if past[-1].fin - e.fin <= NEAR]
    highs = [e.haut for e in last]
    return Effectif(min(e.bas for e in last), _most(highs), past[-1].periode)


def en_fin_d_annee(found: Sequence[Effectif], ouverture: date, annee: int) -> tuple[float, float] | None:
    """The least and the greatest staff at the end of a year, None where publication does not bound them.

    Nothing before the opening. After, the bounds hold the last figure before and the first after: between
    two figures, staff is taken to stay between them. The figure of that very month stands alone.
    """
    end = date(annee, 12, 31)
    if end < ouverture:
        return 0.0, 0.0
    before = dernier(found, end)
    start = before or Effectif(0.0, 0.0, Period(ouverture.isoformat()))
    if before is not None and end - before.fin <= NEAR:
        around = [before]
    else:
        after = [e for e in found if e.fin > end]
        near = [e for e in after if e.fin - after[0].fin <= NEAR]
        if not near:
            return None
        around = [start, *near]
    most = _most([e.haut for e in around])
    return None if most is None else (min(e.bas for e in around), most)


def _most(highs: Sequence[float | None]) -> float | None:
    known = [high for high in highs if high is not None]
    return max(known) if len(known) == len(highs) else None
