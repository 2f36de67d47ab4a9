"""Read a calendar (.ics) without trusting it: its meetings day by day, as Paris counts days.

What is measured comes first: the size of the file, its lines, its events, its recurrence rules. Only then is
it parsed, and every recurrence is expanded inside :data:`FENETRE` alone. Titles tell the instance of a meeting
and are dropped; who organises, who attends, where and why are never looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd
from dateutil.rrule import rrulestr
from icalendar import Calendar

from analysis.depot.formes.constats import Constat, file_name
from analysis.depot.formes.lecture import Lecture
from analysis.noyau.french import counted

FENETRE: Final = (date(2016, 2, 29), date(2026, 12, 31))
"""The days of the experiment: that of the first law, and the end that is announced; nothing is read out of them."""

PARIS: Final = ZoneInfo("Europe/Paris")

LARGEST: Final = 4 * 2**20
MOST_EVENTS: Final = 3_000
MOST_RULES: Final = 200
MOST_MEETINGS: Final = 6_000
LONGEST_LINE: Final = 20_000
"""Limits, in bytes, events, rules, meetings of a file, characters of a line once unfolded: a committee of ten
years has some six hundred meetings."""

Evenement = Any
"""An event of the library: its properties have as many types as the format has values."""

COLUMNS: Final = ("instance", "date", "duree", "etat")

_EARLIEST: Final = 1970
_CYCLE: Final = next(
    years
    for years in range(9900 - _EARLIEST + 2, 9999 - FENETRE[1].year, 4)
    if date(2000 + years, 1, 1).weekday() == date(2000, 1, 1).weekday()
)
"""The years to the last ones that a date can tell whose days, from ``_EARLIEST`` to the end of the experiment, have
the same names: no century stands among them but 2000, which has its 29 February."""

_WHOLE_DAY: Final = 24
_CANCELLED: Final = (" annule ", " annulee ", " canceled ", " cancelled ")
_WORD = re.compile(r"[^\W_]+")
_EVENT = re.compile(rb"^BEGIN[ \t]*:[ \t]*VEVENT[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"^END[ \t]*:[ \t]*VCALENDAR[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_RULE = re.compile(r"^(RRULE|EXRULE)(?:;[^:\n]*)?:(.*)$", re.IGNORECASE | re.MULTILINE)
_FREQ = re.compile(r"(?:^|;)\s*FREQ\s*=\s*([A-Z]+)", re.IGNORECASE)
_INTERVAL = re.compile(r"(?:^|;)\s*INTERVAL\s*=\s*0*(?:;|$)", re.IGNORECASE)
_WITHIN_A_DAY = re.compile(r"(?:^|;)\s*(?:BYHOUR|BYMINUTE|BYSECOND)\s*=\s*[^;]*,", re.IGNORECASE)
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


@dataclass(frozen=True)
class Prise:
    """What a line of the workbook takes of a calendar: the meetings of one instance, by words of their title.

    Without words, it takes all those that no other line takes.
    """

    instance: str
    mots: tuple[str, ...] = ()

    @classmethod
    def of(cls, instance: str, mots: str) -> Prise:
        """What a line takes, its words cut at semicolons.

        >>> Prise.of("cle", "Comité local ; CLE").mots
        (' comite local ', ' cle ')
        """
        return cls(instance, tuple(words for part in mots.split(";") if (words := as_words(part)).strip()))


@dataclass(frozen=True)
class Seance:
    """A meeting of a calendar: its title's words, its day in Paris, its hours (None for a whole day), its state."""

    titre: str
    jour: date
    duree: float | None
    etat: str


