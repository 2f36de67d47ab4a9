"""What is said not to have been read: counts that a reader finds again in the register."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from analysis.presentation.published import non_lu
from analysis.secret.bundle import Bundle, bundle_ensemble
from analysis.sources.register import Register


@pytest.fixture(scope="module")
def whole(published: Register) -> Bundle:
    return bundle_ensemble(published, "synthese", texte=None)


def rows(html: str) -> dict[str, list[str]]:
    """The cells of a table's rows by their head."""
    found = [
        [cell.get_text() for cell in row.find_all(["th", "td"])]
        for row in BeautifulSoup(html, "lxml").select("tbody tr")
    ]
    return {head: cells for head, *cells in found}


def test_every_figure_is_counted_once_by_how_it_was_read(published: Register, whole: Bundle) -> None:
    counts = {
        head: (int(cells[1]), int(cells[2])) for head, cells in rows(non_lu.lectures(whole).html).items()
    }
    assert list(counts) == ["lu dans le texte", "lu par extrait", "de seconde main", "non relevé"]
    assert sum(count for count, _ in counts.values()) == len(published.chiffres)
    assert counts["lu dans le texte"][1] == 0 and counts["non relevé"][1] == 0


def test_no_evaluation_is_told_as_read_when_it_was_not(published: Register, whole: Bundle) -> None:
    """Of the Cour des comptes nothing was read but the press: all its figures are second hand."""
    told = rows(non_lu.evaluations(whole).html)
    assert len(told) == len(published.evaluations)
    read, unread, figures = told["Cour des comptes 2025"]
    assert "presse" in read and "sept recommandations" in unread
    of_the_court = [c for c in published.chiffres if c.evaluation == "cour-comptes-2025"]
    assert figures == f"de seconde main : {len(of_the_court)}"
    assert not any(cells[1].startswith("Rien") for cells in told.values())


def test_an_evaluation_read_whole_says_so(whole: Bundle) -> None:
    one = replace(whole.evaluations[0], non_lu="")
    (cells,) = rows(non_lu.evaluations(replace(whole, evaluations=(one,))).html).values()
    assert cells[1] == "Rien : elle a été lue en entier"


def test_documents_say_what_was_not_read_and_through_whom(published: Register, whole: Bundle) -> None:
    soup = BeautifulSoup(non_lu.documents(whole).html, "lxml")
    partly = [source for source in published.sources if source.non_lu]
    caption = soup.caption
    assert (
        caption is not None and f"{len(partly)} sur {len(published.sources)} documents" in caption.get_text()
    )
    (final,) = [row.get_text(" | ") for row in soup.select("tbody tr") if "Rapport final" in row.get_text()]
    assert "(22 pages), au-delà des pages 1 et 2" in final and "123dok.net (copie)" in final


def test_nothing_to_say_is_a_sentence(whole: Bundle) -> None:
    empty = replace(whole, chiffres=(), evaluations=(), sources=())
    for block in (non_lu.lectures(empty), non_lu.evaluations(empty), non_lu.documents(empty)):
        assert 'class="absence"' in block.html
