"""What the dictionary declares of measures, and what it must say of each."""

from __future__ import annotations

import pytest

from analysis.noyau.definitions import load_definitions
from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project

SANS_DIPLOME = (
    "volontaires_sans_diplome,Sans diplôme,Volontaires sans diplôme.,personnes,compte,,,,exhaustivite,"
    "{population},{partie_de},,non,H1,"
)


def with_a_new_count(project: Project, *, population: str, partie_de: str) -> Project:
    """The small project with one more measure, a count of people, that says this of what it is part of."""
    path = project.dictionary / "mesures.csv"
    row = SANS_DIPLOME.format(population=population, partie_de=partie_de)
    path.write_text(f"{path.read_text(encoding='utf-8')}{row}\n", encoding="utf-8")
    return project


def test_a_new_count_that_says_what_it_is_part_of_is_a_measure(small: Project) -> None:
    project = with_a_new_count(small, population="suivies", partie_de="volontaires_eligibles")
    found = load_definitions(project).of("volontaires_sans_diplome")
    assert (found.population, found.partie_de, found.counts_people) == (
        "suivies",
        "volontaires_eligibles",
        True,
    )


@pytest.mark.parametrize(
    ("population", "partie_de", "column", "found"),
    [
        ("suivies", "", "partie_de", "une case vide"),
        ("", "volontaires_eligibles", "population", "une case vide"),
        ("suivies", "volontaires", "partie_de", "« volontaires »"),
        ("suivies", "taux_sortie", "partie_de", "« taux_sortie »"),
        ("suivies", "volontaires_sans_diplome", "partie_de", "« volontaires_sans_diplome »"),
        ("suivies", "embauchees", "partie_de", "qui compte la population « embauchees »"),
        ("suivies", "tout", "partie_de", "« personnes_rencontrees » compte déjà toute la population"),
    ],
)
def test_a_count_that_does_not_say_what_it_is_part_of_is_refused(
    small: Project, population: str, partie_de: str, column: str, found: str
) -> None:
    project = with_a_new_count(small, population=population, partie_de=partie_de)
    line = len((project.dictionary / "mesures.csv").read_text(encoding="utf-8").splitlines())
    with pytest.raises(InvalidData) as refused:
        load_definitions(project)
    told = [finding for finding in refused.value.findings if finding.column == column]
    assert [(finding.line, found in finding.found) for finding in told] == [(line, True)]


def test_an_amount_is_part_of_no_population(small: Project) -> None:
    path = small.dictionary / "mesures.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("economie_ebe,,,,non", "economie_ebe,suivies,tout,,non", 1), encoding="utf-8"
    )
    with pytest.raises(InvalidData, match="ne compte ni des personnes, ni leurs ETP"):
        load_definitions(small)
