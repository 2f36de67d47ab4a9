"""Territories that ask and people who answer: who was invited, what is told, what changed, what is proposed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from essai import DEFINITIONS, contrat, depot, personne, une

from analysis.indicateurs.donnees import Donnees
from analysis.indicateurs.ensemble import ensemble
from analysis.indicateurs.participation import locaux
from analysis.indicateurs.participation.enquetes import mesures
from analysis.indicateurs.participation.ensemble import (
    avec_intervalles,
    effets_plan,
    en_commun,
    nombres_en_commun,
    reponses,
)
from analysis.noyau.mesures import ENSEMBLE, Cadre, Mesure
from analysis.secret.regles import decider

TOUT, PLUTOT, PAS, NSP = "tout_a_fait", "plutot", "plutot_pas", "nsp"


def vague(
    number: int, jour: str, invites: int | None = None, enquete: str = "salaries_ebe"
) -> dict[str, Any]:
    return {
        "enquete": enquete,
        "vague": number,
        "date_collecte": jour,
        "invites": invites,
        "fichier": "e.csv",
    }


def employees(**sexes: str) -> dict[str, list[dict[str, Any]]]:
    """People hired in 2017, all born in 1975: their names, and their sex."""
    return {
        "personnes": [personne(nom, sexe=sexe) for nom, sexe in sexes.items()],
        "contrats": [contrat(nom, "2017-06-01") for nom in sexes],
    }


def answered(lieu: str = "val", **answers: str) -> Donnees:
    """Four employees, two women and two men; each answers whether the work is useful."""
    people = employees(f1="femme", f2="femme", h1="homme", h2="homme")
    rows = [{"repondant": nom, "utile": answer} for nom, answer in answers.items()]
    return depot(
        lieu=lieu,
        enquetes=[vague(1, "2018-11-15", 4)],
        reponses={("salaries_ebe", 1): rows},
        **people,
    )


def utile(found: list[Mesure], name: str, periode: str = "2018") -> Mesure:
    return une(found, name, periode, "salaries_ebe-utile")


def test_two_of_four_answer_and_both_agree() -> None:
    found = list(mesures(answered(f1=TOUT, h1=PLUTOT)))
    rate = une(found, "enquete_taux_reponse", "2018", "salaries_ebe")
    assert (rate.numerateur, rate.denominateur, rate.valeur) == (2, 4, 50.0)
    assert utile(found, "avis_favorable").valeur == 100.0
    assert utile(found, "avis_defavorable").valeur == 0.0
    assert utile(found, "avis_favorable").bas == pytest.approx(34.24, abs=0.01)


def test_a_blank_is_no_answer_and_does_not_know_is_one() -> None:
    """Two answers of three rows: one agrees, one does not know."""
    found = list(mesures(answered(f1=TOUT, f2=NSP, h1=None)))  # type: ignore[arg-type]
    share = utile(found, "avis_favorable")
    assert (share.numerateur, share.denominateur) == (1, 2)
    assert utile(found, "avis_neutre").valeur == 50.0


def test_weights_give_each_sex_its_place() -> None:
    """Both women answer and agree, one man of two answers and does not: 2/3 of the answers, half of the people."""
    found = list(mesures(answered(f1=TOUT, f2=TOUT, h1=PAS)))
    assert utile(found, "avis_favorable").valeur == pytest.approx(200 / 3)
    weighted = utile(found, "avis_favorable_redresse")
    assert (weighted.valeur, weighted.n) == (pytest.approx(50.0), 3)
    assert (weighted.numerateur, weighted.denominateur) == (pytest.approx(2), pytest.approx(4))
    assert une(found, "enquete_effet_plan", "2018", "salaries_ebe").valeur == pytest.approx(3 * 6 / 16)


def test_a_sex_that_does_not_answer_leaves_no_weights() -> None:
    found = list(mesures(answered(f1=TOUT, f2=TOUT)))
    assert utile(found, "avis_favorable").valeur == 100.0
    assert (
        utile(found, "avis_favorable_redresse").motif
        == "les réponses ne couvrent pas assez la population enquêtée"
    )


def test_who_does_not_answer_is_told_by_sex() -> None:
    found = list(mesures(answered(f1=TOUT, f2=TOUT, h1=PAS)))
    assert une(found, "taux_reponse_sexe_salaries", "2018", "femme").valeur == 100.0
    assert une(found, "taux_reponse_sexe_salaries", "2018", "homme").valeur == 50.0
    assert {m.modalite for m in found if m.mesure == "population_sexe_salaries"} == {"femme", "homme"}


def test_someone_whose_sex_is_not_told_answers_and_weighs_nothing() -> None:
    people = employees(f1="femme", h1="homme", x1="nr")
    rows = [{"repondant": nom, "utile": TOUT} for nom in ("f1", "h1", "x1")]
    data = depot(enquetes=[vague(1, "2018-11-15", 3)], reponses={("salaries_ebe", 1): rows}, **people)
    found = list(mesures(data))
    assert une(found, "enquete_reponses", "2018", "salaries_ebe").valeur == 3
    assert une(found, "enquete_pesees", "2018", "salaries_ebe").valeur == 2


def test_someone_who_is_not_of_the_staff_counts_as_an_answer_and_weighs_nothing() -> None:
    found = list(mesures(answered(f1=TOUT, h1=PAS, passant=TOUT)))
    assert une(found, "enquete_reponses", "2018", "salaries_ebe").valeur == 3
    assert utile(found, "avis_favorable_redresse").n == 2


def test_a_band_of_age_without_answers_is_weighed_with_its_neighbour() -> None:
    people = [personne("jeune", annee_naissance=1995), personne("moyen", annee_naissance=1980)]
    data = depot(
        personnes=[*people, personne("grand", annee_naissance=1960)],
        contrats=[contrat(nom, "2017-06-01") for nom in ("jeune", "moyen", "grand")],
        enquetes=[vague(1, "2018-11-15")],
        reponses={
            ("salaries_ebe", 1): [{"repondant": "jeune", "utile": TOUT}, {"repondant": "moyen", "utile": PAS}]
        },
    )
    assert utile(list(mesures(data)), "avis_favorable_redresse").valeur == pytest.approx(100 / 3)


def test_more_answers_than_invitations_have_no_rate() -> None:
    rows = [{"repondant": f"l{i}", "utilite": 7} for i in range(3)]
    for invites, motif in ((2, "plus de réponses que"), (None, "le territoire n'a pas dit")):
        data = depot(
            enquetes=[vague(1, "2020-05-31", invites, "habitants")], reponses={("habitants", 1): rows}
        )
        rate = une(list(mesures(data)), "enquete_taux_reponse", "2020", "habitants")
        assert rate.etat == "absente" and rate.motif.startswith(motif)


def test_a_wave_whose_file_was_refused_is_left_out() -> None:
    assert list(mesures(depot(enquetes=[vague(1, "2018-11-15", 4)]))) == []


def of_an_earlier_version(data: Donnees, *absent: str, wave: int = 1) -> Donnees:
    """The same deposit, whose wave did not ask these questions yet."""
    name = f"reponses/salaries_ebe/{wave}"
    return replace(data, tables={**data.tables, name: data.tables[name].drop(columns=list(absent))})


def test_a_question_that_a_wave_did_not_ask_has_no_answer_and_not_zero() -> None:
    """Asked later, « reconnu » has no answer in this wave, nor has the scale that it is of; « utile » has."""
    found = list(mesures(of_an_earlier_version(answered(f1=TOUT, h1=PLUTOT), "reconnu", "satisfaction")))
    assert utile(found, "avis_reponses").valeur == 2
    for name in (
        "avis_reponses",
        "avis_favorable",
        "avis_neutre",
        "avis_defavorable",
        "avis_favorable_redresse",
    ):
        told = une(found, name, "2018", "salaries_ebe-reconnu")
        assert (told.etat, told.motif) == ("absente", "la question n'était pas posée à cette vague")
    assert not [m for m in found if m.mesure in ("echelle_score", "echelle_alpha", "note_moyenne")]


def test_a_list_that_a_wave_did_not_ask_is_not_counted() -> None:
    data = of_an_earlier_version(answered(f1=TOUT), "temps_choisi")
    told = [m for m in mesures(data) if m.modalite.startswith("salaries_ebe-temps_choisi")]
    assert {m.etat for m in told} == {"absente"} and len(told) > 1


def test_a_question_asked_in_one_of_two_waves_has_no_change() -> None:
    rows = [{"repondant": jeton("a"), "utile": PLUTOT, "reconnu": PLUTOT}]
    data = depot(
        enquetes=[vague(1, "2018-11-15"), vague(2, "2020-02-15")],
        reponses={("salaries_ebe", 1): rows, ("salaries_ebe", 2): rows},
    )
    changed = {
        m.modalite
        for m in mesures(of_an_earlier_version(data, "reconnu"))
        if m.mesure == "evolution_personnes" and m.valeur is not None
    }
    assert "salaries_ebe-utile" in changed and "salaries_ebe-reconnu" not in changed


def test_a_list_without_better_or_worse_is_counted() -> None:
    rows = [{"repondant": f"l{i}", "client": "oui" if i else "non"} for i in range(3)]
    data = depot(enquetes=[vague(1, "2020-05-31", 9, "habitants")], reponses={("habitants", 1): rows})
    found = list(mesures(data))
    assert une(found, "choix_reponses", "2020", "habitants-client-oui").valeur == 2
    assert une(found, "choix_reponses", "2020", "habitants-client-non").valeur == 1
    assert not [m for m in found if m.modalite.startswith("habitants-consentement")]


def test_a_mean_mark_and_a_scale() -> None:
    rows = [
        {
            "repondant": "f1",
            "satisfaction": 8,
            "utile": TOUT,
            "reconnu": TOUT,
            "apprendre": TOUT,
            "avenir": PAS,
        },
        {"repondant": "f2", "satisfaction": 5, "utile": PAS, "reconnu": PAS, "apprendre": PAS, "avenir": PAS},
        {"repondant": "h1", "utile": TOUT, "reconnu": NSP, "apprendre": PAS, "avenir": PAS},
    ]
    data = depot(enquetes=[vague(1, "2018-11-15")], reponses={("salaries_ebe", 1): rows})
    found = list(mesures(data))
    mark = une(found, "note_moyenne", "2018", "salaries_ebe-satisfaction")
    assert (mark.valeur, mark.n) == (6.5, 2)
    # s = 2.1213, t of one degree 12.7062, half 12.7062 × 2.1213 ÷ √2 = 19.06
    assert (mark.bas, mark.haut) == (-12.56, 25.56)
    (score,) = [m for m in found if m.mesure == "echelle_score"]
    assert (score.valeur, score.n) == (pytest.approx((14 / 4 + 2) / 2), 2)


def jeton(name: str) -> str:
    """The hash of somebody's token."""
    return f"{ord(name):020x}"


