"""What stands in the book around its chapters, declared once, in the order of reading.

Cover, foreword, chapters (``chapitres/catalogue``: synthesis, themes, territories), then these annexes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.noyau.paths import Nature, Project

_METHOD = "methode-"


@dataclass(frozen=True)
class Annexe:
    """A page behind the chapters; ``natures`` are the bilans that have it.

    ``template`` is a file of ``templates/pages``; the series are too long for paper.
    """

    name: str
    title: str
    template: str
    natures: tuple[Nature, ...] = ("reel", "demonstration")
    in_pdf: bool = True

    @property
    def is_method(self) -> bool:
        return self.template == "methode"


AVANT_PROPOS = Annexe("avant-propos", "Avant-propos", "avant-propos", natures=("reel",))
"""What stands before the first chapter; the home page of a demonstration says what it is."""

SIMULATEUR = Annexe("simulateur", "Simulateur", "simulateur", in_pdf=False)
"""What an authority simulates: on the site alone."""

METHODES: dict[str, tuple[Nature, ...]] = {
    "registre": ("reel",),
    "emploi-local": ("reel",),
    "depots": ("reel", "demonstration"),
    "exhaustivite": ("reel", "demonstration"),
    "parcours": ("reel", "demonstration"),
    "economie-ebe": ("reel", "demonstration"),
    "depenses-passives": ("reel", "demonstration"),
    "participation": ("reel", "demonstration"),
    "secret": ("reel", "demonstration"),
    "demonstration": ("demonstration",),
}
"""The method pages of ``docs/methods`` in order, and the bilans whose chapters rest on them."""

REPERES = (
    Annexe("glossaire", "Glossaire", "glossaire"),
    Annexe("definitions", "Définitions", "definitions"),
    Annexe("registre", "Registre des chiffres", "registre", natures=("reel",)),
    Annexe("sources", "Sources", "sources"),
    Annexe("figures-et-tableaux", "Figures et tableaux", "figures-et-tableaux"),
    Annexe("errata", "Errata", "errata"),
    Annexe("mentions", "Mentions légales", "mentions"),
    Annexe("colophon", "Colophon", "colophon"),
    SIMULATEUR,
    Annexe("series", "Séries locales", "series", natures=("reel",), in_pdf=False),
)
"""The annexes that are not a method."""


def annexes(project: Project) -> tuple[Annexe, ...]:
    """The annexes of a bilan in order: the method pages, each titled by its first line, then the rest."""
    return tuple(a for a in (*_methods(project), *REPERES) if project.nature in a.natures)


def letter(rank: int) -> str:
    """The letter of an annex by its rank from 0.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    return chr(ord("A") + rank) if rank < 26 else letter(rank // 26 - 1) + letter(rank % 26)


def method_path(project: Project, annexe: Annexe) -> Path:
    """The file of a method's annex."""
    return project.methods / f"{annexe.name.removeprefix(_METHOD)}.md"


def _methods(project: Project) -> Iterator[Annexe]:
    for stem, natures in METHODES.items():
        title = (project.methods / f"{stem}.md").read_text(encoding="utf-8").partition("\n")[0]
        yield Annexe(f"{_METHOD}{stem}", title.removeprefix("# "), "methode", natures)
