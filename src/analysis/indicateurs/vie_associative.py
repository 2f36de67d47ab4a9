"""The collective life of a territory: its meetings, who comes, what is decided: family vie_associative."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

import numpy as np

from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.durees import mois, mois_ecoules
from analysis.noyau.mesures import Cadre, Mesure

CLE: Final = "cle"
"""The instance of the local committee."""

SALARIES: Final = "salaries_ebe"
"""The college of which a territory without an EBE has nobody."""

ANNULEE: Final = "annulee"
"""What became of a meeting of a calendar that was not held."""

AUCUNE: Final = "aucune"
"""What a territory says of a decision of which it knows no follow-up."""

DELAI: Final = 6
"""The months after which a decision should have had a follow-up."""


@dataclass(frozen=True)
class Reunion:
    """A meeting that was held: its instance, its day, and who came by college, None where nobody told."""

    instance: str
    jour: date
    presents: tuple[tuple[str, int], ...] | None = None


def mesures(donnees: Donnees) -> tuple[Mesure, ...]:
    """The measures of the family vie_associative: by year and month, and at the arrêté.

    Reads ``instances`` (one row a meeting, with who came), ``reunions`` (one row a meeting of the calendars),
    ``decisions`` (one row a decision) and ``benevolat`` (one row a year). Each definition is in
    ``data/dictionary/mesures.csv``, each rule in ``docs/methods/vie-associative.md``.

    Nothing is measured before the first meeting; from it to the arrêté, a month or a year without a meeting
    has none, which is a zero. Where a calendar was refused, meetings are not whole, and missing. A meeting
    that a calendar alone tells has nobody counted, which is not zero: presences are told of the others.
    Calendars, decisions, volunteers that nobody deposited have no measure.
    """
    return (
        *_reunions(donnees),
        *_calendriers(donnees),
        *_dernier(donnees),
        *_decisions(donnees),
        *_benevolat(donnees),
    )


def tenues(donnees: Donnees) -> tuple[Reunion, ...]:
    """The meetings held by the arrêté, by day: those of the sheet, and those that a calendar alone tells.

    A meeting of a calendar on the day of one of the sheet, of the same instance, is the same one.
    """
    return donnees.une_fois(_tenues)


def _tenues(donnees: Donnees) -> tuple[Reunion, ...]:
    colleges = [choix.code for choix in donnees.cadre.definitions.of("presences_college").modalites]
    told = [
        Reunion(row["instance"], row["date"].date(), tuple((c, int(row[c])) for c in colleges))
        for row in donnees.rows("instances")
    ]
    known = {(r.instance, r.jour) for r in told}
    announced = [
        Reunion(row["instance"], row["date"].date())
        for row in donnees.rows("reunions")
        if row["etat"] != ANNULEE and (row["instance"], row["date"].date()) not in known
    ]
    held = [r for r in (*told, *announced) if r.jour <= donnees.arrete]
    return tuple(sorted(held, key=lambda r: (r.jour, r.instance)))


def dernier_cle(donnees: Donnees) -> date | None:
    """The day of the last meeting of the local committee by the arrêté; None when none is told."""
    return max((r.jour for r in tenues(donnees) if r.instance == CLE), default=None)


def _reunions(donnees: Donnees) -> Iterator[Mesure]:
    """How many meetings by year and instance, by month, and who came."""
    held, cadre = tenues(donnees), donnees.cadre
    if not held:
        return
    first, lacking = held[0].jour, donnees.incomplets.get("reunions", "")
    by_year = Counter((r.jour.year, r.instance) for r in held)
    for year in range(first.year, donnees.arrete.year + 1):
        for choix in cadre.definitions.of("reunions").modalites:
            yield _nombre(
                cadre, "reunions", str(year), by_year[year, choix.code], choix.code, lacking=lacking
            )
        yield from _presences(cadre, str(year), [r for r in held if r.jour.year == year], lacking)
    by_month = Counter(mois(r.jour) for r in held)
    months = np.arange(np.datetime64(first, "M"), np.datetime64(donnees.arrete, "M") + 1)
    for month in months.astype(str).tolist():
        yield _nombre(cadre, "reunions_mois", month, by_month[month], lacking=lacking)


def _presences(cadre: Cadre, year: str, held: list[Reunion], lacking: str) -> Iterator[Mesure]:
    """Who came in a year, of the meetings that tell it; missing where none does."""
    told = [r.presents for r in held if r.presents is not None]
    yield (
        cadre.absente("part_presence_connue", year, lacking)
        if lacking
        else cadre.ratio(
            "part_presence_connue", year, len(told), len(held), vide="aucune réunion dans l'année"
        )
    )
    if held and not told:
        missing = "aucune réunion de l'année ne dit ses présents"
        yield cadre.absente("presences", year, missing)
        for choix in cadre.definitions.of("presences_college").modalites:
            yield cadre.absente("presences_college", year, missing, modalite=choix.code)
        return
    counts = _par_college(told)
    yield cadre.compte("presences", year, sum(counts.values()))
    for choix in cadre.definitions.of("presences_college").modalites:
        yield cadre.compte("presences_college", year, counts[choix.code], modalite=choix.code)


def _par_college(told: list[tuple[tuple[str, int], ...]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for college, count in chain.from_iterable(told):
        counts[college] += count
    return counts


def _calendriers(donnees: Donnees) -> Iterator[Mesure]:
    """What became of the meetings of the calendars, year by year, where calendars were deposited."""
    rows = [row for row in donnees.rows("reunions") if row["date"].date() <= donnees.arrete]
    counts = Counter((row["date"].year, row["etat"]) for row in rows)
    lacking = donnees.incomplets.get("reunions", "")
    for year in sorted({year for year, _ in counts}):
        for choix in donnees.cadre.definitions.of("reunions_calendrier").modalites:
            count = counts[year, choix.code]
            yield _nombre(donnees.cadre, "reunions_calendrier", str(year), count, choix.code, lacking=lacking)


def _dernier(donnees: Donnees) -> Iterator[Mesure]:
    """How long ago the local committee met, and which colleges came to its meetings, at the arrêté."""
    cadre, arrete = donnees.cadre, donnees.arrete.isoformat()
    last, lacking = dernier_cle(donnees), donnees.incomplets.get("reunions", "")
    if last is None or lacking:
        reason = lacking or "aucune réunion du comité local n'est déposée"
        yield cadre.absente("jours_depuis_cle", arrete, reason)
    if last is None:
        return
    if not lacking:
        yield cadre.somme("jours_depuis_cle", arrete, float((donnees.arrete - last).days), n=1)
    told = [dict(r.presents) for r in tenues(donnees) if r.instance == CLE and r.presents is not None]
    for choix in cadre.definitions.of("cle_college_present").modalites:
        if choix.code == SALARIES and donnees.ouverture is None:
            yield cadre.absente(
                "cle_college_present",
                arrete,
                "aucune EBE n'est ouverte",
                modalite=choix.code,
                sans_objet=True,
            )
            continue
        yield cadre.ratio(
            "cle_college_present",
            arrete,
            sum(presents[choix.code] > 0 for presents in told),
            len(told),
            vide="aucune réunion du comité local ne dit ses présents",
            modalite=choix.code,
        )


def _decisions(donnees: Donnees) -> Iterator[Mesure]:
    """What became of the decisions, and the objects of those that nothing followed, at the arrêté."""
    rows = [row for row in donnees.rows("decisions") if row["date"].date() <= donnees.arrete]
    if not rows:
        return
    cadre, arrete = donnees.cadre, donnees.arrete.isoformat()
    suites = Counter(row["suite"] for row in rows)
    for choix in cadre.definitions.of("decisions").modalites:
        yield _nombre(cadre, "decisions", arrete, suites[choix.code], choix.code)
    left = Counter(
        row["objet"]
        for row in rows
        if row["suite"] == AUCUNE and mois_ecoules(row["date"].date(), donnees.arrete) >= DELAI
    )
    for choix in cadre.definitions.of("decisions_sans_suite").modalites:
        yield _nombre(cadre, "decisions_sans_suite", arrete, left[choix.code], choix.code)


def _benevolat(donnees: Donnees) -> Iterator[Mesure]:
    """The volunteers of each year that was deposited, and their hours."""
    for row in sorted(donnees.rows("benevolat"), key=lambda row: row["annee"]):
        year, people = str(int(row["annee"])), int(row["benevoles"])
        yield donnees.cadre.compte("benevoles", year, people)
        yield donnees.cadre.somme("heures_benevoles", year, float(row["heures"]), n=people)


def _nombre(
    cadre: Cadre, mesure: str, periode: str, count: int, modalite: str = "", *, lacking: str = ""
) -> Mesure:
    """A number of meetings or of decisions, a zero is one; missing for what is lacking."""
    if lacking:
        return cadre.absente(mesure, periode, lacking, modalite=modalite)
    return cadre.somme(mesure, periode, count, n=count, modalite=modalite)