def two_waves() -> list[Mesure]:
    first = [
        {"repondant": jeton(n), "utile": a} for n, a in (("a", PAS), ("b", PLUTOT), ("c", TOUT), ("d", PAS))
    ]
    second = [
        {"repondant": jeton(n), "utile": a} for n, a in (("a", TOUT), ("b", PLUTOT), ("c", NSP), ("e", TOUT))
    ]
    data = depot(
        enquetes=[vague(2, "2020-02-15"), vague(1, "2018-11-15")],
        reponses={("salaries_ebe", 1): first, ("salaries_ebe", 2): second},
    )
    return list(mesures(data))


def test_only_those_who_answered_twice_are_compared() -> None:
    """Of a, b, c, d then a, b, c, e: c no longer knows; a is more favourable, b the same."""
    found = two_waves()
    up = utile(found, "evolution_hausse", "2018/2020")
    assert (up.numerateur, up.denominateur) == (1, 2)
    assert utile(found, "evolution_stable", "2018/2020").valeur == 50.0
    assert utile(found, "evolution_baisse", "2018/2020").valeur == 0.0
    gap = utile(found, "evolution_moyenne", "2018/2020")
    assert (gap.numerateur, gap.n, gap.valeur) == (
        2.0,
        2,
        1.0,
    )  # from « plutôt pas » to « tout à fait »: two degrees
    silent = une(found, "evolution_test", "2018/2020", "salaries_ebe-sante")
    assert silent.motif == "personne n'a répondu aux deux vagues"


