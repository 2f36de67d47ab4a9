"""What passes the gate that is no number: questions, sentences, remarks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.indicateurs.participation.records import QuestionLocale, Verbatim
from analysis.noyau.mesures import Cadre, load_definitions
from analysis.noyau.paths import Project
from analysis.secret.regles import decider
from analysis.secret.release import release_question, release_verbatim

DEFINITIONS = load_definitions(Project.here())
VAL = Cadre("val", "reel", "dépôt n° 1", DEFINITIONS)
WRITTEN = Verbatim("val", "habitants", 2020, "Que faudrait-il ?", "activites", "Ouvrir le samedi.", 11)


def test_only_a_question_is_released_as_one() -> None:
    asked = QuestionLocale("val", "Q1", "Qui vient ?", "elus", "H1")
    assert release_question(asked).rule == "declare"
    with pytest.raises(TypeError):
        release_question(WRITTEN)  # type: ignore[arg-type]


def test_a_sentence_of_a_wave_of_eleven_answers_is_quoted_and_of_ten_is_not() -> None:
    released = release_verbatim(WRITTEN)
    assert released is not None and released.rule == "consentement"
    assert release_verbatim(replace(WRITTEN, repondants=10)) is None


@pytest.mark.parametrize("text", ["Demandez à Mme Martin.", "Jeanne Martin m'a aidé.", "06 12 34 56 78"])
def test_a_sentence_that_may_tell_who_is_not_quoted(text: str) -> None:
    assert release_verbatim(replace(WRITTEN, texte=text)) is None


def choices(*counts: int, question: str = "connaissance") -> list[str]:
    known = [c.code for c in DEFINITIONS.of("choix_reponses").modalites]
    codes = [code for code in known if code.startswith(f"habitants-{question}-")]
    mesures = [
        VAL.compte("choix_reponses", "2020", n, modalite=code) for code, n in zip(codes, counts, strict=True)
    ]
    return [released.rule for released in decider(mesures, DEFINITIONS, frozenset())]


def test_the_answers_to_one_question_add_up_among_themselves() -> None:
    """Three people: a second answer is withheld with theirs, for the total of the question is known."""
    assert choices(20, 30, 3, 12) == ["diffusable", "diffusable", "seuil-effectif", "addition"]
    assert choices(20, 3, question="client") == ["addition", "seuil-effectif"]


def test_a_weighted_share_falls_with_the_raw_one_and_so_does_its_interval() -> None:
    share = VAL.ratio("avis_favorable", "2018", 3, 40, vide="", modalite="salaries_ebe-utile")
    weighted = VAL.ratio(
        "avis_favorable_redresse", "2018", 5.5, 60.0, vide="", n=40, modalite="salaries_ebe-utile"
    )
    weighted = replace(weighted, bas=2.0, haut=20.0)
    first, second = decider([share, weighted], DEFINITIONS, frozenset())
    assert (first.rule, second.rule) == ("un-a-quatre", "composante")
    assert (second.content.valeur, second.content.bas, second.content.haut) == (None, None, None)


def test_a_coefficient_on_ten_people_is_withheld() -> None:
    place = "salaries_ebe-sens_du_travail"
    ten, eleven = (
        VAL.coefficient("echelle_alpha", year, 0.8, n=n, modalite=place)
        for year, n in (("2018", 10), ("2019", 11))
    )
    rules = [released.rule for released in decider([ten, eleven], DEFINITIONS, frozenset())]
    assert rules == ["seuil-taux", "diffusable"]


def test_an_opinion_that_all_share_is_withheld() -> None:
    share = VAL.ratio("avis_favorable", "2018", 40, 40, vide="", modalite="salaries_ebe-sante")
    assert [r.rule for r in decider([share], DEFINITIONS, frozenset())] == ["groupe-entier"]
