"""Reading a workbook that people have moved about: what is found again, what is refused, at which cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest
from deposits import BOOK, places, read, write
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook

from analysis.depot.dossier import Depot
from analysis.depot.formes.layout import text_of
from analysis.depot.referentiel import Referentiel

Change = Callable[[Workbook], object]


@pytest.fixture
def after(referentiel: Referentiel, tmp_path: Path) -> Callable[[Change], Depot]:
    """The deposit after a change made in the spreadsheet itself."""

    def changed(change: Change) -> Depot:
        folder = write(tmp_path / "envoi", referentiel)
        book = openpyxl.load_workbook(folder / BOOK)
        change(book)
        book.save(folder / BOOK)
        return read(folder, referentiel)

    return changed


def put(sheet: str, cell: str, value: object) -> Change:
    return lambda book: book[sheet].__setitem__(cell, value)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda book: book["ETP"].insert_rows(1, 3), [("entete_deplace", "ETP", "6")]),
        (lambda book: book["ETP"].delete_rows(1), [("entete_deplace", "ETP", "2")]),
        (put("ETP", "B3", " Mois\n"), [("classeur_lu", BOOK, "")]),
        (put("ETP", "B3", "mois\u00a0"), [("classeur_lu", BOOK, "")]),
        (put("ETP", "B3", "Moi"), [("entete_absent", "ETP", "B3")]),
        (put("ETP", "B3", "Période"), [("entete_inconnu", "ETP", "B3"), ("entete_absent", "ETP", "3")]),
        (lambda book: book["Contrats"].delete_cols(4), [("colonne_vide", "Contrats", "3")]),
        (put("ETP", "F3", "Mois"), [("entete_double", "ETP", "F3")]),
        (put("ETP", "E3", "Prénom"), [("entete_personnel", "ETP", "E3")]),
        (put("ETP", "E3", "Heures d'atelier"), [("entete_inconnu", "ETP", "E3")]),
        (put("ETP", "E6", "à vérifier"), [("hors_colonnes", "ETP", "E6")]),
        (lambda book: book.create_sheet("Notes"), [("feuille_inconnue", BOOK, "")]),
        (lambda book: book.remove(book["ETP"]), [("feuille_absente", "ETP", "")]),
        (
            lambda book: setattr(book["ETP"], "title", "ETP 2018"),
            [("feuille_renommee", "ETP", "")],
        ),
        (lambda book: setattr(book["ETP"], "sheet_state", "veryHidden"), [("feuille_masquee", "ETP", "")]),
        (put("Dépôt", "A4", None), [("version_inconnue", "Dépôt", "")]),
        (put("Dépôt", "B4", "atlantide"), [("territoire_different", "Dépôt", "")]),
        (put("Dépôt", "C4", None), [("valeur_manquante", "Dépôt", "C4")]),
        (put("ETP", "B5", "01/09/2018"), [("classeur_lu", BOOK, "")]),
        (put("ETP", "B5", "09/2018"), [("classeur_lu", BOOK, "")]),
        (put("ETP", "B5", "09/18"), [("forme", "ETP", "B5")]),
        (lambda book: setattr(book["ETP"]["B5"], "number_format", "General"), [("forme", "ETP", "B5")]),
        (put("ETP", "B5", datetime(2018, 9, 1, 10, 30)), [("classeur_lu", BOOK, "")]),
        (put("ETP", "C5", "1,8"), [("classeur_lu", BOOK, "")]),
        (put("ETP", "C5", "1\u00a0234,5"), [("classeur_lu", BOOK, "")]),
        (put("ETP", "C5", "1.234"), [("forme", "ETP", "C5")]),
        (put("ETP", "C5", "12,5 %"), [("forme", "ETP", "C5")]),
        (put("ETP", "C5", True), [("forme", "ETP", "C5")]),
        (put("ETP", "C5", time(1, 30)), [("forme", "ETP", "C5")]),
        (put("ETP", "C5", "#N/A"), [("formule_en_erreur", "ETP", "C5")]),
        (put("ETP", "C5", "#VALEUR !"), [("formule_en_erreur", "ETP", "C5")]),
        (put("ETP", "A5", "essai\u00a058 "), [("classeur_lu", BOOK, "")]),
        (put("ETP", "A5", "Essai"), [("valeur_inconnue", "ETP", "A5")]),
        (lambda book: book["ETP"].append(["Total", None, 7.2, 4]), [("classeur_lu", BOOK, "")]),
        (put("ETP", "C5", "1.8"), []),
        (put("Activités", "C5", "Recyclerie\u202e"), [("forme", "Activités", "C5")]),
        (put("Activités", "C5", "appeler le 06.12.34.56.78"), [("donnee_personnelle", "Activités", "C5")]),
        (put("Activités", "C5", "=cmd"), [("formule_sans_valeur", "Activités", "C5")]),
    ],
)
def test_one_change_in_the_spreadsheet(
    after: Callable[[Change], Depot], change: Change, expected: list[tuple[str, str, str]]
) -> None:
    told = [found for found in places(after(change).constats) if found[0] != "etp_contre_contrats"]
    assert sorted(told) == sorted(expected)


def test_columns_may_stand_in_another_order(after: Callable[[Change], Depot]) -> None:
    def swap(book: Workbook) -> None:
        for row in book["ETP"].iter_rows(min_row=3):
            row[2].value, row[3].value = row[3].value, row[2].value

    assert after(swap).constats == ()


def test_rows_left_blank_are_no_rows(after: Callable[[Change], Depot]) -> None:
    deposit = after(lambda book: book["ETP"].insert_rows(6, 2))
    assert deposit.constats == () and list(deposit.lectures["etp"].frame.index) == [5, 8, 9, 10]


def test_the_example_is_read_once_it_is_changed(after: Callable[[Change], Depot]) -> None:
    deposit = after(put("Instances", "C4", 3))
    assert deposit.constats == () and list(deposit.lectures["instances"].frame.index) == [4, 5]


def test_dates_counted_from_1904_are_the_same_days(
    after: Callable[[Change], Depot], referentiel: Referentiel, tmp_path: Path
) -> None:
    before = read(write(tmp_path / "autre", referentiel), referentiel)
    deposit = after(lambda book: setattr(book, "epoch", CALENDAR_MAC_1904))
    assert deposit.constats == ()
    assert deposit.lectures["personnes"].frame.equals(before.lectures["personnes"].frame)


def test_a_merged_cell_refuses_its_rows_and_says_it_once_each(after: Callable[[Change], Depot]) -> None:
    deposit = after(lambda book: book["ETP"].merge_cells("C5:D6"))
    assert [p for p in places(deposit.constats) if p[0] == "cellules_fusionnees"] == [
        ("cellules_fusionnees", "ETP", "C5"),
        ("cellules_fusionnees", "ETP", "C6"),
    ]
    assert (deposit.lectures["etp"].lues, deposit.lectures["etp"].refusees) == (4, 2)


def test_all_the_faults_of_form_are_told_at_once(after: Callable[[Change], Depot]) -> None:
    def change(book: Workbook) -> None:
        book["ETP"]["B3"] = "Moi"
        book["ETP"]["C6"] = "?"
        book["Contrats"]["F5"] = 2
        book.remove(book["Instances"])

    rules = [constat.regle for constat in after(change).constats]
    assert sorted(rules) == ["borne", "entete_absent", "feuille_absente", "forme"]


def test_numbers_beyond_measure_are_text() -> None:
    assert [text_of(value) for value in (1e300, float("nan"), float("inf"), -0.0, 12345678901234.0)] == [
        "1e+300",
        "nan",
        "inf",
        "0",
        "12345678901234",
    ]
