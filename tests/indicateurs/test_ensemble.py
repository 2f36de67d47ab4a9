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
    """The last value of the second is a year old: too old to stand for it."""
    before = [AMONT.compte("embauchees", "2018-12-31", 5), AVAL.compte("embauchees", "2018-12-31", 6)]
    found = [*before, AMONT.compte("embauchees", END, 9)]
    (first, second) = ensemble(found, DEFINITIONS, noms={"aval": "Aval-sur-Lisse"})
    assert first.valeur == 11
    assert (second.etat, second.motif) == ("absente", "il manque 1 territoire sur 2 : Aval-sur-Lisse")


def test_nobody_to_count_in_a_territory_is_not_a_missing_territory() -> None:
    """0 of 0 in the first, 10 of 40 in the second: 25 % of all, of two territories."""
    rates = [
        AMONT.ratio("taux_sortie", END, 0, 0, vide="aucun volontaire"),
        AVAL.ratio("taux_sortie", END, 10, 40, vide=""),
    ]
    (national,) = ensemble(rates, DEFINITIONS)
    assert (national.valeur, national.n, national.source) == (25.0, 40, "2 territoires")
    nobody = [cadre.ratio("taux_sortie", END, 0, 0, vide="aucun volontaire") for cadre in (AMONT, AVAL)]
    (nothing,) = ensemble(nobody, DEFINITIONS)
    assert (nothing.valeur, nothing.motif) == (None, "personne à compter dans aucun territoire")


def test_products_without_any_hour_to_divide_them_are_not_nobody_to_count() -> None:
    """60,000 euros for 0 ETP is no ratio, and its euros are not thrown away: the EBE is missing."""
    assert not AMONT.ratio(
        "ventes_par_etp", "2019", 60_000, 0, vide="aucun ETP", n=1, ebe="amont-1"
    ).sans_objet


def test_a_rate_of_a_part_of_the_territories_says_who_is_missing() -> None:
    """(30 + 10) of (120 + 80), and the third one named."""
    rates = [
        AMONT.ratio("taux_rencontre", END, 30, 120, vide=""),
        AVAL.ratio("taux_rencontre", END, 10, 80, vide=""),
        place("loin").absente("taux_rencontre", END, "aucune estimation déposée"),
    ]
    (national,) = ensemble(rates, DEFINITIONS)
    assert (national.valeur, national.source) == (20.0, "2 territoires sur 3 (il manque loin)")
    (alone,) = ensemble(rates[1:], DEFINITIONS)
    assert (alone.valeur, alone.motif) == (None, "il manque 1 territoire sur 2 : loin")


def test_ten_data_that_stop_on_ten_days_make_one_sum_of_the_days_that_are_said() -> None:
    """From 1 to 28 December 2020, three days apart, one person more each: 10 + 11 + … + 19 = 145 at one day."""
    days = [f"2020-12-{day:02}" for day in range(1, 31, 3)]
    found = [place(f"t{rank}").compte("embauchees", day, 10 + rank) for rank, day in enumerate(days)]
    (together,) = ensemble(found, DEFINITIONS)
    assert (together.valeur, together.periode) == (145, "2020-12-28")
    assert together.source.startswith(
        "10 territoires, valeurs d'un autre jour : t0 (1er décembre 2020), t1 ("
    )
    assert "t9 (" not in together.source


def test_a_day_that_most_have_is_the_common_one_and_the_nearest_value_is_taken() -> None:
    """Two at 31 December, the third on 20 November and 10 January: the nearer is taken, and no sum is of the 10th."""
    found = [
        AMONT.compte("embauchees", END, 10),
        AVAL.compte("embauchees", END, 20),
        place("loin").compte("embauchees", "2019-11-20", 5),
        place("loin").compte("embauchees", "2020-01-10", 8),
    ]
    (together,) = ensemble(found, DEFINITIONS)
    assert (together.periode, together.valeur) == (END, 38)
    assert together.source == "3 territoires, valeurs d'un autre jour : loin (10 janvier 2020)"


def test_a_territory_without_a_value_near_counts_for_the_last_one_before() -> None:
    """31 December and 31 July are too far apart to meet: the last value before, of five months, is taken and said."""
    found = [
        AMONT.compte("embauchees", END, 10),
        AVAL.compte("embauchees", END, 20),
        AMONT.compte("embauchees", "2020-05-31", 12),
    ]
    (first, second) = ensemble(found, DEFINITIONS)
    assert (first.valeur, second.valeur) == (30, 32)
    assert second.source == "2 territoires, valeurs d'un autre jour : aval (31 décembre 2019)"


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
    assert (per_etp.valeur, per_etp.n) == (5_000, 2)
    assert per_etp.source == "2 EBE sur 3 (il manque aval)"
    assert une(together, "ventes", "2019").motif == "il manque 1 EBE sur 3 : aval"


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
