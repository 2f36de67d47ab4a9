"""Housing aid and AAH, case by case: published results first, then amounts worked out by hand from the texts.

No expected value comes from the model, from its parameters or from our code. What was read:

- the rents, charges and least contribution of October 2020: arrêté of September 2020 that changes that of
  27 September 2019 (JORFARTI000042376750, read on legal.tricoteuses.fr);
- those of October 2021 are the same raised by 0.42 % (ADIL 75, 17 November 2021), those of July 2022 by 3.5 %
  more; the solidarity cut on rents of October to December 2021: centre-europe.com;
- R0 of 2023: arrêté of 26 December 2022, art. 15 (Landot avocats, 29 December 2022);
- the formula, its roundings and the rates TF and TL: arrêté of 27 September 2019, art. 14 (LEGIARTI000048109301)
  and CCH, art. D. 823-16 and D. 823-17; five euros less since October 2017 (ASH n° 3028); CRDS at 0.5 %, the
  net rounded down to the euro;
- AAH: CSS, art. D. 821-9 (read on info-handicap.com), on the taxable wage (caf.fr, quoted by MoneyVox).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from modele import person

pytestmark = pytest.mark.lent


@pytest.mark.verification
@pytest.mark.parametrize(
    ("month", "wage", "published", "tolerance"),
    [
        # handicap.fr, « Cumuler AAH et salaire » : Marie, 616 € of taxable wage, « une AAH de 720 euros »;
        # the amounts are those of 2021 (903.60 and 30 % of 1,554.58), the page was later dated 2024
        ("2021-06", 616.0, 720.0, 0.6),
        # net-actuality.org, 2025 : Blandine, 615 €: 108 € and 44.68 € are counted, of 1,033.32
        ("2025-06", 615.0, 1033.32 - 108 - 44.68, 0.2),
    ],
)
def test_the_aah_of_a_worker_is_the_published_one(
    month: str, wage: float, published: float, tolerance: float
) -> None:
    year = int(month[:4])
    months = [f"{y}-{m:02}" for y in (year - 1, year) for m in range(1, 13)]
    found = person("aah", month, months, salaire_imposable=wage, salaire_net=wage, taux_incapacite=0.8)
    assert found == pytest.approx(published, abs=tolerance)


AAH = {
    # 2021: Smic 10.25, 1,554.58 a month, 30 % of it 466.38. Taxable: 1 - 11.31 % - 98.25 % of 6.8 % = 82.009 %.
    ("2021-06", 1.0): 325.22,  # 1,274.90: 903.60 - 93.28 - 60 % of 808.52 (485.11)
    ("2021-06", 0.8): 478.20,  # 1,019.92: 903.60 - 93.28 - 60 % of 553.54 (332.13)
    ("2021-06", 0.5): 707.68,  # 637.45: 903.60 - 93.28 - 60 % of 171.07 (102.64)
    ("2021-06", 0.3): 827.11,  # 382.47: 903.60 - 20 % (76.49)
    ("2021-06", 0.2): 852.60,  # 254.98: 903.60 - 20 % (51.00)
    # April 2022: Smic 10.57, 1,603.12, 30 % of it 480.94; AAH 919.86
    ("2022-04", 1.0): 323.41,  # 1,314.70: 919.86 - 96.19 - 60 % of 833.76 (500.26)
    ("2022-04", 0.8): 481.18,  # 1,051.76: 919.86 - 96.19 - 60 % of 570.82 (342.49)
    ("2022-04", 0.5): 717.82,  # 657.35: 919.86 - 96.19 - 60 % of 176.42 (105.85)
    ("2022-04", 0.3): 840.98,  # 394.41: 919.86 - 20 % (78.88)
    ("2022-04", 0.2): 867.27,  # 262.94: 919.86 - 20 % (52.59)
}


@pytest.mark.verification
@pytest.mark.parametrize(("month", "quotite"), AAH)
def test_the_aah_of_a_part_time_is_that_worked_out_by_hand(
    amount: Callable[..., float], month: str, quotite: float
) -> None:
    """Ten cases of D. 821-9, months after the six that are kept whole, hired at the Smic in January 2021."""
    found = amount(f"aah-{quotite}", "aah", month, "en_ebe")
    assert found == pytest.approx(AAH[month, quotite], abs=0.03)


LOGEMENT = {
    # Autumn 2020, private rents. Charges 53.99, 12.24 a child; least contribution 35.24 or 8.5 % of rent and
    # charges; five euros less; CRDS 0.5 % to the cent below; euro below. Resources count for nothing: RSA.
    ("z1", "2020-11"): 309,  # 296.82 (of 500) + 53.99 - 35.24 - 5 = 310.57; 1.55 of CRDS
    ("z3", "2020-11"): 254,  # 242.46 (of 350) + 53.99 - 35.24 - 5 = 256.21; 1.28
    ("petit-loyer", "2020-11"): 212,  # 200 + 53.99 - 35.24 - 5 = 213.75; 1.06
    ("couple-z1", "2020-11"): 369,  # 357.99 (of 450) + 53.99 - 35.24 - 5 = 371.74; 1.85
    ("couple-z3", "2020-11"): 306,  # 293.92 (of 400) + 53.99 - 35.24 - 5 = 307.67; 1.53
    ("parent-seul", "2020-11"): 379,  # 356.30 + 66.23 = 422.53; less 8.5 % (35.92) and 5 = 381.61; 1.90
    ("deux-enfants-z1", "2020-11"): 488,  # 463.30 + 78.47 = 541.77; less 46.05 and 5 = 490.72; 2.45
    ("trois-enfants", "2020-11"): 496,  # 460.02 + 90.71 = 550.73; less 46.81 and 5 = 498.92; 2.49
    # a rent over 2.5 times the ceiling, 646.73, and under 3.1 times, 801.94: 277.44 is cut to 65.68 %
    ("loyer-cher", "2020-11"): 176,  # 277.44 × (801.94 - 700) / 155.21 = 182.22; - 5; 0.88
    # Autumn 2021, social housing: what 98 % of the cut on the rent takes away
    ("hlm", "2021-11"): 227,  # 259.78 + 54.22 - 35.39 - 5 = 273.61; less 98 % of 46.21 = 228.32; 1.14
    ("parent-seul-hlm", "2021-11"): 320,  # 357.80 + 66.51 - 36.07 - 5 = 383.24; - 61.04 = 322.20; 1.61
    ("deux-enfants-hlm-z3", "2021-11"): 346,  # 378.37 + 78.80 - 38.86 - 5 = 413.31; - 64.98 = 348.33; 1.74
}


@pytest.mark.verification
@pytest.mark.parametrize(("household", "month"), LOGEMENT)
def test_the_housing_aid_of_a_household_is_that_worked_out_by_hand(
    amount: Callable[..., float], household: str, month: str
) -> None:
    assert amount(household, "aide_logement", month) == LOGEMENT[household, month]


@pytest.mark.verification
def test_the_housing_aid_of_half_a_wage_is_that_worked_out_by_hand(amount: Callable[..., float]) -> None:
    """July 2023, alone, private rent of 350 euros in zone 2, hired half-time at the Smic in April 2022.

    Wages of June 2022 to May 2023, 75.83 hours a month: 2 × 822.79 + 5 × 839.48 + 4 × 854.64 + 873.60 =
    10,135.15; taxable 82.009 %: 8,311.74; less 10 % (831): 7,480.74, rounded up to 7,500. R0 is 4,949:
    2,551 count. Rent 268.87 (the ceiling), charges 56.12, least contribution 36.63. TF 2.83 %, TL 0.45 % × 30 %
    + 0.68 % × 25 % = 0.305 %. Contribution 36.63 + 3.135 % × 2,551 (79.97) = 116.60. Aid 268.87 + 56.12 -
    116.60 - 5 = 203.39; CRDS 1.01; 202.
    """
    assert amount("mi-temps", "aide_logement", "2023-07", "en_ebe") == 202
