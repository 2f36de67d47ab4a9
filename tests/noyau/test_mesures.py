"""The record of one number: what it refuses, and what its builders make."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import pytest
from declarees import DEFINITIONS

from analysis.noyau.errors import UnknownName
from analysis.noyau.mesures import Cadre, Mesure, de_colonnes, en_colonnes

CADRE = Cadre("val", "demonstration", "dépôt n° 1", DEFINITIONS)


def mesure(**values: Any) -> Mesure:
    sound: dict[str, Any] = {
        "mesure": "taux_sortie",
        "lieu": "val",
        "periode": "2018-12-31",
        "forme": "part",
        "unite": "pourcent",
        "nature": "demonstration",
        "source": "dépôt n° 1",
        "valeur": 25.0,
        "numerateur": 3,
        "denominateur": 12,
        "n": 12,
    }
    return Mesure(**(sound | values))


@pytest.mark.parametrize("sent", [mesure(), CADRE.absente("taux_sortie", "2018-12-31", "illisible")])
def test_a_measure_sent_to_another_process_arrives_whole(sent: Mesure) -> None:
    assert pickle.loads(pickle.dumps(sent)) == sent


def test_a_measure_keeps_its_key_and_another_one_has_its_own() -> None:
    one = mesure()
    key = one.cle
    assert one.cle is key == ("taux_sortie", "val", "", "", "2018-12-31")
    assert replace(one, lieu="mont").cle == ("taux_sortie", "mont", "", "", "2018-12-31")
    assert pickle.dumps(one) == pickle.dumps(mesure())


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"valeur": 30.0}, "not its numerator over its denominator"),
        ({"denominateur": 0}, "denominator other than zero"),
        ({"numerateur": None}, "a ratio has a numerator"),
        ({"valeur": 125.0, "numerateur": 15}, "a part above its whole"),
        ({"n": 11}, "their denominator as n"),
        ({"n": -1}, "a negative count"),
        ({"n": None}, "a number and a count"),
        ({"valeur": float("nan")}, "not finite"),
        ({"motif": "parce que"}, "no reason to be missing"),
        ({"etat": "masquee", "motif": "secret"}, "a missing value has no number"),
        ({"etat": "absente", "valeur": None, "numerateur": None, "denominateur": None, "n": None}, "has a reason"),
        ({"forme": "compte", "unite": "personnes", "valeur": 3, "numerateur": None, "denominateur": None}, "its n"),
        ({"forme": "montant", "unite": "euros", "numerateur": None, "denominateur": None}, "euros of no year"),
        ({"forme": "mediane", "unite": "mois"}, "only a ratio"),
        ({"forme": "incidence", "n": 13}, "within the people at the origin"),
        ({"periode": "le mois dernier"}, "le mois dernier"),
    ],
)  # fmt: skip
def test_numbers_that_contradict_each_other_are_refused(values: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        mesure(**values)


def test_a_rate_may_pass_a_hundred_percent_and_a_part_may_not() -> None:
    assert CADRE.ratio("taux_rencontre", "2018", 15, 12, vide="").valeur == 125.0
    with pytest.raises(ValueError, match="a part above its whole"):
        CADRE.ratio("taux_sortie", "2018", 15, 12, vide="")


def test_a_denominator_of_zero_is_a_missing_value_with_its_reason() -> None:
    found = CADRE.ratio("taux_sortie", "2018", 0, 0, vide="aucun volontaire")
    assert (found.etat, found.valeur, found.motif) == ("absente", None, "aucun volontaire")


def test_zero_is_a_count_and_not_a_missing_value() -> None:
    found = CADRE.compte("embauchees", "2018", 0)
    assert (found.etat, found.valeur, found.n) == ("calculee", 0, 0)


def test_a_measure_is_built_as_it_is_declared() -> None:
    with pytest.raises(ValueError, match="is declared « part »"):
        CADRE.compte("taux_sortie", "2018", 3)
    with pytest.raises(UnknownName):
        CADRE.compte("taux_de_sortie", "2018", 3)


@pytest.mark.parametrize("modalite", ["", "lundi"])
def test_a_measure_that_is_broken_down_names_a_category_of_its_list(modalite: str) -> None:
    with pytest.raises(UnknownName):
        CADRE.compte("attente_age", "2018", 3, modalite=modalite)


def test_what_adds_up_and_what_is_divided_are_of_one_form() -> None:
    by_name = DEFINITIONS.by_name
    for addition in DEFINITIONS.additions:
        codes = {choix.code for choix in by_name[addition.mesure].modalites} or {""}
        assert by_name[addition.total].forme == by_name[addition.mesure].forme == "compte"
        assert addition.modalites and set(addition.modalites) <= codes
    for definition in by_name.values():
        if definition.forme == "moyenne" and definition.numerateur:
            other = by_name[definition.numerateur]  # two means of one sum, or a share of the same people
            is_of_one_sum = (other.forme, other.numerateur) == ("moyenne", definition.mesure)
            assert is_of_one_sum or (other.forme, other.denominateur) == ("part", definition.denominateur)
            continue
        assert not definition.numerateur or definition.forme in (
            *("part", "taux", "rapport", "ecart", "part_estimee", "coefficient"),
        )
        assert (
            not definition.denominateur
            or definition.numerateur
            or definition.forme in ("mediane", "rapport", "part", "coefficient")
            or (definition.forme, definition.unite) == ("quantite", "heures")
        )


def test_an_unknown_measure_is_told_with_the_nearest_known_one() -> None:
    with pytest.raises(UnknownName, match="taux_sortie"):
        DEFINITIONS.of("taux_sorti")


def test_measures_that_several_processes_sent_share_their_texts() -> None:
    """Two that were sent apart are as they were, and name their measure and their period by one text."""
    sent = [
        Cadre(code, "reel", "dépôt n° 1", DEFINITIONS).compte("embauchees", "2020-12-31", 7)
        for code in ("val", "mer")
    ]
    first, second = (de_colonnes(pickle.loads(pickle.dumps(en_colonnes([one]))))[0] for one in sent)
    assert [first, second] == sent
    assert first.mesure is second.mesure
    assert first.periode is second.periode
