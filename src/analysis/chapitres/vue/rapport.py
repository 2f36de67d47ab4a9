"""`papermill_runs/rapport.html`: what each chapter took, cell by cell, and why it was made or kept."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.chapitres.execution import Outcome
from analysis.chapitres.jobs import Job, read_manifest
from analysis.noyau.files.scratch import write_whole
from analysis.noyau.paths import Project
from analysis.stations.store import Verdict

SLOWEST = 10
"""Cells that stand in the list of the slowest."""

_PAGE = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>Temps de la dernière construction</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #ccc; vertical-align: top }}
.nombre {{ text-align: right; white-space: nowrap }}
</style></head><body>
<h1>Temps de la dernière construction</h1>
<h2>Chapitres</h2>{chapters}
<h2>Les cellules les plus lentes</h2>{slowest}
<h2>Articles, pages et PDF</h2>{composed}
</body></html>
"""


def write_report(
    project: Project, jobs: Sequence[Job], outcomes: Sequence[Outcome], composed: Mapping[str, Verdict]
) -> Path:
    """Write the report of a build beside its chapters; its path."""
    by_code = {outcome.code: outcome for outcome in outcomes}
    manifests = {code: found for code in by_code if (found := read_manifest(project, code)) is not None}
    titles = {job.chapter.code: job.chapter.title for job in jobs}
    chapters = [
        (titles[code], _seconds(manifests[code].seconds) if code in manifests else "", told(outcome))
        for code, outcome in by_code.items()
    ]
    cells = [
        (seconds, titles[code], rank)
        for code, manifest in manifests.items()
        for rank, seconds in enumerate(manifest.cellules, start=1)
    ]
    slowest = [
        (title, f"cellule de code {rank}", _seconds(seconds))
        for seconds, title, rank in sorted(cells, reverse=True)[:SLOWEST]
    ]
    made = [(place, verdict.reason or "gardé") for place, verdict in composed.items()]
    page = _PAGE.format(
        chapters=_table(("Chapitre", "Temps", "Pourquoi"), chapters),
        slowest=_table(("Chapitre", "Cellule", "Temps"), slowest),
        composed=_table(("Produit", "Pourquoi"), made),
    )
    return write_whole(project.runs / "rapport.html", page)


def told(outcome: Outcome) -> str:
    """Why a chapter was made, or that it was kept."""
    if outcome.is_kept:
        return "gardé"
    return f"{'fait' if outcome.is_good else 'ÉCHEC'}, {outcome.reason}"


def _seconds(value: float) -> str:
    return f"{value:.1f}".replace(".", ",") + "\u00a0s"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{html.escape(word)}</th>' for word in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell, quote=False)}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
