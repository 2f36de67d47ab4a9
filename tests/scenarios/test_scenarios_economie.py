"""The economics of an EBE as told by small accounts: each number is recomputed on the back of an envelope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from essai import depot, une, valeurs
from fec_parser.computations import FECComputation  # type: ignore[import-untyped]

from analysis.indicateurs.economie_ebe import mesures, ventes_d_equilibre
from analysis.indicateurs.soldes import soldes
from analysis.noyau.mesures import Mesure
from analysis.noyau.plan_comptable import SANS_SEUIL, SANS_VENTE

EBE, CLOTURE = "essai-58", "2018-12-31"
ANNEE = "2018-01-01/2018-12-31"


def exercice(debut: str = "2018-01-01", fin: str = CLOTURE, **values: Any) -> dict[str, Any]:
    return {"ebe": EBE, "date_ouverture": debut, "date_cloture": fin, "accord_publication": "oui", **values}


def mois(first: int, last: int, etp: float, year: int = 2018, ebe: str = EBE) -> list[dict[str, Any]]:
    """The same ETP from a month to another of one year."""
    return [
        {"ebe": ebe, "mois": f"{year}-{month:02d}", "etp_ppde": etp, "etp_encadrement": 1.0}
        for month in range(first, last + 1)
    ]


def annee(*rows: tuple[str, float, float], etp: float = 10, **tables: Any) -> tuple[Mesure, ...]:
    """One exercice of twelve months."""
    donnees = depot(exercices=[exercice()], etp=mois(1, 12, etp), comptes={(EBE, CLOTURE): rows}, **tables)
    return mesures(donnees)


def valeur(found: Iterable[Mesure], code: str, periode: str = ANNEE, modalite: str = "") -> float | None:
    return une(found, code, periode, modalite, EBE).valeur


def test_a_short_first_exercice_makes_fewer_etp_years() -> None:
    """Seven months at ten ETP are 70 / 12 ETP-années: 5.83, and sales of 35 000 are 6 000 for each."""
    periode = "2018-06-01/2018-12-31"
    found = mesures(
        depot(
            exercices=[exercice("2018-06-01")],
            etp=mois(6, 12, 10),
            comptes={(EBE, CLOTURE): [("706000", 0, 35_000)]},
        )
    )
    assert valeur(found, "duree_exercice", periode) == 7
    assert valeur(found, "etp_annees_ppde", periode) == pytest.approx(70 / 12, abs=1e-6)
    assert valeur(found, "ventes_par_etp", periode) == pytest.approx(6_000)


def test_a_long_first_exercice_straddles_a_year() -> None:
    """Eighteen months at eight ETP are twelve ETP-années; its euros are those of the closing's year."""
    periode = "2017-07-01/2018-12-31"
    found = mesures(
        depot(
            exercices=[exercice("2017-07-01")],
            etp=[*mois(7, 12, 8, 2017), *mois(1, 12, 8)],
            comptes={(EBE, CLOTURE): [("706000", 0, 60_000)]},
        )
    )
    assert valeur(found, "duree_exercice", periode) == 18
    assert valeur(found, "etp_annees_ppde", periode) == 12
    sales = une(found, "ventes_par_etp", periode, ebe=EBE)
    assert (sales.valeur, sales.numerateur, sales.denominateur, sales.prix) == (5_000, 60_000, 12, "2018")


def test_a_month_begun_in_the_middle_counts_for_its_days() -> None:
    """From 16 November: 15 days of 30 at 12 ETP, then December: (6 + 12) / 12 = 1.5."""
    donnees = depot(exercices=[exercice("2018-11-16")], etp=mois(11, 12, 12))
    assert valeur(mesures(donnees), "etp_annees_ppde", "2018-11-16/2018-12-31") == 1.5


def test_reversed_entries_net_out() -> None:
    """A sale of 1 000 booked, reversed by negative amounts, reversed back the other way: 5 000 remain."""
    found = annee(("706000", 0, 5_000), ("706000", 0, 1_000), ("706000", 0, -1_000), ("707000", 700, 700))
    assert valeur(found, "ventes") == 5_000
    assert valeur(found, "resultat_net") == 5_000


def test_rebates_and_a_falling_stock_lower_sales_and_output() -> None:
    found = annee(("701000", 0, 50_000), ("709000", 1_500, 0), ("713000", 2_000, 0), ("609000", 0, 100))
    assert valeur(found, "ventes") == 48_500
    assert valeur(found, "autre_production") == -2_000
    assert valeur(found, "consommations") == -100
    assert valeur(found, "valeur_ajoutee") == 48_500 - 2_000 + 100


