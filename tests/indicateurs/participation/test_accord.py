"""The agreement of two coders: a table that a reader recomputes, its interval by a second formula, the edges."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from analysis.indicateurs.participation.accord import accord_codeurs


def coded(table: dict[tuple[str, str], int]) -> pd.DataFrame:
    """One row a text, from how many texts got each pair of themes."""
    rows = [pair for pair, count in table.items() for _ in range(count)]
    return pd.DataFrame(rows, columns=["theme_1", "theme_2"], dtype="str")


def bounds(table: dict[tuple[str, str], int]) -> tuple[float, float, float]:
    """Kappa and its interval by the formulas of Fleiss, Cohen and Everitt (1969), term by term."""
    n = sum(table.values())
    themes = sorted({theme for pair in table for theme in pair})
    p = {pair: table.get(pair, 0) / n for pair in product(themes, themes)}
    row = {i: sum(p[i, j] for j in themes) for i in themes}
    column = {j: sum(p[i, j] for i in themes) for j in themes}
    observed, expected = sum(p[i, i] for i in themes), sum(row[i] * column[i] for i in themes)
    kappa = (observed - expected) / (1 - expected)
    same = sum(p[i, i] * (1 - (row[i] + column[i]) * (1 - kappa)) ** 2 for i in themes)
    others = sum(p[i, j] * (column[i] + row[j]) ** 2 for i in themes for j in themes if i != j)
    variance = same + (1 - kappa) ** 2 * others - (kappa - expected * (1 - kappa)) ** 2
    spread = 1.959964 * (variance / n) ** 0.5 / (1 - expected)
    return kappa, kappa - spread, kappa + spread


SCHOOL = {("oui", "oui"): 20, ("oui", "non"): 5, ("non", "oui"): 10, ("non", "non"): 15}
THREE = {("a", "a"): 44, ("b", "b"): 20, ("c", "c"): 12, ("a", "b"): 5, ("b", "a"): 10, ("a", "c"): 1}
THREE |= {("c", "a"): 3, ("b", "c"): 2, ("c", "b"): 3}


def test_the_schoolbook_table_has_its_schoolbook_kappa() -> None:
    """Observed 35/50 = 0.7; expected 0.5 × 0.6 + 0.5 × 0.4 = 0.5; kappa 0.2 / 0.5; variance 0.016128."""
    accord = accord_codeurs(coded(SCHOOL))
    assert (accord.n, accord.identiques, accord.raison) == (50, 35, "")
    assert accord.kappa == pytest.approx(0.4)
    assert accord.bas == pytest.approx(0.4 - 1.959964 * 0.016128**0.5, abs=1e-6)
    assert accord.haut == pytest.approx(0.4 + 1.959964 * 0.016128**0.5, abs=1e-6)


@pytest.mark.verification
@pytest.mark.parametrize("table", [SCHOOL, THREE])
def test_the_interval_is_that_of_a_second_formula(table: dict[tuple[str, str], int]) -> None:
    accord = accord_codeurs(coded(table))
    assert (accord.kappa, accord.bas, accord.haut) == pytest.approx(bounds(table), abs=1e-6)


def test_neither_the_order_of_the_texts_nor_of_the_coders_matters() -> None:
    frame = coded(THREE)
    turned = frame.sample(frac=1, random_state=3).rename(columns={"theme_1": "theme_2", "theme_2": "theme_1"})
    first, second = accord_codeurs(frame), accord_codeurs(turned)
    assert (first.kappa, first.bas, first.haut) == pytest.approx((second.kappa, second.bas, second.haut))


def test_perfect_agreement_is_one_and_chance_is_zero() -> None:
    assert accord_codeurs(coded({("a", "a"): 3, ("b", "b"): 4})).kappa == pytest.approx(1)
    chance = {("a", "a"): 9, ("a", "b"): 3, ("b", "a"): 3, ("b", "b"): 1}
    assert accord_codeurs(coded(chance)).kappa == pytest.approx(0)


@pytest.mark.parametrize(
    ("table", "reason"), [({}, "aucun texte codé"), ({("a", "a"): 7}, "un seul thème employé")]
)
def test_where_it_is_undefined_the_reason_is_told(table: dict[tuple[str, str], int], reason: str) -> None:
    accord = accord_codeurs(coded(table))
    assert (accord.kappa, accord.bas, accord.haut) == (None, None, None)
    assert accord.n == accord.identiques == sum(table.values()) and reason in accord.raison


def test_one_coder_who_never_varies_agrees_by_chance_alone() -> None:
    assert accord_codeurs(coded({("a", "a"): 5, ("a", "b"): 5})).kappa == pytest.approx(0)
