"""What the blocks of local series share: the zones, their changes in words, their table."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from functools import partial

from analysis.noyau.french import capitalized
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Commune
from analysis.presentation.drawing.multiples import Curve
from analysis.presentation.numbers import NBSP, decimal, quantity
from analysis.presentation.parts.blocks import Block, Column, Table, dated, too_few
from analysis.presentation.parts.links import point_link
from analysis.presentation.parts.marks import cited, territoire_of
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Serie

BASE = "2016-12-31"
"""The year-end which employment is compared with: five weeks after the habilitation."""

LEAST_BASE = 50
"""The employees at the base under which a change says less than the counts: two people move it by points."""

AROUND_OPENING = (BASE, "2017-12-31", "2018-12-31")
"""The year-ends of the table of employment before and after the opening."""


def change(serie: Serie, first: str, last: str) -> float | None:
    """The relative change between two periods in per cent, None where one is missing or the first is zero."""
    start, end = serie.at(first), serie.at(last)
    return 100 * (end / start - 1) if start and end is not None else None


def year_end(period: Period) -> str:
    """A day of December's end as a title says it: « fin 2016 »; any other period as it is written.

    >>> year_end(Period("2016-12-31")), year_end(Period("2016-T4"))
    ('fin 2016', '4e trimestre 2016')
    """
    return f"fin {period.start.year}" if period.text.endswith("-12-31") else period.label


def from_to(before: str, after: str) -> str:
    """« de A à B », or « A aux deux dates » where they are the same."""
    return f"de {before} à {after}" if before != after else f"{before} aux deux dates"


def _tenths(value: float) -> str:
    """A number with one decimal, written even where it is zero."""
    words = decimal(value, 1)
    return words if "," in words else f"{words},0"


def rate_told(value: float) -> str:
    """A rate as a page prints it, with its tenth."""
    return f"{_tenths(value)}{NBSP}%"


def titles_of(bundle: Bundle, series: Sequence[Released[Serie]]) -> list[str]:
    """What names each small chart: nothing for one, its zone, with what is counted where that differs."""
    if len(series) == 1:
        return [""]
    if len({r.content.indicateur for r in series}) == 1:
        return [capitalized(r.content.zone_label) for r in series]
    return [_panel_title(bundle, r.content) for r in series]


def told_curve(serie: Serie, role: str, name: str, *, ends: Sequence[int] = (-1, 0)) -> Curve:
    """A series as a curve, the values at its ends written."""
    points = tuple((point.periode.middle, point.valeur) for point in serie.points)
    write = _tenths if any(y % 1 for _, y in points) else partial(decimal, decimals=0)
    return Curve(role, name, points, tuple((*points[end], write(points[end][1])) for end in ends))


def few_points(bundle: Bundle, released: Released[Serie]) -> Block:
    """A series of too few points for a chart, all its values told."""
    serie = released.content
    points = [
        f"{point_link(released, p.periode.text, bundle, with_unit=True)} ({html.escape(p.periode.label)})"
        for p in serie.points
    ]
    anchor = f"{serie.indicateur}-{serie.zone}".replace("_", "-").lower()[:40]
    return too_few(_panel_title(bundle, serie), points, anchor=anchor, note=sources_of(bundle, [released]))


def zone_series(
    bundle: Bundle, indicator: str, commune: Commune, zone_types: Sequence[str]
) -> list[Released[Serie]]:
    """The series of the zones around a commune, in the order asked for; those not published are left out."""
    zones = {
        "commune": commune.code,
        "epci": commune.epci,
        "zone_emploi": commune.zone_emploi,
        "departement": commune.departement,
        "france": "FR",
    }
    found = (bundle.serie(indicator, zone_type=kind, zone=zones[kind]) for kind in zone_types)
    return [released for released in found if released is not None]


def zone_note(bundle: Bundle, series: Sequence[Released[Serie]]) -> str:
    """Which zone is shown, and the experiment's area beside it."""
    territoire = territoire_of(bundle)
    near = [r.content.zone_label for r in series if r.content.zone_type in ("commune", "epci")]
    shown = ", ".join(dict.fromkeys(near))
    areas = " ; ".join(site.perimetre_nom for site in territoire.sites)
    smaller = " (plus petit que la commune)" if territoire.est_en_quartiers else ""
    word = "Zone montrée" if len(set(near)) == 1 else "Zones montrées"
    text = f"{word} : {shown}. Périmètre de l'expérimentation : {areas}{smaller}."
    return html.escape(text, quote=False)


def _panel_title(bundle: Bundle, serie: Serie) -> str:
    label = bundle.dictionary.indicator(serie.indicateur).libelle
    return f"{capitalized(serie.zone_label)} : {label[0].lower()}{label[1:]}"


def in_words(bundle: Bundle, serie: Serie, compared: tuple[str, str] | None = None) -> str:
    """A series for a reader who does not see the chart: the dates compared, then its two ends where they differ."""
    unit = bundle.dictionary.unit_of(serie.indicateur)
    told = {p.periode.text: f"{quantity(p.valeur, unit)} ({p.periode.label})" for p in serie.points}
    ends = [told[serie.points[end].periode.text] for end in (0, -1)]
    first = [told[period] for period in compared or () if period in told] or ends
    said = f"{capitalized(serie.zone_label)} : {', '.join(first)}"
    return f"{said}." if first == ends else f"{said} ; la courbe va de {' à '.join(ends)}."


def growth_told(serie: Serie, first: str, last: str) -> str:
    """The relative change between two periods in per cent, a dash where one is missing or zero."""
    changed = change(serie, first, last)
    if changed is None:
        return "–"
    return f"{'+' if changed > 0 else ''}{_tenths(changed)}{NBSP}%"


def growth_cell(serie: Serie) -> str:
    """The change around the opening; of a few people it is not computed."""
    start, end = AROUND_OPENING[0], AROUND_OPENING[-1]
    base = serie.at(start)
    if base is not None and base < LEAST_BASE:
        return "non calculée"
    return growth_told(serie, start, end)


def last_cell(bundle: Bundle, released: Released[Serie], period: str) -> str:
    """The value of a series at a period as a cell, or that none was published."""
    return point_link(released, period, bundle) if released.content.at(period) is not None else "–"


def sources_of(bundle: Bundle, series: Iterable[Released[Serie]]) -> str:
    """The sources of some series, linked, each once."""
    return cited(bundle, (released.content.source for released in series))


def series_data(bundle: Bundle, series: Sequence[Released[Serie]], caption: str) -> Table:
    """The values of a chart: one row a period, one column a series, each value linked."""
    periods = {point.periode for r in series for point in r.content.points}
    rows = [
        [dated(period), *(last_cell(bundle, released, period.text) for released in series)]
        for period in sorted(periods, key=lambda period: (period.start, period.end))
    ]
    labels = dict.fromkeys(r.content.indicateur for r in series)
    heads = [
        Column(
            capitalized(r.content.zone_label) if len(labels) == 1 else _panel_title(bundle, r.content),
            True,
        )
        for r in series
    ]
    return Table("donnees", caption, (Column("Période"), *heads), rows)
