"""One label, one measure; one measure, one label: over the dictionary, the study and what the pages print."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest

from analysis.indicateurs.depenses_passives.declarations import HYPOTHESES, Declarations, declarations_of
from analysis.indicateurs.depenses_passives.payeurs import DU_SALAIRE, libelles
from analysis.noyau.paths import Project

PROJECT = Project.here()
GROSS_OR_NET = re.compile(r"\bcoûts? (?:brut|net)\b", re.IGNORECASE)
"""What two quantities were called: the gross public cost that evaluations publish, and the CDE alone."""


def rows(table: str) -> Iterator[dict[str, str]]:
    with (PROJECT.dictionary / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


@pytest.fixture(scope="module")
def study() -> Declarations:
    found = declarations_of(PROJECT)
    assert found is not None
    return found


def shared(named: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """The labels that more than one thing has, whatever their capitals."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, label in named:
        found[label.casefold()].add(code)
    return {label: codes for label, codes in found.items() if len(codes) > 1}


def test_a_label_of_the_dictionary_names_one_quantity() -> None:
    """A quantity that is published and deposited has one code, and then one label."""
    named = [(row["indicateur"], row["libelle"]) for row in rows("indicateurs")]
    named += [(row["mesure"], row["libelle"]) for row in rows("mesures")]
    assert shared(named) == {}
    assert {code for code, label in shared((label, code) for code, label in named).items()} == set()


def test_a_label_of_the_study_names_one_thing(study: Declarations) -> None:
    lines = {**libelles(study), **DU_SALAIRE}
    declared = {(row["ligne"], row["libelle"]) for row in study.tables["lignes_declarees"]}
    for named in (
        lines.items(),
        declared,
        HYPOTHESES.items(),
        study.payeurs.items(),
        ((s.scenario, s.titre) for s in study.scenarios.values()),
    ):
        told = list(named)
        assert shared(told) == {} and len({code for code, _ in told}) == len(told)
    assert shared([*((f"ligne {c}", n) for c, n in lines.items()), *HYPOTHESES.items()]) == {}


def test_a_gross_or_net_cost_says_that_it_is_the_public_one() -> None:
    """The CDE is « contribution (CDE) », what is left of it « contribution nette »: never a cost, gross or net."""
    told = [(row["indicateur"], row["libelle"]) for row in rows("indicateurs")]
    told += [(row["mesure"], row["libelle"]) for row in rows("mesures")]
    for path in sorted((PROJECT.root / "src").rglob("*")):
        if path.suffix in (".py", ".js", ".j2"):
            told += [(path.name, line) for line in path.read_text(encoding="utf-8").splitlines()]
    for path in sorted(PROJECT.notebooks.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        told += [(path.name, "".join(cell["source"])) for cell in cells]
    for path in sorted(PROJECT.depenses_passives.glob("*.csv")):
        told += [(path.name, line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = [(name, text[:120]) for name, text in told if GROSS_OR_NET.search(text)]
    abroad = [(name, text) for name, text in found if name.startswith("etranger_")]
    assert [one for one in found if one not in abroad] == []
