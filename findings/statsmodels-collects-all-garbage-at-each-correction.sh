#!/usr/bin/env bash
# statsmodels 0.15.0: correcting a handful of p-values runs a full garbage collection of the whole process.
#
# Expected: multipletests on five numbers costs what arithmetic on five numbers costs, whatever else the program holds.
# Seen: every call with method="holm" ends on one collection of all generations ("bonferroni" on none): its cost grows with
# the objects of the program: in a process with an application loaded it took about 0.2 s a call, and a report that
# corrects a list for each of its questions spent a second and more there. The p-values themselves are right.
# Run: bash statsmodels-collects-all-garbage-at-each-correction.sh   (Python 3.11 to 3.13; exits with 1 if it changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check statsmodels==0.15.0

./env/bin/python - <<'PYTHON'
import gc
import sys

from statsmodels.stats.multitest import multipletests

P_VALUES = [0.001, 0.04, 0.01, 0.6, 0.02]
CALLS = 10
gc.collect()
gc.disable()  # no collection of Python's own
counted = {}
for method in ("holm", "bonferroni", "fdr_bh"):
    collections = []
    gc.callbacks.append(lambda phase, info: collections.append(info["generation"]) if phase == "start" else None)
    for _ in range(CALLS):
        corrected = multipletests(P_VALUES, method=method)[1]
    gc.callbacks.pop()
    counted[method] = collections.count(2)
    print(f"{method}: {counted[method]} full collections in {CALLS} calls; p-values {[round(float(p), 4) for p in corrected]}")
if counted["holm"] == CALLS:
    print("As described.")
else:
    print("The behaviour changed.")
    sys.exit(1)
PYTHON
