"""The demonstration writes its letters, and its chapter of collective life is full."""

from __future__ import annotations

from datetime import date

import pypdfium2
from bs4 import BeautifulSoup
from icalendar import Calendar

from analysis.noyau.paths import Project


def test_each_invented_territory_has_a_letter_of_one_page_and_its_dates(invented: Project) -> None:
    folders = sorted((invented.prive / "lettres").iterdir())
    assert len(folders) == 3
    for folder in folders:
        assert len(pypdfium2.PdfDocument(folder / "lettre.pdf")) == 1
        page = BeautifulSoup((folder / "lettre.html").read_text(encoding="utf-8"), "lxml").get_text(" ")
        assert "Votre dépôt n°" in page and "14 octobre 2021" in page.replace("\u00a0", " ")
        events = Calendar.from_ical((folder / "echeances.ics").read_bytes()).walk("VEVENT")
        assert [event["DTSTART"].dt for event in events][:2] == [date(2021, 9, 30), date(2021, 10, 14)]


def test_letters_are_never_on_the_site(invented: Project) -> None:
    pages = (path.read_text(encoding="utf-8") for path in invented.html.rglob("*.html"))
    assert not any("Ce que nous avons reçu" in page for page in pages)


def test_the_chapter_of_collective_life_awaits_nothing_in_the_demonstration(invented: Project) -> None:
    page = BeautifulSoup((invented.html / "vie_associative.html").read_text(encoding="utf-8"), "lxml")
    shown = {tag["id"] for tag in page.select("figure[id], div.tableau[id]")}
    assert shown >= {
        *("reunions-instances", "frise-reunions", "mois-territoires", "reunions-calendriers"),
        *("dans-la-salle", "jamais-la", "presences-colleges"),
        *("decisions-suites", "decisions-sans-suite", "benevoles"),
    }
    assert "attentes" not in {tag.get("id") for tag in page.find_all(True)}
