#!/usr/bin/env bash
# pytauargus 0.6.0: protect() is given a work folder, and writes the counts that it withholds into the folder where the program runs.
#
# Expected: « workdir: directory for all intermediate files », says protect(); whoever puts it on a confidential disk finds nothing elsewhere.
# Seen: five files are left in the current folder (FullJJ.log, CSPlogfile.txt, cspSCIP.sta, cspSCIP.bra, cspSCIP.heu). The last holds
# the true number of each cell that is withheld, the two people among them; result.files, the paths « of every file the pipeline wrote », names none.
# Run: bash pytauargus-writes-withheld-counts-beside-its-work-folder.sh   (Python 3.11 to 3.13; exits with 1 if the behaviour changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check pytauargus==0.6.0

mkdir here confidential
cd here
../env/bin/python - <<'PYTHON'
import sys
from pathlib import Path

from pytauargus import protect

PEOPLE = [("Nord", "a", 5), ("Nord", "b", 2), ("Sud", "a", 6), ("Sud", "b", 7), ("Est", "a", 9), ("Est", "b", 4)]
rows = [(place, trade) for place, trade, people in PEOPLE for _ in range(people)]
micro = {"Place": [r[0] for r in rows], "Trade": [r[1] for r in rows], "People": [1.0] * len(rows)}
result = protect(
    micro, ["Place", "Trade"], response="People", safety_rules="FREQ(3,20)", workdir="../confidential"
)
withheld = sorted(row["People"] for row in result.tables[0].rows if row["status"] in "UM")
left = sorted(path.name for path in Path().iterdir())
solution = Path("cspSCIP.heu").read_text(encoding="utf-8")
told = sorted(float(line.split()[-1]) for line in solution.splitlines() if line.strip().startswith("x"))
named = [path for path in result.files.values() if Path(path).parent == Path.cwd()]
print("withheld:", withheld)
print("left in the current folder:", left)
print(solution)
as_described = told == withheld == [2, 5, 6, 7] and named == [] and len(left) == 5
print("As described." if as_described else "The behaviour changed.")
sys.exit(not as_described)
PYTHON
