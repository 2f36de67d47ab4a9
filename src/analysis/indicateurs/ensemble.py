"""Derived measures: the territories of one nature together, from the records of each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import fsum
from operator import attrgetter
from types import MappingProxyType

from analysis.noyau.french import counted
from analysis.noyau.mesures import ENSEMBLE, RATIOS, SUMS, Accord, Cadre, Definitions, Mesure
from analysis.noyau.paths import Nature
from analysis.noyau.periods import fin
from analysis.noyau.rencontres import Unit, couverture, is_told, nommes, reunir, unit


def ensemble(
    mesures: Iterable[Mesure],
    definitions: Definitions,
    accords: frozenset[Accord] = frozenset(),
    noms: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Mesure, ...]:
    """The measures of all the territories together, place :data:`~analysis.noyau.mesures.ENSEMBLE`.

    A count, a quantity, an amount is the sum over the places, and is missing when a place that had begun
    has no value: a sum of a part is not the sum. A ratio is the sum of the numerators over the sum of the
    denominators, never a mean of ratios, of the places that have one; a place with nobody to count (zero out
    of zero) adds nothing and is not missing. The source says how many they are, which are missing and whose
    value is of another day than the common one (:func:`~analysis.noyau.rencontres.reunir`), by their
    ``noms``, or their codes. The exercices of EBE are brought together by the year of their closing, and only
    those whose accounts the EBE agreed to show (``accords``): what is told of all of them gives no other
    back. Medians, incidences and differences of profile are not of those that can be put together from
    records.

    A period at which a single place had begun gives nothing: the place's own measure says it. Raises
    TypeError for anything but a computed measure (a published figure is never in a sum), ValueError for
    measures of two natures.

    >>> from analysis.noyau.definitions import load_definitions
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
        groups[(mesure.mesure, mesure.modalite)].append(mesure)
    return tuple(
        together
        for group in groups.values()
        if _adds_up(group[0], definitions)
        for together in _over_time(group, nature, definitions, accords, noms)
    )


def _adds_up(mesure: Mesure, definitions: Definitions) -> bool:
    """Whether measures of that name are put together: not a threshold, a quotient of no measure."""
    if mesure.forme == "rapport" and not definitions.of(mesure.mesure).numerateur:
        return False
    return mesure.forme in SUMS | RATIOS


def _nature(mesures: Sequence[Mesure]) -> Nature | None:
    """The one nature of these measures, None when there are none."""
    strangers = {kind.__name__ for kind in set(map(type, mesures)) if not issubclass(kind, Mesure)}
    if strangers:
        raise TypeError(f"only computed measures add up, not {', '.join(sorted(strangers))}")
    natures = set(map(attrgetter("nature"), mesures))
    if len(natures) > 1:
        raise ValueError("measures of real and of invented territories are never in one sum")
    return next(iter(natures), None)


def _over_time(
    group: Sequence[Mesure],
    nature: Nature,
    definitions: Definitions,
    accords: frozenset[Accord],
    noms: Mapping[str, str],
) -> Iterator[Mesure]:
    """One measure and category, period after period; a place counts that has all its measures, and may show
    them."""
    met = reunir(group, definitions.fenetre(group[0].mesure))
    first: dict[Unit, date] = {}
    for mesure in group:
        began = fin(str(fin(mesure.periode).year) if mesure.ebe else mesure.periode)
        one = unit(mesure)
        if began <= first.get(one, date.max):
            first[one] = began
    for period, here in met.items():
        end = fin(period)
        lacking = {unit(m) for m in here if not is_told(m) or (m.ebe and m.accord not in accords)}
        usable = [m for m in here if unit(m) not in lacking] if lacking else here
        present = set(map(unit, usable))
        missing = [one for one, day in first.items() if one in lacking or (day <= end and one not in present)]
        if len(present) + len(missing) > 1:
            cadre = Cadre(ENSEMBLE, nature, couverture(usable, period, missing, noms), definitions)
            yield _together(usable, group[0], period, missing, cadre, noms)


def _together(
    usable: Sequence[Mesure],
    first: Mesure,
    period: str,
    missing: Sequence[Unit],
    cadre: Cadre,
    noms: Mapping[str, str],
) -> Mesure:
    present = len(set(map(unit, usable)))
    if not usable or (missing and (first.forme in SUMS or (present < 2 and not first.ebe))):
        return cadre.absente(
            first.mesure, period, _lacking(missing, present, first, noms), modalite=first.modalite
        )
    prix = str(fin(period).year) if first.unite.startswith("euros") else ""
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
        vide="personne à compter dans aucun territoire",
        n=n,
        modalite=first.modalite,
        prix=prix,
    )


def _lacking(missing: Sequence[Unit], present: int, first: Mesure, noms: Mapping[str, str]) -> str:
    """Who is missing, as a clause: « il manque 1 territoire sur 2 : Aval »."""
    kind = ("EBE", "EBE") if first.ebe else ("territoire", "territoires")
    return f"il manque {counted(len(missing), *kind)} sur {len(missing) + present} : {nommes(missing, noms)}"


def _sum(values: Iterable[float | None]) -> float:
    """An exact sum; whole numbers stay whole."""
    numbers = [value for value in values if value is not None]
    return sum(numbers) if all(isinstance(number, int) for number in numbers) else fsum(numbers)
