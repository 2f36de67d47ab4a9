"""What stands in the book around its chapters, declared once, in the order of reading.

Cover, foreword, chapters (``chapitres/catalogue``: synthesis, themes, territories), then these annexes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.noyau.paths import Nature, Project

_METHOD = "methode-"

PARTIES = {"synthese": "Synthèse", "themes": "Chapitres thématiques", "territoires": "Territoires"}
"""The parts of the book in its contents, by the parts of the catalogue; its annexes are the last one."""

ANNEXES = "Annexes"


@dataclass(frozen=True)
class Annexe:
    """A page behind the chapters; ``natures`` are the bilans that have it.

    ``template`` is a file of ``templates/pages``. What is not ``in_pdf`` is consulted, not read: the book
    says where it is, and its tables are attached to the PDF.
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

TERRITOIRES_SUIVIS = Annexe(
    "territoires-suivis", "Tous les territoires suivis", "territoires-suivis", in_pdf=False
)
"""A row for each followed territory, to sort and to filter: on the site alone."""

METHODES: dict[str, tuple[Nature, ...]] = {
    "jugement": ("reel",),
    "registre": ("reel",),
    "emploi-local": ("reel",),
    "depots": ("reel", "demonstration"),
    "exhaustivite": ("reel", "demonstration"),
    "parcours": ("reel", "demonstration"),
    "economie-ebe": ("reel", "demonstration"),
    "depenses-passives": ("reel", "demonstration"),
    "comparaison": ("reel",),
    "impact": ("reel", "demonstration"),
    "impact-protocole": ("reel",),
    "impact-limites": ("reel",),
    "participation": ("reel", "demonstration"),
    "vie-associative": ("reel", "demonstration"),
    "habilitation": ("reel", "demonstration"),
    "secret": ("reel", "demonstration"),
    "verification": ("reel", "demonstration"),
    "demonstration": ("demonstration",),
}
"""The method pages of ``docs/methods`` in order, and the bilans whose chapters rest on them."""

REPERES = (
    Annexe("glossaire", "Glossaire", "glossaire"),
    Annexe("definitions", "Définitions", "definitions", in_pdf=False),
    Annexe("registre", "Registre des chiffres", "registre", natures=("reel",), in_pdf=False),
    Annexe("sources", "Sources", "sources", in_pdf=False),
    Annexe("non-lu", "Ce que nous n'avons pas lu", "non-lu", natures=("reel",)),
    Annexe("depots-recus", "Les dépôts reçus", "depots-recus", natures=("demonstration",)),
    Annexe("figures-et-tableaux", "Figures et tableaux", "figures-et-tableaux", in_pdf=False),
    Annexe("reponses", "Les réponses", "reponses"),
    Annexe("errata", "Errata", "errata"),
    Annexe("mentions", "Mentions légales", "mentions"),
    Annexe("colophon", "Colophon", "colophon"),
    SIMULATEUR,
    TERRITOIRES_SUIVIS,
    Annexe("series", "Séries locales", "series", natures=("reel",), in_pdf=False),
)
"""The annexes that are not a method."""


def annexes(project: Project) -> tuple[Annexe, ...]:
    """The annexes of a bilan in order: the method pages, each titled by its first line, then the rest."""
    return tuple(a for a in (*_methods(project), *REPERES) if project.nature in a.natures)


def lettered(written: Sequence[Annexe]) -> dict[str, str]:
    """The letter of each annex by its name: those of the book first, so that none is missing on paper."""
    in_order = sorted(written, key=lambda annexe: not annexe.in_pdf)
    return {annexe.name: letter(rank) for rank, annexe in enumerate(in_order)}


def letter(rank: int) -> str:
    """The letter of an annex by its rank from 0.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    return chr(ord("A") + rank) if rank < 26 else letter(rank // 26 - 1) + letter(rank % 26)


def method_path(project: Project, annexe: Annexe) -> Path:
    """The file of a method's annex."""
    return project.methods / f"{annexe.name.removeprefix(_METHOD)}.md"


def method_paths(project: Project) -> Iterator[Path]:
    """The files of the method pages that a bilan has, whether they are there or not."""
    return (project.methods / f"{stem}.md" for stem, natures in METHODES.items() if project.nature in natures)


def _methods(project: Project) -> Iterator[Annexe]:
    for stem, natures in METHODES.items():
        title = (project.methods / f"{stem}.md").read_text(encoding="utf-8").partition("\n")[0]
        yield Annexe(f"{_METHOD}{stem}", title.removeprefix("# "), "methode", natures)
