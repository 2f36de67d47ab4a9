"""The local labour market and living conditions: series of the zones around a territory.

Every block names the zone that it shows and the experiment's area beside it: they are not the same.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from analysis.noyau.periods import Period
from analysis.noyau.territoires import Commune, Territoire
from analysis.presentation.drawing.charts import index_of
from analysis.presentation.drawing.multiples import Curve, Facet, facets_svg
from analysis.presentation.numbers import NBSP, decimal, quantity
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, dated, too_few
from analysis.presentation.parts.links import indicator_link, point_link
from analysis.presentation.parts.marks import cited, events, territoire_of
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Serie

BASE = "2016-12-31"
"""The year-end which employment is compared with: five weeks after the habilitation."""

LEAST_BASE = 50
"""The employees at the base under which a change says less than the counts: two people move it by points."""

AROUND_OPENING = (BASE, "2017-12-31", "2018-12-31")
"""The year-ends of the table of employment before and after the opening."""

EMPLOYMENT_ZONES = ("commune", "epci", "zone_emploi", "france")

HABILITATION_QUARTER = "2016-T4"
"""The quarter from which the change of the unemployment rate is told."""

_LIVING = (
    "population",
    "actifs_15_64",
    "chomeurs_15_64",
    "niveau_de_vie_median",
    "taux_pauvrete",
    "part_indemnites_chomage",
    "part_minima_sociaux",
)


@dataclass(frozen=True)
class Employment:
    """Private employment of the zone nearest to the experiment's area, and of the zones around it."""

    shown: Released[Serie]
    around: tuple[Released[Serie], ...]

    @property
    def base(self) -> float | None:
        return self.shown.content.at(BASE)

    @property
    def last(self) -> Period:
        return self.shown.content.points[-1].periode

    @property
    def is_large(self) -> bool:
        """Whether an index means something: a value at the base, of ``LEAST_BASE`` employees or more."""
        return self.base is not None and self.base >= LEAST_BASE

    @property
    def zone(self) -> Serie | None:
        """The zone d'emploi around."""
        return next((r.content for r in self.around if r.content.zone_type == "zone_emploi"), None)

    @property
    def own(self) -> tuple[Serie, ...]:
        """The zones of the territory itself that have a value at the base: the one shown, then the others."""
        near = (r.content for r in self.around if r.content.zone_type in ("commune", "epci"))
        return (self.shown.content, *(serie for serie in near if serie.at(BASE)))

    @property
    def series(self) -> tuple[Released[Serie], ...]:
        return (self.shown, *self.around)


def employments(bundle: Bundle, territoire: Territoire) -> list[Employment]:
    """Private employment around each followed commune that has a series with a value at ``BASE``.

    The zone shown is the EPCI where the experiment's area holds more communes than are followed and its
    series is published, else the commune.
    """
    found = []
    is_wider = len(territoire.communes) > len(territoire.communes_suivies)
    for commune in territoire.communes_suivies:
        series = zone_series(bundle, "emploi_salarie_prive", commune, EMPLOYMENT_ZONES)
        nearest = [r for r in series if r.content.zone_type in ("commune", "epci") and r.content.at(BASE)]
        if nearest:
            shown = nearest[-1] if is_wider else nearest[0]
            found.append(Employment(shown, tuple(r for r in series if r is not shown)))
    return found


