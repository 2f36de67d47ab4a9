"""The heads of rows in the tables of a PDF: Typst tags those of columns, and the first cells here.

Typst has a function for them, ``pdf.header-cell``, behind a feature that its Python package cannot turn on
(compiler 0.15.1, package 0.15.2).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name

from analysis.noyau.errors import BilanError


@dataclass(frozen=True)
class Grid:
    """A table as it was written: its rows, whether each begins with its head, whether a note ends it."""

    rows: int
    has_row_heads: bool
    has_note: bool


def with_row_heads(content: bytes, grids: Sequence[Grid]) -> bytes:
    """The PDF in which the first cell of each row is the head of that row, where it is on the site.

    ``grids`` are the tables in the order of reading. The last rows, which the source keeps together as a
    foot, go back to the body; a note stays at the foot. Headers are told by their scope, which is enough for
    tables without merged heads. Raises BilanError for a PDF that does not hold these tables, row for row.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tables = list(_tables(pdf.Root.StructTreeRoot))
        if len(tables) != len(grids):
            raise BilanError(f"Le PDF a {len(tables)} tableaux balisés pour {len(grids)} écrits.")
        for table, grid in zip(tables, grids, strict=True):
            _mend(table, grid)
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _tables(node: pikepdf.Object) -> Iterator[Dictionary]:
    """The tables under a node, in the order of reading; none stands in another."""
    for kid in kids(node):
        if str(kid.S) == "/Table":
            yield kid
        else:
            yield from _tables(kid)


def elements(node: pikepdf.Object) -> Iterator[Dictionary]:
    """Every structure element under a node, in the order of reading."""
    for kid in kids(node):
        yield kid
        yield from elements(kid)


def kids(node: pikepdf.Object) -> list[Dictionary]:
    """The structure elements right under a node."""
    found: pikepdf.Object | None = node.get("/K")
    children = list(found) if isinstance(found, Array) else [found]
    return [kid for kid in children if isinstance(kid, Dictionary) and "/S" in kid]


def _mend(table: Dictionary, grid: Grid) -> None:
    rows = _rows(table, has_note=grid.has_note)
    if len(rows) != grid.rows:
        raise BilanError(f"Un tableau du PDF a {len(rows)} lignes balisées pour {grid.rows} écrites.")
    for row in rows if grid.has_row_heads else []:
        first = kids(row)[0]
        others = [one for one in _attributes(first) if str(one.get("/O")) != "/Table"]
        first.S = Name.TH
        first.A = Array([Dictionary(O=Name.Table, Scope=Name.Row), *others])
    for cell in elements(table):
        for attribute in _attributes(cell):
            if "/Headers" in attribute:
                del attribute["/Headers"]


def _rows(table: Dictionary, *, has_note: bool) -> list[Dictionary]:
    """The rows of the body, those of its foot brought back to it; a table of few rows has no groups."""
    groups = {str(group.S): group for group in kids(table)}
    if "/TR" in groups:
        _head, *rows = (kid for kid in kids(table) if str(kid.S) == "/TR")
        return rows[:-1] if has_note else rows
    body, foot = groups["/TBody"], groups.get("/TFoot")
    at_foot = kids(foot) if foot is not None else []
    moved = at_foot[:-1] if has_note else at_foot
    for row in moved:
        row.P = body
    body.K = Array([*kids(body), *moved])
    if foot is not None and has_note:
        foot.K = Array(at_foot[-1:])
    elif foot is not None:
        table.K = Array([kid for kid in kids(table) if str(kid.S) != "/TFoot"])
    return kids(body)


def _attributes(element: Dictionary) -> list[Dictionary]:
    found: pikepdf.Object | None = element.get("/A")
    children = list(found) if isinstance(found, Array) else [found]
    return [child for child in children if isinstance(child, Dictionary)]
