"""The day the law or the model changes: which figures move, by how much, before anyone accepts it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.indicateurs.depenses_passives import acceptation, commandes_legislation
from analysis.indicateurs.depenses_passives.acceptation import COLONNES, accepter, calculer, comparer
from analysis.indicateurs.depenses_passives.commandes_legislation import told
from analysis.indicateurs.depenses_passives.declarations import Declarations
from analysis.noyau.paths import Project

pytestmark = pytest.mark.lent

EXCEPTIONS = "data/depenses_passives/legislation_exceptions.csv"


def test_the_accepted_amounts_are_those_of_the_law_as_it_is_locked(declarations: Declarations) -> None:
    """Every figure of the study is made of them: they are simulated again here, all of them."""
    computed = calculer(Project.here(), declarations, lambda _: None)
    ecarts = comparer(declarations.acceptes, computed)
    assert ecarts.table.empty and ecarts.compares == len(declarations.acceptes) > 2000


def test_a_change_is_told_from_the_widest_gap_with_what_it_does_to_each_scenario(
    declarations: Declarations,
) -> None:
    computed = declarations.acceptes.copy()
    of_rsa = (
        (computed["ligne"] == "rsa")
        & (computed["cas"] == "seule-rsa-2019")
        & (computed["situation"] == "sans_emploi")
    )
    computed.loc[of_rsa & (computed["annee"] == 2), "montant"] += 120.0
    computed = computed[~((computed["ligne"] == "prime_noel") & (computed["cas"] == "seule-ass-2017"))]
    ecarts = comparer(declarations.acceptes, computed)
    assert list(ecarts.table["ecart"].abs()) == sorted(ecarts.table["ecart"].abs(), reverse=True)
    answer = told(declarations, ecarts, computed[list(COLONNES)])
    first, *others = answer.splitlines()
    assert first.startswith(f"{len(ecarts.table)} montants bougent")
    assert any("RSA :" in line and "seule-rsa-2019, sans_emploi, année 2" in line for line in others)
    assert any("Prime de Noël : 152,45 → absent" in line for line in others)
    # 120 € for half of the people on RSA, 35 % of the public, an effect of 74 %, one year of two: 7.77 €
    assert any(line.startswith("- Scénario central :") and "(7,77)" in line for line in others)


def test_nothing_is_told_where_nothing_moves(declarations: Declarations) -> None:
    ecarts = comparer(declarations.acceptes, declarations.acceptes)
    assert (
        told(declarations, ecarts, declarations.acceptes)
        == f"Aucun montant ne bouge : {ecarts.compares} comparés."
    )


def test_a_barème_that_changes_moves_no_figure_before_it_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The declared exception of 2019 removed: 433.39 × 9 + 495.00 × 3 becomes 495.00 × 12; nothing is written at first."""
    here = Project.here()
    shutil.copytree(here.data, tmp_path / "data", ignore=shutil.ignore_patterns("depot", "open"))
    project = Project(tmp_path)
    path = tmp_path / EXCEPTIONS
    path.write_text(path.read_text(encoding="utf-8").replace(",0.2849,", ",0.3254,"), encoding="utf-8")
    accepted = project.depenses_passives / "montants_acceptes.csv"
    before = accepted.read_bytes()
    assert commandes_legislation.comparer(project) == 1 and accepted.read_bytes() == before
    answer = capsys.readouterr().out
    assert "Réduction générale de cotisations : 5 385,51 → 5 940 (" in answer.replace("\u202f", " ").replace(
        "\u00a0", " "
    )
    assert commandes_legislation.accepter(project) == 0 and accepted.read_bytes() != before
    assert commandes_legislation.comparer(project) == 0
    assert "Aucun montant ne bouge" in capsys.readouterr().out


def test_what_is_written_is_what_is_read(tmp_path: Path, declarations: Declarations) -> None:
    project = Project(tmp_path)
    project.depenses_passives.mkdir(parents=True)
    path = accepter(project, declarations.acceptes[list(COLONNES)])
    assert path.read_bytes() == (Project.here().depenses_passives / "montants_acceptes.csv").read_bytes()


def test_a_missing_amount_is_a_gap_and_not_a_zero() -> None:
    row = {
        "cas": "a",
        "variante": "basse",
        "situation": "en_ebe",
        "annee": 1,
        "ligne": "rsa",
        "montant": 12.0,
        "mois_approches": 0,
    }
    one, none = pd.DataFrame([row]), pd.DataFrame([row]).iloc[:0]
    ecarts = acceptation.comparer(one, none)
    assert pd.isna(ecarts.table["calcule"].item()) and ecarts.compares == 0