def emploi_prive(bundle: Bundle) -> Block:
    """Private employment near the experiment beside its zone d'emploi and France, as an index.

    Index = 100 × count / count at ``BASE`` (see ``index_of``). A zone without a value at the base has no
    curve, one of fewer than ``LEAST_BASE`` employees is told in words; a territory without any gets a
    sentence instead. Source: Urssaf, private employees at the place of work on 31 December.
    """
    territoire = territoire_of(bundle)
    found = employments(bundle, territoire)
    if not found:
        return absence("Emploi salarié privé : aucune série publiée n'a été trouvée pour ce territoire.")
    drawn = [e for e in found if e.is_large and len(e.shown.content.points) >= FEWEST_POINTS]
    told = [e for e in found if e not in drawn]
    sentence = _in_sentences(bundle, told) if told else Block("")
    if not drawn:
        return sentence
    facets = [employment_facet(e, shown_as=shown_as(drawn) if len(drawn) > 1 else "") for e in drawn]
    series = list(dict.fromkeys(r for e in drawn for r in e.series))
    caption = _outcome(drawn)
    part = (
        f" Le périmètre de l'expérimentation n'est qu'une partie de {'la' if len(drawn) == 1 else 'chaque'} zone montrée."
        if territoire.est_en_quartiers
        else ""
    )
    base = Period(BASE).label
    chart = Chart(
        anchor="emploi-prive",
        caption=caption,
        subtitle=f"Salariés du privé au 31 décembre, {_with_ebe(territoire, drawn)}{base} = 100.{part}",
        drawing=facets_svg(facets, reference=100, events=events(bundle), year_ends=True),
        alt=f"{caption}. "
        + " ".join(_in_words(bundle, r.content, (BASE, drawn[0].last.text)) for r in series),
        lecture=read_index(drawn[0]),
        champ="Champ : salariés du secteur privé, au lieu de travail ; ceux de l'EBE sont comptés dans la commune "
        "où elle est installée.",
        note=_zone_note(bundle, series)
        + f" Indice = 100 × effectif / effectif au {base}, calculé ici. "
        + _sources(bundle, series),
        data=series_data(bundle, series, "Effectifs salariés du privé"),
    ).block()
    return chart + sentence


def _with_ebe(territoire: Territoire, drawn: Sequence[Employment]) -> str:
    """That the jobs of the EBE are counted too: in the zone shown where it holds the whole territory."""
    if not territoire.ebe:
        return ""
    zone = drawn[0].shown.content.zone
    holds_all = all(zone in (commune.code, commune.epci) for commune in territoire.communes)
    return f"emplois de l'EBE compris{'' if holds_all else ' là où elle est installée'}, "


def employment_facet(employment: Employment, *, shown_as: str = "", counts: bool = True) -> Facet:
    """The curves of an employment as indexes, the value of the zone shown at the end, or its counts.

    ``shown_as`` is for one small chart among others: what the legend calls the zones shown, each of which is
    the title of its chart; the curves around are then named by what they are.
    """
    shown = employment.shown.content
    curves = [_index_curve(shown, "montree", shown_as or shown.zone_label, counts=counts)]
    for released in employment.around:
        serie = released.content
        role = serie.zone_type if serie.zone_type in ("zone_emploi", "france") else "autre"
        if not shown_as:
            curves.append(_index_curve(serie, role, serie.zone_label, counts=False))
        else:
            curve = _index_curve(serie, role, _kind(serie), counts=False)
            curves.append(curve if counts else replace(curve, told=()))
    title = _capital(shown.zone_nom) if shown_as else ""
    return Facet(title, tuple(curve for curve in curves if curve.points))


def shown_as(employments: Sequence[Employment]) -> str:
    """What a legend calls the zones of several small charts."""
    kinds = {employment.shown.content.zone_type for employment in employments}
    return "commune ou intercommunalité" if "epci" in kinds else "commune"


def _index_curve(serie: Serie, role: str, name: str, *, counts: bool) -> Curve:
    points = index_of([(p.periode.text, p.periode.middle, p.valeur) for p in serie.points], BASE)
    if not points:
        return Curve(role, name, ())
    told = [(*points[-1], decimal(points[-1][1], 0))]
    if counts:
        ends = [p for p in serie.points if p.periode.text == BASE or p is serie.points[-1]]
        indexes = dict(points)
        told = [
            (x, indexes[x], f"{decimal(indexes[x], 0)} ({decimal(valeur, 0)} salariés)")
            for x, valeur in ((p.periode.middle, p.valeur) for p in reversed(ends))
        ]
    return Curve(role, name, points, tuple(told))


def _kind(serie: Serie) -> str:
    """What a legend calls a zone that is another one in each small chart; the name of the only one."""
    kinds = {
        "zone_emploi": "sa zone d'emploi",
        "departement": "son département",
        "commune": serie.zone_label,
    }
    return kinds.get(serie.zone_type, serie.zone_nom)


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


