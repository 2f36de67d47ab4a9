"""All the territories together: sums, ratios of sums, and what is never put in one sum."""

from __future__ import annotations

import pytest
from essai import DEFINITIONS, une

from analysis.indicateurs.calcul import Resultats
from analysis.indicateurs.ensemble import ensemble
from analysis.noyau.mesures import ENSEMBLE, Accord, Cadre, Mesure
from analysis.noyau.paths import Project
from analysis.sources.register import load_register

END = "2019-12-31"


def place(code: str, nature: str = "demonstration") -> Cadre:
    return Cadre(code, nature, "dépôt n° 1", DEFINITIONS)  # type: ignore[arg-type]


AMONT, AVAL = place("amont"), place("aval")


def hired(amont: int, aval: int) -> list[Mesure]:
    return [AMONT.compte("embauchees", END, amont), AVAL.compte("embauchees", END, aval)]


def test_counts_add_up() -> None:
    (total,) = ensemble(hired(12, 30), DEFINITIONS)
    assert (total.lieu, total.valeur, total.n, total.source) == (ENSEMBLE, 42, 42, "2 territoires")


def test_a_national_rate_is_a_ratio_of_sums_and_not_a_mean_of_rates() -> None:
    rates = [
        AMONT.ratio("taux_sortie", END, 1, 10, vide=""),
        AVAL.ratio("taux_sortie", END, 90, 100, vide=""),
    ]
    (national,) = ensemble(rates, DEFINITIONS)
    assert (national.numerateur, national.denominateur, national.n) == (91, 110, 110)
    assert national.valeur == pytest.approx(100 * 91 / 110, abs=1e-6)  # the mean of the rates is 50


def test_a_sum_is_missing_when_a_territory_that_had_begun_has_no_value() -> None:
    before = [AMONT.compte("embauchees", "2018-12-31", 5), AVAL.compte("embauchees", "2018-12-31", 6)]
    (first, second) = ensemble([*before, AMONT.compte("embauchees", END, 9)], DEFINITIONS)
    assert first.valeur == 11
    assert (second.etat, second.motif) == ("absente", "il manque 1 territoire sur 2")


def test_a_rate_of_a_part_of_the_territories_is_not_that_of_all() -> None:
    """Two territories whose data stop at different days have no common rate at the last one."""
    rates = [
        AMONT.ratio("taux_rencontre", END, 30, 120, vide=""),
        AVAL.absente("taux_rencontre", END, "aucune estimation déposée"),
    ]
    (national,) = ensemble(rates, DEFINITIONS)
    assert (national.valeur, national.motif) == (None, "il manque 1 territoire sur 2")
    (before, after) = ensemble(
        [
            AMONT.ratio("taux_sortie", END, 30, 60, vide=""),
            AVAL.ratio("taux_sortie", END, 10, 40, vide=""),
            AMONT.ratio("taux_sortie", "2020-03-31", 35, 60, vide=""),
        ],
        DEFINITIONS,
    )
    assert (before.valeur, after.valeur, after.motif) == (40.0, None, "il manque 1 territoire sur 2")


def test_before_a_second_territory_begins_there_is_no_sum() -> None:
    first = [AMONT.compte("embauchees", "2017-12-31", 5)]
    together = ensemble([*first, *hired(12, 30)], DEFINITIONS)
    assert [m.periode for m in together] == [END]


def sales(cadre: Cadre, ebe: str, first: str, last: str, ventes: float, etp: float) -> list[Mesure]:
    period, year = f"{first}/{last}", last[:4]
    return [
        cadre.somme("ventes", period, ventes, n=1, ebe=ebe, prix=year),
        cadre.ratio("ventes_par_etp", period, ventes, etp, vide="", n=1, ebe=ebe, prix=year),
        cadre.somme("duree_exercice", period, 12, n=1, ebe=ebe),
    ]


def agreed(exercices: list[Mesure]) -> frozenset[Accord]:
    return frozenset(m.accord for m in exercices)


