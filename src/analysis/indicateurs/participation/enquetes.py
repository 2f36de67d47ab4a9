"""What the surveys of a territory say: who answered, what, how it changed from a wave to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from analysis.depot.enquetes.questions import Question
from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.exhaustivite import AGES, AGES_BORNES, classe, en_attente
from analysis.indicateurs.participation.estimation import (
    Vector,
    alpha_cronbach,
    caler,
    changement_apparie,
    corriger,
    effet_plan,
    intervalle,
    intervalle_moyenne,
)
from analysis.noyau.declared.nomenclatures import Position
from analysis.noyau.mesures import Cadre, Mesure

SUIVIES: Final = {"salaries_ebe": "salaries", "volontaires": "volontaires"}
"""The surveys whose population the deposit knows person by person, and how the measures call them."""

POSITIONS: Final = ("favorable", "neutre", "defavorable")

SEXES: Final = ("femme", "homme")
"""The sexes that weights know: a person whose sex was not told is in no margin, and weighs nothing."""

EMPREINTE: Final = r"[0-9a-f]{20}"
"""How the name of a respondent who gave a token is written."""

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


@dataclass(frozen=True)
class Vague:
    """The answers of one wave of a survey, and the people that it was put to.

    ``reponses`` has ``repondant`` and one column a question that the wave asked. ``population`` has one row
    a person (personne, sexe, age class), None where the deposit does not know them. ``invites`` is None where
    nobody said.
    """

    enquete: str
    vague: int
    jour: date
    invites: int | None
    reponses: pd.DataFrame
    population: pd.DataFrame | None

    @property
    def periode(self) -> str:
        return str(self.jour.year)

    def asks(self, *questions: str) -> bool:
        """Whether the wave asked all of these: a later version of the questionnaire may ask more."""
        return set(questions) <= set(self.reponses.columns)

    @cached_property
    def connus(self) -> pd.DataFrame:
        """The answers of people of the population, with their sex and age; none where it is not known."""
        if self.population is None:
            return self.reponses.iloc[:0]
        return self.reponses.merge(self.population, left_on="repondant", right_on="personne")

    @cached_property
    def poids(self) -> Vector | None:
        """The weight of each known answer, None where the population is not known or not covered.

        A band of age without any answer is weighed with the younger one that has some.
        """
        if self.population is None or self.connus.empty:
            return None
        ages = _regroupes(self.connus["classe_age"], self.population["classe_age"])
        known = self.population.assign(classe_age=self.population["classe_age"].map(ages))
        told = self.connus.assign(classe_age=self.connus["classe_age"].map(ages))
        margins = ("sexe", "classe_age")
        try:
            return caler(
                [list(told[margin]) for margin in margins],
                [Counter(known[margin]) for margin in margins],
            )
        except ValueError:
            return None


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


def par_enquete(donnees: Donnees) -> dict[str, list[Vague]]:
    """The waves of each survey, in the order of their collection."""
    found: dict[str, list[Vague]] = {}
    for vague in vagues(donnees):
        found.setdefault(vague.enquete, []).append(vague)
    return found


@dataclass(frozen=True)
class Echantillon:
    """The numbers that a mean is of, one a person: a mark, a score on a scale, a change between two waves."""

    mesure: str
    periode: str
    modalite: str
    valeurs: Vector

    @property
    def cle(self) -> tuple[str, str, str]:
        """What names it among those of a territory."""
        return (self.mesure, self.periode, self.modalite)


def echantillons(donnees: Donnees) -> tuple[Echantillon, ...]:
    """The numbers behind each mean of the surveys of a territory, taken once for it and for all together."""
    return donnees.une_fois(_echantillons)


def _echantillons(donnees: Donnees) -> tuple[Echantillon, ...]:
    return tuple(_moyennes(donnees))


def _moyennes(donnees: Donnees) -> Iterator[Echantillon]:
    for enquete, waves in par_enquete(donnees).items():
        questions = donnees.questions[enquete]
        for vague in waves:
            for question in (q for q in questions if q.nature == "nombre" and vague.asks(q.question)):
                marks = vague.reponses[question.question].dropna().to_numpy(float)
                yield Echantillon("note_moyenne", vague.periode, f"{enquete}-{question.question}", marks)
            for modalite, scores in scores_par_echelle(donnees, vague).items():
                means = scores.mean(axis=1).to_numpy(float)
                yield Echantillon("echelle_score", vague.periode, modalite, means)
        for before, after in pairwise(waves):
            periode, changes = changements(donnees, before, after)
            for modalite, change in changes.items():
                yield Echantillon("evolution_moyenne", periode, modalite, change)


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
    for row in _rows(donnees):
        enquete, periode = row["enquete"], str(row["date_collecte"].year)
        motif = donnees.incomplets.get(f"reponses/{enquete}/{int(row['vague'])}")
        if motif:
            for name in ("enquete_reponses", "enquete_invites", "enquete_taux_reponse"):
                yield donnees.cadre.absente(name, periode, motif, modalite=enquete)


def _rows(donnees: Donnees) -> list[dict[Hashable, Any]]:
    """The waves as the workbook tells them, in the order of their collection."""
    frame = donnees.tables.get("enquetes")
    return [] if frame is None else frame.sort_values("date_collecte").to_dict("records")


def vagues(donnees: Donnees) -> list[Vague]:
    """The waves of a territory in the order of their collection; without those whose file was refused."""
    return donnees.une_fois(_vagues)


def _vagues(donnees: Donnees) -> list[Vague]:
    found = []
    for row in _rows(donnees):
        enquete, number, jour = row["enquete"], int(row["vague"]), row["date_collecte"].date()
        reponses = donnees.tables.get(f"reponses/{enquete}/{number}")
        if reponses is None or f"reponses/{enquete}/{number}" in donnees.incomplets:
            continue
        invites = row.get("invites")
        found.append(
            Vague(
                enquete,
                number,
                jour,
                None if invites is None or pd.isna(invites) else int(invites),
                reponses,
                _population(donnees, enquete, jour),
            )
        )
    return found


def _population(donnees: Donnees, enquete: str, jour: date) -> pd.DataFrame | None:
    """Who could answer on a collection's last day: personne, sexe, classe_age; None where nobody knows."""
    if enquete not in SUIVIES:
        return None
    personnes, contrats = donnees.tables["personnes"], donnees.tables["contrats"]
    if enquete == "salaries_ebe":
        day = pd.Timestamp(jour)
        running = (contrats["date_debut"] <= day) & ~(contrats["date_fin"] < day)
        asked = personnes[personnes["personne"].isin(contrats.loc[running, "personne"])]
    else:
        asked = en_attente(personnes, contrats, jour)
    asked = asked[asked["sexe"].isin(SEXES)]
    ages = [classe(jour.year - year, bornes=AGES_BORNES, codes=AGES) for year in asked["annee_naissance"]]
    return asked[["personne", "sexe"]].assign(classe_age=ages)


