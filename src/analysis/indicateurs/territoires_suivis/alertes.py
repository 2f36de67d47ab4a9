"""The rules of alert: each looks at one quantity of a territory, on a day, and says on what it stands.

A rule whose data are missing is not evaluated, one whose data are withheld is secret: neither is « no alert
».
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from analysis.indicateurs.habilitation.examen import en_vigueur
from analysis.indicateurs.habilitation.records import Regime
from analysis.indicateurs.territoires_suivis.records import (
    Alerte,
    CodeAlerte,
    EtatAlerte,
    Ligne,
    Quantite,
    Regle,
    Releve,
    Silence,
    TerritoireSuivi,
)
from analysis.noyau.french import decimal, euros
from analysis.noyau.periods import Period, long_date

HALF_A_YEAR: Final = 182
"""Days that two counts of a waiting list stand apart at least: a month's movement is no growth."""

Trouve = tuple[EtatAlerte, str]
_SECRET: Final[Trouve] = ("secret", "le nombre est secret")


def evaluer(
    territoire: TerritoireSuivi,
    regles: Iterable[Regle],
    regimes: Sequence[Regime],
    silences: Iterable[Silence],
    jour: date,
) -> Ligne:
    """A territory with what each rule finds of it that day; a raised alert that a silence holds is told as
    such.
    """
    held = {s.alerte: s for s in silences if s.territoire == territoire.code and s.holds(jour)}
    found = []
    for regle in regles:
        etat, dit = _RULES[regle.alerte](territoire, regle, regimes, jour)
        silence = held.get(regle.alerte)
        if etat == "levee" and silence is not None:
            etat = "tue"
            dit = f"{dit} ; en silence jusqu'au {long_date(silence.jusqu_au)} : {silence.motif}"
        found.append(Alerte(regle.alerte, etat, dit))
    return Ligne(territoire, tuple(found))


def _late(quantite: Quantite, what: str, missing: str) -> Callable[..., Trouve]:
    """A rule on how long ago something was last seen, in whole months."""

    def rule(place: TerritoireSuivi, regle: Regle, _regimes: Sequence[Regime], jour: date) -> Trouve:
        last = _last(place.of(quantite), jour)
        if last is None:
            return "non_evaluee", missing
        if last.etat != "calculee":
            return _SECRET
        months = months_between(last.end, jour)
        told = f"{what} : {Period(last.periode).label}, il y a {decimal(months, 0)} mois"
        return ("levee" if is_later(last.end, jour, regle.seuil) else "calme"), told

    return rule


def _under_plan(place: TerritoireSuivi, regle: Regle, _regimes: Sequence[Regime], jour: date) -> Trouve:
    """The last ETP over those planned for the same year; another year's plan tells nothing of it."""
    last = _last(place.of("etp"), jour)
    if last is None:
        return "non_evaluee", "aucun nombre d'ETP"
    plan = _plan(place, last)
    if plan is None or not plan.valeur:
        return "non_evaluee", f"aucun plan connu pour {last.end.year}"
    if last.valeur is None:
        return _SECRET
    ratio = last.valeur / plan.valeur
    told = (
        f"{decimal(last.valeur, 1)} ETP ({Period(last.periode).label}) sur {decimal(plan.valeur, 1)} "
        f"prévus, {decimal(100 * ratio, 0)} %"
    )
    return ("levee" if ratio < regle.seuil else "calme"), told


def reached(place: TerritoireSuivi) -> float | None:
    """The part of the plan that the last known ETP reach; None where the plan has nothing for their year."""
    jobs = place.known("etp")
    plan = _plan(place, jobs[-1]) if jobs else None
    if plan is None or not plan.valeur or jobs[-1].valeur is None:
        return None
    return jobs[-1].valeur / plan.valeur


def _plan(place: TerritoireSuivi, last: Releve) -> Releve | None:
    return next((r for r in place.known("etp_prevus") if r.end.year == last.end.year), None)


