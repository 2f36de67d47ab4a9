"""Run by the system's Python, which has LibreOffice's ``uno``: do in a workbook what a person does.

Arguments: the pipe's name, the workbook, where to store it, the filter that stores it, a JSON file of orders.
What is « typed » goes through the command that the keyboard sends, so LibreOffice understands it as it would.
"""

import json
import pathlib
import sys

from pont import connected, desktop, leave, prop


class Hand:
    """Someone at the keyboard of an open workbook."""

    def __init__(self, context, document):
        services = context.ServiceManager
        self.document, self.view = document, document.CurrentController
        self.dispatcher = services.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)

    def send(self, command, **arguments):
        properties = tuple(prop(name, value) for name, value in arguments.items())
        self.dispatcher.executeDispatch(self.view.Frame, f".uno:{command}", "", 0, properties)

    def go(self, sheet, cell):
        self.view.setActiveSheet(self.document.Sheets.getByName(sheet))
        self.send("GoToCell", ToPoint=cell)

    def type(self, sheet, cell, text):
        self.go(sheet, cell)
        self.send("EnterString", StringName=text)

    def paste(self, sheet, cell, text):
        self.document.Sheets.getByName(sheet).getCellRangeByName(cell).setString(text)

    def standard(self, sheet, cell):
        self.go(sheet, cell)
        self.send("NumberFormatStandard")

    def rename(self, sheet, name):
        self.document.Sheets.getByName(sheet).setName(name)

    def remove(self, sheet):
        self.document.Sheets.removeByName(sheet)

    def add(self, sheet):
        self.document.Sheets.insertNewByName(sheet, self.document.Sheets.Count)

    def remove_column(self, sheet, column):
        self.document.Sheets.getByName(sheet).Columns.removeByIndex(column, 1)


def main(pipe, source, target, form, told):
    context = connected(pipe)
    document = desktop(context).loadComponentFromURL(
        pathlib.Path(source).as_uri(), "_blank", 0, (prop("Hidden", True),)
    )
    hand = Hand(context, document)
    for action, *arguments in json.loads(pathlib.Path(told).read_text(encoding="utf-8")):
        getattr(hand, action)(*arguments)
    document.storeToURL(pathlib.Path(target).as_uri(), (prop("FilterName", form),))
    document.close(True)
    leave()


if __name__ == "__main__":
    main(*sys.argv[1:])