def as_words(text: str) -> str:
    """A text as its words between blanks, whatever its case, accents and signs: « cle » is no part of « recyclerie ».

    >>> as_words("Comité local (CLE)"), " cle " in as_words("Recyclerie")
    (' comite local cle ', False)
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return f" {' '.join(_WORD.findall(bare))} "


class Illisible(Exception):
    """A calendar that is not read: the rule that it breaks, what was found, what to do."""

    def __init__(self, found: str, remedy: str, rule: str = "calendrier_illisible") -> None:
        super().__init__(found)
        self.found, self.remedy, self.rule = found, remedy, rule


def is_calendar(path: Path) -> bool:
    """Whether a file is a calendar, by its first line that says something."""
    with path.open("rb") as file:
        head = file.read(2_000)
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(b"BEGIN:VCALENDAR")


def read_calendrier(path: Path, prises: Sequence[Prise], *, arrete: date = FENETRE[1]) -> Lecture:
    """The meetings of a calendar, one row a date, until the day at which the data stop.

    Columns ``COLUMNS``: ``duree`` in hours, blank for a whole day; ``etat`` « tenue », « deplacee », « annulee ».
    A title that no line takes is left out, and counted; one that two lines take for two instances refuses the
    file: it could mean either. A calendar that is too large, broken, or that recurs within a day is refused whole.
    """
    name = file_name(path)
    try:
        if path.stat().st_size > LARGEST:
            raise _demesure(f"un fichier de {path.stat().st_size // 2**20} Mo")
        found = [s for s in seances(path.read_bytes()) if s.jour <= arrete]
        taken = _taken(found, prises)
    except Illisible as refused:
        constat = Constat(
            refused.rule, name, refused.found, "un calendrier (.ics) que l'on peut lire", refused.remedy
        )
        return Lecture("reunions", name, "", pd.DataFrame(columns=list(COLUMNS)), 0, 0, (constat,))
    rows = [
        (instance, s.jour.isoformat(), s.duree, s.etat)
        for s, instance in zip(found, taken, strict=True)
        if instance
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"duree": float})
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="ligne")
    return Lecture("reunions", name, "", frame, len(frame), 0, tuple(_left(name, found, taken)))


def joined(lectures: Sequence[Lecture]) -> Lecture:
    """The meetings of several calendars as one table, each with its findings."""
    frame = pd.concat([lecture.frame for lecture in lectures], ignore_index=True)
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="ligne")
    names = ", ".join(lecture.fichier for lecture in lectures)
    found = tuple(constat for lecture in lectures for constat in lecture.constats)
    return Lecture("reunions", names, "", frame, len(frame), 0, found)


def _left(name: str, found: Sequence[Seance], taken: Sequence[str]) -> Iterator[Constat]:
    """A finding for the meetings that no line of the workbook takes."""
    left = sum(not instance for instance in taken)
    if left:
        told = f"{counted(left, 'date', 'dates')} sur {len(found)} dont aucune ligne ne prend le titre"
        remedy = "Ajoutez une ligne pour leur instance, ou des mots de leur titre ; sinon elles ne sont pas comptées."
        yield Constat("calendrier_titre", name, told, "une ligne de la feuille Calendriers", remedy)


def _taken(found: Sequence[Seance], prises: Sequence[Prise]) -> list[str]:
    """The instance of each meeting, empty where no line takes it; raises Illisible where two do."""
    others = [prise.instance for prise in prises if not prise.mots]
    if len(others) > 1:
        raise Illisible(
            "plusieurs lignes sans mots du titre pour ce calendrier",
            "Gardez-en une seule sans mots : elle prend toutes les réunions que les autres ne prennent pas.",
            "calendrier_ambigu",
        )
    rest = others[0] if others else ""
    instances: dict[str, str] = {}
    for title in {seance.titre for seance in found}:
        named = {prise.instance for prise in prises if any(word in title for word in prise.mots)}
        if len(named) > 1:
            raise Illisible(
                f"des réunions dont le titre dit {len(named)} instances à la fois",
                "Choisissez des mots qu'un seul type de réunion porte dans son titre.",
                "calendrier_ambigu",
            )
        instances[title] = named.pop() if named else rest
    return [instances[seance.titre] for seance in found]


def seances(content: bytes) -> list[Seance]:
    """Every meeting of a calendar inside the experiment's days, by day; raises Illisible for one that is refused."""
    measured(content)
    try:
        calendar = Calendar.from_ical(content)
        is_cancelled = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        told = _of_series(calendar.walk("VEVENT"), _zone(calendar), is_cancelled=is_cancelled)
        found = list(islice(told, MOST_MEETINGS + 1))
    except Illisible:
        raise
    except Exception:  # whatever a broken file makes the library do; its words may quote someone
        raise Illisible(
            "un calendrier dont une date, une récurrence ou une ligne est mal écrite",
            "Exportez-le à nouveau depuis l'agenda, sans l'ouvrir dans un éditeur de texte.",
        ) from None
    if len(found) > MOST_MEETINGS:
        raise _demesure(f"plus de {MOST_MEETINGS} réunions")
    return sorted(found, key=lambda seance: (seance.jour, seance.titre, seance.etat))


