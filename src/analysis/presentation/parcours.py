"""How people enter an EBE, stay and leave it, and how much they work: of one territory, of all."""

from __future__ import annotations

import html
from collections.abc import Sequence

from analysis.noyau.mesures import ENSEMBLE
from analysis.noyau.periods import Period
from analysis.presentation.blocks import Block, Chart, Column, Table, dated
from analysis.presentation.charts import Line, Panel, panels_svg
from analysis.presentation.marks import events, territoire_of
from analysis.presentation.mesures import (
    Shown,
    attente,
    bar_end,
    breakdown,
    cell,
    note,
    nothing_shown,
    periods,
    place_of,
    sentence,
    value_of,
    words,
)
from analysis.presentation.numbers import decimal
from analysis.presentation.rows import Bar, Bars, bars_svg, shares_svg
from analysis.secret.bundle import Bundle

HIRING = ("incidence_embauche", "incidence_autre_emploi", "incidence_autre_issue")
STAYING = ("maintien", "depart_autre_emploi", "depart_autre")
"""The issues of two waits, which with those who still wait or stay make a hundred percent."""

ETP = ("etp_contrats", "etp_declares", "etp_encadrement")


def effectif(bundle: Bundle) -> Block:
    """The people under contract at the end of each month, and the ETP of the month, two sources of it."""
    place = territoire_of(bundle).code
    staff = bundle.measures("effectif_fin_mois", place=place)
    if not staff:
        return attente(bundle, "salariés et équivalents temps plein, mois par mois")
    etp = {name: bundle.measures(name, place=place) for name in ETP}
    names = ("d'après les contrats", "déclarés", "encadrement")
    lines = [
        _line(name, style, etp[code])
        for name, style, code in zip(names, ("commune", "zone_emploi", "departement"), ETP, strict=True)
    ]
    panels = [
        Panel("Salariés en fin de mois", tuple(filter(None, [_line("salariés", "commune", staff)]))),
        Panel("Équivalents temps plein du mois", tuple(filter(None, lines))),
    ]
    shown = [panel for panel in panels if panel.lines]
    everything = [*staff, *(r for found in etp.values() for r in found)]
    if not shown:
        return nothing_shown("Salariés et équivalents temps plein, mois par mois", everything)
    return Chart(
        anchor="effectif-mois",
        caption="Salariés et équivalents temps plein, mois par mois",
        drawing=panels_svg(shown, events=events(bundle), from_zero=True),
        alt="Courbes. " + " ; ".join(_ends(r, bundle) for r in (staff, *etp.values())) + ".",
        note=note(
            bundle,
            everything,
            before="Un mois secret ou absent n'a pas de point ; le trait ne fait que relier ceux qui en ont.",
        ),
        data=_months(bundle, place),
    ).block()


def mouvements(bundle: Bundle) -> Block:
    """Entries and exits of each year, by reason: of the chapter's territory, or of all of them."""
    place = bundle.territoire.code if bundle.territoire else ENSEMBLE
    keys = [(Period(year).label, place, "", year) for year in periods(bundle, "entrees", place=place)]
    return breakdown(
        bundle, ("entrees",), keys, anchor="entrees", caption="Entrées en EBE, par année"
    ) + breakdown(
        bundle, ("sorties_ebe",), keys, anchor="sorties", caption="Sorties d'EBE, par motif et par année"
    )


def delais(bundle: Bundle) -> Block:
    """What became of volunteers, at fixed times since they volunteered."""
    return _curve(
        bundle,
        HIRING,
        ("embauchées en EBE", "autre emploi ou formation", "parties pour une autre raison"),
        rest="attendent encore, ou secret",
        anchor="delais",
        caption="Que deviennent les volontaires, selon le temps écoulé depuis le volontariat ?",
    )


def maintien(bundle: Bundle) -> Block:
    """What became of those who were hired, at fixed times since their first hiring."""
    return _curve(
        bundle,
        STAYING,
        ("encore en EBE", "parties vers un autre emploi", "parties pour un autre motif"),
        rest="secret",
        anchor="maintien",
        caption="Que deviennent les personnes embauchées, selon le temps écoulé depuis l'embauche ?",
    )


def temps_de_travail(bundle: Bundle) -> Block:
    """How much people work at each date, and how it changed since their first hiring."""
    place = territoire_of(bundle).code
    keys = [(Period(day).label, place, "", day) for day in periods(bundle, "quotite_moyenne", place=place)]
    return breakdown(
        bundle,
        ("quotite_effectif", "quotite_moyenne"),
        keys,
        anchor="temps-de-travail",
        caption="Temps de travail des salariés",
    ) + breakdown(
        bundle,
        ("quotite_changee",),
        keys[-1:],
        anchor="temps-change",
        caption="Temps de travail depuis la première embauche",
    )


def effectifs_de_tous(bundle: Bundle) -> Block:
    """The people under contract at the end of each month, a small chart a territory."""
    staff = {t.code: bundle.measures("effectif_fin_mois", place=t.code) for t in bundle.territoires}
    lines = {code: _line("", "commune", found) for code, found in staff.items()}
    panels = [Panel(place_of(code, bundle), (line,)) for code, line in lines.items() if line]
    if not panels:
        return attente(bundle, "aucun territoire n'a encore envoyé le sien")
    everything = [r for found in staff.values() for r in found]
    columns = (Column("Territoire"), Column("Mois"), Column("Salariés en fin de mois", True))
    rows = [
        [html.escape(place_of(r.content.lieu, bundle)), dated(Period(r.content.periode)), cell(r, bundle)]
        for r in everything
    ]
    return Chart(
        anchor="effectifs-territoires",
        caption="Salariés en fin de mois, territoire par territoire",
        drawing=panels_svg(panels, columns=3, y_label="personnes", share_y=True, from_zero=True),
        alt="Petits graphiques, un par territoire. "
        + " ; ".join(
            f"{place_of(code, bundle)}, {_ends(found, bundle)}" for code, found in staff.items() if found
        )
        + ".",
        note=note(bundle, everything, before="Même échelle partout. Un mois secret n'a pas de point."),
        data=Table("donnees", "Salariés en fin de mois", columns, rows),
    ).block()


