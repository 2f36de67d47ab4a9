"""What the tests that two commits have in common took on both sides.

    python -m pytest -n auto --dist loadgroup --no-loadscope-reorder --junitxml=apres.xml
    python scripts/common_tests.py avant.xml apres.xml

Each file is what ``--junitxml`` wrote in one tree, on the same quiet machine. A test is the same on both
sides when its function and its parameters have the same names, wherever its file went. Seconds are those of
each test with its fixtures, summed over all workers.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

_GROUP = re.compile(r"@(?:src|tests|notebooks)/.*$")
"""What ``--dist loadgroup`` puts behind a name."""

Taken = Mapping[str, Sequence[float]]
"""By name of a test, the seconds of each one that has it, in the order of their files."""


@dataclass(frozen=True)
class Side:
    """How many tests a tree has, how many of them the other has too, and the seconds of both."""

    tests: int
    common: int
    seconds: float
    seconds_in_common: float


def taken(path: Path) -> Taken:
    """The seconds of the tests of a report."""
    cases = sorted(etree.parse(path).iter("testcase"), key=lambda case: case.get("classname", ""))
    found: dict[str, list[float]] = defaultdict(list)
    for case in cases:
        found[_GROUP.sub("", case.get("name", ""))].append(float(case.get("time", 0)))
    return found


def beside(one: Taken, other: Taken) -> Side:
    """A side, and what of it the other side has: of a name that stands more often here, as many as there."""
    shared = [seconds for name in one.keys() & other.keys() for seconds in one[name][: len(other[name])]]
    every = [seconds for named in one.values() for seconds in named]
    return Side(len(every), len(shared), sum(every), sum(shared))


def main(before: Path, after: Path) -> None:
    one, other = taken(before), taken(after)
    print("| | tests | s | in common | s in common |\n|---|---|---|---|---|")
    for path, side in ((before, beside(one, other)), (after, beside(other, one))):
        cells = (side.tests, f"{side.seconds:.0f}", side.common, f"{side.seconds_in_common:.0f}")
        print(f"| {path.name} | " + " | ".join(map(str, cells)) + " |")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
