"""What joining people to case types costs, beside one simulation for each person.

    python benchmarks/depenses_passives.py --number 1000 20000

Each line is a process of its own, with a store of case types of its own. Seconds are those of the work,
imports left out, the loading of the model included; memory is the growth of the peak. Linux only.

- ``distinct``: as many case types as people (their rents differ); ``repeated``: five hundred case types;
- ``kept``: the same people again, their case types read;
- ``one each``: one simulation a person, on three people (``--sample``): the rest is a multiplication. The
  model is loaded before: a program that simulates people one by one loads it once.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from itertools import product
from pathlib import Path

from commun import Cost, begin
from depots import forget_peak, memory, table

from analysis.indicateurs.depenses_passives.loi.cas_types import CasType
from analysis.indicateurs.depenses_passives.loi.conservation import montants
from analysis.indicateurs.depenses_passives.loi.legislation import load_exceptions, load_model, simuler
from analysis.noyau.paths import Project

KINDS = ("distinct", "repeated", "kept", "one each")
REPEATED = 500
HIRES = [f"{year}-{month:02}" for year, month in product((2017, 2018, 2019), range(1, 13))]


def people(number: int, cases: int) -> list[CasType]:
    """As many people, of so many case types: their rent, their resource and their month of hire differ."""
    resources = ("rsa", "ass", "aah", "aucune")
    made = [
        CasType(
            f"p{rank}",
            "seule",
            0,
            "locataire_prive",
            200 + (rank // (len(resources) * len(HIRES))) * 0.5,
            "2",
            resources[rank % len(resources)],
            embauche=HIRES[(rank // len(resources)) % len(HIRES)],
        )
        for rank in range(cases)
    ]
    return [made[rank % cases] for rank in range(number)]


def child(kind: str, number: int, store: Path) -> None:
    """Do one piece of work in this process and print what it took."""
    exceptions = load_exceptions(Project.here())
    if kind == "one each":
        load_model(exceptions)
    forget_peak()
    before, started, processor = memory("VmRSS"), time.perf_counter(), time.process_time()
    if kind == "one each":
        for person in people(number, number):
            simuler([person], exceptions)
    else:
        cases = number if kind == "distinct" else REPEATED
        montants(people(number, cases), exceptions, store=store)
    taken = time.perf_counter() - started, time.process_time() - processor
    cost = Cost(*taken, (memory("VmHWM") - before) / 2**20)
    print(json.dumps(asdict(cost)))


def measured(kind: str, number: int, store: Path) -> Cost:
    command = [sys.executable, __file__, "--child", kind, str(number), str(store)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, nargs="+", default=[1000, 20000])
    parser.add_argument("--sample", type=int, default=3, help="people simulated one by one")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = begin(parser)
    if options.child:
        kind, number, store = options.child
        child(kind, int(number), Path(store))
        return
    with tempfile.TemporaryDirectory() as folder:
        each = measured("one each", options.sample, Path(folder))
        for number in options.number:
            alone = Cost(
                *(part / options.sample * number for part in (each.wall, each.processor)), each.memory
            )
            rows = []
            for kind in KINDS[:3]:
                store = Path(folder) / f"{'repeated' if kind == 'kept' else kind}-{number}"
                rows.append((f"{kind} case types", measured(kind, number, store)))
            rows.append((f"one simulation each (from {options.sample})", alone))
            print(table(f"{number} people", rows), flush=True)


if __name__ == "__main__":
    main()
