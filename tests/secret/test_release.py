"""What passes the gate that is no number: questions, sentences, remarks."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from declarees import DEFINITIONS

from analysis.indicateurs.participation.demandes import QuestionLocale, Verbatim
from analysis.indicateurs.participation.locaux import avec_locales
from analysis.noyau.mesures import Cadre, Mesure
from analysis.secret.regles import decider
from analysis.secret.release import Citation, Parole, release_parole, release_question, release_verbatim
from analysis.sources.commentaires import Commentaire

VAL = Cadre("val", "reel", "dépôt n° 1", DEFINITIONS)
WRITTEN = Verbatim("val", "habitants", 2020, "Que faudrait-il ?", "activites", "Ouvrir le samedi.", 11)


def test_only_a_question_is_released_as_one() -> None:
    asked = QuestionLocale("val", "Q1", "Qui vient ?", "elus", "H1")
    assert release_question(asked).rule == "declare"
    with pytest.raises(TypeError):
        release_question(WRITTEN)  # type: ignore[arg-type]


def remark(**words: str) -> Commentaire:
    """A remark of which every field holds a word of its own, that no rule withholds."""
    coded = {"genre": "accord", "consentement": "oui", "statut": "repondu", "rattachement": "en_place"}
    named = {field.name: f"mot {field.name}" for field in fields(Commentaire)}
    return Commentaire(**{**named, **coded, **words})


def test_a_remark_crosses_by_the_fields_that_are_declared_public_and_by_no_other() -> None:
    """What the record holds beside them, and all its words once one of them may tell who, go nowhere."""
    facts = {"id", "territoire", "chapitre", "ancre", "role", "date", "genre", "statut", "rattachement"}
    facts |= {"date_reponse", "accord", "reponse_a"}
    words = {"texte", "citation", "reponse", "changement", "avant", "apres"}
    assert {field.name for field in fields(Parole)} == facts | words
    whole = release_parole(remark())
    assert whole.rule == "consentement" and {getattr(whole.content, w) for w in words} == {
        f"mot {w}" for w in words
    }
    withheld = [{"consentement": "non"}, {"consentement": ""}, {"texte": "Voyez Jeanne Martin."}]
    withheld += [{name: "Écrivez à a.b@exemple.fr."} for name in words]
    for change in withheld:
        released = release_parole(remark(**change))
        assert released.rule == "sans-texte"
        assert {getattr(released.content, name) for name in words} == {""}
        assert released.content.date_reponse == "mot date_reponse"


def test_a_name_that_a_change_took_out_withholds_the_remark_and_one_that_stays_does_not() -> None:
    before = "Le Pôle Emploi et Jeanne Martin ont reçu."
    gone = remark(avant=before, apres="Le Pôle Emploi a reçu.")
    kept = remark(avant="Le Pôle Emploi a reçu 3 fois.", apres="Le Pôle Emploi a reçu 4 fois.")
    assert release_parole(gone).rule == "sans-texte" and release_parole(kept).rule == "consentement"


def test_a_sentence_of_a_wave_of_eleven_answers_is_quoted_and_of_ten_is_not() -> None:
    """How many answered decides, and goes nowhere: no page shows it."""
    released = release_verbatim(WRITTEN)
    assert released is not None and released.rule == "consentement"
    assert released.content == Citation(
        "val", "habitants", 2020, "Que faudrait-il ?", "activites", "Ouvrir le samedi."
    )
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
    assert (first.rule, second.rule) == ("petit-cote", "composante")
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


def weights(women: int, men: int, answered: int) -> list[Mesure]:
    """Women and men under contract, those of them who answered, and what the weights make of it."""
    counts = [
        VAL.compte(f"{kind}_sexe_salaries", "2018", n, modalite=sexe)
        for kind, told in (("population", (20, 30)), ("repondants", (women, men)))
        for sexe, n in zip(("femme", "homme"), told, strict=True)
    ]
    return [
        *counts,
        VAL.compte("enquete_pesees", "2018", answered, modalite="salaries_ebe"),
        VAL.coefficient("enquete_effet_plan", "2018", 1.25, n=answered, modalite="salaries_ebe"),
    ]


def test_a_design_effect_falls_with_the_people_that_it_would_tell() -> None:
    """Fifteen answers and an effect of 1.25 have one solution: three women of twenty."""
    told = {r.content.mesure: r.rule for r in decider(weights(3, 12, 15), DEFINITIONS, frozenset())}
    assert told["enquete_effet_plan"] == "composante"
    told = {r.content.mesure: r.rule for r in decider(weights(10, 15, 25), DEFINITIONS, frozenset())}
    assert told["enquete_effet_plan"] == "diffusable"


def test_a_test_falls_with_the_count_of_those_who_answered_twice() -> None:
    code = "salaries_ebe-utile"
    measures = [
        VAL.compte("evolution_personnes", "2018/2020", 3, modalite=code),
        VAL.coefficient("evolution_test", "2018/2020", 0.5, n=3, modalite=code),
    ]
    assert "diffusable" not in [r.rule for r in decider(measures, DEFINITIONS, frozenset())]


def test_a_local_share_of_two_days_does_not_tell_the_person_who_came() -> None:
    base = DEFINITIONS.of("avis_favorable")
    local = replace(
        base,
        mesure="local-val-i1",
        modalites=(),
        numerateur="local-val-i1-oui",
        denominateur="local-val-i1-sur",
    )
    count = replace(local, forme="compte", unite="personnes", numerateur="", denominateur="", sensible=False)
    known = avec_locales(
        DEFINITIONS,
        {
            "local-val-i1": local,
            **{f"local-val-i1-{s}": replace(count, mesure=f"local-val-i1-{s}") for s in ("oui", "sur")},
        },
    )
    val = Cadre("val", "reel", "dépôt n° 1", known)
    mesures = [
        one
        for day, part, whole in (("2020-12-30", 20, 40), ("2020-12-31", 21, 41))
        for one in (
            val.compte("local-val-i1-oui", day, part),
            val.compte("local-val-i1-sur", day, whole),
            val.ratio("local-val-i1", day, part, whole, vide=""),
        )
    ]
    released = decider(mesures, known, frozenset())
    assert [r.content.periode for r in released if r.rule == "diffusable"] == ["2020-12-31"] * 3
