"""What all the territories, or the EBE that show their accounts, are the sum of."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from analysis.noyau.mesures import ENSEMBLE, RATIOS, Accord, Definitions, Fenetre, Mesure
from analysis.noyau.periods import fin
from analysis.noyau.rencontres import is_told, reunir
from analysis.secret.sommes import Cle, Ecrites, Sum, is_of_people


def sums_over_places(written: Ecrites, left_out: Container[str], definitions: Definitions) -> Iterator[Sum]:
    """What all the territories together are the sum of: people, and both sides of a share or a mean of them.

    A value of a day near the common one is a term of it: the same meeting as that which made the sum.

    The sides of a rate whose two terms are measures are these measures. A territory that is too small to be
    in a sum is no term of it.
    """
    for name, mesures in written.items():
        if is_of_people(mesures[0]) or _has_sides(mesures[0], definitions):
            yield from _over_places(mesures, left_out, definitions.fenetre(name))


def _over_places(mesures: Iterable[Mesure], left_out: Container[str], fenetre: Fenetre) -> Iterator[Sum]:
    places: dict[str, list[Mesure]] = defaultdict(list)
    totals: dict[str, list[Mesure]] = defaultdict(list)
    for m in mesures:
        if m.ebe:
            continue
        if m.lieu != ENSEMBLE:
            places[m.modalite].append(m)
        elif m.etat == "calculee":
            totals[m.modalite].append(m)
    for modalite, found in totals.items():
        large = reunir([m for m in places[modalite] if m.lieu not in left_out], fenetre)
        for total in found:
            here = _computed(large, total.periode)
            if not _is_sum(total, here):
                here = _computed(reunir(places[modalite], fenetre), total.periode)
            yield Sum(total.cle, tuple(m.cle for m in here), is_share=total.forme in RATIOS)


def _computed(met: Mapping[str, Sequence[Mesure]], periode: str) -> list[Mesure]:
    return [m for m in met.get(periode, ()) if m.etat == "calculee"]


def _is_sum(total: Mesure, terms: Iterable[Mesure]) -> bool:
    """Whether a measure is made of exactly these: of their people, where they are shares."""

    def people(m: Mesure) -> float:
        return (m.denominateur if m.forme in RATIOS else m.valeur) or 0

    return math.isclose(people(total), sum(map(people, terms)), abs_tol=1e-3)


def sides_over_places(
    written: Ecrites,
    left_out: Container[str],
    by_cle: Mapping[Cle, Mesure],
    definitions: Definitions,
    whole: Iterable[Sum],
) -> Iterator[Sum]:
    """The sides of a rate of all the territories together: the counts of the places that have the rate.

    Where a place has no rate, no count of all together is that sum: the rate alone tells it. ``whole`` are
    the sums over places of the counts themselves.
    """
    terms_of = {addition.total: set(addition.terms) for addition in whole}
    places: dict[tuple[str, str], list[Mesure]] = defaultdict(list)
    for name, mesures in written.items():
        if _named_sides(mesures[0], definitions):
            for m in mesures:
                if not m.ebe and m.lieu != ENSEMBLE and m.lieu not in left_out:
                    places[(name, m.modalite)].append(m)
    for (name, modalite), rates in places.items():
        for periode, here in reunir(rates, definitions.fenetre(name)).items():
            total = (name, ENSEMBLE, "", modalite, periode)
            for side in _named_sides(here[0], definitions) if total in by_cle else ():
                category = modalite if definitions.of(side).modalites else ""
                cells = [(side, m.lieu, "", category, m.periode) for m in here if is_told(m)]
                terms = tuple(cle for cle in cells if cle in by_cle)
                if terms_of.get((side, ENSEMBLE, "", category, periode)) != set(terms):
                    yield Sum(total, terms, side=side)


def _named_sides(mesure: Mesure, definitions: Definitions) -> tuple[str, ...]:
    """The counts that the two sides of a share or a rate are, none where it keeps sides of its own."""
    definition = definitions.of(mesure.mesure)
    names = (definition.numerateur, definition.denominateur)
    return names if mesure.forme in ("part", "taux") and all(names) else ()


def _has_sides(mesure: Mesure, definitions: Definitions) -> bool:
    """Whether a share keeps sides that no other measure is: those of an estimated one are estimates, and what
    a mean sums over people is no measure."""
    if mesure.forme in ("part_estimee", "moyenne"):
        return True
    return mesure.forme in ("part", "taux") and not definitions.of(mesure.mesure).numerateur


def sums_over_ebe(
    by_cle: Mapping[Cle, Mesure],
    left_out: Container[str],
    accords: frozenset[Accord],
    definitions: Definitions,
) -> Iterator[Sum]:
    """What the EBE that show their accounts add up to, year by year: national ratios give the sum of their
    ETP, national amounts that of what the law ties to these."""
    tied = {petit for lien in definitions.liens if lien.lien == "loi" for petit in lien.petits}
    years: dict[tuple[str, str, str], list[Cle]] = defaultdict(list)
    for cle, m in by_cle.items():
        if m.ebe and m.lieu not in left_out and m.accord in accords and (is_of_people(m) or m.mesure in tied):
            years[(m.mesure, m.modalite, str(fin(m.periode).year))].append(cle)
    for (mesure, modalite, year), cells in years.items():
        total = (mesure, ENSEMBLE, "", modalite, year)
        if mesure not in tied and len(cells) > 1:
            yield Sum(None, tuple(cells))
        elif mesure in tied and total in by_cle:
            yield Sum(total, tuple(cells), is_share=by_cle[total].forme in RATIOS, is_open=True)
