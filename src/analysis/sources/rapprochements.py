"""Pairs of published figures that a person compares once: one quantity at one place, two values.

Figures, answers → the pairs that no answer speaks of. The answers are the rows of
``data/published/desaccords.csv``: sources that contradict each other, or values said compatible, each with
its reason and its date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from math import inf

from analysis.noyau.declared.csv_files import RawTable
from analysis.noyau.declared.dictionary import Dictionary
from analysis.noyau.errors import Finding
from analysis.noyau.periods import Period
from analysis.sources.fiches import Chiffre

Paire = tuple[Chiffre, Chiffre]


def sans_reponse(
    chiffres: Iterable[Chiffre], reponses: Sequence[frozenset[int]], dictionary: Dictionary
) -> Iterator[Paire]:
    """The pairs to compare that have no answer: they share no disagreement, no answer names both.

    ``reponses`` are the numbers that each answer names.
    """
    for first, second in paires(chiffres, dictionary):
        is_shared = first.desaccord and first.desaccord == second.desaccord
        numbers = {first.numero, second.numero}
        if not is_shared and not any(numbers <= named for named in reponses):
            yield first, second


def paires(chiffres: Iterable[Chiffre], dictionary: Dictionary) -> Iterator[Paire]:
    """The figures of two sources on one indicator at one place which cannot both be of one moment.

    Two numbers whose dates overlap and whose bounds do not; two days that are the value itself and do not
    overlap; a cumulative number (its definition says « cumulé ») that is lower at a later date. A figure
    without a period is compared with none.
    """
    by_quantity: dict[tuple[str, str], list[Chiffre]] = defaultdict(list)
    for chiffre in chiffres:
        by_quantity[(chiffre.territoire, chiffre.indicateur)].append(chiffre)
    for (_, indicateur), group in by_quantity.items():
        nature = dictionary.unit_of(indicateur).nature
        is_cumulative = "cumulé" in dictionary.indicator(indicateur).definition
        for first, second in combinations(sorted(group, key=lambda chiffre: chiffre.numero), 2):
            if first.source != second.source and _differ(first, second, nature, is_cumulative=is_cumulative):
                yield first, second


def se_contredisent(first: Chiffre, second: Chiffre, nature: str) -> bool:
    """Whether two figures of one moment cannot both be true: days or bounds that do not meet.

    ``nature`` is that of their unit. Texts never contradict each other here.
    """
    if nature == "date":
        return not _overlap(Period(first.valeur_imprimee), Period(second.valeur_imprimee))
    if not (first.is_number and second.is_number):
        return False
    (low, high), (other_low, other_high) = _bounds(first), _bounds(second)
    return high < other_low or other_high < low


def _differ(first: Chiffre, second: Chiffre, nature: str, *, is_cumulative: bool) -> bool:
    if nature == "date":
        return se_contredisent(first, second, nature)
    if not (first.is_number and second.is_number) or first.periode is None or second.periode is None:
        return False
    if _overlap(first.periode, second.periode):
        return se_contredisent(first, second, nature)
    before, after = sorted((first, second), key=_begins)
    return is_cumulative and _bounds(after)[1] < _bounds(before)[0]


def _begins(chiffre: Chiffre) -> str:
    return chiffre.periode.start.isoformat() if chiffre.periode else ""


def _overlap(first: Period, second: Period) -> bool:
    return first.start <= second.end and second.start <= first.end


def _bounds(chiffre: Chiffre) -> tuple[float, float]:
    """The least and the most that a figure may be."""
    if chiffre.valeur is not None:
        return chiffre.valeur, chiffre.valeur
    low = -inf if chiffre.borne_basse is None else chiffre.borne_basse
    return low, inf if chiffre.borne_haute is None else chiffre.borne_haute


def pair_findings(
    raws: Mapping[str, RawTable],
    chiffres: Mapping[int, Chiffre],
    answers: Sequence[frozenset[int]],
    dictionary: Dictionary,
) -> list[Finding]:
    """Two values of one quantity that nobody compared: each pair is answered once, in ``desaccords``."""
    lines = {chiffre.numero: line for line, chiffre in chiffres.items()}
    return [
        Finding(
            raws["chiffres"].file,
            lines[second.numero],
            "desaccord",
            " et ".join(f"n° {c.numero} (« {c.valeur_imprimee} »)" for c in (first, second)),
            "une réponse dans desaccords.csv, dont l'explication nomme les deux numéros",
            "Dites si les sources se contredisent ou si les valeurs sont compatibles, et pourquoi.",
        )
        for first, second in sans_reponse(chiffres.values(), answers, dictionary)
    ]
