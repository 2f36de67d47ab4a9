"""Every link of the site leads somewhere, and no page asks another host for anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from analysis.livre.article.articles import article_of_html
from analysis.livre.article.dataset import Tables
from analysis.livre.article.references import without_links
from analysis.livre.book import load_publisher
from analysis.livre.ecran.site import broken_links, rendered
from analysis.livre.pages import REFERENCES, Entry, Site, render
from analysis.noyau.errors import BilanError
from analysis.noyau.paths import Project
from analysis.stations.store import Store
from analysis.stations.team import ALONE


def test_links_to_nowhere_and_requests_elsewhere_are_found() -> None:
    pages = {
        "a.html": '<h1 id="t">A</h1><a href="b.html#ici">ok</a><a href="#t">ok</a>'
        '<a href="https://example.org">dehors</a><a href="b.html#rien">x</a><a href="c.html">x</a>'
        '<img src="data:image/svg+xml;base64,AA"><img src="https://example.org/i.png">'
        '<a href="donnees/a.csv">ok</a><a href="donnees/b.csv">x</a>',
        "b.html": '<p id="ici"></p>',
    }
    assert broken_links(pages, {"donnees/a.csv"}) == [
        "a.html renvoie à b.html#rien",
        "a.html renvoie à c.html",
        "a.html demande https://example.org/i.png",
        "a.html renvoie à donnees/b.csv",
    ]


def test_a_dead_link_is_its_text_alone() -> None:
    text = '<p><a href="a.html#x">un</a> <a href="b.html">deux</a> <a href="https://e.org/a.html#x">trois</a></p>'
    assert without_links(text, lambda page, anchor: (page, anchor) == ("a.html", "x")) == (
        '<p>un <a href="b.html">deux</a> <a href="https://e.org/a.html#x">trois</a></p>'
    )


def test_what_is_to_be_confirmed_is_said_once(small: Project) -> None:
    publisher = load_publisher(small)
    assert publisher["licence"] == "Licence Ouverte 2.0" and publisher["responsable"] == ""
    assert publisher["a_confirmer"] == (
        "Restent à confirmer : le responsable de la publication, l'hébergement, la licence, le contact."
    )
    site = Site("Bilan", publisher, date(2026, 11, 28), ())
    text = render("mentions", site=site)
    assert text.count("à confirmer") == 1 and "Responsable de la publication :" not in text
    path = small.data / "publication.toml"
    confirmed = path.read_text(encoding="utf-8").replace(" (à confirmer)", "").replace("à confirmer", "Moi")
    path.write_text(confirmed, encoding="utf-8")
    publisher = load_publisher(small)
    assert publisher["a_confirmer"] == "" and publisher["responsable"] == "Moi"
    assert "à confirmer" not in render("mentions", site=replace(site, publisher=publisher))


def test_the_publisher_is_complete_or_refused_before_anything_runs(small: Project) -> None:
    assert load_publisher(small)["nom"]
    path = small.data / "publication.toml"
    path.write_text('titre = "Bilan"\n', encoding="utf-8")
    with pytest.raises(BilanError, match="data/publication.toml : il manque nom, url, responsable"):
        load_publisher(small)
    path.unlink()
    with pytest.raises(BilanError, match="data/publication.toml est illisible"):
        load_publisher(small)


def test_what_a_page_says_of_itself_makes_no_other_page(small: Project, tmp_path: Path) -> None:
    """A copy of an earlier date says so itself, and what it is on is told at home: no menu does."""
    entries = tuple(
        Entry(name, name, part, "", "Une EBE", article_of_html(f'<h1 id="titre">{name}</h1>', name=name))
        for name, part in (("un", "territoires"), ("deux", REFERENCES))
    )
    site = Site("Bilan", load_publisher(small), date(2026, 11, 28), entries)

    def made(shown: Site) -> Iterator[str]:
        kept = Store(tmp_path)
        rendered(small, shown, team=ALONE, tables=Tables(), kept=kept)
        return (place for place, verdict in kept.verdicts.items() if not verdict.is_kept)

    assert list(made(site)) == ["pages/un", "pages/deux"]
    aged = replace(entries[1], notice="Ce chapitre date du 28 novembre 2026.")
    assert list(made(replace(site, entries=(entries[0], aged)))) == ["pages/deux"]
    longer = replace(entries[0], detail="Deux EBE")
    assert list(made(replace(site, entries=(longer, aged)))) == ["pages/un"]
    named = replace(longer, title="Un autre")
    assert list(made(replace(site, entries=(named, aged)))) == ["pages/un", "pages/deux"]
