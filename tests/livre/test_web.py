"""What an article gains on the site, and what it must not lose."""

from __future__ import annotations

import base64

from bs4 import BeautifulSoup

from analysis.livre.articles import article_of_html
from analysis.livre.downloads import datasets
from analysis.livre.web import dressed
from analysis.noyau.glossaire import Terme

SVG = b'<svg width="72pt" height="36pt"><path style="fill: #ffffff; stroke: #1d2733"/></svg>'
TERM = Terme("ebe", "Entreprise à but d'emploi (EBE)", ("EBE", "entreprise à but d'emploi"), "Elle embauche.")


def page(body: str, *, glossary: tuple[Terme, ...] = ()) -> tuple[BeautifulSoup, dict[str, bytes]]:
    article = article_of_html(f'<h1 id="titre">T</h1>{body}', name="p", numero="2")
    data = datasets("p", article)
    files = {f"{d.file}.{ending}": b"x" * 4200 for d in data for ending in ("csv", "xlsx")}
    html, pictures = dressed("p", article, files=files, data=data, glossary=glossary)
    return BeautifulSoup(html, "lxml"), pictures


def test_a_picture_has_a_light_and_a_dark_version() -> None:
    source = base64.b64encode(SVG).decode()
    soup, pictures = page(
        f'<figure id="c"><img alt="a" src="data:image/svg+xml;base64,{source}"><figcaption>C</figcaption>'
        "<details><table><tr><th>x</th></tr><tr><th>y</th></tr></table></details></figure>"
    )
    assert pictures["figures/p--c.svg"] == SVG
    assert (
        b"#151a20" in pictures["figures/p--c-sombre.svg"]
        and b"#e8edf2" in pictures["figures/p--c-sombre.svg"]
    )
    assert soup.picture is not None and soup.picture.source is not None and soup.img is not None
    assert soup.picture.source["media"] == "screen and (prefers-color-scheme: dark)"
    assert (soup.img["width"], soup.img["height"]) == ("96", "48")
    assert soup.select_one("figure > .outils") is not None


def test_a_table_offers_its_files_after_its_note() -> None:
    soup, _ = page(
        '<div class="tableau" id="t"><table><caption>C</caption><tr><th>x</th></tr></table></div>'
        '<p class="note">Source.</p>'
    )
    tools = soup.select_one(".note + .outils")
    assert tools is not None
    links = [(a["href"], a.get_text(), a["aria-label"]) for a in tools.find_all("a")]
    assert links == [
        ("donnees/p--t.csv", "CSV, 4\u00a0ko", "CSV, 4\u00a0ko, tableau\u00a02.1"),
        ("donnees/p--t.xlsx", "XLSX, 4\u00a0ko", "XLSX, 4\u00a0ko, tableau\u00a02.1"),
        ("#t", "Lien permanent", "Lien permanent, tableau\u00a02.1"),
    ]


def test_a_word_is_explained_once_in_prose_and_nowhere_else() -> None:
    soup, _ = page(
        "<h2>L'EBE</h2><p class='note'>EBE</p><p><a href='#titre'>EBE</a> WEBEX, l'EBE puis une EBE.</p>",
        glossary=(TERM,),
    )
    (term,) = soup.select(".terme")
    assert term.a is not None and term.a["href"] == "glossaire.html#ebe"
    assert str(term.previous_sibling) == " WEBEX, l'" and str(term.next_sibling) == " puis une EBE."
    (definition,) = soup.select("section.mots dd")
    assert definition["id"] == term.a["aria-describedby"] == "terme-ebe"
    assert str(term["data-definition"]).endswith(definition.get_text()) and definition.get_text()
