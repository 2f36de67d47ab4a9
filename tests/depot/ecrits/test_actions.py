"""What to do next: one action a cause, most costly first, three lines on the terminal, all in the workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd

from analysis.depot.dossier import Depot
from analysis.depot.ecrits.actions import MOST_TOLD, actions, next_steps
from analysis.depot.ecrits.rapport import A_FAIRE, is_answered, write_report
from analysis.depot.formes.constats import Constat
from analysis.depot.referentiel import load_referentiel
from analysis.noyau.paths import Project

DECLARED = load_referentiel(Project.here())


def found(rule: str, line: int | None = None, column: str = "C", **changes: str) -> Constat:
    values = {"fichier": "depot.ods", "trouve": "x", "attendu": "une date", "remede": f"Remède de {rule}."}
    sheet = {"feuille": "ETP", "entete": "Mois", "colonne": column} if line else {}
    return Constat(rule, ligne=line, **{**values, **sheet, **changes})  # type: ignore[arg-type]


MANY = (
    *(found("forme", line) for line in range(5, 17)),
    *(found("forme", line, "D", feuille="Contrats", entete="Fin") for line in (8, 9)),
    found("classeur_lu"),
    found("valeur_inconnue", 5, attendu="Oui ou Non"),
    found("feuille_vide", feuille="Enquêtes"),
    found("comptes_montant", 3, "", fichier="fec.txt", feuille="", entete="Debit"),
    found("feuille_renommee", feuille="Contrats"),
)


def test_what_costs_most_comes_first_and_one_cause_is_one_action() -> None:
    told = [(a.exemple.regle, len(a.constats), a.combien, a.enjeu) for a in actions(MANY, DECLARED)]
    assert told == [
        ("feuille_renommee", 1, "", "tout le dépôt"),
        ("comptes_montant", 1, "1 ligne", "tout le fichier"),
        ("forme", 14, "14 cellules", "les lignes"),
        ("valeur_inconnue", 1, "1 cellule", "les lignes"),
        ("feuille_vide", 1, "", "rien : à confirmer"),
    ]
    assert actions(MANY, DECLARED)[2].lieux == "depot.ods ; ETP : Mois ; Contrats : Fin"


def test_a_fault_of_the_first_sheet_refuses_the_deposit() -> None:
    lines = [found("valeur_manquante", line, remede="Remplissez la cellule.") for line in (5, 6, 7)]
    first = found("valeur_manquante", 4, remede="Remplissez la cellule.", feuille="Dépôt")
    told = [(a.exemple.feuille, a.enjeu) for a in actions([*lines, first], DECLARED)]
    assert told == [("Dépôt", "tout le dépôt"), ("ETP", "les lignes")]


def test_what_is_only_noted_asks_nothing() -> None:
    assert actions([found("classeur_lu")], DECLARED) == []
    assert next_steps([], "r.xlsx") == ["Rien à corriger : le dossier peut être reçu."]


def test_three_lines_at_most_and_the_last_says_where_the_others_are() -> None:
    lines = next_steps(actions(MANY, DECLARED), "constats-val.xlsx")
    assert len(lines) == MOST_TOLD == 3
    assert lines[0] == "1. Contrats (refuse tout le dépôt) : Remède de feuille_renommee."
    assert lines[1] == "2. fec.txt, ligne 3 (refuse tout le fichier) : Remède de comptes_montant."
    assert lines[2] == (
        "3. ETP!C5 et 13 autres (refuse les lignes) : Remède de forme. "
        "Puis 2 autres actions : feuille « À faire » de constats-val.xlsx."
    )
    assert next_steps(actions(MANY[-1:], DECLARED), "r.xlsx") == lines[:1]


def test_a_finding_without_a_remedy_says_what_is_expected() -> None:
    (refused,) = actions([found("borne", 5, remede="")], DECLARED)
    (asked,) = actions([found("exercice_long", 5, remede="")], DECLARED)
    assert refused.que_faire == "Corrigez : attendu une date."
    assert asked.que_faire == "Confirmez, ou corrigez : attendu une date."


def test_the_workbook_has_the_actions_before_the_cells(tmp_path: Path) -> None:
    deposit = Depot("thiers", "2026-1", "2018-12-31", "", (), {}, pd.DataFrame(), MANY)
    path = tmp_path / "r.xlsx"
    write_report(path, deposit, DECLARED, today=datetime(2026, 11, 28))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Synthèse", A_FAIRE, "Constats"]
    rows = [[cell.value for cell in row] for row in book[A_FAIRE].iter_rows(min_row=2)]
    assert len(rows) == len(actions(MANY, DECLARED))
    assert rows[2] == [
        *(3, "Refusé", "Remède de forme.", "depot.ods ; ETP : Mois ; Contrats : Fin"),
        *("C5", "x", "une date", "14 cellules", "les lignes"),
    ]
    link = book[A_FAIRE]["E4"].hyperlink
    assert (link.target, link.location) == ("depot.ods", "'ETP'!C5")
    assert not is_answered(path)
