"""Two evaluations side by side: the gap between two scenarios, assumption by assumption, whatever their
order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import factorial
from typing import Final

import pandas as pd

from analysis.indicateurs.depenses_passives.incertitude import GROUPES
from analysis.indicateurs.depenses_passives.resultats import Cascade, Perimetre, Scenario
from analysis.indicateurs.depenses_passives.scenarios import evaluer, normalisees, valeurs

FACTEURS: Final[Mapping[str, tuple[str, ...]]] = {**GROUPES, "millesime": ("millesime",)}
"""What can differ between two scenarios, with the perimeter."""

PERIMETRE: Final = "perimetre"


def shapley(facteurs: Sequence[str], valeur: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """The contribution of each factor, the mean over every order in which they may be changed.

    ``valeur`` gives the result when the named factors are changed and the others are not. The contributions
    add up to the whole change. Source: Shapley (1953), A value for n-person games.

    >>> shapley(["a", "b"], lambda changed: 6.0 if len(changed) == 2 else float(len(changed)))
    {'a': 3.0, 'b': 3.0}
    """
    count = len(facteurs)
    known = {
        frozenset(s): valeur(frozenset(s)) for size in range(count + 1) for s in combinations(facteurs, size)
    }
    found = {}
    for facteur in facteurs:
        total = 0.0
        for others, value in known.items():
            if facteur not in others:
                weight = factorial(len(others)) * factorial(count - len(others) - 1) / factorial(count)
                total += weight * (known[others | {facteur}] - value)
        found[facteur] = total
    return found


def cascade(
    coefficients: pd.DataFrame,
    de: Scenario,
    vers: Scenario,
    resultat: str = "evite_et_recu",
    publies: tuple[float, float] | None = None,
) -> Cascade:
    """The steps from one scenario's result to another's.

    ``publies`` are the two published figures, where both are: the cascade then goes from one to the other and
    ``non_explique`` is what the assumptions that were published do not account for.
    """
    first, second = valeurs(de), valeurs(vers)
    changed = [name for name, members in FACTEURS.items() if any(first[m] != second[m] for m in members)]
    if de.perimetre != vers.perimetre:
        changed.append(PERIMETRE)

    def value(moved: frozenset[str]) -> float:
        members = {m for name in moved for m in FACTEURS.get(name, ())}
        mixed = normalisees({name: (second if name in members else first)[name] for name in first})
        perimetre: Perimetre = vers.perimetre if PERIMETRE in moved else de.perimetre
        return float(getattr(evaluer(coefficients, mixed, perimetre), resultat))

    steps = shapley(changed, value)
    start, end = value(frozenset()), value(frozenset(changed))
    depart, arrivee = publies or (start, end)
    rounded = tuple((name, round(step, 2)) for name, step in steps.items() if abs(step) >= 0.005)
    rest = (arrivee - depart) - sum(step for _, step in rounded)
    left = round(rest, 2) if publies else 0.0
    return Cascade(
        de.scenario, vers.scenario, round(depart, 2), round(arrivee, 2), rounded, left, publies is not None
    )
