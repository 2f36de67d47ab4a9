"""What someone contests leads to what they say of it, and their words are printed as they sent them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from analysis.livre.article.articles import article_of_html
from analysis.livre.pages import Entry, render
from analysis.livre.reponses import Reponses, contested, contexte, gathered
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.noyau.periods import Period
from analysis.secret.release import Parole
from analysis.sources.register import Register
from analysis.sources.reponses import Reponse

REPLY = Reponse(
    "fonds",
    "Le Fonds",
    Period("2026-12-03"),
    "synthese",
    (1,),
    (("synthese", "courbe"), ("synthese", "table")),
    "Non <b>.\n\nVoici [^1] {#3}.",
)
REMARK = Parole(
    *("val-1", "val", "val", "table", "elus", "2026-10-02", "desaccord", "desaccord_maintenu"),
    *("en_place", "2026-10-09", "demande", ""),
    texte="Ce n'est pas vrai.",
    reponse="Si.",
)
PAGE = (
    '<h1 id="titre">T</h1><figure id="courbe"><figcaption>C</figcaption><details><summary>D</summary></details>'
    '</figure><div class="tableau" id="table"><table><caption>T</caption></table></div><h2 id="texte">X</h2>'
)


def entry(name: str) -> Entry:
    return Entry(name, name, "synthese", "", article=article_of_html(PAGE, name=name, numero="1"))


def soup_of(entry: Entry) -> BeautifulSoup:
    assert entry.article is not None
    return BeautifulSoup(entry.article.html, "lxml")


def test_a_figure_and_a_table_that_are_contested_lead_to_the_reply() -> None:
    page, other = contested((entry("synthese"), entry("val")), Reponses((REPLY,), (REMARK,)))
    notes = soup_of(page).select("p.conteste")
    assert [note.a["href"] for note in notes if note.a] == ["reponses.html#reponse-fonds"] * 2
    assert notes[0].find_parent("figure") is not None and notes[0].find_next_sibling("details") is not None
    (told,) = soup_of(other).select("p.conteste")
    assert told.a is not None and told.a["href"] == "reponses.html#remarque-val-1"


def test_a_page_that_nobody_contests_is_left_as_it_is() -> None:
    before = entry("premery")
    assert contested((before, entry("synthese")), Reponses((REPLY,)))[0] == before


@pytest.mark.parametrize(
    ("page", "passage", "said"),
    [
        ("ailleurs", ("synthese", "courbe"), "fonds répond à la page « ailleurs »"),
        ("synthese", ("synthese", "perdu"), "fonds conteste « synthese#perdu »"),
        ("synthese", ("perdue", "courbe"), "fonds conteste « perdue#courbe »"),
    ],
)
def test_a_reply_to_nothing_is_refused(page: str, passage: tuple[str, str], said: str) -> None:
    reply = Reponse("fonds", "Le Fonds", Period("2026-12-03"), page, (), (passage,), "Non.")
    with pytest.raises(BilanError, match=said):
        contested((entry("synthese"),), Reponses((reply,)))


def test_the_words_of_a_reply_are_no_markup_of_the_book(small: Project, register: Register) -> None:
    html = render("reponses", **contexte(small, register, Reponses((REPLY,), (REMARK,))))
    soup = BeautifulSoup(html, "lxml")
    said = [p.get_text() for p in soup.select("blockquote p")]
    assert said == ["Non <b>.", "Voici [^1] {#3}.", "Ce n'est pas vrai.", "Si."]
    assert soup.select_one('a[href="registre.html#chiffre-1"]') is not None
    assert (
        soup.select_one("h3#reponse-fonds") is not None and soup.select_one("h3#remarque-val-1") is not None
    )


def test_where_nobody_answered_the_page_says_so(small: Project, register: Register) -> None:
    html = render("reponses", **contexte(small, register, gathered(small, register)))
    assert "Aucune réponse n'a été reçue à ce jour." in html
    assert "Aucun désaccord dont l'auteur accepte la publication" in html


def test_a_contested_figure_leads_to_every_reply() -> None:
    assert Reponses((REPLY,)).of_figures() == {1: [REPLY]}
