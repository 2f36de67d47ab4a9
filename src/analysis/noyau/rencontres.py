"""At which periods the measures of several places meet: the same one, or days that are near enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Final

from analysis.noyau.french import counted
from analysis.noyau.mesures import Fenetre, Mesure
from analysis.noyau.periods import Period, fin, precision

Unit = tuple[str, str]
"""Who a measure is of: a territory, and its EBE where the measure is of one EBE."""

unit: Final[Callable[[Mesure], Unit]] = attrgetter("lieu", "ebe")
"""Who a measure is of."""

AUTOUR: Final = ""
"""In the place of a period, that of the measures that meet around a day."""


def is_told(mesure: Mesure) -> bool:
    """Whether a measure counts: it has a value, or nobody to count."""
    return mesure.valeur is not None or mesure.sans_objet


def reunir(group: Sequence[Mesure], fenetre: Fenetre) -> dict[str, list[Mesure]]:
    """The measures that meet, by common period in order: those of one measure and category, all places.

    EBE meet by the year of their closing. Days meet within ``fenetre``: the common one is that near which the
    most places have a value, then at which the most have one exactly, then the last; a day around a common
    one is no common one. There a place has its nearest value (the earlier of two), else the last one before.
    What is missing meets at its own day only.
    """
    series: dict[str, list[Mesure]] = defaultdict(list)
    for mesure in group:
        periode = mesure.periode
        if mesure.ebe:
            periode = str(fin(periode).year)
        elif fenetre.autour and precision(periode) == "jour":
            periode = AUTOUR
        series[periode].append(mesure)
    met: dict[str, list[Mesure]] = {}
    for periode, found in series.items():
        met |= _common_days(found, fenetre) if periode == AUTOUR else {periode: found}
    return dict(sorted(met.items(), key=lambda item: fin(item[0])))


def _common_days(found: Sequence[Mesure], fenetre: Fenetre) -> dict[str, list[Mesure]]:
    by_unit: dict[Unit, dict[date, Mesure]] = defaultdict(dict)
    for mesure in found:
        by_unit[unit(mesure)][fin(mesure.periode)] = mesure
    told = {one: {day for day, m in own.items() if is_told(m)} for one, own in by_unit.items()}
    met = {}
    for day in _chosen({day for own in by_unit.values() for day in own}, told.values(), fenetre.autour):
        taken = [
            own[picked]
            for one, own in by_unit.items()
            if (picked := _picked(told[one], day, fenetre) or (day if day in own else None))
        ]
        met[day.isoformat()] = taken
    return met


def _chosen(days: set[date], told: Iterable[set[date]], around: int) -> list[date]:
    """The common days: the best first, without those that are around one of them."""
    places = list(told)
    near = {day: {other for other in days if abs((other - day).days) <= around} for day in days}

    def worth(day: date) -> tuple[int, int, date]:
        return (
            sum(not near[day].isdisjoint(own) for own in places),
            sum(day in own for own in places),
            day,
        )

    chosen: list[date] = []
    for day in sorted(days, key=worth, reverse=True):
        if near[day].isdisjoint(chosen):
            chosen.append(day)
    return chosen


def _picked(told: set[date], day: date, fenetre: Fenetre) -> date | None:
    """The day of a place's value at a common day, None where it has none near or before."""
    if day in told:
        return day
    near = [own for own in told if abs((own - day).days) <= fenetre.autour]
    if near:
        return min(near, key=lambda own: (abs((own - day).days), own))
    return max((own for own in told if 0 < (day - own).days <= fenetre.avant), default=None)


def nommes(units: Iterable[Unit], noms: Mapping[str, str]) -> str:
    """The territories of these, each once, by their names or their codes."""
    return ", ".join(dict.fromkeys(noms.get(lieu, lieu) for lieu, _ in units))


def couverture(
    usable: Sequence[Mesure], period: str, missing: Sequence[Unit], noms: Mapping[str, str]
) -> str:
    """How many places are in it, who is missing, and whose value is of another day than the common one."""
    present = len(set(map(unit, usable)))
    is_of_ebe = any(m.ebe for m in usable) or any(ebe for _, ebe in missing)
    said = counted(present, *(("EBE", "EBE") if is_of_ebe else ("territoire", "territoires")))
    if missing:
        said += f" sur {present + len(missing)} (il manque {nommes(missing, noms)})"
    others = [m for m in usable if not m.ebe and m.periode != period]
    if others:
        days = ", ".join(f"{noms.get(m.lieu, m.lieu)} ({Period(m.periode).label})" for m in others)
        said += f", valeurs d'un autre jour : {days}"
    return said
