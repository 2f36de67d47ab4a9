"""What the synthesis shows, block by block: the nation, the ten side by side, the evaluations."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from analysis.noyau.french import counted, listed, uncapitalized
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Territoire
from analysis.presentation.drawing.charts import map_svg
from analysis.presentation.drawing.multiples import facets_svg
from analysis.presentation.drawing.points import Counts, last_counts_svg
from analysis.presentation.numbers import NBSP, decimal, full_reading, reading
from analysis.presentation.parts import tables
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, ranked, too_few
from analysis.presentation.parts.links import (
    REGISTER_PAGE,
    SOURCES_PAGE,
    figure_link,
    indicator_link,
    link,
)
from analysis.presentation.parts.marks import (
    bounds_told,
    cited,
    dated_reading,
    group_of,
    heading,
    in_time,
    is_dated_number,
    located,
    period_start,
    span,
)
from analysis.presentation.parts.prose import inline
from analysis.presentation.parts.tables import NOT_PUBLISHED, absence, of_published
from analysis.presentation.published.jugement import bilan_des_preuves
from analysis.presentation.published.local.emploi_prive import (
    Employment,
    beside_zone,
    counts_told,
    employment_facet,
    employments,
    read_index,
    shown_as,
)
from analysis.presentation.published.local.series import BASE, LEAST_BASE, change, series_data, year_end
from analysis.presentation.published.trajectoire import phase_named
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Chiffre, Evaluation, Preuve


def titre(bundle: Bundle) -> Block:
    """The title of the synthesis."""
    return heading(bundle, "Synthèse")


@of_published
def renvois(bundle: Bundle) -> Block:
    """Where the sources and the figures of the chapter are told."""
    return Block(
        "<p>Chaque figure et chaque tableau nomme ses sources ; leurs fiches sont à la page "
        f"{link(SOURCES_PAGE + '#titre', 'Sources')}, et chaque chiffre est au "
        f"{link(REGISTER_PAGE + '#titre', 'registre')}.</p>"
    )


@of_published
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
    in_districts = sum(territoire.est_en_quartiers for territoire in bundle.territoires)
    whole = len(bundle.territoires) - in_districts
    caption = (
        f"Les {counted(len(bundle.territoires), 'territoire', 'territoires')} : {in_districts} dans des quartiers de "
        f"villes, {whole} sur des communes entières"
    )
    return Chart(
        anchor="carte",
        caption=caption,
        subtitle="Les territoires de la première phase de l'expérimentation.",
        drawing=map_svg(bundle.territoires),
        alt=f"{caption}. Carte de la France métropolitaine, un point par territoire : {located(bundle.territoires)}.",
        note="Points au centre des communes. Fond : Natural Earth, domaine public.",
        data=Table("donnees", "Territoires et périmètres", columns, rows),
    ).block()


@of_published
def comparaison(bundle: Bundle, *indicators: str, caption: str = "Les territoires côte à côte") -> Block:
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
    return Table("comparaison", caption, columns, rows, note=note).block()


@of_published
def emploi_prive(bundle: Bundle) -> Block:
    """Private employment where the experiment covers whole communes, beside the zone d'emploi and France.

    Left out, and told: the communes of which the experiment holds some districts only, and those of fewer
    than ``LEAST_BASE`` employees.
    """
    found = {t.code: employments(bundle, t) for t in bundle.territoires}
    whole = [e for t in bundle.territoires if not t.est_en_quartiers for e in found[t.code]]
    drawn = [e for e in whole if e.is_large]
    parts = [e for t in bundle.territoires if t.est_en_quartiers for e in found[t.code]]
    small = [e for e in whole if not e.is_large]
    if not drawn:
        return absence("Emploi salarié privé : aucune série publiée n'a été trouvée.")
    series = list(dict.fromkeys(r for e in drawn for r in e.series))
    caption = _employment_outcome(drawn)
    return Chart(
        anchor="emploi-prive-tous",
        caption=caption,
        subtitle="Salariés du privé au 31 décembre, emplois de l'EBE compris là où elle est installée, "
        f"{Period(BASE).label} = 100, même échelle partout.",
        drawing=facets_svg(
            [employment_facet(e, shown_as=shown_as(drawn), counts=False) for e in drawn],
            columns=3,
            reference=100,
            share_y=True,
            year_ends=True,
        ),
        alt=f"{caption}. "
        + " ; ".join(beside_zone(e) for e in drawn)
        + ". Effectifs : "
        + " ; ".join(f"{serie.zone_nom}, {counts_told(serie)}" for e in drawn for serie in e.own)
        + ".",
        lecture=read_index(drawn[0]),
        champ="Champ : salariés du secteur privé, au lieu de travail ; ceux de l'EBE y sont comptés. Communes ou "
        "intercommunalité couvertes en entier par l'expérimentation.",
        note=_left_out(parts, small) + cited(bundle, (r.content.source for r in series)),
        data=series_data(bundle, series, "Effectifs salariés du privé"),
    ).block()


def _employment_outcome(drawn: Sequence[Employment]) -> str:
    """In how many of the zones drawn employment grew more than in the zone d'emploi, and where it did not."""
    pairs = [
        (serie.zone_label, here > there)
        for e in drawn
        for serie in e.own
        if e.zone is not None
        and (here := change(serie, BASE, e.last.text)) is not None
        and (there := change(e.zone, BASE, e.last.text)) is not None
    ]
    since = f"de {year_end(Period(BASE))} à {year_end(max(e.last for e in drawn))}"
    if not pairs:
        return f"L'emploi salarié privé autour de l'expérimentation, {since}"
    faster = sum(is_faster for _, is_faster in pairs)
    others = ", ".join(label for label, is_faster in pairs if not is_faster)
    return (
        f"{since[0].upper()}{since[1:]}, l'emploi salarié privé a davantage augmenté que dans la zone d'emploi "
        f"dans {counted(faster, 'lieu', 'lieux')} sur {len(pairs)}"
        + (f" ; exception : {others}" if others else "")
    )


