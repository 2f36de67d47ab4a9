"""Rules are declared once: each is used by the code, and each that the code uses is declared."""

from __future__ import annotations

import ast

from analysis.depot.formes.constats import (
    Constat,
    Regle,
    blocking,
    count_by_gravite,
    load_regles,
    refused_lines,
)
from analysis.noyau.paths import Project

REGLES = load_regles(Project.here())
SOURCES = [
    *sorted((Project.here().root / "src" / "analysis" / "depot").rglob("*.py")),
    Project.here().root / "src" / "analysis" / "noyau" / "declared" / "validation.py",
]


def strings() -> set[str]:
    return {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_declared_rule_is_used() -> None:
    assert set(REGLES) - strings() == set()


def test_every_rule_that_a_finding_names_is_declared() -> None:
    """The first argument of Constat(…), constat_at(raw, …), feuille.constat(…), recueil.add(…), Refused(…)."""
    places = {"Constat": 0, "constat_at": 1, "constat": 0, "add": 0, "Refused": 0, "_check": 0}
    used = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                arguments = node.args[places[name] : places[name] + 1] if name in places else []
                used |= {
                    argument.value
                    for argument in arguments
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                }
    assert len(used) > 40
    assert used - set(REGLES) == set()


def test_what_a_rule_entails() -> None:
    regles = {
        "ligne": Regle("ligne", "refuse", "ligne", ""),
        "tout": Regle("tout", "refuse", "depot", ""),
        "doute": Regle("doute", "a_confirmer", "ligne", ""),
    }
    found = [Constat(rule, "a.xlsx", "x", "y", ligne=7) for rule in ("ligne", "tout", "doute", "doute")]
    assert refused_lines(found, regles) == {7}
    assert [constat.regle for constat in blocking(found, regles)] == ["tout"]
    assert count_by_gravite(found, regles) == {"refuse": 2, "a_confirmer": 2, "note": 0}
