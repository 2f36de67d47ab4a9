"""Derived measures of the surveys: the territories together, their design effect and their intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.participation.enquetes import (
    Vague,
    avec_intervalle,
    changements,
    fiabilite,
    scores_par_echelle,
    tests,
    vagues,
)
from analysis.indicateurs.participation.estimation import Vector
from analysis.noyau.mesures import ENSEMBLE, Cadre, Definitions, Mesure

_SHARES = ("avis_", "evolution_")


def en_commun(depots: Sequence[Donnees], definitions: Definitions) -> Iterator[Mesure]:
    """The reliability of each scale and the test of each change, on the answers of all the territories.

    A mean of alphas or of probabilities would be none. What one territory alone surveyed gives nothing.
    """
    scales: dict[tuple[str, str], list[pd.DataFrame]] = defaultdict(list)
    moves: dict[tuple[str, str], dict[str, list[Vector]]] = defaultdict(lambda: defaultdict(list))
    for donnees in depots:
        by_survey: dict[str, list[Vague]] = defaultdict(list)
        for vague in vagues(donnees):
            by_survey[vague.enquete].append(vague)
            for modalite, scores in scores_par_echelle(
                donnees, vague, donnees.questions[vague.enquete]
            ).items():
                scales[(vague.periode, modalite)].append(scores)
        for enquete, waves in by_survey.items():
            for before, after in pairwise(waves):
                periode, changes = changements(donnees, before, after, donnees.questions[enquete])
                for modalite, change in changes.items():
                    moves[(periode, enquete)][modalite].append(change)
    for (periode, modalite), frames in scales.items():
        if len(frames) > 1:
            yield fiabilite(_cadre(depots, len(frames), definitions), periode, modalite, pd.concat(frames))
    for (periode, _), by_question in moves.items():
        common = {modalite: found for modalite, found in by_question.items() if len(found) > 1}
        shared = {modalite: np.concatenate(found) for modalite, found in common.items()}
        if shared:
            count = max(len(found) for found in by_question.values())
            yield from tests(_cadre(depots, count, definitions), periode, shared)


def _cadre(depots: Sequence[Donnees], count: int, definitions: Definitions) -> Cadre:
    return Cadre(ENSEMBLE, depots[0].cadre.nature, f"{count} territoires", definitions)


def effets_plan(mesures: Iterable[Mesure], definitions: Definitions) -> Iterator[Mesure]:
    """The design effect of all the territories together, one a survey and a year.

    n Σ_t Σ w² / (Σ_t Σ w)², where Σ w² = d_t N_t² / n_t in a territory of N_t people, n_t answers and a
    design effect d_t: a person stands for more others where fewer answered. N_t is the whole of the people
    that the weighted shares of the territory are about. A year that one territory alone surveyed gives
    nothing.
    """
    found = tuple(mesures)
    people = {
        (m.lieu, m.modalite.partition("-")[0], m.periode): m.denominateur
        for m in sorted(found, key=lambda m: m.denominateur or 0)
        if m.mesure == "avis_favorable_redresse" and m.valeur is not None
    }
    groups: dict[tuple[str, str], list[Mesure]] = defaultdict(list)
    for m in found:
        if m.mesure == "enquete_effet_plan" and m.lieu != ENSEMBLE:
            groups[(m.modalite, m.periode)].append(m)
    for (enquete, periode), here in groups.items():
        known = [(m, people.get((m.lieu, enquete, periode))) for m in here]
        if len(here) < 2:
            continue
        cadre = Cadre(ENSEMBLE, here[0].nature, f"{len(here)} territoires", definitions)
        if any(m.valeur is None or size is None for m, size in known):
            motif = "un territoire n'a pas de poids"
            yield cadre.absente("enquete_effet_plan", periode, motif, modalite=enquete)
            continue
        n = sum(m.n or 0 for m in here)
        squares = sum((m.valeur or 0) * (size or 0) ** 2 / (m.n or 1) for m, size in known)
        loss = n * squares / sum(size or 0 for _, size in known) ** 2
        yield cadre.coefficient("enquete_effet_plan", periode, loss, n=n, modalite=enquete)


def avec_intervalles(mesures: Sequence[Mesure]) -> tuple[Mesure, ...]:
    """The measures, the shares of all the territories together with their interval.

    A weighted share is as precise as its answers divided by the design effect of its survey; without one it
    has no interval.
    """
    loss = {
        (m.modalite, m.periode): m.valeur
        for m in mesures
        if m.mesure == "enquete_effet_plan" and m.lieu == ENSEMBLE
    }
    return tuple(_bounded(m, loss) if _is_share_of_all(m) else m for m in mesures)


def _is_share_of_all(m: Mesure) -> bool:
    return m.lieu == ENSEMBLE and m.mesure.startswith(_SHARES) and m.forme in ("part", "part_estimee")


def _bounded(m: Mesure, loss: dict[tuple[str, str], float | None]) -> Mesure:
    if m.forme == "part":
        return avec_intervalle(m, m.n or 0)
    lost = loss.get((m.modalite.partition("-")[0], m.periode))
    return avec_intervalle(m, (m.n or 0) / lost) if lost else m
