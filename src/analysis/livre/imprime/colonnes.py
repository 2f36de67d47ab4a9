"""The widths of a table's columns on paper, of what its cells say."""

from __future__ import annotations

from bs4 import Tag


def column_widths(rows: list[Tag]) -> list[int]:
    """Widths of columns that grow with the square root of their longest text, within bounds."""
    heads = [max((len(word) for word in cell.get_text().split()), default=0) for cell in cells_of(rows[0])]
    lengths = [max(longest, 3 * head) for longest, head in zip(_longest(rows), heads, strict=True)]
    return [round(10 * min(max(length, 9), 120) ** 0.5) for length in lengths]


def _longest(rows: list[Tag]) -> list[int]:
    """The longest text of each column, the heads left out where there are rows."""
    columns = zip(*map(cells_of, rows[1:] or rows), strict=True)
    return [max(len(cell.get_text()) for cell in column) for column in columns]


def cells_of(row: Tag) -> list[Tag]:
    """The cells of a row, heads and values."""
    return row.find_all(["th", "td"], recursive=False)
