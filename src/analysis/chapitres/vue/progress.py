"""The progress of a batch: one live table on a terminal, one line a chapter elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.table import Table

from analysis.chapitres.catalogue import Chapter
from analysis.chapitres.execution import Report, State
from analysis.chapitres.jobs import Freshness

_WORDS = {"waiting": "en attente", "running": "en cours", "done": "fait", "kept": "gardé", "failed": "ÉCHEC"}
_STYLES = {"waiting": "dim", "running": "bold", "done": "green", "kept": "dim", "failed": "bold red"}


@dataclass
class _Line:
    title: str
    why: str
    expected: float
    state: str = "waiting"
    started: float = 0.0
    seconds: float = 0.0

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started if self.state == "running" else self.seconds

    @property
    def left(self) -> float:
        """The seconds that it should still take, from what it took last."""
        return max(self.expected - self.elapsed, 0.0) if self.state in ("waiting", "running") else 0.0


@contextmanager
def progress(
    chapters: Sequence[Chapter],
    states: Mapping[str, Freshness],
    expected: Mapping[str, float],
    *,
    workers: int = 1,
    console: Console | None = None,
) -> Iterator[Report]:
    """What follows the reports: which chapters run, wait, are kept or done, why, and what should be left.

    ``states`` says why each is made, ``expected`` the seconds that it took last (0 where that is not known).
    """
    console = console or Console()
    lines = {c.code: _Line(c.title, states[c.code].reason, expected[c.code]) for c in chapters}
    lock = threading.Lock()

    def report(code: str, state: State, seconds: float) -> None:
        with lock:
            line = lines[code]
            line.state, line.seconds = state, seconds
            if state == "running":
                line.started = time.monotonic()
            elif not console.is_terminal:
                print(_logged(code, line), flush=True)

    if not console.is_terminal:
        yield report
        return
    with Live(console=console, get_renderable=lambda: _table(lines, workers), refresh_per_second=4):
        yield report


def _logged(code: str, line: _Line) -> str:
    if line.state == "kept":
        return f"{code} : gardé"
    return f"{code} : {_WORDS[line.state]} en {line.seconds:.1f} s, {line.why}"


def _table(lines: Mapping[str, _Line], workers: int) -> Table:
    finished = sum(line.state in ("done", "failed", "kept") for line in lines.values())
    left = sum(line.left for line in lines.values()) / workers
    rest = f", encore {left:.0f} s environ" if left >= 1 else ""
    table = Table(title=f"Chapitres : {finished} sur {len(lines)}{rest}", title_justify="left", box=None)
    for head in ("Chapitre", "État", "Temps", "Pourquoi"):
        table.add_column(
            head, justify="right" if head == "Temps" else "left", overflow="ellipsis", no_wrap=True
        )
    for line in lines.values():
        time_shown = f"{line.elapsed:.0f} s" if line.state not in ("waiting", "kept") else ""
        table.add_row(line.title, _WORDS[line.state], time_shown, line.why, style=_STYLES[line.state])
    return table
