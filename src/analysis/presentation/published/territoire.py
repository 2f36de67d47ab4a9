"""What a territory's chapter shows, block by block; each takes the chapter's bundle."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import date

from analysis.noyau.declared.dictionary import FATE
from analysis.noyau.french import counted, uncapitalized
from analysis.noyau.periods import Period
from analysis.noyau.territoires import Commune, Ebe, Site
from analysis.presentation.drawing.charts import map_svg
from analysis.presentation.drawing.points import Cloud, clouds_over_time_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts import tables
from analysis.presentation.parts.attentes import REGARD, attente
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, Column, Table, too_few
from analysis.presentation.parts.ecrits import put_later
from analysis.presentation.parts.links import figure_link, indicator_link, period_label, source_link
from analysis.presentation.parts.marks import (
    bounds_told,
    cited,
    dated_reading,
    events,
    group_of,
    heading,
    located,
    milestones,
    published_dots,
    territoire_of,
)
from analysis.presentation.parts.prose import inline, resolve
from analysis.presentation.parts.tables import absence, figures_table
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Chiffre

_STAFF = ("effectif_ebe", "effectif_une_ebe")
_ON_THE_CARD = frozenset({"perimetre", "departement", "intercommunalite", "date_habilitation"})


def titre(bundle: Bundle) -> Block:
    """The chapter's title: the territory's name."""
    return heading(bundle, territoire_of(bundle).nom)


def carte_identite(bundle: Bundle) -> Block:
    """The identity card: area, communes, zones around it, habilitation, EBE, each with its source."""
    territoire = territoire_of(bundle)
    communes, official = territoire.communes, "Code officiel géographique"
    listed = source_link(territoire.source, bundle)
    habilitation = _dated_link(bundle, "date_habilitation", territoire.date_habilitation)
    rows = [*_fates(bundle), ["Habilitation", habilitation, listed]]
    for site in territoire.sites:
        name = "Périmètre" if len(territoire.sites) == 1 else f"Périmètre, site de {site.nom}"
        rows.append([name, html.escape(_perimeter(site), quote=False), listed])
    rows += [
        ["Communes", html.escape(_commune_names(communes), quote=False), official],
        ["Département", _joined(communes, "departement_nom", "departement"), official],
        ["Intercommunalité actuelle", _joined(communes, "epci_nom"), official],
        ["Zone d'emploi", _joined(communes, "zone_emploi_nom"), "Insee, zonage de 2020"],
    ]
    for ebe in territoire.ebe:
        name = f"{html.escape(ebe.nom, quote=False)}, {_opening(bundle, ebe)}"
        rows.append(["EBE", name, source_link(ebe.source, bundle)])
    if not territoire.ebe:
        rows.append(["EBE", "aucune EBE connue des sources lues", "–"])
    columns = (Column("Élément"), Column("Ce qui est connu"), Column("Source"))
    caption = f"Carte d'identité : {territoire.nom}"
    return Table("carte-identite", caption, columns, rows).block()


def _fates(bundle: Bundle) -> Iterator[list[str]]:
    """The rows of what decides the territory's fate, each with its date and its source."""
    for released in bundle.of_families(FATE):
        chiffre = released.content
        parts = (period_label(chiffre), chiffre.champ, uncapitalized(chiffre.note.removesuffix(".")))
        said = " ; ".join(part for part in parts if part)
        detail = html.escape(said, quote=False)
        yield [
            indicator_link(chiffre.indicateur, bundle),
            f'<strong>{figure_link(released, bundle)}</strong><br><span class="precision">{detail}</span>',
            source_link(chiffre.source, bundle),
        ]


def carte(bundle: Bundle) -> Block:
    """Where the territory is, on the outline of metropolitan France."""
    territoire = territoire_of(bundle)
    rows = [
        [html.escape(c.nom), decimal(c.longitude, 3), decimal(c.latitude, 3)]
        for c in territoire.communes_suivies or territoire.communes
    ]
    columns = (
        Column("Commune"),
        Column("Longitude (degrés)", True),
        Column("Latitude (degrés)", True),
    )
    departements = ", ".join(dict.fromkeys(c.departement_nom for c in territoire.communes))
    count = counted(len(bundle.territoires), "territoire", "territoires")
    caption = f"{territoire.nom} ({departements}), l'un des {count} de l'expérimentation"
    return Chart(
        anchor="carte",
        caption=caption,
        subtitle=f"{territoire.nom} en rouge, les autres territoires de la première phase en gris.",
        drawing=map_svg(bundle.territoires, highlighted=territoire.code),
        alt=f"{caption}. Carte de la France métropolitaine : en rouge, {located([territoire])} ; en gris, "
        f"{located(t for t in bundle.territoires if t.code != territoire.code)}.",
        note="Le point est au centre de la commune, ou à la moyenne des communes suivies ; "
        "il ne dessine pas le périmètre. Fond : Natural Earth, domaine public.",
        data=Table("carte-donnees", "Coordonnées", columns, rows),
    ).block()