def test_answers_without_a_token_are_joined_to_nobody() -> None:
    """The number of an answer is another person's in the next wave."""
    rows = [{"repondant": f"r{rank}", "utile": TOUT} for rank in range(3)]
    data = depot(
        enquetes=[vague(1, "2018-11-15"), vague(2, "2020-02-15")],
        reponses={("salaries_ebe", 1): rows, ("salaries_ebe", 2): rows},
    )
    assert utile(list(mesures(data)), "evolution_hausse", "2018/2020").etat == "absente"


def test_an_anonymous_survey_has_no_change_to_tell() -> None:
    rows = [{"repondant": "l1", "utilite": 7}]
    data = depot(
        enquetes=[vague(1, "2020-05-31", 9, "habitants"), vague(2, "2021-05-31", 9, "habitants")],
        reponses={("habitants", 1): rows, ("habitants", 2): rows},
    )
    assert not [m for m in mesures(data) if m.mesure.startswith("evolution")]


def test_two_territories_together_weigh_their_people() -> None:
    """Three of four answer here, all favourable; one of four there, not: 4 people of 8, 3 answers of 4."""
    here = list(mesures(answered("amont", f1=TOUT, f2=TOUT, h1=TOUT)))
    people = employees(f1="femme", f2="femme", f3="femme", f4="femme")
    there = list(
        mesures(
            depot(
                lieu="aval",
                enquetes=[vague(1, "2018-11-15", 4)],
                reponses={("salaries_ebe", 1): [{"repondant": "f1", "utile": PAS}]},
                **people,
            )
        )
    )
    base = (*here, *there)
    together = [*ensemble(base, DEFINITIONS), *effets_plan(base, DEFINITIONS)]
    every = [m for m in avec_intervalles((*base, *together)) if m.lieu == ENSEMBLE]
    assert utile(every, "avis_favorable").valeur == 75.0
    assert utile(every, "avis_favorable_redresse").valeur == pytest.approx(50.0)
    loss = une(every, "enquete_effet_plan", "2018", "salaries_ebe").valeur
    assert loss == pytest.approx(4 * (1 + 1 + 4 + 16) / 64)
    weighted = utile(every, "avis_favorable_redresse")
    assert weighted.bas is not None and weighted.bas < 50 < (weighted.haut or 0)


