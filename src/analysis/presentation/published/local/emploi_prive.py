"""Private employment around a territory, on the same base in each zone."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.noyau.french import capitalized
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.presentation.drawing.charts import index_of
from analysis.presentation.drawing.multiples import Curve, Facet, facets_svg
from analysis.presentation.numbers import NBSP, decimal
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, too_few
from analysis.presentation.parts.links import point_link
from analysis.presentation.parts.marks import events, territoire_of
from analysis.presentation.parts.tables import absence
from analysis.presentation.published.local.series import (
    AROUND_OPENING,
    BASE,
    LEAST_BASE,
    change,
    growth_cell,
    growth_told,
    in_words,
    last_cell,
    series_data,
    sources_of,
    year_end,
    zone_note,
    zone_series,
)
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Serie

EMPLOYMENT_ZONES = ("commune", "epci", "zone_emploi", "france")


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
        + " ".join(in_words(bundle, r.content, (BASE, drawn[0].last.text)) for r in series),
        lecture=read_index(drawn[0]),
        champ="Champ : salariés du secteur privé, au lieu de travail ; ceux de l'EBE sont comptés dans la commune "
        "où elle est installée.",
        note=zone_note(bundle, series)
        + f" Indice = 100 × effectif / effectif au {base}, calculé ici. "
        + sources_of(bundle, series),
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
            curve = _index_curve(serie, role, kind(serie), counts=False)
            curves.append(curve if counts else replace(curve, told=()))
    title = capitalized(shown.zone_nom) if shown_as else ""
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


def kind(serie: Serie) -> str:
    """What a legend calls a zone that is another one in each small chart; the name of the only one."""
    kinds = {
        "zone_emploi": "sa zone d'emploi",
        "departement": "son département",
        "commune": serie.zone_label,
    }
    return kinds.get(serie.zone_type, serie.zone_nom)


def _outcome(drawn: Sequence[Employment]) -> str:
    """What became of employment, beside the zone d'emploi: the finding of a chart."""
    last = max(employment.last for employment in drawn)
    since = f"de {year_end(Period(BASE))} à {year_end(last)}"
    if len(drawn) > 1:
        return f"Emploi salarié privé {since} : {' ; '.join(beside_zone(e) for e in drawn)}"
    first, *others = drawn[0].own
    zone = drawn[0].zone
    said = f"{capitalized(first.zone_label)} : {growth_told(first, BASE, last.text)} d'emplois salariés privés {since}"
    if others:
        each = ", ".join(
            f"{serie.zone_label} {growth_told(serie, BASE, last.text)}" for serie in (first, *others)
        )
        said = f"Emplois salariés privés {since} : {each}"
    if zone is None or change(zone, BASE, last.text) is None:
        return said
    return f"{said}, contre {growth_told(zone, BASE, last.text)} dans la {zone.zone_label}"


def beside_zone(employment: Employment) -> str:
    """The change since the base of each zone of the territory in few words, that of the zone d'emploi after it."""
    zone, last = employment.zone, employment.last.text
    said = ", ".join(f"{serie.zone_nom} {growth_told(serie, BASE, last)}" for serie in employment.own)
    if zone is None or change(zone, BASE, last) is None:
        return said
    return f"{said} ({zone.zone_label} {growth_told(zone, BASE, last)})"


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
        since = growth_told(shown, first.periode.text, end.periode.text)
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
        note = zone_note(bundle, [shown]) + ("" if employment.is_large else why)
        blocks.append(
            too_few(
                f"Salariés du privé, {shown.content.zone_label}",
                words,
                anchor=f"emploi-prive-{shown.content.zone}",
                note=f"{note} {sources_of(bundle, [shown])}",
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
            row = [html.escape(capitalized(released.content.zone_label))]
            row += [last_cell(bundle, released, day) for day in AROUND_OPENING]
            row.append(growth_cell(released.content))
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
        f"à partir de {LEAST_BASE} salariés. " + sources_of(bundle, series)
    )
    caption = "Emploi salarié privé avant et après l'ouverture"
    return Table("evolution-emploi", caption, columns, rows, note=note).block()
