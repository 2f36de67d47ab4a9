"""Footnotes are numbered over the whole page, in the order of their calls."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from analysis.livre.article.articles import article_of_html
from analysis.noyau.errors import BilanError
from analysis.presentation.parts.prose import markdown_to_html


def page(*cells: str) -> BeautifulSoup:
    body = '<h1 id="titre">T</h1>' + "".join(map(markdown_to_html, cells))
    return BeautifulSoup(article_of_html(body, name="p").html, "lxml")


def test_a_note_is_called_in_one_cell_and_written_in_another() -> None:
    soup = page("Un fait[^b] et un autre[^a].", "Encore[^b].\n\n[^a]: La *première*.\n[^b]: https://e.org")
    assert [call.get_text() for call in soup.select("sup.appel")] == ["1", "2", "1"]
    notes = soup.select("section.notes li")
    assert [note["id"] for note in notes] == ["note-b", "note-a"]
    assert notes[1].em is not None and "La première." in notes[1].get_text()
    back = notes[0].select_one("a.retour")
    assert back is not None and back["href"] == "#appel-b"
    assert len(soup.find_all(id="appel-b")) == 1


def test_a_page_without_notes_has_no_section() -> None:
    assert not page("Un tableau[0] et x^2.").select(".notes, .appel")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Un fait[^a].", "« a » est appelée et n'est écrite nulle part"),
        ("Un fait.\n\n[^a]: Une note.", "« a » n'est appelée nulle part"),
        ("Un fait[^a].\n\n[^a]: Une note.\n[^a]: Une autre.", "« a » est écrite deux fois"),
    ],
)
def test_a_call_and_its_note_go_together(text: str, said: str) -> None:
    with pytest.raises(BilanError, match=said):
        page(text)
