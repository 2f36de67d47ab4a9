"""The one engine: sums to the cent, identities, results that a reader can make again."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.indicateurs.depenses_passives.declarations import HYPOTHESES, Declarations
from analysis.indicateurs.depenses_passives.payeurs import COLONNES
from analysis.indicateurs.depenses_passives.resultats import PERIMETRES
from analysis.indicateurs.depenses_passives.scenarios import Bilan, evaluer, normalisees, position, valeurs
from analysis.noyau.errors import BilanError

SMALL = pd.DataFrame(
    [
        (
            2019,
            1,
            "centrale",
            "rsa",
            "prestations",
            "rsa",
            "departement",
            "effet_emploi part_rsa recours_rsa",
            4000.0,
        ),
        (
            2019,
            2,
            "centrale",
            "rsa",
            "prestations",
            "rsa",
            "departement",
            "effet_emploi part_rsa recours_rsa",
            6000.0,
        ),
        (2019, 1, "declaree_basse", "rsa", "prestations", "fsl", "departement", "effet_emploi part_rsa", 0.0),
        (
            2019,
            1,
            "declaree_centrale",
            "rsa",
            "prestations",
            "fsl",
            "departement",
            "effet_emploi part_rsa",
            20.0,
        ),
        (
            2019,
            1,
            "declaree_haute",
            "rsa",
            "prestations",
            "fsl",
            "departement",
            "effet_emploi part_rsa",
            60.0,
        ),
        (
            2019,
            1,
            "centrale",
            "rsa",
            "prelevements",
            "csg_crds",
            "securite_sociale",
            "effet_emploi part_rsa",
            1500.0,
        ),
        (2019, 1, "centrale", "rsa", "cde", "cde", "etat", "part_rsa cde_etat", -18000.0),
    ],
    columns=list(COLONNES),
)
BASE = dict.fromkeys(HYPOTHESES, 0.0) | {
    "part_rsa": 1.0, "effet_emploi": 0.5, "recours_rsa": 0.8, "cde_etat": 0.9,
    "lignes_declarees": 0.5, "cumul": 0.5, "millesime": 2019.0,
}  # fmt: skip


def test_a_result_is_made_by_hand() -> None:
    """RSA: 0.5 × 0.8 × (4,000 + 6,000) = 4,000 over two years; FSL 0.5 × 20 = 10; CSG 0.5 × 1,500 = 750; mean of
    the two years: (4,000 + 10 + 750) / 2 = 2,380. CDE: 0.9 × 18,000 / 2 = 8,100; net cost 5,720."""
    bilan = evaluer(SMALL, BASE, "prelevements")
    assert (bilan.evite_et_recu, bilan.contribution, bilan.contribution_nette) == (2380.0, 8100.0, 5720.0)
    assert bilan.par_payeur() == {"departement": 401000, "etat": -1620000, "securite_sociale": 75000}
    assert bilan.par_payeur(annee=2) == {"departement": 240000}
    assert bilan.par_ligne(annee=1) == {"cde": -1620000, "csg_crds": 75000, "fsl": 1000, "rsa": 160000}


def test_a_narrower_perimeter_counts_fewer_lines() -> None:
    assert evaluer(SMALL, BASE, "prestations").evite_et_recu == 2005.0


@pytest.mark.parametrize(("place", "fsl"), [(0.0, 0), (0.25, 500), (0.5, 1000), (0.75, 2000), (1.0, 3000)])
def test_declared_lines_go_from_low_to_high(place: float, fsl: int) -> None:
    bilan = evaluer(SMALL, {**BASE, "lignes_declarees": place}, "prestations")
    assert bilan.par_ligne()["fsl"] == fsl


def test_the_shares_of_the_public_make_a_whole() -> None:
    doubled = normalisees({**BASE, "part_rsa": 0.4, "part_ass": 0.4})
    assert doubled["part_rsa"] == doubled["part_ass"] == 0.5
    with pytest.raises(BilanError, match="toutes nulles"):
        normalisees({**BASE, "part_rsa": 0.0})


def test_an_unknown_year_of_hire_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BilanError, match="embauché en 2012 : les années connues sont 2019"):
        evaluer(SMALL, {**BASE, "millesime": 2012.0}, "prestations")


def test_sums_that_differ_or_a_lame_compensation_are_refused() -> None:
    cells = pd.DataFrame(
        {
            "annee": [1],
            "payeur": ["etat"],
            "ligne": ["compensation_rsa"],
            "perimetre": ["prestations"],
            "centimes": [5],
        }
    )
    with pytest.raises(ValueError, match="not between two payers"):
        Bilan("prestations", BASE, cells)
    with pytest.raises(ValueError, match="whole cents"):
        Bilan("prestations", BASE, cells.assign(centimes=0.5))


@pytest.mark.parametrize("perimetre", PERIMETRES)
def test_totals_by_payer_and_by_line_are_one_to_the_cent(
    declarations: Declarations, table: pd.DataFrame, perimetre: str
) -> None:
    for scenario in declarations.scenarios.values():
        bilan = evaluer(table, valeurs(scenario), replace(scenario, perimetre=perimetre).perimetre)
        for annee in (1, 2):
            assert (
                sum(bilan.par_payeur(annee).values())
                == sum(bilan.par_ligne(annee).values())
                == bilan.total(cde=True, annee=annee)
            )


def test_the_result_is_proportional_to_the_effect_and_the_contribution_is_not(
    declarations: Declarations, table: pd.DataFrame
) -> None:
    central = valeurs(declarations.scenarios["central"])
    whole, half = (evaluer(table, {**central, "effet_emploi": e}, "prelevements") for e in (1.0, 0.5))
    assert half.evite_et_recu == pytest.approx(whole.evite_et_recu / 2, abs=0.5)
    assert half.contribution == whole.contribution


def test_the_table_is_multilinear(declarations: Declarations, table: pd.DataFrame) -> None:
    """Moved half way, each assumption moves the result half way, the others being anywhere."""
    central = valeurs(declarations.scenarios["central"])
    for name in (
        "effet_emploi",
        "recours_rsa",
        "recours_prime",
        "recours_logement",
        "compensation_rsa",
        "are_annee_1",
        "are_annee_2",
        "cde_etat",
        "cde_departement",
    ):
        ends = [evaluer(table, {**central, name: v}, "induits").total(cde=True) for v in (0.0, 0.5, 1.0)]
        assert ends[1] == pytest.approx((ends[0] + ends[2]) / 2, abs=40), name


def test_places_are_weights() -> None:
    for t in (0.0, 0.2, 0.5, 0.9, 1.0):
        weights = position(t)
        assert sum(weights.values()) == pytest.approx(1) and min(weights.values()) >= 0
