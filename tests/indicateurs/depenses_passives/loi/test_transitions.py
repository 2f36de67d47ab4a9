"""The months after a hire, against sums made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from menages import SEULE

from analysis.indicateurs.depenses_passives.loi.cas_types import CasType
from analysis.indicateurs.depenses_passives.loi.transitions import VARIANTES, Variante, annuel, parcours

Chemin = Callable[..., pd.DataFrame]

ASS = replace(SEULE, ressource="ass")
RSA_2019 = [492.57, 91.17, 0.0]
"""What the model gives from the month of the hire on; then nothing."""


def after(cas: CasType, amounts: pd.DataFrame, variante: Variante, ligne: str) -> list[float]:
    told = parcours(cas, amounts, variante).table
    return list(told.loc[(told["situation"] == "en_ebe") & (told["rang"] >= 0), ligne])


@pytest.mark.parametrize(
    ("variante", "total"), [("basse", 766.08), ("centrale", 1076.31), ("haute", 1477.71)]
)
def test_the_rsa_is_fixed_by_quarter_since_2017(chemin: Chemin, variante: Variante, total: float) -> None:
    """492.57 × 3 = 1,477.71; 492.57 + 91.17 × 3 = 766.08; 492.57 × 2 = 985.14; their mean 1,076.31."""
    amounts = chemin("2019-04", sans={"rsa": 492.57}, ebe={"rsa": RSA_2019})
    paid = after(replace(SEULE, embauche="2019-04"), amounts, variante, "rsa")
    assert sum(paid) == pytest.approx(total, abs=0.01)
    assert paid[0] == 492.57 and not any(paid[6:])


@pytest.mark.parametrize(("variante", "months"), [("basse", 3), ("centrale", 3), ("haute", 5)])
def test_the_rsa_is_kept_three_months_before_2017(chemin: Chemin, variante: Variante, months: int) -> None:
    amounts = chemin("2016-04", sans={"rsa": 461.72}, ebe={"rsa": RSA_2019})
    paid = after(replace(SEULE, embauche="2016-04"), amounts, variante, "rsa")
    assert paid == [461.72] * months + [0.0] * (24 - months)


@pytest.mark.parametrize("variante", VARIANTES)
def test_the_ass_is_kept_three_months_since_september_2017(chemin: Chemin, variante: Variante) -> None:
    """16.74 × 30 = 502.20 euros, three times, whatever the hours."""
    amounts = chemin("2017-09", sans={"ass": 502.2}, ebe={"ass": 0.0, "salaire_brut": 1521.22})
    for quotite in (1.0, 0.4):
        paid = after(replace(ASS, embauche="2017-09", quotite=quotite), amounts, variante, "ass")
        assert paid == [502.2] * 3 + [0.0] * 21


@pytest.mark.parametrize(("variante", "total"), [("basse", 1468.8), ("centrale", 2818.8), ("haute", 2818.8)])
def test_the_ass_of_before_gives_three_months_then_the_prime(
    chemin: Chemin, variante: Variante, total: float
) -> None:
    """16.32 × 30 = 489.60; × 3 = 1,468.80; the ASS less a full wage is nothing, and 150 × 9 = 1,350."""
    amounts = chemin("2017-08", sans={"ass": 489.6}, ebe={"salaire_brut": 1480.27})
    paid = after(replace(ASS, embauche="2017-08"), amounts, variante, "ass")
    assert sum(paid) == pytest.approx(total) and not any(paid[12:])


def test_the_ass_of_before_with_few_hours_is_bounded(chemin: Chemin) -> None:
    """Half-time is 75.8 hours, under 78: three months at least, twelve at most."""
    amounts = chemin("2017-08", sans={"ass": 489.6}, ebe={"salaire_brut": 740.13})
    case = replace(ASS, embauche="2017-08", quotite=0.5)
    sums = [sum(after(case, amounts, variante, "ass")) for variante in VARIANTES]
    assert sums == pytest.approx([1468.8, 1468.8, 5875.2])


def test_the_aah_is_kept_six_months(chemin: Chemin) -> None:
    """860 six times, then what the model gives: 320.02."""
    amounts = chemin("2019-04", sans={"aah": 860.0}, ebe={"aah": [860.0, 779.72, 560.86, 320.02]})
    paid = after(replace(SEULE, ressource="aah", embauche="2019-04"), amounts, "centrale", "aah")
    assert paid[:7] == [860.0] * 6 + [320.02]


def test_the_are_of_a_part_time_is_at_most_what_is_left_of_it(chemin: Chemin) -> None:
    """907.06 - 70 % of 760.61 = 374.63 at half-time; nothing at full time."""
    case = replace(SEULE, ressource="are", are_jour=29.26, embauche="2019-04", quotite=0.5)
    amounts = chemin("2019-04", sans={"are": 907.06}, ebe={"salaire_brut": 760.61})
    assert after(case, amounts, "haute", "are")[0] == 374.63
    assert sum(after(case, amounts, "centrale", "are")) == 0
    assert sum(after(replace(case, quotite=1.0), amounts, "haute", "are")) == 0


def test_a_person_hired_in_january_has_no_prime_de_noel_that_year(chemin: Chemin) -> None:
    """The model gives 152.45 for any month of RSA in the year; it is due for November or December."""
    december = [152.45 if rank % 12 == 11 else 0.0 for rank in range(24)]
    amounts = chemin("2019-01", sans={"rsa": 484.82}, ebe={"rsa": RSA_2019, "prime_noel": december})
    amounts.loc[amounts["mois"].str.endswith("-12"), "prime_noel"] = 152.45
    told = parcours(replace(SEULE, embauche="2019-01"), amounts, "haute").table
    paid = told.groupby("situation")["prime_noel"].sum()
    assert paid["sans_emploi"] == pytest.approx(3 * 152.45)  # December 2018, 2019, 2020
    assert paid["en_ebe"] == 152.45  # December 2018 only, before the hire


def test_a_person_hired_in_november_has_it(chemin: Chemin) -> None:
    amounts = chemin("2019-11", sans={"rsa": 492.57}, ebe={"rsa": RSA_2019})
    amounts.loc[amounts["mois"].str.endswith("-12"), "prime_noel"] = 152.45
    paid = after(replace(SEULE, embauche="2019-11"), amounts, "basse", "prime_noel")
    assert paid[1] == 152.45 and sum(paid) == 152.45


def test_months_just_after_the_hire_are_told_as_approximate(chemin: Chemin) -> None:
    told = parcours(replace(SEULE, embauche="2019-04"), chemin("2019-04", sans={}, ebe={}), "centrale")
    flagged = told.table[told.table["approche"]]
    assert list(flagged["rang"]) == list(range(12)) and set(flagged["situation"]) == {"en_ebe"}
    years = annuel(told).set_index(["situation", "annee"])["mois_approches"]
    assert years["en_ebe", 1] == 12 and years["en_ebe", 2] == 0 and years["sans_emploi", 1] == 0


def test_who_had_no_rsa_is_given_none_for_the_month_without_income(chemin: Chemin) -> None:
    """The model gives an RSA in the month of the hire to who lived on the ARE until then."""
    case = replace(SEULE, ressource="are", are_jour=29.26, embauche="2019-04")
    amounts = chemin("2019-04", sans={"are": 907.06}, ebe={"rsa": [492.57, 0.0]})
    assert sum(after(case, amounts, "haute", "rsa")) == 0


def test_the_prime_de_noel_follows_the_prime_of_before_september_2017(chemin: Chemin) -> None:
    """Hired in July 2017 from the ASS: its prime of 150 euros runs in December, and the model's own column is empty."""
    amounts = chemin("2017-07", sans={"ass": 489.6}, ebe={"salaire_brut": 1480.27})
    jobless = (amounts["situation"] == "sans_emploi") & amounts["mois"].str.endswith("-12")
    amounts.loc[jobless, "prime_noel"] = 152.45
    case = replace(ASS, embauche="2017-07")
    assert sum(after(case, amounts, "centrale", "prime_noel")) == 152.45  # December 2017, not 2018
    assert sum(after(case, amounts, "basse", "prime_noel")) == 0


@pytest.mark.parametrize(
    ("embauche", "variante", "months"),
    [
        ("2019-04", "centrale", 9),
        ("2019-04", "basse", 0),
        ("2020-12", "haute", 1),
        ("2021-04", "centrale", 0),
    ],
)
def test_housing_aid_is_kept_to_the_next_january_before_2021(
    chemin: Chemin, embauche: str, variante: Variante, months: int
) -> None:
    amounts = chemin(embauche, sans={"aide_logement": 269.0}, ebe={"aide_logement": [0.0]})
    paid = after(replace(SEULE, embauche=embauche), amounts, variante, "aide_logement")
    assert paid == [269.0] * months + [0.0] * (24 - months)
