#!/usr/bin/env bash
# gconfid 2.0.4 (G-Confid of Statistics Canada): of two sums made alike, one is sensitive and the other is not.
#
# Expected: by the rule « pq 0.1 » a sum is sensitive where what the two largest leave is less than 10 % of the largest. It is just 10 % in
# 100 + 50 + 10 and in 1000 + 500 + 100: both alike. The guide gives « tolerance » (a smaller sensitivity is nought) a default of 0.01,
# so that nothing hangs on the last digit of a float.
# Seen: without that argument there is no tolerance. The first sum has a sensitivity of 1.4e-14 and is « S », to be withheld; the second, ten
# times as large, is « V ». With tolerance=0.01, which is said to change nothing, both are « V ».
# Run: bash gconfid-decides-at-the-edge-by-the-digits.sh   (Linux x86-64 or Windows, Python 3.11 to 3.13; exits with 1 if it changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check gconfid==2.0.4

cat > rule.py <<'PYTHON'
import logging
import sys

import gconfid
import pandas as pd

silent = logging.getLogger("silent")
silent.addHandler(logging.NullHandler())
silent.propagate = False

SUMS = {"1": (100, 50, 10), "2": (1000, 500, 100)}
units = pd.DataFrame(
    [(f"unit {code}{rank}", code, float(term)) for code, terms in SUMS.items() for rank, term in enumerate(terms)],
    columns=["Unit", "Trade", "Wages"],
)


def statuses(**options):
    found = gconfid.Sensitivity(
        indata=units, unit_id="Unit", var="Wages", dimension="Trade", hierarchy="0 1 2;", s_rule="pq 0.1", m=0,
        logger=silent, **options,
    ).outcell.to_pandas()
    return {row.Trade: (row.Sensitivity, row.Status) for row in found.itertuples() if row.Trade in SUMS}


by_default, documented = statuses(), statuses(tolerance=0.01)
for code, terms in SUMS.items():
    print(terms, "by default:", by_default[code], "with the documented tolerance:", documented[code])
as_described = (
    [by_default[code][1] for code in SUMS] == ["S", "V"]
    and 0 < by_default["1"][0] < 1e-12
    and set(documented.values()) == {(0.0, "V")}
)
print("As described." if as_described else "The behaviour changed.")
sys.exit(not as_described)
PYTHON
./env/bin/python rule.py
