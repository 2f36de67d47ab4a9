"""What people answered: opinions, choices, marks, scales, and how they change from wave to wave."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from analysis.noyau.declared.nomenclatures import Choix
from analysis.noyau.french import typography
from analysis.presentation.deposits.participation.vagues import NO, asked_told, place_of, waves_of
from analysis.presentation.drawing.rows import Divide, diverging_svg
from analysis.presentation.numbers import decimal
from analysis.presentation.parts.attentes import ENQUETES, attente
from analysis.presentation.parts.blocks import FEWEST_POINTS, Block, Column, Table
from analysis.presentation.parts.links import released_content
from analysis.presentation.parts.mesures import (
    Shown,
    bar_end,
    cell,
    count_of,
    extremes,
    figure,
    gap,
    interval_of,
    nearly_alike,
    note,
    nothing_shown,
    periods,
    value_of,
    words,
)
from analysis.presentation.parts.tables import absence
from analysis.secret.bundle import Bundle

_SIDES = ("avis_favorable", "avis_neutre", "avis_defavorable")
_SIDE_NAMES = ("avis défavorables", "avis favorables, avec leur intervalle à 95 %")


def avis(bundle: Bundle) -> Block:
    """What each survey answers at its last wave: one chart a survey, unfavourable on the left, favourable on the right."""
    place = place_of(bundle)
    last = dict(waves_of(bundle, place))
    if not last:
        return attente(bundle, ENQUETES)
    return sum((_avis_of(bundle, place, enquete, year) for enquete, year in last.items()), Block(""))


def _avis_of(bundle: Bundle, place: str, enquete: str, year: str) -> Block:
    codes = [c for c in bundle.definition("avis_favorable").modalites if c.code.startswith(f"{enquete}-")]
    asked = [
        (option.code, option.libelle)
        for option in codes
        if bundle.measured("avis_favorable", place=place, periode=year, modalite=option.code) is not None
    ]
    shown = {
        code: [bundle.measured(side, place=place, periode=year, modalite=code) for side in _SIDES]
        for code, _ in asked
    }
    label = bundle.label("enquete", enquete)
    caption = f"{label} : ce qu'ils répondent ({year})"
    everything = [r for line in shown.values() for r in line]
    if not everything or all(value_of(r) is None for r in everything):
        return nothing_shown(caption, everything) if everything else Block("")
    rows = [libelle for _, libelle in asked]
    weighed = {
        code: bundle.measured("avis_favorable_redresse", place=place, periode=year, modalite=code)
        for code, _ in asked
    }
    anchor = f"avis-{enquete.replace('_', '-')}"
    favourable, unfavourable = ([shown[code][side] for code, _ in asked] for side in (0, 2))
    alike = nearly_alike(bundle, f"{caption}, avis favorables", rows, favourable, anchor=anchor)
    if alike is not None and len(asked) >= FEWEST_POINTS and not extremes(rows, favourable, bundle):
        return alike
    told = [f"{libelle} {_sentence(shown[code], weighed[code], bundle)}" for code, libelle in asked]
    return figure(
        bundle,
        [*everything, *weighed.values()],
        anchor=anchor,
        title=_opinions_title(label, year, rows, favourable, bundle) or caption,
        subtitle=f"{caption}, en % des réponses à chaque question",
        draw=lambda: diverging_svg(
            [typography(libelle) for libelle in rows],
            [_divide(shown[code]) for code, _ in asked],
            _SIDE_NAMES,
        ),
        points=sum(value_of(r) is not None for r in (*favourable, *unfavourable)),
        told=told,
        lecture=next(
            (
                f"à « {row} », {words(r, bundle, with_unit=True)} des réponses sont favorables"
                for row, r in zip(rows, favourable, strict=True)
                if value_of(r) is not None
            ),
            "",
        ),
        champ="personnes qui ont répondu à la question",
        keeps_table=True,
        data=_opinions_data(bundle, caption, asked, shown, weighed),
    )


def _opinions_data(
    bundle: Bundle,
    caption: str,
    asked: Sequence[tuple[str, str]],
    shown: Mapping[str, Sequence[Shown]],
    weighed: Mapping[str, Shown],
) -> Table:
    """The shares of each question, the interval of the favourable one, and how many answered."""
    columns = (
        Column("Question"),
        Column("Favorables (%)", True),
        Column("Neutres ou sans avis (%)", True),
        Column("Défavorables (%)", True),
        Column("Intervalle à 95 %", True),
        Column("Favorables, redressé (%)", True),
        Column("Réponses", True),
    )
    rows = [
        [
            html.escape(libelle, quote=False),
            *(cell(r, bundle) for r in shown[code]),
            _interval(shown[code][0], decimals=0),
            cell(weighed[code], bundle),
            count_of(shown[code][0]),
        ]
        for code, libelle in asked
    ]
    return Table("donnees", caption, columns, rows)


def _opinions_title(
    label: str, year: str, questions: Sequence[str], favourable: Sequence[Shown], bundle: Bundle
) -> str:
    """The most and the least favourable questions; empty where fewer than two differ."""
    known = [(value, rank) for rank, r in enumerate(favourable) if (value := value_of(r)) is not None]
    if len({value for value, _ in known}) < 2:
        return ""
    low, high = min(known)[1], max(known)[1]
    most, least = (words(favourable[rank], bundle, with_unit=True) for rank in (high, low))
    return (
        f"{label}, {year} : {most} d'avis favorables à « {questions[high]} », {least} à « {questions[low]} »"
    )


def _divide(shown: Sequence[Shown]) -> Divide:
    favourable, _, unfavourable = shown
    known = None if favourable is None else released_content(favourable)
    return Divide(
        value_of(unfavourable),
        value_of(favourable),
        None if known is None else known.bas,
        None if known is None else known.haut,
        (gap(unfavourable), gap(favourable)),
    )


def _interval(shown: Shown, *, decimals: int) -> str:
    """The bounds of an estimate, a dash where it has none."""
    bounds = interval_of(shown)
    return f"{decimal(bounds[0], decimals)} à {decimal(bounds[1], decimals)}" if bounds else NO


def _sentence(sides: Sequence[Shown], weighed: Shown, bundle: Bundle) -> str:
    """What was answered to a question in words, the weighed share included where there is one."""
    names = ("favorables", "neutres ou sans avis", "défavorables")
    told = [f"{name} {bar_end(r, bundle)}" for name, r in zip(names, sides, strict=True)]
    told += [] if weighed is None else [f"favorables après redressement {bar_end(weighed, bundle)}"]
    return ", ".join(told)


def choix(bundle: Bundle) -> Block:
    """How many chose each answer of the questions that have no better or worse, at the last wave of each survey."""
    place = place_of(bundle)
    last = dict(waves_of(bundle, place))
    rows, everything = [], []
    for code, label in bundle.categories("choix_reponses", place):
        year = last.get(code.partition("-")[0], "")
        shown = bundle.measured("choix_reponses", place=place, periode=year, modalite=code)
        if shown is not None:
            everything.append(shown)
            rows.append([asked_told(Choix(code, label, ""), year, bundle), cell(shown, bundle)])
    if not rows:
        return Block("")
    columns = (Column("Question et réponse"), Column("Personnes", True))
    return Table("choix", "Les autres réponses", columns, rows, note=note(bundle, everything)).block()


def notes(bundle: Bundle) -> Block:
    """The mean marks from zero to ten, wave by wave."""
    place = place_of(bundle)
    rows, everything = [], []
    for question in bundle.definition("note_moyenne").modalites:
        for year in periods(bundle, "note_moyenne", place=place):
            shown = bundle.measured("note_moyenne", place=place, periode=year, modalite=question.code)
            if shown is not None:
                everything.append(shown)
                rows.append(
                    [
                        asked_told(question, year, bundle),
                        cell(shown, bundle),
                        _interval(shown, decimals=1),
                        count_of(shown),
                    ]
                )
    if not rows:
        return Block("")
    columns = (
        Column("Question"),
        Column("Note moyenne (sur 10)", True),
        Column("Intervalle à 95 %", True),
        Column("Réponses", True),
    )
    return Table("notes", "Les notes de zéro à dix", columns, rows, note=note(bundle, everything)).block()


def echelles(bundle: Bundle) -> Block:
    """The mean score and the reliability of each scale, wave by wave."""
    place = place_of(bundle)
    rows, everything = [], []
    for year in periods(bundle, "echelle_score", place=place):
        for option in bundle.definition("echelle_score").modalites:
            shown = [
                bundle.measured(name, place=place, periode=year, modalite=option.code)
                for name in ("echelle_score", "echelle_alpha")
            ]
            if shown[0] is not None:
                everything += shown
                head = html.escape(f"{option.libelle}, {year}", quote=False)
                rows.append(
                    [
                        head,
                        *(
                            text
                            for r, decimals in zip(shown, (1, 2), strict=True)
                            for text in (cell(r, bundle), _interval(r, decimals=decimals))
                        ),
                        count_of(shown[0]),
                    ]
                )
    if not rows:
        return Block("")
    columns = (
        Column("Échelle et année"),
        Column("Score moyen (sur 4)", True),
        Column("Son intervalle à 95 %", True),
        Column("Alpha de Cronbach", True),
        Column("Son intervalle à 95 %", True),
        Column("Réponses", True),
    )
    return Table("echelles", "Les échelles", columns, rows, note=note(bundle, everything)).block()


def evolutions(bundle: Bundle) -> Block:
    """What changed between two waves, among those who answered both."""
    place = place_of(bundle)
    names = (
        "evolution_hausse",
        "evolution_stable",
        "evolution_baisse",
        "evolution_moyenne",
        "evolution_test",
    )
    rows, everything = [], []
    for span in periods(bundle, names[0], place=place):
        for option in bundle.definition(names[0]).modalites:
            shown = [bundle.measured(n, place=place, periode=span, modalite=option.code) for n in names]
            if shown[0] is None or shown[0].content.etat == "absente":
                continue
            everything += shown
            rows.append(
                [
                    asked_told(option, f"de {span.replace('/', ' à ')}", bundle),
                    *(cell(r, bundle) for r in shown[:4]),
                    _interval(shown[3], decimals=2),
                    cell(shown[4], bundle),
                    count_of(shown[0]),
                ]
            )
    if not rows:
        is_asked = bool(waves_of(bundle, place))
        return (
            absence("Changements : aucune enquête n'a encore deux vagues jointes ici.")
            if is_asked
            else Block("")
        )
    columns = (
        Column("Question"),
        Column("Plus favorable (%)", True),
        Column("Inchangée (%)", True),
        Column("Moins favorable (%)", True),
        Column("Écart moyen (degrés)", True),
        Column("Intervalle à 95 %", True),
        Column("Probabilité par hasard", True),
        Column("Personnes", True),
    )
    before = "Une probabilité faible dit qu'un tel changement serait rare si rien n'avait changé ; elle n'en dit pas la cause. "
    said = note(bundle, everything, before=before)
    return Table("evolutions", "Ce qui change d'une vague à l'autre", columns, rows, note=said).block()
