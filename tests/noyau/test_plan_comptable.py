"""What accounts must be for a statement, and which entries close them."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.noyau.plan_comptable import cloture, obstacle


def accounts(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["compte", "debit", "credit"])


SALE = (("706000", 0.0, 120.0), ("512000", 120.0, 0.0))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (SALE, ""),
        ((("512000", 5.0, 0.0), ("102000", 0.0, 5.0)), "ni charge ni produit"),
        ((*SALE, ("706000", 120.0, 0.0), ("120000", 0.0, 120.0)), "déjà clos"),
        ((*SALE, ("780000", 0.0, 1.0)), "ne prend le compte 78"),
        ((*SALE, ("890000", 7.0, 0.0), ("512000", 0.0, 7.0)), "le compte 89"),
        ((*SALE, ("891000", 7.0, 0.0), ("890000", 0.0, 7.0)), ""),
        ((*SALE, ("864000", 9.0, 0.0), ("875000", 0.0, 9.0)), ""),
        ((*SALE, ("102000", 0.0, 50.0)), "ne s'équilibrent pas"),
        ((*SALE, ("102000", 0.0, 0.5)), ""),
    ],
    ids=["sale", "no year", "closed", "no line", "890", "89 at zero", "volunteers", "unbalanced", "cents"],
)
def test_what_stands_in_the_way_of_a_statement(
    rows: tuple[tuple[str, float, float], ...], reason: str
) -> None:
    found = obstacle(accounts(*rows))
    assert reason in found and bool(found) == bool(reason)


def entries(*rows: tuple[str, str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["numero", "date_ecriture", "compte", "debit", "credit"])


def test_the_result_of_the_year_before_that_is_allocated_is_no_closing() -> None:
    """On the last day too: no account of classes 6 and 7 is in it."""
    frame = entries(
        ("1", "2019-06-01", "411000", 9.0, 0.0),
        ("1", "2019-06-01", "706000", 0.0, 9.0),
        ("2", "2019-12-31", "120000", 5.0, 0.0),
        ("2", "2019-12-31", "110000", 0.0, 5.0),
    )
    assert not cloture(frame).any()


def test_a_charge_booked_against_the_result_is_no_closing_while_others_stand() -> None:
    frame = entries(
        ("1", "2019-06-01", "411000", 9.0, 0.0),
        ("1", "2019-06-01", "706000", 0.0, 9.0),
        ("2", "2019-12-31", "645000", 2.0, 0.0),
        ("2", "2019-12-31", "129000", 0.0, 2.0),
    )
    assert not cloture(frame).any()


def test_no_entry_closes_nothing() -> None:
    assert cloture(entries()).tolist() == []