def weighed(lieu: str, *, people: int, answers: int, of_a_question: float) -> list[Mesure]:
    """Equal weights of a territory: its people by sex, its answers, and the weights of its most answered question."""
    cadre = Cadre(lieu, "demonstration", "dépôt n° 1", DEFINITIONS)
    question = next(
        c.code for c in DEFINITIONS.of("avis_favorable_redresse").modalites if "salaries" in c.code
    )
    told = {"modalite": "salaries_ebe", "n": answers}
    return [
        *(
            cadre.compte("population_sexe_salaries", "2018", n, modalite=sexe)
            for sexe, n in (("femme", people - 40), ("homme", 40))
        ),
        cadre.coefficient("enquete_effet_plan", "2018", 1.0, **told),
        cadre.ratio(
            "avis_favorable_redresse", "2018", 1, of_a_question, vide="", n=answers, modalite=question
        ),
    ]


def test_the_design_effect_of_all_counts_the_people_asked_not_those_of_a_question() -> None:
    """100 people and 10 answers, 100 and 20: 30 × (100²/10 + 100²/20) ÷ 200² = 1.125. With the 60 people of the
    question that was answered most in the first, it was 30 × (60²/10 + 100²/20) ÷ 160² = 1.008."""
    base = [
        *weighed("amont", people=100, answers=10, of_a_question=60.0),
        *weighed("aval", people=100, answers=20, of_a_question=100.0),
    ]
    (loss,) = effets_plan(base, DEFINITIONS)
    assert (loss.valeur, loss.n, loss.source) == (1.125, 30, "2 territoires")


