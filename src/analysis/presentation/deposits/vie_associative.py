"""The collective life of the territories: when they meet, who is in the room, what becomes of what is decided."""

from __future__ import annotations

import html
from collections.abc import Sequence

from analysis.noyau.french import listed, uncapitalized
from analysis.noyau.mesures import ENSEMBLE
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.presentation.drawing.charts import Line, Panel, panels_svg
from analysis.presentation.drawing.distributions import months_svg
from analysis.presentation.drawing.rows import Bar, Bars, bars_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.attentes import REUNIONS, attente
from analysis.presentation.parts.blocks import Block, Column, Table, dated
from analysis.presentation.parts.mesures import (
    TOGETHER,
    awaited,
    bar_end,
    breakdown,
    categories,
    cell,
    figure,
    last_period,
    note,
    nothing_shown,
    periods,
    value_of,
)
from analysis.secret.bundle import Bundle

_ANCHOR = "reunions_mois"


def reunions_de_tous(bundle: Bundle) -> Block:
    """How many meetings of all the territories each year, instance by instance."""
    years = periods(bundle, "reunions", place=ENSEMBLE)
    if not _told(bundle):
        return attente(bundle, REUNIONS)
    keys = [(year, ENSEMBLE, "", year) for year in years]
    return breakdown(
        bundle,
        ("reunions",),
        keys,
        anchor="reunions-instances",
        caption="Réunions tenues, par instance et par an",
    )


def frise(bundle: Bundle) -> Block:
    """The meetings of all the territories together, month after month."""
    months = periods(bundle, _ANCHOR, place=ENSEMBLE)
    shown = [bundle.measured(_ANCHOR, place=ENSEMBLE, periode=month) for month in months]
    known = [
        (month, value) for month, r in zip(months, shown, strict=True) if (value := value_of(r)) is not None
    ]
    if not known:
        return Block("")
    most = max(known, key=lambda point: point[1])
    least = [month for month, value in known if value == 0]
    title = f"Jusqu'à {decimal(most[1], 0)} réunions en un mois ({Period(most[0]).label})"
    title += f" ; aucune en {listed([Period(month).label for month in least[:3]])}" if least else ""
    points = tuple((Period(month).middle, value) for month, value in known)
    columns = (Column("Mois"), Column("Réunions", True))
    rows = [[dated(Period(month)), cell(r, bundle)] for month, r in zip(months, shown, strict=True)]
    return figure(
        bundle,
        shown,
        anchor="frise-reunions",
        title=title,
        subtitle="Réunions tenues chaque mois, tous les territoires et toutes les instances ensemble",
        draw=lambda: panels_svg([Panel("", (Line("", "commune", points),))], from_zero=True),
        points=len(known),
        told=[f"{Period(month).label} : {decimal(value, 0)}" for month, value in known],
        lecture=f"{decimal(known[-1][1], 0)} réunions en {Period(known[-1][0]).label}",
        champ="réunions des territoires qui ont déposé",
        data=Table("donnees", "Réunions par mois", columns, rows),
    )


def mois_de_tous(bundle: Bundle) -> Block:
    """The meetings of each territory, a cell a month."""
    told = _told(bundle)
    months = sorted({month for t in told for month in periods(bundle, _ANCHOR, place=t.code)})
    if not months:
        return Block("")
    shown = [[bundle.measured(_ANCHOR, place=t.code, periode=month) for month in months] for t in told]
    values = [[value_of(r) for r in line] for line in shown]
    empty = [sum(value == 0 for value in line) for line in values]
    most = max(range(len(told)), key=lambda rank: empty[rank])
    title = (
        f"{told[most].nom} : {empty[most]} mois sans réunion sur {_known(values[most])}, le plus grand nombre"
        if empty[most]
        else "Aucun territoire n'a passé un mois sans réunion"
    )
    columns = (Column("Territoire"), Column("Mois"), Column("Réunions", True))
    rows = [
        [html.escape(t.nom, quote=False), dated(Period(month)), cell(r, bundle)]
        for t, line in zip(told, shown, strict=True)
        for month, r in zip(months, line, strict=True)
        if r is not None
    ]
    return figure(
        bundle,
        [r for line in shown for r in line],
        anchor="mois-territoires",
        title=title,
        subtitle="Réunions tenues, une case par mois et par territoire",
        draw=lambda: months_svg([t.nom for t in told], months, values),
        points=sum(map(_known, values)),
        told=[
            f"{t.nom}, {decimal(sum(v or 0 for v in line), 0)} réunions en {_known(line)} mois, {none} sans aucune"
            for t, line, none in zip(told, values, empty, strict=True)
            if _known(line)
        ],
        lecture=f"{told[0].nom} : {empty[0]} mois sans réunion sur {_known(values[0])}",
        champ="territoires qui ont déposé, de leur première réunion à la date d'arrêté de leurs données",
        before="Une case blanche est un mois dont le territoire ne dit rien.",
        data=Table("donnees", "Réunions par territoire et par mois", columns, rows),
    )


