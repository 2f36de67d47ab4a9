"""Living conditions: the last published values of the zones around a territory."""

from __future__ import annotations

import html

from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.links import indicator_link
from analysis.presentation.parts.marks import territoire_of
from analysis.presentation.parts.tables import absence
from analysis.presentation.published.local.series import last_cell, sources_of, zone_note, zone_series
from analysis.secret.bundle import Bundle
from analysis.sources.fiches import Serie

_LIVING = (
    "population",
    "actifs_15_64",
    "chomeurs_15_64",
    "niveau_de_vie_median",
    "taux_pauvrete",
    "part_indemnites_chomage",
    "part_minima_sociaux",
)


def conditions_de_vie(bundle: Bundle) -> Block:
    """Living conditions in the commune: population, activity, income, poverty, by year."""
    series = [
        released
        for indicator in _LIVING
        for commune in territoire_of(bundle).communes_suivies
        for released in zone_series(bundle, indicator, commune, ("commune",))
    ]
    if not series:
        return absence("Conditions de vie : aucune donnée communale publiée n'a été trouvée.")
    periods = sorted({point.periode.text for r in series for point in r.content.points})
    rows = [
        [
            _living_head(bundle, r.content),
            *(last_cell(bundle, r, period) for period in periods),
        ]
        for r in series
    ]
    columns = (Column("Indicateur"), *(Column(period, True) for period in periods))
    note = (
        "Les tirets sont des valeurs non diffusées (secret statistique dans les petites communes) ou non lues. "
        "Rupture de série en 2019 pour les revenus. "
        + zone_note(bundle, series)
        + " "
        + sources_of(bundle, series)
    )
    return Table("conditions-de-vie", "Population et revenus de la commune", columns, rows, note=note).block()


def _living_head(bundle: Bundle, serie: Serie) -> str:
    unit = bundle.dictionary.unit_of(serie.indicateur).pluriel
    precision = html.escape(f"{serie.zone_nom}, en {unit}", quote=False)
    return f'{indicator_link(serie.indicateur, bundle)}<br><span class="precision">{precision}</span>'