def measured(content: bytes) -> None:
    """Refuse what is too large, is no calendar or recurs within a day, before anything is parsed."""
    if (events := len(_EVENT.findall(content))) > MOST_EVENTS:
        raise _demesure(f"{events:,} évènements".replace(",", "\u202f"))
    if not content.removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(b"BEGIN:VCALENDAR"):
        raise Illisible(
            "un fichier qui n'est pas un calendrier",
            "Exportez l'agenda au format iCalendar (.ics) et placez ce fichier-là dans le dossier.",
        )
    if not _END.search(content):
        raise Illisible(
            "un calendrier coupé : sa dernière ligne manque",
            "Téléchargez-le à nouveau en entier.",
        )
    text = re.sub(r"\r?\n[ \t]", "", content.decode("utf-8", "replace"))
    if any(len(line) > LONGEST_LINE for line in text.splitlines()):
        raise _demesure(f"une ligne de plus de {LONGEST_LINE} caractères")
    rules = _RULE.findall(text)
    if len(rules) > MOST_RULES:
        raise _demesure(f"{len(rules)} récurrences")
    for name, rule in rules:
        _bounded(name.upper(), rule.strip())


def _bounded(name: str, rule: str) -> None:
    """Refuse a recurrence that is not of whole days."""
    if name == "EXRULE":
        raise _recurrence("une règle d'exception (EXRULE), que le format a abandonnée")
    frequency = _FREQ.search(rule)
    if frequency is None or frequency[1].upper() not in _FREQUENCIES:
        raise _recurrence("une récurrence plus fréquente qu'un jour, ou sans fréquence")
    if _INTERVAL.search(rule):
        raise _recurrence("une récurrence d'intervalle nul")
    if _WITHIN_A_DAY.search(rule):
        raise _recurrence("une récurrence de plusieurs fois par jour")


def _demesure(found: str) -> Illisible:
    remedy = "Exportez l'agenda des seules réunions de l'expérimentation."
    return Illisible(found, remedy, "calendrier_demesure")


def _recurrence(found: str) -> Illisible:
    remedy = "Refaites cette réunion récurrente par jour, semaine, mois ou année, puis exportez à nouveau l'agenda."
    return Illisible(found, remedy, "calendrier_recurrence")


def _zone(calendar: Any) -> ZoneInfo:
    """The zone of times that name none: the one that a calendar tells of itself, else Paris."""
    try:
        return ZoneInfo(str(calendar.get("X-WR-TIMEZONE", PARIS.key)))
    except (KeyError, ValueError, OSError):
        return PARIS


def _of_series(events: Iterable[Evenement], zone: ZoneInfo, *, is_cancelled: bool) -> Iterator[Seance]:
    """The meetings of each series: the events of one identifier, exceptions with their rule."""
    series: dict[str, list[Evenement]] = defaultdict(list)
    for rank, event in enumerate(events):
        series[str(event.get("UID") or rank)].append(event)
    for group in series.values():
        for seance in _Serie.of(group, zone).seances():
            yield replace(seance, etat="annulee") if is_cancelled else seance


