"""Calendars as agendas write them, cut to what a test is about."""

from __future__ import annotations

PARIS_OUTLOOK = """BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""

CUSTOM = PARIS_OUTLOOK.replace("Romance Standard Time", "Customized Time Zone")
"""The zone of Paris under a name that nobody knows: its rules alone tell it."""


def ics(*events: str, head: str = "PRODID:-//essai//FR") -> bytes:
    """A calendar of these events; each is the lines between its BEGIN and its END, cut by « | »."""
    bodies = "".join(f"BEGIN:VEVENT\n{event.strip().replace('|', chr(10))}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\n{head.strip()}\n{bodies}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()