def _outcome(drawn: Sequence[Employment]) -> str:
    """What became of employment, beside the zone d'emploi: the finding of a chart."""
    last = max(employment.last for employment in drawn)
    since = f"de {year_end(Period(BASE))} à {year_end(last)}"
    if len(drawn) > 1:
        return f"Emploi salarié privé {since} : {' ; '.join(beside_zone(e) for e in drawn)}"
    first, *others = drawn[0].own
    zone = drawn[0].zone
    said = (
        f"{_capital(first.zone_label)} : {_growth(first, BASE, last.text)} d'emplois salariés privés {since}"
    )
    if others:
        each = ", ".join(
            f"{serie.zone_label} {_growth(serie, BASE, last.text)}" for serie in (first, *others)
        )
        said = f"Emplois salariés privés {since} : {each}"
    if zone is None or change(zone, BASE, last.text) is None:
        return said
    return f"{said}, contre {_growth(zone, BASE, last.text)} dans la {zone.zone_label}"


def beside_zone(employment: Employment) -> str:
    """The change since the base of each zone of the territory in few words, that of the zone d'emploi after it."""
    zone, last = employment.zone, employment.last.text
    said = ", ".join(f"{serie.zone_nom} {_growth(serie, BASE, last)}" for serie in employment.own)
    if zone is None or change(zone, BASE, last) is None:
        return said
    return f"{said} ({zone.zone_label} {_growth(zone, BASE, last)})"


def read_index(employment: Employment) -> str:
    """The last point of an index read aloud: the counts that it comes from, and the change since the first."""
    shown, end = employment.shown.content, employment.shown.content.points[-1]
    base = shown.at(BASE)
    if not base:
        return ""
    said = (
        f"Lecture : {shown.zone_label}, {decimal(base, 0)} salariés {year_end(Period(BASE))} et "
        f"{decimal(end.valeur, 0)} {year_end(end.periode)}, soit un indice de {decimal(100 * end.valeur / base, 0)}"
    )
    first = shown.points[0]
    if first.periode.text < BASE:
        since = _growth(shown, first.periode.text, end.periode.text)
        said += f" ; ils étaient {decimal(first.valeur, 0)} {year_end(first.periode)}, soit {since} depuis"
    return html.escape(f"{said}.", quote=False)


def counts_told(serie: Serie) -> str:
    """The counts behind an index: at the first date, at the base, at the last."""
    told = {p.periode.text: p for p in serie.points if p.periode.text == BASE}
    points = sorted({serie.points[0], *told.values(), serie.points[-1]}, key=lambda p: p.periode.start)
    return ", ".join(f"{decimal(p.valeur, 0)} salariés {year_end(p.periode)}" for p in points)


def _in_sentences(bundle: Bundle, told: Sequence[Employment]) -> Block:
    """Employment too small, or known at too few dates, for an index: its counts with their dates."""
    blocks = []
    for employment in told:
        shown = employment.shown
        points = [p for p in shown.content.points if employment.is_large or p.periode.text == BASE]
        points += [] if employment.is_large else [shown.content.points[-1]]
        words = [
            f"{point_link(shown, p.periode.text, bundle)} ({html.escape(year_end(p.periode))})"
            for p in dict.fromkeys(points)
        ]
        why = (
            f" Sous {LEAST_BASE} salariés, quelques personnes font un grand pourcentage{NBSP}: pas d'indice."
        )
        note = _zone_note(bundle, [shown]) + ("" if employment.is_large else why)
        blocks.append(
            too_few(
                f"Salariés du privé, {shown.content.zone_label}",
                words,
                anchor=f"emploi-prive-{shown.content.zone}",
                note=f"{note} {_sources(bundle, [shown])}",
            )
        )
    return Block("\n".join(block.html for block in blocks))


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
            row.append(_growth_cell(released.content))
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
        f"Évolution = effectif de {last} / effectif de {first} − 1, calculée ici à partir des effectifs liés, "
        f"à partir de {LEAST_BASE} salariés. " + _sources(bundle, series)
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
    shown = [r for r in series if len(r.content.points) >= FEWEST_POINTS]
    few = [_few_points(bundle, r) for r in series if r not in shown]
    sentences = Block("\n".join(block.html for block in few))
    if not shown:
        return sentences
    facets = [
        Facet(title, (_told_curve(r.content, "montree", ""),))
        for r, title in zip(shown, _titles(bundle, shown), strict=True)
    ]
    first = shown[0].content
    caption = _jobseekers_outcome([r.content for r in shown if r.content.indicateur == first.indicateur])
    chart = Chart(
        anchor="demandeurs-emploi",
        caption=caption,
        subtitle="Demandeurs d'emploi inscrits en catégories A, B et C, en nombre de personnes.",
        drawing=facets_svg(facets, events=events(bundle), from_zero=True),
        alt=f"{caption}. " + " ".join(_in_words(bundle, r.content) for r in shown),
        lecture=html.escape(
            f"Lecture : {first.zone_label}, {first.points[-1].periode.adverb}, "
            f"{decimal(first.points[-1].valeur, 0)} personnes inscrites.",
            quote=False,
        ),
        champ="Champ : personnes inscrites à Pôle emploi puis à France Travail, selon leur commune de résidence.",
        note=_zone_note(bundle, shown)
        + " Un inscrit n'est pas forcément une personne privée durablement d'emploi, et l'inverse est vrai aussi. "
        "Cette série n'existe ni pour la zone d'emploi ni pour la France dans les données lues. "
        + _sources(bundle, shown),
        data=series_data(bundle, shown, "Demandeurs d'emploi inscrits"),
    ).block()
    return chart + sentences


