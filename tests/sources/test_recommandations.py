"""The numbers to remember and what is recommended rest on rows that exist, and a range on one quantity."""

from __future__ import annotations

import pytest

from analysis.noyau.errors import InvalidData
from analysis.noyau.paths import Project
from analysis.sources.register import load_register

LINE = "1,Pour qui ?,Personnes en emploi,3,{autres},Une seule source.\n"
ADVICE = "suivre,Les comités,Suivre ce que dit {{#1}}.,{preuves}\n"


def add(project: Project, table: str, line: str) -> None:
    with (project.published / f"{table}.csv").open("a", encoding="utf-8", newline="\n") as file:
        file.write(line)


def refused(project: Project) -> str:
    with pytest.raises(InvalidData) as error:
        load_register(project)
    assert len(error.value.findings) == 1
    return str(error.value)


def test_a_number_to_remember_has_a_range_made_of_the_same_quantity(small: Project) -> None:
    add(small, "essentiel", LINE.format(autres="1 6"))
    (line,) = load_register(small).essentiel
    assert (line.rang, line.chiffre, line.autres) == (1, 3, (1, 6))


def test_advice_names_its_evidence(small: Project) -> None:
    add(small, "recommandations", ADVICE.format(preuves="essai"))
    (advice,) = load_register(small).recommandations
    assert (advice.destinataire, advice.preuves) == ("Les comités", ("essai",))


@pytest.mark.parametrize(
    ("autres", "said"),
    [
        (
            "4",
            "trouvé n° 4, « embauches_cumulees_ebe » ; attendu un nombre de « effectif_ebe », comme le n° 3",
        ),
        ("99", "ligne 2, colonne « autres » : trouvé « 99 »"),
    ],
)
def test_a_range_of_two_quantities_or_of_no_figure_is_refused(small: Project, autres: str, said: str) -> None:
    add(small, "essentiel", LINE.format(autres=autres))
    assert said in refused(small)


def test_words_are_no_number_to_remember(small: Project) -> None:
    add(small, "essentiel", LINE.format(autres="").replace(",3,", ",5,"))
    assert "essentiel.csv, ligne 2, colonne « chiffre » : trouvé « maraîchage et recyclerie »" in refused(
        small
    )


@pytest.mark.parametrize(
    ("preuves", "said"),
    [
        ("", "recommandations.csv, ligne 2, colonne « preuves » : trouvé une cellule vide"),
        ("essai inconnue", "recommandations.csv, ligne 2, colonne « preuves » : trouvé « essai inconnue »"),
    ],
)
def test_advice_without_evidence_is_refused(small: Project, preuves: str, said: str) -> None:
    add(small, "recommandations", ADVICE.format(preuves=preuves))
    assert said in refused(small)


def test_advice_that_names_no_figure_of_the_register_is_refused(small: Project) -> None:
    add(small, "recommandations", ADVICE.format(preuves="essai").replace("{#1}", "{#77}"))
    assert "recommandations.csv, ligne 2, colonne « texte » : trouvé « {#77} »" in refused(small)
