"""What an article gains on the site, and what it must not lose."""

from __future__ import annotations

import base64

from bs4 import BeautifulSoup

from analysis.livre.article.articles import article_of_html
from analysis.livre.article.dataset import datasets
from analysis.livre.ecran.web import dressed
from analysis.noyau.declared.glossaire import Terme
from analysis.presentation.parts.blocks import NARROW_SCREEN

SVG = b'<svg width="72pt" height="36pt"><path style="fill: #ffffff; stroke: #1d2733"/></svg>'
NARROW = b'<svg width="36pt" height="72pt"><path style="fill: #ffffff; stroke: #1d2733"/></svg>'
TERM = Terme("ebe", "Entreprise à but d'emploi (EBE)", ("EBE", "entreprise à but d'emploi"), "Elle embauche.")


def page(body: str, *, glossary: tuple[Terme, ...] = ()) -> tuple[BeautifulSoup, dict[str, bytes]]:
    article = article_of_html(f'<h1 id="titre">T</h1>{body}', name="p", numero="2")
    data = datasets("p", article)
    files = {f"{d.file}.{ending}": b"x" * 4200 for d in data for ending in ("csv", "xlsx")}
    html, pictures = dressed("p", article, files=files, data=data, glossary=glossary)
    return BeautifulSoup(html, "lxml"), pictures


def test_a_picture_is_drawn_for_a_page_and_for_a_phone_each_light_and_dark() -> None:
    wide, narrow = (base64.b64encode(svg).decode() for svg in (SVG, NARROW))
    soup, pictures = page(
        '<figure id="c"><figcaption>C</figcaption>'
        f'<picture><source media="{NARROW_SCREEN}" srcset="data:image/svg+xml;base64,{narrow}">'
        f'<img alt="a" src="data:image/svg+xml;base64,{wide}"></picture>'
        "<details><table><tr><th>x</th></tr><tr><th>y</th></tr></table></details></figure>"
    )
    assert pictures["figures/p--c.svg"] == SVG and pictures["figures/p--c-etroit.svg"] == NARROW
    for name in ("figures/p--c-sombre.svg", "figures/p--c-etroit-sombre.svg"):
        assert b"#151a20" in pictures[name] and b"#e8edf2" in pictures[name]
    assert len(pictures) == 4
    assert soup.picture is not None and soup.img is not None
    assert [(source["srcset"], source["media"]) for source in soup.picture.find_all("source")] == [
        ("figures/p--c-etroit-sombre.svg", f"{NARROW_SCREEN} and (prefers-color-scheme: dark)"),
        ("figures/p--c-etroit.svg", NARROW_SCREEN),
        ("figures/p--c-sombre.svg", "screen and (prefers-color-scheme: dark)"),
    ]
    assert (soup.img["src"], soup.img["width"], soup.img["height"]) == ("figures/p--c.svg", "96", "48")
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


def test_a_table_of_many_links_can_be_passed_and_a_short_one_has_no_need() -> None:
    def table(anchor: str, links: int) -> str:
        rows = "".join(f'<tr><th scope="row"><a href="#titre">{n}</a></th></tr>' for n in range(links))
        return (
            f'<div class="tableau" id="{anchor}"><table><caption>C</caption>{rows}</table></div><p>Suite.</p>'
        )

    soup, _ = page(table("court", 9) + table("long", 10))
    (link,) = soup.select("a.passer")
    assert link.get_text() == "Passer le tableau\u00a02.2"
    region = link.find_next_sibling()
    assert region is not None and region["id"] == "long"
    end = soup.find(id=str(link["href"]).removeprefix("#"))
    assert (
        end is not None and not end.find_parent(class_="tableau") and end.find_previous(id="long") is region
    )