def test_exercices_meet_by_the_year_of_their_closing() -> None:
    exercices = [
        *sales(AMONT, "amont-1", "2018-07-01", "2019-06-30", 60_000, 10),
        *sales(AVAL, "aval-1", "2019-01-01", "2019-12-31", 300_000, 20),
    ]
    together = ensemble(exercices, DEFINITIONS, agreed(exercices))
    total, per_etp = une(together, "ventes", "2019"), une(together, "ventes_par_etp", "2019")
    assert (total.valeur, total.n, total.prix, total.source) == (360_000, 2, "2019", "2 EBE")
    assert (per_etp.valeur, per_etp.n) == (12_000, 2)  # the mean of 6 000 and 15 000 is 10 500
    assert not [m for m in together if m.mesure == "duree_exercice"]


def test_two_ebe_of_one_territory_are_a_sum() -> None:
    exercices = [
        *sales(AMONT, "amont-1", "2019-01-01", "2019-12-31", 60_000, 10),
        *sales(AMONT, "amont-2", "2019-01-01", "2019-12-31", 40_000, 10),
    ]
    assert une(ensemble(exercices, DEFINITIONS, agreed(exercices)), "ventes", "2019").valeur == 100_000


def test_the_accounts_of_an_ebe_that_did_not_agree_are_in_no_ratio_and_its_sum_is_missing() -> None:
    exercices = [
        *sales(AMONT, "amont-1", "2019-01-01", "2019-12-31", 60_000, 10),
        *sales(AVAL, "aval-1", "2019-01-01", "2019-12-31", 40_000, 10),
        *sales(AVAL, "aval-2", "2019-01-01", "2019-12-31", 90_000, 10),
    ]
    together = ensemble(exercices, DEFINITIONS, agreed(exercices[:6]))
    per_etp = une(together, "ventes_par_etp", "2019")
    assert (per_etp.valeur, per_etp.n, per_etp.source) == (5_000, 2, "2 EBE sur 3")
    assert une(together, "ventes", "2019").motif == "il manque 1 EBE sur 3"


def test_sales_that_would_balance_are_not_added() -> None:
    """7 000 and 5 000 for one ETP: what all would have to sell is in no sum of what each would."""
    needed = [
        cadre.ratio(
            "seuil_equilibre_par_etp", "2019-01-01/2019-12-31", euros, 10, vide="", n=1, ebe=ebe, prix="2019"
        )
        for cadre, ebe, euros in ((AMONT, "amont-1", 70_000), (AVAL, "aval-1", 50_000))
    ]
    assert ensemble(needed, DEFINITIONS, agreed(needed)) == ()


def test_medians_and_incidences_are_not_put_together() -> None:
    medians = [cadre.mediane("attente_mediane", END, [4, 6], vide="") for cadre in (AMONT, AVAL)]
    followed = [
        cadre.incidence("maintien", END, 0.8, evenements=16, origine=20, a_risque=12, modalite="m12")
        for cadre in (AMONT, AVAL)
    ]
    assert ensemble([*medians, *followed], DEFINITIONS) == ()


def test_real_and_invented_measures_are_never_in_one_sum() -> None:
    real = place("aval", "reel").compte("embauchees", END, 30)
    with pytest.raises(ValueError, match="never in one sum"):
        ensemble([AMONT.compte("embauchees", END, 12), real], DEFINITIONS)


def test_a_published_figure_is_never_in_a_sum() -> None:
    figure = load_register(Project.here()).chiffres[0]
    with pytest.raises(TypeError, match="not Chiffre"):
        ensemble([*hired(12, 30), figure], DEFINITIONS)  # type: ignore[list-item]


def test_no_deposit_gives_no_sum() -> None:
    assert ensemble([], DEFINITIONS) == ()


def test_categories_that_do_not_add_up_are_refused() -> None:
    waiting = AMONT.compte("liste_attente", END, 9)
    ages = [
        AMONT.compte("attente_age", END, n, modalite=choix.code)
        for n, choix in zip((1, 2, 3, 4), DEFINITIONS.of("attente_age").modalites, strict=True)
    ]
    with pytest.raises(ValueError, match="adds up to 10, not liste_attente"):
        Resultats(DEFINITIONS, (waiting, *ages), frozenset())


def test_a_measure_told_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="measured twice"):
        Resultats(DEFINITIONS, tuple(hired(1, 2) * 2), frozenset())
