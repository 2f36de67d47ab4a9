"""How people enter an EBE, stay and leave it, and how much they work: of one territory, of all."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence

from analysis.noyau.declared.nomenclatures import Choix
from analysis.noyau.french import uncapitalized
from analysis.noyau.mesures import ENSEMBLE, Mesure
from analysis.noyau.periods import Period
from analysis.presentation.drawing.charts import Line, Panel, panels_svg
from analysis.presentation.drawing.distributions import shades_svg
from analysis.presentation.drawing.rows import Bar, Split, shares_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.attentes import CONTRATS, attente
from analysis.presentation.parts.blocks import Block, Column, Table, dated
from analysis.presentation.parts.marks import events, territoire_of
from analysis.presentation.parts.mesures import (
    ABSENT,
    SECRET,
    Shown,
    bar_end,
    breakdown,
    cell,
    extremes,
    figure,
    gap,
    interval_of,
    nothing_shown,
    parts_told,
    periods,
    place_of,
    rest_of,
    sentence,
    value_of,
    within,
    words,
)
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released

HIRING = ("incidence_embauche", "incidence_autre_emploi", "incidence_autre_issue")
STAYING = ("maintien", "depart_autre_emploi", "depart_autre")
"""The issues of two waits, which with those who still wait or stay make a hundred percent."""

FEWEST_OF_A_PANEL = 2
"""The points of a small chart among others; one alone is read in the data."""

ETP = ("etp_contrats", "etp_declares", "etp_encadrement")


def effectif(bundle: Bundle) -> Block:
    """The people under contract at the end of each month, and the ETP of the month, two sources of it."""
    place = territoire_of(bundle).code
    staff = bundle.measures("effectif_fin_mois", place=place)
    if not staff:
        return attente(bundle, CONTRATS)
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
    return figure(
        bundle,
        everything,
        anchor="effectif-mois",
        title=_first_to_last(staff, bundle) or "Équivalents temps plein, mois par mois",
        subtitle="Salariés en fin de mois (personnes) et équivalents temps plein du mois",
        draw=lambda: panels_svg(shown, events=events(bundle), from_zero=True),
        points=sum(len(line.points) for panel in shown for line in panel.lines),
        told=[_ends(r, bundle) for r in (staff, *etp.values()) if r],
        lecture=_last_told(staff, bundle),
        champ="personnes sous contrat dans une EBE du territoire",
        before="Les nombres de chaque mois sont arrondis au multiple de cinq le plus proche. "
        "Un mois secret ou absent n'a pas de point ; le trait ne fait que relier ceux qui en ont.",
        data=_months(bundle, place),
    )


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
        waiting="attendent encore",
        anchor="delais",
        caption="Ce que deviennent les volontaires, selon le temps écoulé depuis le volontariat",
        finding="des volontaires éligibles ont été embauchés en EBE",
        champ="volontaires décidés éligibles, suivis depuis leur volontariat",
    )


def maintien(bundle: Bundle) -> Block:
    """What became of those who were hired, at fixed times since their first hiring."""
    return _curve(
        bundle,
        STAYING,
        ("encore en EBE", "parties vers un autre emploi", "parties pour un autre motif"),
        anchor="maintien",
        caption="Ce que deviennent les personnes embauchées, selon le temps écoulé depuis l'embauche",
        finding="des personnes embauchées sont encore en EBE",
        champ="personnes embauchées en EBE, suivies depuis leur première embauche",
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
    panels = [
        Panel(place_of(code, bundle), (line,))
        for code, line in lines.items()
        if line and len(line.points) >= FEWEST_OF_A_PANEL
    ]
    if not panels:
        return attente(bundle, CONTRATS)
    everything = [r for found in staff.values() for r in found]
    columns = (Column("Territoire"), Column("Mois"), Column("Salariés en fin de mois", True))
    rows = [
        [html.escape(place_of(r.content.lieu, bundle)), dated(Period(r.content.periode)), cell(r, bundle)]
        for r in everything
    ]
    return figure(
        bundle,
        everything,
        anchor="effectifs-territoires",
        title=_staff_title(bundle, staff),
        subtitle="Salariés en fin de mois (personnes), un graphique par territoire, même échelle partout",
        draw=lambda: panels_svg(panels, columns=3, y_label="personnes", share_y=True, from_zero=True),
        points=sum(len(line.points) for panel in panels for line in panel.lines),
        told=[f"{place_of(code, bundle)}, {_ends(found, bundle)}" for code, found in staff.items() if found],
        lecture=next(
            (
                f"{place_of(code, bundle)}, {said}"
                for code, found in staff.items()
                if (said := _last_told(found, bundle))
            ),
            "",
        ),
        champ="personnes sous contrat dans une EBE des territoires qui ont déposé",
        before="Les nombres de chaque mois sont arrondis au multiple de cinq le plus proche. "
        "Un mois secret n'a pas de point.",
        data=Table("donnees", "Salariés en fin de mois", columns, rows),
    )


def _staff_title(bundle: Bundle, staff: Mapping[str, Sequence[Shown]]) -> str:
    """The highest and the lowest of the last known headcounts; what is drawn where fewer than two are known."""
    last = [(place_of(code, bundle), known[-1]) for code, found in staff.items() if (known := _known(found))]
    spread = extremes([place for place, _ in last], [r for _, r in last], bundle)
    if spread:
        return f"Derniers effectifs publiés : {spread}"
    return "Salariés en fin de mois, territoire par territoire"


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
    labels = [place_of(place, bundle) for place in places]
    titles = [title for _, _, title in wanted]
    columns = (Column("Territoire"), *(Column(title, True) for title in titles))
    rows = [
        [html.escape(label, quote=False), *(cell(found[i], bundle) for found in shown)]
        for i, label in enumerate(labels)
    ]
    told = [
        f"{label} : "
        + ", ".join(
            f"{uncapitalized(t)} {bar_end(found[i], bundle)}" for t, found in zip(titles, shown, strict=True)
        )
        for i, label in enumerate(labels)
    ]
    spreads = [(title, extremes(labels, found, bundle)) for title, found in zip(titles, shown, strict=True)]
    everything = [r for found in shown for r in found]
    return figure(
        bundle,
        everything,
        anchor="delais-territoires",
        title=next(
            (f"{title} : {spread}" for title, spread in spreads if spread),
            "Du volontariat à l'embauche, et après",
        ),
        subtitle="Probabilités estimées, en %, par territoire",
        draw=lambda: shades_svg(
            labels,
            titles,
            [
                [Bar(value_of(found[i]), bar_end(found[i], bundle)) for found in shown]
                for i in range(len(labels))
            ],
        ),
        points=sum(value_of(r) is not None for r in everything),
        told=told,
        lecture=next(
            (
                f"{label} : {words(r, bundle, with_unit=True)} des volontaires éligibles sont embauchés en un an"
                for label, r in zip(labels, shown[0], strict=True)
                if value_of(r) is not None
            ),
            "",
        ),
        champ="volontaires éligibles pour les embauches, personnes embauchées pour le maintien en EBE",
        before="Les autres issues sont concurrentes.",
        data=Table("donnees", "Probabilités (%)", columns, rows),
    )


def _curve(
    bundle: Bundle,
    mesures: Sequence[str],
    names: Sequence[str],
    *,
    anchor: str,
    caption: str,
    finding: str,
    champ: str,
    waiting: str = "",
) -> Block:
    """Bars of a hundred percent, one a horizon: the issues, then those who still wait where there are some.

    Where an issue is withheld, those who wait cannot be told apart from it. ``finding`` is what the first
    issue says of people: « sont embauchées ».
    """
    place = territoire_of(bundle).code
    dates = periods(bundle, mesures[0], place=place)
    if not dates:
        return Block("")
    labels, splits, told, rows, everything = [], [], [], [], []
    horizons = bundle.definition(mesures[0]).modalites
    for horizon in horizons:
        shown = [
            bundle.measured(name, place=place, periode=dates[-1], modalite=horizon.code) for name in mesures
        ]
        everything += shown
        rows.append([horizon.libelle, *(cell(r, bundle, parts=True) for r in shown)])
        labels.append(horizon.libelle)
        splits.append(_split(shown, waiting))
        told.append(f"{horizon.libelle} : {_split_told(names, splits[-1], shown, waiting)}")
    columns = (Column("Après"), *(Column(bundle.definition(name).libelle, True) for name in mesures))
    table = Table(
        "donnees",
        f"{caption} (% ; entre parenthèses : personnes comptées et personnes à l'origine, intervalle à 95 %)",
        columns,
        rows,
    )
    if not any(split.known for split in splits):
        return nothing_shown(caption, everything)
    first = everything[:: len(mesures)]
    at = next((rank for rank in _by_interest(horizons) if value_of(first[rank]) is not None), None)
    return figure(
        bundle,
        everything,
        anchor=anchor,
        title=caption
        if at is None
        else f"Après {labels[at]}, {words(first[at], bundle, with_unit=True)} {finding}",
        subtitle=f"{caption}, en %, probabilités estimées ; sous la barre, l'intervalle à 95 % de la première",
        draw=lambda: shares_svg(labels, [*names, waiting] if waiting else names, splits),
        points=sum(len(split.known) for split in splits),
        told=told,
        lecture=_last_reading(bundle, labels, first, finding),
        champ=champ,
        before="Ces probabilités sont estimées : qui est suivi moins longtemps y compte jusque-là ; elles ne sont donc pas "
        "exactement le rapport des personnes comptées à celles de l'origine.",
        data=table,
    )


def _last_reading(
    bundle: Bundle, labels: Sequence[str], first: Sequence[Released[Mesure] | None], finding: str
) -> str:
    """What the last horizon that is told says of the first issue, empty when none is."""
    for label, released in zip(labels[::-1], first[::-1], strict=True):
        if value_of(released) is not None:
            return f"après {label}, {words(released, bundle, with_unit=True)} {finding}{within(released)}"
    return ""


_HORIZON_OF_A_TITLE = ("m12", "m24", "m6")


def _by_interest(horizons: Sequence[Choix]) -> list[int]:
    """The ranks of the horizons: a year first, then two, then half a year, then the others."""
    codes = [horizon.code for horizon in horizons]
    chosen = [codes.index(code) for code in _HORIZON_OF_A_TITLE if code in codes]
    return [*chosen, *(rank for rank in range(len(codes)) if rank not in chosen)]


def _split(shown: Sequence[Shown], waiting: str) -> Split:
    """The issues of a horizon; those who wait are what is left, where every issue is known."""
    parts = [value_of(r) for r in shown]
    known = [part for part in parts if part is not None]
    rest = rest_of(shown, other=waiting if known else "")
    span = interval_of(shown[0])
    if not waiting:
        return Split(tuple(parts), rest, span)
    return Split((*parts, None if rest else round(100 - sum(known), 4) + 0.0), rest, span)


def _split_told(names: Sequence[str], split: Split, shown: Sequence[Shown], waiting: str) -> str:
    """A bar in words; what cannot be told apart from what is withheld has no number."""
    if not waiting or not split.known:
        return parts_told(names, split, shown)
    left = split.parts[-1]
    told = parts_told(names, Split(split.parts[:-1], split.rest), shown)
    return f"{told}, {waiting} {SECRET if left is None else f'{decimal(left, 1)} %'}"


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


def _known(found: Sequence[Shown]) -> list[Released[Mesure]]:
    return [r for r in found if r is not None and value_of(r) is not None]


def _first_to_last(found: Sequence[Shown], bundle: Bundle) -> str:
    """From how many people under contract to how many; empty where no month is known."""
    known = _known(found)
    if not known:
        return ""
    first, last = known[0], known[-1]
    end = f"{words(last, bundle)} salariés en {Period(last.content.periode).label}"
    if len(known) == 1:
        return end
    start = "D'" if first.is_rounded and value_of(first) else "De "
    return f"{start}{words(first, bundle)} salariés en {Period(first.content.periode).label} à {end}"


def _last_told(found: Sequence[Shown], bundle: Bundle) -> str:
    known = _known(found)
    if not known:
        return ""
    return f"{sentence(known[-1], bundle)} en {Period(known[-1].content.periode).label}"


def _ends(found: Sequence[Shown], bundle: Bundle) -> str:
    """The first and the last value of a series in words, and for how many months it has none."""
    known = _known(found)
    lacking = Counter(gap(r) for r in found if value_of(r) is None)
    said = [f"{word} pour {times} mois" for word, times in lacking.items()]
    if not known:
        what = next((bundle.definition(r.content.mesure).libelle for r in found if r is not None), "")
        return f"{uncapitalized(what)} : {', '.join(said)}" if what else ABSENT
    first, last = known[0], known[-1]
    ends = (
        f"{sentence(first, bundle)} en {Period(first.content.periode).label}",
        f"{words(last, bundle)} en {Period(last.content.periode).label}",
    )
    return ", ".join(dict.fromkeys([*ends, *said]) if len(known) > 1 else [ends[0], *said])


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
