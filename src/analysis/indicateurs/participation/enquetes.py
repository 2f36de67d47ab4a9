"""What the surveys of a territory say: who answered, what, how it changed from a wave to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from analysis.depot.enquetes.questions import Question
from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.participation.changements import (
    Echantillon,
    changements,
    echantillons,
    scores_par_echelle,
)
from analysis.indicateurs.participation.estimation import (
    Vector,
    alpha_cronbach,
    changements_apparies,
    corriger,
    effet_plan,
    intervalle,
    intervalle_moyenne,
)
from analysis.indicateurs.participation.vagues import SUIVIES, Vague, collectes, par_enquete
from analysis.noyau.declared.nomenclatures import Position
from analysis.noyau.mesures import Cadre, Mesure

POSITIONS: Final = ("favorable", "neutre", "defavorable")

CONSENTEMENT: Final = "consentement"
"""The list of the answers that agree to something: they are no opinion, and are not told."""

_SANS_INVITES: Final = "le territoire n'a pas dit combien de personnes étaient invitées"
_SANS_REPONSE: Final = "personne n'a répondu à la question"
_NON_POSEE: Final = "la question n'était pas posée à cette vague"
_SANS_PAIRE: Final = "personne n'a répondu aux deux vagues"
_SANS_NOMBRE: Final = {
    "note_moyenne": _SANS_REPONSE,
    "echelle_score": "personne n'a répondu à toute l'échelle",
    "evolution_moyenne": _SANS_PAIRE,
}
"""Why a mean is missing."""

_NON_CALCULABLE: Final = "non calculable sur ces réponses"
"""The reason does not say which: that nobody differs would tell what each of them answered."""

_SANS_POIDS: Final = "les réponses ne couvrent pas assez la population enquêtée"


def mesures(donnees: Donnees) -> Iterator[Mesure]:
    """The measures of the surveys of a territory, wave by wave; the period is the year of the collection.

    Reads ``enquetes`` (one row a wave), ``reponses/<enquête>/<vague>`` (one row an answer), and
    ``personnes`` and ``contrats`` for who was asked. A wave whose file is absent is left out; of one whose
    answers were refused, what is told is missing, with the reason. Each definition is in
    ``data/dictionary/mesures.csv``, each rule in ``docs/methods/participation.md``.
    """
    yield from _refusees(donnees)
    for enquete, waves in par_enquete(donnees).items():
        questions = donnees.questions[enquete]
        for vague in waves:
            yield from _participation(donnees.cadre, vague)
            for question in questions:
                yield from _question(donnees, vague, question)
            yield from _echelles(donnees, vague)
        for before, after in pairwise(waves):
            yield from _evolutions(donnees, before, after)
    for sample in echantillons(donnees):
        yield _moyenne(donnees.cadre, sample)


def _moyenne(cadre: Cadre, sample: Echantillon) -> Mesure:
    """A mean with its interval; missing where nobody has a number."""
    total, vide = float(sample.valeurs.sum()), _SANS_NOMBRE[sample.mesure]
    mesure = cadre.ratio(
        sample.mesure, sample.periode, total, len(sample.valeurs), vide=vide, modalite=sample.modalite
    )
    return avec_bornes(mesure, sample.valeurs)


def avec_bornes(mean: Mesure, valeurs: Vector) -> Mesure:
    """A mean with its interval at 95 %, to the hundredth; one that has none as it is."""
    bounds = intervalle_moyenne(valeurs)
    if mean.valeur is None or bounds is None:
        return mean
    low, high = (round(bound, 2) for bound in bounds)
    return replace(mean, bas=min(low, mean.valeur), haut=max(high, mean.valeur))


def _refusees(donnees: Donnees) -> Iterator[Mesure]:
    """What is missing of the waves whose answers were refused: a part of them would not be those of all."""
    for row in collectes(donnees):
        enquete, periode = row["enquete"], str(row["date_collecte"].year)
        motif = donnees.incomplets.get(f"reponses/{enquete}/{int(row['vague'])}")
        if motif:
            for name in ("enquete_reponses", "enquete_invites", "enquete_taux_reponse"):
                yield donnees.cadre.absente(name, periode, motif, modalite=enquete)


def _participation(cadre: Cadre, vague: Vague) -> Iterator[Mesure]:
    """Who was asked and who answered, in all and by sex and age where the population is known."""
    enquete, periode = vague.enquete, vague.periode
    count = len(vague.repondants)
    yield cadre.compte("enquete_reponses", periode, count, modalite=enquete)
    if vague.invites is None or vague.invites < count:
        motif = _SANS_INVITES if vague.invites is None else "plus de réponses que de personnes invitées"
        yield cadre.absente("enquete_invites", periode, motif, modalite=enquete)
        yield cadre.absente("enquete_taux_reponse", periode, motif, modalite=enquete)
    else:
        yield cadre.compte("enquete_invites", periode, vague.invites, modalite=enquete)
        vide = "personne n'était invité"
        yield cadre.ratio("enquete_taux_reponse", periode, count, vague.invites, vide=vide, modalite=enquete)
    if vague.population is None:
        return
    for margin, name in (("sexe", "sexe"), ("classe_age", "age")):
        yield from _qui_repond(cadre, vague, margin, f"{name}_{SUIVIES[enquete]}")
    yield cadre.compte("enquete_pesees", periode, len(vague.connus), modalite=enquete)
    if vague.poids is None:
        yield cadre.absente("enquete_effet_plan", periode, _SANS_POIDS, modalite=enquete)
    else:
        loss = effet_plan(vague.poids)
        yield cadre.coefficient("enquete_effet_plan", periode, loss, n=len(vague.poids), modalite=enquete)


def _qui_repond(cadre: Cadre, vague: Vague, margin: str, name: str) -> Iterator[Mesure]:
    """The people of each category, those of them who answered, and the share that they are."""
    assert vague.population is not None
    of_all, of_known = (
        [getattr(someone, margin) for someone in people]
        for people in (vague.population.values(), vague.connus)
    )
    known = list(cadre.ventilation(f"population_{name}", vague.periode, of_all))
    told = list(cadre.ventilation(f"repondants_{name}", vague.periode, of_known))
    yield from (*known, *told)
    for asked, answered in zip(known, told, strict=True):
        if asked.n:
            yield cadre.ratio(
                f"taux_reponse_{name}",
                vague.periode,
                answered.n or 0,
                asked.n,
                vide="",
                modalite=asked.modalite,
            )


def _question(donnees: Donnees, vague: Vague, question: Question) -> Iterator[Mesure]:
    """The answers to one question: their sides where its list is ordered, else how many chose each.

    A question that the wave did not ask has no answer, and not zero.
    """
    modalite = f"{vague.enquete}-{question.question}"
    positions = donnees.positions.get(question.valeurs)
    if question.nature == "choix" and positions:
        yield from _avis(donnees.cadre, vague, question.question, modalite, positions)
    elif question.nature in ("choix", "oui_non") and question.valeurs != CONSENTEMENT:
        yield from _choix(donnees.cadre, vague, question.question, modalite)


def _choix(cadre: Cadre, vague: Vague, question: str, modalite: str) -> Iterator[Mesure]:
    """How many chose each answer of a list that has no better or worse."""
    prefix = f"{modalite}-"
    answers = [c.code for c in cadre.definitions.of("choix_reponses").modalites if c.code.startswith(prefix)]
    if not vague.asks(question):
        for code in answers:
            yield cadre.absente("choix_reponses", vague.periode, _NON_POSEE, modalite=code)
        return
    chosen = Counter(vague.donnees(question))
    for code in answers:
        count = chosen[code.removeprefix(prefix)]
        yield cadre.compte("choix_reponses", vague.periode, count, modalite=code)


def _avis(
    cadre: Cadre, vague: Vague, question: str, modalite: str, positions: Mapping[str, Position]
) -> Iterator[Mesure]:
    """The share of each side among those who answered, then that of the favourable ones once weighed."""
    if not vague.asks(question):
        of_survey = ("avis_favorable_redresse",) if vague.enquete in SUIVIES else ()
        for mesure in ("avis_reponses", *(f"avis_{position}" for position in POSITIONS), *of_survey):
            yield cadre.absente(mesure, vague.periode, _NON_POSEE, modalite=modalite)
        return
    sides = Counter(positions[code].position for code in vague.donnees(question))
    yield cadre.compte("avis_reponses", vague.periode, sides.total(), modalite=modalite)
    for position in POSITIONS:
        share = cadre.ratio(
            f"avis_{position}",
            vague.periode,
            sides[position],
            sides.total(),
            vide=_SANS_REPONSE,
            modalite=modalite,
        )
        yield avec_intervalle(share, share.n or 0)
    if vague.enquete in SUIVIES:
        yield _redresse(cadre, vague, question, modalite, positions)


def _redresse(
    cadre: Cadre, vague: Vague, question: str, modalite: str, positions: Mapping[str, Position]
) -> Mesure:
    """The favourable share of the population: weights over those who answered the question."""
    if vague.poids is None:
        return cadre.absente("avis_favorable_redresse", vague.periode, _SANS_POIDS, modalite=modalite)
    answers = [vague.reponses[question][rank] for rank in vague.rangs_connus]
    told = [code for code in answers if code is not None]
    weights = vague.poids[[code is not None for code in answers]]
    is_favourable = np.array([positions[code].position == "favorable" for code in told], dtype=bool)
    share = cadre.ratio(
        "avis_favorable_redresse",
        vague.periode,
        float(weights[is_favourable].sum()),
        float(weights.sum()),
        vide=_SANS_REPONSE,
        n=len(told),
        modalite=modalite,
    )
    return avec_intervalle(share, len(told) / effet_plan(weights)) if share.n else share


def avec_intervalle(share: Mesure, n: float) -> Mesure:
    """A share with its interval at 95 %, as precise as ``n`` independent answers; a missing one as it is."""
    if share.valeur is None or n <= 0:
        return share
    low, high = intervalle(share.valeur / 100, n)
    return replace(share, bas=round(100 * low, 6), haut=round(100 * high, 6))


def _echelles(donnees: Donnees, vague: Vague) -> Iterator[Mesure]:
    """The reliability of each scale, on those who answered all its questions on the scale."""
    for modalite, scores in scores_par_echelle(donnees, vague).items():
        yield fiabilite(donnees.cadre, vague.periode, modalite, scores)


def fiabilite(cadre: Cadre, periode: str, modalite: str, scores: Vector) -> Mesure:
    """Cronbach's alpha of a scale with its interval; missing where it means nothing."""
    found = alpha_cronbach(scores)
    if found is None:
        return cadre.absente("echelle_alpha", periode, _NON_CALCULABLE, modalite=modalite)
    alpha, low, high = found
    return cadre.coefficient(
        "echelle_alpha", periode, alpha, n=len(scores), modalite=modalite, bas=low, haut=high
    )


