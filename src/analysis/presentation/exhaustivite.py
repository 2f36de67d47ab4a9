"""Whom the committees reached, who left the deprivation of a job, who waits: of one territory, of all."""

from __future__ import annotations

import html
from collections.abc import Sequence

from analysis.noyau.french import uncapitalized
from analysis.noyau.mesures import ENSEMBLE
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.presentation.blocks import Block, Chart, Column, Table, dated
from analysis.presentation.charts import Line, Panel, panels_svg
from analysis.presentation.marks import territoire_of
from analysis.presentation.mesures import (
    SECRET,
    TOGETHER,
    Shown,
    attente,
    awaited,
    bar_end,
    breakdown,
    category,
    cell,
    last_period,
    measure_link,
    note,
    nothing_shown,
    periods,
    place_of,
    sentence,
    value_of,
    words,
)
from analysis.presentation.numbers import decimal
from analysis.presentation.rows import Bar, Bars, Pair, bars_svg, clouds_svg, pairs_svg, shares_svg
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

SITUATIONS = ("ebe", "autre_emploi", "formation", "attente")
"""The situations that a bar shows by name; the rest of it is the others and what is withheld."""

_REST = "autre situation, ou secret"
_ANCHOR = "volontaires_eligibles"


def etapes(bundle: Bundle) -> Block:
    """How far a territory is, step by step, at the end of each year and at its arrêté."""
    place, dates = territoire_of(bundle).code, _dates(bundle)
    if not dates:
        return attente(bundle, "personnes rencontrées, éligibles, volontaires, embauchées")
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
    return _situations(bundle, keys, anchor="situation-volontaires", caption="Où en sont les volontaires")


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


def profil(bundle: Bundle) -> Block:
    """Who is hired against who is concerned: of the chapter's territory, or of all of them."""
    place = bundle.territoire.code if bundle.territoire else ENSEMBLE
    day = last_period(bundle, "profil_embauchees", place=place)
    if not day:
        return Block("")
    codes = [choix.code for choix in bundle.definition("ecart_profil").modalites]
    hired, others, gaps = (
        [bundle.measured(name, place=place, periode=day, modalite=code) for code in codes]
        for name in ("profil_embauchees", "profil_non_embauchees", "ecart_profil")
    )
    if all(value_of(r) is None for r in (*hired, *others)):
        return nothing_shown("Profil des personnes embauchées", (*hired, *others))
    labels = [category("ecart_profil", code, bundle) for code in codes]
    columns = [Column("Caractéristique"), Column("Embauchées", True), Column("Jamais embauchées", True)]
    rows = [
        [label, cell(a, bundle, parts=True), cell(b, bundle, parts=True)]
        for label, a, b in zip(labels, hired, others, strict=True)
    ]
    if place != ENSEMBLE:
        columns.append(Column("Écart (écarts-types)", True))
        rows = [[*row, cell(gap, bundle)] for row, gap in zip(rows, gaps, strict=True)]
    shown = [*hired, *others, *(gaps if place != ENSEMBLE else [])]
    return Chart(
        anchor="profil",
        caption=f"Parmi les volontaires éligibles, qui est embauché ? ({Period(day).label})",
        drawing=pairs_svg(
            labels,
            [_pair(a, b, bundle) for a, b in zip(hired, others, strict=True)],
            ("embauchées en EBE", "jamais embauchées"),
            unit="part des personnes qui ont la caractéristique (%)",
        ),
        alt="Deux points par caractéristique. "
        + " ; ".join(
            f"{label} : {words(a, bundle)} des embauchées, {words(b, bundle)} des autres"
            for label, a, b in zip(labels, hired, others, strict=True)
        )
        + ".",
        note=note(
            bundle,
            shown,
            before="Plus les deux points d'une ligne sont éloignés, plus les deux groupes diffèrent. "
            "Les personnes dont la caractéristique n'est pas renseignée ne sont pas comptées.",
        ),
        data=Table("donnees", "Profil des volontaires (parts en %)", tuple(columns), rows),
    ).block()


def etapes_de_tous(bundle: Bundle) -> Block:
    """Each territory at its arrêté, then all together: people at each step."""
    keys = _latest(bundle)
    if not keys:
        return attente(bundle, "aucun territoire n'a encore envoyé le sien")
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
    return Chart(
        anchor="taux-territoires",
        caption="Trois taux, trois questions : qui est rencontré, à qui un emploi est proposé, qui est sorti",
        drawing=bars_svg([key[0] for key in keys], panels, emphasis=[TOGETHER]),
        alt="Barres par territoire. "
        + " ; ".join(
            f"{key[0]}, " + ", ".join(sentence(shown[rate][i], bundle) for rate in RATES)
            for i, key in enumerate(keys)
        )
        + ".",
        note=note(bundle, everything, before="En pourcentage, à la date de chaque territoire."),
        data=Table("donnees", "Les trois taux (%), numérateur et dénominateur", columns, rows),
    ).block()


