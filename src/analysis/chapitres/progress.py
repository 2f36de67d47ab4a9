"""The progress of a batch on a terminal: each chapter, its state and its time; silent elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.table import Table

from analysis.chapitres.catalogue import Chapter
from analysis.chapitres.execution import Report, State

_WORDS = {"waiting": "en attente", "running": "en cours", "done": "fait", "failed": "ÉCHEC"}
_STYLES = {"waiting": "dim", "running": "bold", "done": "green", "failed": "bold red"}


@dataclass
class _Line:
    title: str
    state: str = "waiting"
    started: float = 0.0
    seconds: float = 0.0

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started if self.state == "running" else self.seconds


@contextmanager
def progress(chapters: Sequence[Chapter], console: Console | None = None) -> Iterator[Report]:
    """A table of the chapters that follows the reports; nothing at all when not on a terminal."""
    console = console or Console()
    lines = {chapter.code: _Line(chapter.title) for chapter in chapters}
    lock = threading.Lock()

    def report(code: str, state: State, seconds: float) -> None:
        with lock:
            line = lines[code]
            line.state, line.seconds = state, seconds
            if state == "running":
                line.started = time.monotonic()

    if not console.is_terminal:
        yield report
        return
    with Live(console=console, get_renderable=lambda: _table(lines), refresh_per_second=4):
        yield report


def _table(lines: dict[str, _Line]) -> Table:
    finished = sum(line.state in ("done", "failed") for line in lines.values())
    table = Table(title=f"Chapitres : {finished} sur {len(lines)}", title_justify="left", box=None)
    for head in ("Chapitre", "État", "Temps"):
        table.add_column(head, justify="right" if head == "Temps" else "left")
    for line in lines.values():
        time_shown = f"{line.elapsed:.0f} s" if line.state != "waiting" else ""
        table.add_row(line.title, _WORDS[line.state], time_shown, style=_STYLES[line.state])
    return table