@dataclass(frozen=True)
class _Serie:
    """One event or one recurrence: what recurs (None where the file has its exceptions alone), what changed.

    ``changed`` holds the exceptions by the moment that they replace: an instant in UTC, or a day.
    """

    whole: Evenement | None
    changed: Mapping[date | datetime, Evenement]
    zone: ZoneInfo

    @classmethod
    def of(cls, group: Iterable[Evenement], zone: ZoneInfo) -> _Serie:
        """A series; of two versions of one event, the one that was revised last counts."""
        masters: list[Evenement] = []
        exceptions: dict[Any, list[Evenement]] = defaultdict(list)
        for event in group:
            moment = event.get("RECURRENCE-ID")
            if moment is None:
                masters.append(event)
            else:
                exceptions[moment.dt].append(event)
        whole = _last_revised(masters) if masters else None
        by_day = whole is not None and _is_day(whole["DTSTART"].dt)
        found = {_moment(m, zone, by_day=by_day): _last_revised(group) for m, group in exceptions.items()}
        return cls(whole, found, zone)

    def seances(self) -> Iterator[Seance]:
        """The dates of the rule less those excepted, then each exception in its own place."""
        later = [moment for moment, event in self.changed.items() if _is_and_future(event)]
        for start in self._dates():
            before = [moment for moment in later if self._instant(moment) <= self._instant(start)]
            if not before:
                yield from self._told(self.whole, start)
                continue
            origin = max(before, key=self._instant)
            event = self.changed[origin]
            moved = _start(event, self.zone) - self._local(origin, event)
            yield from self._told(event, start + moved, instead_of=start)
        for moment, event in self.changed.items():
            yield from self._told(event, _start(event, self.zone), instead_of=moment)

    def _dates(self) -> Iterator[date | datetime]:
        """When the series falls inside the experiment's days, its exceptions apart."""
        if self.whole is None:
            return
        start = _start(self.whole, self.zone)
        dropped = {*self.changed, *self._listed("EXDATE")}
        starts = {
            *_recurring(self.whole, start),
            *(self._local(m, self.whole) for m in self._listed("RDATE")),
        }
        for found in sorted(starts):
            names = {found} if _is_day(found) else {found.astimezone(UTC), found.date()}
            if dropped.isdisjoint(names):
                yield found

    def _listed(self, name: str) -> Iterator[date | datetime]:
        """The moments of a list of dates, whichever way it is cut; a period is its beginning."""
        whole: Evenement = self.whole
        lists = whole.get(name, [])
        for dates in lists if isinstance(lists, list) else [lists]:
            for one in dates.dts:
                moment = one.dt[0] if isinstance(one.dt, tuple) else one.dt
                yield _moment(moment, self.zone, by_day=_is_day(whole["DTSTART"].dt))

    def _local(self, moment: date | datetime, event: Evenement) -> Any:
        """A moment as the start of an event is told: a day, or the hour in its zone."""
        start = _start(event, self.zone)
        if _is_day(start):
            return moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment
        if isinstance(moment, datetime):
            return moment.astimezone(start.tzinfo)
        return datetime.combine(moment, start.timetz())

    def _instant(self, moment: date | datetime) -> datetime:
        return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), PARIS)

    def _told(
        self, event: Evenement | None, start: Any, *, instead_of: date | datetime | None = None
    ) -> Iterator[Seance]:
        """The meeting of an event at a moment, when it is within the experiment's days."""
        day = _day(start)
        if event is None or not FENETRE[0] <= day <= FENETRE[1]:
            return
        title = as_words(str(event.get("SUMMARY", "")))
        has_moved = instead_of is not None and _day(instead_of) != day
        is_cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED" or title.startswith(_CANCELLED)
        state = "annulee" if is_cancelled else "deplacee" if has_moved else "tenue"
        yield Seance(title, day, _hours(event, self.zone), state)


def _recurring(event: Evenement, start: Any) -> Iterator[Any]:
    """The first date of an event, then those of its rules, as its own zone tells the hour."""
    yield start
    rules = event.get("RRULE", [])
    wall = datetime.combine(start, time()) if _is_day(start) else start.replace(tzinfo=None)
    for rule in rules if isinstance(rules, list) else [rules]:
        for found in _falls(rule, wall, start):
            yield found.date() if _is_day(start) else found.replace(tzinfo=start.tzinfo)