def delais_de_tous(bundle: Bundle) -> Block:
    """Three probabilities of each territory: hired within one and two years, still there after two."""
    wanted = (
        ("incidence_embauche", "m12", "Embauchées en un an"),
        ("incidence_embauche", "m24", "Embauchées en deux ans"),
        ("maintien", "m24", "Encore en EBE après deux ans"),
    )
    places = [t.code for t in bundle.territoires if bundle.measures("maintien", place=t.code)]
    if not places:
        return Block("")
    shown = [[_at_horizon(bundle, name, place, modalite) for place in places] for name, modalite, _ in wanted]
    panels = [
        Bars(title, tuple(Bar(value_of(r), bar_end(r, bundle)) for r in found))
        for (_, _, title), found in zip(wanted, shown, strict=True)
    ]
    labels = [place_of(place, bundle) for place in places]
    columns = (Column("Territoire"), *(Column(title, True) for _, _, title in wanted))
    rows = [
        [html.escape(label, quote=False), *(cell(found[i], bundle) for found in shown)]
        for i, label in enumerate(labels)
    ]
    return Chart(
        anchor="delais-territoires",
        caption="Du volontariat à l'embauche, et après",
        drawing=bars_svg(labels, panels),
        alt="Barres par territoire. "
        + " ; ".join(
            f"{label} : "
            + ", ".join(
                f"{t.lower()} {words(found[i], bundle, with_unit=True)}"
                for (_, _, t), found in zip(wanted, shown, strict=True)
            )
            for i, label in enumerate(labels)
        )
        + ".",
        note=note(
            bundle,
            [r for found in shown for r in found],
            before="Probabilités estimées, en pourcentage, les autres issues étant concurrentes.",
        ),
        data=Table("donnees", "Probabilités (%)", columns, rows),
    ).block()


def _curve(
    bundle: Bundle, mesures: Sequence[str], names: Sequence[str], *, rest: str, anchor: str, caption: str
) -> Block:
    """Bars of a hundred percent, one a horizon: the issues, then those who still wait."""
    place = territoire_of(bundle).code
    dates = periods(bundle, mesures[0], place=place)
    if not dates:
        return Block("")
    labels, bars, rows, everything = [], [], [], []
    for horizon in bundle.definition(mesures[0]).modalites:
        shown = [
            bundle.measured(name, place=place, periode=dates[-1], modalite=horizon.code) for name in mesures
        ]
        everything += shown
        rows.append([horizon.libelle, *(cell(r, bundle, parts=True) for r in shown)])
        values = [value_of(r) for r in shown]
        if any(value is not None for value in values):
            told = [value or 0.0 for value in values]
            labels.append(horizon.libelle)
            bars.append([*told, max(0.0, 100 - sum(told))])
    columns = (Column("Après"), *(Column(bundle.definition(name).libelle, True) for name in mesures))
    table = Table("donnees", f"{caption} (%, événements et personnes à l'origine)", columns, rows)
    if not bars:
        return nothing_shown(caption, everything)
    return Chart(
        anchor=anchor,
        caption=caption,
        drawing=shares_svg(labels, [*names, rest], bars),
        alt="Barres de cent pour cent, une par délai. "
        + " ; ".join(
            f"{label} : " + ", ".join(f"{n} {decimal(v, 0)} %" for n, v in zip(names, bar, strict=False))
            for label, bar in zip(labels, bars, strict=True)
        )
        + ".",
        note=note(bundle, everything, before="Probabilités estimées, en pourcentage."),
        data=table,
    ).block()


def _at_horizon(bundle: Bundle, mesure: str, place: str, modalite: str) -> Shown:
    days = periods(bundle, mesure, place=place)
    return bundle.measured(mesure, place=place, periode=days[-1], modalite=modalite) if days else None


def _line(label: str, style: str, found: Sequence[Shown]) -> Line | None:
    """The months that have a value; None where none has."""
    points = [
        (Period(r.content.periode).middle, value)
        for r in found
        if r is not None and (value := value_of(r)) is not None
    ]
    return Line(label, style, tuple(points)) if points else None


def _ends(found: Sequence[Shown], bundle: Bundle) -> str:
    """The first and the last value of a series in words."""
    known = [r for r in found if r is not None and value_of(r) is not None]
    if not known:
        return "aucune valeur publiée"
    first, last = known[0], known[-1]
    return (
        f"{sentence(first, bundle)} en {Period(first.content.periode).label}, "
        f"{words(last, bundle)} en {Period(last.content.periode).label}"
    )


def _months(bundle: Bundle, place: str) -> Table:
    names = ("effectif_fin_mois", *ETP)
    months = sorted({m for name in names for m in periods(bundle, name, place=place)})
    columns = (Column("Mois"), *(Column(bundle.definition(name).libelle, True) for name in names))
    rows = [
        [
            dated(Period(month)),
            *(cell(bundle.measured(name, place=place, periode=month), bundle) for name in names),
        ]
        for month in months
    ]
    return Table("donnees", "Salariés et ETP par mois", columns, rows)
