"""Tables of released figures: one row a figure, each linked to its row of the register and its source."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from analysis.noyau.french import once
from analysis.presentation.blocks import Block, Column, Table
from analysis.presentation.links import (
    figure_link,
    indicator_link,
    period_cell,
    released_content,
    source_label,
    source_link,
    source_title,
)
from analysis.presentation.prose import inline
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.records import Chiffre

NOT_PUBLISHED = '<span class="absent">non publié</span>'


def absence(text: str, *, anchor: str = "") -> Block:
    """The sentence that stands where a part has no data, so that a gap is seen as a gap."""
    place = f' id="{anchor}"' if anchor else ""
    return Block(f'<p class="absence"{place}>{html.escape(text, quote=False)}</p>')


def figures_table(
    bundle: Bundle, figures: Sequence[Released[Chiffre]], *, anchor: str, caption: str
) -> Block:
    """Figures one under another: indicator, value as published, date, what it covers, source."""
    if not figures:
        return absence(f"{caption} : aucun chiffre publié n'a été trouvé.")
    columns = (
        Column("Indicateur"),
        Column("Valeur publiée"),
        Column("Date"),
        Column("Source"),
    )
    return Table(anchor, caption, columns, [_row(bundle, figure) for figure in figures]).block()


def _row(bundle: Bundle, released: Released[Chiffre]) -> list[str]:
    chiffre = released_content(released)
    details = once(chiffre.champ, place_of(bundle, chiffre), chiffre.note, said=_label(bundle, chiffre))
    extra = html.escape(" ; ".join(details), quote=False)
    return [
        indicator_link(chiffre.indicateur, bundle)
        + (f'<br><span class="precision">{extra}</span>' if extra else ""),
        figure_link(released, bundle, with_unit=True),
        when(bundle, chiffre),
        source_link(chiffre.source, bundle),
    ]


def _label(bundle: Bundle, chiffre: Chiffre) -> str:
    return bundle.dictionary.indicator(chiffre.indicateur).libelle


def chart_data(bundle: Bundle, figures: Sequence[Released[Chiffre]], caption: str) -> Table:
    """The figures that a chart draws: one row a figure, with its date, its place and its source."""
    columns = (
        Column("Date"),
        Column("Indicateur"),
        Column("De qui"),
        Column("Valeur publiée", numeric=True),
        Column("Source"),
    )
    rows = []
    for released in figures:
        chiffre = released_content(released)
        scope = [bundle.place_name(chiffre.territoire), chiffre.champ]
        rows.append(
            [
                period_cell(chiffre),
                indicator_link(chiffre.indicateur, bundle),
                html.escape(", ".join(part for part in scope if part), quote=False),
                figure_link(released, bundle, with_unit=True),
                source_link(chiffre.source, bundle),
            ]
        )
    return Table("donnees", caption, columns, rows)


def place_of(bundle: Bundle, chiffre: Chiffre) -> str:
    """The place of a figure, empty when it is the one that goes without saying.

    That is the whole territory in its chapter, and the first ensemble of the list in the synthesis.
    """
    understood = bundle.territoire.code if bundle.territoire else bundle.ensembles[0].ensemble
    return "" if chiffre.territoire == understood else bundle.place_name(chiffre.territoire)


def when(bundle: Bundle, chiffre: Chiffre) -> str:
    """The period of a figure as a cell; one whose value is itself a date only says whether it is printed."""
    if bundle.dictionary.unit_of(chiffre.indicateur).nature != "date":
        return period_cell(chiffre)
    return "date imprimée" if chiffre.periode_sure else "date déduite, non imprimée"


def scope(bundle: Bundle, chiffre: Chiffre, *, within: str) -> str:
    """What a figure covers: its site when it is not the whole territory, the EBE or the public it names."""
    place = "" if chiffre.territoire == within else bundle.place_name(chiffre.territoire)
    return ", ".join(part for part in (place, chiffre.champ) if part)


def by_family(bundle: Bundle, *families: str) -> tuple[Released[Chiffre], ...]:
    """The bundle's figures whose indicator belongs to one of these families."""
    return tuple(
        released
        for released in bundle.chiffres
        if bundle.dictionary.indicator(released.content.indicateur).famille in families
    )


def disagreements(bundle: Bundle) -> Block:
    """Each quantity on which sources differ: all values side by side, with who says what."""
    if not bundle.desaccords:
        return absence("Aucun désaccord entre sources n'a été relevé sur ces chiffres.")
    columns = (
        Column("Qui le dit"),
        Column("Valeur publiée", numeric=True),
        Column("Indicateur"),
        Column("Date"),
    )
    blocks = []
    for disagreement in bundle.desaccords:
        figures = [r for r in bundle.chiffres if r.content.desaccord == disagreement.desaccord]
        rows = [
            [
                source_link(figure.content.source, bundle),
                figure_link(figure, bundle, with_unit=True),
                indicator_link(figure.content.indicateur, bundle),
                when(bundle, figure.content),
            ]
            for figure in figures
        ]
        table = Table(
            f"desaccord-{disagreement.desaccord}"[:40],
            f"Désaccord : {disagreement.titre}",
            columns,
            rows,
            note=inline(disagreement.explication, bundle),
        )
        blocks.append(table.block())
    return Block("\n".join(block.html for block in blocks))


def sources_table(bundle: Bundle, codes: Iterable[str]) -> Block:
    """The sources used on the page, each linked to its card and to the document."""
    columns = (Column("Source"), Column("Titre"), Column("Nature"), Column("Document"))
    rows = []
    for code in sorted(set(codes), key=lambda code: (source_label(bundle.source(code)).casefold(), code)):
        source = bundle.source(code)
        address = (
            f'<a href="{html.escape(source.url)}" rel="external">consulter</a>'
            if source.url
            else "adresse non établie"
        )
        rows.append(
            [
                source_link(code, bundle),
                source_title(source),
                NATURES[source.nature],
                address,
            ]
        )
    if not rows:
        return absence("Aucune source n'est citée sur cette page.")
    return Table("sources-de-la-page", "Sources citées sur cette page", columns, rows).block()


NATURES = {
    "texte_officiel": "texte officiel",
    "rapport_public": "rapport public",
    "institution": "institution",
    "association": "association",
    "presse": "presse",
    "statistique_publique": "statistique publique",
    "recherche": "recherche",
    "encyclopedie": "encyclopédie",
}
"""How each nature of source is named on a page."""

FIRST_HAND = frozenset({"texte_officiel", "rapport_public", "institution", "statistique_publique"})
"""Natures of sources whose publisher answers for the figure; the others report it."""