@put_later("texte")
def texte(bundle: Bundle) -> Block:
    """What an evaluator wrote of the territory, its numbers taken from the register.

    The end of the ten lines is with them.
    """
    if bundle.texte is None or not bundle.texte.reste:
        return attente(bundle, REGARD)
    signature = html.escape(f"{bundle.texte.auteur}, {bundle.texte.date.label}", quote=False)
    body = resolve(bundle.texte.reste, bundle)
    return Block(f'<div class="texte">{body}<p class="signature">{signature}</p></div>')


def effectifs(bundle: Bundle) -> Block:
    """The EBE's staff at each date that a source prints; nothing joins the points.

    Fewer than ``FEWEST_POINTS`` are a sentence.
    """
    everything = bundle.of(*_STAFF)
    figures = sorted(
        (r for r in everything if r.content.dated and r.content.is_number),
        key=lambda r: (str(r.content.periode), r.content.numero),
    )
    if not figures:
        return absence(
            "Effectif de l'EBE : aucun chiffre publié ne porte de date sûre, le graphique n'est donc pas tracé."
        )
    undated = len(everything) - len(figures)
    note = (
        f"Le tableau suivant donne aussi {counted(undated, 'valeur', 'valeurs')} sans date sûre. "
        if undated
        else ""
    )
    note += cited(bundle, (figure.content.source for figure in figures))
    if len(figures) < FEWEST_POINTS:
        points = [_told(bundle, figure) for figure in figures]
        return too_few(
            "Effectif de l'EBE, aux dates imprimées par les sources",
            points,
            anchor="effectifs-ebe",
            note=note,
        )
    last = figures[-1].content
    said = ", ".join(dated_reading(bundle, c) for c in milestones([r.content for r in figures]))
    caption = f"Effectif de l'EBE : {said}"
    dots = published_dots(bundle, figures, group=lambda chiffre: group_of(bundle, chiffre))
    return Chart(
        anchor="effectifs-ebe",
        caption=caption,
        subtitle="Personnes employées, aux dates imprimées par les sources ; en pointillé, l'habilitation et l'ouverture.",
        drawing=clouds_over_time_svg([Cloud("", dots)], events=events(bundle)),
        alt=f"{caption}. "
        + " ; ".join(f"{group_of(bundle, r.content)}, {dated_reading(bundle, r.content)}" for r in figures)
        + ".",
        lecture=html.escape(
            f"Lecture : {group_of(bundle, last)}, {dated_reading(bundle, last)}.", quote=False
        ),
        champ="Champ : salariés de l'EBE selon chaque source, qui ne dit pas toujours si l'encadrement y est compté.",
        note="Chaque point est une valeur imprimée par une source datée ; rien n'est interpolé. "
        + bounds_told(bundle, figures)
        + note,
        data=tables.chart_data(bundle, figures, "Effectifs publiés à date sûre"),
    ).block()


def chiffres_publies(bundle: Bundle, *families: str, anchor: str, caption: str) -> Block:
    """Every published figure of these families of the dictionary, but what the identity card says."""
    figures = [r for r in bundle.of_families(*families) if r.content.indicateur not in _ON_THE_CARD]
    return figures_table(bundle, figures, anchor=anchor, caption=caption)


def hypothese(bundle: Bundle, code: str) -> Block:
    """The figures that bear on a hypothesis, what each does not say, and how strong they are."""
    figures = [
        r for r in bundle.chiffres if code in bundle.dictionary.indicator(r.content.indicateur).hypotheses
    ]
    if not figures:
        missing = bundle.dictionary.force("absente").libelle
        return absence(f"Preuve {missing} : aucun chiffre publié de ce territoire n'éclaire cette hypothèse.")
    by_indicator: dict[str, list[Released[Chiffre]]] = {}
    for figure in figures:
        by_indicator.setdefault(figure.content.indicateur, []).append(figure)
    rows = [
        [
            indicator_link(name, bundle),
            _last_said(bundle, group),
            inline(bundle.dictionary.indicator(name).limite, bundle),
        ]
        for name, group in by_indicator.items()
    ]
    columns = (Column("Ce qui est publié"), Column("Dernière valeur datée"), Column("Ce que cela ne dit pas"))
    caption = f"Chiffres du territoire qui éclairent l'hypothèse {code[1]}"
    table = Table(f"hypothese-{code.lower()}", caption, columns, rows).block()
    return Block(f'<p class="force">{_strength(bundle, figures)}</p>') + table


