#!/usr/bin/env bash
# frictionless 5.21.0: checking a data package lifts the standard csv module's limit on a cell for the whole process.
#
# Expected: a library that wants larger cells for its own files leaves csv.field_size_limit() as the program set it.
# Seen: validating one small CSV is enough. The limit goes from 131,072 to the value of frictionless' own settings and
# stays there, so a reader elsewhere in the program that counts on the limit to refuse an unclosed quotation mark
# accepts a cell of 200,000 characters afterwards. A program that relies on the limit sets it before each reading.
# Run: bash frictionless-raises-the-csv-limit-of-the-process.sh   (Python 3.11 to 3.13; exits with 1 if it changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check frictionless==5.21.0

./env/bin/python - <<'PYTHON'
import csv
import io
import sys

LONG = "x" * 200_000


def is_refused():
    try:
        list(csv.reader(io.StringIO(LONG)))
    except csv.Error as error:
        print("  a cell of 200,000 characters:", error)
        return True
    print("  a cell of 200,000 characters: read")
    return False


before = csv.field_size_limit()
print("limit before:", before)
refused_before = is_refused()

with open("jobs.csv", "w", encoding="utf-8") as file:
    file.write("territory,jobs\na,12\nb,7\n")
from frictionless import Resource

report = Resource(path="jobs.csv").validate()
print("frictionless says valid:", report.valid)

after = csv.field_size_limit()
print("limit after:", after)
refused_after = is_refused()
if report.valid and before == 131_072 and refused_before and after > before and not refused_after:
    print("As described.")
else:
    print("The behaviour changed.")
    sys.exit(1)
PYTHON
