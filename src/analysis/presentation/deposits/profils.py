"""Who is hired against who is concerned: their characteristics side by side, and how far the territories differ."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence

from analysis.noyau.french import counted
from analysis.noyau.mesures import ENSEMBLE
from analysis.noyau.periods import Period
from analysis.presentation.drawing.distributions import Strip, strips_svg
from analysis.presentation.drawing.rows import Pair, pairs_svg
from analysis.presentation.parts.blocks import Block, Column, Table
from analysis.presentation.parts.mesures import (
    Shown,
    bar_end,
    category,
    cell,
    figure,
    gap,
    last_period,
    nothing_shown,
    place_of,
    value_of,
    words,
)
from analysis.secret.bundle import Bundle

FEWEST_COMPARED = 3
"""The rows under which a chart does not say which is the most."""


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
    told = [
        f"{label} : embauchées {bar_end(a, bundle)}, jamais embauchées {bar_end(b, bundle)}"
        for label, a, b in zip(labels, hired, others, strict=True)
    ]
    far, comparable = _farthest(hired, others)
    return figure(
        bundle,
        shown,
        anchor="profil",
        title="Qui est embauché, parmi les volontaires éligibles : comparaison possible pour "
        f"{comparable or 'aucune'} des {len(codes)} caractéristiques"
        if far is None
        else f"{labels[far]} : {words(hired[far], bundle, with_unit=True)} des embauchées, "
        f"{words(others[far], bundle, with_unit=True)} des jamais embauchées, l'écart le plus grand",
        subtitle=f"Part des personnes qui ont la caractéristique, en %, {Period(day).label}",
        draw=lambda: pairs_svg(
            labels,
            [_pair(a, b) for a, b in zip(hired, others, strict=True)],
            ("embauchées en EBE", "jamais embauchées"),
            unit="part des personnes qui ont la caractéristique (%)",
            emphasis=[] if far is None else [labels[far]],
        ),
        points=sum(value_of(r) is not None for r in (*hired, *others)),
        told=told,
        lecture=next((row for row, a in zip(told, hired, strict=True) if value_of(a) is not None), ""),
        champ="volontaires éligibles dont la caractéristique est renseignée",
        before="Plus les deux points d'une ligne sont éloignés, plus les deux groupes diffèrent.",
        data=Table("donnees", "Profil des volontaires (parts en %)", tuple(columns), rows),
    )


def _farthest(first: Sequence[Shown], second: Sequence[Shown]) -> tuple[int | None, int]:
    """The rank of the two known numbers that differ most, None of fewer than ``FEWEST_COMPARED``; how many are known."""
    gaps = [
        (abs(a - b), rank)
        for rank, (one, other) in enumerate(zip(first, second, strict=True))
        if (a := value_of(one)) is not None and (b := value_of(other)) is not None
    ]
    return (max(gaps, key=lambda gap: gap[0])[1] if len(gaps) >= FEWEST_COMPARED else None), len(gaps)


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
    labels = [choix.libelle for choix in choices]
    told = [_spread(label, by_code[choix.code], bundle) for label, choix in zip(labels, choices, strict=True)]
    return figure(
        bundle,
        everything,
        anchor="ecarts-profil",
        title=_gaps_title(labels, list(by_code.values())),
        subtitle="Écart de profil entre embauchées et jamais embauchées, en écarts-types, un point par territoire",
        draw=lambda: strips_svg(
            [
                _row_of_gaps(label, by_code[choix.code], bundle)
                for label, choix in zip(labels, choices, strict=True)
            ],
            [_strip(by_code[choix.code]) for choix in choices],
            unit="plus rare ← chez les embauchées → plus fréquent",
        ),
        points=sum(value_of(r) is not None for r in everything),
        told=told,
        lecture=next((row for row in told if " à " in row), ""),
        champ="volontaires éligibles de chaque territoire, embauchés ou jamais embauchés",
        before="Un point à droite de zéro : la caractéristique est plus fréquente chez les embauchées que "
        "chez les volontaires jamais embauchées du même territoire. Le trait est la médiane des points ; le point "
        "le plus loin de zéro est nommé.",
        data=Table("donnees", "Écarts de profil par territoire", columns, rows),
    )


def _gaps_title(labels: Sequence[str], found: Sequence[Sequence[Shown]]) -> str:
    """The characteristic on which the most territories lean to one side."""
    leanings = []
    for label, shown in zip(labels, found, strict=True):
        values = [value for r in shown if (value := value_of(r)) is not None]
        for words_of_side, side in (("plus", 1), ("moins", -1)):
            leaning = sum(round(value, 2) * side > 0 for value in values)
            leanings.append((leaning, len(values), words_of_side, label))
    leaning, known, side_words, label = max(leanings, key=lambda lean: lean[:1])
    if leaning < 2:
        return "Écarts de profil entre embauchées et jamais embauchées, territoire par territoire"
    return f"{label} : {side_words} fréquent chez les embauchées dans {leaning} territoires sur {known}"


def _farthest_of(shown: Sequence[Shown]) -> Shown:
    """The released gap that is farthest from zero, None where none has a number."""
    known = [(abs(value), rank) for rank, r in enumerate(shown) if (value := value_of(r)) is not None]
    return shown[max(known)[1]] if known else None


def _row_of_gaps(label: str, shown: Sequence[Shown], bundle: Bundle) -> str:
    """The name of a row and, under it, its dot that is farthest from zero."""
    far = _farthest_of(shown)
    if far is None:
        return label
    return f"{label}\n{place_of(far.content.lieu, bundle)} ({words(far, bundle)})"


def _strip(shown: Sequence[Shown]) -> Strip:
    return Strip(
        tuple(value for r in shown if (value := value_of(r)) is not None),
        " ou ".join(dict.fromkeys(gap(r) for r in shown if value_of(r) is None)),
    )


def _spread(label: str, shown: Sequence[Shown], bundle: Bundle) -> str:
    """The gaps of a characteristic in words: the lowest, the highest, how many are withheld or missing."""
    known = sorted((value, rank) for rank, r in enumerate(shown) if (value := value_of(r)) is not None)
    said = []
    if len(known) == 1:
        said.append(_placed(shown[known[0][1]], bundle))
    elif known:
        ends = [_placed(shown[rank], bundle) for _, rank in (known[0], known[-1])]
        said.append("de {} à {}".format(*ends))
    lacking = Counter(gap(r) for r in shown if value_of(r) is None)
    said += [f"{word} dans {counted(times, 'territoire', 'territoires')}" for word, times in lacking.items()]
    return f"{label} : {', '.join(said)}"


def _placed(shown: Shown, bundle: Bundle) -> str:
    place = "" if shown is None else place_of(shown.content.lieu, bundle)
    return f"{words(shown, bundle)} ({place})"


def _pair(first: Shown, second: Shown) -> Pair:
    missing = [gap(r) for r in (first, second) if value_of(r) is None]
    return Pair(value_of(first), value_of(second), " ; ".join(dict.fromkeys(missing)))
