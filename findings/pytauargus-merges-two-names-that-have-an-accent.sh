#!/usr/bin/env bash
# pytauargus 0.6.0: « Cité 1 » and « Cité 2 » become one category, and the table of their people is all zeros and all safe.
#
# Expected: protect() takes a DataFrame of text columns; a name with an accent is a name, and the table is that of « Cite 1 » and
# « Cite 2 », in which the two people of one place are withheld. A name that it could not take would be refused.
# Seen: the fixed-width file between Python and the engine is laid out in characters and read in bytes. Each accent shifts what follows: here
# the last digit of the name falls in the next column. The two names are one, every sum is 0, no cell is found too small, none is withheld;
# no error and no warning. (Names that have not all as many accents are mostly refused, by « ExploreFile failed: UnKnown Error (1003) ».)
# Run: bash pytauargus-merges-two-names-that-have-an-accent.sh   (Python 3.11 to 3.13; exits with 1 if the behaviour changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check pytauargus==0.6.0

./env/bin/python - <<'PYTHON'
import sys

from pytauargus import protect

PEOPLE = [("Nord", 1, 5), ("Nord", 2, 2), ("Sud", 1, 6), ("Sud", 2, 7), ("Est", 1, 9), ("Est", 2, 4)]


def table(name):
    rows = [(place, f"{name} {number}") for place, number, people in PEOPLE for _ in range(people)]
    micro = {"Place": [r[0] for r in rows], "Area": [r[1] for r in rows], "People": [1.0] * len(rows)}
    result = protect(micro, ["Place", "Area"], response="People", safety_rules="FREQ(3,20)", workdir=name)
    return {(row["Place"].strip(), row["Area"]): (row["People"], row["status"]) for row in result.tables[0].rows}


plain, accented = table("Cite"), table("Cité")
for found in (plain, accented):
    print("\n".join(f"{place:6}{area!r:10}{people:5.0f}  {status}" for (place, area), (people, status) in found.items()))
as_described = (
    plain["Nord", "Cite 2"] == (2.0, "U")
    and plain["Total", "Total"] == (33.0, "S")
    and {area for _, area in accented} == {"Total", "Cité "}
    and set(accented.values()) == {(0.0, "S")}
)
print("As described." if as_described else "The behaviour changed.")
sys.exit(not as_described)
PYTHON
