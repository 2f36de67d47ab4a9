"""Who pays what at which date, and the table of coefficients."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.indicateurs.depenses_passives.declarations import Declarations
from analysis.indicateurs.depenses_passives.payeurs import coefficients, parts
from analysis.noyau.errors import BilanError

COMPENSATION = "compensation_reduction_generale"


@pytest.mark.parametrize(
    ("ligne", "mois", "expected"),
    [
        ("rsa", "2017-01", {"departement": 1.0}),
        ("ass", "2017-01", {"etat": 1.0}),
        ("are", "2017-01", {"unedic": 1.0}),
        ("csg_crds", "2018-12", {"securite_sociale": 1.0}),
        ("csg_crds", "2019-01", {"securite_sociale": 0.8485, "unedic": 0.1515}),
        # the employers' contribution for housing goes where the housing aid goes
        ("cotisations_logement", "2017-01", {"etat": 1.0}),
        ("aide_logement", "2017-01", {"etat": 1.0}),
        # of 28.49 points, 6.01 are for the complementary pension and 0.50 for housing; 21.98 are left
        (
            "reduction_generale",
            "2019-09",
            {"securite_sociale": 0.7716, "etat": 0.0175, "autres_organismes": 0.2109},
        ),
    ],
)
def test_a_line_is_its_payers_at_its_date(
    declarations: Declarations, ligne: str, mois: str, expected: dict[str, float]
) -> None:
    assert parts(declarations, ligne, mois) == expected


def test_a_line_of_nobody_is_an_error(declarations: Declarations) -> None:
    with pytest.raises(KeyError, match="nobody pays rmi"):
        parts(declarations, "rmi", "2019-01")


def test_the_rsa_that_a_department_avoids_is_that_of_its_cases(
    declarations: Declarations, table: pd.DataFrame
) -> None:
    """The second year of a hire of January 2019, by hand: the weighted RSA of the three households on RSA."""
    amounts = declarations.acceptes.query("annee == 2 and variante == 'centrale' and ligne == 'rsa'")
    by_case = amounts.pivot_table(index="cas", columns="situation", values="montant", fill_value=0.0)
    weights = {"seule-rsa-2019": 0.5, "monoparentale-rsa-2019": 0.25, "couple-enfants-rsa-2019": 0.25}
    expected = sum(
        w * (by_case.loc[cas, "sans_emploi"] - by_case.loc[cas].get("en_ebe", 0.0))
        for cas, w in weights.items()
    )
    row = table.query(
        "millesime == 2019 and annee == 2 and variante == 'centrale' and ligne == 'rsa' and ressource == 'rsa'"
    )
    assert (
        row["payeur"].item() == "departement"
        and row["facteurs"].item() == "effet_emploi part_rsa recours_rsa"
    )
    assert row["montant"].item() == pytest.approx(expected, abs=0.01)


def test_the_state_pays_the_general_reduction_and_the_others_are_left_whole(table: pd.DataFrame) -> None:
    kept = table[table["ligne"].isin(["reduction_generale", COMPENSATION])]
    sums = kept.groupby(["millesime", "annee", "payeur"])["montant"].sum()
    assert sums.drop("etat", level="payeur").abs().max() <= 0.06  # rounding of five resources
    assert (sums.xs("etat", level="payeur") < 0).all()


def test_every_compensation_is_between_two_payers(table: pd.DataFrame) -> None:
    moved = table[table["ligne"].str.startswith("compensation_")]
    sums = moved.groupby(["millesime", "annee", "variante", "ressource", "ligne"])["montant"].sum()
    assert len(sums) > 0 and sums.abs().max() <= 0.02


def test_no_assumption_multiplies_twice(table: pd.DataFrame) -> None:
    assert all(len(set(text.split())) == len(text.split()) for text in table["facteurs"].unique())


def test_the_contribution_is_paid_whatever_would_have_happened(table: pd.DataFrame) -> None:
    """17,549 euros a year at 95 % of the SMIC of 2020, as published: 0.95 × 12 × 1,539.42."""
    cde = table.query("ligne == 'cde' and millesime == 2020 and annee == 1 and variante == 'centrale'")
    assert not any("effet_emploi" in text for text in cde["facteurs"])
    of_state = cde[(cde["payeur"] == "etat") & (cde["ressource"] == "rsa")]
    assert 0.95 * of_state["montant"].item() == pytest.approx(-17549, abs=1)


def test_a_case_without_accepted_amounts_is_refused_with_what_to_do(declarations: Declarations) -> None:
    kept = tuple(row for row in declarations.tables["montants_acceptes"] if row["cas"] != "seule-rsa-2019")
    lacking = replace(declarations, tables={**declarations.tables, "montants_acceptes": kept})
    with pytest.raises(BilanError, match="seule-rsa-2019. Lancez « bilan legislation comparer »"):
        coefficients(lacking)
