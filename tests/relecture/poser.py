"""Run by the system's Python, which has LibreOffice's ``uno``: plant comments and changes in a document.

Arguments: the pipe's name, the document, where to store it, a JSON file with what to plant.
"""

import json
import pathlib
import sys
import time


def prop(name, value):
    from com.sun.star.beans import PropertyValue

    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def desktop(pipe):
    import uno  # what lets Python find LibreOffice's own modules

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            time.sleep(0.5)
    raise SystemExit("LibreOffice does not answer")


def find(document, words):
    search = document.createSearchDescriptor()
    search.SearchString, search.SearchCaseSensitive = words, True
    found = document.findFirst(search)
    if found is None:
        raise SystemExit(f"not found: {words}")
    return found


def main():
    pipe, source, target, orders = sys.argv[1:]
    office = desktop(pipe)
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
    office.terminate()


if __name__ == "__main__":
    main()
