"""What one deposit among many costs a build: its chapter, and the syntheses that it feeds.

    python benchmarks/un_depot.py --territoires 60

A demonstration of that many invented territories is received and built once. One of them then sends other
accounts, twice: the build of its chapter alone is measured after the first time, that of all the bilan after
the second, each as a process of its own: wall time, processor time of what it waited for (the processes that
make pages and PDFs are left out, as in ``reprise.py``), the chapters that ran. The limit of the last line is
three times the chapter alone, and what the syntheses took to run. Linux only.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from commun import HERE, begin, copy_of_project, processor_time, python

from analysis.chapitres.catalogue import catalogue
from analysis.demonstration.avis.codeurs import receive_coding
from analysis.demonstration.etapes.ecrits import prepare
from analysis.demonstration.etapes.envois import GRAINE, deposit, receive
from analysis.demonstration.lieux import Lieu, territoires
from analysis.depot.referentiel import Referentiel, load_referentiel
from analysis.noyau.paths import Project
from analysis.sources.register import load_register

BUILD = (
    "import sys; from analysis.livre.build import build; from analysis.noyau.paths import Project; "
    "sys.exit(build(Project.here().demonstration, codes=sys.argv[1:], workers=2))"
)


def send(invented: Project, referentiel: Referentiel, lieu: Lieu, lignes_fec: int | None = None) -> None:
    """Have a territory send its deposit, with accounts of about so many lines each, and receive it."""
    shutil.rmtree(invented.depots / lieu.code, ignore_errors=True)
    deposit(invented, referentiel, lieu, lignes_fec=lignes_fec)
    receive(invented, referentiel, lieu.code)
    receive_coding(invented, referentiel, lieu.code, GRAINE)


def built(name: str, root: Path, *codes: str) -> tuple[float, dict[str, float]]:
    """The wall time of a build, whose line is printed, and the seconds of each chapter that ran."""
    before, started = processor_time(), time.monotonic()
    said = python(HERE, "-c", BUILD, *codes, root=root)
    wall, processor = time.monotonic() - started, processor_time() - before
    ran = {code: float(took) for code, took in re.findall(r"^(\S+) : fait en ([\d.]+) s", said, re.M)}
    print(f"| {name} | {wall:.1f} | {processor:.1f} | {len(ran)} |", flush=True)
    return wall, ran


def measure(root: Path, lieux: Sequence[Lieu]) -> None:
    """The table, then the limit of its last line."""
    here = Project(copy_of_project(root))
    invented, changed = here.demonstration, lieux[-1]
    prepare(here, invented, lieux)
    referentiel = load_referentiel(invented)
    for lieu in lieux:
        send(invented, referentiel, lieu)
    print("\n| build | wall s | processor s | chapters run |\n|---|---|---|---|")
    built("from nothing", root)
    send(invented, referentiel, changed, lignes_fec=300)
    alone, _ = built("one deposit, its chapter alone", root, changed.code)
    built("the rest", root)
    send(invented, referentiel, changed, lignes_fec=400)
    wall, ran = built("one deposit, all that it feeds", root)
    places = {lieu.code for lieu in lieux}
    chapters = catalogue(load_register(invented), invented.nature)
    others = [chapter.code for chapter in chapters if chapter.code not in places and chapter.code in ran]
    limit = 3 * alone + sum(ran[code] for code in others)
    neighbours = sorted((ran.keys() & places) - {changed.code})
    print(f"\nLimit {limit:.1f} s, {wall / limit:.2f} of it; syntheses that ran: {', '.join(others)}.")
    print(f"Chapters of other territories that ran: {', '.join(neighbours) or 'none'}.")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--territoires", type=int, default=60)
    options = begin(parser)
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder) / "bilan", territoires(options.territoires))
    return 0


if __name__ == "__main__":
    sys.exit(main())