def _falls(rule: Any, wall: datetime, start: Any) -> Iterator[datetime]:
    """The dates of a rule until the last day of the experiment.

    The rule is followed at the end of the years that a date can tell (:data:`_CYCLE`): one that never falls comes to
    their end at once, and is refused.
    """
    if wall.year < _EARLIEST:
        raise _recurrence(f"une récurrence qui commence avant {_EARLIEST}")
    last = min(_until(rule, start), datetime.combine(FENETRE[1], time.max))
    parts = ";".join(
        f"{name}={','.join(map(str, values))}"
        for name, values in _named(rule).items()
        if name not in ("UNTIL", "X-NAME")
    )
    if wall > last:
        return
    late = _shifted(wall, _CYCLE)
    never = True
    for found in rrulestr(parts, dtstart=late):
        never = False
        near = _shifted(found, -_CYCLE)
        if near > last:
            return
        yield near
    if never:
        raise _recurrence("une récurrence qui ne tombe jamais")


def _named(rule: Any) -> dict[str, list[str]]:
    """The parts of a rule as text, by name."""
    parts = (part.partition("=") for part in rule.to_ical().decode("ascii").split(";"))
    return {name.upper(): value.split(",") for name, _, value in parts}


def _until(rule: Any, start: Any) -> datetime:
    """The last moment of a rule as the zone of its event tells it; a day includes its evening."""
    until = next(iter(rule.get("UNTIL", [])), None)
    if until is None:
        return datetime.max
    if _is_day(until):
        return datetime.combine(until, time.max)
    if _is_day(start):
        return datetime.combine(_day(until), time.max)
    return (
        until.replace(tzinfo=None)
        if until.tzinfo is None
        else until.astimezone(start.tzinfo).replace(tzinfo=None)
    )


def _shifted(moment: datetime, years: int) -> datetime:
    return moment.replace(year=moment.year + years)


def _last_revised(events: Sequence[Evenement]) -> Evenement:
    return max(events, key=lambda event: int(event.get("SEQUENCE", 0)))


def _is_and_future(event: Evenement) -> bool:
    return str(event["RECURRENCE-ID"].params.get("RANGE", "")).upper() == "THISANDFUTURE"


def _start(event: Evenement, zone: ZoneInfo) -> Any:
    return _aware(event["DTSTART"], zone)


def _aware(prop: Any, zone: ZoneInfo) -> Any:
    """A day, or a moment in its zone; raises Illisible for a zone that nobody knows."""
    value = prop.dt
    if _is_day(value) or value.tzinfo is not None:
        return value
    if prop.params.get("TZID"):
        raise Illisible(
            "une heure dont le fuseau est inconnu",
            "Exportez l'agenda avec ses fuseaux horaires, ou réglez-le sur Paris avant de l'exporter.",
        )
    return value.replace(tzinfo=zone)


def _is_day(value: Any) -> bool:
    return not isinstance(value, datetime)


def _moment(value: Any, zone: ZoneInfo, *, by_day: bool) -> date | datetime:
    """What an exception names: a day where its event is of whole days, else an instant."""
    if _is_day(value):
        return value
    known = value if value.tzinfo is not None else value.replace(tzinfo=zone)
    return known.astimezone(PARIS).date() if by_day else known.astimezone(UTC)


def _day(moment: date | datetime) -> date:
    """The day of a moment in Paris."""
    if isinstance(moment, datetime):
        return (moment.astimezone(PARIS) if moment.tzinfo is not None else moment).date()
    return moment


def _hours(event: Evenement, zone: ZoneInfo) -> float | None:
    """How long a meeting lasts; None for a whole day, for more than a day and for one that does not say."""
    start = _start(event, zone)
    if "DURATION" in event:
        length = event["DURATION"].dt
    elif "DTEND" in event and not _is_day(start):
        length = _aware(event["DTEND"], zone).astimezone(UTC) - start.astimezone(UTC)
    else:
        return None
    if length < timedelta():
        raise Illisible(
            "une réunion qui finit avant de commencer", "Corrigez-la dans l'agenda, puis exportez-le."
        )
    hours = length / timedelta(hours=1)
    return None if _is_day(start) or not 0 < hours <= _WHOLE_DAY else round(hours, 2)
