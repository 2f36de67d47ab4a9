"""HTML to Typst: a closed set of elements, hostile text as text, links to what the book holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.livre.imprime.typst_markup import Markup, string
from analysis.noyau.errors import BilanError


def markup(tmp_path: Path, text: str) -> str:
    return Markup({"p": text}, tmp_path).article("p")


def test_text_cannot_become_markup(tmp_path: Path) -> None:
    assert markup(tmp_path, '<p>#eval("x") $ * _ [ ] " \\</p>') == (
        '#"#eval(\\"x\\") $ * _ [ ] \\" \\\\";\n\n'
    )
    assert string("a\nb") == '"a b"'


def test_links_lead_inside_the_book_or_outside_or_are_plain(tmp_path: Path) -> None:
    text = '<h2 id="un">Un</h2><p><a href="#un">a</a><a href="absent.html#x">b</a><a href="https://e.org">c</a></p>'
    result = markup(tmp_path, text)
    assert '#heading(level: 2)[#"Un";] <p:un>' in result
    assert '#link(<p:un>)[#"a";];#"b";#link("https://e.org")[#"c";];' in result


def test_table_repeats_its_head(tmp_path: Path) -> None:
    text = "<table><caption>C</caption><thead><tr><th>a</th></tr></thead><tbody><tr id='r'><th>b</th></tr></tbody></table>"
    result = markup(tmp_path, text)
    assert 'table.header([#"a";])' in result and '[#[#metadata(none) <p:r>]#"b";]' in result


def test_unknown_element_is_an_error_not_a_silence(tmp_path: Path) -> None:
    with pytest.raises(BilanError, match="« marquee »"):
        markup(tmp_path, "<marquee>x</marquee>")