def taux_chomage(bundle: Bundle) -> Block:
    """The localised unemployment rate of each zone d'emploi beside its département and France."""
    zones: dict[str, list[Released[Serie]]] = {}
    for commune in territoire_of(bundle).communes_suivies:
        kinds = ("zone_emploi", "departement", "france")
        found = zone_series(bundle, "taux_chomage_localise", commune, kinds)
        if found:
            zones.setdefault(found[0].content.zone, found)
    if not zones:
        return absence("Taux de chômage localisé : aucune série publiée n'a été trouvée.")
    series = list(dict.fromkeys(r for found in zones.values() for r in found))
    if all(len(r.content.points) < FEWEST_POINTS for r in series):
        return Block("\n".join(_few_points(bundle, r).html for r in series))
    several = len(zones) > 1
    facets = [_rate_facet([r.content for r in found], named=several) for found in zones.values()]
    dates = _rate_dates(series[0].content)
    caption = _rate_outcome([r.content for r in series], *dates)
    first = series[0].content
    return Chart(
        anchor="taux-chomage",
        caption=caption,
        subtitle="Taux de chômage localisé, en % de la population active, par trimestre. L'axe ne part pas de zéro.",
        drawing=facets_svg(facets, events=events(bundle)),
        alt=f"{caption}. " + " ".join(_in_words(bundle, r.content, dates) for r in series),
        lecture=html.escape(
            f"Lecture : {first.zone_label}, {first.points[-1].periode.adverb}, "
            f"{_rate(first.points[-1].valeur)} de la population active au chômage.",
            quote=False,
        ),
        champ="Champ : personnes actives de quinze ans ou plus, chômage au sens du Bureau international du "
        "travail, données corrigées des variations saisonnières.",
        note="Cette figure dit le contexte, pas un effet : le taux n'existe pas à l'échelle de la commune, et la "
        "zone d'emploi est bien plus vaste que le périmètre de l'expérimentation. "
        + _sources(bundle, series),
        data=series_data(bundle, series, "Taux de chômage localisés"),
    ).block()


def _rate_facet(series: Sequence[Serie], *, named: bool) -> Facet:
    """A zone d'emploi in red; the zone that stands for it where its own series is not published."""
    first, *others = series
    curves = [_told_curve(first, "montree", _kind(first) if named else first.zone_label, ends=(-1,))]
    for serie in others:
        name = _kind(serie) if named else serie.zone_label
        curves.append(_told_curve(serie, serie.zone_type, name, ends=(-1,)))
    return Facet(_capital(first.zone_label) if named else "", tuple(curves))


def _rate_dates(shown: Serie) -> tuple[str, str]:
    """The two periods that the rate is compared at: the habilitation, else the first; the last."""
    start = (
        HABILITATION_QUARTER if shown.at(HABILITATION_QUARTER) is not None else shown.points[0].periode.text
    )
    return start, shown.points[-1].periode.text


