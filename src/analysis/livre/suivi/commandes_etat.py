"""`bilan etat`: what is built, of when, and what a build would make again."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.noyau.periods import long_date
from analysis.stations.whole import is_unchanged


def etat_du_bilan(project: Project) -> int:
    """Print a line for each chapter, then for the site and the PDFs; the exit status is 0.

    Where no file changed since the last build, what it noted is told at once. Elsewhere measures that are not
    kept are computed: what a chapter would show is known of them alone.
    """
    is_same = is_unchanged(project)
    why = dict.fromkeys(_executed(project), "") if is_same else _reasons(project)
    executed = _executed(project)
    for code, reason in why.items():
        of_when = f" du {_day(executed[code])}" if code in executed else ""
        print(f"{code:26} {f'à refaire, {reason}' if reason else f'à jour{of_when}'}")
    print(f"{'site':26} {_built(project.html / 'index.html')}")
    print(f"{'PDF':26} {_built(project.pdf / 'bilan.pdf')}")
    stale = sum(map(bool, why.values()))
    if is_same:
        print("Rien n'a changé depuis la dernière construction : « bilan build » ne ferait rien.")
    elif stale:
        told = counted(stale, "chapitre", "chapitres")
        print(f"« bilan build » referait {told}, et ce qui s'en compose.")
    else:
        print("« bilan build » n'exécuterait aucun chapitre, et composerait ce qui a changé.")
    return 0


def _executed(project: Project) -> dict[str, str]:
    """When each chapter was executed, by its code: what stands beside its copy."""
    found = {}
    for path in sorted(project.runs.glob("*.json")):
        try:
            manifest = json.loads(path.read_bytes())
            found[str(manifest["code"])] = str(manifest["executed_at"])
        except (OSError, ValueError, KeyError, TypeError):  # cut: its chapter has no date
            continue
    return found


def _reasons(project: Project) -> dict[str, str]:
    """Why each chapter would be made again, empty for one that would be kept."""
    from analysis.chapitres.catalogue import catalogue
    from analysis.chapitres.jobs import freshness, plan
    from analysis.livre.build import compute
    from analysis.livre.ecrits import load_checked

    register = load_checked(project)
    computed = compute(project, register, catalogue(register, project.nature))
    jobs = plan(project, computed.chapters, computed.bundles, depots=computed.depots)
    return {job.chapter.code: freshness(project, job).reason for job in jobs}


def _built(path: Path) -> str:
    if not path.is_file():
        return "jamais fait"
    return f"du {_day(datetime.fromtimestamp(path.stat().st_mtime).astimezone().isoformat())}"


def _day(moment: str) -> str:
    at = datetime.fromisoformat(moment)
    return f"{long_date(at.date())}, {at:%H:%M}"
