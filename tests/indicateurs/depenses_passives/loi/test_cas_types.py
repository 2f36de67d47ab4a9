"""A case type that is no household of the study is refused, with its name and every fault."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.indicateurs.depenses_passives.loi.cas_types import CasRefuse, CasType, from_row

GOOD = CasType("essai", "seule", 0, "locataire_prive", 350.0, "2", "rsa")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"loyer": -10.0}, "loyer -10 €, attendu de 0 à 3000"),
        ({"loyer": float("nan")}, "loyer nan €"),
        ({"zone": "4"}, "zone « 4 » inconnu, attendu 1, 2, 3"),
        ({"quotite": 0.0}, "quotité 0, attendu plus de 0 et au plus 1"),
        ({"quotite": 1.4}, "quotité 1.4, attendu plus de 0 et au plus 1"),
        ({"ressource": "rmi"}, "ressource « rmi » inconnue, attendu rsa, ass, aah, are, aucune"),
        ({"embauche": "2015-12"}, "mois d'embauche « 2015-12 », attendu de 2016-01 à 2026-12"),
        ({"embauche": "2019-13"}, "mois d'embauche « 2019-13 »"),
        ({"menage": "couple_enfants"}, "enfants 0 pour un ménage « couple_enfants », attendu de 1 à 10"),
        ({"enfants": 2}, "enfants 2 pour un ménage « seule », attendu aucun"),
        ({"logement": "heberge"}, "loyer 350 € pour un logement « heberge », attendu 0"),
        ({"conjoint": 1000.0}, "salaire du conjoint 1000 €"),
        ({"are_jour": 30.0}, "ARE de 30 € par jour avec la ressource « rsa »"),
        ({"ressource": "are"}, "ARE de 0 € par jour avec la ressource « are »"),
        ({"salaire": 0.9}, "salaire horaire de 0.9 Smic, attendu de 1 à 5"),
    ],
)
def test_a_fault_is_refused_with_the_case_named(change: dict[str, object], told: str) -> None:
    with pytest.raises(CasRefuse, match="Cas type « essai » refusé") as refused:
        replace(GOOD, **change)
    assert told in str(refused.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(CasRefuse) as refused:
        replace(GOOD, loyer=-1.0, zone="9", quotite=2.0)
    assert str(refused.value).count(" ; ") == 2


def test_a_cell_that_is_no_number_is_refused_with_the_case_named() -> None:
    row = {
        "cas": "essai",
        "menage": "seule",
        "enfants": "0",
        "logement": "heberge",
        "loyer": "zéro",
        "zone": "2",
        "ressource": "rsa",
    }
    with pytest.raises(CasRefuse, match="« essai » refusé : loyer « zéro », attendu un nombre"):
        from_row(row)


def test_the_name_does_not_change_what_is_simulated_and_the_rest_does() -> None:
    assert replace(GOOD, cas="autre").situation_key() == GOOD.situation_key()
    assert replace(GOOD, loyer=351.0).situation_key() != GOOD.situation_key()
    assert replace(GOOD, embauche="2019-02").situation_key() != GOOD.situation_key()