def test_the_gross_surplus_is_told_before_and_after_public_funding() -> None:
    found = annee(("706000", 0, 60_000), ("641000", 240_000, 0), ("741000", 0, 190_000))
    assert valeur(found, "excedent_brut_avant") == -180_000
    assert valeur(found, "excedent_brut_apres") == 10_000
    assert valeur(found, "excedent_brut_avant_par_etp") == -18_000
    parts = valeurs(found, "part_ressources", ANNEE)
    assert (parts["ventes"], parts["subventions_exploitation"]) == (24, 76)
    assert sum(v or 0 for v in parts.values()) == 100


@pytest.mark.parametrize(
    ("debut", "public", "after"),
    [("2020-01-01", 190_000, 10_000), ("2019-12-01", 0, -180_000)],
)
def test_a_contribution_booked_as_a_public_contribution_is_public_since_2020(
    debut: str, public: float, after: float
) -> None:
    """60 000 sold, 240 000 paid, 190 000 of CDE on account 73; the day of opening tells the text."""
    donnees = depot(
        exercices=[exercice(debut, "2020-12-31")],
        etp=[*mois(12, 12, 10, 2019), *mois(1, 12, 10, 2020)],
        comptes={
            (EBE, "2020-12-31"): [("706000", 0, 60_000), ("641000", 240_000, 0), ("730000", 0, 190_000)]
        },
    )
    found, periode = mesures(donnees), f"{debut}/2020-12-31"
    assert valeur(found, "subventions_exploitation", periode) == public
    assert valeur(found, "excedent_brut_apres", periode) == after
    assert valeur(found, "resultat_net", periode) == 10_000
    parts = valeurs(found, "part_ressources", periode)
    assert (parts["subventions_exploitation"], parts["autres_produits"]) == ((76, 0) if public else (0, 76))


def test_a_loss_is_balanced_by_more_sales() -> None:
    """60 000 sold, 15 000 bought: 0.75 left of a euro. A loss of 9 000 asks for 12 000 more sales."""
    found = annee(("706000", 0, 60_000), ("601000", 15_000, 0), ("641000", 54_000, 0))
    assert valeur(found, "resultat_net") == -9_000
    assert valeur(found, "seuil_equilibre_par_etp") == 7_200


@pytest.mark.verification
def test_at_the_balancing_sales_the_result_is_zero() -> None:
    """The accounts redone with those sales and the purchases that follow them."""
    rows = [("706000", 0.0, 60_000.0), ("601000", 15_000.0, 0.0), ("641000", 54_000.0, 0.0)]
    table = depot(exercices=[exercice()], comptes={(EBE, CLOTURE): rows}).comptes[(EBE, CLOTURE)]
    needed = ventes_d_equilibre(soldes(table, date(2018, 1, 1)))
    assert needed == 72_000
    again = [("706000", 0.0, 72_000.0), ("601000", 18_000.0, 0.0), ("641000", 54_000.0, 0.0)]
    redone = depot(exercices=[exercice()], comptes={(EBE, CLOTURE): again}).comptes[(EBE, CLOTURE)]
    assert soldes(redone, date(2018, 1, 1)).resultat_net == 0


@pytest.mark.parametrize(
    ("funded", "threshold", "said"),
    [
        (60_000, None, SANS_VENTE),  # without sales nor purchases: 60 000 - 54 000 = 6 000 are left
        (54_000, None, SANS_VENTE),  # exactly nothing is left
        (30_000, 3_200, ""),  # 24 000 are lacking, 0.75 is left of a euro sold: 32 000 for ten ETP
    ],
)
def test_an_exercice_that_balances_without_sales_has_no_threshold(
    funded: int, threshold: float | None, said: str
) -> None:
    """60 000 sold, 15 000 bought, 54 000 of wages: the threshold of the first was -800 for one ETP."""
    found = annee(("706000", 0, 60_000), ("601000", 15_000, 0), ("641000", 54_000, 0), ("741000", 0, funded))
    needed = une(found, "seuil_equilibre_par_etp", ANNEE, ebe=EBE)
    assert (needed.valeur, needed.motif) == (threshold, said)


def test_purchases_above_sales_have_no_threshold_unless_nothing_need_be_sold() -> None:
    """Each euro sold loses one: at no sales are 54 000 lacking, or with 60 000 of funding are 6 000 left."""
    year = (("706000", 0, 10_000), ("601000", 20_000, 0), ("641000", 54_000, 0))
    lacking = une(annee(*year), "seuil_equilibre_par_etp", ANNEE, ebe=EBE)
    funded = une(annee(*year, ("741000", 0, 60_000)), "seuil_equilibre_par_etp", ANNEE, ebe=EBE)
    assert (lacking.motif, funded.motif) == (SANS_SEUIL, SANS_VENTE)