def _last_said(bundle: Bundle, figures: Sequence[Released[Chiffre]]) -> str:
    """The last dated figure of an indicator, or the first where none is; the others stand higher in the page."""
    last = max(figures, key=_dated_end)
    said = [_details(bundle, last.content)]
    if others := len(figures) - 1:
        said.append(counted(others, "autre valeur plus haut", "autres valeurs plus haut"))
    if any(r.content.desaccord for r in figures):
        said.append("les sources se contredisent")
    detail = html.escape(" ; ".join(said), quote=False)
    return f'{figure_link(last, bundle, with_unit=True)}<br><span class="precision">{detail}</span>'


def _dated_end(released: Released[Chiffre]) -> date:
    """The last day of a figure's period, the beginning of time where its date is not sure."""
    period = released.content.periode
    return period.end if period is not None and released.content.periode_sure else date.min


def sources(bundle: Bundle) -> Block:
    """The sources of every figure and series of the chapter."""
    return tables.sources_table(bundle, (source.source for source in bundle.sources))


def _details(bundle: Bundle, chiffre: Chiffre) -> str:
    covered = tables.scope(bundle, chiffre, within=territoire_of(bundle).code)
    return ", ".join(part for part in (covered, period_label(chiffre)) if part)


def _strength(bundle: Bundle, figures: Sequence[Released[Chiffre]]) -> str:
    """How strong the evidence is: how many figures, how many dated, how many at first hand."""
    dated = sum(r.content.dated for r in figures)
    first_hand = sum(bundle.source(r.content.source).nature in tables.FIRST_HAND for r in figures)
    return (
        f"Preuve {bundle.dictionary.force('indicative').libelle} : "
        f"{counted(len(figures), 'chiffre publié', 'chiffres publiés')}, "
        f"dont {dated or 'aucun'} à date sûre et {first_hand or 'aucun'} de première main "
        "(institution, texte officiel, statistique) ; "
        "aucun n'est rapporté à ce qui se serait passé sans l'expérimentation."
    )


def _opening(bundle: Bundle, ebe: Ebe) -> str:
    if ebe.date_ouverture is None:
        return "date d'ouverture non établie"
    day = _dated_link(bundle, "date_ouverture_ebe", ebe.date_ouverture)
    said = f"ouverture : {day}" if ebe.date_sure else f"ouverture non datée (déduite : {day})"
    dates = [r.content for r in bundle.of("date_ouverture_ebe") if r.content.champ in ("", ebe.nom)]
    is_disputed = any(chiffre.desaccord for chiffre in dates)
    return f"{said}, contestée (voir les désaccords entre sources)" if is_disputed else said


def _dated_link(bundle: Bundle, indicator: str, period: Period) -> str:
    """A date linked to the row of the register that prints it, its label alone where there is none."""
    for released in bundle.of(indicator):
        if released.content.valeur_imprimee == period.text:
            return figure_link(released, bundle)
    return html.escape(period.label)


def _perimeter(site: Site) -> str:
    smaller = " (plus petit que la commune)" if site.perimetre == "quartiers" else ""
    return f"{site.perimetre_nom}{smaller}"


def _commune_names(communes: Sequence[Commune]) -> str:
    names = [commune.nom for commune in communes]
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:5])} et {len(names) - 5} autres"


def _joined(communes: Sequence[Commune], name: str, code: str = "") -> str:
    """The distinct values of a field over communes, with their codes where asked."""
    values = (
        (getattr(c, name) + (f" ({getattr(c, code)})" if code else "")) or "sans objet" for c in communes
    )
    return html.escape(", ".join(dict.fromkeys(values)), quote=False)


def _told(bundle: Bundle, released: Released[Chiffre]) -> str:
    """A figure linked to its row, with its date, of whom, and whether sources dispute it."""
    chiffre = released.content
    group = group_of(bundle, chiffre)
    parts = [
        "" if group == territoire_of(bundle).nom else group,
        period_label(chiffre),
        "les sources se contredisent" if chiffre.desaccord else "",
    ]
    details = html.escape(", ".join(part for part in parts if part), quote=False)
    return f"{figure_link(released, bundle, with_unit=True)} ({details})"
