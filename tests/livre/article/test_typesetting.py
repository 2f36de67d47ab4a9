"""One pass sets the typography of a page: what it mends, what it leaves, and that it is done once."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from analysis.livre.article.typesetting import typeset
from analysis.livre.imprime.typst_markup import Markup
from analysis.noyau.french import typography

WIDE, THIN = "\u00a0", "\u202f"

PIECES = st.sampled_from(
    list(" \n'«»:;?!%€°,.()/") + [WIDE, THIN, "1er", "2e", "300", "11", "n°", "l'an", "km", "&amp;", "&#39;"]
    + ["<b>", "</b>", "<p>", "</p>", "<code>", "</code>", '<i lang="en">', "</i>", '<a title="l\'an ; n° 1">']
)  # fmt: skip


@given(st.text(alphabet=" \n'«»:;?!%€°0123456789neEkmlx\u00a0\u202f’", max_size=60))
def test_words_keep_their_length_and_are_set_once(text: str) -> None:
    done = typography(text)
    assert len(done) == len(text) and typography(done) == done


@given(st.lists(PIECES, max_size=30).map("".join))
def test_a_page_is_set_once_and_keeps_its_tags(page: str) -> None:
    done = typeset(page)
    assert typeset(done) == done
    assert re.findall(r"</?[bpai]\b", done) == re.findall(r"</?[bpai]\b", page)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Qui paie ? Qui ; non !", f"Qui paie{THIN}? Qui{THIN}; non{THIN}!"),
        ("« oui » : non", f"«{WIDE}oui{WIDE}»{WIDE}: non"),
        ("56 % de 13 700 €", f"56{WIDE}% de 13{THIN}700{WIDE}€"),
        ("de 11 300 à 1 234 567,5 M€", f"de 11{THIN}300 à 1{THIN}234{THIN}567,5{WIDE}M€"),
        ("0,000 000 1 puis 0,000 001", f"0,000{THIN}000 1 puis 0,000{THIN}001"),
        ("35 h, 10 km, 5 m", f"35{WIDE}h, 10{WIDE}km, 5 m"),
        ("n° 1, N° 2", f"n°{WIDE}1, N°{WIDE}2"),
        ("l'an d'« ici »", f"l’an d’«{WIDE}ici{WIDE}»"),
        ("à 10:30, 1:2, en 2018 300 personnes", "à 10:30, 1:2, en 2018 300 personnes"),
        ("https://exemple.fr/a?b=1;c", "https://exemple.fr/a?b=1;c"),
        ("'x' 5'", "'x’ 5'"),
    ],
)
def test_what_is_set_and_what_is_left(before: str, after: str) -> None:
    assert typography(before) == after


def test_the_words_of_a_paragraph_are_read_across_its_elements() -> None:
    page = "<p>« <a>mot</a> » <b>note</b> : <data>56</data> %, n° <a>1</a>, l'<em>an</em>, <b>11</b> h</p>"
    text = BeautifulSoup(typeset(page), "lxml").get_text()
    assert text == f"«{WIDE}mot{WIDE}» note{WIDE}: 56{WIDE}%, n°{WIDE}1, l’an, 11{WIDE}h"


def test_two_cells_are_not_one_sentence() -> None:
    page = "<tr><td>40 </td><td>: 120 </td><td>300</td></tr>"
    assert typeset(page) == page


def test_spoken_attributes_are_set_and_addresses_are_not() -> None:
    page = """<a href="a b ?x=l'an :" title="l'an : n° 1" aria-label='dit "oui" ; non' class="a ;">x</a>"""
    link = BeautifulSoup(typeset(page), "lxml").a
    assert link is not None
    assert (link["href"], link["class"]) == ("a b ?x=l'an :", ["a", ";"])
    assert link["title"] == f"l’an{WIDE}: n°{WIDE}1" and link["aria-label"] == f'dit "oui"{THIN}; non'
    assert typeset("""<img alt="l'an"/>""") == '<img alt="l’an"/>'
    said = typeset('<meta name="description" content="Prémery : l\'emploi"><meta name="x" content="a : b">')
    assert f"Prémery{WIDE}: l’emploi" in said and 'content="a : b"' in said


def test_code_scripts_and_english_stay_as_they_are() -> None:
    kept = (
        "<code>l'an ; 1er</code><pre>a : b</pre><script>if (a ? 'b' : c) ;</script>"
        """<cite lang="en" title="it's : so">Jobs : it's 1 000 %</cite>"""
    )
    assert typeset(kept) == kept


def test_an_ordinal_is_raised_where_markup_may_stand() -> None:
    assert (
        typeset("<p>1er mai, 13e, 3e4, a/1er</p>") == "<p>1<sup>er</sup> mai, 13<sup>e</sup>, 3e4, a/1er</p>"
    )
    for plain in ("<title>1er mai</title>", "<option>1er mai</option>", "<svg><text>Paris 13e</text></svg>"):
        assert typeset(plain) == plain


def test_the_book_is_set_as_the_site_is(tmp_path) -> None:  # type: ignore[no-untyped-def]
    markup = Markup({"a": "<h1 id='titre'>L'emploi : 1er pas</h1><p>11 300 € « oui »</p>"}, tmp_path)
    written = markup.article("a")
    assert f"L’emploi{WIDE}: 1" in written and '#super[#"er";];' in written
    assert f"11{THIN}300{WIDE}€ «{WIDE}oui{WIDE}»" in written


def test_what_is_no_text_is_copied_byte_for_byte() -> None:
    page = (
        '<!DOCTYPE html>\n<html lang="fr"><!-- a ; b --><link hreflang="en" href="a>b ;c">'
        "<script type=\"x\">if (a <b && c) { 'x ; y' }</script><style>p > a :hover {}</style>"
        "<input placeholder='' disabled><img alt=\"\" src=x /><p>a < b & c &mdash;</p></html>\n"
    )
    assert typeset(page) == page