def dans_la_salle(bundle: Bundle) -> Block:
    """In how many meetings of the local committees each college is present, all together, then each territory."""
    colleges = categories(bundle, "cle_college_present")
    day = last_period(bundle, "cle_college_present", place=ENSEMBLE)
    shown = [
        bundle.measured("cle_college_present", place=ENSEMBLE, periode=day, modalite=code)
        for code, _ in colleges
    ]
    labels = [label for _, label in colleges]
    known = [
        (value, label) for label, r in zip(labels, shown, strict=True) if (value := value_of(r)) is not None
    ]
    if not known:
        return Block("")
    least, name = min(known)
    columns = (Column("Collège"), Column("Comités où il est présent (%)", True))
    rows = [
        [html.escape(label, quote=False), cell(r, bundle, parts=True)]
        for label, r in zip(labels, shown, strict=True)
    ]
    told = [f"{label} : {bar_end(r, bundle)}" for label, r in zip(labels, shown, strict=True)]
    return figure(
        bundle,
        shown,
        anchor="dans-la-salle",
        title=f"{name} : présents dans {decimal(least, 0)} % des comités locaux, le moins souvent de tous",
        subtitle=f"Part des réunions du comité local où une personne au moins du collège est venue, {Period(day).label}",
        draw=lambda: bars_svg(
            labels, [Bars("", tuple(Bar(value_of(r), bar_end(r, bundle)) for r in shown))], emphasis=[name]
        ),
        points=len(known),
        told=told,
        lecture=f"{labels[0]} : une au moins est venue à {bar_end(shown[0], bundle)} des comités locaux",
        champ="réunions du comité local dont les présents sont déposés",
        data=Table("donnees", "Présence des collèges aux comités locaux", columns, rows),
    )


def jamais_la(bundle: Bundle) -> Block:
    """For each territory: since when its committee has not met, and who never or seldom comes."""
    colleges = categories(bundle, "cle_college_present")
    rows, everything = [], []
    for t in bundle.territoires:
        day = last_period(bundle, "cle_college_present", place=t.code)
        if not day:
            continue
        since = bundle.measured("jours_depuis_cle", place=t.code, periode=day)
        shown = [
            bundle.measured("cle_college_present", place=t.code, periode=day, modalite=code)
            for code, _ in colleges
        ]
        everything += [since, *shown]
        never = [
            uncapitalized(label) for (_, label), r in zip(colleges, shown, strict=True) if value_of(r) == 0
        ]
        absent = listed(never) if never else "–"
        rows.append([_place(t, day), absent, cell(since, bundle), *(cell(r, bundle) for r in shown)])
    if not rows:
        return Block("")
    columns = (
        Column("Territoire"),
        Column("Jamais là"),
        Column("Dernier comité (jours)", True),
        *(Column(label, True) for _, label in colleges),
    )
    rows += [
        [_silent(bundle, t), *["–"] * (len(columns) - 1)]
        for t in bundle.territoires
        if t not in _told(bundle)
    ]
    return Table(
        "jamais-la",
        "Part des comités locaux où chaque collège est présent (%), par territoire",
        columns,
        rows,
        note=note(bundle, everything),
    ).block()


def presences_de_tous(bundle: Bundle) -> Block:
    """Who came to the meetings of all the territories, college by college and year by year."""
    years = periods(bundle, "presences", place=ENSEMBLE)
    keys = [(year, ENSEMBLE, "", year) for year in years]
    names = ("presences", "presences_college", "part_presence_connue")
    caption = "Présences aux réunions, par collège et par an"
    return breakdown(bundle, names, keys, anchor="presences-colleges", caption=caption)


def suites(bundle: Bundle) -> Block:
    """What became of the decisions of each territory."""
    states = categories(bundle, "decisions")
    rows, everything = [], []
    for place, label in (*((t.code, t.nom) for t in bundle.territoires), (ENSEMBLE, TOGETHER)):
        day = last_period(bundle, "decisions", place=place)
        if not day:
            continue
        shown = [bundle.measured("decisions", place=place, periode=day, modalite=code) for code, _ in states]
        everything += shown
        rows.append([html.escape(label, quote=False), *(cell(r, bundle) for r in shown)])
    if not rows:
        return Block("")
    columns = (Column("Territoire"), *(Column(label, True) for _, label in states))
    caption = "Ce que sont devenues les décisions"
    return Table("decisions-suites", caption, columns, rows, note=note(bundle, everything)).block()


