"""What every build begins by, done before anybody asks for it: the one that comes has less left to do."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from nbformat.v4 import new_notebook

from analysis.chapitres.warm.client import can_fork, nursery
from analysis.impact.resultats import load_resultats
from analysis.livre.article.exporter import ArticleExporter
from analysis.livre.ecrits import load_checked
from analysis.livre.pages import load_templates
from analysis.livre.suivi.constructeur import ENDED
from analysis.noyau.paths import Project
from analysis.stations.cycles import SELDOM


def construire_a_la_demande(project: Project, command: Callable[[Sequence[str]], int]) -> None:
    """Run the command « build », pages first, for each line of the standard input, ready before the first
    one; the end of the input ends it, and so does an error that nobody foresaw."""
    repeter(project)
    gc.set_threshold(*SELDOM)
    _set_apart()
    for _ in sys.stdin:
        status = command(["build", "--pages-d-abord"])
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a command takes it for an interruption to be told
        print(f"{ENDED}{status}", file=sys.stderr, flush=True)
        _set_apart()


def _set_apart() -> None:
    """Look now, while nobody waits, for what is lost: what is left stays, and the next build does not look
    through it again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def repeter(project: Project) -> None:
    """Import what builds and what runs chapters, read and check what people write; nothing is built.

    What is read is known by its bytes: what changes afterwards is read again. What is to be mended is told by
    the build that comes.
    """
    import papermill  # noqa: F401  # what runs chapters; most commands do without

    import analysis.livre.build  # noqa: F401

    if can_fork():
        nursery()
    ArticleExporter().from_notebook_node(new_notebook())
    load_templates()
    with suppress(Exception):  # whatever is wrong with what is written
        load_checked(project)
        load_resultats(project)
