"""What it costs to read a calendar, and to refuse a hostile one.

    python benchmarks/calendriers.py --repeat 3

Seconds of :func:`~analysis.depot.lecteurs.calendrier.seances` on bytes in memory, the best of the runs: an
agenda of ten years, the largest that is taken, then files that would keep a careless reader at work
for hours.
"""

from __future__ import annotations

import argparse
import time

from commun import begin

from analysis.depot.lecteurs.calendrier import MOST_EVENTS, MOST_RULES, Illisible, seances


def calendar(*events: str) -> bytes:
    """A calendar of these events."""
    bodies = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{bodies}END:VCALENDAR\r\n".encode()


def once(rank: int) -> str:
    return f"UID:{rank}\r\nDTSTART;TZID=Europe/Paris:20180614T140000\r\nDURATION:PT2H\r\nSUMMARY:CLE"


def again(rank: int, rule: str) -> str:
    return f"{once(rank)}\r\nRRULE:{rule}"


CASES = {
    "ten years of a committee": calendar(*(again(n, "FREQ=MONTHLY;BYDAY=2TU") for n in range(6))),
    "the most events": calendar(*map(once, range(MOST_EVENTS))),
    "the most rules": calendar(*(again(n, "FREQ=YEARLY") for n in range(MOST_RULES))),
    "a hundred thousand events": calendar(*[""] * 100_000),
    "each second": calendar(again(0, "FREQ=SECONDLY")),
    "without an end, each day, many times": calendar(*(again(n, "FREQ=DAILY") for n in range(MOST_RULES))),
    "never": calendar(again(0, "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")),
    "nearly never": calendar(
        *(again(n, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO") for n in range(MOST_RULES))
    ),
    "the year ten thousand": calendar(f"{once(0)}\r\nRDATE:100000101T000000Z"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeat", type=int, default=3)
    repeat = begin(parser).repeat
    for name, content in CASES.items():
        best, told = min(_run(content) for _ in range(repeat))
        print(f"{best:6.2f} s  {len(content) / 2**20:5.1f} Mo  {name} : {told}")


def _run(content: bytes) -> tuple[float, str]:
    started = time.perf_counter()
    try:
        told = f"{len(seances(content))} réunions"
    except Illisible as refused:
        told = f"refusé, {refused.found}"
    return time.perf_counter() - started, told


if __name__ == "__main__":
    main()
