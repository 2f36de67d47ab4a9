"""What the synthesis shows, block by block: the nation, the ten side by side, the evaluations."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date

from analysis.noyau.territoires import Territoire
from analysis.presentation import tables
from analysis.presentation.blocks import Block, Chart, Column, Table, ranked
from analysis.presentation.charts import Event, Panel, map_svg, panels_svg
from analysis.presentation.links import figure_link
from analysis.presentation.local import index_line, series_data, zone_series
from analysis.presentation.marks import cited, heading, published_dots
from analysis.presentation.numbers import decimal
from analysis.presentation.prose import inline
from analysis.presentation.tables import NOT_PUBLISHED, absence
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.records import Chiffre, Serie


def titre(bundle: Bundle) -> Block:
    """The title of the synthesis."""
    return heading(bundle, "Synthèse")


def carte(bundle: Bundle) -> Block:
    """The territories on the outline of metropolitan France."""
    columns = (Column("Territoire"), Column("Départements"), Column("Périmètre"))
    rows = [
        [
            html.escape(territoire.nom),
            html.escape(", ".join(dict.fromkeys(c.departement_nom for c in territoire.communes))),
            html.escape(" ; ".join(site.perimetre_nom for site in territoire.sites), quote=False),
        ]
        for territoire in bundle.territoires
    ]
    names = ", ".join(territoire.nom for territoire in bundle.territoires)
    return Chart(
        anchor="carte",
        caption="Les territoires de la première phase",
        drawing=map_svg(bundle.territoires),
        alt=f"Carte de la France métropolitaine avec un point par territoire : {names}.",
        note="Points au centre des communes. Fond : Natural Earth, domaine public.",
        data=Table("donnees", "Territoires et périmètres", columns, rows),
    ).block()


def trajectoire(bundle: Bundle, *indicators: str, places: Sequence[str]) -> Block:
    """Figures of all the territories together at the dates that sources print, one panel an indicator."""
    figures = [r for r in bundle.of(*indicators) if r.content.territoire in places and r.content.dated]
    panels = []
    for name in indicators:
        of_name = [r for r in figures if r.content.indicateur == name]
        dots = published_dots(bundle, of_name, group=lambda c: bundle.place_name(c.territoire))
        if dots:
            panels.append(Panel(bundle.dictionary.indicator(name).libelle, dots=dots))
    if not panels:
        return absence("Aucun chiffre national publié ne porte de date sûre.")
    return Chart(
        anchor="trajectoire",
        caption="L'expérimentation en nombres, aux dates publiées",
        drawing=panels_svg(panels, from_zero=True),
        alt="Nuages de points, un par indicateur ; les valeurs et leurs dates sont dans les données de la figure.",
        note="Chaque point est une valeur imprimée par une source datée ; rien n'est interpolé, et les deux phases "
        "ne couvrent pas les mêmes territoires. Sources : "
        + cited(bundle, (r.content.source for r in figures)),
        data=tables.chart_data(bundle, figures, "Chiffres nationaux à date sûre"),
    ).block()


def comparaison(bundle: Bundle, *indicators: str) -> Block:
    """One row a territory, one column an indicator; what nobody published is shown as a gap."""
    columns = (
        Column("Territoire"),
        *(Column(bundle.dictionary.indicator(name).libelle) for name in indicators),
    )
    rows = [
        [_territoire_link(t), *(_cell(bundle, t, name) for name in indicators)] for t in bundle.territoires
    ]
    note = (
        "Une cellule porte la dernière valeur publiée à date sûre de chaque lieu ou EBE, ou à défaut celles dont la date "
        "est déduite (signalées par †), et toutes celles d'un désaccord entre sources. Les dates diffèrent d'un territoire à l'autre : les lignes se comparent avec prudence."
    )
    return Table("comparaison", "Les territoires côte à côte", columns, rows, note=note).block()


def emploi_prive(bundle: Bundle) -> Block:
    """Private employment of every commune followed, beside its zone d'emploi and France."""
    zones = ("commune", "zone_emploi", "france")
    panels, series = [], []
    for territoire in bundle.territoires:
        for commune in territoire.communes_suivies:
            found = zone_series(bundle, "emploi_salarie_prive", commune, zones)
            lines = tuple(line for r in found if (line := index_line(r.content, notes=False)).points)
            if lines:
                panels.append(Panel(commune.nom, lines))
                series += [r for r in found if r not in series]
    if not panels:
        return absence("Emploi salarié privé : aucune série publiée n'a été trouvée.")
    return Chart(
        anchor="emploi-prive-tous",
        caption="Emploi salarié privé : chaque commune, sa zone d'emploi et la France, 31 décembre 2016 = 100",
        drawing=panels_svg(panels, events=_openings(bundle), columns=3, year_ends=True),
        alt="Petits graphiques, un par commune ; "
        + " ; ".join(_change(r.content) for r in series if r.content.zone_type == "commune")
        + ".",
        note="Trait plein rouge à points : commune ; tirets bleus : zone d'emploi ; trait gris : France. Vertical : "
        "habilitation du 24 novembre 2016. La commune n'est pas toujours le périmètre, et l'EBE compte dans ses emplois. "
        "Les échelles diffèrent. Sources : " + cited(bundle, (r.content.source for r in series)),
        data=series_data(bundle, series, "Effectifs salariés du privé"),
    ).block()


