"""The local labour market and living conditions: series of the zones around a territory.

Every block names the zone that it shows and the experiment's area beside it: they are not the same.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from textwrap import fill

from analysis.noyau.periods import Period
from analysis.noyau.territoires import Commune
from analysis.presentation.blocks import Block, Chart, Column, Table, dated
from analysis.presentation.charts import Line, Panel, index_of, panels_svg
from analysis.presentation.links import indicator_link, point_link
from analysis.presentation.marks import cited, events, territoire_of
from analysis.presentation.numbers import NBSP, decimal, quantity
from analysis.presentation.tables import absence
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.records import Serie

BASE = "2016-12-31"
"""The year-end which employment is compared with: five weeks after the habilitation."""

AROUND_OPENING = (BASE, "2017-12-31", "2018-12-31")
"""The year-ends of the table of employment before and after the opening."""

EMPLOYMENT_ZONES = ("commune", "epci", "zone_emploi", "france")

_LIVING = (
    "population",
    "actifs_15_64",
    "chomeurs_15_64",
    "niveau_de_vie_median",
    "taux_pauvrete",
    "part_indemnites_chomage",
    "part_minima_sociaux",
)


def emploi_prive(bundle: Bundle) -> Block:
    """Private employment of each followed commune beside its zone d'emploi and France, as an index.

    Index = 100 × count / count at ``BASE`` (see ``index_of``); the commune's points carry the counts. A
    zone without a value at the base has no line; a territory without any gets a sentence instead.
    Source: Urssaf, private employees at the place of work on 31 December.
    """
    panels, series = [], []
    for commune in territoire_of(bundle).communes_suivies:
        found = zone_series(bundle, "emploi_salarie_prive", commune, EMPLOYMENT_ZONES)
        lines = tuple(line for r in found if (line := index_line(r.content)).points)
        if lines:
            panels.append(
                Panel(commune.nom if len(territoire_of(bundle).communes_suivies) > 1 else "", lines)
            )
            series += [released for released in found if released not in series]
    base = Period(BASE).label
    if not panels:
        return absence("Emploi salarié privé : aucune série publiée n'a été trouvée pour ce territoire.")
    return Chart(
        anchor="emploi-prive",
        caption=f"Emploi salarié privé au lieu de travail, {base} = 100",
        drawing=panels_svg(panels, events=events(bundle), y_label=f"indice, {base} = 100", year_ends=True),
        alt="Courbes d'indices. " + " ".join(_in_words(bundle, r.content) for r in series),
        note=_zone_note(bundle, series)
        + " Les emplois de l'EBE sont compris dans ceux de la commune où elle est installée. "
        f"Indice = 100 × effectif / effectif au {base}, calculé ici ; les nombres portés sur la courbe "
        "de la commune sont les effectifs. Sources : " + _sources(bundle, series),
        data=series_data(bundle, series, "Effectifs salariés du privé"),
    ).block()


def evolution_emploi(bundle: Bundle) -> Block:
    """Private employment around the opening: the counts at the year-ends and the change.

    Change = last count / first count − 1, in per cent; a dash where either is missing.
    """
    first, last = Period(AROUND_OPENING[0]).start.year, Period(AROUND_OPENING[-1]).start.year
    rows, series = [], []
    for commune in territoire_of(bundle).communes_suivies:
        for released in zone_series(bundle, "emploi_salarie_prive", commune, EMPLOYMENT_ZONES):
            row = [html.escape(_capital(released.content.zone_label))]
            row += [_cell(bundle, released, day) for day in AROUND_OPENING]
            row.append(_growth(released.content, AROUND_OPENING[0], AROUND_OPENING[-1]))
            if row not in rows:
                rows.append(row)
                series.append(released)
    if not rows:
        return Block("")
    columns = (
        Column("Zone"),
        *(Column(Period(day).label, True) for day in AROUND_OPENING),
        Column(f"Évolution de {first} à {last}", True),
    )
    note = (
        f"Évolution = effectif de {last} / effectif de {first} − 1, calculée ici à partir des effectifs liés. "
        "Sources : " + _sources(bundle, series)
    )
    caption = "Emploi salarié privé avant et après l'ouverture"
    return Table("evolution-emploi", caption, columns, rows, note=note).block()


def demandeurs_emploi(bundle: Bundle) -> Block:
    """Jobseekers registered in the commune, categories A, B and C."""
    series = []
    for commune in territoire_of(bundle).communes_suivies:
        series += zone_series(bundle, "demandeurs_emploi_abc", commune, ("commune",))
        series += zone_series(bundle, "demandeurs_emploi_abc_decembre", commune, ("epci",))
        series += zone_series(bundle, "demandeurs_emploi_abc_un_an_decembre", commune, ("epci",))
    if not series:
        return absence(
            "Demandeurs d'emploi inscrits : aucune série communale publiée n'a été trouvée pour ce territoire."
        )
    panels = [Panel(_panel_title(bundle, r.content), (_line(r.content),)) for r in series]
    return Chart(
        anchor="demandeurs-emploi",
        caption="Demandeurs d'emploi inscrits, catégories A, B et C",
        drawing=panels_svg(panels, events=events(bundle), y_label="personnes inscrites", from_zero=True),
        alt="Courbes. " + " ".join(_in_words(bundle, r.content) for r in series),
        note=_zone_note(bundle, series)
        + " Un inscrit n'est pas forcément une personne privée durablement d'emploi, et l'inverse est vrai aussi. "
        "Cette série n'existe ni pour la zone d'emploi ni pour la France dans les données lues. Sources : "
        + _sources(bundle, series),
        data=series_data(bundle, series, "Demandeurs d'emploi inscrits"),
    ).block()


def taux_chomage(bundle: Bundle) -> Block:
    """The localised unemployment rate of the zone d'emploi beside its département and France."""
    series: list[Released[Serie]] = []
    for commune in territoire_of(bundle).communes_suivies:
        for released in zone_series(
            bundle, "taux_chomage_localise", commune, ("zone_emploi", "departement", "france")
        ):
            if released not in series:
                series.append(released)
    if not series:
        return absence("Taux de chômage localisé : aucune série publiée n'a été trouvée.")
    panel = Panel("", tuple(_line(r.content) for r in series))
    return Chart(
        anchor="taux-chomage",
        caption="Taux de chômage localisé de la zone d'emploi, du département et de la France",
        drawing=panels_svg(
            [panel], events=events(bundle), y_label="% de la population active", from_zero=True
        ),
        alt="Courbes trimestrielles. " + " ".join(_in_words(bundle, r.content) for r in series),
        note=_rate_zones(series)
        + " Ce taux n'existe pas à l'échelle de la commune ni du périmètre : la zone d'emploi est bien plus "
        "vaste, un effet de l'expérimentation y est presque invisible. Sources : " + _sources(bundle, series),
        data=series_data(bundle, series, "Taux de chômage localisés"),
    ).block()


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
            *(_cell(bundle, r, period) for period in periods),
        ]
        for r in series
    ]
    columns = (Column("Indicateur"), *(Column(period, True) for period in periods))
    note = (
        "Les tirets sont des valeurs non diffusées (secret statistique dans les petites communes) ou non lues. "
        "Rupture de série en 2019 pour les revenus. "
        + _zone_note(bundle, series)
        + " Sources : "
        + _sources(bundle, series)
    )
    return Table("conditions-de-vie", "Population et revenus de la commune", columns, rows, note=note).block()


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


