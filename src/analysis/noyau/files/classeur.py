"""How a workbook is written: its clock is fixed, and no text in it runs."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, time

import xlsxwriter

from analysis.noyau.files.etat import NO_DAY


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """The bytes of a workbook that ``fill`` writes: its clock is fixed, no text becomes a formula or a
    link."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:  # its clock is fixed: the same bytes twice
        book.set_properties({"created": datetime.combine(NO_DAY, time())})
        fill(book)
    return buffer.getvalue()
