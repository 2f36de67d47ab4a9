"""What a page says of itself to programs: Dublin Core in its head, schema.org as a block of data in it."""

from __future__ import annotations

import json
from typing import Any

from analysis.livre.adresse import page_address
from analysis.livre.article.downloads import DESCRIPTOR
from analysis.livre.pages import Page, Site

HOME = "index"

_SUBJECTS = (
    "chômage de longue durée",
    "emploi",
    "évaluation des politiques publiques",
    "Territoires zéro chômeur",
)


def dublin_core(site: Site, page: Page) -> list[tuple[str, str]]:
    """The Dublin Core of a page: name and content of each entry; what is not established is left out."""
    day = site.jour.isoformat() if site.jour else ""
    entries = [
        ("DC.title", _title(site, page)),
        ("DC.creator", site.publisher["nom"]),
        ("DC.publisher", site.publisher["nom"]),
        ("DC.date", day),
        ("DC.language", "fr"),
        ("DC.type", "Text"),
        ("DC.format", "text/html"),
        ("DC.rights", site.publisher["licence"]),
        ("DC.subject", " ; ".join(_SUBJECTS)),
        ("DC.description", page.description),
        ("DC.relation", "" if page.name == HOME else site.title),
        ("DC.identifier", page_address(site.publisher, f"{page.name}.html")),
    ]
    return [(name, content) for name, content in entries if content]


def schema_org(site: Site, page: Page) -> str:
    """The page as JSON-LD: the home page is the report and its data, every other one a part of it.

    It is read by programs and asks for nothing; « < » is escaped so that no title ends the block.
    """
    return json.dumps(_described(site, page), ensure_ascii=False, separators=(",", ":")).replace(
        "<", "\\u003c"
    )


def _described(site: Site, page: Page) -> dict[str, Any]:
    report = _report(site)
    if page.name == HOME:
        return {"@context": "https://schema.org", **report, "hasPart": _data(site)}
    return {
        "@context": "https://schema.org",
        "@type": "Chapter" if page.label else "WebPage",
        **_told(site, page.title, page.description, f"{page.name}.html"),
        "isPartOf": report,
    }


def _report(site: Site) -> dict[str, Any]:
    described = f"{site.title}. {site.status}."
    return {"@type": "Report", **_told(site, _marked(site, site.title), described, "index.html")}


def _data(site: Site) -> dict[str, Any]:
    """The tables of the report as one set of data, described by its dictionary."""
    told = _told(
        site, f"Données : {_marked(site, site.title)}", "Les tableaux et les données des figures.", DESCRIPTOR
    )
    return {"@type": "Dataset", **told, "encodingFormat": "application/json"}


def _told(site: Site, name: str, description: str, page: str) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": site.publisher["nom"], "url": site.publisher["url"]}
    entries = {
        "name": name,
        "description": description,
        "inLanguage": "fr",
        "url": page_address(site.publisher, page),
        "datePublished": site.jour.isoformat() if site.jour else "",
        "version": site.edition,
        "license": site.publisher["licence_url"],
        "isAccessibleForFree": True,
        "publisher": publisher,
        "author": publisher,
        "keywords": ", ".join(_SUBJECTS),
    }
    return {key: value for key, value in entries.items() if value != ""}


def _title(site: Site, page: Page) -> str:
    return _marked(site, site.title if page.name == HOME else f"{page.title} – {site.title}")


def _marked(site: Site, title: str) -> str:
    """A title, which says of a bilan of invented territories that it is one."""
    return f"Démonstration : {title}" if site.mark else title
