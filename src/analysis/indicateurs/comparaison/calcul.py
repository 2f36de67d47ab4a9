"""What is compared with the experiment, computed: amounts in the euros of one year, differences of profile.

Published figures only → records; nothing of a deposit is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from analysis.indicateurs.comparaison.ecarts import ecart_standardise
from analysis.indicateurs.comparaison.records import EBE, Comparaison, Ecart, Effet, Montant, Part
from analysis.noyau.declared.prix import EUROS_DE, Prix
from analysis.sources.comparables import CoutDeclare, Declaree, EffetDeclare, PartDeclaree
from analysis.sources.fiches import Chiffre
from analysis.sources.register import Register


def comparer(declaree: Declaree, register: Register, prix: Prix) -> Comparaison:
    """The comparison of what was declared, in the order of the tables.

    Raises KeyError for a figure that the register does not hold: ``load_comparaison`` refuses it before.
    """
    figures = {chiffre.numero: chiffre for chiffre in register.chiffres}
    parts = tuple(_part(declared, figures) for declared in declaree.profils)
    return Comparaison(
        EUROS_DE,
        declaree.definitions,
        tuple(_montant(cost, figures[cost.chiffre], prix) for cost in declaree.couts if cost.definition),
        tuple(cost for cost in declaree.couts if not cost.definition),
        parts,
        tuple(_ecarts(parts)),
        tuple(_effet(declared, figures[declared.chiffre]) for declared in declaree.effets),
        declaree.controverses,
    )


def _montant(cost: CoutDeclare, figure: Chiffre, prix: Prix) -> Montant:
    assert figure.annee_prix is not None  # refused on reading
    low, high, opens = _bounds(figure)
    bas, haut = (round(prix.constants(value, figure.annee_prix), 2) for value in (low, high))
    return Montant(cost, figure.annee_prix, bas, haut, opens)


def _bounds(figure: Chiffre) -> tuple[float, float, int]:
    """The bounds of a figure, and the side that it is open on; one bound alone stands for both."""
    if figure.valeur is not None:
        return figure.valeur, figure.valeur, 0
    known = [bound for bound in (figure.borne_basse, figure.borne_haute) if bound is not None]
    return known[0], known[-1], (figure.borne_haute is None) - (figure.borne_basse is None)


def _part(declared: PartDeclaree, figures: Mapping[int, Chiffre]) -> Part:
    low, high, _ = _bounds(figures[declared.chiffre])
    share = (low + high) / 200
    count = None if declared.effectif is None else figures[declared.effectif].valeur
    return Part(declared, round(1 - share if declared.complement else share, 6), count)


def _ecarts(parts: Iterable[Part]) -> Iterator[Ecart]:
    """The difference of each pair whose two counts are published; else the shares alone are shown."""
    counted = [part for part in parts if part.effectif is not None]
    for first, other in product(counted, repeat=2):
        pair = (first.declaree, other.declaree)
        same = pair[0].caracteristique == pair[1].caracteristique
        if same and pair[0].groupe in EBE and pair[1].groupe not in EBE:
            gap = ecart_standardise(first.valeur, other.valeur)
            if gap is not None:
                yield Ecart(pair[0].caracteristique, first, other, round(gap, 6))


def _effet(declared: EffetDeclare, figure: Chiffre) -> Effet:
    """An effect on employment between 0 and 1 is told in points; well-being keeps its scale."""
    low, high, _ = _bounds(figure)
    in_points = figure.unite == "echelle_0_1" and declared.resultat == "emploi"
    return Effet(declared, round((low + high) / 2 * (100 if in_points else 1), 6))
