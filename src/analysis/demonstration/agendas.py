"""What an invented territory deposits besides its meetings: calendars, decisions, volunteers.

The calendars are written by hand as three agendas write them (Google, Outlook, La Suite): what reads them is
not what wrote them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from analysis.demonstration.jours import weekday
from analysis.demonstration.lieux import Lieu
from analysis.demonstration.personnes import Row

PETIT_TERRITOIRE: Final = 20
"""The people under which a territory deposits none of these."""

OBJETS: Final = (
    *("activites", "embauches", "accompagnement", "financement"),
    *("partenariat", "gouvernance", "autre"),
)
SUITES: Final = ("faite", "en_cours", "abandonnee", "aucune")
PARTS_SUITES: Final = (0.55, 0.2, 0.05, 0.2)
DECISIONS_PAR_CLE: Final = 1.6
DELAI_SUITE: Final = (20, 200)
"""What decisions are about and become; how many a meeting of the local committee takes on average; days
before the follow-up is known (hypothèse de démonstration)."""

BENEVOLES: Final = 0.12
HEURES: Final = 34.0
"""Volunteers over the people met, and the hours of each in a year (hypothèse de démonstration)."""

PREMIERE_ANNEE: Final = 2017

DIALECTES: Final = ("google", "outlook", "lasuite")

_ENTETES: Final = {
    "google": "PRODID:-//Google Inc//Google Calendar 70.9054//EN\nX-WR-TIMEZONE:Europe/Paris",
    "outlook": "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\n{zone}",
    "lasuite": "PRODID:-//La Suite//Calendars//FR\n{zone}",
}
_FUSEAUX: Final = {"google": "Europe/Paris", "outlook": "Romance Standard Time", "lasuite": "Europe/Paris"}
_REGLES: Final = """BEGIN:VTIMEZONE
TZID:{nom}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def calendriers(rng: np.random.Generator, lieu: Lieu) -> tuple[list[Row], dict[str, bytes]]:
    """The rows of the sheet « Calendriers » and its file; none of a small territory.

    A working group meets on the second Tuesday of the month, but for one date that is moved and one that is
    cancelled; there are some visits and some days of training.
    """
    if lieu.personnes < PETIT_TERRITOIRE:
        return [], {}
    dialecte = DIALECTES[lieu.rang % len(DIALECTES)]
    name = f"agenda-{lieu.code}.ics"
    rows: list[Row] = [
        {"fichier": name, "instance": "groupe_travail", "mots": "groupe de travail"},
        {"fichier": name, "instance": "visite", "mots": "visite ; accueil d'une délégation"},
        {"fichier": name, "instance": "formation", "mots": None},
    ]
    return rows, {name: _ics(dialecte, _evenements(rng, lieu, _FUSEAUX[dialecte]))}


def decisions(rng: np.random.Generator, lieu: Lieu, instances: Sequence[Row]) -> list[Row]:
    """The rows of the sheet « Décisions »: some at each meeting of the local committee."""
    rows: list[Row] = []
    if lieu.personnes < PETIT_TERRITOIRE:
        return rows
    for meeting in instances:
        for _ in range(int(rng.poisson(DECISIONS_PAR_CLE)) if meeting["instance"] == "cle" else 0):
            day = meeting["date"]
            assert isinstance(day, date)
            suite = str(rng.choice(SUITES, p=PARTS_SUITES))
            known = day + timedelta(days=int(rng.integers(*DELAI_SUITE)))
            is_known = suite != "aucune"
            if is_known and known > lieu.date_arrete:
                suite, is_known = "en_cours", False
            rows.append(
                {
                    "decision": f"D{len(rows) + 1}",
                    "instance": "cle",
                    "date": day,
                    "objet": str(rng.choice(OBJETS)),
                    "suite": suite,
                    "date_suite": known if is_known else None,
                }
            )
    return rows


def benevolat(rng: np.random.Generator, lieu: Lieu) -> list[Row]:
    """The rows of the sheet « Bénévolat »: whole years that are over when the data stop."""
    rows: list[Row] = []
    if lieu.personnes < PETIT_TERRITOIRE:
        return rows
    for year in range(PREMIERE_ANNEE, lieu.date_arrete.year):
        people = int(rng.poisson(BENEVOLES * lieu.personnes))
        hours = round(people * HEURES * float(rng.uniform(0.8, 1.2)), 1)
        rows.append({"annee": year, "benevoles": people, "heures": hours})
    return rows


def _evenements(rng: np.random.Generator, lieu: Lieu, zone: str) -> list[str]:
    """The events of a calendar: a recurrence with its exceptions, then what happens once."""
    first = _second_tuesday(2017, 9)
    cancelled, moved = _second_tuesday(2018, 8), _second_tuesday(2019, 5)
    new = moved + timedelta(days=7)
    group = f"groupe-{lieu.code}@exemple.invalid"
    at = f";TZID={zone}"
    found = [
        f"UID:{group}\nDTSTART{at}:{first:%Y%m%d}T140000\nDTEND{at}:{first:%Y%m%d}T160000\n"
        f"RRULE:FREQ=MONTHLY;BYDAY=2TU;UNTIL=20200310T130000Z\n"
        f"EXDATE{at}:{_second_tuesday(2018, 12):%Y%m%d}T140000\nSUMMARY:Groupe de travail activités",
        f"UID:{group}\nRECURRENCE-ID{at}:{cancelled:%Y%m%d}T140000\nDTSTART{at}:{cancelled:%Y%m%d}T140000\n"
        f"DTEND{at}:{cancelled:%Y%m%d}T160000\nSTATUS:CANCELLED\nSUMMARY:Groupe de travail activités",
        f"UID:{group}\nRECURRENCE-ID{at}:{moved:%Y%m%d}T140000\nDTSTART{at}:{new:%Y%m%d}T140000\n"
        f"DTEND{at}:{new:%Y%m%d}T163000\nSUMMARY:Groupe de travail activités",
    ]
    for rank in range(int(rng.integers(3, 7))):
        day = weekday(date(2017, 3, 1) + timedelta(days=int(rng.integers(0, 1050))))
        found.append(
            f"UID:visite-{rank}-{lieu.code}@exemple.invalid\nDTSTART{at}:{day:%Y%m%d}T100000\n"
            f"DTEND{at}:{day:%Y%m%d}T123000\nSUMMARY:Visite d'un territoire voisin"
        )
    for rank in range(int(rng.integers(2, 5))):
        day = weekday(date(2017, 6, 1) + timedelta(days=int(rng.integers(0, 950))))
        found.append(
            f"UID:formation-{rank}-{lieu.code}@exemple.invalid\nDTSTART;VALUE=DATE:{day:%Y%m%d}\n"
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}\nSUMMARY:Journée de formation de l'équipe"
        )
    return found


def _second_tuesday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(1 - first.weekday()) % 7 + 7)


def _ics(dialecte: str, events: Sequence[str]) -> bytes:
    zone = _REGLES.format(nom=_FUSEAUX[dialecte])
    bodies = "".join(f"BEGIN:VEVENT\nDTSTAMP:20210630T090000Z\n{event}\nEND:VEVENT\n" for event in events)
    head = _ENTETES[dialecte].format(zone=zone)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}\n{bodies}END:VCALENDAR\n".replace("\n", "\r\n").encode()
