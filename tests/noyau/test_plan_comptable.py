"""What accounts must be for a statement, and which entries close them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analysis.noyau.plan_comptable import cents, cloture, obstacle


def accounts(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["compte", "debit", "credit"])


DAY = date(2019, 1, 1)
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
    found = obstacle(accounts(*rows), DAY)
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


YEAR = (
    ("1", "2019-06-01", "411000", 100.0, 0.0),
    ("1", "2019-06-01", "706000", 0.0, 100.0),
    ("2", "2019-09-01", "709000", 40.0, 0.0),
    ("2", "2019-09-01", "411000", 0.0, 40.0),
    ("3", "2019-10-01", "641000", 50.0, 0.0),
    ("3", "2019-10-01", "606100", 20.0, 0.0),
    ("3", "2019-10-01", "512000", 0.0, 70.0),
)
"""100 sold, 40 of rebates, 70 of wages and energy: sales of 60, a loss of 10."""

CLOSING = (
    ("4", "2019-12-31", "706000", 100.0, 0.0),
    ("4", "2019-12-31", "641000", 0.0, 50.0),
    ("4", "2019-12-31", "606100", 0.0, 20.0),
    ("4", "2019-12-31", "120000", 0.0, 30.0),
)
"""The closing of that year, in which the rebates are forgotten."""


def test_a_closing_that_forgets_an_account_is_a_closing() -> None:
    """Else the rebates alone would be left, and sales would be -40."""
    frame = entries(*YEAR, *CLOSING)
    assert cloture(frame).tolist() == [False] * 7 + [True] * 4


def test_an_invoice_booked_after_the_closing_leaves_a_closing_by_its_journal_only() -> None:
    """The journal « CL » tells it; else the accounts are closed but for one, and that is said."""
    late = (("5", "2019-12-31", "411000", 8.0, 0.0), ("5", "2019-12-31", "706000", 0.0, 8.0))
    frame = entries(*YEAR, *CLOSING, *late)
    assert not cloture(frame).any()
    assert obstacle(frame, DAY) == "les comptes déposés sont déjà clos, sauf les comptes 706, 709"
    journals = ["VE", "VE", "VE", "VE", "OD", "OD", "OD", "CLO", "CLO", "CLO", "CLO", "VE", "VE"]
    assert cloture(frame.assign(journal=journals)).tolist() == [False] * 7 + [True] * 4 + [False] * 2


@pytest.mark.parametrize("compte", ["891000", "890000", "89"])
def test_a_balance_sheet_closed_through_account_89_is_no_part_of_the_year(compte: str) -> None:
    """60 owed by clients, 70 lacking at the bank, 30 on account 120; the 40 of the forgotten account balance them."""
    sheet = (
        ("6", "2019-12-31", "411000", 0.0, 60.0),
        ("6", "2019-12-31", "512000", 70.0, 0.0),
        ("6", "2019-12-31", "120000", 30.0, 0.0),
        ("6", "2019-12-31", compte, 0.0, 40.0),
    )
    frame = entries(*YEAR, *CLOSING, *sheet)
    assert cloture(frame).tolist() == [False] * 7 + [True] * 8


def test_a_balance_sheet_emptied_in_one_entry_is_no_part_of_the_year() -> None:
    """No account 89: after the closing of classes 6 and 7 the others sum to zero by themselves."""
    whole = (
        ("4", "2019-12-31", "706000", 100.0, 0.0),
        ("4", "2019-12-31", "709000", 0.0, 40.0),
        ("4", "2019-12-31", "641000", 0.0, 50.0),
        ("4", "2019-12-31", "606100", 0.0, 20.0),
        ("4", "2019-12-31", "129000", 10.0, 0.0),
        ("5", "2019-12-31", "411000", 0.0, 60.0),
        ("5", "2019-12-31", "512000", 70.0, 0.0),
        ("5", "2019-12-31", "129000", 0.0, 10.0),
    )
    assert cloture(entries(*YEAR, *whole)).tolist() == [False] * 7 + [True] * 8


def test_an_opening_through_account_890_is_no_closing() -> None:
    """On the first day, which is the last one of a file that holds nothing else."""
    opening = (("0", "2019-01-01", "512000", 5.0, 0.0), ("0", "2019-01-01", "890000", 0.0, 5.0))
    assert not cloture(entries(*opening, *YEAR)).any()
    assert not cloture(entries(*opening)).any()


def test_a_balance_that_is_closed_but_for_one_account_gives_no_statement() -> None:
    """Debits and credits of 706 and 641 are equal, account 120 has moved: what is left, 709, is no sale."""
    closed = (("706000", 100.0, 100.0), ("641000", 70.0, 70.0), ("709000", 40.0, 0.0))
    sheet = (("411000", 100.0, 40.0), ("512000", 0.0, 70.0), ("120000", 0.0, 30.0))
    assert (
        obstacle(accounts(*closed, *sheet), DAY) == "les comptes déposés sont déjà clos, sauf le compte 709"
    )


def test_a_reversed_invoice_is_no_sign_of_a_closing() -> None:
    """An account at zero among three, and last year's result allocated."""
    year = (("706000", 0.0, 100.0), ("707000", 7.0, 7.0), ("641000", 70.0, 0.0))
    sheet = (("411000", 100.0, 0.0), ("512000", 0.0, 70.0), ("120000", 9.0, 9.0), ("110000", 9.0, 9.0))
    assert obstacle(accounts(*year, *sheet), DAY) == ""


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("709000", 40.0, 0.0), "le total des produits (classe 7) est débiteur"),
        (("609000", 0.0, 40.0), "le total des charges (classe 6) est créditeur"),
    ],
)
def test_what_a_closing_forgot_is_no_year(row: tuple[str, float, float], reason: str) -> None:
    """A balance of closing balances: accounts at zero are not in it, and nothing but the sign tells."""
    other = ("120000", row[2], row[1])
    assert obstacle(accounts(row, other), DAY) == reason


def test_no_entry_closes_nothing() -> None:
    assert cloture(entries()).tolist() == []


def test_amounts_are_whole_cents_and_a_missing_one_is_no_number() -> None:
    assert cents(pd.Series([1.005, 0.29, -0.295, 7])).tolist() == [100, 29, -30, 700]
    assert cents(pd.Series([], dtype=float)).tolist() == []
    with pytest.raises(ValueError, match="missing"):
        cents(pd.Series([1.0, None]))