def _regroupes(repondants: pd.Series, population: pd.Series) -> dict[str, str]:
    """The band under which each band of age is weighed: its own, or the nearest younger one with answers."""
    answered = set(repondants)
    first = next(age for age in AGES if age in answered)
    found, last = {}, first
    for age in AGES:
        last = age if age in answered else last
        found[age] = last
    return found


def _participation(cadre: Cadre, vague: Vague) -> Iterator[Mesure]:
    """Who was asked and who answered, in all and by sex and age where the population is known."""
    enquete, periode = vague.enquete, vague.periode
    count = len(vague.reponses)
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
    known = list(cadre.ventilation(f"population_{name}", vague.periode, vague.population[margin]))
    told = list(cadre.ventilation(f"repondants_{name}", vague.periode, vague.connus[margin]))
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
    chosen = Counter(vague.reponses[question].dropna())
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
    answers = vague.reponses[question].dropna()
    sides = answers.map(lambda code: positions[code].position)
    yield cadre.compte("avis_reponses", vague.periode, len(sides), modalite=modalite)
    for position in POSITIONS:
        share = cadre.ratio(
            f"avis_{position}",
            vague.periode,
            int((sides == position).sum()),
            len(sides),
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
    answers = vague.connus[question]
    known = answers.notna().to_numpy()
    weights = vague.poids[known]
    is_favourable = np.array([positions[code].position == "favorable" for code in answers[known]], dtype=bool)
    share = cadre.ratio(
        "avis_favorable_redresse",
        vague.periode,
        float(weights[is_favourable].sum()),
        float(weights.sum()),
        vide=_SANS_REPONSE,
        n=int(known.sum()),
        modalite=modalite,
    )
    return avec_intervalle(share, int(known.sum()) / effet_plan(weights)) if share.n else share


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


def scores_par_echelle(donnees: Donnees, vague: Vague) -> Mapping[str, pd.DataFrame]:
    """The ranks of the answers to each scale, by its name among the measures: a row a person, no blank.

    A wave that did not ask all the questions of a scale has no score on it: on fewer, it is another scale.
    """
    return donnees.une_fois(_scores_par_vague)[vague.enquete, vague.vague]


def _scores_par_vague(donnees: Donnees) -> Mapping[tuple[str, int], Mapping[str, pd.DataFrame]]:
    return {(vague.enquete, vague.vague): _scores_de(donnees, vague) for vague in vagues(donnees)}


def _scores_de(donnees: Donnees, vague: Vague) -> Mapping[str, pd.DataFrame]:
    questions, found = donnees.questions[vague.enquete], {}
    for echelle in dict.fromkeys(question.echelle for question in questions if question.echelle):
        items = [question for question in questions if question.echelle == echelle]
        if not vague.asks(*(item.question for item in items)):
            continue
        scores = {item.question: _scores(vague.reponses[item.question], donnees, item) for item in items}
        found[f"{vague.enquete}-{echelle}"] = pd.DataFrame(scores).dropna()
    return found


def fiabilite(cadre: Cadre, periode: str, modalite: str, scores: pd.DataFrame) -> Mesure:
    """Cronbach's alpha of a scale with its interval; missing where it means nothing."""
    found = alpha_cronbach(scores.to_numpy(float))
    if found is None:
        return cadre.absente("echelle_alpha", periode, _NON_CALCULABLE, modalite=modalite)
    alpha, low, high = found
    return cadre.coefficient(
        "echelle_alpha", periode, alpha, n=len(scores), modalite=modalite, bas=low, haut=high
    )


def _scores(answers: pd.Series, donnees: Donnees, question: Question) -> pd.Series:
    """The rank of each answer, missing for a blank and for « ne sait pas »; a number is its own rank."""
    if question.nature == "nombre":
        return answers.astype(float)
    ranks = {code: place.score for code, place in donnees.positions[question.valeurs].items()}
    return answers.map(ranks).astype(float)


def _evolutions(donnees: Donnees, before: Vague, after: Vague) -> Iterator[Mesure]:
    """The change of those who answered two waves, question by question, and the tests read together."""
    periode, changes = changements(donnees, before, after)
    for modalite, change in changes.items():
        yield from _changements(donnees.cadre, periode, modalite, change)
    yield from tests(donnees.cadre, periode, changes)


def changements(donnees: Donnees, before: Vague, after: Vague) -> tuple[str, Mapping[str, Vector]]:
    """The period of two waves, and by question how far the rank of each answer moved, a person a number.

    Only those who answered the question both times are there, joined by the hash of their token; an anonymous
    survey joins nobody, and has no question here, nor has one that a wave did not ask.
    """
    moved = donnees.une_fois(_changements_des_vagues)[before.enquete, before.vague, after.vague]
    return f"{before.periode}/{after.periode}", moved


def _changements_des_vagues(donnees: Donnees) -> Mapping[tuple[str, int, int], Mapping[str, Vector]]:
    return {
        (enquete, before.vague, after.vague): _changements_de(donnees, before, after)
        for enquete, waves in par_enquete(donnees).items()
        for before, after in pairwise(waves)
    }


def _changements_de(donnees: Donnees, before: Vague, after: Vague) -> Mapping[str, Vector]:
    questions = donnees.questions[after.enquete]
    if not any(question.nature == "jeton" for question in questions):
        return {}
    both = _joignables(before).merge(_joignables(after), on="repondant", suffixes=("_avant", "_apres"))
    changes = {}
    for question in questions:
        if question.nature != "nombre" and not donnees.positions.get(question.valeurs):
            continue
        if question.nature in ("jeton", "tableau"):
            continue
        if not (before.asks(question.question) and after.asks(question.question)):
            continue
        first, second = (
            _scores(both[f"{question.question}_{when}"], donnees, question) for when in ("avant", "apres")
        )
        moved = (second - first).dropna()
        changes[f"{after.enquete}-{question.question}"] = moved.to_numpy(float)
    return changes


def _joignables(vague: Vague) -> pd.DataFrame:
    """The answers that bear the hash of a token: the number of an answer names nobody in the next wave."""
    return vague.reponses[vague.reponses["repondant"].str.fullmatch(EMPREINTE)]


def tests(cadre: Cadre, periode: str, changes: Mapping[str, Vector]) -> Iterator[Mesure]:
    """The probability of each change by chance, those of one survey and two waves corrected together."""
    found: dict[str, float] = {}
    for modalite, change in changes.items():
        probability = changement_apparie(change)
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
