"""Sheets and columns that people renamed, moved or took out: one finding joins what is missing and what is found."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from analysis.depot.formes.feuilles import Grid, find_sheets, header_columns, header_row, is_model
from analysis.depot.formes.layout import LISEZ_MOI, LISTES
from analysis.depot.formes.texte_plat import plain
from analysis.depot.referentiel import load_referentiel
from analysis.noyau.paths import Project

LAYOUT = load_referentiel(Project.here()).layout


def grids(**renamed: str | None) -> dict[str, Grid]:
    """The sheets of the model, headers on their row; by table, another name, or None for one taken out."""
    book: dict[str, Grid] = {LISEZ_MOI: [["Règle 1"]]}
    for sheet in LAYOUT.sheets:
        name = renamed.get(sheet.table, sheet.feuille)
        if name is not None:
            book[name] = [["titre"], ["aide"], [column.entete for column in sheet.columns], ["ligne"]]
    return {**book, LISTES: [["a"]]}


def told(book: dict[str, Grid]) -> list[tuple[str, str, str]]:
    return [(c.regle, c.feuille, c.remede) for c in find_sheets("a.ods", book, LAYOUT).constats]


def test_headers_and_sheets_have_names_of_their_own_whatever_their_blanks_and_case() -> None:
    for first, second in combinations(LAYOUT.sheets, 2):
        assert plain(first.feuille) != plain(second.feuille)
    for sheet in LAYOUT.sheets:
        assert len(sheet.by_header) == len(sheet.columns)


@pytest.mark.parametrize(
    "name", ["Contrats 2018", "Liste des contrats", "CONTRATS (2)", "Feuil 3", "Conttrats"]
)
def test_a_renamed_sheet_is_one_finding_that_joins_the_two_and_it_is_read(name: str) -> None:
    book = grids(contrats=name)
    found = find_sheets("a.ods", book, LAYOUT)
    ((rule, sheet, remedy),) = told(book)
    assert (rule, sheet) == ("feuille_renommee", "Contrats")
    assert "semble être « Contrats » : redonnez-lui ce nom" in remedy and "upprimez" not in remedy
    assert found.noms["contrats"] == name
    assert ("« Contrats 2018 »" in found.constats[0].trouve) is (name == "Contrats 2018")


def test_a_name_that_may_be_someones_is_told_by_its_rank() -> None:
    (constat,) = find_sheets("a.ods", grids(contrats="Contrats Jeanne Martin"), LAYOUT).constats
    assert constat.trouve == "la 4e feuille du classeur" and "Martin" not in str(constat)


@pytest.mark.parametrize("name", ["contrats", "Contrats ", "CONTRATS", "Contrats\u00a0"])
def test_a_name_that_differs_by_its_case_or_its_blanks_is_the_name(name: str) -> None:
    found = find_sheets("a.ods", grids(contrats=name), LAYOUT)
    assert found.constats == () and found.noms["contrats"] == name and found.formes.total() == 1


def test_a_renamed_sheet_without_its_headers_is_known_by_its_name() -> None:
    book = {**grids(contrats=None), "Contrats 2018": [["Nom", "Prénom"]]}
    assert [(rule, sheet) for rule, sheet, _ in told(book)] == [("feuille_renommee", "Contrats")]


def test_headers_come_before_the_name() -> None:
    """« Contrats » holds the headers of « Personnes », which is missing."""
    book = grids(contrats=None, personnes="Contrats anciens")
    found = find_sheets("a.ods", book, LAYOUT)
    assert found.noms["personnes"] == "Contrats anciens" and "contrats" not in found.noms


def test_the_first_sheet_may_be_renamed_too() -> None:
    book = grids(depot="Identification")
    assert [(rule, sheet) for rule, sheet, _ in told(book)] == [("feuille_renommee", "Dépôt")]
    assert is_model(book, LAYOUT) and not is_model({"Feuille 1": [["Compte", "Solde"]]}, LAYOUT)


def test_two_sheets_for_one_are_told_together_and_neither_is_read() -> None:
    book = {**grids(contrats="Contrats 2018"), "Contrats 2019": grids()["Contrats"]}
    ((rule, sheet, remedy),) = told(book)
    assert (rule, sheet) == ("feuille_renommee", "Contrats") and "Réunissez leurs lignes" in remedy
    assert "contrats" not in find_sheets("a.ods", book, LAYOUT).noms


def test_a_copy_of_a_sheet_is_never_to_be_deleted_before_its_lines_are_looked_at() -> None:
    book = {**grids(), "Contrats (2)": grids()["Contrats"]}
    ((rule, _, remedy),) = told(book)
    assert rule == "feuille_en_double" and "recopiez dans celle-ci les lignes qui n'y sont pas" in remedy


@pytest.mark.parametrize("missing", ["contrats", "mesures_locales"])
def test_nothing_is_to_be_deleted_while_a_sheet_is_missing(missing: str) -> None:
    book: dict[str, Any] = {**grids(**{missing: None}), "Notes": [["à faire"]]}
    assert not any("upprimez-la" in remedy for _, _, remedy in told(book))
    assert {rule for rule, _, _ in told(book)} == {
        "feuille_inconnue",
        "feuille_absente" if missing == "contrats" else "feuille_retiree",
    }
    assert "Supprimez-la" in told({**grids(), "Notes": [["à faire"]]})[0][2]


def test_blanks_line_breaks_and_case_of_a_header_do_not_count() -> None:
    sheet = LAYOUT.sheet("personnes")
    written = {"Identifiant": "Identifiant ", "Année de naissance": "ANNÉE\nde\u00a0naissance"}
    row = [written.get(column.entete, column.entete) for column in sheet.columns]
    assert header_row("a.ods", sheet, [["titre"], ["aide"], row])[0] == 2
    found = header_columns("a.ods", sheet, row, 3, ())
    assert found.constats == () and found.formes.total() == 2
    assert found.places["annee_naissance"] == (2, "Année de naissance")


def columns(change: dict[str, str], *optional: str) -> list[tuple[str, str, str]]:
    sheet = LAYOUT.sheet("contrats")
    row = [change.get(column.entete, column.entete) for column in sheet.columns]
    found = header_columns("a.ods", sheet, row, 3, optional)
    return [(c.regle, c.entete, c.remede) for c in found.constats]


def test_a_column_that_may_be_empty_may_be_absent_and_is_read_as_empty() -> None:
    assert columns({"Motif de fin": ""}, "motif_fin") == [
        ("colonne_retiree", "Motif de fin", "Elle est facultative : elle est lue comme vide.")
    ]
    assert [rule for rule, _, _ in columns({"Fin": ""}, "date_fin")] == ["colonne_vide"]
    assert [rule for rule, _, _ in columns({"Quotité": ""}, "date_fin")] == ["entete_absent"]


def test_a_renamed_column_is_one_finding_that_joins_the_two() -> None:
    ((rule, header, remedy),) = columns({"Salaire horaire brut": "Salaire horaire"}, "date_fin")
    assert (rule, header) == ("entete_absent", "Salaire horaire brut")
    assert "semble être « Salaire horaire brut » : redonnez-lui cet en-tête" in remedy


def test_no_column_is_to_be_deleted_while_one_is_missing() -> None:
    found = columns({"Quotité": "Temps de travail"})
    assert [rule for rule, _, _ in found] == ["entete_absent", "entete_inconnu"]
    assert "Si c'est une colonne qui manque (« Quotité »)" in found[1][2] and "upprimez" not in found[1][2]


def test_a_header_that_announces_a_name_is_never_joined() -> None:
    sheet = LAYOUT.sheet("indicateurs_locaux")
    row = ["Prénom" if column.entete == "Nom" else column.entete for column in sheet.columns]
    rules = [c.regle for c in header_columns("a.ods", sheet, row, 3, ()).constats]
    assert rules == ["entete_absent", "entete_personnel"]
