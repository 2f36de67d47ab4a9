"""The commands on impact: compute from open data, say what moves, accept."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import date
from pathlib import Path

from analysis.impact import resultats
from analysis.impact.calcul import calculer as compute
from analysis.impact.plan import Planificateur
from analysis.impact.protocole import Protocole, load_protocole, ouvrir, verifier_ouvertures
from analysis.impact.records import Resultats
from analysis.noyau.errors import BilanError
from analysis.noyau.french import counted
from analysis.noyau.paths import Project
from analysis.sources.ouvertes.lecture import Ouvertes
from analysis.sources.register import load_register

SHOWN = 20
"""Changes that the answer lists; the others are counted."""


def calcules(project: Project) -> Path:
    """Where what was computed last stands until it is accepted."""
    return project.outputs / "impact"


def calculer(project: Project) -> int:
    """Compute every result of the protocol from the open data, and keep it beside the accepted ones."""
    protocole = _reel(project)
    ouvertes = Ouvertes(project)
    ouvertes.verifier(outcome.source for outcome in protocole.resultats.values())
    ouvrir(project, protocole, list(protocole.resultats), date.today())
    found = compute(Planificateur(protocole, ouvertes, load_register(project)), _tell)
    resultats.write_resultats(found, calcules(project))
    estimated = sum(one.is_estimated for one in found.comparaisons)
    print(
        f"Protocole {protocole.empreinte[:12]} du {protocole.date} : "
        f"{counted(len(found.comparaisons), 'comparaison', 'comparaisons')}, "
        f"{counted(estimated, 'estimée', 'estimées')}, "
        f"{counted(len(found.estimations), 'estimation', 'estimations')}.\n"
        f"Écrit dans {project.shown(calcules(project))}. « bilan impact comparer » dit ce qui bouge."
    )
    return 0


def comparer(project: Project) -> int:
    """Say what the computed results move in the accepted ones, and why; 1 when something moves."""
    protocole = _reel(project)
    computed, accepted = _computed(project, protocole), resultats.load_resultats(project)
    print(told(accepted, computed))
    return int(accepted is None or bool(list(resultats.changed(accepted, computed))))


def accepter(project: Project) -> int:
    """Take the computed results as those that the bilan shows."""
    protocole = _reel(project)
    computed = _computed(project, protocole)
    try:
        print(told(resultats.load_resultats(project), computed))
    except BilanError as error:
        print(f"Les résultats acceptés ne se lisent plus, ils sont remplacés. {error}")
    resultats.write_resultats(computed, resultats.folder(project))
    print(
        f"{project.shown(resultats.folder(project))} est écrit. Notez ce qui bouge et sa cause dans "
        "CHANGELOG.md."
    )
    return 0


def told(accepted: Resultats | None, computed: Resultats) -> str:
    """The answer: whether protocol or data changed, how many values move by table, then the first of them."""
    if accepted is None:
        new = counted(len(computed.estimations), "estimation est nouvelle", "estimations sont nouvelles")
        return f"Rien n'était accepté : {new}."
    causes = causes_of(accepted, computed)
    moves = list(resultats.changed(accepted, computed))
    if not moves:
        return "\n".join(["Aucun résultat ne bouge.", *causes])
    counts = Counter(table for table, *_ in moves)
    lines = [
        f"{counted(len(moves), 'valeur bouge', 'valeurs bougent')} : "
        + ", ".join(f"{table} {n}" for table, n in counts.items())
        + ".",
        *(
            causes
            or ["Ni le protocole ni les données n'ont changé : la cause est dans le code ou le registre."]
        ),
    ]
    for table, key, column, before, after in moves[:SHOWN]:
        where = f"{column} " if column else ""
        lines.append(f"- {table}, {' / '.join(key)} : {where}{before or 'vide'} → {after or 'vide'}")
    if len(moves) > SHOWN:
        lines.append(f"- … et {len(moves) - SHOWN} autres.")
    return "\n".join(lines)


def causes_of(accepted: Resultats, computed: Resultats) -> list[str]:
    """What changed of what results are made of: the protocol, a source."""
    lines = []
    if accepted.protocole != computed.protocole:
        lines.append(f"Le protocole a changé : {accepted.protocole[:12]} → {computed.protocole[:12]}.")
    changed = [
        source
        for source in sorted({*accepted.entrees, *computed.entrees})
        if accepted.entrees.get(source) != computed.entrees.get(source)
    ]
    if changed:
        lines.append(f"Les données ont changé : {', '.join(changed)}.")
    return lines


def _computed(project: Project, protocole: Protocole) -> Resultats:
    """What was computed last; raises BilanError where nothing was, or under another protocol."""
    verifier_ouvertures(project, protocole)
    found = resultats.load_resultats(project, calcules(project))
    if found is None:
        raise BilanError("Rien n'est calculé : lancez d'abord « bilan impact calculer ».")
    if found.protocole != protocole.empreinte:
        raise BilanError(
            f"Ce qui est calculé l'a été sous le protocole {found.protocole[:12]}, celui d'aujourd'hui est "
            f"{protocole.empreinte[:12]} : relancez « bilan impact calculer »."
        )
    return found


def _reel(project: Project) -> Protocole:
    if project.nature != "reel":
        raise BilanError("Les territoires inventés n'ont pas de données ouvertes : rien à comparer.")
    return load_protocole(project)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