def _left_out(parts: Sequence[Employment], small: Sequence[Employment]) -> str:
    """What the chart does not draw, and why."""
    said = []
    if parts:
        names = ", ".join(e.shown.content.zone_nom for e in parts)
        said.append(
            f"Non montrées, parce que le périmètre n'est qu'une partie de la commune : {names} (voir leurs chapitres)."
        )
    for employment in small:
        shown, last = employment.shown.content, employment.last
        base = shown.at(BASE)
        counts = [] if base is None else [f"{decimal(base, 0)} salariés {year_end(Period(BASE))}"]
        counts.append(f"{decimal(shown.points[-1].valeur, 0)} {year_end(last)}")
        said.append(
            f"{shown.zone_nom} : {', '.join(counts)} ; sous {LEAST_BASE} salariés, ni indice ni compte dans le titre."
        )
    said.append(
        "Un écart est un fait à expliquer, pas un effet : un seul établissement qui ouvre, ferme ou change de "
        "rattachement déplace une petite courbe."
    )
    return html.escape(" ".join(said), quote=False) + " "


@of_published
def effectifs(bundle: Bundle) -> Block:
    """The last dated staff of each EBE or site, the dated ones before it in grey."""
    rows, figures, last = [], [], []
    silent = []
    for territoire in bundle.territoires:
        found = in_time(
            r
            for r in bundle.of("effectif_ebe", "effectif_une_ebe", place=territoire.code)
            if is_dated_number(r.content)
        )
        groups: dict[str, list[Released[Chiffre]]] = {}
        for released in found:
            groups.setdefault(group_of(bundle, released.content), []).append(released)
        for group, of_group in groups.items():
            name = territoire.nom if group == territoire.nom else f"{territoire.nom}{NBSP}: {group}"
            rows.append(
                (
                    Counts(name, tuple(span(r.content) for r in of_group), _last(bundle, of_group[-1])),
                    of_group,
                )
            )
            last.append(of_group[-1])
        figures += found
        if not found:
            silent.append(territoire.nom)
    if len(rows) < FEWEST_POINTS:
        if not rows:
            return absence("Effectif des EBE : aucun chiffre publié ne porte de date sûre.")
        points = [
            f"{html.escape(counts.name, quote=False)} {figure_link(found[-1], bundle)} ({html.escape(found[-1].content.periode.label if found[-1].content.periode else '')})"
            for counts, found in rows
        ]
        return too_few(
            "Effectif des EBE au dernier compte daté",
            points,
            anchor="effectifs-tous",
            note=cited(bundle, (r.content.source for r in last)),
        )
    rows.sort(key=lambda row: -row[0].values[-1].middle)
    counts = [row[0] for row in rows]
    caption = _last_counts(bundle, last)
    gap = f" Sans effectif à date sûre : {', '.join(silent)}." if silent else ""
    top = rows[0][1][-1].content
    return Chart(
        anchor="effectifs-tous",
        caption=caption,
        subtitle="Effectif de chaque EBE ou site, en personnes : le dernier compte daté en rouge, les précédents en gris.",
        drawing=last_counts_svg(counts, unit="personnes"),
        alt=f"{caption}. " + " ; ".join(f"{row.name} : {row.told}" for row in counts) + ".",
        lecture=html.escape(f"Lecture : {counts[0].name}, {dated_reading(bundle, top)}.", quote=False),
        champ="Champ : EBE et sites des territoires dont une source imprime l'effectif et sa date.",
        note=html.escape(
            "Les dates diffèrent : les lignes ne se comparent pas à un même jour. Un territoire peut avoir plusieurs "
            f"EBE ou plusieurs sites, une ligne pour chacun.{gap} ",
            quote=False,
        )
        + bounds_told(bundle, figures)
        + cited(bundle, (r.content.source for r in figures)),
        data=tables.chart_data(bundle, figures, "Effectifs publiés à date sûre"),
    ).block()


