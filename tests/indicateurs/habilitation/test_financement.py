"""What jobs are paid under each rate, against sums a reader can make again."""

from __future__ import annotations

import pytest

from analysis.indicateurs.depenses_passives.declarations import declarations_of
from analysis.indicateurs.habilitation.financement import Smic, Taux, baisses, taux_connus, verser
from analysis.indicateurs.habilitation.records import Deliberation, Dossier, Emplois
from analysis.noyau.paths import Project


def _dossier(*deliberations: Deliberation) -> Dossier:
    emplois = (Emplois(2024, 10.0), Emplois(2025, 30.0), Emplois(2026, 20.0))
    return Dossier("e", "E", "D", "2024-01-01", None, None, None, "", "", (), deliberations, (), emplois, ())


SMIC = Smic({2024: 20000.0, 2025: 21000.0})


def test_from_102_to_95_percent_an_etp_loses_about_1_700_euros() -> None:
    """Seven points of 21 203.52 €, and 15 % of them: 1 484.25 + 222.64; a deputy's question says 1 700."""
    found = declarations_of(Project.here())
    assert found is not None
    smic = Smic({int(row["annee"]): float(row["assiette"]) for row in found.tables["assiettes_contribution"]})
    lost = {b.annee: b for b in baisses(taux_connus(found.tables["taux_contribution"]), smic)}
    assert (lost[2024].de, lost[2024].vers) == ("102 % + 15 %", "95 % + 15 %")
    assert lost[2024].etat == pytest.approx(-1484.2464)
    assert lost[2024].departement == pytest.approx(-222.63696)
    assert lost[2023].total == pytest.approx(-1651.1677)
    assert -1750 < lost[2024].total < -1650


def test_each_payer_by_hand() -> None:
    paid = verser(
        _dossier(
            Deliberation("Conseil", "departement", "2023-01-01", True, 0.20),
            Deliberation("Commune", "commune", "2023-01-01", True, None, 5000.0),
            Deliberation("EPCI", "intercommunalite", "2023-01-01", False, None, 9000.0),
        ),
        [Taux(0.95, 0.15)],
        SMIC,
        amorcage=0.30,
    )
    of = {(v.annee, v.payeur): v.montant for v in paid}
    assert of[2024, "etat"] == 190_000.0  # 0,95 × 20 000 × 10
    assert of[2024, "departement"] == 38_000.0  # it voted 20 %, more than 15
    assert of[2024, "collectivites"] == 5_000.0  # a vote against pays nothing
    assert of[2024, "amorcage"] == 60_000.0  # 0,30 × 20 000 × 10
    assert of[2025, "amorcage"] == 126_000.0  # 0,30 × 21 000 × 20 more
    assert of[2026, "amorcage"] == 0.0  # ten ETP less
    assert of[2026, "etat"] == 399_000.0  # the last known Smic: 0,95 × 21 000 × 20


def test_what_nobody_said_is_no_row() -> None:
    paid = verser(_dossier(), [Taux(1.01, 0.0), Taux(0.95, 0.15)], SMIC, amorcage=0.30)
    payers = {rate: {v.payeur for v in paid if v.taux == rate} for rate in ("101 % + 0 %", "95 % + 15 %")}
    assert payers["101 % + 0 %"] == {"etat", "amorcage"}
    assert payers["95 % + 15 %"] == {"etat", "departement", "amorcage"}


def test_one_compulsory_rate_is_no_fall() -> None:
    assert baisses([Taux(1.01, 0.0), Taux(0.95, 0.15)], SMIC) == ()
