"""A PDF is set again until no page of it is nearly empty, figures and tables whole with their words."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from pages import measured
from sample import PUBLISHER

from analysis.livre.article.articles import article_of_html
from analysis.livre.imprime.gardes import Gardes
from analysis.livre.imprime.mise_en_page import BODY, TOP, Reglages, Repere
from analysis.livre.imprime.pdf import Mots, asked_pdfs, set_book
from analysis.livre.pages import METHODS, Entry, Site
from analysis.stations.store import Store

SVG = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI0NjBwdCIgaGVpZ2h0PSIzODBwdCI+PHJlY3Qgd2lkdGg9IjQ2MCIgaGVpZ2h0PSIzODAiIGZpbGw9IiM4ODgiLz48L3N2Zz4="
SENTENCE = "Une phrase assez longue pour tenir presque toute une ligne de la page, et un peu plus encore. "
FIGURE = (
    f'<figure id="f{{0}}"><figcaption>Un dessin</figcaption><p class="sous-titre">Unités</p>'
    f'<img src="data:image/svg+xml;base64,{SVG}" alt="Un rectangle"><p class="lecture">Lecture : gris.</p>'
    '<p class="note">Source : essai.</p></figure>'
)
SITE = Site("Essai", PUBLISHER, date(2026, 11, 28), ())


def paragraphs(count: int) -> str:
    return f"<p>{SENTENCE * 4}</p>" * count


def rows(count: int, columns: int = 3) -> str:
    heads = "".join(f"<th>Une tête {i}</th>" for i in range(columns))
    cells = "".join(f"<td>une cellule de mots {i}</td>" for i in range(1, columns))
    body = "".join(f"<tr><th>ligne {i}</th>{cells}</tr>" for i in range(count))
    return (
        f'<div class="tableau"><table><caption>Un tableau</caption><thead><tr>{heads}</tr></thead><tbody>{body}'
        '</tbody></table></div><p class="note">Source : un essai du tableau.</p>'
    )


def book(folder: Path, *bodies: str) -> Path:
    """A book of these chapters and as many annexes."""
    entries = tuple(
        Entry(f"c{n}", f"Chapitre {n}", "themes", f"Chapitre\u00a0{n}", article=article_of_html(f'<h1 id="titre">Chapitre {n}</h1>{body}', name=f"c{n}", numero=str(n)))
        for n, body in enumerate(bodies, start=1)
    )  # fmt: skip
    path = folder / "livre.pdf"
    path.write_bytes(set_book(replace(SITE, entries=entries), folder / "livre"))
    return path


def test_a_chapter_that_ends_on_a_few_lines_is_drawn_in(tmp_path: Path) -> None:
    """Chapters of every length around a page: without a second setting some end on two lines."""
    lengths = range(14, 24)
    pages = measured(book(tmp_path, *(paragraphs(n) for n in lengths)))
    assert [page.number for page in pages[2:] if page.is_nearly_empty] == []


@pytest.mark.parametrize("count", range(9, 14))
def test_annexes_follow_one_another_and_do_not_end_on_a_few_lines(tmp_path: Path, count: int) -> None:
    entries = tuple(
        Entry(f"a{n}", "Annexe", METHODS, "", article=article_of_html(f'<h1 id="titre">Annexe</h1>{paragraphs(count)}', name=f"a{n}"))
        for n in (1, 2)
    )  # fmt: skip
    path = tmp_path / "livre.pdf"
    path.write_bytes(set_book(replace(SITE, entries=entries), tmp_path / "livre"))
    pages = measured(path)[2:]
    assert len(pages) <= 3 and not any(page.is_nearly_empty or page.parted for page in pages)


@pytest.mark.parametrize("before", [3, 6, 8])
def test_a_figure_keeps_its_words_and_leaves_no_hole(tmp_path: Path, before: int) -> None:
    text = paragraphs(before) + FIGURE.format(1) + paragraphs(8) + FIGURE.format(2) + paragraphs(4)
    pages = measured(book(tmp_path, text))[2:]
    assert all(not page.parted for page in pages) and not any(page.is_nearly_empty for page in pages)
    assert all(page.depth > 0.6 for page in pages[:-1])


@pytest.mark.parametrize("count", [1, 4, 5, 6, 24, 25, 26, 27, 60])
@pytest.mark.parametrize("before", [0, 9, 10])
def test_no_table_leaves_its_head_its_note_or_one_row_alone(tmp_path: Path, count: int, before: int) -> None:
    pages = measured(book(tmp_path, paragraphs(before) + "<h2>Un titre</h2>" + rows(count) + paragraphs(7)))[
        2:
    ]
    assert [page.parted for page in pages if page.parted] == []


def test_a_wide_table_stays_upright(tmp_path: Path) -> None:
    with pypdfium2.PdfDocument(book(tmp_path, rows(30, columns=11))) as pdf:
        assert {page.get_size() for page in pdf} == {pdf[0].get_size()}


def test_what_is_well_set_is_left_as_it_is() -> None:
    full = [Repere("debut", "a", 3, TOP), Repere("fin", "a", 4, TOP + BODY / 2)]
    one_page = [Repere("debut", "a", 3, TOP), Repere("fin", "a", 3, TOP + 20)]
    low = [Repere("figure", "f", 5, 300), Repere("fin-figure", "f", 5, 700)]
    alone = [Repere("seule", "f", 5, TOP), Repere("fin-figure", "f", 5, 500)]
    for found in (full, one_page, low, alone):
        assert Reglages().after(found) == Reglages()


def test_a_short_overflow_is_drawn_in_and_a_longer_one_is_let_out() -> None:
    def after(overflow: float, serres: dict[str, int] | None = None) -> int:
        found = [Repere("debut", "a", 3, TOP), Repere("fin", "a", 4, TOP + overflow * BODY)]
        return Reglages(serres or {}).after(found).serres["a"]

    notches = [after(share) for share in (0.01, 0.05, 0.1, 0.17)]
    assert all(b > a for a, b in pairwise(notches)) and (notches[0], notches[-1]) == (1, 5)
    assert after(0.29) < 0 and after(0.02, {"a": 5}) < 0, "what five notches do not draw in is let out"
    pushed = [Repere("figure", "f", 5, TOP), Repere("fin-figure", "f", 5, 500)]
    assert Reglages().after(pushed).flottants == ("f",)


@pytest.mark.lent
def test_what_is_kept_of_a_book_gives_the_same_one_as_nothing(tmp_path: Path) -> None:
    """Whatever changed since: the words of an article, its place, its figures, the annexes."""
    drawn = random.Random(7)

    def body() -> str:
        figure = FIGURE.format(1) if drawn.random() < 0.5 else rows(drawn.randrange(3, 30))
        return paragraphs(drawn.randrange(2, 12)) + figure + paragraphs(drawn.randrange(1, 14))

    def entry(name: str, part: str) -> Entry:
        html = f'<h1 id="titre">{name}</h1>{body()}'
        return Entry(name, name, part, "", article=article_of_html(html, name=name))

    chapters = [entry(f"c{n}", "themes") for n in range(6)]
    annexes = [entry(f"a{n}", METHODS) for n in range(2)]
    for rank in range(5):
        site = replace(SITE, entries=(*chapters, *annexes))
        store = Store(tmp_path / "gardes")
        asked = asked_pdfs(site, Mots(), tmp_path / f"garde-{rank}", gardes=Gardes(store))[0]
        assert asked.make(*asked.arguments) == set_book(site, tmp_path / f"rien-{rank}"), rank
        of_pages = [v.is_kept for place, v in store.verdicts.items() if place.startswith("reglages/")]
        assert any(of_pages) == (rank > 0) and not all(of_pages), "what is kept is of use, and not all of it"
        changed = annexes if rank == 2 else chapters
        place = drawn.randrange(len(changed))
        changed[place] = entry(changed[place].name, changed[place].part)
        chapters.insert(0, chapters.pop())


def test_settings_that_are_kept_wrong_are_looked_for_again(tmp_path: Path) -> None:
    """What an article ended on is not believed where its pages say otherwise."""
    article = article_of_html(f'<h1 id="titre">Un</h1>{paragraphs(16)}', name="un")
    site = replace(SITE, entries=(Entry("un", "Un", "themes", "", article=article),))
    for rank, told in enumerate((None, {"un": 0}, {"un": 5})):
        store = Store(tmp_path / "gardes")
        asked = asked_pdfs(site, Mots(), tmp_path / str(rank), gardes=Gardes(store))[0]
        if told is not None:
            record = store.record("reglages/un")
            assert record is not None
            store.keep("reglages/un", record.inputs, json.dumps([told, []]).encode(), seconds=0.0)
        assert asked.make(*asked.arguments) == set_book(site, tmp_path / f"rien-{rank}")


def test_the_words_around_the_chapters_are_typeset_too(tmp_path: Path) -> None:
    """Cover, head and foot: no ordinary space before a sign, no straight apostrophe."""
    book(tmp_path, paragraphs(1))
    options = (tmp_path / "livre" / "livre.typ").read_text("utf-8").splitlines()[1]
    assert "d’après l’état" in options and "Association d’essai" in options
    assert "'" not in options and re.findall(r" [:;!?»]", options) == []


def test_settings_are_written_where_their_article_and_their_figure_begin() -> None:
    source = (
        '#chapitre("a", serre: "0", suite: false)[x]\n#chapitre("b", serre: "0", suite: true)[\\#chapitre]\n'
        '#ensemble("a:f", flotte: false, seule: true)[y]\n#ensemble("b:f", flotte: false, seule: true)[y]\n'
    )
    set_again = Reglages({"a": -4, "c": 2}, ("b:f",)).written_in(source)
    assert set_again == source.replace('"a", serre: "0"', '"a", serre: "-4"').replace(
        '"b:f", flotte: false', '"b:f", flotte: true'
    )
    assert Reglages().written_in(source) == source