def _last(bundle: Bundle, released: Released[Chiffre]) -> str:
    """The last count of a row in words; a dispute is told."""
    chiffre = released.content
    when = f", {chiffre.periode.label}" if chiffre.periode else ""
    said = ", contesté" if chiffre.desaccord else ""
    return f"{full_reading(chiffre, bundle.dictionary.unit_of(chiffre.indicateur))}{when}{said}"


def _last_counts(bundle: Bundle, last: Sequence[Released[Chiffre]]) -> str:
    """The range of the last counts and of their dates."""
    ordered = sorted(last, key=lambda r: span(r.content).middle)
    dates = in_time(last)
    low = reading(ordered[0].content, bundle.dictionary.unit_of(ordered[0].content.indicateur))
    high = full_reading(ordered[-1].content, bundle.dictionary.unit_of(ordered[-1].content.indicateur))
    first, final = (r.content.periode.label if r.content.periode else "" for r in (dates[0], dates[-1]))
    return (
        f"Au dernier compte daté, de {low} à {high} par EBE ou par site ; les dates vont de {first} à {final}"
    )


@of_published
def chiffres(bundle: Bundle, *indicators: str, anchor: str, caption: str, places: Sequence[str]) -> Block:
    """The figures of these indicators for these places, in order of time."""
    figures = [r for r in bundle.of(*indicators) if r.content.territoire in places]
    figures.sort(key=lambda r: (r.content.periode is None, str(r.content.periode)))
    return tables.figures_table(bundle, figures, anchor=anchor, caption=caption)


@of_published
def evaluations(bundle: Bundle, *indicators: str) -> Block:
    """What the evaluations publish, a row a figure in the order of the quantities; then what was read of each."""
    columns = (
        Column("Ce qui est mesuré"),
        Column("Évaluation"),
        Column("Valeur publiée"),
        Column("De qui, de quand"),
        Column("Prix de"),
    )
    codes = {evaluation.evaluation: evaluation for evaluation in bundle.evaluations}
    figures = [r for name in indicators for r in bundle.of(name) if r.content.evaluation in codes]
    rows = [_evaluation_row(bundle, r, codes[r.content.evaluation]) for r in figures]
    read = _evaluations_read(bundle, figures)
    if not rows:
        return absence("Aucune évaluation lue ne publie ces grandeurs.", anchor="evaluations") + read
    note = (
        "Les populations, les années et les méthodes diffèrent : deux valeurs de la même grandeur ne se soustraient pas. "
        "Une grandeur qu'une évaluation ne publie pas, ou que ce qui en a été lu ne dit pas, n'a pas de ligne."
    )
    return Table("evaluations", "Ce que publient les évaluations", columns, rows, note=note).block() + read


def _evaluation_row(bundle: Bundle, released: Released[Chiffre], evaluation: Evaluation) -> list[str]:
    chiffre = released.content
    when = chiffre.periode.label if chiffre.periode else "non datée"
    scope = f"{chiffre.champ}, {when}" if chiffre.champ else when
    price = str(chiffre.annee_prix or "année non établie") if chiffre.is_money else "sans objet"
    return [
        indicator_link(chiffre.indicateur, bundle),
        html.escape(evaluation.nom, quote=False),
        figure_link(released, bundle, with_unit=True),
        html.escape(scope, quote=False),
        price,
    ]


