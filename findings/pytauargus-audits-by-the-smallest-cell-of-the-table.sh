#!/usr/bin/env bash
# pytauargus 0.6.0: what an audit says of withheld cells, and what an optimum withholds, depends on a number told in another line.
#
# Expected: the page says that an audit « calculates realised lower and upper bounds consistent with the published totals » (τ-Argus, which it
# is written after, takes nought for the least that a number of a table of counts can be). A third line that is told whole, like
# all the totals, changes nothing of what is known of the first two: the 30 is between 0 and 38.
# Seen: the smallest number of the whole table is taken for known to be the least that any can be. Where all are 8 and more, two withheld 8
# cannot be less, so that the 30 beside them « cannot be more than 30 » and is unsafe; where a 9 of the third line is 0, the same 30 may be
# 38 and is safe. The optimal suppression avoids the 8 in the first table, and withholds 175 in place of 56.
# Run: bash pytauargus-audits-by-the-smallest-cell-of-the-table.sh   (Python 3.11 to 3.13; exits with 1 if the behaviour changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check pytauargus==0.6.0

cat > table.rda <<'RDA'
<SEPARATOR> ";"
<SAFE> S
<UNSAFE> U
<PROTECT> P
Line
  <RECODEABLE>
  <TOTCODE> "Total"
Column
  <RECODEABLE>
  <TOTCODE> "Total"
People
  <NUMERIC>
  <DECIMALS> 0
Status
  <STATUS>
RDA
cat > table.arb <<'ARB'
<OPENTABLEDATA> "table.tab"
<OPENMETADATA> "table.rda"
<SPECIFYTABLE> "Line""Column"|"People"||
<SAFETYRULE>
<READTABLE> 0
ARB
{ cat table.arb; echo '<SUPPRESS> OPT(1,0)'; } > optimum.arb
./env/bin/python - <<'PYTHON'
import sys
from pathlib import Path

from pytauargus.engine import run_batch
from pytauargus.result import parse_simple_tab

SQUARE = {("a", "y"): "M", ("b", "x"): "M", ("b", "y"): "M"}


def run(batch, third, complements):
    rows = {"a": (30, 8, 60), "b": (8, 40, 50), "c": third}
    cells = {(line, column): value for line in rows for column, value in zip("xyz", rows[line])}
    for line, column in list(cells):
        for name in ((line, "Total"), ("Total", column), ("Total", "Total")):
            cells[name] = cells.get(name, 0) + cells[line, column]
    status = {("a", "x"): "U"} | complements
    Path("table.tab").write_text("".join(f"{i};{j};{v};{status.get((i, j), 'S')}\n" for (i, j), v in cells.items()))
    return run_batch(batch)


def audit(third):
    (found,) = (row for row in run("table.arb", third, SQUARE).audit(0) if row["status"] == "u")
    return found["min"] + 0.0, found["max"], found["unsafe"]


def optimum(third):
    run("optimum.arb", third, {}).write_intermediate_table(0, "found.tab", simple=True)
    rows = parse_simple_tab("found.tab", ["line", "column"], "people")
    return sum(row["people"] for row in rows if row["status"] == "M")


seen = {third: (*audit(third), optimum(third)) for third in ((70, 9, 45), (70, 0, 54))}
for third, (low, high, unsafe, cost) in seen.items():
    print(f"third line {third}: 30 is {low:.0f} to {high:.0f}, {'unsafe' if unsafe else 'safe'}; the optimum withholds {cost:.0f}")
as_described = seen == {(70, 9, 45): (8, 30, True, 175), (70, 0, 54): (0, 38, False, 56)}
print("As described." if as_described else "The behaviour changed.")
sys.exit(not as_described)
PYTHON
