"""The record of what the gate decided: one row a measure, with the rule, without its value."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from analysis.noyau.files.scratch import write_whole
from analysis.noyau.mesures import Mesure
from analysis.noyau.paths import Project
from analysis.secret.release import Released

COLUMNS = ("mesure", "lieu", "ebe", "modalite", "periode", "nature", "etat", "regle", "motif")


def decisions_csv(mesures: Iterable[Released[Mesure]]) -> str:
    """The decisions as CSV: one row a measure, with the rule and its reason, without its value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for released in mesures:
        m = released.content
        writer.writerow((*m.cle[:2], m.ebe, m.modalite, m.periode, m.nature, m.etat, released.rule, m.motif))
    return text.getvalue()


def write_decisions(project: Project, mesures: Iterable[Released[Mesure]]) -> None:
    """Write ``papermill_runs/decisions.csv`` in one step: what each run let through or withheld, and why."""
    write_whole(project.runs / "decisions.csv", decisions_csv(mesures))
