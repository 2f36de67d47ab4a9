"""Derived measures of the surveys: the territories together, their design effect and their intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pandas as pd

from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.participation.changements import (
    Echantillon,
    changements,
    echantillons,
    scores_par_echelle,
)
from analysis.indicateurs.participation.enquetes import avec_bornes, avec_intervalle, fiabilite, tests
from analysis.indicateurs.participation.estimation import Vector
from analysis.indicateurs.participation.textes import accord
from analysis.indicateurs.participation.vagues import SUIVIES, par_enquete, vagues
from analysis.noyau.mesures import ENSEMBLE, Cadre, Definitions, Mesure
from analysis.noyau.paths import Nature
from analysis.noyau.rencontres import couverture, nommes, unit

_SHARES = ("avis_", "evolution_")


@dataclass(frozen=True)
class Reponses:
    """What the surveys of a territory say that is put together with those of the others.

    ``echelles`` are the ranks on each scale, by period and name; ``changements`` by period, survey and
    question; ``codage`` the themes of the two coders, and ``annee`` the year at which the data stop.
    """

    nature: Nature
    annee: int
    echelles: tuple[tuple[str, str, Vector], ...]
    changements: tuple[tuple[str, str, Mapping[str, Vector]], ...]
    echantillons: tuple[Echantillon, ...]
    codage: pd.DataFrame


def reponses(donnees: Donnees) -> Reponses:
    """What is kept of the answers of a territory once its tables are let go."""
    return Reponses(
        nature=donnees.cadre.nature,
        annee=donnees.arrete.year,
        echelles=tuple(
            (vague.periode, modalite, scores)
            for vague in vagues(donnees)
            for modalite, scores in scores_par_echelle(donnees, vague).items()
        ),
        changements=tuple(
            (periode, enquete, changes)
            for enquete, waves in par_enquete(donnees).items()
            for before, after in pairwise(waves)
            for periode, changes in [changements(donnees, before, after)]
        ),
        echantillons=echantillons(donnees),
        codage=donnees.codage[["theme_1", "theme_2"]],
    )


def en_commun(depots: Sequence[Reponses], definitions: Definitions) -> Iterator[Mesure]:
    """The reliability of each scale, the test of each change and the agreement of the coders, on the answers
    of all the territories.

    A mean of alphas or of probabilities would be none. What one territory alone surveyed gives nothing.
    """
    scales: dict[tuple[str, str], list[Vector]] = defaultdict(list)
    moves: dict[tuple[str, str], dict[str, list[Vector]]] = defaultdict(lambda: defaultdict(list))
    for said in depots:
        for periode, modalite, scores in said.echelles:
            scales[(periode, modalite)].append(scores)
        for periode, enquete, changes in said.changements:
            for modalite, change in changes.items():
                moves[(periode, enquete)][modalite].append(change)
    for (periode, modalite), found in scales.items():
        if len(found) > 1:
            cadre = _cadre(depots, len(found), definitions)
            yield fiabilite(cadre, periode, modalite, np.concatenate(found))
    for (periode, _), by_question in moves.items():
        common = {modalite: found for modalite, found in by_question.items() if len(found) > 1}
        shared = {modalite: np.concatenate(found) for modalite, found in common.items()}
        if shared:
            count = max(len(found) for found in by_question.values())
            yield from tests(_cadre(depots, count, definitions), periode, shared)
    coded = [said for said in depots if len(said.codage)]
    if len(coded) > 1:
        year = max(said.annee for said in coded)
        codage = pd.concat([said.codage for said in coded])
        yield accord(_cadre(coded, len(coded), definitions), str(year), codage)


def _cadre(depots: Sequence[Reponses], count: int, definitions: Definitions) -> Cadre:
    return Cadre(ENSEMBLE, depots[0].nature, f"{count} territoires", definitions)


def effets_plan(
    mesures: Iterable[Mesure], definitions: Definitions, noms: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Mesure]:
    """The design effect of all the territories together, one a survey and a year.

    n Σ_t Σ w² / (Σ_t Σ w)², where Σ w² = d_t N_t² / n_t in a territory of N_t people, n_t answers and a
    design effect d_t: a person stands for more others where fewer answered. N_t is the population that was
    asked, whatever the questions that were answered. It is of the territories that have weights, as are the
    weighted shares; of fewer than two it is missing. A year that one territory alone surveyed gives nothing.
    """
    found = tuple(mesures)
    people: dict[tuple[str, str, str], int] = defaultdict(int)
    of_survey = {f"population_sexe_{who}": enquete for enquete, who in SUIVIES.items()}
    for m in found:
        if m.mesure in of_survey:
            people[(m.lieu, of_survey[m.mesure], m.periode)] += m.n or 0
    groups: dict[tuple[str, str], list[Mesure]] = defaultdict(list)
    for m in found:
        if m.mesure == "enquete_effet_plan" and m.lieu != ENSEMBLE:
            groups[(m.modalite, m.periode)].append(m)
    for (enquete, periode), here in groups.items():
        if len(here) < 2:
            continue
        weighed = [m for m in here if m.valeur is not None]
        missing = [unit(m) for m in here if m.valeur is None]
        source = couverture(weighed, periode, missing, noms)
        cadre = Cadre(ENSEMBLE, here[0].nature, source, definitions)
        if len(weighed) < 2:
            motif = f"pas de poids : {nommes(missing, noms)}"
            yield cadre.absente("enquete_effet_plan", periode, motif, modalite=enquete)
            continue
        sizes = {m.lieu: people[(m.lieu, enquete, periode)] for m in weighed}
        n = sum(m.n or 0 for m in weighed)
        squares = sum((m.valeur or 0) * sizes[m.lieu] ** 2 / (m.n or 1) for m in weighed)
        loss = n * squares / sum(sizes.values()) ** 2
        yield cadre.coefficient("enquete_effet_plan", periode, loss, n=n, modalite=enquete)


def nombres_en_commun(depots: Sequence[Reponses]) -> dict[tuple[str, str, str], Vector]:
    """The numbers behind each mean, all the territories together, by measure, period and category."""
    found: dict[tuple[str, str, str], list[Vector]] = defaultdict(list)
    for said in depots:
        for sample in said.echantillons:
            found[sample.cle].append(sample.valeurs)
    return {cle: np.concatenate(samples) for cle, samples in found.items()}


def avec_intervalles(
    mesures: Sequence[Mesure], nombres: Mapping[tuple[str, str, str], Vector] = MappingProxyType({})
) -> tuple[Mesure, ...]:
    """The measures, the shares and the means of all the territories together with their interval.

    A weighted share is as precise as its answers divided by the design effect of its survey; without one it
    has no interval. The interval of a mean is that of the ``nombres`` behind it, all together.
    """
    loss = {
        (m.modalite, m.periode): m.valeur
        for m in mesures
        if m.mesure == "enquete_effet_plan" and m.lieu == ENSEMBLE
    }
    return tuple(_of_all(m, loss, nombres) if m.lieu == ENSEMBLE else m for m in mesures)


def _of_all(
    m: Mesure,
    loss: dict[tuple[str, str], float | None],
    nombres: Mapping[tuple[str, str, str], Vector],
) -> Mesure:
    numbers = nombres.get((m.mesure, m.periode, m.modalite))
    if numbers is not None:
        return avec_bornes(m, numbers)
    return _bounded(m, loss) if _is_share(m) else m


def _is_share(m: Mesure) -> bool:
    return m.mesure.startswith(_SHARES) and m.forme in ("part", "part_estimee")


def _bounded(m: Mesure, loss: dict[tuple[str, str], float | None]) -> Mesure:
    if m.forme == "part":
        return avec_intervalle(m, m.n or 0)
    lost = loss.get((m.modalite.partition("-")[0], m.periode))
    return avec_intervalle(m, (m.n or 0) / lost) if lost else m
