"""The letter to a territory: one page, nothing made up, and a calendar that agendas read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar
from sample import PUBLISHER

from analysis.depot.garde.accuse import Apercu, TableRecue
from analysis.depot.lecteurs.calendrier import seances
from analysis.livre.article.articles import article_of_html
from analysis.livre.editions.lettre import MOST_FIGURES, MOST_LINES, Lettre, agenda, corps, lettre
from analysis.livre.imprime.pdf import set_letter
from analysis.livre.pages import Entry, Site
from analysis.noyau.errors import BilanError, InvalidData
from analysis.noyau.paths import Project
from analysis.sources.echeances import Echeance, load_echeances
from analysis.sources.register import load_register

PUBLISHED = {**PUBLISHER, "contact": "Par courrier", "contact_url": "https://e.org/"}
SITE = Site("Essai", PUBLISHED, date(2026, 11, 28), ())
DAY = date(2026, 11, 28)
FIGURES = [(f"{rank} personnes", f"Personnes du rang {rank}") for rank in range(10, 17)]
END = Echeance(date(2026, 12, 31), "fin", "Fin annoncée de l'expérimentation", "Une loi")
MEETING = Echeance(date(2026, 12, 4), "cle", "Restitution ; venez nombreux, à Essai", "Convention")
PAST = Echeance(date(2026, 11, 27), "passee", "Hier", "Convention")
DEPOSIT = Apercu(
    "val",
    3,
    date(2026, 9, 1),
    date(2026, 6, 30),
    "Direction",
    "2026-1",
    (TableRecue("etp", "ETP", "complete"), TableRecue("contrats", "Contrats", "incomplete")),
    a_confirmer=True,
)


def chapter(*, figures: int = 3, awaited: int = 2, withheld: str = "") -> Entry:
    told = "".join(
        f'<li><strong>{value}</strong> {label}<br><span class="precision">2021 ; <span class="source">a</span></span></li>'
        for value, label in FIGURES[:figures]
    )
    kept = f'<p class="retenu">{withheld}</p>' if withheld else ""
    lines = "".join(f"<li>Ce qui est attendu {rank} (de qui : le comité)</li>" for rank in range(awaited))
    html = (
        f'<h1 id="titre">Val</h1><section class="en-bref"><ul>{told}</ul>{kept}</section>'
        f'<section class="dix-lignes"><ul class="attendu">{lines}</ul></section>'
    )
    article = article_of_html(html, name="val")
    return Entry("val", "Val", "territoires", "Chapitre\u00a06", article=article)


def written(
    *, received: Apercu | None = DEPOSIT, dates: tuple[Echeance, ...] = (END, MEETING, PAST), **of: int | str
) -> Lettre:
    return lettre(chapter(**of), (), received, dates, DAY)  # type: ignore[arg-type]


def words(letter: Lettre) -> str:
    return " ".join(BeautifulSoup(corps(letter, SITE), "lxml").get_text(" ").split())


def test_a_letter_tells_what_came_what_lacks_what_figures_say_and_the_next_dates() -> None:
    said = words(written())
    assert "Votre dépôt n° 3, reçu le 1er septembre 2026, avec des données arrêtées au 30 juin 2026." in said
    assert "Une partie de ses lignes a été refusée" in said
    assert "Contrats : une ligne refusée sur vingt, ou plus" in said and "ETP :" not in said
    assert "Des points à confirmer" in said
    assert "Ce qui est attendu 0" in said and "de qui" not in said
    assert "Personnes du rang 10 : 10 personnes , 2021." in said
    assert said.index("4 décembre 2026") < said.index("31 décembre 2026")
    assert "Hier" not in said


def test_a_territory_that_sent_nothing_is_told_so_and_no_zero() -> None:
    said = words(written(received=None, figures=0, awaited=0, dates=()))
    assert "Rien encore." in said and "Votre dépôt : nous n'avons rien reçu" in said
    assert "C'est un manque, ce n'est pas un zéro." in said
    assert "Aucune n'est fixée." in said and "echeances.ics" not in said
    assert not re.search(r"\b0\b", said)


def test_a_deposit_kept_whole_that_lacks_nothing_is_told_so() -> None:
    whole = replace(DEPOSIT, tables=DEPOSIT.tables[:1], a_confirmer=False)
    said = words(written(received=whole, awaited=0))
    assert "Toutes ses lignes ont été gardées." in said
    assert "Rien de ce que le bilan attend de vous." in said


def test_what_the_gate_withholds_stays_withheld() -> None:
    said = words(written(figures=0, withheld="Retenus par le secret : les embauches."))
    assert "Retenus par le secret : les embauches." in said


def test_what_does_not_fit_is_counted() -> None:
    dates = tuple(replace(END, code=f"d{rank}", jour=date(2026, 12, rank)) for rank in range(1, 9))
    letter = written(figures=7, awaited=9, dates=dates)
    said = words(letter)
    assert len(letter.chiffres) == MOST_FIGURES
    assert len(letter.manques.lignes) == MOST_LINES and letter.manques.reste == 2 + 9 - MOST_LINES
    assert "Et 6 autres" in said and "avec 3 autres" in said
    assert len(letter.echeances) == 8


def test_the_date_of_the_day_is_still_to_come() -> None:
    assert written(dates=(replace(END, jour=DAY),)).echeances


def test_a_territory_whose_chapter_was_never_built_has_no_letter() -> None:
    with pytest.raises(BilanError, match="bilan build --territoire val"):
        lettre(replace(chapter(), article=None), (), None, (), DAY)


@pytest.mark.parametrize("mark", ["reel", "demonstration"])
def test_the_pdf_has_one_page_even_when_the_letter_is_full(mark: str, tmp_path: Path) -> None:
    long = "Une échéance dont l'objet tient sur une ligne entière et encore un peu au-delà"
    dates = tuple(
        Echeance(date(2026, 12, rank), f"d{rank}", long, "Une source au titre assez long")
        for rank in range(1, 9)
    )
    letter = written(
        figures=7, awaited=9, dates=dates, withheld="Retenus par le secret : " + "les embauches, " * 8
    )
    site = replace(SITE, nature=mark)  # type: ignore[arg-type]
    article = article_of_html(corps(letter, site), name="val")
    content = set_letter("val", article, site, tmp_path)
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    assert "Lettre à Val" in text and "1er décembre 2026" in text.replace("\u00a0", " ")


def test_the_calendar_is_read_back_as_it_was_meant() -> None:
    content = agenda(written())
    read = Calendar.from_ical(content)
    assert str(read["VERSION"]) == "2.0" and str(read["PRODID"])
    events = read.walk("VEVENT")
    assert [event["DTSTART"].dt for event in events] == [date(2026, 12, 4), date(2026, 12, 31)]
    assert [event["DTEND"].dt for event in events] == [date(2026, 12, 5), date(2027, 1, 1)]
    assert [str(event["SUMMARY"]) for event in events] == [MEETING.objet, END.objet]
    assert len({str(event["UID"]) for event in events}) == 2
    assert all(event["DTSTAMP"].dt.tzinfo is not None and not event.errors for event in events)
    assert b"\r\n" in content and all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_the_reader_of_deposits_reads_it_too() -> None:
    assert [s.jour for s in seances(agenda(written()))] == [date(2026, 12, 4), date(2026, 12, 31)]


def test_the_calendar_is_the_same_bytes_and_keeps_the_name_of_a_date() -> None:
    assert agenda(written()) == agenda(written())
    before, after = (
        Calendar.from_ical(agenda(written(dates=d))).walk("VEVENT")[0] for d in ((END,), (MEETING, END))
    )
    other = next(
        e
        for e in Calendar.from_ical(agenda(written(dates=(MEETING, END)))).walk("VEVENT")
        if str(e["SUMMARY"]) == END.objet
    )
    assert str(before["UID"]) == str(other["UID"]) != str(after["UID"])


def declared(tmp_path: Path, *rows: str) -> Project:
    """The real project with other dates."""
    here = Project.here()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "dictionary").symlink_to(here.dictionary)
    text = "\n".join(("echeance,territoire,date,objet,source", *rows)) + "\n"
    (tmp_path / "data" / "echeances.csv").write_text(text, encoding="utf-8")
    return Project(tmp_path)


SOURCE = "bdt-saint-nazaire-pezenas-2026"


def test_dates_are_those_written_of_the_territory_or_of_all(tmp_path: Path) -> None:
    project = declared(
        tmp_path,
        f"fin,,2026-12-31,Fin,{SOURCE}",
        f"ici,thiers,2026-12-04,Ici,{SOURCE}",
        f"ailleurs,jouques,2026-12-05,Ailleurs,{SOURCE}",
    )
    found = load_echeances(project, load_register(Project.here()), "thiers")
    assert [(e.code, e.jour) for e in found] == [("ici", date(2026, 12, 4)), ("fin", date(2026, 12, 31))]
    assert found[0].source.startswith("À Saint-Nazaire")


def test_no_date_is_written_where_none_is(tmp_path: Path) -> None:
    assert load_echeances(declared(tmp_path), load_register(Project.here()), "thiers") == ()


@pytest.mark.parametrize(
    "row",
    [f"a,nulle-part,2026-12-31,Fin,{SOURCE}", "a,,2026-12-31,Fin,inconnue", f"a,,2026-13-31,Fin,{SOURCE}"],
)
def test_a_date_without_a_known_source_or_place_is_refused(row: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidData):
        load_echeances(declared(tmp_path, row), load_register(Project.here()), "thiers")


def test_the_dates_of_the_project_are_sound() -> None:
    here = Project.here()
    assert load_echeances(here, load_register(here), "thiers")