def _evolutions(donnees: Donnees, before: Vague, after: Vague) -> Iterator[Mesure]:
    """The change of those who answered two waves, question by question, and the tests read together."""
    periode, changes = changements(donnees, before, after)
    for modalite, change in changes.items():
        yield from _changements(donnees.cadre, periode, modalite, change)
    yield from tests(donnees.cadre, periode, changes)


def tests(cadre: Cadre, periode: str, changes: Mapping[str, Vector]) -> Iterator[Mesure]:
    """The probability of each change by chance, those of one survey and two waves corrected together."""
    found: dict[str, float] = {}
    for (modalite, change), probability in zip(
        changes.items(), changements_apparies([*changes.values()]), strict=True
    ):
        if probability is None:
            vide = _NON_CALCULABLE if len(change) else _SANS_PAIRE
            yield cadre.absente("evolution_test", periode, vide, modalite=modalite)
        else:
            found[modalite] = probability
    for modalite, probability in zip(found, corriger(list(found.values())), strict=True):
        n = len(changes[modalite])
        yield cadre.coefficient("evolution_test", periode, probability, n=n, modalite=modalite)


def _changements(cadre: Cadre, periode: str, modalite: str, change: Vector) -> Iterator[Mesure]:
    yield cadre.compte("evolution_personnes", periode, len(change), modalite=modalite)
    sides = {"hausse": change > 0, "stable": change == 0, "baisse": change < 0}
    for side, where in sides.items():
        share = cadre.ratio(
            f"evolution_{side}", periode, int(where.sum()), len(change), vide=_SANS_PAIRE, modalite=modalite
        )
        yield avec_intervalle(share, share.n or 0)
