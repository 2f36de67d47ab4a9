"""The balances of accounts: hand sums, a second implementation, the traps of the library that sums."""

from __future__ import annotations

import csv
import pathlib
import random
import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from analysis.indicateurs.economie_ebe import MONTANTS
from analysis.indicateurs.soldes import ComptesIllisibles, Soldes, soldes
from analysis.noyau.paths import Project
from analysis.noyau.plan_comptable import DEFINITION, PLANS, prefixes

DAY = date(2019, 1, 1)
SMALL = (
    ("706000", 0, 100_000),
    ("709000", 2_000, 0),
    ("713000", 0, 500),
    ("601000", 20_000, 0),
    ("603000", 0, 1_000),
    ("613200", 9_000, 500),
    ("622600", 1_500, 0),
    ("631000", 700, 0),
    ("641100", 180_000, 0),
    ("645000", 30_000, 0),
    ("741000", 0, 150_000),
    ("758000", 0, 300),
    ("651000", 400, 0),
    ("681100", 5_000, 0),
    ("791000", 0, 1_200),
    ("761000", 0, 50),
    ("661000", 250, 0),
    ("777000", 0, 600),
    ("671000", 100, 0),
)
"""A year on one hand: sales 98 000, output 500, purchases 19 000, services 10 000."""


def frame(rows: object) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["compte", "debit", "credit"])  # type: ignore[call-overload]
    return table.astype({"debit": float, "credit": float})


def test_the_statement_is_recomputed_by_hand() -> None:
    found = soldes(frame(SMALL), DAY)
    assert found.ventes == 98_000
    assert found.autre_production == 500
    assert found.achats == 20_000 - 1_000
    assert found.consommations == 19_000 + 8_500 + 1_500
    assert found.valeur_ajoutee == 98_000 + 500 - 29_000 == 69_500
    assert found.excedent_brut_avant == 69_500 - 700 - 210_000 == -141_200
    assert found.excedent_brut_apres == -141_200 + 150_000 == 8_800
    assert found.resultat_exploitation == 8_800 + 300 + 1_200 - 400 - 5_000 == 4_900
    assert found.resultat_financier == 50 - 250
    assert found.resultat_exceptionnel == 600 - 100
    assert found.resultat_net == 4_900 - 200 + 500 == 5_200
    assert found.total_produits == 98_000 + 500 + 150_000 + 300 + 1_200 + 50 + 600


def test_cash_is_working_capital_less_its_need() -> None:
    opening = (("102000", 0, 10_000), ("215400", 8_000, 0), ("411000", 12_000, 0), ("401000", 0, 3_000))
    year = (("706000", 0, 20_000), ("641000", 15_000, 0))
    found = soldes(frame((*opening, ("455000", 0, 2_000), ("512000", 0, 0), *year)), DAY)
    assert found.resultat_net == 5_000
    assert found.fonds_roulement == 5_000 + 10_000 - 8_000 + 2_000 == 9_000
    assert found.besoin_fonds_roulement == 12_000 - 3_000 == 9_000
    assert found.tresorerie_nette == 0


def test_a_cent_that_the_accounts_lack_is_said_not_refused() -> None:
    rows = (("102000", 0, 10_000), ("512000", 30_000.01, 0), ("706000", 0, 20_000))
    found = soldes(frame(rows), DAY)
    assert found.ecart == Decimal("-0.01") and found.tresorerie_nette == Decimal("30000.01")
    assert found.fonds_roulement == 30_000 and found.besoin_fonds_roulement == 0


def test_without_an_opening_balance_there_is_no_working_capital() -> None:
    found = soldes(frame([("706000", 0, 100), ("512000", 100, 0)]), DAY)
    assert found.fonds_roulement is found.besoin_fonds_roulement is found.tresorerie_nette is None


@pytest.mark.parametrize("compte", ["70", "700000", "7000"])
def test_an_account_that_ends_with_zeros_is_not_lost(compte: str) -> None:
    assert soldes(frame([(compte, 0, 100), ("600000", 40, 0)]), DAY).valeur_ajoutee == 60


@pytest.mark.parametrize("compte", ["68", "780000", "790000", "688000"])
def test_an_account_that_no_line_takes_is_told(compte: str) -> None:
    with pytest.raises(ComptesIllisibles, match=f"ne prend le compte {compte.rstrip('0')}"):
        soldes(frame([("706000", 0, 100), (compte, 40, 0)]), DAY)


