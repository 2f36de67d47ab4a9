"""A half goes away from zero, whatever binary fractions make of it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from analysis.noyau.arrondi import arrondi, centimes
from analysis.noyau.french import decimal, euros


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_every_number_of_three_decimals_is_rounded_as_its_decimal_fraction(
    thousandths: int, decimals: int
) -> None:
    exact = Decimal(thousandths) / 1000
    wanted = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert arrondi(thousandths / 1000, decimals) == float(wanted)


def test_python_alone_would_send_a_half_to_the_even_side() -> None:
    values = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5]
    assert [round(value) for value in values] == [0, 2, 2, 0, -2, -2]
    assert [arrondi(value) for value in values] == [1, 2, 3, -1, -2, -3]


def test_cents_of_a_half_and_of_what_a_sum_leaves_under_it() -> None:
    found = centimes([1.005, -1.005, 0.1 + 0.2 - 0.295, 2.674999999, 2.6749999])
    assert found == [101, -101, 1, 268, 267]


def test_what_is_printed_follows_the_same_rule() -> None:
    assert [decimal(value, 0) for value in (2.5, -2.5, 1234.5)] == ["3", "−3", "1\u202f235"]
    assert euros(1.005) == "1,01\u00a0€" and euros(-0.004) == "0,00\u00a0€"
