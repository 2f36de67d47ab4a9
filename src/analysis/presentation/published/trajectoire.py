"""How a quantity of all the territories moved, at the dates that sources print."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from analysis.noyau.french import uncapitalized
from analysis.presentation.drawing.points import Cloud, clouds_over_time_svg
from analysis.presentation.numbers import NBSP, full_reading, reading
from analysis.presentation.parts import tables
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Chart, too_few
from analysis.presentation.parts.links import (
    figure_link,
    source_link,
)
from analysis.presentation.parts.marks import (
    bounds_told,
    cited,
    dated_reading,
    in_time,
    is_dated_number,
    milestones,
    published_dots,
)
from analysis.presentation.parts.tables import absence, of_published
from analysis.secret.bundle import Bundle
from analysis.secret.release import Released
from analysis.sources.fiches import Chiffre


@of_published
def trajectoire(bundle: Bundle, *indicators: str, places: Sequence[str]) -> Block:
    """Figures of all the territories together at the dates that sources print, one quantity above the other.

    A quantity of fewer than ``FEWEST_POINTS`` figures is told in a sentence.
    """
    of_all = {
        name: in_time(
            r
            for r in bundle.of(name)
            if r.content.territoire in places
            and is_dated_number(r.content)
            and not bundle.is_set_aside(r.content)
        )
        for name in indicators
    }
    drawn = {name: found for name, found in of_all.items() if len(found) >= FEWEST_POINTS}
    few = {name: found for name, found in of_all.items() if found and name not in drawn}
    sentences = Block("\n".join(_few_figures(bundle, name, found).html for name, found in few.items()))
    if not drawn:
        return sentences if few else absence("Aucun chiffre national publié ne porte de date sûre.")
    clouds = [
        Cloud(
            _with_unit(bundle, name),
            published_dots(bundle, found, group=lambda c: phase_named(bundle, c.territoire)),
        )
        for name, found in drawn.items()
    ]
    figures = [r for found in drawn.values() for r in found]
    said = [_course(bundle, name, found, places) for name, found in drawn.items()]
    first = next(iter(drawn))
    caption = _milestones(bundle, drawn[first], places)
    disputed = sum(bool(r.content.desaccord) for r in figures)
    doubt = (
        f" Sur {disputed} de ces valeurs, les sources se contredisent (voir les désaccords)."
        if disputed
        else ""
    )
    chart = Chart(
        anchor="trajectoire",
        caption=caption,
        subtitle="Aux dates imprimées par les sources ; la deuxième phase compte d'ordinaire les territoires de la "
        "première.",
        drawing=clouds_over_time_svg(clouds),
        alt=". ".join([caption, *said]) + ".",
        lecture=_read_figure(bundle, drawn[first][-1]),
        champ=_champ(bundle, figures),
        note="Chaque point est une valeur imprimée par une source datée ; rien n'est interpolé, et les deux phases "
        f"ne couvrent pas les mêmes territoires.{doubt} "
        + bounds_told(bundle, figures)
        + cited(bundle, (r.content.source for r in figures)),
        data=tables.chart_data(bundle, figures, "Chiffres nationaux à date sûre"),
    ).block()
    return chart + sentences


def _with_unit(bundle: Bundle, name: str) -> str:
    """A quantity with its unit, unless its name says it."""
    label, unit = bundle.dictionary.indicator(name).libelle, bundle.dictionary.unit_of(name).pluriel
    return label if unit.casefold() in label.casefold() else f"{label} ({unit})"


def _milestones(bundle: Bundle, found: Sequence[Released[Chiffre]], places: Sequence[str]) -> str:
    """The finding of a trajectory: its first, highest and last figure in the first phase, its last one since."""
    by_place = [[r.content for r in found if r.content.territoire == place] for place in places]
    first, *others = [figures for figures in by_place if figures]
    unit = bundle.dictionary.unit_of(first[0].indicateur)
    said = [f"{reading(chiffre, unit)} {_when(chiffre)}" for chiffre in milestones(first)]
    for figures in others:
        phase = uncapitalized(phase_named(bundle, figures[-1].territoire))
        said.append(f"{reading(figures[-1], unit)} {_when(figures[-1])} ({phase})")
    return f"{_with_unit(bundle, first[0].indicateur)} : {', '.join(said)}"


def _when(chiffre: Chiffre) -> str:
    return chiffre.periode.adverb if chiffre.periode else "à une date inconnue"


_PHASES = {"national": "Première phase", "phase-2": "Deuxième phase"}
"""What a chart calls the territories taken together, in two words."""


def phase_named(bundle: Bundle, place: str) -> str:
    """What a chart calls the territories taken together; a place by its own name."""
    return _PHASES.get(place) or bundle.place_name(place)


def _course(bundle: Bundle, name: str, found: Sequence[Released[Chiffre]], places: Sequence[str]) -> str:
    """What became of a quantity: its first, its highest and its last figure in each phase."""
    parts = []
    for place in places:
        of_place = [r.content for r in found if r.content.territoire == place]
        ends = milestones(of_place) if of_place else []
        said = ", puis ".join(dated_reading(bundle, chiffre) for chiffre in ends)
        if said:
            parts.append(f"{said} ({uncapitalized(phase_named(bundle, place))})")
    return f"{bundle.dictionary.indicator(name).libelle} : {' ; '.join(parts)}"


def _read_figure(bundle: Bundle, released: Released[Chiffre]) -> str:
    """One point of a chart of figures, read aloud, with who says it."""
    chiffre = released.content
    label = uncapitalized(bundle.dictionary.indicator(chiffre.indicateur).libelle)
    phase = uncapitalized(phase_named(bundle, chiffre.territoire))
    when = f"{chiffre.periode.adverb}, " if chiffre.periode else ""
    value = html.escape(full_reading(chiffre, bundle.dictionary.unit_of(chiffre.indicateur)), quote=False)
    return (
        f"Lecture{NBSP}: {html.escape(f'{when}{label} ({phase})', quote=False)}{NBSP}: {value}, "
        f"d'après {source_link(chiffre.source, bundle)}."
    )


def _champ(bundle: Bundle, figures: Iterable[Released[Chiffre]]) -> str:
    """What the sets of territories of a chart are, as they are declared."""
    places = {r.content.territoire for r in figures}
    said = [
        f"{uncapitalized(phase_named(bundle, e.ensemble))}, {uncapitalized(e.definition).removesuffix('.')}"
        for e in bundle.ensembles
        if e.ensemble in places
    ]
    return html.escape(f"Champ : {' ; '.join(said)}.", quote=False)


def _few_figures(bundle: Bundle, name: str, found: Sequence[Released[Chiffre]]) -> Block:
    """A quantity of too few dated figures for a chart, every one with its date."""
    points = [
        f"{figure_link(r, bundle, with_unit=True)} "
        f"({html.escape(f'{r.content.periode.label}, ' if r.content.periode else '', quote=False)}"
        f"{html.escape(uncapitalized(phase_named(bundle, r.content.territoire)), quote=False)})"
        for r in found
    ]
    label = bundle.dictionary.indicator(name).libelle
    note = cited(bundle, (r.content.source for r in found))
    return too_few(label, points, anchor=f"trajectoire-{name}".replace("_", "-")[:40], note=note)