def _growing(place: TerritoireSuivi, regle: Regle, _regimes: Sequence[Regime], jour: date) -> Trouve:
    """The last waiting list against the nearest one that is half a year older at least."""
    last = _last(place.of("attente"), jour)
    if last is None:
        return "non_evaluee", "aucune liste d'attente"
    before = [r for r in place.of("attente") if (last.end - r.end).days >= HALF_A_YEAR]
    if not before:
        return "non_evaluee", "un seul relevé de la liste d'attente"
    first = before[-1]
    if last.valeur is None or first.valeur is None:
        return _SECRET
    told = (
        f"{decimal(last.valeur, 0)} personnes ({Period(last.periode).label}), "
        f"{decimal(first.valeur, 0)} auparavant ({Period(first.periode).label})"
    )
    return ("levee" if last.valeur > first.valeur * (1 + regle.seuil) else "calme"), told


def _negative(place: TerritoireSuivi, regle: Regle, _regimes: Sequence[Regime], jour: date) -> Trouve:
    """The last result of each EBE: one that is negative is enough, one that is withheld leaves the rest
    untold.
    """
    by_ebe = sorted((r for r in place.of("resultat") if r.end <= jour), key=lambda r: (r.de, r.end))
    lasts = [list(releves)[-1] for _, releves in groupby(by_ebe, key=lambda r: r.de)]
    if not lasts:
        return "non_evaluee", "aucun résultat"
    told = [
        f"{euros(r.valeur)} ({Period(r.periode).label})"
        for r in lasts
        if r.valeur is not None and r.valeur < regle.seuil
    ]
    if told:
        return "levee", " ; ".join(told)
    if any(r.valeur is None for r in lasts):
        return _SECRET
    return "calme", " ; ".join(f"{euros(r.valeur or 0.0)} ({Period(r.periode).label})" for r in lasts)


def _ending(_place: TerritoireSuivi, regle: Regle, regimes: Sequence[Regime], jour: date) -> Trouve:
    """The régime in force: all the territories have the same one, as far as it is known."""
    if not regimes:
        return "non_evaluee", "aucun régime n'est déclaré"
    found = en_vigueur(regimes, jour)
    if found is None or found.fin is None:
        return "levee", f"régime expiré ou inconnu au {long_date(jour)}"
    left = (found.fin - jour).days
    told = f"{found.libelle}, jusqu'au {long_date(found.fin)} : {decimal(left, 0)} jours"
    return ("levee" if left < regle.seuil else "calme"), told


def _last(releves: Sequence[Releve], jour: date) -> Releve | None:
    """The last of these that the day knows: nothing of later counts, nor what is missing for a reason."""
    before = [r for r in releves if r.end <= jour and r.etat != "absente"]
    return max(before, key=lambda r: r.end, default=None)


def months_between(first: date, last: date) -> int:
    """The whole months from a day to another.

    >>> months_between(date(2026, 5, 31), date(2026, 11, 30))
    5
    >>> months_between(date(2026, 5, 28), date(2026, 11, 28))
    6
    """
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def is_later(first: date, last: date, months: float) -> bool:
    """Whether more than so many whole months went by: on the very day, not yet.

    >>> is_later(date(2026, 5, 28), date(2026, 11, 28), 6), is_later(date(2026, 5, 28), date(2026, 11, 29), 6)
    (False, True)
    """
    gone = months_between(first, last)
    return gone > months or (gone == months and last.day > first.day)


_RULES: Final[dict[CodeAlerte, Callable[[TerritoireSuivi, Regle, Sequence[Regime], date], Trouve]]] = {
    "depot_en_retard": _late("depot", "dernier dépôt", "aucun dépôt n'a encore été reçu"),
    "etp_sous_plan": _under_plan,
    "attente_en_hausse": _growing,
    "resultat_negatif": _negative,
    "cle_silencieux": _late("cle", "dernière réunion connue", "aucune réunion connue"),
    "regime_finissant": _ending,
}