def effectifs(bundle: Bundle) -> Block:
    """The EBE's staff of every territory at the dates that sources print."""
    panels, figures = [], []
    for territoire in bundle.territoires:
        found = [
            r for r in bundle.of("effectif_ebe", "effectif_une_ebe", place=territoire.code) if r.content.dated
        ]
        dots = published_dots(bundle, found, group=lambda c: "")
        panels.append(Panel(territoire.nom if dots else f"{territoire.nom} : non publié", dots=dots))
        figures += found
    return Chart(
        anchor="effectifs-tous",
        caption="Effectif des EBE aux dates publiées",
        drawing=panels_svg(panels, events=_openings(bundle), columns=3, share_y=True, from_zero=True),
        alt="Petits graphiques, un par territoire ; les valeurs sont dans les données de la figure.",
        note="Seules les valeurs à date sûre sont portées. Un territoire peut avoir plusieurs EBE ou plusieurs sites ; "
        "un point peut n'en couvrir qu'un (voir les données). Sources : "
        + cited(bundle, (r.content.source for r in figures)),
        data=tables.chart_data(bundle, figures, "Effectifs publiés à date sûre"),
    ).block()


def chiffres(bundle: Bundle, *indicators: str, anchor: str, caption: str, places: Sequence[str]) -> Block:
    """The figures of these indicators for these places, in order of time."""
    figures = [r for r in bundle.of(*indicators) if r.content.territoire in places]
    figures.sort(key=lambda r: (r.content.periode is None, str(r.content.periode)))
    return tables.figures_table(bundle, figures, anchor=anchor, caption=caption)


def evaluations(bundle: Bundle, *indicators: str) -> Block:
    """The evaluations side by side: what each publishes, its price year, blank where it publishes nothing."""
    columns = (
        Column("Évaluation"),
        *(Column(bundle.dictionary.indicator(name).libelle) for name in indicators),
        Column("Année des prix"),
        Column("Ce qui a été lu"),
    )
    rows = []
    for evaluation in bundle.evaluations:
        of_it = [r for r in bundle.of(*indicators) if r.content.evaluation == evaluation.evaluation]
        if not of_it:
            cells = [NOT_READ] * len(indicators)
        else:
            cells = [
                _of_evaluation(bundle, [r for r in of_it if r.content.indicateur == name])
                for name in indicators
            ]
        years = sorted({r.content.annee_prix for r in of_it if r.content.annee_prix})
        head = (
            f"<strong>{html.escape(evaluation.nom)}</strong><br>"
            f'<span class="precision">{html.escape(evaluation.methode, quote=False)}</span>'
        )
        read = html.escape(evaluation.lecture, quote=False)
        rows.append([head, *cells, ", ".join(map(str, years)) or "non établie", read])
    note = (
        "Les populations, les années et les méthodes diffèrent : deux nombres de la même colonne ne se soustraient pas. "
        "Les montants sont en euros de l'année indiquée. Un tiret : l'évaluation ne le publie pas, ou ce qui en a été lu ne le dit pas."
    )
    return Table("evaluations", "Ce que publient les évaluations", columns, rows, note=note).block()


def echelle(bundle: Bundle) -> Block:
    """The scale on which evidence is weighed, in one sentence: its degrees from the strongest."""
    degrees = ", ".join(
        f"<strong>{html.escape(degree.libelle)}</strong> quand {html.escape(degree.definition, quote=False)}"
        for degree in bundle.dictionary.forces
    )
    return Block(
        f"<p>Une preuve est dite {degrees}. La force porte sur le fait cité, et non sur l'hypothèse.</p>"
    )


