"""The commands on the legislation: which figures a change moves, and the acceptance of it."""

from __future__ import annotations

import sys
from dataclasses import replace

import pandas as pd

from analysis.indicateurs.depenses_passives import acceptation
from analysis.indicateurs.depenses_passives.acceptation import Ecarts
from analysis.indicateurs.depenses_passives.declarations import (
    ACCEPTES,
    Declarations,
    declarations_of,
)
from analysis.indicateurs.depenses_passives.payeurs import DU_SALAIRE, coefficients, libelles
from analysis.indicateurs.depenses_passives.scenarios import evaluer, valeurs
from analysis.noyau.errors import BilanError
from analysis.noyau.french import counted, decimal
from analysis.noyau.paths import Project

SHOWN = 20
"""Changes that the answer lists; the others are counted."""


def comparer(project: Project) -> int:
    """Say which accepted amounts the legislation of today moves, and what that does to every scenario."""
    declarations = _declared(project)
    computed = acceptation.calculer(project, declarations, _tell)
    ecarts = acceptation.comparer(declarations.acceptes, computed)
    print(told(declarations, ecarts, computed))
    return int(not ecarts.table.empty)


def accepter(project: Project) -> int:
    """Accept the legislation of today: write its amounts, and say what moved."""
    declarations = _declared(project)
    computed = acceptation.calculer(project, declarations, _tell)
    ecarts = acceptation.comparer(declarations.acceptes, computed)
    print(told(declarations, ecarts, computed))
    acceptation.dater(project)
    path = acceptation.accepter(project, computed)
    print(f"{project.shown(path)} est écrit. Notez ces écarts et leur cause dans CHANGELOG.md.")
    return 0


def told(declarations: Declarations, ecarts: Ecarts, computed: pd.DataFrame) -> str:
    """The answer: the widest gaps with their case, then the results before and after."""
    if ecarts.table.empty:
        return f"Aucun montant ne bouge : {counted(ecarts.compares, 'comparé', 'comparés')}."
    moved = counted(len(ecarts.table), "montant bouge", "montants bougent")
    lines = [f"{moved}, {counted(ecarts.compares, 'comparé', 'comparés')} (en euros par an) :"]
    moves = _moves(declarations, ecarts)
    lines += moves[:SHOWN]
    if len(moves) > SHOWN:
        lines.append(
            f"- … et {counted(len(moves) - SHOWN, 'autre écart, plus petit', 'autres écarts, plus petits')}."
        )
    return "\n".join([*lines, *_results(declarations, computed)])


def _moves(declarations: Declarations, ecarts: Ecarts) -> list[str]:
    """One line for each line and change, the widest first, with the cases that share it."""
    words = {**libelles(declarations), **DU_SALAIRE}
    shared: dict[str, list[str]] = {}
    for row in ecarts.table.to_dict("records"):
        before, after = (_amount(row[side]) for side in ("accepte", "calcule"))
        place = f"{row['cas']}, {row['situation']}, année {row['annee']}"
        shared.setdefault(f"- {words[row['ligne']]} : {before} → {after}", []).append(place)
    moves = []
    for change, places in shared.items():
        distinct = list(dict.fromkeys(places))
        more = f" et {len(distinct) - 1} autres" if len(distinct) > 1 else ""
        moves.append(f"{change} ({distinct[0]}{more})")
    return moves


def _results(declarations: Declarations, computed: pd.DataFrame) -> list[str]:
    rows = tuple({str(k): str(v) for k, v in row.items()} for row in computed.to_dict("records"))
    after = replace(declarations, tables={**declarations.tables, ACCEPTES: rows})
    if set(declarations.cas) - set(declarations.acceptes["cas"]):
        return ["Des cas types n'avaient encore aucun montant accepté : aucun résultat d'avant à comparer."]
    tables = [coefficients(declarations), coefficients(after)]
    lines = ["Économies et recettes par ETP et par an, avant et après :"]
    for scenario in declarations.scenarios.values():
        ends = [evaluer(t, valeurs(scenario), scenario.perimetre).evite_et_recu for t in tables]
        change = decimal(ends[1] - ends[0], 2)
        lines.append(f"- {scenario.titre} : {decimal(ends[0], 2)} → {decimal(ends[1], 2)} ({change})")
    return lines


def _amount(value: float) -> str:
    return "absent" if pd.isna(value) else decimal(value, 2)


def _declared(project: Project) -> Declarations:
    declarations = declarations_of(project)
    if declarations is None:
        raise BilanError("Ce projet n'a pas de dossier data/depenses_passives : rien à comparer.")
    return declarations


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
