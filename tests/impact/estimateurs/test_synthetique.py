"""The synthetic control and its diagnostics: each has a case that raises it and one that does not."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.impact.estimateurs.refus import Alerte, Motif, Refus
from analysis.impact.estimateurs.synthetique import (
    ecarts_synthetiques,
    plus_proches,
    semblables,
    sensibilite,
    synthetique,
)

DONORS = np.array([[0.0, 2.0, 5.0, 6.0], [2.0, 0.0, 5.0, 8.0], [4.0, 4.0, 9.0, 9.0]])


def reason(*arguments: object) -> Motif:
    with pytest.raises(Refus) as refused:
        synthetique(*arguments)  # type: ignore[arg-type]
    return refused.value.motif


def test_a_place_half_way_between_two_donors() -> None:
    found = synthetique(np.array([1.0, 1.0, 6.0, 9.0]), DONORS, 2)
    np.testing.assert_allclose(found.poids, [0.5, 0.5, 0.0], atol=1e-3)
    np.testing.assert_allclose(found.comparaison[2:], [5.0, 7.0], atol=5e-3)
    assert found.effet == pytest.approx(1.5, abs=5e-3)
    assert found.effectifs == pytest.approx(2, abs=1e-2)


def test_exact_fit_is_said_and_its_ratio_refused() -> None:
    exact = synthetique(np.array([1.0, 1.0, 6.0, 9.0]), DONORS, 2)
    assert Alerte.AJUSTEMENT_EXACT in exact.alertes and Alerte.HORS_ENVELOPPE not in exact.alertes
    with pytest.raises(Refus) as refused:
        exact.rapport()
    assert refused.value.motif is Motif.AJUSTEMENT_EXACT


def test_outside_the_hull_is_said_and_its_ratio_made() -> None:
    """At (5, 5) the nearest is the donor at (4, 4): off by one before, by 11 − 9 and 12 − 9 after."""
    outside = synthetique(np.array([5.0, 5.0, 11.0, 12.0]), DONORS, 2)
    assert Alerte.HORS_ENVELOPPE in outside.alertes and Alerte.AJUSTEMENT_EXACT not in outside.alertes
    assert outside.distance == pytest.approx(1)
    assert outside.rapport() == pytest.approx(np.sqrt((4 + 9) / 2), rel=1e-3)


def test_one_donor_with_all_the_weight_is_said() -> None:
    outside = synthetique(np.array([5.0, 5.0, 11.0, 12.0]), DONORS, 2)
    assert Alerte.UN_SEUL_POIDS in outside.alertes
    spread = synthetique(np.array([1.0, 1.0, 6.0, 9.0]), DONORS, 2)
    assert Alerte.UN_SEUL_POIDS not in spread.alertes


def test_bad_numbers_are_refused() -> None:
    place = np.array([1.0, 1.0, 6.0, 9.0])
    assert reason(place, DONORS[:1], 2) is Motif.UN_DONNEUR
    assert reason(place, DONORS, 0) is Motif.SANS_AVANT
    assert reason(place, DONORS, 4) is Motif.SANS_APRES
    assert reason(place, DONORS, 5) is Motif.FORME
    assert reason(place[:3], DONORS, 2) is Motif.FORME
    assert reason(place, np.full((3, 4), 7.0), 2) is Motif.CONSTANTE
    assert reason(np.array([1.0, np.nan, 6.0, 9.0]), DONORS, 2) is Motif.MANQUANT
    assert reason(place, np.where(DONORS == 9, np.inf, DONORS), 2) is Motif.MANQUANT
    assert synthetique(place, DONORS, 2).avant == 2


def test_a_refusal_names_the_place() -> None:
    told = str(Refus(Motif.MANQUANT).chez("Prémery"))
    assert told == "Prémery : une valeur manque ou n'est pas un nombre."
    assert all(motif.phrase for motif in Motif) and all(alert.phrase for alert in Alerte)


def test_placebos_are_what_each_unit_gives_alone() -> None:
    draw = np.random.default_rng(8)
    values = draw.normal(7, 1, (25, 1)) + np.cumsum(draw.normal(0, 0.1, (25, 6)), axis=1)
    pools = plus_proches(values[:, 2], 8)
    near = ecarts_synthetiques(values, 3, voisins=pools)
    all_of_them = ecarts_synthetiques(values, 3)
    for row in range(25):
        alone = synthetique(values[row], values[pools[row]], 3)
        np.testing.assert_allclose(near[row], alone.ecart, atol=1e-9)
        others = synthetique(values[row], np.delete(values, row, axis=0), 3)
        np.testing.assert_allclose(
            all_of_them[row], others.ecart, atol=2e-3
        )  # the ridge is in variances of all


def test_a_known_effect_is_found_without_noise() -> None:
    """Units follow two factors exactly; the place has donors around it, and gains 0.3 after."""
    draw = np.random.default_rng(2)
    factors = draw.normal(0, 1, (2, 8))
    values = draw.uniform(-1, 1, (200, 2)) @ factors
    place = np.array([0.1, -0.2]) @ factors + np.where(np.arange(8) >= 4, 0.3, 0.0)
    found = synthetique(place, values, 4, ridge=1e-6)
    np.testing.assert_allclose(found.ecart, np.where(np.arange(8) >= 4, 0.3, 0.0), atol=1e-4)


def test_the_nearest_in_size() -> None:
    sizes = np.array([10.0, 12.0, 13.0, 30.0, 31.0])
    assert plus_proches(sizes, 2).tolist() == [[1, 2], [2, 0], [1, 0], [4, 2], [3, 2]]
    assert semblables(29.0, sizes, 3).tolist() == [3, 4, 2]
    draw = np.random.default_rng(4)
    many = np.round(draw.normal(0, 5, 80))  # with ties
    for row, found in enumerate(plus_proches(many, 7)):
        others = np.delete(np.arange(80), row)
        assert found.tolist() == others[semblables(many[row], many[others], 7)].tolist()
    with pytest.raises(Refus):
        plus_proches(sizes, 5)
    with pytest.raises(Refus):
        semblables(np.nan, sizes, 2)


def test_sensitivity_says_each_pool_and_ridge_once() -> None:
    draw = np.random.default_rng(9)
    donors = draw.normal(7, 1, (50, 1)) + np.cumsum(draw.normal(0, 0.1, (50, 5)), axis=1)
    found = sensibilite(donors[0], donors[1:], 3, tailles=(10, 30, 100, 300), ridges=(1e-4, 1.0))
    assert [(v.donneurs, v.ridge) for v in found] == [
        (size, ridge) for size in (10, 30, 49) for ridge in (1e-4, 1.0)
    ]
    whole = next(v for v in found if v.donneurs == 49 and v.ridge == 1e-4)
    assert whole.effet == pytest.approx(synthetique(donors[0], donors[1:], 3).effet)
    assert all(a.effectifs < b.effectifs for a, b in zip(found[::2], found[1::2], strict=True))
