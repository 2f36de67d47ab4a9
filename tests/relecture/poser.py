"""Run by the system's Python, which has LibreOffice's ``uno``: plant comments and changes in a document.

Arguments: the pipe's name, the document, where to store it, a JSON file with what to plant.
"""

import json
import pathlib
import sys

from pont import connected, desktop, leave, prop


def find(document, words):
    search = document.createSearchDescriptor()
    search.SearchString, search.SearchCaseSensitive = words, True
    found = document.findFirst(search)
    if found is None:
        raise SystemExit(f"not found: {words}")
    return found


def main():
    pipe, source, target, orders = sys.argv[1:]
    office = desktop(connected(pipe))
    with pathlib.Path(orders).open(encoding="utf-8") as file:
        wanted = json.load(file)
    document = office.loadComponentFromURL("file://" + source, "_blank", 0, (prop("Hidden", True),))
    for order in wanted["answers"]:
        document.TextTables[0].getCellByName(order["cell"]).setString(order["answer"])
    for order in wanted["comments"]:
        place = find(document, order["quote"])
        note = document.createInstance("com.sun.star.text.textfield.Annotation")
        note.Content, note.Author = order["text"], order["author"]
        place.Text.insertTextContent(place, note, True)
    document.RecordChanges = True
    for order in wanted["changes"]:
        place = find(document, order["find"])
        place.setString(order["put"])
    document.storeToURL("file://" + target, (prop("FilterName", "MS Word 2007 XML"),))
    document.close(True)
    leave()


if __name__ == "__main__":
    main()
