"""The home page: what the experiment is, its key figures, the way of each kind of reader, the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup

from analysis.chapitres.catalogue import SYNTHESE
from analysis.livre.essentiel import of_site
from analysis.livre.pages import Site
from analysis.noyau.french import counted
from analysis.noyau.hypotheses import HYPOTHESES
from analysis.presentation.drawing.france_map import named_on_the_left, outline, place
from analysis.presentation.numbers import NBSP, decimal, file_size
from analysis.sources.register import Register

BOOK = "bilan.pdf"
"""The file of the whole book."""


def context(
    register: Register, site: Site, *, shown: Mapping[str, str], pdfs: Mapping[str, int]
) -> dict[str, Any]:
    """What the home page shows.

    ``shown`` is the HTML of the pages by their names; ``pdfs`` are the sizes in bytes of the files to print,
    by their addresses.
    """
    built = frozenset(entry.name for entry in site.entries if entry.exists)
    return {
        "site": site,
        "built": built,
        "key_figures": next(
            (
                {"name": entry.name, "title": entry.title, "html": html}
                for entry in site.chapters
                if not entry.is_territoire and (html := key_figures(entry.name, shown.get(entry.name, "")))
            ),
            None,
        ),
        "parts": of_site(site),
        "hypotheses": _hypotheses(register, built),
        "chapters": [entry for entry in site.chapters if not entry.is_territoire],
        "territories": [entry for entry in site.chapters if entry.is_territoire],
        "map": _map(register, built),
        "counts": {
            "figures": decimal(len(register.chiffres), 0),
            "points": decimal(sum(len(serie.points) for serie in register.series), 0),
            "sources": decimal(len(register.sources), 0),
        },
        "book": BOOK,
        "sizes": {address: file_size(size) for address, size in pdfs.items()},
    }


@lru_cache(maxsize=64)
def key_figures(name: str, html: str) -> str:
    """The key figures that open a chapter, as the home page repeats them; empty where it has none.

    >>> key_figures("synthese", '<section class="en-bref"><ul><li><a href="#n">9</a></li></ul></section>')
    '<ul><li><a href="synthese.html#n">9</a></li></ul>'
    """
    items = BeautifulSoup(html, "lxml").select_one(".en-bref ul")
    if items is None:
        return ""
    for link in items.select('a[href^="#"]'):
        link["href"] = f"{name}.html{link['href']}"
    for tag in (items, *items.find_all(id=True)):
        tag.attrs.pop("id", None)
    return str(items)


def _hypotheses(register: Register, built: frozenset[str]) -> list[dict[str, str]]:
    """Each hypothesis with its evidence counted by strength, linked to the synthesis."""
    entries = []
    for hypothese in HYPOTHESES:
        forces = Counter(p.force for p in register.preuves if p.hypothese == hypothese.code)
        told = [
            counted(forces[degree.force], degree.libelle, degree.pluriel).replace(" ", NBSP)
            for degree in register.dictionary.forces
            if forces[degree.force]
        ]
        href = f"{SYNTHESE}.html#preuves-{hypothese.code.lower()}" if SYNTHESE in built else "#hypotheses"
        entries.append(
            {
                "name": hypothese.nom,
                "question": hypothese.question,
                "evidence": f"Preuves : {', '.join(told)}" if told else "Aucune preuve relevée",
                "href": href,
            }
        )
    return entries


def _map(register: Register, built: frozenset[str]) -> dict[str, Any]:
    """The map as SVG data, in kilometres from its north-west corner."""
    rings = outline()
    xs = [x for ring in rings for x, _ in ring]
    ys = [y for ring in rings for _, y in ring]
    left, top, margin = min(xs), min(ys), 20
    places = [place(territoire) for territoire in register.territoires]
    to_the_left = named_on_the_left(places)
    names_end = max(
        (point.x + 40 + 19 * len(point.nom) for point in places if point.code not in to_the_left),
        default=0,
    )
    width = max(max(xs), names_end) - left + 2 * margin
    height = max(ys) - top + 2 * margin
    points = [
        {
            "code": point.code,
            "nom": point.nom,
            "x": round(point.x - left + margin),
            "y": round(point.y - top + margin),
            "text_x": round(point.x - left + margin + (-24 if point.code in to_the_left else 24)),
            "text_anchor": "end" if point.code in to_the_left else "start",
            "exists": point.code in built,
        }
        for point in places
    ]
    paths = [
        "M" + "L".join(f"{x - left + margin:.0f},{y - top + margin:.0f}" for x, y in ring) + "Z"
        for ring in rings
    ]
    return {"view": f"0 0 {width:.0f} {height:.0f}", "rings": paths, "points": points}
