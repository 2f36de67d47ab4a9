"""One hierarchy of places crossed with one flat list of categories, the totals of places being published."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.secret.reseau.systeme import Lien, Nom

Comptes = Mapping[tuple[str, str], int]
"""The count of each place and category."""


def cumules(comptes: Comptes, parents: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """The counts with those of the larger places, each the sum of the places that it is made of.

    ``parents`` gives the place that each place is in.

    >>> cumules({("a", "x"): 2, ("b", "x"): 3}, {"a": "tout", "b": "tout"})[("tout", "x")]
    5
    """
    found = dict(comptes)
    for (lieu, categorie), value in comptes.items():
        larger = parents.get(lieu)
        while larger is not None:
            found[larger, categorie] = found.get((larger, categorie), 0) + value
            larger = parents.get(larger)
    return found


def liens_du_tableau(comptes: Comptes, parents: Mapping[str, str]) -> list[Lien]:
    """What adds up: places in each larger one, category by category; categories in the total of a place.

    The total of a larger place says nothing that those of its places do not. It is left out, and the
    unknowns are then a network: each is in two bonds at most.
    """
    inside: dict[Nom, list[tuple[Nom, float]]] = {}
    for lieu, categorie in comptes:
        if lieu in parents:
            inside.setdefault((parents[lieu], categorie), []).append(((lieu, categorie), 1.0))
    sums = [Lien((*parts, (whole, -1.0))) for whole, parts in inside.items()]
    larger = set(parents.values())
    totals: dict[str, list[tuple[Nom, float]]] = {}
    for lieu, categorie in comptes:
        if lieu not in larger:
            totals.setdefault(lieu, []).append(((lieu, categorie), 1.0))
    return [*sums, *(Lien(tuple(parts)) for parts in totals.values())]