def index_line(serie: Serie, *, notes: bool = True) -> Line:
    """A series as an index, the commune's counts written on its points."""
    points = index_of([(p.periode.text, p.periode.middle, p.valeur) for p in serie.points], BASE)
    is_noted = notes and serie.zone_type == "commune"
    words = tuple(decimal(point.valeur, 0) for point in serie.points) if is_noted else ()
    return Line(_short_zone(serie), serie.zone_type, points, words)


def _line(serie: Serie) -> Line:
    points = tuple((point.periode.middle, point.valeur) for point in serie.points)
    return Line(_short_zone(serie), serie.zone_type, points)


def _zone_note(bundle: Bundle, series: Sequence[Released[Serie]]) -> str:
    """Which zone is shown, and the experiment's area beside it."""
    territoire = territoire_of(bundle)
    near = [r.content.zone_label for r in series if r.content.zone_type in ("commune", "epci")]
    shown = ", ".join(dict.fromkeys(near))
    areas = " ; ".join(site.perimetre_nom for site in territoire.sites)
    smaller = " (plus petit que la commune)" if territoire.est_en_quartiers else ""
    word = "Zone montrée" if len(set(near)) == 1 else "Zones montrées"
    text = f"{word} : {shown}. Périmètre de l'expérimentation : {areas}{smaller}."
    return html.escape(text, quote=False)


