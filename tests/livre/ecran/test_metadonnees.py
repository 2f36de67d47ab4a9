"""A page says of itself what programs ask: only what is established, and nothing is fetched for it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from analysis.livre.ecran.metadonnees import dublin_core, schema_org
from analysis.livre.pages import Page, Site

PUBLISHER = {
    "nom": "Association",
    "url": "https://a.example/",
    "licence": "Licence Ouverte 2.0",
    "licence_url": "https://l.example/",
    "adresse": "https://bilan.example/",
}
SITE = Site("Bilan", PUBLISHER, date(2026, 11, 28), (), edition="2026-1")
HOME = Page("index", "Accueil", "Un bilan.", "")
CHAPTER = Page("premery", "Prémery </script>", "Prémery : Bilan", "", label="Chapitre 13")


def test_dublin_core_names_the_page_its_day_and_its_address() -> None:
    told = dict(dublin_core(SITE, CHAPTER))
    assert told["DC.title"] == "Prémery </script> – Bilan"
    assert told["DC.date"] == "2026-11-28"
    assert told["DC.identifier"] == "https://bilan.example/premery.html"
    assert (told["DC.relation"], told["DC.language"], told["DC.rights"]) == (
        "Bilan",
        "fr",
        "Licence Ouverte 2.0",
    )


def test_what_is_not_established_is_left_out() -> None:
    bare = replace(SITE, publisher={**PUBLISHER, "adresse": ""}, jour=None, edition="")
    told = dict(dublin_core(bare, HOME))
    assert "DC.date" not in told and "DC.identifier" not in told and "DC.relation" not in told
    described = json.loads(schema_org(bare, HOME))
    assert not {"url", "datePublished", "version"} & set(described)


def test_the_home_page_is_the_report_and_its_data() -> None:
    told = json.loads(schema_org(SITE, HOME))
    assert (told["@context"], told["@type"], told["version"]) == ("https://schema.org", "Report", "2026-1")
    assert told["publisher"] == {"@type": "Organization", "name": "Association", "url": "https://a.example/"}
    assert told["hasPart"]["@type"] == "Dataset"
    assert told["hasPart"]["url"] == "https://bilan.example/donnees/datapackage.json"


def test_a_chapter_is_a_part_of_the_report_and_ends_no_block() -> None:
    block = schema_org(SITE, CHAPTER)
    assert "<" not in block
    told = json.loads(block)
    assert (told["@type"], told["name"], told["isPartOf"]["@type"]) == (
        "Chapter",
        "Prémery </script>",
        "Report",
    )
    assert json.loads(schema_org(SITE, replace(CHAPTER, label="")))["@type"] == "WebPage"


def test_invented_territories_say_that_they_are(site_title: str = "Bilan de démonstration") -> None:
    invented = replace(SITE, title=site_title, nature="demonstration")
    assert dict(dublin_core(invented, HOME))["DC.title"].startswith("Démonstration : ")
    assert json.loads(schema_org(invented, CHAPTER))["isPartOf"]["name"].startswith("Démonstration : ")
