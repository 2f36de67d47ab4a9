"""The measures that are withheld for what they are, whatever the others are."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from analysis.noyau.mesures import ENSEMBLE, RATIOS, SUMS, Accord, Definitions, Mesure
from analysis.noyau.periods import fin
from analysis.secret.release import Rule
from analysis.secret.scene import Scene
from analysis.secret.seuils import DOMINANCE, ESTIMATION, SEUIL_EBE, SEUIL_EFFECTIF, SEUIL_TAUX
from analysis.secret.sommes import COMPTES_EBE, Decided, is_of_people


def primaires(scene: Scene, definitions: Definitions, accords: frozenset[Accord]) -> Decided:
    """The measures that are withheld for what they are."""
    comptes: list[Mesure] = []
    for name, same in groupby(scene.by_cle.values(), attrgetter("mesure")):
        definition, mesures = definitions.of(name), tuple(same)
        rule_of = _rule_of(mesures[0], is_sensitive=definition.sensible)
        for m in mesures:
            rule = "accord" if m.ebe and m.accord not in accords else rule_of(m)
            if rule is not None:
                yield m.cle, rule
        if definition.famille == COMPTES_EBE:
            comptes += mesures
    for cle, one in scene.own.items():
        if 0 < one.people < SEUIL_EFFECTIF:
            yield cle, "seuil-effectif"
    yield from _too_few_ebe(comptes, accords)
    for terms in scene.breakdowns:
        values = [scene.people(cle) for cle in terms]
        if 0 < max(values) == sum(values):
            yield from ((cle, "groupe-entier") for cle in terms)


def _rule_of(first: Mesure, *, is_sensitive: bool) -> Callable[[Mesure], Rule | None]:
    """What tells the rule that withholds a measure of this name whatever the others are, if any does."""
    if is_of_people(first):
        return _rule_of_count
    if first.forme in SUMS or first.forme in ("duree", "rapport", "part_quantite"):
        return lambda _: None
    if first.forme in ("part", "taux", "incidence"):
        return lambda m: _rule_of_people(m) or _rule_of_sides(m, is_sensitive=is_sensitive)
    return _rule_of_people


def _rule_of_count(m: Mesure) -> Rule | None:
    return "seuil-effectif" if 0 < (m.valeur or 0) < SEUIL_EFFECTIF else None


def _rule_of_people(m: Mesure) -> Rule | None:
    """The rule on all the people on whom a measure rests."""
    too_few = (m.n or 0) < SEUIL_TAUX or (m.denominateur is not None and m.denominateur < SEUIL_TAUX)
    return "seuil-taux" if too_few else None


def _rule_of_sides(m: Mesure, *, is_sensitive: bool) -> Rule | None:
    """The rule on the people whom a share counts, and on those whom it leaves."""
    numerator, others = m.numerateur or 0, (m.denominateur or 0) - (m.numerateur or 0)
    if 0 < numerator < SEUIL_EFFECTIF or 0 < others < SEUIL_EFFECTIF:
        return "petit-cote"
    return "groupe-entier" if is_sensitive and 0 in (numerator, others) else None


def _too_few_ebe(comptes: Sequence[Mesure], accords: frozenset[Accord]) -> Decided:
    """National accounts that rest on fewer than three EBE, that would give one or two of them back, or that
    one EBE nearly makes."""
    shown: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
    weights: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for m in comptes:
        if m.ebe:
            key = (m.mesure, m.modalite, str(fin(m.periode).year))
            if m.accord in accords:
                shown[key].add((m.lieu, m.ebe))
            else:
                weights[key].append(abs((m.numerateur if m.forme in RATIOS else m.valeur) or 0))
    for m in comptes:
        if m.lieu == ENSEMBLE:
            key = (m.mesure, m.modalite, m.periode)
            hidden = (m.n or 0) - len(shown[key])
            if (m.n or 0) < SEUIL_EBE or 0 < hidden < SEUIL_EBE:
                yield m.cle, "trop-peu-d-ebe"
            elif hidden > 0 and dominated(weights[key]):
                yield m.cle, "dominance"


def dominated(weights: Iterable[float]) -> bool:
    """Whether a sum of these amounts tells the largest: dominance (n, k), or the p % rule.

    They are those of the EBE whose accounts are not shown: anybody can take the others out of the sum. By the
    first rule, the largest make more than their share of it; by the second, the next one, who knows its own,
    is left with less than p % of the largest to be wrong by.

    >>> dominated([860, 70, 70]), dominated([800, 110, 90]), dominated([700, 240, 60])
    (True, False, True)
    """
    ordered = sorted(weights, reverse=True)
    number, share = DOMINANCE
    total = math.fsum(ordered)
    if total == 0:
        return False
    left = math.fsum(ordered[2:])
    return math.fsum(ordered[:number]) > share / 100 * total or left < ESTIMATION / 100 * ordered[0]
