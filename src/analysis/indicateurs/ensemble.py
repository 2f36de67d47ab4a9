"""Derived measures: the territories of one nature together, from the records of each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import fsum

from analysis.noyau.french import counted
from analysis.noyau.mesures import ENSEMBLE, RATIOS, SUMS, Accord, Cadre, Definitions, Mesure
from analysis.noyau.paths import Nature
from analysis.noyau.periods import Period

Unit = tuple[str, str]
"""Who a measure is of: a territory, and its EBE where the measure is of one EBE."""


def ensemble(
    mesures: Iterable[Mesure], definitions: Definitions, accords: frozenset[Accord] = frozenset()
) -> tuple[Mesure, ...]:
    """The measures of all the territories together, place :data:`~analysis.noyau.mesures.ENSEMBLE`.

    A count, a quantity, an amount is the sum over the places, and is missing when a place that had begun
    has no value: a sum of a part is not the sum. A ratio is the sum of the numerators over the sum of the
    denominators, never a mean of ratios, and is missing like its terms; that of EBE is of those that have
    one, and its source says how many they are. The exercices of EBE are brought together by the year of
    their closing, and only those whose accounts the EBE agreed to show (``accords``): what is told of all
    of them gives no other back. Medians, incidences and differences of profile are not of those that can
    be put together from records.

    A period at which a single place had begun gives nothing: the place's own measure says it. Raises
    TypeError for anything but a computed measure (a published figure is never in a sum), ValueError for
    measures of two natures.

    >>> from analysis.noyau.mesures import load_definitions
    >>> from analysis.noyau.paths import Project
    >>> known = load_definitions(Project.here())
    >>> places = [Cadre(code, "demonstration", "dépôt n° 1", known) for code in ("amont", "aval")]
    >>> rates = [place.ratio("taux_sortie", "2019-12-31", out, of, vide="")
    ...          for place, out, of in zip(places, (10, 40), (20, 50))]
    >>> [(m.valeur, m.numerateur, m.denominateur, m.source) for m in ensemble(rates, known)]
    [(71.428571, 50, 70, '2 territoires')]
    """
    found = tuple(mesures)
    nature = _nature(found)
    if nature is None:
        return ()
    groups: dict[tuple[str, str], list[Mesure]] = defaultdict(list)
    for mesure in found:
        if _adds_up(mesure, definitions):
            groups[(mesure.mesure, mesure.modalite)].append(mesure)
    return tuple(
        together for group in groups.values() for together in _over_time(group, nature, definitions, accords)
    )


def _adds_up(mesure: Mesure, definitions: Definitions) -> bool:
    """Whether measures of that name are put together: not a threshold, a quotient of no measure."""
    if mesure.forme == "rapport" and not definitions.of(mesure.mesure).numerateur:
        return False
    return mesure.forme in SUMS | RATIOS


def _nature(mesures: Sequence[Mesure]) -> Nature | None:
    """The one nature of these measures, None when there are none."""
    strangers = {type(m).__name__ for m in mesures if not isinstance(m, Mesure)}
    if strangers:
        raise TypeError(f"only computed measures add up, not {', '.join(sorted(strangers))}")
    natures = {m.nature for m in mesures}
    if len(natures) > 1:
        raise ValueError("measures of real and of invented territories are never in one sum")
    return next(iter(natures), None)


def _over_time(
    group: Sequence[Mesure], nature: Nature, definitions: Definitions, accords: frozenset[Accord]
) -> Iterator[Mesure]:
    """One measure and category, period after period."""
    by_period: dict[str, list[Mesure]] = defaultdict(list)
    for mesure in group:
        by_period[_common_period(mesure)].append(mesure)
    begun: set[Unit] = set()
    for period in sorted(by_period, key=lambda text: Period(text).end):
        here = by_period[period]
        begun |= {_unit(m) for m in here}
        if len(begun) > 1:
            yield _together(_usable(here, accords), here[0], period, len(begun), nature, definitions)


def _usable(here: Sequence[Mesure], accords: frozenset[Accord]) -> list[Mesure]:
    """The measures of the places that have all of theirs, and may show them."""
    lacking = {_unit(m) for m in here if m.valeur is None or (m.ebe and m.accord not in accords)}
    return [m for m in here if _unit(m) not in lacking]


def _common_period(mesure: Mesure) -> str:
    """The period under which places meet: the year of the closing for an exercice."""
    return str(Period(mesure.periode).end.year) if mesure.ebe else mesure.periode


def _together(
    usable: Sequence[Mesure],
    first: Mesure,
    period: str,
    expected: int,
    nature: Nature,
    definitions: Definitions,
) -> Mesure:
    present = len({_unit(m) for m in usable})
    kind = ("EBE", "EBE") if first.ebe else ("territoire", "territoires")
    cadre = Cadre(ENSEMBLE, nature, _coverage(present, expected, kind), definitions)
    if not usable or (present < expected and (first.forme in SUMS or not first.ebe)):
        reason = f"il manque {counted(expected - present, *kind)} sur {expected}"
        return cadre.absente(first.mesure, period, reason, modalite=first.modalite)
    prix = str(Period(period).end.year) if first.unite.startswith("euros") else ""
    n = present if first.ebe else sum(m.n or 0 for m in usable)
    if first.forme == "compte":
        return cadre.compte(first.mesure, period, n, modalite=first.modalite)
    if first.forme in SUMS:
        total = fsum(m.valeur or 0 for m in usable)
        return cadre.somme(first.mesure, period, total, n=n, modalite=first.modalite, prix=prix)
    return cadre.ratio(
        first.mesure,
        period,
        _sum(m.numerateur for m in usable),
        _sum(m.denominateur for m in usable),
        vide="dénominateur nul",
        n=n,
        modalite=first.modalite,
        prix=prix,
    )


def _unit(mesure: Mesure) -> Unit:
    return (mesure.lieu, mesure.ebe)


def _sum(values: Iterable[float | None]) -> float:
    """An exact sum; whole numbers stay whole."""
    numbers = [value for value in values if value is not None]
    return sum(numbers) if all(isinstance(number, int) for number in numbers) else fsum(numbers)


def _coverage(present: int, expected: int, kind: tuple[str, str]) -> str:
    said = counted(present, *kind)
    return said if present == expected else f"{said} sur {expected}"
