#!/usr/bin/env bash
# python-calamine 0.9.1 reads an OpenDocument sheet, and refuses the same sheet once its XML is indented.
#
# Expected: white space between the elements of a table says nothing in OpenDocument (the schema of table:table-row
# allows cells alone), so a file whose content.xml is indented, as some accounting programs write it, reads the same.
# Seen: the sheet written by odfpy 1.4.1 gives its rows; with only line breaks and blanks added between elements,
# CalamineWorkbook raises CalamineError « Expecting 'table-cell', found 'Text(…)' ». odfpy reads both alike.
# Run: bash calamine-refuses-an-indented-ods.sh   (Python 3.11 to 3.13; exits with 1 if the behaviour changed)
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
./env/bin/python -m pip install --quiet --disable-pip-version-check python-calamine==0.9.1 odfpy==1.4.1

./env/bin/python - <<'PYTHON'
import re
import sys
import zipfile

from odf.opendocument import OpenDocumentSpreadsheet, load
from odf.table import Table, TableCell, TableRow
from odf.text import P
from python_calamine import CalamineError, CalamineWorkbook

document = OpenDocumentSpreadsheet()
table = Table(name="Balance")
for line in (("Compte", "Solde"), ("706", "12.5")):
    row = TableRow()
    for words in line:
        cell = TableCell(valuetype="string")
        cell.addElement(P(text=words))
        row.addElement(cell)
    table.addElement(row)
document.spreadsheet.addElement(table)
document.save("plain.ods")

with zipfile.ZipFile("plain.ods") as source, zipfile.ZipFile("indented.ods", "w") as target:
    for entry in source.infolist():
        content = source.read(entry)
        if entry.filename == "content.xml":
            content = re.sub(rb"(</?table:table-(?:row|cell)[^>]*>)(?=<table:|</table:)", rb"\1\n  ", content)
        target.writestr(entry, content)


def rows_of_odfpy(name):
    rows = load(name).spreadsheet.getElementsByType(TableRow)
    return [[str(cell) for cell in row.getElementsByType(TableCell)] for row in rows]


print("calamine, as written:", CalamineWorkbook.from_path("plain.ods").get_sheet_by_index(0).to_python())
assert rows_of_odfpy("plain.ods") == rows_of_odfpy("indented.ods"), "the two files hold the same cells"
try:
    rows = CalamineWorkbook.from_path("indented.ods").get_sheet_by_index(0).to_python()
except CalamineError as error:
    print("calamine, indented:", error)
    print("As described.")
else:
    print("calamine, indented:", rows)
    print("The behaviour changed.")
    sys.exit(1)
PYTHON
