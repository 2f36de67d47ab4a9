"""Calendars against truths counted by hand on the calendar of those years; what is refused, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.depot.lecteurs import calendrier
from analysis.depot.lecteurs.calendrier import Illisible, Prise, is_calendar, joined, read_calendrier, seances

from .agendas import CUSTOM, PARIS_OUTLOOK, ics

P = ";TZID=Europe/Paris"
"""The zone of Paris by its name."""

CLE = "UID:cle|SUMMARY:CLE"
WEEKLY = f"{CLE}|DTSTART{P}:20180607T140000|DTEND{P}:20180607T160000|RRULE:FREQ=WEEKLY;COUNT=4"
"""Four Thursdays of June 2018: 7, 14, 21, 28."""

MONTHLY = f"{CLE}|DTSTART{P}:20180109T140000|DTEND{P}:20180109T160000|RRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=4"
"""The second Tuesdays of January to April 2018: 9 January, 13 February, 13 March, 10 April."""


def exception(moment: str, start: str, *, more: str = "", zone: str = P) -> str:
    return f"{CLE}|RECURRENCE-ID{zone}:{moment}|DTSTART{zone}:{start}|DURATION:PT2H{more}"


TRUTHS: dict[str, tuple[list[str], str]] = {
    # once
    "one meeting": ([f"{CLE}|DTSTART{P}:20180614T140000|DTEND{P}:20180614T163000"], "2018-06-14 2.5"),
    "a length": ([f"{CLE}|DTSTART{P}:20180614T140000|DURATION:PT1H30M"], "2018-06-14 1.5"),
    "neither end nor length": ([f"{CLE}|DTSTART{P}:20180614T140000"], "2018-06-14 -"),
    "a whole day": ([f"{CLE}|DTSTART;VALUE=DATE:20180614|DTEND;VALUE=DATE:20180615"], "2018-06-14 -"),
    "three whole days are one meeting": (
        [f"{CLE}|DTSTART;VALUE=DATE:20180614|DTEND;VALUE=DATE:20180617"],
        "2018-06-14 -",
    ),
    "from one day to the next": (
        [f"{CLE}|DTSTART{P}:20180614T220000|DTEND{P}:20180615T010000"],
        "2018-06-14 3.0",
    ),
    "more than a day has no hours": (
        [f"{CLE}|DTSTART{P}:20180614T140000|DTEND{P}:20180616T160000"],
        "2018-06-14 -",
    ),
    "a leap day": ([f"{CLE}|DTSTART;VALUE=DATE:20200229"], "2020-02-29 -"),
    "cancelled": ([f"{CLE}|DTSTART{P}:20180614T140000|STATUS:CANCELLED"], "2018-06-14 - annulee"),
    "cancelled by its title": (
        [f"UID:a|SUMMARY:Annulé : CLE|DTSTART{P}:20180614T140000"],
        "2018-06-14 - annulee",
    ),
    "tentative is held": ([f"{CLE}|DTSTART{P}:20180614T140000|STATUS:TENTATIVE"], "2018-06-14 -"),
    "two events": (
        [f"UID:a|DTSTART{P}:20180614T140000", f"UID:b|DTSTART{P}:20180613T140000"],
        "2018-06-13 -, 2018-06-14 -",
    ),
    "two versions of one event, the last one counts": (
        [
            f"{CLE}|SEQUENCE:0|DTSTART{P}:20180614T140000",
            f"{CLE}|SEQUENCE:2|DTSTART{P}:20180618T140000",
            f"{CLE}|SEQUENCE:1|DTSTART{P}:20180616T140000",
        ],
        "2018-06-18 -",
    ),
    "without an identifier, two events are two": (
        [f"DTSTART{P}:20180614T140000", f"DTSTART{P}:20180615T140000"],
        "2018-06-14 -, 2018-06-15 -",
    ),
    # hours, zones
    "in UTC, the evening of a winter is the next day in Paris": (
        [f"{CLE}|DTSTART:20180110T233000Z|DURATION:PT1H"],
        "2018-01-11 1.0",
    ),
    "in UTC, half past nine of a summer evening is the same day": (
        [f"{CLE}|DTSTART:20180710T213000Z"],
        "2018-07-10 -",
    ),
    "in UTC, half past ten of a summer evening is the next day": (
        [f"{CLE}|DTSTART:20180710T223000Z"],
        "2018-07-11 -",
    ),
    "in UTC, half past ten of a winter evening is the same day": (
        [f"{CLE}|DTSTART:20180110T223000Z"],
        "2018-01-10 -",
    ),
    "an hour without a zone is that of Paris": ([f"{CLE}|DTSTART:20180614T003000"], "2018-06-14 -"),
    "in Réunion, three in the morning is the day before in Paris": (
        [f"{CLE}|DTSTART;TZID=Indian/Reunion:20180111T020000"],
        "2018-01-10 -",
    ),
    "in Cayenne, eight in the evening is the next day in Paris": (
        [f"{CLE}|DTSTART;TZID=America/Cayenne:20180110T210000"],
        "2018-01-11 -",
    ),
    "the night when summer begins lasts an hour less": (
        [f"{CLE}|DTSTART{P}:20180325T010000|DTEND{P}:20180325T040000"],
        "2018-03-25 2.0",
    ),
    "the night when summer ends lasts an hour more": (
        [f"{CLE}|DTSTART{P}:20181028T010000|DTEND{P}:20181028T040000"],
        "2018-10-28 4.0",
    ),
    # recurrences
    "four weeks": ([WEEKLY], "2018-06-07 2.0, 2018-06-14 2.0, 2018-06-21 2.0, 2018-06-28 2.0"),
    "every second week": (
        [f"{CLE}|DTSTART{P}:20180607T140000|RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3"],
        "2018-06-07 -, 2018-06-21 -, 2018-07-05 -",
    ),
    "two days a week": (
        [f"{CLE}|DTSTART{P}:20180604T140000|RRULE:FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4"],
        "2018-06-04 -, 2018-06-07 -, 2018-06-11 -, 2018-06-14 -",
    ),
    "every day": (
        [f"{CLE}|DTSTART{P}:20180629T140000|RRULE:FREQ=DAILY;COUNT=4"],
        "2018-06-29 -, 2018-06-30 -, 2018-07-01 -, 2018-07-02 -",
    ),
    "second Tuesdays": ([MONTHLY], "2018-01-09 2.0, 2018-02-13 2.0, 2018-03-13 2.0, 2018-04-10 2.0"),
    "last Fridays": (
        [f"{CLE}|DTSTART{P}:20180126T140000|RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3"],
        "2018-01-26 -, 2018-02-23 -, 2018-03-30 -",
    ),
    "first Mondays by their rank": (
        [f"{CLE}|DTSTART{P}:20180101T140000|RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;COUNT=3"],
        "2018-01-01 -, 2018-02-05 -, 2018-03-05 -",
    ),
    "the 31st, in the months that have one": (
        [f"{CLE}|DTSTART{P}:20180131T140000|RRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3"],
        "2018-01-31 -, 2018-03-31 -, 2018-05-31 -",
    ),
    "the last day of months": (
        [f"{CLE}|DTSTART{P}:20180131T140000|RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"],
        "2018-01-31 -, 2018-02-28 -, 2018-03-31 -",
    ),
    "each year on 29 February": (
        [f"{CLE}|DTSTART;VALUE=DATE:20160229|RRULE:FREQ=YEARLY"],
        "2016-02-29 -, 2020-02-29 -, 2024-02-29 -",
    ),
    "each quarter": (
        [f"{CLE}|DTSTART{P}:20180315T140000|RRULE:FREQ=MONTHLY;INTERVAL=3;COUNT=4"],
        "2018-03-15 -, 2018-06-15 -, 2018-09-15 -, 2018-12-15 -",
    ),
    "whole days each week": (
        [f"{CLE}|DTSTART;VALUE=DATE:20180607|RRULE:FREQ=WEEKLY;COUNT=3"],
        "2018-06-07 -, 2018-06-14 -, 2018-06-21 -",
    ),
    "until a day, its meeting included": (
        [f"{CLE}|DTSTART{P}:20180607T140000|RRULE:FREQ=WEEKLY;UNTIL=20180621"],
        "2018-06-07 -, 2018-06-14 -, 2018-06-21 -",
    ),
    "until an hour in UTC, that of the meeting": (
        [f"{CLE}|DTSTART{P}:20180607T140000|RRULE:FREQ=WEEKLY;UNTIL=20180621T120000Z"],
        "2018-06-07 -, 2018-06-14 -, 2018-06-21 -",
    ),
    "until an hour in UTC, a minute before the meeting": (
        [f"{CLE}|DTSTART{P}:20180607T140000|RRULE:FREQ=WEEKLY;UNTIL=20180621T115900Z"],
        "2018-06-07 -, 2018-06-14 -",
    ),
    "late in the evening across the beginning of summer": (
        [f"{CLE}|DTSTART{P}:20180319T233000|RRULE:FREQ=WEEKLY;COUNT=3"],
        "2018-03-19 -, 2018-03-26 -, 2018-04-02 -",
    ),
    "just after midnight across the end of summer": (
        [f"{CLE}|DTSTART{P}:20181022T003000|RRULE:FREQ=WEEKLY;COUNT=3"],
        "2018-10-22 -, 2018-10-29 -, 2018-11-05 -",
    ),
    "in UTC, a weekly evening becomes the next day when summer begins": (
        [f"{CLE}|DTSTART:20180318T223000Z|RRULE:FREQ=WEEKLY;COUNT=3"],
        "2018-03-18 -, 2018-03-26 -, 2018-04-02 -",
    ),
    "without an end, inside the experiment alone": (
        [f"{CLE}|DTSTART;VALUE=DATE:20141231|RRULE:FREQ=YEARLY;INTERVAL=4"],
        "2018-12-31 -, 2022-12-31 -, 2026-12-31 -",
    ),
    # exceptions
    "a date taken out": (
        [f"{WEEKLY}|EXDATE{P}:20180614T140000"],
        "2018-06-07 2.0, 2018-06-21 2.0, 2018-06-28 2.0",
    ),
    "two dates taken out on one line": (
        [f"{WEEKLY}|EXDATE{P}:20180614T140000,20180628T140000"],
        "2018-06-07 2.0, 2018-06-21 2.0",
    ),
    "two dates taken out on two lines": (
        [f"{WEEKLY}|EXDATE{P}:20180607T140000|EXDATE{P}:20180628T140000"],
        "2018-06-14 2.0, 2018-06-21 2.0",
    ),
    "a date taken out in UTC": (
        [f"{WEEKLY}|EXDATE:20180614T120000Z"],
        "2018-06-07 2.0, 2018-06-21 2.0, 2018-06-28 2.0",
    ),
    "a day taken out": (
        [f"{WEEKLY}|EXDATE;VALUE=DATE:20180621"],
        "2018-06-07 2.0, 2018-06-14 2.0, 2018-06-28 2.0",
    ),
    "a date taken out at another hour is no date of it": (
        [f"{WEEKLY}|EXDATE{P}:20180614T150000"],
        "2018-06-07 2.0, 2018-06-14 2.0, 2018-06-21 2.0, 2018-06-28 2.0",
    ),
    "a whole day taken out": (
        [f"{CLE}|DTSTART;VALUE=DATE:20180607|RRULE:FREQ=WEEKLY;COUNT=3|EXDATE;VALUE=DATE:20180614"],
        "2018-06-07 -, 2018-06-21 -",
    ),
    "a date added": (
        [f"{CLE}|DTSTART{P}:20180607T140000|RDATE{P}:20180620T100000"],
        "2018-06-07 -, 2018-06-20 -",
    ),
    "one moved to another day": (
        [MONTHLY, exception("20180213T140000", "20180220T140000")],
        "2018-01-09 2.0, 2018-02-20 2.0 deplacee, 2018-03-13 2.0, 2018-04-10 2.0",
    ),
    "one moved to another hour is on its day": (
        [MONTHLY, exception("20180213T140000", "20180213T170000")],
        "2018-01-09 2.0, 2018-02-13 2.0, 2018-03-13 2.0, 2018-04-10 2.0",
    ),
    "one moved, named in UTC": (
        [MONTHLY, exception("20180213T130000Z", "20180219T130000Z", zone="")],
        "2018-01-09 2.0, 2018-02-19 2.0 deplacee, 2018-03-13 2.0, 2018-04-10 2.0",
    ),
    "one cancelled": (
        [MONTHLY, exception("20180313T140000", "20180313T140000", more="|STATUS:CANCELLED")],
        "2018-01-09 2.0, 2018-02-13 2.0, 2018-03-13 2.0 annulee, 2018-04-10 2.0",
    ),
    "one moved twice, the last revision counts": (
        [
            MONTHLY,
            exception("20180213T140000", "20180220T140000", more="|SEQUENCE:1"),
            exception("20180213T140000", "20180227T140000", more="|SEQUENCE:2"),
        ],
        "2018-01-09 2.0, 2018-02-27 2.0 deplacee, 2018-03-13 2.0, 2018-04-10 2.0",
    ),
    "one moved onto the day of the next": (
        [MONTHLY, exception("20180213T140000", "20180313T100000")],
        "2018-01-09 2.0, 2018-03-13 2.0 deplacee, 2018-03-13 2.0, 2018-04-10 2.0",
    ),
    "this one and those after it, a day later": (
        [
            MONTHLY,
            f"{CLE}|RECURRENCE-ID;RANGE=THISANDFUTURE{P}:20180313T140000|DTSTART{P}:20180314T140000"
            "|DURATION:PT3H",
        ],
        "2018-01-09 2.0, 2018-02-13 2.0, 2018-03-14 3.0 deplacee, 2018-04-11 3.0 deplacee",
    ),
    "an exception whose rule is not in the file": (
        [exception("20180213T140000", "20180220T140000")],
        "2018-02-20 2.0 deplacee",
    ),
    # out of the experiment's days
    "the day before the law is out, that of the law is in": (
        ["UID:a|DTSTART;VALUE=DATE:20160228", "UID:b|DTSTART;VALUE=DATE:20160229"],
        "2016-02-29 -",
    ),
    "the last day is in, the next is out": (
        ["UID:a|DTSTART;VALUE=DATE:20261231", "UID:b|DTSTART;VALUE=DATE:20270101"],
        "2026-12-31 -",
    ),
}


def told(content: bytes) -> str:
    """The meetings as a line: day, hours, and their state when they are not simply held."""
    return ", ".join(
        f"{s.jour} {'-' if s.duree is None else s.duree}{'' if s.etat == 'tenue' else ' ' + s.etat}"
        for s in seances(content)
    )


def test_there_are_fifty_truths_and_more() -> None:
    assert len(TRUTHS) >= 50


@pytest.mark.parametrize("name", TRUTHS)
def test_the_meetings_are_those_counted_by_hand(name: str) -> None:
    events, expected = TRUTHS[name]
    assert told(ics(*events)) == expected


@pytest.mark.parametrize(
    ("head", "zone"),
    [
        ("PRODID:-//Google Inc//Google Calendar 70.9054//EN\nX-WR-TIMEZONE:Europe/Paris", "Europe/Paris"),
        (
            f"PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\n{PARIS_OUTLOOK}",
            "Romance Standard Time",
        ),
        ("PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", "W. Europe Standard Time"),
        (f"PRODID:Microsoft Exchange Server 2010\n{CUSTOM}", "Customized Time Zone"),
        (
            "PRODID:-//IDN nextcloud.com//Calendar app 4.7.16//EN\n"
            + PARIS_OUTLOOK.replace("Romance Standard Time", "Europe/Paris"),
            "Europe/Paris",
        ),
        (
            "PRODID:-//La Suite//Calendars//FR\n"
            + PARIS_OUTLOOK.replace("Romance Standard Time", "Europe/Paris"),
            "Europe/Paris",
        ),
    ],
    ids=["google", "outlook", "outlook-without-its-zone", "exchange", "nextcloud", "la-suite"],
)
def test_each_agenda_tells_the_same_days(head: str, zone: str) -> None:
    """Half past eleven on Monday evenings, with one taken out, one moved and one cancelled."""
    at = f";TZID={zone}"
    content = ics(
        f"{CLE}|DTSTART{at}:20180319T233000|DTEND{at}:20180320T003000|RRULE:FREQ=WEEKLY;UNTIL=20180416T213000Z"
        f"|EXDATE{at}:20180402T233000",
        f"{CLE}|RECURRENCE-ID{at}:20180409T233000|DTSTART{at}:20180410T233000|DTEND{at}:20180411T003000",
        f"{CLE}|RECURRENCE-ID{at}:20180416T233000|DTSTART{at}:20180416T233000|STATUS:CANCELLED",
        head=head,
    )
    expected = "2018-03-19 1.0, 2018-03-26 1.0, 2018-04-10 1.0 deplacee, 2018-04-16 - annulee"
    assert told(content) == expected


def test_a_calendar_that_cancels_holds_nothing() -> None:
    content = ics(f"{CLE}|DTSTART{P}:20180614T140000", head="PRODID:x\nMETHOD:CANCEL")
    assert told(content) == "2018-06-14 - annulee"


def test_times_without_a_zone_are_of_the_zone_that_the_calendar_tells() -> None:
    content = ics(f"{CLE}|DTSTART:20180110T210000", head="PRODID:x\nX-WR-TIMEZONE:America/Cayenne")
    assert told(content) == "2018-01-11 -"


def test_other_components_are_no_meetings() -> None:
    todo = "PRODID:x\nBEGIN:VTODO\nUID:t\nDTSTART:20180614T140000Z\nEND:VTODO"
    assert told(ics(f"{CLE}|DTSTART{P}:20180615T140000", head=todo)) == "2018-06-15 -"


HOSTILE: dict[str, tuple[bytes, str, str]] = {
    "a hundred thousand events": (
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 100_000 + b"END:VCALENDAR\r\n",
        "calendrier_demesure",
        "100\u202f000 évènements",
    ),
    "each second": (
        ics(f"{CLE}|DTSTART{P}:20180614T140000|RRULE:FREQ=SECONDLY"),
        "calendrier_recurrence",
        "plus fréquente qu'un jour",
    ),
    "each minute, its rule cut in two lines": (
        ics(f"{CLE}|DTSTART{P}:20180614T140000|RRULE:FREQ=MIN| UTELY"),
        "calendrier_recurrence",
        "plus fréquente qu'un jour",
    ),
    "each hour": (
        ics(f"{CLE}|DTSTART{P}:20180614T140000|rrule;X-A=b:COUNT=3;FREQ=hourly"),
        "calendrier_recurrence",
        "plus fréquente qu'un jour",
    ),
    "each minute of each day": (
        ics(f"{CLE}|DTSTART{P}:20180614T140000|RRULE:FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,1,2"),
        "calendrier_recurrence",
        "plusieurs fois par jour",
    ),
    "an interval of nothing": (
        ics(f"{CLE}|DTSTART{P}:20180614T140000|RRULE:FREQ=DAILY;INTERVAL=0"),
        "calendrier_recurrence",
        "intervalle nul",
    ),
    "a rule of exceptions": (
        ics(f"{WEEKLY}|EXRULE:FREQ=WEEKLY;INTERVAL=2"),
        "calendrier_recurrence",
        "EXRULE",
    ),
    "a recurrence that never falls": (
        ics(f"{CLE}|DTSTART{P}:20180614T140000|RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        "calendrier_recurrence",
        "ne tombe jamais",
    ),
    "a recurrence since the year 1": (
        ics(f"{CLE}|DTSTART{P}:00010101T140000|RRULE:FREQ=DAILY"),
        "calendrier_recurrence",
        "commence avant 1970",
    ),
    "every day of ten years, twice": (
        ics(*(f"UID:{n}|DTSTART;VALUE=DATE:20160301|RRULE:FREQ=DAILY" for n in range(150))),
        "calendrier_demesure",
        "réunions",
    ),
    "too many recurrences": (
        ics(*(f"UID:{n}|DTSTART;VALUE=DATE:20160301|RRULE:FREQ=YEARLY" for n in range(201))),
        "calendrier_demesure",
        "201 récurrences",
    ),
    "the year ten thousand": (
        ics(f"{CLE}|DTSTART{P}:100000101T140000"),
        "calendrier_illisible",
        "mal écrite",
    ),
    "a date that does not exist": (
        ics(f"{CLE}|DTSTART{P}:20180230T140000"),
        "calendrier_illisible",
        "mal écrite",
    ),
    "no beginning": (ics(CLE), "calendrier_illisible", "mal écrite"),
    "an end before the beginning": (
        ics(f"{CLE}|DTSTART{P}:20180614T140000|DTEND{P}:20180614T120000"),
        "calendrier_illisible",
        "finit avant de commencer",
    ),
    "a zone that nobody knows": (
        ics(f"{CLE}|DTSTART;TZID=Lune/Copernic:20180614T140000"),
        "calendrier_illisible",
        "fuseau est inconnu",
    ),
    "cut in the middle": (
        ics(f"{CLE}|DTSTART{P}:20180614T140000")[:-20],
        "calendrier_illisible",
        "coupé",
    ),
    "a page": (b"<html><body>Connexion</body></html>", "calendrier_illisible", "n'est pas un calendrier"),
    "nothing": (b"", "calendrier_illisible", "n'est pas un calendrier"),
    "one endless line": (
        ics(f"{CLE}|DTSTART{P}:20180614T140000|DESCRIPTION:{'a' * 30_000}"),
        "calendrier_demesure",
        "une ligne de plus de",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_calendar_is_refused_with_a_clear_word(name: str, tmp_path: Path) -> None:
    content, rule, words = HOSTILE[name]
    path = tmp_path / "agenda.ics"
    path.write_bytes(content)
    lecture = read_calendrier(path, [Prise("cle")])
    (constat,) = lecture.constats
    assert constat.regle == rule and words in constat.trouve and constat.remede
    assert lecture.frame.empty


def test_a_huge_file_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "agenda.ics"
    with path.open("wb") as file:
        file.truncate(calendrier.LARGEST + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda _self: pytest.fail("it was read"))
    (constat,) = read_calendrier(path, [Prise("cle")]).constats
    assert constat.regle == "calendrier_demesure"


def written(tmp_path: Path, *events: str) -> Path:
    path = tmp_path / "agenda.ics"
    path.write_bytes(ics(*events))
    return path


GROUP = f"UID:g|SUMMARY:Groupe de travail « bois »|DTSTART{P}:20180620T140000"
COMMITTEE = f"UID:c|SUMMARY:Comité local pour l'emploi|DTSTART{P}:20180614T140000"


def test_titles_tell_the_instance_and_are_not_kept(tmp_path: Path) -> None:
    path = written(tmp_path, COMMITTEE, GROUP)
    lecture = read_calendrier(
        path, [Prise.of("cle", "comité local ; CLE"), Prise.of("groupe_travail", "groupe")]
    )
    assert list(lecture.frame.columns) == ["instance", "date", "duree", "etat"]
    assert lecture.frame[["instance", "date"]].to_numpy().tolist() == [
        ["cle", "2018-06-14"],
        ["groupe_travail", "2018-06-20"],
    ]


def test_nobody_and_no_description_is_kept(tmp_path: Path) -> None:
    people = (
        "|ORGANIZER;CN=Jeanne Martin:mailto:jeanne.martin@exemple.fr|ATTENDEE;CN=Paul Petit:mailto:p@exemple.fr"
        "|DESCRIPTION:Situation de Mme Durand|LOCATION:chez M. Leroy|COMMENT:appeler le 06 12 34 56 78"
    )
    lecture = read_calendrier(written(tmp_path, COMMITTEE + people), [Prise("cle")])
    kept = lecture.frame.to_csv() + " ".join(map(str, lecture.constats))
    for word in ("Martin", "Petit", "Durand", "Leroy", "exemple.fr", "06 12", "Comité"):
        assert word not in kept
    assert len(lecture.frame) == 1


def test_a_line_without_words_takes_what_the_others_leave(tmp_path: Path) -> None:
    path = written(tmp_path, COMMITTEE, GROUP)
    lecture = read_calendrier(path, [Prise.of("cle", "comité"), Prise("autre")])
    assert lecture.frame["instance"].tolist() == ["cle", "autre"] and lecture.constats == ()


def test_a_word_inside_another_is_not_that_word(tmp_path: Path) -> None:
    path = written(tmp_path, f"UID:r|SUMMARY:Groupe de travail recyclerie|DTSTART{P}:20180614T140000")
    lecture = read_calendrier(path, [Prise.of("cle", "CLE"), Prise.of("groupe_travail", "groupe de travail")])
    assert lecture.frame["instance"].tolist() == ["groupe_travail"] and lecture.constats == ()


@pytest.mark.parametrize(
    "title", ["CLE", "cle du 14 juin", "Réunion du C.L.E., CLE", "[CLE] : ordre du jour"]
)
def test_a_word_is_found_whatever_stands_around_it(title: str, tmp_path: Path) -> None:
    path = written(tmp_path, f"UID:r|SUMMARY:{title}|DTSTART{P}:20180614T140000")
    assert read_calendrier(path, [Prise.of("cle", "comité local ; CLE")]).frame["instance"].tolist() == [
        "cle"
    ]


def test_what_no_line_takes_is_told_and_not_counted(tmp_path: Path) -> None:
    lecture = read_calendrier(written(tmp_path, COMMITTEE, GROUP), [Prise.of("cle", "comité")])
    (constat,) = lecture.constats
    assert constat.regle == "calendrier_titre" and "1 date sur 2" in constat.trouve
    assert len(lecture.frame) == 1


def test_a_title_that_two_instances_take_refuses_the_calendar(tmp_path: Path) -> None:
    both = f"UID:c|SUMMARY:Groupe de travail du comité|DTSTART{P}:20180614T140000"
    lines = [Prise.of("cle", "comité"), Prise.of("groupe_travail", "groupe")]
    lecture = read_calendrier(written(tmp_path, both), lines)
    assert [c.regle for c in lecture.constats] == ["calendrier_ambigu"] and lecture.frame.empty


def test_two_lines_without_words_refuse_the_calendar(tmp_path: Path) -> None:
    lecture = read_calendrier(written(tmp_path, COMMITTEE), [Prise("cle"), Prise("autre")])
    assert [c.regle for c in lecture.constats] == ["calendrier_ambigu"]


def test_what_is_after_the_last_day_of_the_data_is_not_read(tmp_path: Path) -> None:
    from datetime import date

    lecture = read_calendrier(written(tmp_path, COMMITTEE, GROUP), [Prise("cle")], arrete=date(2018, 6, 14))
    assert lecture.frame["date"].tolist() == ["2018-06-14"]


def test_several_calendars_make_one_table(tmp_path: Path) -> None:
    first = read_calendrier(written(tmp_path, COMMITTEE), [Prise("cle")])
    second = read_calendrier(written(tmp_path, GROUP), [Prise.of("cle", "comité")])
    both = joined([first, second, first])
    assert both.frame.index.tolist() == [1, 2] and both.lues == 2
    assert [c.regle for c in both.constats] == ["calendrier_titre"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ics(COMMITTEE), True),
        (b"\xef\xbb\xbf" + ics(COMMITTEE), True),
        (b"\r\nbegin:vcalendar\r\n", True),
        (b"JournalCode|JournalLib", False),
        (b"", False),
    ],
)
def test_a_calendar_is_known_by_its_first_line(content: bytes, expected: bool, tmp_path: Path) -> None:
    path = tmp_path / "sans-extension"
    path.write_bytes(content)
    assert is_calendar(path) is expected


def test_the_refusal_says_nothing_of_what_the_file_holds(tmp_path: Path) -> None:
    path = written(tmp_path, f"UID:c|SUMMARY:Mme Durand|DTSTART{P}:2018MmeDurand")
    (constat,) = read_calendrier(path, [Prise("cle")]).constats
    assert "Durand" not in str(constat)
    with pytest.raises(Illisible) as refused:
        seances(path.read_bytes())
    assert refused.value.__cause__ is None
