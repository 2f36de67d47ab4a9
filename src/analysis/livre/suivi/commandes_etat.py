"""`bilan etat`: what is built, of when, and what a build would make again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from analysis.chapitres.catalogue import catalogue
from analysis.chapitres.jobs import freshness, plan, read_manifest
from analysis.livre.build import compute
from analysis.livre.ecrits import load_checked
from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.stations.whole import is_unchanged


def etat_du_bilan(project: Project) -> int:
    """Print a line for each chapter, then for the site and the PDFs; the exit status is 0.

    Measures that are not kept are computed: what a chapter would show is known of them alone.
    """
    register = load_checked(project)
    chapters = catalogue(register, project.nature)
    computed = compute(project, register, chapters)
    stale = 0
    for job in plan(project, chapters, computed.bundles, depots=computed.depots):
        manifest, why = read_manifest(project, job.chapter.code), freshness(project, job).reason
        stale += bool(why)
        of_when = "" if manifest is None else f" du {_day(manifest.executed_at)}"
        print(f"{job.chapter.code:26} {f'à refaire, {why}' if why else f'à jour{of_when}'}")
    print(f"{'site':26} {_built(project.html / 'index.html')}")
    print(f"{'PDF':26} {_built(project.pdf / 'bilan.pdf')}")
    if is_unchanged(project):
        print("Rien n'a changé depuis la dernière construction : « bilan build » ne ferait rien.")
    elif stale:
        told = counted(stale, "chapitre", "chapitres")
        print(f"« bilan build » referait {told}, et ce qui s'en compose.")
    else:
        print("« bilan build » n'exécuterait aucun chapitre, et composerait ce qui a changé.")
    return 0


def _built(path: Path) -> str:
    if not path.is_file():
        return "jamais fait"
    return f"du {_day(datetime.fromtimestamp(path.stat().st_mtime).astimezone().isoformat())}"


def _day(moment: str) -> str:
    at = datetime.fromisoformat(moment)
    return f"{long_date(at.date())}, {at:%H:%M}"
