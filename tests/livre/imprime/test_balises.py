"""Heads of rows in a PDF: those of the site, in the tables that have some, and in no other."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest
from small import REPOSITORY

from analysis.livre.imprime.balises import Grid, elements, kids, with_row_heads
from analysis.livre.imprime.mise_en_page import compiled
from analysis.livre.imprime.typst_markup import Markup
from analysis.noyau.errors import BilanError

HEAD = '#import "style.typ": *\n#set document(title: "Essai")\n#set text(lang: "fr", region: "FR")\n'
STYLE = REPOSITORY / "src/analysis/livre/templates/bilan.typ"


def table(rows: int, *, named: bool, note: str = "") -> str:
    """A table of two columns; its rows begin with their head or with a plain cell."""
    cell = "th" if named else "td"
    body = "".join(f"<tr><{cell}>ligne {i}</{cell}><td>{i}</td></tr>" for i in range(rows))
    under = f'<p class="note">{note}</p>' if note else ""
    return (
        '<div class="tableau"><table><caption>Un tableau</caption><thead><tr><th>Nom</th><th>Nombre</th></tr>'
        f"</thead><tbody>{body}</tbody></table></div>{under}"
    )


@contextmanager
def tagged(folder: Path, *tables: str) -> Iterator[list[pikepdf.Dictionary]]:
    """The table elements of a PDF of these tables, while it is open."""
    markup = Markup({"essai": "".join(tables)}, folder)
    (folder / "style.typ").write_bytes(STYLE.read_bytes())
    source = folder / "essai.typ"
    source.write_text(HEAD + markup.article("essai"), encoding="utf-8")
    with pikepdf.open(io.BytesIO(with_row_heads(compiled(source), markup.tables))) as pdf:
        yield [element for element in elements(pdf.Root.StructTreeRoot) if str(element.S) == "/Table"]


def cells(found: pikepdf.Dictionary) -> list[list[str]]:
    """Each row as the kinds and scopes of its cells."""
    rows = [element for element in elements(found) if str(element.S) == "/TR"]
    return [[kind(cell) for cell in kids(row)] for row in rows]


def kind(cell: pikepdf.Dictionary) -> str:
    scopes = [str(one.Scope) for one in cell.get("/A", []) if "/Scope" in one]
    return " ".join([str(cell.S), *scopes])


HEADS, NAMED, PLAIN = ["/TH /Column", "/TH /Column"], ["/TH /Row", "/TD"], ["/TD", "/TD"]


@pytest.mark.parametrize("rows", [1, 2, 5, 6, 90])
@pytest.mark.parametrize("note", ["", "Source : essai."])
def test_each_row_has_its_head_on_one_page_or_on_many(tmp_path: Path, rows: int, note: str) -> None:
    last = [["/TD"]] if note else []
    with tagged(tmp_path, table(rows, named=True, note=note)) as (found,):
        assert cells(found) == [HEADS, *[NAMED] * rows, *last]
        groups = [str(group.S) for group in kids(found) if str(group.S) != "/Caption"]
    assert groups in (["/TR"] * (1 + rows + len(last)), ["/THead", "/TBody", *["/TFoot"] * len(last)])


def test_a_table_whose_rows_have_no_head_gets_none(tmp_path: Path) -> None:
    with tagged(tmp_path, table(8, named=False), table(3, named=True)) as (first, second):
        assert cells(first) == [HEADS, *[PLAIN] * 8] and cells(second) == [HEADS, *[NAMED] * 3]


def test_a_row_is_in_the_tree_under_the_group_that_holds_it(tmp_path: Path) -> None:
    with tagged(tmp_path, table(40, named=True, note="Source : essai.")) as (found,):
        for group in kids(found):
            assert all(row.P.objgen == group.objgen for row in kids(group))


def test_other_tables_than_those_written_are_refused(tmp_path: Path) -> None:
    source = tmp_path / "essai.typ"
    source.write_text('#set document(title: "E")\n#table(columns: 2, table.header[a][b], [c], [d])', "utf-8")
    content = compiled(source)
    with pytest.raises(BilanError, match="1 tableaux balisés pour 0 écrits"):
        with_row_heads(content, [])
    with pytest.raises(BilanError, match="1 lignes balisées pour 2 écrites"):
        with_row_heads(content, [Grid(2, True, False)])