def test_without_any_sale_no_sales_would_balance() -> None:
    found = annee(("641000", 1_000, 0), ("741000", 0, 900))
    assert valeur(found, "ventes") == 0
    threshold = une(found, "seuil_equilibre_par_etp", ANNEE, ebe=EBE)
    assert (threshold.etat, threshold.valeur) == ("absente", None)


def test_a_month_of_etp_that_is_missing_is_not_a_zero() -> None:
    donnees = depot(
        exercices=[exercice()],
        etp=[*mois(1, 4, 10), *mois(6, 12, 10)],
        comptes={(EBE, CLOTURE): [("706000", 0, 35_000)]},
    )
    found = mesures(donnees)
    assert valeur(found, "ventes") == 35_000
    assert une(found, "etp_annees_ppde", ANNEE, ebe=EBE).motif == "ETP non déclarés pour 05/2018"
    assert une(found, "ventes_par_etp", ANNEE, ebe=EBE).motif == "ETP non déclarés pour 05/2018"


def test_an_exercice_without_any_etp_has_no_ratio() -> None:
    found = annee(("706000", 0, 35_000), etp=0)
    assert valeur(found, "etp_annees_ppde") == 0
    assert une(found, "ventes_par_etp", ANNEE, ebe=EBE).motif == "aucun ETP dans l'exercice"


def test_an_exercice_whose_accounts_were_not_kept_is_a_gap() -> None:
    found = mesures(depot(exercices=[exercice()], etp=mois(1, 12, 10)))
    assert valeur(found, "etp_annees_ppde") == 10
    assert une(found, "ventes", ANNEE, ebe=EBE).motif == "comptes non déposés"
    assert {m.etat for m in found if m.mesure == "part_ressources"} == {"absente"}


def test_accounts_that_were_closed_before_they_were_sent_are_told() -> None:
    found = annee(("706000", 35_000, 35_000), ("120000", 0, 35_000), ("512000", 35_000, 0))
    assert "déjà clos" in une(found, "ventes", ANNEE, ebe=EBE).motif