def _evaluations_read(bundle: Bundle, figures: Sequence[Released[Chiffre]]) -> Block:
    """Every evaluation: its method, what was read of it, how many figures of the first table are its own."""
    columns = (Column("Évaluation"), Column("Méthode"), Column("Ce qui en a été lu"))
    rows = []
    silent = []
    for evaluation in bundle.evaluations:
        if all(r.content.evaluation != evaluation.evaluation for r in figures):
            silent.append(evaluation.nom)
        rows.append(
            [
                html.escape(evaluation.nom, quote=False),
                _latin(inline(evaluation.methode, bundle)),
                html.escape(evaluation.lecture, quote=False),
            ]
        )
    if not rows:
        return Block("")
    note = f"Sans chiffre au tableau précédent : {', '.join(silent)}." if silent else ""
    return Table(
        "evaluations-lues",
        "Les évaluations, leur méthode et ce qui en a été lu",
        columns,
        rows,
        note=html.escape(note, quote=False),
    ).block()


def _latin(words: str) -> str:
    """HTML whose Latin phrases are in italics, as French sets them."""
    return re.sub(r"\b(a minima|a priori|a posteriori|ex ante|ex post)\b", r"<i>\1</i>", words)


def echelle(bundle: Bundle) -> Block:
    """How evidence is weighed: what each direction means, then each degree of strength, the strongest first."""
    directions = " ; ".join(
        f"elle <strong>{html.escape(direction.libelle)}</strong> l'hypothèse quand "
        f"{html.escape(direction.definition, quote=False)}"
        for direction in bundle.dictionary.directions
    )
    degrees = " ; ".join(
        f"<strong>{html.escape(degree.libelle)}</strong> quand {html.escape(degree.definition, quote=False)}"
        for degree in bundle.dictionary.forces
    )
    return Block(
        f"<p>Chaque preuve a une direction : {directions}. Elle a aussi une force ; une preuve est dite "
        f"{degrees}. La force porte sur le fait cité, et non sur l'hypothèse.</p>"
    )


@of_published
def preuves(bundle: Bundle, hypothesis: str) -> Block:
    """The evidence on a hypothesis by direction, then strongest first: on whom, against what, how revised."""
    found = [p for p in bundle.preuves if p.hypothese == hypothesis]
    if not found:
        return absence(
            "Aucun élément n'a encore été versé au dossier de cette hypothèse.",
            anchor=f"preuves-{hypothesis.lower()}",
        )
    direction, degree = bundle.dictionary.direction, bundle.dictionary.force
    found.sort(key=lambda p: (direction(p.direction).rang, degree(p.force).rang))
    rows = [
        [
            ranked(html.escape(direction(p.direction).libelle, quote=False), direction(p.direction).rang),
            ranked(f"preuve {degree(p.force).libelle}", degree(p.force).rang),
            inline(p.element, bundle),
            _compared(bundle, p),
            f"{inline(p.raison, bundle)}<br>"
            f'<span class="precision">La ferait changer : {inline(uncapitalized(p.revision), bundle)}</span>',
        ]
        for p in found
    ]
    columns = (
        Column("Direction"),
        Column("Force"),
        Column("Élément de preuve"),
        Column("De qui, comparé à quoi"),
        Column("Pourquoi cette force, et ce qui la ferait changer"),
    )
    caption = f"Hypothèse {hypothesis[1]} : {bilan_des_preuves(bundle, found)}"
    return Table(f"preuves-{hypothesis.lower()}", caption, columns, rows).block()


def _compared(bundle: Bundle, preuve: Preuve) -> str:
    """On whom a piece of evidence is, in which phase, and what it sets against what."""
    first, *others = [phase_named(bundle, phase) for phase in preuve.phases]
    phases = html.escape(listed([first, *map(uncapitalized, others)]), quote=False)
    about = html.escape(preuve.population, quote=False)
    return f'{about}<br><span class="precision">{phases}. {inline(preuve.comparaison, bundle)}</span>'


@of_published
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


def _territoire_link(territoire: Territoire) -> str:
    return f'<a href="{territoire.code}.html">{html.escape(territoire.nom)}</a>'


def _cell(bundle: Bundle, territoire: Territoire, indicator: str) -> str:
    """The last dated figure of each place and EBE of the territory, with those that dispute it."""
    figures = bundle.of(indicator, place=territoire.code)
    dated = [r for r in figures if r.content.dated]
    last = {(r.content.territoire, r.content.champ): r for r in sorted(dated, key=period_start)}
    kept = {r.content.numero for r in last.values()}
    disputes = {r.content.desaccord for r in last.values()} - {""}
    shown = [r for r in figures if r.content.numero in kept or r.content.desaccord in disputes]
    return _stacked(bundle, shown or list(figures), within=territoire.code)


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