def test_the_design_effect_of_all_is_of_the_territories_that_have_weights() -> None:
    lacking = Cadre("loin", "demonstration", "dépôt n° 1", DEFINITIONS)
    none = lacking.absente("enquete_effet_plan", "2018", "pas assez de réponses", modalite="salaries_ebe")
    first = weighed("amont", people=100, answers=10, of_a_question=60.0)
    second = weighed("aval", people=100, answers=20, of_a_question=100.0)
    (loss,) = effets_plan([*first, *second, none], DEFINITIONS, {"loin": "Loin-sur-Mer"})
    assert (loss.valeur, loss.source) == (1.125, "2 territoires sur 3 (il manque Loin-sur-Mer)")
    (alone,) = effets_plan([*first, none], DEFINITIONS, {"loin": "Loin-sur-Mer"})
    assert (alone.valeur, alone.motif) == (None, "pas de poids : Loin-sur-Mer")


def test_a_scale_and_a_change_are_judged_on_all_the_answers_together() -> None:
    """Two people here who go up by one, three there by two: five changes of one side, 2 ÷ 2⁵ by chance."""

    def place(lieu: str, names: str, first: str, second: str) -> Donnees:
        return depot(
            lieu=lieu,
            enquetes=[vague(1, "2018-11-15"), vague(2, "2020-02-15")],
            reponses={
                ("salaries_ebe", 1): [{"repondant": jeton(n), "utile": first} for n in names],
                ("salaries_ebe", 2): [{"repondant": jeton(n), "utile": second} for n in names],
            },
        )

    depots = [place("amont", "ab", PLUTOT, TOUT), place("aval", "cde", PAS, TOUT)]
    found = list(en_commun([reponses(one) for one in depots], DEFINITIONS))
    together = utile(found, "evolution_test", "2018/2020")
    assert (together.lieu, together.n) == (ENSEMBLE, 5)
    assert together.valeur == pytest.approx(0.0625, abs=0.02)
    assert not list(en_commun([reponses(depots[0])], DEFINITIONS))
    base = [m for data in depots for m in mesures(data)]
    every = avec_intervalles(
        (*base, *ensemble(base, DEFINITIONS)), nombres_en_commun([reponses(one) for one in depots])
    )
    (gap,) = [m for m in every if m.mesure == "evolution_moyenne" and m.lieu == ENSEMBLE and m.valeur]
    # 1, 1, 2, 2, 2: mean 1.6, s = √(1.2 ÷ 4) = 0.5477, t of four degrees 2.7764; 2.7764 × 0.5477 ÷ √5 = 0.68
    assert (gap.valeur, gap.n, gap.bas, gap.haut) == (1.6, 5, 0.92, 2.28)
    here = utile(list(mesures(depots[0])), "evolution_moyenne", "2018/2020")
    assert here.valeur == 1.0 and here.bas is None  # nobody differs from another


QUESTION = {"question": "Q1", "intitule": "Qui vient ?", "college": "elus", "hypothese": "h1"}
INDICATEUR = {
    "indicateur": "I1",
    "question": "q1",
    "libelle": "Venus par un proche",
    "definition": "Personnes venues sur le conseil d'un proche.",
    "origine": "Registre d'accueil",
    "mesure": "part_personnes",
    "cible": 30.0,
    "sens_cible": "au_moins",
    "date_cible": "2019-12-31",
}


def local(valeur: float = 18.0, sur: float = 64.0, **changes: Any) -> tuple[Donnees, list[Mesure]]:
    """A territory's own indicator and its value, 18 of 64 people."""
    value = {"indicateur": "i1", "date": "2018-12-31", "valeur": valeur, "sur": sur}
    data = depot(
        questions_locales=[QUESTION],
        indicateurs_locaux=[{**INDICATEUR, **changes}],
        mesures_locales=[value],
    )
    known = locaux.avec_locales(DEFINITIONS, locaux.definitions(data))
    return data, list(locaux.mesures(data.avec_definitions(known)))


def test_a_local_share_keeps_both_its_sides() -> None:
    data, (part, whole, m) = local()
    assert (part.valeur, whole.valeur) == (18, 64)
    assert (m.mesure, m.forme, m.numerateur, m.denominateur) == ("local-val-i1", "part", 18, 64)
    (question,) = locaux.questions(data)
    (indicator,) = question.indicateurs
    assert (question.hypothese, indicator.cible, indicator.est_atteinte(m.valeur or 0)) == ("H1", 30.0, False)
    assert locaux.definitions(data)["local-val-i1"].hypotheses == ("H1",)


