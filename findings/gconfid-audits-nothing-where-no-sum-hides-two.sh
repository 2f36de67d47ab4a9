#!/usr/bin/env bash
# gconfid 2.0.4 (G-Confid of Statistics Canada): the audit of a number withheld alone, which subtraction gives back, has no row.
#
# Expected: the guide says that auditing « verifies the validity of a suppression pattern » and gives each withheld cell its least and
# greatest value and an indicator, 2 for an exact disclosure. A 3 withheld alone in its line and in its column is between 3 and 3.
# Seen: no row at all, no error and no warning. The audit works only once some sum withholds exactly two cells: where each withholds one, or
# three and more, nothing is looked at. With a second pair of cells withheld elsewhere, the same 3 is told as disclosed. A program that counts
# the rows that are not « good protection » finds none and lets the table out.
# Run: bash gconfid-audits-nothing-where-no-sum-hides-two.sh   (Linux x86-64 or Windows, Python 3.11 to 3.13; exits with 1 if it changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check gconfid==2.0.4

cat > audit.py <<'PYTHON'
import logging
import sys

import gconfid
import pandas as pd

silent = logging.getLogger("silent")
silent.addHandler(logging.NullHandler())
silent.propagate = False

LINES = [[3, 10, 90], [20, 30, 80], [70, 60, 50]]
cells = {(i, j): value for i, line in enumerate(LINES) for j, value in enumerate(line)}
sums = [([(i, j) for j in range(3)], (i, "all")) for i in range(3)]
sums += [([(i, j) for i in range(3)], ("all", j)) for j in range(3)]
cells |= {total: sum(cells[part] for part in parts) for parts, total in sums}
number = {cell: float(rank) for rank, cell in enumerate(cells, 1)}
bonds = pd.DataFrame(
    [
        (float(rank), number[cell], sign)
        for rank, (parts, total) in enumerate(sums, 1)
        for cell, sign in [*((part, 1.0) for part in parts), (total, -1.0)]
    ],
    columns=["ConstraintId", "CellId", "Coefficient"],
)


def audit(withheld):
    table = pd.DataFrame(
        [
            (
                *(number[cell], float(value), 3.0 if cell == (0, 0) else -1.0),
                *("S" if cell == (0, 0) else "V", "C", "X" if cell in withheld else "P", 1.0),
            )
            for cell, value in cells.items()
        ],
        columns=["CellId", "TotalNoise", "Sensitivity", "Status", "Type", "OutStatus", "NetVariation"],
    )
    found = gconfid.Auditing(incell=table, inconstraint=bonds, logger=silent).outaudit.to_pandas()
    columns = found[["CellId", "MinValue", "MaxValue", "ProblemIndicator"]].itertuples(index=False)
    return sorted(tuple(float(x) for x in row) for row in columns)


alone = audit({(0, 0)})
diagonal = audit({(0, 0), (1, 1), (2, 2)})
whole_line = audit({(0, 0), (0, 1), (0, 2)})
with_a_pair = audit({(0, 0), (2, 1), (2, 2)})
print("3 withheld alone:", alone)
print("a diagonal withheld, each alone in its line:", diagonal)
print("a whole line withheld, each alone in its column:", whole_line)
print("3 withheld alone, and a pair elsewhere:", with_a_pair)
as_described = alone == diagonal == whole_line == [] and with_a_pair == [
    (1.0, 3.0, 3.0, 2.0), (8.0, 60.0, 60.0, 2.0), (9.0, 50.0, 50.0, 2.0)
]
print("As described." if as_described else "The behaviour changed.")
sys.exit(not as_described)
PYTHON
./env/bin/python audit.py