def situation_de_tous(bundle: Bundle) -> Block:
    """Where the eligible volunteers of each territory stand."""
    return _situations(
        bundle,
        _latest(bundle),
        anchor="situation-territoires",
        caption="Où en sont les volontaires éligibles, par territoire",
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
    return Chart(
        anchor="trajectoire",
        caption="Tous les territoires ensemble, année après année",
        drawing=panels_svg([Panel("", tuple(lines))], y_label="personnes", from_zero=True),
        alt="Courbes de l'ensemble. Dernières valeurs : " + " ; ".join(line.label for line in lines) + ".",
        note=note(
            bundle,
            everything,
            before="Une date n'est montrée que si aucun territoire commencé n'y manque.",
        ),
        data=Table("donnees", "Personnes, tous territoires ensemble", columns, rows),
    ).block()


def attente_de_tous(bundle: Bundle) -> Block:
    """Since when people wait, in each territory and in all."""
    keys = _latest(bundle)
    if not keys:
        return Block("")
    bands = bundle.definition("attente_duree").modalites
    rows, everything = [], []
    for label, place, day in keys:
        shown = [
            bundle.measured("liste_attente", place=place, periode=day),
            *(bundle.measured("attente_duree", place=place, periode=day, modalite=b.code) for b in bands),
            bundle.measured("attente_mediane", place=place, periode=day),
        ]
        everything += shown
        rows.append([html.escape(label, quote=False), *(cell(r, bundle) for r in shown)])
    columns = (
        Column("Territoire"),
        Column("En attente", True),
        *(Column(band.libelle, True) for band in bands),
        Column("Médiane (mois)", True),
    )
    caption = "Depuis combien de temps attendent ceux qui attendent encore"
    return Table("attente-territoires", caption, columns, rows, note=note(bundle, everything)).block()


def ecarts_de_tous(bundle: Bundle) -> Block:
    """The differences of profile of every territory, one dot each."""
    choices = bundle.definition("ecart_profil").modalites if bundle.definitions else ()
    by_code = {
        choix.code: [r for r in bundle.measures("ecart_profil") if r.content.modalite == choix.code]
        for choix in choices
    }
    everything = [r for found in by_code.values() for r in found]
    if not everything:
        return Block("")
    columns = (Column("Caractéristique"), Column("Territoire"), Column("Écart (écarts-types)", True))
    rows = [
        [choix.libelle, html.escape(place_of(r.content.lieu, bundle), quote=False), cell(r, bundle)]
        for choix in choices
        for r in by_code[choix.code]
    ]
    clouds = [[value for r in by_code[choix.code] if (value := value_of(r)) is not None] for choix in choices]
    return Chart(
        anchor="ecarts-profil",
        caption="Écarts de profil dans chaque territoire",
        drawing=clouds_svg(
            [choix.libelle for choix in choices],
            clouds,
            unit="← plus rare chez les embauchées    écart (écarts-types)    plus fréquent chez les embauchées →",
        ),
        alt="Un point par territoire et par caractéristique. "
        + " ; ".join(
            f"{choix.libelle} : {_range(cloud)}" for choix, cloud in zip(choices, clouds, strict=True)
        )
        + ".",
        note=note(
            bundle,
            everything,
            before="Un point à droite de zéro : la caractéristique est plus fréquente chez les embauchées que "
            "chez les volontaires jamais embauchées du même territoire.",
        ),
        data=Table("donnees", "Écarts de profil par territoire", columns, rows),
    ).block()


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


def _situations(bundle: Bundle, keys: Sequence[Key], *, anchor: str, caption: str) -> Block:
    """Bars of a hundred percent: the situations by name, then the others and what is withheld."""
    modalites = bundle.definition("situation_volontaires").modalites if keys else ()
    labels, bars, rows, everything = [], [], [], []
    for label, place, day in keys:
        total = bundle.measured(_ANCHOR, place=place, periode=day)
        shown = {
            m.code: bundle.measured("situation_volontaires", place=place, periode=day, modalite=m.code)
            for m in modalites
        }
        everything += [total, *shown.values()]
        rows.append(
            [html.escape(label, quote=False), cell(total, bundle), *(cell(r, bundle) for r in shown.values())]
        )
        whole = value_of(total)
        if whole:
            parts = [100 * (value_of(shown[code]) or 0) / whole for code in SITUATIONS]
            labels.append(f"{label} ({decimal(whole, 0)})")
            bars.append([*parts, 100 - sum(parts)])
    if not bars:
        return Block("")
    names = [*(category("situation_volontaires", code, bundle).lower() for code in SITUATIONS), _REST]
    names[0] = "en EBE"
    columns = (
        Column("Ligne"),
        Column("Volontaires éligibles", True),
        *(Column(m.libelle, True) for m in modalites),
    )
    return Chart(
        anchor=anchor,
        caption=caption,
        drawing=shares_svg(labels, names, bars),
        alt="Barres de cent pour cent. "
        + " ; ".join(
            f"{label} : " + ", ".join(f"{name} {decimal(v, 0)} %" for name, v in zip(names, bar, strict=True))
            for label, bar in zip(labels, bars, strict=True)
        )
        + ".",
        note=note(
            bundle,
            everything,
            before="En pourcentage des volontaires éligibles, dont le nombre est entre parenthèses.",
        ),
        data=Table("donnees", "Volontaires éligibles par situation (personnes)", columns, rows),
    ).block()


def _pair(first: Shown, second: Shown, bundle: Bundle) -> Pair:
    missing = [bar_end(r, bundle) for r in (first, second) if value_of(r) is None]
    return Pair(value_of(first), value_of(second), " ; ".join(dict.fromkeys(missing)))


def _range(cloud: Sequence[float]) -> str:
    if not cloud:
        return f"{SECRET} ou absent"
    return f"de {decimal(min(cloud), 2)} à {decimal(max(cloud), 2)}"
