"""What computing the indicators costs, from the ledger to measures decided by the gate.

    python benchmarks/indicateurs.py --repeat 3

Each line is a process of its own, on deposits of the demonstration's generator received beforehand. The
process imports what it needs, then does its work: seconds are those of the work, imports left out, and of the
processes that it forks; memory is the growth of its own peak over what the imports took. Linux only. With
``--depuis COMMIT``, that commit works on the same deposits, run after run.

- ``indicators``: the deposits in force, their measures, those of all the territories together, the gate;
- ``loading``, each family of measures, ``ensemble``, ``gate``: its parts.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from commun import HERE, Cost, begin, python, tree_of
from depots import invent, keep_all, median, table, tell_cost

from analysis.demonstration.lieux import territoires
from analysis.depot.garde.ledger import Ledger
from analysis.depot.referentiel import load_referentiel
from analysis.indicateurs.calcul import BASE, calculer
from analysis.indicateurs.donnees import Donnees, charger
from analysis.indicateurs.ensemble import ensemble
from analysis.noyau.definitions import load_definitions
from analysis.noyau.mesures import Definitions, Mesure
from analysis.noyau.paths import Project
from analysis.secret.regles import decider
from analysis.sources.register import load_register

NUMBERS = (10, 100, 600)
MODULES = {measures.__module__.rpartition(".")[2]: measures for measures in BASE}
PARTS = ("loading", *MODULES, "ensemble", "gate")


def codes(project: Project) -> list[str]:
    return [territoire.code for territoire in load_register(project).territoires]


def loaded(project: Project, definitions: Definitions) -> list[Donnees]:
    ledger, referentiel = Ledger(project), load_referentiel(project)
    found = (charger(ledger, referentiel, definitions, project.nature, code) for code in codes(project))
    return [donnees for donnees in found if donnees is not None]


def of_all(project: Project) -> Callable[[], object]:
    def work() -> object:
        resultats = calculer(project, codes(project))
        return decider(resultats.mesures, resultats.definitions, resultats.accords)

    return work


def of_part(name: str, project: Project) -> Callable[[], object]:
    """One part alone, what it needs prepared before."""
    definitions = load_definitions(project)
    if name == "loading":
        return lambda: loaded(project, definitions)
    if name in MODULES:
        deposits = loaded(project, definitions)
        return lambda: [MODULES[name](donnees) for donnees in deposits]
    resultats = calculer(project, codes(project))
    if name == "ensemble":
        base: list[Mesure] = [m for m in resultats.mesures if m.lieu != "ensemble"]
        return lambda: ensemble(base, definitions)
    return lambda: decider(resultats.mesures, resultats.definitions, resultats.accords)


def child(name: str, root: Path) -> None:
    """Do one piece of work in this process and print what it took."""
    project = Project(root, "demonstration")
    tell_cost(of_all(project) if name == "indicators" else of_part(name, project))


def measured(name: str, root: Path, repeat: int, trees: Mapping[str, Path]) -> list[tuple[str, Cost]]:
    """The median costs of a piece of work by the code of each of these trees, which take turns on the same
    deposits, each time in a process of its own."""
    runs: dict[str, list[Cost]] = {tree: [] for tree in trees}
    for _ in range(repeat):
        for tree, path in trees.items():
            told = python(path, __file__, "--child", name, "--root", str(root))
            runs[tree].append(Cost(**json.loads(told)))
    return [(tree, median(found)) for tree, found in runs.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each line; the median is shown")
    parser.add_argument("--numbers", type=int, nargs="+", default=NUMBERS, help="territories, size by size")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    options = begin(parser, beside=False)
    if options.child:
        child(options.child, options.root)
        return
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        trees = {", earlier commit": stack.enter_context(tree_of(options.depuis))} if options.depuis else {}
        trees[""] = HERE
        rows, projects = [], []
        for number in options.numbers:
            project = invent(Path(name) / f"territories-{number}", territoires(number))
            keep_all(project)()
            projects.append(project)
            count = len(calculer(project, codes(project)).mesures)
            rows += [
                (f"{number} territories, {count} measures{tree}", cost)
                for tree, cost in measured("indicators", project.root, options.repeat, trees)
            ]
        print(table("indicators", rows), flush=True)
        middle = len(projects) // 2
        parts = [
            (f"{part}{tree}", cost)
            for part in PARTS
            for tree, cost in measured(part, projects[middle].root, options.repeat, trees)
        ]
        print(table(f"{options.numbers[middle]} territories, part by part", parts), flush=True)


if __name__ == "__main__":
    main()