def preuves(bundle: Bundle, hypothesis: str) -> Block:
    """The evidence on a hypothesis, strongest first, with why it is as strong as it is."""
    found = [p for p in bundle.preuves if p.hypothese == hypothesis]
    if not found:
        return absence(
            "Aucun élément n'a encore été versé au dossier de cette hypothèse.",
            anchor=f"preuves-{hypothesis.lower()}",
        )
    degree = bundle.dictionary.force
    rows = [
        [
            ranked(f"preuve {degree(p.force).libelle}", degree(p.force).rang),
            inline(p.element, bundle),
            inline(p.raison, bundle),
        ]
        for p in sorted(found, key=lambda p: degree(p.force).rang)
    ]
    columns = (Column("Force"), Column("Élément de preuve"), Column("Pourquoi cette force"))
    caption = f"Hypothèse {hypothesis[1]} : éléments de preuve"
    return Table(f"preuves-{hypothesis.lower()}", caption, columns, rows).block()


def manques(bundle: Bundle, *indicators: str) -> Block:
    """How many figures the register holds for each territory and indicator; a gap where none."""
    columns = (
        Column("Territoire"),
        *(Column(bundle.dictionary.indicator(name).libelle, True) for name in indicators),
    )
    rows = [
        [_territoire_link(t), *(_count_cell(bundle, t, name) for name in indicators)]
        for t in bundle.territoires
    ]
    note = "Nombre de chiffres au registre ; entre parenthèses, ceux dont la date est sûre."
    return Table("manques", "Ce que le registre contient", columns, rows, note=note).block()


NOT_READ = "–"
"""What an evaluation does not publish, or what was read of it does not say: nobody can tell which."""


def _of_evaluation(bundle: Bundle, figures: Sequence[Released[Chiffre]]) -> str:
    return "<br>".join(figure_link(r, bundle) for r in figures) or NOT_READ


def _territoire_link(territoire: Territoire) -> str:
    return f'<a href="{territoire.code}.html">{html.escape(territoire.nom)}</a>'


def _cell(bundle: Bundle, territoire: Territoire, indicator: str) -> str:
    """The last dated figure of each place and EBE of the territory, with those that dispute it."""
    figures = bundle.of(indicator, place=territoire.code)
    dated = [r for r in figures if r.content.dated]
    last = {(r.content.territoire, r.content.champ): r for r in sorted(dated, key=_period_start)}
    kept = {r.content.numero for r in last.values()}
    disputes = {r.content.desaccord for r in last.values()} - {""}
    shown = [r for r in figures if r.content.numero in kept or r.content.desaccord in disputes]
    return _stacked(bundle, shown or list(figures), within=territoire.code)


def _period_start(released: Released[Chiffre]) -> date:
    return released.content.periode.start if released.content.periode else date.min


def _stacked(bundle: Bundle, figures: Sequence[Released[Chiffre]], *, within: str) -> str:
    """Values one above another, each with its date and what it covers; a gap when there is none."""
    if not figures:
        return NOT_PUBLISHED
    return "<br>".join(
        f'{figure_link(r, bundle)} <span class="precision">({html.escape(_details(bundle, r.content, within), quote=False)})</span>'
        for r in figures
    )


def _details(bundle: Bundle, chiffre: Chiffre, within: str) -> str:
    return ", ".join(
        part for part in (tables.scope(bundle, chiffre, within=within), _short_period(chiffre)) if part
    )


def _short_period(chiffre: Chiffre) -> str:
    if chiffre.periode is None:
        return "sans date †"
    return chiffre.periode.label + ("" if chiffre.periode_sure else " †")


def _count_cell(bundle: Bundle, territoire: Territoire, indicator: str) -> str:
    figures = bundle.of(indicator, place=territoire.code)
    if not figures:
        return '<span class="absent">aucun</span>'
    return f"{len(figures)} ({sum(r.content.dated for r in figures)})"


def _openings(bundle: Bundle) -> tuple[Event, ...]:
    """The habilitation dates of the territories, each once."""
    dates = dict.fromkeys(t.date_habilitation for t in bundle.territoires)
    return tuple(Event(date.middle, date.label) for date in dates)


def _change(serie: Serie) -> str:
    first, last = serie.points[0], serie.points[-1]
    return (
        f"{serie.zone_nom} : de {decimal(first.valeur, 0)} à {decimal(last.valeur, 0)} salariés "
        f"de {first.periode.label} à {last.periode.label}"
    )
