"""The waves of the surveys of a territory: who was asked, who answered what, how much each answer weighs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import pandas as pd

from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.etapes import etapes, situations
from analysis.indicateurs.exhaustivite import AGES, AGES_BORNES, classe
from analysis.indicateurs.participation.estimation import Vector, caler

SUIVIES: Final = {"salaries_ebe": "salaries", "volontaires": "volontaires"}
"""The surveys whose population the deposit knows person by person, and how the measures call them."""

SEXES: Final = ("femme", "homme")
"""The sexes that weights know: a person whose sex was not told is in no margin, and weighs nothing."""


@dataclass(frozen=True)
class Personne:
    """Who was asked, as far as weights look at it."""

    sexe: str
    classe_age: str


@dataclass(frozen=True)
class Vague:
    """The answers of one wave of a survey, and the people that it was put to.

    ``repondants`` are the names of those who answered, one an answer; ``reponses`` has, by question that the
    wave asked, what each of them answered, None for a blank. ``population`` are the people asked, by name;
    None where the deposit does not know them. ``invites`` is None where nobody said.
    """

    enquete: str
    vague: int
    jour: date
    invites: int | None
    repondants: tuple[str, ...]
    reponses: Mapping[str, Sequence[Any]]
    population: Mapping[str, Personne] | None

    @property
    def periode(self) -> str:
        return str(self.jour.year)

    def asks(self, *questions: str) -> bool:
        """Whether the wave asked all of these: a later version of the questionnaire may ask more."""
        return set(questions) <= self.reponses.keys()

    def donnees(self, question: str) -> list[Any]:
        """The answers given to a question, without the blanks."""
        return [answer for answer in self.reponses[question] if answer is not None]

    @cached_property
    def rangs_connus(self) -> tuple[int, ...]:
        """The ranks of the answers of people of the population; none where it is not known."""
        known = self.population or {}
        return tuple(rank for rank, name in enumerate(self.repondants) if name in known)

    @cached_property
    def connus(self) -> tuple[Personne, ...]:
        """Who gave each known answer."""
        known = self.population or {}
        return tuple(known[self.repondants[rank]] for rank in self.rangs_connus)

    @cached_property
    def poids(self) -> Vector | None:
        """The weight of each known answer, None where the population is not known or not covered.

        A band of age without any answer is weighed with the younger one that has some.
        """
        if self.population is None or not self.connus:
            return None
        ages = _regroupes({someone.classe_age for someone in self.connus})
        told, known = (
            ([someone.sexe for someone in people], [ages[someone.classe_age] for someone in people])
            for people in (self.connus, self.population.values())
        )
        try:
            return caler(told, [Counter(margin) for margin in known])
        except ValueError:
            return None


def par_enquete(donnees: Donnees) -> dict[str, list[Vague]]:
    """The waves of each survey, in the order of their collection."""
    found: dict[str, list[Vague]] = {}
    for vague in vagues(donnees):
        found.setdefault(vague.enquete, []).append(vague)
    return found


def vagues(donnees: Donnees) -> list[Vague]:
    """The waves of a territory in the order of their collection; without those whose file was refused."""
    return donnees.une_fois(_vagues)


def collectes(donnees: Donnees) -> list[dict[str, Any]]:
    """The waves as the workbook tells them, in the order of their collection."""
    return sorted(donnees.rows("enquetes"), key=lambda row: row["date_collecte"])


def _vagues(donnees: Donnees) -> list[Vague]:
    found = []
    for row in collectes(donnees):
        enquete, number, jour = row["enquete"], int(row["vague"]), row["date_collecte"].date()
        table = f"reponses/{enquete}/{number}"
        if table not in donnees.tables or table in donnees.incomplets:
            continue
        invites = row.get("invites")
        answers = {name: _sans_nan(column) for name, column in donnees.columns(table).items()}
        found.append(
            Vague(
                enquete=enquete,
                vague=number,
                jour=jour,
                invites=None if invites is None or pd.isna(invites) else int(invites),
                repondants=tuple(answers.pop("repondant")),
                reponses=answers,
                population=_population(donnees, enquete, jour),
            )
        )
    return found


def _sans_nan(column: Sequence[Any]) -> list[Any]:
    """The values of a column, None for a blank, which alone differs from itself."""
    return [None if value != value else value for value in column]


def _population(donnees: Donnees, enquete: str, jour: date) -> dict[str, Personne] | None:
    """Who could answer on a collection's last day, by name; None where nobody knows."""
    if enquete not in SUIVIES:
        return None
    gens = etapes(donnees)
    if enquete == "salaries_ebe":
        asked = gens.sous_contrat(jour)
    else:
        asked = gens.volontaires(jour) & (situations(gens, jour) == "attente")
    columns = (gens.personnes[name][asked] for name in ("personne", "sexe"))
    return {
        name: Personne(sexe, classe(jour.year - year, bornes=AGES_BORNES, codes=AGES))
        for name, sexe, year in zip(*columns, gens.naissance[asked], strict=True)
        if sexe in SEXES
    }


def _regroupes(answered: set[str]) -> dict[str, str]:
    """The band under which each band of age is weighed: its own, or the nearest younger one with answers."""
    found: dict[str, str] = {}
    last: str = next(age for age in AGES if age in answered)
    for age in AGES:
        last = age if age in answered else last
        found[age] = last
    return found
