"""Links that follow a number on a page to its row and its source."""

from __future__ import annotations

import html

from analysis.noyau.arrondi import arrondi
from analysis.noyau.declared.dictionary import Dictionary, Unite
from analysis.noyau.french import uncapitalized
from analysis.noyau.periods import Period
from analysis.presentation.numbers import decimal, full_reading, quantity, reading
from analysis.presentation.parts.blocks import dated, number, ranked
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released, T
from analysis.sources.fiches import NON_ETABLI, Chiffre, Serie, Source

REGISTER_PAGE = "registre.html"
SERIES_PAGE = "series.html"
SOURCES_PAGE = "sources.html"
DEFINITIONS_PAGE = "definitions.html"


def released_content(released: Released[T]) -> T:
    """The record inside a released object; raises TypeError for anything else."""
    if not isinstance(released, Released):
        raise TypeError(f"la présentation n'accepte que des objets publiables, pas {type(released).__name__}")
    return released.content


def figure_link(released: Released[Chiffre], bundle: Bundle, *, with_unit: bool = False) -> str:
    """A figure linked to its row of the register, the source in its title."""
    chiffre = released_content(released)
    unit = bundle.dictionary.unit_of(chiffre.indicateur)
    text = full_reading(chiffre, unit) if with_unit else reading(chiffre, unit)
    title = f"{source_label(bundle.source(chiffre.source))}, n° {chiffre.numero} du registre"
    linked = link(f"{REGISTER_PAGE}#{chiffre.anchor}", text, css="chiffre", title=title)
    return _readable(linked, chiffre, unit)


def printed_value(chiffre: Chiffre, unit: Unite) -> str:
    """A figure as the register shows it: every decimal that its source prints, and its unit."""
    exact = None if chiffre.valeur is None else quantity(chiffre.valeur, unit, is_exact=True)
    return _readable(html.escape(exact or full_reading(chiffre, unit), quote=False), chiffre, unit)


def _readable(shown: str, chiffre: Chiffre, unit: Unite) -> str:
    """The HTML of a figure with its number, its day, or the low end of what its words say, to sort by."""
    if unit.nature == "date":
        return dated(Period(chiffre.valeur_imprimee), shown)
    if chiffre.valeur is not None:
        return number(shown, chiffre.valeur, unit.pluriel)
    low = chiffre.borne_haute if chiffre.borne_basse is None else chiffre.borne_basse
    return shown if low is None else ranked(shown, low)


def point_link(released: Released[Serie], period: str, bundle: Bundle, *, with_unit: bool = False) -> str:
    """A value of a series linked to its row; raises KeyError when there is none at that period."""
    serie = released_content(released)
    value = serie.at(period)
    if value is None:
        raise KeyError(period)
    unit = bundle.dictionary.unit_of(serie.indicateur)
    text = quantity(value, unit) if with_unit else decimal(value, unit.decimals_of(value))
    linked = link(
        f"{SERIES_PAGE}#{serie.anchor(Period(period))}",
        text,
        css="chiffre",
        title=f"{source_label(bundle.source(serie.source))}, {serie.zone_label}",
    )
    return number(linked, arrondi(value, unit.decimals_of(value)), unit.pluriel)


def indicator_link(indicator: str, bundle: Bundle) -> str:
    """An indicator's label linked to its definition."""
    label = bundle.dictionary.indicator(indicator).libelle
    return link(f"{DEFINITIONS_PAGE}#{indicator}", label)


def source_link(code: str, bundle: Bundle) -> str:
    """A source's publisher and date linked to its card."""
    source = bundle.source(code)
    return _to_card(source, source_label(source))


def source_cited(code: str, bundle: Bundle) -> str:
    """A source as the note of a chart cites it, linked to its card; what came through another says so."""
    source = bundle.source(code)
    through = " (obtenu par un intermédiaire, non recontrôlé)" if source.through_another else ""
    return _to_card(source, source_in_full(source)) + through


def _to_card(source: Source, text: str) -> str:
    return link(f"{SOURCES_PAGE}#{source.anchor}", text, title=source.titre, address=source.url)


def source_title(source: Source) -> str:
    """The title of a source as HTML, its language said where it is not French."""
    title = html.escape(source.titre, quote=False)
    return f'<span lang="{source.langue}">{title}</span>' if source.langue else title


def source_label(source: Source) -> str:
    """Publisher and date of a source; nothing stands for a date that is not established."""
    if source.date_donnees:
        return f"{source.editeur}, {_closed(source.date_donnees)}"
    return f"{source.editeur}, {source.date_publication.label}" if source.date_publication else source.editeur


def source_in_full(source: Source) -> str:
    """A source as the note of a chart cites it: a dataset by its producer's own name and edition."""
    if not source.edition:
        return source_label(source)
    closed = f", {_closed(source.date_donnees)}" if source.date_donnees else ""
    return f"{source.editeur}, {uncapitalized(source.edition)}{closed}"


def how_read(dictionary: Dictionary, chiffre: Chiffre) -> str:
    """How a figure was read and where, in words: « lu par extrait, page 4 »; empty where nobody noted it."""
    read = [dictionary.lecture(chiffre.lecture).libelle] if chiffre.lecture else []
    return ", ".join([*read, chiffre.page] if chiffre.page else read)


def _closed(day: Period) -> str:
    """When a producer closed its data, in words."""
    return f"données {'du' if day.precision == 'jour' else 'de'} {day.label}"


def period_label(chiffre: Chiffre) -> str:
    """A figure's period in words; one that is deduced says so."""
    if chiffre.periode is None:
        return "non datée"
    return chiffre.periode.label if chiffre.periode_sure else f"{chiffre.periode.label}, date déduite"


def period_cell(chiffre: Chiffre) -> str:
    """A figure's period as a cell of a table, which sorts by its day."""
    words = period_label(chiffre)
    return words if chiffre.periode is None else dated(chiffre.periode, words)


def price_words(chiffre: Chiffre) -> str:
    """The year of the euros of a figure in words; nothing where it is no amount."""
    if not chiffre.is_money:
        return ""
    return f"prix de {chiffre.annee_prix}" if chiffre.annee_prix else f"année des prix : {NON_ETABLI}e"


def link(href: str, text: str, *, css: str = "", title: str = "", address: str = "") -> str:
    """An HTML link with its text escaped; ``address`` is where the document itself stands."""
    attributes = f' class="{css}"' if css else ""
    attributes += f' title="{html.escape(title)}"' if title else ""
    attributes += f' data-adresse="{html.escape(address)}"' if address else ""
    return f'<a href="{html.escape(href)}"{attributes}>{html.escape(text, quote=False)}</a>'
