"""What the scale of evidence refuses: an effect known through others, a fact of one origin, no direction."""

from __future__ import annotations

import pytest
from refus import refusals
from small import edit

from analysis.noyau.paths import Project
from analysis.sources.register import Register, load_register

PREUVES = "published/preuves"
CHIFFRES = "published/chiffres"


def test_evidence_without_a_direction_is_refused_with_its_line(small: Project) -> None:
    edit(small.root, PREUVES, "appuie,indicative", ",indicative")
    (finding,) = refusals(small)
    assert finding.startswith(
        "data/published/preuves.csv, ligne 2, colonne « direction » : trouvé une cellule vide"
    )


@pytest.mark.parametrize("column", ["population", "phases", "comparaison", "revision", "effet"])
def test_nothing_that_judges_evidence_may_lack(small: Project, column: str) -> None:
    values = {"population": "Salariés de l'EBE", "phases": "national", "comparaison": "Rien : un effectif."}
    values |= {"revision": "Un autre compte.", "effet": "non"}
    edit(small.root, PREUVES, f",{values[column]},", ",,")
    (finding,) = refusals(small)
    assert f"preuves.csv, ligne 2, colonne « {column} » : trouvé une cellule vide" in finding


def test_an_unknown_direction_or_phase_is_refused(small: Project) -> None:
    edit(small.root, PREUVES, "appuie,indicative", "penche,indicative")
    edit(small.root, PREUVES, ",national,", ",national troisieme,")
    direction, phase = refusals(small)
    assert "ligne 2, colonne « direction »" in direction and "« penche »" in direction
    assert "ligne 2, colonne « phases »" in phase and "troisieme" in phase


def test_a_fact_of_one_origin_is_not_established(small: Project) -> None:
    edit(small.root, PREUVES, "appuie,indicative", "appuie,etablie")
    (finding,) = refusals(small)
    assert (
        "ligne 2, colonne « force » : trouvé « établie » avec 1 origine parmi les chiffres cités" in finding
    )


def test_an_official_text_fixes_a_fact_alone(small: Project) -> None:
    edit(small.root, PREUVES, "appuie,indicative", "appuie,etablie")
    edit(small.root, "published/sources", "La Gazette,presse", "La Gazette,texte_officiel")
    assert load_register(small).preuves[0].force == "etablie"


def _as_effect(project: Project) -> None:
    """The evidence is an effect, of two evaluations."""
    edit(project.root, PREUVES, "appuie,indicative,non", "appuie,etablie,oui")
    edit(project.root, PREUVES, "emploie {#1}", "emploie {#1} puis {#6}")
    edit(project.root, CHIFFRES, "oui,,,,val-effectif", "oui,,revue-2019,,val-effectif")


def test_an_effect_read_second_hand_is_not_established(small: Project) -> None:
    _as_effect(small)
    edit(small.root, CHIFFRES, "gazette-2016,,,,\n2", "gazette-2016,,seconde_main,,\n2")
    first, second = refusals(small)
    assert "l'effet dit établie, dont le chiffre n° 1 est de seconde main" in first
    assert "l'effet dit établie, dont le chiffre n° 6 est sans lecture relevée" in second


def test_an_effect_read_where_it_was_measured_may_be_established(small: Project) -> None:
    _as_effect(small)
    edit(small.root, CHIFFRES, "gazette-2016,,,,\n2", "gazette-2016,page 12,texte,,\n2")
    edit(
        small.root,
        CHIFFRES,
        "622,personnes,2018-09,oui,,,,,gazette-2016,,,,",
        "622,personnes,2018-09,oui,,,,,gazette-2016,page 3,extrait,,",
    )
    assert load_register(small).preuves[0].effet


def test_what_is_absent_says_nothing_of_the_hypothesis(small: Project) -> None:
    edit(small.root, PREUVES, "appuie,indicative", "appuie,absente")
    (finding,) = refusals(small)
    assert (
        "colonne « direction » : trouvé « appuie » d'une preuve absente ; attendu « n'éclaire pas »"
        in finding
    )


def test_a_figure_of_an_evaluation_says_how_it_was_read_and_where(small: Project) -> None:
    edit(small.root, CHIFFRES, "oui,,,,val-effectif", "oui,,revue-2019,,val-effectif")
    (finding,) = refusals(small)
    assert "chiffres.csv, ligne 2, colonne « lecture » : trouvé une cellule vide" in finding
    edit(small.root, CHIFFRES, "gazette-2016,,,,\n2", "gazette-2016,,texte,,\n2")
    (finding,) = refusals(small)
    assert "chiffres.csv, ligne 2, colonne « page » : trouvé une cellule vide" in finding


def test_no_effect_of_the_bilan_is_called_established_from_hearsay(published: Register) -> None:
    read = {chiffre.numero: chiffre.lecture for chiffre in published.chiffres}
    effects = [preuve for preuve in published.preuves if preuve.effet]
    assert {p.preuve for p in effects} >= {"h1-effet-emploi-2025", "h3-cout-net"}
    for preuve in effects:
        if preuve.force == "etablie":
            assert {read[n] for n in preuve.numeros} <= {"texte", "extrait"}
