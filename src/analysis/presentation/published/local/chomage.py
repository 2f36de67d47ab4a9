"""The registered jobseekers and the unemployment rate of the zone."""

from __future__ import annotations

import html
from collections.abc import Sequence

from analysis.noyau.french import capitalized
from analysis.noyau.periods import Period
from analysis.presentation.drawing.multiples import Facet, facets_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart
from analysis.presentation.parts.marks import events, territoire_of
from analysis.presentation.parts.tables import absence
from analysis.presentation.published.local.emploi_prive import kind
from analysis.presentation.published.local.series import (
    few_points,
    from_to,
    in_words,
    rate_told,
    series_data,
    sources_of,
    titles_of,
    told_curve,
    zone_note,
    zone_series,
)
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Serie

HABILITATION_QUARTER = "2016-T4"
"""The quarter from which the change of the unemployment rate is told."""


def demandeurs_emploi(bundle: Bundle) -> Block:
    """Jobseekers registered in the commune, categories A, B and C."""
    series = []
    for commune in territoire_of(bundle).communes_suivies:
        series += zone_series(bundle, "demandeurs_emploi_abc", commune, ("commune",))
        series += zone_series(bundle, "demandeurs_emploi_abc_decembre", commune, ("epci",))
        series += zone_series(bundle, "demandeurs_emploi_abc_un_an_decembre", commune, ("epci",))
    if not series:
        return absence(
            "Demandeurs d'emploi inscrits : aucune série communale publiée n'a été trouvée pour ce territoire."
        )
    shown = [r for r in series if len(r.content.points) >= FEWEST_POINTS]
    few = [few_points(bundle, r) for r in series if r not in shown]
    sentences = Block("\n".join(block.html for block in few))
    if not shown:
        return sentences
    facets = [
        Facet(title, (told_curve(r.content, "montree", ""),))
        for r, title in zip(shown, titles_of(bundle, shown), strict=True)
    ]
    first = shown[0].content
    caption = _jobseekers_outcome([r.content for r in shown if r.content.indicateur == first.indicateur])
    chart = Chart(
        anchor="demandeurs-emploi",
        caption=caption,
        subtitle="Demandeurs d'emploi inscrits en catégories A, B et C, en nombre de personnes.",
        drawing=facets_svg(facets, events=events(bundle), from_zero=True),
        alt=f"{caption}. " + " ".join(in_words(bundle, r.content) for r in shown),
        lecture=html.escape(
            f"Lecture : {first.zone_label}, {first.points[-1].periode.adverb}, "
            f"{decimal(first.points[-1].valeur, 0)} personnes inscrites.",
            quote=False,
        ),
        champ="Champ : personnes inscrites à Pôle emploi puis à France Travail, selon leur commune de résidence.",
        note=zone_note(bundle, shown)
        + " Un inscrit n'est pas forcément une personne privée durablement d'emploi, et l'inverse est vrai aussi. "
        "Cette série n'existe ni pour la zone d'emploi ni pour la France dans les données lues. "
        + sources_of(bundle, shown),
        data=series_data(bundle, shown, "Demandeurs d'emploi inscrits"),
    ).block()
    return chart + sentences


def taux_chomage(bundle: Bundle) -> Block:
    """The localised unemployment rate of each zone d'emploi beside its département and France."""
    zones: dict[str, list[Released[Serie]]] = {}
    for commune in territoire_of(bundle).communes_suivies:
        kinds = ("zone_emploi", "departement", "france")
        found = zone_series(bundle, "taux_chomage_localise", commune, kinds)
        if found:
            zones.setdefault(found[0].content.zone, found)
    if not zones:
        return absence("Taux de chômage localisé : aucune série publiée n'a été trouvée.")
    series = list(dict.fromkeys(r for found in zones.values() for r in found))
    if all(len(r.content.points) < FEWEST_POINTS for r in series):
        return Block("\n".join(few_points(bundle, r).html for r in series))
    several = len(zones) > 1
    facets = [_rate_facet([r.content for r in found], named=several) for found in zones.values()]
    dates = _rate_dates(series[0].content)
    caption = _rate_outcome([r.content for r in series], *dates)
    first = series[0].content
    return Chart(
        anchor="taux-chomage",
        caption=caption,
        subtitle="Taux de chômage localisé, en % de la population active, par trimestre. L'axe ne part pas de zéro.",
        drawing=facets_svg(facets, events=events(bundle)),
        alt=f"{caption}. " + " ".join(in_words(bundle, r.content, dates) for r in series),
        lecture=html.escape(
            f"Lecture : {first.zone_label}, {first.points[-1].periode.adverb}, "
            f"{rate_told(first.points[-1].valeur)} de la population active au chômage.",
            quote=False,
        ),
        champ="Champ : personnes actives de quinze ans ou plus, chômage au sens du Bureau international du "
        "travail, données corrigées des variations saisonnières.",
        note="Cette figure dit le contexte, pas un effet : le taux n'existe pas à l'échelle de la commune, et la "
        "zone d'emploi est bien plus vaste que le périmètre de l'expérimentation. "
        + sources_of(bundle, series),
        data=series_data(bundle, series, "Taux de chômage localisés"),
    ).block()


def _rate_facet(series: Sequence[Serie], *, named: bool) -> Facet:
    """A zone d'emploi in red; the zone that stands for it where its own series is not published."""
    first, *others = series
    curves = [told_curve(first, "montree", kind(first) if named else first.zone_label, ends=(-1,))]
    for serie in others:
        name = kind(serie) if named else serie.zone_label
        curves.append(told_curve(serie, serie.zone_type, name, ends=(-1,)))
    return Facet(capitalized(first.zone_label) if named else "", tuple(curves))


def _rate_dates(shown: Serie) -> tuple[str, str]:
    """The two periods that the rate is compared at: the habilitation, else the first; the last."""
    start = (
        HABILITATION_QUARTER if shown.at(HABILITATION_QUARTER) is not None else shown.points[0].periode.text
    )
    return start, shown.points[-1].periode.text


def _rate_outcome(series: Sequence[Serie], start: str, last: str) -> str:
    """What became of the rate since the habilitation in the zones d'emploi, beside France."""
    ends = [(s.zone_label, s.at(start), s.at(last)) for s in series if s.zone_type != "departement"]
    said = [
        f"{from_to(rate_told(before), rate_told(after))} ({label})"
        for label, before, after in ends
        if before is not None and after is not None
    ]
    return f"Chômage {Period(f'{start}/{last}').label} : {', '.join(said)}"


def _jobseekers_outcome(series: Sequence[Serie]) -> str:
    """The first and the last count of each zone of one indicator."""
    first, last = series[0].points[0].periode, series[0].points[-1].periode
    said = [
        f"{from_to(decimal(before, 0), decimal(after, 0))} ({s.zone_label})"
        for s in series
        if (before := s.at(first.text)) is not None and (after := s.at(last.text)) is not None
    ]
    return f"Demandeurs d'emploi inscrits {Period(f'{first}/{last}').label} : {', '.join(said)}"