def released(data: Donnees, found: list[Mesure]) -> dict[str, float | None]:
    known = locaux.avec_locales(DEFINITIONS, locaux.definitions(data))
    return {r.content.mesure: r.content.valeur for r in decider(found, known, frozenset())}


@pytest.mark.parametrize(
    ("libelle", "definition", "shown"),
    [
        ("Femmes reconnues RQTH", "Au 31 décembre.", None),
        ("Entrées", "Nombre de bénéficiaires du RSA embauchés.", None),
        ("Chantiers ouverts", "Depuis janvier.", 3.0),
        ("Hommages rendus", "Un par an.", 3.0),
    ],
)
def test_people_counted_as_something_else_are_withheld_as_people(
    libelle: str, definition: str, shown: float | None
) -> None:
    """Three women under « Nombre d'autre chose » are three people; three building sites are told."""
    data, found = local(valeur=3, mesure="nombre", libelle=libelle, definition=definition)
    assert released(data, found) == {"local-val-i1": shown}
    limite = locaux.definitions(data)["local-val-i1"].limite
    assert ("il est traité comme un nombre de personnes" in limite) == (shown is None)


def test_people_that_are_no_whole_number_or_a_share_of_nobody_knows_whom_are_not_told() -> None:
    _, (half,) = local(valeur=2.5, mesure="nombre")
    assert (half.etat, half.motif) == ("absente", "nombre de personnes qui n'est pas entier")
    _, (share,) = local(valeur=100.0, mesure="pourcent")
    assert share.etat == "absente" and "sans dire sur combien" in share.motif
    _, (other,) = local(valeur=40.0, mesure="pourcent", libelle="Terres en bio", definition="De la surface.")
    assert other.valeur == 40.0


@pytest.mark.parametrize("part", [12, 0])
def test_a_local_share_of_all_or_of_nobody_is_told_by_none_of_its_counts(part: int) -> None:
    """12 of 12 have it: neither the share nor the twelve who have it are told."""
    data, found = local(valeur=part, sur=12)
    shown = released(data, found)
    assert shown["local-val-i1"] is None and shown["local-val-i1-oui"] is None
    most, every = local(valeur=30, sur=64)
    assert None not in released(most, every).values()


def test_a_local_amount_is_in_euros_of_its_year() -> None:
    _, (m,) = local(mesure="euros")
    assert (m.forme, m.valeur, m.prix) == ("montant", 18.0, "2018")


def test_a_target_without_its_day_is_no_target() -> None:
    data, _ = local(date_cible=None)
    (question,) = locaux.questions(data)
    assert question.indicateurs[0].cible is None


def test_a_question_without_an_indicator_was_still_asked() -> None:
    data = depot(questions_locales=[{**QUESTION, "hypothese": "autre"}])
    (question,) = locaux.questions(data)
    assert (question.hypothese, question.indicateurs) == ("", ())


def test_an_older_deposit_has_no_sheet_of_questions() -> None:
    data = depot()
    old = replace(data, tables={k: v for k, v in data.tables.items() if "local" not in k and k != "enquetes"})
    assert (locaux.questions(old), list(locaux.mesures(old)), list(mesures(old))) == ((), [], [])


def test_a_wave_whose_file_was_refused_has_no_measure_and_not_zero_answers() -> None:
    whole = answered(f1=TOUT, h1=PLUTOT)
    name = "reponses/salaries_ebe/1"
    emptied = {**whole.tables, name: whole.tables[name].iloc[:0]}
    found = list(mesures(replace(whole, tables=emptied, incomplets={name: "réponses refusées"})))
    assert [(m.mesure, m.periode, m.etat, m.motif) for m in found] == [
        (told, "2018", "absente", "réponses refusées")
        for told in ("enquete_reponses", "enquete_invites", "enquete_taux_reponse")
    ]
    assert (
        une(mesures(replace(whole, tables=emptied)), "enquete_reponses", "2018", "salaries_ebe").valeur == 0
    )
