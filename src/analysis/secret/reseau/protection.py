"""What else to withhold so that the interval around each sensitive cell is as wide as it asks."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.secret.reseau.bornes import Coupe, trop_connues
from analysis.secret.reseau.suppression import Motif, couts
from analysis.secret.reseau.systeme import PROCHE, Nom, Systeme

VIDE: Final[frozenset[Nom]] = frozenset()


def par_intervalles(
    systeme: Systeme, retenues: Collection[Nom] = VIDE, avant: Collection[Nom] = VIDE
) -> Motif:
    """A pattern in which the interval of each sensitive cell is wide enough, from one that may not be.

    Each cell that is known too well takes what widens its bounds most for its cost, and all are looked at
    again, until none is left. Those that nothing would protect are told (``sans_protection``): what bears on
    them is withheld all the same. ``avant`` is the pattern of before, whose cells cost little. Nothing is
    said of the least cost: ``borne`` is 0.
    """
    withheld = systeme.masque(retenues) | (systeme.exigences > 0)
    primary, costs = withheld & (systeme.exigences > 0), couts(systeme, avant)
    hopeless: set[int] = set()
    looked_at = set(np.flatnonzero(primary).tolist())
    while looked_at:
        cuts = list(trop_connues(systeme, withheld, looked_at))
        looked_at = {cut.rang for cut in cuts}
        before = withheld.copy()
        for cut in cuts:
            _tient(cut, systeme, withheld, costs)
        stuck = {cut.rang for cut in cuts if (withheld == before)[list(cut.leviers)].all()}
        hopeless |= stuck
        looked_at -= stuck
    secondary = withheld & ~primary & np.array([c.publiable for c in systeme.cellules], bool)
    return Motif(
        frozenset(systeme.cellules[rang].nom for rang in np.flatnonzero(primary | secondary)),
        float(costs[secondary].sum()),
        0.0,
        frozenset(systeme.cellules[rang].nom for rang in hopeless),
    )


def _tient(cut: Coupe, systeme: Systeme, withheld: NDArray[np.bool_], costs: NDArray[np.float64]) -> None:
    """Withhold, in place, what brings a cut what it asks: the most useful for its cost first, zeros last."""
    missing = cut.manque - sum(weight for rang, weight in cut.leviers.items() if withheld[rang])
    shown = [rang for rang in cut.leviers if not withheld[rang] and systeme.cellules[rang].sacrifiable]

    def order(rang: int) -> tuple[bool, float, int]:
        useful = min(cut.leviers[rang], missing)
        return systeme.cellules[rang].valeur == 0, costs[rang] / useful, rang

    while missing > PROCHE and shown:
        best = min(shown, key=order)
        withheld[best] = True
        missing -= cut.leviers[best]
        shown.remove(best)