def test_accounts_already_closed_or_without_charges_are_told() -> None:
    with pytest.raises(ComptesIllisibles, match="déjà clos"):
        soldes(frame([("706000", 100, 100), ("641000", 90, 90), ("120000", 0, 10), ("512000", 10, 0)]), DAY)
    with pytest.raises(ComptesIllisibles, match="ni charge ni produit"):
        soldes(frame([("102000", 0, 10), ("512000", 10, 0)]), DAY)


def test_a_statement_that_contradicts_itself_is_refused() -> None:
    found = soldes(frame(SMALL), DAY)
    with pytest.raises(ComptesIllisibles, match="valeur ajoutée"):
        replace(found, consommations=found.consommations + 1)
    with pytest.raises(ComptesIllisibles, match="résultat net"):
        replace(found, resultat_net=Decimal(0))


WHOLE = (
    *(("706000", 0, 1_000), ("709000", 20, 0), ("713000", 0, 30), ("722000", 0, 50)),
    *(("601000", 200, 0), ("603700", 0, 10), ("613200", 60, 0), ("625100", 40, 0)),
    *(("631100", 15, 0), ("641100", 2_000, 0), ("730000", 0, 900), ("741000", 0, 400)),
    *(
        ("754100", 0, 7),
        ("755100", 0, 11),
        ("756000", 0, 5),
        ("757000", 0, 2),
        ("758000", 0, 3),
        ("651000", 9, 0),
    ),
    *(("781500", 0, 6), ("789400", 0, 40), ("791000", 0, 8), ("681100", 70, 0), ("689400", 25, 0)),
    *(("761000", 0, 4), ("786000", 0, 1), ("796000", 0, 2), ("661000", 3, 0), ("686000", 1, 0)),
    *(("771000", 0, 12), ("777000", 0, 10), ("787000", 0, 2), ("797000", 0, 1), ("671000", 6, 0)),
    *(("687000", 2, 0), ("695000", 5, 0), ("864000", 500, 0), ("875000", 0, 500)),
)
"""A year that books on every account of every line: 900 of « concours publics », 400 of subsidies."""


@pytest.mark.verification
@pytest.mark.parametrize(
    ("ouverture", "public", "autres"),
    [
        (date(2019, 12, 31), 400, 28 + 900),  # CRC 99-01 has no account 73: with other products, and asked
        (date(2020, 1, 1), 400 + 900, 28),  # règlement ANC 2018-06: « concours publics »
        (date(2025, 1, 1), 400 + 900, 28),
    ],
)
def test_every_account_of_the_chart_is_in_the_line_of_its_text(
    ouverture: date, public: int, autres: int
) -> None:
    """1 000 − 20 sold, 80 made, 290 bought; 15 of taxes and 2 000 of pay; unpaid work of 500 nowhere."""
    found = soldes(frame(WHOLE), ouverture)
    assert (found.ventes, found.autre_production, found.consommations) == (980, 80, 290)
    assert found.excedent_brut_avant == 980 + 80 - 290 - 15 - 2_000 == -1_245
    assert (found.subventions_exploitation, found.excedent_brut_apres) == (public, public - 1_245)
    assert (found.autres_produits, found.autres_charges) == (autres, 9)
    assert (found.reprises_transferts, found.dotations) == (54, 95)
    assert found.resultat_exploitation == -1_245 + 1_328 + 54 - 9 - 95 == 33
    assert (found.resultat_financier, found.resultat_exceptionnel, found.impot_benefices) == (3, 17, 5)
    assert found.resultat_net == 33 + 3 + 17 - 5 == 48
    assert found.total_produits == 2_474


def test_the_whole_year_books_on_every_account_of_every_line() -> None:
    for _, text in PLANS:
        used = {p for p in prefixes(text) if any(compte.startswith(p) for compte, *_ in WHOLE)}
        assert set(prefixes(text)) - used <= {*"740 742 743 744 745 746 747 748 749".split()}


