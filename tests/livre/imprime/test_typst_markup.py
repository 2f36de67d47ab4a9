"""HTML to Typst: a closed set of elements, hostile text as text, links to what the book holds."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

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


def test_what_was_written_once_is_written_again_as_its_book_has_it(tmp_path: Path) -> None:
    """A link finds its place in one book and not in another; images and tables come each time."""
    text = (
        '<p><a href="b.html#x">là</a></p><table><tr><th>A</th></tr><tr><td>1</td></tr></table>'
        '<p><img src="data:image/svg+xml;base64,PHN2Zy8+" alt="Rien"></p>'
    )
    for rank, others in enumerate(({}, {"b": '<p id="x">Ici</p>'}, {}, {"b": '<p id="y">Ici</p>'})):
        book = Markup({"a": text, **others}, tmp_path / str(rank))
        book.folder.mkdir()
        written = book.article("a")
        assert ('#link(<b:x>)[#"là";]' in written) == ('id="x"' in others.get("b", ""))
        assert len(book.tables) == 1 and (book.folder / "a-1.svg").read_bytes() == b"<svg/>"


@pytest.mark.parametrize(
    "place",
    [
        '<ul><li id="ici">Une</li></ul>',
        '<ol><li id="ici">Une</li></ol>',
        '<ul id="ici"><li>Une</li></ul>',
        '<p id="ici">Une.</p>',
        '<p class="note" id="ici">Une.</p>',
        '<p class="juge" id="ici">Une.</p>',
        '<section id="ici"><p>Une.</p></section>',
        '<div id="ici"><p>Une.</p></div>',
        '<blockquote id="ici"><p>Une.</p></blockquote>',
        '<p>Une <strong id="ici">ou</strong> deux.</p>',
        '<p>Une <span id="ici">ou</span> <a href="#titre">deux</a>.</p>',
        '<p><a id="ici" href="https://e.org">Une</a></p>',
        '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td id="ici">b</td></tr></tbody></table>',
    ],
)
def test_every_place_that_a_link_leads_to_is_in_the_book_once(tmp_path: Path, place: str) -> None:
    """A label that a link names and that nothing bears stops the whole book."""
    source = tmp_path / "livre.typ"
    told = markup(tmp_path, f'<h1 id="titre">Titre</h1>{place}<p><a href="#ici">là</a></p>')
    assert told.count("<p:ici>") == 2
    style = "#let note(body) = body\n#let mention(body) = body\n#let juge(body) = body\n"
    source.write_text(style + told, encoding="utf-8")
    assert typst.compile(str(source)).startswith(b"%PDF")


def test_table_repeats_its_head(tmp_path: Path) -> None:
    text = "<table><caption>C</caption><thead><tr><th>a</th></tr></thead><tbody><tr id='r'><th>b</th></tr></tbody></table>"
    result = markup(tmp_path, text)
    assert 'table.header([#"a";])' in result and '[#[#metadata(none) <p:r>]#"b";]' in result


def test_unknown_element_is_an_error_not_a_silence(tmp_path: Path) -> None:
    with pytest.raises(BilanError, match="« marquee »"):
        markup(tmp_path, "<marquee>x</marquee>")
