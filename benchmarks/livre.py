"""What composing the book costs once the chapters are executed: ten territories, then sixty.

    python benchmarks/livre.py --territoires 10 60 --repeat 3 [--weasyprint PYTHON]

The territories are the demonstration's. For each number, their chapters are executed once, in a folder of
their own; then each line of the table is a process that starts from the executed notebooks:

- ``site and PDFs``: what ``bilan build`` does after the chapters, by two processes: the articles and annexes,
  the book and its booklets, the site with its downloads, every link checked;
- ``nbconvert --to html``: nbconvert's command line on all the executed notebooks at once: its own pages,
  without numbers of figures, annexes, downloads or a check;
- ``WeasyPrint``: the HTML pages of the chapters, each turned to a PDF by the Python given, which must have
  weasyprint: no book, no contents.

Wall seconds, medians; the last column divides by the chapters.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from commun import begin, copy_of_project

from analysis.noyau.paths import Project

COMPOSE = """
import time
from analysis.chapitres.catalogue import catalogue
from analysis.chapitres.jobs import plan
from analysis.livre.build import COMPOSING, compose, compute
from analysis.noyau.paths import Project
from analysis.sources.register import load_register
from analysis.stations.team import team
project = Project.here().demonstration
register = load_register(project)
computed = compute(project, register, catalogue(register, project.nature))
jobs = plan(project, computed.chapters, computed.bundles)
started = time.perf_counter()
with team(COMPOSING) as composers:
    compose(project, register, computed, jobs=jobs, old={}, composers=composers)
print(time.perf_counter() - started)
"""
WEASYPRINT = """
import sys
from weasyprint import HTML
for path in sys.argv[1:]:
    HTML(path).write_pdf(path + ".pdf")
"""


def run(root: Path, *words: str, executable: str = sys.executable) -> str:
    """Run a Python on a project; what it printed."""
    environment = {**os.environ, "BILAN_RACINE": str(root)}
    done = subprocess.run([executable, *words], env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{words[:2]} stopped with {done.returncode}:\n{done.stderr}")
    return done.stdout


def wall(root: Path, *words: str, executable: str = sys.executable) -> float:
    started = time.perf_counter()
    run(root, *words, executable=executable)
    return time.perf_counter() - started


def measures(territories: int, repeat: int, weasyprint: str) -> tuple[int, dict[str, list[float]]]:
    """The number of chapters, and the seconds of each line, run by run."""
    with tempfile.TemporaryDirectory() as name:
        root = copy_of_project(Path(name))
        run(root, "-m", "analysis.cli", "demonstration", "--territoires", str(territories))
        invented = Project(root).demonstration
        notebooks = [str(path) for path in sorted(invented.runs.glob("*.ipynb"))]
        pages = [str(invented.html / Path(path).with_suffix(".html").name) for path in notebooks]
        found: dict[str, list[float]] = defaultdict(list)
        for _ in range(repeat):
            found["site and PDFs"].append(float(run(root, "-c", COMPOSE)))
            out = ("--output-dir", str(root / "peer"))
            words = ("-m", "nbconvert", "--to", "html", "--no-input", *out, *notebooks)
            found["nbconvert --to html"].append(wall(root, *words))
            if weasyprint:
                found["WeasyPrint"].append(wall(root, "-c", WEASYPRINT, *pages, executable=weasyprint))
        return len(notebooks), found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--territoires", type=int, nargs="+", default=[10, 60])
    parser.add_argument("--repeat", type=int, default=3, help="runs of each line; the median is shown")
    parser.add_argument("--weasyprint", default="", metavar="PYTHON", help="a Python that has weasyprint")
    options = begin(parser)
    print("| territories | work | wall s | to `site and PDFs` | s a chapter |\n|---|---|---|---|---|")
    for territories in options.territoires:
        chapters, found = measures(territories, options.repeat, options.weasyprint)
        reference = statistics.median(found["site and PDFs"])
        for work, runs in found.items():
            seconds = statistics.median(runs)
            shares = f"{seconds / reference:.2f} | {seconds / chapters:.2f}"
            print(f"| {territories} | {work} | {seconds:.1f} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