@pytest.mark.parametrize(
    ("ouverture", "public", "autres"), [(date(2024, 12, 31), 1_320, 28), (date(2025, 1, 1), 1_300, 48)]
)
def test_a_part_of_subsidies_for_equipment_is_no_funding_of_the_year_since_2025(
    ouverture: date, public: int, autres: int
) -> None:
    """20 on 747: a subsidy like others before règlement ANC 2022-06, what was on 777 since."""
    found = soldes(frame((*WHOLE, ("747000", 0, 20))), ouverture)
    assert (found.subventions_exploitation, found.autres_produits) == (public, autres)
    assert found.resultat_net == 68


def test_a_balance_by_two_digits_is_read_under_every_text() -> None:
    rows = (("70", 0, 100), ("74", 0, 50), ("73", 0, 30), ("60", 40, 0))
    assert soldes(frame(rows), date(2025, 1, 1)).subventions_exploitation == 80
    assert soldes(frame(rows), date(2019, 1, 1)).subventions_exploitation == 50


def lines(text: str) -> dict[str, list[str]]:
    """The accounts of each line under a text, from the file that the library reads."""
    with pathlib.Path(DEFINITION).open(encoding="ascii", newline="") as file:
        rows = [row for row in csv.reader(file) if text in row[6].split()]
    taken: dict[str, list[str]] = {}
    for row in rows:
        if row[0].isdigit():
            taken.setdefault(row[4].lower(), []).append(row[0])
    return taken


@pytest.mark.verification
@pytest.mark.parametrize(("ouverture", "text"), PLANS)
@pytest.mark.lent
def test_a_second_implementation_finds_the_same_balances(ouverture: date, text: str) -> None:
    """A hundred random sets of accounts for each text, summed by prefix with pandas."""
    taken = lines(text)
    every = [prefix for accounts in taken.values() for prefix in accounts]
    draw = random.Random(4)
    for _ in range(100):
        rows = [
            (
                draw.choice(every) + draw.choice(("", "0", "1", "100", "900")),
                draw.randrange(0, 10**7) / 100,
                draw.randrange(0, 10**7) / 100,
            )
            for _ in range(draw.randrange(5, 60))
        ]
        accounts = frame(rows).groupby("compte", as_index=False).sum().round(2)
        found = soldes(accounts, ouverture)
        solde = (accounts["credit"] - accounts["debit"]).round(2)
        for line, accounts_of in taken.items():
            total = round(float(solde[accounts["compte"].str.startswith(tuple(accounts_of))].sum()), 2)
            sign = -1 if accounts_of[0][0] == "6" else 1
            assert float(getattr(found, line)) == pytest.approx(sign * total, abs=0.005)
        assert float(found.resultat_net) == pytest.approx(float(solde.sum()), abs=0.005)


def test_each_account_is_of_one_line_and_the_page_of_the_method_lists_them() -> None:
    page = (Project.here().root / "docs" / "methods" / "economie-ebe.md").read_text(encoding="utf-8")
    rows = [row.strip("| ").split(" | ") for row in page.splitlines() if row.startswith("| ")]
    for column, (_, text) in zip((3, 2, 1), PLANS, strict=True):
        taken = lines(text)
        every = [prefix for accounts in taken.values() for prefix in accounts]
        assert not [(a, b) for a in every for b in every if a != b and a.startswith(b)]
        told = {row[column]: words(row[0]) for row in rows if len(row) == 4}
        for line, accounts in taken.items():
            assert set(line.split("_")) <= told[ranges(accounts)], line


def ranges(accounts: list[str]) -> str:
    """Accounts as the page lists them: those of three digits that follow one another by their ends.

    >>> ranges(["73", "740", "741", "742", "744"])
    '73, 740 à 742, 744'
    """
    runs: list[list[str]] = []
    for compte in accounts:
        follows = runs and len(compte) == 3 == len(runs[-1][-1]) and int(compte) == int(runs[-1][-1]) + 1
        if follows:
            runs[-1].append(compte)
        else:
            runs.append([compte])
    told = [run if len(run) < 3 else [f"{run[0]} à {run[-1]}"] for run in runs]
    return ", ".join(name for run in told for name in run)


def words(label: str) -> set[str]:
    """The words of a label, without accents: « Impôts et taxes » names the line impots_taxes."""
    letters = unicodedata.normalize("NFD", label.lower()).encode("ascii", "ignore").decode()
    return set(re.findall("[a-z]+", letters))


def test_every_measure_of_the_statement_is_one_of_its_lines() -> None:
    assert set(MONTANTS) <= set(Soldes.__dataclass_fields__)