def sans_suite(bundle: Bundle) -> Block:
    """What the decisions without a follow-up are about, all the territories together."""
    objects = categories(bundle, "decisions_sans_suite")
    day = last_period(bundle, "decisions_sans_suite", place=ENSEMBLE)
    shown = [
        bundle.measured("decisions_sans_suite", place=ENSEMBLE, periode=day, modalite=code)
        for code, _ in objects
    ]
    known = [
        (value, label)
        for (_, label), r in zip(objects, shown, strict=True)
        if (value := value_of(r)) is not None
    ]
    if not known:
        return Block("") if not day else nothing_shown("Décisions sans suite", shown)
    most = max(value for value, _ in known)
    first = [label for value, label in known if value == most]
    labels = [label for _, label in objects]
    told = [f"{label} : {bar_end(r, bundle)}" for label, r in zip(labels, shown, strict=True)]
    columns = (Column("Objet"), Column("Décisions sans suite", True))
    rows = [
        [html.escape(label, quote=False), cell(r, bundle)] for label, r in zip(labels, shown, strict=True)
    ]
    return figure(
        bundle,
        shown,
        anchor="decisions-sans-suite",
        title=_finding_sans_suite(first, most, all_known=len(known) == len(objects)),
        subtitle=f"Décisions sans suite connue, selon leur objet, {Period(day).label}",
        draw=lambda: bars_svg(
            labels, [Bars("", tuple(Bar(value_of(r), bar_end(r, bundle)) for r in shown))], emphasis=first
        ),
        points=len(known),
        told=told,
        lecture=f"{first[0]} : {decimal(most, 0)} décisions sans suite connue",
        champ="décisions prises plus de six mois avant la date d'arrêté",
        data=Table("donnees", "Décisions sans suite, selon leur objet", columns, rows),
    )


def _finding_sans_suite(first: Sequence[str], most: float, *, all_known: bool) -> str:
    """On what most decisions without a follow-up bear: no total, which withheld objects would make partial."""
    if most:
        objects = listed([uncapitalized(label) for label in first])
        each = " par objet" if len(first) > 1 else ""
        return f"Les décisions restées sans suite connue portent d'abord sur : {objects} ({decimal(most, 0)}{each})"
    if all_known:
        return "Aucune décision de plus de six mois n'est sans suite connue"
    return "Aucune décision sans suite connue, là où leur nombre peut être montré"


def benevoles_de_tous(bundle: Bundle) -> Block:
    """The volunteers of each territory and their hours, at the last year told."""
    rows, everything = [], []
    for place, label in (*((t.code, t.nom) for t in bundle.territoires), (ENSEMBLE, TOGETHER)):
        year = last_period(bundle, "benevoles", place=place)
        if not year:
            continue
        shown = [
            bundle.measured(name, place=place, periode=year) for name in ("benevoles", "heures_benevoles")
        ]
        everything += shown
        rows.append([html.escape(label, quote=False), year, *(cell(r, bundle) for r in shown)])
    if not rows:
        return Block("")
    columns = (Column("Territoire"), Column("Année"), Column("Bénévoles", True), Column("Heures", True))
    caption = "Bénévoles et heures données, dernière année déposée"
    return Table("benevoles", caption, columns, rows, note=note(bundle, everything)).block()


def agendas(bundle: Bundle) -> Block:
    """What became of the meetings that the calendars announce, all the territories together."""
    years = periods(bundle, "reunions_calendrier", place=ENSEMBLE)
    keys = [(year, ENSEMBLE, "", year) for year in years]
    caption = "Ce que sont devenues les réunions des calendriers"
    return breakdown(bundle, ("reunions_calendrier",), keys, anchor="reunions-calendriers", caption=caption)


def _told(bundle: Bundle) -> list[Territoire]:
    """The territories of which some meeting is told."""
    return [t for t in bundle.territoires if bundle.measures(_ANCHOR, place=t.code)]


def _known(values: Sequence[float | None]) -> int:
    return sum(value is not None for value in values)


def _place(territoire: Territoire, day: str) -> str:
    return f'{html.escape(territoire.nom, quote=False)}<br><span class="precision">{Period(day).label}</span>'


def _silent(bundle: Bundle, territoire: Territoire) -> str:
    said = uncapitalized(awaited(bundle, territoire.code))
    return f'{html.escape(territoire.nom, quote=False)}<br><span class="precision">{said}</span>'
