"""A territory beside its comparison: what could be seen at all, then what is seen, then how."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Final

from analysis.impact.records import Annee, Comparaison, Estimate, Estimation
from analysis.noyau.french import NBSP, capitalized, decimal, listed
from analysis.noyau.periods import Period
from analysis.presentation.drawing.impact import Bande, bande_svg
from analysis.presentation.drawing.points import Event
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, number
from analysis.presentation.parts.marks import territoire_of
from analysis.presentation.parts.tables import absence
from analysis.presentation.published.impact.mots import (
    HORS_EBE,
    PRINCIPAL,
    Etude,
    annees,
    certitude,
    depuis,
    etude_of,
    intervalle,
    methode,
    quantite,
    resultat,
)
from analysis.presentation.published.impact.protocole import empreinte
from analysis.secret.bundle import Bundle

CHAPITRE: Final = "impact.html#titre"

DIFFERENCES: Final = "differences"
"""The method whose comparison is drawn and told first: the one that a reader can redo by hand."""

_SOURCE: Final = {
    "emploi_prive": "Urssaf, effectifs salariés du privé au lieu de travail",
    "emploi_prive_hors_ebe": "Urssaf, effectifs salariés du privé au lieu de travail",
    "inscrits_abc": "Dares et Pôle emploi (France Travail), demandeurs d'emploi inscrits",
    "inscrits_longue_duree": "Dares et Pôle emploi (France Travail), demandeurs d'emploi inscrits",
    "taux_pauvrete": "Insee, Filosofi",
}


def impact(bundle: Bundle) -> Block:
    """What a territory's chapter says of what would have happened otherwise.

    First what could be seen at all. Where nothing is estimated the part stops there and says why; else the
    figure, a sentence with its uncertainty in words from each base, what local private employment lost or
    not, and the rest in a fold.
    """
    etude, place = etude_of(bundle), territoire_of(bundle).code
    if etude is None:
        return absence(
            "Aucune comparaison à ce qui se serait passé sans l'expérimentation n'est encore calculée."
        )
    compared = etude.resultats.comparaison(place, PRINCIPAL)
    if compared is None:
        return absence("Aucune série d'emploi de ce territoire ne permet de le comparer à d'autres.")
    if compared.motif:
        return _paragraph("visible", visible(compared)) + _paragraph("impact-arret", etude.motif(compared))
    return (
        _paragraph("visible", visible(compared))
        + figure(etude, place, PRINCIPAL)
        + _paragraph("impact-dit", _seen(etude, place, compared))
        + _paragraph("impact-eviction", eviction(etude, place))
        + _fold(etude, place, compared)
    )


def visible(compared: Comparaison) -> str:
    """What could be seen at all: the least effect that the comparison would find, beside the size of the EBE."""
    zone = f"Zone montrée{NBSP}: {compared.zone_nom}"
    if compared.detectable is None:
        size = (
            "" if compared.taille is None else f", {quantite(compared.taille, 'emplois')} avant l'ouverture"
        )
        return (
            f"{zone}{size}. Aucun effet de la taille de l'EBE ne s'y verrait."
            if compared.motif
            else f"{zone}{size}."
        )
    least = quantite(compared.detectable, "emplois")
    share = (
        "" if compared.detectable_pct is None else f", soit {quantite(compared.detectable_pct, 'pour_cent')}"
    )
    said = f"{zone}. L'étude n'y verrait, huit fois sur dix, qu'un effet d'au moins {least}{share}"
    if compared.ebe_bas is None:
        return f"{said}. Aucun effectif de l'EBE n'a été publié pour cette période."
    staff = _staff(compared)
    most = compared.ebe_bas if compared.ebe_haut is None else compared.ebe_haut
    ratio = most / compared.detectable if compared.detectable else 0.0
    enough = (
        "si tous ces emplois s'ajoutaient à ceux qui existaient, cela se verrait"
        if compared.ebe_bas >= compared.detectable
        else "même si tous ces emplois s'ajoutaient à ceux qui existaient, cela ne se verrait pas à coup sûr"
        if ratio >= 0.5
        else "même si tous ces emplois s'ajoutaient à ceux qui existaient, cela resterait sous ce que l'on peut voir"
    )
    return f"{said}. Son EBE emploie {staff}{NBSP}: {enough}."


def figure(etude: Etude, place: str, outcome: str) -> Block:
    """The place, its comparison, and the band of what chance does, from the last year before."""
    compared = etude.resultats.comparaison(place, outcome)
    years = etude.resultats.annees_de(place, outcome, "last")
    known = [year for year in years if year.observe is not None]
    if compared is None or len(known) < FEWEST_POINTS or not any(y.comparaison is not None for y in years):
        return absence(f"{capitalized(resultat(outcome))}{NBSP}: trop peu d'années pour une figure.")
    name, unit = etude.nom(place), _unit(outcome)
    horizon = etude.horizon(outcome)
    end = Period(horizon).end.year if horizon else known[-1].annee
    last = next((y for y in reversed(known) if y.comparaison is not None and y.annee <= end), None)
    caption = _finding(etude, place, outcome, last)
    told = (
        ""
        if last is None
        else f"Lecture{NBSP}: fin {last.annee}, {_value(last.observe, unit)} sont observés, quand la comparaison en donne "
        f"{_value(last.comparaison, unit)}."
    )
    marks = [Event(compared.debut - 0.5, "ouverture de l'EBE")]
    if years[-1].annee > end:
        marks.append(Event(end + 0.5, "la série change"))
    return Chart(
        anchor=f"impact-{outcome.replace('_', '-')}",
        caption=caption,
        subtitle=f"{capitalized(resultat(outcome))} au 31 décembre, et ce qu'il aurait été si le territoire avait suivi "
        "les communes semblables depuis la dernière année d'avant.",
        drawing=bande_svg(
            [Bande(y.annee, y.observe, y.comparaison, y.bas, y.haut) for y in years],
            place=_zone(compared),
            comparison="sa comparaison",
            events=marks,
        ),
        alt=f"{caption}. " + " ; ".join(_year_told(year, unit) for year in years) + ".",
        lecture=html.escape(told, quote=False),
        champ=html.escape(
            f"Champ{NBSP}: {compared.zone_nom}{NBSP}; {decimal(compared.donneurs, 0)} zones de comparaison. Périmètre de "
            f"l'expérimentation{NBSP}: {listed(_perimetres(etude, place))}.",
            quote=False,
        ),
        note=html.escape(
            f"La bande est celle où le hasard laisse 19 communes sur 20. Source{NBSP}: {_SOURCE.get(outcome, 'données ouvertes')}, "
            "calculs du bilan.",
            quote=False,
        ),
        data=_years_table(years, unit, name),
    ).block()


def eviction(etude: Etude, place: str) -> str:
    """Whether local private employment outside the EBE fell: its effect with its interval, in a sentence."""
    found = [e for e in etude.principales(place, HORS_EBE) if e.is_estimated]
    with_interval = [e for e in found if e.low is not None and e.unit == "pour_cent"]
    told = next((e for e in with_interval if e.base == "last"), None) or next(
        iter([*with_interval, *found]), None
    )
    head = "L'EBE prend-elle des emplois à d'autres entreprises"
    if told is None or told.effect is None:
        compared = etude.resultats.comparaison(place, HORS_EBE)
        reasons = [e.reason for e in etude.principales(place, HORS_EBE) if e.reason]
        reasons += [etude.motif(compared)] if compared is not None and compared.motif else []
        return f"{head}{NBSP}? {reasons[0] if reasons else 'Rien ne permet de le mesurer ici.'}"
    period = annees(etude.horizon(HORS_EBE))
    return (
        f"{head}{NBSP}? Sans compter ses salariés, l'emploi privé de la zone s'écarte de sa comparaison de "
        f"{quantite(told.effect, told.unit, signed=True)} en moyenne {period}{NBSP}; {certitude(told)}."
    )


def effets_table(
    estimations: Sequence[Estimation],
    *,
    anchor: str,
    caption: str,
    names: Callable[[str], str] | None = None,
) -> Table:
    """The effects that have an interval: one row an estimate."""
    columns = (
        *_heads(names),
        Column("Effet", True),
        Column("Intervalle à 95 %"),
    )
    rows = []
    for one in estimations:
        e = one.estimate
        if e.effect is None or e.low is None or e.high is None:
            continue
        rows.append(
            [*_head(one, names), _effect(e), html.escape(intervalle(e.low, e.high, e.unit), quote=False)]
        )
    return Table(anchor, caption, columns, rows)


def rangs_table(
    estimations: Sequence[Estimation],
    *,
    anchor: str,
    caption: str,
    names: Callable[[str], str] | None = None,
) -> Table:
    """The effects that have a rank: how many of the places where nothing happened are at least as far."""
    columns = (
        *_heads(names),
        Column("Effet", True),
        Column("Rang"),
        Column("Ensemble identifié"),
    )
    rows = []
    for one in estimations:
        e = one.estimate
        if e.effect is None or e.rank is None or e.placebos is None:
            continue
        span = "–" if e.identified is None else intervalle(*e.identified, e.unit)
        rank = f"{decimal(e.rank, 0)} sur {decimal(e.placebos + 1, 0)}"
        rows.append([*_head(one, names), _effect(e), rank, html.escape(span, quote=False)])
    return Table(anchor, caption, columns, rows)


def sans_estimation(estimations: Sequence[Estimation]) -> list[str]:
    """What is not estimated, and why, one clause each."""
    return list(
        dict.fromkeys(
            f"{capitalized(resultat(one.resultat))} ({methode(one.estimate.method)}){NBSP}: {one.estimate.reason}"
            for one in estimations
            if one.estimate.reason
        )
    )


def _seen(etude: Etude, place: str, compared: Comparaison) -> str:
    """The effect from each base with its uncertainty in words: the two are always shown."""
    found = [e for e in etude.principales(place, PRINCIPAL) if e.is_estimated and e.method == DIFFERENCES]
    percent = [e for e in found if e.unit == "pour_cent"] or found
    if not percent:
        reasons = [e.reason for e in etude.principales(place, PRINCIPAL) if e.reason]
        return reasons[0] if reasons else "Aucun effet n'est estimé."
    period = annees(etude.horizon(PRINCIPAL))
    parts = [
        f"compté {depuis(e.base)}, l'écart est de {quantite(e.effect or 0.0, e.unit, signed=True)} en moyenne {period}"
        f"{NBSP}; {certitude(e)}"
        for e in percent
    ]
    signs = {(e.effect or 0) > 0 for e in percent}
    turns = " Le signe dépend de l'année de départ." if len(signs) > 1 else ""
    return f"{capitalized('. '.join(capitalized(part) for part in parts))}.{turns}"


def _fold(etude: Etude, place: str, compared: Comparaison) -> Block:
    """The method, every estimate, the diagnostics and the heaviest weights, folded."""
    own = etude.resultats.estimations_de(place)
    shown = "de ce territoire"
    tables = [
        effets_table(own, anchor="", caption=f"Les effets {shown} qui ont un intervalle"),
        rangs_table(
            own, anchor="", caption=f"Les effets {shown} qui ont un rang parmi les communes de comparaison"
        ),
        _diagnostics(etude, place),
        _weights(etude, place),
    ]
    inner = "".join(
        f'<div class="tableau" role="region" tabindex="0" aria-label="{html.escape(table.caption)}">'
        f"{table.inner()}</div>"
        for table in tables
        if table.rows
    )
    missing = sans_estimation(own)
    lacking = f"<p>{html.escape(' ; '.join(missing), quote=False)}.</p>" if missing else ""
    words = (
        f"{decimal(compared.avant, 0)} années d'avant, {decimal(compared.apres, 0)} années d'après, "
        f"{decimal(compared.donneurs, 0)} zones de comparaison. Les communes de comparaison, les méthodes et les tests ont été "
        "écrits avant tout calcul. Un effet a un intervalle ou un rang, jamais les deux."
    )
    return Block(
        '<details class="methode"><summary>Comment c\'est calculé, et toutes les estimations</summary>'
        f"<p>{html.escape(words, quote=False)} "
        f'<a href="{CHAPITRE}">Le chapitre sur tous les territoires</a>, '
        '<a href="methode-impact.html">la méthode</a> et <a href="methode-impact-limites.html">ses limites</a>.</p>'
        f"{empreinte(etude).html}{inner}{lacking}</details>"
    )


def _diagnostics(etude: Etude, place: str) -> Table:
    columns = (Column("Vérification"), Column("Alerte"), Column("Ce qu'elle dit"))
    rows = [
        [
            html.escape(
                f"{capitalized(resultat(d.resultat))}, {methode(d.methode)}, {d.diagnostic.replace('_', ' ')}",
                quote=False,
            ),
            "oui" if d.leve else "non",
            html.escape(d.note, quote=False),
        ]
        for d in etude.resultats.diagnostics
        if d.territoire == place
    ]
    return Table("", "Ce qui a été vérifié de la comparaison", columns, rows)


def _weights(etude: Etude, place: str) -> Table:
    columns = (Column("Zone"), Column("Résultat"), Column("Méthode"), Column("Poids (%)", True))
    rows = [
        [
            html.escape(w.zone_nom, quote=False),
            html.escape(resultat(w.resultat), quote=False),
            html.escape(methode(w.methode), quote=False),
            number(decimal(100 * w.poids, 1), round(100 * w.poids, 1), "%"),
        ]
        for w in etude.resultats.poids
        if w.territoire == place
    ]
    return Table("", "Les zones qui pèsent le plus dans la comparaison", columns, rows)


def _heads(names: Callable[[str], str] | None) -> tuple[Column, ...]:
    first = (Column("Résultat"), Column("Méthode"), Column("Années"))
    return first if names is None else (Column("Territoire"), Column("Méthode"))


def _head(one: Estimation, names: Callable[[str], str] | None) -> list[str]:
    """What an estimate is of: its outcome, method and years; or its place and method, where a table is of one
    outcome and horizon."""
    base = depuis(one.estimate.base)
    words = methode(one.estimate.method)
    if names is not None:
        said = f"{words}, {base}" if base else words
        return [html.escape(names(one.territoire), quote=False), html.escape(said, quote=False)]
    return [
        html.escape(capitalized(resultat(one.resultat)), quote=False),
        html.escape(f"{words}, {base}" if base else words, quote=False),
        html.escape(annees(one.horizon), quote=False),
    ]


def _effect(e: Estimate) -> str:
    effect = e.effect or 0.0
    return number(quantite(effect, e.unit, signed=True), round(effect, 3), e.unit)


def _finding(etude: Etude, place: str, outcome: str, last: Annee | None) -> str:
    """What the figure shows, in one line: above, below or within the band."""
    name = etude.nom(place)
    if last is None or last.observe is None or last.comparaison is None:
        return f"{name}{NBSP}: {resultat(outcome)}, à côté de sa comparaison"
    if last.bas is None or last.haut is None:
        return f"{name}, fin {last.annee}{NBSP}: {resultat(outcome)}, à côté de sa comparaison"
    where = (
        "dans ce que fait le hasard"
        if last.bas <= last.observe <= last.haut
        else "au-dessus de ce que fait le hasard"
        if last.observe > last.haut
        else "au-dessous de ce que fait le hasard"
    )
    return f"{name}, fin {last.annee}{NBSP}: l'{resultat(outcome)} est {where}"


def _years_table(years: Sequence[Annee], unit: str, name: str) -> Table:
    columns = (
        Column("Année"),
        Column("Observé", True),
        Column("Comparaison", True),
        Column("Bande du hasard", True),
    )
    rows = [
        [
            str(year.annee),
            _cell(year.observe, unit),
            _cell(year.comparaison, unit),
            "–"
            if year.bas is None or year.haut is None
            else f"{_number(year.bas, unit)} à {_number(year.haut, unit)}",
        ]
        for year in years
    ]
    return Table("donnees", f"{name} et sa comparaison", columns, rows)


def _cell(value: float | None, unit: str) -> str:
    if value is None:
        return '<span class="absent">absent</span>'
    return number(_number(value, unit), round(value, 1), unit)


def _number(value: float, unit: str) -> str:
    return decimal(value, 1 if unit == "points" else 0)


def _value(value: float | None, unit: str) -> str:
    return "aucune valeur" if value is None else quantite(value, unit)


def _year_told(year: Annee, unit: str) -> str:
    return f"{year.annee}, observé {_value(year.observe, unit)}, comparaison {_value(year.comparaison, unit)}"


def _unit(outcome: str) -> str:
    if outcome == "taux_pauvrete":
        return "points"
    return "personnes" if outcome.startswith("inscrits") else "emplois"


def _staff(compared: Comparaison) -> str:
    """How many people the EBE employs, as published, and when: a number, two bounds, or the only one printed."""
    low, high = compared.ebe_bas or 0.0, compared.ebe_haut
    if high is None:
        count = f"au moins {decimal(low, 0)} personnes"
    elif low == high:
        count = f"{decimal(low, 0)} personnes"
    else:
        count = f"de {decimal(low, 0)} à {decimal(high, 0)} personnes"
    return f"{count} ({Period(compared.ebe_periode).label})" if compared.ebe_periode else count


def _perimetres(etude: Etude, place: str) -> list[str]:
    """The areas of the experiment as their source names them: the zone of a series is not always one of them."""
    found = next(t for t in etude.bundle.territoires if t.code == place)
    return list(dict.fromkeys(site.perimetre_nom for site in found.sites))


def _zone(compared: Comparaison) -> str:
    return capitalized(compared.zone_nom)


def _paragraph(anchor: str, words: str) -> Block:
    return Block(f'<p id="{anchor}">{html.escape(words, quote=False)}</p>')