def _rate_zones(series: Sequence[Released[Serie]]) -> str:
    names = ", ".join(released.content.zone_label for released in series)
    return html.escape(f"Zones montrées : {names}.", quote=False)


def _short_zone(serie: Serie) -> str:
    """A zone's name at the end of its line, on lines short enough to leave room for the chart."""
    names = {"zone_emploi": "zone d'emploi\n", "departement": "département\n"}
    return names.get(serie.zone_type, "") + fill(serie.zone_nom, 18)


def _panel_title(bundle: Bundle, serie: Serie) -> str:
    label = bundle.dictionary.indicator(serie.indicateur).libelle
    return f"{_capital(serie.zone_label)} : {label[0].lower()}{label[1:]}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _in_words(bundle: Bundle, serie: Serie) -> str:
    """A series told by its two ends, for a reader who does not see the chart."""
    unit = bundle.dictionary.unit_of(serie.indicateur)
    first, last = serie.points[0], serie.points[-1]
    return (
        f"{_capital(serie.zone_label)} : {quantity(first.valeur, unit)} ({first.periode.label}), "
        f"{quantity(last.valeur, unit)} ({last.periode.label})."
    )


def _growth(serie: Serie, first: str, last: str) -> str:
    """The relative change between two periods in per cent, a dash where one is missing or zero."""
    start, end = serie.at(first), serie.at(last)
    if not start or end is None:
        return "–"
    change = 100 * (end / start - 1)
    return f"{'+' if change > 0 else ''}{decimal(change, 1)}{NBSP}%"


def _cell(bundle: Bundle, released: Released[Serie], period: str) -> str:
    return point_link(released, period, bundle) if released.content.at(period) is not None else "–"


def _sources(bundle: Bundle, series: Iterable[Released[Serie]]) -> str:
    return cited(bundle, (released.content.source for released in series))


def series_data(bundle: Bundle, series: Sequence[Released[Serie]], caption: str) -> Table:
    """The values of a chart: one row a period, one column a series, each value linked."""
    periods = {point.periode for r in series for point in r.content.points}
    rows = [
        [dated(period), *(_cell(bundle, released, period.text) for released in series)]
        for period in sorted(periods, key=lambda period: (period.start, period.end))
    ]
    labels = dict.fromkeys(r.content.indicateur for r in series)
    heads = [
        Column(
            _capital(r.content.zone_label) if len(labels) == 1 else _panel_title(bundle, r.content),
            True,
        )
        for r in series
    ]
    return Table("donnees", caption, (Column("Période"), *heads), rows)


def _living_head(bundle: Bundle, serie: Serie) -> str:
    unit = bundle.dictionary.unit_of(serie.indicateur).pluriel
    precision = html.escape(f"{serie.zone_nom}, en {unit}", quote=False)
    return f'{indicator_link(serie.indicateur, bundle)}<br><span class="precision">{precision}</span>'
