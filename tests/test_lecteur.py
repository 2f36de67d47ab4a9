"""A reader with two minutes: five questions, each answered on two pages at most of the built site."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page

from analysis.noyau.paths import Project


@pytest.fixture(scope="module")
def home(clone: Project) -> BeautifulSoup:
    return read(clone, "index")


@pytest.fixture(scope="module")
def essential(clone: Project) -> BeautifulSoup:
    return read(clone, "essentiel")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def read(project: Project, page: str) -> BeautifulSoup:
    return BeautifulSoup((project.html / f"{page}.html").read_text(encoding="utf-8"), "lxml")


def said(tag: Tag | BeautifulSoup | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").replace("\xa0", " ").replace("\u202f", " ").split())


def test_did_it_work(home: BeautifulSoup) -> None:
    """The home page alone: three verdicts of two sentences, with figures that lead to their rows."""
    verdicts = home.select(".verdicts > li")
    assert [said(item.strong) for item in verdicts] == [
        "Nul n’est inemployable",
        "Ce n’est pas le travail qui manque",
        "Ce n’est pas l’argent qui manque",
    ]
    for item in verdicts:
        assert item.select_one('.conclusion a[href^="registre.html#chiffre-"]') is not None


def test_for_whom(home: BeautifulSoup, essential: BeautifulSoup) -> None:
    """The home page leads to the essential, whose first number says how long people were without a job."""
    assert home.select_one('a[href="essentiel.html"]') is not None
    first = essential.select_one("ul.nombres > li")
    assert "Pour qui ?" in said(first) and re.search(r"\d+,\d mois", said(first))


def test_what_it_costs_and_to_whom(home: BeautifulSoup, essential: BeautifulSoup) -> None:
    costs = [said(item) for item in home.select(".couts > li")]
    assert len(costs) >= 2 and all("€ par ETP et par an" in cost for cost in costs)
    assert all("fourchette des valeurs publiées : de " in cost for cost in costs)
    payers = essential.select_one("figure#cout-par-payeur")
    assert "État" in said(payers) and "Département" in said(payers)


def test_what_about_my_territory(home: BeautifulSoup, clone: Project) -> None:
    assert home.select_one('#contenu a[href="premery.html"]') is not None
    lines = read(clone, "premery").select_one(".dix-lignes")
    titles = [said(title) for title in lines.select("h3")] if lines else []
    assert titles == ["Ce que l’on sait", "Ce que l’on ne sait pas", "Ce que l’on attend"]


def test_how_sure(home: BeautifulSoup, essential: BeautifulSoup) -> None:
    """Evidence is counted beside each verdict, who signs is said, and what is not known has its list."""
    assert all(re.search(r"\d+ preuves?, dont ", said(item)) for item in home.select(".verdicts > li"))
    assert "Projet, que l’association n’a pas encore signé" in said(home.select_one(".essentiel .signature"))
    unknown = essential.select("#inconnus-titre + ul > li")
    assert unknown and all("Il y faudrait" in said(item) for item in unknown)


def test_every_number_of_the_essential_leads_to_its_row(clone: Project, essential: BeautifulSoup) -> None:
    rows = {str(row["id"]) for row in read(clone, "registre").select("tr[id]")}
    links = [str(link["href"]) for link in essential.select(".nombres strong a, .conclusion a")]
    assert len(links) >= 10
    assert all(link.startswith("registre.html#") and link.partition("#")[2] in rows for link in links)


def test_the_press_page_has_what_a_journalist_asks(clone: Project) -> None:
    page = read(clone, "presse")
    assert len(page.select("#dix-lignes + ol > li")) == 10
    assert len(page.select("main figure")) == 3
    assert page.select_one("#contact") is not None and "Bilan des dix territoires" in said(page.main)


def test_the_first_screen_says_what_it_is_what_is_concluded_and_what_a_job_costs(
    clone: Project, page: Page
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto((clone.html / "index.html").as_uri())
    for choice in (".chapo", ".verdicts > li:nth-child(3)", ".couts > li:nth-child(2)"):
        box = page.locator(choice).bounding_box()
        assert box is not None and box["y"] + box["height"] <= 900, choice


def test_a_page_describes_itself_and_asks_for_nothing(clone: Project, page: Page) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((clone.html / "essentiel.html").as_uri())
    assert page.locator('script[type="application/ld+json"]').count() == 1
    assert (
        page.locator('meta[name="DC.title"]').get_attribute("content")
        == "L'essentiel – Bilan des dix territoires"
    )
    assert complaints == [] and all(url.startswith("file:") for url in asked)