def test_a_statement_that_does_not_hold_is_told_of_its_exercice_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The identities are ours, the accounts are not: the exercice 2018 says it, and 2019 has its sales."""
    broken = replace_ventes(monkeypatch, 50_000)
    donnees = depot(
        exercices=[exercice(), exercice("2019-01-01", "2019-12-31")],
        etp=[*mois(1, 12, 10), *mois(1, 12, 10, 2019)],
        comptes={
            (EBE, CLOTURE): [("706000", 0, broken)],
            (EBE, "2019-12-31"): [("706000", 0, 60_000)],
        },
    )
    found = mesures(donnees)
    assert "se contredit : valeur ajoutée" in une(found, "ventes", ANNEE, ebe=EBE).motif
    assert valeur(found, "ventes", "2019-01-01/2019-12-31") == 60_000


def replace_ventes(monkeypatch: pytest.MonkeyPatch, amount: int) -> int:
    """Make the library lose a euro of the line of sales wherever they are this amount."""
    whole = FECComputation.compute_all

    def lossy(computed: FECComputation) -> list[Any]:
        lines = whole(computed)
        for line in lines:
            if line.compte_pattern == "VENTES" and line.value == amount:
                line.value -= 1
        return lines

    monkeypatch.setattr(FECComputation, "compute_all", lossy)
    return amount


def test_a_branch_that_the_list_no_longer_holds_is_told_of_its_exercice() -> None:
    """The hours of 2018 are missing as a whole, with the name; the accounts stay."""
    row = {"ebe": EBE, "date_cloture": CLOTURE, "clientele": "particuliers", "avis_cle": "favorable"}
    found = annee(("706000", 0, 9_000), activites=[{**row, "branche": "forge", "heures": 3, "ventes": 9}])
    hours = une(found, "heures_branche", ANNEE, "bois", EBE)
    assert (hours.valeur, hours.motif) == (None, "« forge » n'est pas dans la liste d'aujourd'hui")
    assert valeur(found, "ventes") == 9_000


def test_two_ebe_of_a_territory_are_kept_apart() -> None:
    donnees = depot(
        ebe=(EBE, "essai-59"),
        exercices=[exercice(), exercice(ebe="essai-59", accord_publication="non")],
        etp=[*mois(1, 12, 10), *mois(1, 12, 5, ebe="essai-59")],
        comptes={
            (EBE, CLOTURE): [("706000", 0, 60_000)],
            ("essai-59", CLOTURE): [("706000", 0, 20_000)],
        },
    )
    found = mesures(donnees)
    per_etp = {m.ebe: m.valeur for m in found if m.mesure == "ventes_par_etp"}
    assert per_etp == {EBE: 6_000, "essai-59": 4_000}
    assert donnees.accords == {(EBE, CLOTURE)}


def test_hours_without_an_opinion_and_the_running_of_the_ebe() -> None:
    """300 hours with a favourable opinion, 100 with an unfavourable one, 100 unasked, 500 of running."""
    common = {"ebe": EBE, "date_cloture": CLOTURE, "clientele": "particuliers"}
    rows = [
        {**common, "branche": "reemploi", "heures": 300, "ventes": 9_000, "avis_cle": "favorable"},
        {**common, "branche": "bois", "heures": 100, "ventes": 1_000, "avis_cle": "defavorable"},
        {**common, "branche": "bois", "heures": 100, "ventes": 0, "avis_cle": "non_demande"},
        {**common, "branche": "fonctionnement", "heures": 500, "ventes": 0, "avis_cle": "non_demande"},
    ]
    found = annee(("706000", 0, 10_000), activites=rows)
    assert valeur(found, "part_heures_avis") == 80
    assert valeur(found, "part_heures_favorables") == 60
    assert valeur(found, "heures_branche", modalite="bois") == 200
    assert valeur(found, "part_heures_branche", modalite="bois") == 20
    assert valeur(found, "ventes_branche", modalite="commerce") == 0


def test_two_payments_of_one_funder_add_up() -> None:
    common = {"ebe": EBE, "date_cloture": CLOTURE, "engage": 0}
    rows = [
        {**common, "financeur": "etat", "dispositif": "cde", "verse": 150_000},
        {**common, "financeur": "etat", "dispositif": "amorcage", "verse": 20_000},
        {**common, "financeur": "departement", "dispositif": "cde", "verse": 15_000},
    ]
    paid = valeurs(annee(("706000", 0, 1), financements=rows), "financements_verses", ANNEE)
    assert (paid["etat"], paid["departement"], paid["region"]) == (170_000, 15_000, 0)


def test_a_territory_without_an_exercice_has_no_economics() -> None:
    assert mesures(depot(etp=mois(1, 12, 10))) == ()


def opened(*entries: tuple[str, str, float, float]) -> tuple[Mesure, ...]:
    """The exercice 2018 of an EBE open since February 2017, from dated entries, one a day."""
    frame = pd.DataFrame(list(entries), columns=["date_ecriture", "compte", "debit", "credit"])
    frame["numero"] = frame["date_ecriture"]
    frame["date_ecriture"] = pd.to_datetime(frame["date_ecriture"])
    donnees = depot(exercices=[exercice()], etp=mois(1, 12, 10))
    tables = {**donnees.tables, f"ecritures/{EBE}/{CLOTURE}": frame}
    return mesures(replace(donnees, tables=tables))


def test_entries_that_close_the_year_are_not_of_it() -> None:
    """100 sold and 70 paid: the closing puts both at zero, and the figures are those of before it."""
    found = opened(
        ("2018-01-01", "106000", 0, 40),
        ("2018-01-01", "512000", 40, 0),
        ("2018-03-01", "706000", 0, 100),
        ("2018-03-01", "512000", 30, 0),
        ("2018-03-01", "641000", 70, 0),
        ("2018-12-31", "706000", 100, 0),
        ("2018-12-31", "641000", 0, 70),
        ("2018-12-31", "120000", 0, 30),
    )
    assert (valeur(found, "ventes"), valeur(found, "resultat_net")) == (100, 30)
    assert (valeur(found, "fonds_roulement"), valeur(found, "tresorerie_nette")) == (70, 70)


def test_a_loan_paid_back_in_a_later_exercice_is_no_opening_balance() -> None:
    """100 sold, 20 of a loan paid back: without the loan itself the balance sheet would say 80."""
    year = (
        ("2018-03-01", "706000", 0, 100),
        ("2018-04-01", "164000", 20, 0),
        ("2018-04-01", "512000", 80, 0),
    )
    found = opened(*year)
    assert (
        une(found, "fonds_roulement", ANNEE, ebe=EBE).motif
        == "les comptes déposés n'ont pas de bilan d'ouverture"
    )
    carried = (("2018-01-01", "164000", 0, 50), ("2018-01-01", "512000", 50, 0))
    assert valeur(opened(*carried, *year), "fonds_roulement") == 100 + 50 - 20
