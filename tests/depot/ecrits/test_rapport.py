"""The answer to a territory: grouped on the terminal, one line a finding in the workbook, text as text."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.depot.dossier import Depot
from analysis.depot.ecrits import rapport
from analysis.depot.ecrits.rapport import summary, told, write_report
from analysis.depot.formes.constats import Constat
from analysis.depot.referentiel import Referentiel


def deposit(*constats: Constat) -> Depot:
    return Depot("val", "2026-1", "2018-12-31", "direction_ebe", (), {}, pd.DataFrame(), constats)


def at(line: int, rule: str = "forme", **changes: str) -> Constat:
    values = {
        "fichier": "a.xlsx",
        "trouve": "un nombre",
        "attendu": "une date",
        "feuille": "ETP",
        "colonne": "B",
        "entete": "Mois",
    }
    return Constat(rule, ligne=line, **{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        ([5], "attendu une date."),
        ([5, 6], "De même en B6."),
        ([5, 6, 7, 8, 9], "De même en B6, B7, B8, B9."),
        ([5, 6, 7, 8, 9, 10], "De même en B6, B7, B8, B9 et 1 autre."),
        (list(range(5, 105)), "De même en B6, B7, B8, B9 et 95 autres."),
    ],
)
def test_the_same_fault_is_told_once_with_its_places(
    referentiel: Referentiel, lines: list[int], end: str
) -> None:
    text = told(deposit(*map(at, lines)), referentiel)
    assert text.count("\n- ") == 1 and text.endswith(end)


def test_the_gravest_comes_first(referentiel: Referentiel) -> None:
    found = [at(5, "feuille_inconnue"), at(6, "feuille_masquee"), at(7)]
    heads = [
        line for line in told(deposit(*found), referentiel).splitlines() if line and not line.startswith("-")
    ]
    assert heads == ["Refusé (1)", "À confirmer (1)", "Noté (1)"]
    assert summary(found, referentiel.regles) == "Constats : 1 refusé, 1 à confirmer, 1 noté."


def test_no_finding_is_said(referentiel: Referentiel) -> None:
    assert told(deposit(), referentiel) == "Aucun constat : tout est lu et valide."


def test_each_line_leads_to_its_cell_and_formulas_are_text(referentiel: Referentiel, tmp_path: Path) -> None:
    found = [
        at(14),
        at(7, feuille="", colonne="", entete="Debit", fichier="c.txt"),
        at(9, trouve='=HYPERLINK("x")'),
    ]
    write_report(tmp_path / "r.xlsx", deposit(*found), referentiel, today=datetime(2026, 11, 23))
    rows = list(openpyxl.load_workbook(tmp_path / "r.xlsx")["Constats"].iter_rows(min_row=2))
    links = [(row[4].value, row[4].hyperlink.target, row[4].hyperlink.location) for row in rows]
    assert links == [("B14", "a.xlsx", "'ETP'!B14"), ("ligne 7", "c.txt", None), ("B9", "a.xlsx", "'ETP'!B9")]
    assert rows[2][6].value == '=HYPERLINK("x")' and rows[2][6].data_type == "s"


def test_a_very_long_answer_is_cut_in_the_workbook_which_says_so(
    referentiel: Referentiel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rapport, "_MOST_ROWS", 10)
    write_report(
        tmp_path / "r.xlsx", deposit(*map(at, range(1, 13))), referentiel, today=datetime(2026, 11, 23)
    )
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert book["Constats"].max_row == 11
    assert "Seuls les 10 premiers constats" in book["Synthèse"]["A3"].value
