"""Tables of released figures: one row a figure, each linked to its row of the register and its source."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from analysis.noyau.french import NBSP, sentences, uncapitalized
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.links import (
    REGISTER_PAGE,
    figure_link,
    how_read,
    indicator_link,
    link,
    period_cell,
    released_content,
    source_label,
    source_link,
    source_title,
)
from analysis.presentation.parts.prose import inline
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Chiffre, Desaccord

NOT_PUBLISHED = '<span class="absent">non publié</span>'


def absence(text: str, *, anchor: str = "") -> Block:
    """The sentence that stands where a part has no data, so that a gap is seen as a gap."""
    place = f' id="{anchor}"' if anchor else ""
    return Block(f'<p class="absence"{place}>{html.escape(text, quote=False)}</p>')


P = ParamSpec("P")


def of_published(show: Callable[Concatenate[Bundle, P], Block]) -> Callable[Concatenate[Bundle, P], Block]:
    """Show nothing of a bilan of invented territories, of which nobody published anything.

    In a real bilan a part without a figure says so.
    """

    @wraps(show)
    def shown(bundle: Bundle, *args: P.args, **kwargs: P.kwargs) -> Block:
        return Block("") if bundle.nature == "demonstration" else show(bundle, *args, **kwargs)

    return shown


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
    details = sentences(chiffre.champ, place_of(bundle, chiffre), chiffre.note, said=_label(bundle, chiffre))
    extra = html.escape(details, quote=False)
    return [
        indicator_link(chiffre.indicateur, bundle)
        + (f'<br><span class="precision">{extra}</span>' if extra else ""),
        figure_link(released, bundle, with_unit=True),
        when(bundle, chiffre),
        _sources_of(bundle, chiffre),
    ]


def _sources_of(bundle: Bundle, chiffre: Chiffre) -> str:
    """Who prints a figure, how it was read, and who else prints it."""
    read = how_read(bundle.dictionary, chiffre)
    others = [f"aussi : {source_link(chiffre.seconde_source, bundle)}"] if chiffre.seconde_source else []
    also = " ; ".join([*([html.escape(read, quote=False)] if read else []), *others])
    return source_link(chiffre.source, bundle) + (
        f'<br><span class="precision">{also}</span>' if also else ""
    )


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
        scope = dict.fromkeys((bundle.place_name(chiffre.territoire), chiffre.champ))
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


@of_published
def disagreements(bundle: Bundle) -> Block:
    """Where sources differ: in a territory each quantity with all its values, in a synthesis one table of all.

    The synthesis leaves to the register the disagreements on experiments abroad.
    """
    if bundle.territoire is None:
        return _disagreements_of_all(bundle)
    if not bundle.desaccords:
        return absence("Aucun désaccord entre sources n'a été relevé sur ces chiffres.")
    blocks = [_disagreement(bundle, disagreement) for disagreement in bundle.desaccords]
    return Block("\n".join(block.html for block in blocks))


def _disagreement(bundle: Bundle, disagreement: Desaccord) -> Block:
    """One quantity: every value with who says it, and why they may differ."""
    columns = (
        Column("Qui le dit"),
        Column("Valeur publiée", numeric=True),
        Column("Indicateur"),
        Column("Date"),
    )
    rows = [
        [
            source_link(figure.content.source, bundle),
            figure_link(figure, bundle, with_unit=True),
            indicator_link(figure.content.indicateur, bundle),
            when(bundle, figure.content),
        ]
        for figure in _sides(bundle, disagreement)
    ]
    note = inline(disagreement.explication, bundle)
    title = f"Désaccord : {disagreement.titre}"
    return Table(disagreement.anchor, title, columns, rows, note=note).block()


ABROAD = "etranger"
"""The set of the experiments of other countries: not a territory of this bilan, nor all of them."""


def _disagreements_of_all(bundle: Bundle) -> Block:
    """One row a quantity: the lowest and the highest value, who says each, and where the rest is told."""
    of_all = {d: _sides(bundle, d) for d in bundle.desaccords}
    kept = {d: sides for d, sides in of_all.items() if any(r.content.territoire != ABROAD for r in sides)}
    abroad = [d for d in of_all if d not in kept]
    also = ""
    if abroad:
        links = ", ".join(link(f"{REGISTER_PAGE}#{d.anchor}", uncapitalized(d.titre)) for d in abroad)
        also = f"Hors de l'expérimentation, au registre{NBSP}: {links}."
    if not kept:
        return absence("Aucun désaccord entre sources n'a été relevé sur ces chiffres.")
    columns = (
        Column("Ce qui est compté"),
        Column("Au plus bas, ou au plus tôt"),
        Column("Au plus haut, ou au plus tard"),
        Column("Date"),
        Column("Le détail"),
    )
    rows = [_disagreement_row(bundle, disagreement, sides) for disagreement, sides in kept.items()]
    note = "Aucune valeur n'est choisie ; toutes sont au détail, avec ce qui peut expliquer l'écart. "
    caption = "Les grandeurs sur lesquelles les sources se contredisent"
    return Table("desaccords-sources", caption, columns, rows, note=note + also).block()


def _disagreement_row(
    bundle: Bundle, disagreement: Desaccord, sides: Sequence[Released[Chiffre]]
) -> list[str]:
    ordered = sorted(sides, key=lambda r: _rank(r.content))
    owners = [t for t in bundle.territoires if any(r.content.territoire in t.codes for r in sides)]
    page, name = (f"{owners[0].code}.html", owners[0].nom) if owners else (REGISTER_PAGE, "Registre")
    return [
        html.escape(disagreement.titre, quote=False),
        _side(bundle, ordered, ordered[0]),
        _side(bundle, ordered, ordered[-1]),
        _dates(bundle, [r.content for r in sides]),
        link(f"{page}#{disagreement.anchor}", name),
    ]


def _dates(bundle: Bundle, sides: Sequence[Chiffre]) -> str:
    """The dates that sources print, as a cell, and whether others were deduced; of a date, how it is known."""
    if bundle.dictionary.unit_of(sides[0].indicateur).nature == "date":
        known = {
            chiffre.periode_sure: "date imprimée" if chiffre.periode_sure else "déduite" for chiffre in sides
        }
        return " ou ".join(known[sure] for sure in (True, False) if sure in known)
    printed = dict.fromkeys(period_cell(c) for c in sides if c.dated)
    others = [c for c in sides if not c.dated]
    if not printed:
        return f"{NBSP}; ".join(dict.fromkeys(period_cell(c) for c in others))
    also = ["autres dates déduites" if len(others) > 1 else "autre date déduite"] if others else []
    return f"{NBSP}; ".join([*printed, *also])


def _sides(bundle: Bundle, disagreement: Desaccord) -> list[Released[Chiffre]]:
    return list(bundle.disputing(disagreement.desaccord))


def _rank(chiffre: Chiffre) -> tuple[float, str]:
    """Where a value stands among those that dispute it: by its number or its bounds; a date as it is written."""
    known = [v for v in (chiffre.valeur, chiffre.borne_basse, chiffre.borne_haute) if v is not None]
    return (sum(known) / len(known), "") if known else (0.0, chiffre.valeur_imprimee)


def _side(bundle: Bundle, ordered: Sequence[Released[Chiffre]], end: Released[Chiffre]) -> str:
    """A value, and everyone who gives it."""
    told = figure_link(end, bundle, with_unit=True)
    who = [r for r in ordered if r.content.valeur_imprimee == end.content.valeur_imprimee]
    return f'{told}<br><span class="precision">{", ".join(source_link(r.content.source, bundle) for r in who)}</span>'


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
