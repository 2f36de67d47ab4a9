"""Whom the committees reached, who left the deprivation of a job, who waits: of one territory, of all."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from analysis.noyau.french import uncapitalized
from analysis.noyau.mesures import ENSEMBLE
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.presentation.drawing.charts import Line, Panel, panels_svg
from analysis.presentation.drawing.rows import Bar, Bars, Split, bars_svg, shares_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.attentes import PERSONNES, attente
from analysis.presentation.parts.blocks import Block, Column, Table, dated
from analysis.presentation.parts.marks import territoire_of
from analysis.presentation.parts.mesures import (
    TOGETHER,
    Shown,
    awaited,
    bar_end,
    breakdown,
    cell,
    extremes,
    figure,
    gap,
    last_period,
    measure_link,
    note,
    parts_told,
    periods,
    place_of,
    rest_of,
    sentence,
    value_of,
    words,
)
from analysis.secret.bundle import Bundle

STEPS = (
    "ppde_estimees",
    "personnes_rencontrees",
    "taux_rencontre",
    "personnes_eligibles",
    "volontaires_eligibles",
    "volontaires_sans_decision",
    "offres_faites",
    "taux_offre",
    "embauchees",
    "sorties_privation",
    "taux_sortie",
    "liste_attente",
    "attente_mediane",
)
"""The measures of a territory's table, in the order of a person's way."""

COMPARED = (
    "ppde_estimees",
    "personnes_rencontrees",
    "volontaires_eligibles",
    "offres_faites",
    "sorties_privation",
    "liste_attente",
)
RATES = ("taux_rencontre", "taux_offre", "taux_sortie")
"""The three rates, each under its own name."""

SITUATIONS = {
    "ebe": "en EBE",
    "autre_emploi": "autre emploi",
    "formation": "en formation",
    "attente": "en attente",
    "autre": "autre situation",
    "autre_emploi_formation": "autre emploi ou en formation",
    "ni_ebe_ni_attente": "ni en EBE ni en attente",
}
"""The names of the situations on a bar."""

_ANCHOR = "volontaires_eligibles"


def etapes(bundle: Bundle) -> Block:
    """How far a territory is, step by step, at the end of each year and at its arrêté."""
    place, dates = territoire_of(bundle).code, _dates(bundle)
    if not dates:
        return attente(bundle, PERSONNES)
    shown = {step: [bundle.measured(step, place=place, periode=day) for day in dates] for step in STEPS}
    columns = (Column("Étape"), *(Column(Period(day).label, True) for day in dates))
    rows = [
        [measure_link(step, bundle, with_unit=True), *(cell(r, bundle, parts=True) for r in line)]
        for step, line in shown.items()
    ]
    everything = [r for line in shown.values() for r in line]
    caption = "De l'estimation à la sortie de la privation d'emploi"
    return Table("etapes", caption, columns, rows, note=note(bundle, everything)).block()


def situation(bundle: Bundle) -> Block:
    """Where the eligible volunteers of a territory stand at each date."""
    place = territoire_of(bundle).code
    keys = [(Period(day).label, place, day) for day in _dates(bundle)]
    return _situations(
        bundle, keys, anchor="situation-volontaires", fallback="Où en sont les volontaires éligibles"
    )


def liste_d_attente(bundle: Bundle) -> Block:
    """Who waits at the arrêté of a territory: since when, and of what age."""
    place, dates = territoire_of(bundle).code, _dates(bundle)
    keys = [("Personnes", place, "", day) for day in dates[-1:]]
    when = f" ({Period(dates[-1]).label})" if dates else ""
    return breakdown(
        bundle,
        ("attente_duree",),
        keys,
        anchor="attente-duree",
        caption=f"Depuis combien de temps attend-on ?{when}",
    ) + breakdown(
        bundle,
        ("attente_age",),
        keys,
        anchor="attente-age",
        caption=f"Quel âge ont ceux qui attendent ?{when}",
    )


def etapes_de_tous(bundle: Bundle) -> Block:
    """Each territory at its arrêté, then all together: people at each step."""
    keys = _latest(bundle)
    if not keys:
        return attente(bundle, PERSONNES)
    shown = {key: [bundle.measured(step, place=key[1], periode=key[2]) for step in COMPARED] for key in keys}
    columns = (
        Column("Territoire"),
        *(Column(bundle.definition(step).libelle, True) for step in COMPARED),
    )
    rows = [
        [
            f'{html.escape(label, quote=False)}<br><span class="precision">{Period(day).label}</span>',
            *(cell(r, bundle) for r in shown[label, place, day]),
        ]
        for label, place, day in keys
    ]
    rows += [
        [
            f'{html.escape(t.nom, quote=False)}<br><span class="precision">{uncapitalized(awaited(bundle, t.code))}</span>',
            *["–"] * len(COMPARED),
        ]
        for t in _silent(bundle)
    ]
    everything = [r for line in shown.values() for r in line]
    caption = "Des personnes estimées à la liste d'attente, par territoire"
    return Table("etapes-territoires", caption, columns, rows, note=note(bundle, everything)).block()


def taux_de_tous(bundle: Bundle) -> Block:
    """The three rates of each territory side by side."""
    keys = _latest(bundle)
    if not keys:
        return Block("")
    shown = {
        rate: [bundle.measured(rate, place=place, periode=day) for _, place, day in keys] for rate in RATES
    }
    titles = ("Rencontrées / estimées", "Offres / volontaires", "Sorties / volontaires")
    panels = [
        Bars(title, tuple(Bar(value_of(r), bar_end(r, bundle)) for r in shown[rate]))
        for title, rate in zip(titles, RATES, strict=True)
    ]
    columns = (Column("Territoire"), *(Column(bundle.definition(rate).libelle, True) for rate in RATES))
    rows = [
        [html.escape(key[0], quote=False), *(cell(shown[rate][i], bundle, parts=True) for rate in RATES)]
        for i, key in enumerate(keys)
    ]
    everything = [r for line in shown.values() for r in line]
    told = [
        f"{key[0]}, " + ", ".join(sentence(shown[rate][i], bundle) for rate in RATES)
        for i, key in enumerate(keys)
    ]
    return figure(
        bundle,
        everything,
        anchor="taux-territoires",
        title=_rates_title(bundle, keys, shown),
        subtitle="Trois taux par territoire, en %, à la date de chacun",
        draw=lambda: bars_svg([key[0] for key in keys], panels, emphasis=[TOGETHER]),
        points=sum(value_of(r) is not None for r in everything),
        told=told,
        lecture=next(
            (
                f"{key[0]} : {words(r, bundle, with_unit=True)} des volontaires éligibles sont sortis de la privation d'emploi"
                for key, r in zip(keys, shown["taux_sortie"], strict=True)
                if value_of(r) is not None
            ),
            "",
        ),
        champ="personnes estimées, personnes rencontrées et volontaires éligibles des territoires qui ont déposé",
        data=Table("donnees", "Les trois taux (%), numérateur et dénominateur", columns, rows),
    )


def _rates_title(bundle: Bundle, keys: Sequence[Key], shown: dict[str, list[Shown]]) -> str:
    """The three rates of all together; else how far the territories differ; else what is drawn."""
    together = [shown[rate][-1] for rate in RATES]
    if keys[-1][1] == ENSEMBLE and all(value_of(r) is not None for r in together):
        met, offered, out = (words(r, bundle, with_unit=True) for r in together)
        return (
            f"Tous territoires ensemble : {met} des personnes estimées sont rencontrées, {offered} des volontaires "
            f"ont reçu une offre, {out} sont sortis de la privation d'emploi"
        )
    own = [place for place, key in enumerate(keys) if key[1] != ENSEMBLE]
    spread = extremes([keys[i][0] for i in own], [shown["taux_sortie"][i] for i in own], bundle)
    if spread:
        return f"Sortis de la privation d'emploi : {spread} des volontaires éligibles"
    return "Trois taux, trois questions : qui est rencontré, à qui un emploi est proposé, qui est sorti"


def situation_de_tous(bundle: Bundle) -> Block:
    """Where the eligible volunteers of each territory stand."""
    return _situations(
        bundle,
        _latest(bundle),
        anchor="situation-territoires",
        fallback="Où en sont les volontaires éligibles, par territoire",
    )


def trajectoire(bundle: Bundle) -> Block:
    """All the territories together, at the end of each year."""
    names = ("personnes_rencontrees", "volontaires_eligibles", "sorties_privation", "liste_attente")
    short = ("rencontrées", "volontaires", "sorties", "en attente")
    styles = ("departement", "zone_emploi", "commune", "france")
    days = periods(bundle, _ANCHOR, place=ENSEMBLE)
    shown = {name: [bundle.measured(name, place=ENSEMBLE, periode=day) for day in days] for name in names}
    lines = []
    for name, label, style in zip(names, short, styles, strict=True):
        points = [
            (Period(day).middle, value)
            for day, r in zip(days, shown[name], strict=True)
            if (value := value_of(r)) is not None
        ]
        if points:
            lines.append(Line(f"{label} : {decimal(points[-1][1], 0)}", style, tuple(points)))
    if not lines:
        return Block("")
    columns = (Column("Date"), *(Column(bundle.definition(name).libelle, True) for name in names))
    rows = [
        [dated(Period(day)), *(cell(shown[name][i], bundle) for name in names)] for i, day in enumerate(days)
    ]
    everything = [r for line in shown.values() for r in line]
    volunteers = [
        (day, r)
        for day, r in zip(days, shown["volontaires_eligibles"], strict=True)
        if value_of(r) is not None
    ]
    waiting = shown["liste_attente"][-1]
    title = "Tous les territoires ensemble, année après année"
    if len(volunteers) > 1:
        (start, low), (end, high) = volunteers[0], volunteers[-1]
        title = (
            f"De {words(low, bundle)} volontaires éligibles au {Period(start).label} "
            f"à {words(high, bundle)} au {Period(end).label}"
        )
        if value_of(waiting) is not None and end == days[-1]:
            title += f", dont {words(waiting, bundle)} en attente"
    return figure(
        bundle,
        everything,
        anchor="trajectoire",
        title=title,
        subtitle="Personnes, tous territoires ensemble",
        draw=lambda: panels_svg([Panel("", tuple(lines))], y_label="personnes", from_zero=True),
        points=sum(len(line.points) for line in lines),
        told=[
            f"{Period(day).label}, " + ", ".join(sentence(shown[name][i], bundle) for name in names)
            for i, day in enumerate(days)
        ],
        lecture=f"au {Period(volunteers[-1][0]).label}, {sentence(volunteers[-1][1], bundle)}"
        if volunteers
        else "",
        champ="territoires qui ont déposé",
        before="Une date n'est montrée que si aucun territoire commencé n'y manque.",
        data=Table("donnees", "Personnes, tous territoires ensemble", columns, rows),
    )


def attente_de_tous(bundle: Bundle) -> Block:
    """Since when people wait, in each territory and in all."""
    keys = _latest(bundle)
    if not keys:
        return Block("")
    bands = bundle.categories("attente_duree", *(place for _, place, _ in keys))
    rows, everything = [], []
    for label, place, day in keys:
        shown = [
            bundle.measured("liste_attente", place=place, periode=day),
            *(bundle.measured("attente_duree", place=place, periode=day, modalite=code) for code, _ in bands),
            bundle.measured("attente_mediane", place=place, periode=day),
        ]
        everything += shown
        rows.append([html.escape(label, quote=False), *(cell(r, bundle) for r in shown)])
    columns = (
        Column("Territoire"),
        Column("En attente", True),
        *(Column(band, True) for _, band in bands),
        Column("Médiane (mois)", True),
    )
    caption = "Depuis combien de temps attendent ceux qui attendent encore"
    return Table("attente-territoires", caption, columns, rows, note=note(bundle, everything)).block()


Key = tuple[str, str, str]
"""The words of a row, its place and its date."""


def _dates(bundle: Bundle) -> list[str]:
    return periods(bundle, _ANCHOR, place=territoire_of(bundle).code)


def _latest(bundle: Bundle) -> list[Key]:
    """Each territory with its last date, and all of them together at the last one that all reach."""
    keys = []
    for place in (*(t.code for t in bundle.territoires), ENSEMBLE):
        day = last_period(bundle, _ANCHOR, place=place)
        if day:
            keys.append((place_of(place, bundle), place, day))
    return keys


def _silent(bundle: Bundle) -> list[Territoire]:
    return [t for t in bundle.territoires if not bundle.measures(_ANCHOR, place=t.code)]


def _situations(bundle: Bundle, keys: Sequence[Key], *, anchor: str, fallback: str) -> Block:
    """Bars of a hundred percent: the situations by name, then what is withheld of them."""
    places = {place for _, place, _ in keys}
    modalites = bundle.categories("situation_volontaires", *places) if keys else ()
    classes = _classes(bundle, [code for code, _ in modalites])
    names = [SITUATIONS[code] for code in classes]
    labels, splits, told, rows, everything = [], [], [], [], []
    for label, place, day in keys:
        total = bundle.measured(_ANCHOR, place=place, periode=day)
        here = {
            code: bundle.measured("situation_volontaires", place=place, periode=day, modalite=code)
            for code, _ in modalites
        }
        everything += [total, *here.values()]
        rows.append([html.escape(label, quote=False), *(cell(r, bundle) for r in (total, *here.values()))])
        labels.append(f"{label} ({words(total, bundle)})" if value_of(total) is not None else label)
        parts = [_of_class(bundle, members, here) for members in classes.values()]
        splits.append(_split(total, parts))
        firsts = [next((r for r in part if value_of(r) is None), part[0]) for part in parts]
        told.append(f"{labels[-1]} : {parts_told(names, splits[-1], firsts)}")
    if not labels:
        return Block("")
    columns = (
        Column("Ligne"),
        Column("Volontaires éligibles", True),
        *(Column(label, True) for _, label in modalites),
    )
    return figure(
        bundle,
        everything,
        anchor=anchor,
        title=_situations_title(bundle, keys[-1]) or fallback,
        subtitle="Situation des volontaires éligibles, en % de leur nombre (entre parenthèses)",
        draw=lambda: shares_svg(
            labels,
            names,
            splits,
            emphasis=[label for label, key in zip(labels, keys, strict=True) if key[1] == ENSEMBLE],
        ),
        points=sum(len(split.known) for split in splits),
        told=told,
        lecture=next(
            (
                f"{label} : {decimal(max(split.known), 1)} % {names[split.parts.index(max(split.known))]}"
                for label, split in zip(labels[::-1], splits[::-1], strict=True)
                if split.known
            ),
            "",
        ),
        champ="personnes volontaires et décidées éligibles depuis le début, à la date de chaque barre",
        before="Autre situation : retraite, départ, renoncement, décès, perte de vue, situation non établie.",
        data=Table("donnees", "Volontaires éligibles par situation (personnes)", columns, rows),
    )


def _split(total: Shown, parts: Sequence[Sequence[Shown]]) -> Split:
    """The situations in percent of the volunteers, each made of some measures; without their number there is no
    bar."""
    whole = value_of(total)
    if whole is None or whole == 0:
        return Split((None,) * len(parts), gap(total) if whole is None else "aucun volontaire")
    known = [[value_of(r) for r in part] for part in parts]
    percents = (
        None if None in values else 100 * sum(v for v in values if v is not None) / whole for values in known
    )
    return Split(tuple(percents), rest_of([r for part in parts for r in part]))


def _classes(bundle: Bundle, codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The situations that every bar can be cut in, with the categories of each: those that a bar tells together
    are together in all."""
    definition = bundle.definition("situation_volontaires")
    unions = [one for code, one in definition.reunions.items() if code in codes]
    found: dict[str, tuple[str, ...]] = {}
    for choix in definition.modalites:
        around = [one for one in unions if choix.code in one.modalites]
        if around:
            widest = max(around, key=lambda one: len(one.modalites))
            found[widest.code] = widest.modalites
        else:
            found[choix.code] = (choix.code,)
    return found


def _of_class(bundle: Bundle, members: Sequence[str], here: Mapping[str, Shown]) -> list[Shown]:
    """The measures of a row that make a class: its union, or those of its categories."""
    unions = bundle.definition("situation_volontaires").reunions
    made_of = {code: unions[code].modalites if code in unions else (code,) for code in here}
    told = [r for code, r in here.items() if r is not None and set(made_of[code]) <= set(members)]
    return [*told] or [None]


def _situations_title(bundle: Bundle, key: Key) -> str:
    """How many of the volunteers are in an EBE, or wait, at that date; empty where it is withheld."""
    label, place, day = key
    who = f"Au {label}" if bundle.territoire else label
    who = "Tous territoires ensemble" if place == ENSEMBLE else who
    total = bundle.measured(_ANCHOR, place=place, periode=day)
    for code, said in (("ebe", "sont en EBE"), ("attente", "attendent un emploi")):
        part = bundle.measured("situation_volontaires", place=place, periode=day, modalite=code)
        value = value_of(part)
        if value is not None and value >= 2 and value_of(total) is not None:
            return f"{who}, {words(part, bundle)} des {words(total, bundle)} volontaires éligibles {said}"
    return ""