def _rate_outcome(series: Sequence[Serie], start: str, last: str) -> str:
    """What became of the rate since the habilitation in the zones d'emploi, beside France."""
    ends = [(s.zone_label, s.at(start), s.at(last)) for s in series if s.zone_type != "departement"]
    said = [
        f"{_from_to(_rate(before), _rate(after))} ({label})"
        for label, before, after in ends
        if before is not None and after is not None
    ]
    return f"Chômage {Period(f'{start}/{last}').label} : {', '.join(said)}"


def _from_to(before: str, after: str) -> str:
    return f"de {before} à {after}" if before != after else f"{before} aux deux dates"


def _tenths(value: float) -> str:
    """A number with one decimal, written even where it is zero."""
    words = decimal(value, 1)
    return words if "," in words else f"{words},0"


def _rate(value: float) -> str:
    return f"{_tenths(value)}{NBSP}%"


def _jobseekers_outcome(series: Sequence[Serie]) -> str:
    """The first and the last count of each zone of one indicator."""
    first, last = series[0].points[0].periode, series[0].points[-1].periode
    said = [
        f"{_from_to(decimal(before, 0), decimal(after, 0))} ({s.zone_label})"
        for s in series
        if (before := s.at(first.text)) is not None and (after := s.at(last.text)) is not None
    ]
    return f"Demandeurs d'emploi inscrits {Period(f'{first}/{last}').label} : {', '.join(said)}"


def _titles(bundle: Bundle, series: Sequence[Released[Serie]]) -> list[str]:
    """What names each small chart: nothing for one, its zone, with what is counted where that differs."""
    if len(series) == 1:
        return [""]
    if len({r.content.indicateur for r in series}) == 1:
        return [_capital(r.content.zone_label) for r in series]
    return [_panel_title(bundle, r.content) for r in series]


def _told_curve(serie: Serie, role: str, name: str, *, ends: Sequence[int] = (-1, 0)) -> Curve:
    """A series as a curve, the values at its ends written."""
    points = tuple((point.periode.middle, point.valeur) for point in serie.points)
    write = _tenths if any(y % 1 for _, y in points) else partial(decimal, decimals=0)
    return Curve(role, name, points, tuple((*points[end], write(points[end][1])) for end in ends))


def _few_points(bundle: Bundle, released: Released[Serie]) -> Block:
    """A series of too few points for a chart, all its values told."""
    serie = released.content
    points = [
        f"{point_link(released, p.periode.text, bundle, with_unit=True)} ({html.escape(p.periode.label)})"
        for p in serie.points
    ]
    anchor = f"{serie.indicateur}-{serie.zone}".replace("_", "-").lower()[:40]
    return too_few(_panel_title(bundle, serie), points, anchor=anchor, note=_sources(bundle, [released]))


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
        + " "
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


def _panel_title(bundle: Bundle, serie: Serie) -> str:
    label = bundle.dictionary.indicator(serie.indicateur).libelle
    return f"{_capital(serie.zone_label)} : {label[0].lower()}{label[1:]}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _in_words(bundle: Bundle, serie: Serie, compared: tuple[str, str] | None = None) -> str:
    """A series for a reader who does not see the chart: the dates compared, then its two ends where they differ."""
    unit = bundle.dictionary.unit_of(serie.indicateur)
    told = {p.periode.text: f"{quantity(p.valeur, unit)} ({p.periode.label})" for p in serie.points}
    ends = [told[serie.points[end].periode.text] for end in (0, -1)]
    first = [told[period] for period in compared or () if period in told] or ends
    said = f"{_capital(serie.zone_label)} : {', '.join(first)}"
    return f"{said}." if first == ends else f"{said} ; la courbe va de {' à '.join(ends)}."


def _growth(serie: Serie, first: str, last: str) -> str:
    """The relative change between two periods in per cent, a dash where one is missing or zero."""
    changed = change(serie, first, last)
    if changed is None:
        return "–"
    return f"{'+' if changed > 0 else ''}{_tenths(changed)}{NBSP}%"


def _growth_cell(serie: Serie) -> str:
    """The change around the opening; of a few people it is not computed."""
    start, end = AROUND_OPENING[0], AROUND_OPENING[-1]
    base = serie.at(start)
    if base is not None and base < LEAST_BASE:
        return "non calculée"
    return _growth(serie, start, end)


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
