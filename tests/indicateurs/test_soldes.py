"""The balances of accounts: hand sums, a second implementation, the traps of the library that sums."""

from __future__ import annotations

import csv
import pathlib
import random
import re
import unicodedata
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from analysis.indicateurs.economie_ebe import MONTANTS
from analysis.indicateurs.soldes import ComptesIllisibles, Soldes, soldes
from analysis.noyau.paths import Project
from analysis.noyau.plan_comptable import DEFINITION

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
    found = soldes(frame(SMALL))
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
    found = soldes(frame((*opening, ("455000", 0, 2_000), ("512000", 0, 0), *year)))
    assert found.resultat_net == 5_000
    assert found.fonds_roulement == 5_000 + 10_000 - 8_000 + 2_000 == 9_000
    assert found.besoin_fonds_roulement == 12_000 - 3_000 == 9_000
    assert found.tresorerie_nette == 0


def test_a_cent_that_the_accounts_lack_is_said_not_refused() -> None:
    rows = (("102000", 0, 10_000), ("512000", 30_000.01, 0), ("706000", 0, 20_000))
    found = soldes(frame(rows))
    assert found.ecart == Decimal("-0.01") and found.tresorerie_nette == Decimal("30000.01")
    assert found.fonds_roulement == 30_000 and found.besoin_fonds_roulement == 0


def test_without_an_opening_balance_there_is_no_working_capital() -> None:
    found = soldes(frame([("706000", 0, 100), ("512000", 100, 0)]))
    assert found.fonds_roulement is found.besoin_fonds_roulement is found.tresorerie_nette is None


@pytest.mark.parametrize("compte", ["70", "700000", "7000"])
def test_an_account_that_ends_with_zeros_is_not_lost(compte: str) -> None:
    assert soldes(frame([(compte, 0, 100), ("600000", 40, 0)])).valeur_ajoutee == 60


@pytest.mark.parametrize("compte", ["68", "780000", "790000", "688000"])
def test_an_account_that_no_line_takes_is_told(compte: str) -> None:
    with pytest.raises(ComptesIllisibles, match=f"ne prend le compte {compte.rstrip('0')}"):
        soldes(frame([("706000", 0, 100), (compte, 40, 0)]))


def test_accounts_already_closed_or_without_charges_are_told() -> None:
    with pytest.raises(ComptesIllisibles, match="déjà clos"):
        soldes(frame([("706000", 100, 100), ("641000", 90, 90), ("120000", 0, 10), ("512000", 10, 0)]))
    with pytest.raises(ComptesIllisibles, match="ni charge ni produit"):
        soldes(frame([("102000", 0, 10), ("512000", 10, 0)]))


def test_a_statement_that_contradicts_itself_is_refused() -> None:
    found = soldes(frame(SMALL))
    with pytest.raises(ComptesIllisibles, match="valeur ajoutée"):
        replace(found, consommations=found.consommations + 1)
    with pytest.raises(ComptesIllisibles, match="résultat net"):
        replace(found, resultat_net=Decimal(0))


def prefixes() -> dict[str, list[str]]:
    """The accounts of each line, from the file that the library reads."""
    with pathlib.Path(DEFINITION).open(encoding="ascii", newline="") as file:
        rows = list(csv.reader(file))
    taken: dict[str, list[str]] = {}
    for row in rows:
        if row[0].isdigit():
            taken.setdefault(row[4].lower(), []).append(row[0])
    return taken


def test_a_second_implementation_finds_the_same_balances() -> None:
    """Two hundred random sets of accounts, summed by prefix with pandas."""
    taken = prefixes()
    every = [prefix for accounts in taken.values() for prefix in accounts]
    draw = random.Random(4)
    for _ in range(200):
        rows = [
            (
                draw.choice(every) + draw.choice(("", "0", "1", "100", "900")),
                draw.randrange(0, 10**7) / 100,
                draw.randrange(0, 10**7) / 100,
            )
            for _ in range(draw.randrange(5, 60))
        ]
        accounts = frame(rows).groupby("compte", as_index=False).sum().round(2)
        found = soldes(accounts)
        solde = (accounts["credit"] - accounts["debit"]).round(2)
        for line, accounts_of in taken.items():
            total = round(float(solde[accounts["compte"].str.startswith(tuple(accounts_of))].sum()), 2)
            sign = -1 if accounts_of[0][0] == "6" else 1
            assert float(getattr(found, line)) == pytest.approx(sign * total, abs=0.005)
        assert float(found.resultat_net) == pytest.approx(float(solde.sum()), abs=0.005)


def test_each_account_is_of_one_line_and_the_page_of_the_method_lists_them() -> None:
    taken = prefixes()
    every = [prefix for accounts in taken.values() for prefix in accounts]
    assert not [(a, b) for a in every for b in every if a != b and a.startswith(b)]
    page = (Project.here().root / "docs" / "methods" / "economie-ebe.md").read_text(encoding="utf-8")
    rows = [row.strip("| ").split(" | ") for row in page.splitlines() if row.startswith("| ")]
    told = {accounts: words(label) for label, accounts, *_ in rows}
    for line, accounts in taken.items():
        assert set(line.split("_")) <= told[", ".join(accounts)], line


def words(label: str) -> set[str]:
    """The words of a label, without accents: « Impôts et taxes » names the line impots_taxes."""
    letters = unicodedata.normalize("NFD", label.lower()).encode("ascii", "ignore").decode()
    return set(re.findall("[a-z]+", letters))


def test_every_measure_of_the_statement_is_one_of_its_lines() -> None:
    assert set(MONTANTS) <= set(Soldes.__dataclass_fields__)
